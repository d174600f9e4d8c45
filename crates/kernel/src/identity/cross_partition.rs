//! Groups that records of other partitions may belong to: they are left out here, and linked all together.
//!
//! All rules but those over the ENP alone ask for equal birth dates, so that only a record whose ENP codes another birth date than its own can
//! meet records of another partition: in the partition of the coded date, through that ENP. Whatever group such a record or ENP touches is left
//! out whole, and so is every group that shares an ENP with one that is, because L6 judges complete groups, or that may be the same person by its
//! document, because that is told of both.
//!
//! Records that people decided about travel, too: a decision may name records of any partitions.

use std::collections::BTreeSet;

use super::Records;
use super::documents::SameDigits;
use super::groups::Groups;
use super::links::SharedNumber;
use super::override_selectors::OverrideSelectors;

/// Groups of step 1, by their names, that are left out.
#[derive(Debug, Default)]
pub(super) struct CrossPartitionGroups {
    groups: BTreeSet<u32>,
}

impl CrossPartitionGroups {
    /// The groups that `cross_partition_enps` ENPs (ascending), the partition's own cross-partition records and decisions of people touch.
    pub fn find(
        records: Records<'_>,
        groups: &mut Groups,
        shared: &[SharedNumber],
        documents: &[SameDigits],
        cross_partition_enps: &[u64],
        selectors: Option<&OverrideSelectors<'_>>,
    ) -> Self {
        let mut cross_partition = BTreeSet::new();
        for (record, identity) in records.accepted() {
            if identity.flags.enp_contradicts_birth_date()
                || (identity.enp != 0 && cross_partition_enps.binary_search(&identity.enp).is_ok())
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

    /// Whether the group of this name is left out.
    pub fn contains(&self, group: u32) -> bool {
        !self.groups.is_empty() && self.groups.contains(&group)
    }
}
