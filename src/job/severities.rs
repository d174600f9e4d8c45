//! Keys `severity` of the job file. What may be said of a rule is for its [`Latitude`] to allow.

use std::collections::BTreeMap;
use std::sync::Arc;
use sverka_model::{Code, Latitude, Severity};
use sverka_rules::{Rule, nearest};
use sverka_settings::Severities;

use toml::Spanned;

use super::load::Resolver;
use super::{JobError, JobProblem};

/// A key `severity` as it is written: codes to words.
pub(super) type SeverityEntry = BTreeMap<Spanned<String>, Spanned<String>>;

/// What a job says of its rules.
pub(super) fn of_job(resolver: &Resolver<'_>, entry: &SeverityEntry) -> Result<Severities, JobError> {
    let mut severities = Severities::DEFAULT;
    for (name, word) in entry {
        let (code, severity) = said(resolver, name, word)?;
        severities.set(code, severity);
    }
    Ok(severities)
}

/// What an entry of sources says of their rules, over what the job says.
pub(super) fn of_sources(
    resolver: &Resolver<'_>,
    of_job: &Arc<Severities>,
    entry: &SeverityEntry,
) -> Result<Arc<Severities>, JobError> {
    if entry.is_empty() {
        return Ok(Arc::clone(of_job));
    }
    let mut severities = Severities::clone(of_job);
    for (name, word) in entry {
        let (code, severity) = said(resolver, name, word)?;
        if code.latitude() == Latitude::Switch {
            return Err(resolver.error_in(name, JobProblem::RuleOfAllSources { code: code.name() }));
        }
        severities.set(code, severity);
    }
    Ok(Arc::new(severities))
}

fn said(resolver: &Resolver<'_>, name: &Spanned<String>, word: &Spanned<String>) -> Result<(Code, Severity), JobError> {
    let Some(code) = Code::from_name(name.get_ref()) else {
        let problem = JobProblem::RuleUnknown { name: name.get_ref().clone(), nearest: nearest(name.get_ref()) };
        return Err(resolver.error_in(name, problem));
    };
    if let Some(why) = Rule::by_code(code).fixed_because {
        return Err(resolver.error_in(name, JobProblem::RuleFixed { code: code.name(), why: why.en }));
    }
    let latitude = code.latitude();
    if !latitude.words().contains(&word.get_ref().as_str()) {
        let problem = JobProblem::SeverityWord { code: code.name(), value: word.get_ref().clone(), latitude };
        return Err(resolver.error_in(word, problem));
    }
    // A rule that is on has the severity that it always has.
    Ok((code, Severity::from_name(word.get_ref()).unwrap_or(code.severity())))
}

#[cfg(test)]
mod tests;
