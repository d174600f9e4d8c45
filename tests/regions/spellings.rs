//! Other spellings in the rows of a random region: documents, double surnames, given names that stand for an unknown one, and names or numbers that are
//! missing.

use super::fields::Fields;
use super::splitmix::SplitMix;
use super::{Region, Row};

/// Changes rows, and adds copies with other spellings.
pub fn add(random: &mut SplitMix, region: &mut Region) {
    region.row_rules.allow_missing_names = random.chance(20);
    for file in region.registers.iter_mut().chain(&mut region.attachments) {
        let mut rows = Vec::new();
        for mut row in std::mem::take(&mut file.rows) {
            let copy = match &mut row {
                Row::Fields(values) => change(random, &mut Fields { header: &file.header, values }),
                Row::Raw(_) => None,
            };
            rows.push(row);
            rows.extend(copy.map(Row::Fields));
        }
        file.rows = rows;
    }
}

/// Given names that stand for an unknown one, and some that do not.
const NO_NAMES: [&str; 12] =
    ["НЕТ", "-", "ребёнок", "РЕБЕНОК 1", "Ребенок-2", "Новорожденный", "без имени", "1", "РЕБЕНОК №1", "Нета", "Б/И", "HET"];

/// Changes some rows. Returns, for some of them, a copy that only the document links with the row.
fn change(random: &mut SplitMix, row: &mut Fields<'_>) -> Option<Vec<String>> {
    match random.below(24) {
        0 | 1 => {
            let spelled = document(random, &row.get("doc_number"));
            row.set("doc_number", &spelled);
            None
        }
        2 => {
            row.set("given_name", random.pick::<&str>(&NO_NAMES));
            Some(copy(random, row))
        }
        3 => {
            let surname = double_surname(random, &row.get("surname"));
            row.set("surname", &surname);
            None
        }
        4 | 5 => {
            missing_name(random, row);
            random.chance(40).then(|| copy(random, row))
        }
        6 => {
            row.set("policy_kind", random.pick::<&str>(&["1", "2", "3"]));
            row.set(random.pick::<&str>(&["enp", "policy_number"]), "");
            None
        }
        7 | 8 => Some(copy(random, row)),
        _ => None,
    }
}

/// The row with another policy, and with name and document in another spelling.
fn copy(random: &mut SplitMix, row: &mut Fields<'_>) -> Vec<String> {
    let mut values = row.values.clone();
    let mut copy = Fields { header: row.header, values: &mut values };
    copy.set("policy_kind", "1");
    copy.set("policy_number", &format!("ВГ {}", random.between(1, 200)));
    for field in ["enp", "snils", "record_id"] {
        if random.chance(80) {
            copy.set(field, "");
        }
    }
    let spelled = document(random, &copy.get("doc_number"));
    copy.set("doc_number", &spelled);
    if random.chance(30) {
        let surname = double_surname(random, &copy.get("surname"));
        copy.set("surname", &surname);
    }
    values
}

fn missing_name(random: &mut SplitMix, row: &mut Fields<'_>) {
    row.set("reliability", random.pick::<&str>(&["", "1", "2", "3", "1 2", "2 3", "3,1"]));
    match random.below(8) {
        0 => {
            row.set("surname", "");
            row.set("given_name", "");
        }
        1..=3 => row.set("surname", ""),
        _ => row.set("given_name", ""),
    }
}

/// A double surname in another order, in one word, or with another sign between.
fn double_surname(random: &mut SplitMix, surname: &str) -> String {
    let Some((first, second)) = surname.split_once('-') else { return format!("{surname}-Ким") };
    match random.below(4) {
        0 => format!("{second}-{first}"),
        1 => format!("{first}{second}"),
        2 => format!("{first} {second}"),
        _ => format!("{first} — {second} ({first})"),
    }
}

/// Another spelling of a document number; seldom another number.
fn document(random: &mut SplitMix, number: &str) -> String {
    let mut typed = String::new();
    for c in number.chars() {
        let others: &[&str] = match c {
            'I' => &["1", "І", "l", "|", "Ⅰ", "i", "Ӏ"],
            'V' => &["У", "Y", "v", "Ⅴ"],
            'X' => &["Х", "x", "Ⅹ"],
            'L' => &["Л", "l"],
            'А' => &["A", "а"],
            'Н' => &["H", "н"],
            '-' => &["–", " ", "", "—", ". "],
            ' ' => &["", "  ", "\u{A0}", " № ", " N ", " No ", "-", "N"],
            _ => &[],
        };
        if !others.is_empty() && random.chance(40) {
            typed += *random.pick::<&str>(others);
        } else if random.chance(1) {
            typed += *random.pick::<&str>(&["7", "0", "З", "", "1"]);
        } else {
            typed.push(c);
        }
    }
    match random.below(12) {
        0 => typed.replace("XIV", "14").replace("II-", "11-"),
        1 => typed.replace("II-", "П-"),
        _ => typed,
    }
}
