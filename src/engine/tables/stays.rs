//! `insurance_stays`, `attachment_stays` and `decisions`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{BoolColumn, NumberColumn, WordColumn};
use super::rows::{RecordLists, SharedTexts, dates, person_ids, small_numbers, some_number};
use crate::engine::person::Subject;
use crate::engine::view::RunView;
use crate::job::Job;
use sverka_kernel::identity::{AnyRecord, RecordIndex};
use sverka_kernel::timeline::{Claim, Decision, Stays, Winner};
use sverka_model::TextKind;
use sverka_model::{AttachmentRecord, RegisterRecord};
use sverka_model::{Date, OrganisationId};
use sverka_publish::{OutputTable, PublishError};

/// Rows of one of the two tables of stays.
pub(in crate::engine) struct StayRows {
    table: OutputTable,
    person_id: NumberColumn<Int64Type>,
    profile: NumberColumn<Int32Type>,
    organisation: WordColumn,
    from: NumberColumn<Date32Type>,
    to: NumberColumn<Date32Type>,
    death: NumberColumn<Date32Type>,
    method: NumberColumn<Int32Type>,
    unresolved: BoolColumn,
    records: RecordLists,
}

impl StayRows {
    /// No rows yet of [`OutputTable::InsuranceStays`] or [`OutputTable::AttachmentStays`], room for `rows`.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        Self {
            table,
            person_id: person_ids(rows),
            profile: small_numbers(rows),
            organisation: WordColumn::with_capacity(rows),
            from: dates(rows),
            to: dates(rows),
            death: dates(if table == OutputTable::InsuranceStays { rows } else { 0 }),
            method: small_numbers(rows),
            unresolved: BoolColumn::with_capacity(rows),
            records: RecordLists::with_capacity(table, rows),
        }
    }

    /// The insurance of a person, whose death is the day or never.
    pub fn push_insurance(&mut self, view: RunView<'_>, id: i64, stays: &Stays, claims: &[Claim], death: Date) {
        self.push(view, (id, 0), stays, claims);
        stays.as_slice().iter().for_each(|_| self.death.push(death.days()));
    }

    /// The stays of one person (and profile).
    pub fn push(&mut self, view: RunView<'_>, (id, profile): (i64, u8), stays: &Stays, claims: &[Claim]) {
        for stay in stays.as_slice() {
            self.person_id.push(id);
            self.profile.push(i32::from(profile));
            self.organisation.push(u32::from(stay.organisation));
            self.from.push(stay.from.days());
            self.to.push(stay.to.days());
            self.method.push_option(some_number(stay.method, 0));
            self.unresolved.push(Some(stay.unresolved));
            self.records.push(view, stays.claims_of(stay).iter().map(|&index| claims[index as usize].record));
        }
    }

    /// The rows as a batch.
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
    /// The word that outputs use.
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
    person_id: i64,
    subject: Subject,
    decision: Decision,
    /// Sources and lines; the source behind all others is the file of overrides.
    loser: (usize, u64),
    winner: (usize, u64),
    of_loser: Side,
    of_winner: Option<Side>,
}

/// What of a record made it lose or win.
struct Side {
    record_id: Option<Box<str>>,
    from: Date,
    applied_on: Option<Date>,
    /// 0 when absent.
    method: u8,
    /// Without its letter, 0 when absent.
    reason: u8,
}

impl Side {
    fn of(view: RunView<'_>, record: RecordIndex) -> Self {
        let text = view.records.text(record, TextKind::RecordId);
        let record_id = (!text.is_empty()).then(|| (*text).into());
        match view.records.get(record) {
            AnyRecord::Register(RegisterRecord { insured_from: from, applied_on, reason, .. }) => {
                Self { record_id, from: *from, applied_on: Some(*applied_on), method: 0, reason: *reason }
            }
            AnyRecord::Attachment(AttachmentRecord { attached_from: from, method, .. }) => {
                Self { record_id, from: *from, applied_on: None, method: *method, reason: 0 }
            }
        }
    }

    /// The operation code with its letter.
    fn reason_name(&self) -> Option<String> {
        (self.reason != 0).then(|| format!("П{:03}", self.reason))
    }

    /// The columns of one side of all decisions; a decision of people is no record.
    fn columns<'s>(sides: impl Iterator<Item = Option<&'s Self>> + Clone) -> [ArrayRef; 5] {
        let sides = || sides.clone();
        let days = |of: fn(&Self) -> Option<Date>| {
            Arc::new(sides().map(|side| side.and_then(of).map(Date::days)).collect::<Date32Array>())
        };
        [
            Arc::new(sides().map(|side| side?.record_id.as_deref()).collect::<StringArray>()),
            days(|side| Some(side.from)),
            days(|side| side.applied_on),
            Arc::new(sides().map(|side| some_number(side?.method, 0)).collect::<Int32Array>()),
            Arc::new(sides().map(|side| side?.reason_name()).collect::<StringArray>()),
        ]
    }
}

impl DecisionRows {
    /// No rows yet.
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// One decision.
    pub fn push(&mut self, view: RunView<'_>, id: i64, subject: Subject, decision: &Decision) {
        let winner = match decision.winner {
            Winner::Record(record) => view.position(record),
            Winner::Override(entry) => (view.job.sources.len(), view.job.overrides.entries()[entry as usize].line),
        };
        let loser = view.position(decision.loser);
        let of_winner = match decision.winner {
            Winner::Record(record) => Some(Side::of(view, record)),
            Winner::Override(_) => None,
        };
        let of_loser = Side::of(view, decision.loser);
        self.rows.push(DecisionRow { person_id: id, subject, decision: *decision, loser, winner, of_loser, of_winner });
    }

    /// The rows as a batch.
    pub fn finish(self, job: &Job, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let rows = &self.rows;
        let text =
            |of: &dyn Fn(&DecisionRow) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(rows.iter().map(of))) };
        let organisation = |row: &DecisionRow, id: OrganisationId| match row.subject {
            Subject::Clinic(_) => job.clinics.get(id.clinic()).code.as_str(),
            Subject::Insurer => job.insurers.get(id.insurer()).code.as_str(),
        };
        let words = |of: &dyn Fn(&DecisionRow) -> u32, shared: &ArrayRef| {
            let mut column = WordColumn::with_capacity(rows.len());
            rows.iter().for_each(|row| column.push(of(row)));
            column.finish(shared)
        };
        let lines = |of: &dyn Fn(&DecisionRow) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| of(row) as i64)))
        };
        let mut profile = small_numbers(rows.len());
        for row in rows {
            profile.push_option(match row.subject {
                Subject::Clinic(profile) => Some(i32::from(profile)),
                Subject::Insurer => None,
            });
        }
        let days = |of: fn(&Decision) -> Date| -> ArrayRef {
            Arc::new(rows.iter().map(|row| of(&row.decision).known().map(Date::days)).collect::<Date32Array>())
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.person_id))),
            text(&|row| row.subject.name()),
            profile.finish(),
            text(&|row| row.decision.outcome.name()),
            words(&|row| row.decision.rule as u32, &texts.rules),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| organisation(row, row.decision.losing)))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| organisation(row, row.decision.winning)))),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.decision.start.days()))),
            words(&|row| row.loser.0 as u32, &texts.sources),
            lines(&|row| row.loser.1),
            words(&|row| row.winner.0 as u32, &texts.sources),
            lines(&|row| row.winner.1),
        ];
        columns.extend(Side::columns(rows.iter().map(|row| Some(&row.of_loser))));
        columns.extend(Side::columns(rows.iter().map(|row| row.of_winner.as_ref())));
        columns.extend([days(|decision| decision.counted_on), days(|decision| decision.taken_on)]);
        OutputTable::Decisions.spec().batch(columns)
    }
}
