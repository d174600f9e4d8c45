//! Results of the money of a care.

use super::super::exact::Exact;

/// The money of one care.
#[derive(Clone, Debug, PartialEq)]
pub struct CareMoney {
    pub care: String,
    pub clinics: Vec<ClinicMoney>,
    pub pairs: Vec<PairMoney>,
    pub norms: Vec<NormMoney>,
    pub factors: Vec<Factor>,
    pub checks: Vec<Check>,
    pub total: TotalMoney,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ClinicMoney {
    pub clinic: String,
    pub heads: Exact,
    pub k: Exact,
    pub factors: Exact,
    pub norm: Exact,
    pub amount: Exact,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PairMoney {
    pub insurer: String,
    pub clinic: String,
    pub heads: Exact,
    pub norm: Exact,
    pub amount: Exact,
    /// The bands with heads.
    pub bands: Vec<BandMoney>,
}

/// The heads of a band of a pair, and what they are paid.
#[derive(Clone, Debug, PartialEq)]
pub struct BandMoney {
    pub sex: String,
    pub from: i32,
    pub to: Option<i32>,
    pub coefficient: Exact,
    pub heads: Exact,
    pub norm: Exact,
    /// `None` for all bands of a pair whose amounts in kopecks do not add up to that of the pair.
    pub amount: Option<Exact>,
}

/// Everything that a clinic's norm is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct NormMoney {
    pub clinic: String,
    pub group: Option<String>,
    pub heads: Exact,
    pub base: Exact,
    pub base_year: Exact,
    pub k: Exact,
    pub factors: Exact,
    pub differentiated: Exact,
    pub correction: Exact,
    pub corrected: Exact,
    pub norm_year: Option<Exact>,
    pub norm: Exact,
    /// Rates pay the clinic; base, coefficients and correction do not count.
    pub has_rates: bool,
}

/// A factor of a clinic or a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    pub clinic: Option<String>,
    pub group: Option<String>,
    pub factor: String,
    pub value: Exact,
    pub share: Option<Exact>,
    /// "value with a share s counts as 1 + s × (value - 1)", rounded.
    pub counted: Exact,
}

/// A fact that is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    NoComposition {
        clinic: String,
    },
    /// Sex and ages of the band.
    BandBelow {
        sex: String,
        from: i32,
        to: Option<i32>,
        value: Exact,
        least: Exact,
    },
    FactorBelow {
        clinic: Option<String>,
        factor: String,
        value: Exact,
        least: Exact,
    },
    /// K of a clinic without a group, or the printed one of a group, and the coefficient of the bands that it passes.
    KOutside {
        clinic: Option<String>,
        group: Option<String>,
        k: Exact,
        limit: Exact,
    },
}

/// People of ages that their clinic does not serve.
#[derive(Clone, Debug, PartialEq)]
pub struct AgesCheck {
    pub name: &'static str,
    pub clinic: String,
    pub profile: u8,
    pub heads: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TotalMoney {
    pub heads: Exact,
    pub amount: Exact,
    pub base: Exact,
    /// Base × heads.
    pub target: Exact,
    pub difference: Exact,
    pub by_coefficients: Exact,
    pub by_correction: Exact,
    pub by_rounding: Exact,
    /// `None` when it is computed and nobody has a weight.
    pub correction: Option<Exact>,
}

impl TotalMoney {
    /// Decided: what the kopecks of the other parts lack to those of the difference is rounding.
    pub fn rounding_in_kopecks(&self) -> Exact {
        let [difference, coefficients, correction] =
            [&self.difference, &self.by_coefficients, &self.by_correction].map(|value| value.round(2));
        difference.minus(&coefficients).minus(&correction)
    }
}
