//! Records united into groups from many threads: the group's name is its smallest record, whoever united it and when.

use std::sync::atomic::{AtomicU32, Ordering};

/// A forest over records; each tree is a group and its root the smallest record of it.
pub(super) struct Groups {
    parents: Vec<AtomicU32>,
}

impl Groups {
    /// Every record a group of its own.
    pub fn new(records: usize) -> Self {
        Self { parents: (0..records as u32).map(AtomicU32::new).collect() }
    }

    /// The smallest record of the group.
    #[inline]
    pub fn find(&self, record: u32) -> u32 {
        let mut at = record;
        loop {
            let parent = self.parents[at as usize].load(Ordering::Relaxed);
            if parent == at {
                return at;
            }
            let grandparent = self.parents[parent as usize].load(Ordering::Relaxed);
            if grandparent != parent {
                // Parents only ever become smaller, so a lost race shortens the path less, and breaks nothing.
                let _ =
                    self.parents[at as usize].compare_exchange_weak(parent, grandparent, Ordering::Relaxed, Ordering::Relaxed);
            }
            at = parent;
        }
    }

    /// Makes one group of two.
    #[inline]
    pub fn unite(&self, left: u32, right: u32) {
        let (mut left, mut right) = (left, right);
        loop {
            left = self.find(left);
            right = self.find(right);
            if left == right {
                return;
            }
            let (small, large) = (left.min(right), left.max(right));
            // Only a root may be hung below a smaller record; if it is no root any more, look again.
            if self.parents[large as usize].compare_exchange(large, small, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn groups_do_not_depend_on_order() {
        let groups = Groups::new(100_000);
        (0..100_000_u32).into_par_iter().rev().for_each(|record| {
            if record >= 10 {
                groups.unite(record, record - 10);
            }
        });
        assert!((0..100_000).all(|record| groups.find(record) == record % 10));
    }
}
