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
    /// None for a file that is not packed.
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

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &MemberName {
        &self.name
    }

    /// How many bytes it is packed in, as declared.
    #[must_use]
    pub fn packed_bytes(&self) -> u64 {
        self.packed_bytes
    }

    /// How many bytes are in it, if that is declared: a claim, good for a plan of the work and nothing else.
    #[must_use]
    pub fn declared_bytes(&self) -> Option<u64> {
        self.declared.map(|declared| declared.bytes)
    }

    /// Size and checksum of its bytes as declared: a claim that reading the member puts to the test.
    #[must_use]
    pub fn declared_checksum(&self) -> Option<(u64, u32)> {
        self.declared.map(|declared| (declared.bytes, declared.checksum))
    }

    /// Why it will not be read, as far as that can be told beforehand.
    #[must_use]
    pub fn refused(&self) -> Option<&ContainerError> {
        self.refused.as_ref()
    }

    /// The bytes themselves, if the file is not a container: they can be read in any order and by all threads.
    #[must_use]
    pub fn plain_bytes(&self) -> Option<&'b [u8]> {
        if self.account.is_some() { None } else { self.packed.mapped_bytes() }
    }

    /// The bytes that it lies in, packed or not; none when they are in memory, unpacked from a container around them.
    #[must_use]
    pub fn mapped_bytes(&self) -> Option<&'b [u8]> {
        self.packed.mapped_bytes()
    }

    /// Begins to read it. Each reader reads the member from its beginning and counts for the limits as far as no other one came.
    ///
    /// # Errors
    /// When it is [refused](Self::refused).
    pub fn reader(&self) -> Result<MemberReader<'b>, ContainerError> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => MemberReader::new(&self.name, &self.packed, self.method, self.declared, self.account.as_ref()),
        }
    }

    /// What the member is itself packed with. One that breaks before that can be told is plain: whoever reads it will meet the break.
    pub(super) fn kind_within(&self) -> Result<Kind, ContainerError> {
        let mut head = Vec::with_capacity(Kind::HEAD_BYTES);
        match self.reader()?.take(Kind::HEAD_BYTES as u64).read_to_end(&mut head) {
            Err(error) if ContainerError::of(&error).is_some_and(ContainerError::is_of_container) => {
                Err(taken_out(error, &self.name))
            }
            _ => Ok(Kind::of(&head)),
        }
    }

    /// The whole member as packed bytes of a container, in memory where it does not lie open in the file; `room_bytes` are left for that.
    pub(super) fn hold(&self, room_bytes: u64, limit_bytes: u64) -> Result<Packed<'b>, ContainerError> {
        if self.method == Method::Stored && self.declared.is_none_or(|declared| declared.bytes == self.packed.len()) {
            return Ok(self.packed.clone());
        }
        // A claim, so it is believed only as far as there is room.
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

/// The error of a reader. It returns no others than its own.
fn taken_out(error: std::io::Error, member: &MemberName) -> ContainerError {
    ContainerError::of(&error).cloned().unwrap_or_else(|| ContainerError::Damaged { member: member.clone(), unpacked_bytes: 0 })
}
