//! Age-sex bands: sets of them, as agreements print them, and the age cells that all sets of a tariff are sums of.
//!
//! ```text
//! ages           0   1   2   3   4   5 … 17  18 … 64  65 …
//! ten bands      |0  |1-4            |5-17   |18-64   |65+
//! contract       |0-4                |5-17   |18-64   |65+
//! age cells      |a  |b              |c      |d       |e        a + b = the band 0-4 of the contract
//! ```
//!
//! Infants and adults have cells of their own in any case, because clinics serve ages.
//!
//! People are counted once by age cell; each set of bands adds cells up. So a further set costs nothing per person.

use rust_decimal::Decimal;

use sverka_model::Sex;

use crate::{ReferenceError, ReferenceFault};

/// The largest age of a band; older people are in the last one.
pub(super) const AGE_MAX: u16 = 199;

/// An age-sex band, as an index of [`BandSet::bands`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct BandId(u16);

impl BandId {
    /// The band at an index of [`BandSet::bands`].
    #[must_use]
    #[inline]
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The index of [`BandSet::bands`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// A set of bands, as an index of [`Tariff::band_sets`](super::Tariff::band_sets).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BandSetId(usize);

impl BandSetId {
    /// The first set of a tariff.
    pub const FIRST: Self = Self(0);

    /// The set at an index of the tariff's sets.
    pub(super) const fn new(index: usize) -> Self {
        Self(index)
    }

    /// The index of the tariff's sets.
    #[must_use]
    pub const fn index(self) -> usize {
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
pub(super) struct BandLine {
    pub line: u64,
    pub band: AgeSexBand,
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

    fn covers(&self, sex: Sex, age: u16) -> bool {
        self.sex == sex && self.from <= age && self.to.is_none_or(|to| age <= to)
    }
}

/// Set of bands that cover every age of both sexes once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandSet {
    /// Name in tariffs and outputs.
    pub name: String,
    /// Bands: male by age, then female by age.
    pub bands: Vec<AgeSexBand>,
}

impl BandSet {
    /// A set from bands in any order.
    ///
    /// # Errors
    /// Bands that do not cover every age of both sexes exactly once; the line is the number of the band.
    pub fn new(name: &str, bands: Vec<AgeSexBand>) -> Result<Self, ReferenceError> {
        let lines = (1..).zip(bands).map(|(line, band)| BandLine { line, band }).collect();
        Self::assemble("tariff", name, lines)
    }

    /// A set from bands with their lines in a file.
    pub(super) fn assemble(file: &str, name: &str, mut lines: Vec<BandLine>) -> Result<Self, ReferenceError> {
        lines.sort_by_key(|BandLine { line, band }| (band.sex, band.from, *line));
        for sex in [Sex::Male, Sex::Female] {
            let of_sex: Vec<&BandLine> = lines.iter().filter(|line| line.band.sex == sex).collect();
            check_cover(file, sex, &of_sex)?;
        }
        Ok(Self { name: name.to_owned(), bands: lines.into_iter().map(|line| line.band).collect() })
    }

    /// The band that a number stands for.
    #[must_use]
    pub fn band(&self, band: BandId) -> &AgeSexBand {
        &self.bands[usize::from(band.0)]
    }

    /// The band of a person of `age` full years.
    #[must_use]
    pub fn find(&self, sex: Sex, age: u16) -> BandId {
        let found = self.bands.iter().position(|band| band.covers(sex, age.min(AGE_MAX)));
        BandId(found.expect("bands were checked to cover every age") as u16)
    }
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

/// First full years of children after the first birthday, and of adults. Cells are cut there, whatever the bands are.
const AGE_CUTS: [u16; 2] = [1, ADULT_AGE];
/// First full year of adults.
const ADULT_AGE: u16 = 18;

/// Smallest range of ages of one sex that neither a set of bands nor the first birthday or majority cuts, as an index of [`AgeCells`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct CellId(u16);

impl CellId {
    /// The cell with a number.
    #[must_use]
    #[inline]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// The number of the cell.
    #[must_use]
    #[inline]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// The age cells of all sets of bands: male by age, then female by age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeCells {
    /// Cell of men and cell of women, by age.
    by_age: Vec<[CellId; 2]>,
    /// For each set of bands, the band of each cell.
    bands: Vec<Vec<BandId>>,
    /// First full year of each cell.
    first_ages: Vec<u16>,
}

impl AgeCells {
    /// The cells of these sets.
    #[must_use]
    pub fn new(sets: &[BandSet]) -> Self {
        let mut by_age = vec![[CellId(0); 2]; usize::from(AGE_MAX) + 1];
        let mut bands: Vec<Vec<BandId>> = vec![Vec::new(); sets.len()];
        let mut first_ages: Vec<u16> = Vec::new();
        for sex in [Sex::Male, Sex::Female] {
            let mut before: Option<Vec<BandId>> = None;
            for age in 0..=AGE_MAX {
                let here: Vec<BandId> = sets.iter().map(|set| set.find(sex, age)).collect();
                if before.as_ref() != Some(&here) || AGE_CUTS.contains(&age) {
                    bands.iter_mut().zip(&here).for_each(|(bands, band)| bands.push(*band));
                    before = Some(here);
                    first_ages.push(age);
                }
                by_age[usize::from(age)][sex as usize - 1] = CellId(first_ages.len() as u16 - 1);
            }
        }
        Self { by_age, bands, first_ages }
    }

    /// Whether the people of a cell are under one year.
    #[must_use]
    pub fn is_of_infants(&self, cell: CellId) -> bool {
        self.first_ages[usize::from(cell.0)] == 0
    }

    /// Whether the people of a cell are of age.
    #[must_use]
    pub fn is_of_adults(&self, cell: CellId) -> bool {
        self.first_ages[usize::from(cell.0)] >= ADULT_AGE
    }

    /// The cell of a person of `age` full years. An age below 0 counts as 0.
    #[must_use]
    #[inline]
    pub fn cell(&self, sex: Sex, age: i32) -> CellId {
        let age = age.clamp(0, i32::from(AGE_MAX)) as usize;
        self.by_age[age][sex as usize - 1]
    }

    /// The band of a set that a cell belongs to.
    #[must_use]
    #[inline]
    pub fn band(&self, set: BandSetId, cell: CellId) -> BandId {
        self.bands[set.0][usize::from(cell.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, starts: &[u16]) -> BandSet {
        let ends = starts.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        let of_sex = |sex| move |(&from, to): (&u16, Option<u16>)| AgeSexBand::new(sex, from, to, Decimal::ONE);
        let bands = starts.iter().zip(ends.clone()).map(of_sex(Sex::Male));
        let bands = bands.chain(starts.iter().zip(ends).map(of_sex(Sex::Female)));
        BandSet::new(name, bands.collect()).expect("bands")
    }

    #[test]
    fn a_band_is_a_sum_of_cells() {
        let sets = [set("ten", &[0, 1, 5, 18, 65]), set("contract", &[0, 5, 18, 60])];
        let cells = AgeCells::new(&sets);
        for sex in [Sex::Male, Sex::Female] {
            for age in 0..=AGE_MAX {
                let cell = cells.cell(sex, i32::from(age));
                for (index, set) in sets.iter().enumerate() {
                    assert_eq!(cells.band(BandSetId(index), cell), set.find(sex, age), "{} {sex} of {age}", set.name);
                }
            }
        }
        assert_eq!(cells.bands[0].len(), 2 * 6, "0, 1-4, 5-17, 18-59, 60-64 and 65+ of both sexes");
        assert_eq!(AgeCells::new(&[set("everyone", &[0])]).first_ages, [0, 1, 18, 0, 1, 18], "infants and adults are known");
        assert_eq!(cells.cell(Sex::Male, -1), cells.cell(Sex::Male, 0));
        assert_eq!(cells.cell(Sex::Female, 5000), cells.cell(Sex::Female, 65));
    }
}
