//! Thresholds on quality figures: which figures, of whom, how much of them, and what happens when there is more. The figures are judged by the engine.

use super::Threshold;
use super::rules::percent;
use sverka_model::{Code, Field};

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
    /// Words of the job file, for messages.
    pub const NAMES: &'static str = "\"quarantined\", \"duplicates\", \"finding\", \"missing\", \"conflicts_lost\"";

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

    /// Words of the job file, for messages.
    pub const NAMES: &'static str = "\"run\", \"source\", \"insurer\", \"clinic\"";

    /// The scope of a word of the job file.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
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
