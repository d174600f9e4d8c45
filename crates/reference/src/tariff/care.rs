//! Kinds of care as a tariff sets them: heads that count, base norm, bands, factors, groups, correction, rounding.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::{ClinicId, Profile};

use super::bands::BandSetId;
use super::days::DayId;
use crate::{Rounding, RoundingMode};

/// A kind of care that is paid by heads.
#[derive(Clone, Debug)]
pub struct Care {
    /// Name in tariffs and outputs.
    pub name: String,
    /// Attachments whose heads count.
    pub source: HeadSource,
    /// Days whose heads are paid; several: their mean.
    pub heads: Vec<DayId>,
    /// Days whose heads make the age-sex composition; several: their mean.
    pub composition: Vec<DayId>,
    /// Whole or exact means of heads.
    pub head_mean: HeadMean,
    /// Bands of the care.
    pub band_set: BandSetId,
    /// Base norm.
    pub base: BaseNorm,
    /// Factors that are columns of the table of clinics, as indexes of [`Tariff::factor_columns`](super::Tariff::factor_columns).
    pub factor_columns: Vec<usize>,
    /// Factors of a table of their own, by name.
    pub factor_tables: Vec<FactorTable>,
    /// Compositions that the agreement prints.
    pub given_k: GivenCompositions,
    /// Groups of clinics with one norm each.
    pub groups: Groups,
    /// Rates in roubles instead of norms.
    pub rates: Option<Rates>,
    /// Coefficient that fits the norms to the available money.
    pub correction: Correction,
    /// Roundings.
    pub rounding: CareRounding,
    /// Lower limits of coefficients, which are told and never applied.
    pub floors: Vec<Floor>,
}

impl Care {
    /// Name of the care of a tariff that names none.
    pub const AMBULATORY: &'static str = "ambulatory";

    /// The care of a tariff without kinds of care: therapeutic attachments on the as-of date, in the first set of bands.
    #[must_use]
    pub fn ambulatory(base: BaseNorm, factor_columns: Vec<usize>, correction: Correction) -> Self {
        Self {
            name: Self::AMBULATORY.to_owned(),
            source: HeadSource::Profile(Profile::THERAPEUTIC),
            heads: vec![DayId::AS_OF],
            composition: vec![DayId::AS_OF],
            head_mean: HeadMean::Exact,
            band_set: BandSetId::FIRST,
            base,
            factor_columns,
            factor_tables: Vec::new(),
            given_k: GivenCompositions::default(),
            groups: Groups::default(),
            rates: None,
            correction,
            rounding: CareRounding::default(),
            floors: Vec::new(),
        }
    }

    /// Profile of the attachments whose heads count.
    #[must_use]
    pub fn profile(&self) -> Profile {
        match &self.source {
            HeadSource::Profile(profile) => *profile,
            HeadSource::Stations(stations) => stations.profile,
        }
    }
}

/// Attachments whose heads count for a care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadSource {
    /// Attachments of a profile, at their clinics.
    Profile(Profile),
    /// Attachments of a profile, at the station that serves their clinic.
    Stations(Stations),
}

/// Stations that serve the people of clinics: a care without attachments of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stations {
    /// Profile of the attachments.
    pub profile: Profile,
    /// Station by day and clinic. Heads of a clinic without a station count nowhere.
    pub by_day: BTreeMap<DayId, BTreeMap<ClinicId, ClinicId>>,
}

/// Mean of the heads of several days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadMean {
    /// The exact mean.
    Exact,
    /// Whole heads of each insurer, clinic and band, half up.
    WholeByBand,
    /// Whole heads of each insurer and clinic, half up.
    WholeByClinic,
}

/// Base norm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseNorm {
    /// Norm for a head and month, roubles.
    Month(Decimal),
    /// Norm for a head and year, roubles.
    Year(Decimal),
    /// Norm from the money of the programme.
    Money(MoneyBase),
}

/// Money from which a base norm is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyBase {
    /// Lines that count: roubles inside the norm, without those outside.
    pub sum: Decimal,
    /// Months that the money is for.
    pub months: u32,
    /// Factors whose means divide the norm: indexes of the factors of the care, columns of clinics first.
    pub divide_by: Vec<usize>,
}

/// Factor with values by clinic and by group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactorTable {
    /// Name of the factor.
    pub name: String,
    /// Values of clinics.
    pub of_clinics: BTreeMap<ClinicId, FactorValue>,
    /// Values of groups.
    pub of_groups: BTreeMap<GroupId, FactorValue>,
}

/// Value of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorValue {
    /// Value for the people whom the factor is about.
    pub value: Decimal,
    /// Share of the people whom the factor is about: the factor is `1 + share × (value − 1)`. `None`: all of them.
    pub share: Option<Decimal>,
}

/// Compositions that the agreement prints, by clinic and group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenCompositions {
    /// Compositions of clinics.
    pub of_clinics: BTreeMap<ClinicId, Decimal>,
    /// Compositions of groups.
    pub of_groups: BTreeMap<GroupId, Decimal>,
}

/// A group of clinics with one norm, as an index of [`Groups::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(u16);

impl GroupId {
    /// The group with a number.
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// The index of the group's name.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Groups of clinics with one norm each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Names, in the order of the table.
    pub names: Vec<String>,
    /// Group of each clinic that is in one.
    pub of_clinics: BTreeMap<ClinicId, GroupId>,
}

/// Rates in roubles for a head and month, by clinic or group and band.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Rates of clinics by band.
    pub of_clinics: BTreeMap<ClinicId, Vec<Decimal>>,
    /// Rates of groups by band.
    pub of_groups: BTreeMap<GroupId, Vec<Decimal>>,
}

/// The correction coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Coefficient printed in the agreement.
    Given(Decimal),
    /// Coefficient computed so that the norms before rounding add up to the base norm for each person.
    Computed,
}

/// Month's base of a norm that the agreement gives for a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthBase {
    /// A twelfth, rounded to kopecks half up.
    Rounded,
    /// The exact twelfth.
    Exact,
}

/// Period whose norm is rounded first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormPeriod {
    /// The month's norm is computed from the month's base.
    Month,
    /// The year's norm is computed and rounded; the month's norm is its twelfth.
    YearThenMonth,
}

/// Parts of a clinic's people whose amounts are rounded one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountBy {
    /// All people of an insurer at the clinic.
    Clinic,
    /// Each band of them, at its own norm.
    Band,
    /// Children, to the 17th full year, and adults, at norms of their own.
    AdultsChildren,
}

/// Roundings of a care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CareRounding {
    /// Month's base of a year's norm.
    pub month_base: MonthBase,
    /// Period whose norm is rounded first.
    pub norm_period: NormPeriod,
    /// Composition of a clinic or group.
    pub k: Rounding,
    /// Each factor.
    pub factor: Rounding,
    /// Correction.
    pub correction: Rounding,
    /// Norm of a year, for [`NormPeriod::YearThenMonth`].
    pub year_norm: Rounding,
    /// Norm of a month.
    pub month_norm: Rounding,
    /// Amount.
    pub amount: Rounding,
    /// Parts that are rounded one by one.
    pub amount_by: AmountBy,
}

impl Default for CareRounding {
    /// Norms and amounts in kopecks, half up; everything before them exact but the month's base.
    fn default() -> Self {
        Self {
            month_base: MonthBase::Rounded,
            norm_period: NormPeriod::Month,
            k: Rounding::Exact,
            factor: Rounding::Exact,
            correction: Rounding::Exact,
            year_norm: Rounding::KOPECKS,
            month_norm: Rounding::KOPECKS,
            amount: Rounding::To { decimals: 2, mode: RoundingMode::HalfUp },
            amount_by: AmountBy::Clinic,
        }
    }
}

/// Lower limit of a coefficient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    /// The coefficient.
    pub of: FloorOf,
    /// Least value that the agreement may print.
    pub least: Decimal,
}

/// Coefficient that has a lower limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloorOf {
    /// Coefficients of bands from this full year on.
    BandsFrom(u16),
    /// A factor, as an index of the factors of the care.
    Factor(usize),
}
