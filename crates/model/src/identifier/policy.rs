//! Kinds of policy and the form in which policy numbers are compared.

use super::name::{is_dash, plain_upper};

/// Kind of policy, dictionary F008.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PolicyKind {
    /// 1: a policy from before Law 326-FZ, free regional number.
    Old = 1,
    /// 2: a temporary certificate, nine digits.
    TemporaryCertificate = 2,
    /// 3: a single-sample policy on any carrier; its number is the ENP.
    SingleSample = 3,
}

impl PolicyKind {
    /// The kind of an F008 code, if it is one.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Old),
            2 => Some(Self::TemporaryCertificate),
            3 => Some(Self::SingleSample),
            _ => None,
        }
    }
}

/// Appends to `out` the form in which policy numbers are compared: upper case, without blanks, dashes and `№`.
pub fn normalise_policy_number(text: &str, out: &mut String) {
    if text.is_ascii() {
        let kept = |byte: &u8| !char::from(*byte).is_whitespace() && *byte != b'-';
        out.extend(text.bytes().filter(kept).map(|byte| char::from(byte.to_ascii_uppercase())));
        return;
    }
    for character in text.chars() {
        if character.is_whitespace() || character == '№' || is_dash(character) {
            continue;
        }
        match plain_upper(character) {
            Some(upper) => out.push(upper),
            None => out.extend(character.to_uppercase()),
        }
    }
}

/// What [`normalise_policy_number`] makes of a short text of ASCII and perhaps a `№`, in place and without allocating; `None` for others.
#[inline]
pub fn normalise_short_policy_number(text: &[u8]) -> Option<([u8; SHORT_POLICY_NUMBER_BYTES], usize)> {
    if text.len() > SHORT_POLICY_NUMBER_BYTES {
        return None;
    }
    if text.is_ascii() { Some(form_of_ascii(text)) } else { form_around_sign(text) }
}

/// Of a text with one `№`, as attachment files write between series and number.
fn form_around_sign(text: &[u8]) -> Option<([u8; SHORT_POLICY_NUMBER_BYTES], usize)> {
    const SIGN: &[u8] = "№".as_bytes();
    let place = memchr::memchr(SIGN[0], text)?;
    let (before, rest) = text.split_at(place);
    let after = rest.strip_prefix(SIGN)?;
    if !before.is_ascii() || !after.is_ascii() {
        return None;
    }
    let (mut form, length) = form_of_ascii(before);
    let (form_after, length_after) = form_of_ascii(after);
    form[length..length + length_after].copy_from_slice(&form_after[..length_after]);
    Some((form, length + length_after))
}

#[inline]
fn form_of_ascii(text: &[u8]) -> ([u8; SHORT_POLICY_NUMBER_BYTES], usize) {
    let (mut form, mut length) = ([0; SHORT_POLICY_NUMBER_BYTES], 0);
    for &byte in text {
        let (kept, step) = COMPARED[usize::from(byte % 128)];
        form[length % SHORT_POLICY_NUMBER_BYTES] = kept;
        length += usize::from(step);
    }
    (form, length)
}

/// The longest text that [`normalise_short_policy_number`] takes, in bytes.
pub const SHORT_POLICY_NUMBER_BYTES: usize = 32;

/// What becomes of each ASCII byte in the form for comparison, and whether it counts.
static COMPARED: [(u8, u8); 128] = {
    let mut compared = [(0, 0); 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if !matches!(byte, b'\t'..=b'\r' | b' ' | b'-') {
            compared[byte as usize] = (byte.to_ascii_uppercase(), 1);
        }
        byte += 1;
    }
    compared
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_without_blanks_dashes_and_number_signs() {
        for (text, form) in [
            ("00 00 № 000000", "0000000000"),
            ("iv-аб 123", "IVАБ123"),
            (" № ", ""),
            ("12–34—56", "123456"),
            ("4500-123", "4500123"),
        ] {
            let mut out = String::new();
            normalise_policy_number(text, &mut out);
            assert_eq!(out, form, "{text}");
        }
    }

    #[test]
    fn both_ways_to_the_form_agree() {
        let every: String = (0..128_u8).map(char::from).collect();
        let texts = every.as_bytes().chunks(SHORT_POLICY_NUMBER_BYTES).chain([
            &b""[..],
            b" - ",
            b"00 00 000000",
            b"iv-ab 1",
            "00 20 № 000001".as_bytes(),
            "№".as_bytes(),
            " № 12".as_bytes(),
            "iv №".as_bytes(),
        ]);
        for text in texts {
            let mut form = String::new();
            normalise_policy_number(str::from_utf8(text).expect("text"), &mut form);
            let (short, length) = normalise_short_policy_number(text).expect("short ASCII");
            assert_eq!(&short[..length], form.as_bytes(), "{text:?}");
        }
        for other in ["№ 1 №", "АБ № 1", "№ АБ", "–"] {
            assert!(normalise_short_policy_number(other.as_bytes()).is_none(), "{other}");
        }
        assert!(normalise_short_policy_number(&[b'1'; SHORT_POLICY_NUMBER_BYTES + 1]).is_none());
    }
}
