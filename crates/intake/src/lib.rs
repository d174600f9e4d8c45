//! Files to rows: mapped bytes, a layout, and the fields of one row at a time.
//!
//! A source is mapped and cut into chunks at line breaks; whoever reads a chunk also hashes its bytes and counts its lines. Intake knows
//! bytes, lines, quotes and encodings; it does not know what a policy or a date is.

mod binding;
mod chunk;
mod document;
mod fields;
#[cfg(test)]
pub(crate) mod fuzzing;
mod header;
mod layout;
mod long_lines;
mod marks;
mod open;
mod page_rows;
mod record_end;
mod record_flaw;
mod split;
mod standard_quotes;
mod text_stream;
mod unit_records;

pub use binding::{Binding, Bindings, RowDoubts};
pub use chunk::{Chunk, ChunkReader, Chunks, KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
pub use document::{Beginning, Document, Input};
pub use fields::RowFields;
pub use header::{Header, HeaderError, HeaderNote};
pub use layout::*;
pub use open::{Break, ChunkEnd, DocumentFact, OpenDocument, workbook_rows};
pub use record_flaw::RecordFlaw;
