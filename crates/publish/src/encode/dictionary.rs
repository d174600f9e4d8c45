//! Dictionary of one column chunk: distinct values, and the index of each row's value.
//!
//! ```text
//! values of the rows   7 3 7 9 3 7
//! dictionary           7 3 9            in the order of first occurrence
//! indices              0 1 0 2 1 0      2 bits each
//! ```
//!
//! The order of first occurrence makes the bytes depend on the rows alone, not on the keys that texts have in the dictionary of the run. A dictionary with
//! more than half as many values as rows does not pay and is not made.
//!
//! Values are small integers in a known range, or keys of the run's dictionary, so a plain array finds the index of a value: one load for each row instead
//! of a hash and a comparison. Only texts that come without keys are hashed.

use std::hash::BuildHasher;

use arrow::array::{Array, StringArray};
use hashbrown::HashTable;
use xxhash_rust::xxh3::Xxh3DefaultBuilder;

/// Distinct values of a column chunk, and the index of each row's value.
pub(super) struct DictionaryIndices<V> {
    /// Index of the value of each row that is not null.
    pub indices: Vec<u32>,
    /// Distinct values, by index.
    pub values: Vec<V>,
}

/// Index of each value, by value. All entries are free between uses; only used entries are reset, so no column pays for clearing the whole table.
#[derive(Default)]
pub(super) struct IndexTable {
    indices: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl IndexTable {
    /// Indexes values below `limit`; `None` when there are too many distinct ones.
    pub fn index(&mut self, values: impl ExactSizeIterator<Item = u32>, limit: usize) -> Option<DictionaryIndices<u32>> {
        if self.indices.len() < limit {
            self.indices.resize(limit, FREE);
        }
        let most = max_values(values.len());
        let mut indices = vec![0; values.len()];
        let mut distinct = Vec::new();
        let mut all = true;
        let table = &mut self.indices[..limit];
        for (value, index) in values.zip(&mut indices) {
            let entry = &mut table[value as usize];
            if *entry == FREE {
                if distinct.len() == most {
                    all = false;
                    break;
                }
                *entry = distinct.len() as u32;
                distinct.push(value);
            }
            *index = *entry;
        }
        distinct.iter().for_each(|&value| table[value as usize] = FREE);
        all.then_some(DictionaryIndices { indices, values: distinct })
    }
}

/// Indexes texts that come without keys; the values are the rows of their first occurrence. `None` when there are too many distinct ones.
pub(super) fn index_texts(texts: &StringArray) -> Option<DictionaryIndices<usize>> {
    let hasher = Xxh3DefaultBuilder;
    let count = texts.len() - texts.null_count();
    let most = max_values(count);
    let mut found = DictionaryIndices { indices: Vec::with_capacity(count), values: Vec::new() };
    let mut table: HashTable<u32> = HashTable::new();
    let rows = (0..texts.len()).filter(|&row| texts.is_valid(row));
    for row in rows {
        let text = texts.value(row);
        let hash = |text: &str| hasher.hash_one(text.as_bytes());
        let known = table.find(hash(text), |&index| texts.value(found.values[index as usize]) == text);
        let index = match known {
            Some(&index) => index,
            None if found.values.len() == most => return None,
            None => {
                let index = found.values.len() as u32;
                found.values.push(row);
                table.insert_unique(hash(text), index, |&index| hash(texts.value(found.values[index as usize])));
                index
            }
        };
        found.indices.push(index);
    }
    Some(found)
}

/// Largest number of distinct values for which a dictionary pays.
fn max_values(rows: usize) -> usize {
    rows.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_the_order_in_which_they_come() {
        let mut table = IndexTable::default();
        for _ in 0..2 {
            let found = table.index([7, 3, 7, 9, 3, 7].into_iter(), 10).expect("few values");
            assert_eq!((found.indices, found.values), (vec![0, 1, 0, 2, 1, 0], vec![7, 3, 9]));
        }
        let texts = StringArray::from(vec![Some("b"), None, Some(""), Some("b"), Some("")]);
        let found = index_texts(&texts).expect("few values");
        assert_eq!((found.indices, found.values), (vec![0, 1, 0, 1], vec![0, 2]));
    }

    #[test]
    fn too_many_values_make_no_dictionary() {
        let mut table = IndexTable::default();
        assert!(table.index([1, 2, 3, 1].into_iter(), 4).is_none());
        assert!(table.index([1, 2, 1, 2].into_iter(), 4).is_some(), "the table is free again");
        assert!(index_texts(&StringArray::from(vec!["a", "b", "c", "a"])).is_none());
        assert!(index_texts(&StringArray::from(vec!["a"])).is_some());
        assert!(table.index(std::iter::empty(), 0).is_some());
    }
}
