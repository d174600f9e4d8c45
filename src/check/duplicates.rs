//! Rows of one table that say the same: the one at the smallest position stays, the others point to it.

use std::sync::Mutex;

use super::records::{Record, RowState, Table};
use crate::partition::equal_keys;

/// A row that repeats an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// The later row.
    pub row: u32,
    /// The row that stays.
    pub kept: u32,
}

/// Marks the duplicates of a table, in the order of positions.
pub fn mark_duplicates<R: Record>(table: &mut Table<R>) -> Vec<Duplicate> {
    let found = Mutex::new(Vec::new());
    let fingerprints = &table.fingerprints;
    equal_keys(
        fingerprints.len(),
        |row| (fingerprints[row] != 0).then_some(u128::from(fingerprints[row]) << 64 | u128::from(fingerprints[row])),
        |kept, row| found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(Duplicate { row, kept }),
    );
    let mut duplicates = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    duplicates.sort_unstable();
    for duplicate in &duplicates {
        table.records[duplicate.row as usize].identity_mut().state = RowState::DUPLICATE;
    }
    duplicates
}
