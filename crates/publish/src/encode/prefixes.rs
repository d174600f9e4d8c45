//! `DELTA_BYTE_ARRAY`: texts of which only is written what differs from the text before.

use super::bits::width_of;
use super::delta::push_deltas;

/// How many bytes texts should at most take from the text before, judged by the first of them; 0 when that does not pay.
///
/// Where most begin with the same few bytes, taking just these leaves nothing to tell about lengths, which is shorter than a chance digit
/// more here and there.
pub(super) fn most_shared(lengths: &[i32], bytes: &[u8]) -> usize {
    const SAMPLE: usize = 512;
    const MINIBLOCK: usize = 32;
    /// What a byte of a text becomes when it is compressed, and how much bits of lengths weigh against it.
    const TEXT_BITS: usize = 4;
    let common: Vec<usize> =
        texts(&lengths[..lengths.len().min(SAMPLE)], bytes).map(|(before, text)| common_prefix(before, text)).collect();
    let cost = |most: usize| -> isize {
        let saved = common.iter().map(|&common| common.min(most)).sum::<usize>() * TEXT_BITS;
        let lengths = common.chunks(MINIBLOCK).map(|block| {
            let taken = || block.iter().map(|&common| common.min(most));
            let span = taken().max().unwrap_or(0) - taken().min().unwrap_or(0);
            // Differences between neighbours, of prefixes and of suffixes.
            if span == 0 { 0 } else { 2 * width_of(2 * span as u64) * block.len() }
        });
        lengths.sum::<usize>() as isize - saved as isize
    };
    let longest = common.iter().copied().max().unwrap_or(0).min(MOST_SHARED);
    let best = (0..=longest).min_by_key(|&most| (cost(most), most)).unwrap_or(0);
    // What the readers' work is worth.
    let least = common.len() * TEXT_BITS;
    if -cost(best) >= least as isize { best } else { 0 }
}

/// Longer beginnings are not looked for.
const MOST_SHARED: usize = 32;

/// Appends texts that stand one after the other, each without the up to `most` bytes with which the one before begins, too.
pub(super) fn push_differences(lengths: &[i32], bytes: &[u8], most: usize, out: &mut Vec<u8>) {
    let prefixes: Vec<i32> = texts(lengths, bytes).map(|(before, text)| common_prefix(before, text).min(most) as i32).collect();
    let suffixes: Vec<i32> = lengths.iter().zip(&prefixes).map(|(length, prefix)| length - prefix).collect();
    push_deltas(&prefixes, out);
    push_deltas(&suffixes, out);
    push_suffixes(&prefixes, &suffixes, bytes, out);
}

/// Short pieces are copied as if they were all of one length, which is faster; what is too much is overwritten by the next.
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

/// Each text with the one before it; before the first, an empty one.
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
            most_shared(&lengths, texts.concat().as_bytes())
        };
        assert_eq!(judge(&["R0017", "R0028", "R0039", "R0048", "R0059", "R0068", "R0077"]), 3);
        assert_eq!(judge(&["12345", "67890", "13579"]), 0);
        assert_eq!(judge(&[]), 0);
        assert_eq!(judge(&["", ""]), 0);
    }
}
