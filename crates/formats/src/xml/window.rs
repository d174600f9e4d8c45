//! A window that moves over a document: the bytes that are looked at, and those of the record under way.

use std::io::{BufRead, ErrorKind};

use super::limits::{RAW_BYTES, WINDOW_BYTES};

/// The part of a document that is in memory.
pub(super) struct Window<R> {
    input: R,
    bytes: Vec<u8>,
    /// How many of `bytes` are the document's.
    filled: usize,
    /// The first byte that nobody has looked at.
    pub at: usize,
    /// Byte of the document at which the window begins.
    base: u64,
    /// Whether the document ends where the window does.
    pub ended: bool,
    /// Byte of the document from which on bytes are kept while they are few enough; the start of the record under way.
    pub keep_from: Option<u64>,
    /// The first bytes of the last record that grew too long to be kept, and the byte of the document at which it begins.
    passed: Vec<u8>,
    passed_from: Option<u64>,
}

impl<R: BufRead> Window<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            bytes: vec![0; WINDOW_BYTES],
            filled: 0,
            at: 0,
            base: 0,
            ended: false,
            keep_from: None,
            passed: Vec::new(),
            passed_from: None,
        }
    }

    /// All bytes that are held.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Byte of the document for a place in the window.
    #[inline]
    pub fn offset(&self, place: usize) -> u64 {
        self.base + place as u64
    }

    /// The first [`RAW_BYTES`] at most of a record that begins at `from`, which is where [`Self::keep_from`] was, and ends at `to`.
    pub fn beginning(&self, from: u64, to: u64) -> &[u8] {
        let to = to.min(from + RAW_BYTES as u64);
        self.part(from, to).unwrap_or(if self.passed_from == Some(from) { &self.passed } else { &[] })
    }

    /// A part of the document, if all of it is held.
    pub fn part(&self, from: u64, to: u64) -> Option<&[u8]> {
        let place = |offset: u64| usize::try_from(offset.checked_sub(self.base)?).ok();
        self.bytes().get(place(from)?..place(to)?)
    }

    /// Passes everything up to the end of `pattern`, however much it is; whether there is one.
    pub fn skip_past(&mut self, pattern: &[u8]) -> std::io::Result<bool> {
        loop {
            if let Some(found) = memchr::memmem::find(&self.bytes()[self.at..], pattern) {
                self.at += found + pattern.len();
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            self.at = self.at.max(self.filled.saturating_sub(pattern.len() - 1));
            self.refill()?;
        }
    }

    /// Reads on, once. Places in the window change.
    pub fn refill(&mut self) -> std::io::Result<()> {
        if self.filled == self.bytes.len() {
            let keep = match self.keep_from.and_then(|from| from.checked_sub(self.base)) {
                Some(from) if self.at - from as usize <= RAW_BYTES => from as usize,
                Some(from) => {
                    self.passed.clear();
                    self.passed.extend_from_slice(&self.bytes[from as usize..from as usize + RAW_BYTES]);
                    self.passed_from = self.keep_from;
                    self.at
                }
                None => self.at,
            };
            assert!(keep > 0, "the limits leave room in the window");
            self.bytes.copy_within(keep..self.filled, 0);
            self.filled -= keep;
            self.at -= keep;
            self.base += keep as u64;
        }
        let read = loop {
            match self.input.fill_buf() {
                Ok(read) => break read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        let taken = read.len().min(self.bytes.len() - self.filled);
        self.bytes[self.filled..self.filled + taken].copy_from_slice(&read[..taken]);
        self.ended = read.is_empty();
        self.filled += taken;
        self.input.consume(taken);
        Ok(())
    }
}
