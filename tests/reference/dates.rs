//! Calendar dates in the plainest way: three numbers compared in order. Knows nothing of the rules that use them.

use std::fmt;

/// A calendar date, compared by year, then month, then day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub year: i32,
    pub month: u32,
    pub day: u32,
}

/// The end of an interval that has no end: later than every date that can be written.
pub const FOREVER: Date = Date { year: 99_999, month: 1, day: 1 };

/// The date that the text writes as `YYYY-MM-DD`, when the calendar has it.
pub fn parse(text: &str) -> Option<Date> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() != 10 || chars[4] != '-' || chars[7] != '-' {
        return None;
    }
    for (at, char) in chars.iter().enumerate() {
        if at != 4 && at != 7 && !char.is_ascii_digit() {
            return None;
        }
    }
    real(text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?)
}

/// The date with these numbers, when the calendar has it.
pub fn real(year: i32, month: u32, day: u32) -> Option<Date> {
    if year < 1 || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    Some(Date { year, month, day })
}

pub fn is_leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    pub fn next_day(self) -> Date {
        if self.day < days_in_month(self.year, self.month) {
            Date { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Date { month: self.month + 1, day: 1, ..self }
        } else {
            Date { year: self.year + 1, month: 1, day: 1 }
        }
    }

    pub fn day_before(self) -> Date {
        if self.day > 1 {
            Date { day: self.day - 1, ..self }
        } else if self.month > 1 {
            Date { month: self.month - 1, day: days_in_month(self.year, self.month - 1), ..self }
        } else {
            Date { year: self.year - 1, month: 12, day: 31 }
        }
    }

    /// The same day of a later year; 29 February becomes 1 March in a year without it.
    pub fn plus_years(self, years: i32) -> Date {
        let year = self.year + years;
        real(year, self.month, self.day).unwrap_or(Date { year, month: 3, day: 1 })
    }

    /// Full calendar years of someone born on `self`, on the day `on`.
    pub fn age_on(self, on: Date) -> i32 {
        let mut years = on.year - self.year;
        if self.plus_years(years) > on {
            years -= 1;
        }
        years
    }

    /// The end of an interval; `None` for one without an end.
    pub fn as_end(self) -> Option<Date> {
        if self == FOREVER { None } else { Some(self) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A half-open interval of days: `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub from: Date,
    pub to: Date,
}

impl Interval {
    /// Whether both intervals have a day in common.
    pub fn overlaps(self, other: Interval) -> bool {
        self.from < other.to && other.from < self.to
    }

    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// The days that both intervals have; without days when they have none in common.
    pub fn common(self, other: Interval) -> Interval {
        Interval { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    pub fn has_days(self) -> bool {
        self.from < self.to
    }
}
