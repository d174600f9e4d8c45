//! Decisions by people, which win over every other rule.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const OVERRIDE_IGNORED: Rule = Rule {
    code: Code::OverrideIgnored,
    name: "OVERRIDE_IGNORED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("people decided that the record is to be ignored", "запись не учитывается по решению ответственного лица"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const OVERRIDE_SAME: Rule = Rule {
    code: Code::OverrideSame,
    name: "OVERRIDE_SAME",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "people decided that the records are one person",
        "по решению ответственного лица записи относятся к одному лицу",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const OVERRIDE_DIFFERENT: Rule = Rule {
    code: Code::OverrideDifferent,
    name: "OVERRIDE_DIFFERENT",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "people decided that the records are different persons",
        "по решению ответственного лица записи относятся к разным лицам",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const OVERRIDE_WITHOUT_RECORD: Rule = Rule {
    code: Code::OverrideWithoutRecord,
    name: "OVERRIDE_WITHOUT_RECORD",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "people decided on the insurer or clinic of a person without a record that it could rest on",
        "решение ответственного лица не на чем основать: нет подходящей записи",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const OVERRIDE_INSURER: Rule = Rule {
    code: Code::OverrideInsurer,
    name: "OVERRIDE_INSURER",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("people decided on the insurer", "страховая организация определена решением ответственного лица"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const OVERRIDE_CLINIC: Rule = Rule {
    code: Code::OverrideClinic,
    name: "OVERRIDE_CLINIC",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("people decided on the clinic", "медицинская организация определена решением ответственного лица"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("file of decisions by people", "file of decisions by people"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};
