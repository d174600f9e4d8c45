//! Days in arguments: a date, `today` or `month-start`.

use std::str::FromStr;

use jiff::tz::TimeZone;

use sverka_model::Date;

/// Day that the user named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayChoice {
    Date(Date),
    /// Current day.
    Today,
    /// First day of the current month.
    MonthStart,
}

impl FromStr for DayChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "today" => Ok(Self::Today),
            "month-start" => Ok(Self::MonthStart),
            _ => text.parse().map(Self::Date).map_err(|wrong| format!("{wrong}, nor the word `today` or `month-start`")),
        }
    }
}

impl DayChoice {
    /// Day by the clock of the machine in a time zone.
    pub(super) fn date(self, zone: &TimeZone) -> Date {
        self.date_at(jiff::Timestamp::now(), zone)
    }

    fn date_at(self, now: jiff::Timestamp, zone: &TimeZone) -> Date {
        let now = now.to_zoned(zone.clone());
        let [month, day] = [now.month(), now.day()].map(|number| u32::try_from(number).expect("months and days are positive"));
        let date = |day| Date::from_ymd(i32::from(now.year()), month, day).expect("the clock shows a calendar date");
        match self {
            Self::Date(date) => date,
            Self::Today => date(day),
            Self::MonthStart => date(1),
        }
    }
}

/// Day of a text, in the time zone of the machine.
pub(super) fn day(text: &str) -> Result<Date, String> {
    Ok(text.parse::<DayChoice>()?.date(&TimeZone::system()))
}

/// Current day in the time zone of the machine (`TZ`, else that of the system).
pub(super) fn today() -> Date {
    DayChoice::Today.date(&TimeZone::system())
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::*;

    #[test]
    fn a_day_is_a_date_or_today() {
        assert_eq!(day("2026-11-01"), Ok(Date::from_ymd(2026, 11, 1).expect("a date")));
        assert_eq!(day("2026-02-30").expect_err("no date").matches("today").count(), 1);
        assert!(day("Today").is_err() && day("").is_err());
        // Midnight may pass between the two.
        let (before, named, after) = (today(), day("today").expect("a day"), today());
        assert!((before..=after).contains(&named));
    }

    #[test]
    fn the_zone_says_which_day_and_month_it_is() {
        let now: jiff::Timestamp = "2026-10-31T22:30:00Z".parse().expect("a time");
        let moscow = TimeZone::fixed(Offset::from_seconds(3 * 3600).expect("an offset"));
        let told = |choice: DayChoice, zone: &TimeZone| choice.date_at(now, zone).to_string();
        assert_eq!(
            (told(DayChoice::Today, &TimeZone::UTC), told(DayChoice::Today, &moscow)),
            ("2026-10-31".into(), "2026-11-01".into())
        );
        assert_eq!(told(DayChoice::MonthStart, &TimeZone::UTC), "2026-10-01");
        assert_eq!(told(DayChoice::MonthStart, &moscow), "2026-11-01");
    }
}
