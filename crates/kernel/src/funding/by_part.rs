//! Values of the parts of a clinic's people that are paid one by one: all of them, each band, or children and adults.

use super::exact::Fraction;

/// A value for each part of a clinic's people.
#[derive(Clone, Debug)]
pub(super) enum ByPart {
    /// One value for all people.
    All(Fraction),
    /// A value for each band.
    Bands(Vec<Fraction>),
    /// A value for children and one for adults.
    Ages {
        children: Fraction,
        adults: Fraction,
        /// Whether each band is one of children.
        is_child: Vec<bool>,
    },
}

impl ByPart {
    /// Another value for each part.
    pub fn map(&self, value: impl Fn(&Fraction) -> Fraction) -> Self {
        match self {
            Self::All(of_all) => Self::All(value(of_all)),
            Self::Bands(of_bands) => Self::Bands(of_bands.iter().map(value).collect()),
            Self::Ages { children, adults, is_child } => {
                Self::Ages { children: value(children), adults: value(adults), is_child: is_child.clone() }
            }
        }
    }

    /// Value of the people of a band.
    pub fn of_band(&self, band: usize) -> &Fraction {
        match self {
            Self::All(of_all) => of_all,
            Self::Bands(of_bands) => &of_bands[band],
            Self::Ages { children, adults, is_child } => {
                if is_child[band] {
                    children
                } else {
                    adults
                }
            }
        }
    }

    /// Value times units of heads, summed over the parts. `term` makes a part's term of the two, and may round it. `bands` has the units by band and
    /// `all` those of all people, which may be rounded to whole heads apart from the bands.
    pub fn sum(&self, bands: &[u64], all: u64, term: impl Fn(&Fraction, u64) -> Fraction) -> Fraction {
        match self {
            Self::All(of_all) => term(of_all, all),
            Self::Bands(of_bands) => sum(of_bands.iter().zip(bands).map(|(value, units)| term(value, *units))),
            Self::Ages { children, adults, is_child } => {
                let of_children: u64 = bands.iter().zip(is_child).filter(|(_, child)| **child).map(|(units, _)| *units).sum();
                let of_adults = bands.iter().sum::<u64>() - of_children;
                term(children, of_children).plus(&term(adults, of_adults))
            }
        }
    }
}

/// Mean of values weighted by heads; 0 without heads.
pub(super) fn mean(weighted: impl IntoIterator<Item = (Fraction, u64)>) -> Fraction {
    let (mut total, mut heads) = (Fraction::from_integer(0), 0);
    for (value, weight) in weighted {
        total = total.plus(&value.times(&Fraction::from_integer(weight)));
        heads += weight;
    }
    total.divided_by(&Fraction::from_integer(heads)).unwrap_or_else(|| Fraction::from_integer(0))
}

/// Sum of values.
pub(super) fn sum(values: impl Iterator<Item = Fraction>) -> Fraction {
    values.fold(Fraction::from_integer(0), |sum, value| sum.plus(&value))
}
