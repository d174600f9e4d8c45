//! Findings on the reason of an operation (dictionary R001) that contradicts the stays (SEM-161, SEM-162).

use sverka_model::{Code, OperationReason};

/// Finding on a record that starts while a stay with another insurer lasts, if its reason says that there is no
/// insurer, or that the insurer does not change.
pub(super) fn against_another(reason: OperationReason) -> Option<Code> {
    if reason == OperationReason::FIRST_CHOICE {
        return Some(Code::FirstChoiceWhileInsured);
    }
    reason.keeps_insurer().then_some(Code::ReasonChangesInsurer)
}

/// Finding on a record that joins an earlier stay with its own insurer, if its reason says that the insurer changes.
pub(super) fn with_the_same(reason: OperationReason) -> Option<Code> {
    reason.changes_insurer().then_some(Code::ReasonSameInsurer)
}
