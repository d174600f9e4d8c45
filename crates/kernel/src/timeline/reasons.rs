//! Findings on the reason of an operation (dictionary R001) that contradicts the stays.

use sverka_model::Code;

/// П010, a first choice.
const FIRST_CHOICE: u8 = 10;

/// Finding on a record that starts while a stay with another insurer lasts: its reason says that there is no insurer, or that the insurer does not
/// change.
pub(super) fn against_another(reason: u8) -> Option<Code> {
    match reason {
        FIRST_CHOICE => Some(Code::FirstChoiceWhileInsured),
        40 | 60..=63 => Some(Code::ReasonChangesInsurer),
        _ => None,
    }
}

/// Finding on a record that joins an earlier stay with its own insurer: its reason says that the insurer changes.
pub(super) fn with_the_same(reason: u8) -> Option<Code> {
    matches!(reason, 31..=36).then_some(Code::ReasonSameInsurer)
}
