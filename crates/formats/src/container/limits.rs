//! Limits on the cost of a container, and the account of what it has cost.
//!
//! Limits count bytes that were really unpacked. A declared size is a claim of the packing program; it can only make a refusal come earlier.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::ContainerError;
use super::name::MemberName;

/// Limits on the cost of a container. The limit itself is allowed; the first byte or member beyond it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Unpacked bytes of one member. The largest files of the exchange are lists of about 5 GB; three times that leaves room for a region
    /// twice the size of the largest.
    pub member_bytes: u64,
    /// Unpacked bytes of all members of one container. A whole region's register and attachments are below 20 GB.
    pub total_bytes: u64,
    /// Unpacked bytes for one packed byte, of a member and of all members against the file. Registers pack 5 to 20 times, padded XML up to
    /// 60; deflate ends at 1032, a bomb begins near it.
    pub ratio: u64,
    /// Unpacked bytes that may have any ratio: a small file of one repeated row is no attack, and this bounds its cost.
    pub any_ratio_bytes: u64,
    /// Entries of an archive, with its folders, its empty files and the entries of archives inside of it. Files of the exchange are cut at
    /// 5,000 rows, so a region of some millions comes in about a thousand.
    pub members: u64,
    /// Depth of containers inside of containers. Funds put the archives of senders into one; no sender is known to go deeper.
    pub nesting: u32,
    /// Bytes of containers within a container that are held in memory at a time, because an archive is read from its end. Those that
    /// are stored without compression, which most archivers do with archives, are read where they lie and count nothing.
    pub held_bytes: u64,
    /// The window of a zstd stream, which a reader keeps in memory; rounded down to a power of two. 8 MiB is what every decoder is asked to
    /// support (RFC 8878, 3.1.1.1.2), and what `zstd` asks for up to level 19; `--ultra` and `--long` ask for up to 128 MiB.
    pub window_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            member_bytes: 16 << 30,
            total_bytes: 64 << 30,
            ratio: 200,
            any_ratio_bytes: 64 << 20,
            members: 10_000,
            nesting: 1,
            held_bytes: 256 << 20,
            window_bytes: 8 << 20,
        }
    }
}

impl Limits {
    /// Whether unpacked bytes are too many for their packed bytes.
    fn is_ratio_passed(&self, unpacked_bytes: u64, packed_bytes: u64) -> bool {
        unpacked_bytes > self.any_ratio_bytes && unpacked_bytes > packed_bytes.saturating_mul(self.ratio)
    }

    /// Checks the limits for one member.
    pub(super) fn check_member(&self, member: &MemberName, unpacked_bytes: u64, packed_bytes: u64) -> Result<(), ContainerError> {
        if unpacked_bytes > self.member_bytes {
            return Err(ContainerError::MemberTooLarge { member: member.clone(), limit_bytes: self.member_bytes });
        }
        if self.is_ratio_passed(unpacked_bytes, packed_bytes) {
            return Err(ContainerError::MemberRatio { member: member.clone(), limit: self.ratio, unpacked_bytes, packed_bytes });
        }
        Ok(())
    }
}

/// The cost of a container so far, shared by the readers of its members.
#[derive(Debug)]
pub(super) struct ContainerAccount {
    limits: Limits,
    /// Size of the file, in which all members are packed, however often archives refer to the same bytes.
    packed_bytes: u64,
    unpacked_bytes: AtomicU64,
}

impl ContainerAccount {
    pub(super) fn new(limits: Limits, packed_bytes: u64) -> Arc<Self> {
        Arc::new(Self { limits, packed_bytes, unpacked_bytes: AtomicU64::new(0) })
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    fn add(&self, bytes: u64) -> Result<(), ContainerError> {
        let unpacked_bytes = self.unpacked_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if unpacked_bytes > self.limits.total_bytes {
            return Err(ContainerError::TotalTooLarge { limit_bytes: self.limits.total_bytes });
        }
        if self.limits.is_ratio_passed(unpacked_bytes, self.packed_bytes) {
            return Err(ContainerError::TotalRatio { limit: self.limits.ratio, unpacked_bytes, packed_bytes: self.packed_bytes });
        }
        Ok(())
    }
}

/// The cost of a member so far: the bytes of the reader that got furthest, so that looking at the first rows and then reading all counts once.
#[derive(Debug)]
pub(super) struct MemberAccount {
    container: Arc<ContainerAccount>,
    furthest_bytes: AtomicU64,
}

impl MemberAccount {
    pub(super) fn new(container: &Arc<ContainerAccount>) -> Arc<Self> {
        Arc::new(Self { container: container.clone(), furthest_bytes: AtomicU64::new(0) })
    }

    pub(super) fn limits(&self) -> &Limits {
        self.container.limits()
    }

    /// Notes the bytes of the member that a reader has unpacked so far.
    pub(super) fn reached(&self, member: &MemberName, unpacked_bytes: u64, packed_bytes: u64) -> Result<(), ContainerError> {
        self.limits().check_member(member, unpacked_bytes, packed_bytes)?;
        let before = self.furthest_bytes.fetch_max(unpacked_bytes, Ordering::Relaxed);
        self.container.add(unpacked_bytes.saturating_sub(before))
    }
}
