//! Keys of `[rules.sources]` in the job file.

use super::thresholds::then;
use super::{JobError, JobProblem};
use serde::Deserialize;
use sverka_settings::{SourceRules, Threshold};
use toml::{Spanned, Value};

use super::load::Resolver;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceRulesEntry {
    refused_share: Option<Spanned<Value>>,
    systematic_share: Option<Spanned<Value>>,
    systematic: Option<Spanned<String>>,
    ends_off_by_a_day: Option<Spanned<String>>,
    least_rows: Option<u64>,
    without_records: Option<Spanned<String>>,
    mostly_refused: Option<Spanned<String>>,
    document_broken: Option<Spanned<String>>,
    missing_rows: Option<Spanned<String>>,
    absent_sender: Option<Spanned<String>>,
    unchanged: Option<Spanned<String>>,
    outdated: Option<Spanned<String>>,
    twice: Option<Spanned<String>>,
}

/// Rules for sources; absent keys have their defaults.
pub(super) fn read(resolver: &Resolver<'_>, entry: &SourceRulesEntry) -> Result<SourceRules, JobError> {
    let default = SourceRules::default();
    let word = |key, written: &Option<Spanned<String>>, usual| then(key, written.as_ref(), usual, resolver);
    let largest = |key, written: &Option<Spanned<Value>>, usual| match written {
        None => Ok(usual),
        Some(written) => share(key, written, resolver),
    };
    Ok(SourceRules {
        refused_share: largest("refused_share", &entry.refused_share, default.refused_share)?,
        systematic_share: largest("systematic_share", &entry.systematic_share, default.systematic_share)?,
        systematic: word("systematic", &entry.systematic, default.systematic)?,
        ends_off_by_a_day: word("ends_off_by_a_day", &entry.ends_off_by_a_day, default.ends_off_by_a_day)?,
        least_rows: entry.least_rows.unwrap_or(default.least_rows),
        without_records: word("without_records", &entry.without_records, default.without_records)?,
        mostly_refused: word("mostly_refused", &entry.mostly_refused, default.mostly_refused)?,
        document_broken: word("document_broken", &entry.document_broken, default.document_broken)?,
        missing_rows: word("missing_rows", &entry.missing_rows, default.missing_rows)?,
        absent_sender: word("absent_sender", &entry.absent_sender, default.absent_sender)?,
        unchanged: word("unchanged", &entry.unchanged, default.unchanged)?,
        outdated: word("outdated", &entry.outdated, default.outdated)?,
        twice: word("twice", &entry.twice, default.twice)?,
        repeated: word("twice", &entry.twice, default.repeated)?,
    })
}

/// Share of the rows of a source. A number of rows is refused, because it would mean another thing in each source.
fn share(key: &'static str, written: &Spanned<Value>, resolver: &Resolver<'_>) -> Result<Threshold, JobError> {
    let read = resolver.threshold(key, Some(written))?;
    let share = read.filter(|threshold| threshold.share().is_some());
    share.ok_or_else(|| resolver.error_in(written, JobProblem::NotShare { key }))
}
