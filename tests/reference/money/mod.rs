//! Money of a tariff from heads: a separate reading of what norms and amounts are. It knows no persons and no outputs.
//!
//! Statements of the text that leave something open are decided here, each with "Decided:".

mod clinics;
mod days;
mod heads;
mod norms;
mod results;

use std::collections::BTreeMap;

pub use days::{days_of, days_of_tariff};
pub use heads::CountedHeads;
pub use results::{BandMoney, CareMoney, Check, ClinicMoney, PairMoney, TotalMoney};

use super::exact::Exact;
use crate::regions::tariff::{AmountByDef, CareDef, FigureRounding};
use crate::regions::{BandDef, ClinicRow, TariffDef};
use clinics::ClinicFacts;
use heads::{PaidHeads, Pair};
use norms::{Base, Norms, Part};

/// The tariff with everything else that money depends on.
pub struct Subject<'a> {
    pub tariff: &'a TariffDef,
    /// For the factors that are columns of their table.
    pub clinics: &'a [ClinicRow],
    /// `D`, as an ISO date.
    pub as_of: &'a str,
    pub counted: &'a [CountedHeads],
}

/// The money of each kind of care, in the order of the tariff.
pub fn money(subject: &Subject) -> Vec<CareMoney> {
    subject.tariff.kinds_of_care().iter().map(|care| of_care(subject, care)).collect()
}

/// The bands of a care, each of one sex.
pub fn bands_of(tariff: &TariffDef, care: &CareDef) -> Vec<BandDef> {
    let bands = match &care.band_set {
        Some(name) => &tariff.band_sets.iter().find(|set| set.name == *name).expect("a set of the tariff").bands,
        None => &care.bands,
    };
    of_one_sex(bands)
}

/// The bands with two in place of one for both sexes.
pub fn of_one_sex(bands: &[BandDef]) -> Vec<BandDef> {
    let mut single = Vec::new();
    for sex in ["1", "2"] {
        for band in bands.iter().filter(|band| band.sex == sex || band.sex == "both") {
            single.push(BandDef { sex: sex.to_string(), ..band.clone() });
        }
    }
    single
}

/// The number of the band of a person.
pub fn band_of(bands: &[BandDef], sex: &str, age: i32) -> usize {
    let fits = |band: &BandDef| band.sex == sex && band.from <= age && band.to.is_none_or(|last| age <= last);
    bands.iter().position(fits).expect("a test's bands cover everyone")
}

fn of_care(subject: &Subject, care: &CareDef) -> CareMoney {
    let bands = bands_of(subject.tariff, care);
    let paid = PaidHeads::new(subject, care, &bands, &care.heads).without_empty_pairs();
    let days = if care.composition.is_empty() { &care.heads } else { &care.composition };
    let composition = PaidHeads::new(subject, care, &bands, days);
    let facts: BTreeMap<String, ClinicFacts> =
        paid.clinics().into_iter().map(|code| (code.clone(), ClinicFacts::new(subject, care, &code))).collect();
    let base = Base::new(subject, care, &paid, &facts);
    let norms = Norms::new(care, &bands, &paid, &composition, &facts, base, subject.as_of);
    let pairs: Vec<PairMoney> = paid.pairs().into_iter().map(|pair| pair_money(care, &bands, &paid, &norms, pair)).collect();
    let clinics = paid.clinics().into_iter().map(|code| clinic_money(&pairs, &paid, &norms, code)).collect();
    let total = total(&pairs, &paid, &norms);
    CareMoney {
        care: care.name.clone(),
        clinics,
        norms: norms.rows(),
        factors: norms.factor_rows(),
        checks: norms.checks(),
        pairs,
        total,
    }
}

/// "Amount of a pair (insurer, clinic) is rounded for the pair".
fn pair_money(care: &CareDef, bands: &[BandDef], paid: &PaidHeads, norms: &Norms, pair: Pair) -> PairMoney {
    let heads = paid.of_pair(&pair);
    let of_bands = paid.bands_of_pair(&pair);
    let children = |band: &usize| norms::is_of_children(&bands[*band]);
    let all: Vec<usize> = (0..bands.len()).collect();
    let parts: Vec<(Part, Vec<usize>)> = match care.rounding.amount_by {
        AmountByDef::Clinic => vec![(Part::All, all)],
        AmountByDef::Band => all.into_iter().map(|band| (Part::Band(band), vec![band])).collect(),
        AmountByDef::AdultsChildren => {
            let (young, old) = all.into_iter().partition(children);
            vec![(Part::Children, young), (Part::Adults, old)]
        }
    };
    let mut amount = Exact::zero();
    for (part, of_part) in parts {
        let exact = match norms.rates(&pair.clinic) {
            Some(rates) => Exact::sum(&of_part.iter().map(|band| rates[*band].times(&of_bands[*band])).collect::<Vec<_>>()),
            None if part == Part::All => norms.month(&pair.clinic, part).times(&heads),
            None => {
                let heads = Exact::sum(of_part.iter().map(|band| &of_bands[*band]));
                if heads.is_zero() { Exact::zero() } else { norms.month(&pair.clinic, part).times(&heads) }
            }
        };
        amount = amount.plus(&exact.rounded_by(&care.rounding.amount));
    }
    // Decided: what is paid is whole kopecks, whatever the rounding of amounts keeps.
    let amount = amount.rounded_by(&FigureRounding::KOPECKS);
    let bands = band_money(care, bands, &of_bands, norms, &pair.clinic, &amount);
    PairMoney { insurer: pair.insurer, norm: norms.shown(&pair.clinic), clinic: pair.clinic, heads, amount, bands }
}

/// The bands of a pair with heads; `amount` is that of the pair.
fn band_money(care: &CareDef, bands: &[BandDef], heads: &[Exact], norms: &Norms, clinic: &str, amount: &Exact) -> Vec<BandMoney> {
    let rates = norms.rates(clinic);
    let mut rows = Vec::new();
    for (index, band) in bands.iter().enumerate().filter(|(index, _)| !heads[*index].is_zero()) {
        let part = match care.rounding.amount_by {
            AmountByDef::Clinic => Part::All,
            AmountByDef::Band => Part::Band(index),
            AmountByDef::AdultsChildren if norms::is_of_children(band) => Part::Children,
            AmountByDef::AdultsChildren => Part::Adults,
        };
        let norm = rates.as_ref().map_or_else(|| norms.month(clinic, part), |rates| rates[index].clone());
        let paid = norm.times(&heads[index]).rounded_by(&care.rounding.amount).rounded_by(&FigureRounding::KOPECKS);
        rows.push(BandMoney {
            sex: band.sex.clone(),
            from: band.from,
            to: band.to,
            coefficient: Exact::decimal(&band.coefficient),
            heads: heads[index].clone(),
            norm,
            amount: Some(paid),
        });
    }
    let sum = Exact::sum(rows.iter().filter_map(|row| row.amount.as_ref()));
    if sum != *amount {
        rows.iter_mut().for_each(|row| row.amount = None);
    }
    rows
}

/// "clinic, insurer and care are sums of pairs".
fn clinic_money(pairs: &[PairMoney], paid: &PaidHeads, norms: &Norms, clinic: String) -> ClinicMoney {
    let amounts = pairs.iter().filter(|pair| pair.clinic == clinic).map(|pair| &pair.amount);
    ClinicMoney {
        heads: paid.of_clinic(&clinic),
        amount: Exact::sum(amounts),
        norm: norms.shown(&clinic),
        k: norms.k_of(&clinic),
        factors: norms.factors_of(&clinic),
        clinic,
    }
}

/// The difference from base × heads, and its three causes.
fn total(pairs: &[PairMoney], paid: &PaidHeads, norms: &Norms) -> TotalMoney {
    let heads = paid.total();
    let amount = Exact::sum(pairs.iter().map(|pair| &pair.amount));
    let base = norms.base().month();
    let target = base.times(&heads);
    let (mut differentiated, mut corrected) = (Exact::zero(), Exact::zero());
    for clinic in paid.clinics() {
        let one = norms.money_of_coefficients(&clinic);
        let pk = if norms.rates(&clinic).is_some() { Exact::one() } else { norms.correction().unwrap_or_else(Exact::one) };
        corrected = corrected.plus(&one.times(&pk));
        differentiated = differentiated.plus(&one);
    }
    TotalMoney {
        by_coefficients: differentiated.minus(&target),
        by_correction: corrected.minus(&differentiated),
        by_rounding: amount.minus(&corrected),
        // "amount less target, as they are shown"
        difference: amount.minus(&target.round(2)),
        heads,
        amount,
        base,
        target,
        correction: norms.correction(),
    }
}
