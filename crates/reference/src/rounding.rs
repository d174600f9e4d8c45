//! Rounding as a tariff agreement sets it: number of decimals and way of rounding.
//!
//! The numbers that are rounded are not known here; `sverka_kernel::funding` rounds exact fractions.

/// Way of rounding a number that lies between two neighbours with the wanted decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoundingMode {
    /// To the nearer neighbour; a tie away from zero.
    HalfUp,
    /// To the nearer neighbour; a tie to the even one.
    HalfEven,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
}

impl RoundingMode {
    /// All ways, in the order in which they are named to people.
    pub const ALL: [Self; 4] = [Self::HalfUp, Self::HalfEven, Self::Up, Self::Down];

    /// Name in tariffs and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The way with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// Rounding of one figure of a tariff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The figure stays exact.
    Exact,
    /// The figure is rounded.
    To {
        /// Decimals that are kept.
        decimals: u32,
        /// Way of rounding.
        mode: RoundingMode,
    },
}

impl Rounding {
    /// Most decimals that a figure may be rounded to.
    pub const DECIMALS_MAX: u32 = 18;
    /// Kopecks, half up: the rounding of norms and amounts by default.
    pub const KOPECKS: Self = Self::To { decimals: 2, mode: RoundingMode::HalfUp };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_way() {
        for mode in RoundingMode::ALL {
            assert_eq!(RoundingMode::named(mode.name()), Some(mode));
        }
        assert_eq!(RoundingMode::named("HALF_UP"), None);
    }
}
