//! Rules and limits of a run, in the form in which the stages read them.

use rust_decimal::Decimal;

use super::row_rules::RowRules;
use super::{QualityThreshold, Severities, SourceRules, Volumes};
use sverka_model::{Category, Code, Date, MonthDay, Severity};

/// Settings of the rules that regions apply differently (`docs/job.md`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// Categories whose insurance ends with the planned end: bit `n` stands for category `n`, 0 to 14.
    pub term_limited: u16,
    /// Settings that only row checks read.
    pub rows: RowRules,
    /// Number of days after the registration of birth during which a newborn is with the insurer of the mother or representative.
    pub newborn_days: u32,
    /// Rules for changes of insurer.
    pub insurer: InsurerRules,
    /// Rules for changes of clinic.
    pub clinic: ClinicRules,
    /// Rules for sources as a whole.
    pub sources: SourceRules,
    /// Number of days after which a decision by people is due for review; `None`: never.
    pub overrides_review_days: Option<u32>,
}

impl RuleSettings {
    /// Whether the planned end ends the insurance of a category (0 to 14).
    #[must_use]
    #[inline]
    pub fn is_term_limited(&self, category: Category) -> bool {
        category.is_in(self.term_limited)
    }

    /// Makes settings and severities consistent: a rule that is off loses its limit, and a setting that switches a rule off sets its severity.
    pub fn follow(&mut self, severities: &mut Severities) {
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
}

/// Rules for changes of insurer (326-ФЗ, article 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsurerRules {
    /// Limit for voluntary changes in a calendar year.
    pub changes_per_year: u32,
    /// Last day of a year for applications for a voluntary change.
    pub deadline: MonthDay,
    /// Treatment of a change against the rules.
    pub on_violation: OnViolation,
    /// Number of months in which persons of an insurer that left without a successor have to choose another one.
    pub months_to_choose: u32,
}

impl InsurerRules {
    /// Deadline that no application misses.
    pub const NO_DEADLINE: MonthDay = MonthDay { month: 12, day: 31 };
    /// Limit that no person reaches.
    pub const NO_LIMIT: u32 = u32::MAX;
}

/// Rules for changes of clinic (323-ФЗ, article 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClinicRules {
    /// Limit for voluntary changes in a [`Window`].
    pub changes_per_year: u32,
    /// Window in which changes are counted.
    pub window: Window,
    /// Whether an attachment by application outranks one by residence.
    pub application_outranks_residence: bool,
    /// Treatment of a change against the rules.
    pub on_violation: OnViolation,
    /// Period in which applications to several clinics contradict each other.
    pub applications_period: Period,
}

impl Default for RuleSettings {
    fn default() -> Self {
        // Foreigners and refugees: 3, 5, 8 and 10 to 14.
        let term_limited = [3, 5, 8, 10, 11, 12, 13, 14].iter().fold(0, |bits, category| bits | 1 << category);
        Self {
            term_limited,
            rows: RowRules::default(),
            newborn_days: 30,
            insurer: InsurerRules::default(),
            clinic: ClinicRules::default(),
            sources: SourceRules::default(),
            overrides_review_days: None,
        }
    }
}

impl Default for InsurerRules {
    fn default() -> Self {
        // Two months to choose: known from news of two exits (Arkhangelsk 2012, Moscow 2015), not from the law itself.
        let deadline = MonthDay { month: 11, day: 1 };
        Self { changes_per_year: 1, deadline, on_violation: OnViolation::Refuse, months_to_choose: 2 }
    }
}

impl Default for ClinicRules {
    fn default() -> Self {
        Self {
            changes_per_year: 1,
            window: Window::CalendarYear,
            application_outranks_residence: true,
            on_violation: OnViolation::Refuse,
            applications_period: Period::CalendarMonth,
        }
    }
}

/// Treatment of a change against the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnViolation {
    /// The change is refused.
    Refuse,
    /// The change is accepted, counted and reported.
    Accept,
}

/// Window in which changes of clinic are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub enum Window {
    /// From 1 January.
    #[serde(rename = "calendar_year")]
    CalendarYear,
    /// The twelve months before the change.
    #[serde(rename = "rolling_12_months")]
    Rolling12Months,
}

/// Period in which events belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The same month of the same year.
    CalendarMonth,
    /// A number of days: the second event comes fewer days after the first.
    Days(u32),
}

impl Period {
    /// Whether two days are in one period; `first` must not be after `second`.
    #[must_use]
    pub fn holds(self, first: Date, second: Date) -> bool {
        match self {
            Self::CalendarMonth => {
                let ((first_year, first_month, _), (year, month, _)) = (first.ymd(), second.ymd());
                (first_year, first_month) == (year, month)
            }
            Self::Days(days) => i64::from(second.days()) - i64::from(first.days()) < i64::from(days),
        }
    }
}

impl OnViolation {
    /// Word in the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Accept => "accept",
        }
    }
}

impl Window {
    /// Word in the job file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CalendarYear => "calendar_year",
            Self::Rolling12Months => "rolling_12_months",
        }
    }
}

/// Thresholds above which a run has an event; `None`: never.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Quarantined rows.
    pub quarantined: Option<Threshold>,
    /// Findings.
    pub findings: Option<Threshold>,
    /// Decisions, of both subjects.
    pub conflicts: Option<Threshold>,
    /// Thresholds on quality figures, in the order of the job.
    pub quality: Vec<QualityThreshold>,
    /// Thresholds on volumes, compared with the former run.
    pub volumes: Volumes,
}

/// Largest number that passes without an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Number of rows, findings or decisions.
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
                write!(f, "{} of the rows", percent(parts, whole))
            }
        }
    }
}

/// Text of a share.
pub(crate) fn percent(parts: u64, whole: u64) -> String {
    format!("{}%", (Decimal::from(parts) * Decimal::ONE_HUNDRED / Decimal::from(whole)).normalize())
}

impl Threshold {
    /// Text of the threshold, with the number of rows that it is a share of.
    #[must_use]
    pub fn text_for(self, rows: u64) -> String {
        match self {
            Self::Count(most) => most.to_string(),
            Self::Share { parts, whole } => format!("{} of {rows} rows", percent(parts, whole)),
        }
    }

    /// Text of a share, such as `50%`; `None` for a number.
    #[must_use]
    pub fn share(self) -> Option<String> {
        match self {
            Self::Count(_) => None,
            Self::Share { parts, whole } => Some(percent(parts, whole)),
        }
    }

    /// Whether `count` is more than the threshold allows for `rows` rows in.
    #[must_use]
    pub fn exceeded_by(self, count: u64, rows: u64) -> bool {
        match self {
            Self::Count(most) => count > most,
            Self::Share { parts, whole } => u128::from(count) * u128::from(whole) > u128::from(parts) * u128::from(rows),
        }
    }

    /// Reads a number or a share such as `0.5%`; `None` when the text is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())).map(Self::Count);
        };
        let percent = sverka_reference::setting::exact_text(percent.trim()).ok()?;
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
    fn a_period_is_a_month_or_so_many_days() {
        let holds = |period: Period, first: &str, second: &str| {
            period.holds(first.parse().expect("a date"), second.parse().expect("a date"))
        };
        for (first, second, month, one_day, thirty_days) in [
            ("2026-10-01", "2026-10-01", true, true, true),
            ("2026-10-01", "2026-10-31", true, false, false),
            ("2026-10-01", "2026-10-30", true, false, true),
            ("2026-10-31", "2026-11-01", false, false, true),
            ("2025-10-01", "2026-10-01", false, false, false),
        ] {
            assert_eq!(holds(Period::CalendarMonth, first, second), month, "{first} {second}");
            assert_eq!(holds(Period::Days(1), first, second), one_day, "{first} {second}");
            assert_eq!(holds(Period::Days(30), first, second), thirty_days, "{first} {second}");
        }
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
