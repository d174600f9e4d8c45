//! Packed bytes: in the mapped file, or in memory, unpacked from a container around them.

use std::ops::Range;
use std::sync::Arc;

/// A range of packed bytes; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Packed<'b> {
    bytes: Bytes<'b>,
    range: Range<usize>,
}

#[derive(Clone, Debug)]
enum Bytes<'b> {
    Mapped(&'b [u8]),
    Held(Arc<Vec<u8>>),
}

impl<'b> Packed<'b> {
    /// Bytes of a mapped file.
    pub(super) fn mapped(bytes: &'b [u8]) -> Self {
        Self { bytes: Bytes::Mapped(bytes), range: 0..bytes.len() }
    }

    /// Bytes that were unpacked into memory, which is freed with the last member that lies in it.
    pub(super) fn held(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { bytes: Bytes::Held(Arc::new(bytes)), range }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        let all: &[u8] = match &self.bytes {
            Bytes::Mapped(bytes) => bytes,
            Bytes::Held(bytes) => bytes,
        };
        &all[self.range.clone()]
    }

    /// The bytes of the mapped file; `None` when they are in memory.
    pub(super) fn mapped_bytes(&self) -> Option<&'b [u8]> {
        match &self.bytes {
            Bytes::Mapped(bytes) => Some(&bytes[self.range.clone()]),
            Bytes::Held(_) => None,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.range.len() as u64
    }

    /// Bytes of memory that these bytes keep, in addition to those that `other` keeps.
    pub(super) fn held_bytes_beyond(&self, other: &Self) -> u64 {
        match (&self.bytes, &other.bytes) {
            (Bytes::Mapped(_), _) => 0,
            (Bytes::Held(held), Bytes::Held(other)) if Arc::ptr_eq(held, other) => 0,
            (Bytes::Held(held), _) => held.len() as u64,
        }
    }

    /// A part of the bytes, counted from their beginning; `None` if it reaches beyond them.
    pub(super) fn part(&self, from: u64, to: u64) -> Option<Self> {
        let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
        let inside = from <= to && to <= self.range.len();
        inside.then(|| Self { bytes: self.bytes.clone(), range: self.range.start + from..self.range.start + to })
    }
}
