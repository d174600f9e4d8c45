//! The tariff agreement: base norm, age-sex bands, names of the clinics' factors, correction, as they are in force on one day.
//!
//! All values are data, because regions and years differ (SRC-31 to SRC-34); [`sverka_kernel::funding`] makes the norm
//! from them.

mod read;

use rust_decimal::Decimal;

use sverka_model::Sex;

use super::{ReferenceError, ReferenceFault};

/// The largest age of a band; older people are in the last one.
const AGE_MAX: u16 = 199;

/// The tariff agreement as in force on the count date.
#[derive(Clone, Debug)]
pub struct Tariff {
    /// Base norm in roubles for one person and month.
    pub base_norm: Decimal,
    /// Age-sex bands that cover every age once: male by age, then female by age.
    pub bands: Vec<AgeSexBand>,
    /// Names of the clinics' factors, columns of the table of clinics.
    pub factors: Vec<String>,
    /// Coefficient that fits the norms to the available money.
    pub correction: Correction,
    /// Indexes of bands by age; each age has the band of men and that of women.
    by_age: Vec<[BandId; 2]>,
}

/// The correction coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Coefficient printed in the agreement.
    Given(Decimal),
    /// Coefficient computed so that the norms before rounding add up to the base norm for each person.
    Computed,
}

/// An age-sex band, as an index of [`Tariff::bands`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct BandId(u16);

impl BandId {
    /// The band at an index of [`Tariff::bands`].
    #[must_use]
    #[inline]
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The index of [`Tariff::bands`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// Age-sex band: full years from `from` to `to`, both included, as tariff agreements print them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeSexBand {
    /// Sex.
    pub sex: Sex,
    /// First full year.
    pub from: u16,
    /// Last full year; `None` has no upper end.
    pub to: Option<u16>,
    /// Cost of the band relative to the mean.
    pub coefficient: Decimal,
    /// Ages as agreements print them: `0`, `1-4`, `65+`.
    pub label: String,
}

/// Band with the line of the tariff that it is from.
struct BandLine {
    line: u64,
    band: AgeSexBand,
}

impl AgeSexBand {
    /// A band with its label.
    #[must_use]
    pub fn new(sex: Sex, from: u16, to: Option<u16>, coefficient: Decimal) -> Self {
        let label = match to {
            None => format!("{from}+"),
            Some(to) if to == from => from.to_string(),
            Some(to) => format!("{from}-{to}"),
        };
        Self { sex, from, to, coefficient, label }
    }
}

impl Tariff {
    /// A tariff from its parts, with bands in any order.
    ///
    /// # Errors
    /// Bands that do not cover every age of both sexes exactly once; the line is the number of the band.
    pub fn new(
        base_norm: Decimal,
        bands: Vec<AgeSexBand>,
        factors: Vec<String>,
        correction: Correction,
    ) -> Result<Self, ReferenceError> {
        let bands = (1..).zip(bands).map(|(line, band)| BandLine { line, band }).collect();
        Self::assemble("tariff", base_norm, bands, factors, correction)
    }

    fn assemble(
        file: &str,
        base_norm: Decimal,
        mut bands: Vec<BandLine>,
        factors: Vec<String>,
        correction: Correction,
    ) -> Result<Self, ReferenceError> {
        bands.sort_by_key(|BandLine { line, band }| (band.sex, band.from, *line));
        for sex in [Sex::Male, Sex::Female] {
            let of_sex: Vec<&BandLine> = bands.iter().filter(|line| line.band.sex == sex).collect();
            check_cover(file, sex, &of_sex)?;
        }
        let bands: Vec<AgeSexBand> = bands.into_iter().map(|line| line.band).collect();
        let by_age = (0..=AGE_MAX).map(|age| [Sex::Male, Sex::Female].map(|sex| find_band(&bands, sex, age))).collect();
        Ok(Self { base_norm, bands, factors, correction, by_age })
    }

    /// The band of a person of `age` full years. An age below 0 counts as 0.
    #[must_use]
    #[inline]
    pub fn band(&self, sex: Sex, age: i32) -> BandId {
        let age = age.clamp(0, i32::from(AGE_MAX)) as usize;
        self.by_age[age][sex as usize - 1]
    }

    /// The band at an index.
    #[must_use]
    pub fn band_of(&self, band: BandId) -> &AgeSexBand {
        &self.bands[usize::from(band.0)]
    }
}

fn find_band(bands: &[AgeSexBand], sex: Sex, age: u16) -> BandId {
    let covers = |band: &AgeSexBand| band.sex == sex && band.from <= age && band.to.is_none_or(|to| age <= to);
    BandId(bands.iter().position(covers).expect("bands were checked to cover every age") as u16)
}

/// Checks that the bands of one sex, sorted by age, cover every age exactly once.
fn check_cover(file: &str, sex: Sex, bands: &[&BandLine]) -> Result<(), ReferenceError> {
    let sex = sex.to_string();
    let fail = |line, fault| Err(ReferenceError::new(file, line, fault));
    let (Some(first), Some(last)) = (bands.first(), bands.last()) else {
        return fail(1, ReferenceFault::NoBands { sex });
    };
    if first.band.from > 0 {
        return fail(first.line, ReferenceFault::BandsStartLate { sex, age: first.band.from });
    }
    for pair in bands.windows(2) {
        let (BandLine { line: first_line, band: before }, BandLine { line, band }) = (pair[0], pair[1]);
        let (first_line, line, first_label, label) = (*first_line, *line, before.label.clone(), band.label.clone());
        if before.to.is_none_or(|to| band.from <= to) {
            return fail(line, ReferenceFault::BandsOverlap { label, sex, first_label, first_line });
        }
        let age = before.to.map_or(0, |to| to + 1);
        if band.from > age {
            return fail(line, ReferenceFault::BandsGap { label, sex, age, first_label, first_line });
        }
    }
    match last.band.to {
        Some(age) => fail(last.line, ReferenceFault::BandsEndEarly { sex, age }),
        None => Ok(()),
    }
}
