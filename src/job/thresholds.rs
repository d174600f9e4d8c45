//! Keys of the job file for thresholds on quality figures.

use super::{JobError, JobProblem};
use serde::Deserialize;
use sverka_settings::{Growth, Measure, QualityThreshold, Scope, Then};
use toml::{Spanned, Value};

use super::load::Resolver;
use sverka_model::{Code, Field, Kind};
use sverka_reference::{Clinics, Insurers};

/// Keys of a `[[thresholds.quality]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QualityEntry {
    measure: Spanned<String>,
    item: Option<Spanned<String>>,
    of: Option<Spanned<String>>,
    name: Option<Spanned<String>>,
    most: Option<Spanned<Value>>,
    growth: Option<Spanned<String>>,
    at_least: Option<u64>,
    then: Option<Spanned<String>>,
}

/// Names that a threshold may have.
pub(super) struct KnownNames<'j> {
    pub sources: &'j [&'j str],
    pub insurers: &'j Insurers,
    pub clinics: &'j Clinics,
}

/// Resolves an entry.
pub(super) fn resolve(entry: &QualityEntry, known: &KnownNames<'_>, job: &Resolver<'_>) -> Result<QualityThreshold, JobError> {
    let measure = measure(entry, job)?;
    let scope = word(entry.of.as_ref(), Scope::Run, Scope::named, "of", Scope::NAMES, job)?;
    let then = then("then", entry.then.as_ref(), Then::Warn, job)?;
    let most = job.threshold("most", entry.most.as_ref())?;
    let growth = entry.growth.as_ref().map(|text| growth(text, job)).transpose()?;
    if most.is_none() && growth.is_none() {
        return Err(job.error_in(&entry.measure, JobProblem::NoLimit));
    }
    let name = entry.name.as_ref().map(|name| known_name(name, scope, known, job)).transpose()?;
    let at_least = entry.at_least.unwrap_or(QualityThreshold::AT_LEAST);
    Ok(QualityThreshold { measure, scope, name, most, growth, at_least, then })
}

/// Consequence, from the word of a key.
pub(super) fn then(
    key: &'static str,
    written: Option<&Spanned<String>>,
    usual: Then,
    job: &Resolver<'_>,
) -> Result<Then, JobError> {
    let named = |word: &str| [Then::Note, Then::Warn, Then::Stop].into_iter().find(|then| then.name() == word);
    word(written, usual, named, key, "\"note\", \"warn\", \"stop\"", job)
}

/// Value of a word; `usual` when the key is absent.
pub(super) fn word<T>(
    written: Option<&Spanned<String>>,
    usual: T,
    read: impl Fn(&str) -> Option<T>,
    key: &'static str,
    possible: &'static str,
    job: &Resolver<'_>,
) -> Result<T, JobError> {
    let Some(written) = written else { return Ok(usual) };
    let value = || written.get_ref().clone();
    read(written.get_ref())
        .ok_or_else(|| job.error_in(written, JobProblem::NoSuchWord { key, value: value(), possible: possible.into() }))
}

fn growth(text: &Spanned<String>, job: &Resolver<'_>) -> Result<Growth, JobError> {
    Growth::parse(text.get_ref()).ok_or_else(|| job.error_in(text, JobProblem::Growth { value: text.get_ref().clone() }))
}

fn measure(entry: &QualityEntry, job: &Resolver<'_>) -> Result<Measure, JobError> {
    let item = entry.item.as_ref();
    let without_item = |measure| match item {
        None => Ok(measure),
        Some(item) => Err(job.error_in(item, JobProblem::NoItem { measure: entry.measure.get_ref().clone() })),
    };
    match entry.measure.get_ref().as_str() {
        "quarantined" => without_item(Measure::Quarantined),
        "duplicates" => without_item(Measure::Duplicates),
        "finding" => {
            let code = item.map(|item| code(item, &[Kind::RowCheck, Kind::SourceCheck, Kind::PersonCheck], job)).transpose()?;
            Ok(Measure::Finding(code))
        }
        "missing" => {
            let item = item.ok_or_else(|| job.error_in(&entry.measure, JobProblem::MissingWhat))?;
            Field::from_name(item.get_ref()).map(Measure::Missing).ok_or_else(|| {
                let possible = Field::ALL.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
                job.error_in(item, JobProblem::NoSuchWord { key: "item", value: item.get_ref().clone(), possible })
            })
        }
        "conflicts_lost" => Ok(Measure::ConflictsLost(item.map(|item| code(item, &[Kind::Decision], job)).transpose()?)),
        other => {
            let (value, possible) = (other.to_owned(), Measure::NAMES.to_owned());
            Err(job.error_in(&entry.measure, JobProblem::NoSuchWord { key: "measure", value, possible }))
        }
    }
}

fn code(item: &Spanned<String>, kinds: &[Kind], job: &Resolver<'_>) -> Result<Code, JobError> {
    let possible = || Code::ALL.iter().filter(|code| kinds.contains(&code.kind()));
    possible().find(|code| code.name() == item.get_ref()).copied().ok_or_else(|| {
        let possible = possible().map(|code| code.name()).collect::<Vec<_>>().join(", ");
        job.error_in(item, JobProblem::NoSuchWord { key: "item", value: item.get_ref().clone(), possible })
    })
}

/// Number of names that an error lists.
const NAMES_SHOWN: usize = 20;

pub(super) fn known_name(
    name: &Spanned<String>,
    scope: Scope,
    known: &KnownNames<'_>,
    job: &Resolver<'_>,
) -> Result<String, JobError> {
    let names: Vec<&str> = match scope {
        Scope::Run => return Err(job.error_in(name, JobProblem::NameOfRun)),
        Scope::Source => known.sources.to_vec(),
        Scope::Insurer => known.insurers.iter().map(|insurer| insurer.code.as_str()).collect(),
        Scope::Clinic => known.clinics.iter().map(|clinic| clinic.code.as_str()).collect(),
    };
    if names.contains(&name.get_ref().as_str()) {
        return Ok(name.get_ref().clone());
    }
    let more = if names.len() > NAMES_SHOWN { ", …" } else { "" };
    let possible = names.into_iter().take(NAMES_SHOWN).collect::<Vec<_>>().join(", ") + more;
    Err(job.error_in(name, JobProblem::NoSuchWord { key: "name", value: name.get_ref().clone(), possible }))
}
