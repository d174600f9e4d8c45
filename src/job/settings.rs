//! Rules and limits of a run, as the stages read them.

use rust_decimal::Decimal;

use super::Severities;
use crate::identifier::Date;
use crate::rules::{Code, Severity};

/// Settings of the rules that regions apply differently (R 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// Categories whose insurance ends with the planned end: bit `n` stands for category `n`, 0 to 14.
    pub term_limited: u16,
    /// How long temporary certificates serve: at least one entry, by their first days.
    pub certificate_terms: Vec<CertificateTerm>,
    /// Change of insurer.
    pub insurer: InsurerRules,
    /// Change of clinic.
    pub clinic: ClinicRules,
    /// After how many days a decision of people is to be looked at again; never, if none.
    pub overrides_review_days: Option<u32>,
}

impl RuleSettings {
    /// Whether the planned end ends the insurance of a category (0 to 14).
    #[must_use]
    #[inline]
    pub fn is_term_limited(&self, category: u8) -> bool {
        category < 16 && self.term_limited >> category & 1 == 1
    }

    /// Takes the rules that are off out of the settings that the timelines read, and notes as off what a setting switches off.
    pub(super) fn follow(&mut self, severities: &mut Severities) {
        if !self.clinic.application_outranks_residence {
            severities.set(Code::ApplicationOutranksResidence, Severity::Off);
        }
        self.clinic.application_outranks_residence = severities.is_on(Code::ApplicationOutranksResidence);
        if !severities.is_on(Code::ChangeDeadline) {
            self.insurer.deadline = InsurerRules::NO_DEADLINE;
        }
        if !severities.is_on(Code::ChangeLimit) {
            self.insurer.changes_per_year = InsurerRules::NO_LIMIT;
            self.clinic.changes_per_year = InsurerRules::NO_LIMIT;
        }
    }

    /// For how many working days a temporary certificate serves that was issued on a day, that day included.
    #[must_use]
    pub fn certificate_days(&self, issued_on: Date) -> u32 {
        let begun = self.certificate_terms.partition_point(|term| term.from <= issued_on);
        // What was before the first entry, nobody says; it is nearest.
        self.certificate_terms.get(begun.saturating_sub(1)).map_or(CertificateTerm::FIRST.working_days, |term| term.working_days)
    }
}

/// How long the temporary certificates serve that are issued from a day on (OMS rules; R 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateTerm {
    /// The first day of issue.
    pub from: Date,
    /// Working days, the day of issue included.
    pub working_days: u32,
}

impl CertificateTerm {
    /// Most working days of a term.
    pub(super) const MOST_DAYS: i64 = 366;
    /// 30 working days from the beginning of temporary certificates. Later rules are said to have 45; since when is unverified, so it is left to the job.
    const FIRST: Self = match Date::from_ymd(2011, 5, 1) {
        Some(from) => Self { from, working_days: 30 },
        None => panic!("1 May 2011 is a date"),
    };
}

/// How the insurer may be changed (326-ФЗ, article 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsurerRules {
    /// Voluntary changes in a calendar year.
    pub changes_per_year: u32,
    /// Month and day of the last day on which a voluntary change may be applied for.
    pub deadline: (u32, u32),
    /// What a change against the rules does.
    pub on_violation: OnViolation,
}

impl InsurerRules {
    /// The deadline that no application misses.
    pub const NO_DEADLINE: (u32, u32) = (12, 31);
    /// More changes than anybody makes.
    pub const NO_LIMIT: u32 = u32::MAX;
}

/// How the clinic may be changed (323-ФЗ, article 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClinicRules {
    /// Voluntary changes in a [`Window`].
    pub changes_per_year: u32,
    /// What a year is.
    pub window: Window,
    /// Whether an attachment by application is kept against one by residence.
    pub application_outranks_residence: bool,
    /// What a change against the rules does.
    pub on_violation: OnViolation,
}

impl Default for RuleSettings {
    fn default() -> Self {
        // Foreigners and refugees: 3, 5, 8 and 10 to 14.
        let term_limited = [3, 5, 8, 10, 11, 12, 13, 14].iter().fold(0, |bits, category| bits | 1 << category);
        Self {
            term_limited,
            certificate_terms: vec![CertificateTerm::FIRST],
            insurer: InsurerRules::default(),
            clinic: ClinicRules::default(),
            overrides_review_days: None,
        }
    }
}

impl Default for InsurerRules {
    fn default() -> Self {
        Self { changes_per_year: 1, deadline: (11, 1), on_violation: OnViolation::Refuse }
    }
}

impl Default for ClinicRules {
    fn default() -> Self {
        Self {
            changes_per_year: 1,
            window: Window::CalendarYear,
            application_outranks_residence: true,
            on_violation: OnViolation::Refuse,
        }
    }
}

/// What a change against the rules does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnViolation {
    /// It is refused.
    Refuse,
    /// It goes through, is counted, and is reported.
    Accept,
}

/// The year in which changes of clinic are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub enum Window {
    /// From 1 January.
    #[serde(rename = "calendar_year")]
    CalendarYear,
    /// The twelve months before the change.
    #[serde(rename = "rolling_12_months")]
    Rolling12Months,
}

impl OnViolation {
    /// The word of the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Accept => "accept",
        }
    }
}

impl Window {
    /// The word of the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CalendarYear => "calendar_year",
            Self::Rolling12Months => "rolling_12_months",
        }
    }
}

/// How much of each kind a run may have before it asks for attention; `None` never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Quarantined rows.
    pub quarantined: Option<Threshold>,
    /// Findings.
    pub findings: Option<Threshold>,
    /// Decisions, of both subjects.
    pub conflicts: Option<Threshold>,
}

/// The largest number that passes without notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// A number.
    Count(u64),
    /// A share of the rows in: `parts` of `whole`, exactly as written.
    Share {
        /// Numerator.
        parts: u64,
        /// Denominator, never zero.
        whole: u64,
    },
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Count(most) => write!(f, "{most}"),
            Self::Share { parts, whole } => {
                write!(f, "{}% of the rows", Decimal::from(parts) * Decimal::ONE_HUNDRED / Decimal::from(whole))
            }
        }
    }
}

impl Threshold {
    /// Whether `count` is more than the threshold allows for `rows` rows in.
    #[must_use]
    pub fn exceeded_by(self, count: u64, rows: u64) -> bool {
        match self {
            Self::Count(most) => count > most,
            Self::Share { parts, whole } => u128::from(count) * u128::from(whole) > u128::from(parts) * u128::from(rows),
        }
    }

    /// Reads a number or a share such as `0.5%`; `None` when the text is neither.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())).map(Self::Count);
        };
        let percent = crate::reference::setting::exact_text(percent.trim()).ok()?;
        let whole = 10_u64.checked_pow(percent.scale())?.checked_mul(100)?;
        let parts = u64::try_from(percent.mantissa()).ok().filter(|&parts| parts <= whole)?;
        Some(Self::Share { parts, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_compared_exactly() {
        let half_percent = Threshold::parse("0.5%").expect("share");
        assert_eq!(half_percent, Threshold::Share { parts: 5, whole: 1000 });
        assert!(!half_percent.exceeded_by(1, 200));
        assert!(half_percent.exceeded_by(1, 199));
        assert!(half_percent.exceeded_by(1, 0));
        assert!(!half_percent.exceeded_by(0, 0));
        assert!(Threshold::Share { parts: 1, whole: 3 }.exceeded_by(u64::MAX, u64::MAX));
    }

    #[test]
    fn the_term_of_a_certificate_is_that_of_its_day_of_issue() {
        let day = |text: &str| text.parse::<Date>().expect("test date");
        let rules = RuleSettings::default();
        assert_eq!([day("2010-01-01"), day("2011-05-01"), day("2030-01-01")].map(|on| rules.certificate_days(on)), [30; 3]);
        let later = CertificateTerm { from: day("2022-12-01"), working_days: 45 };
        let rules = RuleSettings { certificate_terms: vec![CertificateTerm::FIRST, later], ..rules };
        let days = [day("2000-01-01"), day("2022-11-30"), day("2022-12-01"), day("2024-02-29")];
        assert_eq!(days.map(|on| rules.certificate_days(on)), [30, 30, 45, 45]);
    }

    #[test]
    fn counts_are_exceeded_by_more_only() {
        assert!(!Threshold::Count(0).exceeded_by(0, 10));
        assert!(Threshold::Count(0).exceeded_by(1, 10));
    }

    #[test]
    fn only_numbers_and_shares_up_to_all_rows_are_read() {
        assert_eq!(Threshold::parse("100%"), Some(Threshold::Share { parts: 100, whole: 100 }));
        for bad in ["", "%", "-1", "-1%", "100.1%", "1,5%", "1.5", "+1", "many"] {
            assert_eq!(Threshold::parse(bad), None, "{bad}");
        }
    }
}
