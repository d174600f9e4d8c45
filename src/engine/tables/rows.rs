//! Small pieces that several tables are made of: where a record stands, the texts that many rows share.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{ListEnds, NumberColumn, TextColumn, WordColumn, lists};
use crate::engine::view::RunView;
use crate::job::Job;
use sverka_model::{Code, Date, InternedText, InternedTexts, TextKind};
use sverka_publish::OutputTable;

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

    /// All names, by source.
    pub fn texts(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(&self.names))
    }

    /// Place of a source when all are sorted by name.
    pub fn rank(&self, source: usize) -> u32 {
        self.ranks[source]
    }
}

/// Texts that the row groups of all tables share, by their numbers.
pub(in crate::engine) struct SharedTexts {
    /// Words of the sources.
    pub interned: ArrayRef,
    /// Codes of insurers, by their indices.
    pub insurers: ArrayRef,
    /// Codes of clinics, by their indices.
    pub clinics: ArrayRef,
    /// Names of sources, by their indices, and behind them that of the file of overrides, if there is one.
    pub sources: ArrayRef,
    /// Names of rules, by their codes.
    pub rules: ArrayRef,
}

impl SharedTexts {
    /// The texts of a run.
    pub fn new(job: &Job, interned: &InternedTexts) -> Self {
        let codes = |codes: &mut dyn Iterator<Item = &str>| -> ArrayRef { Arc::new(StringArray::from_iter_values(codes)) };
        Self {
            interned: Arc::new(interned.texts().clone()),
            insurers: codes(&mut job.insurers.iter().map(|insurer| insurer.code.as_str())),
            clinics: codes(&mut job.clinics.iter().map(|clinic| clinic.code.as_str())),
            sources: codes(
                &mut job
                    .sources
                    .iter()
                    .map(|source| source.name.as_str())
                    .chain(Some(job.overrides.file()).filter(|file| !file.is_empty())),
            ),
            rules: codes(&mut Code::ALL.iter().map(|code| code.name())),
        }
    }
}

/// The three parallel lists that name the records a stay rests on.
pub(super) struct RecordLists {
    table: OutputTable,
    ends: ListEnds,
    sources: WordColumn,
    lines: NumberColumn<Int64Type>,
    ids: TextColumn,
    elements: usize,
}

impl RecordLists {
    /// Room for `rows` stays, most of which rest on one record.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        const ID_BYTES: usize = 12;
        Self {
            table,
            ends: ListEnds::with_capacity(rows),
            sources: WordColumn::with_capacity(rows),
            lines: NumberColumn::with_capacity(rows, -1),
            ids: TextColumn::with_capacity(rows, ID_BYTES),
            elements: 0,
        }
    }

    pub fn push(&mut self, view: RunView<'_>, of_stay: impl Iterator<Item = u32>) {
        for record in of_stay {
            let (source, line) = view.position(record);
            self.sources.push(source as u32);
            self.lines.push(line as i64);
            self.ids.push_or_null(view.records.text(record, TextKind::RecordId).bytes());
            self.elements += 1;
        }
        self.ends.push(self.elements);
    }

    pub fn finish(self, texts: &SharedTexts) -> [ArrayRef; 3] {
        let (spec, ends) = (self.table.spec(), self.ends.finish());
        [
            lists(spec.element_of_words("record_sources"), &ends, self.sources.finish(&texts.sources)),
            lists(spec.element("record_lines"), &ends, self.lines.finish()),
            lists(spec.element("record_ids"), &ends, self.ids.finish()),
        ]
    }
}

/// The number of a word; none for the empty one.
#[inline]
pub(super) fn some_word(word: InternedText) -> Option<u32> {
    (word != InternedText::NONE).then_some(word.id())
}

/// Null for a number that means absence.
#[inline]
pub(super) fn some_number(number: u8, absent: u8) -> Option<i32> {
    (number != absent).then_some(i32::from(number))
}

/// A column of dates in which [`Date::NEVER`] is null.
pub(super) fn dates(rows: usize) -> NumberColumn<Date32Type> {
    NumberColumn::with_capacity(rows, Date::NEVER.days())
}

/// A column of small numbers.
pub(super) fn small_numbers(rows: usize) -> NumberColumn<Int32Type> {
    NumberColumn::with_capacity(rows, i32::MIN)
}

/// A column of persons' numbers.
pub(super) fn person_ids(rows: usize) -> NumberColumn<Int64Type> {
    NumberColumn::with_capacity(rows, 0)
}
