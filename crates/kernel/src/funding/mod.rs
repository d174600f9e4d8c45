//! Stays to money: heads, norms and amounts with exact decimals.
//!
//! Knows clinics, bands and the tariff, but no persons: the caller says which head is funded.

mod care;
mod counted;
mod exact;
mod heads;
mod norm;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

pub use exact::Fraction;
pub use heads::{CountedProfiles, DayCounts, HeadCounts, HeadRow, Heads, InsuredCounts, InsuredRow, PeopleCounts};
pub use norm::{Base, Norm};
use sverka_model::{ClinicId, InsurerId};
use sverka_reference::{Clinics, FactorValue, GroupId, Tariff};

/// Decimals of coefficients in outputs. Coefficients are rounded for display only; norms use the exact values.
pub const COEFFICIENT_DECIMALS: u32 = 18;
/// Decimals of norms before they are rounded, in outputs.
pub const NORM_DECIMALS: u32 = 8;
/// Decimals of norms and amounts: kopecks.
pub const MONEY_DECIMALS: u32 = 2;

/// Payments to the clinics for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// Money of each care, in the order of the tariff.
    pub cares: Vec<CareFunding>,
}

/// Payments for one care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareFunding {
    /// Name of the care.
    pub care: String,
    /// Clinics with funded heads, by clinic.
    pub clinics: Vec<ClinicFunding>,
    /// Pairs of insurer and clinic with funded heads, by insurer and clinic.
    pub pairs: Vec<PairFunding>,
    /// Norms, by clinic.
    pub norms: Vec<NormRow>,
    /// Factors of clinics and groups.
    pub factor_rows: Vec<FactorRow>,
    /// Facts that an economist looks at.
    pub checks: Vec<MoneyCheck>,
    /// Sums over all clinics.
    pub totals: FundingTotals,
}

/// Payment to one clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicFunding {
    /// The clinic.
    pub clinic: ClinicId,
    /// Funded heads; a mean of days may be a fraction.
    pub heads: Fraction,
    /// Age-sex composition, 18 decimals.
    pub k: Decimal,
    /// Product of the clinic's factors, 18 decimals.
    pub factors: Decimal,
    /// Norm for a head, roubles and kopecks.
    pub norm: Decimal,
    /// Sum of the amounts of the clinic's insurers.
    pub amount: Decimal,
}

/// Payment to one clinic for the people of one insurer. Composition, factors and norm are those of the whole clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFunding {
    /// The insurer.
    pub insurer: InsurerId,
    /// The clinic.
    pub clinic: ClinicId,
    /// Funded heads; a mean of days may be a fraction.
    pub heads: Fraction,
    /// Age-sex composition of the clinic, 18 decimals.
    pub k: Decimal,
    /// Product of the clinic's factors, 18 decimals.
    pub factors: Decimal,
    /// The clinic's norm for a head, roubles and kopecks.
    pub norm: Decimal,
    /// Norm times heads.
    pub amount: Decimal,
}

/// Norm of one clinic with everything that it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormRow {
    /// The clinic.
    pub clinic: ClinicId,
    /// Group whose norm the clinic has.
    pub group: Option<GroupId>,
    /// Funded heads.
    pub heads: Fraction,
    /// Base norm of a month, 8 decimals.
    pub base: Decimal,
    /// Base norm of a year, 8 decimals.
    pub base_year: Decimal,
    /// Age-sex composition, 18 decimals.
    pub k: Decimal,
    /// Product of the factors, 18 decimals.
    pub factors: Decimal,
    /// Base norm of a month × composition × factors, 8 decimals.
    pub differentiated: Decimal,
    /// Correction, 18 decimals.
    pub correction: Decimal,
    /// Differentiated norm × correction, 8 decimals.
    pub corrected: Decimal,
    /// Norm of a year, if it is rounded before that of a month.
    pub norm_year: Option<Decimal>,
    /// Norm of a month, as it is paid.
    pub norm: Decimal,
}

/// Factor of one clinic or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorRow {
    /// The clinic, if the factor is one of a clinic.
    pub clinic: Option<ClinicId>,
    /// The group, if the factor is one of a group.
    pub group: Option<GroupId>,
    /// Name of the factor.
    pub factor: String,
    /// Value and share in the tariff.
    pub value: FactorValue,
    /// The factor that counts: with its share, rounded.
    pub counted: Fraction,
}

impl FactorRow {
    fn new(clinic: Option<ClinicId>, group: Option<GroupId>, factor: &str, value: FactorValue, counted: &Fraction) -> Self {
        Self { clinic, group, factor: factor.to_owned(), value, counted: counted.clone() }
    }
}

/// Fact about money that an economist looks at. It is told and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoneyCheck {
    /// A clinic has heads to pay, but none on the days of the composition; the composition is that of the paid heads.
    NoComposition {
        /// Name of the care.
        care: String,
        /// The clinic.
        clinic: ClinicId,
    },
    /// People of a clinic that no station serves; they are paid nowhere.
    WithoutStation {
        /// Name of the care.
        care: String,
        /// The clinic.
        clinic: ClinicId,
        /// Heads; a mean of days may be a fraction.
        heads: Decimal,
    },
    /// A coefficient of a band is below its limit.
    BandBelow {
        /// Name of the care.
        care: String,
        /// Sex and ages of the band.
        band: String,
        /// The coefficient.
        value: Decimal,
        /// The limit.
        least: Decimal,
    },
    /// A factor is below its limit.
    FactorBelow {
        /// Name of the care.
        care: String,
        /// The clinic, if the factor is one of a clinic.
        clinic: Option<ClinicId>,
        /// Name of the factor.
        factor: String,
        /// The factor that counts.
        value: Decimal,
        /// The limit.
        least: Decimal,
    },
}

/// Sums over all clinics for one care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingTotals {
    /// Funded heads; a mean of days may be a fraction.
    pub funded_heads: Fraction,
    /// Base norm of a month.
    pub base: Decimal,
    /// Sum of the amounts of all clinics.
    pub amount: Decimal,
    /// Base norm times funded heads.
    pub base_amount: Decimal,
    /// [`Self::amount`] less [`Self::base_amount`]. It is reported and never spread over clinics. The three parts below add up to it.
    pub difference: Decimal,
    /// Part of the difference made by compositions and factors.
    pub by_coefficients: Decimal,
    /// Part of the difference made by the correction.
    pub by_correction: Decimal,
    /// Part of the difference made by roundings.
    pub by_rounding: Decimal,
    /// Correction coefficient, 18 decimals. `None` when it is computed and no head has a weight.
    pub correction: Option<Decimal>,
}

/// Norms and amounts of all cares.
///
/// # Panics
/// When an amount does not fit 28 digits. The limits on base norm, coefficients and factors exclude that.
#[must_use]
pub fn fund(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff) -> Funding {
    Funding { cares: tariff.cares.iter().map(|care| care::fund_care(counts, clinics, tariff, care)).collect() }
}

/// A coefficient with the decimals of outputs.
fn for_display(coefficient: &Fraction) -> Decimal {
    coefficient
        .rounded(COEFFICIENT_DECIMALS)
        .expect("invariant: coefficients are at most 100, and products of them at most 10,000")
}

/// A norm before its rounding with the decimals of outputs.
fn norm_for_display(norm: &Fraction) -> Decimal {
    norm.rounded(NORM_DECIMALS).expect("invariant: norms fit 28 digits")
}

/// An amount in kopecks, half up.
fn money(amount: &Fraction) -> Decimal {
    amount.rounded(MONEY_DECIMALS).expect("invariant: amounts fit 28 digits")
}
