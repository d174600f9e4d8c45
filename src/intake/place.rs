//! Where a row stands: chunk and line while sources are read, source and physical line once all chunks are counted.

use bytemuck::{Pod, Zeroable};

/// The place of a row among all rows of a run: its chunk, and its line in the chunk.
///
/// Chunks are numbered in the order of the sources, the register before the attachments, so that the order of places is the order of
/// positions (source name, line).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Place(u64);

impl Place {
    /// A line, counted from 0, of a chunk.
    #[must_use]
    #[inline]
    pub fn new(chunk: u32, line: u32) -> Self {
        Self(u64::from(chunk) << 32 | u64::from(line))
    }

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
}

#[derive(Clone, Copy, Debug)]
struct ChunkPlace {
    source: usize,
    first_line: u64,
}

impl Places {
    /// From the source, the lines and the lines before (the header's) of each chunk, in order. The lines before count for the first chunk of a
    /// source only.
    #[must_use]
    pub fn new(chunks: impl Iterator<Item = (usize, u64, u64)>) -> Self {
        let (mut places, mut current, mut next_line) = (Vec::new(), None, 1);
        for (source, lines_before, lines) in chunks {
            if current != Some(source) {
                (current, next_line) = (Some(source), lines_before + 1);
            }
            places.push(ChunkPlace { source, first_line: next_line });
            next_line += lines;
        }
        Self { chunks: places }
    }

    /// The source (as an index of the job's sources) and the physical line, from 1.
    #[must_use]
    #[inline]
    pub fn position(&self, place: Place) -> (usize, u64) {
        let chunk = self.chunks[place.chunk() as usize];
        (chunk.source, chunk.first_line + u64::from(place.line()))
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
        let places = Places::new([(4, 1, 10), (4, 1, 0), (4, 1, 5), (2, 3, 7)].into_iter());
        let position = |chunk, line| places.position(Place::new(chunk, line));
        assert_eq!(position(0, 0), (4, 2));
        assert_eq!(position(0, 9), (4, 11));
        assert_eq!(position(2, 0), (4, 12));
        assert_eq!(position(3, 6), (2, 10));
        assert_eq!(places.source(Place::new(3, 0)), 2);
        assert!(Place::new(1, 0) > Place::new(0, u32::MAX));
    }
}
