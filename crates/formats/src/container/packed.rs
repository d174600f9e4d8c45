//! Where packed bytes lie: in the mapped file, or in memory, unpacked from a container around them.

use std::ops::Range;
use std::sync::Arc;

/// A stretch of packed bytes; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Packed<'b> {
    place: Place<'b>,
    range: Range<usize>,
}

#[derive(Clone, Debug)]
enum Place<'b> {
    Mapped(&'b [u8]),
    Held(Arc<Vec<u8>>),
}

impl<'b> Packed<'b> {
    /// Bytes of a mapped file.
    pub(super) fn mapped(bytes: &'b [u8]) -> Self {
        Self { place: Place::Mapped(bytes), range: 0..bytes.len() }
    }

    /// Bytes that were unpacked into memory; it is given back with the last member that lies in it.
    pub(super) fn held(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { place: Place::Held(Arc::new(bytes)), range }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        let all: &[u8] = match &self.place {
            Place::Mapped(bytes) => bytes,
            Place::Held(bytes) => bytes,
        };
        &all[self.range.clone()]
    }

    /// The bytes for as long as the file is mapped; none when they are held in memory.
    pub(super) fn mapped_bytes(&self) -> Option<&'b [u8]> {
        match &self.place {
            Place::Mapped(bytes) => Some(&bytes[self.range.clone()]),
            Place::Held(_) => None,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.range.len() as u64
    }

    /// How much memory these bytes keep that `other` does not keep already.
    pub(super) fn held_bytes_beyond(&self, other: &Self) -> u64 {
        match (&self.place, &other.place) {
            (Place::Mapped(_), _) => 0,
            (Place::Held(held), Place::Held(other)) if Arc::ptr_eq(held, other) => 0,
            (Place::Held(held), _) => held.len() as u64,
        }
    }

    /// A part of these bytes, counted from their beginning; none when it is not within them.
    pub(super) fn part(&self, from: u64, to: u64) -> Option<Self> {
        let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
        let inside = from <= to && to <= self.range.len();
        inside.then(|| Self { place: self.place.clone(), range: self.range.start + from..self.range.start + to })
    }
}
