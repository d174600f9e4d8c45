//! Kinds of faults that the row checks find: unreadable rows, impossible values, unknown codes.

use super::super::carry::Carry;
use super::super::plan::PlanRow;
use super::super::rates::Kind;
use super::super::rows::{ATTACHMENT_COLUMNS, Damage, PolicyNumber, REGISTER_COLUMNS, iso};
use super::super::text::Text;
use super::super::world::{CLOSED_INSURER, ymd};
use super::Case;
use sverka_model::{AttachmentMethod, Code, Date, Enp, PolicyKind, Snils, Table};

/// Code of no insurer of the reference table.
const NO_INSURER: &str = "34099";
/// Code of no clinic of the reference table.
const NO_CLINIC: &str = "349999";

impl Case<'_> {
    /// Applies the kind if it is about rows, values or codes that the row checks find. Returns whether it is.
    pub fn apply_field_kind(&mut self) -> bool {
        let table = if self.coin() { Table::Register } else { Table::Attachments };
        self.apply_row_kind(table) || self.apply_value_kind(table) || self.apply_organisation_kind()
    }

    /// Applies the kind if it damages or repeats a whole row.
    fn apply_row_kind(&mut self, table: Table) -> bool {
        match self.kind {
            Kind::RowCutShort => {
                let columns = match table {
                    Table::Register => REGISTER_COLUMNS,
                    Table::Attachments => ATTACHMENT_COLUMNS,
                };
                let count = columns.split(';').count() as u32;
                let kept = 3 + self.random.below(count - 5) as usize;
                self.break_row(table, Damage::Cut(kept), Code::RowShape);
            }
            Kind::RowTooLong => self.break_row(table, Damage::Extra, Code::RowShape),
            Kind::RowOpenQuote => self.break_row(table, Damage::OpenQuote, Code::RowQuote),
            Kind::RowTextAfterQuote => self.break_row(table, Damage::TextAfterQuote, Code::RowQuote),
            Kind::RowBadBytes => self.break_row(table, Damage::Windows1251, Code::RowEncoding),
            Kind::Duplicate => self.repeat_row(table),
            _ => return false,
        }
        true
    }

    /// Applies the kind if it damages a value.
    fn apply_value_kind(&mut self, table: Table) -> bool {
        match self.kind {
            Kind::FieldMissing => self.empty_field(),
            Kind::DateInvalid => self.break_date(table),
            Kind::BirthDateRange => self.break_birth_date(table),
            Kind::DatesReversed => self.reverse_dates(table),
            Kind::SexInvalid => {
                // Letters are codes in other formats, and their attachments have no sex.
                let full = self.world.carry == Carry::All;
                let sex = self.random.pick(if full { &["3", "0", "М", "F"] } else { &["3", "0", "4", "9"] });
                self.break_field(if full { table } else { Table::Register }, "sex", Text::from(sex), Code::SexInvalid);
            }
            Kind::PolicyKindUnknown => {
                // A letter is a right code in other formats.
                let kind = self.random.pick(if self.world.carry == Carry::All { &["4", "0", "П"] } else { &["4", "0", "9"] });
                self.break_field(table, "policy_kind", Text::from(kind), Code::PolicyKindUnknown);
            }
            Kind::PolicyNumberFormat => {
                let number = PolicyNumber::Certificate(10_000_000 + self.random.below(80_000_000));
                self.register().policy_kind = PolicyKind::TEMPORARY_CERTIFICATE;
                self.register().policy_number = number;
                self.expect_certificate_after_digital();
                self.lose_register_row(Code::PolicyNumberFormat);
            }
            Kind::EnpFormat | Kind::EnpBacktick | Kind::EnpCheckDigit | Kind::EnpImpossible => self.break_enp(table),
            Kind::SnilsInvalid => self.break_snils(table),
            Kind::CategoryUnknown => {
                self.damage(Table::Register, Damage::Field("category", Text::from("15")));
                self.expect_finding(PlanRow::Register(0), Code::CategoryUnknown);
            }
            Kind::ReasonUnknown => {
                self.register().reason = "П070";
                self.expect_finding(PlanRow::Register(0), Code::ReasonUnknown);
            }
            Kind::MethodUnknown => {
                self.attachment().method = AttachmentMethod::new(4);
                self.expect_finding(PlanRow::Attachment(0), Code::MethodUnknown);
            }
            _ => return false,
        }
        true
    }

    /// Applies the kind if it names an insurer or a clinic that is unknown, closed or must not have attached people.
    fn apply_organisation_kind(&mut self) -> bool {
        match self.kind {
            Kind::InsurerUnknown => {
                self.break_field(Table::Register, "insurer", Text::from(NO_INSURER), Code::InsurerUnknown);
            }
            Kind::ClinicUnknown => self.break_field(Table::Attachments, "clinic", Text::from(NO_CLINIC), Code::ClinicUnknown),
            Kind::InsurerNotWorking => {
                let closed = self.world.insurer_works(CLOSED_INSURER).to;
                self.register().insurer = CLOSED_INSURER;
                self.register().insured_from = Date::from_days(closed.days() + self.random.below(300) as i32);
                self.lose_register_row(Code::InsurerNotWorking);
            }
            Kind::ClinicNotWorking => {
                let clinic = self.world.closed_clinic();
                let closed = self.world.clinic_works(clinic).to;
                let from = Date::from_days(closed.days() + self.random.below(300) as i32);
                self.attach_to(clinic, AttachmentMethod::BY_APPLICATION, from);
                self.lose_attachment_row(Code::ClinicNotWorking);
            }
            Kind::ClinicNotAttachable => {
                let from = self.attachment().attached_from;
                self.attach_to(self.world.hospital(), AttachmentMethod::BY_RESIDENCE, from);
                self.lose_attachment_row(Code::ClinicNotAttachable);
            }
            _ => return false,
        }
        true
    }

    /// Damages the first row of a table.
    fn damage(&mut self, table: Table, damage: Damage) {
        match table {
            Table::Register => {
                // Damage is done between delimiters, so no delimiter may stand in quotes.
                self.register().birth_place = "г. Волжанск";
                self.register().damage = damage;
            }
            Table::Attachments => self.attachment().damage = damage,
        }
    }

    /// Damages the first row of a table, which is then quarantined.
    fn break_row(&mut self, table: Table, damage: Damage, code: Code) {
        self.damage(table, damage);
        self.lose_row(table, code);
    }

    /// Writes a text into a field of the first row of a table, which is then quarantined.
    fn break_field(&mut self, table: Table, column: &'static str, text: Text, code: Code) {
        self.break_row(table, Damage::Field(column, text), code);
    }

    /// Writes a birth date before 1900 or after the as-of date.
    fn break_birth_date(&mut self, table: Table) {
        let before_1900 = self.coin();
        let day = if before_1900 { ymd(1899, 5, 17) } else { Date::from_days(self.world.as_of.days() + 30) };
        self.break_field(table, "birth_date", date_text(day), Code::BirthDateRange);
        let row = first_row(table);
        self.expect_finding(row, Code::EnpPersonMismatch);
        if !before_1900 {
            self.expect_finding(row, Code::DatesReversed);
        }
    }

    /// Leaves a required field empty.
    fn empty_field(&mut self) {
        let case = self.random.below(10);
        match if self.world.carry == Carry::Dump { 9 } else { case } {
            0 => self.break_field(Table::Register, "surname", Text::EMPTY, Code::FieldRequired),
            1 => self.break_field(Table::Register, "enp", Text::EMPTY, Code::FieldRequired),
            2 => {
                let row = self.attachment();
                (row.enp, row.snils) = (Enp::NONE, Snils::NONE);
                (row.policy_kind, row.policy_number) = (PolicyKind::NONE, PolicyNumber::None);
                self.lose_attachment_row(Code::FieldRequired);
            }
            _ => self.break_field(Table::Attachments, "attached_from", Text::EMPTY, Code::FieldRequired),
        }
    }

    /// Writes a date that no calendar has.
    fn break_date(&mut self, table: Table) {
        let texts: &[&str] = match self.world.carry {
            Carry::All => &["2023-02-29", "2024-13-05", "05.11.2024", "2024-00-00", "20241105", "0"],
            // Impossible in every order of year, month and day.
            Carry::Exchange | Carry::Dump => &["2023-02-29", "2024-13-05", "2024-00-00", "2025-11-31", "0"],
        };
        let text = Text::from(self.random.pick(texts));
        let columns: [&'static str; 2] = match table {
            Table::Register => ["insured_from", "stopped_on"],
            Table::Attachments => ["attached_from", "attached_to"],
        };
        let column = self.random.pick(&columns);
        self.break_field(table, column, text, Code::DateInvalid);
    }

    /// Moves an end before its start.
    fn reverse_dates(&mut self, table: Table) {
        let days = self.random.below(400) as i32;
        match table {
            Table::Register => {
                self.register().stopped_on = Date::from_days(self.register().insured_from.days() - days);
            }
            Table::Attachments => {
                self.attachment().attached_to = Date::from_days(self.attachment().attached_from.days() - days);
            }
        }
        self.lose_row(table, Code::DatesReversed);
    }

    /// Damages the ENP as the kind says.
    fn break_enp(&mut self, table: Table) {
        let right = self.plan.person.enp.number();
        let mut text = Text::EMPTY;
        match self.kind {
            Kind::EnpBacktick => {
                text.push(if self.coin() { b"`" } else { b"'" });
                text.push_digits(right, 16);
                self.damage(table, Damage::Field("enp", text));
                return self.expect_nothing(first_row(table));
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
                // An ENP codes the complement of the month. Month 60 lies in no range of months that an ENP may code.
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
        self.break_field(table, "enp", text, code);
    }

    /// Damages the SNILS.
    fn break_snils(&mut self, table: Table) {
        let right = self.plan.person.snils().number();
        let mut text = Text::EMPTY;
        match self.random.below(3) {
            0 => text.push(b"00000000000"),
            1 => text.push_digits(right / 10, 10),
            _ => text.push_digits(right / 100 * 100 + (right % 100 + 1) % 100, 11),
        }
        self.damage(table, Damage::Field("snils", text));
        self.expect_finding(first_row(table), Code::SnilsInvalid);
        if table == Table::Register {
            self.expect_finding(PlanRow::Register(0), Code::SnilsRequired);
        }
    }

    /// Writes the first row of a table twice.
    fn repeat_row(&mut self, table: Table) {
        // A row of a dump is a record of both tables.
        let both = self.world.carry == Carry::Dump;
        if table == Table::Register || both {
            let row = self.plan.registers[0];
            self.plan.registers.push(row);
            self.expect_nothing(PlanRow::Register(1));
        }
        if table == Table::Attachments || both {
            let row = self.plan.attachments[0];
            self.plan.attachments.push(row);
            self.expect_nothing(PlanRow::Attachment(1));
        }
    }
}

/// The first row of a table.
fn first_row(table: Table) -> PlanRow {
    match table {
        Table::Register => PlanRow::Register(0),
        Table::Attachments => PlanRow::Attachment(0),
    }
}

fn date_text(day: Date) -> Text {
    let mut bytes = Vec::with_capacity(10);
    iso(&mut bytes, day);
    let mut text = Text::EMPTY;
    text.push(&bytes);
    text
}
