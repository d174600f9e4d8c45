//! Random regions in which people meet over birth dates: ENPs that code another birth date, one ENP on several days, one name and ENP with
//! several birth dates, initials beside them, and people whom nothing but a policy number without kind tells apart.

use super::splitmix::SplitMix;
use super::{Region, Row, SourceFile};
use crate::reference::dates;
use crate::reference::identifiers::{all_digits, enp_holder};

/// What one row may take over from another.
#[derive(Clone)]
struct Who {
    enp: String,
    surname: String,
    given_name: String,
    patronymic: String,
    birth_date: String,
}

/// A row and the header of its file.
struct Fields<'r> {
    header: &'r [String],
    values: &'r mut Vec<String>,
}

impl Fields<'_> {
    fn column(&self, field: &str) -> Option<usize> {
        self.header.iter().position(|name| name == field)
    }

    fn get(&self, field: &str) -> String {
        self.column(field).map_or(String::new(), |column| self.values[column].clone())
    }

    fn set(&mut self, field: &str, value: &str) {
        if let Some(column) = self.column(field) {
            self.values[column] = value.to_owned();
        }
    }

    fn who(&self) -> Who {
        Who {
            enp: self.get("enp"),
            surname: self.get("surname"),
            given_name: self.get("given_name"),
            patronymic: self.get("patronymic"),
            birth_date: self.get("birth_date"),
        }
    }

    fn start(&self) -> String {
        self.get("insured_from") + &self.get("attached_from")
    }
}

/// The region of the seed, in which half of the rows belong to somebody else, too.
pub fn travelling(seed: u64) -> Region {
    let mut region = super::random(seed);
    let mut random = SplitMix(!seed);
    let people: Vec<Who> =
        region.registers.iter_mut().chain(&mut region.attachments).flat_map(rows).map(|row| row.who()).collect();
    if people.is_empty() {
        return region;
    }
    let Region { as_of, registers, attachments, .. } = &mut region;
    for mut row in registers.iter_mut().chain(attachments).flat_map(rows) {
        let other = random.pick(&people).clone();
        match random.below(12) {
            0 => row.set("enp", &other.enp),
            1 => be_born(&mut row, &other.birth_date),
            2 => {
                for (field, value) in [
                    ("enp", &other.enp),
                    ("surname", &other.surname),
                    ("given_name", &other.given_name),
                    ("patronymic", &other.patronymic),
                ] {
                    row.set(field, value);
                }
            }
            3 => share_a_pair(&mut random, &mut row, &other, as_of),
            4 | 5 if row.column("clinic").is_some() => be_known_by_a_number_without_kind(&mut random, &mut row, &other),
            _ => {}
        }
    }
    region
}

/// The rows of a file that have all fields.
fn rows(file: &mut SourceFile) -> impl Iterator<Item = Fields<'_>> {
    let SourceFile { header, rows, .. } = file;
    let header: &[String] = header;
    rows.iter_mut().filter_map(move |row| match row {
        Row::Fields(values) => Some(Fields { header, values }),
        Row::Raw(_) => None,
    })
}

/// Another birth date, when it is one before the row begins.
fn be_born(row: &mut Fields<'_>, birth_date: &str) {
    if dates::parse(birth_date).is_some() && birth_date <= row.start().as_str() {
        row.set("birth_date", birth_date);
    }
}

/// The ENP of another person with the birth date that it codes, and a name that may or may not contradict.
fn share_a_pair(random: &mut SplitMix, row: &mut Fields<'_>, other: &Who, as_of: &str) {
    let enp = other.enp.trim_start_matches(['`', '\'', ' ']);
    let as_of = dates::parse(as_of).expect("an ISO date");
    if !all_digits(enp, 16) {
        return;
    }
    let Some(holder) = enp_holder(enp, as_of) else { return };
    be_born(row, &holder.birth_date.to_string());
    row.set("enp", enp);
    row.set("sex", holder.sex);
    row.set("snils", "");
    let initial: String = other.given_name.chars().take(1).collect();
    row.set("given_name", if random.chance(50) { &initial } else { &other.given_name });
}

/// Nothing but the number of a policy, without its kind: what no rule links, but what gives equal identities.
fn be_known_by_a_number_without_kind(random: &mut SplitMix, row: &mut Fields<'_>, other: &Who) {
    for field in ["enp", "policy_kind", "snils", "doc_kind", "doc_number"] {
        row.set(field, "");
    }
    row.set("policy_number", random.pick::<&str>(&["АБ 1", "аб-1", "АБ 2"]));
    row.set("given_name", &other.given_name);
    be_born(row, &other.birth_date);
}
