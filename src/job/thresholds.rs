//! Thresholds on quality figures: which figures, of whom, how much of them, and what happens when there is more.
//!
//! Knows the words of the job file; the figures are judged by the engine.

use serde::Deserialize;
use toml::{Spanned, Value};

use super::load::Resolver;
use super::settings::percent;
use super::{JobError, JobProblem, Source, Threshold};
use crate::intake::Field;
use crate::reference::{Clinics, Insurers};
use crate::rules::{Code, Kind, RULES};

/// A `[[thresholds.quality]]` as it is written.
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

/// How much of a quality figure passes without notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityThreshold {
    /// What is counted.
    pub measure: Measure,
    /// Whose figures are judged, each by itself.
    pub of: Scope,
    /// Only those of this source, or of the insurer or clinic with this code.
    pub name: Option<String>,
    /// The most that passes.
    pub most: Option<Threshold>,
    /// How much larger than in the former run the figure may be.
    pub growth: Option<Growth>,
    /// Smaller figures are not held against the former run.
    pub at_least: u64,
    /// What happens when there is more.
    pub then: Then,
}

impl QualityThreshold {
    /// Fewer than so many are too few to tell growth from chance.
    pub const AT_LEAST: u64 = 10;
}

/// What a threshold counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Quarantined rows, of all rows.
    Quarantined,
    /// Rows equal to another one, of all rows.
    Duplicates,
    /// Findings of one code or of all, of all rows.
    Finding(Option<Code>),
    /// Accepted rows and duplicates without a field, of these rows in tables that have the field.
    Missing(Field),
    /// Decisions against records by one rule or by all, of the accepted rows.
    ConflictsLost(Option<Code>),
}

impl Measure {
    const NAMES: &'static str = "\"quarantined\", \"duplicates\", \"finding\", \"missing\", \"conflicts_lost\"";

    /// The word of the job file, with its item.
    #[must_use]
    pub fn name(self) -> String {
        let with =
            |word: &str, code: Option<Code>| code.map_or_else(|| word.to_owned(), |code| format!("{word} {}", code.name()));
        match self {
            Self::Quarantined => "quarantined".to_owned(),
            Self::Duplicates => "duplicates".to_owned(),
            Self::Finding(code) => with("finding", code),
            Self::Missing(field) => format!("missing {}", field.name()),
            Self::ConflictsLost(rule) => with("conflicts_lost", rule),
        }
    }
}

/// Whose figures are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole run.
    Run,
    /// Each source.
    Source,
    /// The rows of each insurer.
    Insurer,
    /// The rows of each clinic.
    Clinic,
}

impl Scope {
    /// The word of the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Source => "source",
            Self::Insurer => "insurer",
            Self::Clinic => "clinic",
        }
    }

    pub(super) const NAMES: &'static str = "\"run\", \"source\", \"insurer\", \"clinic\"";

    pub(super) fn named(word: &str) -> Option<Self> {
        [Self::Run, Self::Source, Self::Insurer, Self::Clinic].into_iter().find(|scope| scope.name() == word)
    }
}

/// The largest share of the former run's figure that passes: `parts` of `whole`, exactly as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// Numerator.
    pub parts: u64,
    /// Denominator, never zero.
    pub whole: u64,
}

impl Growth {
    /// Whether `count` is more than the share of `former` that passes.
    #[must_use]
    pub fn exceeded_by(self, count: u64, former: u64) -> bool {
        u128::from(count) * u128::from(self.whole) > u128::from(former) * u128::from(self.parts)
    }

    /// Reads a share such as `200%`, of any size.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let percent = crate::reference::setting::exact_text(text.strip_suffix('%')?.trim()).ok()?;
        let whole = 10_u64.checked_pow(percent.scale())?.checked_mul(100)?;
        Some(Self { parts: u64::try_from(percent.mantissa()).ok()?, whole })
    }
}

impl std::fmt::Display for Growth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&percent(self.parts, self.whole))
    }
}

/// What happens when a threshold is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Then {
    /// The run is published and says so, and ends as if nothing were the matter.
    Note,
    /// The run is published, says so, and ends with exit code 1.
    Warn,
    /// The run is not published.
    Stop,
}

impl Then {
    /// The word of the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Stop => "stop",
        }
    }
}

/// Who may be named.
pub(super) struct Known<'j> {
    pub sources: &'j [Source],
    pub insurers: &'j Insurers,
    pub clinics: &'j Clinics,
}

/// Resolves one entry.
pub(super) fn resolve(entry: &QualityEntry, known: &Known<'_>, job: &Resolver<'_>) -> Result<QualityThreshold, JobError> {
    let measure = measure(entry, job)?;
    let of = word(entry.of.as_ref(), Scope::Run, Scope::named, "of", Scope::NAMES, job)?;
    let then = then("then", entry.then.as_ref(), Then::Warn, job)?;
    let most = job.threshold("most", entry.most.as_ref())?;
    let growth = entry.growth.as_ref().map(|text| growth(text, job)).transpose()?;
    if most.is_none() && growth.is_none() {
        return Err(job.error_in(&entry.measure, JobProblem::NoLimit));
    }
    let name = entry.name.as_ref().map(|name| known_name(name, of, known, job)).transpose()?;
    let at_least = entry.at_least.unwrap_or(QualityThreshold::AT_LEAST);
    Ok(QualityThreshold { measure, of, name, most, growth, at_least, then })
}

/// What happens, by the word of a key.
pub(super) fn then(
    key: &'static str,
    written: Option<&Spanned<String>>,
    usual: Then,
    job: &Resolver<'_>,
) -> Result<Then, JobError> {
    let named = |word: &str| [Then::Note, Then::Warn, Then::Stop].into_iter().find(|then| then.name() == word);
    word(written, usual, named, key, "\"note\", \"warn\", \"stop\"", job)
}

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
    let possible = || RULES.iter().filter(|rule| kinds.contains(&rule.kind));
    possible().find(|rule| rule.name == item.get_ref()).map(|rule| rule.code).ok_or_else(|| {
        let possible = possible().map(|rule| rule.name).collect::<Vec<_>>().join(", ");
        job.error_in(item, JobProblem::NoSuchWord { key: "item", value: item.get_ref().clone(), possible })
    })
}

/// The most names that an error lists.
const NAMES_SHOWN: usize = 20;

pub(super) fn known_name(name: &Spanned<String>, of: Scope, known: &Known<'_>, job: &Resolver<'_>) -> Result<String, JobError> {
    let names: Vec<&str> = match of {
        Scope::Run => return Err(job.error_in(name, JobProblem::NameOfRun)),
        Scope::Source => known.sources.iter().map(|source| source.name.as_str()).collect(),
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

#[cfg(test)]
mod tests {
    use super::Growth;

    #[test]
    fn growth_is_a_share_of_any_size() {
        assert_eq!(Growth::parse("200%"), Some(Growth { parts: 200, whole: 100 }));
        assert_eq!(Growth::parse("112.5 %"), Some(Growth { parts: 1125, whole: 1000 }));
        for wrong in ["", "%", "2", "-1%", "1,5%", "double"] {
            assert_eq!(Growth::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Growth { parts: 1125, whole: 1000 }.to_string(), "112.5%");
    }

    #[test]
    fn growth_is_exceeded_by_more_only() {
        let doubled = Growth { parts: 200, whole: 100 };
        assert!(!doubled.exceeded_by(24, 12) && doubled.exceeded_by(25, 12));
        assert!(doubled.exceeded_by(1, 0) && !doubled.exceeded_by(0, 0));
    }
}
