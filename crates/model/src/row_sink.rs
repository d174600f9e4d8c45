//! The sink of checked rows, accepted and quarantined.

use super::{
    AttachmentRecord, Date, DateFormat, Field, QuarantinedRow, RegisterRecord, Residence, RowFinding, RowId, SparseAttribute,
};
use crate::Code;

/// Numbers of fields of a row that differ from its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowShape {
    /// Columns of the source, by its header or its layout.
    pub expected: u32,
    /// Fields of the row; 0 when they cannot be counted.
    pub found: u32,
}

/// Fields of one row, in the form in which the checks read them.
pub trait RowValues {
    /// The value of a field: without blanks around it, in canonical codes; empty when the source has none.
    fn text(&self, field: Field) -> &str;
    /// The format of the field's dates.
    fn date_format(&self, field: Field) -> DateFormat;
}

/// Sink of the rows of one worker. Accepted rows come in the order of their row ids, and so do quarantined ones.
///
/// Findings, sparse attributes and residence of an accepted row come before the row. The birth date of the row selects its partition.
pub trait RowSink: Send {
    /// Takes a row of the register, with record id, policy number and document number as received.
    fn register(&mut self, record: &RegisterRecord, texts: [&[u8]; 3]);
    /// Takes a row of the attachments, with record id, policy number and document number as received.
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&[u8]; 3]);
    /// Takes a finding of the next accepted row.
    fn finding(&mut self, birth_date: Date, finding: RowFinding);
    /// Takes a sparse attribute of the next accepted row.
    fn sparse_attribute(&mut self, _birth_date: Date, _attribute: SparseAttribute) {}
    /// Takes the fields of the next row with its findings, accepted or quarantined.
    #[inline]
    fn found_in(&mut self, _values: &dyn RowValues, _found: &[(Code, Option<Field>)]) {}
    /// Takes the numbers of fields of the next row when they differ from its layout.
    #[inline]
    fn misshapen(&mut self, _shape: RowShape) {}
    /// Takes the residence of the person of the next accepted row.
    fn residence(&mut self, _birth_date: Date, _row_id: RowId, _residence: Residence<'_>) {}
    /// Takes a quarantined row; `line` is its line in the chunk, from 0.
    fn quarantined(&mut self, line: u32, row: &QuarantinedRow);
    /// Called at the end of a chunk. Returns whether reading should go on.
    fn after_chunk(&mut self) -> bool {
        true
    }
}
