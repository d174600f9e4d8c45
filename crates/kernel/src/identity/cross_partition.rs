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

use std::collections::BTreeSet;

use super::Records;
use super::documents::SameDigits;
use super::groups::Groups;
use super::links::SharedEnp;
use super::override_selectors::OverrideSelectors;
use sverka_model::Enp;

/// Names of the groups of step 1 that are left out.
#[derive(Debug, Default)]
pub(super) struct CrossPartitionGroups {
    groups: BTreeSet<u32>,
}

impl CrossPartitionGroups {
    /// The groups that contain a cross-partition record, one of `cross_partition_enps` (ascending) or a record that a
    /// decision names, and all groups that these groups bring along.
    pub fn find(
        records: Records<'_>,
        groups: &mut Groups,
        shared: &[SharedEnp],
        documents: &[SameDigits],
        cross_partition_enps: &[Enp],
        selectors: Option<&OverrideSelectors<'_>>,
    ) -> Self {
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
        let mut before = 0;
        while before < cross_partition.len() {
            before = cross_partition.len();
            let numbers = shared.iter().map(|number| &number.records);
            for sharing in numbers.chain(documents.iter().map(|document| &document.records)) {
                if sharing.iter().any(|&record| cross_partition.contains(&groups.find(record))) {
                    cross_partition.extend(sharing.iter().map(|&record| groups.find(record)));
                }
            }
        }
        Self { groups: cross_partition }
    }

    /// Whether the group with a name is left out.
    pub fn contains(&self, group: u32) -> bool {
        !self.groups.is_empty() && self.groups.contains(&group)
    }
}
