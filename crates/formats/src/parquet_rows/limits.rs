//! Limits on the cost of a file: the limits of archives, for pages and for the texts that come out of them.
//!
//! A page names its own size, a dictionary gives one text to any number of rows, and a run of equal rows takes some bytes for a thousand million of
//! them. So a small file could ask for any memory and any time. Ordinary tables unpack to 3 to 30 times their size.

use super::ParquetFault;

/// Most bytes of pages, and of texts, for each byte of the file.
pub const RATIO: u64 = 200;
/// Bytes that a file of any size may give: this bounds the cost of small files.
pub const ANY_RATIO_BYTES: u64 = 64 << 20;
/// Most bytes of one page. Writers begin a new page after 1 MiB mostly, DuckDB after 100 MB.
pub const PAGE_BYTES: usize = 128 << 20;
/// Most bytes of the largest pages of all wanted columns of a row group together, which a reader holds at a time.
pub const HELD_BYTES: u64 = 512 << 20;
/// Most bytes of the values of one row together. A longer row is refused; the other rows are read.
pub const ROW_BYTES: usize = 1 << 20;
/// Most columns of columns inside each other.
pub const SCHEMA_DEPTH: usize = 32;
/// Most values of a page whose encoding lists the lengths of all values first: the lists take 8 bytes for each.
pub const REPEATING_VALUES: u32 = 16 << 20;
/// Most row groups: the crate counts them in 16 bits.
pub const GROUPS: usize = i16::MAX as usize;
/// Most bytes of a batch: if each row could repeat a page of its own, the batch is cut to fewer rows.
pub const BATCH_BYTES: usize = 256 << 20;

/// The least budget of a row group: a group of few rows among many.
const LEAST_BUDGET_BYTES: u64 = 64 << 10;

/// Most bytes of pages and of texts of a file of this size.
pub(super) fn file_budget(file_bytes: u64) -> u64 {
    file_bytes.saturating_mul(RATIO).max(ANY_RATIO_BYTES)
}

/// Most bytes of a row group: its share by rows. So whether a group exceeds the limit depends on no other group, and all groups together stay below
/// the limit of the file.
pub(super) fn group_budget(file_bytes: u64, group_rows: u64, file_rows: u64) -> u64 {
    let share = u128::from(file_budget(file_bytes)) * u128::from(group_rows) / u128::from(file_rows.max(1));
    u64::try_from(share).unwrap_or(u64::MAX).max(LEAST_BUDGET_BYTES)
}

/// Least bytes that count for rows: one for each value, as if a delimiter followed it.
pub(super) fn least_bytes(rows: u64, columns: usize) -> u64 {
    rows.saturating_mul(columns.max(1) as u64)
}

/// The bytes that a row group has given, and its budget.
pub(super) struct GroupAccount {
    group: usize,
    budget_bytes: u64,
    given_bytes: u64,
}

impl GroupAccount {
    pub fn new(group: usize, budget_bytes: u64) -> Self {
        Self { group, budget_bytes, given_bytes: 0 }
    }

    /// Notes more bytes.
    pub fn add(&mut self, bytes: u64) -> Result<(), ParquetFault> {
        self.given_bytes = self.given_bytes.saturating_add(bytes);
        if self.given_bytes > self.budget_bytes {
            let (group, budget_bytes) = (self.group + 1, self.budget_bytes);
            return Err(ParquetFault::GroupRatio { group, budget_bytes });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_share_what_the_file_may_give() {
        assert_eq!(file_budget(1000), ANY_RATIO_BYTES);
        assert_eq!(file_budget(1 << 30), 200 << 30);
        assert_eq!(group_budget(1000, 25, 100), ANY_RATIO_BYTES / 4);
        assert_eq!(group_budget(1000, 0, 0), LEAST_BUDGET_BYTES);
        assert_eq!(group_budget(u64::MAX, u64::MAX, 1), u64::MAX);
    }

    #[test]
    fn an_account_ends_with_the_first_byte_beyond() {
        let mut account = GroupAccount::new(2, 10);
        assert_eq!(account.add(10), Ok(()));
        assert_eq!(account.add(1), Err(ParquetFault::GroupRatio { group: 3, budget_bytes: 10 }));
    }
}
