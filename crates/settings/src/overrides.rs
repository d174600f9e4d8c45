//! Overrides: decisions by people, kept in a file, that win over every rule.
//!
//! Each entry has author, reason, dates and the records that it is about. `check` finds the rows to ignore, `identity` the persons; `timeline` applies a
//! decision to stays.

use super::selector::{RowSelector, Selector};
use sverka_model::{Date, OrganisationId, Profile};

/// Entries of one overrides file, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    file: String,
    entries: Vec<Entry>,
}

/// Entry: one decision by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// First line of the entry in the file, from 1.
    pub line: u64,
    /// Author of the decision.
    pub author: String,
    /// Reason for the decision.
    pub reason: String,
    /// Day of the decision.
    pub decided_on: Date,
    /// First day on which the entry no longer holds, if there is one.
    pub until: Option<Date>,
    /// Whether the entry no longer holds on the as-of date.
    pub ended: bool,
    /// Whether the entry is due for review: older than the limit of the job.
    pub review_due: bool,
    /// Content of the decision.
    pub ruling: Ruling,
}

/// Content of a decision by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The records of both sides are one person.
    SamePerson(Sides),
    /// No record of one side is of the same person as a record of the other.
    DifferentPersons(Sides),
    /// The insurer of a person.
    Insurer(StayRuling),
    /// The clinic of a person in a profile, 1 to 5.
    Clinic(StayRuling, Profile),
    /// A person who is alive on the day of the decision, even if a death was reported before.
    Alive(Vec<Selector>),
    /// Rows to ignore.
    Ignore(Vec<RowSelector>),
}

/// Selectors of two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Selectors of one side.
    pub one: Vec<Selector>,
    /// Selectors of the other side.
    pub other: Vec<Selector>,
}

/// Insurer or clinic of a person for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRuling {
    /// Selectors of records of the person.
    pub person: Vec<Selector>,
    /// Insurer or clinic, as an index of its reference table.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after; [`Date::NEVER`] without end.
    pub to: Date,
}

impl Ruling {
    /// Name in the file and in outputs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SamePerson(_) => "same_person",
            Self::DifferentPersons(_) => "different_persons",
            Self::Insurer(_) => "insurer",
            Self::Clinic(..) => "clinic",
            Self::Alive(_) => "alive",
            Self::Ignore(_) => "ignore",
        }
    }

    /// Selectors of persons, by side; a ruling about one person has an empty other side.
    #[must_use]
    pub fn sides(&self) -> [&[Selector]; 2] {
        match self {
            Self::SamePerson(sides) | Self::DifferentPersons(sides) => [&sides.one, &sides.other],
            Self::Insurer(stay) | Self::Clinic(stay, _) => [&stay.person, &[]],
            Self::Alive(person) => [person, &[]],
            Self::Ignore(_) => [&[], &[]],
        }
    }
}

/// Outcome of an entry in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    /// The entry changed something.
    Applied,
    /// The entry changed nothing: the result was the same anyway, or nothing of its interval is left.
    NoEffect,
    /// A side of the entry, or the person, has no record.
    NotFound,
    /// The records that should belong to one person belong to several.
    Ambiguous,
    /// The person has no insurance record that the stay could rest on.
    WithoutRecord,
    /// The entry no longer holds on the as-of date.
    Ended,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Applied, Self::NoEffect, Self::NotFound, Self::Ambiguous, Self::WithoutRecord, Self::Ended];

    /// Name in the outputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NoEffect => "no_effect",
            Self::NotFound => "not_found",
            Self::Ambiguous => "ambiguous",
            Self::WithoutRecord => "without_record",
            Self::Ended => "ended",
        }
    }
}

impl Overrides {
    /// Entries of a file, in the order of its lines; `file` is its name in outputs.
    #[must_use]
    pub fn new(file: &str, entries: Vec<Entry>) -> Self {
        Self { file: file.to_owned(), entries }
    }

    /// Name of the file in the job; empty when the job has none.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All entries, by line. Other data refer to an entry by its index here.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Entries that hold on the as-of date, with their indices.
    pub fn in_force(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| !entry.ended)
    }
}
