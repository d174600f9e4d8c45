//! All rules as a table, by kind: code, severity, short text.

use std::fmt::Write as _;

use super::AppliedSeverities;
use sverka_model::Kind;
use sverka_rules::{Language, RULES, Text};
use sverka_text::wrapped;

/// Least width of a text. In a narrower column it is harder to read than a line that the terminal breaks.
const TEXT_WIDTH_MIN: usize = 24;
const GAP: &str = "  ";

/// The table for a terminal of `width` columns.
pub(super) fn all(applied: &AppliedSeverities, language: Language, width: usize) -> String {
    let longest = |width: &dyn Fn(&sverka_rules::Rule) -> usize| RULES.iter().map(width).max().unwrap_or(0);
    let codes = longest(&|rule| rule.name().len());
    let words = longest(&|rule| marked_severity(applied, rule).chars().count());
    let before = codes + words + 2 * GAP.len();
    let room = width.saturating_sub(before).max(TEXT_WIDTH_MIN);
    let mut table = String::new();
    for kind in Kind::ALL {
        let head = title(kind).get(language);
        let _ = writeln!(table, "{}{head}", if table.is_empty() { "" } else { "\n" });
        for rule in RULES.iter().filter(|rule| rule.code.kind() == kind) {
            let lines = wrapped(rule.message.get(language), room).join(&format!("\n{:before$}", ""));
            let _ = writeln!(table, "{:<codes$}{GAP}{:<words$}{GAP}{lines}", rule.name(), marked_severity(applied, rule));
        }
    }
    table.push_str(&remarks(applied, language));
    let more = Text {
        en: "sverka rules CODE tells all of a rule: what it means, what to do, the source, an example.",
        ru: "sverka rules CODE расскажет о правиле всё: что оно означает, что делать, на чём основано, пример.",
    };
    let _ = writeln!(table, "\n{}", wrapped(more.get(language), width).join("\n"));
    table
}

/// Word for the severity of a rule, with a mark if the job changed it.
fn marked_severity(applied: &AppliedSeverities, rule: &sverka_rules::Rule) -> String {
    let star = if applied.is_changed(rule) { "*" } else { "" };
    format!("{}{star}", applied.word(rule))
}

/// Heading of a kind of rules.
fn title(kind: Kind) -> Text {
    match kind {
        Kind::RowCheck => Text { en: "Checks of rows", ru: "Проверки строк" },
        Kind::SourceCheck => Text { en: "Checks of sources", ru: "Проверки файлов" },
        Kind::Link => Text { en: "Links between records of one person", ru: "Связи записей одного лица" },
        Kind::PersonCheck => Text { en: "Checks of persons", ru: "Проверки лиц" },
        Kind::Decision => Text { en: "Decisions", ru: "Решения" },
    }
}

/// Remarks below the table: the meaning of the mark, and the severities of single sources.
fn remarks(applied: &AppliedSeverities, language: Language) -> String {
    let mut text = String::new();
    if RULES.iter().any(|rule| applied.is_changed(rule)) {
        let changed = Text { en: "* as the job says", ru: "* так указано в задании" };
        let _ = writeln!(text, "\n{}", changed.get(language));
    }
    let of_sources = |rule| applied.of_sources(rule).into_iter().map(move |(source, word)| (source, rule.name(), word));
    let mut other: Vec<_> = RULES.iter().flat_map(of_sources).collect();
    other.sort_unstable();
    for (source, code, word) in other {
        let _ = writeln!(text, "{source}: {code} {word}");
    }
    text
}
