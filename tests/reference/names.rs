//! Names and numbers as they are compared (SEM-115, SEM-116), and which given names are compatible (SEM-269).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;
use std::thread::LocalKey;

/// Unicode category Pd, and the minus sign.
const DASHES: &str = "-\u{58A}\u{5BE}\u{1400}\u{1806}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2E17}\u{2E1A}\u{2E3A}\u{2E3B}\u{2E40}\
    \u{2E5D}\u{301C}\u{3030}\u{30A0}\u{FE31}\u{FE32}\u{FE58}\u{FE63}\u{FF0D}\u{10D6E}\u{10EAD}\u{2212}";

pub fn is_dash(c: char) -> bool {
    DASHES.contains(c)
}

/// A name as it is compared (SEM-115): brackets do not count, and a blank between two parts is a dash.
pub fn name(text: &str) -> String {
    thread_local!(static KNOWN: RefCell<HashMap<String, String>> = RefCell::default());
    remembered(&KNOWN, text, computed_name)
}

/// The value that `compute` gives for a text, computed once for each text and thread, because names and numbers repeat.
pub fn remembered<T: Clone>(known: &'static Known<T>, text: &str, compute: fn(&str) -> T) -> T {
    const MOST: usize = 100_000;
    if let Some(value) = known.with_borrow(|known| known.get(text).cloned()) {
        return value;
    }
    let value = compute(text);
    known.with_borrow_mut(|known| {
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(text.to_string(), value.clone());
    });
    value
}

/// Computed values by their texts.
pub type Known<T> = LocalKey<RefCell<HashMap<String, T>>>;

fn computed_name(text: &str) -> String {
    let outside = outside_brackets(text);
    let all = text.replace(['(', ')', '[', ']', '{', '}'], " ");
    let mut counts = [outside, all, text.to_string()].into_iter().filter(|kept| !kept.trim().is_empty());
    let upper = counts.next().unwrap_or_default().to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let mut letters = String::new();
    for c in words.join(" ").chars() {
        letters.push(if is_dash(c) { '-' } else { cyrillic(c) });
    }
    for mark in ["-", ".", "'"] {
        while letters.contains(&format!(" {mark}")) {
            letters = letters.replace(&format!(" {mark}"), mark);
        }
        while letters.contains(&format!("{mark} ")) {
            letters = letters.replace(&format!("{mark} "), mark);
        }
    }
    let mut joined = letters.trim().replace(' ', "-");
    while joined.contains("--") {
        joined = joined.replace("--", "-");
    }
    joined
}

/// The text without its brackets and their content; a bracket that is not closed reaches to the end.
fn outside_brackets(text: &str) -> String {
    let mut open = 0;
    let mut outside = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => {
                open = if open > 0 { open - 1 } else { 0 };
                outside.push(' ');
            }
            _ if open == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

/// Latin look-alikes as Cyrillic letters, Ё as Е (SRC-47).
pub fn cyrillic(c: char) -> char {
    match c {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' | 'Ё' => 'Е',
        'H' => 'Н',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        other => other,
    }
}

/// A patronymic of `НЕТ`, `-`, `---` is empty; several dashes are one (SEM-080).
pub fn patronymic(text: &str) -> String {
    let normal = name(text);
    if normal == "НЕТ" || normal == "-" { String::new() } else { normal }
}

/// Whether a given name stands for an unknown one (SEM-117): it is listed, perhaps with a number behind it, or has no letter.
pub fn is_placeholder(text: &str) -> bool {
    static LIST: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let list: toml::Table = include_str!("../../schemas/names.toml").parse().expect("TOML");
        list["placeholders"].as_str().expect("names").split_whitespace().map(str::to_string).collect()
    });
    let name = name(text);
    let mut bare = name.clone();
    while bare.ends_with(|c: char| "0123456789-№.".contains(c)) {
        bare.pop();
    }
    !name.is_empty() && (LIST.contains(&name) || LIST.contains(&bare) || !name.chars().any(char::is_alphabetic))
}

/// A policy number in upper case without blanks, dashes and `№` (SEM-116).
pub fn number(text: &str) -> String {
    text.to_uppercase().chars().filter(|c| !c.is_whitespace() && !is_dash(*c) && *c != '№').collect()
}

/// Whether two normalised given names may belong to one person (`L6`, SEM-269).
pub fn compatible(a: &str, b: &str) -> bool {
    if a == b || is_initial_of(a, b) || is_initial_of(b, a) {
        return true;
    }
    letter_count(a) >= 5 && letter_count(b) >= 5 && edits(a, b) <= 2
}

fn is_initial_of(short: &str, long: &str) -> bool {
    let bare = short.strip_suffix('.').unwrap_or(short);
    let chars: Vec<char> = bare.chars().collect();
    chars.len() == 1 && chars[0].is_alphabetic() && long.starts_with(chars[0])
}

fn letter_count(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Number of edits between two texts: insertions, deletions, replacements and swaps of neighbours, each letter edited once.
pub fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 {
                j
            } else if j == 0 {
                i
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}
