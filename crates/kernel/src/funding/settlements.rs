//! Sum to pay to each clinic: money of all kinds, settlements between clinics, and what is kept back (SEM-314, SEM-315).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;
use sverka_reference::{DeductionOrder, Settlements, Uncovered};

use super::shares::from_kopecks;
use super::{CareFunding, PointFunding, ResultFunding};

/// Sum to pay to one clinic for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPay {
    /// The clinic.
    pub clinic: ClinicId,
    /// Money by heads, of all cares.
    pub amount: Decimal,
    /// Money of the clinic's feldsher points.
    pub points: Decimal,
    /// Money for results.
    pub results: Decimal,
    /// Money for people of other clinics who were treated here.
    pub incoming: Decimal,
    /// Money for own people who were treated elsewhere.
    pub outgoing: Decimal,
    /// Deductions of earlier months.
    pub carried_in: Decimal,
    /// Advance paid before.
    pub advance: Decimal,
    /// Money withheld.
    pub withheld: Decimal,
    /// Part of [`Self::outgoing`] and [`Self::carried_in`] that the money does not cover.
    pub uncovered_first: Decimal,
    /// Part of the advance that the money does not cover.
    pub uncovered_advance: Decimal,
    /// Part of what is withheld that the money does not cover.
    pub uncovered_withheld: Decimal,
    /// Uncovered deductions that a later month deducts.
    pub carried_out: Decimal,
    /// Sum to pay.
    pub to_pay: Decimal,
}

/// Money of a clinic before settlements.
#[derive(Clone, Copy, Debug, Default)]
struct Earned {
    amount: Decimal,
    points: Decimal,
    results: Decimal,
}

/// Sums to pay of all clinics that have money or settlements, by code.
pub(super) fn settle(
    cares: &[CareFunding],
    points: &[PointFunding],
    results: &[ResultFunding],
    settlements: &Settlements,
) -> Vec<ToPay> {
    let mut clinics: BTreeMap<ClinicId, Earned> = BTreeMap::new();
    for row in cares.iter().flat_map(|care| &care.clinics) {
        clinics.entry(row.clinic).or_default().amount += row.amount;
    }
    for point in points {
        clinics.entry(point.point.clinic).or_default().points += point.amount;
    }
    for row in results {
        clinics.entry(row.clinic).or_default().results += row.amount;
    }
    for clinic in settlements.clinics.keys().chain(settlements.carried.keys()) {
        clinics.entry(*clinic).or_default();
    }
    clinics.into_iter().map(|(clinic, earned)| to_pay(clinic, earned, settlements)).collect()
}

fn to_pay(clinic: ClinicId, earned: Earned, settlements: &Settlements) -> ToPay {
    let settlement = settlements.clinics.get(&clinic).copied().unwrap_or_default();
    let carried_in = settlements.carried.get(&clinic).copied().unwrap_or_default();
    let Earned { amount, points, results } = earned;
    let mut left = amount + points + results + settlement.incoming;
    let uncovered_first = deduct(&mut left, settlement.outgoing + carried_in);
    let (uncovered_advance, uncovered_withheld) = match settlements.order {
        DeductionOrder::AdvanceFirst => {
            let advance = deduct(&mut left, settlement.advance);
            (advance, deduct(&mut left, settlement.withheld))
        }
        DeductionOrder::WithheldFirst => {
            let withheld = deduct(&mut left, settlement.withheld);
            (deduct(&mut left, settlement.advance), withheld)
        }
    };
    let uncovered = uncovered_first + uncovered_advance + uncovered_withheld;
    let (carried_out, to_pay) = match settlements.uncovered {
        Uncovered::Carry => (uncovered, left),
        Uncovered::Zero => (from_kopecks(0), left),
        Uncovered::Pay => (from_kopecks(0), left - uncovered),
    };
    ToPay {
        clinic,
        amount,
        points,
        results,
        incoming: settlement.incoming,
        outgoing: settlement.outgoing,
        carried_in,
        advance: settlement.advance,
        withheld: settlement.withheld,
        uncovered_first,
        uncovered_advance,
        uncovered_withheld,
        carried_out,
        to_pay,
    }
}

/// Takes a deduction from what is left, and returns the part that is not covered.
fn deduct(left: &mut Decimal, deduction: Decimal) -> Decimal {
    let covered = deduction.min(*left);
    *left -= covered;
    deduction - covered
}
