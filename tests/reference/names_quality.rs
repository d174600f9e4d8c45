//! `NAME_DIGITS`, `NAME_ALPHABETS`, `NAME_PUNCTUATION`, `NAME_SEX`: findings about the names of a row. The list of given names is data and read
//! from the same file as the engine's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::names;

/// (field, code) of each finding about the names of a row.
pub fn findings(values: &BTreeMap<String, String>) -> Vec<(String, &'static str)> {
    let get = |field: &str| values.get(field).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for field in ["surname", "given_name", "patronymic"] {
        let name = get(field);
        if name.is_empty() || (field == "patronymic" && names::patronymic(&name).is_empty()) {
            continue;
        }
        for (holds, code) in [
            (name.chars().any(|c| class(c) == '?'), "NAME_DIGITS"),
            (has_both_alphabets(&name), "NAME_ALPHABETS"),
            (is_punctuated_badly(&name), "NAME_PUNCTUATION"),
        ] {
            if holds {
                found.push((field.to_string(), code));
            }
        }
    }
    let sexes = [("given_name", sex_of_given_name(&get("given_name"))), ("patronymic", sex_of_patronymic(&get("patronymic")))];
    for (field, sex) in sexes {
        let stated = get("sex");
        if (stated == "1" || stated == "2") && sex.is_some_and(|sex| sex != stated) {
            found.push((field.to_string(), "NAME_SEX"));
        }
    }
    found
}

/// The class of a character: `a` for a letter, ` ` a blank, `-` a dash, `'` an apostrophe, `.` a full stop, a bracket itself, `?` all else.
fn class(c: char) -> char {
    if "()".contains(c) || c == '.' {
        c
    } else if names::is_dash(c) {
        '-'
    } else if "'`´‘’′\u{2B9}\u{2BB}\u{2BC}".contains(c) {
        '\''
    } else if c.is_whitespace() {
        ' '
    } else if c.is_alphabetic() && !c.is_numeric() {
        'a'
    } else {
        '?'
    }
}

fn has_both_alphabets(name: &str) -> bool {
    let cyrillic = |c: char| {
        let code = c as u32;
        (0x400..0x530).contains(&code) && !(0x482..0x48A).contains(&code)
    };
    let latin = |c: char| {
        let code = c as u32;
        let wide = (0xFF21..0xFF3B).contains(&code) || (0xFF41..0xFF5B).contains(&code);
        c.is_ascii_alphabetic()
            || ((0xC0..0x250).contains(&code) && code != 0xD7 && code != 0xF7)
            || (0x1E00..0x1F00).contains(&code)
            || wide
    };
    name.chars().any(cyrillic) && name.chars().any(latin)
}

fn is_punctuated_badly(name: &str) -> bool {
    let classes: String = name.chars().map(class).collect();
    let tight = classes.replace(' ', "");
    let of_two = ["--", "-'", "-.", "'-", "''", "'.", ".'", ".."];
    let edges = tight.starts_with(['-', '\'', '.']) || classes.ends_with(['-', '\'']);
    let letters_before_the_last_stop = classes.strip_suffix('.').map_or(0, |rest| rest.len() - rest.trim_end_matches('a').len());
    classes.contains("  ")
        || of_two.iter().any(|pair| tight.contains(pair))
        || edges
        || letters_before_the_last_stop > 2
        || !brackets_pair(&tight)
}

fn brackets_pair(tight: &str) -> bool {
    let brackets: String = tight.chars().filter(|c| "()".contains(*c)).collect();
    brackets.replace("()", "").is_empty() && !brackets.contains("((") && !tight.contains("()")
}

/// The sex to which all parts of a given name belong; `None` when a part belongs to both or to none.
fn sex_of_given_name(name: &str) -> Option<&'static str> {
    let list = list();
    let name = names::name(name);
    let parts: Vec<&str> = name.split(['-', ' ']).collect();
    ["1", "2"].into_iter().find(|sex| parts.iter().all(|part| part_is_of(list, part, sex)))
}

fn part_is_of(list: &toml::Table, part: &str, sex: &str) -> bool {
    let listed = |key: &str| names_of(key).contains(part);
    let (own, other) = if sex == "1" { ("men", "women") } else { ("women", "men") };
    listed(own) || (!listed(other) && has_ending(list, "given_name_endings", own, part))
}

/// The names of men, or of women.
fn names_of(key: &str) -> &'static BTreeSet<String> {
    static NAMES: LazyLock<[BTreeSet<String>; 2]> = LazyLock::new(|| {
        ["men", "women"].map(|key| list()[key].as_str().expect("names").split_whitespace().map(str::to_string).collect())
    });
    if key == "men" { &NAMES[0] } else { &NAMES[1] }
}

fn sex_of_patronymic(name: &str) -> Option<&'static str> {
    let (list, name) = (list(), names::name(name));
    [("1", "men"), ("2", "women")]
        .into_iter()
        .find(|(_, key)| has_ending(list, "patronymic_endings", key, &name))
        .map(|(sex, _)| sex)
}

/// Whether the name has one of the endings, and at least two letters before it.
fn has_ending(list: &toml::Table, endings: &str, key: &str, name: &str) -> bool {
    let endings = list[endings][key].as_array().expect("endings");
    endings.iter().map(|ending| ending.as_str().expect("an ending")).any(|ending| {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        name.ends_with(ending) && letters(name) >= letters(ending) + 2
    })
}

fn list() -> &'static toml::Table {
    static LIST: LazyLock<toml::Table> = LazyLock::new(|| include_str!("../../schemas/names.toml").parse().expect("TOML"));
    &LIST
}
