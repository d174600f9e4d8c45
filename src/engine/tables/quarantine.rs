//! Rows of `quarantine`: rows that were not accepted, brought together by blocks of lines and encoded row group by row
//! group in any thread.
//!
//! Rows may be long, so the bytes of a row group are limited. The cuts follow from the numbers and bytes of the rows alone. The row group of a row is
//!
//! ```text
//! rows before it / ROW_GROUP_ROWS + bytes before it / GROUP_RAW_BYTES
//! ```
//!
//! Both summands never decrease. So two rows have the same number only if both summands are equal: a row group has at most `ROW_GROUP_ROWS` rows, and at
//! most `GROUP_RAW_BYTES` bytes and one row. Numbers that no row has are empty row groups, which leave no trace in the file.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Int64Array, ListBuilder, RecordBatch, StringBuilder};

use super::rows::SourceNames;
use sverka_kernel::shuffle::{QuarantineBlock, QuarantineEntry, QuarantineWriter, Shuffle, SpillError, read_quarantined_rows};
use sverka_model::{Code, RowId, RowIds, SourceLine};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// Limit for the kept bytes of rows in one row group.
const GROUP_RAW_BYTES: u64 = 4 << 20;

/// Row groups of the table.
pub(in crate::engine) struct QuarantineGroups<'r> {
    row_ids: &'r RowIds,
    spans: Vec<LineSpan<'r>>,
    /// Number of row groups, empty ones included.
    end: u64,
}

/// Rows on one range of lines of a source.
struct LineSpan<'r> {
    /// Rank of the source by name, and the first line.
    position: (u32, u64),
    /// Blocks of one table; of both if a document is read for both tables.
    blocks: Vec<(&'r QuarantineWriter, &'r QuarantineBlock)>,
    /// Rows of all spans before this one.
    before: RowsBefore,
}

/// Rows before a row, in the order of the table.
#[derive(Clone, Copy, Default)]
struct RowsBefore {
    rows: u64,
    raw_bytes: u64,
}

impl RowsBefore {
    /// Row group of the next row.
    fn group(self) -> u64 {
        self.rows / ROW_GROUP_ROWS as u64 + self.raw_bytes / GROUP_RAW_BYTES
    }
}

impl<'r> QuarantineGroups<'r> {
    /// Row groups for the quarantined rows of a shuffle.
    pub fn new(shuffle: &'r Shuffle, names: &SourceNames<'_>, row_ids: &'r RowIds) -> Self {
        let span = |(writer, block): (&'r QuarantineWriter, &'r QuarantineBlock)| {
            let SourceLine { source, line: first_line } = row_ids.source_line(RowId::new(block.chunk, 0));
            let position = (names.rank(source), first_line + u64::from(block.first_line));
            LineSpan { position, blocks: vec![(writer, block)], before: RowsBefore::default() }
        };
        let blocks = shuffle.quarantine().flat_map(|writer| writer.blocks().iter().map(move |block| (writer, block)));
        let mut spans: Vec<LineSpan<'r>> = blocks.map(span).collect();
        spans.sort_unstable_by_key(|span| (span.position, span.blocks[0].1.chunk));
        spans.dedup_by(|later, earlier| {
            let same = later.position == earlier.position;
            if same {
                earlier.blocks.append(&mut later.blocks);
            }
            same
        });
        let mut before = RowsBefore::default();
        for span in &mut spans {
            span.before = before;
            before.rows += span.blocks.iter().map(|(_, block)| block.rows).sum::<u64>();
            before.raw_bytes += span.blocks.iter().map(|(_, block)| block.raw_bytes).sum::<u64>();
        }
        let end = if before.rows == 0 { 0 } else { before.group() + 1 };
        Self { row_ids, spans, end }
    }

    /// Number of row groups, empty ones included.
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
            rows.sort_unstable_by_key(|row| (self.row_ids.source_line(row.row_id).line, row.row_id));
            let mut before = span.before;
            for row in rows {
                if before.group() == group {
                    each(row);
                }
                before.rows += 1;
                before.raw_bytes += row.raw.len() as u64;
            }
        }
        Ok(())
    }
}

/// Columns of a row group under construction.
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
    /// Columns without rows.
    pub fn new(names: &'r SourceNames<'r>, row_ids: &'r RowIds) -> Self {
        let codes = ListBuilder::new(StringBuilder::new()).with_field(OutputTable::Quarantine.spec().element("codes"));
        let (sources, raw) = (StringBuilder::new(), BinaryBuilder::new());
        Self { names, row_ids, sources, lines: Vec::new(), offsets: Vec::new(), raw, lengths: Vec::new(), codes }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &QuarantineEntry<'_>) {
        let SourceLine { source, line } = self.row_ids.source_line(row.row_id);
        self.sources.append_value(self.names.name(source));
        self.lines.push(line as i64);
        self.offsets.push(row.offset as i64);
        self.raw.append_value(row.raw);
        self.lengths.push(row.length as i64);
        codes(row).iter().for_each(|code| self.codes.values().append_value(code.name()));
        self.codes.append(true);
    }

    /// Arrow batch of the rows.
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

/// Codes of the findings of a row, in their order, each once.
fn codes(row: &QuarantineEntry<'_>) -> Vec<Code> {
    let mut codes: Vec<Code> = row.findings().map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::{GROUP_RAW_BYTES, ROW_GROUP_ROWS, RowsBefore};

    /// Row group of each row, for rows with these numbers of bytes.
    fn groups(bytes_of_rows: &[u64]) -> Vec<u64> {
        let mut before = RowsBefore::default();
        let group = |&bytes: &u64| {
            let group = before.group();
            before.rows += 1;
            before.raw_bytes += bytes;
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
        for group in groups.chunk_by(|left, right| left == right) {
            let raw: u64 = bytes[row..row + group.len()].iter().sum();
            row += group.len();
            assert!(group.len() <= ROW_GROUP_ROWS && raw < GROUP_RAW_BYTES + 5000);
        }
    }
}
