//! Values on either side of the limits of the row checks of documents, terms and applications.

use super::people::Person;
use super::rows::{Context, Values};
use super::splitmix::SplitMix;
use crate::reference::dates::{self, Date};

/// Kind and number of a person's document. Numbers are few, so that people share them.
pub fn document(random: &mut SplitMix) -> (String, String) {
    let number = format!("{:06}", random.between(100_001, 100_060));
    let series = format!("18 {:02}", random.between(1, 3));
    match *random.pick(&["14", "14", "3", "21", "23"]) {
        "3" => ("3".to_string(), format!("{}-АН {number}", random.pick(&["I", "II", "XIV"]))),
        kind => (kind.to_string(), format!("{series} {number}")),
    }
}

const KINDS: [&str; 20] =
    ["1", "3", "7", "9", "11", "12", "13", "14", "15", "19", "21", "22", "23", "24", "25", "26", "28", "014", "99", "П"];
const NUMBERS: [&str; 24] = [
    "18 01 100001",
    "1801 № 100001",
    "18 01 10000",
    "18-01 100001",
    "1801100001",
    "II-АН 100001",
    "11-АН 100001",
    "1У-АН100002",
    "ХLС-АН 100002",
    "XLX-АН 100002",
    "IIII-АН 100003",
    "MCMXCIX-ЁЯ 1 0 0 0 0 3",
    "II-AH 100001",
    "II АН 100001",
    "П-АН 100001",
    "-",
    "№",
    "АБ 1234567",
    "аб 1234567",
    "АБ 123456",
    "ABCDEFGH 12345678",
    "ABCDEFGHI 12345678",
    "123456789012345678",
    "1234567890123456789",
];
const CITIZENSHIPS: [&str; 14] = [
    "RUS",
    "rus",
    "643",
    "РФ",
    "PФ",
    "Россия",
    "Российская  Федерация",
    "Б/Г",
    "б / г",
    "без гражданства",
    "UZB",
    "KAZ",
    "",
    "рос",
];

/// Changes some register rows, each for one of the checks.
pub fn register(random: &mut SplitMix, person: &Person, row: &mut Values, context: &Context) {
    let start = dates::parse(&row["insured_from"]).expect("a row begins");
    match random.below(28) {
        0 => {
            row.insert("doc_kind", random.pick(&KINDS).to_string());
            row.insert("category", random.below(15).to_string());
        }
        1 | 2 => {
            row.insert("doc_kind", random.pick(&["1", "3", "14", "21", "23", "25", "7", "28"]).to_string());
            row.insert("doc_number", random.pick(&NUMBERS).to_string());
        }
        3 => age_of_document(random, person, row),
        4 => renewed_passport(random, person, row),
        5 => days_of_document(random, person, row, context),
        6 => {
            row.insert("citizenship", random.pick(&CITIZENSHIPS).to_string());
            row.insert("category", random.below(15).to_string());
        }
        7 => certificate(random, row, start),
        8 => planned_end(random, row, start),
        9 => {
            let days = [person.birth_date, person.birth_date.day_before(), context.as_of, context.as_of.next_day()];
            row.insert("applied_on", random.pick(&days).to_string());
        }
        10 => {
            let end = row.get("stopped_on").or(row.get("insured_to")).and_then(|text| dates::parse(text)).unwrap_or(start);
            row.insert("applied_on", random.pick(&[end, end.day_before()]).to_string());
        }
        11 => changed_data(random, row, start),
        12 => {
            row.insert("category", random.pick(&["11", "12", "13", "14", "0"]).to_string());
            if random.chance(50) {
                row.insert("snils", String::new());
            }
        }
        13 => {
            row.insert("address", random.pick(&["ул. Мира, 1", "ул. Мира, 2"]).to_string());
        }
        _ => {}
    }
}

/// Changes some attachment rows, each for one of the checks.
pub fn attachment(random: &mut SplitMix, row: &mut Values) {
    match random.below(16) {
        0 => {
            row.insert("doc_kind", random.pick(&KINDS).to_string());
            row.insert("doc_number", random.pick(&NUMBERS).to_string());
        }
        1 => {
            row.insert("doctor_snils", random.pick(&["11223344595", "11223344594", "x", "000-000-000 00", ""]).to_string());
        }
        _ => {}
    }
}

/// The day `days` after `day`, or before it when they are negative.
fn moved(day: Date, days: i32) -> Date {
    (0..days.abs()).fold(day, |day, _| if days > 0 { day.next_day() } else { day.day_before() })
}

fn age_of_document(random: &mut SplitMix, person: &Person, row: &mut Values) {
    row.insert("doc_kind", random.pick(&["3", "24", "14"]).to_string());
    let fourteen = person.birth_date.plus_years(14);
    let days = *random.pick(&[-1, 0, 1, 2, 29, 30, 31]);
    row.insert("applied_on", moved(fourteen, days).to_string());
    if random.chance(50) {
        row.insert("doc_issued_on", moved(fourteen, *random.pick(&[-1, 0])).to_string());
    }
}

fn renewed_passport(random: &mut SplitMix, person: &Person, row: &mut Values) {
    row.insert("doc_kind", "14".to_string());
    let birthday = person.birth_date.plus_years(*random.pick(&[20, 20, 45]));
    row.insert("doc_issued_on", moved(birthday, *random.pick(&[-1, 0])).to_string());
    row.insert("applied_on", moved(birthday, *random.pick(&[0, 1, 29, 30, 31, 400])).to_string());
}

fn days_of_document(random: &mut SplitMix, person: &Person, row: &mut Values, context: &Context) {
    row.insert("doc_kind", random.pick(&["23", "11", "14", "10", "21", ""]).to_string());
    let applied = row.get("applied_on").and_then(|text| dates::parse(text)).unwrap_or(context.as_of);
    let near = [person.birth_date, applied, context.as_of];
    let issued = moved(*random.pick(&near), *random.pick(&[-1, 0, 1]));
    if random.chance(70) {
        row.insert("doc_issued_on", issued.to_string());
    }
    let last = moved(*random.pick(&[issued, context.as_of]), *random.pick(&[-1, 0, 1]));
    row.insert("doc_expires_on", last.to_string());
}

fn certificate(random: &mut SplitMix, row: &mut Values, start: Date) {
    row.insert("policy_kind", "2".to_string());
    row.insert("policy_number", "340000001".to_string());
    let days = if random.chance(60) { random.between(2, 9) } else { random.between(36, 75) };
    row.insert("insured_to", moved(start, days as i32).to_string());
}

fn planned_end(random: &mut SplitMix, row: &mut Values, start: Date) {
    row.insert("category", random.pick(&["3", "3", "5", "2", "14"]).to_string());
    let new_year = Date { year: start.year + 1, month: 1, day: 1 };
    let ends = [new_year, new_year.next_day(), new_year.plus_years(1), new_year.plus_years(1).next_day(), new_year.plus_years(2)];
    row.insert("insured_to", random.pick(&ends).to_string());
    let days = ["11-19", "11-20", "11-01", "10-31", "11-02", "12-30", "12-31", "01-01"];
    if random.chance(70) {
        row.insert("applied_on", format!("{:04}-{}", start.year - random.below(2) as i32, random.pick(&days)));
    }
}

fn changed_data(random: &mut SplitMix, row: &mut Values, start: Date) {
    let applied = row.get("applied_on").and_then(|text| dates::parse(text)).unwrap_or(start);
    row.insert("applied_on", applied.to_string());
    let (year, month) = if applied.month == 1 { (applied.year - 1, 12) } else { (applied.year, applied.month - 1) };
    let day = applied.day.min(dates::days_in_month(year, month));
    let month_before = Date { year, month, day };
    row.insert("changed_on", moved(month_before, random.between(0, 6) as i32 - 3).to_string());
}
