//! The numbers of a packed row: two bits that choose the length of each, the fingerprint, and then each number in so many bytes.

use super::ROW_BYTES;
use sverka_model::Identity;

/// Numbers of a row besides its fingerprint.
pub(super) const NUMBERS: usize = 15;
const WORD: usize = size_of::<u64>();
pub(super) const FINGERPRINT_BYTES: usize = Identity::FINGERPRINT_BITS as usize / 8;
pub(super) const LARGEST_FINGERPRINT: u64 = (1 << Identity::FINGERPRINT_BITS) - 1;
/// Lengths and fingerprint.
pub(super) const HEAD: usize = LENGTHS_BYTES + FINGERPRINT_BYTES;
pub(super) const LENGTHS_BYTES: usize = size_of::<u32>();
/// Bits that choose a number's length.
const CHOICE_BITS: usize = 2;
const CHOICES: usize = 1 << CHOICE_BITS;
const _: () = assert!(NUMBERS * CHOICE_BITS <= LENGTHS_BYTES * 8, "the lengths of all numbers fit");

/// The lengths that each number may have, in bytes.
const LENGTHS: [[u8; CHOICES]; NUMBERS] = [
    [3, 4, 6, 8], // place
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

/// How a number is written that needs so many bytes: the choice in the lower [`CHOICE_BITS`] bits, the length in bytes above them.
const WRITTEN: [[u8; WORD + 1]; NUMBERS] = {
    let mut written = [[0; WORD + 1]; NUMBERS];
    let mut number = 0;
    while number < NUMBERS {
        let mut needed = 0;
        while needed <= WORD {
            let mut choice = 0;
            // A word of four bytes has none longer.
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

/// For each length the bits of such a number; a power of two of them, so that no length needs to be compared.
const BITS: [u64; 2 * WORD] = {
    let mut bits = [u64::MAX; 2 * WORD];
    let mut length = 0;
    while length < WORD {
        bits[length] = (1 << (length * 8)) - 1;
        length += 1;
    }
    bits
};

/// All numbers begin below.
const NUMBERS_END: usize = 256;
const _: () = assert!(HEAD + NUMBERS * WORD < NUMBERS_END, "numbers begin below");

/// Bytes that must follow the last row of a buffer, because numbers are read as whole words.
pub(in crate::shuffle) const SLACK: usize = NUMBERS_END + WORD;

/// Writes numbers; their lengths, and where the last one ends.
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
    // One by one, so that the lengths of each number are known to the compiler.
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

/// The numbers of a row, one after another.
pub(super) struct Numbers<'b> {
    window: &'b [u8; SLACK],
    lengths: u64,
    /// Where the next one begins.
    pub at: usize,
}

impl<'b> Numbers<'b> {
    #[inline]
    pub fn new(window: &'b [u8; SLACK]) -> Self {
        Self { window, lengths: word(window, 0), at: HEAD }
    }

    /// The next number, which is the one of this index.
    #[inline(always)]
    pub fn next(&mut self, index: usize) -> u64 {
        let choice = (self.lengths >> (index * CHOICE_BITS)) as usize % CHOICES;
        let length = usize::from(LENGTHS[index][choice]);
        let number = word(self.window, self.at) & BITS[length % BITS.len()];
        self.at += length;
        number
    }
}

#[inline]
pub(super) fn window(bytes: &[u8]) -> &[u8; SLACK] {
    bytes.first_chunk().expect("invariant: slack follows the last row")
}

/// The word at a place, which is below [`NUMBERS_END`].
#[inline]
pub(super) fn word(window: &[u8; SLACK], at: usize) -> u64 {
    u64::from_le_bytes(window[at % NUMBERS_END..][..WORD].try_into().expect("eight bytes"))
}
