//! Keys of the job file for thresholds on volumes.

use super::thresholds::{KnownNames, known_name, then, word};
use super::{JobError, JobProblem};
use serde::Deserialize;
use sverka_settings::{ChangeLimit, Growth, Scope, Then, Threshold, Volume, VolumeThreshold};
use toml::{Spanned, Value};

use super::load::Resolver;

/// Keys of a `[[thresholds.volume]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VolumeEntry {
    measure: Option<Spanned<String>>,
    of: Option<Spanned<String>>,
    name: Option<Spanned<String>>,
    shrink: Option<Spanned<Value>>,
    grow: Option<Spanned<Value>>,
    at_least: Option<u64>,
    then: Option<Spanned<String>>,
}

/// Resolves an entry.
pub(super) fn resolve(entry: &VolumeEntry, known: &KnownNames<'_>, job: &Resolver<'_>) -> Result<VolumeThreshold, JobError> {
    let measure = entry.measure.as_ref().map(|measure| volume(measure, job)).transpose()?;
    let scope =
        entry.of.as_ref().map(|written| word(Some(written), Scope::Run, Scope::named, "of", Scope::NAMES, job)).transpose()?;
    if let (Some(measure), Some(scope), Some(written)) = (measure, scope, &entry.of)
        && !measure.is_counted_of(scope)
    {
        return Err(job.error_in(written, JobProblem::NotCounted { measure: measure.name(), of: scope.name() }));
    }
    let name = match (&entry.name, scope) {
        (None, _) => None,
        // An absent source is not among the known names, but such a threshold is meant for it.
        (Some(name), Some(Scope::Source)) => Some(name.get_ref().clone()),
        (Some(name), scope) => Some(known_name(name, scope.unwrap_or(Scope::Run), known, job)?),
    };
    let shrink = entry.shrink.as_ref().map(|value| limit("shrink", value, job)).transpose()?;
    let grow = entry.grow.as_ref().map(|value| limit("grow", value, job)).transpose()?;
    if shrink.is_none() && grow.is_none() {
        let key = entry.measure.as_ref().or(entry.of.as_ref()).or(entry.name.as_ref()).or(entry.then.as_ref());
        let problem = JobProblem::NoChange;
        return Err(key.map_or_else(|| job.error_on(1, JobProblem::NoChange), |key| job.error_in(key, problem)));
    }
    let then = entry.then.as_ref().map(|written| then("then", Some(written), Then::Warn, job)).transpose()?;
    let at_least = entry.at_least.unwrap_or(VolumeThreshold::AT_LEAST);
    Ok(VolumeThreshold { measure, scope, name, shrink, grow, at_least, then })
}

fn volume(written: &Spanned<String>, job: &Resolver<'_>) -> Result<Volume, JobError> {
    Volume::ALL.into_iter().find(|volume| volume.name() == written.get_ref()).ok_or_else(|| {
        let possible = Volume::ALL.map(|volume| format!("\"{}\"", volume.name())).join(", ");
        job.error_in(written, JobProblem::NoSuchWord { key: "measure", value: written.get_ref().clone(), possible })
    })
}

fn limit(key: &'static str, value: &Spanned<Value>, job: &Resolver<'_>) -> Result<ChangeLimit, JobError> {
    let written = value.get_ref().as_str().map_or_else(|| value.get_ref().to_string(), str::to_owned);
    let count = || match Threshold::parse(&written) {
        Some(Threshold::Count(count)) => Some(ChangeLimit::Count(count)),
        _ => None,
    };
    let limit = match written.as_str() {
        "off" => Some(ChangeLimit::Off),
        share => Growth::parse(share).map(ChangeLimit::Share).or_else(count),
    };
    limit.ok_or_else(|| job.error_in(value, JobProblem::Change { key, value: written }))
}
