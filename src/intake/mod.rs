//! Files to rows: mapped bytes, a layout, and the fields of one row at a time.
//!
//! A source is surveyed once (hash and line counts), cut into chunks at line breaks, and each chunk is read by whoever wants its rows. Intake
//! knows bytes, lines, quotes and encodings; it does not know what a policy or a date is.

mod chunk;
mod fields;
mod layout;
mod lexicon;
mod marks;
mod record_end;
mod survey;
mod text_hash;
mod texts;

pub use chunk::{Chunk, ChunkReader, Header, HeaderError, RowBytes, RowFault, plan_chunks};
pub use fields::{Binding, RowFields, trim_blanks};
pub use layout::*;
pub use lexicon::{Lexicon, Word, WordCache, Words};
pub use survey::{SourceFile, SurveyError, survey};
pub use text_hash::{RowHash, hash_text};
pub use texts::{ChunkTexts, TextKind, Texts, TextsBuilder};
