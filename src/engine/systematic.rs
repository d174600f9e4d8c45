//! Systematic warnings: codes on so many rows of a source that the cause is one property of the source.
//!
//! Rows are counted, not findings, while findings come in. The events of the run are made in `source_events`.

use std::collections::{BTreeMap, HashMap};

use crate::job::Source;
use sverka_model::{Code, Kind, RowId, Severity};
use sverka_settings::SourceRules;

/// Set of codes, one bit for each.
type CodeBits = [u64; Code::COUNT.div_ceil(u64::BITS as usize)];

/// Number of rows with each code, by source.
#[derive(Debug, Default)]
pub(super) struct RowsByCode {
    rows: HashMap<(u32, Code), u64>,
    /// Row of the last finding. Findings of one row come one after another.
    last: Option<RowId>,
    /// Codes found on the last row.
    last_codes: CodeBits,
}

impl RowsByCode {
    /// Counts the row of a finding, unless the code was already found on the row.
    pub fn add(&mut self, source: usize, row_id: RowId, code: Code) {
        if self.last != Some(row_id) {
            (self.last, self.last_codes) = (Some(row_id), CodeBits::default());
        }
        let (word, bit) = (code as usize / u64::BITS as usize, code as usize % u64::BITS as usize);
        if self.last_codes[word] >> bit & 1 == 0 {
            self.last_codes[word] |= 1 << bit;
            *self.rows.entry((source as u32, code)).or_default() += 1;
        }
    }

    /// Adds the counts of another worker.
    pub fn merge(&mut self, other: &Self) {
        for (&key, count) in &other.rows {
            *self.rows.entry(key).or_default() += count;
        }
    }

    /// Systematic codes with their numbers of rows, by source of the job; `rows` are all rows of each source.
    pub fn systematic(&self, sources: &[Source], rows: &[u64], rules: &SourceRules) -> BTreeMap<(usize, Code), u64> {
        let is_systematic = |source: usize, code: Code, count: u64| {
            let is_row_warning = code.kind() != Kind::SourceCheck && sources[source].severities.of(code) == Severity::Warning;
            is_row_warning && rows[source] >= rules.least_rows && rules.systematic_share.exceeded_by(count, rows[source])
        };
        let counts = self.rows.iter().map(|(&(source, code), &count)| ((source as usize, code), count));
        counts.filter(|&((source, code), count)| is_systematic(source, code, count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_once_for_a_code_however_often_it_has_it() {
        let row_id = |line| RowId::new(0, line);
        let mut rows = RowsByCode::default();
        for (line, code) in
            [(1, Code::NameDigits), (1, Code::DocShared), (1, Code::NameDigits), (2, Code::NameDigits), (3, Code::DocShared)]
        {
            rows.add(0, row_id(line), code);
        }
        let mut all = RowsByCode::default();
        all.merge(&rows);
        all.merge(&rows);
        assert_eq!(all.rows[&(0, Code::NameDigits)], 4);
        assert_eq!(all.rows[&(0, Code::DocShared)], 4);
    }
}
