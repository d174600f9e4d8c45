//! Union-find over records. The name of a group is its smallest record, for any order of unions.

/// A forest of records. Each tree is a group; its root is the smallest record of the group.
#[derive(Debug, Default)]
pub(super) struct Groups {
    parents: Vec<u32>,
}

impl Groups {
    /// Makes each record a group of its own.
    pub fn reset(&mut self, records: usize) {
        self.parents.clear();
        self.parents.extend(0..records as u32);
    }

    /// Name of the group of a record: its smallest record. Halves the path on the way.
    #[inline]
    pub fn find(&mut self, record: u32) -> u32 {
        let mut at = record;
        loop {
            let parent = self.parents[at as usize];
            if parent == at {
                return at;
            }
            let grandparent = self.parents[parent as usize];
            self.parents[at as usize] = grandparent;
            at = grandparent;
        }
    }

    /// Makes a group of records, in ascending order. The caller must regroup the rest of their former group as well.
    pub fn regroup(&mut self, members: &[u32]) {
        for &record in members {
            self.parents[record as usize] = members[0];
        }
    }

    /// Unites the groups of two records.
    #[inline]
    pub fn unite(&mut self, left: u32, right: u32) {
        let (left, right) = (self.find(left), self.find(right));
        self.parents[left.max(right) as usize] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_do_not_depend_on_order() {
        let pairs: Vec<(u32, u32)> = (10..100_000).map(|record| (record, record - 10)).collect();
        for backwards in [false, true] {
            let mut groups = Groups::default();
            groups.reset(100_000);
            let unite = |(left, right): &(u32, u32)| groups.unite(*left, *right);
            if backwards {
                pairs.iter().rev().for_each(unite)
            } else {
                pairs.iter().for_each(unite)
            }
            assert!((0..100_000).all(|record| groups.find(record) == record % 10));
        }
    }
}
