//! Rows of attachment files of the MO family: 24 columns without header, windows-1251, values in quotes, empty values without.

use super::{AttachmentFields, encode, reordered};
use sverka_formats::Encoding;
use sverka_model::Date;

/// Common start of the object identifiers of the region's clinics.
const OID: &str = "1.2.643.5.1.13.13.12.2.34.";

/// Appends a row with its line break.
pub(in crate::generate) fn write(row: &AttachmentFields<'_>, out: &mut Vec<u8>) {
    let mut text = String::with_capacity(256);
    let document = !row.doc_kind.is_empty();
    let letter = match row.policy_kind {
        "1" => "С",
        "2" => "В",
        "3" => "П",
        other => other,
    };
    value(&mut text, "Р");
    for column in [letter, row.policy_number, row.enp, row.surname, row.given_name, row.patronymic] {
        value(&mut text, column);
    }
    date(&mut text, row.birth_date);
    value(&mut text, "");
    value(&mut text, row.doc_kind);
    value(&mut text, row.doc_number);
    value(&mut text, "");
    value(&mut text, if document { "ОТДЕЛ ПРИМЕРНОГО РАЙОНА" } else { "" });
    for column in [row.snils, row.clinic, row.method, ""] {
        value(&mut text, column);
    }
    date(&mut text, row.attached_from);
    date(&mut text, &last_day(row.attached_to));
    text.extend(["\"", OID, &row.clinic[row.clinic.len().saturating_sub(4)..], "\";"]);
    for column in [row.department, row.district, row.doctor_snils] {
        value(&mut text, column);
    }
    value(&mut text, if row.doctor_snils.is_empty() { "" } else { "1" });
    text.pop();
    text.push_str("\r\n");
    encode(Encoding::Windows1251, &text, out);
}

/// Appends a value and the delimiter. Nothing is escaped; a delimiter inside a value becomes a blank, as in the programs of clinics.
fn value(text: &mut String, value: &str) {
    if !value.is_empty() {
        text.push('"');
        text.extend(value.chars().map(|character| if character == ';' { ' ' } else { character }));
        text.push('"');
    }
    text.push(';');
}

/// The last day of an interval, as the files give it, from the first day after the interval. A value that is no date stays unchanged.
fn last_day(first_day_after: &str) -> String {
    match first_day_after.parse::<Date>() {
        Ok(day) => Date::from_days(day.days() - 1).to_string(),
        Err(_) => first_day_after.to_owned(),
    }
}

/// Appends a date without separators and the delimiter.
fn date(text: &mut String, day: &str) {
    let mut compact = String::new();
    reordered(day, &mut compact, |out, parts| out.extend(parts));
    value(text, &compact);
}

#[cfg(test)]
mod tests {
    use super::super::CanonicalRow;
    use super::*;

    #[test]
    fn empty_values_are_bare_and_codes_those_of_the_family() {
        let canonical =
            ";340007;;1;34-АБ № 00000012;;О'Нил;Анна;;;1984-03-05;14;18 05 № 123456;1;2;2024-01-15;2024-13-05;3;;00100199965";
        let mut row = Vec::new();
        write(&CanonicalRow::split(canonical.as_bytes()).attachment(), &mut row);
        let mut expected = Vec::new();
        let text = "\"Р\";\"С\";\"34-АБ № 00000012\";;\"О'Нил\";\"Анна\";;\"19840305\";;\"14\";\"18 05 № 123456\";;\
            \"ОТДЕЛ ПРИМЕРНОГО РАЙОНА\";;\"340007\";\"2\";;\"20240115\";\"20241305\";\"1.2.643.5.1.13.13.12.2.34.0007\";;\"3\";\
            \"00100199965\";\"1\"\r\n";
        encode(Encoding::Windows1251, text, &mut expected);
        assert_eq!(row, expected);
    }
}
