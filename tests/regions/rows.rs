//! Random register and attachment rows of one person: right by themselves, in conflict with each other.

use std::collections::BTreeMap;

use super::people::{Person, name_variant};
use super::row_checks;
use super::splitmix::SplitMix;
use super::{ClinicRow, InsurerRow};
use crate::reference::dates::Date;

/// Values of a row by field.
pub type Values = BTreeMap<&'static str, String>;

/// Settings and tables of a region that its rows depend on.
pub struct Context {
    pub as_of: Date,
    /// The few days on which rows begin and end.
    pub days: Vec<Date>,
    pub insurers: Vec<InsurerRow>,
    pub clinics: Vec<ClinicRow>,
    pub term_limited: Vec<u32>,
}

const REASONS: [&str; 14] =
    ["", "", "П031", "П031", "П034", "П010", "П032", "П035", "П033", "П036", "П040", "П060", "П062", "П031"];

/// Addresses; the first two are equal when they are compared, the last one counts as none.
const ADDRESSES: [&str; 5] = [
    "г. Заречный, ул. Ёлочная, д. 4, кв. 7",
    " Г.ЗАРЕЧНЫЙ УЛ.ЕЛОЧНАЯ Д.4 КВ.7",
    "г. Заречный, ул. Ёлочная, д. 47",
    "Ключи",
    " - ",
];

/// Whether an organisation with these first and last days works on a day.
pub fn works(from: &str, to: &str, day: Date) -> bool {
    let day = day.to_string();
    from <= day.as_str() && (to.is_empty() || day.as_str() < to)
}

/// One of the region's days, mostly not after `D`.
fn start(random: &mut SplitMix, context: &Context) -> Date {
    let past: Vec<Date> = context.days.iter().copied().filter(|day| *day <= context.as_of).collect();
    if random.chance(88) { *random.pick(&past) } else { *random.pick(&context.days) }
}

fn later(random: &mut SplitMix, context: &Context, than: Date) -> String {
    let later: Vec<Date> = context.days.iter().copied().filter(|day| *day > than).collect();
    if random.chance(4) {
        return "9999-12-31".to_string();
    }
    if later.is_empty() { than.next_day().to_string() } else { random.pick(&later).to_string() }
}

/// The person's home organisation, or another one that works on the day.
fn organisation(random: &mut SplitMix, home: &str, working: &[String]) -> String {
    let at_home = working.iter().any(|code| code == home);
    if (at_home && random.chance(45)) || working.is_empty() { home.to_string() } else { random.pick(working).clone() }
}

pub fn register_row(random: &mut SplitMix, person: &Person, context: &Context) -> Values {
    let mut row = Values::new();
    let start = start(random, context).max(person.birth_date);
    let working: Vec<String> =
        context.insurers.iter().filter(|i| works(&i.works_from, &i.works_to, start)).map(|i| i.insurer.clone()).collect();
    row.insert("insurer", organisation(random, &person.home_insurer, &working));
    row.insert("insured_from", start.to_string());
    row.insert("region", "34".to_string());
    row.insert("citizenship", if person.category == "3" { "UZB" } else { "643" }.to_string());
    row.insert("birth_place", "г. Волжский; \"Зелёный\"".to_string());
    fill_person(random, person, &mut row);
    fill_policy(random, person, &mut row);
    row.insert("sex", person.sex.clone());
    category_and_term(random, person, context, start, &mut row);
    if random.chance(22) {
        row.insert("stopped_on", later(random, context, start));
    }
    row.insert("applied_on", application(random, context, start));
    if random.chance(40) {
        row.insert("address", random.pick(&ADDRESSES).to_string());
        row.insert("settlement", random.pick(&["Заречный", "с. Луговое", ""]).to_string());
    }
    row.insert("reason", random.pick(&REASONS).to_string());
    if let Some(death) = person.death_date
        && random.chance(60)
    {
        row.insert("death_date", death.to_string());
    }
    row_checks::register(random, person, &mut row, context);
    row
}

fn category_and_term(random: &mut SplitMix, person: &Person, context: &Context, start: Date, row: &mut Values) {
    let category = if random.chance(90) { person.category.clone() } else { random.below(15).to_string() };
    let limited = context.term_limited.iter().any(|number| number.to_string() == category);
    if random.chance(if limited { 70 } else { 4 }) {
        row.insert("insured_to", later(random, context, start));
    }
    row.insert("category", category);
}

/// An application date: mostly near the start, often on the edge of the deadline, sometimes absent.
fn application(random: &mut SplitMix, context: &Context, start: Date) -> String {
    match random.below(10) {
        0..=2 => String::new(),
        3..=4 => start.to_string(),
        5 => start.day_before().to_string(),
        6 => format!("{:04}-{}", start.year, random.pick(&["10-01", "10-02", "11-01", "11-02", "12-31", "01-01"])),
        7 => format!("{:04}-{}", start.year - 1, random.pick(&["11-01", "11-02", "12-30"])),
        _ => random.pick(&context.days).to_string(),
    }
}

/// Fills the fields of both tables: names, birth date, SNILS and document.
fn fill_person(random: &mut SplitMix, person: &Person, row: &mut Values) {
    let vary = |random: &mut SplitMix, name: &str, percent: u64| {
        if !name.is_empty() && random.chance(percent) { name_variant(random, name) } else { name.to_string() }
    };
    row.insert("surname", vary(random, &person.surname, 12));
    if random.chance(6) {
        row.insert("surname", "Нова".to_string());
    }
    row.insert("given_name", vary(random, &person.given_name, 15));
    row.insert("patronymic", vary(random, &person.patronymic, 8));
    if person.patronymic.is_empty() {
        row.insert("patronymic", random.pick(&["", "-", "---", "HET", "нет"]).to_string());
    }
    row.insert("birth_date", person.birth_date.to_string());
    if random.chance(4) {
        row.insert("birth_date", person.birth_date.next_day().to_string());
    }
    if random.chance(70) {
        row.insert("snils", snils_variant(random, &person.snils));
    }
    if random.chance(65) {
        row.insert("doc_kind", person.doc_kind.clone());
        let number = &person.doc_number;
        let written = match random.below(10) {
            0..=2 => number.replace(' ', "-") + " №",
            3 => number.replace(' ', random.pick::<&str>(&["\u{B}", "\u{A0}", "\u{2E5D}"])),
            _ => number.clone(),
        };
        row.insert("doc_number", written);
    }
}

fn snils_variant(random: &mut SplitMix, snils: &str) -> String {
    if random.chance(70) {
        return snils.to_string();
    }
    let blank = random.pick(&[" ", " ", "\u{A0}", "\t"]);
    format!("{}-{}-{}{blank}{}", &snils[0..3], &snils[3..6], &snils[6..9], &snils[9..11])
}

/// Mostly the person's first ENP, sometimes the other one; sometimes behind a sign that spreadsheets leave.
fn enp(random: &mut SplitMix, person: &Person) -> String {
    let enp = if random.chance(88) { &person.enp } else { &person.other_enp };
    match random.below(25) {
        0 => format!("`{enp}"),
        1 => format!("'{enp}"),
        2 => format!("` {enp}"),
        _ => enp.clone(),
    }
}

/// Fills kind and number of the policy, and the ENP.
fn fill_policy(random: &mut SplitMix, person: &Person, row: &mut Values) {
    let kind = *random.pick(&["3", "3", "3", "3", "3", "2", "2", "1", "1"]);
    row.insert("policy_kind", kind.to_string());
    match kind {
        "3" => {
            row.insert("enp", enp(random, person));
            if random.chance(10) {
                row.insert("policy_number", "34560001234".to_string());
            }
        }
        "2" => {
            row.insert("policy_number", person.certificate.clone());
        }
        _ => {
            row.insert("policy_number", old_policy_variant(random, &person.old_policy));
        }
    }
    if kind != "3" && random.chance(35) {
        row.insert("enp", enp(random, person));
    }
}

fn old_policy_variant(random: &mut SplitMix, number: &str) -> String {
    match random.below(4) {
        0 => number.replace(' ', ""),
        1 => number.to_lowercase().replace(['-', '№'], " "),
        _ => number.to_string(),
    }
}

/// An attachment row. `insured_from` are the starts of the person's register rows.
pub fn attachment_row(random: &mut SplitMix, person: &Person, context: &Context, insured_from: &[Date]) -> Values {
    let mut row = Values::new();
    let mut start = start(random, context).max(person.birth_date);
    if !insured_from.is_empty() && random.chance(50) {
        start = *random.pick(insured_from);
    }
    let works_then = |c: &&ClinicRow| c.attachable && works(&c.works_from, &c.works_to, start);
    let working: Vec<String> = context.clinics.iter().filter(works_then).map(|c| c.clinic.clone()).collect();
    row.insert("clinic", organisation(random, &person.home_clinic, &working));
    row.insert("attached_from", start.to_string());
    fill_person(random, person, &mut row);
    match random.below(20) {
        0..=16 => {
            row.insert("enp", enp(random, person));
            row.insert("policy_kind", random.pick(&["3", ""]).to_string());
        }
        17 => fill_policy(random, person, &mut row),
        18 => {
            let number = random.pick(&[&person.certificate, &person.old_policy]).to_string();
            row.insert("policy_number", number);
        }
        _ => {
            row.insert("snils", person.snils.clone());
        }
    }
    if random.chance(50) {
        row.insert("sex", person.sex.clone());
    }
    row.insert("profile", random.pick(&["", "", "", "1", "1", "1", "1", "1", "2", "2", "3", "4", "5"]).to_string());
    row.insert("method", random.pick(&["", "1", "1", "2", "2", "2", "2", "3"]).to_string());
    if random.chance(18) {
        row.insert("attached_to", later(random, context, start));
    }
    if random.chance(50) {
        row.insert("district", random.between(1, 9).to_string());
        row.insert("department", "1".to_string());
        row.insert("doctor_snils", "112-233-445 95".to_string());
    }
    row_checks::attachment(random, &mut row);
    row
}
