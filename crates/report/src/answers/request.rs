//! Rows of a request.
//!
//! An implementation of [`RequestReader`] knows the format of sources. Answers only ask for rows in their order.

use sverka_model::Date;
use sverka_model::Field;
use sverka_model::RowShape;

/// The error of a request that cannot be read again.
#[derive(Debug, thiserror::Error)]
#[error("{source_name}: {cause}")]
pub struct RequestError {
    /// Name of the source.
    pub source_name: String,
    /// The fault, with what to do.
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

/// One row of a request.
pub struct RequestRow<'r> {
    /// Line of the row, as in the column `line` of the published tables.
    pub line: u64,
    /// Field as text without blanks around it; empty when the row cannot be split or has no such field.
    pub field: &'r dyn Fn(Field) -> &'r str,
    /// Expected and found numbers of fields, of a row that cannot be split into the fields of its layout.
    pub shape: Option<RowShape>,
    /// Field as a date; `None` when it is no date.
    pub date: &'r dyn Fn(Field) -> Option<Date>,
}

/// Reader of the requests of a job, by the names of its sources.
pub trait RequestReader: Sync {
    /// BLAKE3 of the content, hexadecimal, as in the manifest of a run.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn content_hash(&self, source: &str) -> Result<String, RequestError>;

    /// Visits the rows of a source in their order: every row that a run counts, quarantined rows included.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn visit_rows(&self, source: &str, visit: &mut dyn FnMut(&RequestRow<'_>)) -> Result<(), RequestError>;
}
