//! Insurers and clinics as numbers.
//!
//! A number is an index of the reference table of its kind. The tables are sorted by code, so that comparing numbers
//! compares codes. Insurers and clinics have types of their own; a kernel that serves both subjects takes
//! [`OrganisationId`] and does not know which of the two it holds.

use bytemuck::{Pod, Zeroable};

/// Defines a number of an organisation as plain old data.
macro_rules! organisation_id {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
        #[repr(transparent)]
        pub struct $name(u16);

        impl $name {
            /// The organisation at an index of its reference table.
            #[must_use]
            #[inline]
            pub const fn new(index: u16) -> Self {
                Self(index)
            }

            /// The index in its reference table.
            #[must_use]
            #[inline]
            pub const fn number(self) -> u16 {
                self.0
            }
        }

        impl From<$name> for usize {
            #[inline]
            fn from(id: $name) -> Self {
                Self::from(id.0)
            }
        }

        impl From<$name> for u32 {
            #[inline]
            fn from(id: $name) -> Self {
                Self::from(id.0)
            }
        }

        impl From<$name> for u64 {
            #[inline]
            fn from(id: $name) -> Self {
                Self::from(id.0)
            }
        }
    };
}

organisation_id! {
    /// An insurer, as an index of the table of insurers.
    InsurerId
}

organisation_id! {
    /// A clinic, as an index of the table of clinics.
    ClinicId
}

organisation_id! {
    /// An insurer or a clinic, for code that serves both subjects. The subject at hand decides which of the two it is.
    OrganisationId
}

impl OrganisationId {
    /// Most organisations of a table: the largest number stays free for "none".
    pub const MOST: usize = u16::MAX as usize - 1;

    /// The insurer, if the subject is insurance.
    #[must_use]
    #[inline]
    pub const fn insurer(self) -> InsurerId {
        InsurerId(self.0)
    }

    /// The clinic, if the subject is attachment.
    #[must_use]
    #[inline]
    pub const fn clinic(self) -> ClinicId {
        ClinicId(self.0)
    }
}

impl From<InsurerId> for OrganisationId {
    #[inline]
    fn from(id: InsurerId) -> Self {
        Self(id.0)
    }
}

impl From<ClinicId> for OrganisationId {
    #[inline]
    fn from(id: ClinicId) -> Self {
        Self(id.0)
    }
}
