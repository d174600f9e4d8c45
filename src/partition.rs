//! Rows of equal key brought together: the one exchange that duplicates, links and persons are found with.
//!
//! Rows are cut into blocks of fixed size; each block sorts its entries into buckets by itself, and a bucket is read as the blocks' parts in
//! order. So the work is parallel without locks, and what a bucket holds, in which order, depends on the rows alone.

use rayon::prelude::*;

/// Rows that one task sorts into buckets.
const BLOCK_ROWS: usize = 1 << 18;
/// Entries that a bucket should hold: few enough for a cache.
const BUCKET_ENTRIES: usize = 1 << 13;

/// Entries by bucket.
pub struct Partitioned<E> {
    blocks: Vec<Block<E>>,
    buckets: usize,
}

struct Block<E> {
    entries: Vec<E>,
    ends: Vec<u32>,
}

/// A power of two of buckets that suits `rows` entries.
#[must_use]
pub fn bucket_bits(rows: usize) -> u32 {
    (rows / BUCKET_ENTRIES).next_power_of_two().trailing_zeros().min(12)
}

/// Sorts the entries that `entry` gives for each of `rows` rows into `buckets`. `entry` returns a bucket's number and the entry, or nothing.
pub fn partition<E: Copy + Send + Sync>(
    rows: usize,
    buckets: usize,
    entry: impl Fn(usize) -> Option<(usize, E)> + Sync,
) -> Partitioned<E> {
    let blocks = (0..rows.div_ceil(BLOCK_ROWS))
        .into_par_iter()
        .map(|block| block_of(block * BLOCK_ROWS..rows.min((block + 1) * BLOCK_ROWS), buckets, &entry))
        .collect();
    Partitioned { blocks, buckets }
}

fn block_of<E: Copy>(rows: std::ops::Range<usize>, buckets: usize, entry: &impl Fn(usize) -> Option<(usize, E)>) -> Block<E> {
    let mut found = Vec::with_capacity(rows.len());
    let mut starts = vec![0_u32; buckets + 1];
    for (bucket, item) in rows.filter_map(entry) {
        starts[bucket + 1] += 1;
        found.push((bucket as u32, item));
    }
    for bucket in 0..buckets {
        starts[bucket + 1] += starts[bucket];
    }
    let Some(&(_, any)) = found.first() else { return Block { entries: Vec::new(), ends: vec![0; buckets] } };
    let mut entries = vec![any; found.len()];
    for (bucket, item) in found {
        let place = &mut starts[bucket as usize];
        entries[*place as usize] = item;
        *place += 1;
    }
    // Each start has moved to the end of its bucket.
    starts.truncate(buckets);
    Block { entries, ends: starts }
}

impl<E: Copy + Send + Sync> Partitioned<E> {
    /// How many buckets there are.
    #[must_use]
    pub fn buckets(&self) -> usize {
        self.buckets
    }

    /// Puts the entries of a bucket into `into`, in the order of the rows.
    pub fn bucket_into(&self, bucket: usize, into: &mut Vec<E>) {
        into.clear();
        for block in &self.blocks {
            let start = if bucket == 0 { 0 } else { block.ends[bucket - 1] };
            into.extend_from_slice(&block.entries[start as usize..block.ends[bucket] as usize]);
        }
    }

    /// Runs `work` on every bucket in parallel, with the entries in the order of the rows, and returns the results in the order of the buckets.
    pub fn map_buckets<T: Send>(&self, work: impl Fn(usize, &mut Vec<E>) -> T + Sync) -> Vec<T> {
        (0..self.buckets)
            .into_par_iter()
            .map_init(Vec::new, |entries, bucket| {
                self.bucket_into(bucket, entries);
                work(bucket, entries)
            })
            .collect()
    }
}

/// A row with the content hash of its key; equal hashes of 128 bits count as equal keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyedRow {
    /// The hash.
    pub key: u128,
    /// The row.
    pub row: u32,
}

/// Finds rows of equal key: calls `same(first, later)` for each row whose key an earlier row has, and returns how many there are.
pub fn equal_keys(rows: usize, key: impl Fn(usize) -> Option<u128> + Sync, same: impl Fn(u32, u32) + Sync) -> u64 {
    let bits = bucket_bits(rows);
    let keyed = partition(rows, 1 << bits, |row| key(row).map(|key| (top_bits(key, bits), KeyedRow { key, row: row as u32 })));
    keyed.map_buckets(|_, entries| equal_in_bucket(entries, &same)).into_iter().sum()
}

fn top_bits(key: u128, bits: u32) -> usize {
    if bits == 0 { 0 } else { (key >> (128 - bits)) as usize }
}

fn equal_in_bucket(entries: &[KeyedRow], same: &impl Fn(u32, u32)) -> u64 {
    const FREE: u32 = u32::MAX;
    let slots = (entries.len() * 2).next_power_of_two();
    let mut table = vec![FREE; slots];
    let mut equal = 0;
    for (index, entry) in entries.iter().enumerate() {
        let mut slot = entry.key as usize & (slots - 1);
        loop {
            match table[slot] {
                FREE => {
                    table[slot] = index as u32;
                    break;
                }
                first if entries[first as usize].key == entry.key => {
                    same(entries[first as usize].row, entry.row);
                    equal += 1;
                    break;
                }
                _ => slot = (slot + 1) & (slots - 1),
            }
        }
    }
    equal
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn equal_keys_are_found_once_with_their_first_row() {
        let rows = 600_000_usize;
        let key = |row: usize| (!row.is_multiple_of(7)).then(|| xxhash_rust::xxh3::xxh3_128(&(row % 200_000).to_le_bytes()));
        let pairs = Mutex::new(Vec::new());
        let count = equal_keys(rows, key, |first, later| pairs.lock().expect("lock").push((first, later)));
        let mut expected = Vec::new();
        let mut first_of = std::collections::HashMap::new();
        for row in (0..rows).filter(|row| row % 7 != 0) {
            match first_of.entry(row % 200_000) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(row as u32);
                }
                std::collections::hash_map::Entry::Occupied(place) => expected.push((*place.get(), row as u32)),
            }
        }
        let mut pairs = pairs.into_inner().expect("lock");
        pairs.sort_unstable_by_key(|pair| pair.1);
        assert_eq!(count, expected.len() as u64);
        assert_eq!(pairs, expected);
    }

    #[test]
    fn buckets_keep_the_order_of_rows() {
        let partitioned = partition(BLOCK_ROWS * 2 + 5, 4, |row| (row % 3 == 0).then_some((row % 4, row)));
        let lists = partitioned.map_buckets(|bucket, entries| {
            assert!(entries.iter().all(|row| row % 4 == bucket));
            entries.clone()
        });
        assert!(lists.iter().all(|rows| rows.is_sorted()));
        assert_eq!(lists.iter().map(Vec::len).sum::<usize>(), (BLOCK_ROWS * 2 + 5).div_ceil(3));
        assert!(partition(0, 4, |row| Some((0, row))).map_buckets(|_, entries| entries.len()).iter().all(|&n| n == 0));
    }
}
