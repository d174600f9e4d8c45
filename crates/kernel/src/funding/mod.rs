//! Stays to money: heads, norms and amounts with exact decimals.
//!
//! Knows clinics, bands and the tariff, but no persons: the caller says which head is funded.

mod agreement;
mod appendix;
mod attached;
mod by_part;
mod care;
mod coefficients;
mod counted;
mod exact;
mod heads;
mod insurers;
mod norm;
mod points;
mod results;
mod settlements;
mod shares;
#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

pub use appendix::{AppendixCheck, BaseRange, PrintedNorm, RowCheck, ShownRange, Way, WayFit, check_appendix};
pub use exact::Fraction;
pub use heads::{CountedProfiles, DayCounts, HeadCounts, HeadRow, Heads, InsuredCounts, InsuredRow, PeopleCounts};
pub use insurers::InsurerFunding;
pub use norm::{Base, Norm};
pub use points::{PointFunding, PointShare, PointState};
pub use results::{ResultFunding, ResultGroup, ResultsFunding};
pub use settlements::ToPay;
pub use shares::{Share, largest_remainder, two_decimals};
use sverka_model::{ClinicId, InsurerId};
use sverka_reference::{BandId, Clinics, FactorValue, GroupId, InsurerBase, Tariff};

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
    /// Money of feldsher points, by code.
    pub points: Vec<PointFunding>,
    /// Money for results.
    pub results: ResultsFunding,
    /// Sums to pay, by clinic; none for a tariff of cares alone.
    pub to_pay: Vec<ToPay>,
    /// Money of the fund for insurers, by insurer.
    pub insurers: Vec<InsurerFunding>,
    /// Facts about money beside the cares that an economist looks at.
    pub checks: Vec<MoneyCheck>,
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
    /// Bands with heads, in the order of the care's bands.
    pub bands: Vec<BandFunding>,
}

/// Part of a payment to one clinic for the people of one insurer: an age-sex band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandFunding {
    /// The band, of the care's set.
    pub band: BandId,
    /// Funded heads; a mean of days may be a fraction.
    pub heads: Fraction,
    /// Norm or rate for a head of the band, 8 decimals.
    pub norm: Decimal,
    /// Norm times heads, if the bands of the pair add up to its amount to the kopeck.
    pub amount: Option<Decimal>,
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
    /// Nobody is attached to the clinic of a feldsher point, so no insurer pays it.
    PointWithoutPeople {
        /// The clinic.
        clinic: ClinicId,
        /// Code of the point.
        point: String,
        /// Money of the point.
        amount: Decimal,
    },
    /// Nobody gets a part of the pot for results.
    PotUnspent {
        /// Name of the part.
        part: &'static str,
        /// Money of the part.
        amount: Decimal,
    },
    /// Settlements of all clinics do not cancel out.
    SettlementsDisagree {
        /// Money in, of all clinics.
        incoming: Decimal,
        /// Money out, of all clinics.
        outgoing: Decimal,
    },
    /// Money of all insurers differs from the money of the month, by compositions and roundings.
    InsurerMoneyDiffers {
        /// Money of all insurers.
        amount: Decimal,
        /// Money of the month.
        given: Decimal,
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
/// When an amount does not fit 28 digits, which the limits on base norm, coefficients and factors exclude, and when two sums of the same money
/// differ, which nobody may be paid by.
#[must_use]
pub fn fund(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff) -> Funding {
    let cares: Vec<CareFunding> = tariff.cares.iter().map(|care| care::fund_care(counts, clinics, tariff, care)).collect();
    let points = tariff.points.as_ref().map_or_else(Vec::new, |points| points::fund_points(counts, tariff, points));
    let results = tariff.results.as_ref().map(|results| results::fund_results(counts, tariff, results)).unwrap_or_default();
    let has_more = tariff.points.is_some() || tariff.results.is_some() || tariff.settlements.is_some();
    let settlements = tariff.settlements.clone().unwrap_or_default();
    let to_pay = if has_more { settlements::settle(&cares, &points, &results.clinics, &settlements) } else { Vec::new() };
    let insurers = tariff.insurers.as_ref().map_or_else(Vec::new, |fund| insurers::fund_insurers(counts, tariff, fund));
    let mut funding = Funding { cares, points, results, to_pay, insurers, checks: Vec::new() };
    funding.checks = checks(&funding, tariff);
    agreement::assert_sums_agree(&funding);
    funding
}

/// Facts about points, results, settlements and insurers.
fn checks(funding: &Funding, tariff: &Tariff) -> Vec<MoneyCheck> {
    let mut checks = Vec::new();
    for point in funding.points.iter().filter(|point| !point.amount.is_zero()) {
        if point.shares.iter().any(|share| share.insurer.is_none()) {
            let (clinic, code) = (point.point.clinic, point.point.code.clone());
            checks.push(MoneyCheck::PointWithoutPeople { clinic, point: code, amount: point.amount });
        }
    }
    for (part, amount) in [("part1", funding.results.unspent_1), ("part2", funding.results.unspent_2)] {
        if !amount.is_zero() {
            checks.push(MoneyCheck::PotUnspent { part, amount });
        }
    }
    let sum = |value: fn(&ToPay) -> Decimal| funding.to_pay.iter().map(value).sum::<Decimal>();
    let (incoming, outgoing) = (sum(|row| row.incoming), sum(|row| row.outgoing));
    if incoming != outgoing {
        checks.push(MoneyCheck::SettlementsDisagree { incoming, outgoing });
    }
    if let Some(InsurerBase::Money(given)) = tariff.insurers.as_ref().map(|fund| fund.base) {
        let amount: Decimal = funding.insurers.iter().map(|row| row.amount).sum();
        if amount != given {
            checks.push(MoneyCheck::InsurerMoneyDiffers { amount, given });
        }
    }
    checks
}

/// A coefficient with the decimals of outputs, or with fewer where its digits do not suffice: a correction of tiny coefficients is large.
fn for_display(coefficient: &Fraction) -> Decimal {
    (0..=COEFFICIENT_DECIMALS)
        .rev()
        .find_map(|decimals| coefficient.rounded(decimals))
        .expect("invariant: coefficients are at most 100, and products of factors at most 10,000,000")
}

/// A norm before its rounding with the decimals of outputs.
fn norm_for_display(norm: &Fraction) -> Decimal {
    norm.rounded(NORM_DECIMALS).expect("invariant: norms fit 28 digits")
}

/// An amount in kopecks, half up.
fn money(amount: &Fraction) -> Decimal {
    amount.rounded(MONEY_DECIMALS).expect("invariant: amounts fit 28 digits")
}
