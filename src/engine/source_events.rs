//! Sources that gave nothing, next to nothing, or not all that was sent; sources that are read otherwise than something says of them.

use super::judgement::RunEvent;
use crate::job::{Job, SourceRules, Then};
use crate::publish::{Input, Manifest};
use crate::report::with_thousands;
use crate::rules::Code;

/// What a run has found about its sources as a whole, in the order of sources.
pub(super) fn events(job: &Job, manifest: &Manifest) -> Vec<RunEvent> {
    let Some(quality) = &manifest.quality else { return Vec::new() };
    let of_source = |source: &Input| {
        let tables = quality.sources.get(&source.name);
        let has = |code: Code| tables.is_some_and(|of| of.values().any(|figures| figures.findings.contains_key(code.name())));
        let found =
            [Code::DocumentBroken, Code::SourceWithoutRecords, Code::SourceMostlyRefused].into_iter().filter(|&code| has(code));
        let found = found.filter_map(|code| event(&job.rules.sources, source, code));
        let noted = source.notes.iter().map(|note| RunEvent { then: Then::Note, sentence: format!("{}: {note}", source.name) });
        shortfall(&job.rules.sources, source).into_iter().chain(found).chain(noted).collect::<Vec<_>>()
    };
    manifest.sources().flat_map(of_source).collect()
}

/// A table that declares more rows than it has: it may have been cut at the end of a row.
fn shortfall(rules: &SourceRules, source: &Input) -> Option<RunEvent> {
    let told = source.shortfall.as_ref()?;
    let then = rules.missing_rows;
    Some(RunEvent { then, sentence: format!("{}: {told}{}", source.name, how_to_pass(then, "missing_rows")) })
}

fn event(rules: &SourceRules, source: &Input, code: Code) -> Option<RunEvent> {
    let (then, key) = rules.consequence(code)?;
    let name = &source.name;
    let (rows, refused) = (source.rows.unwrap_or(0), source.quarantined.unwrap_or(0));
    let told = match code {
        Code::DocumentBroken => {
            let place = source.broken.as_ref().map_or_else(String::new, |broken| format!(" {broken}"));
            let read = with_thousands(rows.saturating_sub(1));
            format!("breaks off behind {read} row(s){place}; ask the sender for the whole file")
        }
        Code::SourceWithoutRecords => {
            "is not empty, and there is not one record in it; ask the sender for the file again".to_owned()
        }
        _ => {
            let layout = source.layout.as_deref().unwrap_or_default();
            format!(
                "{} of {} rows are quarantined; see whether it is of the layout {layout} (`sverka check` tells), and ask the sender for \
                 a corrected file",
                with_thousands(refused),
                with_thousands(rows)
            )
        }
    };
    Some(RunEvent { then, sentence: format!("{name}: {told} ({}){}", code.name(), how_to_pass(then, key)) })
}

/// How a job publishes in spite of an event that stops it; empty for others.
fn how_to_pass(then: Then, key: &str) -> String {
    match then {
        Then::Stop => format!(". To publish without it, set {key} = \"warn\" under [rules.sources] in the job"),
        Then::Note | Then::Warn => String::new(),
    }
}
