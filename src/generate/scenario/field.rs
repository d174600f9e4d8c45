//! Rows and fields that cannot be: what the row checks find.

use super::super::carry::Carry;
use super::super::plan::Place;
use super::super::rates::Kind;
use super::super::rows::{ATTACHMENT_COLUMNS, Damage, PolicyNumber, REGISTER_COLUMNS, iso};
use super::super::text::Text;
use super::super::world::{CLOSED_INSURER, ymd};
use super::Case;
use sverka_model::{Code, Date, Enp, Snils};

/// Codes that are in no reference table.
const NO_INSURER: &str = "34099";
const NO_CLINIC: &str = "349999";

impl Case<'_> {
    /// Whether the kind is one of this module.
    pub fn field(&mut self) -> bool {
        let register = self.coin();
        match self.kind {
            Kind::RowCutShort => {
                let columns = if register { REGISTER_COLUMNS } else { ATTACHMENT_COLUMNS }.split(';').count() as u32;
                let kept = 3 + self.random.below(columns - 5) as usize;
                self.break_row(register, Damage::Cut(kept), Code::RowShape);
            }
            Kind::RowTooLong => self.break_row(register, Damage::Extra, Code::RowShape),
            Kind::RowOpenQuote => self.break_row(register, Damage::OpenQuote, Code::RowQuote),
            Kind::RowTextAfterQuote => self.break_row(register, Damage::TextAfterQuote, Code::RowQuote),
            Kind::RowBadBytes => self.break_row(register, Damage::Windows1251, Code::RowEncoding),
            Kind::FieldMissing => self.field_missing(),
            Kind::DateInvalid => self.date_invalid(register),
            Kind::BirthDateRange => {
                let before_all = self.coin();
                let day = if before_all { ymd(1899, 5, 17) } else { Date::from_days(self.world.as_of.days() + 30) };
                self.break_field(register, "birth_date", date_text(day), Code::BirthDateRange);
                let place = if register { Place::Register(0) } else { Place::Attachment(0) };
                self.found(place, Code::EnpPersonMismatch);
                if !before_all {
                    self.found(place, Code::DatesReversed);
                }
            }
            Kind::DatesReversed => self.dates_reversed(register),
            Kind::SexInvalid => {
                // Letters are codes in other formats, and their attachments have no sex.
                let full = self.world.carry == Carry::All;
                let sex = self.random.pick(if full { &["3", "0", "М", "F"] } else { &["3", "0", "4", "9"] });
                self.break_field(register || !full, "sex", Text::from(sex), Code::SexInvalid);
            }
            Kind::PolicyKindUnknown => {
                // A letter is a right code in other formats.
                let kind = self.random.pick(if self.world.carry == Carry::All { &["4", "0", "П"] } else { &["4", "0", "9"] });
                self.break_field(register, "policy_kind", Text::from(kind), Code::PolicyKindUnknown);
            }
            Kind::PolicyNumberFormat => {
                let number = PolicyNumber::Certificate(10_000_000 + self.random.below(80_000_000));
                self.register().policy_kind = 2;
                self.register().policy_number = number;
                self.certificate_of_its_time();
                self.register_lost(Code::PolicyNumberFormat);
            }
            Kind::EnpFormat | Kind::EnpBacktick | Kind::EnpCheckDigit | Kind::EnpImpossible => self.enp_wrong(register),
            Kind::SnilsInvalid => self.snils_invalid(register),
            Kind::CategoryUnknown => {
                self.strike(true, Damage::Field("category", Text::from("15")));
                self.found(Place::Register(0), Code::CategoryUnknown);
            }
            Kind::ReasonUnknown => {
                self.register().reason = "П070";
                self.found(Place::Register(0), Code::ReasonUnknown);
            }
            Kind::MethodUnknown => {
                self.attachment().method = 4;
                self.found(Place::Attachment(0), Code::MethodUnknown);
            }
            Kind::InsurerUnknown => self.break_field(true, "insurer", Text::from(NO_INSURER), Code::InsurerUnknown),
            Kind::ClinicUnknown => self.break_field(false, "clinic", Text::from(NO_CLINIC), Code::ClinicUnknown),
            Kind::InsurerNotWorking => {
                let closed = self.world.insurer_works(CLOSED_INSURER).to;
                self.register().insurer = CLOSED_INSURER;
                self.register().insured_from = Date::from_days(closed.days() + self.random.below(300) as i32);
                self.register_lost(Code::InsurerNotWorking);
            }
            Kind::ClinicNotWorking => {
                let clinic = self.world.closed_clinic();
                let closed = self.world.clinic_works(clinic).to;
                let from = Date::from_days(closed.days() + self.random.below(300) as i32);
                self.attached_to(clinic, 2, from);
                self.attachment_lost(Code::ClinicNotWorking);
            }
            Kind::ClinicNotAttachable => {
                let from = self.attachment().attached_from;
                self.attached_to(self.world.hospital(), 1, from);
                self.attachment_lost(Code::ClinicNotAttachable);
            }
            Kind::Duplicate => self.duplicate(register),
            _ => return false,
        }
        true
    }

    fn strike(&mut self, register: bool, damage: Damage) {
        if register {
            // Damage is done between separators, so none may be quoted.
            self.register().birth_place = "г. Волжанск";
            self.register().damage = damage;
        } else {
            self.attachment().damage = damage;
        }
    }

    fn break_row(&mut self, register: bool, damage: Damage, code: Code) {
        self.strike(register, damage);
        self.either_lost(register, code);
    }

    fn break_field(&mut self, register: bool, column: &'static str, text: Text, code: Code) {
        self.break_row(register, Damage::Field(column, text), code);
    }

    fn field_missing(&mut self) {
        let case = self.random.below(10);
        match if self.world.carry == Carry::Dump { 9 } else { case } {
            0 => self.break_field(true, "surname", Text::EMPTY, Code::FieldRequired),
            1 => self.break_field(true, "enp", Text::EMPTY, Code::FieldRequired),
            2 => {
                let row = self.attachment();
                (row.enp, row.snils, row.policy_kind, row.policy_number) = (Enp::NONE, Snils::NONE, 0, PolicyNumber::None);
                self.attachment_lost(Code::FieldRequired);
            }
            _ => self.break_field(false, "attached_from", Text::EMPTY, Code::FieldRequired),
        }
    }

    fn date_invalid(&mut self, register: bool) {
        let texts: &[&str] = match self.world.carry {
            Carry::All => &["2023-02-29", "2024-13-05", "05.11.2024", "2024-00-00", "20241105", "0"],
            // Wrong in whatever order a format writes year, month and day.
            Carry::Exchange | Carry::Dump => &["2023-02-29", "2024-13-05", "2024-00-00", "2025-11-31", "0"],
        };
        let text = Text::from(self.random.pick(texts));
        let columns: [&'static str; 2] = if register { ["insured_from", "stopped_on"] } else { ["attached_from", "attached_to"] };
        let column = self.random.pick(&columns);
        self.break_field(register, column, text, Code::DateInvalid);
    }

    fn dates_reversed(&mut self, register: bool) {
        let days = self.random.below(400) as i32;
        if register {
            self.register().stopped_on = Date::from_days(self.register().insured_from.days() - days);
        } else {
            self.attachment().attached_to = Date::from_days(self.attachment().attached_from.days() - days);
        }
        self.either_lost(register, Code::DatesReversed);
    }

    fn enp_wrong(&mut self, register: bool) {
        let right = self.plan.person.enp.number();
        let mut text = Text::EMPTY;
        match self.kind {
            Kind::EnpBacktick => {
                text.push(if self.coin() { b"`" } else { b"'" });
                text.push_digits(right, 16);
                self.strike(register, Damage::Field("enp", text));
                return self.unnoticed(if register { Place::Register(0) } else { Place::Attachment(0) });
            }
            Kind::EnpFormat => match self.random.below(3) {
                0 => text.push(b"3,45651E+15"),
                1 => text.push_digits(right / 10, 15),
                _ => {
                    text.push_digits(right, 16);
                    text.push(b".0");
                }
            },
            Kind::EnpCheckDigit => {
                let digit = (right % 10 + 1 + u64::from(self.random.below(9))) % 10;
                text.push_digits(right / 10 * 10 + digit, 16);
            }
            _ => {
                // Month 60 after complementing: within none of the three ranges of months.
                let body = right / 100_000_000_000_000 * 100_000_000_000_000 + 39_000_000_000_000 + right % 1_000_000_000_000;
                let without_check = Enp::from_number(body / 10 * 10).map_or(0, Enp::number);
                let check = Enp::from_number(without_check).map_or(0, Enp::expected_check_digit);
                text.push_digits(without_check + u64::from(check), 16);
            }
        }
        let code = match self.kind {
            Kind::EnpFormat => Code::EnpFormat,
            Kind::EnpCheckDigit => Code::EnpCheckDigit,
            _ => Code::EnpImpossible,
        };
        self.break_field(register, "enp", text, code);
    }

    fn snils_invalid(&mut self, register: bool) {
        let right = self.plan.person.snils().number();
        let mut text = Text::EMPTY;
        match self.random.below(3) {
            0 => text.push(b"00000000000"),
            1 => text.push_digits(right / 10, 10),
            _ => text.push_digits(right / 100 * 100 + (right % 100 + 1) % 100, 11),
        }
        self.strike(register, Damage::Field("snils", text));
        if register {
            self.found(Place::Register(0), Code::SnilsInvalid);
            self.found(Place::Register(0), Code::SnilsRequired);
        } else {
            self.found(Place::Attachment(0), Code::SnilsInvalid);
        }
    }

    fn duplicate(&mut self, register: bool) {
        // A row of a dump is a record of both tables.
        let both = self.world.carry == Carry::Dump;
        if register || both {
            let row = self.plan.registers[0];
            self.plan.registers.push(row);
            self.unnoticed(Place::Register(1));
        }
        if !register || both {
            let row = self.plan.attachments[0];
            self.plan.attachments.push(row);
            self.unnoticed(Place::Attachment(1));
        }
    }
}

fn date_text(day: Date) -> Text {
    let mut bytes = Vec::with_capacity(10);
    iso(&mut bytes, day);
    let mut text = Text::EMPTY;
    text.push(&bytes);
    text
}
