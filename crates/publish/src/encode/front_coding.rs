//! `DELTA_BYTE_ARRAY`, also known as front coding: each text without the prefix that it shares with the text before.
//!
//! ```text
//! texts             R0017  R0028  R0039
//! prefix lengths    0      3      3         DELTA_BINARY_PACKED
//! suffix lengths    5      2      2         DELTA_BINARY_PACKED
//! suffixes          R0017  28     39        one after another
//! ```
//!
//! The prefix is cut at a maximum. When most texts share the same few bytes, equal prefix lengths pack into no bits at all, which is better than one more
//! byte here and there.

use super::bits::width_of;
use super::delta::push_deltas;

/// Best maximum for prefixes, judged by the first texts; 0 when front coding does not pay.
pub(super) fn max_prefix(lengths: &[i32], bytes: &[u8]) -> usize {
    const SAMPLE: usize = 512;
    const MINIBLOCK: usize = 32;
    /// Estimated bits of a byte of text after compression.
    const TEXT_BITS: usize = 4;
    let common: Vec<usize> =
        texts(&lengths[..lengths.len().min(SAMPLE)], bytes).map(|(before, text)| common_prefix(before, text)).collect();
    let cost = |max: usize| -> isize {
        let saved = common.iter().map(|&common| common.min(max)).sum::<usize>() * TEXT_BITS;
        let lengths = common.chunks(MINIBLOCK).map(|block| {
            let taken = || block.iter().map(|&common| common.min(max));
            let span = taken().max().unwrap_or(0) - taken().min().unwrap_or(0);
            // Differences between neighbours, of prefixes and of suffixes.
            if span == 0 { 0 } else { 2 * width_of(2 * span as u64) * block.len() }
        });
        lengths.sum::<usize>() as isize - saved as isize
    };
    let longest = common.iter().copied().max().unwrap_or(0).min(LONGEST_PREFIX);
    let best = (0..=longest).min_by_key(|&max| (cost(max), max)).unwrap_or(0);
    // Front coding must save one byte for each text, since it costs readers time.
    let least = common.len() * TEXT_BITS;
    if -cost(best) >= least as isize { best } else { 0 }
}

/// Longest prefix that is considered.
const LONGEST_PREFIX: usize = 32;

/// Appends texts, front-coded with prefixes of at most `max` bytes.
pub(super) fn push_front_coded(lengths: &[i32], bytes: &[u8], max: usize, out: &mut Vec<u8>) {
    let prefixes: Vec<i32> = texts(lengths, bytes).map(|(before, text)| common_prefix(before, text).min(max) as i32).collect();
    let suffixes: Vec<i32> = lengths.iter().zip(&prefixes).map(|(length, prefix)| length - prefix).collect();
    push_deltas(&prefixes, out);
    push_deltas(&suffixes, out);
    push_suffixes(&prefixes, &suffixes, bytes, out);
}

/// Appends the suffixes. Short ones are copied as 16 bytes for any length, which is faster; the next suffix overwrites
/// the excess.
fn push_suffixes(prefixes: &[i32], suffixes: &[i32], bytes: &[u8], out: &mut Vec<u8>) {
    const PIECE: usize = 16;
    let mut to = out.len();
    let end = to + suffixes.iter().map(|&suffix| suffix as usize).sum::<usize>();
    out.resize(end + PIECE, 0);
    let mut from = 0;
    for (&prefix, &suffix) in prefixes.iter().zip(suffixes) {
        let suffix = suffix as usize;
        from += prefix as usize;
        match bytes.get(from..from + PIECE) {
            Some(piece) if suffix <= PIECE => out[to..to + PIECE].copy_from_slice(piece),
            _ => out[to..to + suffix].copy_from_slice(&bytes[from..from + suffix]),
        }
        from += suffix;
        to += suffix;
    }
    out.truncate(end);
}

/// Pairs of a text with the text before it; the first text has an empty one before it.
fn texts<'t>(lengths: &[i32], bytes: &'t [u8]) -> impl Iterator<Item = (&'t [u8], &'t [u8])> {
    let mut before: &[u8] = &[];
    let mut rest = bytes;
    lengths.iter().map(move |&length| {
        let (text, behind) = rest.split_at(length as usize);
        rest = behind;
        (std::mem::replace(&mut before, text), text)
    })
}

#[inline]
fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    const WORD: usize = size_of::<u64>();
    let shorter = one.len().min(other.len());
    let differing = |at: usize| {
        let word = |text: &[u8]| u64::from_le_bytes(text[at..at + WORD].try_into().expect("eight bytes"));
        word(one) ^ word(other)
    };
    let mut at = 0;
    while at + WORD <= shorter {
        match differing(at) {
            0 => at += WORD,
            bits => return at + bits.trailing_zeros() as usize / 8,
        }
    }
    match shorter.checked_sub(WORD) {
        // The last word overlaps the one before it.
        Some(last) if at < shorter => match differing(last) {
            0 => shorter,
            bits => last + bits.trailing_zeros() as usize / 8,
        },
        Some(_) => shorter,
        None => one.iter().zip(other).take_while(|(one, other)| one == other).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_prefixes_of_all_lengths() {
        let text: Vec<u8> = (0..40).collect();
        for length in 0..text.len() {
            for differs_at in 0..=length {
                let mut other = text[..length].to_vec();
                if let Some(byte) = other.get_mut(differs_at) {
                    *byte = 0xFF;
                }
                assert_eq!(common_prefix(&text, &other), differs_at, "{differs_at} of {length}");
            }
        }
    }

    #[test]
    fn only_texts_that_begin_alike_are_written_by_differences() {
        let judge = |texts: &[&str]| {
            let lengths: Vec<i32> = texts.iter().map(|text| text.len() as i32).collect();
            max_prefix(&lengths, texts.concat().as_bytes())
        };
        assert_eq!(judge(&["R0017", "R0028", "R0039", "R0048", "R0059", "R0068", "R0077"]), 3);
        assert_eq!(judge(&["12345", "67890", "13579"]), 0);
        assert_eq!(judge(&[]), 0);
        assert_eq!(judge(&["", ""]), 0);
    }
}
