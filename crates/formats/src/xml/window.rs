//! A window that moves over a document: the bytes that are looked at, and those of the record under way.
//!
//! ```text
//! document   ……<OP>……………<FIO>…………………………
//! window          └ base  └ at         └ filled       bytes before `at` were looked at
//!                 └ keep_from                         the start of the record: kept while the record is short enough
//! ```

use std::io::{BufRead, ErrorKind};

use super::limits::{RAW_BYTES, WINDOW_BYTES};

/// The part of a document that is in memory.
pub(super) struct Window<R> {
    input: R,
    bytes: Vec<u8>,
    /// Number of bytes of the document in `bytes`.
    filled: usize,
    /// Index of the next byte to look at.
    pub at: usize,
    /// Offset of the window in the document.
    base: u64,
    /// Whether the document ends with the window.
    pub ended: bool,
    /// Offset of the record under way, whose bytes are kept while they are few enough.
    pub keep_from: Option<u64>,
    /// The first bytes of the last record that grew too long to be kept, and its offset.
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

    /// All bytes in the window.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// The offset in the document of an index of the window.
    #[inline]
    pub fn offset(&self, index: usize) -> u64 {
        self.base + index as u64
    }

    /// The first bytes, [`RAW_BYTES`] at most, of the record from `from`, which was [`Self::keep_from`], to `to`.
    pub fn beginning(&self, from: u64, to: u64) -> &[u8] {
        let to = to.min(from + RAW_BYTES as u64);
        self.part(from, to).unwrap_or(if self.passed_from == Some(from) { &self.passed } else { &[] })
    }

    /// A part of the document, if all of it is in the window.
    pub fn part(&self, from: u64, to: u64) -> Option<&[u8]> {
        let index = |offset: u64| usize::try_from(offset.checked_sub(self.base)?).ok();
        self.bytes().get(index(from)?..index(to)?)
    }

    /// Skips everything up to the end of `pattern`, however much it is. Returns whether there is one.
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

    /// Reads once more from the input. Indices of the window change.
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
