//! Small pieces that several tables are made of: where a record stands, dates, optional texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Builder, ListBuilder, StringBuilder};

use crate::identifier::Date;
use crate::intake::TextKind;
use crate::job::Job;
use crate::engine::view::RunView;
use crate::publish::OutputTable;

/// Names of the sources and their order over both tables.
pub(in crate::engine) struct SourceNames<'j> {
    names: Vec<&'j str>,
    ranks: Vec<u32>,
}

impl<'j> SourceNames<'j> {
    /// The sources of a job.
    pub fn new(job: &'j Job) -> Self {
        let names: Vec<&str> = job.sources.iter().map(|source| source.name.as_str()).collect();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by_key(|&source| names[source]);
        let mut ranks = vec![0; names.len()];
        for (rank, source) in order.into_iter().enumerate() {
            ranks[source] = rank as u32;
        }
        Self { names, ranks }
    }

    /// Name of a source.
    pub fn name(&self, source: usize) -> &'j str {
        self.names[source]
    }

    /// Place of a source when all are sorted by name.
    pub fn rank(&self, source: usize) -> u32 {
        self.ranks[source]
    }

    /// Source and physical line of a record.
    pub fn position(&self, view: RunView<'_>, record: u32) -> (&'j str, i64) {
        let (source, line) = view.position(record);
        (self.names[source], line as i64)
    }
}

/// The three parallel lists that name the records a stay rests on.
pub(super) struct RecordLists {
    sources: ListBuilder<StringBuilder>,
    lines: ListBuilder<Int64Builder>,
    ids: ListBuilder<StringBuilder>,
}

impl RecordLists {
    /// Room for `rows` stays, most of which rest on one record.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        const SOURCE_BYTES: usize = 32;
        const ID_BYTES: usize = 12;
        let spec = table.spec();
        let texts = |bytes: usize| ListBuilder::with_capacity(StringBuilder::with_capacity(rows, rows * bytes), rows);
        Self {
            sources: texts(SOURCE_BYTES).with_field(spec.element("record_sources")),
            lines: ListBuilder::with_capacity(Int64Builder::with_capacity(rows), rows).with_field(spec.element("record_lines")),
            ids: texts(ID_BYTES).with_field(spec.element("record_ids")),
        }
    }

    pub fn push(&mut self, names: &SourceNames<'_>, view: RunView<'_>, of_stay: impl Iterator<Item = u32>) {
        for record in of_stay {
            let (source, line) = names.position(view, record);
            self.sources.values().append_value(source);
            self.lines.values().append_value(line);
            self.ids.values().append_option(some(view.records.text(record, TextKind::RecordId)));
        }
        self.sources.append(true);
        self.lines.append(true);
        self.ids.append(true);
    }

    pub fn finish(mut self) -> [ArrayRef; 3] {
        [Arc::new(self.sources.finish()), Arc::new(self.lines.finish()), Arc::new(self.ids.finish())]
    }
}

/// Null for an empty text.
pub(super) fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Null for a number that means absence.
pub(super) fn some_number(number: u8, absent: u8) -> Option<i32> {
    (number != absent).then_some(i32::from(number))
}

/// Dates that are all there.
pub(super) fn dates(dates: Vec<i32>) -> ArrayRef {
    Arc::new(Date32Array::from(dates))
}

/// Dates of which some are null.
pub(super) fn optional_dates(dates: Vec<Option<i32>>) -> ArrayRef {
    Arc::new(Date32Array::from(dates))
}

/// A date as outputs store it; null when there is none.
pub(super) fn known(date: Date) -> Option<i32> {
    date.known().map(Date::days)
}

/// Appends `number` with leading zeros, `width` digits; null when it is 0.
pub(super) fn push_digits(column: &mut StringBuilder, number: u64, width: usize) {
    if number == 0 {
        column.append_null();
        return;
    }
    let mut digits = [b'0'; 20];
    let mut rest = number;
    for place in digits[..width].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    column.append_value(str::from_utf8(&digits[..width]).unwrap_or_default());
}
