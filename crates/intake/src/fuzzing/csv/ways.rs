//! Ways of reading a text, which all give the same rows.

use std::collections::BTreeSet;
use std::io::{self, Read};

use crate::binding::Bindings;
use crate::fields::RowFields;
use crate::header::Header;
use crate::layout::{Delimited, Layout};
use crate::long_lines::LongLines;
use crate::text_stream::{BufferSizes, rows_of_stream};
use crate::{Chunk, ChunkReader, Chunks, RowBytes, RowFault};
use sverka_model::{Field, Table};

/// Text with its header, bindings and layout.
pub(super) struct Source<'s> {
    pub text: &'s [u8],
    pub form: &'s Delimited,
    pub header: &'s Header,
    pub bindings: &'s Bindings,
    pub layout: &'s Layout,
    pub table: Table,
}

/// Rows that were read.
#[derive(PartialEq, Eq)]
pub(super) struct FoundRows {
    pub rows: Vec<String>,
    pub lines: u64,
}

impl FoundRows {
    /// Notes the behaviours.
    pub fn kinds(&self, behaviours: &mut BTreeSet<String>) {
        behaviours.insert(format!("rows {}", self.rows.len().min(3)));
        for row in &self.rows {
            let (place, values) = row.split_once(": ").expect("a place before the values");
            let is_fault = |values: &&str| values.bytes().all(|byte| byte.is_ascii_digit() || byte == b'E' || byte == b'Q');
            behaviours.insert(match values.strip_prefix('!').filter(is_fault) {
                Some(fault) => format!("fault {}", fault.trim_end_matches(|sign: char| sign.is_ascii_digit())),
                None => format!("part {}", place.rsplit('.').next().unwrap_or_default()),
            });
        }
    }
}

impl Source<'_> {
    fn reader(&self) -> ChunkReader<'_> {
        ChunkReader::new(self.form, self.header.encoding.encoding, self.bindings)
    }

    /// The text up to the end of its rows.
    fn rows_text(&self) -> &[u8] {
        &self.text[..self.header.data_to]
    }

    /// Rows of the mapped text in chunks of about `chunk_bytes`.
    pub fn mapped(&self, chunk_bytes: usize) -> FoundRows {
        let chunks = Chunks::plan(self.text, self.layout, self.header, chunk_bytes);
        let (mut rows, mut lines, mut before) = (Vec::new(), 0, self.header.data_from);
        let mut reader = self.reader();
        for index in 0..chunks.count() {
            let Chunk { from, to } = chunks.get(self.text, index, LongLines::default());
            // A chunk inside a line that began before it is empty.
            if from == to {
                continue;
            }
            assert!(from == before && to > from, "chunks lie side by side");
            before = to;
            let mut recorder = RowRecorder { source: self, rows: &mut rows, lines };
            lines += u64::from(reader.rows(self.rows_text(), &Chunk { from, to }, &mut recorder.visitor()));
        }
        assert!(chunks.count() == 0 || before == self.header.data_to, "chunks have everything");
        FoundRows { rows, lines }
    }

    /// Rows of the text as a stream in blocks of `sizes`, from an input that gives `at_a_time` bytes at a time.
    fn streamed(&self, sizes: BufferSizes, at_a_time: usize) -> FoundRows {
        let mut rows = Vec::new();
        let mut input = SlowReader { rest: self.text, at_a_time };
        let mut recorder = RowRecorder { source: self, rows: &mut rows, lines: 0 };
        let from = self.header.data_from;
        let end = rows_of_stream(&mut self.reader(), from, sizes, &mut input, &|| 0, &mut recorder.visitor());
        assert!(end.broken.is_none());
        FoundRows { rows, lines: end.lines }
    }

    /// Panics unless every other way gives the same rows as `whole`.
    pub fn assert_all_agree(&self, whole: &FoundRows) {
        let sizes: &[usize] = match self.text.len() {
            0..2_000 => &[1, 2, 7, 64],
            2_000..20_000 => &[64, 1001],
            _ => &[20_001, 1 << 20],
        };
        for &size in sizes {
            self.assert_same(whole, &self.mapped(size), &format!("in chunks of {size}"));
        }
        if self.form.multiline && self.header.encoding.encoding.is_utf16() {
            return;
        }
        let blocks: &[(usize, usize)] = match self.text.len() {
            0..2_000 => &[(1, 1), (3, 2), (16, 5)],
            2_000..20_000 => &[(64, 64), (1001, 7)],
            _ => &[(1 << 20, 1 << 20), (20_000, 7777)],
        };
        for &(block_bytes, at_a_time) in blocks {
            let sizes = BufferSizes { block_bytes, ..BufferSizes::DEFAULT };
            self.assert_same(whole, &self.streamed(sizes, at_a_time), &format!("in blocks of {block_bytes}"));
        }
    }

    /// Panics unless the rows are the same.
    fn assert_same(&self, whole: &FoundRows, other: &FoundRows, how: &str) {
        let difference = whole
            .rows
            .iter()
            .zip(&other.rows)
            .position(|(one, other)| one != other)
            .unwrap_or(whole.rows.len().min(other.rows.len()));
        assert!(
            whole == other,
            "{:?} {how}: {} lines and not {}, from row {difference} on\n{:?}\nand not\n{:?}",
            self.table,
            other.lines,
            whole.lines,
            other.rows.get(difference),
            whole.rows.get(difference)
        );
    }
}

/// Recorder of rows as `line+offset.part: value|value` or `line+offset.part: !fault`.
struct RowRecorder<'t> {
    source: &'t Source<'t>,
    rows: &'t mut Vec<String>,
    lines: u64,
}

impl RowRecorder<'_> {
    fn visitor(&mut self) -> impl FnMut(RowBytes<'_>, Result<RowFields<'_>, RowFault>) + '_ {
        |at, fields| {
            let raw = &self.source.text[at.offset as usize..][..at.raw.len()];
            assert!(raw == at.raw, "a row has its bytes in the text");
            let mut row = format!("{}+{}.{}: ", self.lines + u64::from(at.line), at.offset, at.part);
            match fields {
                Ok(fields) => {
                    let record =
                        self.source.layout.records_of(self.source.table).nth(at.part as usize).expect("a record of the layout");
                    for (index, bound) in record.fields.iter().enumerate() {
                        row.extend((index > 0).then_some('|'));
                        row.push_str(value(&fields, bound.field));
                    }
                }
                Err(fault) => row.push_str(&fault_text(fault)),
            }
            self.rows.push(row);
        }
    }
}

/// A value. Panics unless all methods of the fields give it.
fn value<'f>(fields: &RowFields<'f>, field: Field) -> &'f str {
    let value = fields.get(field);
    assert_eq!(fields.bytes(field), value.as_bytes());
    assert_eq!(String::from_utf8_lossy(fields.untrimmed_bytes(field)).trim(), value);
    value
}

/// A fault as `!` and letters: E for bytes, Q for quotes, a number of fields.
pub(in crate::fuzzing) fn fault_text(fault: RowFault) -> String {
    let letter = |is_set: bool, letter| if is_set { letter } else { "" };
    let fields = fault.fields.map_or(String::new(), |fields| fields.to_string());
    format!("!{}{}{fields}", letter(fault.encoding, "E"), letter(fault.quote, "Q"))
}

/// Input that gives a few bytes at a time.
pub(in crate::fuzzing) struct SlowReader<'b> {
    pub rest: &'b [u8],
    pub at_a_time: usize,
}

impl Read for SlowReader<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.at_a_time.min(to.len());
        self.rest.read(&mut to[..length])
    }
}
