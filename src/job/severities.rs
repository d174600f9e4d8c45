//! What each rule means in a job: off, a warning or an error, as its keys `severity` say it.
//!
//! [`Severities`] are resolved for the job and once more for each source that says otherwise. They are asked when something is found, never
//! for a row in order. What may be said of a rule is for its [`Latitude`] to allow.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use super::load::Resolver;
use super::{JobError, JobProblem};
use crate::rules::{Code, Latitude, RULES, Severity, nearest};

/// A key `severity` as it is written: codes to words.
pub(super) type SeverityEntry = BTreeMap<Spanned<String>, Spanned<String>>;

/// What each rule means for the rows of a job, or of one of its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Severities {
    /// By code.
    of: [Severity; RULES.len()],
}

impl Severities {
    /// What rules mean when nobody says otherwise.
    pub const DEFAULT: Self = {
        let mut of = [Severity::Off; RULES.len()];
        let mut index = 0;
        while index < RULES.len() {
            of[index] = RULES[index].severity;
            index += 1;
        }
        Self { of }
    };

    /// What a rule means.
    #[must_use]
    pub fn of(&self, code: Code) -> Severity {
        self.of[code as usize]
    }

    /// Whether a rule is applied at all.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        self.of(code) != Severity::Off
    }

    /// The rules that mean something else than in `base`, in the order of codes, with what they mean here.
    pub fn other_than<'s>(&'s self, base: &'s Self) -> impl Iterator<Item = (Code, Severity)> + 's {
        RULES.iter().map(|rule| (rule.code, self.of(rule.code))).filter(|&(code, severity)| severity != base.of(code))
    }

    /// The same, but for rules that are off.
    #[must_use]
    pub fn without(&self, codes: &[Code]) -> Self {
        let mut severities = self.clone();
        codes.iter().for_each(|&code| severities.set(code, Severity::Off));
        severities
    }

    pub(super) fn set(&mut self, code: Code, severity: Severity) {
        self.of[code as usize] = severity;
    }
}

impl Default for Severities {
    fn default() -> Self {
        Self::DEFAULT
    }
}

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
        if code.rule().latitude == Latitude::Switch {
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
    let rule = code.rule();
    if let Latitude::Fixed(why) = rule.latitude {
        return Err(resolver.error_in(name, JobProblem::RuleFixed { code: rule.name, why: why.en }));
    }
    if !rule.latitude.words().contains(&word.get_ref().as_str()) {
        let problem = JobProblem::SeverityWord { code: rule.name, value: word.get_ref().clone(), latitude: rule.latitude };
        return Err(resolver.error_in(word, problem));
    }
    // A rule that is on has the severity that it always has.
    Ok((code, Severity::from_name(word.get_ref()).unwrap_or(rule.severity)))
}

#[cfg(test)]
mod tests;
