//! Sparse attributes: what few rows tell besides what every record has room for. They lie beside the rows of a partition and are looked up by row id; a row
//! that tells none costs nothing.

use bytemuck::{Pod, Zeroable};

use super::{Date, RowId};

/// What a sparse attribute is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum AttributeKind {
    /// A newborn's mother or representative: the ENP, and the first day on which another insurer may be chosen.
    Representative,
    /// The person is in military or equal service on the as-of date. Neither number nor day.
    InService,
    /// Where the person of an insurer that left lives: a hash of the address. No day.
    Address,
}

impl AttributeKind {
    const ALL: [Self; 3] = [Self::Representative, Self::InService, Self::Address];
}

/// A attribute that a row tells besides its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct SparseAttribute {
    /// Where the row stands.
    pub row_id: RowId,
    /// The number that the kind asks for; else 0.
    pub number: u64,
    /// The day that the kind asks for; else [`Date::NEVER`].
    pub day: Date,
    kind: u32,
}

impl SparseAttribute {
    /// A attribute of the row with a row id.
    #[must_use]
    pub fn new(row_id: RowId, kind: AttributeKind, number: u64, day: Date) -> Self {
        Self { row_id, number, day, kind: kind as u32 }
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> AttributeKind {
        AttributeKind::ALL[self.kind as usize]
    }

    /// The order of attributes: by row id, then by kind.
    #[must_use]
    pub fn order(&self) -> (RowId, u32) {
        (self.row_id, self.kind)
    }
}
