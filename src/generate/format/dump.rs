//! Rows of a flat dump of a region: 24 columns without header, a row for a person's insurance and attachment.

use std::fmt::Write as _;

use super::{AttachmentFields, RegisterFields, encode, reordered, spread};
use crate::intake::Encoding;

/// What stands in a column that is not filled.
const NULL: &str = "NULL";

const STREETS: [&str; 6] = ["Садовая", "Мира", "Степная", "Набережная", "Школьная", "Полевая"];

/// Appends a row with its line break. `person` is a number of the person, for columns that nobody reads.
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
    place(&mut text, person);
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

fn optional(text: &mut String, value: &str) {
    text.extend([if value.is_empty() { NULL } else { value }, ";"]);
}

fn date(text: &mut String, day: &str, empty: &str) {
    reordered(day, text, |out, [year, month, day]| out.extend([day, ".", month, ".", year]));
    text.push_str(if day.is_empty() { empty } else { "" });
    text.push(';');
}

/// Sometimes the Latin letter that looks like the Cyrillic one.
fn sex(person: u64, sex: &str) -> &str {
    match sex {
        "1" if person % 1000 == 7 => "M",
        "1" => "М",
        "2" => "Ж",
        other => other,
    }
}

/// Policies of one kind are printed on paper or on cards.
fn letter(person: u64, kind: &str) -> &str {
    match kind {
        "1" => "С",
        "2" => "В",
        "3" if spread(person).is_multiple_of(4) => "Э",
        "3" => "П",
        other => other,
    }
}

/// Address and identifier of the address, which three of four people have not.
fn place(text: &mut String, person: u64) {
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
