//! Rows of a flat dump of a region: 24 columns without header, a row for a person's insurance and attachment.

use std::fmt::Write as _;

use super::{AttachmentFields, RegisterFields, encode, reordered, spread};
use sverka_formats::Encoding;

/// Text of a column without a value.
const NULL: &str = "NULL";

const STREETS: [&str; 6] = ["Садовая", "Мира", "Степная", "Набережная", "Школьная", "Полевая"];

/// Appends a row with its line break. Invented values of columns that sverka does not read follow from the number `person`.
pub(in crate::generate) fn write(
    person: u64,
    register: &RegisterFields<'_>,
    attachment: Option<&AttachmentFields<'_>>,
    encoding: Encoding,
    out: &mut Vec<u8>,
) {
    let mut text = String::with_capacity(384);
    for value in [register.surname, register.given_name, register.patronymic, sex(person, register.sex)] {
        text.extend([value, ";"]);
    }
    date(&mut text, register.birth_date, "");
    text.extend([register.snils, ";", register.enp, ";"]);
    address(&mut text, person);
    text.extend([register.insurer, ";"]);
    let _ = write!(text, "10234000{:0>5};", register.insurer);
    date(&mut text, register.insured_from, "");
    date(&mut text, register.stopped_on, NULL);
    date(&mut text, register.insured_to, NULL);
    let (series, number) = register.policy_number.rsplit_once(' ').unwrap_or(("", register.policy_number));
    for value in [letter(person, register.policy_kind), series, number, register.reason] {
        optional(&mut text, value);
    }
    match attachment {
        Some(row) => {
            optional(&mut text, row.clinic);
            date(&mut text, row.attached_from, NULL);
            date(&mut text, row.attached_to, NULL);
            for value in [row.district, row.doctor_snils, row.method] {
                optional(&mut text, value);
            }
        }
        None => (0..6).for_each(|_| optional(&mut text, "")),
    }
    text.pop();
    text.push('\n');
    encode(encoding, &text, out);
}

/// Appends a value, or [`NULL`], and the delimiter.
fn optional(text: &mut String, value: &str) {
    text.extend([if value.is_empty() { NULL } else { value }, ";"]);
}

/// Appends a date, or `empty`, and the delimiter.
fn date(text: &mut String, day: &str, empty: &str) {
    reordered(day, text, |out, [year, month, day]| out.extend([day, ".", month, ".", year]));
    text.push_str(if day.is_empty() { empty } else { "" });
    text.push(';');
}

/// Letter of a sex. One man of 1000 has the Latin letter that looks like the Cyrillic one.
fn sex(person: u64, sex: &str) -> &str {
    match sex {
        "1" if person % 1000 == 7 => "M",
        "1" => "М",
        "2" => "Ж",
        other => other,
    }
}

/// Letter of a kind of policies. Single-sample policies are on paper or on cards.
fn letter(person: u64, kind: &str) -> &str {
    match kind {
        "1" => "С",
        "2" => "В",
        "3" if spread(person).is_multiple_of(4) => "Э",
        "3" => "П",
        other => other,
    }
}

/// Appends an address and the identifier of the address, which one of four persons has.
fn address(text: &mut String, person: u64) {
    let drawn = spread(person);
    let street = STREETS[(drawn >> 8) as usize % STREETS.len()];
    let _ = write!(text, "обл. Примерная, г. Волжанск, ул. {street}, д. {};", 1 + (drawn >> 16) % 180);
    if drawn.is_multiple_of(4) {
        let (high, low) = (spread(drawn), spread(drawn ^ 1));
        let groups = (high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF, low >> 48, low & 0xFFFF_FFFF_FFFF);
        let _ = write!(text, "{:08x}-{:04x}-{:04x}-{:04x}-{:012x};", groups.0, groups.1, groups.2, groups.3, groups.4);
    } else {
        optional(text, "");
    }
}

#[cfg(test)]
mod tests {
    use super::super::CanonicalRow;
    use super::*;

    const REGISTER: &str =
        ";;34001;1;34-АБ 00000012;3456510844000019;Иванов;Иван;;1;1984-03-05;;;;;;;2020-01-02;;2021-03-04;;П022;";

    fn row(person: u64, attachment: Option<&str>) -> Vec<String> {
        let register = CanonicalRow::split(REGISTER.as_bytes());
        let attachment = attachment.map(|row| CanonicalRow::split(row.as_bytes()));
        let mut out = Vec::new();
        write(person, &register.register(), attachment.as_ref().map(CanonicalRow::attachment).as_ref(), Encoding::Utf8, &mut out);
        let text = String::from_utf8(out).expect("UTF-8");
        text.trim_end_matches('\n').split(';').map(str::to_owned).collect()
    }

    #[test]
    fn a_row_has_24_columns_and_the_word_for_empty_in_optional_ones() {
        let attached = row(1, Some(";340007;;;;;Иванов;Иван;;1;1984-03-05;;;1;2;2024-01-15;;3;;00100199965"));
        let numbers = ["34001", "1023400034001", "02.01.2020", "04.03.2021", "NULL", "С", "34-АБ", "00000012", "П022"];
        assert_eq!(attached[..7], ["Иванов", "Иван", "", "М", "05.03.1984", "", "3456510844000019"]);
        assert_eq!(attached[9..18], numbers);
        assert_eq!(attached[18..], ["340007", "15.01.2024", "NULL", "3", "00100199965", "2"]);
        assert_eq!(row(1, None)[18..], ["NULL"; 6]);
    }

    #[test]
    fn some_men_have_a_latin_letter() {
        assert_eq!((row(1007, None)[3].as_str(), row(8, None)[3].as_str()), ("M", "М"));
    }
}
