//! Checked records: fixed-width rows of numbers, who the record is about in one cache line, the rest behind it.

use bytemuck::{Pod, Zeroable};

use crate::field::{Field, Table};
use crate::identifier::Date;
use crate::interner::InternedText;
use crate::row_id::RowId;
use crate::{ClinicId, Code, InsurerId, OrganisationId};

/// What became of an accepted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub struct RowState(u8);

impl RowState {
    /// Accepted, and no duplicate.
    pub const ACCEPTED: Self = Self(0);
    /// Equal to an earlier row.
    pub const DUPLICATE: Self = Self(1);
}

/// What a record asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Action {
    /// A policy or an attachment of its own.
    #[default]
    New,
    /// Notice: other data of an attachment that is there.
    Change,
    /// Notice: the end of other records.
    End,
}

/// What is to be known of every record and takes few bits: whether its ENP is another's, what it asks for, and whether its document proves who it
/// is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct RecordFlags(u8);

impl RecordFlags {
    const ENP_CONTRADICTS_BIRTH_DATE: u8 = 1;
    const ACTION_SHIFT: u32 = 1;
    const ACTION: u8 = 3 << Self::ACTION_SHIFT;
    const DOCUMENT_DOES_NOT_IDENTIFY: u8 = 1 << 3;

    /// The flags of a record whose document, if it has one, is its own.
    #[must_use]
    #[inline]
    pub fn new(enp_contradicts_birth_date: bool, action: Action) -> Self {
        Self(u8::from(enp_contradicts_birth_date) | (action as u8) << Self::ACTION_SHIFT)
    }

    /// The same flags of a record whose document says nothing of who it is about: it cannot be the person's own, or the given name is none.
    #[must_use]
    #[inline]
    pub fn with_identifying_document(self, proves: bool) -> Self {
        Self(self.0 & !Self::DOCUMENT_DOES_NOT_IDENTIFY | if proves { 0 } else { Self::DOCUMENT_DOES_NOT_IDENTIFY })
    }

    /// Whether document and names together say who the record is about.
    #[must_use]
    #[inline]
    pub fn document_identifies_person(self) -> bool {
        self.0 & Self::DOCUMENT_DOES_NOT_IDENTIFY == 0
    }

    /// Whether the ENP codes another birth date than the row's.
    #[must_use]
    #[inline]
    pub fn enp_contradicts_birth_date(self) -> bool {
        self.0 & Self::ENP_CONTRADICTS_BIRTH_DATE != 0
    }

    /// Whether the record is a notice: it makes no stay of its own.
    #[must_use]
    #[inline]
    pub fn is_notice(self) -> bool {
        self.0 & Self::ACTION != 0
    }

    /// What the record asks for.
    #[must_use]
    #[inline]
    pub fn action(self) -> Action {
        match (self.0 & Self::ACTION) >> Self::ACTION_SHIFT {
            0 => Action::New,
            1 => Action::Change,
            _ => Action::End,
        }
    }

    /// All of them as a number of four bits, the lowest of which is that of the ENP.
    #[must_use]
    #[inline]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The flags of such a number.
    #[must_use]
    #[inline]
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// Who a record is about: what both tables have and what persons are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Identity {
    /// Where the row stands.
    pub row_id: RowId,
    /// Hash of all canonical fields except the record id, of [`Identity::FINGERPRINT_BITS`] bits.
    pub fingerprint: u64,
    /// ENP as a number; 0 when absent.
    pub enp: u64,
    /// SNILS as a number; 0 when absent.
    pub snils: u64,
    /// Hash of kind and number of the document in the form for comparison; 0 when one is absent. The upper 16 bits are of the kind and the digits at the
    /// end of the number alone.
    pub document: u32,
    /// Hash of kind (1 or 2) and number of the policy in the form for comparison; 0 when one is absent.
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
    /// 1 male, 2 female, 0 absent.
    pub sex: u8,
    /// 1, 2, 3; 0 absent.
    pub policy_kind: u8,
    /// What became of the row.
    pub state: RowState,
    /// What it asks for, and whether its ENP codes another birth date than the row's.
    pub flags: RecordFlags,
}

impl Identity {
    /// Enough to tell apart rows about one person: only rows with equal identities are held against each other.
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
    /// Who.
    pub identity: Identity,
    /// First day; [`Date::EARLIEST`] when a notice gives none.
    pub insured_from: Date,
    /// Planned end, when the category is limited in term; else never.
    pub term_end: Date,
    /// Actual end; never when open.
    pub stopped_on: Date,
    /// Day of death; never when not known.
    pub death_date: Date,
    /// Day of the application; the first day when not given.
    pub applied_on: Date,
    /// Insurer, as an index of the reference table.
    pub insurer: InsurerId,
    /// Category 0–14; [`RegisterRecord::NO_CATEGORY`] when absent.
    pub category: u8,
    /// Operation code without its letter (10 for П010); 0 when absent.
    pub reason: u8,
}

impl RegisterRecord {
    /// The category is absent.
    pub const NO_CATEGORY: u8 = u8::MAX;
}

/// One person's attachment to one clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct AttachmentRecord {
    /// Who.
    pub identity: Identity,
    /// First day, of a change the day of it; [`Date::EARLIEST`] when the notice of an end gives none.
    pub attached_from: Date,
    /// End; never when open.
    pub attached_to: Date,
    /// District as received.
    pub district: InternedText,
    /// The doctor's SNILS as received.
    pub doctor_snils: InternedText,
    /// Clinic, as an index of the reference table.
    pub clinic: ClinicId,
    /// 1 therapeutic … 5 FAP.
    pub profile: u8,
    /// 1 by residence, 2 by application, 3 after a move; 0 absent.
    pub method: u8,
    /// Nothing; rows of both tables take whole words.
    pub padding: u32,
}

/// Whose a row is: the insurer or the clinic that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowOwner {
    /// Rows of the register name insurers, those of the attachments clinics.
    pub table: Table,
    /// As an index of its reference table; none when that does not know it, or the row could not be read.
    pub organisation: Option<OrganisationId>,
}

/// A record of either table.
pub trait Record: Pod + Send + Sync {
    /// Whose the record is.
    fn owner(&self) -> RowOwner;
    /// Who the record is about.
    fn identity(&self) -> &Identity;
    /// Who the record is about, to change.
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

/// A finding of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFinding {
    /// Where the row stands.
    pub row_id: RowId,
    /// What was found.
    pub code: Code,
    /// In which field, when it is about one.
    pub field: Option<Field>,
}

/// A row that was not accepted.
#[derive(Clone, Debug)]
pub struct QuarantinedRow {
    /// Where the row stands.
    pub row_id: RowId,
    /// Byte offset of the record in its source.
    pub offset: u64,
    /// The first bytes of the record, at most [`sverka_intake::KEPT_ROW_BYTES`], without the line end.
    pub raw: Box<[u8]>,
    /// Bytes of the whole record, without the line end.
    pub length: u64,
    /// The sender's id of the record, when it could be read.
    pub record_id: Box<str>,
    /// Whose it is.
    pub owner: RowOwner,
    /// Everything found on the row, in the order of the checks.
    pub findings: Box<[(Code, Option<Field>)]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_a_record_is_about_fills_a_cache_line() {
        assert_eq!(size_of::<Identity>(), 64);
        assert_eq!((size_of::<RegisterRecord>(), size_of::<AttachmentRecord>()), (88, 88));
    }
}
