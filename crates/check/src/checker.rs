//! The checker of a worker: it checks rows one after another.
//!
//! The origin of rows and the destination of records are not known here.

use super::checked_row::{CheckedRow, RowChecking};
use super::context::CheckContext;
use super::row_check::{NotedAttribute, RowCheck, RowWorkspace};
use sverka_intake::{RowFields, RowOddities};
use sverka_model::{Code, Field, Interner};
use sverka_settings::Severities;

/// Checker of the rows of one worker. It keeps the interned texts and buffers of earlier rows, so a row without findings allocates nothing.
pub struct RowChecker<'c>(RowWorkspace<'c>);

impl<'c> RowChecker<'c> {
    /// A checker that interns the texts of rows in `interner`.
    #[must_use]
    pub fn new(context: CheckContext<'c>, interner: &'c Interner) -> Self {
        Self(RowWorkspace::new(context, interner))
    }

    /// Uses these severities for the rows that follow.
    pub fn set_severities(&mut self, severities: &'c Severities) {
        self.0.findings.set_severities(severities);
    }

    /// Checks one row, and returns its record if no finding is an error. [`Self::findings`] then has the findings.
    #[inline]
    pub fn check<R: CheckedRow>(&mut self, fields: RowFields<'_>) -> Option<R> {
        self.0.findings.clear();
        self.0.attributes.clear();
        if fields.oddities().any() {
            self.report_oddities(fields.oddities());
        }
        R::check(&mut RowChecking(RowCheck { fields, workspace: &mut self.0 }))
    }

    /// Reports the oddities of a row as a whole.
    #[cold]
    fn report_oddities(&mut self, oddities: RowOddities) {
        for (holds, code, field) in [
            (oddities.quote_in_value, Code::QuoteInValue, None),
            (oddities.row_in_value, Code::RowInValue, None),
            (oddities.name_parts, Code::NameParts, Some(Field::Surname)),
        ] {
            if holds {
                self.0.findings.add(code, field);
            }
        }
    }

    /// Sparse attributes of the last checked row.
    #[must_use]
    pub(super) fn attributes(&self) -> &[NotedAttribute] {
        &self.0.attributes
    }

    /// Reference tables and settings of the checks.
    #[must_use]
    pub fn context(&self) -> CheckContext<'c> {
        self.0.context
    }

    /// Findings of the last checked row, in the order of the checks.
    #[must_use]
    pub fn findings(&self) -> &[(Code, Option<Field>)] {
        self.0.findings.as_slice()
    }
}
