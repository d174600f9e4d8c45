//! Files to rows: mapped bytes, a layout, and the fields of one row at a time.
//!
//! A source is mapped and cut into chunks at line breaks. The thread that reads a chunk also hashes its bytes and counts its lines. Intake knows bytes,
//! lines, quotes and layouts; it does not know what a policy or a date is.
//!
//! The words of this folder:
//!
//! ```text
//! raw            bytes as they stand in the file, in its encoding
//! window         whole lines of a chunk that are read in one go
//! text           the same as UTF-8
//! source value   a field's text before blanks are trimmed and value rules applied
//! value          a field's text afterwards: trimmed, in canonical codes, empty if the source calls it empty
//! code page      an encoding of one byte a character (a page alone is one of Parquet, or 4 KiB of memory)
//! row, record    a row stands in the file; it gives one record, or several where a layout says so
//! row id         the number of a record among all sources
//! source line    source and physical line, for people
//! ```

mod binding;
mod chunk_reader;
mod chunks;
mod code_page_rows;
mod document;
mod field_starts;
mod fields;
#[cfg(test)]
pub(crate) mod fuzzing;
mod header;
mod layout;
mod long_lines;
mod open;
mod record_end;
mod record_flaw;
mod row_visitor;
mod split;
mod standard_quotes;
mod text_stream;
mod utf16_records;

pub use binding::{Binding, Bindings, RowOddities};
pub use chunk_reader::ChunkReader;
pub use chunks::{Chunk, Chunks};
pub use document::{Beginning, Document, Input};
pub use fields::RowFields;
pub use header::{Header, HeaderError, HeaderNote};
pub use layout::*;
pub use open::{ChunkEnd, DocumentBreak, DocumentFact, OpenDocument, workbook_rows};
pub use record_flaw::RecordFlaw;
pub use row_visitor::{KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
