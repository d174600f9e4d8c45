//! Checks of the codes that both tables have: sex and action.

use super::row_check::{FieldValue, RowCheck};
use sverka_model::{Action, Code, Field, Severity, Sex};

impl RowCheck<'_, '_, '_> {
    /// The sex; `None` when absent or invalid.
    #[inline]
    pub fn sex(&mut self, required: bool) -> Option<Sex> {
        let read = |text: &[u8]| match text {
            b"1" => Some(Sex::Male),
            b"2" => Some(Sex::Female),
            _ => None,
        };
        match self.read(Field::Sex, read) {
            FieldValue::Parsed(sex) => Some(sex),
            FieldValue::Unparsed(b"") => {
                if required {
                    self.report(Code::FieldRequired, Field::Sex);
                }
                None
            }
            FieldValue::Unparsed(_) => {
                if self.report(Code::SexInvalid, Field::Sex) != Severity::Error && required {
                    self.report(Code::FieldRequired, Field::Sex);
                }
                None
            }
        }
    }

    /// The action of the row, which may be one of the `notices` of its table. A row with another text is checked as a record.
    #[inline]
    pub fn action(&mut self, notices: &[Action]) -> Action {
        if self.fields.untrimmed_bytes(Field::Action).is_empty() { Action::New } else { self.named_action(notices) }
    }

    #[cold]
    #[inline(never)]
    fn named_action(&mut self, notices: &[Action]) -> Action {
        let action = match self.text(Field::Action) {
            b"" | b"new" => return Action::New,
            b"change" => Some(Action::Change),
            b"end" => Some(Action::End),
            _ => None,
        };
        action.filter(|action| notices.contains(action)).unwrap_or_else(|| {
            self.report(Code::ActionUnknown, Field::Action);
            Action::New
        })
    }
}
