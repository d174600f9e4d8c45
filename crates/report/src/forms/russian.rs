//! Dates and ages in Russian, as forms print them.

use sverka_model::Date;

const MONTHS: [&str; 12] =
    ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];

/// A day such as `1 ноября 2026 года`.
pub(super) fn long_date(day: Date) -> String {
    let (year, month, day) = day.ymd();
    format!("{day} {} {year} года", MONTHS[month as usize - 1])
}

/// A day such as `01.11.2026`.
pub(super) fn numeric_date(day: Date) -> String {
    let (year, month, day) = day.ymd();
    format!("{day:02}.{month:02}.{year}")
}

/// Ages of a band as forms print them: `до 1`, `1–4`, `65 и старше`.
pub(super) fn ages(label: &str) -> String {
    match label.strip_suffix('+') {
        _ if label == "0" => "до 1".to_owned(),
        Some("0") => "все".to_owned(),
        Some(from) => format!("{from} и старше"),
        None => label.replace('-', "–"),
    }
}

/// Sex in the plural, by its code.
pub(super) fn people_of_sex(sex: i64) -> &'static str {
    if sex == 1 { "мужчины" } else { "женщины" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_ages_read_as_in_acts() {
        let day = Date::from_ymd(2026, 11, 1).expect("a day");
        assert_eq!((long_date(day), numeric_date(day)), ("1 ноября 2026 года".to_owned(), "01.11.2026".to_owned()));
        assert_eq!(["0", "1-4", "65+", "0+"].map(ages), ["до 1", "1–4", "65 и старше", "все"]);
    }
}
