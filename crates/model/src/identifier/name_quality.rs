//! Quality of a name by itself: strange signs, mixed alphabets, doubled signs, and the sex that the name belongs to (SEM-077 to SEM-082).
//!
//! The quality depends on the text alone, so the interner of names computes it once for each different text. The sex in
//! the row, and the names that a row may lack, are not known here.

use super::Sex;
use super::name::{is_dash, normalise_name};
use super::name_lists::{is_placeholder, sex_of_given_name, sex_of_patronymic};

/// Quality of a text as a name: a bit set of its faults, and of its sex as a given name and as a patronymic.
///
/// ```text
/// bit   8            7              6      5       4      3        2            1          0
///       placeholder  no patronymic  women  men     women  men      punctuation  alphabets  sign
///                                   patronymic     given name      faults
/// ```
///
/// A row with ordinary names costs three ORs and two comparisons with this set; see [`Self::nothing_odd`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameQuality(u16);

/// Fault of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum NameFault {
    /// A digit, or another sign that names do not have.
    Sign = 1,
    /// Letters of both alphabets.
    Alphabets = 2,
    /// Doubled signs or blanks, or a sign at the edge.
    Punctuation = 4,
}

impl NameFault {
    /// Every fault.
    pub const ALL: [Self; 3] = [Self::Sign, Self::Alphabets, Self::Punctuation];
}

const FAULTS: u16 = 7;
const GIVEN_NAME_OF_MEN: u16 = 1 << 3;
const GIVEN_NAME_OF_WOMEN: u16 = 1 << 4;
const PATRONYMIC_OF_MEN: u16 = 1 << 5;
const PATRONYMIC_OF_WOMEN: u16 = 1 << 6;
const NO_PATRONYMIC: u16 = 1 << 7;
const PLACEHOLDER: u16 = 1 << 8;

impl NameQuality {
    /// The quality of a text as a name.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::from_normalised(text, &normalise_name(text))
    }

    /// The quality of a text as a name, given its normal form ([`normalise_name`]).
    #[must_use]
    pub fn from_normalised(text: &str, normalised: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut bits = if text.chars().all(|letter| matches!(letter, 'А'..='я' | 'ё' | 'Ё')) { 0 } else { faults(text) };
        bits |= match sex_of_given_name(normalised) {
            Some(Sex::Male) => GIVEN_NAME_OF_MEN,
            Some(Sex::Female) => GIVEN_NAME_OF_WOMEN,
            None => 0,
        };
        bits |= match sex_of_patronymic(normalised) {
            Some(Sex::Male) => PATRONYMIC_OF_MEN,
            Some(Sex::Female) => PATRONYMIC_OF_WOMEN,
            None => 0,
        };
        if NONE_WORDS.contains(&normalised) {
            bits |= NO_PATRONYMIC;
        }
        if is_placeholder(normalised) {
            bits |= PLACEHOLDER;
        }
        Self(bits)
    }

    /// Whether the name has a fault.
    #[must_use]
    pub fn has(self, fault: NameFault) -> bool {
        self.0 & fault as u16 != 0
    }

    /// Whether the text as a patronymic says that the person has none.
    #[must_use]
    pub fn says_none(self) -> bool {
        self.0 & NO_PATRONYMIC != 0
    }

    /// Whether the text as a given name stands for an unknown name, or for one that is not given yet.
    #[must_use]
    #[inline]
    pub fn is_placeholder(self) -> bool {
        self.0 & PLACEHOLDER != 0
    }

    /// Whether only the other sex bears the text as a given name.
    #[must_use]
    #[inline]
    pub fn given_name_contradicts(self, sex: Sex) -> bool {
        self.0 & [GIVEN_NAME_OF_WOMEN, GIVEN_NAME_OF_MEN][usize::from(sex == Sex::Female)] != 0
    }

    /// Whether only the other sex bears the text as a patronymic.
    #[must_use]
    #[inline]
    pub fn patronymic_contradicts(self, sex: Sex) -> bool {
        self.0 & [PATRONYMIC_OF_WOMEN, PATRONYMIC_OF_MEN][usize::from(sex == Sex::Female)] != 0
    }

    /// Whether no name of a person has a fault, and given name and patronymic do not contradict the sex. A quick test
    /// that is true for nearly everybody; false only means that the names need a closer look, for example a patronymic
    /// that says "none".
    #[must_use]
    #[inline]
    pub fn nothing_odd(surname: Self, given_name: Self, patronymic: Self, sex: Option<Sex>) -> bool {
        let contradicts = sex.is_some_and(|sex| given_name.given_name_contradicts(sex) | patronymic.patronymic_contradicts(sex));
        (surname.0 | given_name.0 | patronymic.0) & FAULTS == 0 && !contradicts
    }
}

/// The bits of a name's faults.
fn faults(text: &str) -> u16 {
    let faults = [
        (has_strange_sign(text), NameFault::Sign),
        (mixes_alphabets(text), NameFault::Alphabets),
        (is_badly_punctuated(text), NameFault::Punctuation),
    ];
    faults.into_iter().filter(|(holds, _)| *holds).fold(0, |bits, (_, fault)| bits | fault as u16)
}

/// Patronymics in normal form that mean "none".
const NONE_WORDS: [&str; 2] = ["НЕТ", "-"];

/// Signs that stand for an apostrophe, or for a silent letter, in names of other languages.
const APOSTROPHES: [char; 9] = ['\'', '`', '´', 'ʹ', 'ʻ', 'ʼ', '‘', '’', '′'];

/// Kind of a character in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Letter,
    Blank,
    Dash,
    Apostrophe,
    FullStop,
    Opening,
    Closing,
    Strange,
}

impl Sign {
    fn from_character(character: char) -> Self {
        match character {
            'А'..='я' | 'ё' | 'Ё' => Self::Letter,
            '.' => Self::FullStop,
            '(' => Self::Opening,
            ')' => Self::Closing,
            _ if is_dash(character) => Self::Dash,
            _ if APOSTROPHES.contains(&character) => Self::Apostrophe,
            _ if character.is_whitespace() => Self::Blank,
            // Numerals such as Ⅳ count as alphabetic, so they are excluded.
            _ if character.is_alphabetic() && !character.is_numeric() => Self::Letter,
            _ => Self::Strange,
        }
    }

    fn joins(self) -> bool {
        matches!(self, Self::Dash | Self::Apostrophe | Self::FullStop)
    }
}

fn has_strange_sign(text: &str) -> bool {
    text.chars().any(|character| Sign::from_character(character) == Sign::Strange)
}

fn mixes_alphabets(text: &str) -> bool {
    text.chars().any(is_cyrillic) && text.chars().any(is_latin)
}

fn is_cyrillic(character: char) -> bool {
    matches!(character, '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}')
}

fn is_latin(character: char) -> bool {
    let in_blocks =
        matches!(character, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    in_blocks && !matches!(character, '×' | '÷')
}

/// Most letters of an initial or a shortened name before its full stop.
const INITIAL_LETTERS: usize = 2;

/// Whether a name has two blanks side by side, two signs side by side or with a blank between them, a sign at the edge, or brackets that do not pair.
/// A full stop may end an initial, and a dash may follow it.
fn is_badly_punctuated(text: &str) -> bool {
    let signs: Vec<Sign> = text.chars().map(Sign::from_character).collect();
    let tight: Vec<Sign> = signs.iter().copied().filter(|sign| *sign != Sign::Blank).collect();
    let doubled = |pair: &[Sign]| pair[0].joins() && pair[1].joins() && *pair != [Sign::FullStop, Sign::Dash];
    let ends_badly = match signs.split_last() {
        Some((Sign::FullStop, before)) => before.iter().rev().take_while(|sign| **sign == Sign::Letter).count() > INITIAL_LETTERS,
        other => other.is_some_and(|(last, _)| last.joins()),
    };
    signs.windows(2).any(|pair| *pair == [Sign::Blank; 2])
        || tight.windows(2).any(doubled)
        || tight.first().is_some_and(|first| first.joins())
        || ends_badly
        || !brackets_pair(&tight)
}

/// Whether each bracket is closed behind some text and before the next one opens.
fn brackets_pair(signs: &[Sign]) -> bool {
    let mut opened_at = None;
    for (index, sign) in signs.iter().enumerate() {
        match (sign, opened_at) {
            (Sign::Opening, None) => opened_at = Some(index),
            (Sign::Closing, Some(opened)) if index > opened + 1 => opened_at = None,
            (Sign::Opening | Sign::Closing, _) => return false,
            _ => {}
        }
    }
    opened_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<NameFault> {
        NameFault::ALL.into_iter().filter(|&fault| NameQuality::from_text(text).has(fault)).collect()
    }

    #[test]
    fn names_as_they_are_in_documents_have_no_fault() {
        for name in [
            "",
            "Иванов",
            "ИВАНОВ",
            "иванов",
            "Ёлкин",
            "Салтыков-Щедрин",
            "Салтыков – Щедрин",
            "О'Нил",
            "Д’Артаньян",
            "Ўғли",
            "Ali oglu",
            "Müller",
            "Оғлы Ә",
            "И",
            "И.",
            "И. О.",
            "А.-М.",
            "Дж.",
            "С.С.С.",
            "Али оглы",
            "Али-оглы",
            "де ла Круз",
            "Иванова (Петрова)",
            "(Петрова)",
            "НЕТ",
            "Нгуен Тхи\u{A0}Лан",
        ] {
            assert_eq!(faults(name), [], "{name}");
        }
    }

    #[test]
    fn digits_and_strange_signs_are_faults() {
        for name in [
            "Иван0в",
            "Иванов 2",
            "Иванов, мл",
            "Иванов/Петров",
            "\"Ракитин\" ст.",
            "Иван_ов",
            "Карл Ⅳ",
            "Иванов²",
            "Анна+",
            "Ии\u{306}я",
            "№",
        ] {
            assert_eq!(faults(name), [NameFault::Sign], "{name}");
        }
    }

    #[test]
    fn letters_of_both_alphabets_are_a_fault() {
        for name in ["Ивaнов", "Анна Maria", "ÜИ", "Карл II"] {
            assert_eq!(faults(name), [NameFault::Alphabets], "{name}");
        }
        for name in ["CEMEH", "Semyon"] {
            assert_eq!(faults(name), [], "{name}");
        }
    }

    #[test]
    fn doubled_signs_and_signs_at_the_edge_are_faults() {
        for name in [
            "Иванов  Петров",
            "Иванов \u{A0}Петров",
            "Иванов--Петров",
            "Иванов- -Петров",
            "Иванов-–Петров",
            "О''Нил",
            "О'-Нил",
            "И..",
            "-Иванов",
            "Иванов-",
            ".",
            "-",
            "---",
            "'Иванов",
            "Иванов'",
            "Иванович.",
            "Ива.",
            "Иванова (Петрова",
            "Иванова) Петрова",
            "Иванова ()",
            "Иванова ((Петрова))",
        ] {
            assert_eq!(faults(name), [NameFault::Punctuation], "{name}");
        }
    }

    #[test]
    fn a_name_may_have_every_fault() {
        assert_eq!(faults("-Ивaн0в"), NameFault::ALL);
    }

    #[test]
    fn only_a_patronymic_may_say_that_there_is_none() {
        for (text, none) in [
            ("НЕТ", true),
            ("нет", true),
            ("HET", true),
            ("-", true),
            ("–", true),
            ("---", true),
            ("", false),
            ("--", true),
            ("Нет.", false),
        ] {
            assert_eq!(NameQuality::from_text(text).says_none(), none, "{text}");
        }
    }

    /// The sex of a text as a given name and as a patronymic.
    fn sexes(text: &str) -> [Option<Sex>; 2] {
        let quality = NameQuality::from_text(text);
        let sex = |contradicts: &dyn Fn(Sex) -> bool| match [Sex::Male, Sex::Female].map(contradicts) {
            [false, true] => Some(Sex::Male),
            [true, false] => Some(Sex::Female),
            other => {
                assert_eq!(other, [false; 2], "{text}");
                None
            }
        };
        [sex(&|sex| quality.given_name_contradicts(sex)), sex(&|sex| quality.patronymic_contradicts(sex))]
    }

    #[test]
    fn given_names_of_one_sex_are_known() {
        for (name, sex) in [
            ("Александр", Some(Sex::Male)),
            ("Александра", Some(Sex::Female)),
            ("АЛЕHA", Some(Sex::Female)),
            ("Семён", Some(Sex::Male)),
            ("Анна-Мария", Some(Sex::Female)),
            ("Анна Мария", Some(Sex::Female)),
            ("Роберт-Мария", None),
            ("Хосе-Мария", None),
            ("Анна-", None),
            ("Любомир", Some(Sex::Male)),
            ("Брячислава", Some(Sex::Female)),
            ("Мир", None),
            ("Слава", None),
            ("Саша", None),
            ("Женя", None),
            ("Валя", None),
            ("Никита", None),
            ("Ян", None),
            ("Ким", None),
            ("А", None),
            ("А.", None),
            ("", None),
        ] {
            assert_eq!(sexes(name)[0], sex, "{name}");
        }
    }

    #[test]
    fn patronymics_show_the_sex_by_their_ending() {
        for (name, sex) in [
            ("Иванович", Some(Sex::Male)),
            ("ИЛЬИЧ", Some(Sex::Male)),
            ("Лукич", Some(Sex::Male)),
            ("Али оглы", Some(Sex::Male)),
            ("Али-оглы", Some(Sex::Male)),
            ("Нурланулы", Some(Sex::Male)),
            ("Ивановна", Some(Sex::Female)),
            ("Юрьевна", Some(Sex::Female)),
            ("Ильинична", Some(Sex::Female)),
            ("Саввишна", Some(Sex::Female)),
            ("Али кызы", Some(Sex::Female)),
            ("Нурланкызы", Some(Sex::Female)),
            ("Кришна", None),
            ("Оглы", None),
            ("Кызы", None),
            ("-- Кызы", None),
            ("НЕТ", None),
            ("Анна", None),
            ("И.", None),
            ("", None),
        ] {
            assert_eq!(sexes(name)[1], sex, "{name}");
        }
    }

    #[test]
    fn a_given_name_may_stand_for_none() {
        for name in [
            "НЕТ",
            "нет",
            "-",
            "—",
            "Ребёнок",
            "РЕБЕНОК 1",
            "Ребенок-2",
            "ребенок №2",
            "Новорожденная",
            "Без имени",
            "?",
            "1",
            "Б/И",
        ] {
            assert!(NameQuality::from_text(name).is_placeholder(), "{name}");
        }
        for name in ["", "Иван", "И.", "И", "Нета", "Мальчиков", "Ребёнкова", "Иван 1"] {
            assert!(!NameQuality::from_text(name).is_placeholder(), "{name}");
        }
    }

    #[test]
    fn a_row_is_odd_by_its_names_or_by_its_sex() {
        let odd = |surname, given_name, patronymic, sex| {
            let [surname, given_name, patronymic] = [surname, given_name, patronymic].map(NameQuality::from_text);
            !NameQuality::nothing_odd(surname, given_name, patronymic, sex)
        };
        assert!(!odd("Иванов", "Пётр", "НЕТ", Some(Sex::Male)));
        assert!(!odd("Иванов", "Пётр", "Ивановна", None));
        assert!(!odd("Мария", "Саша", "", Some(Sex::Male)), "a surname has no sex");
        assert!(odd("Иванов", "Пётр", "", Some(Sex::Female)));
        assert!(odd("Иванов", "Мария", "", Some(Sex::Male)));
        assert!(odd("Иванов", "Саша", "Ивановна", Some(Sex::Male)));
        assert!(odd("Иванов", "Саша", "Иванович", Some(Sex::Female)));
        for odd_name in ["Иван0в", "Ивaнов", "-Иванов"] {
            assert!(odd(odd_name, "", "", None) && odd("", odd_name, "", None) && odd("", "", odd_name, None), "{odd_name}");
        }
    }
}
