//! Overrides: decisions that people keep in a file and that win over every rule.
//!
//! Each says who decided, why, since when and until when, and which records it is about. Whether a record is named is asked by the stages (`check` for
//! rows to ignore, `identity` for persons); what a decision does to stays is the business of `timeline`.

use super::selector::{RowSelector, Selector};
use sverka_model::{Date, OrganisationId};

/// The decisions of one file, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    file: String,
    entries: Vec<Entry>,
}

/// One decision of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line of the file on which the entry begins, from 1.
    pub line: u64,
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The day of the decision.
    pub decided_on: Date,
    /// The first day on which the entry no longer holds, if there is one.
    pub until: Option<Date>,
    /// Whether it no longer holds on the as-of date.
    pub ended: bool,
    /// Whether it is older than the job lets entries become without being looked at again.
    pub review_due: bool,
    /// What was decided.
    pub ruling: Ruling,
}

/// What people decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The records of both sides are one person.
    SamePerson(Sides),
    /// No record of one side is of the same person as one of the other.
    DifferentPersons(Sides),
    /// The insurer of a person.
    Insurer(StayRuling),
    /// The clinic of a person in a profile, 1 to 5.
    Clinic(StayRuling, u8),
    /// A person who is alive on the day of the decision, whatever death was told before.
    Alive(Vec<Selector>),
    /// Rows that are not taken.
    Ignore(Vec<RowSelector>),
}

/// Records of two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// What names the records of one.
    pub one: Vec<Selector>,
    /// What names the records of the other.
    pub other: Vec<Selector>,
}

/// Where a person is for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRuling {
    /// What names records of the person.
    pub person: Vec<Selector>,
    /// Insurer or clinic, as an index of its reference table.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after; [`Date::NEVER`] without end.
    pub to: Date,
}

impl Ruling {
    /// The word that file and outputs use.
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

    /// What names records of persons, by side; a ruling about one person has no other side.
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

/// What became of an entry in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    /// It changed something.
    Applied,
    /// Everything was so anyway, or nothing of its interval is left.
    NoEffect,
    /// A side of it, or the person, has no record.
    NotFound,
    /// The records that should name one person are of several.
    Ambiguous,
    /// The person has no record of insurance that an insurer could rest on.
    WithoutRecord,
    /// It no longer holds on the as-of date.
    Ended,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Applied, Self::NoEffect, Self::NotFound, Self::Ambiguous, Self::WithoutRecord, Self::Ended];

    /// The word that outputs use.
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
    /// The entries of a file, in the order of its lines; `file` is its name in outputs.
    #[must_use]
    pub fn new(file: &str, entries: Vec<Entry>) -> Self {
        Self { file: file.to_owned(), entries }
    }

    /// The file's name as the job gives it; empty when the job has none.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All entries, by line. Other tables name an entry by its index here.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that hold on the as-of date, with their indexes.
    pub fn in_force(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| !entry.ended)
    }
}
