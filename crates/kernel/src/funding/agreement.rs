//! Agreement of all sums of money to the kopeck, asserted in each run.
//!
//! The sums are made once and added up in different ways: by clinic, by pair of insurer and clinic, by care, by cause. A run whose sums disagree
//! must publish nothing, so a difference ends it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;

use super::{CareFunding, Funding};

/// Ends the run if two sums of the same money differ.
///
/// # Panics
/// For the first difference.
pub(super) fn assert_sums_agree(funding: &Funding) {
    let mut of_clinics: BTreeMap<ClinicId, Decimal> = BTreeMap::new();
    for care in &funding.cares {
        assert_care_agrees(care);
        for row in &care.clinics {
            *of_clinics.entry(row.clinic).or_default() += row.amount;
        }
    }
    for point in &funding.points {
        let shares: Decimal = point.shares.iter().map(|share| share.amount).sum();
        assert_eq!(shares, point.amount, "invariant: insurers pay what point {} gets", point.point.code);
    }
    let results = &funding.results;
    let paid: Decimal = results.clinics.iter().map(|row| row.part_1 + row.part_2).sum();
    assert_eq!(paid + results.unspent_1 + results.unspent_2, results.pot, "invariant: the pot of results is paid or unspent");
    if !funding.to_pay.is_empty() {
        let of_cares: Decimal = of_clinics.values().sum();
        let to_pay: Decimal = funding.to_pay.iter().map(|row| row.amount).sum();
        assert_eq!(to_pay, of_cares, "invariant: clinics are paid the amounts of all cares");
    }
}

fn assert_care_agrees(care: &CareFunding) {
    let name = &care.care;
    let mut of_pairs: BTreeMap<ClinicId, Decimal> = BTreeMap::new();
    for pair in &care.pairs {
        *of_pairs.entry(pair.clinic).or_default() += pair.amount;
    }
    let of_clinics: BTreeMap<ClinicId, Decimal> = care.clinics.iter().map(|row| (row.clinic, row.amount)).collect();
    assert_eq!(of_pairs, of_clinics, "invariant: pairs of care {name} add up to its clinics");
    let totals = &care.totals;
    assert_eq!(of_clinics.values().sum::<Decimal>(), totals.amount, "invariant: clinics of care {name} add up to it");
    let causes = totals.by_coefficients + totals.by_correction + totals.by_rounding;
    assert_eq!(causes, totals.difference, "invariant: causes of care {name} add up to its difference");
    assert_eq!(totals.base_amount + causes, totals.amount, "invariant: base and causes of care {name} are its amount");
}
