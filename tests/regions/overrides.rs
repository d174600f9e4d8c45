//! Random decisions of people about the rows of a region, over both tables and all birth dates. Some name nobody, some are no longer in force.

use std::fmt::Write as _;

use super::rows::Context;
use super::splitmix::SplitMix;
use super::{Region, Row, SourceFile};
use crate::reference::dates::{self, Date};
use crate::reference::identifiers::{self, all_digits, enp_check_digit_is_right};

/// An entry of the file of overrides.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct OverrideEntry {
    /// `same_person`, `different_persons`, `insurer`, `clinic`, `alive` or `ignore`.
    pub kind: String,
    /// The selectors that name records: `one` and `other` for a decision about a pair, else the person or the record alone.
    pub sides: Vec<Vec<Selector>>,
    /// The decided insurer or clinic; empty for other kinds.
    pub code: String,
    pub profile: String,
    pub from: String,
    pub to: String,
    pub decided_on: String,
    pub until: String,
}

/// Conditions that a row meets: (field, `source` or `line`; value).
pub type Selector = Vec<(String, String)>;

/// Name of the file of overrides.
pub const FILE: &str = "overrides.toml";
/// Author of all decisions.
pub const AUTHOR: &str = "И. О. Иванова";
/// Reason of all decisions.
pub const REASON: &str = "письмо; «17»";

/// Text of the file of overrides, and the line on which each entry begins.
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
            let selectors: Vec<String> = side.iter().map(selector_text).collect();
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

fn selector_text(conditions: &Selector) -> String {
    let get = |field: &str| conditions.iter().find(|(known, _)| known == field).map(|(_, value)| value.as_str());
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

/// A row with its file and line.
struct LocatedRow<'r> {
    file: &'r SourceFile,
    line: usize,
    values: &'r [String],
}

impl LocatedRow<'_> {
    fn get(&self, field: &str) -> &str {
        self.file.header.iter().position(|name| name == field).map_or("", |column| self.values[column].trim())
    }
}

/// Random entries about the rows of the region.
pub fn entries(random: &mut SplitMix, region: &Region, context: &Context) -> Vec<OverrideEntry> {
    let files = || region.registers.iter().chain(&region.attachments);
    let rows: Vec<LocatedRow<'_>> = files().flat_map(located_rows).collect();
    if rows.is_empty() || !random.chance(70) {
        return Vec::new();
    }
    let count = random.between(1, 12);
    (0..count).map(|_| entry(random, &rows, context)).collect()
}

fn located_rows(file: &SourceFile) -> impl Iterator<Item = LocatedRow<'_>> {
    (2..).zip(&file.rows).filter_map(move |(line, row)| match row {
        Row::Fields(values) => Some(LocatedRow { file, line, values }),
        Row::Raw(_) => None,
    })
}

fn entry(random: &mut SplitMix, rows: &[LocatedRow<'_>], context: &Context) -> OverrideEntry {
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
        entry.decided_on = context.as_of.day_before().to_string();
    }
    if random.chance(20) {
        let ends = [context.as_of, context.as_of.next_day(), context.as_of.plus_years(1)];
        entry.until = random.pick(&ends).to_string();
    }
    let about = random.pick(rows);
    match kind {
        "ignore" => entry.sides = vec![vec![position_selector(random, about)]],
        "alive" => {
            entry.sides = vec![side(random, about)];
            entry.decided_on = random.pick(&context.days).to_string();
            if entry.until <= entry.decided_on {
                entry.until = String::new();
            }
        }
        "insurer" | "clinic" => {
            entry.sides = vec![side(random, about)];
            let codes: Vec<String> = if kind == "insurer" {
                context.insurers.iter().map(|row| row.insurer.clone()).collect()
            } else {
                context.clinics.iter().map(|row| row.clinic.clone()).collect()
            };
            entry.code = random.pick(&codes).clone();
            if kind == "clinic" {
                entry.profile = random.pick(&["", "", "", "1", "2", "3"]).to_string();
            }
            choose_days(random, context, &mut entry);
        }
        _ => {
            // Mostly a pair of rows that may be of one person, so that there is something to divide.
            let alike: Vec<&LocatedRow<'_>> = rows.iter().filter(|row| resembles(row, about)).collect();
            let other = if random.chance(65) { random.pick(&alike) } else { random.pick(rows) };
            entry.sides = vec![side(random, about), side(random, other)];
        }
    }
    entry
}

fn choose_days(random: &mut SplitMix, context: &Context, entry: &mut OverrideEntry) {
    let from = *random.pick(&context.days);
    entry.from = from.to_string();
    let later: Vec<Date> = context.days.iter().copied().filter(|day| *day > from).collect();
    if !later.is_empty() && random.chance(50) {
        entry.to = random.pick(&later).to_string();
    }
}

fn resembles(row: &LocatedRow<'_>, other: &LocatedRow<'_>) -> bool {
    ["enp", "snils", "policy_number", "doc_number", "birth_date"]
        .iter()
        .any(|field| !row.get(field).is_empty() && row.get(field) == other.get(field))
}

/// A side that names the row: one selector, rarely a second one.
fn side(random: &mut SplitMix, row: &LocatedRow<'_>) -> Vec<Selector> {
    let mut selectors = vec![person_selector(random, row)];
    if random.chance(15) {
        selectors.push(position_selector(random, row));
    }
    selectors
}

/// A selector by source and line, or record id; now and then of a row that does not exist.
fn position_selector(random: &mut SplitMix, row: &LocatedRow<'_>) -> Selector {
    let source = ("source".to_string(), row.file.name.clone());
    let id = row.get("record_id");
    if !id.is_empty() && !id.contains('"') && random.chance(50) {
        return vec![source, ("record_id".to_string(), id.to_string())];
    }
    let line = if random.chance(10) { row.line + random.below(5) } else { row.line };
    vec![source, ("line".to_string(), line.to_string())]
}

/// A selector by the numbers of the row's person; by position when the numbers are not right.
fn person_selector(random: &mut SplitMix, row: &LocatedRow<'_>) -> Selector {
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
        _ => return position_selector(random, row),
    };
    if random.chance(20) && plain(row.get("given_name")) {
        selector.push(field("given_name", row.get("given_name")));
    }
    if random.chance(20) && dates::parse(row.get("birth_date")).is_some() {
        selector.push(field("birth_date", row.get("birth_date")));
    }
    selector
}
