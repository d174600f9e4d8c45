//! Kinds of policy and the form in which document and policy numbers are compared.

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

/// Appends to `out` the form in which document and policy numbers are compared: upper case, without blanks, dashes and `№`.
pub fn compare_form(text: &str, out: &mut String) {
    if text.is_ascii() {
        let kept = |byte: &u8| !char::from(*byte).is_whitespace() && *byte != b'-';
        out.extend(text.bytes().filter(kept).map(|byte| char::from(byte.to_ascii_uppercase())));
        return;
    }
    for character in text.chars() {
        if character.is_whitespace() || character == '№' || super::name::is_dash(character) {
            continue;
        }
        out.extend(character.to_uppercase());
    }
}

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
            compare_form(text, &mut out);
            assert_eq!(out, form, "{text}");
        }
    }
}
