//! Rows as they lie in streams: every number in the bytes that it needs, and the row's texts behind them.
//!
//! A row is the lengths of its numbers in two bits each, its fingerprint, fifteen numbers of zero to eight bytes, and its texts: as [`RowTexts`]
//! writes them, or their lengths and then codes of half a byte ([`Symbols`]). What is usual is small: a day counts from 1900, and what is absent,
//! or a day that never comes, is 0 and takes no byte. So a row takes about 65 bytes with its texts, where its record alone has 88.

mod numbers;
#[cfg(test)]
mod tests;

use std::ops::Deref;

pub(super) use numbers::SLACK;
use numbers::{FINGERPRINT_BYTES, HEAD, LARGEST_FINGERPRINT, LENGTHS_BYTES, NUMBERS, Numbers, window, word, write_numbers};

use super::symbols::{CODED_BYTES, CodedText, Pairs, Symbols, TEXTS};
use sverka_model::{AttachmentRecord, Identity, Marks, Record, RegisterRecord, RowState};
use sverka_model::{ClinicId, Date, InsurerId};
use sverka_model::{InternedText, RowId, RowTexts, TextKind};

/// Numbers of a row that say who it is about.
const IDENTITY: usize = 10;

/// A record that can be packed.
pub(super) trait PackedRecord: Record {
    /// Its numbers behind those of its identity, and its codes.
    fn numbers(&self) -> ([u64; NUMBERS - IDENTITY], u64);
    /// The record of an identity, numbers and codes.
    fn of(identity: Identity, numbers: [u64; NUMBERS - IDENTITY], codes: u64) -> Self;
}

/// Packs one row after another.
pub(super) struct Packer {
    bytes: [u8; ROW_BYTES],
    /// A row with texts that are not coded.
    long: Vec<u8>,
    symbols: Symbols,
}

/// The longest row with coded texts, and what its last number overwrites.
const ROW_BYTES: usize = SLACK + TEXTS + CODED_BYTES;
/// Added to the first length of texts that are coded.
const CODED: u8 = 0x80;

impl Packer {
    pub fn new() -> Self {
        Self { bytes: [0; ROW_BYTES], long: Vec::new(), symbols: Symbols::default() }
    }

    /// The bytes of a row.
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

    /// What reads the texts of the rows that were packed so far.
    pub fn pairs(&self) -> Pairs {
        self.symbols.pairs()
    }
}

/// Where a row stands.
#[inline]
pub(super) fn row_id_of(bytes: &[u8]) -> RowId {
    unpacked_row_id(Numbers::new(window(bytes)).next(0))
}

/// The record that begins `bytes`, and where its texts do.
#[inline]
pub(super) fn unpack<R: PackedRecord>(bytes: &[u8]) -> (R, usize) {
    let window = window(bytes);
    let mut numbers = Numbers::new(window);
    // One by one, so that the lengths of each number are known to the compiler.
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

/// How many bytes the texts take that begin `bytes`.
#[inline]
pub(super) fn size_of_texts(bytes: &[u8]) -> usize {
    if bytes[0] & CODED == 0 { RowTexts::read(bytes).size() } else { TEXTS + sizes_of_codes(bytes).iter().sum::<usize>() }
}

/// One of the texts that begin `bytes`.
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

/// The bytes of codes that each text takes.
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
    /// Its bytes, at less cost than the text that they are.
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

/// What few records have stands above all codes, so that only they take more bytes for it: what a notice asks for, and a document that proves nothing.
const ACTION_BIT: u32 = 5 + CODE_BITS;
/// Bits of the codes of a table.
const CODE_BITS: u32 = 32;

#[inline]
fn numbers_of<R: PackedRecord>(record: &R) -> [u64; NUMBERS] {
    let identity = record.identity();
    let (own, codes) = record.numbers();
    let marks = u64::from(identity.marks.bits());
    let codes =
        u64::from(identity.sex) | u64::from(identity.policy_kind) << 2 | (marks & 1) << 4 | codes << 5 | marks >> 1 << ACTION_BIT;
    let [a, b, c, d, e] = own;
    [
        packed_row_id(identity.row_id),
        identity.enp,
        identity.snils,
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
        enp,
        snils,
        document: keys as u32,
        policy: (keys >> 32) as u32,
        birth_date: unpacked_day(birth),
        surname: InternedText::from_id(surname as u32),
        given_name: InternedText::from_id(given_name as u32),
        patronymic: InternedText::from_id(patronymic as u32),
        doc_kind: InternedText::from_id(doc_kind as u32),
        sex: codes as u8 & 3,
        policy_kind: (codes >> 2) as u8 & 3,
        state: RowState::ACCEPTED,
        marks: Marks::from_bits((codes >> 4) as u8 & 1 | ((codes >> ACTION_BIT) as u8) << 1),
    };
    R::of(identity, [a, b, c, d, e], codes >> 5)
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
        // No category is 0.
        let codes = u64::from(self.category.wrapping_add(1)) | u64::from(self.reason) << 8 | u64::from(self.insurer) << 16;
        (numbers, codes)
    }

    #[inline]
    fn of(identity: Identity, [from, term_end, stopped_on, death_date, applied]: [u64; NUMBERS - IDENTITY], codes: u64) -> Self {
        let insured_from = unpacked_day(from);
        Self {
            identity,
            insured_from,
            term_end: unpacked_end(term_end),
            stopped_on: unpacked_end(stopped_on),
            death_date: unpacked_end(death_date),
            applied_on: Date::from_days(insured_from.days().wrapping_sub(applied as i32)),
            insurer: InsurerId::new((codes >> 16) as u16),
            category: (codes as u8).wrapping_sub(1),
            reason: (codes >> 8) as u8,
        }
    }
}

impl PackedRecord for AttachmentRecord {
    #[inline]
    fn numbers(&self) -> ([u64; NUMBERS - IDENTITY], u64) {
        let (from, to) = (packed_day(self.attached_from), packed_end(self.attached_to));
        let numbers = [from, to, u64::from(self.district.id()), u64::from(self.doctor_snils.id()), 0];
        (numbers, u64::from(self.profile) | u64::from(self.method) << 8 | u64::from(self.clinic) << 16)
    }

    #[inline]
    fn of(identity: Identity, [from, to, district, doctor_snils, _]: [u64; NUMBERS - IDENTITY], codes: u64) -> Self {
        Self {
            identity,
            attached_from: unpacked_day(from),
            attached_to: unpacked_end(to),
            district: InternedText::from_id(district as u32),
            doctor_snils: InternedText::from_id(doctor_snils as u32),
            clinic: ClinicId::new((codes >> 16) as u16),
            profile: codes as u8,
            method: (codes >> 8) as u8,
            padding: 0,
        }
    }
}

/// Lines of a chunk are few; the last bit tells the rare row id that has more.
#[inline]
fn packed_row_id(row_id: RowId) -> u64 {
    const USUAL_LINES: u32 = 1 << 16;
    let (chunk, line) = (u64::from(row_id.chunk()), row_id.line());
    // Chunks of 31 bits are more than any machine's disks hold.
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

/// 1 January 1900, so that the days of the living take two bytes.
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
