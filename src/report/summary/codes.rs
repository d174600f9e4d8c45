//! The codes of a run with their counts: why rows are quarantined, what was warned of, by which rules conflicts were resolved.

use super::RunSummary;
use super::page::{Style, wrapped};
use crate::report::with_thousands;
use crate::rules::RULES;

/// Blanks between the columns.
const GAP: &str = "  ";
/// Meanings are left out where they would become thinner columns than this.
const MEANING_WIDTH_MIN: usize = 36;

/// The lines of the codes, at most `most` of them: the commonest codes, and how many there are besides.
pub(super) fn lines(summary: &RunSummary, width: usize, most: usize, style: Style) -> Vec<String> {
    let all = codes(summary);
    if all.is_empty() {
        return Vec::new();
    }
    let mut shown: Vec<usize> = (0..all.len()).collect();
    let mut lines = Vec::new();
    while !shown.is_empty() {
        lines = table(shown.iter().map(|&index| &all[index]).collect(), width, style);
        let below = usize::from(shown.len() < all.len());
        if lines.len() + below <= most {
            break;
        }
        // The rarest goes; of equally rare ones the last.
        let rarest = shown.iter().enumerate().rev().min_by_key(|(_, index)| all[**index].count).map_or(0, |(place, _)| place);
        shown.remove(rarest);
        lines.clear();
    }
    match all.len() - shown.len() {
        0 => {}
        more => lines.push(format!("and {more} {}: summary.txt among the results", if more == 1 { "code" } else { "codes" })),
    }
    lines
}

/// How often a code was met.
struct CodeCount {
    /// What became of the rows or records.
    kind: &'static str,
    label: String,
    code: String,
    count: u64,
}

/// All of them: the codes of quarantined rows, of warnings, of insurers and of clinics.
fn codes(summary: &RunSummary) -> Vec<CodeCount> {
    let of_rows = |kind: &'static str, counts: &[(String, u64)]| {
        let count = |(code, count): &(String, u64)| CodeCount { kind, label: code.clone(), code: code.clone(), count: *count };
        counts.iter().map(count).collect::<Vec<_>>()
    };
    let decided = |kind: &'static str, subject: &str| {
        let of_subject = summary.decisions.iter().filter(|decision| decision.subject == subject);
        let count = of_subject.map(|decision| CodeCount {
            kind,
            label: format!("{} {}", decision.outcome, decision.rule),
            code: decision.rule.clone(),
            count: decision.count,
        });
        count.collect::<Vec<_>>()
    };
    let mut codes = of_rows("quarantined", &summary.quarantined_by_code);
    codes.extend(of_rows("warning", &summary.findings_by_code));
    codes.extend(decided("insurer", "insurer"));
    codes.extend(decided("clinic", "clinic"));
    codes
}

fn table(codes: Vec<&CodeCount>, width: usize, style: Style) -> Vec<String> {
    let numbers: Vec<String> = codes.iter().map(|code| with_thousands(code.count)).collect();
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let kinds = widest(&mut codes.iter().map(|code| code.kind));
    let labels = widest(&mut codes.iter().map(|code| code.label.as_str()));
    let figures = widest(&mut numbers.iter().map(String::as_str));
    let before_meaning = kinds + labels + figures + 3 * GAP.len();
    let room = width.saturating_sub(before_meaning);
    let mut lines = Vec::new();
    for (code, number) in codes.into_iter().zip(&numbers) {
        let mut line = format!("{:<kinds$}{GAP}{:<labels$}{GAP}{number:>figures$}", code.kind, code.label);
        let meaning = meaning(&code.code);
        // All codes or none: some explained and some not would look like a meaning.
        if room >= MEANING_WIDTH_MIN && !meaning.is_empty() {
            let mut parts = wrapped(meaning, room).into_iter();
            line = line + GAP + &style.faint(&parts.next().unwrap_or_default());
            lines.push(line);
            lines.extend(parts.map(|part| format!("{:before_meaning$}{}", "", style.faint(&part))));
        } else {
            lines.push(line);
        }
    }
    lines
}

fn meaning(code: &str) -> &'static str {
    RULES.iter().find(|rule| rule.name == code).map_or("", |rule| rule.message.en)
}
