//! Faults of Parquet files. Messages show names of columns, but no values.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reasons why a Parquet file, or a row group of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParquetFault {
    /// Bytes that are not the beginning or not the end of a Parquet file.
    #[error("not a whole Parquet file: {why}; get it again, or export it again")]
    NotParquet {
        /// The missing part.
        why: &'static str,
    },
    /// A directory that cannot be read.
    #[error("the directory of the Parquet file cannot be read ({why}); export it again")]
    Directory {
        /// The message of the reader.
        why: String,
    },
    /// A row group that does not lie in the file.
    #[error("row group {group} of the Parquet file is damaged: {why}; export it again")]
    OutOfFile {
        /// Number of the row group, from 1.
        group: usize,
        /// The fault of the row group.
        why: &'static str,
    },
    /// A column of a row group is packed in a way that is not read.
    #[error("column `{column}` is packed with {codec}, which is not read; export it with zstd, snappy or gzip, or not packed")]
    Codec {
        /// The column.
        column: String,
        /// The packing, as Parquet calls it.
        codec: String,
    },
    /// A row group that cannot be unpacked.
    #[error("row group {group} of the Parquet file is damaged ({why}); export it again")]
    Group {
        /// Number of the row group, from 1.
        group: usize,
        /// The message of the reader.
        why: String,
    },
    /// A row group with another number of rows than the directory says.
    #[error("row group {group} of the Parquet file has {given} rows instead of {declared}; export it again")]
    RowCount {
        /// Number of the row group, from 1.
        group: usize,
        /// Rows in the group.
        given: u64,
        /// Rows by the directory.
        declared: u64,
    },
    /// A head of a page that makes no sense, or a page that does not lie within its column.
    #[error("column `{column}` of the Parquet file is damaged: the head of a page cannot be read; export it again")]
    PageHead {
        /// The column.
        column: String,
    },
    /// A page over [`super::limits::PAGE_BYTES`].
    #[error(
        "column `{column}` has a page of {claimed_bytes} bytes, more than {} MiB, the limit; export it with smaller pages",
        super::limits::PAGE_BYTES >> 20
    )]
    PageTooLarge {
        /// The column.
        column: String,
        /// Bytes of the page, as its head claims.
        claimed_bytes: usize,
    },
    /// Pages over [`super::limits::HELD_BYTES`].
    #[error(
        "row group {group} of the Parquet file has pages of {held_bytes} bytes that must be in memory together, more than {} MiB, the limit; export \
         it with smaller pages or row groups",
        super::limits::HELD_BYTES >> 20
    )]
    GroupTooLarge {
        /// Number of the row group, from 1.
        group: usize,
        /// Bytes of the largest page of each column together.
        held_bytes: u64,
    },
    /// A file that unpacks to more than [`super::limits::RATIO`] allows, as its directory describes it.
    #[error(
        "the Parquet file of {file_bytes} bytes unpacks to {unpacked_bytes}, over {} times its size, the limit; export it again, or as CSV",
        super::limits::RATIO
    )]
    FileRatio {
        /// Bytes of the file.
        file_bytes: u64,
        /// Bytes that the wanted columns unpack to, or the least that their rows take as text.
        unpacked_bytes: u64,
    },
    /// A row group whose pages or texts are more than [`super::limits::RATIO`] allows.
    #[error(
        "row group {group} of the Parquet file gives more than {budget_bytes} bytes, its share of {} times the size of the file, the limit; export it \
         again, or as CSV",
        super::limits::RATIO
    )]
    GroupRatio {
        /// Number of the row group, from 1.
        group: usize,
        /// Most bytes that the group may give.
        budget_bytes: u64,
    },
    /// A wanted column that has no text.
    #[error("column `{column}` is of type {kind}, which is not read; export it as {instead}")]
    KindNotRead {
        /// The column.
        column: String,
        /// Type of the column, as Arrow calls it.
        kind: String,
        /// Types that would be read.
        instead: &'static str,
    },
}

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside the parquet crate. A panic there is a fault of the file, which the hook that reports
/// panics must not report.
#[must_use]
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Runs a part of the parquet crate, which panics on some damaged files. A panic is a fault of the file, and the half-read values are not used any more.
pub(super) fn guarded<T>(
    read: impl FnOnce() -> Result<T, ParquetFault>,
    panicked: impl FnOnce() -> ParquetFault,
) -> Result<T, ParquetFault> {
    IS_GUARDED.set(true);
    let ended = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(false);
    ended.unwrap_or_else(|_| Err(panicked()))
}
