//! Addresses in the form for comparison: who lives together is told by equal keys.
//!
//! Does not know the parts of an address; abbreviations that differ are different addresses.

/// A key of an address: equal when the addresses differ only in case, ё and е, blanks and punctuation. None when it has neither letter nor digit.
/// The key is the first eight bytes of BLAKE3 of the form for comparison, so it is the same in every run, and is never 0.
#[must_use]
pub fn address_key(text: &str) -> Option<u64> {
    let mut form = String::with_capacity(text.len());
    let mut parted = false;
    for letter in text.chars().flat_map(char::to_uppercase) {
        if letter.is_alphanumeric() {
            if parted && !form.is_empty() {
                form.push(' ');
            }
            parted = false;
            form.push(if letter == 'Ё' { 'Е' } else { letter });
        } else {
            parted = true;
        }
    }
    let hash = blake3::hash(form.as_bytes());
    let (first, _) = hash.as_bytes().split_first_chunk()?;
    (!form.is_empty()).then(|| u64::from_le_bytes(*first).max(1))
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
    fn what_has_neither_letter_nor_digit_is_no_address() {
        for nothing in ["", " ", "—", " . , - "] {
            assert_eq!(address_key(nothing), None, "{nothing:?}");
        }
    }
}
