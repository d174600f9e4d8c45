//! Rules of the identity document.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const DOC_KIND_UNKNOWN: Rule = Rule {
    code: Code::DocKindUnknown,
    name: "DOC_KIND_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the kind of the document is not in the dictionary", "вида документа нет в справочнике"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary F011", "dictionary F011"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_NUMBER_FORMAT: Rule = Rule {
    code: Code::DocNumberFormat,
    name: "DOC_NUMBER_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("series and number do not fit the kind of the document", "серия и номер не соответствуют виду документа"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary F011, masks of series and number (rt16)", "dictionary F011, masks of series and number (rt16)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_SERIES_ALPHABET: Rule = Rule {
    code: Code::DocSeriesAlphabet,
    name: "DOC_SERIES_ALPHABET",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the Roman series of the document is typed in Cyrillic letters",
        "римские цифры серии документа набраны кириллицей",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt16)", "practice of regional registers (rt16)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_AGE: Rule = Rule {
    code: Code::DocAge,
    name: "DOC_AGE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the kind of the document does not fit the person's age", "вид документа не соответствует возрасту"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "OMS rules, documents for the application (rt2, rt9)",
        "OMS rules, documents for the application (rt2, rt9)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_CATEGORY: Rule = Rule {
    code: Code::DocCategory,
    name: "DOC_CATEGORY",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the kind of the document does not fit the category of the insured person",
        "вид документа не соответствует категории застрахованного",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, documents for the application (rt11)", "OMS rules, documents for the application (rt11)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_EXPIRED: Rule = Rule {
    code: Code::DocExpired,
    name: "DOC_EXPIRED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the document had expired by the as-of date", "срок действия документа истёк к отчётной дате"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, documents of foreigners and refugees", "OMS rules, documents of foreigners and refugees"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOC_DATES: Rule = Rule {
    code: Code::DocDates,
    name: "DOC_DATES",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the dates of the document contradict birth, application or each other",
        "даты документа противоречат рождению, заявлению или друг другу",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt5, rt15)", "practice of regional registers (rt5, rt15)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const PASSPORT_NOT_RENEWED: Rule = Rule {
    code: Code::PassportNotRenewed,
    name: "PASSPORT_NOT_RENEWED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the passport was not renewed at the age of 20 or 45", "паспорт не заменён в 20 или 45 лет"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt30, rt31)", "practice of regional registers (rt30, rt31)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};
