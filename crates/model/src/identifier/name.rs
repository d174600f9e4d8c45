//! Normal form of names, and the given names that may belong to one person (SEM-115, SEM-269).
//!
//! Lists of names, and oddities of names, are not known here.

/// A name in normal form; empty when the name is absent.
pub type NameKey = String;

/// The normal form of a name:
///
/// - upper case, Ё as Е, Latin letters as the Cyrillic letters of the same shape;
/// - one `-` between the parts of a name, in place of any dashes and blanks;
/// - no blanks around `.` and `'`;
/// - no text in brackets, unless the whole name stands in brackets.
///
/// The form follows the normalisation of the register's own search keys (OID 1.2.643.2.40.1.14) except for parts and brackets: senders write a double
/// surname, and a patronymic with `оглы` or `кызы`, with a dash or with a blank, and a former surname in brackets.
#[must_use]
pub fn normalise_name(text: &str) -> NameKey {
    if text.contains(BRACKETS) { normalise_plain_name(&without_brackets(text)) } else { normalise_plain_name(text) }
}

/// The normal form of a name without brackets.
fn normalise_plain_name(text: &str) -> NameKey {
    let mut out = String::with_capacity(text.len());
    let mut blank_pending = false;
    let mut push = |character: char| {
        if character.is_whitespace() {
            blank_pending = !out.is_empty();
            return;
        }
        let character = if is_dash(character) { '-' } else { cyrillic(character) };
        if blank_pending && !binds(character) && !out.ends_with(binds) {
            out.push('-');
        }
        blank_pending = false;
        if character != '-' || !out.ends_with('-') {
            out.push(character);
        }
    };
    for character in text.chars() {
        match plain_upper(character) {
            Some(upper) => push(upper),
            None => character.to_uppercase().for_each(&mut push),
        }
    }
    out
}

const OPENING: [char; 3] = ['(', '[', '{'];
const CLOSING: [char; 3] = [')', ']', '}'];
const BRACKETS: [char; 6] = ['(', '[', '{', ')', ']', '}'];

/// A name without the text in brackets. If there is no other text, only the brackets are removed; brackets around
/// nothing stay. A bracket that is never closed reaches to the end.
#[cold]
fn without_brackets(text: &str) -> String {
    let (mut outside, mut depth) = (String::with_capacity(text.len()), 0_usize);
    for character in text.chars() {
        if OPENING.contains(&character) {
            depth += 1;
        } else if CLOSING.contains(&character) {
            depth = depth.saturating_sub(1);
            outside.push(' ');
        } else if depth == 0 {
            outside.push(character);
        }
    }
    if !outside.trim().is_empty() {
        return outside;
    }
    let inside = text.replace(BRACKETS, " ");
    if inside.trim().is_empty() { text.to_owned() } else { inside }
}

/// Whether two given names in normal form may belong to one person: they are equal, one is the initial of the other, or both have at least five
/// letters and are at most two edits apart.
#[must_use]
pub fn names_compatible(left: &str, right: &str) -> bool {
    left == right || initial_of(left, right) || initial_of(right, left) || two_edits_apart(left, right)
}

fn initial_of(short: &str, long: &str) -> bool {
    let letter = short.strip_suffix('.').unwrap_or(short);
    let mut characters = letter.chars();
    matches!((characters.next(), characters.next()), (Some(c), None) if c.is_alphabetic() && long.starts_with(c))
}

fn two_edits_apart(left: &str, right: &str) -> bool {
    let letter = |c: &char| matches!(c, 'А'..='Я') || c.is_alphabetic();
    let five_letters = |name: &str| name.chars().filter(letter).nth(4).is_some();
    let (left_end, right_end) = without_common_ends(left, right);
    left_end.chars().count().abs_diff(right_end.chars().count()) <= 2
        && five_letters(left)
        && five_letters(right)
        && alignment_distance(left_end, right_end) <= 2
}

/// Two texts without their common start and end, which no shortest sequence of edits changes: `НАТАЛЬЯ` and `НАТАЛИЯ` leave `Ь` and `И`.
fn without_common_ends<'l, 'r>(left: &'l str, right: &'r str) -> (&'l str, &'r str) {
    let pairs = left.chars().zip(right.chars());
    let start: usize = pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum();
    let (left, right) = (&left[start..], &right[start..]);
    let pairs = left.chars().rev().zip(right.chars().rev());
    let end: usize = pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// Optimal string alignment distance: the fewest letters to insert, delete or replace and neighbours to swap, with no letter edited twice.
///
/// The method is the usual table of dynamic programming, with three rows in memory: `row[j]` is the distance of the
/// first `i` letters on the left and the first `j` letters on the right. Nearly all names leave two short remainders,
/// which need no table.
fn alignment_distance(left: &str, right: &str) -> usize {
    if left.is_empty() || right.is_empty() {
        return left.chars().count() + right.chars().count();
    }
    if left.chars().nth(1).is_none() && right.chars().nth(1).is_none() {
        return usize::from(left != right);
    }
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut row = vec![i; right.len() + 1];
        for j in 1..=right.len() {
            let replaced = last[j - 1] + usize::from(left[i - 1] != right[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

/// Whether no dash is put between a character and the text around it.
fn binds(character: char) -> bool {
    matches!(character, '-' | '.' | '\'')
}

/// Dashes of other scripts and widths: the minus sign, and the Unicode category Pd without `-` and U+2010 to U+2015.
const DASHES: [char; 21] = [
    '\u{058A}',
    '\u{05BE}',
    '\u{1400}',
    '\u{1806}',
    '\u{2212}',
    '\u{2E17}',
    '\u{2E1A}',
    '\u{2E3A}',
    '\u{2E3B}',
    '\u{2E40}',
    '\u{2E5D}',
    '\u{301C}',
    '\u{3030}',
    '\u{30A0}',
    '\u{FE31}',
    '\u{FE32}',
    '\u{FE58}',
    '\u{FE63}',
    '\u{FF0D}',
    '\u{10D6E}',
    '\u{10EAD}',
];

/// Whether a character is a dash of any kind.
pub(super) fn is_dash(character: char) -> bool {
    match character {
        '-' | '\u{2010}'..='\u{2015}' => true,
        // Latin, Greek and Cyrillic letters come before all other dashes.
        '\0'..'\u{058A}' => false,
        other => DASHES.contains(&other),
    }
}

/// The upper case of an ASCII character or Russian letter; `None` for others.
pub(super) fn plain_upper(character: char) -> Option<char> {
    match character {
        '\0'..='\x7F' => Some(character.to_ascii_uppercase()),
        'А'..='Я' | 'Ё' => Some(character),
        'а'..='я' => char::from_u32(character as u32 - ('а' as u32 - 'А' as u32)),
        'ё' => Some('Ё'),
        _ => None,
    }
}

/// The Cyrillic capital of the same shape for a Latin capital, Е for Ё; other characters stay.
pub(super) fn cyrillic(character: char) -> char {
    match character {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised() {
        for (text, key) in [
            ("Иванов", "ИВАНОВ"),
            ("  семёнова \t — мышкина ", "СЕМЕНОВА-МЫШКИНА"),
            ("ИBAHOB", "ИВАНОВ"),
            ("О ' Нил", "О'НИЛ"),
            ("де  ла   Круз", "ДЕ-ЛА-КРУЗ"),
            ("Мамед оглы", "МАМЕД-ОГЛЫ"),
            ("Мамед- оглы", "МАМЕД-ОГЛЫ"),
            ("Липова--Соснина", "ЛИПОВА-СОСНИНА"),
            ("Липова-Соснина (Петрова)", "ЛИПОВА-СОСНИНА"),
            ("Липова(Петрова)", "ЛИПОВА"),
            ("(Петрова) Липова", "ЛИПОВА"),
            ("Липова [Петрова] Соснина", "ЛИПОВА-СОСНИНА"),
            ("Липова (Петрова", "ЛИПОВА"),
            ("Липова)", "ЛИПОВА"),
            ("(Петрова)", "ПЕТРОВА"),
            ("((Ия))", "ИЯ"),
            ("()", "()"),
            ("---", "-"),
            ("И .", "И."),
            ("HET", "НЕТ"),
            ("", ""),
            ("–", "-"),
        ] {
            assert_eq!(normalise_name(text), key, "{text}");
        }
    }

    #[test]
    fn compatible_given_names() {
        for (left, right, expected) in [
            ("АННА", "АННА", true),
            ("АННА", "АЛЛА", false),
            ("А", "АННА", true),
            ("А.", "АННА", true),
            ("А..", "АННА", false),
            ("Б", "АННА", false),
            ("МАРИЯ", "МАРЬЯ", true),
            ("НАТАЛЬЯ", "НАТАЛИЯ", true),
            ("ИВАН", "ИВАНА", false),
            ("ДМИТРИЙ", "МДИТРИЙ", true),
            ("АНДРЕЙ", "АНТОНИЙ", false),
            ("СВЕТЛАНА", "СВЕТА", false),
        ] {
            assert_eq!(names_compatible(left, right), expected, "{left} {right}");
            assert_eq!(names_compatible(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn a_letter_is_edited_once() {
        // CA -> ABC takes three edits when a swapped pair may not be edited again, two otherwise.
        assert_eq!(alignment_distance("СА", "АВС"), 3);
        assert_eq!(alignment_distance("АБВ", "БАВ"), 1);
    }

    #[test]
    fn common_ends_are_never_edited() {
        let words: Vec<String> = (0..3_usize.pow(5))
            .map(|number| (0..number % 6).map(|place| ['А', 'Б', 'В'][number / 3_usize.pow(place as u32) % 3]).collect())
            .collect();
        for (left, right) in words.iter().flat_map(|left| words.iter().map(move |right| (left, right))) {
            let (left_end, right_end) = without_common_ends(left, right);
            assert_eq!(alignment_distance(left_end, right_end), alignment_distance(left, right), "{left} {right}");
        }
    }
}
