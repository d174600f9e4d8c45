//! Errors of containers and their members.

use std::io;

use super::name::MemberName;

/// Reasons why a container, or one member of it, cannot be read. Messages show names of members, but not their content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it, and the fields are named after what they hold")]
pub enum ContainerError {
    /// A container in a format that is not read.
    #[error("packed as {format}, which cannot be read; pack it as ZIP, gzip or zstd, or give the files unpacked")]
    Foreign { format: &'static str },
    /// An archive that ends before its directory does.
    #[error("the ZIP archive has no directory at its end: it was cut off or is damaged; have it sent again")]
    DirectoryMissing,
    /// A directory that does not describe this archive.
    #[error("the directory of the ZIP archive is damaged: {fault}; have it sent again")]
    DirectoryDamaged { fault: String },
    /// More members than [`super::Limits::members`].
    #[error("the archive has more than {limit} entries, the limit; split it, or raise the limit if it is trusted")]
    TooManyMembers { limit: u64 },
    /// More unpacked bytes than [`super::Limits::total_bytes`].
    #[error("the archive unpacks to more than {limit_bytes} bytes, the limit; split it, or raise the limit if it is trusted")]
    TotalTooLarge { limit_bytes: u64 },
    /// More unpacked bytes, of all members together, than [`super::Limits::ratio`] allows.
    #[error(
        "the archive of {packed_bytes} bytes unpacks to {unpacked_bytes} and more, over {limit} times its size, the limit; raise the limit if it is trusted"
    )]
    TotalRatio { limit: u64, unpacked_bytes: u64, packed_bytes: u64 },
    /// An encrypted member.
    #[error("{member}: encrypted; have it packed without a password")]
    Encrypted { member: MemberName },
    /// A member that is compressed in a way that is not read.
    #[error("{member}: compressed with {method}, which cannot be read; pack it again with deflate, the usual method of ZIP")]
    Method { member: MemberName, method: String },
    /// A member that is a link to a file, not a file.
    #[error("{member}: a link to another file; pack the file itself")]
    Link { member: MemberName },
    /// A name that is longer than that of any file.
    #[error("{member}: the name is longer than {limit_bytes} bytes; rename it and pack it again")]
    NameTooLong { member: MemberName, limit_bytes: usize },
    /// A name that an earlier member has, as names are shown.
    #[error("{member}: the archive has this name twice; rename one of the two and pack them again")]
    NameTwice { member: MemberName },
    /// A member that shares bytes with another member.
    #[error("{member}: overlaps another member of the archive, which no packing program does; have it packed again")]
    Overlap { member: MemberName },
    /// A member that the directory names, but whose bytes are absent.
    #[error("{member}: its bytes are not where the directory of the archive says; have the archive sent again")]
    Missing { member: MemberName },
    /// A container that lies deeper than [`super::Limits::nesting`].
    #[error("{member}: an archive, {limit} levels deep in archives, the limit; unpack the outer one and give what is in it")]
    NestedTooDeep { member: MemberName, limit: u32 },
    /// A container in a container that takes more memory than [`super::Limits::held_bytes`].
    #[error(
        "{member}: an archive in an archive, which takes more than {limit_bytes} bytes of memory, the limit; unpack the outer one and give what is in it"
    )]
    NestedTooLarge { member: MemberName, limit_bytes: u64 },
    /// An error of the archive that the member is.
    #[error("{member}: {cause}")]
    Nested { member: MemberName, cause: Box<ContainerError> },
    /// A member of more unpacked bytes than [`super::Limits::member_bytes`].
    #[error("{member}: unpacks to more than {limit_bytes} bytes, the limit; split it, or raise the limit if it is trusted")]
    MemberTooLarge { member: MemberName, limit_bytes: u64 },
    /// A member of more unpacked bytes than [`super::Limits::ratio`] allows.
    #[error(
        "{member}: {packed_bytes} bytes unpack to {unpacked_bytes} and more, over {limit} times as many, the limit; raise the limit if it is trusted"
    )]
    MemberRatio { member: MemberName, limit: u64, unpacked_bytes: u64, packed_bytes: u64 },
    /// A zstd window larger than [`super::Limits::window_bytes`].
    #[error(
        "{member}: packed with a window of more than {limit_bytes} bytes, the limit; pack it without --ultra and --long, or raise the limit"
    )]
    Window { member: MemberName, limit_bytes: u64 },
    /// Packed bytes that make no sense from some point on.
    #[error("{member}: damaged after {unpacked_bytes} unpacked bytes; have it sent again")]
    Damaged { member: MemberName, unpacked_bytes: u64 },
    /// Packed bytes that end too early.
    #[error("{member}: cut off after {unpacked_bytes} unpacked bytes; have it sent again")]
    Cut { member: MemberName, unpacked_bytes: u64 },
    /// More or fewer unpacked bytes than declared.
    #[error("{member}: {declared_bytes} bytes are declared and {unpacked_bytes} were unpacked; have it packed and sent again")]
    Size { member: MemberName, declared_bytes: u64, unpacked_bytes: u64 },
    /// A checksum that differs after all bytes were unpacked.
    #[error(
        "{member}: the checksum differs after {unpacked_bytes} unpacked bytes, so some of them are wrong; have it sent again"
    )]
    Checksum { member: MemberName, unpacked_bytes: u64 },
    /// Other content behind the packed bytes.
    #[error("{member}: after {unpacked_bytes} unpacked bytes the packed ones go on with something else; have it sent again")]
    Trailing { member: MemberName, unpacked_bytes: u64 },
}

impl ContainerError {
    /// The container error in an error of a [`super::MemberReader`].
    #[must_use]
    pub fn find_in(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Whether a limit was passed: the container may be sound, and reading it is a decision.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match self {
            Self::TooManyMembers { .. }
            | Self::TotalTooLarge { .. }
            | Self::TotalRatio { .. }
            | Self::NestedTooDeep { .. }
            | Self::NestedTooLarge { .. }
            | Self::MemberTooLarge { .. }
            | Self::MemberRatio { .. }
            | Self::Window { .. } => true,
            Self::Nested { cause, .. } => cause.is_limit(),
            _ => false,
        }
    }

    /// Whether the error is about the whole container. The member that exceeds a limit for all members depends on the order of reading,
    /// so nothing of such a container may be used.
    #[must_use]
    pub fn is_of_container(&self) -> bool {
        matches!(
            self,
            Self::Foreign { .. }
                | Self::DirectoryMissing
                | Self::DirectoryDamaged { .. }
                | Self::TooManyMembers { .. }
                | Self::TotalTooLarge { .. }
                | Self::TotalRatio { .. }
        )
    }
}

impl From<ContainerError> for io::Error {
    fn from(error: ContainerError) -> Self {
        let kind = if error.is_limit() { io::ErrorKind::QuotaExceeded } else { io::ErrorKind::InvalidData };
        Self::new(kind, error)
    }
}
