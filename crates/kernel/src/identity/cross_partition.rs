//! Cross-partition groups: groups that may have records in other partitions. They are left out of their partition and
//! linked together.
//!
//! All rules except those over the ENP alone ask for equal birth dates. So a record can meet records of another partition only through its ENP, when the
//! ENP codes another birth date than the record has. It meets them in the partition of the coded date:
//!
//! ```text
//! partition of 1980-05-05                      partition of 1980-05-06
//! A  born 1980-05-05, ENP codes 1980-05-05     B  born 1980-05-06, ENP of A     B is a cross-partition record
//! └─ group of A: its ENP is in `cross_partition_enps`                           └─ group of B: its ENP codes another date
//! ```
//!
//! A group is left out as a whole if one of its records or its ENP is cross-partition. Each group that shares an ENP
//! with it is left out as well (L6 judges complete groups), and each group that may be the same person by its document
//! (`SAME_DOCUMENT_REVIEW` is found on the records of both). This goes on until nothing more is added.
//!
//! Records that decisions of people name are left out as well: a decision may name records of any partitions.
//!
//! Where ids of the former run are continued, all groups that claim one id must be in one place. So a group is left out if an id that it claims has
//! identities in several buckets, or may be claimed by a cross-partition record through its ENP, and each group that claims an id with a group that is
//! left out. An id that stood for a claimed one counts as claimed.

use std::collections::BTreeSet;

use super::Records;
use super::documents::SameDigits;
use super::former_ids::{FormerIds, IdentityRow};
use super::groups::Groups;
use super::links::SharedEnp;
use super::override_selectors::OverrideSelectors;
use super::record_identities::{IdentityMaker, enp_range};
use sverka_model::{Enp, PersonId};

/// Ways in which groups of a partition meet each other, and groups of other partitions.
pub(super) struct Meeting<'m> {
    /// ENPs that several groups may share.
    pub shared: &'m [SharedEnp],
    /// Documents that several groups may share.
    pub documents: &'m [SameDigits],
    /// ENPs (ascending) of cross-partition records that code a birth date of the partition.
    pub cross_partition_enps: &'m [Enp],
    /// Records that decisions of people name, if there are any.
    pub selectors: Option<&'m OverrideSelectors<'m>>,
    /// Claims on ids of the former run, if they are continued.
    pub claims: Option<&'m FormerClaims<'m>>,
}

/// Former ids that the records of a partition claim, ids that stood for claimed ones included.
pub(super) struct FormerClaims<'f> {
    /// Ids of the former run in the partition.
    pub former: &'f FormerIds,
    /// First claimed id of each record; [`PersonId::NONE`] for a record that claims none.
    first: Vec<PersonId>,
    /// Further claimed ids, which few records have, by record.
    further: Vec<(PersonId, u32)>,
    /// Claimed ids that have several buckets or another bucket than the partition.
    spanning: BTreeSet<PersonId>,
}

impl<'f> FormerClaims<'f> {
    /// Claims of the accepted records.
    pub fn new(records: Records<'_>, maker: IdentityMaker<'_>, former: &'f FormerIds) -> Self {
        let mut claims =
            Self { former, first: vec![PersonId::NONE; records.len()], further: Vec::new(), spanning: BTreeSet::new() };
        for (record, _) in records.accepted() {
            let mut first = PersonId::NONE;
            maker.each(records, record, |identity, _| {
                for row in former.find(identity) {
                    let root = row.state.taken_over_by;
                    if row.id != first {
                        claims.look_at(row);
                        if first == PersonId::NONE {
                            first = row.id;
                        } else {
                            claims.further.push((row.id, record));
                        }
                        claims.further.extend((root != PersonId::NONE).then_some((root, record)));
                    }
                }
            });
            claims.first[record as usize] = first;
        }
        claims
    }

    fn look_at(&mut self, row: &IdentityRow) {
        let root = row.state.taken_over_by;
        let of_root = || self.former.state(root).is_none_or(|state| state.spans);
        if row.state.spans || !self.former.is_at_home(row.id) || root != PersonId::NONE && of_root() {
            self.spanning.insert(row.id);
        }
    }

    /// Ids that groups elsewhere may claim: those with several buckets, and those with an identity of L2 by a cross-partition ENP.
    fn contested(&self, cross_partition_enps: &[Enp]) -> BTreeSet<PersonId> {
        let mut ids = self.spanning.clone();
        for enp in cross_partition_enps {
            let Ok(parts) = enp.decode() else { continue };
            for row in self.former.range(&enp_range(*enp, parts.birth_date)) {
                ids.extend([row.id, row.state.taken_over_by].into_iter().filter(|&id| id != PersonId::NONE));
            }
        }
        ids
    }

    fn all(&self) -> impl Iterator<Item = (PersonId, u32)> {
        let first = self.first.iter().zip(0..).filter(|(id, _)| **id != PersonId::NONE).map(|(&id, record)| (id, record));
        first.chain(self.further.iter().copied())
    }

    /// First id that a record claims; [`PersonId::NONE`] if it claims none.
    #[inline]
    pub fn first_of(&self, record: u32) -> PersonId {
        self.first[record as usize]
    }

    /// Further ids that a record claims.
    #[inline]
    pub fn further_of(&self, record: u32) -> &[(PersonId, u32)] {
        if self.further.is_empty() {
            return &[];
        }
        let from = self.further.partition_point(|&(_, other)| other < record);
        let to = from + self.further[from..].iter().take_while(|&&(_, other)| other == record).count();
        &self.further[from..to]
    }

    /// Ids that chosen records claim.
    fn claimed_by(&self, mut is_chosen: impl FnMut(u32) -> bool) -> BTreeSet<PersonId> {
        self.all().filter(|&(_, record)| is_chosen(record)).map(|(id, _)| id).collect()
    }

    /// Records that claim one of some ids.
    fn claiming(&self, ids: &BTreeSet<PersonId>) -> impl Iterator<Item = u32> {
        self.all().filter(|(id, _)| !ids.is_empty() && ids.contains(id)).map(|(_, record)| record)
    }
}

/// Names of the groups of step 1 that are left out.
#[derive(Debug, Default)]
pub(super) struct CrossPartitionGroups {
    groups: BTreeSet<u32>,
}

impl CrossPartitionGroups {
    /// The groups that contain a cross-partition record, one of the cross-partition ENPs or a record that a decision names, and all groups that these
    /// groups bring along.
    pub fn find(records: Records<'_>, groups: &mut Groups, meeting: Meeting<'_>) -> Self {
        let Meeting { shared, documents, cross_partition_enps, selectors, claims } = meeting;
        let mut cross_partition = BTreeSet::new();
        for (record, identity) in records.accepted() {
            if identity.flags.enp_contradicts_birth_date()
                || (identity.enp != Enp::NONE && cross_partition_enps.binary_search(&identity.enp).is_ok())
            {
                cross_partition.insert(groups.find(record));
            }
        }
        if let Some(selectors) = selectors {
            let touched = records.accepted().filter(|&(record, identity)| selectors.touches(records, record, identity));
            cross_partition.extend(touched.map(|(record, _)| groups.find(record)));
        }
        if let Some(claims) = claims {
            let contested = claims.contested(cross_partition_enps);
            cross_partition.extend(claims.claiming(&contested).map(|record| groups.find(record)));
        }
        let mut before = 0;
        while before < cross_partition.len() {
            before = cross_partition.len();
            let numbers = shared.iter().map(|number| &number.records);
            for sharing in numbers.chain(documents.iter().map(|document| &document.records)) {
                if sharing.iter().any(|&record| cross_partition.contains(&groups.find(record))) {
                    cross_partition.extend(sharing.iter().map(|&record| groups.find(record)));
                }
            }
            if let Some(claims) = claims {
                let ids = claims.claimed_by(|record| cross_partition.contains(&groups.find(record)));
                cross_partition.extend(claims.claiming(&ids).map(|record| groups.find(record)));
            }
        }
        Self { groups: cross_partition }
    }

    /// Whether the group with a name is left out.
    pub fn contains(&self, group: u32) -> bool {
        !self.groups.is_empty() && self.groups.contains(&group)
    }
}
