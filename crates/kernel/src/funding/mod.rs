//! Stays to money: heads, norms and amounts with exact decimals.
//!
//! Funding knows clinics, bands and the tariff, but no persons: the caller says which head is funded.

mod exact;
mod heads;
mod norm;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

pub use exact::Fraction;
pub use heads::{HeadCounts, HeadRow, Heads};
pub use norm::fund;
use sverka_model::{ClinicId, InsurerId};

/// Decimals of coefficients in outputs. Coefficients are rounded for display only; norms use the exact values.
pub const COEFFICIENT_DECIMALS: u32 = 18;
/// Decimals of norms and amounts: kopecks.
pub const MONEY_DECIMALS: u32 = 2;

/// Payments to the clinics for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// Clinics with funded heads, by clinic.
    pub clinics: Vec<ClinicFunding>,
    /// Pairs of insurer and clinic with funded heads, by insurer and clinic.
    pub pairs: Vec<PairFunding>,
    /// Sums over all clinics.
    pub totals: FundingTotals,
}

/// Payment to one clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicFunding {
    /// The clinic.
    pub clinic: ClinicId,
    /// Funded heads.
    pub heads: u64,
    /// Age-sex composition, 18 decimals.
    pub k: Decimal,
    /// Product of the clinic's factors, 18 decimals.
    pub factors: Decimal,
    /// Norm for a head, roubles and kopecks.
    pub norm: Decimal,
    /// Norm times heads.
    pub amount: Decimal,
}

/// Payment to one clinic for the people of one insurer. Composition, factors and norm are those of the whole clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFunding {
    /// The insurer.
    pub insurer: InsurerId,
    /// The clinic.
    pub clinic: ClinicId,
    /// Funded heads.
    pub heads: u64,
    /// Age-sex composition of the clinic, 18 decimals.
    pub k: Decimal,
    /// Product of the clinic's factors, 18 decimals.
    pub factors: Decimal,
    /// The clinic's norm for a head, roubles and kopecks.
    pub norm: Decimal,
    /// Norm times heads.
    pub amount: Decimal,
}

/// Sums over all clinics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingTotals {
    /// People with an insurer and a clinic.
    pub heads: u64,
    /// Funded people with an insurer and a clinic.
    pub funded_heads: u64,
    /// Sum of the amounts of all clinics.
    pub amount: Decimal,
    /// Base norm times funded heads.
    pub base_amount: Decimal,
    /// [`Self::amount`] less [`Self::base_amount`]. It is reported and never spread over clinics.
    pub difference: Decimal,
    /// Correction coefficient, 18 decimals. `None` when it is computed and no head has a weight.
    pub correction: Option<Decimal>,
}
