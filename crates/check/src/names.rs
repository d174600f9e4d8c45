//! The checks of names, of both tables: signs, alphabets, punctuation, and the sex that a given name or patronymic tells.

use super::context::RowCheck;
use sverka_model::{Code, Field, InternedText, NameFault, NameQuality, Sex};

/// The names of a row as words, each with the hash of its text. Those of a row that cannot be accepted are empty.
#[derive(Clone, Copy)]
pub(super) struct NameWords {
    pub surname: (InternedText, u64),
    pub given_name: (InternedText, u64),
    pub patronymic: (InternedText, u64),
    /// Whether the given name stands for none.
    pub placeholder: bool,
}

const NO_TEXT: (InternedText, u64) = (InternedText::NONE, 0);

/// The codes of reliability (`DOST`) by which a surname, and a given name, may be missing.
const NO_SURNAME: char = '2';
const NO_GIVEN_NAME: char = '3';

/// Surname and given name of a row as they stand there.
#[derive(Clone, Copy)]
pub(super) struct GivenNames<'r> {
    pub surname: &'r [u8],
    pub given_name: &'r [u8],
}

impl<'r> RowCheck<'_, '_, 'r> {
    /// Surname and given name, one of which may be missing where the source says so.
    #[inline]
    pub(super) fn surname_and_given_name(&mut self) -> GivenNames<'r> {
        let names = GivenNames { surname: self.text(Field::Surname), given_name: self.text(Field::GivenName) };
        if names.surname.is_empty() || names.given_name.is_empty() {
            self.missing_names(names);
        }
        names
    }

    #[cold]
    #[inline(never)]
    fn missing_names(&mut self, GivenNames { surname, given_name }: GivenNames<'_>) {
        let one_is_there = !surname.is_empty() || !given_name.is_empty();
        let codes = str::from_utf8(self.text(Field::Reliability)).unwrap_or_default();
        for (field, name, code) in [(Field::Surname, surname, NO_SURNAME), (Field::GivenName, given_name, NO_GIVEN_NAME)] {
            let is_allowed = one_is_there && (self.may_miss_names() || codes.contains(code));
            if name.is_empty() && !is_allowed {
                self.found(Code::FieldRequired, field);
            }
        }
    }

    /// Checks the names of a row. What is odd about a name is known with its word, so that names as they should be cost a look at a byte.
    #[inline]
    pub(super) fn names(&mut self, surname: &'r [u8], given_name: &'r [u8], sex: Option<Sex>) -> NameWords {
        let texts = [surname, given_name, self.text(Field::Patronymic)];
        if !self.acceptable() {
            self.names_of_lost_row(texts, sex);
            return NameWords { surname: NO_TEXT, given_name: NO_TEXT, patronymic: NO_TEXT, placeholder: false };
        }
        let [surname, given_name, patronymic] = texts.map(|text| self.name(text));
        if !NameQuality::nothing_odd(surname.2, given_name.2, patronymic.2, sex) {
            self.odd_names([surname.2, given_name.2, patronymic.2], sex);
        }
        NameWords {
            surname: (surname.0, surname.1),
            given_name: (given_name.0, given_name.1),
            patronymic: (patronymic.0, patronymic.1),
            placeholder: given_name.2.is_placeholder(),
        }
    }

    /// Of a row that is kept aside no word is entered.
    #[cold]
    #[inline(never)]
    fn names_of_lost_row(&mut self, texts: [&[u8]; 3], sex: Option<Sex>) {
        let quality = |text: &[u8]| NameQuality::of(str::from_utf8(text).expect("invariant: fields are parts of a text"));
        self.odd_names(texts.map(quality), sex);
    }

    #[cold]
    #[inline(never)]
    fn odd_names(&mut self, names: [NameQuality; 3], sex: Option<Sex>) {
        let [_, given_name, patronymic] = names;
        for (name, field) in names.into_iter().zip([Field::Surname, Field::GivenName, Field::Patronymic]) {
            if field == Field::Patronymic && name.says_none() {
                continue;
            }
            for fault in NameFault::ALL.into_iter().filter(|&fault| name.has(fault)) {
                self.found(code_of(fault), field);
            }
        }
        let Some(sex) = sex else { return };
        if given_name.given_name_contradicts(sex) {
            self.found(Code::NameSex, Field::GivenName);
        }
        if patronymic.patronymic_contradicts(sex) {
            self.found(Code::NameSex, Field::Patronymic);
        }
    }
}

fn code_of(fault: NameFault) -> Code {
    match fault {
        NameFault::Sign => Code::NameDigits,
        NameFault::Alphabets => Code::NameAlphabets,
        NameFault::Punctuation => Code::NamePunctuation,
    }
}
