//! What takes the rows that the checks let through, and those that they do not.

use super::{
    AttachmentRecord, Date, DateFormat, Field, QuarantinedRow, RegisterRecord, Residence, RowFinding, RowId, SparseAttribute,
};
use crate::Code;

/// The numbers of fields of a row that has not as many as its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowShape {
    /// Columns of the source, as its header or its layout tells them.
    pub expected: u32,
    /// Fields of the row; 0 when they cannot be told.
    pub found: u32,
}

/// The fields of one row, as the checks read them.
pub trait RowValues {
    /// The value of a field: without blanks around it, in canonical codes; empty when the source has none.
    fn text(&self, field: Field) -> &str;
    /// The format of the field's dates.
    fn date_format(&self, field: Field) -> DateFormat;
}

/// Takes the rows of one worker, in the order of their row ids.
pub trait RowSink: Send {
    /// A row of the register, with its record id, policy number and document number as received.
    fn register(&mut self, record: &RegisterRecord, texts: [&[u8]; 3]);
    /// A row of the attachments, likewise.
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&[u8]; 3]);
    /// A finding of the accepted row that comes next; its birth date tells where the row belongs.
    fn finding(&mut self, birth_date: Date, finding: RowFinding);
    /// A sparse attribute of the row that comes next, likewise.
    fn sparse_attribute(&mut self, _birth_date: Date, _fact: SparseAttribute) {}
    /// The fields of a row in which these were found, before its findings come.
    #[inline]
    fn found_in(&mut self, _values: &dyn RowValues, _found: &[(Code, Option<Field>)]) {}
    /// The fields of a row without as many as its layout has, before its findings come.
    #[inline]
    fn misshapen(&mut self, _shape: RowShape) {}
    /// Where the person of the row lives that comes next, likewise.
    fn residence(&mut self, _birth_date: Date, _row_id: RowId, _residence: Residence<'_>) {}
    /// A row that was not accepted, and its line in the chunk, counted from 0. Such rows come in the order of their row ids, too.
    fn quarantined(&mut self, line: u32, row: &QuarantinedRow);
    /// A chunk is done. Says whether it is of any use to go on.
    fn after_chunk(&mut self) -> bool {
        true
    }
}
