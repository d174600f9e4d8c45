//! Floods: codes of warnings on so many rows of a source that they are one thing of the source.
//!
//! Counts rows, not findings, while findings come in; what is told of it stands in `source_events`.

use std::collections::{BTreeMap, HashMap};

use crate::job::Source;
use sverka_model::{Code, Kind, RowId, Severity};
use sverka_settings::SourceRules;

/// A bit for each code.
type CodeBits = [u64; Code::COUNT.div_ceil(u64::BITS as usize)];

/// How many rows of each source have each code.
#[derive(Debug, Default)]
pub(super) struct CodeRows {
    rows: HashMap<(u32, Code), u64>,
    /// The row of the last finding. Findings of a row come one behind the other.
    last: Option<RowId>,
    /// Codes found on that row.
    of_last: CodeBits,
}

impl CodeRows {
    /// Counts the row of a finding, unless the code was found on it before.
    pub fn add(&mut self, source: usize, row_id: RowId, code: Code) {
        if self.last != Some(row_id) {
            (self.last, self.of_last) = (Some(row_id), CodeBits::default());
        }
        let (word, bit) = (code as usize / u64::BITS as usize, code as usize % u64::BITS as usize);
        if self.of_last[word] >> bit & 1 == 0 {
            self.of_last[word] |= 1 << bit;
            *self.rows.entry((source as u32, code)).or_default() += 1;
        }
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Self) {
        for (&key, count) in &other.rows {
            *self.rows.entry(key).or_default() += count;
        }
    }

    /// The codes of warnings that flood a source, with the numbers of their rows; `rows` are those of each source of the job.
    pub fn floods(&self, sources: &[Source], rows: &[u64], rules: &SourceRules) -> BTreeMap<(usize, Code), u64> {
        let is_flood = |source: usize, code: Code, count: u64| {
            let of_rows = code.kind() != Kind::SourceCheck && sources[source].severities.of(code) == Severity::Warning;
            of_rows && rows[source] >= rules.least_rows && rules.systematic_share.exceeded_by(count, rows[source])
        };
        let counts = self.rows.iter().map(|(&(source, code), &count)| ((source as usize, code), count));
        counts.filter(|&((source, code), count)| is_flood(source, code, count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_once_for_a_code_however_often_it_has_it() {
        let row_id = |line| RowId::new(0, line);
        let mut rows = CodeRows::default();
        for (line, code) in
            [(1, Code::NameDigits), (1, Code::DocShared), (1, Code::NameDigits), (2, Code::NameDigits), (3, Code::DocShared)]
        {
            rows.add(0, row_id(line), code);
        }
        let mut all = CodeRows::default();
        all.merge(&rows);
        all.merge(&rows);
        assert_eq!(all.rows[&(0, Code::NameDigits)], 4);
        assert_eq!(all.rows[&(0, Code::DocShared)], 4);
    }
}
