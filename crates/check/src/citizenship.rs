//! The citizenship of a register row against its category. A word is understood once; after that its hash is looked up.

use super::context::RowCheck;
use sverka_model::{Code, Field, normalise_name};
use sverka_settings::CitizenshipWords;

/// How registers write the Russian Federation: letters and number of the classifier of countries, and in words.
const RUSSIA: [&str; 8] = ["RUS", "643", "RU", "РФ", "РОССИЯ", "РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RUSSIA", "RUSSIAN FEDERATION"];
/// How registers write that somebody has no citizenship.
const NONE: [&str; 5] = ["Б/Г", "БГ", "ЛБГ", "БЕЗ ГРАЖДАНСТВА", "ЛИЦО БЕЗ ГРАЖДАНСТВА"];

/// What a word for a citizenship means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Citizenship {
    Russia,
    None,
    Other,
}

/// Places for words that were understood; more than there are countries.
const PLACES: usize = 512;

/// The words for citizenships.
pub(super) struct Citizenships {
    /// In the form for comparison.
    russia: Vec<String>,
    none: Vec<String>,
    /// Words by their hashes, each in the place that its hash gives; the latest word of a place stays.
    understood: Vec<(u64, Citizenship)>,
}

impl Citizenships {
    pub(super) fn new(words: &CitizenshipWords) -> Self {
        let all = |known: &[&str], more: &[String]| {
            known.iter().copied().chain(more.iter().map(String::as_str)).map(normalise_name).collect::<Vec<String>>()
        };
        let (russia, none) = (all(&RUSSIA, &words.russia), all(&NONE, &words.none));
        Self { russia, none, understood: vec![(0, Citizenship::Other); PLACES] }
    }

    /// What a text with this hash means; neither is empty.
    #[inline]
    fn of(&mut self, text: &[u8], hash: u64) -> Citizenship {
        let place = hash as usize % PLACES;
        if self.understood[place].0 != hash {
            self.understood[place] = (hash, self.understand(text));
        }
        self.understood[place].1
    }

    #[cold]
    #[inline(never)]
    fn understand(&self, text: &[u8]) -> Citizenship {
        let word = normalise_name(str::from_utf8(text).unwrap_or_default());
        if self.russia.contains(&word) {
            Citizenship::Russia
        } else if self.none.contains(&word) {
            Citizenship::None
        } else {
            Citizenship::Other
        }
    }
}

/// Finds a citizenship that contradicts the category. `hash` is that of the citizenship as received, 0 when it is empty: that contradicts nothing.
#[inline]
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>, category: u8, hash: u64) {
    if hash == 0 {
        return;
    }
    let text = row.text(Field::Citizenship);
    let citizenship = row.lookups().citizenships.of(text, hash);
    let fits = match category {
        1 | 6 => citizenship == Citizenship::Russia,
        4 | 9 => citizenship == Citizenship::None,
        // Foreigners, refugees, people of the EAEU; refugees may have no citizenship, and some registers give 11 and 12 to stateless persons.
        2 | 3 | 5 | 7 | 8 | 10..=14 => citizenship != Citizenship::Russia,
        _ => true,
    };
    if !fits {
        row.found(Code::CategoryCitizenship, Field::Citizenship);
    }
}
