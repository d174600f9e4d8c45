//! Days in arguments: a date, or `today`.

use sverka_model::Date;

/// Day of a text: `YYYY-MM-DD`, or `today` by the clock and the time zone of the machine.
pub(super) fn day(text: &str) -> Result<Date, String> {
    match text {
        "today" => Ok(today()),
        _ => text.parse::<Date>().map_err(|wrong| format!("{wrong}, nor the word `today`")),
    }
}

/// Current day in the time zone of the machine (`TZ`, else that of the system).
pub(super) fn today() -> Date {
    let now = jiff::Zoned::now();
    let [month, day] = [now.month(), now.day()].map(|number| u32::try_from(number).expect("months and days are positive"));
    Date::from_ymd(i32::from(now.year()), month, day).expect("the clock shows a calendar date")
}

#[cfg(test)]
mod tests {
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
}
