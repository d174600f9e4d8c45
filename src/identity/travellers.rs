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
use super::selection::Selection;

/// Groups of step 1, by their names, that are left out.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    groups: BTreeSet<u32>,
}

impl LeftOut {
    /// The groups that `travelling` ENPs (ascending), the partition's own travellers and decisions of people touch.
    pub fn find(
        records: Records<'_>,
        groups: &mut Groups,
        shared: &[SharedNumber],
        documents: &[SameDigits],
        travelling: &[u64],
        selection: Option<&Selection<'_>>,
    ) -> Self {
        let mut left_out = BTreeSet::new();
        for (record, identity) in records.accepted() {
            if identity.marks.of_other_birth() || (identity.enp != 0 && travelling.binary_search(&identity.enp).is_ok()) {
                left_out.insert(groups.find(record));
            }
        }
        if let Some(selection) = selection {
            let touched = records.accepted().filter(|&(record, identity)| selection.touches(records, record, identity));
            left_out.extend(touched.map(|(record, _)| groups.find(record)));
        }
        let mut before = 0;
        while before < left_out.len() {
            before = left_out.len();
            let numbers = shared.iter().map(|number| &number.records);
            for sharing in numbers.chain(documents.iter().map(|document| &document.records)) {
                if sharing.iter().any(|&record| left_out.contains(&groups.find(record))) {
                    left_out.extend(sharing.iter().map(|&record| groups.find(record)));
                }
            }
        }
        Self { groups: left_out }
    }

    /// Whether the group of this name is left out.
    pub fn contains(&self, group: u32) -> bool {
        !self.groups.is_empty() && self.groups.contains(&group)
    }
}
