//! Streams of bytes, one for each partition, in shared blocks of memory.
//!
//! Thousands of streams grow at once. A vector for each would copy its bytes whenever it grows and leave half of its room unused. Here a stream is a list
//! of *segments*, cut from large *slabs* that all streams share. A segment is never moved:
//!
//! ```text
//! slab 0  │ A: 1 KiB │ B: 1 KiB │ A: 2 KiB      │ C: 1 KiB │ A: 4 KiB            │
//! slab 1  │ B: 2 KiB      │ A: 4 KiB            │ free
//! stream A = its segments one behind another; its last one is filled up to `End::at`
//! ```
//!
//! Segments double up to a limit, so that a small stream wastes little and a large one has few segments. A full slab leaves less than one segment unused.

use std::io;

use memmap2::{Advice, MmapMut};

/// Streams that bytes are appended to.
pub(super) struct Streams {
    slabs: Vec<MmapMut>,
    /// Bytes of the last slab that belong to segments.
    taken: usize,
    /// End of each stream.
    ends: Vec<End>,
    /// Segments of each stream.
    segments: Vec<Vec<Segment>>,
    limits: Limits,
    /// Size of an appended piece; a piece lies in one segment. 1 if pieces may be divided.
    unit: usize,
}

/// Free slabs that streams share. All slabs of a pool have one size.
#[derive(Default)]
pub(super) struct SlabPool {
    free: Vec<MmapMut>,
}

impl SlabPool {
    /// Frees the slabs.
    pub fn release(&mut self) {
        self.free.clear();
    }
}

/// Sizes of the memory that streams take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of the largest segment.
    pub segment: usize,
    /// Bytes of a slab, at least those of a segment.
    pub slab: usize,
    /// Whether slabs are large pages of memory.
    pub large_pages: bool,
}

/// End of a stream in its last segment.
#[derive(Clone, Copy, Default)]
struct End {
    slab: u32,
    /// Offset of the next byte.
    at: u32,
    /// End of the segment.
    to: u32,
}

/// A part of a slab that belongs to one stream.
#[derive(Clone, Copy)]
struct Segment {
    slab: u32,
    from: u32,
    to: u32,
}

/// Bytes of the first segment of a stream. Each further segment is twice as large, up to the limit.
const FIRST_SEGMENT: usize = 1 << 10;

impl Streams {
    /// Empty streams. Appended pieces have `unit` bytes, a multiple of 8; or any size, if `unit` is 1.
    pub fn new(streams: usize, unit: usize, limits: Limits) -> Self {
        assert!(limits.segment <= limits.slab && limits.slab <= u32::MAX as usize, "segments lie in slabs");
        assert!(unit == 1 || (unit.is_multiple_of(8) && unit <= FIRST_SEGMENT), "units lie in segments, aligned");
        Self {
            slabs: Vec::new(),
            taken: 0,
            ends: vec![End::default(); streams],
            segments: vec![Vec::new(); streams],
            limits,
            unit,
        }
    }

    /// Appends bytes to a stream.
    ///
    /// # Errors
    /// When the system has no memory. The stream is then unchanged.
    #[inline]
    pub fn append(&mut self, stream: usize, bytes: &[u8], pool: &mut SlabPool) -> io::Result<()> {
        let end = &mut self.ends[stream];
        let to = end.at as usize + bytes.len();
        if to > end.to as usize {
            return self.append_over_segments(stream, bytes, pool);
        } else if let Some(slab) = self.slabs.get_mut(end.slab as usize) {
            // A stream without a slab has no bytes to append: no bytes fit into it.
            slab[end.at as usize..to].copy_from_slice(bytes);
            end.at = to as u32;
        }
        Ok(())
    }

    #[cold]
    fn append_over_segments(&mut self, stream: usize, mut bytes: &[u8], pool: &mut SlabPool) -> io::Result<()> {
        let before = (self.ends[stream], self.segments[stream].len());
        while !bytes.is_empty() {
            if self.ends[stream].at == self.ends[stream].to
                && let Err(error) = self.grow(stream, pool)
            {
                self.ends[stream] = before.0;
                self.segments[stream].truncate(before.1);
                return Err(error);
            }
            let end = &mut self.ends[stream];
            let (now, rest) = bytes.split_at(bytes.len().min((end.to - end.at) as usize));
            let to = end.at as usize + now.len();
            self.slabs[end.slab as usize][end.at as usize..to].copy_from_slice(now);
            end.at = to as u32;
            bytes = rest;
        }
        Ok(())
    }

    /// Adds a segment to a stream.
    fn grow(&mut self, stream: usize, pool: &mut SlabPool) -> io::Result<()> {
        let segments = &mut self.segments[stream];
        let bytes = self.limits.segment.min(FIRST_SEGMENT << segments.len().min(20));
        let bytes = if self.unit == 1 { bytes } else { bytes / self.unit * self.unit };
        if self.slabs.is_empty() || self.taken + bytes > self.limits.slab {
            self.slabs.push(pool.free.pop().map_or_else(|| new_slab(self.limits), Ok)?);
            self.taken = 0;
        }
        let segment = Segment { slab: self.slabs.len() as u32 - 1, from: self.taken as u32, to: (self.taken + bytes) as u32 };
        self.taken += bytes;
        segments.push(segment);
        self.ends[stream] = End { slab: segment.slab, at: segment.from, to: segment.to };
        Ok(())
    }

    /// Bytes of memory in use.
    pub fn memory_bytes(&self) -> usize {
        self.slabs.len().saturating_sub(1) * self.limits.slab + if self.slabs.is_empty() { 0 } else { self.taken }
    }

    /// Empties all streams; their slabs go to the pool.
    pub fn clear(&mut self, pool: &mut SlabPool) {
        self.ends.fill(End::default());
        self.segments.iter_mut().for_each(Vec::clear);
        pool.free.append(&mut self.slabs);
        self.taken = 0;
    }

    /// Contents of a stream, segment by segment.
    pub fn read(&self, stream: usize) -> impl Iterator<Item = &[u8]> {
        let segments = &self.segments[stream];
        segments.iter().enumerate().map(move |(index, segment)| {
            let to = if index + 1 == segments.len() { self.ends[stream].at } else { segment.to };
            &self.slabs[segment.slab as usize][segment.from as usize..to as usize]
        })
    }
}

/// A new slab.
fn new_slab(limits: Limits) -> io::Result<MmapMut> {
    let slab = MmapMut::map_anon(limits.slab)?;
    if limits.large_pages {
        // Large pages save most page faults of the first access. The result is the same without them.
        let _ = slab.advise(Advice::HugePage);
    }
    Ok(slab)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_keep_what_was_appended() {
        let limits = Limits { segment: 4096, slab: 10_000, large_pages: false };
        let (mut streams, mut pool) = (Streams::new(3, 1, limits), SlabPool::default());
        let mut expected = vec![Vec::new(); 3];
        for number in 0..5000_u32 {
            let stream = (number.wrapping_mul(2_654_435_761) >> 30) as usize % 3;
            let bytes = vec![number as u8; number as usize % 97];
            streams.append(stream, &bytes, &mut pool).expect("memory");
            expected[stream].extend_from_slice(&bytes);
        }
        streams.append(0, &[7; 50_000], &mut pool).expect("memory");
        expected[0].extend_from_slice(&[7; 50_000]);
        for (stream, expected) in expected.iter().enumerate() {
            assert!(streams.read(stream).collect::<Vec<_>>().concat() == *expected, "stream {stream}");
        }
    }

    #[test]
    fn memory_that_was_given_back_is_taken_again() {
        let limits = Limits { segment: 4096, slab: 10_000, large_pages: false };
        let mut pool = SlabPool::default();
        let mut both = [(); 2].map(|()| Streams::new(3, 1, limits));
        both[0].append(1, &[7; 50_000], &mut pool).expect("memory");
        let slabs = both[0].slabs.len();
        assert!(both[0].memory_bytes() >= 50_000);
        both[0].clear(&mut pool);
        assert_eq!((both[0].read(1).count(), both[0].memory_bytes(), pool.free.len()), (0, 0, slabs));
        both[1].append(2, &[8; 50_000], &mut pool).expect("memory");
        assert_eq!((both[1].slabs.len(), pool.free.len()), (slabs, 0));
        assert!(both[1].read(2).collect::<Vec<_>>().concat() == [8; 50_000]);
    }

    #[test]
    fn a_stream_without_memory_is_as_it_was_before() {
        let limits = Limits { segment: 4096, slab: 10_000, large_pages: false };
        let (mut streams, mut pool) = (Streams::new(2, 1, limits), SlabPool::default());
        streams.append(0, &[7; 5000], &mut pool).expect("memory");
        // No system has this much memory.
        streams.limits.slab = usize::MAX / 2;
        streams.taken = streams.limits.slab;
        streams.append(0, &[8; 9000], &mut pool).expect_err("no memory");
        assert!(streams.read(0).collect::<Vec<_>>().concat() == [7; 5000]);
    }

    #[test]
    fn units_are_not_divided() {
        let limits = Limits { segment: 4096, slab: 10_000, large_pages: false };
        let (mut streams, mut pool) = (Streams::new(1, 88, limits), SlabPool::default());
        (0..1000_u32).for_each(|number| streams.append(0, &[number as u8; 88], &mut pool).expect("memory"));
        assert!(streams.read(0).all(|piece| piece.len().is_multiple_of(88) && piece.as_ptr().align_offset(8) == 0));
        assert_eq!(streams.read(0).map(<[u8]>::len).sum::<usize>(), 88_000);
    }
}
