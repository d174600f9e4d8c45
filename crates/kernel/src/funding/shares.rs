//! Shares of a whole in kopecks that add up to the whole.
//!
//! ```text
//! 100 kopecks by 1 : 1 : 1     exact shares 33 1/3 each
//! rounded down                 33  33  33     1 kopeck is left
//! largest remainder            34  33  33     of equal remainders the first one gets it
//! ```

use rust_decimal::Decimal;

use sverka_reference::{Rounding, RoundingMode};

use super::exact::Fraction;

/// Share of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Kopecks of the share.
    pub kopecks: u64,
    /// Whether one of the kopecks comes from the remainder of all shares.
    pub has_extra: bool,
}

/// Shares by weight: exact shares rounded down, and one kopeck more for the largest remainders; of equal ones, for the first. `None` when all weights
/// are zero.
#[must_use]
pub fn largest_remainder(total: u64, weights: &[Fraction]) -> Option<Vec<Share>> {
    let exact = exact_shares(total, weights)?;
    let below: Vec<Fraction> =
        exact.iter().map(|share| share.rounded_by(Rounding::To { decimals: 0, mode: RoundingMode::Down })).collect();
    let mut shares: Vec<Share> = below.iter().map(|below| Share { kopecks: below.whole(), has_extra: false }).collect();
    let left = total - shares.iter().map(|share| share.kopecks).sum::<u64>();
    let remainders: Vec<Fraction> = exact.iter().zip(&below).filter_map(|(exact, below)| exact.minus(below)).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&one, &other| remainders[other].cmp(&remainders[one]));
    for index in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        shares[index].kopecks += 1;
        shares[index].has_extra = true;
    }
    Some(shares)
}

/// Shares by weights of two decimals, each amount rounded half up; the last one with a weight gets what is left. `None` when all weights are zero.
#[must_use]
pub fn two_decimals(total: u64, weights: &[Fraction]) -> Option<Vec<Share>> {
    let parts = exact_shares(1, weights)?;
    let last = weights.iter().rposition(|weight| !weight.is_zero())?;
    let mut left = total;
    let mut shares = vec![Share::default(); weights.len()];
    for (share, part) in shares.iter_mut().zip(&parts).take(last) {
        let part = part.rounded_by(Rounding::KOPECKS);
        share.kopecks = part.times(&Fraction::from_integer(total)).whole().min(left);
        left -= share.kopecks;
    }
    shares[last].kopecks = left;
    Some(shares)
}

fn exact_shares(total: u64, weights: &[Fraction]) -> Option<Vec<Fraction>> {
    let sum = weights.iter().fold(Fraction::from_integer(0), |sum, weight| sum.plus(weight));
    // Without weights there is nothing to divide by either, and the whole must not vanish.
    if sum.is_zero() {
        return None;
    }
    let total = Fraction::from_integer(total);
    weights.iter().map(|weight| total.times(weight).divided_by(&sum)).collect()
}

/// Kopecks of an amount with at most two decimals.
pub(super) fn kopecks(amount: Decimal) -> u64 {
    Fraction::from_decimal(amount).times(&Fraction::from_integer(100)).whole()
}

/// Amount of kopecks.
pub(super) fn from_kopecks(kopecks: u64) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(kopecks), 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(numbers: &[u64]) -> Vec<Fraction> {
        numbers.iter().map(|number| Fraction::from_integer(*number)).collect()
    }

    fn amounts(shares: Option<Vec<Share>>) -> Vec<u64> {
        shares.expect("weights").iter().map(|share| share.kopecks).collect()
    }

    #[test]
    fn the_largest_remainders_get_the_kopecks_that_are_left() {
        // 100 × 5 / 9 = 55.56, × 3 / 9 = 33.33, × 1 / 9 = 11.11.
        assert_eq!(amounts(largest_remainder(100, &weights(&[5, 3, 1]))), [56, 33, 11]);
        // 10 / 7 = 1.43 each; 1.43, 2.86, 5.71: two kopecks are left.
        assert_eq!(amounts(largest_remainder(10, &weights(&[1, 2, 4]))), [1, 3, 6]);
    }

    #[test]
    fn of_equal_remainders_the_first_ones_count() {
        assert_eq!(amounts(largest_remainder(100, &weights(&[1, 1, 1]))), [34, 33, 33]);
        assert_eq!(amounts(largest_remainder(2, &weights(&[1, 0, 1, 1]))), [1, 0, 1, 0]);
        let shares = largest_remainder(101, &weights(&[1, 1])).expect("weights");
        assert_eq!(shares.iter().map(|share| share.has_extra).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn shares_of_two_decimals_leave_the_rest_to_the_last() {
        // 0.33, 0.33 and the rest of 100.01 roubles: 33.0033 is 33.00.
        assert_eq!(amounts(two_decimals(10_001, &weights(&[1, 1, 1]))), [3_300, 3_300, 3_401]);
        assert_eq!(amounts(two_decimals(10_001, &weights(&[2, 1, 0]))), [6_701, 3_300, 0]);
    }

    #[test]
    fn more_than_the_whole_is_never_shared() {
        // 0.005 rounds up to 0.01, 200 times.
        let shares = amounts(two_decimals(1_000, &weights(&[1; 200])));
        assert_eq!(shares.iter().sum::<u64>(), 1_000);
    }

    #[test]
    fn nothing_is_shared_without_weights() {
        assert_eq!(largest_remainder(5, &weights(&[0, 0])), None);
        assert_eq!(largest_remainder(5, &[]), None);
        assert_eq!(two_decimals(5, &[]), None);
    }
}
