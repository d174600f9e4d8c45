//! Streams of bytes, one for each partition, that grow side by side in shared blocks of memory.

use memmap2::{Advice, MmapMut};

/// Streams to append to.
pub(super) struct Streams {
    slabs: Vec<MmapMut>,
    /// The slab that segments are cut from, and how many of its bytes are taken.
    open_slab: usize,
    taken: usize,
    ends: Vec<End>,
    segments: Vec<Vec<Segment>>,
    limits: Limits,
    /// Appended pieces of so many bytes are never divided.
    unit: usize,
}

/// How streams take memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of the largest segment of a stream.
    pub segment: usize,
    /// Bytes of a slab, which segments are cut from; not smaller than a segment.
    pub slab: usize,
    /// Whether the system is asked for large pages.
    pub large_pages: bool,
}

/// Where a stream goes on.
#[derive(Clone, Copy, Default)]
struct End {
    slab: u32,
    at: u32,
    to: u32,
}

/// A part of a slab that belongs to one stream.
#[derive(Clone, Copy)]
struct Segment {
    slab: u32,
    from: u32,
    to: u32,
}

/// Bytes of the first segment of a stream; each further one is twice as large.
const FIRST_SEGMENT: usize = 1 << 10;

impl Streams {
    /// So many streams, all empty. Pieces of `unit` bytes each, a multiple of 8, or of any size when that is 1.
    pub fn new(streams: usize, unit: usize, limits: Limits) -> Self {
        assert!(limits.segment <= limits.slab && limits.slab <= u32::MAX as usize, "segments lie in slabs");
        assert!(unit == 1 || (unit.is_multiple_of(8) && unit <= FIRST_SEGMENT), "units lie in segments, aligned");
        Self {
            slabs: Vec::new(),
            open_slab: 0,
            taken: 0,
            ends: vec![End::default(); streams],
            segments: vec![Vec::new(); streams],
            limits,
            unit,
        }
    }

    /// Appends bytes to a stream.
    #[inline]
    pub fn append(&mut self, stream: usize, bytes: &[u8]) {
        let end = &mut self.ends[stream];
        let to = end.at as usize + bytes.len();
        if to > end.to as usize {
            self.append_over_segments(stream, bytes);
        } else if let Some(slab) = self.slabs.get_mut(end.slab as usize) {
            // Without a slab there is nothing to append: no bytes fit into none.
            slab[end.at as usize..to].copy_from_slice(bytes);
            end.at = to as u32;
        }
    }

    #[cold]
    fn append_over_segments(&mut self, stream: usize, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.ends[stream].at == self.ends[stream].to {
                self.grow(stream);
            }
            let end = &mut self.ends[stream];
            let (now, rest) = bytes.split_at(bytes.len().min((end.to - end.at) as usize));
            let to = end.at as usize + now.len();
            self.slabs[end.slab as usize][end.at as usize..to].copy_from_slice(now);
            end.at = to as u32;
            bytes = rest;
        }
    }

    fn grow(&mut self, stream: usize) {
        let segments = &mut self.segments[stream];
        let bytes = self.limits.segment.min(FIRST_SEGMENT << segments.len().min(20));
        let bytes = if self.unit == 1 { bytes } else { bytes / self.unit * self.unit };
        if self.taken + bytes > self.limits.slab {
            self.open_slab += 1;
            self.taken = 0;
        }
        if self.open_slab == self.slabs.len() {
            self.slabs.push(slab(self.limits));
        }
        let segment = Segment { slab: self.open_slab as u32, from: self.taken as u32, to: (self.taken + bytes) as u32 };
        self.taken += bytes;
        segments.push(segment);
        self.ends[stream] = End { slab: segment.slab, at: segment.from, to: segment.to };
    }

    /// Bytes of memory that the streams take.
    pub fn memory_bytes(&self) -> usize {
        if self.slabs.is_empty() { 0 } else { self.open_slab * self.limits.slab + self.taken }
    }

    /// Empties all streams, and keeps their memory for what comes next.
    pub fn clear(&mut self) {
        self.ends.fill(End::default());
        self.segments.iter_mut().for_each(Vec::clear);
        (self.open_slab, self.taken) = (0, 0);
    }

    /// Empties all streams and gives their memory back.
    pub fn release(&mut self) {
        self.clear();
        self.slabs.clear();
    }

    /// What a stream holds, piece by piece.
    pub fn read(&self, stream: usize) -> impl Iterator<Item = &[u8]> {
        let segments = &self.segments[stream];
        segments.iter().enumerate().map(move |(index, segment)| {
            let to = if index + 1 == segments.len() { self.ends[stream].at } else { segment.to };
            &self.slabs[segment.slab as usize][segment.from as usize..to as usize]
        })
    }
}

fn slab(limits: Limits) -> MmapMut {
    let slab = MmapMut::map_anon(limits.slab).unwrap_or_else(|error| panic!("no memory for {} bytes: {error}", limits.slab));
    if limits.large_pages {
        // Large pages save most of the cost of first touching the memory; without them all works the same.
        let _ = slab.advise(Advice::HugePage);
    }
    slab
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_keep_what_was_appended() {
        let mut streams = Streams::new(3, 1, Limits { segment: 4096, slab: 10_000, large_pages: false });
        let mut expected = vec![Vec::new(); 3];
        for number in 0..5000_u32 {
            let stream = (number.wrapping_mul(2_654_435_761) >> 30) as usize % 3;
            let bytes = vec![number as u8; number as usize % 97];
            streams.append(stream, &bytes);
            expected[stream].extend_from_slice(&bytes);
        }
        streams.append(0, &[7; 50_000]);
        expected[0].extend_from_slice(&[7; 50_000]);
        for (stream, expected) in expected.iter().enumerate() {
            assert!(streams.read(stream).collect::<Vec<_>>().concat() == *expected, "stream {stream}");
        }
        let slabs = streams.slabs.len();
        streams.clear();
        assert_eq!((streams.read(0).count(), streams.memory_bytes()), (0, 0));
        expected.iter().enumerate().for_each(|(stream, bytes)| streams.append(stream, bytes));
        assert!(expected.iter().enumerate().all(|(stream, bytes)| streams.read(stream).collect::<Vec<_>>().concat() == *bytes));
        assert!(streams.slabs.len() <= slabs + 1, "the memory is used again");
    }

    #[test]
    fn units_are_not_divided() {
        let mut streams = Streams::new(1, 88, Limits { segment: 4096, slab: 10_000, large_pages: false });
        (0..1000_u32).for_each(|number| streams.append(0, &[number as u8; 88]));
        assert!(streams.read(0).all(|piece| piece.len().is_multiple_of(88) && piece.as_ptr().align_offset(8) == 0));
        assert_eq!(streams.read(0).map(<[u8]>::len).sum::<usize>(), 88_000);
    }
}
