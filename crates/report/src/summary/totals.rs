//! Totals of a run: two blocks of counts side by side, or one above the other on a narrow screen.

use super::RunSummary;
use super::screen::Style;
use sverka_text::{separate_thousands, with_thousands};

/// Blanks between a label and its number.
const GAP: &str = "  ";
/// Blanks between the two blocks.
const BETWEEN: &str = "    ";

/// Lines of the totals. They are wider than `width` only if a single block is.
pub(super) fn lines(summary: &RunSummary, width: usize, style: Style) -> Vec<String> {
    let (rows, people) = (Block(rows(summary)), Block(people(summary)));
    if rows.width() + BETWEEN.len() + people.width() <= width {
        return beside(&rows, &people, style);
    }
    [rows, people].iter().flat_map(|block| block.0.iter().map(|count| block.line(count, style))).collect()
}

/// Count with its label.
struct Count {
    label: String,
    number: String,
    /// Whether the count is the total of the counts below it.
    is_head: bool,
}

/// Counts below each other. The numbers end in one column.
struct Block(Vec<Count>);

impl Block {
    fn widest(&self, text: fn(&Count) -> &str) -> usize {
        self.0.iter().map(|count| text(count).chars().count()).max().unwrap_or(0)
    }

    fn width(&self) -> usize {
        self.widest(|count| &count.label) + GAP.len() + self.widest(|count| &count.number)
    }

    fn line(&self, count: &Count, style: Style) -> String {
        let [labels, numbers] = [self.widest(|count| &count.label), self.widest(|count| &count.number)];
        let line = format!("{:<labels$}{GAP}{:>numbers$}", count.label, count.number);
        if count.is_head { style.strong(&line) } else { line }
    }
}

/// Lines of two blocks side by side.
fn beside(left: &Block, right: &Block, style: Style) -> Vec<String> {
    let line = |index: usize| {
        let mut line = match left.0.get(index) {
            Some(count) => left.line(count, style),
            None => " ".repeat(left.width()),
        };
        if let Some(count) = right.0.get(index) {
            line = line + BETWEEN + &right.line(count, style);
        }
        line
    };
    (0..left.0.len().max(right.0.len())).map(line).collect()
}

fn head(label: impl Into<String>, count: u64) -> Count {
    Count { label: label.into(), number: with_thousands(count), is_head: true }
}

fn part(label: &str, count: u64) -> Count {
    Count { label: format!("  {label}"), number: with_thousands(count), is_head: false }
}

fn rows(summary: &RunSummary) -> Vec<Count> {
    let conflicts = |subject: &str| {
        summary.decisions.iter().filter(|decision| decision.subject == subject).map(|decision| decision.count).sum::<u64>()
    };
    let mut counts = vec![head("Sources", summary.sources)];
    if let Some(before) = &summary.before {
        counts.push(part("in the run before", before.sources));
    }
    counts.extend([
        head("Rows in", summary.rows),
        part("accepted", summary.accepted),
        part("duplicate", summary.duplicates),
        part("quarantined", summary.quarantined),
        head("Warnings", summary.findings_by_code.iter().map(|code| code.count).sum()),
        head("Insurer conflicts", conflicts("insurer")),
        head("Clinic conflicts", conflicts("clinic")),
    ]);
    counts
}

fn people(summary: &RunSummary) -> Vec<Count> {
    let mut counts = vec![
        head("Persons", summary.persons),
        part(&format!("insured on {}", summary.as_of), summary.insured),
        part("insured without a clinic", summary.unattached),
    ];
    if summary.must_choose > 0 {
        counts.push(part("must choose an insurer", summary.must_choose));
        counts.push(part("  and their time is over", summary.must_choose_overdue));
    }
    counts.extend([head("Heads", summary.heads), part("funded", summary.funded_heads)]);
    if summary.unpaid_attachments > 0 {
        counts.push(part("unpaid attachments", summary.unpaid_attachments));
    }
    if !summary.amount.is_empty() {
        let money =
            |label: &str, amount: &str, is_head| Count { label: label.to_owned(), number: separate_thousands(amount), is_head };
        counts.push(money("Money, roubles", &summary.amount, true));
        for care in &summary.cares {
            if summary.cares.len() > 1 {
                counts.push(money(&format!("  {}", care.care), &care.amount, false));
            }
            counts.push(money("  by coefficients", &care.by_coefficients, false));
            counts.push(money("  by the correction", &care.by_correction, false));
            counts.push(money("  by rounding of the norms", &care.by_rounding, false));
        }
    }
    counts
}
