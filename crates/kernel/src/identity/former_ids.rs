//! Person ids of the former run: rows of its table `person_ids`, found by identity.
//!
//! ```text
//! rows     identity │ id │ taken over by │ gone │ spans       sorted by identity
//! starts   first row of each part of the range of identities, about one part a row
//! ```
//!
//! Identities are hashes, so the parts hold about one row each.

use std::cell::OnceCell;
use std::ops::{Range, RangeInclusive};

use super::record_identities::RecordIdentity;
use sverka_model::PersonId;

/// Row of `person_ids`: an identity, and the id under which it was first known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityRow {
    /// Identity of a record.
    pub identity: RecordIdentity,
    /// Id under which the identity was first known: the origin of the identity.
    pub id: PersonId,
    /// State of the id.
    pub state: IdState,
}

/// State of a person id at the end of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdState {
    /// Id that stands for a retired one; [`PersonId::NONE`] for an id that is not retired.
    pub taken_over_by: PersonId,
    /// Whether the id has no record, and no other id stands for it.
    pub is_gone: bool,
    /// Whether the identities of the id, or of an id that it stands for, have or had several buckets.
    pub spans: bool,
}

/// Rows of the former run, of one partition or of chosen identities.
#[derive(Debug, Default)]
pub struct FormerIds {
    rows: Vec<IdentityRow>,
    starts: Vec<u32>,
    /// Bits of an identity that all rows have in common.
    bits: u32,
    /// Value of the common bits.
    partition: u64,
    /// Ids of the rows with their states, ascending; made when somebody asks.
    ids: OnceCell<Vec<(PersonId, IdState)>>,
}

impl FormerIds {
    /// Rows, ascending, of the partition whose identities begin with `bits` bits of the value `partition`.
    #[must_use]
    pub fn new(rows: Vec<IdentityRow>, bits: u32, partition: u64) -> Self {
        debug_assert!(rows.is_sorted());
        let mut former = Self { rows, starts: Vec::new(), bits, partition, ids: OnceCell::new() };
        let parts = former.rows.len().next_power_of_two();
        former.starts.resize(parts + 1, 0);
        for at in 0..former.rows.len() {
            let part = former.part(former.rows[at].identity);
            former.starts[part + 1] += 1;
        }
        for part in 0..parts {
            former.starts[part + 1] += former.starts[part];
        }
        former
    }

    #[inline]
    fn part(&self, identity: RecordIdentity) -> usize {
        let bits = (self.starts.len() - 1).trailing_zeros();
        // Without the sign bit and the common bits, the first bits of the rest are the part.
        ((identity.number() as u64) << (1 + self.bits)).checked_shr(u64::BITS - bits).unwrap_or(0) as usize
    }

    /// All rows, ascending.
    #[must_use]
    pub fn rows(&self) -> &[IdentityRow] {
        &self.rows
    }

    /// Rows of an identity. Several persons may share one if people divided them.
    #[inline]
    pub(super) fn find(&self, identity: RecordIdentity) -> &[IdentityRow] {
        &self.rows[self.positions_from(self.position(identity))]
    }

    /// Position of the first row of an identity among all rows.
    #[inline]
    pub(super) fn position(&self, identity: RecordIdentity) -> Option<usize> {
        if self.rows.is_empty() || identity.first_bits(self.bits) != self.partition {
            return None;
        }
        let part = self.part(identity);
        let (from, to) = (self.starts[part] as usize, self.starts[part + 1] as usize);
        (from..to).find(|&row| self.rows[row].identity == identity)
    }

    /// Positions of the rows of the identity whose first row is at a position.
    #[inline]
    pub(super) fn positions_from(&self, first: Option<usize>) -> Range<usize> {
        let Some(first) = first else { return 0..0 };
        let identity = self.rows[first].identity;
        first..first + self.rows[first..].iter().take_while(|row| row.identity == identity).count()
    }

    /// Rows of a range of identities.
    pub(super) fn range(&self, range: &RangeInclusive<RecordIdentity>) -> &[IdentityRow] {
        let from = self.rows.partition_point(|row| row.identity < *range.start());
        let to = self.rows.partition_point(|row| row.identity <= *range.end());
        &self.rows[from..to.max(from)]
    }

    /// Whether the bucket of an id belongs to the partition.
    #[inline]
    pub(super) fn is_at_home(&self, id: PersonId) -> bool {
        id.first_bits(self.bits) == self.partition
    }

    /// State of an id whose bucket belongs to the partition; `None` if the former run did not know it.
    #[must_use]
    pub fn state(&self, id: PersonId) -> Option<IdState> {
        let ids = self.ids.get_or_init(|| {
            let mut ids: Vec<(PersonId, IdState)> = self.rows.iter().map(|row| (row.id, row.state)).collect();
            ids.sort_unstable();
            ids.dedup_by_key(|(id, _)| *id);
            ids
        });
        ids.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| ids[at].1)
    }
}
