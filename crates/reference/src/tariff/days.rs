//! Count days of a tariff: days on which people are counted, beside the as-of date.

use sverka_model::Date;

/// A day on which people are counted, as an index of [`Tariff::days`](super::Tariff::days).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayId(usize);

impl DayId {
    /// The as-of date.
    pub const AS_OF: Self = Self(0);

    /// The day at an index of the tariff's days.
    #[must_use]
    pub const fn new(index: usize) -> Self {
        Self(index)
    }

    /// The index of the tariff's days.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// Days on which people are counted, each once: the as-of date, then the others in the order in which the tariff names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days(Vec<Date>);

impl Days {
    /// The as-of date alone.
    pub(super) fn new(as_of: Date) -> Self {
        Self(vec![as_of])
    }

    /// The number of a day, which is added if it is new.
    pub(super) fn add(&mut self, day: Date) -> DayId {
        let known = self.0.iter().position(|&known| known == day);
        DayId(known.unwrap_or_else(|| {
            self.0.push(day);
            self.0.len() - 1
        }))
    }

    /// The day with a number.
    pub(super) fn day(&self, id: DayId) -> Date {
        self.0[id.0]
    }

    /// The days.
    pub(super) fn into_vec(self) -> Vec<Date> {
        self.0
    }
}

/// The first day of the month of a day, some months later.
pub(super) fn first_of_month(day: Date, months_later: u32) -> Date {
    let (year, month, _) = day.ymd();
    Date::from_ymd(year, month, 1).expect("invariant: each month has a first day").months_later(months_later)
}
