//! Reader of citizenships in the notations of registers.
//!
//! The citizenship that a row must have is not known here.

use sverka_model::normalise_name;
use sverka_settings::CitizenshipWords;

/// Spellings of the Russian Federation in registers: letters and number of the classifier of countries, and words.
const RUSSIA: [&str; 8] = ["RUS", "643", "RU", "РФ", "РОССИЯ", "РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RUSSIA", "RUSSIAN FEDERATION"];
/// Spellings of "no citizenship" in registers.
const NONE: [&str; 5] = ["Б/Г", "БГ", "ЛБГ", "БЕЗ ГРАЖДАНСТВА", "ЛИЦО БЕЗ ГРАЖДАНСТВА"];

/// Citizenship, in the three kinds that categories distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Citizenship {
    Russia,
    None,
    Other,
}

/// Slots of the cache: more than there are countries.
const SLOTS: usize = 512;

/// Reader of citizenships as received, with a cache of the texts that it has read.
///
/// ```text
/// slot          hash of the text % SLOTS
/// cache[slot]   (hash, citizenship) of the latest text in this slot
/// ```
///
/// A row costs one access to the cache. A text that is not in the cache is normalised and compared with the spellings,
/// and takes the slot. Registers have a few dozen texts, so that is rare. Hashes have 64 bits, so two texts with one
/// hash do not occur in practice.
pub(super) struct Citizenships {
    /// Spellings of the Russian Federation in normal form.
    russia: Vec<String>,
    /// Spellings of "no citizenship" in normal form.
    none: Vec<String>,
    cache: Vec<(u64, Citizenship)>,
}

impl Citizenships {
    /// A reader that knows the usual spellings, and those of the job.
    pub(super) fn new(words: &CitizenshipWords) -> Self {
        let all = |known: &[&str], more: &[String]| {
            known.iter().copied().chain(more.iter().map(String::as_str)).map(normalise_name).collect::<Vec<String>>()
        };
        let (russia, none) = (all(&RUSSIA, &words.russia), all(&NONE, &words.none));
        Self { russia, none, cache: vec![(0, Citizenship::Other); SLOTS] }
    }

    /// The citizenship of a text that is not empty, given its hash.
    #[inline]
    pub(super) fn find(&mut self, text: &[u8], hash: u64) -> Citizenship {
        let slot = hash as usize % SLOTS;
        if self.cache[slot].0 != hash {
            self.cache[slot] = (hash, self.parse(text));
        }
        self.cache[slot].1
    }

    #[cold]
    #[inline(never)]
    fn parse(&self, text: &[u8]) -> Citizenship {
        let normalised = normalise_name(str::from_utf8(text).unwrap_or_default());
        if self.russia.contains(&normalised) {
            Citizenship::Russia
        } else if self.none.contains(&normalised) {
            Citizenship::None
        } else {
            Citizenship::Other
        }
    }
}
