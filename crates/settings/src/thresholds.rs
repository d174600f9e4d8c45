//! Thresholds on quality figures: measure, scope, limits and consequence. The engine judges the figures.

use super::Threshold;
use super::rules::percent;
use sverka_model::{Code, Field};

/// Threshold on a quality figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityThreshold {
    /// Measure that is counted.
    pub measure: Measure,
    /// Scope: figures are judged one by one for each source, insurer or clinic.
    pub scope: Scope,
    /// Name of the only source, or code of the only insurer or clinic, that is judged.
    pub name: Option<String>,
    /// Largest figure that passes.
    pub most: Option<Threshold>,
    /// Largest growth since the former run that passes.
    pub growth: Option<Growth>,
    /// Least figure that is compared with the former run.
    pub at_least: u64,
    /// Consequence of passing the threshold.
    pub then: Then,
}

impl QualityThreshold {
    /// Default for the least figure: smaller figures do not distinguish growth from chance.
    pub const AT_LEAST: u64 = 10;
}

/// Measure of a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Quarantined rows, as a part of all rows.
    Quarantined,
    /// Duplicates, as a part of all rows.
    Duplicates,
    /// Findings of one code or of all, as a part of all rows.
    Finding(Option<Code>),
    /// Accepted rows and duplicates without a field, as a part of all such rows in tables that have the field.
    Missing(Field),
    /// Decisions against records by one rule or by all, as a part of the accepted rows.
    ConflictsLost(Option<Code>),
}

impl Measure {
    /// Words of the job file, for messages.
    pub const NAMES: &'static str = "\"quarantined\", \"duplicates\", \"finding\", \"missing\", \"conflicts_lost\"";

    /// Word in the job file, with its item.
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

/// Scope of a threshold.
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
    /// Word in the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Source => "source",
            Self::Insurer => "insurer",
            Self::Clinic => "clinic",
        }
    }

    /// Words of the job file, for messages.
    pub const NAMES: &'static str = "\"run\", \"source\", \"insurer\", \"clinic\"";

    /// Scope of a word of the job file.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Run, Self::Source, Self::Insurer, Self::Clinic].into_iter().find(|scope| scope.name() == word)
    }
}

/// Largest share of the figure of the former run that passes: `parts` of `whole`, exactly as written.
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
    pub fn parse(text: &str) -> Option<Self> {
        let percent = sverka_reference::setting::exact_text(text.strip_suffix('%')?.trim()).ok()?;
        let whole = 10_u64.checked_pow(percent.scale())?.checked_mul(100)?;
        Some(Self { parts: u64::try_from(percent.mantissa()).ok()?, whole })
    }
}

impl std::fmt::Display for Growth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&percent(self.parts, self.whole))
    }
}

/// Consequence of an event for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Then {
    /// The run is published and reports the event; the exit code is 0.
    Note,
    /// The run is published and reports the event; the exit code is 1.
    Warn,
    /// The run is not published.
    Stop,
}

impl Then {
    /// Word in the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Stop => "stop",
        }
    }
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
