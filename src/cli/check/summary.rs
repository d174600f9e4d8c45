//! Summary of a check: the rows of each file, and each kind of finding with its count and lines.

use super::basis::CheckBasis;
use crate::cli::lines::hanging;
use crate::engine::{CheckedSource, FindingKind};
use crate::job::Source;
use sverka_model::{RowShape, Severity};
use sverka_rules::Rule;
use sverka_text::{counted, with_thousands};

/// Summary of one file, in lines of at most `width` characters.
pub(super) fn source_summary(source: &Source, checked: &CheckedSource, width: usize) -> String {
    let encoding = if checked.encoding.detected {
        format!(", encoding detected: {}", checked.encoding.encoding.name())
    } else {
        String::new()
    };
    let (rows, faulty) = (counted(checked.rows, "row", "rows"), with_thousands(checked.quarantined));
    let counts = format!("{rows} ({}), {faulty} with errors{encoding}", source.layout.role());
    let mut text = hanging(&format!("{}: ", source.name), &counts, width);
    if let Some(code) = checked.source_finding {
        let severity = source.severities.of(code).name();
        let sentence = format!("{} {} (the whole file)", code.name(), Rule::by_code(code).message.en);
        text.push_str(&hanging(&format!("  {severity:<8} "), &sentence, width));
    }
    for fact in &checked.facts {
        text.push_str(&hanging("  ", fact, width));
    }
    let field_of = |kind: &FindingKind| kind.field.map_or("", |field| field.name());
    let codes = checked.found.iter().map(|(kind, _)| kind.code.name().len()).max().unwrap_or(0);
    let fields = checked.found.iter().map(|(kind, _)| field_of(kind).len()).max().unwrap_or(0);
    for severity in [Severity::Error, Severity::Warning] {
        for (kind, found) in checked.found.iter().filter(|(kind, _)| source.severities.of(kind.code) == severity) {
            let shown: Vec<String> = found.lines.iter().map(u64::to_string).collect();
            let more = if found.count > shown.len() as u64 { ", …" } else { "" };
            let before = format!(
                "  {:<8} {:<codes$}  {:<fields$} {:>9}  ",
                severity.name(),
                kind.code.name(),
                field_of(kind),
                with_thousands(found.count)
            );
            let sentence = format!(
                "{}{} ({} {}{more})",
                Rule::by_code(kind.code).message.en,
                kind.shape.map(shape_text).unwrap_or_default(),
                if found.count == 1 { "line" } else { "lines" },
                shown.join(", ")
            );
            text.push_str(&hanging(&before, &sentence, width));
        }
    }
    text
}

/// Numbers of fields, as the end of a sentence about a row.
fn shape_text(RowShape { expected, found }: RowShape) -> String {
    match found {
        0 => format!(": {expected} fields expected, the row's cannot be told"),
        _ => format!(": {expected} fields expected, {found} found"),
    }
}

/// Summary for all files: the day, and the rules that were not applied. In lines of at most `width` characters.
pub(super) fn basis_summary(basis: &CheckBasis, width: usize) -> String {
    let mut text = format!("Checked as of {}\n", basis.as_of);
    if !basis.absent.is_empty() {
        text.push_str(&hanging("", &format!("Not there, and done without: {}", basis.absent.join(", ")), width));
    }
    if !basis.unasked.is_empty() {
        let codes: Vec<&str> = basis.unasked.iter().map(|code| code.name()).collect();
        let sentence = format!("Not checked without the tables of insurers and clinics: {}", codes.join(", "));
        text.push_str(&hanging("", &sentence, width));
    }
    text
}
