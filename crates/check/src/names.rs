//! Checks of names in both tables: signs, alphabets, punctuation, and the sex of given name and patronymic.

use super::row_check::{HashedText, RowCheck};
use sverka_model::{Code, Field, NameFault, NameQuality, Sex};

/// Interned names of a row. They are empty for a row that cannot be accepted.
#[derive(Clone, Copy)]
pub(super) struct InternedNames {
    pub surname: HashedText,
    pub given_name: HashedText,
    pub patronymic: HashedText,
    /// Whether the given name stands for an unknown one.
    pub is_placeholder: bool,
}

/// Code of reliability (`DOST`) of a person without a surname.
const NO_SURNAME: char = '2';
/// Code of reliability (`DOST`) of a person without a given name.
const NO_GIVEN_NAME: char = '3';

/// Surname and given name of a row as received.
#[derive(Clone, Copy)]
pub(super) struct GivenNames<'r> {
    pub surname: &'r [u8],
    pub given_name: &'r [u8],
}

impl<'r> RowCheck<'_, '_, 'r> {
    /// Surname and given name. One of them may be missing if the source allows it.
    #[inline]
    pub(super) fn surname_and_given_name(&mut self) -> GivenNames<'r> {
        let names = GivenNames { surname: self.text(Field::Surname), given_name: self.text(Field::GivenName) };
        if names.surname.is_empty() || names.given_name.is_empty() {
            self.check_missing_names(names);
        }
        names
    }

    #[cold]
    #[inline(never)]
    fn check_missing_names(&mut self, GivenNames { surname, given_name }: GivenNames<'_>) {
        let one_is_there = !surname.is_empty() || !given_name.is_empty();
        let codes = str::from_utf8(self.text(Field::Reliability)).unwrap_or_default();
        for (field, name, code) in [(Field::Surname, surname, NO_SURNAME), (Field::GivenName, given_name, NO_GIVEN_NAME)] {
            let is_allowed = one_is_there && (self.may_miss_names() || codes.contains(code));
            if name.is_empty() && !is_allowed {
                self.report(Code::FieldRequired, field);
            }
        }
    }

    /// Checks and interns the names of a row. The interner keeps the quality of each name, so an ordinary name costs a look at two bytes.
    #[inline]
    pub(super) fn names(&mut self, surname: &'r [u8], given_name: &'r [u8], sex: Option<Sex>) -> InternedNames {
        let texts = [surname, given_name, self.text(Field::Patronymic)];
        if !self.is_acceptable() {
            self.check_without_interning(texts, sex);
            let none = HashedText::EMPTY;
            return InternedNames { surname: none, given_name: none, patronymic: none, is_placeholder: false };
        }
        let [(surname, of_surname), (given_name, of_given_name), (patronymic, of_patronymic)] =
            texts.map(|text| self.intern_name(text));
        if !NameQuality::nothing_odd(of_surname, of_given_name, of_patronymic, sex) {
            self.report_odd_names([of_surname, of_given_name, of_patronymic], sex);
        }
        InternedNames { surname, given_name, patronymic, is_placeholder: of_given_name.is_placeholder() }
    }

    /// Checks the names of a quarantined row, which needs no interned texts.
    #[cold]
    #[inline(never)]
    fn check_without_interning(&mut self, texts: [&[u8]; 3], sex: Option<Sex>) {
        let quality = |text: &[u8]| NameQuality::from_text(str::from_utf8(text).expect("invariant: fields are parts of a text"));
        self.report_odd_names(texts.map(quality), sex);
    }

    /// Reports the faults of surname, given name and patronymic.
    #[cold]
    #[inline(never)]
    fn report_odd_names(&mut self, names: [NameQuality; 3], sex: Option<Sex>) {
        let [_, given_name, patronymic] = names;
        for (name, field) in names.into_iter().zip([Field::Surname, Field::GivenName, Field::Patronymic]) {
            if field == Field::Patronymic && name.says_none() {
                continue;
            }
            for fault in NameFault::ALL.into_iter().filter(|&fault| name.has(fault)) {
                self.report(code_of(fault), field);
            }
        }
        let Some(sex) = sex else { return };
        if given_name.given_name_contradicts(sex) {
            self.report(Code::NameSex, Field::GivenName);
        }
        if patronymic.patronymic_contradicts(sex) {
            self.report(Code::NameSex, Field::Patronymic);
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
