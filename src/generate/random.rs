//! The generator's own random draws: the same seed gives the same region on every machine and with any number of threads.
//!
//! Each household draws from a stream of its own, so households can be made in any order. The module does not know what is drawn.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use sverka_model::Date;

/// A stream of random draws.
pub(super) struct Random(Xoshiro256PlusPlus);

/// A probability as a threshold for 53 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chance(u64);

impl Chance {
    /// `probability` is between 0 and 1.
    pub fn new(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * (1_u64 << 53) as f64) as u64)
    }

    /// The chance that either of two exclusive events occurs.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

/// Changes of the seed for the streams of a history, apart from those of households.
const PERSONS: u64 = 0x5045_5253_4F4E_5300;
const SENDERS: u64 = 0x5345_4E44_4552_5300;

impl Random {
    /// The stream of one household of the region with this seed.
    pub fn of_household(seed: u64, household: u64) -> Self {
        // The odd factor spreads neighbouring households over the seeds; seeding itself mixes the bits.
        let start = seed.wrapping_add(household.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Self(Xoshiro256PlusPlus::seed_from_u64(start ^ seed.rotate_left(32)))
    }

    /// The stream of one person of the history with this seed.
    pub fn of_person(seed: u64, person: u64) -> Self {
        Self::of_household(seed ^ PERSONS, person)
    }

    /// The stream of one sender of the history with this seed.
    pub fn of_sender(seed: u64, sender: u16) -> Self {
        Self::of_household(seed ^ SENDERS, u64::from(sender))
    }

    /// A threshold at random. It lies below a [`Chance`] with the probability of that chance.
    #[inline]
    pub fn draw(&mut self) -> Chance {
        Chance(self.0.next_u64() >> 11)
    }

    /// Whether an event of this chance happens.
    #[inline]
    pub fn hits(&mut self, chance: Chance) -> bool {
        self.draw() < chance
    }

    /// Whether an event happens that happens once in `times` draws.
    #[inline]
    pub fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// A whole number from 0 to `limit - 1`; 0 for a limit of 0.
    #[inline]
    pub fn below(&mut self, limit: u32) -> u32 {
        (((self.0.next_u64() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// A whole number from 0 to `limit - 1`. Small numbers come more often, as in a list sorted by frequency.
    #[inline]
    pub fn low_below(&mut self, limit: u32) -> u32 {
        let bits = self.0.next_u64();
        let (left, right) = (bits >> 32, bits & 0xFFFF_FFFF);
        ((left.min(right) * u64::from(limit)) >> 32) as u32
    }

    /// An item of a list, which must not be empty.
    #[inline]
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u32) as usize]
    }

    /// A day from `first` to `last`, both included; `first` when nothing lies between.
    #[inline]
    pub fn day(&mut self, first: Date, last: Date) -> Date {
        let span = (i64::from(last.days()) - i64::from(first.days()) + 1).clamp(1, i64::from(u32::MAX));
        Date::from_days(first.days() + self.below(span as u32) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_draws_the_same_every_time_and_not_what_its_neighbour_draws() {
        let draws = |seed, household| {
            let mut random = Random::of_household(seed, household);
            (0..4).map(|_| random.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(7, 3), draws(7, 3));
        assert_ne!(draws(7, 3), draws(7, 4));
        assert_ne!(draws(7, 3), draws(8, 3));
    }

    #[test]
    fn a_chance_hits_about_as_often_as_it_says() {
        let mut random = Random::of_household(1, 1);
        let hits = (0..100_000).filter(|_| random.hits(Chance::new(0.1))).count();
        assert!((9_500..10_500).contains(&hits), "{hits}");
        assert!(!(0..10_000).any(|_| random.hits(Chance::new(0.0))));
        assert!((0..10_000).all(|_| random.hits(Chance::new(1.0))));
    }
}
