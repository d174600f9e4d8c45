//! The hand-over of rows: the place of a row, its fault, and the trait of everyone who takes rows.

use super::fields::RowFields;
use super::record_flaw::RecordFlaw;

/// First bytes that are kept of a row that is not accepted.
pub const KEPT_ROW_BYTES: usize = 64 << 10;

/// The raw bytes of a row, and where they stand in the source.
#[derive(Clone, Copy, Debug)]
pub struct RowBytes<'b> {
    /// Line of the chunk on which the row begins, from 0; the number of the row in documents without lines.
    pub line: u32,
    /// Number of the record among those that a row may give.
    pub part: u32,
    /// Byte offset of the row in the document.
    pub offset: u64,
    /// The row without its line end; only its first [`KEPT_ROW_BYTES`] when it is too long to be held.
    pub raw: &'b [u8],
    /// Number of bytes of the row behind `raw`.
    pub bytes_beyond: u64,
}

impl RowBytes<'_> {
    /// Bytes of the whole row, without its line end.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.raw.len() as u64 + self.bytes_beyond
    }
}

/// The reason why a row has no fields. Several reasons may hold at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFault {
    /// Whether a byte sequence is not valid in the source's encoding.
    pub encoding: bool,
    /// Whether a quote is not closed, or text follows a closing quote.
    pub quote: bool,
    /// The number of fields, if it is not the layout's; 0 if fields cannot be distinguished.
    pub fields: Option<usize>,
    /// The flaw of a record of a document without lines.
    pub flaw: Option<RecordFlaw>,
}

impl RowFault {
    /// A row with fields that cannot be distinguished, or with more bytes than are looked at.
    pub(super) const SHAPE: Self = Self { encoding: false, quote: false, fields: Some(0), flaw: None };
    /// A row with bytes that have no meaning in the source's encoding.
    pub(super) const ENCODING: Self = Self { encoding: true, quote: false, fields: None, flaw: None };

    /// A record of a document without lines that cannot be read.
    pub(super) const fn flawed(flaw: RecordFlaw) -> Self {
        Self { encoding: false, quote: false, fields: None, flaw: Some(flaw) }
    }
}

/// Receives the records of a document in the order of its rows.
pub trait RowVisitor {
    /// Receives a record; a row without fields comes once, as its first record.
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>);

    /// Called now and then while a document is read from its beginning to its end: `bytes` more of the file are done. Returns whether to go on.
    fn pause(&mut self, _bytes: u64) -> bool {
        true
    }
}

impl<F: FnMut(RowBytes<'_>, Result<RowFields<'_>, RowFault>)> RowVisitor for F {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self(at, fields);
    }
}
