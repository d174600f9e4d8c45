//! Files to rows: mapped bytes, a layout, and the fields of one row at a time.
//!
//! A source is mapped and cut into chunks at line breaks; whoever reads a chunk also hashes its bytes and counts its lines. Intake knows
//! bytes, lines, quotes and encodings; it does not know what a policy or a date is.

mod binding;
mod chunk;
pub mod container;
mod content_hash;
pub mod dbf;
mod document;
mod encoding;
mod fields;
mod file_name;
#[cfg(test)]
pub(crate) mod fuzzing;
mod header;
mod interner;
mod layout;
mod long_lines;
mod marks;
mod open;
mod page_rows;
pub mod parquet_rows;
mod record_end;
mod record_flaw;
mod row_id;
mod source_file;
mod split;
pub mod spreadsheet;
mod standard_quotes;
mod text_hash;
mod text_stream;
mod texts;
mod unit_records;
pub mod xml;

pub use binding::{Binding, Bindings, RowDoubts};
pub use chunk::{Chunk, ChunkReader, Chunks, KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
pub use content_hash::{PieceHash, combine, hash_content, hash_piece, is_piece_size};
pub use document::{Beginning, Document, Input};
pub use encoding::{Declaration, Encoding, EncodingConflict, SourceEncoding};
pub use fields::{RowFields, trim_blanks};
pub use file_name::{ReadableName, latin_form, look_alikes_of, readable, readings};
pub use header::{Header, HeaderError, HeaderNote};
pub use interner::{InternedText, InternedTexts, Interner, InternerCache};
pub use layout::*;
pub use open::{Break, ChunkEnd, DocumentFact, OpenDocument, workbook_rows};
pub use record_flaw::RecordFlaw;
pub use row_id::{CountedChunk, RowId, RowIds};
pub use source_file::{Difference, SourceError, SourceFile, reading_advice};
pub use text_hash::{RowHash, hash_text};
pub use texts::{RowTexts, TextKind};
