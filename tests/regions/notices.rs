//! Random notices of one person: most about a record that is there, near misses beside it.

use super::people::Person;
use super::rows::{self, Surroundings, Values};
use super::splitmix::SplitMix;
use super::spoil;
use crate::reference::dates::{self, Date};

/// Adds notices to the register and the attachments, where the person's rows begin at `first`.
pub fn add(
    random: &mut SplitMix,
    person: &Person,
    around: &Surroundings,
    [register, attachments]: [&mut Vec<Values>; 2],
    first: (usize, usize),
) {
    if !random.chance(30) {
        return;
    }
    for _ in 0..*random.pick(&[0, 1, 1, 2, 3]) {
        let about = about(random, &register[first.0..]);
        let row = strike_off(random, person, around, about.as_ref());
        register.push(row);
    }
    for _ in 0..*random.pick(&[0, 1, 1, 2, 3, 4]) {
        let about = about(random, &attachments[first.1..]);
        let row = of_attachment(random, person, around, about.as_ref());
        attachments.push(row);
    }
}

/// The row that a notice is about; rarely another notice.
fn about(random: &mut SplitMix, rows: &[Values]) -> Option<Values> {
    (!rows.is_empty() && random.chance(90)).then(|| random.pick(rows).clone())
}

fn date(row: Option<&Values>, field: &str) -> Option<Date> {
    dates::parse(row?.get(field)?)
}

/// A day of the pool, or one at the edge of the row's start or end.
fn day(random: &mut SplitMix, around: &Surroundings, start: Option<Date>, end: Option<Date>) -> String {
    let edge = if random.chance(50) { start } else { end.or(start) };
    match edge {
        Some(edge) if random.chance(45) => random.pick(&[edge, edge.day_before(), edge.next_day()]).to_string(),
        _ => random.pick(&around.days).to_string(),
    }
}

/// The code of the row that the notice is about, its successor's or any.
fn code(random: &mut SplitMix, own: Option<&String>, codes: &[(String, String)]) -> String {
    let Some(own) = own.filter(|_| random.chance(85)) else { return random.pick(codes).0.clone() };
    let successor = codes.iter().find(|(code, _)| code == own).map(|(_, successor)| successor.clone());
    successor.filter(|code| !code.is_empty() && random.chance(30)).unwrap_or(own.clone())
}

fn strike_off(random: &mut SplitMix, person: &Person, around: &Surroundings, about: Option<&Values>) -> Values {
    let mut row = rows::register_row(random, person, around);
    let codes: Vec<(String, String)> = around.insurers.iter().map(|i| (i.insurer.clone(), i.successor.clone())).collect();
    row.insert("insurer", code(random, about.and_then(|about| about.get("insurer")), &codes));
    row.insert("action", "end".to_string());
    row.insert("record_id", format!("n{}", random.below(100_000)));
    let (start, end) = (date(about, "insured_from"), date(about, "stopped_on"));
    row.insert("stopped_on", day(random, around, start, end));
    row.insert("death_date", String::new());
    if random.chance(20) {
        row.insert("death_date", random.pick(&around.days).to_string());
        if random.chance(70) {
            row.insert("stopped_on", String::new());
        }
    }
    if random.chance(70) {
        row.insert("insured_from", String::new());
    }
    match random.below(25) {
        0 => {
            row.insert("stopped_on", String::new());
        }
        1 => {
            row.insert("action", random.pick(&["change", "End", "2", " end ", "new"]).to_string());
        }
        2 => spoil::register(random, &mut row, around),
        _ => {}
    }
    row
}

fn of_attachment(random: &mut SplitMix, person: &Person, around: &Surroundings, about: Option<&Values>) -> Values {
    let mut row = rows::attachment_row(random, person, around, &[]);
    let codes: Vec<(String, String)> = around.clinics.iter().map(|c| (c.clinic.clone(), c.successor.clone())).collect();
    row.insert("clinic", code(random, about.and_then(|about| about.get("clinic")), &codes));
    row.insert("record_id", format!("n{}", random.below(100_000)));
    if let Some(profile) = about.and_then(|about| about.get("profile"))
        && random.chance(90)
    {
        row.insert("profile", profile.clone());
    }
    let (start, end) = (date(about, "attached_from"), date(about, "attached_to"));
    let day = day(random, around, start, end);
    if random.chance(40) {
        row.insert("action", "end".to_string());
        row.insert("attached_to", day);
        if random.chance(70) {
            row.insert("attached_from", String::new());
        }
    } else {
        row.insert("action", "change".to_string());
        row.insert("attached_from", day);
        row.insert("attached_to", String::new());
        for (field, value) in [("district", "Ю"), ("doctor_snils", "к")] {
            let value = if random.chance(25) { String::new() } else { format!("{value}{}", random.below(100)) };
            row.insert(field, value);
        }
    }
    match random.below(25) {
        0 => {
            row.insert("attached_to", String::new());
        }
        1 => {
            row.insert("action", random.pick(&["И", "Change", "1", " change", "new"]).to_string());
        }
        2 => spoil::attachment(random, &mut row, around),
        _ => {}
    }
    row
}
