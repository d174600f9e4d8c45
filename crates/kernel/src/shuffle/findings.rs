//! Findings brought into the order of positions: by ranges of lines that are each sorted by themselves, in memory or on disk.
//!
//! What waits for its table is bytes, one finding behind the other in the stream of its range:
//!
//! ```text
//! row id 8 | person 8 | code 2 | field 2 | length of the record id 4 | record id
//! ```
//!
//! About 32 bytes a finding. Which ranges there are never shows in the order.

use std::ops::Range;
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};

use super::spill::{Lanes, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};
use sverka_model::{Code, Field, RowId};

/// A line of a source, in the order of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowSortKey {
    /// Place of the source among all sources by name.
    pub source_rank: u32,
    /// Physical line, from 1; 0 stands for the source as a whole.
    pub line: u64,
}

/// Ranges of positions, each of about as many lines.
#[derive(Clone, Debug, Default)]
pub struct SortKeyRanges {
    /// First position of each range but the first, ascending.
    starts: Arc<[RowSortKey]>,
}

/// Lines of a range: few enough that ten findings on each can be sorted in a cache.
const RANGE_LINES: u64 = 1 << 12;
const MOST_RANGES: u64 = 1 << 12;

impl SortKeyRanges {
    /// Ranges over the lines of sources, which come in the order of their ranks.
    #[must_use]
    pub fn new(lines_of_sources: &[(u32, u64)]) -> Self {
        let lines: u64 = lines_of_sources.iter().map(|(_, lines)| lines).sum();
        let lines_of_range = RANGE_LINES.max(lines.div_ceil(MOST_RANGES));
        let mut starts = Vec::new();
        let mut room = lines_of_range;
        for &(source_rank, lines) in lines_of_sources {
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

    /// How many ranges there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len() + 1
    }

    /// The range of a position.
    #[must_use]
    pub fn range_of(&self, position: RowSortKey) -> usize {
        self.starts.partition_point(|&start| start <= position)
    }
}

/// A finding of a row, without its record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingFinding {
    /// Where the row stands.
    pub row_id: RowId,
    /// Number of the person; 0 without one.
    pub person_id: i64,
    /// What was found.
    pub code: Code,
    /// In which field.
    pub field: Option<Field>,
}

/// [`PendingFinding`] and the length of its record id as bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct FindingHead {
    row_id: RowId,
    person_id: i64,
    code: u16,
    /// The number of the field and one; 0 without a field.
    field: u16,
    id_bytes: u32,
}

/// The findings of one worker.
pub struct FindingWriter {
    ranges: SortKeyRanges,
    lanes: Lanes,
    /// Findings of each range.
    counts: Vec<u64>,
}

impl FindingWriter {
    /// Nothing found yet.
    #[must_use]
    pub fn new(ranges: SortKeyRanges, spill: SpillPolicy) -> Self {
        let large = ranges.count() >= 64;
        let limits = Limits { segment: 16 << 10, slab: if large { 4 << 20 } else { 256 << 10 }, large_pages: false };
        let streams = Streams::new(ranges.count(), 1, limits);
        Self { lanes: Lanes::new(vec![streams], ranges.count(), spill), counts: vec![0; ranges.count()], ranges }
    }

    /// Adds a finding of the row at a position.
    pub fn push(&mut self, position: RowSortKey, finding: PendingFinding, record_id: &[u8]) {
        let range = self.ranges.range_of(position);
        let id_bytes = u32::try_from(record_id.len()).expect("invariant: a record id is a part of a row");
        let head = FindingHead {
            row_id: finding.row_id,
            person_id: finding.person_id,
            code: finding.code as u16,
            field: finding.field.map_or(0, |field| field as u16 + 1),
            id_bytes,
        };
        self.lanes.append(0, range, bytemuck::bytes_of(&head));
        self.lanes.append(0, range, record_id);
        self.counts[range] += 1;
    }

    /// Writes everything to the disk if it has outgrown its memory.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.lanes.spill_if_large()
    }

    /// Once something is on the disk, writes the rest there as well and gives its memory back.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        self.lanes.settle()
    }

    /// Findings of each range.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Appends the findings of a range to `into`, for [`read_findings`], in no particular order.
    ///
    /// # Errors
    /// When what is on the disk cannot be read.
    pub fn read(&self, range: usize, into: &mut Vec<u8>) -> Result<(), SpillError> {
        self.lanes.read(0, range, into)
    }
}

/// The findings that [`FindingWriter::read`] gave, each with the place of its record id among the bytes.
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

    fn position(source_rank: u32, line: u64) -> RowSortKey {
        RowSortKey { source_rank, line }
    }

    #[test]
    fn ranges_are_in_the_order_of_positions_and_about_equal() {
        let sources = [(0, 10), (1, 3 * RANGE_LINES), (2, 0), (3, RANGE_LINES / 2)];
        let ranges = SortKeyRanges::new(&sources);
        assert_eq!(ranges.count(), 4);
        let mut lines = vec![0; ranges.count()];
        let mut last = 0;
        for (source_rank, of_source) in sources {
            for line in 0..of_source {
                let range = ranges.range_of(position(source_rank, line));
                assert!(range == last || range == last + 1, "line {line} of source {source_rank}");
                last = range;
                lines[range] += 1;
            }
        }
        assert!(lines.iter().all(|&lines| lines <= RANGE_LINES && lines > 0), "{lines:?}");
        assert_eq!(SortKeyRanges::default().range_of(position(7, 7)), 0);
        assert_eq!(SortKeyRanges::new(&[(0, u64::MAX >> 1)]).count() as u64, MOST_RANGES);
    }

    #[test]
    fn findings_on_the_disk_are_those_in_memory() {
        let folder = tempfile::tempdir().expect("folder");
        let ranges = SortKeyRanges::new(&[(0, 100_000)]);
        assert!(ranges.count() > 4);
        let mut in_memory = FindingWriter::new(ranges.clone(), SpillPolicy::unlimited());
        let mut spilling = FindingWriter::new(ranges.clone(), SpillPolicy::of_bytes(50_000, folder.path()));
        let mut expected = vec![Vec::new(); ranges.count()];
        for number in 0..20_000_u32 {
            let line = number.wrapping_mul(2_654_435_761) % 100_000;
            let finding = PendingFinding {
                row_id: RowId::new(number % 3, line),
                person_id: i64::from(number % 7),
                code: [Code::SnilsInvalid, Code::DocShared][number as usize % 2],
                field: (number % 5 > 0).then_some(Field::Snils),
            };
            let record_id = "x".repeat(number as usize % 40 * (number as usize % 3));
            let position = position(0, u64::from(line));
            for writer in [&mut in_memory, &mut spilling] {
                writer.push(position, finding, record_id.as_bytes());
                writer.spill_if_large().expect("room");
            }
            expected[ranges.range_of(position)].push((finding, record_id.into_bytes()));
        }
        spilling.settle().expect("room");
        assert!(spilling.lanes.spilled_bytes() > 500_000 && in_memory.lanes.spilled_bytes() == 0);
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
