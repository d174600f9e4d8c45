//! Identity keys: hashes by which records of one policy or one document are found. The same in every run.

use crate::identifier::normalise_document_number;
use crate::text_hash::{RowHash, hash_text};

/// Hash of the kind, 1 or 2, and the number of a policy in the form for comparison, as records have it.
#[must_use]
pub fn policy_key(kind: u8, form: &str) -> u32 {
    key_of_form(u64::from(kind), form.as_bytes())
}

/// Hash of the kind and the number of a document, as records have it.
#[must_use]
pub fn document_key(kind: &str, number: &str) -> u32 {
    key_of_document(hash_text(kind.as_bytes()), number, &mut String::new())
}

/// The key of a form of digits alone is its hash. That of any other has the upper half of the key of its digits, and its own lower half.
pub fn key_of_document(kind: u64, number: &str, form: &mut String) -> u32 {
    const LOWER: u32 = 0xFFFF;
    let digits = normalise_document_number(number, form);
    match key_of_form(kind, form.as_bytes()) {
        0 => 0,
        of_form => (key_of_form(kind, &form.as_bytes()[digits..]) & !LOWER | of_form & LOWER).max(1),
    }
}

/// Hash of a kind and a number in the form for comparison; 0 when nothing of the number is left.
#[inline]
pub fn key_of_form(kind: u64, form: &[u8]) -> u32 {
    if form.is_empty() {
        return 0;
    }
    let hash = RowHash::default().with(kind, hash_text(form)).finish();
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_numbers_tell_kinds_and_forms_apart() {
        let keys = [
            key_of_form(1, b"123"),
            key_of_form(2, b"123"),
            key_of_form(1, b"124"),
            key_of_form(1, "ЮБ124".as_bytes()),
            key_of_form(1, b""),
            document_key("3", "I-АБ 124"),
            document_key("3", "II-АБ 124"),
            document_key("3", "124"),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(index));
        }
        assert_eq!(keys[4], 0);
        assert_eq!(document_key("3", "124"), key_of_form(hash_text(b"3"), b"124"));
        assert_eq!(document_key("3", "1-АБ № 124"), document_key("3", "I-АБ 124"));
        let digits = ["I-АБ 124", "II-АБ 124", "124"].map(|number| document_key("3", number) >> 16);
        assert_eq!(digits, [digits[0]; 3]);
    }
}
