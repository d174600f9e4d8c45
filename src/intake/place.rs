//! Where a row stands: chunk and line while sources are read, source and physical line once all chunks are counted.

use std::collections::BTreeMap;

use bytemuck::{Pod, Zeroable};

/// The place of a record among all records of a run: its chunk, and its line in the chunk. Where a row may give several records, each line has as
/// many numbers.
///
/// Chunks are numbered in the order of the sources, the register before the attachments, so that the order of places is the order of
/// positions (source name, line).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Place(u64);

impl Place {
    /// A record of a row on a line, counted from 0, of a chunk whose rows may give so many.
    #[must_use]
    #[inline]
    pub fn of_part(chunk: u32, line: u32, part: u32, parts: u32) -> Self {
        Self::new(chunk, line.saturating_mul(parts) + part)
    }

    /// A line, counted from 0, of a chunk.
    #[must_use]
    #[inline]
    pub fn new(chunk: u32, line: u32) -> Self {
        Self(u64::from(chunk) << 32 | u64::from(line))
    }

    /// Stands for a source as a whole (as an index of the job's sources), which has no chunk.
    #[must_use]
    pub fn of_source(source: usize) -> Self {
        Self::new(Self::NO_CHUNK, source as u32)
    }

    /// The source, if the place stands for one as a whole.
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

    /// The line in the chunk, from 0.
    #[must_use]
    #[inline]
    pub fn line(self) -> u32 {
        self.0 as u32
    }
}

/// The positions of places.
#[derive(Debug, Default)]
pub struct Places {
    chunks: Vec<ChunkPlace>,
    /// Last line of each source that has chunks; 0 when it has no line.
    last_lines: BTreeMap<usize, u64>,
}

#[derive(Clone, Copy, Debug)]
struct ChunkPlace {
    source: usize,
    first_line: u64,
    parts: u32,
}

/// A chunk as places need to know it.
#[derive(Clone, Copy, Debug)]
pub struct CountedChunk {
    /// Its source.
    pub source: usize,
    /// With the first chunk of a source for a table: lines before its first row.
    pub begins_after: Option<u64>,
    /// Lines of the chunk.
    pub lines: u64,
    /// How many records a row may give.
    pub parts: u32,
}

impl Places {
    /// From the chunks, in order. The chunks of a source that is read for both tables come in two runs, each from its first line.
    #[must_use]
    pub fn new(chunks: impl Iterator<Item = CountedChunk>) -> Self {
        let (mut places, mut next_line) = (Vec::new(), 1);
        let mut last_lines = BTreeMap::new();
        for CountedChunk { source, begins_after, lines, parts } in chunks {
            next_line = begins_after.map_or(next_line, |before| before + 1);
            places.push(ChunkPlace { source, first_line: next_line, parts });
            next_line += lines;
            let last_line = last_lines.entry(source).or_default();
            *last_line = next_line.saturating_sub(1).max(*last_line);
        }
        Self { chunks: places, last_lines }
    }

    /// The physical lines of a source (as an index of the job's sources), those before its first row included.
    #[must_use]
    pub fn lines(&self, source: usize) -> u64 {
        self.last_lines.get(&source).copied().unwrap_or(0)
    }

    /// The source (as an index of the job's sources) and the physical line, from 1.
    #[must_use]
    #[inline]
    pub fn position(&self, place: Place) -> (usize, u64) {
        let chunk = self.chunks[place.chunk() as usize];
        // Most rows give one record, and a division costs more than all the rest.
        let line = if chunk.parts == 1 { place.line() } else { place.line() / chunk.parts };
        (chunk.source, chunk.first_line + u64::from(line))
    }

    /// The source of a place.
    #[must_use]
    #[inline]
    pub fn source(&self, place: Place) -> usize {
        self.chunks[place.chunk() as usize].source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_from_chunk_to_chunk_and_begin_anew_with_a_source() {
        let chunks = [(4, Some(1), 10, 1), (4, None, 0, 1), (4, None, 5, 1), (2, Some(3), 7, 5)];
        let counted = |(source, begins_after, lines, parts)| CountedChunk { source, begins_after, lines, parts };
        let places = Places::new(chunks.into_iter().map(counted));
        let position = |chunk, line| places.position(Place::new(chunk, line));
        assert_eq!(position(0, 0), (4, 2));
        assert_eq!(position(0, 9), (4, 11));
        assert_eq!(position(2, 0), (4, 12));
        assert_eq!(places.position(Place::of_part(3, 6, 4, 5)), (2, 10));
        assert_eq!(places.source(Place::new(3, 0)), 2);
        assert_eq!([4, 2, 0].map(|source| places.lines(source)), [16, 10, 0]);
        assert!(Place::new(1, 0) > Place::new(0, u32::MAX));
        assert_eq!((Place::of_source(70_000).whole_source(), Place::new(3, 0).whole_source()), (Some(70_000), None));
        assert!(Place::of_part(0, 1, 0, 5) > Place::of_part(0, 0, 4, 5));
    }
}
