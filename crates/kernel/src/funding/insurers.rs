//! Money of the fund for insurers for a month, by all insured people (SEM-316).
//!
//! ```text
//! base    = money of the month / insured people, or as the tariff gives it
//! K       = sum over bands (coefficient × people) / people
//! norm    = base × K × correction, rounded
//! money   = norm × people, rounded          running costs = rate × money, rounded
//! ```

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::InsurerId;
use sverka_reference::{Correction, InsurerBase, InsurerMoney, Tariff};

use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::{for_display, money, norm_for_display};

/// Money of one insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerFunding {
    /// The insurer.
    pub insurer: InsurerId,
    /// Insured people; a mean of days may be a fraction.
    pub people: Fraction,
    /// Base norm, 8 decimals.
    pub base: Decimal,
    /// Age-sex composition, 18 decimals.
    pub k: Decimal,
    /// Correction, 18 decimals.
    pub correction: Decimal,
    /// Norm for a head.
    pub norm: Decimal,
    /// Norm times people.
    pub amount: Decimal,
    /// Running costs of the insurer.
    pub running_costs: Decimal,
}

/// People of one insurer by band, in units of `1 / days`.
struct People {
    insurer: InsurerId,
    all: u64,
    k: Fraction,
}

/// Money of all insurers, by code.
pub(super) fn fund_insurers(counts: &PeopleCounts, tariff: &Tariff, fund: &InsurerMoney) -> Vec<InsurerFunding> {
    let rounding = &fund.rounding;
    let per = if fund.whole_heads { 1 } else { fund.heads.len() as u64 };
    let number =
        |units: u64| Fraction::from_integer(units).divided_by(&Fraction::from_integer(per)).expect("invariant: there is a day");
    let people = people(counts, tariff, fund);
    let all = number(people.iter().map(|insurer| insurer.all).sum());
    let base = match fund.base {
        InsurerBase::Money(sum) => Fraction::from_decimal(sum).divided_by(&all),
        InsurerBase::PerHead(norm) => Some(Fraction::from_decimal(norm)),
    };
    // Nobody is insured, so there are no rows.
    let Some(base) = base.map(|base| base.rounded_by(rounding.base)) else { return Vec::new() };
    let weighted = people.iter().fold(Fraction::from_integer(0), |sum, insurer| sum.plus(&insurer.k.times(&number(insurer.all))));
    let correction = match fund.correction {
        Correction::Given(given) => Fraction::from_decimal(given),
        Correction::Computed => all.divided_by(&weighted).unwrap_or_else(|| Fraction::from_integer(1)),
    };
    let correction = correction.rounded_by(rounding.correction);
    let row = |insurer: &People| {
        let people = number(insurer.all);
        let norm = base.times(&insurer.k).times(&correction).rounded_by(rounding.norm);
        let amount = norm.times(&people).rounded_by(rounding.money);
        let costs = amount.times(&Fraction::from_decimal(fund.running_costs)).rounded_by(rounding.running_costs);
        InsurerFunding {
            insurer: insurer.insurer,
            people,
            base: norm_for_display(&base),
            k: for_display(&insurer.k),
            correction: for_display(&correction),
            norm: norm_for_display(&norm),
            amount: money(&amount),
            running_costs: money(&costs),
        }
    };
    people.iter().map(row).collect()
}

/// Insured people of each insurer, with their composition.
fn people(counts: &PeopleCounts, tariff: &Tariff, fund: &InsurerMoney) -> Vec<People> {
    let bands = &tariff.band_set(fund.band_set).bands;
    let days = fund.heads.len() as u64;
    let mut insurers: BTreeMap<InsurerId, Vec<u64>> = BTreeMap::new();
    let rows = fund.heads.iter().filter_map(|day| counts.days.get(day.index())).flat_map(|day| day.insured.iter());
    for row in rows {
        let band = usize::from(tariff.cells.band(fund.band_set, row.cell).number());
        insurers.entry(row.insurer).or_insert_with(|| vec![0; bands.len()])[band] += row.people;
    }
    let of_insurer = |(insurer, mut units): (InsurerId, Vec<u64>)| {
        if fund.whole_heads {
            units.iter_mut().for_each(|units| *units = (2 * *units + days) / (2 * days));
        }
        let all: u64 = units.iter().sum();
        let weight = |(band, units): (&sverka_reference::AgeSexBand, &u64)| {
            Fraction::from_decimal(band.coefficient).times(&Fraction::from_integer(*units))
        };
        let weighted = bands.iter().zip(&units).map(weight).fold(Fraction::from_integer(0), |sum, weight| sum.plus(&weight));
        let k = weighted.divided_by(&Fraction::from_integer(all)).unwrap_or_else(|| Fraction::from_integer(0));
        People { insurer, all, k: k.rounded_by(fund.rounding.k) }
    };
    insurers.into_iter().map(of_insurer).filter(|insurer| insurer.all > 0).collect()
}
