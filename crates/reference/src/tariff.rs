//! The tariff agreement: kinds of care with base norm, age-sex bands, factors, groups, correction and rounding, as they are in force on one day.
//!
//! Everything in it is data, because regions and years differ (SRC-31 to SRC-34); how it makes a norm is [`sverka_kernel::funding`]'s business.

mod bands;
mod care;
mod days;
mod read;

use sverka_model::{Date, Sex};

use super::ReferenceError;

pub use bands::{AgeCells, AgeSexBand, BandId, BandSet, BandSetId, CellId};
pub use care::{
    AmountBy, BaseNorm, Care, CareRounding, Correction, FactorTable, FactorValue, Floor, FloorOf, GivenCompositions, GroupId,
    Groups, HeadMean, HeadSource, MoneyBase, MonthBase, NormPeriod, Rates, Stations,
};
pub use days::DayId;
pub use read::{TablePath, TariffFile, TariffTable, TariffTables};

/// The tariff agreement as in force on the as-of date.
#[derive(Clone, Debug)]
pub struct Tariff {
    /// Days on which people are counted: the as-of date, then others.
    pub days: Vec<Date>,
    /// Sets of age-sex bands, each with its own name.
    pub band_sets: Vec<BandSet>,
    /// Kinds of care that are paid by heads, each with its own name.
    pub cares: Vec<Care>,
    /// Names of the factors that are columns of the table of clinics, those of all cares.
    pub factor_columns: Vec<String>,
    /// Age cells of all sets of bands.
    pub cells: AgeCells,
}

impl Tariff {
    /// A tariff from its parts.
    #[must_use]
    pub fn new(days: Vec<Date>, band_sets: Vec<BandSet>, cares: Vec<Care>, factor_columns: Vec<String>) -> Self {
        let cells = AgeCells::new(&band_sets);
        Self { days, band_sets, cares, factor_columns, cells }
    }

    /// Tariff of one care, `ambulatory`, whose heads are those of the as-of date.
    ///
    /// # Errors
    /// Bands that do not cover every age of both sexes exactly once; the line is the number of the band.
    pub fn of_one_care(
        as_of: Date,
        base: BaseNorm,
        bands: Vec<AgeSexBand>,
        factor_columns: Vec<String>,
        correction: Correction,
    ) -> Result<Self, ReferenceError> {
        let care = Care::ambulatory(base, (0..factor_columns.len()).collect(), correction);
        Ok(Self::new(vec![as_of], vec![BandSet::new(Care::AMBULATORY, bands)?], vec![care], factor_columns))
    }

    /// The cell of a person of `age` full years. An age below 0 counts as 0.
    #[must_use]
    #[inline]
    pub fn cell(&self, sex: Sex, age: i32) -> CellId {
        self.cells.cell(sex, age)
    }

    /// The set of bands at an index of [`Self::band_sets`].
    #[must_use]
    pub fn band_set_id(&self, index: usize) -> BandSetId {
        BandSetId::new(index)
    }

    /// Whether a set of bands has a name of its own in the tariff, and is not the set of one care.
    #[must_use]
    pub fn is_named_set(&self, set: BandSetId) -> bool {
        let name = &self.band_set(set).name;
        !self.cares.iter().any(|care| care.band_set == set && care.name == *name)
    }

    /// A set of bands.
    #[must_use]
    pub fn band_set(&self, set: BandSetId) -> &BandSet {
        &self.band_sets[set.index()]
    }

    /// The bands of a care.
    #[must_use]
    pub fn bands_of(&self, care: &Care) -> &BandSet {
        self.band_set(care.band_set)
    }
}
