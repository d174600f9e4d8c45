//! Findings about a source as a whole, made when all its rows are counted.
//!
//! Only numbers of rows are known here. The job decides what a finding means for the run, and the engine acts on it.

use sverka_model::{Code, Table};
use sverka_settings::SourceRules;

/// Finding about a source as a whole: line 0, no field and no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFinding {
    /// Index of the source in the job.
    pub source: usize,
    /// Table of the finding. For a source of both tables it is the table of the first record of a row.
    pub table: Table,
    /// Rule of the finding.
    pub code: Code,
}

/// Numbers of rows of a source, of both tables together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceRows {
    /// All rows.
    pub rows: u64,
    /// Quarantined rows.
    pub quarantined: u64,
}

impl SourceRows {
    /// The finding about a source with these rows, if any.
    #[must_use]
    pub fn finding(self, rules: &SourceRules) -> Option<Code> {
        if self.rows == 0 {
            return Some(Code::SourceWithoutRecords);
        }
        let is_refused = self.rows >= rules.least_rows && rules.refused_share.exceeded_by(self.quarantined, self.rows);
        is_refused.then_some(Code::SourceMostlyRefused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_without_rows_or_mostly_refused_has_a_finding() {
        let finding = |rows, quarantined| SourceRows { rows, quarantined }.finding(&SourceRules::default());
        assert_eq!(finding(0, 0), Some(Code::SourceWithoutRecords));
        assert_eq!((finding(1, 0), finding(1, 1), finding(19, 19)), (None, None, None));
        assert_eq!((finding(20, 10), finding(20, 11)), (None, Some(Code::SourceMostlyRefused)));
        assert_eq!(finding(1_000_000, 500_001), Some(Code::SourceMostlyRefused));
    }
}
