//! `quarantine`: the rows that were not accepted, brought together by blocks of lines and encoded row group by row group in any thread.
//!
//! Rows may be long, so a row group has no more bytes than a thread can bear to hold. Where the rows are cut follows from their numbers and
//! bytes alone: a row belongs to the group that is numbered
//!
//! ```text
//! rows before it / ROW_GROUP_ROWS + bytes before it / GROUP_RAW_BYTES
//! ```
//!
//! Both summands grow from row to row, so that two rows have one number only if they are of one cell of rows and of one cell of bytes. Numbers
//! that no row has are row groups without rows, which leave no trace in the file.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Int64Array, ListBuilder, RecordBatch, StringBuilder};

use super::rows::SourceNames;
use sverka_kernel::shuffle::{QuarantineBlock, QuarantineEntry, QuarantineWriter, Shuffle, SpillError, read_quarantined_rows};
use sverka_model::{Code, RowId, RowIds};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// Bytes of rows in one row group, as far as they are kept.
const GROUP_RAW_BYTES: u64 = 4 << 20;

/// The rows that were not accepted as the row groups of their table.
pub(in crate::engine) struct QuarantineGroups<'r> {
    row_ids: &'r RowIds,
    spans: Vec<Span<'r>>,
    /// The row group behind the last one.
    end: u64,
}

/// Rows on the same lines of one source.
struct Span<'r> {
    /// Place of the source among all sources by name, and the first line.
    position: (u32, u64),
    /// Blocks of one table or, where a document is read for both, of both.
    blocks: Vec<(&'r QuarantineWriter, &'r QuarantineBlock)>,
    /// What comes before.
    before: Passed,
}

/// Rows that were passed, in the order of the table.
#[derive(Clone, Copy, Default)]
struct Passed {
    rows: u64,
    raw_bytes: u64,
}

impl Passed {
    /// The row group of the next row.
    fn group(self) -> u64 {
        self.rows / ROW_GROUP_ROWS as u64 + self.raw_bytes / GROUP_RAW_BYTES
    }
}

impl<'r> QuarantineGroups<'r> {
    /// The rows of an shuffle.
    pub fn new(shuffle: &'r Shuffle, names: &SourceNames<'_>, row_ids: &'r RowIds) -> Self {
        let span = |(writer, block): (&'r QuarantineWriter, &'r QuarantineBlock)| {
            let (source, first_line) = row_ids.source_line(RowId::new(block.chunk, 0));
            let position = (names.rank(source), first_line + u64::from(block.first_line));
            Span { position, blocks: vec![(writer, block)], before: Passed::default() }
        };
        let blocks = shuffle.quarantine().flat_map(|writer| writer.blocks().iter().map(move |block| (writer, block)));
        let mut spans: Vec<Span<'r>> = blocks.map(span).collect();
        spans.sort_unstable_by_key(|span| (span.position, span.blocks[0].1.chunk));
        spans.dedup_by(|later, earlier| {
            let same = later.position == earlier.position;
            if same {
                earlier.blocks.append(&mut later.blocks);
            }
            same
        });
        let mut passed = Passed::default();
        for span in &mut spans {
            span.before = passed;
            passed.rows += span.blocks.iter().map(|(_, block)| block.rows).sum::<u64>();
            passed.raw_bytes += span.blocks.iter().map(|(_, block)| block.raw_bytes).sum::<u64>();
        }
        let end = if passed.rows == 0 { 0 } else { passed.group() + 1 };
        Self { row_ids, spans, end }
    }

    /// How many row groups there are, those without rows among them.
    pub fn count(&self) -> usize {
        self.end as usize
    }

    /// Calls `each` with every row of a row group, in the order of the table.
    pub fn for_each_row(&self, group: usize, mut each: impl FnMut(QuarantineEntry<'_>)) -> Result<(), SpillError> {
        let group = group as u64;
        let first = self.spans.partition_point(|span| span.before.group() < group).saturating_sub(1);
        let mut bytes = Vec::new();
        for span in &self.spans[first..] {
            if span.before.group() > group {
                break;
            }
            bytes.clear();
            span.blocks.iter().try_for_each(|(writer, block)| writer.read(block, &mut bytes))?;
            let mut rows: Vec<QuarantineEntry<'_>> = read_quarantined_rows(&bytes).collect();
            rows.sort_unstable_by_key(|row| (self.row_ids.source_line(row.row_id).1, row.row_id));
            let mut passed = span.before;
            for row in rows {
                if passed.group() == group {
                    each(row);
                }
                passed.rows += 1;
                passed.raw_bytes += row.raw.len() as u64;
            }
        }
        Ok(())
    }
}

/// The columns of a row group while rows are added.
pub(in crate::engine) struct QuarantineColumns<'r> {
    names: &'r SourceNames<'r>,
    row_ids: &'r RowIds,
    sources: StringBuilder,
    lines: Vec<i64>,
    offsets: Vec<i64>,
    raw: BinaryBuilder,
    lengths: Vec<i64>,
    codes: ListBuilder<StringBuilder>,
}

impl<'r> QuarantineColumns<'r> {
    /// No rows yet.
    pub fn new(names: &'r SourceNames<'r>, row_ids: &'r RowIds) -> Self {
        let codes = ListBuilder::new(StringBuilder::new()).with_field(OutputTable::Quarantine.spec().element("codes"));
        let (sources, raw) = (StringBuilder::new(), BinaryBuilder::new());
        Self { names, row_ids, sources, lines: Vec::new(), offsets: Vec::new(), raw, lengths: Vec::new(), codes }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &QuarantineEntry<'_>) {
        let (source, line) = self.row_ids.source_line(row.row_id);
        self.sources.append_value(self.names.name(source));
        self.lines.push(line as i64);
        self.offsets.push(row.offset as i64);
        self.raw.append_value(row.raw);
        self.lengths.push(row.length as i64);
        codes(row).iter().for_each(|code| self.codes.values().append_value(code.name()));
        self.codes.append(true);
    }

    /// The rows as a batch of the table.
    pub fn finish(mut self) -> Result<RecordBatch, PublishError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.sources.finish()),
            Arc::new(Int64Array::from(self.lines)),
            Arc::new(Int64Array::from(self.offsets)),
            Arc::new(self.raw.finish()),
            Arc::new(Int64Array::from(self.lengths)),
            Arc::new(self.codes.finish()),
        ];
        OutputTable::Quarantine.spec().batch(columns)
    }
}

/// The codes found on a row, in their order, each once.
fn codes(row: &QuarantineEntry<'_>) -> Vec<Code> {
    let mut codes: Vec<Code> = row.findings().map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::{GROUP_RAW_BYTES, Passed, ROW_GROUP_ROWS};

    /// Row groups of rows of so many bytes each.
    fn groups(bytes_of_rows: &[u64]) -> Vec<u64> {
        let mut passed = Passed::default();
        let group = |&bytes: &u64| {
            let group = passed.group();
            passed.rows += 1;
            passed.raw_bytes += bytes;
            group
        };
        bytes_of_rows.iter().map(group).collect()
    }

    #[test]
    fn quarantine_is_cut_by_rows_and_by_bytes() {
        let half = GROUP_RAW_BYTES / 2;
        assert_eq!(groups(&[half, half, 1, half, 4 * GROUP_RAW_BYTES, 0]), [0, 0, 1, 1, 1, 5]);
        let short = groups(&vec![1; 2 * ROW_GROUP_ROWS]);
        assert!((0..).zip(&short).all(|(row, group)| *group == row / ROW_GROUP_ROWS as u64));
    }

    #[test]
    fn rows_of_one_group_follow_one_another_and_are_bounded() {
        let bytes: Vec<u64> = (0..600_000_u64).map(|row| row * 7919 % 5000).collect();
        let groups = groups(&bytes);
        assert!(groups.is_sorted());
        let mut row = 0;
        for of_group in groups.chunk_by(|left, right| left == right) {
            let raw: u64 = bytes[row..row + of_group.len()].iter().sum();
            row += of_group.len();
            assert!(of_group.len() <= ROW_GROUP_ROWS && raw < GROUP_RAW_BYTES + 5000);
        }
    }
}
