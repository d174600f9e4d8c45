//! Example of a rule as text: a sentence about it, and the rows with the fields that differ from a sound person.

use std::fmt::Write as _;

use crate::cli::lines::hanging;
use sverka_rules::{Example, ExampleCase, Language, Text};
use sverka_text::wrapped;

const NEIGHBOUR: Text = Text { en: "Not found", ru: "Правило молчит" };
const EXAMPLE: Text = Text { en: "Example", ru: "Пример" };
/// Most lines of another file that are shown.
const LINES_SHOWN: usize = 6;

/// Text of an example, with its headings.
pub(super) fn shown(example: &Example, language: Language, width: usize) -> String {
    let mut text = String::new();
    for (title, case) in [(EXAMPLE, &example.triggers), (NEIGHBOUR, &example.neighbour)] {
        let _ = write!(text, "\n{}\n{}", title.get(language), hanging("  ", case.said.get(language), width));
        lines(case, language).iter().for_each(|line| text.push_str(&fitted(line, width)));
    }
    text
}

/// A line for a terminal. A line that is too long is broken between words and goes on in the column after the name of the table.
fn fitted(line: &str, width: usize) -> String {
    const INDENT: usize = 4;
    const BELOW: usize = 17;
    if line.chars().count().saturating_add(INDENT) <= width {
        return format!("{:INDENT$}{line}\n", "");
    }
    // The name of the table keeps its column.
    let begin = line.char_indices().nth(BELOW - INDENT).map_or(line.len(), |(at, _)| at);
    let (head, rest) = line.split_at(begin);
    let parts = wrapped(rest, width.saturating_sub(BELOW).max(24));
    format!("{:INDENT$}{head}{}\n", "", parts.join(&format!("\n{:BELOW$}", "")))
}

/// Lines of the job, the rows and the other files of a case.
pub(super) fn lines(case: &ExampleCase, language: Language) -> Vec<String> {
    let found = Text { en: "<- here", ru: "<- здесь" }.get(language);
    let mut lines: Vec<String> = case.job.lines().map(|line| format!("job.toml     {line}")).collect();
    for row in case.rows {
        let person = row.person_text().map_or(row.person, |text| text.get(language));
        let content = match row.raw {
            Some(raw) => raw.to_owned(),
            None if row.fields.is_empty() => person.to_owned(),
            None => {
                let fields: Vec<String> = row.fields.iter().map(|(field, value)| format!("{field} = {}", given(value))).collect();
                format!("{person}: {}", fields.join(", "))
            }
        };
        let mark = if row.is_found { format!("  {found}") } else { String::new() };
        lines.push(format!("{:<12} {content}{mark}", row.table));
    }
    for (name, content) in case.files {
        let content: Vec<&str> = content.trim().lines().collect();
        lines.push(format!("{name}:"));
        lines.extend(content.iter().take(LINES_SHOWN).map(|line| format!("  {line}")));
        if content.len() > LINES_SHOWN {
            lines.push("  …".to_owned());
        }
    }
    lines
}

/// A value, or two quotes for an empty one.
fn given(value: &str) -> &str {
    if value.is_empty() { "\"\"" } else { value }
}
