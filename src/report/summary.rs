//! What a finished run says to the person who started it: one screen, no personal data.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::{separate_thousands, with_thousands};
use crate::rules::RULES;

/// The numbers of a run that people look at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSummary {
    /// The run's id.
    pub run_id: String,
    /// The day as of which it reconciled, ISO.
    pub as_of: String,
    /// The folder of the results.
    pub output: PathBuf,
    /// The same inputs and job were already published: nothing was computed again.
    pub recognised: bool,
    /// Input rows; the next three add up to it.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that repeat a record.
    pub duplicates: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Quarantined rows by code; a row with several errors counts under each.
    pub quarantined_by_code: Vec<(String, u64)>,
    /// Other findings by code.
    pub findings_by_code: Vec<(String, u64)>,
    /// Persons behind the records.
    pub persons: u64,
    /// Persons insured on the as-of date.
    pub insured: u64,
    /// Of these, persons without a clinic.
    pub unattached: u64,
    /// Conflicts resolved by rule.
    pub decisions: Vec<DecisionCount>,
    /// Persons in the register with a clinic.
    pub heads: u64,
    /// Those of them that are funded.
    pub funded_heads: u64,
    /// Money for all clinics, a decimal number; empty when the job has no tariff.
    pub amount: String,
    /// What rounding of the norms makes it differ from base times heads, a decimal number.
    pub difference: String,
    /// Time from start to end.
    pub wall: Duration,
    /// Largest resident memory of the process, where the system tells it.
    pub peak_memory_bytes: Option<u64>,
    /// Thresholds of the job that were passed, one sentence each.
    pub thresholds_passed: Vec<String>,
}

/// How often a rule decided about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionCount {
    /// `insurer` or `clinic`.
    pub subject: String,
    /// The rule's code.
    pub rule: String,
    /// What became of the record: `lost`, `superseded`, `refused`, `deferred`.
    pub outcome: String,
    /// Records.
    pub count: u64,
}

/// Columns of the label and of the number, and the gap between them and a remark.
const LABEL_WIDTH: usize = 42;
const NUMBER_WIDTH: usize = 18;
const GAP: &str = "  ";

impl RunSummary {
    /// Input rows for each second of the run.
    #[must_use]
    pub fn rows_per_second(&self) -> f64 {
        let seconds = self.wall.as_secs_f64();
        if seconds > 0.0 { self.rows as f64 / seconds } else { 0.0 }
    }

    /// The summary for a terminal of `width` columns, with or without colours.
    #[must_use]
    pub fn render(&self, width: usize, colour: bool) -> String {
        let mut page = Page { text: String::new(), width, colour };
        self.rows(&mut page);
        self.persons(&mut page);
        self.conflicts(&mut page);
        self.money(&mut page);
        self.ending(&mut page);
        page.text
    }

    fn rows(&self, page: &mut Page) {
        page.head("Rows in", self.rows);
        page.count(1, "accepted", self.accepted);
        page.count(1, "duplicate", self.duplicates);
        page.count(1, "quarantined", self.quarantined);
        for (code, count) in &self.quarantined_by_code {
            page.rule(2, code, *count, meaning(code));
        }
        if !self.findings_by_code.is_empty() {
            page.head("Warnings", self.findings_by_code.iter().map(|(_, count)| count).sum());
            for (code, count) in &self.findings_by_code {
                page.rule(1, code, *count, meaning(code));
            }
        }
    }

    fn persons(&self, page: &mut Page) {
        page.head("Persons", self.persons);
        page.count(1, &format!("insured on {}", self.as_of), self.insured);
        page.count(1, "insured without a clinic", self.unattached);
    }

    fn conflicts(&self, page: &mut Page) {
        for (subject, title) in [("insurer", "One insurer: conflicts resolved"), ("clinic", "One clinic: conflicts resolved")] {
            let decided = || self.decisions.iter().filter(|decision| decision.subject == subject);
            page.head(title, decided().map(|decision| decision.count).sum());
            for decision in decided() {
                page.rule(1, &format!("{} {}", decision.outcome, decision.rule), decision.count, meaning(&decision.rule));
            }
        }
    }

    fn money(&self, page: &mut Page) {
        page.head("Heads", self.heads);
        page.count(1, "funded", self.funded_heads);
        if !self.amount.is_empty() {
            page.line(0, "Money, roubles", &separate_thousands(&self.amount), "", true);
            page.line(1, "more or less than base x heads", &separate_thousands(&self.difference), "rounding of the norms", false);
        }
    }

    fn ending(&self, page: &mut Page) {
        page.text.push('\n');
        let mut cost = format!(
            "{:.1} s, {} rows per second",
            self.wall.as_secs_f64(),
            with_thousands(self.rows_per_second().round() as u64)
        );
        if let Some(bytes) = self.peak_memory_bytes {
            let _ = write!(cost, ", peak memory {:.1} MiB", bytes as f64 / f64::from(1 << 20));
        }
        page.fact("Took", &cost);
        let said = if self.recognised { " (published before from the same inputs and job; nothing was computed)" } else { "" };
        page.fact("Run", &format!("{}{said}", self.run_id));
        page.fact("Results", &self.output.display().to_string());
        for threshold in &self.thresholds_passed {
            page.warning(threshold);
        }
    }
}

fn meaning(code: &str) -> &'static str {
    RULES.iter().find(|rule| rule.name == code).map_or("", |rule| rule.message)
}

struct Page {
    text: String,
    width: usize,
    colour: bool,
}

impl Page {
    fn head(&mut self, label: &str, count: u64) {
        self.line(0, label, &with_thousands(count), "", true);
    }

    fn count(&mut self, depth: usize, label: &str, count: u64) {
        self.line(depth, label, &with_thousands(count), "", false);
    }

    fn rule(&mut self, depth: usize, label: &str, count: u64, meaning: &str) {
        self.line(depth, label, &with_thousands(count), meaning, false);
    }

    fn line(&mut self, depth: usize, label: &str, number: &str, remark: &str, strong: bool) {
        let label = format!("{:indent$}{label}", "", indent = depth * 2);
        let line = format!("{label:<LABEL_WIDTH$}{number:>NUMBER_WIDTH$}");
        self.text.push_str(&if strong { self.styled("1", &line) } else { line });
        let room = self.width.saturating_sub(LABEL_WIDTH + NUMBER_WIDTH + GAP.len());
        // A remark that would be mutilated helps nobody.
        if !remark.is_empty() && remark.chars().count() <= room {
            let remark = self.styled("2", remark);
            let _ = write!(self.text, "{GAP}{remark}");
        }
        self.text.push('\n');
    }

    fn fact(&mut self, label: &str, fact: &str) {
        let _ = writeln!(self.text, "{}", format!("{label:<9}{fact}").trim_end());
    }

    fn warning(&mut self, sentence: &str) {
        let label = self.styled("1;33", &format!("{:<9}", "Passed"));
        let _ = writeln!(self.text, "{label}{sentence}");
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> RunSummary {
        let decision = |subject: &str, rule: &str, outcome: &str, count| DecisionCount {
            subject: subject.into(),
            rule: rule.into(),
            outcome: outcome.into(),
            count,
        };
        RunSummary {
            run_id: "2026-11-01-5b0c7f21".into(),
            as_of: "2026-11-01".into(),
            output: "out/runs/2026-11-01-5b0c7f21".into(),
            recognised: false,
            rows: 12_345_678,
            accepted: 12_300_000,
            duplicates: 40_000,
            quarantined: 5_678,
            quarantined_by_code: vec![("DATE_INVALID".into(), 5_000), ("ENP_CHECK_DIGIT".into(), 679)],
            findings_by_code: vec![("SNILS_INVALID".into(), 1_234)],
            persons: 5_000_000,
            insured: 4_900_000,
            unattached: 31_000,
            decisions: vec![
                decision("insurer", "CHANGE_AT_WILL", "superseded", 20_000),
                decision("insurer", "CHANGE_LIMIT", "refused", 310),
                decision("clinic", "APPLICATION_OUTRANKS_RESIDENCE", "deferred", 7),
            ],
            heads: 4_869_000,
            funded_heads: 4_868_990,
            amount: "1234567890.12".into(),
            difference: "-345.6".into(),
            wall: Duration::from_millis(6_500),
            peak_memory_bytes: Some(1_503_238_553),
            thresholds_passed: vec!["quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %".into()],
        }
    }

    const GOLDEN: &str = "\
Rows in                                           12,345,678
  accepted                                        12,300,000
  duplicate                                           40,000
  quarantined                                          5,678
    DATE_INVALID                                       5,000  not a calendar date of the layout's format
    ENP_CHECK_DIGIT                                      679  the ENP's check digit is wrong
Warnings                                               1,234
  SNILS_INVALID                                        1,234
Persons                                            5,000,000
  insured on 2026-11-01                            4,900,000
  insured without a clinic                            31,000
One insurer: conflicts resolved                       20,310
  superseded CHANGE_AT_WILL                           20,000  changed at will
  refused CHANGE_LIMIT                                   310  the right to change was used up
One clinic: conflicts resolved                             7
  deferred APPLICATION_OUTRANKS_RESIDENCE                  7
Heads                                              4,869,000
  funded                                           4,868,990
Money, roubles                              1,234,567,890.12
  more or less than base x heads                      -345.6  rounding of the norms

Took     6.5 s, 1,899,335 rows per second, peak memory 1433.6 MiB
Run      2026-11-01-5b0c7f21
Results  out/runs/2026-11-01-5b0c7f21
Passed   quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %
";

    #[test]
    fn the_summary_of_a_whole_run() {
        assert_eq!(summary().render(110, false), GOLDEN);
    }

    #[test]
    fn a_narrow_terminal_loses_remarks_but_no_number() {
        let text = summary().render(80, false);
        assert!(text.contains("DATE_INVALID                                       5,000\n"), "{text}");
        assert!(text.contains("rounding of the norms") == (60 + 2 + "rounding of the norms".len() <= 80));
    }

    #[test]
    fn colours_change_no_text() {
        let mut plain = summary().render(110, true);
        for style in ["\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"] {
            plain = plain.replace(style, "");
        }
        assert_eq!(plain, GOLDEN);
    }

    #[test]
    fn a_recognised_run_says_that_nothing_was_computed() {
        let text = RunSummary { recognised: true, ..summary() }.render(110, false);
        assert!(text.contains("nothing was computed"), "{text}");
    }
}
