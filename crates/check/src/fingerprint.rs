//! Parts of the fingerprint of a row: numbers that stand for its values. An absent value has a number of its own.

use sverka_model::{Date, hash_text};

/// Two dates as one number: the first in the upper half. An absent date has a number of its own.
#[inline]
pub(super) fn date_pair(first: Option<Date>, second: Option<Date>) -> u64 {
    let number = |date: Option<Date>| u64::from(date.unwrap_or(Date::EARLIEST).days() as u32);
    number(first) << 32 | number(second)
}

/// The hash of a text; 0 when it is empty.
#[inline]
pub(super) fn hash_or_zero(text: &[u8]) -> u64 {
    if text.is_empty() { 0 } else { hash_text(text) }
}
