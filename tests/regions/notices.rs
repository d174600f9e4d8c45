//! Random notices of one person: most are about one of the person's records, some miss it narrowly.

use super::people::Person;
use super::rows::{self, Context, Values};
use super::splitmix::SplitMix;
use super::spoil;
use super::{ClinicRow, InsurerRow};
use crate::reference::dates::{self, Date};

/// The rows so far, and where those of one person begin in each table.
pub struct RowsOfPerson<'r> {
    pub register: &'r mut Vec<Values>,
    pub attachments: &'r mut Vec<Values>,
    pub first_insured: usize,
    pub first_attached: usize,
}

/// Adds notices of a person to the register and the attachments.
pub fn add(random: &mut SplitMix, person: &Person, context: &Context, rows: RowsOfPerson<'_>) {
    let RowsOfPerson { register, attachments, first_insured, first_attached } = rows;
    if !random.chance(30) {
        return;
    }
    for _ in 0..*random.pick(&[0, 1, 1, 2, 3]) {
        let about = about(random, &register[first_insured..]);
        let row = end_of_insurance(random, person, context, about.as_ref());
        register.push(row);
    }
    for _ in 0..*random.pick(&[0, 1, 1, 2, 3, 4]) {
        let about = about(random, &attachments[first_attached..]);
        let row = notice_of_attachment(random, person, context, about.as_ref());
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

/// One of the region's days, or one at the edge of the row's start or end.
fn day(random: &mut SplitMix, context: &Context, start: Option<Date>, end: Option<Date>) -> String {
    let edge = if random.chance(50) { start } else { end.or(start) };
    match edge {
        Some(edge) if random.chance(45) => random.pick(&[edge, edge.day_before(), edge.next_day()]).to_string(),
        _ => random.pick(&context.days).to_string(),
    }
}

/// An organisation of the region.
struct Succession {
    code: String,
    successor: String,
}

/// The code of the row that the notice is about, that of its successor, or any.
fn code(random: &mut SplitMix, own: Option<&String>, organisations: &[Succession]) -> String {
    let Some(own) = own.filter(|_| random.chance(85)) else { return random.pick(organisations).code.clone() };
    let successor = organisations.iter().find(|known| known.code == *own).map(|known| known.successor.clone());
    successor.filter(|code| !code.is_empty() && random.chance(30)).unwrap_or(own.clone())
}

fn end_of_insurance(random: &mut SplitMix, person: &Person, context: &Context, about: Option<&Values>) -> Values {
    let mut row = rows::register_row(random, person, context);
    let succession = |row: &InsurerRow| Succession { code: row.insurer.clone(), successor: row.successor.clone() };
    let codes: Vec<Succession> = context.insurers.iter().map(succession).collect();
    row.insert("insurer", code(random, about.and_then(|about| about.get("insurer")), &codes));
    row.insert("action", "end".to_string());
    row.insert("record_id", format!("n{}", random.below(100_000)));
    let (start, end) = (date(about, "insured_from"), date(about, "stopped_on"));
    row.insert("stopped_on", day(random, context, start, end));
    row.insert("death_date", String::new());
    if random.chance(20) {
        row.insert("death_date", random.pick(&context.days).to_string());
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
        2 => spoil::register(random, &mut row, context),
        _ => {}
    }
    row
}

fn notice_of_attachment(random: &mut SplitMix, person: &Person, context: &Context, about: Option<&Values>) -> Values {
    let mut row = rows::attachment_row(random, person, context, &[]);
    let succession = |row: &ClinicRow| Succession { code: row.clinic.clone(), successor: row.successor.clone() };
    let codes: Vec<Succession> = context.clinics.iter().map(succession).collect();
    row.insert("clinic", code(random, about.and_then(|about| about.get("clinic")), &codes));
    row.insert("record_id", format!("n{}", random.below(100_000)));
    if let Some(profile) = about.and_then(|about| about.get("profile"))
        && random.chance(90)
    {
        row.insert("profile", profile.clone());
    }
    let (start, end) = (date(about, "attached_from"), date(about, "attached_to"));
    let day = day(random, context, start, end);
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
        2 => spoil::attachment(random, &mut row, context),
        _ => {}
    }
    row
}
