//! Errors between a finished table and a published run.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use super::lock::Holder;

/// Error that prevented publishing. No message holds a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}{}", path.display(), advice(source))]
    Io {
        /// Attempted action, as a verb.
        action: &'static str,
        /// File or folder.
        path: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// The output folder is a file, or lies below one.
    #[error(
        "the output folder {} cannot be made, because {} is a file; name a folder with `output` in the job, or with --output",
        folder.display(), file.display()
    )]
    OutputNoFolder {
        /// Output folder.
        folder: PathBuf,
        /// File at the path of a folder.
        file: PathBuf,
    },
    /// The output folder cannot be made or opened.
    #[error(
        "the output folder {} cannot be used: {cause}. Put that right, or name another folder with `output` in the job, or with --output",
        folder.display()
    )]
    OutputUnusable {
        /// Output folder.
        folder: PathBuf,
        /// Error of the file system.
        cause: Box<PublishError>,
    },
    /// A table could not be encoded.
    #[error("cannot write table {table}: {source}")]
    Parquet {
        /// Name of the table.
        table: &'static str,
        /// Error of the Parquet writer.
        source: ParquetError,
    },
    /// Another process holds the output folder.
    #[error(
        "another run is at work on the output folder {}{}; wait until it ends, or choose another folder",
        folder.display(),
        holder.as_ref().map_or(String::new(), |holder| format!(" ({holder})"))
    )]
    Locked {
        /// Output folder.
        folder: PathBuf,
        /// Process that holds the folder, if the lock file names it.
        holder: Option<Holder>,
    },
    /// The lock file is not the one that this process holds: another run may be at work on the folder.
    #[error("{} was removed or replaced while the run was at work, so another run may be at work on the folder; run again", file.display())]
    LockLost {
        /// Lock file.
        file: PathBuf,
    },
    /// The run is published, but `current` does not point to it.
    #[error(
        "`current` does not point to runs/{run_id} yet: {cause}. The same command again makes it current and computes nothing"
    )]
    NotCurrent {
        /// Run id.
        run_id: String,
        /// Error of the file system.
        cause: Box<PublishError>,
    },
    /// The run is published and current, but its name could not be synced.
    #[error("the disk may lose the run when the power fails: {cause}. The same command again makes sure")]
    NotSynced {
        /// Error of the file system.
        cause: Box<PublishError>,
    },
    /// The path of `current` holds something else than a symbolic link.
    #[error("{} is not a symbolic link, so no run can be made current there; move it away", path.display())]
    CurrentNotALink {
        /// `OUT/current`.
        path: PathBuf,
    },
    /// The run to be made current is absent or incomplete.
    #[error("the output folder {} has no complete run {run_id}", folder.display())]
    NotPublished {
        /// Output folder.
        folder: PathBuf,
        /// Requested run.
        run_id: String,
    },
    /// The manifest does not have the form that this version writes.
    #[error("cannot read {}: {source}; the run was not written by this version, or was changed afterwards", path.display())]
    Manifest {
        /// Path of the manifest.
        path: PathBuf,
        /// Position and reason.
        source: serde_json::Error,
    },
    /// A file of a closed month or of a pin is damaged.
    #[error("{} is damaged: {detail}; restore it from a backup, or have the person who knows write it again", path.display())]
    Mark {
        /// Path of the file.
        path: PathBuf,
        /// Reason.
        detail: String,
    },
    /// A batch does not have the shape of its table: a defect of sverka.
    #[error("defect of sverka: a batch for table {table} is not as schemas/outputs/{table}.toml says: {detail}")]
    Shape {
        /// Name of the table.
        table: &'static str,
        /// Column, and its difference.
        detail: String,
    },
    /// Rows are not sorted by the key of the table: a defect of sverka.
    #[error("defect of sverka: table {table} is not sorted by its key at row {row} (counted from 0)")]
    Order {
        /// Name of the table.
        table: &'static str,
        /// First row that is smaller than the row before it, counted in its row group; counted in the table when it is the first of a row group.
        row: u64,
    },
}

impl PublishError {
    pub(super) fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { action, path, source }
    }

    /// The same error as a failure to create or open the output folder.
    pub(super) fn for_output_folder(self, folder: &Path) -> Self {
        let in_the_way = folder.ancestors().find(|path| path.is_file());
        match (self, in_the_way) {
            (Self::Io { .. }, Some(file)) => Self::OutputNoFolder { folder: folder.to_owned(), file: file.to_owned() },
            (cause @ Self::Io { .. }, None) => Self::OutputUnusable { folder: folder.to_owned(), cause: Box::new(cause) },
            (other, _) => other,
        }
    }

    /// Error of the Parquet writer; an error of the file system inside it becomes [`PublishError::Io`].
    pub(super) fn parquet(table: &'static str, path: &Path) -> impl Fn(ParquetError) -> Self {
        move |error| match error {
            ParquetError::External(cause) => match cause.downcast::<io::Error>() {
                Ok(source) => Self::Io { action: "write", path: path.to_path_buf(), source: *source },
                Err(cause) => Self::Parquet { table, source: ParquetError::External(cause) },
            },
            source => Self::Parquet { table, source },
        }
    }

    /// Whether the machine ran out of a resource, so that the same run may succeed elsewhere or later.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        match self {
            Self::Io { source, .. } => is_exhausted(source),
            Self::Parquet { source, .. } => is_without_memory(source),
            Self::LockLost { .. } => true,
            Self::OutputUnusable { cause, .. } => cause.is_exhausted(),
            _ => false,
        }
    }

    /// Whether this is a defect of sverka, independent of user and machine.
    #[must_use]
    pub fn is_defect(&self) -> bool {
        matches!(self, Self::Parquet { .. } | Self::Shape { .. } | Self::Order { .. }) && !self.is_exhausted()
    }
}

/// Whether a compressor had no memory. Zstandard allocates by itself and reports this in the text of the error only.
fn is_without_memory(error: &ParquetError) -> bool {
    matches!(error, ParquetError::External(cause) if cause.to_string().contains("not enough memory"))
}

/// Error numbers of machine faults without an `io::ErrorKind`, on Linux, the BSDs and macOS.
const MACHINE_FAULTS: [i32; 3] = [EIO, ENFILE, EMFILE];
/// Failing disk.
const EIO: i32 = 5;
/// Too many open files: in the machine, in the process.
const ENFILE: i32 = 23;
const EMFILE: i32 = 24;
/// No free locks; the number differs between systems.
const ENOLCK: i32 = if cfg!(target_os = "linux") { 37 } else { 77 };

/// Whether the machine is at fault: no disk space, quota, memory, open files or locks left, the file too large, or the disk failing.
#[must_use]
pub fn is_exhausted(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, OutOfMemory, QuotaExceeded, StaleNetworkFileHandle, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge | OutOfMemory | StaleNetworkFileHandle)
        || error.raw_os_error().is_some_and(|code| MACHINE_FAULTS.contains(&code) || code == ENOLCK)
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; free space there and run again",
        io::ErrorKind::FileTooLarge => "; raise the limit of this user or of the file system (ulimit -f) and run again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "; give this user the right to write there",
        _ if error.raw_os_error() == Some(EIO) => "; the disk or the network to it fails: see the log of the system",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressor_without_memory_is_no_defect() {
        let error = |cause: &str| PublishError::Parquet { table: "persons", source: ParquetError::External(cause.into()) };
        let exhausted = error("Allocation error : not enough memory");
        assert!(exhausted.is_exhausted() && !exhausted.is_defect());
        let defect = error("Destination buffer is too small");
        assert!(!defect.is_exhausted() && defect.is_defect());
    }
}
