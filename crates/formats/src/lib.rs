//! Readers that know their format and nothing else: mapped files, archives, XML, DBF, Parquet rows, workbooks, encodings.
//!
//! This crate knows no layout and no field.

pub mod container;
mod content_hash;
pub mod dbf;
mod encoding;
mod file_name;
pub mod parquet_rows;
mod source_file;
pub mod spreadsheet;
mod toml_text;
pub mod xml;

pub use content_hash::{PieceHash, combine, hash_content, hash_piece, is_piece_size};
pub use encoding::CodePage;
pub use encoding::Encoding;
pub use encoding::LineEnd;
#[doc(hidden)]
pub use encoding::encoded;
pub use encoding::{Declaration, EncodingConflict, SettledEncoding, SourceEncoding};
pub use file_name::{DecodedName, latin_key, latin_pattern, likely_name, look_alike_letters, possible_names};
pub use source_file::Difference;
pub use source_file::{SourceError, SourceFile, file_age, reading_advice};
pub use toml_text::{line_at, toml_problem};
