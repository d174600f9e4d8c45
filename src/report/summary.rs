//! What a finished run says to the person who started it: one screen, no personal data.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::standing_out::StandingOut;
use super::{binary_size, separate_thousands, with_thousands};
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
    /// Sources that were read.
    pub sources: u64,
    /// The run before, and its sources; none of the first run in an output folder.
    pub before: Option<(String, u64)>,
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
    /// Sources by the encoding that was detected in them, where their layouts declare none.
    pub encodings_detected: Vec<(String, u64)>,
    /// Persons behind the records.
    pub persons: u64,
    /// Persons insured on the as-of date.
    pub insured: u64,
    /// Of these, persons without a clinic.
    pub unattached: u64,
    /// Persons whose insurer left and who chose no other.
    pub must_choose: u64,
    /// Of these, whose time to choose is over.
    pub must_choose_overdue: u64,
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
    /// Sources that are much worse than the others.
    pub standing_out: Vec<StandingOut>,
    /// What somebody must look at, the loudest first: `stop`, `warn` or `note`, and a sentence.
    pub events: Vec<(&'static str, String)>,
    /// Thresholds of the job that could not be judged, and why.
    pub thresholds_unjudged: Vec<String>,
    /// Entries of the overrides that changed nothing, by state.
    pub overrides_stale: Vec<(String, u64)>,
    /// Entries of the overrides that are to be looked at again.
    pub overrides_review_due: u64,
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

/// Events that are told; the manifest has the figures of them all.
const EVENTS_SHOWN: usize = 20;

/// What stands between label, number and remark.
const GAP: &str = "  ";
/// Remarks are left out where they would become thinner columns than this.
const REMARK_WIDTH_MIN: usize = 36;

impl RunSummary {
    /// Input rows for each second of the run.
    #[must_use]
    pub fn rows_per_second(&self) -> f64 {
        let seconds = self.wall.as_secs_f64();
        if seconds > 0.0 { self.rows as f64 / seconds } else { 0.0 }
    }

    /// The summary for a terminal of `width` columns, with or without colours. Remarks are wrapped, and left out of a narrow one.
    #[must_use]
    pub fn render(&self, width: usize, colour: bool) -> String {
        let mut page = Page::default();
        self.rows(&mut page);
        self.persons(&mut page);
        self.conflicts(&mut page);
        self.money(&mut page);
        let style = Style { colour };
        let mut text = self.events(style);
        text += &page.text(width, style);
        self.standing_out(&mut text, style);
        self.ending(&mut text, style);
        text
    }

    /// What somebody must look at stands before everything else.
    fn events(&self, style: Style) -> String {
        if self.events.is_empty() {
            return String::new();
        }
        let mut text = format!("{}\n", style.strong("To be looked at"));
        for (then, sentence) in self.events.iter().take(EVENTS_SHOWN) {
            let _ = writeln!(text, "  {}  {sentence}", style.warning(then));
        }
        if let Some(more @ 1..) = self.events.len().checked_sub(EVENTS_SHOWN) {
            let _ = writeln!(text, "  and {more} more");
        }
        text + "\n"
    }

    fn rows(&self, page: &mut Page) {
        let before = self.before.as_ref().map(|(_, sources)| format!(" ({} in the run before)", with_thousands(*sources)));
        page.head(&format!("Sources{}", before.unwrap_or_default()), self.sources);
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
        if self.must_choose > 0 {
            page.count(1, "insurer left, must choose another", self.must_choose);
            page.count(2, "of these, time is over", self.must_choose_overdue);
        }
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

    /// Apart from the counted part: names of sources would make its labels as wide as the longest of them.
    fn standing_out(&self, text: &mut String, style: Style) {
        if self.standing_out.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", style.strong("Sources that stand out"));
        for of_source in &self.standing_out {
            let _ = writeln!(text, "  {of_source}");
        }
    }

    fn ending(&self, text: &mut String, style: Style) {
        let _ = writeln!(text, "\nTook     {}", self.cost());
        let _ = writeln!(text, "Run      {}", self.run_id);
        let _ = writeln!(text, "Results  {}", self.output.display());
        match &self.before {
            Some((run, _)) => drop(writeln!(text, "Before   {run}, which this run was held against")),
            None => drop(writeln!(text, "Before   no run to hold this one against")),
        }
        if !self.encodings_detected.is_empty() {
            let found =
                self.encodings_detected.iter().map(|(name, sources)| format!("{name} in {} source(s)", with_thousands(*sources)));
            let found = found.collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "{}{found}; their layouts declare no encoding", style.warning("Detected "));
        }
        if let Some(stale) = self.overrides() {
            let _ = writeln!(text, "{}{stale}; see the table overrides", style.warning("Stale    "));
        }
        for threshold in &self.thresholds_unjudged {
            let _ = writeln!(text, "Unjudged {threshold}");
        }
    }

    /// What is to be said about decisions of people, if anything.
    fn overrides(&self) -> Option<String> {
        let mut told: Vec<String> =
            self.overrides_stale.iter().map(|(state, count)| format!("{} {state}", with_thousands(*count))).collect();
        if self.overrides_review_due > 0 {
            told.push(format!("{} due for review", with_thousands(self.overrides_review_due)));
        }
        (!told.is_empty()).then(|| format!("decisions by people: {}", told.join(", ")))
    }

    fn cost(&self) -> String {
        let seconds = self.wall.as_secs_f64();
        if self.recognised {
            return format!("{seconds:.1} s: already published from the same inputs, nothing was computed");
        }
        let mut cost = format!("{seconds:.1} s, {} rows per second", with_thousands(self.rows_per_second().round() as u64));
        if let Some(bytes) = self.peak_memory_bytes {
            let _ = write!(cost, ", peak memory {}", binary_size(bytes));
        }
        cost
    }
}

fn meaning(code: &str) -> &'static str {
    RULES.iter().find(|rule| rule.name == code).map_or("", |rule| rule.message.en)
}

/// The counted part of the summary: lines of three columns, as wide as their contents.
#[derive(Default)]
struct Page {
    lines: Vec<Line>,
}

struct Line {
    label: String,
    number: String,
    remark: String,
    strong: bool,
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
        self.lines.push(Line { label, number: number.to_owned(), remark: remark.to_owned(), strong });
    }

    fn text(&self, width: usize, style: Style) -> String {
        let widest = |of: fn(&Line) -> &str| self.lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
        let [labels, numbers] = [widest(|line| &line.label), widest(|line| &line.number)];
        let before_remark = labels + numbers + 2 * GAP.len();
        let room = width.saturating_sub(before_remark);
        let mut text = String::new();
        for line in &self.lines {
            let counted = format!("{:<labels$}{GAP}{:>numbers$}", line.label, line.number);
            text += &if line.strong { style.strong(&counted) } else { counted };
            // All lines or none: some explained and some not would look like a meaning.
            if room >= REMARK_WIDTH_MIN && !line.remark.is_empty() {
                text += GAP;
                let lines: Vec<String> = wrapped(&line.remark, room).iter().map(|part| style.faint(part)).collect();
                text += &lines.join(&format!("\n{:before_remark$}", ""));
            }
            text.push('\n');
        }
        text
    }
}

/// A sentence in lines of at most `width` characters; a longer word has a line for itself.
fn wrapped(sentence: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// How text is made to stand out, if at all.
#[derive(Clone, Copy)]
struct Style {
    colour: bool,
}

impl Style {
    fn strong(self, text: &str) -> String {
        self.sgr("1", text)
    }

    fn faint(self, text: &str) -> String {
        self.sgr("2", text)
    }

    fn warning(self, text: &str) -> String {
        self.sgr("1;33", text)
    }

    fn sgr(self, parameters: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{parameters}m{text}\x1b[0m") } else { text.to_owned() }
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
            sources: 210,
            before: Some(("2026-10-31-0c1d2e3f".into(), 212)),
            rows: 12_345_678,
            accepted: 12_300_000,
            duplicates: 40_000,
            quarantined: 5_678,
            quarantined_by_code: vec![("DATE_INVALID".into(), 5_000), ("ENP_CHECK_DIGIT".into(), 679)],
            findings_by_code: vec![("SNILS_INVALID".into(), 1_234)],
            encodings_detected: vec![("utf-8".into(), 1), ("windows-1251".into(), 1_200)],
            persons: 5_000_000,
            insured: 4_900_000,
            unattached: 31_000,
            must_choose: 0,
            must_choose_overdue: 0,
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
            standing_out: Vec::new(),
            thresholds_unjudged: Vec::new(),
            events: vec![("warn", "quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %".into())],
            overrides_stale: vec![("ended".into(), 2), ("not_found".into(), 1)],
            overrides_review_due: 3,
        }
    }

    const GOLDEN: &str = "\
To be looked at
  warn  quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %

Sources (212 in the run before)                         210
Rows in                                          12,345,678
  accepted                                       12,300,000
  duplicate                                          40,000
  quarantined                                         5,678
    DATE_INVALID                                      5,000  not a calendar date of the layout's format
    ENP_CHECK_DIGIT                                     679  the ENP's check digit is wrong
Warnings                                              1,234
  SNILS_INVALID                                       1,234  the SNILS is not 11 digits with a right control number; treated as absent
Persons                                           5,000,000
  insured on 2026-11-01                           4,900,000
  insured without a clinic                           31,000
One insurer: conflicts resolved                      20,310
  superseded CHANGE_AT_WILL                          20,000  changed at will
  refused CHANGE_LIMIT                                  310  the right to change was used up
One clinic: conflicts resolved                            7
  deferred APPLICATION_OUTRANKS_RESIDENCE                 7  an attachment by application is not displaced by one by residence
Heads                                             4,869,000
  funded                                          4,868,990
Money, roubles                             1,234,567,890.12
  more or less than base x heads                     -345.6  rounding of the norms

Took     6.5 s, 1,899,335 rows per second, peak memory 1.40 GiB
Run      2026-11-01-5b0c7f21
Results  out/runs/2026-11-01-5b0c7f21
Before   2026-10-31-0c1d2e3f, which this run was held against
Detected utf-8 in 1 source(s), windows-1251 in 1,200 source(s); their layouts declare no encoding
Stale    decisions by people: 2 ended, 1 not_found, 3 due for review; see the table overrides
";

    #[test]
    fn the_summary_of_a_whole_run() {
        assert_eq!(summary().render(140, false), GOLDEN);
    }

    #[test]
    fn a_narrow_terminal_loses_all_remarks_but_no_number() {
        let narrow = summary().render(80, false);
        for (line, whole) in narrow.lines().zip(GOLDEN.lines()) {
            assert!(whole.starts_with(line), "{line}");
        }
        assert!(
            !narrow.contains("the ENP's check digit is wrong") && narrow.lines().count() == GOLDEN.lines().count(),
            "{narrow}"
        );
    }

    #[test]
    fn remarks_are_wrapped_where_they_start() {
        let text = summary().render(110, false);
        let found = text.lines().skip_while(|line| !line.contains("SNILS_INVALID")).take(2).collect::<Vec<_>>();
        let [first, second] = found[..] else { panic!("{text}") };
        let column = first.find("the SNILS").expect("a remark");
        assert_eq!(
            (second.trim_start(), second.len() - second.trim_start().len()),
            ("number; treated as absent", column),
            "{text}"
        );
    }

    #[test]
    fn what_was_counted_fits_every_width_that_has_room_for_the_numbers() {
        for width in [80, 96, 97, 98, 110, 120] {
            let text = summary().render(width, false);
            let counted = text.split("\n\n").nth(1).expect("a page");
            assert!(counted.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }

    #[test]
    fn colours_change_no_text() {
        let mut plain = summary().render(140, true);
        for style in ["\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"] {
            plain = plain.replace(style, "");
        }
        assert_eq!(plain, GOLDEN);
    }

    #[test]
    fn a_recognised_run_says_that_nothing_was_computed_and_boasts_no_rate() {
        let text = RunSummary { recognised: true, ..summary() }.render(140, false);
        assert!(text.contains("nothing was computed") && !text.contains("rows per second"), "{text}");
    }
}
