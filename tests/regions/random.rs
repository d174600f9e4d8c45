//! Composition of a random region.

use super::people::{self, Person};
use super::random_tariff::{self, Place};
use super::rows::{self, Context, Values};
use super::splitmix::SplitMix;
use super::{
    ATTACHMENT_FIELDS, FileStyle, REGISTER_FIELDS, Region, Row, RowRuleSettings, SourceFile, conflicts, notices, odd_names,
    organisations, overrides, relations, spellings, spoil,
};
use crate::reference::dates::{self, Date};

/// A small region full of conflicts; the same seed gives the same region.
pub fn random(seed: u64) -> Region {
    let mut random = SplitMix(seed);
    let as_of = *random.pick(&["2026-11-01", "2027-01-01", "2026-03-01", "2026-02-28", "2024-02-29", "2025-12-31"]);
    let day = dates::parse(as_of).expect("a date");
    let days = days(&mut random, day);
    let settings = organisations::settings(&mut random);
    let tariff = organisations::tariff(&mut random);
    let context = Context {
        as_of: day,
        insurers: organisations::insurers(&mut random, &days),
        clinics: organisations::clinics(&mut random, &days, tariff.factors.len()),
        days,
        term_limited: settings.term_limited_categories.clone(),
    };
    let row_rules = RowRuleSettings::random(&mut random, &context.days);
    let people = population(&mut random, &context);
    let (register, attachments) = all_rows(&mut random, &people, &context, &mut SplitMix(seed ^ 0x7177_7177));
    let mut region = Region {
        as_of: as_of.to_string(),
        registers: files(&mut random, "registers", &REGISTER_FIELDS, register),
        attachments: files(&mut random, "attachments", &ATTACHMENT_FIELDS, attachments),
        insurers: context.insurers.clone(),
        clinics: context.clinics.clone(),
        dictionaries: false,
        tariff,
        settings,
        row_rules,
        contracts: None,
        overrides: Vec::new(),
    };
    relations::add(&mut SplitMix(seed ^ 0x5DEE_CE66), &mut region, &context.days);
    spellings::add(&mut SplitMix(seed ^ 0x0DD_5EED), &mut region);
    dictionaries(&mut SplitMix(seed ^ 0xF002_F003), &mut region);
    cares(&mut SplitMix(seed ^ 0x3A7E_0F7A), &mut region);
    region.overrides = overrides::entries(&mut SplitMix(seed ^ 0x0DEC_1DED), &region, &context);
    if random.chance(30) {
        region.settings.overrides_review_days = Some(random.below(3) * 400);
    }
    region
}

/// Gives half of the regions a tariff of several cares, count days and sets of bands. Tables name no branches, whose people count at their heads.
fn cares(random: &mut SplitMix, region: &mut Region) {
    if random.chance(50) {
        let clinics: Vec<String> =
            region.clinics.iter().filter(|row| row.head.is_empty()).map(|row| row.clinic.clone()).collect();
        random_tariff::enrich(random, &Place { as_of: &region.as_of, clinics: &clinics }, &mut region.tariff);
        region.tariff.cares.iter_mut().for_each(|care| care.stations = None);
        region.tariff.drop_unused_columns(&mut region.clinics);
    }
}

/// Now and then turns the tables of organisations into dictionaries. In a dictionary the code gives the region.
fn dictionaries(random: &mut SplitMix, region: &mut Region) {
    region.dictionaries = random.chance(30);
    if region.dictionaries {
        region.insurers.iter_mut().for_each(|row| row.region = row.insurer[..2].to_string());
        region.clinics.iter_mut().for_each(|row| row.region = row.clinic[..2].to_string());
    }
}

/// The few days on which rows begin and end: edges of years, of the deadline, of `D` and of a full age.
fn days(random: &mut SplitMix, as_of: Date) -> Vec<Date> {
    let year = as_of.year;
    let mut days = vec![as_of, as_of.day_before(), as_of.next_day()];
    for (back, month, day) in [
        (0, 1, 1),
        (0, 1, 2),
        (0, 2, 15),
        (1, 12, 31),
        (1, 11, 1),
        (1, 11, 2),
        (1, 10, 31),
        (1, 6, 15),
        (1, 3, 1),
        (1, 1, 1),
        (2, 12, 1),
        (2, 7, 1),
        (2, 11, 1),
        (0, 3, 1),
        (0, 6, 15),
        (0, 11, 1),
        (0, 11, 2),
        (-1, 1, 1),
        (3, 5, 5),
        (1, 2, 28),
    ] {
        days.extend(dates::real(year - back, month, day));
    }
    random.shuffle(&mut days);
    days.truncate(12);
    days.push(as_of);
    days.push(as_of.plus_years(-1));
    days.sort();
    days.dedup();
    days
}

fn population(random: &mut SplitMix, context: &Context) -> Vec<Person> {
    let pools = people::pools(random, context.as_of);
    let insurers: Vec<String> = context.insurers.iter().map(|row| row.insurer.clone()).collect();
    let mut people: Vec<Person> = Vec::new();
    for _ in 0..random.between(2, 40) {
        let double_of = if people.is_empty() || !random.chance(20) { None } else { Some(random.pick(&people).clone()) };
        people.push(match double_of {
            Some(first) => people::double(random, &first, &pools),
            None => people::person(random, &pools, context, &insurers),
        });
    }
    people
}

/// The rows of both tables. Rare conflicts take their random numbers from `rare`, so that they do not change the other rows.
fn all_rows(random: &mut SplitMix, people: &[Person], context: &Context, rare: &mut SplitMix) -> (Vec<Values>, Vec<Values>) {
    let (mut register, mut attachments) = (Vec::new(), Vec::new());
    let offset = conflicts::random_offset(rare);
    for person in people {
        let mut insured_from: Vec<Date> = Vec::new();
        let (first_insured, first_attached) = (register.len(), attachments.len());
        for _ in 0..*random.pick(&[0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5]) {
            let mut row = rows::register_row(random, person, context);
            insured_from.extend(dates::parse(&row["insured_from"]));
            if random.chance(8) {
                spoil::register(random, &mut row, context);
            }
            if random.chance(6) {
                odd_names::spoil(random, &mut row);
            }
            push_with_copy(random, &mut register, row, context, "stopped_on");
        }
        for _ in 0..*random.pick(&[0, 1, 2, 2, 3, 4, 5]) {
            let mut row = rows::attachment_row(random, person, context, &insured_from);
            if random.chance(8) {
                spoil::attachment(random, &mut row, context);
            }
            if random.chance(6) {
                odd_names::spoil(random, &mut row);
            }
            push_with_copy(random, &mut attachments, row, context, "attached_to");
        }
        conflicts::add_deferred(rare, person, context, &mut register);
        let mut of_person = attachments.split_off(first_attached);
        conflicts::change_clinic(offset, rare, context, &mut of_person);
        conflicts::end_before_the_next(offset, &mut of_person);
        attachments.append(&mut of_person);
        let (register, attachments) = (&mut register, &mut attachments);
        let rows = notices::RowsOfPerson { register, attachments, first_insured, first_attached };
        notices::add(random, person, context, rows);
    }
    random.shuffle(&mut register);
    random.shuffle(&mut attachments);
    (register, attachments)
}

/// Adds the row, sometimes with a copy that is the same or almost the same.
fn push_with_copy(random: &mut SplitMix, list: &mut Vec<Values>, mut row: Values, context: &Context, end_field: &'static str) {
    row.insert("record_id", format!("r{}", random.below(100_000)));
    list.push(row.clone());
    match random.below(40) {
        0 => {}
        1 => {
            row.insert("record_id", format!("r{}", random.below(100_000)));
        }
        2 => {
            let bare: String = row.get("snils").map_or(String::new(), |s| s.replace(['-', ' ', '\t', '\u{A0}'], ""));
            row.insert("snils", bare);
        }
        3 => {
            row.insert(end_field, context.as_of.next_day().to_string());
        }
        4 => {
            let enp = row.get("enp").map_or(String::new(), |enp| enp.replace(['`', '\''], ""));
            row.insert("enp", if enp.is_empty() { enp } else { format!("`{enp}") });
            row.insert("record_id", String::new());
        }
        5 => {
            let profile = row.get("profile").cloned().unwrap_or_default();
            if end_field == "attached_to" && profile.is_empty() {
                row.insert("profile", "1".to_string());
            }
        }
        6 => {
            row.insert("action", "new".to_string());
        }
        7 if end_field == "stopped_on" => {
            row.insert(*random.pick(&["doc_issued_on", "doc_expires_on", "changed_on"]), context.as_of.to_string());
        }
        8 if end_field == "stopped_on" => {
            row.insert(*random.pick(&["address", "settlement"]), "ул. Мира, 3".to_string());
        }
        _ => return,
    }
    list.push(row);
}

fn files(random: &mut SplitMix, folder: &str, fields: &[&'static str], rows: Vec<Values>) -> Vec<SourceFile> {
    let count = random.between(1, 3);
    let dates = [None, Some("2026-10-31"), Some("2026-10-31"), Some("2026-09-30")];
    let mut parts: Vec<Vec<Values>> = vec![Vec::new(); count];
    for row in rows {
        parts[random.below(count)].push(row);
    }
    let mut files = Vec::new();
    for (at, rows) in parts.into_iter().enumerate() {
        let header = header(random, fields);
        files.push(SourceFile {
            name: format!("{folder}/{}.csv", ["b", "a", "c"][at]),
            source_date: random.pick(&dates).map(str::to_string),
            rows: lines(random, &header, rows),
            header,
            style: style(random),
        });
    }
    files
}

fn style(random: &mut SplitMix) -> FileStyle {
    FileStyle {
        byte_order_mark: random.chance(20),
        carriage_returns: random.chance(30),
        last_line_open: random.chance(30),
        quoting_seed: random.next(),
    }
}

/// Columns that no file leaves out.
const KEPT: [&str; 14] = [
    "insurer",
    "policy_kind",
    "policy_number",
    "enp",
    "surname",
    "given_name",
    "sex",
    "birth_date",
    "insured_from",
    "clinic",
    "attached_from",
    "snils",
    "method",
    "reason",
];

fn header(random: &mut SplitMix, fields: &[&'static str]) -> Vec<String> {
    let mut header = Vec::new();
    for field in fields {
        if KEPT.contains(field) || !random.chance(8) {
            header.push(field.to_string());
        }
    }
    if random.chance(60) {
        random.shuffle(&mut header);
    }
    header
}

/// The rows under the header, with blank and broken lines between them.
fn lines(random: &mut SplitMix, header: &[String], rows: Vec<Values>) -> Vec<Row> {
    let mut lines = Vec::new();
    for row in rows {
        let fields: Vec<String> = header.iter().map(|name| row.get(name.as_str()).cloned().unwrap_or_default()).collect();
        if random.chance(3) {
            lines.push(Row::Raw(random.pick(&["", "  ", "\t", "\u{A0}"]).as_bytes().to_vec()));
        }
        if random.chance(2) {
            lines.push(Row::Raw(spoil::broken_line(random, &fields.join(";").replace('"', "'"))));
        }
        lines.push(Row::Fields(fields));
    }
    lines
}
