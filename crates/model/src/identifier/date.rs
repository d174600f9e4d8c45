//! Calendar dates as a count of days, as Arrow's `Date32` stores them; reading and writing them, ages and terms of months.
//!
//! Working days, and the rules about dates, are not known here.

use std::fmt;

use super::{EightDigits, HIGH_BITS, two_digits};

/// A day of the proleptic Gregorian calendar, as days since 1970-01-01.
///
/// Intervals are half-open, `[from, to)`; [`Date::NEVER`] stands for "no end", so that the earliest of several ends is `min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Date(i32);

/// Notation of the dates of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub enum DateFormat {
    /// `2026-11-01`
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    /// `20261101`
    #[serde(rename = "YYYYMMDD")]
    Compact,
    /// `01.11.2026`
    #[serde(rename = "DD.MM.YYYY")]
    Dotted,
    /// `2026-11-01`, or `2026-11-01T00:00:00` with any time, fraction and zone, the notation of dates in XML. Only the
    /// date counts.
    #[serde(rename = "YYYY-MM-DD[Thh:mm:ss]")]
    DateTime,
    /// Any of the other notations, recognised by length and punctuation: for senders whose notation is unknown.
    #[serde(rename = "any")]
    Any,
}

impl DateFormat {
    /// The name of the format in layouts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Iso => "YYYY-MM-DD",
            Self::Compact => "YYYYMMDD",
            Self::Dotted => "DD.MM.YYYY",
            Self::DateTime => "YYYY-MM-DD[Thh:mm:ss]",
            Self::Any => "any",
        }
    }
}

/// Length of a Julian year (365.25 days) in quarters of a day.
const YEAR_QUARTERS: i64 = 1461;
/// Longest age that the mean length of a year decides. Within 150 years a birthday is at most three days away from a multiple of the mean length: two
/// days for 1800, 1900 and 2100, which are no leap years, and one day for the place in the leap cycle.
const MEAN_YEARS_MAX: i64 = 150;
/// Four days in quarters of a day: within this distance of a birthday only the calendar decides the age.
const BIRTHDAY_MARGIN_QUARTERS: i64 = 4 * 4;

impl Date {
    /// A value after every date: the end of an interval without end.
    pub const NEVER: Self = Self(i32::MAX);
    /// A value before every date, for a missing `source_date`.
    pub const EARLIEST: Self = Self(i32::MIN);
    /// 9999-12-31, the last date of every format. As an end it means "no end".
    pub const LAST: Self = match Self::from_ymd(9999, 12, 31) {
        Some(last) => last,
        None => panic!("31 December 9999 is a date"),
    };

    /// A date from its number of days since 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// This date, or `None` for [`Date::NEVER`] and [`Date::EARLIEST`].
    #[must_use]
    pub fn known(self) -> Option<Self> {
        (self != Self::NEVER && self != Self::EARLIEST).then_some(self)
    }

    /// The date of a year (1 to 9999), month and day, if the calendar has it.
    #[must_use]
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        // Years begin on 1 March, from year 0 on, so that the leap day ends the year.
        let shifted = if month > 2 { year } else { year - 1 };
        let era = shifted / 400;
        let year_of_era = shifted % 400;
        let month_from_march = (month + 9) % 12;
        let day_of_year = ((153 * month_from_march + 2) / 5 + day - 1) as i32;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month (1 to 12) and day of the month.
    #[must_use]
    pub const fn ymd(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month, day)
    }

    /// Month and day of the month.
    #[must_use]
    pub const fn month_day(self) -> MonthDay {
        let (_, month, day) = self.ymd();
        MonthDay { month, day }
    }

    /// The calendar year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.ymd().0
    }

    /// The day after; [`Date::NEVER`] after [`Date::LAST`].
    #[must_use]
    pub const fn next(self) -> Self {
        if self.0 >= Self::LAST.0 { Self::NEVER } else { Self(self.0 + 1) }
    }

    /// The end that a source means by this date: `None` for [`Date::LAST`], which many systems write for "no end".
    #[must_use]
    pub fn as_end(self) -> Option<Self> {
        (self != Self::LAST).then_some(self)
    }

    /// Reads a date written exactly as `format`, with four-digit years.
    #[must_use]
    #[inline]
    pub fn parse(text: &[u8], format: DateFormat) -> Option<Self> {
        match format {
            DateFormat::Iso => Self::parse_iso(text.try_into().ok()?),
            DateFormat::Compact => {
                let digits: [u8; 8] = text.try_into().ok()?;
                let pairs = pairs(EightDigits::read(digits)?.0);
                Self::from_calendar(pair(pairs, 0) * 100 + pair(pairs, 2), pair(pairs, 4), pair(pairs, 6))
            }
            DateFormat::Dotted => {
                let &[d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4] = text else { return None };
                let pairs = pairs(EightDigits::read([y1, y2, y3, y4, m1, m2, d1, d2])?.0);
                Self::from_calendar(pair(pairs, 0) * 100 + pair(pairs, 2), pair(pairs, 4), pair(pairs, 6))
            }
            DateFormat::DateTime => Self::parse_date_time(text),
            DateFormat::Any => match *text {
                [_, _, b'.', ..] => Self::parse(text, DateFormat::Dotted),
                [_, _, _, _, b'-', ..] => Self::parse_date_time(text),
                _ => Self::parse(text, DateFormat::Compact),
            },
        }
    }

    fn parse_date_time(text: &[u8]) -> Option<Self> {
        let (date, time) = text.split_at_checked(10)?;
        let may_be_in_time = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'+' | b'-' | b'Z');
        let has_time = match time {
            [] => true,
            [b'T' | b' ', rest @ ..] => rest.len() >= 5 && rest.iter().all(may_be_in_time),
            _ => false,
        };
        Self::parse(date, DateFormat::Iso).filter(|_| has_time)
    }

    /// Reads `YYYY-MM-DD`: the century by itself, the other eight bytes at once.
    ///
    /// ```text
    /// bytes 3 to 10     '2' '6' '-' '1' '1' '-' '0' '1'
    /// xor "00-00-00"     2   6   0   1   1   0   0   1     a digit becomes its value, a dash becomes 0
    /// + 76 76 7F …      78  7C  7F  77  77  7F  76  77     the high bit shows a digit above 9, or a separator above 0
    /// pairs             26   .   .  11   .   .   1   .     year of the century, month, day
    /// ```
    #[inline]
    fn parse_iso(text: [u8; 10]) -> Option<Self> {
        let [c1, c2, rest @ ..] = text;
        let digits = u64::from_le_bytes(rest) ^ u64::from_le_bytes(*b"00-00-00");
        let wrong = digits | digits.wrapping_add(u64::from_le_bytes([0x76, 0x76, 0x7F, 0x76, 0x76, 0x7F, 0x76, 0x76]));
        if wrong & HIGH_BITS != 0 {
            return None;
        }
        let pairs = pairs(digits);
        let century = match [c1, c2] {
            [b'1', b'9'] => 1900,
            [b'2', b'0'] => 2000,
            _ => two_digits(c1, c2)? * 100,
        };
        Self::from_calendar(century + pair(pairs, 0), pair(pairs, 3), pair(pairs, 6))
    }

    /// The same as [`Self::from_ymd`]. Two table look-ups replace the arithmetic for the years 1900 to 2099, the birth
    /// years of living persons.
    #[inline]
    pub(super) fn from_calendar(year: u32, month: u32, day: u32) -> Option<Self> {
        let Some(&packed_year) = YEARS.get(year.wrapping_sub(FIRST_YEAR) as usize) else {
            return Self::from_ymd(year as i32, month, day);
        };
        // The lowest bit of a packed year selects the half of the months' table.
        let leap = (packed_year & 1) as u32;
        let &(days_before, length) =
            MONTHS.get((leap * HALF_TABLE).wrapping_add(month) as usize).filter(|_| month < HALF_TABLE)?;
        let day = day.wrapping_sub(1);
        (day < u32::from(length)).then(|| Self((packed_year >> 1) + i32::from(days_before) + day as i32))
    }

    /// Full calendar years from this birth date to `on`; someone born on 29 February turns a year older on 1 March of common years.
    #[must_use]
    #[inline]
    pub fn age_on(self, on: Self) -> i32 {
        // The mean length of a year decides on every day that is not near a birthday, without the calendar.
        let quarters = 4 * (i64::from(on.0) - i64::from(self.0));
        let (years, into_year) = (quarters / YEAR_QUARTERS, quarters % YEAR_QUARTERS);
        let away_from_birthday = BIRTHDAY_MARGIN_QUARTERS..YEAR_QUARTERS - BIRTHDAY_MARGIN_QUARTERS;
        if (0..=MEAN_YEARS_MAX).contains(&years) && away_from_birthday.contains(&into_year) {
            return years as i32;
        }
        self.age_by_calendar(on)
    }

    fn age_by_calendar(self, on: Self) -> i32 {
        let (birth_year, birth_month, birth_day) = self.ymd();
        let (year, month, day) = on.ymd();
        year - birth_year - i32::from((month, day) < (birth_month, birth_day))
    }

    /// The day on which someone born on this date turns `years`: 1 March for 29 February in common years.
    #[must_use]
    pub fn birthday(self, years: i32) -> Self {
        let (year, month, day) = self.ymd();
        Self::from_ymd(year + years, month, day).or_else(|| Self::from_ymd(year + years, 3, 1)).unwrap_or(Self::NEVER)
    }

    /// The same day `months` months later, or the last day of that month when it has no such day (Civil Code, article 192).
    #[must_use]
    pub fn months_later(self, months: u32) -> Self {
        let (year, month, day) = self.ymd();
        let count = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
        let (Ok(year), month) = (i32::try_from(count.div_euclid(12)), count.rem_euclid(12) as u32 + 1) else {
            return Self::NEVER;
        };
        Self::from_ymd(year, month, day.min(days_in_month(year, month))).unwrap_or(Self::NEVER)
    }
}

/// Two-digit numbers: each byte but the last becomes 10 times itself plus the next byte. Digits 0 to 9 give at most 99, so no byte carries.
#[inline]
fn pairs(digits: u64) -> u64 {
    digits * 10 + (digits >> 8)
}

/// One byte of [`pairs`], counted from 0.
#[inline]
fn pair(pairs: u64, byte: u32) -> u32 {
    (pairs >> (byte * 8)) as u32 & 0xFF
}

/// The first year of [`YEARS`].
const FIRST_YEAR: u32 = 1900;

/// Packed years from [`FIRST_YEAR`] on: the day number of 1 January shifted left by one bit; the lowest bit is set for leap years.
static YEARS: [i32; 200] = {
    let mut years = [0; 200];
    let mut index = 0;
    while index < years.len() {
        let year = FIRST_YEAR as i32 + index as i32;
        match Date::from_ymd(year, 1, 1) {
            Some(first) => years[index] = first.0 * 2 + (days_in_month(year, 2) == 29) as i32,
            None => panic!("every year has a first day"),
        }
        index += 1;
    }
    years
};

/// Months of common years, then those of leap years: days of the year before the month, and its length. Numbers 0 and 13 to 15 have the length 0.
static MONTHS: [(u16, u16); 2 * HALF_TABLE as usize] = {
    let mut months = [(0, 0); 2 * HALF_TABLE as usize];
    let mut leap = 0;
    while leap < 2 {
        let year = if leap == 1 { 2000 } else { 2001 };
        let (mut month, mut before) = (1, 0);
        while month <= 12 {
            let length = days_in_month(year, month) as u16;
            months[(leap * HALF_TABLE + month) as usize] = (before, length);
            before += length;
            month += 1;
        }
        leap += 1;
    }
    months
};
/// Entries of [`MONTHS`] for one kind of year: a power of two above 12, so that an index is a shift.
const HALF_TABLE: u32 = 16;

const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Day of any year. Days compare in the order of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NEVER => f.write_str("never"),
            Self::EARLIEST => f.write_str("unknown"),
            _ => {
                let (year, month, day) = self.ymd();
                write!(f, "{year:04}-{month:02}-{day:02}")
            }
        }
    }
}

impl std::str::FromStr for Date {
    type Err = String;

    /// Reads an ISO date, `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text.as_bytes(), DateFormat::Iso)
            .ok_or_else(|| format!("`{text}` is not a calendar date of the form YYYY-MM-DD"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("test date")
    }

    #[test]
    fn dates_of_xml_may_have_a_time_and_an_unknown_notation_is_recognised() {
        let date = Date::from_ymd(2026, 10, 31);
        for text in
            ["2026-10-31", "2026-10-31T00:00:00", "2026-10-31T23:59:59.999+03:00", "2026-10-31T00:00", "2026-10-31 00:00:00"]
        {
            assert_eq!(Date::parse(text.as_bytes(), DateFormat::DateTime), date, "{text}");
            assert_eq!(Date::parse(text.as_bytes(), DateFormat::Any), date, "{text}");
        }
        for text in ["", "2026-10-3", "2026-10-31T", "2026-10-31x00:00:00", "2026-10-31T00:0x", "2026-13-01T00:00:00"] {
            assert_eq!(Date::parse(text.as_bytes(), DateFormat::DateTime), None, "{text}");
        }
        for text in ["20261031", "31.10.2026"] {
            assert_eq!(Date::parse(text.as_bytes(), DateFormat::Any), date, "{text}");
        }
        assert_eq!(Date::parse(b"31/10/2026", DateFormat::Any), None);
    }

    #[test]
    fn months_end_on_the_same_day_or_on_the_last_one() {
        for (from, months, to) in [
            ("2026-09-01", 2, "2026-11-01"),
            ("2026-11-30", 2, "2027-01-30"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2027-12-31", 2, "2028-02-29"),
            ("2027-12-29", 2, "2028-02-29"),
            ("2026-08-31", 1, "2026-09-30"),
            ("2026-03-15", 0, "2026-03-15"),
            ("2026-01-31", 25, "2028-02-29"),
        ] {
            assert_eq!(date(from).months_later(months), date(to), "{from} and {months}");
        }
        assert_eq!(date("2026-01-31").months_later(u32::MAX), Date::NEVER);
    }

    #[test]
    fn days_and_dates_are_inverse_over_four_centuries() {
        let mut day = date("1799-12-31");
        let end = date("2200-01-01");
        let mut last = day.ymd();
        while day < end {
            day = day.next();
            let (y, m, d) = day.ymd();
            assert_eq!(Date::from_ymd(y, m, d), Some(day));
            assert!((y, m, d) > last);
            last = (y, m, d);
        }
        assert_eq!(date("1970-01-01").days(), 0);
        assert_eq!(date("2000-03-01").days(), 11_017);
    }

    #[test]
    fn only_calendar_dates_are_read() {
        for bad in
            ["2023-02-29", "2024-02-30", "2024-13-01", "2024-00-01", "2024-1-01", "0000-01-01", "20240101", "2024-01-0x", ""]
        {
            assert_eq!(Date::parse(bad.as_bytes(), DateFormat::Iso), None, "{bad}");
        }
        assert_eq!(Date::parse(b"20240229", DateFormat::Compact), Date::from_ymd(2024, 2, 29));
        assert_eq!(Date::parse(b"29.02.2024", DateFormat::Dotted), Date::from_ymd(2024, 2, 29));
        assert_eq!(Date::parse(b"2024.02.29", DateFormat::Dotted), None);
    }

    #[test]
    fn every_way_to_a_date_agrees() {
        for year in [1, 1899, 1900, 1999, 2000, 2023, 2024, 2099, 2100, 9999] {
            for month in 0..=99 {
                for day in 0..=99 {
                    let date = Date::from_ymd(year, month, day);
                    for (text, format) in [
                        (format!("{year:04}-{month:02}-{day:02}"), DateFormat::Iso),
                        (format!("{year:04}{month:02}{day:02}"), DateFormat::Compact),
                        (format!("{day:02}.{month:02}.{year:04}"), DateFormat::Dotted),
                    ] {
                        assert_eq!(Date::parse(text.as_bytes(), format), date, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn one_wrong_byte_makes_no_date() {
        for (good, format) in
            [("2024-02-29", DateFormat::Iso), ("20240229", DateFormat::Compact), ("29.02.2024", DateFormat::Dotted)]
        {
            for index in 0..good.len() {
                for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit() && *byte != good.as_bytes()[index]) {
                    let mut text = good.as_bytes().to_vec();
                    text[index] = byte;
                    assert_eq!(Date::parse(&text, format), None, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn after_the_last_day_there_is_no_date() {
        assert_eq!(date("9999-12-30").next(), date("9999-12-31"));
        assert_eq!(date("9999-12-31").next(), Date::NEVER);
        assert_eq!(Date::NEVER.next(), Date::NEVER);
    }

    #[test]
    fn age_counts_full_calendar_years() {
        let born = date("2008-02-29");
        assert_eq!(born.age_on(date("2026-02-28")), 17);
        assert_eq!(born.age_on(date("2026-03-01")), 18);
        assert_eq!(born.birthday(18), date("2026-03-01"));
        assert_eq!(born.birthday(20), date("2028-02-29"));
        assert_eq!(date("2000-11-01").age_on(date("2026-10-31")), 25);
        assert_eq!(date("2000-11-01").age_on(date("2026-11-01")), 26);
    }

    #[test]
    fn the_mean_length_of_a_year_gives_no_wrong_age() {
        let first = date("1780-01-01").days();
        let leap_days = (1780..2120).step_by(4).filter_map(|year| Date::from_ymd(year, 2, 29));
        for birth in (first..first + 365 * 340).step_by(61).map(Date::from_days).chain(leap_days) {
            let (_, month, day) = birth.ymd();
            for years in [-1, 0, 1, 2, 3, 4, 13, 14, 18, 75, 99, 100, 101, 149, 150, 151, 199] {
                let year = birth.year() + years;
                let near = Date::from_ymd(year, month, day).unwrap_or_else(|| Date::from_ymd(year, 3, 1).expect("a date")).days();
                for on in (near - 9..near + 9).chain([near + 120]).map(Date::from_days) {
                    assert_eq!(birth.age_on(on), birth.age_by_calendar(on), "{birth} on {on}");
                }
            }
        }
        assert_eq!(date("2000-11-01").age_on(Date::NEVER), date("2000-11-01").age_by_calendar(Date::NEVER));
    }
}
