//! Findings about a source as a whole, once all its rows are counted.
//!
//! It knows numbers of rows only. What a finding means for the run is for the job to say and for the engine to do.

use sverka_model::{Code, Table};
use sverka_settings::SourceRules;

/// A finding about a source as a whole: line 0, no field and no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFinding {
    /// The source, as an index of the job's sources.
    pub source: usize,
    /// The table that it is counted under: of sources of both tables, that of the first record of a row.
    pub table: Table,
    /// What was found.
    pub code: Code,
}

/// The rows of a source, of both tables where it gives both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceRows {
    /// All rows.
    pub rows: u64,
    /// Rows with an error.
    pub quarantined: u64,
}

impl SourceRows {
    /// The rule that speaks of a source with these rows, if any.
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
    fn a_source_is_told_of_when_it_is_without_rows_or_mostly_refused() {
        let finding = |rows, quarantined| SourceRows { rows, quarantined }.finding(&SourceRules::default());
        assert_eq!(finding(0, 0), Some(Code::SourceWithoutRecords));
        assert_eq!((finding(1, 0), finding(1, 1), finding(19, 19)), (None, None, None));
        assert_eq!((finding(20, 10), finding(20, 11)), (None, Some(Code::SourceMostlyRefused)));
        assert_eq!(finding(1_000_000, 500_001), Some(Code::SourceMostlyRefused));
    }
}
