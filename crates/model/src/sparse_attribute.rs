//! Sparse attributes: optional facts stored beside the fixed-width records of a partition, and looked up by row id. A
//! row without sparse attributes costs nothing.

use bytemuck::{Pod, Zeroable};

use super::{Date, RowId};

/// Kind of a sparse attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum AttributeKind {
    /// Mother or representative of a newborn: the number is the ENP, the day is the first one on which another insurer may be chosen.
    Representative,
    /// Military or equal service on the as-of date: neither number nor day.
    InService,
    /// Residence of a person whose insurer has left: the number is the comparison key of the address; no day.
    Address,
}

impl AttributeKind {
    const ALL: [Self; 3] = [Self::Representative, Self::InService, Self::Address];
}

/// Sparse attribute of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct SparseAttribute {
    /// Row id.
    pub row_id: RowId,
    /// Number, with the meaning that the kind gives it; 0 for a kind without a number.
    pub number: u64,
    /// Day, with the meaning that the kind gives it; [`Date::NEVER`] for a kind without a day.
    pub day: Date,
    kind: u32,
}

impl SparseAttribute {
    /// An attribute of the row with a row id.
    #[must_use]
    pub fn new(row_id: RowId, kind: AttributeKind, number: u64, day: Date) -> Self {
        Self { row_id, number, day, kind: kind as u32 }
    }

    /// The kind of the attribute.
    #[must_use]
    pub fn kind(&self) -> AttributeKind {
        AttributeKind::ALL[self.kind as usize]
    }

    /// The sort key of attributes: row id, then kind.
    #[must_use]
    pub fn sort_key(&self) -> (RowId, u32) {
        (self.row_id, self.kind)
    }
}
