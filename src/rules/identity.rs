//! Rules of the fields that say who a record is about: birth, sex, policy, ENP and SNILS.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const BIRTH_DATE_RANGE: Rule = Rule {
    code: Code::BirthDateRange,
    name: "BIRTH_DATE_RANGE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "birth before 1900-01-01 or after the as-of date",
        "дата рождения раньше 01.01.1900 или позже отчётной даты",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers", "practice of regional registers"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const SEX_INVALID: Rule = Rule {
    code: Code::SexInvalid,
    name: "SEX_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("sex is not 1 or 2", "пол не 1 и не 2"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary V005", "dictionary V005"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const POLICY_KIND_UNKNOWN: Rule = Rule {
    code: Code::PolicyKindUnknown,
    name: "POLICY_KIND_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("policy kind is not 1, 2 or 3", "неизвестный вид полиса"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary F008", "dictionary F008"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const POLICY_NUMBER_FORMAT: Rule = Rule {
    code: Code::PolicyNumberFormat,
    name: "POLICY_NUMBER_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a temporary certificate's number is not 9 digits", "номер временного свидетельства не из 9 цифр"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary F008", "dictionary F008"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const ENP_FORMAT: Rule = Rule {
    code: Code::EnpFormat,
    name: "ENP_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the ENP is not 16 digits", "ЕНП не из 16 цифр"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("structure of the single policy number", "structure of the single policy number"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const ENP_CHECK_DIGIT: Rule = Rule {
    code: Code::EnpCheckDigit,
    name: "ENP_CHECK_DIGIT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the ENP's check digit is wrong", "неверный контрольный разряд ЕНП"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("structure of the single policy number", "structure of the single policy number"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const ENP_IMPOSSIBLE: Rule = Rule {
    code: Code::EnpImpossible,
    name: "ENP_IMPOSSIBLE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the ENP codes no possible birth date", "в ЕНП закодирована невозможная дата рождения"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("structure of the single policy number", "structure of the single policy number"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const ENP_PERSON_MISMATCH: Rule = Rule {
    code: Code::EnpPersonMismatch,
    name: "ENP_PERSON_MISMATCH",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the ENP codes another birth date or sex than the row",
        "дата рождения или пол не те, что закодированы в ЕНП",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "practice: numbers are not always reissued when data are corrected",
        "practice: numbers are not always reissued when data are corrected",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const SNILS_INVALID: Rule = Rule {
    code: Code::SnilsInvalid,
    name: "SNILS_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the SNILS is not 11 digits with a right control number; treated as absent",
        "неверный СНИЛС; считается незаполненным",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("rules of the pension fund on the control number", "rules of the pension fund on the control number"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const SNILS_REQUIRED: Rule = Rule {
    code: Code::SnilsRequired,
    name: "SNILS_REQUIRED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("an adult citizen has no SNILS", "нет СНИЛС у взрослого гражданина"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, documents for the application", "OMS rules, documents for the application"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const SNILS_REQUIRED_EAEU: Rule = Rule {
    code: Code::SnilsRequiredEaeu,
    name: "SNILS_REQUIRED_EAEU",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a worker or member of staff from the EAEU has no SNILS", "нет СНИЛС у работника из государства ЕАЭС"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "OMS rules, documents for the application of EAEU workers",
        "OMS rules, documents for the application of EAEU workers",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};
