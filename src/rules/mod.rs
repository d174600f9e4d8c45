//! The one list of rules: every check, link and decision with its code, severity, meaning, source and remedy.
//!
//! Each rule is declared once, in the file of its kind; the list below gives it its code. Stages name a rule by its [`Code`]; what people are told,
//! documentation and counts come from [`RULES`]. This module decides nothing, and does not know what a job makes of a rule: that is
//! [`crate::settings::Severities`].

mod attachment;
mod death;
mod decision;
mod dictionary;
mod document;
mod example;
mod form;
mod identity;
mod insurance;
mod link;
mod name;
mod nearest;
mod people;
mod person;
mod rule;
mod source;

pub use example::{Example, ExampleCase, ExampleRow};
pub use nearest::nearest;
pub use rule::{Basis, Certainty, Kind, Language, Latitude, Rule, Sentence, Severity, Subject, Text};

macro_rules! rules {
    ($($variant:ident = $file:ident::$rule:ident;)*) => {
        /// The code of a rule, in the order of the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = concat!("`", stringify!($rule), "`")] $variant,)*
        }

        /// Every rule, indexed by its code.
        pub const RULES: &[Rule] = &[$($file::$rule,)*];
    };
}

rules! {
    RowShape = form::ROW_SHAPE;
    RowQuote = form::ROW_QUOTE;
    RowEncoding = form::ROW_ENCODING;
    RowHeader = form::ROW_HEADER;
    QuoteInValue = form::QUOTE_IN_VALUE;
    RowInValue = form::ROW_IN_VALUE;
    DocumentBroken = form::DOCUMENT_BROKEN;
    RecordBroken = form::RECORD_BROKEN;
    FieldRequired = form::FIELD_REQUIRED;
    DateInvalid = form::DATE_INVALID;
    BirthDateRange = identity::BIRTH_DATE_RANGE;
    DatesReversed = insurance::DATES_REVERSED;
    SexInvalid = identity::SEX_INVALID;
    PolicyKindUnknown = identity::POLICY_KIND_UNKNOWN;
    PolicyNumberFormat = identity::POLICY_NUMBER_FORMAT;
    PolicyNumberMissing = identity::POLICY_NUMBER_MISSING;
    EnpFormat = identity::ENP_FORMAT;
    EnpCheckDigit = identity::ENP_CHECK_DIGIT;
    EnpImpossible = identity::ENP_IMPOSSIBLE;
    EnpPersonMismatch = identity::ENP_PERSON_MISMATCH;
    SnilsInvalid = identity::SNILS_INVALID;
    SnilsRequired = identity::SNILS_REQUIRED;
    InsurerUnknown = insurance::INSURER_UNKNOWN;
    ClinicUnknown = attachment::CLINIC_UNKNOWN;
    InsurerNotWorking = insurance::INSURER_NOT_WORKING;
    ClinicNotWorking = attachment::CLINIC_NOT_WORKING;
    BeforeDictionary = dictionary::BEFORE_DICTIONARY;
    ClinicNotAttachable = attachment::CLINIC_NOT_ATTACHABLE;
    CategoryUnknown = insurance::CATEGORY_UNKNOWN;
    MethodUnknown = attachment::METHOD_UNKNOWN;
    ReasonUnknown = insurance::REASON_UNKNOWN;
    ActionUnknown = form::ACTION_UNKNOWN;
    TermMissing = insurance::TERM_MISSING;
    TermIgnored = insurance::TERM_IGNORED;
    DocKindUnknown = document::DOC_KIND_UNKNOWN;
    DocNumberFormat = document::DOC_NUMBER_FORMAT;
    DocSeriesAlphabet = document::DOC_SERIES_ALPHABET;
    DocAge = document::DOC_AGE;
    DocCategory = document::DOC_CATEGORY;
    DocExpired = document::DOC_EXPIRED;
    DocDates = document::DOC_DATES;
    PassportNotRenewed = document::PASSPORT_NOT_RENEWED;
    SnilsRequiredEaeu = identity::SNILS_REQUIRED_EAEU;
    CategoryCitizenship = insurance::CATEGORY_CITIZENSHIP;
    TermTooLong = insurance::TERM_TOO_LONG;
    CertificateTerm = insurance::CERTIFICATE_TERM;
    CertificateAfterDigital = insurance::CERTIFICATE_AFTER_DIGITAL;
    OldPolicyAfterReform = insurance::OLD_POLICY_AFTER_REFORM;
    AppliedBeforeBirth = insurance::APPLIED_BEFORE_BIRTH;
    AppliedInFuture = insurance::APPLIED_IN_FUTURE;
    AppliedAfterEnd = insurance::APPLIED_AFTER_END;
    LateNotice = insurance::LATE_NOTICE;
    NameDigits = name::NAME_DIGITS;
    NameAlphabets = name::NAME_ALPHABETS;
    NamePunctuation = name::NAME_PUNCTUATION;
    NameSex = name::NAME_SEX;
    NameParts = name::NAME_PARTS;
    InsurerOtherRegion = insurance::INSURER_OTHER_REGION;
    ClinicOtherRegion = attachment::CLINIC_OTHER_REGION;
    DoctorSnilsInvalid = attachment::DOCTOR_SNILS_INVALID;
    DoctorSnilsMissing = attachment::DOCTOR_SNILS_MISSING;
    OverrideIgnored = people::OVERRIDE_IGNORED;
    SourceWithoutRecords = source::SOURCE_WITHOUT_RECORDS;
    SourceMostlyRefused = source::SOURCE_MOSTLY_REFUSED;
    Systematic = source::SYSTEMATIC;
    EndsOffByADay = source::ENDS_OFF_BY_A_DAY;
    L1 = link::L1;
    L2 = link::L2;
    L3 = link::L3;
    L4 = link::L4;
    L5 = link::L5;
    L6 = link::L6;
    OverrideSame = people::OVERRIDE_SAME;
    OverrideDifferent = people::OVERRIDE_DIFFERENT;
    EnpShared = person::ENP_SHARED;
    IdentityReview = person::IDENTITY_REVIEW;
    SeveralEnp = person::SEVERAL_ENP;
    AfterDeath = person::AFTER_DEATH;
    DeathContradicted = death::DEATH_CONTRADICTED;
    NoInterval = person::NO_INTERVAL;
    ClinicAge = person::CLINIC_AGE;
    NotInsured = person::NOT_INSURED;
    EndWithoutStay = person::END_WITHOUT_STAY;
    ChangeWithoutAttachment = person::CHANGE_WITHOUT_ATTACHMENT;
    SnilsShared = person::SNILS_SHARED;
    DocShared = person::DOC_SHARED;
    SameDocumentReview = person::SAME_DOCUMENT_REVIEW;
    AppliedAfterDeath = person::APPLIED_AFTER_DEATH;
    InsuredInService = person::INSURED_IN_SERVICE;
    NewbornInsurer = person::NEWBORN_INSURER;
    CertificateExpired = person::CERTIFICATE_EXPIRED;
    FirstChoiceWhileInsured = person::FIRST_CHOICE_WHILE_INSURED;
    ReasonChangesInsurer = person::REASON_CHANGES_INSURER;
    ReasonSameInsurer = person::REASON_SAME_INSURER;
    SeveralApplications = person::SEVERAL_APPLICATIONS;
    NoContract = person::NO_CONTRACT;
    NotInsuredOnStart = person::NOT_INSURED_ON_START;
    MustChoose = person::MUST_CHOOSE;
    OverrideWithoutRecord = people::OVERRIDE_WITHOUT_RECORD;
    SameDay = decision::SAME_DAY;
    SameDayTie = decision::SAME_DAY_TIE;
    ChangeAtWill = decision::CHANGE_AT_WILL;
    ChangeMoved = decision::CHANGE_MOVED;
    ChangeContractEnded = decision::CHANGE_CONTRACT_ENDED;
    ChangeDeadline = decision::CHANGE_DEADLINE;
    ChangeLimit = decision::CHANGE_LIMIT;
    ApplicationOutranksResidence = decision::APPLICATION_OUTRANKS_RESIDENCE;
    Territory = decision::TERRITORY;
    OverrideInsurer = people::OVERRIDE_INSURER;
    OverrideClinic = people::OVERRIDE_CLINIC;
}

const _: () = {
    let mut index = 0;
    while index < RULES.len() {
        assert!(RULES[index].code as usize == index, "a rule stands under the name of another");
        index += 1;
    }
};

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

    /// The code of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        RULES.iter().find(|rule| rule.name == name).map(|rule| rule.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names = std::collections::BTreeSet::new();
        assert_eq!(RULES.iter().find(|rule| !names.insert(rule.name)).map(|rule| rule.name), None);
    }
}
