//! Settlements between clinics, and what is kept back from their money.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;

/// Settlements of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlements {
    /// Order of what is kept back.
    pub order: DeductionOrder,
    /// Treatment of deductions that a clinic's money does not cover.
    pub uncovered: Uncovered,
    /// Sums of clinics.
    pub clinics: BTreeMap<ClinicId, Settlement>,
    /// Deductions of earlier months that a clinic's money did not cover.
    pub carried: BTreeMap<ClinicId, Decimal>,
}

/// Sums of one clinic, roubles with two decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Money for people of other clinics who were treated here.
    pub incoming: Decimal,
    /// Money for own people who were treated elsewhere.
    pub outgoing: Decimal,
    /// Money withheld.
    pub withheld: Decimal,
    /// Advance paid before.
    pub advance: Decimal,
}

/// Order of what is kept back, behind the money for people treated elsewhere and what is carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeductionOrder {
    /// Advance, then what is withheld.
    #[default]
    AdvanceFirst,
    /// Withheld money, then the advance.
    WithheldFirst,
}

/// Treatment of deductions that a clinic's money does not cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uncovered {
    /// Nothing is paid, and the rest is deducted in a later month.
    #[default]
    Carry,
    /// Nothing is paid, and the rest is dropped.
    Zero,
    /// The sum to pay is negative.
    Pay,
}
