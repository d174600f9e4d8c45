//! Why a record lost, was superseded, refused or deferred.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const SAME_DAY: Rule = Rule {
    code: Code::SameDay,
    name: "SAME_DAY",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("another record of the same start day is stronger", "с того же дня действует более сильная запись"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("one insurer, one clinic at a time", "one insurer, one clinic at a time"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const SAME_DAY_TIE: Rule = Rule {
    code: Code::SameDayTie,
    name: "SAME_DAY_TIE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "records of the same start day are equally strong; the smallest code stands, unresolved",
        "с того же дня действует равносильная запись другой организации",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("one insurer, one clinic at a time", "one insurer, one clinic at a time"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CHANGE_AT_WILL: Rule = Rule {
    code: Code::ChangeAtWill,
    name: "CHANGE_AT_WILL",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("changed at will", "сменена по желанию"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16; 323-ФЗ, article 21", "326-ФЗ, article 16; 323-ФЗ, article 21"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CHANGE_MOVED: Rule = Rule {
    code: Code::ChangeMoved,
    name: "CHANGE_MOVED",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("changed after a move", "сменена после переезда"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16; 323-ФЗ, article 21", "326-ФЗ, article 16; 323-ФЗ, article 21"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CHANGE_CONTRACT_ENDED: Rule = Rule {
    code: Code::ChangeContractEnded,
    name: "CHANGE_CONTRACT_ENDED",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("changed because the insurer's contract ended", "сменена: прекращён договор страховой организации"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16", "326-ФЗ, article 16"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CHANGE_DEADLINE: Rule = Rule {
    code: Code::ChangeDeadline,
    name: "CHANGE_DEADLINE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("applied for after the yearly deadline", "заявление подано после срока выбора в этом году"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16: not later than 1 November", "326-ФЗ, article 16: not later than 1 November"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const CHANGE_LIMIT: Rule = Rule {
    code: Code::ChangeLimit,
    name: "CHANGE_LIMIT",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the right to change was used up", "право замены в этом году использовано"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "326-ФЗ, article 16; 323-ФЗ, article 21: once a year",
        "326-ФЗ, article 16; 323-ФЗ, article 21: once a year",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const APPLICATION_OUTRANKS_RESIDENCE: Rule = Rule {
    code: Code::ApplicationOutranksResidence,
    name: "APPLICATION_OUTRANKS_RESIDENCE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "an attachment by application is not displaced by one by residence",
        "прикрепление по заявлению не замещается прикреплением по месту жительства",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of funds (precedence unverified in law)", "practice of funds (precedence unverified in law)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const TERRITORY: Rule = Rule {
    code: Code::Territory,
    name: "TERRITORY",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a later attachment by residence replaces one by residence",
        "более позднее прикрепление по месту жительства",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("territorial principle of attachment", "territorial principle of attachment"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};
