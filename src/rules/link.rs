//! Rules by which two records are one person.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const L1: Rule = Rule {
    code: Code::L1,
    name: "L1",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same ENP, birth date and given name", "совпали ЕНП, дата рождения и имя"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register search keys, H12", "register search keys, H12"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const L2: Rule = Rule {
    code: Code::L2,
    name: "L2",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same ENP and full name", "совпали ЕНП и фамилия, имя, отчество"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register search keys, H11", "register search keys, H11"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const L3: Rule = Rule {
    code: Code::L3,
    name: "L3",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same SNILS, birth date and given name", "совпали СНИЛС, дата рождения и имя"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register search keys, H16", "register search keys, H16"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const L4: Rule = Rule {
    code: Code::L4,
    name: "L4",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same full name, birth date and document", "совпали фамилия, имя, отчество, дата рождения и документ"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register search keys, H02", "register search keys, H02"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const L5: Rule = Rule {
    code: Code::L5,
    name: "L5",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same policy, birth date and given name", "совпали полис, дата рождения и имя"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register search keys, H14", "register search keys, H14"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const L6: Rule = Rule {
    code: Code::L6,
    name: "L6",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("same ENP and birth date, nothing contradicts", "совпали ЕНП и дата рождения"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of insurers: birth date and ENP", "practice of insurers: birth date and ENP"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};
