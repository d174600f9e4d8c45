//! Numbers of documents in one form (SEM-116). The spellings are undone one after another, each by a plain replacement.

use std::cell::RefCell;
use std::collections::HashMap;

use super::names;

/// The form in which numbers are compared, and the digits at its end (all of it when it does not end in digits).
pub fn form(text: &str) -> (String, String) {
    thread_local!(static KNOWN: RefCell<HashMap<String, (String, String)>> = RefCell::default());
    names::remembered(&KNOWN, text, computed_form)
}

fn computed_form(text: &str) -> (String, String) {
    let signs = signs(text);
    let count = signs.len() - signs.iter().rev().take_while(|(sign, _)| sign.is_ascii_digit()).count();
    let digits: String = signs[count..].iter().map(|(sign, _)| *sign).collect();
    if digits.is_empty() {
        let all: String = signs.iter().map(|(sign, _)| letter(*sign)).collect();
        return (all.clone(), all);
    }
    let head = without_mark(&signs[..count]);
    let letters_from = head.len() - head.len().min(2);
    let series_is_letters = head.iter().skip(letters_from).all(|sign| sign.is_alphabetic());
    let roman = if letters_from > 0 && series_is_letters { roman(&head[..letters_from], text) } else { None };
    let head = match roman {
        Some(figures) => figures + &head[letters_from..].iter().map(|sign| letter(*sign)).collect::<String>(),
        None => head.iter().map(|sign| letter(*sign)).collect(),
    };
    let form = head + &digits;
    let before: String = form.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
    (form.clone(), form[before.len()..].to_string())
}

/// Letters and digits in upper case, each with a flag: another sign stood before it. A small l stays small.
fn signs(text: &str) -> Vec<(char, bool)> {
    let numerals = "ⅠI ⅡII ⅢIII ⅣIV ⅤV ⅥVI ⅦVII ⅧVIII ⅨIX ⅩX ⅪXI ⅫXII ⅬL ⅭC ⅮD ⅯM";
    let mut signs = Vec::new();
    let mut apart = false;
    for c in text.chars() {
        let upper: String = if c == 'l' { "l".to_string() } else { c.to_uppercase().collect() };
        let spelled = numerals.split(' ').find_map(|pair| pair.strip_prefix(&upper)).map(str::to_string);
        let kept = match c {
            '|' | '¦' => "I".to_string(),
            'º' => String::new(),
            _ => spelled.unwrap_or(upper).chars().filter(|c| c.is_alphanumeric() && !names::is_dash(*c)).collect(),
        };
        if kept.is_empty() {
            apart = true;
        }
        for sign in kept.chars() {
            signs.push((sign, apart));
            apart = false;
        }
    }
    signs
}

/// An N or No that stands by itself between a series and the digits is the number sign.
fn without_mark(head: &[(char, bool)]) -> Vec<char> {
    let plain: Vec<char> = head.iter().map(|(sign, _)| *sign).collect();
    for mark in ["N", "NO", "NО"] {
        let from = plain.len().saturating_sub(mark.chars().count());
        if from > 0 && plain[from..].iter().collect::<String>() == mark && head[from].1 {
            return plain[..from].to_vec();
        }
    }
    plain
}

/// The figures of a Roman number in any of its spellings; `None` when the signs are no Roman number.
fn roman(typed: &[char], text: &str) -> Option<String> {
    let small_x = text.contains('x') || text.contains('х');
    let figures: Option<String> = typed
        .iter()
        .map(|sign| match sign {
            'l' if small_x => Some("L"),
            'I' | '1' | 'l' | 'І' | 'Ї' | 'Ӏ' | 'Ι' => Some("I"),
            'V' | 'У' | 'Y' | 'Ѵ' => Some("V"),
            'X' | 'Х' | 'Χ' => Some("X"),
            'L' | 'Л' => Some("L"),
            'C' | 'С' => Some("C"),
            'D' | 'Д' => Some("D"),
            'M' | 'М' => Some("M"),
            'П' => Some("II"),
            'Ш' => Some("III"),
            _ => None,
        })
        .collect();
    let number: Option<usize> = typed.iter().collect::<String>().parse().ok();
    let arabic = number.filter(|number| typed[0] != '0' && *number < 40);
    figures.or_else(|| arabic.map(in_figures))
}

/// A number below 40 in Roman figures.
fn in_figures(number: usize) -> String {
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    "X".repeat(number / 10) + ones[number % 10]
}

/// A letter of a series in Cyrillic where it looks like one.
fn letter(sign: char) -> char {
    match sign {
        'l' => 'L',
        'І' | 'Ӏ' | 'Ι' => 'I',
        'Y' => 'У',
        other => names::cyrillic(other),
    }
}
