//! Stays to money: heads, norms and amounts with exact decimals.
//!
//! Knows clinics, bands and the tariff, but no persons: whoever counts says which head is funded.

mod exact;
mod heads;
mod norm;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

pub use heads::{HeadCounts, Heads};
pub use norm::fund;

/// Decimals of coefficients in outputs. They are rounded for display only; norms are made from the exact values.
pub const COEFFICIENT_DECIMALS: u32 = 18;
/// Decimals of norms and amounts: kopecks.
pub const MONEY_DECIMALS: u32 = 2;

/// What the clinics are paid for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// A row for each clinic with funded heads, by clinic.
    pub clinics: Vec<ClinicFunding>,
    /// A row for each insurer and clinic with funded heads, by insurer and clinic.
    pub pairs: Vec<PairFunding>,
    /// The sums.
    pub totals: FundingTotals,
}

/// What one clinic is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicFunding {
    /// Index of the clinic.
    pub clinic: u16,
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

/// What one clinic is paid for the people of one insurer. Composition, factors and norm are those of the whole clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFunding {
    /// Index of the insurer.
    pub insurer: u16,
    /// Index of the clinic.
    pub clinic: u16,
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

/// The sums over all clinics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingTotals {
    /// People with an insurer and a clinic.
    pub heads: u64,
    /// Of these, funded.
    pub funded_heads: u64,
    /// What is paid.
    pub amount: Decimal,
    /// Base norm times funded heads.
    pub base_amount: Decimal,
    /// [`Self::amount`] less [`Self::base_amount`]; reported, never spread.
    pub difference: Decimal,
    /// The correction coefficient, 18 decimals; `None` when it was to be computed and there is nothing to correct.
    pub correction: Option<Decimal>,
}
