//! Comparison keys of addresses: people whose addresses have equal keys live together (SEM-187).
//!
//! The parts of an address are not known here: two abbreviations of one street are two addresses.

/// Comparison key of an address, never 0. Addresses that differ only in case, ё and е, blanks and punctuation have equal keys. `None` for a text
/// without any letter or digit.
///
/// The key is the first eight bytes of BLAKE3 of the normal form, so every run computes the same one.
#[must_use]
pub fn address_key(text: &str) -> Option<u64> {
    let mut normalised = String::with_capacity(text.len());
    let mut is_apart = false;
    for letter in text.chars().flat_map(char::to_uppercase) {
        if letter.is_alphanumeric() {
            if is_apart && !normalised.is_empty() {
                normalised.push(' ');
            }
            is_apart = false;
            normalised.push(if letter == 'Ё' { 'Е' } else { letter });
        } else {
            is_apart = true;
        }
    }
    let hash = blake3::hash(normalised.as_bytes());
    let (first, _) = hash.as_bytes().split_first_chunk()?;
    (!normalised.is_empty()).then(|| u64::from_le_bytes(*first).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_yo_blanks_and_punctuation_do_not_count() {
        let key = address_key("г. Заречный, ул. Ёлочная, д. 4, кв. 7");
        assert!(key.is_some());
        for same in ["Г.ЗАРЕЧНЫЙ УЛ.ЕЛОЧНАЯ Д.4 КВ.7", "  г Заречный;ул Ёлочная - д 4\tкв\u{A0}7. "]
        {
            assert_eq!(address_key(same), key, "{same}");
        }
        for other in
            ["г. Заречный, ул. Ёлочная, д. 47", "г. Заречный, ул. Ёлочная, д. 4, кв. 77", "г. Заречный, ул. Ёлочная, д. 4"]
        {
            assert_ne!(address_key(other), key, "{other}");
        }
    }

    #[test]
    fn a_text_without_letter_and_digit_is_no_address() {
        for nothing in ["", " ", "—", " . , - "] {
            assert_eq!(address_key(nothing), None, "{nothing:?}");
        }
    }
}
