//! What the reason of an operation says of the insurer, held against what really happens (dictionary R001).

use sverka_model::Code;

/// П010.
const FIRST_CHOICE: u8 = 10;

/// Why a record is odd that meets the stay of another insurer while it lasts: its reason says that there is none, or that the insurer stays.
pub(super) fn against_another(reason: u8) -> Option<Code> {
    match reason {
        FIRST_CHOICE => Some(Code::FirstChoiceWhileInsured),
        40 | 60..=63 => Some(Code::ReasonChangesInsurer),
        _ => None,
    }
}

/// Why a record is odd that joins an earlier stay of its own insurer: its reason says that the insurer changes.
pub(super) fn with_the_same(reason: u8) -> Option<Code> {
    matches!(reason, 31..=36).then_some(Code::ReasonSameInsurer)
}
