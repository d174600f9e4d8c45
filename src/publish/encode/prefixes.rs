//! `DELTA_BYTE_ARRAY`: texts of which only is written what differs from the text before.

use super::delta::push_deltas;

/// Whether texts, judged by the first of them, share a quarter with the text before: then it pays not to repeat it.
pub(super) fn begins_like_before(lengths: &[i32], bytes: &[u8]) -> bool {
    const SAMPLE: usize = 1024;
    let (mut shared, mut all) = (0, 0);
    for (before, text) in texts(&lengths[..lengths.len().min(SAMPLE)], bytes) {
        shared += common_prefix(before, text);
        all += text.len();
    }
    shared > 0 && shared * 4 >= all
}

/// Appends texts that stand one after the other.
pub(super) fn push_differences(lengths: &[i32], bytes: &[u8], out: &mut Vec<u8>) {
    let prefixes: Vec<i32> = texts(lengths, bytes).map(|(before, text)| common_prefix(before, text) as i32).collect();
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
            begins_like_before(&lengths, texts.concat().as_bytes())
        };
        assert!(judge(&["R0001", "R0002", "R0013"]));
        assert!(!judge(&["12345", "67890", "13579"]));
        assert!(!judge(&[]) && !judge(&["", ""]));
    }
}
