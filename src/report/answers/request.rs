//! The rows of a request, as answers need them.
//!
//! What stands behind [`Requests`] knows how sources are written; answers only ask for rows in their order.

use crate::model::Date;
use crate::model::Field;
use crate::model::RowShape;

/// A request cannot be read again.
#[derive(Debug, thiserror::Error)]
#[error("{source_name}: {cause}")]
pub struct RequestError {
    /// The source's name.
    pub source_name: String,
    /// What was wrong, and what to do.
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

/// One row of a request.
pub struct RequestRow<'r> {
    /// Where it stands: as `line` of the published tables.
    pub line: u64,
    /// A field as text, without blanks around it; empty when the row cannot be split, or has no such field.
    pub field: &'r dyn Fn(Field) -> &'r str,
    /// The numbers of fields of a row that cannot be split into those of its layout.
    pub shape: Option<RowShape>,
    /// A field that is a date.
    pub date: &'r dyn Fn(Field) -> Option<Date>,
}

/// The requests of a job, by the names of its sources.
pub trait Requests: Sync {
    /// BLAKE3 of the content, hexadecimal, as the manifest of a run has it.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn content_hash(&self, source: &str) -> Result<String, RequestError>;

    /// Visits the rows of a source in their order: every row that a run counts, quarantined ones included.
    ///
    /// # Errors
    /// When the source cannot be read, or what `visit` says.
    fn rows(&self, source: &str, visit: &mut dyn FnMut(&RequestRow<'_>)) -> Result<(), RequestError>;
}
