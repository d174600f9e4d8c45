//! Figures that are possible and unlikely: told in `money_checks`, never changed (SEM-372, SEM-373).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::MoneyCheck;
use super::exact::Fraction;
use super::heads::{CountedProfiles, PeopleCounts};
use sverka_model::{ClinicId, Profile};
use sverka_reference::{AgeSexBand, AgesServed, Care, Clinics, DayId, Tariff};

/// The least or largest coefficient of bands, if a composition passes it. A mean of coefficients cannot.
pub(super) fn k_outside_bands(k: &Fraction, bands: &[AgeSexBand]) -> Option<Decimal> {
    let least = bands.iter().map(|band| band.coefficient).min()?;
    let largest = bands.iter().map(|band| band.coefficient).max()?;
    if *k < Fraction::from_decimal(least) {
        Some(least)
    } else if *k > Fraction::from_decimal(largest) {
        Some(largest)
    } else {
        None
    }
}

/// Adults at clinics for children, and infants at clinics for adults: people counted for money on the as-of date, by profile of the cares and by clinic.
pub(super) fn ages_not_served(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff) -> Vec<MoneyCheck> {
    let mut profiles: Vec<Profile> = tariff.cares.iter().map(Care::profile).collect();
    profiles.sort_unstable();
    profiles.dedup();
    let (mut adults, mut infants) = (BTreeMap::new(), BTreeMap::new());
    for profile in profiles {
        let index = CountedProfiles::new(tariff).index(profile).expect("invariant: profiles of cares are counted");
        let Some(heads) = counts.attached(DayId::AS_OF, index) else { continue };
        for row in heads.iter().filter(|row| row.heads.funded > 0) {
            let served = clinics.get(row.clinic).ages;
            let found = match served {
                AgesServed::Children if tariff.cells.is_of_adults(row.cell) => &mut adults,
                AgesServed::Adults if tariff.cells.is_of_infants(row.cell) => &mut infants,
                _ => continue,
            };
            *found.entry(AtClinic { clinic: row.clinic, profile }).or_default() += row.heads.funded;
        }
    }
    let of_adults = adults.into_iter().map(|(at, heads): (AtClinic, u64)| MoneyCheck::AdultsAtChildrensClinic {
        clinic: at.clinic,
        profile: at.profile,
        heads,
    });
    let of_infants = infants.into_iter().map(|(at, heads): (AtClinic, u64)| MoneyCheck::InfantsAtAdultsClinic {
        clinic: at.clinic,
        profile: at.profile,
        heads,
    });
    of_adults.chain(of_infants).collect()
}

/// A clinic with the profile of attachments to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AtClinic {
    clinic: ClinicId,
    profile: Profile,
}
