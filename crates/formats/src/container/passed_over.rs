//! Files of an archive that are no members.

use super::name::MemberName;

/// A file of an archive that is no member, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassedOver {
    /// A file without a byte.
    #[error("`{0}` in the archive is empty and was passed over; ask the sender whether something is missing")]
    Empty(MemberName),
    /// A file that macOS or Windows Explorer leaves in archives.
    #[error("`{0}` in the archive was left there by the sender's system and was passed over")]
    OtherSystem(MemberName),
}
