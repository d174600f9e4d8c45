//! Rules of surname, given name and patronymic.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const NAME_DIGITS: Rule = Rule {
    code: Code::NameDigits,
    name: "NAME_DIGITS",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a name holds digits or other signs that names do not have", "в имени есть цифры или недопустимые знаки"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt27, rt32, rt35)", "practice of regional registers (rt27, rt32, rt35)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const NAME_ALPHABETS: Rule = Rule {
    code: Code::NameAlphabets,
    name: "NAME_ALPHABETS",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a name mixes Cyrillic and Latin letters", "в имени смешаны кириллица и латиница"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt27, rt32, rt35)", "practice of regional registers (rt27, rt32, rt35)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const NAME_PUNCTUATION: Rule = Rule {
    code: Code::NamePunctuation,
    name: "NAME_PUNCTUATION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a name has doubled signs or blanks, or such at its edge",
        "в имени двойные или крайние знаки препинания или пробелы",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt27, rt32, rt35)", "practice of regional registers (rt27, rt32, rt35)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const NAME_SEX: Rule = Rule {
    code: Code::NameSex,
    name: "NAME_SEX",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the given name or patronymic is one of the other sex", "имя или отчество другого пола"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt28)", "practice of regional registers (rt28)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};
