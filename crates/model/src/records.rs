//! Checked records: fixed-width rows of numbers. The identifying part has the size of a cache line, the rest of a table lies behind it.
//!
//! ```text
//! byte  0        8            16   24     32        36      40          44       48          52          56        60   61           62     63
//!       row_id   fingerprint  enp  snils  document  policy  birth_date  surname  given_name  patronymic  doc_kind  sex  policy_kind  state  flags
//! byte 64            68        72          76          80          84       86        87                          88
//!      insured_from  term_end  stopped_on  death_date  applied_on  insurer  category  reason     register
//! byte 64             68           72        76            80      82       83      84                            88
//!      attached_from  attached_to  district  doctor_snils  clinic  profile  method  padding      attachments
//! ```
//!
//! Records are plain old data: they are copied to partitions and spill files as bytes. A stage that looks for persons reads the first 64 bytes only, one
//! or two cache misses a record (`benches/record_layout.rs`). Absent values have a number of their own, so a record needs no `Option`.

use bytemuck::{Pod, Zeroable};

use crate::field::{Field, Table};
use crate::identifier::{AttachmentMethod, Category, Date, Enp, OperationReason, PolicyKind, Profile, Snils};
use crate::interner::InternedText;
use crate::row_id::RowId;
use crate::{ClinicId, Code, InsurerId, OrganisationId};

/// State of an accepted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub struct RowState(u8);

impl RowState {
    /// Accepted, and no duplicate.
    pub const ACCEPTED: Self = Self(0);
    /// Equal to an earlier row.
    pub const DUPLICATE: Self = Self(1);
}

/// Action of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Action {
    /// A policy or an attachment.
    #[default]
    New,
    /// Notice of changed data of an existing attachment.
    Change,
    /// Notice of the end of other records.
    End,
}

/// Record flags, one byte.
///
/// ```text
/// bit  3                               2  1     0
///      document does not identify      action   ENP contradicts the birth date
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct RecordFlags(u8);

impl RecordFlags {
    const ENP_CONTRADICTS_BIRTH_DATE: u8 = 1;
    const ACTION_SHIFT: u32 = 1;
    const ACTION: u8 = 3 << Self::ACTION_SHIFT;
    const DOCUMENT_DOES_NOT_IDENTIFY: u8 = 1 << 3;

    /// The flags of a record with an identifying document, or without any.
    #[must_use]
    #[inline]
    pub fn new(enp_contradicts_birth_date: bool, action: Action) -> Self {
        Self(u8::from(enp_contradicts_birth_date) | (action as u8) << Self::ACTION_SHIFT)
    }

    /// The same flags with another value of [`Self::document_identifies_person`].
    #[must_use]
    #[inline]
    pub fn with_identifying_document(self, identifies: bool) -> Self {
        Self(self.0 & !Self::DOCUMENT_DOES_NOT_IDENTIFY | if identifies { 0 } else { Self::DOCUMENT_DOES_NOT_IDENTIFY })
    }

    /// Whether document and names together identify the person. They do not if the document must be another person's,
    /// or the given name stands for an absent one.
    #[must_use]
    #[inline]
    pub fn document_identifies_person(self) -> bool {
        self.0 & Self::DOCUMENT_DOES_NOT_IDENTIFY == 0
    }

    /// Whether the birth date coded in the ENP differs from that of the row.
    #[must_use]
    #[inline]
    pub fn enp_contradicts_birth_date(self) -> bool {
        self.0 & Self::ENP_CONTRADICTS_BIRTH_DATE != 0
    }

    /// Whether the record is a notice, which makes no stay.
    #[must_use]
    #[inline]
    pub fn is_notice(self) -> bool {
        self.0 & Self::ACTION != 0
    }

    /// The action of the record.
    #[must_use]
    #[inline]
    pub fn action(self) -> Action {
        match (self.0 & Self::ACTION) >> Self::ACTION_SHIFT {
            0 => Action::New,
            1 => Action::Change,
            _ => Action::End,
        }
    }

    /// The flags as a number of four bits; the lowest bit is about the ENP.
    #[must_use]
    #[inline]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The flags of a number that [`Self::bits`] gave.
    #[must_use]
    #[inline]
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// Identifying part of a record, in both tables. Persons are made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Identity {
    /// Row id.
    pub row_id: RowId,
    /// Hash of all canonical fields except the record id, with [`Identity::FINGERPRINT_BITS`] bits.
    pub fingerprint: u64,
    /// ENP; none when absent or wrong.
    pub enp: Enp,
    /// SNILS; none when absent or wrong.
    pub snils: Snils,
    /// Key of the document; 0 when kind or number is absent. See [`document_key`](crate::document_key).
    pub document: u32,
    /// Key of a policy with a number of its own; 0 when kind or number is absent. See [`policy_key`](crate::policy_key).
    pub policy: u32,
    /// Birth date.
    pub birth_date: Date,
    /// Surname as received.
    pub surname: InternedText,
    /// Given name as received.
    pub given_name: InternedText,
    /// Patronymic as received; none when empty.
    pub patronymic: InternedText,
    /// Kind of document as received.
    pub doc_kind: InternedText,
    /// Sex, as the code of [`Sex`](crate::Sex); 0 when absent.
    pub sex: u8,
    /// Kind of the policy; none when absent.
    pub policy_kind: PolicyKind,
    /// State of the row.
    pub state: RowState,
    /// Record flags.
    pub flags: RecordFlags,
}

impl Identity {
    /// Bits of a fingerprint. They are enough for rows about one person: only rows with equal identities are compared
    /// by it.
    pub const FINGERPRINT_BITS: u32 = 48;

    /// Hash of the kind of the document and the digits at the end of its number: equal for numbers that differ in the spelling of their series.
    #[must_use]
    #[inline]
    pub fn document_digits(&self) -> u32 {
        self.document >> 16
    }
}

/// One policy of one person with one insurer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct RegisterRecord {
    /// Identifying part.
    pub identity: Identity,
    /// First day; [`Date::EARLIEST`] when a notice gives none.
    pub insured_from: Date,
    /// Planned end for categories with a limited term; [`Date::NEVER`] for others.
    pub term_end: Date,
    /// Actual end; [`Date::NEVER`] when open.
    pub stopped_on: Date,
    /// Day of death; [`Date::NEVER`] when unknown.
    pub death_date: Date,
    /// Day of the application; the first day when not given.
    pub applied_on: Date,
    /// Insurer, as an index of the reference table.
    pub insurer: InsurerId,
    /// Category; none when absent.
    pub category: Category,
    /// Reason of the operation.
    pub reason: OperationReason,
}

/// One person's attachment to one clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct AttachmentRecord {
    /// Identifying part.
    pub identity: Identity,
    /// First day, or the day of a change; [`Date::EARLIEST`] when the notice of an end gives none.
    pub attached_from: Date,
    /// End; [`Date::NEVER`] when open.
    pub attached_to: Date,
    /// District as received.
    pub district: InternedText,
    /// The doctor's SNILS as received.
    pub doctor_snils: InternedText,
    /// Clinic, as an index of the reference table.
    pub clinic: ClinicId,
    /// Profile.
    pub profile: Profile,
    /// Method of attachment.
    pub method: AttachmentMethod,
    /// Zero. It makes the size a multiple of eight bytes, as in the register.
    pub padding: u32,
}

/// Owner of a row: the insurer or the clinic that the row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowOwner {
    /// Table of the row. Rows of the register name insurers, rows of the attachments clinics.
    pub table: Table,
    /// Index in the reference table; `None` when the code is unknown or the row unreadable.
    pub organisation: Option<OrganisationId>,
}

/// Record of either table.
pub trait Record: Pod + Send + Sync {
    /// The owner of the row.
    fn owner(&self) -> RowOwner;
    /// The identifying part.
    fn identity(&self) -> &Identity;
    /// The identifying part, mutable.
    fn identity_mut(&mut self) -> &mut Identity;
}

impl Record for RegisterRecord {
    #[inline]
    fn owner(&self) -> RowOwner {
        RowOwner { table: Table::Register, organisation: Some(self.insurer.into()) }
    }

    #[inline]
    fn identity(&self) -> &Identity {
        &self.identity
    }

    #[inline]
    fn identity_mut(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

impl Record for AttachmentRecord {
    #[inline]
    fn owner(&self) -> RowOwner {
        RowOwner { table: Table::Attachments, organisation: Some(self.clinic.into()) }
    }

    #[inline]
    fn identity(&self) -> &Identity {
        &self.identity
    }

    #[inline]
    fn identity_mut(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

/// Finding of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFinding {
    /// Row id.
    pub row_id: RowId,
    /// Rule of the finding.
    pub code: Code,
    /// Field of the finding, if it is about one.
    pub field: Option<Field>,
}

/// Quarantined row.
#[derive(Clone, Debug)]
pub struct QuarantinedRow {
    /// Row id.
    pub row_id: RowId,
    /// Byte offset of the record in its source.
    pub offset: u64,
    /// First bytes of the record, without the line end; at most as many as intake keeps of a row.
    pub raw: Box<[u8]>,
    /// Bytes of the whole record, without the line end.
    pub length: u64,
    /// Record id of the sender; empty when unreadable.
    pub record_id: Box<str>,
    /// Owner of the row.
    pub owner: RowOwner,
    /// Findings, in the order of the checks.
    pub findings: Box<[(Code, Option<Field>)]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifying_part_has_the_size_of_a_cache_line() {
        assert_eq!(size_of::<Identity>(), 64);
        assert_eq!((size_of::<RegisterRecord>(), size_of::<AttachmentRecord>()), (88, 88));
    }
}
