//! Row ids: one number for each record of a run, and the source line that the number stands for.
//!
//! An id is given while chunks are read in parallel, before the lines of earlier chunks are counted. So it holds the
//! chunk and the line in the chunk; [`RowIds`] turns it into source and physical line once all chunks are counted.

use std::collections::BTreeMap;

use bytemuck::{Pod, Zeroable};

/// The id of a record: its chunk in the upper 32 bits, its line in the chunk in the lower ones.
///
/// If a row may give several records, each line takes one number for each record that a row may give:
///
/// ```text
///   one record a row:        line 0 -> 0      line 1 -> 1      line 2 -> 2
///   up to three a row:       line 0 -> 0 1 2  line 1 -> 3 4 5  line 2 -> 6 7 8
/// ```
///
/// Chunks are numbered in the order of the sources, the register before the attachments. So row ids sort in the order
/// of source lines: by source, then line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct RowId(u64);

impl RowId {
    /// The record at a position.
    #[must_use]
    #[inline]
    pub fn of_record(RecordPosition { chunk, line, part, parts }: RecordPosition) -> Self {
        Self::new(chunk, line.saturating_mul(parts) + part)
    }

    /// The only record of the row on a line, counted from 0, of a chunk.
    #[must_use]
    #[inline]
    pub fn new(chunk: u32, line: u32) -> Self {
        Self(u64::from(chunk) << 32 | u64::from(line))
    }

    /// The id of a source as a whole (an index of the job's sources), for findings about no row.
    #[must_use]
    pub fn of_source(source: usize) -> Self {
        Self::new(Self::NO_CHUNK, source as u32)
    }

    /// The source, if the id stands for a source as a whole.
    #[must_use]
    #[inline]
    pub fn whole_source(self) -> Option<usize> {
        (self.chunk() == Self::NO_CHUNK).then_some(self.line() as usize)
    }

    const NO_CHUNK: u32 = u32::MAX;

    /// The chunk.
    #[must_use]
    #[inline]
    pub fn chunk(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The line in the chunk, from 0; if a row may give several records, the number of the record in the chunk.
    #[must_use]
    #[inline]
    pub fn line(self) -> u32 {
        self.0 as u32
    }
}

/// Position of a record among the rows of a run.
#[derive(Clone, Copy, Debug)]
pub struct RecordPosition {
    /// Chunk of the row.
    pub chunk: u32,
    /// Line of the row in the chunk, from 0.
    pub line: u32,
    /// Number of the record in its row, from 0.
    pub part: u32,
    /// Most records that a row of the chunk gives.
    pub parts: u32,
}

/// Line of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    /// Index of the source in the job.
    pub source: usize,
    /// Physical line, from 1.
    pub line: u64,
}

/// The source lines of all row ids.
#[derive(Debug, Default)]
pub struct RowIds {
    chunks: Vec<ChunkStart>,
    /// Last line of each source that has chunks; 0 when it has no line.
    last_lines: BTreeMap<usize, u64>,
}

/// Source, first physical line and records a row of one chunk.
#[derive(Clone, Copy, Debug)]
struct ChunkStart {
    source: usize,
    first_line: u64,
    parts: u32,
}

/// A chunk whose lines are counted.
#[derive(Clone, Copy, Debug)]
pub struct CountedChunk {
    /// Index of the source.
    pub source: usize,
    /// Lines before the first row, with the first chunk of a source for a table.
    pub begins_after: Option<u64>,
    /// Lines of the chunk.
    pub lines: u64,
    /// Most records that a row gives.
    pub parts: u32,
}

impl RowIds {
    /// Source lines from all chunks, in order. The chunks of a source that is read for both tables come in two runs, each from its first line.
    #[must_use]
    pub fn new(chunks: impl Iterator<Item = CountedChunk>) -> Self {
        let (mut starts, mut next_line) = (Vec::new(), 1);
        let mut last_lines = BTreeMap::new();
        for CountedChunk { source, begins_after, lines, parts } in chunks {
            next_line = begins_after.map_or(next_line, |before| before + 1);
            starts.push(ChunkStart { source, first_line: next_line, parts });
            next_line += lines;
            let last_line = last_lines.entry(source).or_default();
            *last_line = next_line.saturating_sub(1).max(*last_line);
        }
        Self { chunks: starts, last_lines }
    }

    /// Number of physical lines of a source (an index of the job's sources), lines before its first row included.
    #[must_use]
    pub fn lines(&self, source: usize) -> u64 {
        self.last_lines.get(&source).copied().unwrap_or(0)
    }

    /// The source line of a row.
    #[must_use]
    #[inline]
    pub fn source_line(&self, row_id: RowId) -> SourceLine {
        let chunk = self.chunks[row_id.chunk() as usize];
        // Most rows give one record, and a division costs more than the rest of the function.
        let line = if chunk.parts == 1 { row_id.line() } else { row_id.line() / chunk.parts };
        SourceLine { source: chunk.source, line: chunk.first_line + u64::from(line) }
    }

    /// The source of a row.
    #[must_use]
    #[inline]
    pub fn source(&self, row_id: RowId) -> usize {
        self.chunks[row_id.chunk() as usize].source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_from_chunk_to_chunk_and_begin_anew_with_a_source() {
        let chunks = [(4, Some(1), 10, 1), (4, None, 0, 1), (4, None, 5, 1), (2, Some(3), 7, 5)];
        let counted = |(source, begins_after, lines, parts)| CountedChunk { source, begins_after, lines, parts };
        let row_ids = RowIds::new(chunks.into_iter().map(counted));
        let source_line = |chunk, line| row_ids.source_line(RowId::new(chunk, line));
        let record = |line, part| RowId::of_record(RecordPosition { chunk: 3, line, part, parts: 5 });
        assert_eq!(source_line(0, 0), SourceLine { source: 4, line: 2 });
        assert_eq!(source_line(0, 9), SourceLine { source: 4, line: 11 });
        assert_eq!(source_line(2, 0), SourceLine { source: 4, line: 12 });
        assert_eq!(row_ids.source_line(record(6, 4)), SourceLine { source: 2, line: 10 });
        assert_eq!(row_ids.source(RowId::new(3, 0)), 2);
        assert_eq!([4, 2, 0].map(|source| row_ids.lines(source)), [16, 10, 0]);
        assert!(RowId::new(1, 0) > RowId::new(0, u32::MAX));
        assert_eq!((RowId::of_source(70_000).whole_source(), RowId::new(3, 0).whole_source()), (Some(70_000), None));
        assert!(record(1, 0) > record(0, 4));
    }
}
