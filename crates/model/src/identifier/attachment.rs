//! Codes of attachment records and register operations, as plain old data.

use bytemuck::{Pod, Zeroable};

/// Profile of an attachment: the kind of care that the clinic gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Profile(u8);

impl Profile {
    /// No profile: insurance has none.
    pub const NONE: Self = Self(0);
    /// 1: therapeutic. The register and the funding are about attachments of this profile.
    pub const THERAPEUTIC: Self = Self(1);
    /// All profiles: 1 therapeutic, 2 gynaecology, 3 dental, 4 ambulance, 5 FAP.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// The profile of a code that was checked.
    #[must_use]
    #[inline]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The profile of a code, if there is one.
    #[must_use]
    #[inline]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.contains(&Self(code)).then_some(Self(code))
    }

    /// The code.
    #[must_use]
    #[inline]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Bit of the profile in a set of profiles.
    #[must_use]
    #[inline]
    pub const fn bit(self) -> u32 {
        1 << self.0
    }
}

/// Method of attachment. A higher method is a stronger claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct AttachmentMethod(u8);

impl AttachmentMethod {
    /// The record gives no method.
    pub const NONE: Self = Self(0);
    /// 1: by residence.
    pub const BY_RESIDENCE: Self = Self(1);
    /// 2: by application.
    pub const BY_APPLICATION: Self = Self(2);
    /// 3: by application after a move.
    pub const AFTER_MOVE: Self = Self(3);

    /// The method of a code that was checked.
    #[must_use]
    #[inline]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The code; 0 when absent.
    #[must_use]
    #[inline]
    pub const fn code(self) -> u8 {
        self.0
    }
}

/// Reason of a register operation (dictionary R001): its code without the letter, 10 for П010.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct OperationReason(u8);

impl OperationReason {
    /// The record gives no reason.
    pub const NONE: Self = Self(0);
    /// П010: the first choice of an insurer.
    pub const FIRST_CHOICE: Self = Self(10);

    /// The reason of a code that was checked.
    #[must_use]
    #[inline]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The code without its letter; 0 when absent.
    #[must_use]
    #[inline]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Whether the insurer changes because the person moved: П032, П035.
    #[must_use]
    #[inline]
    pub const fn is_move(self) -> bool {
        matches!(self.0, 32 | 35)
    }

    /// Whether the insurer changes because the contract of the former one ended: П033, П036.
    #[must_use]
    #[inline]
    pub const fn is_contract_end(self) -> bool {
        matches!(self.0, 33 | 36)
    }

    /// Whether the insurer changes: П031 to П036.
    #[must_use]
    #[inline]
    pub const fn changes_insurer(self) -> bool {
        matches!(self.0, 31..=36)
    }

    /// Whether the insurer stays the same: П040 and П060 to П063 (a duplicate, changed data, the policy after a certificate).
    #[must_use]
    #[inline]
    pub const fn keeps_insurer(self) -> bool {
        matches!(self.0, 40 | 60..=63)
    }
}
