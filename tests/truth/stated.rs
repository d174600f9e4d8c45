//! The stated quality of the engine on generated regions: the least recall and precision of each kind, and the outcome of defects that no rule can see.

use super::score::Subject;

/// The least recall and precision of every kind and subject, unless [`LESS`] states less.
pub const LEAST: Least = Least { recall: 1.0, precision: 1.0 };

/// The least that the engine must reach.
#[derive(Clone, Copy, Debug)]
pub struct Least {
    pub recall: f64,
    pub precision: f64,
}

/// Kinds with facts that no rule can find.
///
/// A record that shares no key with the others, or contradicts them by its given name, is a person of its own, without insurance: the rules find
/// that it is not insured, and the person has no clinic and is not paid for. Two people whom no rule tells apart are one person, who is paid for
/// once.
pub const LESS: &[(&str, Subject, Least)] = &[
    ("known_by_nothing", Subject::Persons, Least { recall: 0.0, precision: 1.0 }),
    ("known_by_nothing", Subject::Clinics, Least { recall: 0.0, precision: 1.0 }),
    ("known_by_nothing", Subject::Funded, Least { recall: 0.0, precision: 1.0 }),
    ("given_name_other", Subject::Persons, Least { recall: 0.0, precision: 1.0 }),
    ("given_name_other", Subject::Clinics, Least { recall: 0.0, precision: 1.0 }),
    ("given_name_other", Subject::Funded, Least { recall: 0.0, precision: 1.0 }),
    ("enp_shared_by_alike", Subject::Persons, Least { recall: 1.0, precision: 0.2 }),
    ("enp_shared_by_alike", Subject::Insurers, Least { recall: 0.5, precision: 1.0 }),
    ("enp_shared_by_alike", Subject::Clinics, Least { recall: 0.5, precision: 1.0 }),
    ("enp_shared_by_alike", Subject::Funded, Least { recall: 0.5, precision: 1.0 }),
];

/// The least that is stated about a kind.
pub fn least(kind: &str, subject: Subject) -> Least {
    LESS.iter().find(|(of_kind, of_subject, _)| (*of_kind, *of_subject) == (kind, subject)).map_or(LEAST, |&(.., least)| least)
}

/// The outcome of a row with a defect that no rule can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// The row is accepted without a finding, as a record of its own person.
    TheirRecord,
    /// The row is accepted without a finding, as a record of another person.
    RecordOfAnother,
    /// The row is set aside as a duplicate.
    Duplicate,
}

/// The kinds that no rule can see, and the outcome of their rows.
pub const UNSEEN: &[(&str, RowOutcome)] = &[
    ("duplicate", RowOutcome::Duplicate),
    ("enp_backtick", RowOutcome::TheirRecord),
    ("enp_shared_by_alike", RowOutcome::RecordOfAnother),
    ("given_name_initial", RowOutcome::TheirRecord),
    ("given_name_typo", RowOutcome::TheirRecord),
    ("surname_typo", RowOutcome::TheirRecord),
];
