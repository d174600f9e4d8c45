//! The visitor of the rows of one chunk: it checks each row, and passes it on as accepted or quarantined.
//!
//! The reading of chunks and the workers are not known here.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::checked_row::CheckedRow;
use super::checker::RowChecker;
use super::completeness::FilledFieldTally;
use super::context::CheckContext;
use super::odd_documents::OddDocuments;
use super::plan::ReadSource;
use super::residence::residence_of;
use super::row_check::NotedAttribute;
use sverka_intake::{KEPT_ROW_BYTES, RowBytes, RowFault, RowFields, RowVisitor};
use sverka_model::{
    Code, Field, QuarantinedRow, RecordPosition, RowFinding, RowId, RowOwner, RowShape, RowSink, SparseAttribute,
};

/// Counter of the quarantined rows of one source.
pub(super) struct QuarantineTally<'w> {
    /// Index of the source in the plan.
    pub source: u32,
    /// Quarantined rows by source and owner.
    pub counts: &'w mut BTreeMap<(u32, RowOwner), u64>,
}

impl QuarantineTally<'_> {
    /// Counts a row and gives it to the sink; `line` is its line in the chunk.
    pub fn pass_on(&mut self, line: u32, row: &QuarantinedRow, sink: &mut impl RowSink) {
        *self.counts.entry((self.source, row.owner)).or_default() += 1;
        sink.quarantined(line, row);
    }
}

/// Visitor that checks the rows of one chunk.
pub(super) struct CheckingVisitor<'w, 'p, 's, R, S> {
    /// Index of the chunk in the plan.
    pub chunk: u32,
    /// Index of the source in the plan.
    pub source_index: u32,
    /// Number of the chunk within its source.
    pub chunk_of_source: usize,
    pub source: &'w ReadSource<'s>,
    pub checker: &'w mut RowChecker<'p>,
    pub sink: &'w mut S,
    pub quarantine: QuarantineTally<'w>,
    pub odd: &'w mut OddDocuments,
    /// Index of the decision and whether the row would have been accepted, for each ignored row and decision.
    pub ignored: &'w mut Vec<(u32, bool)>,
    pub tally: &'w mut FilledFieldTally,
    pub advance: &'w (dyn Fn(u64) + Sync),
    pub go_on: &'w dyn Fn() -> bool,
    /// Rows so far.
    pub rows: u64,
    /// Accepted rows so far.
    pub accepted: u64,
    /// Bytes reported to `advance` so far.
    pub reported_bytes: u64,
    pub table: PhantomData<R>,
}

impl<R: CheckedRow, S: RowSink> RowVisitor for CheckingVisitor<'_, '_, '_, R, S> {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self.rows += 1;
        let parts = self.source.bindings.parts();
        let row_id = RowId::of_record(RecordPosition { chunk: self.chunk, line: at.line, part: at.part, parts });
        if self.source.ignored.is_some() && self.ignore(row_id, at, fields.as_ref()) {
            return;
        }
        let fields = match fields {
            Ok(fields) => fields,
            Err(fault) => {
                if let Some(found) = fault.fields {
                    let expected = self.source.document.columns() as u32;
                    self.sink.misshapen(RowShape { expected, found: found as u32 });
                }
                fault.flaw.into_iter().for_each(|flaw| self.odd.note_flaw(self.source_index, flaw, row_id));
                self.quarantine.pass_on(
                    at.line,
                    &quarantined(row_id, at, RowSender::unknown::<R>(), &row_faults(fault)),
                    self.sink,
                );
                return;
            }
        };
        let checked = self.checker.check::<R>(fields);
        let Some(mut record) = checked else {
            let is_header = fields.repeats_header(self.source.document.layout());
            let found = if is_header { &[(Code::RowHeader, None)] } else { self.checker.findings() };
            self.sink.found_in(&fields, found);
            let sender = RowSender::from_fields::<R>(&fields, self.checker.context());
            self.quarantine.pass_on(at.line, &quarantined(row_id, at, sender, found), self.sink);
            return;
        };
        self.accepted += 1;
        record.identity_mut().row_id = row_id;
        if !self.checker.findings().is_empty() {
            self.sink.found_in(&fields, self.checker.findings());
        }
        for &(code, field) in self.checker.findings() {
            self.sink.finding(record.identity().birth_date, RowFinding { row_id, code, field });
        }
        for &NotedAttribute { kind, number, day } in self.checker.attributes() {
            self.sink.sparse_attribute(record.identity().birth_date, SparseAttribute::new(row_id, kind, number, day));
        }
        if let Some(residence) = residence_of(&fields) {
            self.sink.residence(record.identity().birth_date, row_id, residence);
        }
        record.pass_on([Field::RecordId, Field::PolicyNumber, Field::DocNumber].map(|field| fields.bytes(field)), self.sink);
        self.tally.count(record.organisation(), fields.filled(UNREAD_FIELDS));
    }

    fn pause(&mut self, bytes: u64) -> bool {
        (self.advance)(bytes);
        self.reported_bytes += bytes;
        self.sink.after_chunk() && (self.go_on)()
    }
}

impl<R: CheckedRow, S: RowSink> CheckingVisitor<'_, '_, '_, R, S> {
    /// Quarantines the row if people decided to ignore it, with all its findings; returns whether it did.
    #[cold]
    fn ignore(&mut self, row_id: RowId, at: RowBytes<'_>, fields: Result<&RowFields<'_>, &RowFault>) -> bool {
        let Some(rows) = &self.source.ignored else { return false };
        let record_id = fields.map_or("", |fields| fields.get(Field::RecordId));
        let mut decisions = rows.decisions(self.chunk_of_source as u32, at.line, record_id).peekable();
        if decisions.peek().is_none() {
            return false;
        }
        let (accepted, mut found) = match fields {
            Ok(fields) => match self.checker.check::<R>(*fields) {
                None if fields.repeats_header(self.source.document.layout()) => (false, vec![(Code::RowHeader, None)]),
                checked => (checked.is_some(), self.checker.findings().to_vec()),
            },
            Err(fault) => (false, row_faults(*fault)),
        };
        found.push((Code::OverrideIgnored, None));
        self.ignored.extend(decisions.map(|entry| (entry, accepted)));
        let sender =
            fields.map_or(RowSender::unknown::<R>(), |fields| RowSender::from_fields::<R>(fields, self.checker.context()));
        self.quarantine.pass_on(at.line, &quarantined(row_id, at, sender, &found), self.sink);
        true
    }
}

/// Record id of a row, and the organisation that the row names.
#[derive(Clone, Copy)]
pub(super) struct RowSender<'r> {
    record_id: &'r str,
    owner: RowOwner,
}

impl<'r> RowSender<'r> {
    /// The sender of a row that cannot be read.
    pub fn unknown<R: CheckedRow>() -> Self {
        Self { record_id: "", owner: R::NOBODY }
    }

    fn from_fields<R: CheckedRow>(fields: &RowFields<'r>, context: CheckContext<'_>) -> Self {
        Self { record_id: fields.get(Field::RecordId), owner: R::named(*fields, context) }
    }
}

/// Bit set of the fields that the checks of an accepted row may leave unread.
const UNREAD_FIELDS: u64 = {
    const FIELDS: [Field; 10] = [
        Field::DocIssuedOn,
        Field::DocExpiresOn,
        Field::RepresentativeEnp,
        Field::BirthRegisteredOn,
        Field::ChangedOn,
        Field::ServiceFrom,
        Field::ServiceTo,
        Field::Address,
        Field::Reliability,
        Field::Settlement,
    ];
    let (mut unread, mut index) = (0, 0);
    while index < FIELDS.len() {
        unread |= 1 << FIELDS[index] as u32;
        index += 1;
    }
    unread
};

/// The findings of a row whose fields cannot be read.
fn row_faults(fault: RowFault) -> Vec<(Code, Option<Field>)> {
    [
        (fault.encoding, Code::RowEncoding),
        (fault.quote, Code::RowQuote),
        (fault.fields.is_some(), Code::RowShape),
        (fault.flaw.is_some(), Code::RecordBroken),
    ]
    .into_iter()
    .filter_map(|(holds, code)| holds.then_some((code, None)))
    .collect()
}

/// A quarantined row with the first bytes of its record.
#[cold]
pub(super) fn quarantined(
    row_id: RowId,
    at: RowBytes<'_>,
    sender: RowSender<'_>,
    found: &[(Code, Option<Field>)],
) -> QuarantinedRow {
    let raw = &at.raw[..at.raw.len().min(KEPT_ROW_BYTES)];
    QuarantinedRow {
        row_id,
        offset: at.offset,
        raw: raw.into(),
        length: at.length(),
        record_id: sender.record_id.into(),
        owner: sender.owner,
        findings: found.into(),
    }
}
