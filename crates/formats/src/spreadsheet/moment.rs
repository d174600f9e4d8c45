//! Dates of spreadsheets: numbers of days from an epoch, and the formats of cells that show them.

use sverka_model::Date;

/// The day from which numbers of days count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Epoch {
    /// 1 is 1 January 1900, and 60 is the 29 February that 1900 did not have.
    #[default]
    Of1900,
    /// 0 is 1 January 1904: Excel on old Macintosh computers.
    Of1904,
    /// 0 is 30 December 1899: LibreOffice.
    Of1899,
}

/// A day with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// Seconds since midnight.
    pub second: u32,
}

const SECONDS_A_DAY: f64 = 86_400.0;

impl Epoch {
    /// The first number that is no day: 1 January 10000 in the earliest epoch.
    const END: f64 = 2_958_466.0;

    /// The moment of a number of days; `None` for a number that is no day of the calendar.
    #[must_use]
    pub fn moment(self, days: f64) -> Option<Moment> {
        if !(0.0..Self::END).contains(&days) {
            return None;
        }
        let seconds = (days * SECONDS_A_DAY).round();
        let (whole, second) = ((seconds / SECONDS_A_DAY).floor(), seconds.rem_euclid(SECONDS_A_DAY));
        let first = |year, month, day| Date::from_ymd(year, month, day).map(Date::days);
        let zero = match self {
            Self::Of1900 if whole == 60.0 => return None,
            Self::Of1900 if whole < 60.0 => first(1899, 12, 31),
            Self::Of1900 | Self::Of1899 => first(1899, 12, 30),
            Self::Of1904 => first(1904, 1, 1),
        };
        Some(Moment { day: Date::from_days(zero? + whole as i32), second: second as u32 })
    }
}

/// Whether a built-in format of a file shows a date or a time (ECMA-376, part 1, 18.8.30). The file gives its number, and no code.
pub(super) fn is_built_in_date_format(number: u32) -> bool {
    // 14 to 22 and 45 to 47 are dates and times everywhere; 27 to 36 and 50 to 58 are dates of East Asian editions.
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether the code of a format shows a date or a time: it has a letter for one outside of quotes, brackets and escapes.
pub(super) fn is_date_format_code(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|quote| *quote == '"')),
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|closing| *closing != ']').collect();
                let is_elapsed =
                    !inside.is_empty() && inside.chars().all(|letter| matches!(letter, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                if is_elapsed {
                    return true;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return !code.eq_ignore_ascii_case("standard"),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(epoch: Epoch, days: f64) -> Option<String> {
        epoch.moment(days).map(|moment| format!("{} {}", moment.day, moment.second))
    }

    #[test]
    fn numbers_of_days_are_dates() {
        for (epoch, days, expected) in [
            (Epoch::Of1900, 1.0, Some("1900-01-01 0")),
            (Epoch::Of1900, 59.0, Some("1900-02-28 0")),
            (Epoch::Of1900, 60.0, None),
            (Epoch::Of1900, 61.0, Some("1900-03-01 0")),
            (Epoch::Of1900, 30_746.0, Some("1984-03-05 0")),
            (Epoch::Of1900, 30_746.5, Some("1984-03-05 43200")),
            (Epoch::Of1900, 30_745.999_999_999, Some("1984-03-05 0")),
            (Epoch::Of1904, 29_284.0, Some("1984-03-05 0")),
            (Epoch::Of1899, 30_746.0, Some("1984-03-05 0")),
            (Epoch::Of1899, 2_958_465.0, Some("9999-12-31 0")),
            (Epoch::Of1900, 19_840_305.0, None),
            (Epoch::Of1900, -1.0, None),
            (Epoch::Of1900, f64::NAN, None),
        ] {
            assert_eq!(day(epoch, days).as_deref(), expected, "{days}");
        }
    }

    #[test]
    fn letters_of_a_format_show_whether_it_is_one_of_dates() {
        for code in ["dd.mm.yyyy", "yyyy\\-mm\\-dd", "[$-419]d mmm yyyy;@", "h:mm", "[h]:mm", "DD/MM/YY", "d"] {
            assert!(is_date_format_code(code), "{code}");
        }
        for code in
            ["General", "0", "#,##0.00\"д.\"", "[Red]0.00", "@", "0.00E+00", "\\d0", "[$сом-440]0", "\"days\" 0", "", "_d0"]
        {
            assert!(!is_date_format_code(code), "{code}");
        }
    }

    #[test]
    fn built_in_formats_of_dates_lie_in_four_ranges() {
        let ends = [(13, 14), (26, 27), (44, 45), (49, 50)].map(|(other, date)| [other, date]);
        assert!(ends.iter().all(|[other, date]| !is_built_in_date_format(*other) && is_built_in_date_format(*date)));
        let ends = [(22, 23), (36, 37), (47, 48), (58, 59)].map(|(date, other)| [date, other]);
        assert!(ends.iter().all(|[date, other]| is_built_in_date_format(*date) && !is_built_in_date_format(*other)));
        assert!(!is_built_in_date_format(0));
    }
}
