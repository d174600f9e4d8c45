//! The least and the greatest value of a column chunk.

use std::cmp::Ordering;

use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

/// Longer texts are not repeated in the footer.
const MOST_BYTES: usize = 64;

/// The least and the greatest of some values.
pub(super) fn least_and_greatest<T: Copy + Ord>(values: &[T]) -> Option<(T, T)> {
    Some((values.iter().copied().min()?, values.iter().copied().max()?))
}

/// Statistics of texts that stand one after the other. A bound is left out when it is too long.
pub(super) fn text_statistics(lengths: &[i32], bytes: &[u8], nulls: usize) -> Statistics {
    let range = least_and_greatest_text(lengths, bytes);
    let bound = |text: &[u8]| (text.len() <= MOST_BYTES).then(|| ByteArray::from(text.to_vec()));
    let (least, greatest) = range.map_or((None, None), |(least, greatest)| (bound(least), bound(greatest)));
    Statistics::ByteArray(ValueStatistics::new(least, greatest, None, Some(nulls as u64), false))
}

/// By bytes. Most comparisons end at the first eight.
fn least_and_greatest_text<'t>(lengths: &[i32], bytes: &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
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
    Some((least.1, greatest.1))
}

/// The first eight bytes as a number that is in the order of the texts.
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
