//! Values and cases of a region, restricted to those that the columns of a format can hold.
//!
//! A restricted region is another region of the same kind, not a part of the full one: cases that its records cannot hold do not happen. It can
//! be written in every format with these columns.

use super::plan::Plan;
use super::rates::{Kind, Rates};
use super::rows::Damage;
use super::text::Text;
use sverka_model::{Category, Code, Date, DocumentKind};

/// Values and cases that a region has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carry {
    /// All values that the canonical columns hold.
    #[default]
    All,
    /// Values of attachment files of the MO family and `OPLIST`: therapeutic attachments only, without sex and record id.
    Exchange,
    /// Values of a regional dump: one insurer and one clinic for a person, and no more than 24 columns. Every format can carry them.
    Dump,
}

/// Region of an insurer's records in `OPLIST`: an OKATO code of five digits.
const OKATO: &str = "18000";

/// Kinds that do not happen in the exchange: the damaged bytes of a row belong to one format, and some codes have no column.
const NOT_IN_EXCHANGE: [Kind; 9] = [
    Kind::RowCutShort,
    Kind::RowTooLong,
    Kind::RowOpenQuote,
    Kind::RowTextAfterQuote,
    Kind::RowBadBytes,
    // The file names the insurer, not the row.
    Kind::InsurerUnknown,
    Kind::TwoSexes,
    Kind::OtherProfile,
    Kind::ClinicNoInterval,
];

/// Other kinds that do not happen in a dump: they need a second row, different values in the two tables, or a column that the dump lacks.
const NOT_IN_DUMP: [Kind; 48] = [
    Kind::BirthDateRange,
    Kind::SexInvalid,
    Kind::PolicyKindUnknown,
    Kind::PolicyNumberFormat,
    Kind::EnpFormat,
    Kind::EnpBacktick,
    Kind::EnpCheckDigit,
    Kind::EnpImpossible,
    Kind::SnilsInvalid,
    Kind::CategoryUnknown,
    Kind::ForeignerWithTerm,
    Kind::TermMissing,
    Kind::SurnameChanged,
    Kind::SurnameTypo,
    Kind::GivenNameTypo,
    Kind::GivenNameOther,
    Kind::GivenNameInitial,
    Kind::LatinLetters,
    Kind::CapitalLetters,
    Kind::KnownBySnils,
    Kind::KnownByDocument,
    Kind::KnownByNothing,
    Kind::SecondEnp,
    Kind::TwoSnils,
    Kind::TwoBirthDates,
    Kind::EnpSharedByAlike,
    Kind::InsurerChanged,
    Kind::InsurerChangeOpen,
    Kind::InsurerChangeMoved,
    Kind::InsurerContractEnded,
    Kind::InsurerChangeLate,
    Kind::InsurerChangeTwice,
    Kind::InsurerChangeDeferred,
    Kind::InsurerSameDay,
    Kind::InsurerSameDayTie,
    Kind::ClinicChanged,
    Kind::ClinicTerritory,
    Kind::ClinicChangeOpen,
    Kind::ClinicChangeMoved,
    Kind::ClinicChangeLimit,
    Kind::ClinicOutranked,
    Kind::ClinicDeferred,
    Kind::ClinicSameDay,
    Kind::ClinicSameDayTie,
    Kind::ClinicGrownUp,
    Kind::AttachedUninsured,
    Kind::InsuredAfterDeath,
    Kind::AttachedAfterDeath,
];

impl Carry {
    /// All restrictions, the widest first.
    pub const ALL: [Self; 3] = [Self::All, Self::Exchange, Self::Dump];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exchange => "exchange",
            Self::Dump => "dump",
        }
    }

    /// Whether a kind can happen in a region with these values.
    #[must_use]
    pub fn holds(self, kind: Kind) -> bool {
        match self {
            Self::All => true,
            Self::Exchange => !NOT_IN_EXCHANGE.contains(&kind),
            Self::Dump => Self::Exchange.holds(kind) && !NOT_IN_DUMP.contains(&kind),
        }
    }

    /// Rates with 0 for the kinds that cannot happen.
    pub(super) fn rates(self, rates: &Rates) -> Rates {
        rates.only(|kind| self.holds(kind))
    }

    /// Code of the region in register rows.
    pub(super) fn region(self) -> &'static str {
        match self {
            Self::All => "34",
            Self::Exchange => OKATO,
            Self::Dump => "",
        }
    }
}

impl Plan {
    /// Takes away values that the region does not carry, and the findings that depend on them.
    pub(super) fn restrict(&mut self, carry: Carry) {
        match carry {
            Carry::All => {}
            Carry::Exchange => {
                for row in self.registers.iter_mut().filter(|row| is_strike_off(row.reason)) {
                    // In an exchange file, a strike-off is the operation that ends a stay, not the stay.
                    row.reason = "";
                }
            }
            Carry::Dump => self.restrict_to_dump(),
        }
    }

    fn restrict_to_dump(&mut self) {
        for row in &mut self.registers {
            if !is_strike_off(row.reason) && row.reason != "П070" {
                row.reason = "";
            }
            (row.birth_place, row.citizenship) = ("", "");
            (row.category, row.doc_kind) = (Category::NONE, DocumentKind::NONE);
            (row.applied_on, row.death_date) = (Date::NEVER, Date::NEVER);
            // In a dump, a dash is an empty value.
            if row.patronymic.bytes() == b"-" {
                row.patronymic = Text::EMPTY;
            }
        }
        for (row, register) in self.attachments.iter_mut().zip(&self.registers) {
            (row.enp, row.snils, row.sex, row.birth_date) = (register.enp, register.snils, register.sex, register.birth_date);
            (row.policy_kind, row.policy_number) = (register.policy_kind, register.policy_number);
            (row.surname, row.given_name, row.patronymic) = (register.surname, register.given_name, register.patronymic);
            (row.doc_kind, row.department) = (DocumentKind::NONE, 0);
        }
        // Without a category, no rule knows that a person is a citizen.
        for defect in self.defects.iter_mut().filter(|defect| defect.expected == Some(Code::SnilsRequired)) {
            defect.expected = None;
        }
    }
}

impl Plan {
    /// Takes the surname from rows with damaged bytes, which a table with typed columns cannot hold. They are quarantined as before.
    pub(super) fn without_broken_rows(&mut self) {
        let registers = self.registers.iter_mut().map(|row| &mut row.damage);
        let attachments = self.attachments.iter_mut().map(|row| &mut row.damage);
        for damage in registers.chain(attachments) {
            if !matches!(damage, Damage::None | Damage::Field(..)) {
                *damage = Damage::Field("surname", Text::EMPTY);
            }
        }
        for defect in &mut self.defects {
            if let Some(code @ (Code::RowShape | Code::RowQuote | Code::RowEncoding)) = &mut defect.expected {
                *code = Code::FieldRequired;
            }
        }
    }
}

/// Whether an operation ends an insurance.
pub(super) fn is_strike_off(reason: &str) -> bool {
    matches!(reason, "П021" | "П022" | "П023" | "П024" | "П025")
}
