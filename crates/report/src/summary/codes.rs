//! Codes of a run with their counts: errors of quarantined rows, warnings, and rules that resolved conflicts.

use super::screen::Style;
use super::{NamedCount, RunSummary};
use sverka_rules::RULES;
use sverka_text::{with_thousands, wrapped};

/// Blanks between the columns.
const GAP: &str = "  ";
/// Least columns of the meanings. In less room they are left out.
const MEANING_WIDTH_MIN: usize = 36;

/// Lines of the codes, at most `lines_max`.
///
/// With room for all codes and their meanings, all are shown. With less room, the codes of quarantined rows come first, then the most frequent ones,
/// and the last line counts the codes that are left out.
pub(super) fn lines(summary: &RunSummary, width: usize, lines_max: usize, style: Style) -> Vec<String> {
    let all = codes(summary);
    let explained = table(&all.iter().collect::<Vec<_>>(), width, true, style);
    if explained.len() <= lines_max {
        return explained;
    }
    let mut shown: Vec<&CodeCount> = all.iter().collect();
    if shown.len() > lines_max {
        // The last line counts the codes that are left out.
        shown.sort_by_key(|code| (code.kind != QUARANTINED, std::cmp::Reverse(code.count)));
        shown.truncate(lines_max.saturating_sub(1));
        let is_shown = |code: &&CodeCount| shown.iter().any(|other| std::ptr::eq(*code, *other));
        shown = all.iter().filter(is_shown).collect();
    }
    let mut lines = table(&shown, width, false, style);
    match all.len() - shown.len() {
        0 => {}
        more => lines.push(format!("and {more} {}: summary.txt among the results", if more == 1 { "code" } else { "codes" })),
    }
    lines
}

/// Kind of the codes of quarantined rows.
const QUARANTINED: &str = "quarantined";

/// Code with its count.
struct CodeCount {
    /// `quarantined`, `warning`, or the subject of a decision.
    kind: &'static str,
    label: String,
    code: String,
    count: u64,
}

/// All codes: of quarantined rows, of warnings, of decisions about insurers and about clinics.
fn codes(summary: &RunSummary) -> Vec<CodeCount> {
    let of_rows = |kind: &'static str, counts: &[NamedCount]| {
        let count =
            |NamedCount { name, count }: &NamedCount| CodeCount { kind, label: name.clone(), code: name.clone(), count: *count };
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
    let mut codes = of_rows(QUARANTINED, &summary.quarantined_by_code);
    codes.extend(of_rows("warning", &summary.findings_by_code));
    codes.extend(decided("insurer", "insurer"));
    codes.extend(decided("clinic", "clinic"));
    codes
}

/// Lines of a table of codes. A long meaning takes more than one line.
fn table(codes: &[&CodeCount], width: usize, explained: bool, style: Style) -> Vec<String> {
    let numbers: Vec<String> = codes.iter().map(|code| with_thousands(code.count)).collect();
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let kinds = widest(&mut codes.iter().map(|code| code.kind));
    let labels = widest(&mut codes.iter().map(|code| code.label.as_str()));
    let figures = widest(&mut numbers.iter().map(String::as_str));
    let before_meaning = kinds + labels + figures + 3 * GAP.len();
    let room = if explained { width.saturating_sub(before_meaning) } else { 0 };
    let mut lines = Vec::new();
    for (code, number) in codes.iter().zip(&numbers) {
        let mut line = format!("{:<kinds$}{GAP}{:<labels$}{GAP}{number:>figures$}", code.kind, code.label);
        let meaning = meaning(&code.code);
        // Meanings stand beside all codes or beside none; a single empty cell would look like a meaning.
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
    RULES.iter().find(|rule| rule.name() == code).map_or("", |rule| rule.message.en)
}
