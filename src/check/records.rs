//! Checked records: fixed-width rows of numbers, a cache line and a bit each, in the order of their positions.
//!
//! Later stages visit the few records of one person at a time, scattered over the table: a row that lies together costs one or two cache
//! misses there, a row spread over fifteen columns fifteen.

use bytemuck::Zeroable;

use crate::identifier::Date;
use crate::intake::{Field, Texts, Word};
use crate::rules::Code;

/// What became of a line of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
#[derive(Zeroable)]
pub struct RowState(u8);

impl RowState {
    /// Not a row: the header, a blank line, a further line of a record.
    pub const NO_ROW: Self = Self(0);
    /// Accepted, and no duplicate.
    pub const ACCEPTED: Self = Self(1);
    /// Equal to an earlier row.
    pub const DUPLICATE: Self = Self(2);
    /// Kept aside with its errors.
    pub const QUARANTINED: Self = Self(3);
}

/// Who a record is about: what both tables have and what persons are made from.
#[derive(Clone, Copy, Debug, Zeroable)]
#[repr(C)]
pub struct Identity {
    /// ENP as a number; 0 when absent.
    pub enp: u64,
    /// SNILS as a number; 0 when absent.
    pub snils: u64,
    /// Hash of kind and number of the document in the form for comparison; 0 when one is absent.
    pub document: u32,
    /// Hash of kind (1 or 2) and number of the policy in the form for comparison; 0 when one is absent.
    pub policy: u32,
    /// Birth date.
    pub birth_date: Date,
    /// Surname as received.
    pub surname: Word,
    /// Given name as received.
    pub given_name: Word,
    /// Patronymic as received; none when empty.
    pub patronymic: Word,
    /// Kind of document as received.
    pub doc_kind: Word,
    /// 1 male, 2 female, 0 absent.
    pub sex: u8,
    /// 1, 2, 3; 0 absent.
    pub policy_kind: u8,
    /// What became of the row.
    pub state: RowState,
    /// 1 when the ENP codes another birth date than the row's, else 0.
    pub of_other_birth: u8,
}

/// One policy of one person with one insurer.
#[derive(Clone, Copy, Debug, Zeroable)]
#[repr(C)]
pub struct RegisterRecord {
    /// Who.
    pub identity: Identity,
    /// First day.
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
    pub insurer: u16,
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
#[derive(Clone, Copy, Debug, Zeroable)]
#[repr(C)]
pub struct AttachmentRecord {
    /// Who.
    pub identity: Identity,
    /// First day.
    pub attached_from: Date,
    /// End; never when open.
    pub attached_to: Date,
    /// District as received.
    pub district: Word,
    /// The doctor's SNILS as received.
    pub doctor_snils: Word,
    /// Clinic, as an index of the reference table.
    pub clinic: u16,
    /// 1 therapeutic … 5 FAP.
    pub profile: u8,
    /// 1 by residence, 2 by application, 3 after a move; 0 absent.
    pub method: u8,
}

/// A record of either table.
pub trait Record: Copy + Zeroable + Send + Sync {
    /// Who the record is about.
    fn identity(&self) -> &Identity;
    /// Who the record is about, to change.
    fn identity_mut(&mut self) -> &mut Identity;
}

impl Record for RegisterRecord {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn identity_mut(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

impl Record for AttachmentRecord {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn identity_mut(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

/// A finding of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFinding {
    /// The row in its table.
    pub row: u32,
    /// What was found.
    pub code: Code,
    /// In which field, when it is about one.
    pub field: Option<Field>,
}

/// A row that was not accepted, kept whole.
#[derive(Debug)]
pub struct QuarantinedRow {
    /// The row in its table.
    pub row: u32,
    /// Byte offset of the record in its source.
    pub offset: u64,
    /// The record's bytes, without the line end.
    pub raw: Box<[u8]>,
    /// The sender's id of the record, when it could be read.
    pub record_id: Box<str>,
}

/// The rows of one source in its table.
#[derive(Clone, Debug)]
pub struct SourceRows {
    /// The source, as an index of the job's sources.
    pub source: usize,
    /// Row number of the first line.
    pub first_row: u32,
    /// Rows that are not blank lines, counted while reading.
    pub rows: u64,
}

/// All rows of one table, with what was found.
pub struct Table<R> {
    /// One place for each physical line of the sources, in the order of positions.
    pub records: Vec<R>,
    /// Record ids, policy and document numbers.
    pub texts: Texts,
    /// The sources, in the order of their names.
    pub sources: Vec<SourceRows>,
    /// Findings of the row checks, by row.
    pub findings: Vec<RowFinding>,
    /// Rows kept aside, by row.
    pub quarantine: Vec<QuarantinedRow>,
    /// Hash of all canonical fields except the record id, for accepted rows; 0 elsewhere.
    pub fingerprints: Vec<u64>,
}

impl<R: Record> Table<R> {
    /// The source (index of the job's sources) and physical line of a row.
    #[must_use]
    pub fn position(&self, row: u32) -> (usize, u32) {
        let after = self.sources.partition_point(|source| source.first_row <= row);
        let source = &self.sources[after - 1];
        (source.source, row - source.first_row + 1)
    }

    /// How many rows of each source ended as accepted, duplicate and quarantined.
    #[must_use]
    pub fn fates(&self) -> Vec<[u64; 3]> {
        let ends = self.sources.iter().skip(1).map(|source| source.first_row).chain([self.records.len() as u32]);
        self.sources
            .iter()
            .zip(ends)
            .map(|(source, end)| {
                let mut fates = [0_u64; 3];
                for record in &self.records[source.first_row as usize..end as usize] {
                    let state = record.identity().state;
                    for (fate, of) in fates.iter_mut().zip([RowState::ACCEPTED, RowState::DUPLICATE, RowState::QUARANTINED]) {
                        *fate += u64::from(state == of);
                    }
                }
                fates
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_72_bytes() {
        assert_eq!(size_of::<Identity>(), 48);
        assert_eq!(size_of::<RegisterRecord>(), 72);
        assert_eq!(size_of::<AttachmentRecord>(), 72);
    }
}
