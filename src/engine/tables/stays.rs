//! Rows of `insurance_stays`, `attachment_stays` and `decisions`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{BoolColumn, DictionaryColumn, NumberColumn};
use super::rows::{RecordLists, SharedTexts, dates, optional_number, person_ids, small_numbers};
use crate::engine::person::{ProfileStays, Subject};
use crate::engine::record_view::RecordView;
use crate::job::Job;
use sverka_kernel::identity::{AnyRecord, RecordIndex};
use sverka_kernel::timeline::{Claim, Decision, Stays, Winner};
use sverka_model::{AttachmentMethod, OperationReason, PersonId, Profile, SourceLine, TextKind};
use sverka_model::{AttachmentRecord, RegisterRecord};
use sverka_model::{Date, OrganisationId};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `insurance_stays` or `attachment_stays`.
pub(in crate::engine) struct StayRows {
    table: OutputTable,
    person_id: NumberColumn<Int64Type>,
    profile: NumberColumn<Int32Type>,
    organisation: DictionaryColumn,
    from: NumberColumn<Date32Type>,
    to: NumberColumn<Date32Type>,
    death: NumberColumn<Date32Type>,
    method: NumberColumn<Int32Type>,
    unresolved: BoolColumn,
    records: RecordLists,
}

impl StayRows {
    /// Empty columns of [`OutputTable::InsuranceStays`] or [`OutputTable::AttachmentStays`], with room for `rows`.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        Self {
            table,
            person_id: person_ids(rows),
            profile: small_numbers(rows),
            organisation: DictionaryColumn::with_capacity(rows),
            from: dates(rows),
            to: dates(rows),
            death: dates(if table == OutputTable::InsuranceStays { rows } else { 0 }),
            method: small_numbers(rows),
            unresolved: BoolColumn::with_capacity(rows),
            records: RecordLists::with_capacity(table, rows),
        }
    }

    /// Adds the insurance stays of a person; `death` is the day of death or never.
    pub fn push_insurance(&mut self, view: RecordView<'_>, id: PersonId, stays: &Stays, claims: &[Claim], death: Date) {
        self.push(view, id, &ProfileStays { profile: Profile::NONE, stays, claims });
        stays.as_slice().iter().for_each(|_| self.death.push(death.days()));
    }

    /// Adds the stays of a person in one profile.
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, stays: &ProfileStays<'_>) {
        let ProfileStays { profile, stays, claims } = *stays;
        for stay in stays.as_slice() {
            self.person_id.push(id.number());
            self.profile.push(i32::from(profile.code()));
            self.organisation.push(u32::from(stay.organisation));
            self.from.push(stay.from.days());
            self.to.push(stay.to.days());
            self.method.push_option(optional_number(stay.method.code(), 0));
            self.unresolved.push(Some(stay.unresolved));
            self.records.push(view, stays.claims_of(stay).iter().map(|&index| claims[index as usize].record));
        }
    }

    /// Arrow batch of the rows.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let attachments = self.table == OutputTable::AttachmentStays;
        let organisations = if attachments { &texts.clinics } else { &texts.insurers };
        let mut columns: Vec<ArrayRef> = vec![self.person_id.finish()];
        if attachments {
            columns.push(self.profile.finish());
        }
        columns.extend([self.organisation.finish(organisations), self.from.finish(), self.to.finish()]);
        columns.push(if attachments { self.method.finish() } else { self.death.finish() });
        columns.push(self.unresolved.finish());
        columns.extend(self.records.finish(texts));
        self.table.spec().batch(columns)
    }
}

impl Subject {
    /// Name of the subject in the outputs.
    pub(in crate::engine) fn name(self) -> &'static str {
        match self {
            Self::Clinic(_) => "clinic",
            Self::Insurer => "insurer",
        }
    }
}

/// Rows of `decisions`.
pub(in crate::engine) struct DecisionRows {
    rows: Vec<DecisionRow>,
}

struct DecisionRow {
    person_id: PersonId,
    subject: Subject,
    decision: Decision,
    loser: SideLine,
    winner: SideLine,
    loser_record: RecordSide,
    /// Record that won; `None` when an override won.
    winner_record: Option<RecordSide>,
}

/// Source and line of one side of a decision.
#[derive(Clone, Copy)]
struct SideLine {
    /// Index of the source in the job; the number of sources means the overrides file.
    source: usize,
    line: u64,
}

impl SideLine {
    fn of_record(view: RecordView<'_>, record: RecordIndex) -> Self {
        let SourceLine { source, line } = view.source_line(record);
        Self { source, line }
    }
}

/// Properties of a record that decided whether it lost or won.
struct RecordSide {
    record_id: Option<Box<str>>,
    from: Date,
    applied_on: Option<Date>,
    /// Method of attachment; 0 when absent.
    method: AttachmentMethod,
    /// Number of the operation code, without its letter; 0 when absent.
    reason: OperationReason,
}

impl RecordSide {
    fn from_record(view: RecordView<'_>, record: RecordIndex) -> Self {
        let text = view.records.text(record, TextKind::RecordId);
        let record_id = (!text.is_empty()).then(|| (*text).into());
        match view.records.get(record) {
            AnyRecord::Register(RegisterRecord { insured_from: from, applied_on, reason, .. }) => {
                Self { record_id, from: *from, applied_on: Some(*applied_on), method: AttachmentMethod::NONE, reason: *reason }
            }
            AnyRecord::Attachment(AttachmentRecord { attached_from: from, method, .. }) => {
                Self { record_id, from: *from, applied_on: None, method: *method, reason: OperationReason::NONE }
            }
        }
    }

    /// Operation code with its letter.
    fn reason_name(&self) -> Option<String> {
        (self.reason != OperationReason::NONE).then(|| format!("П{:03}", self.reason.code()))
    }

    /// Columns of one side of all decisions; null if the side is an override and no record.
    fn columns<'s>(sides: impl Iterator<Item = Option<&'s Self>> + Clone) -> [ArrayRef; 5] {
        let sides = || sides.clone();
        let days = |value: fn(&Self) -> Option<Date>| {
            Arc::new(sides().map(|side| side.and_then(value).map(Date::days)).collect::<Date32Array>())
        };
        [
            Arc::new(sides().map(|side| side?.record_id.as_deref()).collect::<StringArray>()),
            days(|side| Some(side.from)),
            days(|side| side.applied_on),
            Arc::new(sides().map(|side| optional_number(side?.method.code(), 0)).collect::<Int32Array>()),
            Arc::new(sides().map(|side| side?.reason_name()).collect::<StringArray>()),
        ]
    }
}

impl DecisionRows {
    /// A table without rows.
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a decision.
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, subject: Subject, decision: &Decision) {
        let winner = match decision.winner {
            Winner::Record(record) => SideLine::of_record(view, record),
            Winner::Override(entry) => {
                SideLine { source: view.job.sources.len(), line: view.job.overrides.entries()[entry as usize].line }
            }
        };
        let loser = SideLine::of_record(view, decision.loser);
        let winner_record = match decision.winner {
            Winner::Record(record) => Some(RecordSide::from_record(view, record)),
            Winner::Override(_) => None,
        };
        let loser_record = RecordSide::from_record(view, decision.loser);
        self.rows.push(DecisionRow { person_id: id, subject, decision: *decision, loser, winner, loser_record, winner_record });
    }

    /// Arrow batch of the rows.
    pub fn finish(self, job: &Job, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let rows = &self.rows;
        let text = |value: &dyn Fn(&DecisionRow) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(value)))
        };
        let organisation = |row: &DecisionRow, id: OrganisationId| match row.subject {
            Subject::Clinic(_) => job.clinics.get(id.clinic()).code.as_str(),
            Subject::Insurer => job.insurers.get(id.insurer()).code.as_str(),
        };
        let words = |value: &dyn Fn(&DecisionRow) -> u32, shared: &ArrayRef| {
            let mut column = DictionaryColumn::with_capacity(rows.len());
            rows.iter().for_each(|row| column.push(value(row)));
            column.finish(shared)
        };
        let lines = |value: &dyn Fn(&DecisionRow) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| value(row) as i64)))
        };
        let mut profile = small_numbers(rows.len());
        for row in rows {
            profile.push_option(match row.subject {
                Subject::Clinic(profile) => Some(i32::from(profile.code())),
                Subject::Insurer => None,
            });
        }
        let days = |value: fn(&Decision) -> Date| -> ArrayRef {
            Arc::new(rows.iter().map(|row| value(&row.decision).known().map(Date::days)).collect::<Date32Array>())
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.person_id.number()))),
            text(&|row| row.subject.name()),
            profile.finish(),
            text(&|row| row.decision.outcome.name()),
            words(&|row| row.decision.rule as u32, &texts.rules),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| organisation(row, row.decision.losing)))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| organisation(row, row.decision.winning)))),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.decision.start.days()))),
            words(&|row| row.loser.source as u32, &texts.sources),
            lines(&|row| row.loser.line),
            words(&|row| row.winner.source as u32, &texts.sources),
            lines(&|row| row.winner.line),
        ];
        columns.extend(RecordSide::columns(rows.iter().map(|row| Some(&row.loser_record))));
        columns.extend(RecordSide::columns(rows.iter().map(|row| row.winner_record.as_ref())));
        columns.extend([days(|decision| decision.counted_on), days(|decision| decision.taken_on)]);
        OutputTable::Decisions.spec().batch(columns)
    }
}
