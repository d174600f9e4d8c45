//! A full name in one value: surname, given name and patronymic.
//!
//! ```text
//! Алиев Вагиф Гейдар оглы     four words, the last of which belongs to the patronymic
//! Петрова - Водкина А.И.      a double surname with blanks around its dash, two initials
//! Иванова (Лапина) Анна       a former surname in brackets; no patronymic, so the name is not certain
//! ```
//!
//! The parts are ranges of the value, so nothing is copied. No list of given names is asked.

use std::ops::Range;

/// Most words; the last one takes the rest of the value.
const MOST_WORDS: usize = 6;

/// Words that follow the father's name and belong to the patronymic.
const PATRONYMIC_WORDS: [&str; 20] = [
    "оглы", "оглу", "огли", "оғлы", "углы", "угли", "ўғли", "ўгли", "кызы", "кизи", "кизы", "гызы", "қызы", "қизи", "улы", "ұлы",
    "уулу", "ogly", "oglu", "qizi",
];

/// The parts of a full name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FullName {
    /// Ranges of surname, given name and patronymic in the value; empty for missing parts.
    pub parts: [Range<usize>; 3],
    /// Whether the value has as many words as a full name: one for each of the three parts.
    pub is_certain: bool,
}

impl FullName {
    /// The parts of a value.
    pub fn parse(text: &str) -> Self {
        let words = Words::split(text);
        let words = &words.ranges[..words.count];
        let is_initial = |word: &Range<usize>| is_initial(text, word);
        match words {
            [] => Self { parts: Default::default(), is_certain: true },
            [surname] => Self { parts: [surname.clone(), 0..0, 0..0], is_certain: false },
            [initial, surname] if is_initial(initial) && !is_initial(surname) => {
                Self { parts: [surname.clone(), initial.clone(), 0..0], is_certain: false }
            }
            [surname, given_name] => Self { parts: [surname.clone(), given_name.clone(), 0..0], is_certain: false },
            [first, second, surname] if is_initial(first) && is_initial(second) && !is_initial(surname) => {
                Self { parts: [surname.clone(), first.clone(), second.clone()], is_certain: true }
            }
            [surname, given_name, patronymic @ ..] => {
                let [first, .., last] = patronymic else {
                    let of_patronymic = patronymic[0].clone();
                    let is_certain = !is_patronymic_word(&text[of_patronymic.clone()]);
                    return Self { parts: [surname.clone(), given_name.clone(), of_patronymic], is_certain };
                };
                let is_certain = patronymic.len() == 2 && is_patronymic_word(&text[last.clone()]);
                Self { parts: [surname.clone(), given_name.clone(), first.start..last.end], is_certain }
            }
        }
    }
}

/// The words of a value.
#[derive(Default)]
struct Words {
    ranges: [Range<usize>; MOST_WORDS],
    count: usize,
    is_open: bool,
}

impl Words {
    fn split(text: &str) -> Self {
        let (mut words, mut at) = (Self::default(), 0);
        while let Some(character) = text[at..].chars().next() {
            let next = at + character.len_utf8();
            let behind = text[next..].trim_start();
            at = match character {
                '(' | '[' => {
                    let closing = behind.find([')', ']']).map_or(text.len(), |length| text.len() - behind.len() + length + 1);
                    words.go_on(at);
                    words.close(closing);
                    closing
                }
                // Blanks around the dash of a double name.
                '-' | '‐' | '‑' | '–' | '—' if words.count > 0 && behind.starts_with(char::is_alphabetic) => {
                    words.go_on(at);
                    text.len() - behind.len()
                }
                '.' => {
                    words.end(at);
                    if words.count > 0
                        && words.ranges[words.count - 1].end == at
                        && is_single_letter(text, &words.ranges[words.count - 1])
                    {
                        words.close(next);
                    }
                    next
                }
                ',' | ';' => {
                    words.end(at);
                    next
                }
                blank if blank.is_whitespace() => {
                    words.end(at);
                    next
                }
                _ => {
                    words.begin(at);
                    next
                }
            };
        }
        words.end(text.len());
        words
    }

    /// Begins a word unless one is open.
    fn begin(&mut self, at: usize) {
        if !self.is_open && self.count < MOST_WORDS {
            self.ranges[self.count] = at..at;
            self.count += 1;
        }
        self.is_open = true;
    }

    /// Goes on with the last word, or begins the first one.
    fn go_on(&mut self, at: usize) {
        if self.count == 0 {
            self.begin(at);
        }
        self.is_open = true;
    }

    /// Ends the word that is open, if one is.
    fn end(&mut self, at: usize) {
        if self.is_open {
            self.close(at);
        }
    }

    /// Ends the last word.
    fn close(&mut self, at: usize) {
        self.ranges[self.count - 1].end = at;
        self.is_open = false;
    }
}

/// Whether a word is one letter, alone or behind a dash.
fn is_single_letter(text: &str, word: &Range<usize>) -> bool {
    let last = text[word.clone()].rsplit(['-', '.', '–']).next().unwrap_or_default();
    last.chars().count() == 1 && last.starts_with(char::is_alphabetic)
}

/// Whether a word is a letter with a full stop.
fn is_initial(text: &str, word: &Range<usize>) -> bool {
    text[word.clone()].ends_with('.')
}

fn is_patronymic_word(word: &str) -> bool {
    PATRONYMIC_WORDS.iter().any(|known| word.chars().flat_map(char::to_lowercase).eq(known.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn parts(text: &str) -> (String, bool) {
        let name = FullName::parse(text);
        (name.parts.map(|part| text[part].to_owned()).join("|"), name.is_certain)
    }

    #[test]
    fn full_names_are_taken_apart() {
        for (text, expected) in [
            ("Иванов Иван Иванович", "Иванов|Иван|Иванович"),
            ("  Иванов\u{A0}Иван\tИванович ", "Иванов|Иван|Иванович"),
            ("Иванов И.П.", "Иванов|И.|П."),
            ("Иванов И. П.", "Иванов|И.|П."),
            ("Иванов И П", "Иванов|И|П"),
            ("И.П. Иванов", "Иванов|И.|П."),
            ("И. П. Иванов", "Иванов|И.|П."),
            ("Иванов.Иван.Иванович", "Иванов|Иван|Иванович"),
            ("Иванов, Иван Иванович", "Иванов|Иван|Иванович"),
            ("АЛИЕВ ВАГИФ ГЕЙДАР ОГЛЫ", "АЛИЕВ|ВАГИФ|ГЕЙДАР ОГЛЫ"),
            ("Алиева Лейла Гейдар кызы", "Алиева|Лейла|Гейдар кызы"),
            ("Алиева Лейла Гейдар-кызы", "Алиева|Лейла|Гейдар-кызы"),
            ("Ахметов Нурлан Серик улы", "Ахметов|Нурлан|Серик улы"),
            ("Петрова - Водкина Анна Ильинична", "Петрова - Водкина|Анна|Ильинична"),
            ("Петрова- Водкина Анна Ильинична", "Петрова- Водкина|Анна|Ильинична"),
            ("Петрова-Водкина Анна-Мария Ильинична", "Петрова-Водкина|Анна-Мария|Ильинична"),
            ("Иванова (Лапина) Анна Ильинична", "Иванова (Лапина)|Анна|Ильинична"),
            ("Иванова (Лапина Петрова) Анна Ильинична", "Иванова (Лапина Петрова)|Анна|Ильинична"),
            ("Иванов Иван -", "Иванов|Иван|-"),
            ("Иванов А.-М. П.", "Иванов|А.-М.|П."),
            ("", "||"),
            (" . ", "||"),
        ] {
            assert_eq!(parts(text), (expected.to_owned(), true), "{text}");
        }
    }

    #[test]
    fn names_of_other_numbers_of_words_are_uncertain() {
        for (text, expected) in [
            ("Иванов", "Иванов||"),
            ("Иванов Иван", "Иванов|Иван|"),
            ("И. Иванов", "Иванов|И.|"),
            ("Иванов И.", "Иванов|И.|"),
            ("Салтыков Щедрин Иван Петрович", "Салтыков|Щедрин|Иван Петрович"),
            ("Алиев Вагиф оглы", "Алиев|Вагиф|оглы"),
            ("а б в г д е ё ж", "а|б|в г д е ё ж"),
            ("Иванова (Лапина", "Иванова (Лапина||"),
        ] {
            assert_eq!(parts(text), (expected.to_owned(), false), "{text}");
        }
    }
}
