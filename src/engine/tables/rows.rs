//! Common parts of several tables: order of sources, texts of dictionary columns, lists of records, constructors of
//! columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{DictionaryColumn, ListEnds, NumberColumn, TextColumn, lists};
use super::findings::FindingContext;
use crate::engine::record_view::RecordView;
use crate::job::Job;
use sverka_kernel::shuffle::{RankedSource, SortKeyRanges};
use sverka_model::{Code, Date, InternedText, InternedTexts, PersonId, RowIds, SourceLine, TextKind};
use sverka_publish::OutputTable;

/// Order of tables that are sorted by source name and line.
pub(in crate::engine) struct TableOrder<'j> {
    names: SourceNames<'j>,
    ranges: SortKeyRanges,
}

impl<'j> TableOrder<'j> {
    /// Order of the tables of a job.
    pub fn new(job: &'j Job, row_ids: &RowIds) -> Self {
        let names = SourceNames::new(job);
        let ranked = |source| RankedSource { rank: names.rank(source), lines: row_ids.lines(source) };
        let mut sources: Vec<RankedSource> = (0..job.sources.len()).map(ranked).collect();
        sources.sort_unstable();
        Self { names, ranges: SortKeyRanges::new(&sources) }
    }

    /// Context of all findings; `is_wanted` says whether their table is written.
    pub fn finding_context<'r>(&'r self, job: &'r Job, row_ids: &'r RowIds, is_wanted: bool) -> FindingContext<'r> {
        FindingContext { sources: &job.sources, names: &self.names, row_ids, ranges: &self.ranges, is_wanted }
    }
}

/// Names of the sources of a job, and their ranks by name.
pub(in crate::engine) struct SourceNames<'j> {
    names: Vec<&'j str>,
    ranks: Vec<u32>,
}

impl<'j> SourceNames<'j> {
    /// Names of the sources of a job.
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

    /// Names of all sources, by index.
    pub fn texts(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(&self.names))
    }

    /// Rank of a source by name among all sources.
    pub fn rank(&self, source: usize) -> u32 {
        self.ranks[source]
    }
}

/// Dictionaries of the dictionary columns, shared by the row groups of all tables.
pub(in crate::engine) struct SharedTexts {
    /// Interned texts of the sources, by id.
    pub interned: ArrayRef,
    /// Codes of insurers, by index.
    pub insurers: ArrayRef,
    /// Codes of clinics, by index.
    pub clinics: ArrayRef,
    /// Names of sources, by index; then the name of the overrides file, if there is one.
    pub sources: ArrayRef,
    /// Names of rules, by code.
    pub rules: ArrayRef,
}

impl SharedTexts {
    /// Dictionaries of a run.
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

/// The three parallel list columns that name the records behind each stay.
pub(super) struct RecordLists {
    table: OutputTable,
    ends: ListEnds,
    sources: DictionaryColumn,
    lines: NumberColumn<Int64Type>,
    ids: TextColumn,
    elements: usize,
}

impl RecordLists {
    /// Empty lists with room for `rows` stays; most stays rest on one record.
    pub fn with_capacity(table: OutputTable, rows: usize) -> Self {
        const ID_BYTES: usize = 12;
        Self {
            table,
            ends: ListEnds::with_capacity(rows),
            sources: DictionaryColumn::with_capacity(rows),
            lines: NumberColumn::with_capacity(rows, -1),
            ids: TextColumn::with_capacity(rows, ID_BYTES),
            elements: 0,
        }
    }

    pub fn push(&mut self, view: RecordView<'_>, of_stay: impl Iterator<Item = u32>) {
        for record in of_stay {
            let SourceLine { source, line } = view.source_line(record);
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
            lists(spec.dictionary_element("record_sources"), &ends, self.sources.finish(&texts.sources)),
            lists(spec.element("record_lines"), &ends, self.lines.finish()),
            lists(spec.element("record_ids"), &ends, self.ids.finish()),
        ]
    }
}

/// Id of an interned text; none for the empty one.
#[inline]
pub(super) fn optional_text(text: InternedText) -> Option<u32> {
    (text != InternedText::NONE).then_some(text.id())
}

/// A number, or null when it equals `absent`.
#[inline]
pub(super) fn optional_number(number: u8, absent: u8) -> Option<i32> {
    (number != absent).then_some(i32::from(number))
}

/// An empty column of dates in which [`Date::NEVER`] is null.
pub(super) fn dates(rows: usize) -> NumberColumn<Date32Type> {
    NumberColumn::with_capacity(rows, Date::NEVER.days())
}

/// An empty column of 32-bit numbers.
pub(super) fn small_numbers(rows: usize) -> NumberColumn<Int32Type> {
    NumberColumn::with_capacity(rows, i32::MIN)
}

/// An empty column of person ids, in which [`PersonId::NONE`] is null.
pub(super) fn person_ids(rows: usize) -> NumberColumn<Int64Type> {
    NumberColumn::with_capacity(rows, PersonId::NONE.number())
}
