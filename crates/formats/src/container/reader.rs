//! Reading one member: it is unpacked as it is read.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::Crc;

use super::error::ContainerError;
use super::limits::MemberAccount;
use super::name::MemberName;
use super::packed::Packed;
use super::unpack::{Fault, Method, Unpacker};

/// The claims of a directory about the unpacked bytes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) bytes: u64,
    pub(super) checksum: u32,
}

/// Unpacks a member as it is read. The module says how much memory it takes and how it fails.
pub struct MemberReader<'b> {
    member: MemberName,
    packed: Packed<'b>,
    taken: usize,
    unpacker: Unpacker,
    unpacked_bytes: u64,
    checksum: Crc,
    declared: Option<Declared>,
    /// The account; `None` for bytes that are not packed and cost nothing.
    account: Option<Arc<MemberAccount>>,
    /// The end of the reading, once it has ended.
    ended: Option<Result<(), ContainerError>>,
}

impl<'b> MemberReader<'b> {
    pub(super) fn new(
        member: &MemberName,
        packed: &Packed<'b>,
        method: Method,
        declared: Option<Declared>,
        account: Option<&Arc<MemberAccount>>,
    ) -> Result<Self, ContainerError> {
        let window_bytes = account.map_or(0, |account| account.limits().window_bytes);
        let unpacker = Unpacker::new(method, window_bytes)
            .map_err(|_| ContainerError::Window { member: member.clone(), limit_bytes: window_bytes })?;
        Ok(Self {
            member: member.clone(),
            packed: packed.clone(),
            taken: 0,
            unpacker,
            unpacked_bytes: 0,
            checksum: Crc::new(),
            declared,
            account: account.cloned(),
            ended: None,
        })
    }

    /// Number of bytes that were unpacked so far.
    #[must_use]
    pub fn unpacked_bytes(&self) -> u64 {
        self.unpacked_bytes
    }

    /// Number of packed bytes that are done, for a display of progress.
    #[must_use]
    pub fn packed_bytes_done(&self) -> u64 {
        self.taken as u64
    }

    fn unpack(&mut self, to: &mut [u8]) -> Result<usize, ContainerError> {
        let step = self.unpacker.step(&self.packed.bytes()[self.taken..], to).map_err(|fault| self.error(fault))?;
        self.taken += step.taken;
        if step.given == 0 {
            return self.verify().map(|()| 0);
        }
        self.unpacked_bytes += step.given as u64;
        if let Some(account) = &self.account {
            account.reached(&self.member, self.unpacked_bytes, self.packed.len())?;
        }
        if self.declared.is_some() {
            self.checksum.update(&to[..step.given]);
        }
        Ok(step.given)
    }

    /// Checks all unpacked bytes against the declared size and checksum.
    fn verify(&self) -> Result<(), ContainerError> {
        let Some(declared) = self.declared else { return Ok(()) };
        let (member, unpacked_bytes) = (self.member.clone(), self.unpacked_bytes);
        if declared.bytes != unpacked_bytes {
            return Err(ContainerError::Size { member, declared_bytes: declared.bytes, unpacked_bytes });
        }
        if declared.checksum != self.checksum.sum() {
            return Err(ContainerError::Checksum { member, unpacked_bytes });
        }
        Ok(())
    }

    #[cold]
    fn error(&self, fault: Fault) -> ContainerError {
        let (member, unpacked_bytes) = (self.member.clone(), self.unpacked_bytes);
        match fault {
            Fault::Cut => ContainerError::Cut { member, unpacked_bytes },
            Fault::Damaged => ContainerError::Damaged { member, unpacked_bytes },
            Fault::Checksum => ContainerError::Checksum { member, unpacked_bytes },
            Fault::Trailing => ContainerError::Trailing { member, unpacked_bytes },
            Fault::Window => {
                let limit_bytes = self.account.as_ref().map_or(0, |account| account.limits().window_bytes);
                ContainerError::Window { member, limit_bytes }
            }
        }
    }
}

impl Read for MemberReader<'_> {
    /// Reads on. The end, `Ok(0)`, comes only when size and checksum are right.
    ///
    /// # Errors
    /// A [`ContainerError`], which [`ContainerError::find_in`] finds; the same one whenever it is read again.
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if let Some(ended) = &self.ended {
            return ended.clone().map(|()| 0).map_err(io::Error::from);
        }
        if to.is_empty() {
            return Ok(0);
        }
        let given = self.unpack(to);
        match &given {
            Ok(0) => self.ended = Some(Ok(())),
            Ok(_) => (),
            Err(error) => self.ended = Some(Err(error.clone())),
        }
        given.map_err(io::Error::from)
    }
}
