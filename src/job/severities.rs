//! Keys `severity` of the job file. The [`Latitude`] of a rule says which severities are allowed.

use std::collections::BTreeMap;
use std::sync::Arc;
use sverka_model::{Code, Latitude, Severity};
use sverka_rules::{Rule, nearest};
use sverka_settings::Severities;

use toml::Spanned;

use super::load::Resolver;
use super::{JobError, JobProblem};

/// Key `severity`, unresolved: from codes to words.
pub(super) type SeverityEntry = BTreeMap<Spanned<String>, Spanned<String>>;

/// Severities of a job.
pub(super) fn job_severities(resolver: &Resolver<'_>, entry: &SeverityEntry) -> Result<Severities, JobError> {
    let mut severities = Severities::DEFAULT;
    for (name, word) in entry {
        let (code, severity) = read_severity(resolver, name, word)?;
        severities.set(code, severity);
    }
    Ok(severities)
}

/// Severities of an entry of sources: those of the job, with the changes of the entry.
pub(super) fn source_severities(
    resolver: &Resolver<'_>,
    job_severities: &Arc<Severities>,
    entry: &SeverityEntry,
) -> Result<Arc<Severities>, JobError> {
    if entry.is_empty() {
        return Ok(Arc::clone(job_severities));
    }
    let mut severities = Severities::clone(job_severities);
    for (name, word) in entry {
        let (code, severity) = read_severity(resolver, name, word)?;
        if code.latitude() == Latitude::Switch {
            return Err(resolver.error_in(name, JobProblem::RuleOfAllSources { code: code.name() }));
        }
        severities.set(code, severity);
    }
    Ok(Arc::new(severities))
}

/// Code and severity of one line.
fn read_severity(resolver: &Resolver<'_>, name: &Spanned<String>, word: &Spanned<String>) -> Result<(Code, Severity), JobError> {
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
    // The word `on` stands for the default severity of the rule.
    Ok((code, Severity::from_name(word.get_ref()).unwrap_or(code.severity())))
}

#[cfg(test)]
mod tests;
