//! Report of a check: the rows of each file, and each kind of finding with its count and places.

use std::fmt::Write as _;

use super::ground::Ground;
use crate::check::RowShape;
use crate::engine::{CheckedSource, FindingKind};
use crate::job::Source;
use crate::report::with_thousands;
use crate::rules::Severity;

/// The summary of one file.
pub(super) fn of_source(source: &Source, checked: &CheckedSource) -> String {
    let encoding = if checked.encoding.detected {
        format!(", encoding detected: {}", checked.encoding.encoding.name())
    } else {
        String::new()
    };
    let (rows, faulty) = (with_thousands(checked.rows), with_thousands(checked.quarantined));
    let mut text = format!("{}: {rows} rows ({}), {faulty} with errors{encoding}\n", source.name, source.layout.role());
    if let Some(code) = checked.of_source {
        let severity = source.severities.of(code).name();
        let _ = writeln!(text, "  {severity:<8} {} {} (the whole file)", code.name(), code.rule().message.en);
    }
    for fact in &checked.facts {
        let _ = writeln!(text, "  {fact}");
    }
    let field_of = |kind: &FindingKind| kind.field.map_or("", |field| field.name());
    let codes = checked.found.iter().map(|(kind, _)| kind.code.name().len()).max().unwrap_or(0);
    let fields = checked.found.iter().map(|(kind, _)| field_of(kind).len()).max().unwrap_or(0);
    for severity in [Severity::Error, Severity::Warning] {
        for (kind, found) in checked.found.iter().filter(|(kind, _)| source.severities.of(kind.code) == severity) {
            let shown: Vec<String> = found.lines.iter().map(u64::to_string).collect();
            let more = if found.count > shown.len() as u64 { ", …" } else { "" };
            let _ = writeln!(
                text,
                "  {:<8} {:<codes$}  {:<fields$} {:>9}  {}{} ({} {}{more})",
                severity.name(),
                kind.code.name(),
                field_of(kind),
                with_thousands(found.count),
                kind.code.rule().message.en,
                kind.shape.map(told_shape).unwrap_or_default(),
                if found.count == 1 { "line" } else { "lines" },
                shown.join(", ")
            );
        }
    }
    text
}

/// The numbers of fields, behind what is wrong with the row.
fn told_shape(RowShape { expected, found }: RowShape) -> String {
    match found {
        0 => format!(": {expected} fields expected, the row's cannot be told"),
        _ => format!(": {expected} fields expected, {found} found"),
    }
}

/// What holds for all files: the day, and the rules that were not asked.
pub(super) fn ground(ground: &Ground) -> String {
    let mut text = format!("Checked as of {}\n", ground.as_of);
    if !ground.absent.is_empty() {
        let _ = writeln!(text, "Not there, and done without: {}", ground.absent.join(", "));
    }
    if !ground.unasked.is_empty() {
        let codes: Vec<&str> = ground.unasked.iter().map(|code| code.name()).collect();
        let _ = writeln!(text, "Not checked without the tables of insurers and clinics: {}", codes.join(", "));
    }
    text
}
