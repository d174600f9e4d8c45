//! One file within a container.

use std::io::Read as _;
use std::sync::Arc;

use super::error::ContainerError;
use super::kind::Kind;
use super::limits::MemberAccount;
use super::name::MemberName;
use super::packed::Packed;
use super::reader::{Declared, MemberReader};
use super::unpack::Method;

/// One file within a container; cheap to clone, and readable by several threads at once.
#[derive(Clone, Debug)]
pub struct Member<'b> {
    pub(super) name: MemberName,
    pub(super) packed: Packed<'b>,
    pub(super) packed_bytes: u64,
    pub(super) method: Method,
    pub(super) declared: Option<Declared>,
    /// The account; `None` for a file that is not packed.
    pub(super) account: Option<Arc<MemberAccount>>,
    pub(super) refused: Option<ContainerError>,
}

impl<'b> Member<'b> {
    /// A file that is not packed.
    pub(super) fn plain(name: &MemberName, packed: &Packed<'b>) -> Self {
        Self {
            name: name.clone(),
            packed: packed.clone(),
            packed_bytes: packed.len(),
            method: Method::Stored,
            declared: None,
            account: None,
            refused: None,
        }
    }

    /// Name of the member.
    #[must_use]
    pub fn name(&self) -> &MemberName {
        &self.name
    }

    /// Declared number of packed bytes.
    #[must_use]
    pub fn packed_bytes(&self) -> u64 {
        self.packed_bytes
    }

    /// Declared number of unpacked bytes, if any: a claim, good for a plan of the work and nothing else.
    #[must_use]
    pub fn declared_bytes(&self) -> Option<u64> {
        self.declared.map(|declared| declared.bytes)
    }

    /// Declared size and checksum of the unpacked bytes: a claim that is checked when the member is read.
    #[must_use]
    pub fn declared_checksum(&self) -> Option<(u64, u32)> {
        self.declared.map(|declared| (declared.bytes, declared.checksum))
    }

    /// The reason why the member cannot be read, if it is known beforehand.
    #[must_use]
    pub fn refused(&self) -> Option<&ContainerError> {
        self.refused.as_ref()
    }

    /// The bytes of a file that is not packed: they can be read in any order and by all threads.
    #[must_use]
    pub fn plain_bytes(&self) -> Option<&'b [u8]> {
        if self.account.is_some() { None } else { self.packed.mapped_bytes() }
    }

    /// The bytes of the member in the mapped file, packed or not; `None` when they are in memory, unpacked from a
    /// container around them.
    #[must_use]
    pub fn mapped_bytes(&self) -> Option<&'b [u8]> {
        self.packed.mapped_bytes()
    }

    /// A reader of the member from its beginning. Bytes that another reader has unpacked before do not count for the limits again.
    ///
    /// # Errors
    /// When it is [refused](Self::refused).
    pub fn reader(&self) -> Result<MemberReader<'b>, ContainerError> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => MemberReader::new(&self.name, &self.packed, self.method, self.declared, self.account.as_ref()),
        }
    }

    /// The kind of the member's own content. A member that breaks in its first bytes counts as plain: its reader will meet the break.
    pub(super) fn kind_within(&self) -> Result<Kind, ContainerError> {
        let mut head = Vec::with_capacity(Kind::HEAD_BYTES);
        match self.reader()?.take(Kind::HEAD_BYTES as u64).read_to_end(&mut head) {
            Err(error) if ContainerError::find_in(&error).is_some_and(ContainerError::is_of_container) => {
                Err(taken_out(error, &self.name))
            }
            _ => Ok(Kind::of_head(&head)),
        }
    }

    /// The whole member as the bytes of a container: in memory, unless it is stored in the file as it is. `room_bytes` are left for that.
    pub(super) fn hold(&self, room_bytes: u64, limit_bytes: u64) -> Result<Packed<'b>, ContainerError> {
        if self.method == Method::Stored && self.declared.is_none_or(|declared| declared.bytes == self.packed.len()) {
            return Ok(self.packed.clone());
        }
        // The declared size is a claim: it is believed only as far as there is room.
        let expected = self.declared_bytes().unwrap_or(0).min(room_bytes);
        let mut held = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
        self.reader()?.take(room_bytes.saturating_add(1)).read_to_end(&mut held).map_err(|error| taken_out(error, &self.name))?;
        if held.len() as u64 > room_bytes {
            return Err(ContainerError::NestedTooLarge { member: self.name.clone(), limit_bytes });
        }
        held.shrink_to_fit();
        Ok(Packed::held(held))
    }
}

/// The container error in an error of a reader, which has no other errors.
fn taken_out(error: std::io::Error, member: &MemberName) -> ContainerError {
    ContainerError::find_in(&error)
        .cloned()
        .unwrap_or_else(|| ContainerError::Damaged { member: member.clone(), unpacked_bytes: 0 })
}
