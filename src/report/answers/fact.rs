//! Facts: what a published run says about one record, in a form that can wait on the disk.
//!
//! A fact names its record by line; which source it belongs to is known by where it waits. It does not know what an answer makes of it.

use crate::model::Date;
use crate::model::Field;
use crate::rules::{Code, Severity};

/// What a fact is about; the numbers are the order in which facts of one row are looked at.
pub(super) const FINDING: u8 = 0;
/// The row repeats another one.
pub(super) const DUPLICATE: u8 = 1;
/// A decision about the record.
pub(super) const DECISION: u8 = 2;
/// An attachment stay rests on the record.
pub(super) const ATTACHED: u8 = 3;
/// An insurance stay rests on the record.
pub(super) const INSURED: u8 = 4;
/// Whose record it is, and nothing else.
pub(super) const PERSON: u8 = 5;
/// The record took a person from another clinic.
pub(super) const TAKEN_OVER: u8 = 6;

/// No person is known.
pub(super) const NOBODY: i64 = -1;
/// No code of an organisation.
pub(super) const NO_ORGANISATION: u32 = u32::MAX;
/// No request.
pub(super) const NO_REQUEST: u32 = u32::MAX;
/// The finding is about no single field.
const NO_FIELD: u8 = u8::MAX;

/// How a decision ended for the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Outcome {
    /// A stronger record starts on the same day.
    Lost = 1,
    /// A permitted change ended it.
    Superseded = 2,
    /// The change was not permitted.
    Refused = 3,
    /// Refused at first, taken when the stay that refused it ended.
    Deferred = 4,
    /// People decided on another insurer or clinic.
    Overruled = 5,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Lost, Self::Superseded, Self::Refused, Self::Deferred, Self::Overruled];

    /// The word of the outputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Superseded => "superseded",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Overruled => "overruled",
        }
    }

    /// The outcome of a word.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// One fact. Fields stand in the order in which facts of a source are sorted; the sort is total, so that answers do not depend on how the
/// facts came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct Fact {
    /// Line of the record in its source.
    pub line: u64,
    /// Number of the person, or [`NOBODY`].
    pub person: i64,
    /// The ENP of the person's row in `persons`; 0 for none.
    pub enp: u64,
    /// The line of the row that this one repeats.
    pub kept_line: u64,
    /// Clinic of the person on the as-of date.
    pub clinic_now: u32,
    /// Since when, as days of [`Date`].
    pub clinic_now_from: i32,
    /// Clinic of the stay, of the decision's winner, or of the clinic that lost the person.
    pub organisation: u32,
    /// Clinic that took the person over.
    pub winner: u32,
    /// First day of the stay, or day of the decision.
    pub from: i32,
    /// Organisation for which people decided against the winner of a decision.
    pub decided: u32,
    /// First day of that, as days of [`Date`].
    pub decided_from: i32,
    /// The request with the row that this one repeats.
    pub kept_request: u32,
    /// What it is about.
    pub kind: u8,
    /// Profile of the attachment; 0 when it is about none.
    pub profile: u8,
    /// Rule of a finding or decision.
    pub rule: u8,
    /// Field of a finding.
    pub field: u8,
    /// Outcome of a decision; of a finding 0 when it is an error, else 1.
    pub outcome: u8,
    /// Always zero, so that no byte is without meaning.
    pub padding: [u8; 3],
}

impl Fact {
    /// Bytes of a fact on the disk.
    pub(super) const BYTES: usize = size_of::<Self>();

    /// Nothing but the place.
    pub(super) fn of_row(kind: u8, line: u64) -> Self {
        Self {
            line,
            person: NOBODY,
            enp: 0,
            kept_line: 0,
            clinic_now: NO_ORGANISATION,
            clinic_now_from: Date::EARLIEST.days(),
            organisation: NO_ORGANISATION,
            winner: NO_ORGANISATION,
            from: Date::EARLIEST.days(),
            decided: NO_ORGANISATION,
            decided_from: Date::EARLIEST.days(),
            kept_request: NO_REQUEST,
            kind,
            profile: 0,
            rule: 0,
            field: NO_FIELD,
            outcome: 0,
            padding: [0; 3],
        }
    }

    pub(super) fn finding(line: u64, code: Code, severity: Severity, field: Option<Field>) -> Self {
        let (field, outcome) = (field.map_or(NO_FIELD, |field| field as u8), u8::from(severity != Severity::Error));
        Self { rule: code as u8, field, outcome, ..Self::of_row(FINDING, line) }
    }

    /// What a finding meant for its row.
    pub(super) fn severity(&self) -> Severity {
        if self.outcome == 0 { Severity::Error } else { Severity::Warning }
    }

    /// The rule of a finding or decision.
    pub(super) fn code(&self) -> Code {
        Code::ALL[usize::from(self.rule)]
    }

    /// The field of a finding.
    pub(super) fn field(&self) -> Option<Field> {
        Field::ALL.get(usize::from(self.field)).copied()
    }

    /// The outcome of a decision.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|&outcome| outcome as u8 == self.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_leads_back_to_its_rule_and_field() {
        let fact = Fact::finding(7, Code::DateInvalid, Severity::Error, Some(Field::AttachedFrom));
        assert_eq!((fact.code(), fact.field()), (Code::DateInvalid, Some(Field::AttachedFrom)));
        assert_eq!(Fact::finding(7, Code::RowShape, Severity::Error, None).field(), None);
    }
}
