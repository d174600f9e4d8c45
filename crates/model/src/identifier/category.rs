//! Categories of insured persons, and sets of them.
//!
//! The rules about categories, and the settings for them, are not known here.

/// Category of an insured person, 0 to 14. The numbers are those of the register; absent is [`Self::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Category(u8);

/// Status of the persons of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryStatus {
    /// Citizens of the Russian Federation.
    Citizen,
    /// Persons without citizenship.
    Stateless,
    /// Foreigners, refugees, and people of the EAEU. Refugees may be stateless, and some registers give 11 and 12 to stateless persons.
    Foreign,
}

impl Category {
    /// No category.
    pub const NONE: Self = Self(u8::MAX);
    /// Working citizens.
    pub const WORKING_CITIZEN: Self = Self(1);
    /// Working stateless persons.
    pub const WORKING_STATELESS: Self = Self(4);
    /// Citizens who do not work.
    pub const CITIZEN: Self = Self(6);
    /// Stateless persons who do not work.
    pub const STATELESS: Self = Self(9);
    /// The largest number of a category.
    pub const MAX: u8 = 14;

    /// The category of a number; `None` above 14.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        if number <= Self::MAX { Some(Self(number)) } else { None }
    }

    /// The category that a record holds as a number, [`Self::NONE`] included.
    #[must_use]
    #[inline]
    pub const fn from_stored(number: u8) -> Self {
        Self(number)
    }

    /// The number, 0 to 14; 255 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The category as written: a number without leading zeros.
    #[must_use]
    #[inline]
    pub fn parse(text: &[u8]) -> Option<Self> {
        match *text {
            [digit @ b'0'..=b'9'] => Some(Self(digit - b'0')),
            [b'1', digit @ b'0'..=b'4'] => Some(Self(10 + digit - b'0')),
            _ => None,
        }
    }

    /// The status of the persons of this category; `None` if it says nothing of citizenship.
    #[must_use]
    #[inline]
    pub const fn status(self) -> Option<CategoryStatus> {
        match self {
            Self::WORKING_CITIZEN | Self::CITIZEN => Some(CategoryStatus::Citizen),
            Self::WORKING_STATELESS | Self::STATELESS => Some(CategoryStatus::Stateless),
            Self(2 | 3 | 5 | 7 | 8 | 10..=Self::MAX) => Some(CategoryStatus::Foreign),
            _ => None,
        }
    }

    /// Whether a set has this category: bit `n` of the set stands for category `n`.
    #[must_use]
    #[inline]
    pub const fn is_in(self, set: u16) -> bool {
        self.0 <= Self::MAX && set >> self.0 & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_numbers_from_0_to_14_without_leading_zeros() {
        for number in 0..=Category::MAX {
            let category = Category::from_number(number).expect("a category");
            assert_eq!(Category::parse(number.to_string().as_bytes()), Some(category));
            assert_eq!((0..16).filter(|bit| category.is_in(1 << bit)).collect::<Vec<u8>>(), [number]);
        }
        for none in ["", "00", "01", "15", "100", "-1", "x"] {
            assert_eq!(Category::parse(none.as_bytes()), None, "{none}");
        }
        assert_eq!(Category::from_number(15), None);
        assert!(!Category::NONE.is_in(u16::MAX));
    }
}
