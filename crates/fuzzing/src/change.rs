//! Random changes of inputs. A seed always gives the same changes.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Most bytes of an input. Longer inputs are cut: short ones show the same faults and are read faster.
pub const MOST_BYTES: usize = 64 << 10;

/// Stream of random numbers.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }

    /// An item of a list, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Changes an input in some places. Some changes copy bytes from the input `other`.
pub fn change(input: &mut Vec<u8>, other: &[u8], pieces: &[&[u8]], random: &mut Random) {
    let changes = 1 << random.below(4);
    for _ in 0..1 + random.below(changes) {
        change_once(input, other, pieces, random);
    }
    input.truncate(MOST_BYTES);
}

/// Makes one change.
fn change_once(input: &mut Vec<u8>, other: &[u8], pieces: &[&[u8]], random: &mut Random) {
    const EXTREMES: [u32; 9] = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, i32::MAX as u32, u32::MAX - 1, u32::MAX];
    let at = position(input.len(), random);
    let few = |random: &mut Random| 1 + random.below(12);
    match random.below(12) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = random.below(256) as u8,
        2 if at < input.len() => {
            let value = random.pick(&EXTREMES).to_le_bytes();
            let width = *random.pick(&[1, 2, 4]);
            input.iter_mut().skip(at).zip(&value[..width]).for_each(|(byte, value)| *byte = *value);
        }
        3 => drop(input.drain(at..(at + few(random)).min(input.len()))),
        4 => input.truncate(at),
        5 => {
            let to = (at + 1 + random.below(200)).min(input.len());
            let copy = input[at..to].repeat(1 + random.below(6));
            input.splice(at..at, copy);
        }
        6 => {
            let from = random.below(other.len() + 1);
            let to = (from + 1 + random.below(200)).min(other.len());
            let end = (at + random.below(200)).min(input.len());
            input.splice(at..end, other[from..to].iter().copied());
        }
        7 => {
            let (from, to) = (position(input.len(), random), position(input.len(), random));
            let moved: Vec<u8> = input[from.min(to)..from.max(to)].iter().copied().take(300).collect();
            input.splice(at..at, moved);
        }
        _ if !pieces.is_empty() => {
            let replaced = if random.below(3) == 0 { few(random) } else { 0 };
            let end = (at + replaced).min(input.len());
            input.splice(at..end, random.pick(pieces).iter().copied());
        }
        _ => {}
    }
}

/// Random position in an input, more often near the beginning and the end, where formats have their directories.
fn position(length: usize, random: &mut Random) -> usize {
    match random.below(6) {
        0 => random.below(length.min(200) + 1),
        1 => length - random.below(length.min(200) + 1),
        _ => random.below(length + 1),
    }
}
