//! Changes that bring a row to the limit of a row check, on either side of it. About half of them put the row into quarantine.

use super::rows::{Context, Values};
use super::splitmix::SplitMix;
use crate::reference::dates::{self, Date};
use crate::reference::identifiers;

fn date(row: &Values, field: &str) -> Option<Date> {
    dates::parse(row.get(field).map_or("", |value| value.as_str()))
}

pub fn register(random: &mut SplitMix, row: &mut Values, context: &Context) {
    let Some(start) = date(row, "insured_from") else { return };
    match random.below(12) {
        0 => {
            let field = *random.pick(&[
                "insurer",
                "policy_kind",
                "surname",
                "given_name",
                "sex",
                "birth_date",
                "insured_from",
                "enp",
                "policy_number",
            ]);
            row.insert(field, String::new());
        }
        1 => {
            let field = *random.pick(&["insured_to", "stopped_on"]);
            row.insert(field, random.pick(&[start, start.next_day(), start.day_before()]).to_string());
        }
        2 => {
            let field = *random.pick(&[
                "birth_date",
                "insured_from",
                "insured_to",
                "stopped_on",
                "applied_on",
                "death_date",
                "doc_issued_on",
                "doc_expires_on",
                "changed_on",
            ]);
            row.insert(field, bad_date(random));
        }
        3 => {
            row.insert("policy_kind", "2".to_string());
            row.insert("policy_number", random.pick(&["34000001", "3400000011", "34000000А", "340000001"]).to_string());
        }
        4 => {
            row.insert("category", random.pick(&["1", "6", "1", "6", "2"]).to_string());
            row.insert("snils", String::new());
        }
        5 => {
            let insurer = random.pick(&context.insurers);
            row.insert("insurer", insurer.insurer.clone());
            start_at_edge_of_work(random, row, "insured_from", &insurer.works_from, &insurer.works_to);
        }
        6 => {
            row.insert("insurer", random.pick(&["99999", "3401"]).to_string());
        }
        7 => {
            row.insert("category", random.pick(&["14", "15", "x", "3", "0"]).to_string());
            row.insert("reason", random.pick(&["П070", "П099", "П063", "П025"]).to_string());
        }
        _ => spoil_common_field(random, row, start, context),
    }
}

pub fn attachment(random: &mut SplitMix, row: &mut Values, context: &Context) {
    let Some(start) = date(row, "attached_from") else { return };
    match random.below(12) {
        0 => {
            let field = *random.pick(&["clinic", "surname", "given_name", "birth_date", "attached_from"]);
            row.insert(field, String::new());
        }
        1 => {
            row.insert("attached_to", random.pick(&[start, start.next_day(), start.day_before()]).to_string());
        }
        2 => {
            row.insert(*random.pick(&["birth_date", "attached_from", "attached_to"]), bad_date(random));
        }
        3 => {
            for field in ["enp", "policy_number", "policy_kind"] {
                row.insert(field, String::new());
            }
            if random.chance(50) {
                row.insert("snils", String::new());
            }
        }
        4 => {
            let clinic = random.pick(&context.clinics);
            row.insert("clinic", clinic.clinic.clone());
            start_at_edge_of_work(random, row, "attached_from", &clinic.works_from, &clinic.works_to);
        }
        5 => {
            row.insert("clinic", random.pick(&["999999", "3401"]).to_string());
        }
        6 => {
            row.insert("method", random.pick(&["4", "0", "3", ""]).to_string());
            row.insert("profile", random.pick(&["6", "x", "5", ""]).to_string());
        }
        _ => spoil_common_field(random, row, start, context),
    }
}

/// Changes for checks that both tables have.
fn spoil_common_field(random: &mut SplitMix, row: &mut Values, start: Date, context: &Context) {
    match random.below(6) {
        0 => {
            let earliest = Date { year: 1900, month: 1, day: 1 };
            let births = [earliest, earliest.day_before(), context.as_of, context.as_of.next_day(), start, start.next_day()];
            row.insert("birth_date", random.pick(&births).to_string());
        }
        1 => {
            row.insert("sex", random.pick(&["3", "М", "1", "2"]).to_string());
        }
        2 => {
            row.insert("policy_kind", random.pick(&["4", "П"]).to_string());
        }
        3 => {
            row.insert("snils", bad_snils(random));
        }
        _ => {
            let enp = odd_enp(random, row, context);
            row.insert("enp", enp);
        }
    }
}

fn bad_date(random: &mut SplitMix) -> String {
    random
        .pick(&["2025-02-29", "2025-13-01", "01.02.2025", "2025-1-1", "2025-04-31", "20250401", "-", "2024-02-30", "0000-01-01"])
        .to_string()
}

/// Lets the row start on the first or last working day of an organisation, or a day before.
fn start_at_edge_of_work(random: &mut SplitMix, row: &mut Values, field: &'static str, from: &str, to: &str) {
    let edge = if !to.is_empty() && random.chance(70) { to } else { from };
    let Some(edge) = dates::parse(edge) else { return };
    row.insert(field, random.pick(&[edge, edge.day_before()]).to_string());
}

fn bad_snils(random: &mut SplitMix) -> String {
    let options =
        ["0000000000", "00000000000", "12345678965", "00100199900", "00100199965", "00100199800", "-", "123-456-789 64"];
    random.pick(&options).to_string()
}

fn odd_enp(random: &mut SplitMix, row: &Values, context: &Context) -> String {
    let birth = date(row, "birth_date").unwrap_or(context.as_of);
    let sex = row.get("sex").cloned().unwrap_or_default();
    let offset = identifiers::month_offset(birth.year);
    let right = identifiers::make_enp(34, birth, &sex, 1, offset);
    let of_day = |day: Date| identifiers::make_enp(34, day, "1", 1, identifiers::month_offset(day.year));
    match random.below(10) {
        0 => right[1..].to_string(),
        1 => format!("{right}0"),
        2 => right.replace('4', "O"),
        3 => format!("{}{}", &right[0..15], (right[15..].parse::<u32>().unwrap_or(0) + 1) % 10),
        4 => identifiers::make_enp(34, birth, &sex, 1, (offset + 20) % 60),
        5 => of_day(Date { year: 1899, month: 12, day: 31 }),
        6 => of_day(Date { year: 1900, month: 1, day: 1 }),
        7 => of_day(context.as_of.next_day()),
        8 => of_day(context.as_of),
        _ => "3400000000000000".to_string(),
    }
}

/// An unreadable line, made from a readable one.
pub fn broken_line(random: &mut SplitMix, good: &str) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    match random.below(7) {
        0 => bytes.extend_from_slice(b";1"),
        1 => bytes.truncate(good.rfind(';').unwrap_or(0)),
        2 => bytes = format!("\"{}", good.replace('"', "")).into_bytes(),
        3 => bytes = format!("\"a\"b;{good}").into_bytes(),
        4 => bytes.insert(0, 0xFF),
        5 => bytes = [b"\"\xC3".to_vec(), bytes].concat(),
        _ => bytes = [b"\xD0;".to_vec(), bytes].concat(),
    }
    bytes
}
