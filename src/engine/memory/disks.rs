//! Check that the disks have room for rows that do not fit into memory and for the results.

use std::path::{Path, PathBuf};

use crate::engine::error::RunError;

/// Bytes that a run will write into its two folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DiskNeed {
    /// Bytes of rows that do not fit into memory, for the spill folder.
    pub spilled: u64,
    /// Bytes of results, for the output folder.
    pub outputs: u64,
}

/// Disk of a folder. Device and free bytes are `None` if the system does not report them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Disk {
    /// Folder on the disk.
    pub folder: PathBuf,
    /// Number of the device.
    pub device: Option<u64>,
    /// Free bytes for this user.
    pub free: Option<u64>,
}

impl Disk {
    /// Examines the disk of a folder, which may not exist yet.
    pub fn under(folder: &Path) -> Self {
        // A relative path starts in the current folder.
        let existing = folder.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("."));
        let device = rustix::fs::stat(existing).ok().map(|found| found.st_dev);
        let free = rustix::fs::statvfs(existing).ok().map(|space| space.f_bavail.saturating_mul(space.f_frsize));
        Self { folder: folder.to_owned(), device, free }
    }

    /// Refuses a need that exceeds the free bytes.
    fn check(&self, need: DiskNeed) -> Result<(), RunError> {
        let DiskNeed { spilled, outputs } = need;
        match self.free {
            Some(free) if free < spilled.saturating_add(outputs) => {
                Err(RunError::DiskSpace { folder: self.folder.clone(), free, spilled, outputs })
            }
            _ => Ok(()),
        }
    }
}

/// Checks the free bytes of each disk. If both folders are on one disk, their needs are added up.
pub(super) fn check_free_space(spill: &Disk, output: &Disk, need: DiskNeed) -> Result<(), RunError> {
    if spill.device == output.device && spill.device.is_some() {
        return spill.check(need);
    }
    spill.check(DiskNeed { outputs: 0, ..need })?;
    output.check(DiskNeed { spilled: 0, ..need })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(folder: &str, device: u64, free: u64) -> Disk {
        Disk { folder: folder.into(), device: Some(device), free: Some(free) }
    }

    /// Folder on the disk that is too small.
    fn refused(spill: &Disk, output: &Disk) -> Option<String> {
        match check_free_space(spill, output, DiskNeed { spilled: 100, outputs: 10 }) {
            Ok(()) => None,
            Err(RunError::DiskSpace { folder, .. }) => Some(folder.display().to_string()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_disk_is_asked_for_what_goes_there() {
        for (spill_free, output_free, expected) in
            [(100, 10, None), (99, 10_000, Some("spill")), (10_000, 9, Some("out")), (100, 1_000_000, None)]
        {
            let found = refused(&disk("spill", 1, spill_free), &disk("out", 2, output_free));
            assert_eq!(found.as_deref(), expected, "{spill_free} {output_free}");
        }
    }

    #[test]
    fn one_disk_is_asked_for_both() {
        for (free, expected) in [(110, None), (109, Some("spill"))] {
            assert_eq!(refused(&disk("spill", 1, free), &disk("out", 1, free)).as_deref(), expected, "{free}");
        }
    }

    #[test]
    fn a_disk_that_does_not_report_its_room_counts_as_large_enough() {
        let silent = Disk { folder: "out".into(), device: None, free: None };
        assert_eq!(refused(&silent, &silent), None);
        assert_eq!(refused(&disk("spill", 1, 5), &silent).as_deref(), Some("spill"));
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_on_the_disk_of_the_one_above() {
        let folder = tempfile::tempdir().expect("folder");
        let (above, below) = (Disk::under(folder.path()), Disk::under(&folder.path().join("not/yet")));
        assert!(above.device.is_some() && above.free.is_some());
        assert_eq!((above.device, above.free.is_some()), (below.device, below.free.is_some()));
        assert!(Disk::under(Path::new("relative/and/absent")).device.is_some());
    }
}
