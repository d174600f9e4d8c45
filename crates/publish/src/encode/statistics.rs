//! Minimum and maximum of a column chunk, for the footer.

use std::cmp::Ordering;

use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

/// Longest text that the footer repeats.
const MAX_BYTES: usize = 64;

/// Minimum and maximum of values.
#[derive(Clone, Copy)]
pub(super) struct MinMax<T> {
    pub min: T,
    pub max: T,
}

/// Minimum and maximum; `None` without values.
pub(super) fn min_and_max<T: Copy + Ord>(values: &[T]) -> Option<MinMax<T>> {
    Some(MinMax { min: values.iter().copied().min()?, max: values.iter().copied().max()? })
}

/// Statistics of texts that lie one after another in `bytes`. A bound that is too long is left out.
pub(super) fn text_statistics(lengths: &[i32], bytes: &[u8], nulls: usize) -> Statistics {
    let range = min_and_max_text(lengths, bytes);
    let bound = |text: &[u8]| (text.len() <= MAX_BYTES).then(|| ByteArray::from(text.to_vec()));
    let (min, max) = range.map_or((None, None), |range| (bound(range.min), bound(range.max)));
    Statistics::ByteArray(ValueStatistics::new(min, max, None, Some(nulls as u64), false))
}

/// Minimum and maximum of texts by bytes. Most comparisons end with the first eight bytes, compared as one number.
fn min_and_max_text<'t>(lengths: &[i32], bytes: &'t [u8]) -> Option<MinMax<&'t [u8]>> {
    let first = &bytes[..*lengths.first()? as usize];
    let (mut least, mut greatest) = ((head(first), first), (head(first), first));
    let mut start = 0;
    for &length in lengths {
        let text = &bytes[start..start + length as usize];
        start += length as usize;
        let head = head(text);
        if head <= least.0 && text < least.1 {
            least = (head, text);
        }
        if head >= greatest.0 && text.cmp(greatest.1) == Ordering::Greater {
            greatest = (head, text);
        }
    }
    Some(MinMax { min: least.1, max: greatest.1 })
}

/// First eight bytes as a big-endian number: numbers are ordered like the texts.
#[inline]
fn head(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(head) => u64::from_be_bytes(*head),
        None => {
            let mut head = [0; 8];
            head[..text.len()].copy_from_slice(text);
            u64::from_be_bytes(head)
        }
    }
}
