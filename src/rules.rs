//! The one list of rules: every check, link and decision with its code, severity, meaning and source.
//!
//! Stages name a rule by its [`Code`]; messages, documentation and counts come from [`RULES`]. This module decides nothing.

/// What kind of statement a code makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A check of one row.
    RowCheck,
    /// Two records are one person.
    Link,
    /// Something found about a person or about a record among others.
    PersonCheck,
    /// Why a record lost, was superseded or refused.
    Decision,
}

/// What a finding means for its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is quarantined.
    Error,
    /// The row is accepted.
    Warning,
}

impl Severity {
    /// The word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One rule as people read it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The code in the outputs.
    pub code: Code,
    /// Its name in the outputs.
    pub name: &'static str,
    /// What kind of statement it makes.
    pub kind: Kind,
    /// What it means for its row.
    pub severity: Severity,
    /// One sentence, without personal data, that says what was found.
    pub message: &'static str,
    /// Law, order, practice or definition that it follows.
    pub source: &'static str,
}

macro_rules! rules {
    ($($variant:ident $name:literal $kind:ident $severity:ident $message:literal $source:literal;)*) => {
        /// The code of a rule, in the order of the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = $message] $variant,)*
        }

        /// Every rule, indexed by its code.
        pub const RULES: &[Rule] = &[
            $(Rule { code: Code::$variant, name: $name, kind: Kind::$kind, severity: Severity::$severity, message: $message, source: $source },)*
        ];
    };
}

rules! {
    RowShape "ROW_SHAPE" RowCheck Error "the number of fields is not the layout's" "layout of the source";
    RowQuote "ROW_QUOTE" RowCheck Error "a quote is not closed, or text follows a closing quote" "RFC 4180, section 2";
    RowEncoding "ROW_ENCODING" RowCheck Error "a byte sequence is not valid in the source's encoding" "layout of the source";
    RowHeader "ROW_HEADER" RowCheck Error "the row repeats the names of the columns, as in files that were joined" "layout of the source";
    DocumentBroken "DOCUMENT_BROKEN" RowCheck Error "the document breaks off here; what follows could not be read" "format of the source";
    FieldRequired "FIELD_REQUIRED" RowCheck Error "a required field is empty" "composition of the register, order 29н and decree 1998";
    DateInvalid "DATE_INVALID" RowCheck Error "not a calendar date of the layout's format" "layout of the source";
    BirthDateRange "BIRTH_DATE_RANGE" RowCheck Error "birth before 1900-01-01 or after the as-of date" "practice of regional registers";
    DatesReversed "DATES_REVERSED" RowCheck Error "an end is not after the start, or the start is before birth" "practice of regional registers (rt59)";
    SexInvalid "SEX_INVALID" RowCheck Error "sex is not 1 or 2" "dictionary V005";
    PolicyKindUnknown "POLICY_KIND_UNKNOWN" RowCheck Error "policy kind is not 1, 2 or 3" "dictionary F008";
    PolicyNumberFormat "POLICY_NUMBER_FORMAT" RowCheck Error "a temporary certificate's number is not 9 digits" "dictionary F008";
    EnpFormat "ENP_FORMAT" RowCheck Error "the ENP is not 16 digits" "structure of the single policy number";
    EnpCheckDigit "ENP_CHECK_DIGIT" RowCheck Error "the ENP's check digit is wrong" "structure of the single policy number";
    EnpImpossible "ENP_IMPOSSIBLE" RowCheck Error "the ENP codes no possible birth date" "structure of the single policy number";
    EnpPersonMismatch "ENP_PERSON_MISMATCH" RowCheck Warning "the ENP codes another birth date or sex than the row" "practice: numbers are not always reissued when data are corrected";
    SnilsInvalid "SNILS_INVALID" RowCheck Warning "the SNILS is not 11 digits with a right control number; treated as absent" "rules of the pension fund on the control number";
    SnilsRequired "SNILS_REQUIRED" RowCheck Warning "an adult citizen has no SNILS" "OMS rules, documents for the application";
    InsurerUnknown "INSURER_UNKNOWN" RowCheck Error "the insurer's code is not in the reference table" "register of insurers, F002";
    ClinicUnknown "CLINIC_UNKNOWN" RowCheck Error "the clinic's code is not in the reference table" "register of clinics, F032";
    InsurerNotWorking "INSURER_NOT_WORKING" RowCheck Error "the start is outside the insurer's working period" "register of insurers, F002";
    ClinicNotWorking "CLINIC_NOT_WORKING" RowCheck Error "the start is outside the clinic's working period" "register of clinics, F032";
    ClinicNotAttachable "CLINIC_NOT_ATTACHABLE" RowCheck Error "the clinic may not have attached people" "order 406н and its successor: outpatient clinics only";
    CategoryUnknown "CATEGORY_UNKNOWN" RowCheck Warning "category is not in the closed list; treated as absent" "326-ФЗ, article 10; categories 0-14";
    MethodUnknown "METHOD_UNKNOWN" RowCheck Warning "method of attachment is not 1, 2 or 3; treated as absent" "attachment exchange, field 16";
    ReasonUnknown "REASON_UNKNOWN" RowCheck Warning "reason is not an operation code; treated as absent" "dictionary R001";
    ActionUnknown "ACTION_UNKNOWN" RowCheck Error "action is not new, change (attachments only) or end" "attachment exchange, field 1; register exchange, lists of people to strike off";
    TermMissing "TERM_MISSING" RowCheck Warning "a term-limited category has no planned end; 1 January of the next year is taken" "OMS rules, terms of policies of foreigners";
    TermIgnored "TERM_IGNORED" RowCheck Warning "a planned end does not end the insurance of this category" "OMS rules, policies without term";
    DocKindUnknown "DOC_KIND_UNKNOWN" RowCheck Warning "the kind of the document is not in the dictionary" "dictionary F011";
    DocNumberFormat "DOC_NUMBER_FORMAT" RowCheck Warning "series and number do not fit the kind of the document" "dictionary F011, masks of series and number (rt16)";
    DocSeriesAlphabet "DOC_SERIES_ALPHABET" RowCheck Warning "the Roman series of the document is typed in Cyrillic letters" "practice of regional registers (rt16)";
    DocAge "DOC_AGE" RowCheck Warning "the kind of the document does not fit the person's age" "OMS rules, documents for the application (rt2, rt9)";
    DocCategory "DOC_CATEGORY" RowCheck Warning "the kind of the document does not fit the category of the insured person" "OMS rules, documents for the application (rt11)";
    DocExpired "DOC_EXPIRED" RowCheck Warning "the document had expired by the as-of date" "OMS rules, documents of foreigners and refugees";
    DocDates "DOC_DATES" RowCheck Warning "the dates of the document contradict birth, application or each other" "practice of regional registers (rt5, rt15)";
    PassportNotRenewed "PASSPORT_NOT_RENEWED" RowCheck Warning "the passport was not renewed at the age of 20 or 45" "practice of regional registers (rt30, rt31)";
    SnilsRequiredEaeu "SNILS_REQUIRED_EAEU" RowCheck Warning "a worker or member of staff from the EAEU has no SNILS" "OMS rules, documents for the application of EAEU workers";
    CategoryCitizenship "CATEGORY_CITIZENSHIP" RowCheck Warning "category and citizenship contradict each other" "326-ФЗ, article 10 (rt11)";
    TermTooLong "TERM_TOO_LONG" RowCheck Warning "the planned end is after the last day that the category allows" "OMS rules, terms of policies of foreigners: 31 December at the latest";
    CertificateTerm "CERTIFICATE_TERM" RowCheck Warning "the term of the temporary certificate is not the prescribed number of working days" "OMS rules, temporary certificate (rt34)";
    CertificateAfterDigital "CERTIFICATE_AFTER_DIGITAL" RowCheck Warning "a temporary certificate that begins when only digital policies are issued" "order 108н in the wording of order 789н, chapter III";
    OldPolicyAfterReform "OLD_POLICY_AFTER_REFORM" RowCheck Warning "an old-style policy that begins when only single-sample policies are issued" "326-ФЗ, article 51";
    AppliedBeforeBirth "APPLIED_BEFORE_BIRTH" RowCheck Warning "the application is before birth" "practice of regional registers (rt13)";
    AppliedInFuture "APPLIED_IN_FUTURE" RowCheck Warning "the application is after the as-of date" "practice of regional registers";
    AppliedAfterEnd "APPLIED_AFTER_END" RowCheck Warning "the application is not before the end of the insurance" "practice of regional registers (rt33)";
    LateNotice "LATE_NOTICE" RowCheck Warning "changed data were reported later than within one month" "326-ФЗ, article 16, part 2";
    NameDigits "NAME_DIGITS" RowCheck Warning "a name holds digits or other signs that names do not have" "practice of regional registers (rt27, rt32, rt35)";
    NameAlphabets "NAME_ALPHABETS" RowCheck Warning "a name mixes Cyrillic and Latin letters" "practice of regional registers (rt27, rt32, rt35)";
    NamePunctuation "NAME_PUNCTUATION" RowCheck Warning "a name has doubled signs or blanks, or such at its edge" "practice of regional registers (rt27, rt32, rt35)";
    NameSex "NAME_SEX" RowCheck Warning "the given name or patronymic is one of the other sex" "practice of regional registers (rt28)";
    InsurerOtherRegion "INSURER_OTHER_REGION" RowCheck Warning "the insurer is of another region" "326-ФЗ, article 14: register of insurers of the region";
    ClinicOtherRegion "CLINIC_OTHER_REGION" RowCheck Warning "the clinic is of another region" "326-ФЗ, article 15: register of clinics of the region";
    DoctorSnilsInvalid "DOCTOR_SNILS_INVALID" RowCheck Warning "the doctor's SNILS is not 11 digits with a right control number" "attachment exchange, error 16 of funds";
    DoctorSnilsMissing "DOCTOR_SNILS_MISSING" RowCheck Warning "the attachment names no doctor" "attachment exchange, errors 16 and 20 of funds";
    OverrideIgnored "OVERRIDE_IGNORED" RowCheck Error "people decided that the record is to be ignored" "file of decisions by people";
    L1 "L1" Link Warning "same ENP, birth date and given name" "register search keys, H12";
    L2 "L2" Link Warning "same ENP and full name" "register search keys, H11";
    L3 "L3" Link Warning "same SNILS, birth date and given name" "register search keys, H16";
    L4 "L4" Link Warning "same full name, birth date and document" "register search keys, H02";
    L5 "L5" Link Warning "same policy, birth date and given name" "register search keys, H14";
    L6 "L6" Link Warning "same ENP and birth date, nothing contradicts" "practice of insurers: birth date and ENP";
    OverrideSame "OVERRIDE_SAME" Link Warning "people decided that the records are one person" "file of decisions by people";
    OverrideDifferent "OVERRIDE_DIFFERENT" Link Warning "people decided that the records are different persons" "file of decisions by people";
    EnpShared "ENP_SHARED" PersonCheck Warning "the ENP is used by several persons" "practice of regional registers (rt25)";
    IdentityReview "IDENTITY_REVIEW" PersonCheck Warning "the person's records give two SNILS, two sexes or two birth dates" "practice of regional registers (rt47, rt48)";
    SeveralEnp "SEVERAL_ENP" PersonCheck Warning "the person has more than one ENP" "operations П023, П024";
    AfterDeath "AFTER_DEATH" PersonCheck Warning "nothing of the interval is left because of the person's death" "326-ФЗ: insurance ends with death";
    NoInterval "NO_INTERVAL" PersonCheck Warning "nothing of the interval is left" "definition of the interval";
    ClinicAge "CLINIC_AGE" PersonCheck Warning "the clinic does not serve the person's age" "practice of funds: ages served";
    NotInsured "NOT_INSURED" PersonCheck Warning "no insurance of the person overlaps the attachment" "326-ФЗ, article 16: the insured choose a clinic";
    EndWithoutStay "END_WITHOUT_STAY" PersonCheck Warning "no other record of the person with this insurer or clinic starts before the day of the end" "register exchange, operations П021 to П025; detachment notices of funds";
    ChangeWithoutAttachment "CHANGE_WITHOUT_ATTACHMENT" PersonCheck Warning "the person has no stay with this clinic on the day of the change" "attachment exchange, field 1: change of data";
    SnilsShared "SNILS_SHARED" PersonCheck Warning "the SNILS is used by several persons" "practice of regional registers (rt48)";
    DocShared "DOC_SHARED" PersonCheck Warning "the document is used by several persons" "practice of regional registers (rt18)";
    AppliedAfterDeath "APPLIED_AFTER_DEATH" PersonCheck Warning "the application is after the person's death" "practice of regional registers (rt14)";
    InsuredInService "INSURED_IN_SERVICE" PersonCheck Warning "insured on the as-of date although in service" "326-ФЗ, article 10: servicemen and those equal to them are not insured";
    NewbornInsurer "NEWBORN_INSURER" PersonCheck Warning "the newborn's insurer is not that of the mother or representative" "326-ФЗ, article 16: until 30 days after the registration of birth";
    CertificateExpired "CERTIFICATE_EXPIRED" PersonCheck Warning "the temporary certificate expired by the as-of date, and no policy followed" "OMS rules, temporary certificate";
    FirstChoiceWhileInsured "FIRST_CHOICE_WHILE_INSURED" PersonCheck Warning "a first choice of an insurer while another insurance is open" "operation П010; practice of insurers";
    ReasonChangesInsurer "REASON_CHANGES_INSURER" PersonCheck Warning "an operation that keeps the insurer names another one" "dictionary R001: П040, П060, П061, П062, П063";
    ReasonSameInsurer "REASON_SAME_INSURER" PersonCheck Warning "an operation that changes the insurer names the present one" "dictionary R001: П031 to П036; practice of regional registers (rt36)";
    SeveralApplications "SEVERAL_APPLICATIONS" PersonCheck Warning "applications to several clinics in one period" "attachment exchange, error 17 of insurers";
    NoContract "NO_CONTRACT" PersonCheck Warning "insurer and clinic have no contract on the as-of date" "326-ФЗ, article 39";
    NotInsuredOnStart "NOT_INSURED_ON_START" PersonCheck Warning "the person is not insured on the day on which the attachment starts" "attachment exchange, errors 10, 14, 17 of funds";
    MustChoose "MUST_CHOOSE" PersonCheck Warning "the insurer left without a successor, and no other was chosen" "326-ФЗ, article 16: two months to choose";
    OverrideWithoutRecord "OVERRIDE_WITHOUT_RECORD" PersonCheck Warning "people decided on the insurer or clinic of a person without a record that it could rest on" "file of decisions by people";
    SameDay "SAME_DAY" Decision Warning "another record of the same start day is stronger" "one insurer, one clinic at a time";
    SameDayTie "SAME_DAY_TIE" Decision Warning "records of the same start day are equally strong; the smallest code stands, unresolved" "one insurer, one clinic at a time";
    ChangeAtWill "CHANGE_AT_WILL" Decision Warning "changed at will" "326-ФЗ, article 16; 323-ФЗ, article 21";
    ChangeMoved "CHANGE_MOVED" Decision Warning "changed after a move" "326-ФЗ, article 16; 323-ФЗ, article 21";
    ChangeContractEnded "CHANGE_CONTRACT_ENDED" Decision Warning "changed because the insurer's contract ended" "326-ФЗ, article 16";
    ChangeDeadline "CHANGE_DEADLINE" Decision Warning "applied for after the yearly deadline" "326-ФЗ, article 16: not later than 1 November";
    ChangeLimit "CHANGE_LIMIT" Decision Warning "the right to change was used up" "326-ФЗ, article 16; 323-ФЗ, article 21: once a year";
    ApplicationOutranksResidence "APPLICATION_OUTRANKS_RESIDENCE" Decision Warning "an attachment by application is not displaced by one by residence" "practice of funds (precedence unverified in law)";
    Territory "TERRITORY" Decision Warning "a later attachment by residence replaces one by residence" "territorial principle of attachment";
    OverrideInsurer "OVERRIDE_INSURER" Decision Warning "people decided on the insurer" "file of decisions by people";
    OverrideClinic "OVERRIDE_CLINIC" Decision Warning "people decided on the clinic" "file of decisions by people";
}

impl Code {
    /// The rule behind the code.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }

    /// The code as outputs write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rule().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_indexed_by_code_and_names_are_unique() {
        let mut names = std::collections::BTreeSet::new();
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.code as usize, index);
            assert!(names.insert(rule.name), "{} twice", rule.name);
        }
    }
}
