//! What is odd about a name by itself: signs that names do not have, mixed alphabets, doubled signs, and whose sex it is of.
//!
//! All of it is a property of the word, so whoever keeps words asks once for each. Whether a name may be absent and what the row says of the sex is no
//! matter of this module.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Sex;
use super::name::{is_dash, normalise_name};

/// What is odd about a word as a name, and of which sex it is as a given name and as a patronymic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameQuality(u16);

/// Something odd about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum NameFault {
    /// A digit, or another sign that names do not have.
    Sign = 1,
    /// Letters of both alphabets.
    Alphabets = 2,
    /// Doubled signs or blanks, or such at the edge.
    Punctuation = 4,
}

impl NameFault {
    /// All of them.
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
    pub fn of(text: &str) -> Self {
        Self::of_normalised(text, &normalise_name(text))
    }

    /// [`Self::of`] of a text whose form for comparison ([`normalise_name`]) is known.
    #[must_use]
    pub fn of_normalised(text: &str, compared: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut bits = if text.chars().all(|letter| matches!(letter, 'А'..='я' | 'ё' | 'Ё')) { 0 } else { faults(text) };
        bits |= match sex_of_given_name(compared) {
            Some(Sex::Male) => GIVEN_NAME_OF_MEN,
            Some(Sex::Female) => GIVEN_NAME_OF_WOMEN,
            None => 0,
        };
        bits |= match NAMES.patronymics.sex_of(compared) {
            Some(Sex::Male) => PATRONYMIC_OF_MEN,
            Some(Sex::Female) => PATRONYMIC_OF_WOMEN,
            None => 0,
        };
        if NONE_WORDS.contains(&compared) {
            bits |= NO_PATRONYMIC;
        }
        if NAMES.is_placeholder(compared) {
            bits |= PLACEHOLDER;
        }
        Self(bits)
    }

    /// Whether it has a fault.
    #[must_use]
    pub fn has(self, fault: NameFault) -> bool {
        self.0 & fault as u16 != 0
    }

    /// Whether it says, as a patronymic, that there is none.
    #[must_use]
    pub fn says_none(self) -> bool {
        self.0 & NO_PATRONYMIC != 0
    }

    /// Whether, as a given name, it stands for one that is not known or not given yet.
    #[must_use]
    #[inline]
    pub fn is_placeholder(self) -> bool {
        self.0 & PLACEHOLDER != 0
    }

    /// Whether, as a given name, it is one that only the other sex bears.
    #[must_use]
    #[inline]
    pub fn given_name_contradicts(self, sex: Sex) -> bool {
        self.0 & [GIVEN_NAME_OF_WOMEN, GIVEN_NAME_OF_MEN][usize::from(sex == Sex::Female)] != 0
    }

    /// Whether, as a patronymic, it is one that only the other sex bears.
    #[must_use]
    #[inline]
    pub fn patronymic_contradicts(self, sex: Sex) -> bool {
        self.0 & [PATRONYMIC_OF_WOMEN, PATRONYMIC_OF_MEN][usize::from(sex == Sex::Female)] != 0
    }

    /// Whether none of a person's names has a fault, and given name and patronymic do not contradict the sex; quickly, for the many of whom it is
    /// so. Of a patronymic that says there is none it may be told wrongly that something is odd.
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

/// Patronymics, in the form for comparison, that say there is none.
const NONE_WORDS: [&str; 2] = ["НЕТ", "-"];

/// Signs that stand for an apostrophe, or for a letter that is not sounded, in names of other languages.
const APOSTROPHES: [char; 9] = ['\'', '`', '´', 'ʹ', 'ʻ', 'ʼ', '‘', '’', '′'];

/// What a character is in a name.
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
    fn of(character: char) -> Self {
        match character {
            'А'..='я' | 'ё' | 'Ё' => Self::Letter,
            '.' => Self::FullStop,
            '(' => Self::Opening,
            ')' => Self::Closing,
            _ if is_dash(character) => Self::Dash,
            _ if APOSTROPHES.contains(&character) => Self::Apostrophe,
            _ if character.is_whitespace() => Self::Blank,
            // Numerals such as Ⅳ count as alphabetic.
            _ if character.is_alphabetic() && !character.is_numeric() => Self::Letter,
            _ => Self::Strange,
        }
    }

    fn joins(self) -> bool {
        matches!(self, Self::Dash | Self::Apostrophe | Self::FullStop)
    }
}

fn has_strange_sign(text: &str) -> bool {
    text.chars().any(|character| Sign::of(character) == Sign::Strange)
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

/// Letters of an initial or a shortened name before its full stop, at most.
const INITIAL_LETTERS: usize = 2;

/// Two blanks side by side; two signs side by side or with a blank between; a sign at the edge; brackets that do not pair. A full stop may end an
/// initial, and a dash may follow it.
fn is_badly_punctuated(text: &str) -> bool {
    let signs: Vec<Sign> = text.chars().map(Sign::of).collect();
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

/// Whether each bracket is closed behind something and before the next one opens.
fn brackets_pair(signs: &[Sign]) -> bool {
    let mut opened_at = None;
    for (at, sign) in signs.iter().enumerate() {
        match (sign, opened_at) {
            (Sign::Opening, None) => opened_at = Some(at),
            (Sign::Closing, Some(opened)) if at > opened + 1 => opened_at = None,
            (Sign::Opening | Sign::Closing, _) => return false,
            _ => {}
        }
    }
    opened_at.is_none()
}

/// The sex that only bears a given name in the form for comparison: each part of it must be known, and all be of one sex.
fn sex_of_given_name(name: &str) -> Option<Sex> {
    let mut parts = name.split(['-', ' ']).map(|part| NAMES.sex_of_part(part));
    let first = parts.next()??;
    parts.all(|part| part == Some(first)).then_some(first)
}

/// The names that tell a sex.
struct Names {
    listed: HashMap<&'static str, Sex>,
    given_names: Endings,
    patronymics: Endings,
    placeholders: HashSet<&'static str>,
}

/// Endings that tell a sex.
struct Endings(Vec<(String, Sex)>);

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::read(include_str!("../../../../schemas/names.toml")));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesFile {
    men: String,
    women: String,
    placeholders: String,
    given_name_endings: EndingLists,
    patronymic_endings: EndingLists,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingLists {
    men: Vec<String>,
    women: Vec<String>,
}

impl Names {
    fn read(text: &str) -> Self {
        let NamesFile { men, women, placeholders, given_name_endings, patronymic_endings } =
            toml::from_str(text).expect("invariant: the list of names was built in whole");
        let (men, women, placeholders): (&'static str, &'static str, &'static str) =
            (men.leak(), women.leak(), placeholders.leak());
        let of_men = men.split_whitespace().map(|name| (name, Sex::Male));
        let of_women = women.split_whitespace().map(|name| (name, Sex::Female));
        Self {
            listed: of_men.chain(of_women).collect(),
            given_names: Endings::new(given_name_endings),
            patronymics: Endings::new(patronymic_endings),
            placeholders: placeholders.split_whitespace().collect(),
        }
    }

    /// Whether a given name in the form for comparison stands for none: it has no letter, or is one of the list, perhaps with the number of a child.
    fn is_placeholder(&self, name: &str) -> bool {
        let bare = name.trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '№' | '.'));
        let listed = self.placeholders.contains(name) || self.placeholders.contains(bare);
        listed || !name.is_empty() && !name.chars().any(char::is_alphabetic)
    }

    fn sex_of_part(&self, part: &str) -> Option<Sex> {
        self.listed.get(part).copied().or_else(|| self.given_names.sex_of(part))
    }
}

impl Endings {
    fn new(lists: EndingLists) -> Self {
        let of_men = lists.men.into_iter().map(|ending| (ending, Sex::Male));
        let of_women = lists.women.into_iter().map(|ending| (ending, Sex::Female));
        Self(of_men.chain(of_women).collect())
    }

    /// The sex of a name with one of the endings behind two letters at least.
    fn sex_of(&self, name: &str) -> Option<Sex> {
        let (_, sex) = self.0.iter().find(|(ending, _)| {
            name.strip_suffix(ending.as_str())
                .is_some_and(|stem| stem.chars().filter(|letter| letter.is_alphabetic()).nth(1).is_some())
        })?;
        Some(*sex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<NameFault> {
        NameFault::ALL.into_iter().filter(|&fault| NameQuality::of(text).has(fault)).collect()
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
    fn digits_and_strange_signs_are_told() {
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
    fn letters_of_both_alphabets_are_told() {
        for name in ["Ивaнов", "Анна Maria", "ÜИ", "Карл II"] {
            assert_eq!(faults(name), [NameFault::Alphabets], "{name}");
        }
        for name in ["CEMEH", "Semyon"] {
            assert_eq!(faults(name), [], "{name}");
        }
    }

    #[test]
    fn doubled_signs_and_signs_at_the_edge_are_told() {
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
    fn all_faults_of_a_name_are_told() {
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
            assert_eq!(NameQuality::of(text).says_none(), none, "{text}");
        }
    }

    /// The sex of a text as a given name and as a patronymic.
    fn sexes(text: &str) -> [Option<Sex>; 2] {
        let quality = NameQuality::of(text);
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
    fn patronymics_tell_the_sex_by_their_ending() {
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
    fn the_lists_are_in_the_form_for_comparison_and_name_nobody_twice() {
        let file: NamesFile = toml::from_str(include_str!("../../../../schemas/names.toml")).expect("a list of names");
        let mut seen = std::collections::BTreeSet::new();
        let endings =
            [file.given_name_endings, file.patronymic_endings].into_iter().flat_map(|lists| [lists.men, lists.women].concat());
        for name in file.placeholders.split_whitespace() {
            assert_eq!(normalise_name(name), name);
            assert!(NameQuality::of(name).is_placeholder() && seen.insert(name.to_owned()), "{name}");
        }
        for name in file.men.split_whitespace().chain(file.women.split_whitespace()).map(str::to_owned).chain(endings) {
            assert_eq!(normalise_name(&name), name);
            assert_eq!(faults(&name), [], "{name}");
            assert!(seen.insert(name.clone()), "{name} twice");
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
            assert!(NameQuality::of(name).is_placeholder(), "{name}");
        }
        for name in ["", "Иван", "И.", "И", "Нета", "Мальчиков", "Ребёнкова", "Иван 1"] {
            assert!(!NameQuality::of(name).is_placeholder(), "{name}");
        }
    }

    #[test]
    fn a_row_is_odd_by_its_names_or_by_its_sex() {
        let of = NameQuality::of;
        let odd =
            |surname, given_name, patronymic, sex| !NameQuality::nothing_odd(of(surname), of(given_name), of(patronymic), sex);
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
