//! Rows of both tables and how they are written: canonical CSV, and the damage that makes a row unreadable.

use super::carry::Carry;
use super::text::Text;
use sverka_model::{AttachmentMethod, Category, ClinicId, Date, DocumentKind, Enp, InsurerId, PolicyKind, Profile, Sex, Snils};

/// Columns of a register file, in the order in which they are written.
pub(super) const REGISTER_COLUMNS: &str = "record_id;region;insurer;policy_kind;policy_number;enp;surname;given_name;patronymic;sex;birth_date;\
    birth_place;snils;doc_kind;doc_number;citizenship;category;insured_from;insured_to;stopped_on;applied_on;reason;death_date";

/// Columns of an attachment file, in the order in which they are written.
pub(super) const ATTACHMENT_COLUMNS: &str = "record_id;clinic;enp;policy_kind;policy_number;snils;surname;given_name;patronymic;sex;birth_date;\
    doc_kind;doc_number;profile;method;attached_from;attached_to;district;department;doctor_snils";

/// Policy number of a row, beside the ENP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PolicyNumber {
    None,
    /// Nine digits of a temporary certificate; eight if the number is below 100,000,000.
    Certificate(u32),
    /// Regional form of an old policy: one series, eight digits of a number.
    Old(u32),
    /// Eleven digits of a paper or plastic blank.
    Blank(u64),
}

/// Damage to the bytes of a row.
#[derive(Clone, Copy)]
pub(super) enum Damage {
    None,
    /// The field of the column holds the text.
    Field(&'static str, Text),
    /// Only this number of fields is left, the last one cut.
    Cut(usize),
    /// One `;` too many stands at the end.
    Extra,
    /// The surname begins with a quote that nothing closes.
    OpenQuote,
    /// The quoted surname goes on after its closing quote.
    TextAfterQuote,
    /// The surname is in windows-1251.
    Windows1251,
}

/// Row of a register. Dates that are absent are [`Date::NEVER`].
#[derive(Clone, Copy)]
pub(super) struct RegisterRow {
    pub insurer: InsurerId,
    pub policy_kind: PolicyKind,
    pub policy_number: PolicyNumber,
    pub enp: Enp,
    pub surname: Text,
    pub given_name: Text,
    pub patronymic: Text,
    pub sex: Sex,
    pub birth_date: Date,
    /// Birth place, with quotes where the value needs them.
    pub birth_place: &'static str,
    pub snils: Snils,
    pub doc_kind: DocumentKind,
    pub doc_number: Text,
    pub citizenship: &'static str,
    pub category: Category,
    pub insured_from: Date,
    pub insured_to: Date,
    pub stopped_on: Date,
    pub applied_on: Date,
    /// Code of the operation; empty is none.
    pub reason: &'static str,
    pub death_date: Date,
    pub damage: Damage,
}

/// Row of an attachment file. Dates that are absent are [`Date::NEVER`].
#[derive(Clone, Copy)]
pub(super) struct AttachmentRow {
    pub clinic: ClinicId,
    pub enp: Enp,
    pub policy_kind: PolicyKind,
    pub policy_number: PolicyNumber,
    pub snils: Snils,
    pub surname: Text,
    pub given_name: Text,
    pub patronymic: Text,
    pub sex: Sex,
    pub birth_date: Date,
    /// Kind of the document; without a kind, no number is written.
    pub doc_kind: DocumentKind,
    pub doc_number: Text,
    pub profile: Profile,
    pub method: AttachmentMethod,
    pub attached_from: Date,
    pub attached_to: Date,
    /// 0 is none.
    pub district: u8,
    pub department: u8,
    pub doctor: Snils,
    pub damage: Damage,
}

/// Record id and code of the organisation of a row. The writer of rows knows no reference tables.
pub(super) struct RowIdentity {
    /// Prefix of the record id.
    pub prefix: u8,
    /// Number in the record id, after the prefix.
    pub record: u64,
    /// Code of the insurer or the clinic.
    pub code: u32,
    /// Values that the records hold. They also decide how series and number are joined.
    pub carry: Carry,
}

impl RegisterRow {
    /// Appends the row as canonical CSV, without line break and without damage.
    pub fn write(&self, identity: &RowIdentity, out: &mut Vec<u8>) {
        record_id(out, identity, identity.carry != Carry::Dump);
        text(out, identity.carry.region().as_bytes());
        digits(out, u64::from(identity.code), 5);
        out.push(b';');
        out.extend_from_slice(&[b'0' + self.policy_kind.code(), b';']);
        // `OPLIST` and the dump have two columns, and a blank between their values is all that readers can put back.
        policy_number(out, self.policy_number, if identity.carry == Carry::All { " № " } else { " " });
        enp(out, self.enp);
        for name in [&self.surname, &self.given_name, &self.patronymic] {
            text(out, name.bytes());
        }
        out.extend_from_slice(&[b'0' + self.sex as u8, b';']);
        date(out, self.birth_date);
        text(out, self.birth_place.as_bytes());
        snils(out, self.snils);
        small(out, self.doc_kind.number());
        text(out, if self.doc_kind == DocumentKind::NONE { b"" } else { self.doc_number.bytes() });
        text(out, self.citizenship.as_bytes());
        small(out, if self.category == Category::NONE { 0 } else { self.category.number() });
        for day in [self.insured_from, self.insured_to, self.stopped_on, self.applied_on] {
            date(out, day);
        }
        text(out, self.reason.as_bytes());
        date(out, self.death_date);
        out.pop();
    }
}

impl AttachmentRow {
    /// Appends the row as canonical CSV, without line break and without damage.
    pub fn write(&self, identity: &RowIdentity, out: &mut Vec<u8>) {
        record_id(out, identity, identity.carry == Carry::All);
        digits(out, u64::from(identity.code), 6);
        out.push(b';');
        enp(out, self.enp);
        small(out, self.policy_kind.code());
        policy_number(out, self.policy_number, if identity.carry == Carry::Dump { " " } else { " № " });
        snils(out, self.snils);
        for name in [&self.surname, &self.given_name, &self.patronymic] {
            text(out, name.bytes());
        }
        small(out, if identity.carry == Carry::Exchange { 0 } else { self.sex as u8 });
        date(out, self.birth_date);
        small(out, self.doc_kind.number());
        match self.doc_kind {
            DocumentKind::NONE => text(out, b""),
            _ if identity.carry == Carry::Exchange => compound(out, self.doc_number.as_str()),
            _ => text(out, self.doc_number.bytes()),
        }
        small(out, self.profile.code());
        small(out, self.method.code());
        date(out, self.attached_from);
        date(out, self.attached_to);
        small(out, self.district);
        small(out, self.department);
        snils(out, self.doctor);
        out.pop();
    }
}

/// Damages a row, which has no line break. `columns` are the columns of its table, `surname` is the surname in the row.
pub(super) fn damage(row: &mut Vec<u8>, damage: &Damage, columns: &str, surname: &Text) {
    assert!(!row.contains(&b'"'), "invariant: a row to damage has no quoted field");
    let mut fields: Vec<Vec<u8>> = row.split(|&byte| byte == b';').map(<[u8]>::to_vec).collect();
    let position = |name: &str| columns.split(';').position(|column| column == name).expect("a column of the table");
    match damage {
        Damage::None => return,
        Damage::Field(column, replacement) => fields[position(column)] = replacement.bytes().to_vec(),
        Damage::Cut(kept) => {
            fields.truncate(*kept);
            if let Some(last) = fields.last_mut() {
                let half = last.len() / 2;
                last.truncate((0..=half).rev().find(|&end| std::str::from_utf8(&last[..end]).is_ok()).unwrap_or(0));
            }
        }
        Damage::Extra => fields.push(Vec::new()),
        Damage::OpenQuote => fields[position("surname")].insert(0, b'"'),
        Damage::TextAfterQuote => {
            let field = &mut fields[position("surname")];
            field.insert(0, b'"');
            field.extend_from_slice(b"\" (-)");
        }
        Damage::Windows1251 => {
            let field = &mut fields[position("surname")];
            field.clear();
            surname.in_windows_1251(field);
        }
    }
    *row = fields.join(&b';');
}

fn record_id(out: &mut Vec<u8>, identity: &RowIdentity, known: bool) {
    if known {
        out.push(identity.prefix);
        digits(out, identity.record, 10);
    }
    out.push(b';');
}

/// Appends series and number as one value of the exchange: `series № number`. The blank before the sign stays without a series.
fn compound(out: &mut Vec<u8>, value: &str) {
    let (series, number) = value.rsplit_once(' ').unwrap_or(("", value));
    out.extend_from_slice(series.as_bytes());
    out.extend_from_slice(" № ".as_bytes());
    text(out, number.as_bytes());
}

#[inline]
fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
    out.push(b';');
}

#[inline]
fn enp(out: &mut Vec<u8>, enp: Enp) {
    if enp != Enp::NONE {
        digits(out, enp.number(), 16);
    }
    out.push(b';');
}

#[inline]
fn snils(out: &mut Vec<u8>, snils: Snils) {
    if snils != Snils::NONE {
        digits(out, snils.number(), 11);
    }
    out.push(b';');
}

/// Appends a number without leading zeros; 0 is an empty field.
#[inline]
fn small(out: &mut Vec<u8>, number: u8) {
    if number >= 100 {
        out.push(b'0' + number / 100);
    }
    if number >= 10 {
        out.push(b'0' + number / 10 % 10);
    }
    if number != 0 {
        out.push(b'0' + number % 10);
    }
    out.push(b';');
}

/// Appends a policy number, with `joint` between series and number.
fn policy_number(out: &mut Vec<u8>, number: PolicyNumber, joint: &str) {
    match number {
        PolicyNumber::None => {}
        PolicyNumber::Certificate(number) => digits(out, u64::from(number), if number < 100_000_000 { 8 } else { 9 }),
        PolicyNumber::Old(number) => {
            out.extend_from_slice("34-АБ".as_bytes());
            out.extend_from_slice(joint.as_bytes());
            digits(out, u64::from(number), 8);
        }
        PolicyNumber::Blank(number) => digits(out, number, 11),
    }
    out.push(b';');
}

#[inline]
fn date(out: &mut Vec<u8>, day: Date) {
    if day != Date::NEVER {
        iso(out, day);
    }
    out.push(b';');
}

/// Appends `YYYY-MM-DD`.
#[inline]
pub(super) fn iso(out: &mut Vec<u8>, day: Date) {
    let (year, month, day) = day.ymd();
    let (century, year) = (PAIRS[year as usize / 100], PAIRS[year as usize % 100]);
    let (month, day) = (PAIRS[month as usize], PAIRS[day as usize]);
    out.extend_from_slice(&[century[0], century[1], year[0], year[1], b'-', month[0], month[1], b'-', day[0], day[1]]);
}

/// Appends a number with leading zeros to `width` digits, at most 20. Digits beyond the width are lost.
#[inline]
pub(super) fn digits(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut buffer = [b'0'; 20];
    let mut rest = number;
    let mut end = buffer.len();
    while rest != 0 {
        end -= 2;
        buffer[end..end + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    out.extend_from_slice(&buffer[20 - width..]);
}

/// Appends a number without leading zeros.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, number: u64) {
    digits(out, number, number.checked_ilog10().unwrap_or(0) as usize + 1);
}

/// Two digits of each number below 100.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + n as u8 / 10, b'0' + n as u8 % 10];
        n += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_width_of_their_field() {
        let written = |number: u64, width| {
            let mut out = Vec::new();
            digits(&mut out, number, width);
            String::from_utf8(out).expect("digits")
        };
        assert_eq!(written(123, 5), "00123");
        assert_eq!(written(0, 3), "000");
        assert_eq!(written(3_456_510_844_000_019, 16), "3456510844000019");
        for value in [0, 9, 10, 99, 100, 1_234_567] {
            let mut out = Vec::new();
            number(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
        }
        for value in [1_u8, 9, 10, 99, 100, 255] {
            let mut out = Vec::new();
            small(&mut out, value);
            assert_eq!(out, format!("{value};").into_bytes());
        }
    }

    #[test]
    fn damage_strikes_the_named_column_only() {
        let columns = "a;surname;c";
        let struck = |kind: Damage| {
            let mut row = "1;Ёлкин;3".as_bytes().to_vec();
            damage(&mut row, &kind, columns, &Text::from("Ёлкин"));
            row
        };
        assert_eq!(struck(Damage::Field("c", Text::from("x"))), "1;Ёлкин;x".as_bytes());
        assert_eq!(struck(Damage::Cut(2)), "1;Ёл".as_bytes());
        assert_eq!(struck(Damage::Extra), "1;Ёлкин;3;".as_bytes());
        assert_eq!(struck(Damage::OpenQuote), "1;\"Ёлкин;3".as_bytes());
        assert_eq!(struck(Damage::TextAfterQuote), "1;\"Ёлкин\" (-);3".as_bytes());
        assert!(std::str::from_utf8(&struck(Damage::Windows1251)).is_err());
    }
}
