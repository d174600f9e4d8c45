//! What can go wrong between a finished table and a published run.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

/// Why a run could not be published. No message carries a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}{}", path.display(), advice(source))]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output folder is a file, or lies below one.
    #[error(
        "the output folder {} cannot be made, because {} is a file; name a folder with `output` in the job, or with --output",
        folder.display(), file.display()
    )]
    OutputNoFolder {
        /// The output folder.
        folder: PathBuf,
        /// The file that stands in its way.
        file: PathBuf,
    },
    /// The output folder cannot be made or opened.
    #[error(
        "the output folder {} cannot be used: {cause}. Put that right, or name another folder with `output` in the job, or with --output",
        folder.display()
    )]
    OutputUnusable {
        /// The output folder.
        folder: PathBuf,
        /// What the file system refused.
        cause: Box<PublishError>,
    },
    /// A table could not be encoded.
    #[error("cannot write table {table}: {source}")]
    Parquet {
        /// The table.
        table: &'static str,
        /// What the Parquet writer said.
        source: ParquetError,
    },
    /// Another process holds the output folder.
    #[error(
        "another run is at work on the output folder {}{}; wait until it ends, or choose another folder",
        folder.display(),
        pid.map_or(String::new(), |pid| format!(" (process {pid})"))
    )]
    Locked {
        /// The output folder.
        folder: PathBuf,
        /// The process that holds it, if it said so.
        pid: Option<u32>,
    },
    /// The lock file is not the one that this process holds: another run may be at work on the folder.
    #[error("{} was removed or replaced while the run was at work, so another run may be at work on the folder; run again", file.display())]
    LockLost {
        /// The lock file.
        file: PathBuf,
    },
    /// A run stands, but `current` does not point to it.
    #[error(
        "`current` does not point to runs/{run_id} yet: {cause}. The same command again makes it current and computes nothing"
    )]
    NotCurrent {
        /// The run.
        run_id: String,
        /// What the file system refused.
        cause: Box<PublishError>,
    },
    /// A run stands and is current, but the disk did not say that it has its name.
    #[error("the disk may lose the run when the power fails: {cause}. The same command again makes sure")]
    NotSynced {
        /// What the file system refused.
        cause: Box<PublishError>,
    },
    /// Something that is not ours stands where `current` belongs.
    #[error("{} is not a symbolic link, so no run can be made current there; move it away", path.display())]
    CurrentNotALink {
        /// `OUT/current`.
        path: PathBuf,
    },
    /// The run to be made current is not in the folder, or is not whole.
    #[error("the output folder {} has no complete run {run_id}", folder.display())]
    NotPublished {
        /// The output folder.
        folder: PathBuf,
        /// The run that was asked for.
        run_id: String,
    },
    /// The manifest is not what this version writes.
    #[error("cannot read {}: {source}; the run was not written by this version, or was changed afterwards", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A batch has not the shape of its table: a defect of sverka.
    #[error("defect of sverka: a batch for table {table} is not as schemas/outputs/{table}.toml says: {detail}")]
    Shape {
        /// The table.
        table: &'static str,
        /// Which column, and how it differs.
        detail: String,
    },
    /// Rows came in another order than the table's key: a defect of sverka.
    #[error("defect of sverka: table {table} is not sorted by its key at row {row} (counted from 0)")]
    Order {
        /// The table.
        table: &'static str,
        /// The first row that is smaller than the one before it; of the row group, or of the table when it opens a row group.
        row: u64,
    },
}

impl PublishError {
    pub(super) fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { action, path, source }
    }

    /// The failure of making or opening an output folder, with what names the folder.
    pub(super) fn of_output(self, folder: &Path) -> Self {
        let in_the_way = folder.ancestors().find(|path| path.is_file());
        match (self, in_the_way) {
            (Self::Io { .. }, Some(file)) => Self::OutputNoFolder { folder: folder.to_owned(), file: file.to_owned() },
            (cause @ Self::Io { .. }, None) => Self::OutputUnusable { folder: folder.to_owned(), cause: Box::new(cause) },
            (other, _) => other,
        }
    }

    /// The file system's refusal, if that is what the Parquet writer hands on.
    pub(super) fn parquet(table: &'static str, path: &Path) -> impl Fn(ParquetError) -> Self {
        move |error| match error {
            ParquetError::External(cause) => match cause.downcast::<io::Error>() {
                Ok(source) => Self::Io { action: "write", path: path.to_path_buf(), source: *source },
                Err(cause) => Self::Parquet { table, source: ParquetError::External(cause) },
            },
            source => Self::Parquet { table, source },
        }
    }

    /// Whether the machine ran out of something, so that the same run may succeed elsewhere or later.
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

    /// Whether this is a mistake in sverka, whatever the user and the machine do.
    #[must_use]
    pub fn is_defect(&self) -> bool {
        matches!(self, Self::Parquet { .. } | Self::Shape { .. } | Self::Order { .. }) && !self.is_exhausted()
    }
}

/// Whether a compressor had no memory: it is not written in Rust and takes its own, and tells by words alone.
fn is_without_memory(error: &ParquetError) -> bool {
    matches!(error, ParquetError::External(cause) if cause.to_string().contains("not enough memory"))
}

/// Faults of a machine that have no `io::ErrorKind`, by their numbers on Linux, the BSDs and macOS.
const MACHINE_FAULTS: [i32; 3] = [EIO, ENFILE, EMFILE];
/// A disk that fails.
const EIO: i32 = 5;
/// Too many open files: of the machine, of the process.
const ENFILE: i32 = 23;
const EMFILE: i32 = 24;
/// No locks are left; the number differs between systems.
const ENOLCK: i32 = if cfg!(target_os = "linux") { 37 } else { 77 };

/// Whether the machine is at fault: it ran out of disk space, a quota, the size that a file may have, memory, open files or locks, or its disk
/// fails.
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
