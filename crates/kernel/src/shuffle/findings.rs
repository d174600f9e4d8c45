//! Findings sorted by source and line, in memory or on disk: each goes to a range of lines, and each range is sorted by
//! itself.
//!
//! A finding in the stream of its range:
//!
//! ```text
//! row id 8 | person 8 | code 2 | field 2 | length of the record id 4 | record id
//! ```
//!
//! A finding takes about 32 bytes. The number of ranges does not change the order of the table.

use std::ops::Range;
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};

use super::spill::{SpillBuffer, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};
use sverka_model::{Code, Field, PersonId, RowId};

/// Sort key of a finding: the line of a source, in the order of the output tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowSortKey {
    /// Rank of the source among all sources by name.
    pub source_rank: u32,
    /// Physical line, from 1; 0 stands for the source as a whole.
    pub line: u64,
}

/// Lines of a source, with the rank of the source in the order of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RankedSource {
    /// Rank of the source.
    pub rank: u32,
    /// Number of its lines.
    pub lines: u64,
}

/// Ranges of sort keys, with about the same number of lines in each.
#[derive(Clone, Debug, Default)]
pub struct SortKeyRanges {
    /// First key of each range but the first, ascending.
    starts: Arc<[RowSortKey]>,
}

/// Lines of a range. Ten findings on each line can still be sorted in a cache.
const RANGE_LINES: u64 = 1 << 12;
const MOST_RANGES: u64 = 1 << 12;

impl SortKeyRanges {
    /// Ranges over the lines of sources in ascending order of their ranks.
    #[must_use]
    pub fn new(sources: &[RankedSource]) -> Self {
        let lines: u64 = sources.iter().map(|source| source.lines).sum();
        let lines_of_range = RANGE_LINES.max(lines.div_ceil(MOST_RANGES));
        let mut starts = Vec::new();
        let mut room = lines_of_range;
        for &RankedSource { rank: source_rank, lines } in sources {
            let mut line = 0;
            while lines - line > room {
                line += room;
                starts.push(RowSortKey { source_rank, line });
                room = lines_of_range;
            }
            room -= lines - line;
        }
        Self { starts: starts.into() }
    }

    /// Number of ranges.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len() + 1
    }

    /// Range of a sort key.
    #[must_use]
    pub fn range_of(&self, key: RowSortKey) -> usize {
        self.starts.partition_point(|&start| start <= key)
    }
}

/// A finding of a row, without its record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingFinding {
    /// The row.
    pub row_id: RowId,
    /// The person; none when the row belongs to no person.
    pub person_id: PersonId,
    /// The rule.
    pub code: Code,
    /// The field, if the finding is about one.
    pub field: Option<Field>,
}

/// Fixed-width part of a finding in its stream.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct FindingHead {
    row_id: RowId,
    person_id: PersonId,
    code: u16,
    /// Number of the field plus one; 0 without a field.
    field: u16,
    id_bytes: u32,
}

/// Writes the findings of one worker by range.
pub struct FindingWriter {
    ranges: SortKeyRanges,
    buffer: SpillBuffer,
    /// Number of findings in each range.
    counts: Vec<u64>,
}

impl FindingWriter {
    /// A writer without findings.
    #[must_use]
    pub fn new(ranges: SortKeyRanges, spill: SpillPolicy) -> Self {
        let large = ranges.count() >= 64;
        let limits = Limits { segment: 16 << 10, slab: if large { 4 << 20 } else { 256 << 10 }, large_pages: false };
        let streams = Streams::new(ranges.count(), 1, limits);
        Self { buffer: SpillBuffer::new(vec![streams], ranges.count(), spill), counts: vec![0; ranges.count()], ranges }
    }

    /// Adds a finding of the row with a sort key.
    pub fn push(&mut self, key: RowSortKey, finding: PendingFinding, record_id: &[u8]) {
        let range = self.ranges.range_of(key);
        let id_bytes = u32::try_from(record_id.len()).expect("invariant: a record id is a part of a row");
        let head = FindingHead {
            row_id: finding.row_id,
            person_id: finding.person_id,
            code: finding.code as u16,
            field: finding.field.map_or(0, |field| field as u16 + 1),
            id_bytes,
        };
        self.buffer.append(0, range, bytemuck::bytes_of(&head));
        self.buffer.append(0, range, record_id);
        self.counts[range] += 1;
    }

    /// Writes the findings to the disk when they need more memory than the policy allows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.buffer.spill_if_large()
    }

    /// Writes the rest to the disk if a part is there already, and frees its memory.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        self.buffer.settle()
    }

    /// Number of findings in each range.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Appends the bytes of a range to `into`, in no particular order. [`read_findings`] reads them.
    ///
    /// # Errors
    /// When the spill file cannot be read.
    pub fn read(&self, range: usize, into: &mut Vec<u8>) -> Result<(), SpillError> {
        self.buffer.read(0, range, into)
    }
}

/// Findings in the bytes of [`FindingWriter::read`], each with the range of its record id in the bytes.
pub fn read_findings(bytes: &[u8]) -> impl Iterator<Item = (PendingFinding, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (head, _) = bytes[at..].split_first_chunk::<{ size_of::<FindingHead>() }>()?;
        let head: FindingHead = bytemuck::pod_read_unaligned(head);
        let id_from = at + size_of::<FindingHead>();
        at = id_from + head.id_bytes as usize;
        let finding = PendingFinding {
            row_id: head.row_id,
            person_id: head.person_id,
            code: Code::ALL[usize::from(head.code)],
            field: head.field.checked_sub(1).map(|field| Field::ALL[usize::from(field)]),
        };
        Some((finding, id_from..at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort_key(source_rank: u32, line: u64) -> RowSortKey {
        RowSortKey { source_rank, line }
    }

    #[test]
    fn ranges_are_in_the_order_of_sort_keys_and_about_equal() {
        let sources = [(0, 10), (1, 3 * RANGE_LINES), (2, 0), (3, RANGE_LINES / 2)];
        let sources = sources.map(|(rank, lines)| RankedSource { rank, lines });
        let ranges = SortKeyRanges::new(&sources);
        assert_eq!(ranges.count(), 4);
        let mut lines = vec![0; ranges.count()];
        let mut last = 0;
        for RankedSource { rank: source_rank, lines: of_source } in sources {
            for line in 0..of_source {
                let range = ranges.range_of(sort_key(source_rank, line));
                assert!(range == last || range == last + 1, "line {line} of source {source_rank}");
                last = range;
                lines[range] += 1;
            }
        }
        assert!(lines.iter().all(|&lines| lines <= RANGE_LINES && lines > 0), "{lines:?}");
        assert_eq!(SortKeyRanges::default().range_of(sort_key(7, 7)), 0);
        assert_eq!(SortKeyRanges::new(&[RankedSource { rank: 0, lines: u64::MAX >> 1 }]).count() as u64, MOST_RANGES);
    }

    #[test]
    fn findings_on_the_disk_are_those_in_memory() {
        let folder = tempfile::tempdir().expect("folder");
        let ranges = SortKeyRanges::new(&[RankedSource { rank: 0, lines: 100_000 }]);
        assert!(ranges.count() > 4);
        let mut in_memory = FindingWriter::new(ranges.clone(), SpillPolicy::unlimited());
        let mut spilling = FindingWriter::new(ranges.clone(), SpillPolicy::of_bytes(50_000, folder.path()));
        let mut expected = vec![Vec::new(); ranges.count()];
        for number in 0..20_000_u32 {
            let line = number.wrapping_mul(2_654_435_761) % 100_000;
            let finding = PendingFinding {
                row_id: RowId::new(number % 3, line),
                person_id: PersonId::from_stored(i64::from(number % 7)),
                code: [Code::SnilsInvalid, Code::DocShared][number as usize % 2],
                field: (number % 5 > 0).then_some(Field::Snils),
            };
            let record_id = "x".repeat(number as usize % 40 * (number as usize % 3));
            let key = sort_key(0, u64::from(line));
            for writer in [&mut in_memory, &mut spilling] {
                writer.push(key, finding, record_id.as_bytes());
                writer.spill_if_large().expect("room");
            }
            expected[ranges.range_of(key)].push((finding, record_id.into_bytes()));
        }
        spilling.settle().expect("room");
        assert!(spilling.buffer.spilled_bytes() > 500_000 && in_memory.buffer.spilled_bytes() == 0);
        for (range, expected) in expected.iter().enumerate() {
            for writer in [&in_memory, &spilling] {
                let mut bytes = Vec::new();
                writer.read(range, &mut bytes).expect("readable");
                let read: Vec<_> = read_findings(&bytes).map(|(finding, id)| (finding, bytes[id].to_vec())).collect();
                assert!(read == *expected && writer.counts()[range] as usize == read.len(), "range {range}");
            }
        }
    }
}
