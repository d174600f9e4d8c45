//! The codes of a run with their counts: why rows are quarantined, what was warned of, by which rules conflicts were resolved.

use super::RunSummary;
use super::page::Style;
use sverka_rules::RULES;
use sverka_text::{with_thousands, wrapped};

/// Blanks between the columns.
const GAP: &str = "  ";
/// Meanings are left out where they would become thinner columns than this.
const MEANING_WIDTH_MIN: usize = 36;

/// The lines of the codes, at most `most` of them: codes of quarantined rows and the commonest others, and how many there are besides. Meanings are
/// told where all codes have room for theirs.
pub(super) fn lines(summary: &RunSummary, width: usize, most: usize, style: Style) -> Vec<String> {
    let all = codes(summary);
    let explained = table(&all.iter().collect::<Vec<_>>(), width, true, style);
    if explained.len() <= most {
        return explained;
    }
    let mut shown: Vec<&CodeCount> = all.iter().collect();
    if shown.len() > most {
        // The last line is for what is not shown.
        shown.sort_by_key(|code| (code.kind != QUARANTINED, std::cmp::Reverse(code.count)));
        shown.truncate(most.saturating_sub(1));
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

/// The kind of the codes for which rows are kept aside.
const QUARANTINED: &str = "quarantined";

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
    let mut codes = of_rows(QUARANTINED, &summary.quarantined_by_code);
    codes.extend(of_rows("warning", &summary.findings_by_code));
    codes.extend(decided("insurer", "insurer"));
    codes.extend(decided("clinic", "clinic"));
    codes
}

/// A line for each code; of those that are explained more than one where a meaning is long.
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
    RULES.iter().find(|rule| rule.name() == code).map_or("", |rule| rule.message.en)
}
