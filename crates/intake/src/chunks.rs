//! Cutting a source into chunks that begin and end at records, so that threads read them independently.
//!
//! Where a record is one line, chunks are cut at line breaks, without reading what lies between the cuts. In a multiline layout a line break may be
//! quoted, so the whole source is scanned once for the starts of records. Either way the records are the same for every size of chunks.

use super::header::Header;
use super::layout::{Delimited, Layout};
use super::long_lines::LongLines;
use super::record_end::RecordEnds;
use super::standard_quotes::StandardQuotes;
use sverka_formats::Encoding;

/// A part of a source, from the start of a record to the start of a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// First byte.
    pub from: usize,
    /// First byte after the chunk.
    pub to: usize,
}

/// The cuts of a source into chunks.
#[derive(Debug)]
pub struct Chunks {
    encoding: Encoding,
    data_from: usize,
    /// First byte after the rows.
    data_to: usize,
    /// Bytes of the document.
    length: usize,
    chunk_bytes: usize,
    /// The quoting of RFC 4180, if senders may use it although the layout does not say so.
    standard_quotes: Option<StandardQuotes>,
    /// Starts of all chunks and the end of the last one, if they are found out beforehand. Otherwise cuts are even:
    /// every `chunk_bytes`, moved to the next record when the chunk is read.
    cuts: Option<Vec<usize>>,
}

impl Chunks {
    /// Chunks of about `chunk_bytes` over the records behind a header. Only sources of multiline layouts are scanned
    /// for the starts of records. Such a source in UTF-16 is a single chunk: delimiters and quotes cannot be looked for
    /// among its bytes.
    #[must_use]
    pub fn plan(bytes: &[u8], layout: &Layout, header: &Header, chunk_bytes: usize) -> Self {
        assert!(chunk_bytes > 0, "a chunk has at least one byte");
        let Header { data_from, data_to, .. } = *header;
        let encoding = header.encoding.encoding;
        let cuts = match layout.delimited().filter(|form| form.multiline) {
            None => None,
            Some(_) if encoding.is_utf16() => Some(vec![data_from, data_to]),
            Some(form) => Some(cuts_between_records(&bytes[..data_to], form, header, chunk_bytes)),
        };
        let columns = header.columns.len();
        let standard_quotes = layout.delimited().and_then(|form| StandardQuotes::for_form(form, encoding, columns));
        Self { encoding, data_from, data_to, length: bytes.len(), chunk_bytes, standard_quotes, cuts }
    }

    /// Chunks of a document that is not cut at lines: one for each row group, or one for the whole document.
    #[must_use]
    pub fn even(length: usize, chunks: usize) -> Self {
        let cuts = (0..=chunks).map(|cut| length * cut / chunks.max(1)).collect();
        let chunk_bytes = length.max(1);
        Self {
            encoding: Encoding::Utf8,
            data_from: 0,
            data_to: length,
            length,
            chunk_bytes,
            standard_quotes: None,
            cuts: Some(cuts),
        }
    }

    /// The number of chunks. A chunk may hold no record.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cuts.as_ref().map_or_else(|| self.length.div_ceil(self.chunk_bytes), |cuts| cuts.len() - 1)
    }

    /// One chunk; `bytes` are the whole source.
    #[must_use]
    pub(super) fn get(&self, bytes: &[u8], index: usize, long_lines: LongLines<'_>) -> Chunk {
        if let Some(cuts) = &self.cuts {
            return Chunk { from: cuts[index], to: cuts[index + 1] };
        }
        // A chunk inside of one long line must not look for the end of that line: every chunk of the line would, and their cost would be quadratic.
        let cut = index.saturating_mul(self.chunk_bytes);
        let next_cut = cut.saturating_add(self.chunk_bytes).min(self.data_to).max(self.data_from);
        if cut > self.data_from && cut < next_cut {
            let line = long_lines.line_end(&bytes[..next_cut], self.encoding.unit_before(cut), self.encoding);
            if line >= next_cut {
                return Chunk { from: next_cut, to: next_cut };
            }
        }
        Chunk { from: self.first_line_from(bytes, index, long_lines), to: self.first_line_from(bytes, index + 1, long_lines) }
    }

    /// Bytes of the file that a chunk has, roughly; the sum over all chunks is exact.
    #[must_use]
    pub fn bytes(&self, index: usize) -> u64 {
        let part = self.even_part(index).map(|part| part.len());
        part.unwrap_or_else(|| self.cuts.as_ref().map_or(0, |cuts| cuts[index + 1] - cuts[index])) as u64
    }

    /// The bytes between the even cuts of a chunk: each byte of the source is in one such part. `None` when the cuts are not even.
    #[must_use]
    pub fn even_part(&self, index: usize) -> Option<std::ops::Range<usize>> {
        let from = index * self.chunk_bytes;
        self.cuts.is_none().then(|| from..self.length.min(from + self.chunk_bytes))
    }

    /// Start of the first record at the chunk's even cut or later.
    fn first_line_from(&self, bytes: &[u8], index: usize, long_lines: LongLines<'_>) -> usize {
        let cut = index.saturating_mul(self.chunk_bytes);
        if cut <= self.data_from {
            return self.data_from;
        }
        if cut >= self.data_to {
            return self.data_to;
        }
        let bytes = &bytes[..self.data_to];
        let line = long_lines.line_end(bytes, self.encoding.unit_before(cut), self.encoding);
        self.standard_quotes.as_ref().map_or(line, |quotes| quotes.record_start(bytes, self.data_from, line))
    }
}

/// Starts of records that are at least `chunk_bytes` apart, and the end of the last record.
fn cuts_between_records(bytes: &[u8], form: &Delimited, header: &Header, chunk_bytes: usize) -> Vec<usize> {
    let mut cuts = vec![header.data_from];
    let mut from = header.data_from;
    let mut ends = RecordEnds::new(bytes, form, header.columns.len(), header.encoding.encoding.code_page());
    while from < bytes.len() {
        from = ends.after(from).0;
        if from == bytes.len() || from - cuts[cuts.len() - 1] >= chunk_bytes {
            cuts.push(from);
        }
    }
    cuts
}
