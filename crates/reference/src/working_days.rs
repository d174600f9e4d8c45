//! The production calendar: working days, and the end of a term of working days (SEM-096).
//!
//! Days off are weekends, the holidays of the labour code, and the working day after a holiday on a weekend. A table of
//! single days overrules them: every year a decree moves the days off of January and exchanges other days. The purpose
//! of a term is not known here.

use std::collections::BTreeMap;

use sverka_model::Date;

use super::table::Table;
use super::{ReferenceError, ReferenceFault, ReferencePlace};

/// Holidays: month, first day and last day (labour code, article 112).
const HOLIDAYS: [(u32, u32, u32); 7] = [(1, 1, 8), (2, 23, 23), (3, 8, 8), (5, 1, 1), (5, 9, 9), (6, 12, 12), (11, 4, 4)];

/// The production calendar: the rule of the labour code, and single days that overrule it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// Single days that differ from the rule, each with whether it is worked.
    overruled: BTreeMap<Date, bool>,
}

impl WorkingDays {
    /// Reads the days that differ from the rule, from a CSV table of the columns `day` and `kind`, which is `work` or `off`; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of the table, with its line.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        let table = Table::read(file, bytes, &["day", "kind"], &[])?;
        // For the error about a repeated day.
        let mut lines: BTreeMap<Date, ReferencePlace> = BTreeMap::new();
        let mut overruled = BTreeMap::new();
        for row in table.rows() {
            let day = row.require_date("day")?;
            let is_worked = match row.require("kind")? {
                "work" => true,
                "off" => false,
                other => {
                    let (column, value, expected) = ("kind".to_owned(), other.to_owned(), "work or off".to_owned());
                    return Err(row.error(ReferenceFault::Choice { column, value, expected }));
                }
            };
            if let Some(&first) = lines.get(&day) {
                return Err(row.error(ReferenceFault::DayTwice { day: day.to_string(), first }));
            }
            lines.insert(day, row.line.into());
            overruled.insert(day, is_worked);
        }
        Ok(Self { overruled })
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        self.overruled.get(&day).copied().unwrap_or_else(|| !is_weekend(day) && !is_holiday(day) && !is_day_of_moved_holiday(day))
    }

    /// The last day of a term of working days. The day of issue counts as day 1 even if it is a day off, so a term of no or one day ends on it.
    /// [`Date::NEVER`] when the calendar ends before the term.
    #[must_use]
    pub fn last_of_term(&self, issued_on: Date, working_days: u32) -> Date {
        let mut day = issued_on;
        for _ in 1..working_days {
            day = day.next();
            while day != Date::NEVER && !self.is_worked(day) {
                day = day.next();
            }
        }
        day
    }
}

fn is_weekend(day: Date) -> bool {
    // 1970-01-01 was a Thursday.
    (i64::from(day.days()) + 3).rem_euclid(7) >= 5
}

fn is_holiday(day: Date) -> bool {
    let (_, month, of_month) = day.ymd();
    HOLIDAYS.iter().any(|&(holidays, first, last)| holidays == month && (first..=last).contains(&of_month))
}

/// Whether a day is the Monday after a holiday on a weekend, which is off (labour code, article 112, part 2). The holidays of January are excepted: a
/// decree moves them. No other holiday lies next to one, so the first working day after it is always the Monday.
fn is_day_of_moved_holiday(day: Date) -> bool {
    let before = |days| Date::from_days(day.days() - days);
    let is_monday = !is_weekend(day) && is_weekend(before(1));
    is_monday && [before(1), before(2)].into_iter().any(|of_weekend| is_holiday(of_weekend) && of_weekend.ymd().1 != 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("test date")
    }

    #[test]
    fn weekends_and_holidays_are_off() {
        let calendar = WorkingDays::default();
        for (text, worked) in [
            ("2026-10-30", true),
            ("2026-10-31", false),
            ("2026-11-01", false),
            ("2026-11-02", true),
            ("2026-11-03", true),
            ("2026-11-04", false),
            ("2026-01-08", false),
            ("2026-01-09", true),
            ("2025-12-31", true),
            ("2027-02-22", true),
            ("2027-02-23", false),
            ("2027-03-08", false),
            ("2026-05-01", false),
            // Moved from Saturday and from Sunday, each to the Monday behind it.
            ("2027-05-03", false),
            ("2027-05-10", false),
            ("2026-03-09", false),
            ("2026-05-11", false),
            ("2022-06-13", false),
            ("2022-06-14", true),
            // 1 and 2 January 2028 are a weekend; 8 January 2023 was a Sunday.
            ("2023-01-09", true),
            ("2028-01-10", true),
            ("2026-06-12", false),
            ("1969-12-31", true),
            ("1969-12-28", false),
        ] {
            assert_eq!(calendar.is_worked(day(text)), worked, "{text}");
        }
    }

    #[test]
    fn the_day_of_issue_is_the_first_of_a_term() {
        let calendar = WorkingDays::default();
        for (issued, days, last) in [
            ("2026-09-01", 1, "2026-09-01"),
            ("2026-09-01", 0, "2026-09-01"),
            ("2026-09-01", 2, "2026-09-02"),
            // 22 days of September are worked, the 30th day is 12 October.
            ("2026-09-01", 30, "2026-10-12"),
            // A Saturday counts if it is the day of issue.
            ("2026-09-05", 2, "2026-09-07"),
            // 31 December and 9 January are neighbours among working days.
            ("2025-12-31", 2, "2026-01-09"),
            ("2028-02-28", 2, "2028-02-29"),
            ("2028-02-29", 2, "2028-03-01"),
        ] {
            assert_eq!(calendar.last_of_term(day(issued), days), day(last), "{days} days from {issued}");
        }
        assert_eq!(calendar.last_of_term(day("9999-12-30"), 45), Date::NEVER);
    }

    #[test]
    fn a_table_overrules_single_days() {
        let table = "day;kind\n2026-01-09;off\n2026-02-21;work\n2026-02-23;work\n";
        let calendar = WorkingDays::read("calendar.csv", table.as_bytes()).expect("a table");
        assert_eq!(calendar.last_of_term(day("2025-12-31"), 2), day("2026-01-12"));
        assert_eq!(calendar.last_of_term(day("2026-02-20"), 3), day("2026-02-23"));
        // A decree may move a holiday elsewhere.
        let elsewhere = WorkingDays::read("calendar.csv", b"day;kind\n2025-02-24;work\n2025-05-08;off\n").expect("a table");
        assert!(elsewhere.is_worked(day("2025-02-24")) && !elsewhere.is_worked(day("2025-05-08")));
        let without_rows = WorkingDays::read("calendar.csv", b"day;kind\n").expect("a table");
        assert_eq!(without_rows.last_of_term(day("2025-12-31"), 2), day("2026-01-09"));
    }

    #[test]
    fn each_fault_of_a_calendar_names_its_line() {
        for (text, message) in [
            ("day\n", "c.csv:1: column `kind` is missing; add it to the header"),
            ("day;kind\n2026-01-09;holiday\n", "c.csv:2: `kind` is `holiday`; expected work or off"),
            ("day;kind\n09.01.2026;off\n", "c.csv:2: `day`: `09.01.2026` is not a calendar date of the form YYYY-MM-DD"),
            ("day;kind\n;off\n", "c.csv:2: `day` is empty; fill it in"),
            (
                "day;kind\n2026-01-09;off\n2026-01-09;work\n",
                "c.csv:3: 2026-01-09 stands already in line 2; keep one of the two rows",
            ),
        ] {
            assert_eq!(WorkingDays::read("c.csv", text.as_bytes()).expect_err(text).to_string(), message, "{text}");
        }
    }
}
