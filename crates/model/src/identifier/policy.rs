//! Kinds of policies, and the normal form of policy numbers.
//!
//! Validity and holders of policies are not known here.

use super::name::{is_dash, plain_upper};

/// Kind of a policy, with the codes of dictionary F008. Plain old data: a record holds it as one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct PolicyKind(u8);

impl PolicyKind {
    /// No kind: absent or unknown.
    pub const NONE: Self = Self(0);
    /// 1: a policy from before Law 326-FZ, with a regional number of any form.
    pub const OLD: Self = Self(1);
    /// 2: a temporary certificate, nine digits.
    pub const TEMPORARY_CERTIFICATE: Self = Self(2);
    /// 3: a single-sample policy on any carrier; its number is the ENP.
    pub const SINGLE_SAMPLE: Self = Self(3);

    /// The kind of an F008 code as written.
    #[must_use]
    #[inline]
    pub fn parse(text: &[u8]) -> Option<Self> {
        match *text {
            [digit @ b'1'..=b'3'] => Some(Self(digit - b'0')),
            _ => None,
        }
    }

    /// The kind that a record holds as a code, [`Self::NONE`] included.
    #[must_use]
    #[inline]
    pub const fn from_stored(code: u8) -> Self {
        Self(code)
    }

    /// The F008 code; 0 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Whether policies of this kind have a number other than the ENP.
    #[must_use]
    #[inline]
    pub const fn has_own_number(self) -> bool {
        matches!(self, Self::OLD | Self::TEMPORARY_CERTIFICATE)
    }
}

/// Appends the normal form of a policy number to `out`: upper case, without blanks, dashes and `№`.
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

/// The normal form of a short policy number of ASCII characters and at most one `№`, without allocating; the same as
/// that of [`normalise_policy_number`]. `None` for other texts. The second value is the number of bytes in use.
#[inline]
pub fn normalise_short_policy_number(text: &[u8]) -> Option<([u8; SHORT_POLICY_NUMBER_BYTES], usize)> {
    if text.len() > SHORT_POLICY_NUMBER_BYTES {
        return None;
    }
    if text.is_ascii() { Some(normalise_ascii(text)) } else { normalise_around_number_sign(text) }
}

/// The normal form of a text with one `№`, which attachment files have between series and number.
fn normalise_around_number_sign(text: &[u8]) -> Option<([u8; SHORT_POLICY_NUMBER_BYTES], usize)> {
    const SIGN: &[u8] = "№".as_bytes();
    let at = memchr::memchr(SIGN[0], text)?;
    let (before, rest) = text.split_at(at);
    let after = rest.strip_prefix(SIGN)?;
    if !before.is_ascii() || !after.is_ascii() {
        return None;
    }
    let (mut normalised, length) = normalise_ascii(before);
    let (normalised_after, length_after) = normalise_ascii(after);
    normalised[length..length + length_after].copy_from_slice(&normalised_after[..length_after]);
    Some((normalised, length + length_after))
}

/// The normal form of at most [`SHORT_POLICY_NUMBER_BYTES`] ASCII bytes.
///
/// Every byte is written; one that the normal form leaves out does not advance the end, so the next byte overwrites it:
///
/// ```text
/// text         A   B   -   1
/// written      A   B   0   .     after the dash, length is still 2
/// written      A   B   1   .     after the 1, length is 3
/// ```
///
/// So the loop has no branch on the text, and costs the same for every number.
#[inline]
fn normalise_ascii(text: &[u8]) -> ([u8; SHORT_POLICY_NUMBER_BYTES], usize) {
    let (mut normalised, mut length) = ([0; SHORT_POLICY_NUMBER_BYTES], 0);
    for &byte in text {
        let (kept, step) = NORMALISED_ASCII[usize::from(byte % 128)];
        normalised[length % SHORT_POLICY_NUMBER_BYTES] = kept;
        length += usize::from(step);
    }
    (normalised, length)
}

/// Longest text, in bytes, that [`normalise_short_policy_number`] takes.
pub const SHORT_POLICY_NUMBER_BYTES: usize = 32;

/// Normal form of each ASCII byte, and 1 if the normal form keeps the byte, otherwise 0.
static NORMALISED_ASCII: [(u8, u8); 128] = {
    let mut normalised = [(0, 0); 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if !matches!(byte, b'\t'..=b'\r' | b' ' | b'-') {
            normalised[byte as usize] = (byte.to_ascii_uppercase(), 1);
        }
        byte += 1;
    }
    normalised
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_has_no_blanks_dashes_and_number_signs() {
        for (text, normalised) in [
            ("00 00 № 000000", "0000000000"),
            ("iv-аб 123", "IVАБ123"),
            (" № ", ""),
            ("12–34—56", "123456"),
            ("4500-123", "4500123"),
        ] {
            let mut out = String::new();
            normalise_policy_number(text, &mut out);
            assert_eq!(out, normalised, "{text}");
        }
    }

    #[test]
    fn both_functions_give_the_same_normal_form() {
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
            let mut normalised = String::new();
            normalise_policy_number(str::from_utf8(text).expect("text"), &mut normalised);
            let (short, length) = normalise_short_policy_number(text).expect("short ASCII");
            assert_eq!(&short[..length], normalised.as_bytes(), "{text:?}");
        }
        for other in ["№ 1 №", "АБ № 1", "№ АБ", "–"] {
            assert!(normalise_short_policy_number(other.as_bytes()).is_none(), "{other}");
        }
        assert!(normalise_short_policy_number(&[b'1'; SHORT_POLICY_NUMBER_BYTES + 1]).is_none());
    }
}
