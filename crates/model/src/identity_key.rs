//! Identity keys: hashes that are equal for records of one policy or one document. They are the same in every run.
//!
//! Only identifiers are known here.

use super::identifier::{
    PolicyKind, normalise_document_digits, normalise_document_number, normalise_policy_number, normalise_short_policy_number,
};
use crate::text_hash::{RowHash, hash_text};

/// Key of a policy with a number of its own: hash of its kind and of its number in normal form; the value of `Identity::policy`.
#[must_use]
pub fn policy_key(kind: PolicyKind, normalised: &str) -> u32 {
    key_of_normalised(u64::from(kind.code()), normalised.as_bytes())
}

/// Key of a document: hash of its kind and number; the value of `Identity::document`.
#[must_use]
pub fn document_key(kind: &str, number: &str) -> u32 {
    key_of_document(hash_text(kind.as_bytes()), number, &mut String::new())
}

/// Keys of the rows of one worker. The buffer for numbers that need one stays from row to row, so a row allocates nothing.
#[derive(Debug, Default)]
pub struct IdentityKeys {
    buffer: String,
}

impl IdentityKeys {
    /// Key of a document, given the hash of its kind and its number as received; 0 when the number is empty.
    #[inline]
    pub fn document(&mut self, kind: u64, number: &[u8]) -> u32 {
        if number.is_empty() {
            return 0;
        }
        match normalise_document_digits(number) {
            Some((digits, length)) => key_of_normalised(kind, &digits[..length]),
            None => self.lettered_document(kind, number),
        }
    }

    #[inline(never)]
    fn lettered_document(&mut self, kind: u64, number: &[u8]) -> u32 {
        self.buffer.clear();
        key_of_document(kind, str::from_utf8(number).expect("invariant: fields are parts of a text"), &mut self.buffer)
    }

    /// Key of a policy, given its number as received; 0 when the kind has no number of its own or the number is empty.
    #[inline]
    pub fn policy(&mut self, kind: PolicyKind, number: &[u8]) -> u32 {
        if !kind.has_own_number() || number.is_empty() {
            return 0;
        }
        match normalise_short_policy_number(number) {
            Some((normalised, length)) => key_of_normalised(u64::from(kind.code()), &normalised[..length]),
            None => self.long_policy(kind, number),
        }
    }

    #[cold]
    #[inline(never)]
    fn long_policy(&mut self, kind: PolicyKind, number: &[u8]) -> u32 {
        self.buffer.clear();
        normalise_policy_number(str::from_utf8(number).expect("invariant: fields are parts of a text"), &mut self.buffer);
        key_of_normalised(u64::from(kind.code()), self.buffer.as_bytes())
    }
}

/// Key of a document, given the hash of its kind; 0 when the normal form of the number is empty.
///
/// ```text
///            bits 31 to 16             bits 15 to 0
/// I-АБ 124   hash of (kind, 124)       hash of (kind, IАБ124)
/// 124        hash of (kind, 124)       hash of (kind, 124)
/// ```
///
/// Documents that differ only in the spelling of their series have equal upper halves and different lower halves. Only
/// the upper halves are looked up.
fn key_of_document(kind: u64, number: &str, buffer: &mut String) -> u32 {
    const LOWER: u32 = 0xFFFF;
    let digits = normalise_document_number(number, buffer);
    match key_of_normalised(kind, buffer.as_bytes()) {
        0 => 0,
        whole => (key_of_normalised(kind, &buffer.as_bytes()[digits..]) & !LOWER | whole & LOWER).max(1),
    }
}

/// Hash of a kind and a number in normal form; 0 only for an empty number.
#[inline]
fn key_of_normalised(kind: u64, normalised: &[u8]) -> u32 {
    if normalised.is_empty() {
        return 0;
    }
    let hash = RowHash::default().with(kind, hash_text(normalised)).finish();
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_for_other_kinds_and_numbers() {
        let keys = [
            key_of_normalised(1, b"123"),
            key_of_normalised(2, b"123"),
            key_of_normalised(1, b"124"),
            key_of_normalised(1, "ЮБ124".as_bytes()),
            key_of_normalised(1, b""),
            document_key("3", "I-АБ 124"),
            document_key("3", "II-АБ 124"),
            document_key("3", "124"),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(index));
        }
        assert_eq!(keys[4], 0);
        assert_eq!(document_key("3", "124"), key_of_normalised(hash_text(b"3"), b"124"));
        assert_eq!(document_key("3", "1-АБ № 124"), document_key("3", "I-АБ 124"));
        let digits = ["I-АБ 124", "II-АБ 124", "124"].map(|number| document_key("3", number) >> 16);
        assert_eq!(digits, [digits[0]; 3]);
    }
}
