//! Residence of the person of a register row, as received. Such texts differ from row to row and few sources have them, so they are stored beside the
//! record.

/// Address and settlement of a row as received; one of them may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residence<'r> {
    /// Place of residence.
    pub address: &'r [u8],
    /// Town or village.
    pub settlement: &'r [u8],
}
