//! The months and nights of a history. A step is a night in which files arrive and a run is made (SEM-460).

use super::super::world::ymd;
use sverka_model::Date;

/// Most months of a history.
pub(super) const MAX_MONTHS: u32 = 24;
/// Most nights of a month, so that all nights lie behind its first day and before the next month.
pub(super) const MAX_NIGHTS: u32 = 25;

/// Step of a history, from 1. Step 0 is what was known before the first night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step(pub u16);

impl Step {
    /// Before the first night.
    pub const BEFORE: Self = Self(0);
    /// The first night.
    pub const FIRST: Self = Self(1);

    /// The step after this one.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Number of months and of nights of each month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HistoryLength {
    pub months: u32,
    pub nights: u32,
}

/// Steps of a history with their days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    last_month: Date,
    length: HistoryLength,
}

impl Calendar {
    /// The calendar of a history that ends with a month.
    pub fn new(last_month: Date, length: HistoryLength) -> Self {
        Self { last_month, length }
    }

    /// Number of months.
    pub fn months(&self) -> u32 {
        self.length.months
    }

    /// Number of steps, which is the last step, too.
    pub fn last(&self) -> Step {
        Step((self.length.months * self.length.nights) as u16)
    }

    /// All steps.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = Step> + use<> {
        (1..=self.last().0).map(Step)
    }

    /// Month of a step, from 0.
    pub fn month(&self, step: Step) -> u32 {
        u32::from(step.0.saturating_sub(1)) / self.length.nights
    }

    /// Night of a step in its month, from 1.
    pub fn night(&self, step: Step) -> u32 {
        u32::from(step.0.saturating_sub(1)) % self.length.nights + 1
    }

    /// First day of a month, which is the as-of date of its nights.
    pub fn first_of_month(&self, month: u32) -> Date {
        let (year, last, _) = self.last_month.ymd();
        let index = year * 12 + last as i32 - 1 - (self.length.months as i32 - 1 - month as i32);
        ymd(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1)
    }

    /// As-of date of the first month.
    pub fn first_day(&self) -> Date {
        self.first_of_month(0)
    }

    /// As-of date of a step.
    pub fn as_of(&self, step: Step) -> Date {
        self.first_of_month(self.month(step))
    }

    /// Day on which the files of a step are made, behind its as-of date.
    pub fn made_on(&self, step: Step) -> Date {
        let apart = (MAX_NIGHTS / self.length.nights) as i32;
        Date::from_days(self.as_of(step).days() + 1 + (self.night(step) as i32 - 1) * apart)
    }

    /// Name of the folder of a step.
    pub fn folder(&self, step: Step) -> String {
        format!("{}_{}", self.as_of(step), self.night(step))
    }
}
