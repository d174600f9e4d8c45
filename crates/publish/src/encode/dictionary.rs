//! From values to numbers in the dictionary of one column chunk, which stand in the order in which the rows first show the values.
//!
//! So the same rows give the same bytes, however their words or texts came to be numbered. A dictionary that would hold more than half as
//! many values as there are rows is not made: it would not pay.

use std::hash::BuildHasher;

use arrow::array::{Array, StringArray};
use hashbrown::HashTable;
use xxhash_rust::xxh3::Xxh3DefaultBuilder;

/// A column chunk's values by number.
pub(super) struct Numbered<V> {
    /// For each row that has a value, its number.
    pub numbers: Vec<u32>,
    /// The values, by number.
    pub values: Vec<V>,
}

/// Numbers of values by value, all free between uses; kept so that it need not be cleared for each column.
#[derive(Default)]
pub(super) struct NumberTable {
    numbers: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl NumberTable {
    /// Numbers values that are below `limit`; `None` when there are too many different ones.
    pub fn number(&mut self, values: impl ExactSizeIterator<Item = u32>, limit: usize) -> Option<Numbered<u32>> {
        if self.numbers.len() < limit {
            self.numbers.resize(limit, FREE);
        }
        let most = most_values(values.len());
        let mut numbers = vec![0; values.len()];
        let mut distinct = Vec::new();
        let mut all = true;
        let table = &mut self.numbers[..limit];
        for (value, number) in values.zip(&mut numbers) {
            let place = &mut table[value as usize];
            if *place == FREE {
                if distinct.len() == most {
                    all = false;
                    break;
                }
                *place = distinct.len() as u32;
                distinct.push(value);
            }
            *number = *place;
        }
        distinct.iter().for_each(|&value| table[value as usize] = FREE);
        all.then_some(Numbered { numbers, values: distinct })
    }
}

/// Numbers the texts of a column that has no words; the values are rows that hold them. `None` when there are too many different ones.
pub(super) fn number_texts(texts: &StringArray) -> Option<Numbered<usize>> {
    let hasher = Xxh3DefaultBuilder;
    let count = texts.len() - texts.null_count();
    let most = most_values(count);
    let mut found = Numbered { numbers: Vec::with_capacity(count), values: Vec::new() };
    let mut table: HashTable<u32> = HashTable::new();
    let rows = (0..texts.len()).filter(|&row| texts.is_valid(row));
    for row in rows {
        let text = texts.value(row);
        let hash = |text: &str| hasher.hash_one(text.as_bytes());
        let known = table.find(hash(text), |&number| texts.value(found.values[number as usize]) == text);
        let number = match known {
            Some(&number) => number,
            None if found.values.len() == most => return None,
            None => {
                let number = found.values.len() as u32;
                found.values.push(row);
                table.insert_unique(hash(text), number, |&number| hash(texts.value(found.values[number as usize])));
                number
            }
        };
        found.numbers.push(number);
    }
    Some(found)
}

/// The most values of a dictionary that pays.
fn most_values(rows: usize) -> usize {
    rows.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_the_order_in_which_they_come() {
        let mut table = NumberTable::default();
        for _ in 0..2 {
            let found = table.number([7, 3, 7, 9, 3, 7].into_iter(), 10).expect("few values");
            assert_eq!((found.numbers, found.values), (vec![0, 1, 0, 2, 1, 0], vec![7, 3, 9]));
        }
        let texts = StringArray::from(vec![Some("b"), None, Some(""), Some("b"), Some("")]);
        let found = number_texts(&texts).expect("few values");
        assert_eq!((found.numbers, found.values), (vec![0, 1, 0, 1], vec![0, 2]));
    }

    #[test]
    fn too_many_values_make_no_dictionary() {
        let mut table = NumberTable::default();
        assert!(table.number([1, 2, 3, 1].into_iter(), 4).is_none());
        assert!(table.number([1, 2, 1, 2].into_iter(), 4).is_some(), "the table is free again");
        assert!(number_texts(&StringArray::from(vec!["a", "b", "c", "a"])).is_none());
        assert!(number_texts(&StringArray::from(vec!["a"])).is_some());
        assert!(table.number(std::iter::empty(), 0).is_some());
    }
}
