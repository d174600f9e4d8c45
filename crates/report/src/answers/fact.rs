//! Facts: statements of a published run about one record, of fixed width, so that they can wait on the disk.
//!
//! A fact names its record by line. The source follows from the bucket in which the fact waits. The use of facts in
//! answers is not known here.

use sverka_model::{Code, Date, Enp, Field, PersonId, Profile, Severity};

/// Kind of a fact. The numbers are the order in which the facts of a row are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub(super) struct FactKind(u8);

impl FactKind {
    /// Finding on the row.
    pub(super) const FINDING: Self = Self(0);
    /// The row repeats another one.
    pub(super) const DUPLICATE: Self = Self(1);
    /// Decision about the record.
    pub(super) const DECISION: Self = Self(2);
    /// Attachment stay that rests on the record.
    pub(super) const ATTACHED: Self = Self(3);
    /// Insurance stay that rests on the record.
    pub(super) const INSURED: Self = Self(4);
    /// Person of the record, and nothing else.
    pub(super) const PERSON: Self = Self(5);
    /// The record took a person over from another clinic.
    pub(super) const TAKEN_OVER: Self = Self(6);
}

/// Number of an organisation in the list that `RunFacts` collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub(super) struct OrganisationNumber(u32);

impl OrganisationNumber {
    /// No organisation.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("invariant: there are fewer organisations than numbers"))
    }

    /// Index in the list; out of bounds for [`Self::NONE`].
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Number of a request in the order of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub(super) struct RequestNumber(u32);

impl RequestNumber {
    /// No request.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("invariant: there are fewer requests than numbers"))
    }

    /// Index in the order of the job; out of bounds for [`Self::NONE`].
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Field of a finding that is about no single field.
const NO_FIELD: u8 = u8::MAX;
/// Outcome of a finding that is an error.
const ERROR: u8 = 0;
/// Outcome of a finding that is a warning.
const WARNING: u8 = 1;

/// Outcome of a decision for the record that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum DecisionOutcome {
    /// A stronger record starts on the same day.
    Lost = 1,
    /// A permitted change ended the record.
    Superseded = 2,
    /// The change was not permitted.
    Refused = 3,
    /// The change was refused at first, and taken when the stay that refused it ended.
    Deferred = 4,
    /// People decided for another insurer or clinic.
    Overruled = 5,
}

impl DecisionOutcome {
    const ALL: [Self; 5] = [Self::Lost, Self::Superseded, Self::Refused, Self::Deferred, Self::Overruled];

    /// Name in the outputs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Superseded => "superseded",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Overruled => "overruled",
        }
    }

    /// Outcome by its name in the outputs.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Fact about one record.
///
/// The fields stand in the order in which the facts of a source are sorted. The sort is total, so the order of arrival does not show in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct Fact {
    /// Line of the record in its source.
    pub line: u64,
    /// The person; none for a record that belongs to nobody.
    pub person: PersonId,
    /// ENP of the person's row in `persons`.
    pub enp: Enp,
    /// Line of the row that this row repeats.
    pub kept_line: u64,
    /// Clinic of the person on the as-of date.
    pub clinic_now: OrganisationNumber,
    /// First day with that clinic, as days of [`Date`].
    pub clinic_now_from: i32,
    /// Organisation of the stay, organisation that a decision is against, or clinic that lost the person.
    pub organisation: OrganisationNumber,
    /// Organisation that prevailed, or clinic that took the person over.
    pub winner: OrganisationNumber,
    /// First day of the stay, or day of the decision.
    pub from: i32,
    /// Organisation for which people decided against the winner of a decision.
    pub decided: OrganisationNumber,
    /// First day of the decision of people, as days of [`Date`].
    pub decided_from: i32,
    /// Request of the row that this row repeats.
    pub kept_request: RequestNumber,
    /// Kind of the fact.
    pub kind: FactKind,
    /// Profile of the attachment; none when the fact is about no attachment.
    pub profile: Profile,
    /// Rule of a finding or decision.
    pub rule: u8,
    /// Field of a finding.
    pub field: u8,
    /// Outcome of a decision. In a finding: [`ERROR`] or [`WARNING`].
    pub outcome: u8,
    /// Always zero, so that all bytes are defined.
    pub padding: [u8; 3],
}

impl Fact {
    /// Bytes of a fact on the disk.
    pub(super) const BYTES: usize = size_of::<Self>();

    /// Fact with a kind and a line, and nothing else.
    pub(super) fn of_row(kind: FactKind, line: u64) -> Self {
        Self {
            line,
            person: PersonId::NONE,
            enp: Enp::NONE,
            kept_line: 0,
            clinic_now: OrganisationNumber::NONE,
            clinic_now_from: Date::EARLIEST.days(),
            organisation: OrganisationNumber::NONE,
            winner: OrganisationNumber::NONE,
            from: Date::EARLIEST.days(),
            decided: OrganisationNumber::NONE,
            decided_from: Date::EARLIEST.days(),
            kept_request: RequestNumber::NONE,
            kind,
            profile: Profile::NONE,
            rule: 0,
            field: NO_FIELD,
            outcome: 0,
            padding: [0; 3],
        }
    }

    pub(super) fn finding(line: u64, code: Code, severity: Severity, field: Option<Field>) -> Self {
        let (field, outcome) =
            (field.map_or(NO_FIELD, |field| field as u8), if severity == Severity::Error { ERROR } else { WARNING });
        Self { rule: code as u8, field, outcome, ..Self::of_row(FactKind::FINDING, line) }
    }

    /// Severity of a finding, which is never [`Severity::Off`].
    pub(super) fn severity(&self) -> Severity {
        if self.outcome == ERROR { Severity::Error } else { Severity::Warning }
    }

    /// Rule of a finding or decision.
    pub(super) fn code(&self) -> Code {
        Code::ALL[usize::from(self.rule)]
    }

    /// Field of a finding.
    pub(super) fn field(&self) -> Option<Field> {
        Field::ALL.get(usize::from(self.field)).copied()
    }

    /// Outcome of a decision.
    pub(super) fn decision_outcome(&self) -> Option<DecisionOutcome> {
        DecisionOutcome::ALL.into_iter().find(|&outcome| outcome as u8 == self.outcome)
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
