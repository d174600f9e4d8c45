//! Packed rows of streams: each number in as few bytes as it needs, and the texts of the row behind the numbers.
//!
//! ```text
//! before  RegisterRecord, 88 bytes, and three texts
//!         row id 8 │ fingerprint 8 │ ENP 8 │ SNILS 8 │ document 4 │ policy 4 │ birth 4 │ four interned texts 16 │ … │ five dates 20 │ …
//!
//! after   about 65 bytes with the texts
//!         lengths 4 │ fingerprint 6 │ row id 3 │ ENP 7 │ SNILS 5 │ keys 0..8 │ birth 2 │ surname 1..4 │ … │ text lengths 3 │ codes
//!         └ two bits for each of fifteen numbers: which of four lengths the number has (`numbers`)
//! ```
//!
//! Usual values are small numbers: a day counts from 1900; an absent value, and the day [`Date::NEVER`], is 0 and takes
//! no byte; an application is stored as its distance from the first day. Texts are stored as half bytes ([`Symbols`])
//! or, if that is not possible, as [`RowTexts`] writes them; the highest bit of the first length says which
//! ([`CODED`]). Unpacking gives the same record bit for bit (`tests`). It has no branch: a number is a word of eight
//! bytes under a mask, so that [`SLACK`] bytes must follow the last row.

mod numbers;
#[cfg(test)]
mod tests;

use std::ops::Deref;

pub(super) use numbers::SLACK;
use numbers::{FINGERPRINT_BYTES, HEAD, LARGEST_FINGERPRINT, LENGTHS_BYTES, NUMBERS, Numbers, window, word, write_numbers};

use super::symbols::{CODED_BYTES, CodedText, Pairs, Symbols, TEXTS};
use sverka_model::{
    AttachmentMethod, AttachmentRecord, Enp, Identity, OperationReason, Profile, Record, RecordFlags, RegisterRecord, RowState,
    Snils,
};
use sverka_model::{Category, ClinicId, Date, InsurerId, PolicyKind};
use sverka_model::{InternedText, RowId, RowTexts, TextKind};

/// Count of the numbers of an [`Identity`]; those of the table follow.
const IDENTITY: usize = 10;

/// A record that can be packed.
pub(super) trait PackedRecord: Record {
    /// Numbers and codes of the record, without those of its identity.
    fn numbers(&self) -> ([u64; NUMBERS - IDENTITY], u64);
    /// The record of an identity, numbers and codes.
    fn from_numbers(identity: Identity, numbers: [u64; NUMBERS - IDENTITY], codes: u64) -> Self;
}

/// Packs one row after another.
pub(super) struct Packer {
    bytes: [u8; ROW_BYTES],
    /// The row at hand, when its texts are not coded.
    long: Vec<u8>,
    symbols: Symbols,
}

/// The longest row with coded texts, and the bytes that writing its last number overwrites.
const ROW_BYTES: usize = SLACK + TEXTS + CODED_BYTES;
/// Flag in the first text length of a row: the texts are codes.
const CODED: u8 = 0x80;

impl Packer {
    pub fn new() -> Self {
        Self { bytes: [0; ROW_BYTES], long: Vec::new(), symbols: Symbols::default() }
    }

    /// Packs a row.
    #[inline]
    pub fn pack<R: PackedRecord>(&mut self, record: &R, texts: [&[u8]; TEXTS]) -> &[u8] {
        let bytes = &mut self.bytes;
        let (lengths, at) = write_numbers(&numbers_of(record), bytes);
        bytes[..LENGTHS_BYTES].copy_from_slice(&lengths.to_le_bytes());
        bytes[LENGTHS_BYTES..HEAD].copy_from_slice(&record.identity().fingerprint.to_le_bytes()[..FINGERPRINT_BYTES]);
        let codes = bytes[at + TEXTS..].first_chunk_mut().expect("room for numbers and codes");
        if let Some(size) = self.symbols.code(texts, codes) {
            let [first, second, third] = texts.map(|text| text.len() as u8);
            bytes[at..at + TEXTS].copy_from_slice(&[first | CODED, second, third]);
            return &bytes[..at + TEXTS + size];
        }
        self.long.clear();
        self.long.extend_from_slice(&bytes[..at]);
        RowTexts::write(texts, |piece| self.long.extend_from_slice(piece));
        &self.long
    }

    /// The table that reads the texts of all rows packed so far.
    pub fn pairs(&self) -> Pairs {
        self.symbols.pairs()
    }
}

/// Row id of a packed row.
#[inline]
pub(super) fn row_id_of(bytes: &[u8]) -> RowId {
    unpacked_row_id(Numbers::new(window(bytes)).next(0))
}

/// The record at the beginning of `bytes`, and the offset of its texts.
#[inline]
pub(super) fn unpack<R: PackedRecord>(bytes: &[u8]) -> (R, usize) {
    let window = window(bytes);
    let mut numbers = Numbers::new(window);
    // The calls are written out, so that the compiler knows the lengths of each number.
    let all = [
        numbers.next(0),
        numbers.next(1),
        numbers.next(2),
        numbers.next(3),
        numbers.next(4),
        numbers.next(5),
        numbers.next(6),
        numbers.next(7),
        numbers.next(8),
        numbers.next(9),
        numbers.next(10),
        numbers.next(11),
        numbers.next(12),
        numbers.next(13),
        numbers.next(14),
    ];
    (record_of(word(window, LENGTHS_BYTES) & LARGEST_FINGERPRINT, all), numbers.at)
}

/// Bytes of the texts at the beginning of `bytes`.
#[inline]
pub(super) fn size_of_texts(bytes: &[u8]) -> usize {
    if bytes[0] & CODED == 0 { RowTexts::read(bytes).size() } else { TEXTS + sizes_of_codes(bytes).iter().sum::<usize>() }
}

/// One of the texts at the beginning of `bytes`.
#[inline]
pub(super) fn text_of<'p>(bytes: &'p [u8], kind: TextKind, pairs: &Pairs) -> RowText<'p> {
    if bytes[0] & CODED == 0 {
        return RowText(TextBytes::AsReceived(&bytes[RowTexts::read(bytes).range(kind)]));
    }
    let length = usize::from(bytes[kind as usize] & !CODED);
    if length == 0 {
        return RowText(TextBytes::AsReceived(&[]));
    }
    let at = TEXTS + sizes_of_codes(bytes)[..kind as usize].iter().sum::<usize>();
    RowText(TextBytes::Coded(pairs.text(&bytes[at..], length)))
}

/// Bytes of the codes of each text.
#[inline]
fn sizes_of_codes(bytes: &[u8]) -> [usize; TEXTS] {
    [bytes[0] & !CODED, bytes[1], bytes[2]].map(|length| usize::from(length).div_ceil(2))
}

/// A text of a row.
pub struct RowText<'p>(TextBytes<'p>);

enum TextBytes<'p> {
    AsReceived(&'p [u8]),
    Coded(CodedText),
}

impl RowText<'_> {
    /// Bytes of the text. Costs less than the text itself, which is checked to be UTF-8.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            TextBytes::AsReceived(bytes) => bytes,
            TextBytes::Coded(text) => text.bytes(),
        }
    }
}

impl Deref for RowText<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        str::from_utf8(self.bytes()).expect("invariant: texts are packed as texts")
    }
}

/// Shift of the rare flags (the action of a notice, a document that proves nothing): above all codes, so that usual records need no byte for them.
const ACTION_BIT: u32 = 5 + CODE_BITS;
/// Bits of the codes of a register or attachment record.
const CODE_BITS: u32 = 32;

#[inline]
fn numbers_of<R: PackedRecord>(record: &R) -> [u64; NUMBERS] {
    let identity = record.identity();
    let (own, codes) = record.numbers();
    let flags = u64::from(identity.flags.bits());
    let codes = u64::from(identity.sex)
        | u64::from(identity.policy_kind.code()) << 2
        | (flags & 1) << 4
        | codes << 5
        | flags >> 1 << ACTION_BIT;
    let [a, b, c, d, e] = own;
    [
        packed_row_id(identity.row_id),
        identity.enp.number(),
        identity.snils.number(),
        u64::from(identity.policy) << 32 | u64::from(identity.document),
        packed_day(identity.birth_date),
        u64::from(identity.surname.id()),
        u64::from(identity.given_name.id()),
        u64::from(identity.patronymic.id()),
        u64::from(identity.doc_kind.id()),
        codes,
        a,
        b,
        c,
        d,
        e,
    ]
}

#[inline]
fn record_of<R: PackedRecord>(fingerprint: u64, numbers: [u64; NUMBERS]) -> R {
    let [row_id, enp, snils, keys, birth, surname, given_name, patronymic, doc_kind, codes, a, b, c, d, e] = numbers;
    let identity = Identity {
        row_id: unpacked_row_id(row_id),
        fingerprint,
        enp: Enp::from_stored(enp),
        snils: Snils::from_stored(snils),
        document: keys as u32,
        policy: (keys >> 32) as u32,
        birth_date: unpacked_day(birth),
        surname: InternedText::from_id(surname as u32),
        given_name: InternedText::from_id(given_name as u32),
        patronymic: InternedText::from_id(patronymic as u32),
        doc_kind: InternedText::from_id(doc_kind as u32),
        sex: codes as u8 & 3,
        policy_kind: PolicyKind::from_stored((codes >> 2) as u8 & 3),
        state: RowState::ACCEPTED,
        flags: RecordFlags::from_bits((codes >> 4) as u8 & 1 | ((codes >> ACTION_BIT) as u8) << 1),
    };
    R::from_numbers(identity, [a, b, c, d, e], codes >> 5)
}

impl PackedRecord for RegisterRecord {
    #[inline]
    fn numbers(&self) -> ([u64; NUMBERS - IDENTITY], u64) {
        let numbers = [
            packed_day(self.insured_from),
            packed_end(self.term_end),
            packed_end(self.stopped_on),
            packed_end(self.death_date),
            u64::from(self.insured_from.days().wrapping_sub(self.applied_on.days()) as u32),
        ];
        // An absent category becomes 0.
        let codes = u64::from(self.category.number().wrapping_add(1))
            | u64::from(self.reason.code()) << 8
            | u64::from(self.insurer) << 16;
        (numbers, codes)
    }

    #[inline]
    fn from_numbers(
        identity: Identity,
        [from, term_end, stopped_on, death_date, applied]: [u64; NUMBERS - IDENTITY],
        codes: u64,
    ) -> Self {
        let insured_from = unpacked_day(from);
        Self {
            identity,
            insured_from,
            term_end: unpacked_end(term_end),
            stopped_on: unpacked_end(stopped_on),
            death_date: unpacked_end(death_date),
            applied_on: Date::from_days(insured_from.days().wrapping_sub(applied as i32)),
            insurer: InsurerId::new((codes >> 16) as u16),
            category: Category::from_stored((codes as u8).wrapping_sub(1)),
            reason: OperationReason::new((codes >> 8) as u8),
        }
    }
}

impl PackedRecord for AttachmentRecord {
    #[inline]
    fn numbers(&self) -> ([u64; NUMBERS - IDENTITY], u64) {
        let (from, to) = (packed_day(self.attached_from), packed_end(self.attached_to));
        let numbers = [from, to, u64::from(self.district.id()), u64::from(self.doctor_snils.id()), 0];
        (numbers, u64::from(self.profile.code()) | u64::from(self.method.code()) << 8 | u64::from(self.clinic) << 16)
    }

    #[inline]
    fn from_numbers(identity: Identity, [from, to, district, doctor_snils, _]: [u64; NUMBERS - IDENTITY], codes: u64) -> Self {
        Self {
            identity,
            attached_from: unpacked_day(from),
            attached_to: unpacked_end(to),
            district: InternedText::from_id(district as u32),
            doctor_snils: InternedText::from_id(doctor_snils as u32),
            clinic: ClinicId::new((codes >> 16) as u16),
            profile: Profile::new(codes as u8),
            method: AttachmentMethod::new((codes >> 8) as u8),
            padding: 0,
        }
    }
}

/// Row id with 16 bits for the line; or, in a rare long chunk, with 32 bits for the line and the lowest bit set.
#[inline]
fn packed_row_id(row_id: RowId) -> u64 {
    const USUAL_LINES: u32 = 1 << 16;
    let (chunk, line) = (u64::from(row_id.chunk()), row_id.line());
    // 2^31 chunks are more than the disks of a machine hold.
    if line < USUAL_LINES { (chunk << 16 | u64::from(line)) << 1 } else { (chunk << 32 | u64::from(line)) << 1 | 1 }
}

#[inline]
fn unpacked_row_id(packed: u64) -> RowId {
    let (row_id, usual) = (packed >> 1, packed & 1 == 0);
    if usual {
        RowId::new((row_id >> 16) as u32, row_id as u32 & 0xFFFF)
    } else {
        RowId::new((row_id >> 32) as u32, row_id as u32)
    }
}

/// 1 January 1900. The birth dates of living persons take two bytes when counted from it.
const FIRST_DAY: i32 = -25_567;

#[inline]
fn packed_day(day: Date) -> u64 {
    u64::from(day.days().wrapping_sub(FIRST_DAY) as u32)
}

#[inline]
fn unpacked_day(packed: u64) -> Date {
    Date::from_days((packed as u32 as i32).wrapping_add(FIRST_DAY))
}

#[inline]
fn packed_end(day: Date) -> u64 {
    if day == Date::NEVER { 0 } else { packed_day(day) + 1 }
}

#[inline]
fn unpacked_end(packed: u64) -> Date {
    if packed == 0 { Date::NEVER } else { unpacked_day(packed - 1) }
}
