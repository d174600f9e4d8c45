//! `insurance_stays`, `attachment_stays` and `decisions`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringBuilder};

use super::rows::{RecordLists, SourceNames, dates, known, optional_dates, some_number};
use crate::engine::person::Subject;
use crate::engine::view::RunView;
use crate::publish::{OutputTable, PublishError};
use crate::timeline::{Claim, Decision, Stays};

/// Rows of one of the two tables of stays.
pub(in crate::engine) struct StayRows {
    table: OutputTable,
    person_id: Vec<i64>,
    profile: Vec<i32>,
    organisation: StringBuilder,
    from: Vec<i32>,
    to: Vec<Option<i32>>,
    method: Vec<Option<i32>>,
    unresolved: Vec<bool>,
    records: RecordLists,
}

impl StayRows {
    /// No rows yet of [`OutputTable::InsuranceStays`] or [`OutputTable::AttachmentStays`], room for `rows`.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        const CODE_BYTES: usize = 6;
        Self {
            table,
            person_id: Vec::with_capacity(rows),
            profile: Vec::with_capacity(rows),
            organisation: StringBuilder::with_capacity(rows, rows * CODE_BYTES),
            from: Vec::with_capacity(rows),
            to: Vec::with_capacity(rows),
            method: Vec::with_capacity(rows),
            unresolved: Vec::with_capacity(rows),
            records: RecordLists::with_capacity(table, rows),
        }
    }

    /// The stays of one person (and profile), with organisations by their codes.
    pub fn push<'c>(
        &mut self,
        names: &SourceNames<'_>,
        view: RunView<'_>,
        (id, profile): (i64, u8),
        stays: &Stays,
        claims: &[Claim],
        code: impl Fn(u16) -> &'c str,
    ) {
        for stay in stays.as_slice() {
            self.person_id.push(id);
            self.profile.push(i32::from(profile));
            self.organisation.append_value(code(stay.organisation));
            self.from.push(stay.from.days());
            self.to.push(known(stay.to));
            self.method.push(some_number(stay.method, 0));
            self.unresolved.push(stay.unresolved);
            self.records.push(names, view, stays.claims_of(stay).iter().map(|&index| claims[index as usize].record));
        }
    }

    /// The rows as a batch.
    pub fn finish(mut self) -> Result<RecordBatch, PublishError> {
        let attachments = self.table == OutputTable::AttachmentStays;
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(self.person_id))];
        if attachments {
            columns.push(Arc::new(Int32Array::from(self.profile)));
        }
        columns.extend([Arc::new(self.organisation.finish()) as ArrayRef, dates(self.from), optional_dates(self.to)]);
        if attachments {
            columns.push(Arc::new(Int32Array::from(self.method)));
        }
        columns.push(Arc::new(BooleanArray::from(self.unresolved)));
        columns.extend(self.records.finish());
        self.table.spec().batch(columns)
    }
}

/// Rows of `decisions`.
#[derive(Default)]
pub(in crate::engine) struct DecisionRows {
    person_id: Vec<i64>,
    subject: StringBuilder,
    profile: Vec<Option<i32>>,
    outcome: StringBuilder,
    rule: StringBuilder,
    losing: StringBuilder,
    winning: StringBuilder,
    start: Vec<i32>,
    loser_source: StringBuilder,
    loser_line: Vec<i64>,
    winner_source: StringBuilder,
    winner_line: Vec<i64>,
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

impl DecisionRows {
    /// One decision, with organisations by their codes.
    pub fn push(
        &mut self,
        names: &SourceNames<'_>,
        view: RunView<'_>,
        id: i64,
        subject: Subject,
        decision: &Decision,
        codes: [&str; 2],
    ) {
        self.person_id.push(id);
        self.subject.append_value(subject.name());
        self.profile.push(match subject {
            Subject::Clinic(profile) => Some(i32::from(profile)),
            Subject::Insurer => None,
        });
        self.outcome.append_value(decision.outcome.name());
        self.rule.append_value(decision.rule.name());
        self.losing.append_value(codes[0]);
        self.winning.append_value(codes[1]);
        self.start.push(decision.start.days());
        let (source, line) = names.position(view, decision.loser);
        self.loser_source.append_value(source);
        self.loser_line.push(line);
        let (source, line) = names.position(view, decision.winner);
        self.winner_source.append_value(source);
        self.winner_line.push(line);
    }

    /// The rows as a batch.
    pub fn finish(mut self) -> Result<RecordBatch, PublishError> {
        OutputTable::Decisions.spec().batch(vec![
            Arc::new(Int64Array::from(self.person_id)),
            Arc::new(self.subject.finish()),
            Arc::new(Int32Array::from(self.profile)),
            Arc::new(self.outcome.finish()),
            Arc::new(self.rule.finish()),
            Arc::new(self.losing.finish()),
            Arc::new(self.winning.finish()),
            dates(self.start),
            Arc::new(self.loser_source.finish()),
            Arc::new(Int64Array::from(self.loser_line)),
            Arc::new(self.winner_source.finish()),
            Arc::new(Int64Array::from(self.winner_line)),
        ])
    }
}
