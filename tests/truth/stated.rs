//! What is stated of the engine on generated regions: the least recall and precision of each kind, and what becomes of what no rule can see.

use super::score::Subject;

/// The least recall and precision of every kind and subject, unless [`LESS`] states less.
pub const LEAST: Least = Least { recall: 1.0, precision: 1.0 };

/// The least that the engine must reach.
#[derive(Clone, Copy, Debug)]
pub struct Least {
    pub recall: f64,
    pub precision: f64,
}

/// Kinds of which the rules cannot find everything.
pub const LESS: &[(&str, Subject, Least)] = &[];

/// The least that is stated of a kind.
pub fn least(kind: &str, subject: Subject) -> Least {
    LESS.iter().find(|(of, about, _)| (*of, *about) == (kind, subject)).map_or(LEAST, |&(.., least)| least)
}

/// What becomes of a row that was spoilt without any rule seeing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is accepted without a finding, as a record of the person whose it is.
    TheirRecord,
    /// It is set aside as a duplicate.
    Duplicate,
}

/// The kinds that no rule can see, and the fate of their rows.
pub const UNSEEN: &[(&str, Fate)] = &[
    ("duplicate", Fate::Duplicate),
    ("enp_backtick", Fate::TheirRecord),
    ("given_name_initial", Fate::TheirRecord),
    ("given_name_typo", Fate::TheirRecord),
    ("latin_letters", Fate::TheirRecord),
    ("surname_typo", Fate::TheirRecord),
];
