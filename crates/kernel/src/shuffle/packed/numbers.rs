//! The numbers of a packed row.
//!
//! ```text
//! offset  0                             4                10
//!         │ lengths: 15 × 2 bits, 2 free │ fingerprint    │ number 0 │ number 1 │ …      little-endian
//!
//! lengths ..01 00 10 01      number 0 has LENGTHS[0][1] = 4 bytes, number 1 LENGTHS[1][2] = 8 bytes, number 2 LENGTHS[2][0] = 0 bytes
//! ```
//!
//! Writing: store eight bytes at `at`, then advance `at` by the length; the next number overwrites the zeros. Reading:
//! load eight bytes at `at`, mask them to the length, advance. Neither has a branch, and offsets are reduced modulo
//! [`NUMBERS_END`], so that no bound is checked either. The lengths are chosen for each number so that its usual values
//! fit the first or second choice. `scripts/check-instructions` counts the cost.

use super::ROW_BYTES;
use sverka_model::Identity;

/// Number of the numbers of a row, without the fingerprint.
pub(super) const NUMBERS: usize = 15;
const WORD: usize = size_of::<u64>();
pub(super) const FINGERPRINT_BYTES: usize = Identity::FINGERPRINT_BITS as usize / 8;
pub(super) const LARGEST_FINGERPRINT: u64 = (1 << Identity::FINGERPRINT_BITS) - 1;
/// Bytes of lengths and fingerprint.
pub(super) const HEAD: usize = LENGTHS_BYTES + FINGERPRINT_BYTES;
pub(super) const LENGTHS_BYTES: usize = size_of::<u32>();
/// Bits that choose the length of a number.
const CHOICE_BITS: usize = 2;
const CHOICES: usize = 1 << CHOICE_BITS;
const _: () = assert!(NUMBERS * CHOICE_BITS <= LENGTHS_BYTES * 8, "the lengths of all numbers fit");

/// Lengths in bytes that each number may have.
const LENGTHS: [[u8; CHOICES]; NUMBERS] = [
    [3, 4, 6, 8], // row id
    [0, 7, 8, 8], // ENP
    [0, 5, 8, 8], // SNILS
    [0, 4, 8, 8], // hashes of document and policy
    [2, 3, 4, 8], // birth date
    [1, 2, 3, 4], // surname
    [1, 2, 3, 4], // given name
    [0, 1, 2, 4], // patronymic
    [0, 1, 2, 4], // kind of document
    [2, 3, 4, 8], // codes
    [2, 3, 4, 8], // first day
    [0, 2, 3, 8], // planned end; end of an attachment
    [0, 2, 3, 8], // end; district
    [0, 2, 3, 8], // death; doctor
    [0, 1, 2, 8], // application
];

/// For each number and each count of bytes that a value may need: the choice in the lower [`CHOICE_BITS`] bits, the
/// chosen length above them.
const WRITTEN: [[u8; WORD + 1]; NUMBERS] = {
    let mut written = [[0; WORD + 1]; NUMBERS];
    let mut number = 0;
    while number < NUMBERS {
        let mut needed = 0;
        while needed <= WORD {
            let mut choice = 0;
            // The last choice of a number of 32 bits has four bytes; no value needs more.
            while choice + 1 < CHOICES && (LENGTHS[number][choice] as usize) < needed {
                choice += 1;
            }
            written[number][needed] = LENGTHS[number][choice] << CHOICE_BITS | choice as u8;
            needed += 1;
        }
        number += 1;
    }
    written
};

/// Mask of each length. The array has a power of two of them, so that indexing needs no comparison.
const BITS: [u64; 2 * WORD] = {
    let mut bits = [u64::MAX; 2 * WORD];
    let mut length = 0;
    while length < WORD {
        bits[length] = (1 << (length * 8)) - 1;
        length += 1;
    }
    bits
};

/// All numbers begin below this offset; a power of two.
const NUMBERS_END: usize = 256;
const _: () = assert!(HEAD + NUMBERS * WORD < NUMBERS_END, "numbers begin below");

/// Bytes that must follow the last row of a buffer: numbers are read as words of eight bytes.
pub(in crate::shuffle) const SLACK: usize = NUMBERS_END + WORD;

/// Writes numbers behind the head. Returns the choices of their lengths and the end of the last number.
#[inline]
pub(super) fn write_numbers(numbers: &[u64; NUMBERS], bytes: &mut [u8; ROW_BYTES]) -> (u32, usize) {
    let (mut lengths, mut at) = (0, HEAD);
    let mut write = |index: usize| {
        let number = numbers[index];
        let written = WRITTEN[index][WORD - number.leading_zeros() as usize / 8];
        bytes[at % NUMBERS_END..][..WORD].copy_from_slice(&number.to_le_bytes());
        lengths |= (u32::from(written) % CHOICES as u32) << (index * CHOICE_BITS);
        at += usize::from(written >> CHOICE_BITS);
    };
    // The calls are written out, so that the compiler knows the lengths of each number.
    write(0);
    write(1);
    write(2);
    write(3);
    write(4);
    write(5);
    write(6);
    write(7);
    write(8);
    write(9);
    write(10);
    write(11);
    write(12);
    write(13);
    write(14);
    (lengths, at)
}

/// Reader of the numbers of a row, in their order.
pub(super) struct Numbers<'b> {
    window: &'b [u8; SLACK],
    lengths: u64,
    /// Offset of the next number.
    pub at: usize,
}

impl<'b> Numbers<'b> {
    #[inline]
    pub fn new(window: &'b [u8; SLACK]) -> Self {
        Self { window, lengths: word(window, 0), at: HEAD }
    }

    /// The next number; `index` is its index.
    #[inline(always)]
    pub fn next(&mut self, index: usize) -> u64 {
        let choice = (self.lengths >> (index * CHOICE_BITS)) as usize % CHOICES;
        let length = usize::from(LENGTHS[index][choice]);
        let number = word(self.window, self.at) & BITS[length % BITS.len()];
        self.at += length;
        number
    }
}

/// The bytes that hold all numbers of a row.
#[inline]
pub(super) fn window(bytes: &[u8]) -> &[u8; SLACK] {
    bytes.first_chunk().expect("invariant: slack follows the last row")
}

/// Word at an offset below [`NUMBERS_END`].
#[inline]
pub(super) fn word(window: &[u8; SLACK], at: usize) -> u64 {
    u64::from_le_bytes(window[at % NUMBERS_END..][..WORD].try_into().expect("eight bytes"))
}
