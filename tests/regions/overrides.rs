//! Random decisions of people about the rows of a region: sides that meet and sides that do not, over tables and birth dates, some of them ended.

use std::fmt::Write as _;

use super::rows::Surroundings;
use super::splitmix::SplitMix;
use super::{Region, Row, SourceFile};
use crate::reference::dates::{self, Date};
use crate::reference::identifiers::{self, all_digits, enp_check_digit_is_right};

/// An entry of the file of overrides.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct OverrideEntry {
    /// `same_person`, `different_persons`, `insurer`, `clinic`, `alive` or `ignore`.
    pub kind: String,
    /// What names records: of pairs `one` and `other`, else the person or the record alone.
    pub sides: Vec<Vec<Selector>>,
    /// Of an insurer or a clinic.
    pub code: String,
    pub profile: String,
    pub from: String,
    pub to: String,
    pub decided_on: String,
    pub until: String,
}

/// Fields of rows, and `source` and `line`, with the values that are asked for.
pub type Selector = Vec<(String, String)>;

/// The file's name.
pub const FILE: &str = "overrides.toml";
/// Who decides everything, and why.
pub const AUTHOR: &str = "И. О. Иванова";
pub const REASON: &str = "письмо; «17»";

/// The file, and the line on which each entry begins.
pub fn file(entries: &[OverrideEntry]) -> (String, Vec<usize>) {
    let (mut text, mut lines) = (String::from("# Решения людей\n"), Vec::new());
    for entry in entries {
        lines.push(text.lines().count() + 1);
        let OverrideEntry { kind, sides, code, profile, from, to, decided_on, until } = entry;
        write!(text, "[[{kind}]]\nauthor = \"{AUTHOR}\"\nreason = \"{REASON}\"\ndecided_on = {decided_on}\n")
            .expect("text grows");
        let keys: &[&str] = match kind.as_str() {
            "ignore" => &["record"],
            "insurer" | "clinic" | "alive" => &["person"],
            _ => &["one", "other"],
        };
        for (key, side) in keys.iter().zip(sides) {
            let selectors: Vec<String> = side.iter().map(selector).collect();
            let value = if let [only] = &selectors[..] { only.clone() } else { format!("[{}]", selectors.join(", ")) };
            writeln!(text, "{key} = {value}").expect("text grows");
        }
        for (key, value) in [(kind.as_str(), code), ("until", until), ("from", from), ("to", to)] {
            if !value.is_empty() {
                writeln!(text, "{key} = \"{value}\"").expect("text grows");
            }
        }
        if !profile.is_empty() {
            writeln!(text, "profile = {profile}").expect("text grows");
        }
        text.push('\n');
    }
    (text, lines)
}

fn selector(conditions: &Selector) -> String {
    let get = |field: &str| conditions.iter().find(|(of, _)| of == field).map(|(_, value)| value.as_str());
    let mut parts = Vec::new();
    for field in ["enp", "snils", "given_name", "birth_date", "source", "record_id"] {
        parts.extend(get(field).map(|value| format!("{field} = \"{value}\"")));
    }
    parts.extend(get("line").map(|line| format!("line = {line}")));
    for (name, kind, number) in [("policy", "policy_kind", "policy_number"), ("document", "doc_kind", "doc_number")] {
        parts.extend(
            get(number).map(|value| format!("{name} = {{ kind = \"{}\", number = \"{value}\" }}", get(kind).unwrap_or(""))),
        );
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A row with the file and the line on which it stands.
struct Standing<'r> {
    file: &'r SourceFile,
    line: usize,
    values: &'r [String],
}

impl Standing<'_> {
    fn get(&self, field: &str) -> &str {
        self.file.header.iter().position(|name| name == field).map_or("", |column| self.values[column].trim())
    }
}

/// Entries about the rows of the region.
pub fn entries(random: &mut SplitMix, region: &Region, around: &Surroundings) -> Vec<OverrideEntry> {
    let files = || region.registers.iter().chain(&region.attachments);
    let rows: Vec<Standing<'_>> = files().flat_map(standing).collect();
    if rows.is_empty() || !random.chance(70) {
        return Vec::new();
    }
    let count = random.between(1, 12);
    (0..count).map(|_| entry(random, &rows, around)).collect()
}

fn standing(file: &SourceFile) -> impl Iterator<Item = Standing<'_>> {
    (2..).zip(&file.rows).filter_map(move |(line, row)| match row {
        Row::Fields(values) => Some(Standing { file, line, values }),
        Row::Raw(_) => None,
    })
}

fn entry(random: &mut SplitMix, rows: &[Standing<'_>], around: &Surroundings) -> OverrideEntry {
    let kind = *random.pick(&[
        "same_person",
        "same_person",
        "different_persons",
        "different_persons",
        "different_persons",
        "insurer",
        "insurer",
        "clinic",
        "clinic",
        "alive",
        "ignore",
    ]);
    let mut entry = OverrideEntry { kind: kind.to_string(), decided_on: "2023-10-05".to_string(), ..OverrideEntry::default() };
    if random.chance(20) {
        entry.decided_on = around.as_of.day_before().to_string();
    }
    if random.chance(20) {
        let ends = [around.as_of, around.as_of.next_day(), around.as_of.plus_years(1)];
        entry.until = random.pick(&ends).to_string();
    }
    let about = random.pick(rows);
    match kind {
        "ignore" => entry.sides = vec![vec![of_row(random, about)]],
        "alive" => {
            entry.sides = vec![side(random, about)];
            entry.decided_on = random.pick(&around.days).to_string();
            if entry.until <= entry.decided_on {
                entry.until = String::new();
            }
        }
        "insurer" | "clinic" => {
            entry.sides = vec![side(random, about)];
            let codes: Vec<String> = if kind == "insurer" {
                around.insurers.iter().map(|row| row.insurer.clone()).collect()
            } else {
                around.clinics.iter().map(|row| row.clinic.clone()).collect()
            };
            entry.code = random.pick(&codes).clone();
            if kind == "clinic" {
                entry.profile = random.pick(&["", "", "", "1", "2", "3"]).to_string();
            }
            stay(random, around, &mut entry);
        }
        _ => {
            // Mostly about somebody who may be the same, so that there is something to divide.
            let alike: Vec<&Standing<'_>> = rows.iter().filter(|row| resembles(row, about)).collect();
            let other = if random.chance(65) { random.pick(&alike) } else { random.pick(rows) };
            entry.sides = vec![side(random, about), side(random, other)];
        }
    }
    entry
}

fn stay(random: &mut SplitMix, around: &Surroundings, entry: &mut OverrideEntry) {
    let from = *random.pick(&around.days);
    entry.from = from.to_string();
    let later: Vec<Date> = around.days.iter().copied().filter(|day| *day > from).collect();
    if !later.is_empty() && random.chance(50) {
        entry.to = random.pick(&later).to_string();
    }
}

fn resembles(row: &Standing<'_>, other: &Standing<'_>) -> bool {
    ["enp", "snils", "policy_number", "doc_number", "birth_date"]
        .iter()
        .any(|field| !row.get(field).is_empty() && row.get(field) == other.get(field))
}

/// One selector of the row, rarely with a second one.
fn side(random: &mut SplitMix, row: &Standing<'_>) -> Vec<Selector> {
    let mut selectors = vec![of_person(random, row)];
    if random.chance(15) {
        selectors.push(of_row(random, row));
    }
    selectors
}

/// Names the row by where it stands; now and then a row that is not there.
fn of_row(random: &mut SplitMix, row: &Standing<'_>) -> Selector {
    let source = ("source".to_string(), row.file.name.clone());
    let id = row.get("record_id");
    if !id.is_empty() && !id.contains('"') && random.chance(50) {
        return vec![source, ("record_id".to_string(), id.to_string())];
    }
    let line = if random.chance(10) { row.line + random.below(5) } else { row.line };
    vec![source, ("line".to_string(), line.to_string())]
}

/// Names the row by what it says of the person, if that can name anybody, else by where it stands.
fn of_person(random: &mut SplitMix, row: &Standing<'_>) -> Selector {
    let enp = row.get("enp").trim_start_matches(['`', '\'', ' ']).to_string();
    let digits: String = row.get("snils").chars().filter(char::is_ascii_digit).collect();
    let (kind, number) = (row.get("policy_kind"), row.get("policy_number"));
    let (doc_kind, doc_number) = (row.get("doc_kind"), row.get("doc_number"));
    let field = |name: &str, value: &str| (name.to_string(), value.to_string());
    let plain =
        |text: &str| text.chars().any(char::is_alphanumeric) && !text.contains(['"', '\\']) && !text.contains(char::is_control);
    let mut selector = match random.below(5) {
        0 | 1 if all_digits(&enp, 16) && enp_check_digit_is_right(&enp) => vec![field("enp", &enp)],
        2 if identifiers::snils(&digits).is_some() => vec![field("snils", &digits)],
        3 if ["1", "2"].contains(&kind) && plain(number) => vec![field("policy_kind", kind), field("policy_number", number)],
        4 if plain(doc_kind) && plain(doc_number) => vec![field("doc_kind", doc_kind), field("doc_number", doc_number)],
        _ => return of_row(random, row),
    };
    if random.chance(20) && plain(row.get("given_name")) {
        selector.push(field("given_name", row.get("given_name")));
    }
    if random.chance(20) && dates::parse(row.get("birth_date")).is_some() {
        selector.push(field("birth_date", row.get("birth_date")));
    }
    selector
}
