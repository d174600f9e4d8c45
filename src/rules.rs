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
    L1 "L1" Link Warning "same ENP, birth date and given name" "register search keys, H12";
    L2 "L2" Link Warning "same ENP and full name" "register search keys, H11";
    L3 "L3" Link Warning "same SNILS, birth date and given name" "register search keys, H16";
    L4 "L4" Link Warning "same full name, birth date and document" "register search keys, H02";
    L5 "L5" Link Warning "same policy, birth date and given name" "register search keys, H14";
    L6 "L6" Link Warning "same ENP and birth date, nothing contradicts" "practice of insurers: birth date and ENP";
    EnpShared "ENP_SHARED" PersonCheck Warning "the ENP is used by several persons" "practice of regional registers (rt25)";
    IdentityReview "IDENTITY_REVIEW" PersonCheck Warning "the person's records give two SNILS, two sexes or two birth dates" "practice of regional registers (rt47, rt48)";
    SeveralEnp "SEVERAL_ENP" PersonCheck Warning "the person has more than one ENP" "operations П023, П024";
    AfterDeath "AFTER_DEATH" PersonCheck Warning "nothing of the interval is left because of the person's death" "326-ФЗ: insurance ends with death";
    NoInterval "NO_INTERVAL" PersonCheck Warning "nothing of the interval is left" "definition of the interval";
    ClinicAge "CLINIC_AGE" PersonCheck Warning "the clinic does not serve the person's age" "practice of funds: ages served";
    NotInsured "NOT_INSURED" PersonCheck Warning "no insurance of the person overlaps the attachment" "326-ФЗ, article 16: the insured choose a clinic";
    EndWithoutStay "END_WITHOUT_STAY" PersonCheck Warning "no other record of the person with this insurer or clinic starts before the day of the end" "register exchange, operations П021 to П025; detachment notices of funds";
    ChangeWithoutAttachment "CHANGE_WITHOUT_ATTACHMENT" PersonCheck Warning "the person has no stay with this clinic on the day of the change" "attachment exchange, field 1: change of data";
    SameDay "SAME_DAY" Decision Warning "another record of the same start day is stronger" "one insurer, one clinic at a time";
    SameDayTie "SAME_DAY_TIE" Decision Warning "records of the same start day are equally strong; the smallest code stands, unresolved" "one insurer, one clinic at a time";
    ChangeAtWill "CHANGE_AT_WILL" Decision Warning "changed at will" "326-ФЗ, article 16; 323-ФЗ, article 21";
    ChangeMoved "CHANGE_MOVED" Decision Warning "changed after a move" "326-ФЗ, article 16; 323-ФЗ, article 21";
    ChangeContractEnded "CHANGE_CONTRACT_ENDED" Decision Warning "changed because the insurer's contract ended" "326-ФЗ, article 16";
    ChangeDeadline "CHANGE_DEADLINE" Decision Warning "applied for after the yearly deadline" "326-ФЗ, article 16: not later than 1 November";
    ChangeLimit "CHANGE_LIMIT" Decision Warning "the right to change was used up" "326-ФЗ, article 16; 323-ФЗ, article 21: once a year";
    ApplicationOutranksResidence "APPLICATION_OUTRANKS_RESIDENCE" Decision Warning "an attachment by application is not displaced by one by residence" "practice of funds (precedence unverified in law)";
    Territory "TERRITORY" Decision Warning "a later attachment by residence replaces one by residence" "territorial principle of attachment";
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
