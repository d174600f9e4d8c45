//! Events about sources as a whole: no or few records, missing rows, systematic warnings, ends of attachments read a day off, notes of readers.

use std::collections::BTreeMap;

use super::end_days::{Doubt, doubt};
use super::judgement::RunEvent;
use crate::job::Job;
use sverka_model::{Code, Kind, Subject};
use sverka_publish::{Input, Manifest, QualityFigures};
use sverka_settings::{SourceRules, Then};
use sverka_text::with_thousands;

/// Events about sources as a whole, in the order of sources; systematic warnings come last.
pub(super) fn events(job: &Job, manifest: &Manifest) -> Vec<RunEvent> {
    let Some(quality) = &manifest.quality else { return Vec::new() };
    let source_events = |source: &Input| {
        let tables = quality.sources.get(&source.name);
        let has =
            |code: Code| tables.is_some_and(|tables| tables.values().any(|figures| figures.findings.contains_key(code.name())));
        let found =
            [Code::DocumentBroken, Code::SourceWithoutRecords, Code::SourceMostlyRefused].into_iter().filter(|&code| has(code));
        let found = found.filter_map(|code| event(&job.rules.sources, source, code, &commonest_error(manifest, tables)));
        let noted = source.notes.iter().map(|note| RunEvent { then: Then::Note, sentence: format!("{}: {note}", source.name) });
        let ends = ends_event(&job.rules.sources, source);
        shortfall_event(&job.rules.sources, source).into_iter().chain(found).chain(ends).chain(noted).collect::<Vec<_>>()
    };
    let systematic = systematic_events(&job.rules.sources, manifest);
    manifest.sources().flat_map(source_events).chain(systematic).collect()
}

/// Number of systematic codes with an event of their own.
const CODES_SHOWN: usize = 8;
/// Number of sources that an event names.
const SOURCES_NAMED: usize = 3;

/// Whether a systematic code becomes an event. A few rows are a few mistakes, even with a large share. Findings about
/// persons, such as `MUST_CHOOSE`, are no habit of the sender. The table of findings and the manifest hold all codes.
fn is_event(rules: &SourceRules, code: &str, rows: u64) -> bool {
    let is_of_people = |code: Code| code.kind() == Kind::PersonCheck && code.subject() == Subject::Person;
    rows >= rules.least_rows && !Code::from_name(code).is_some_and(is_of_people)
}

/// Events of systematic warnings, the one on most rows first. Each code has one event for all its sources.
fn systematic_events(rules: &SourceRules, manifest: &Manifest) -> Vec<RunEvent> {
    let mut by_code: BTreeMap<&str, Vec<(&Input, u64)>> = BTreeMap::new();
    for source in manifest.sources() {
        for (code, &rows) in source.systematic.iter().filter(|(code, rows)| is_event(rules, code, **rows)) {
            by_code.entry(code).or_default().push((source, rows));
        }
    }
    let mut codes: Vec<(&str, Vec<(&Input, u64)>)> = by_code.into_iter().collect();
    codes.sort_by_key(|(_, sources)| std::cmp::Reverse(sources.iter().map(|(_, rows)| rows).sum::<u64>()));
    let more = codes.len().saturating_sub(CODES_SHOWN);
    let mut sentences: Vec<String> =
        codes.into_iter().take(CODES_SHOWN).map(|(code, sources)| systematic_sentence(code, sources)).collect();
    if more > 0 {
        sentences
            .push(format!("{more} more code(s) on many rows of a source (SYSTEMATIC); the manifest names them under the inputs"));
    }
    let then = rules.systematic;
    sentences
        .into_iter()
        .map(|sentence| RunEvent { then, sentence: format!("{sentence}{}", how_to_pass(then, "systematic")) })
        .collect()
}

/// Sentence about a systematic code, its sources and rows.
fn systematic_sentence(code: &str, mut sources: Vec<(&Input, u64)>) -> String {
    sources.sort_by_key(|(source, rows)| (std::cmp::Reverse(*rows), &source.name));
    let rows_of_source = |(source, rows): &(&Input, u64)| {
        let all = source.rows.unwrap_or(0);
        format!("{} of {} rows ({}) of {}", with_thousands(*rows), with_thousands(all), percent(*rows, all), source.name)
    };
    let named: Vec<String> = sources.iter().take(SOURCES_NAMED).map(rows_of_source).collect();
    let more = match sources.len().saturating_sub(SOURCES_NAMED) {
        0 => String::new(),
        more => format!(" and many of {more} more source(s)"),
    };
    let named = named.join(", ");
    format!(
        "{code} is on {named}{more}; see whether it is a dictionary, a setting or a habit of the sender, rather than so many mistakes (SYSTEMATIC)"
    )
}

/// A share with one decimal, rounded down.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Event of ends of attachments that seem to be read a day off.
fn ends_event(rules: &SourceRules, source: &Input) -> Option<RunEvent> {
    let ends = source.ends?;
    let (then, key) = rules.consequence(Code::EndsOffByADay)?;
    let (count, how, read_as, meant, value) = match doubt(ends)? {
        Doubt::TooEarly => (ends.gaps, "leave exactly one day before it", "first day after", "last day", "last_day"),
        Doubt::TooLate => {
            (ends.overlaps, "have exactly one day in common with it", "last day", "first day after", "first_day_after")
        }
    };
    let (all, layout) = (ends.gaps + ends.overlaps + ends.seams, source.layout.as_deref().unwrap_or_default());
    let sentence = format!(
        "{}: {} of {} ends of attachments next to one at another clinic {how}: the layout {layout} reads the end as the {read_as}, and it \
         seems to be the {meant}; ask the sender, and set `end_dates = \"{value}\"` in a layout of your own ({}){}",
        source.name,
        with_thousands(count),
        with_thousands(all),
        Code::EndsOffByADay.name(),
        how_to_pass(then, key)
    );
    Some(RunEvent { then, sentence })
}

/// Event of a table that declares more rows than it has: it may have been cut at the end of a row.
fn shortfall_event(rules: &SourceRules, source: &Input) -> Option<RunEvent> {
    let shortfall = source.shortfall.as_ref()?;
    let then = rules.missing_rows;
    Some(RunEvent { then, sentence: format!("{}: {shortfall}{}", source.name, how_to_pass(then, "missing_rows")) })
}

/// Part of a sentence: the error on most rows of a source.
fn commonest_error(manifest: &Manifest, tables: Option<&BTreeMap<String, QualityFigures>>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let findings = tables.into_iter().flat_map(|tables| tables.values()).flat_map(|figures| &figures.findings);
    for (code, count) in findings.filter(|(code, _)| manifest.errors.contains_key(*code)) {
        *counts.entry(code).or_default() += count;
    }
    let commonest = counts.into_iter().max_by_key(|&(_, count)| count);
    commonest.map_or_else(String::new, |(code, count)| format!(", {} for {code}", with_thousands(count)))
}

/// Event of a finding about a source as a whole.
fn event(rules: &SourceRules, source: &Input, code: Code, commonest: &str) -> Option<RunEvent> {
    let (then, key) = rules.consequence(code)?;
    let name = &source.name;
    let (rows, refused) = (source.rows.unwrap_or(0), source.quarantined.unwrap_or(0));
    let sentence = match code {
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
                "{} of {} rows are quarantined{}; see whether it is of the layout {layout} (`sverka check` tells), and ask the sender for \
                 a corrected file",
                with_thousands(refused),
                with_thousands(rows),
                commonest
            )
        }
    };
    Some(RunEvent { then, sentence: format!("{name}: {sentence} ({}){}", code.name(), how_to_pass(then, key)) })
}

/// Advice on how to publish in spite of an event that stops the run; empty for other events.
fn how_to_pass(then: Then, key: &str) -> String {
    match then {
        Then::Stop => format!(". To publish without it, set {key} = \"warn\" under [rules.sources] in the job"),
        Then::Note | Then::Warn => String::new(),
    }
}
