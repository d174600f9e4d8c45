//! Facts about one care that an economist looks at.

use std::collections::BTreeMap;

use super::CareMoney;
use crate::funding::coefficients::{ClinicCoefficients, Coefficients};
use crate::funding::exact::Fraction;
use crate::funding::plausibility::k_outside_bands;
use crate::funding::{MoneyCheck, for_display, norm_for_display};
use sverka_reference::{Care, FloorOf, GroupId, Tariff};

impl CareMoney<'_> {
    /// Reports the heads that no station serves.
    pub(super) fn check_stations(&mut self) {
        let per = Fraction::from_integer(self.care.heads.len() as u64);
        for (&clinic, &units) in &self.heads.unserved {
            let heads = Fraction::from_integer(units).divided_by(&per).expect("invariant: a care has a day");
            let heads = norm_for_display(&heads).normalize();
            self.checks.push(MoneyCheck::WithoutStation { care: self.care.name.clone(), clinic, heads });
        }
    }

    /// Reports coefficients below their limits.
    pub(super) fn check_floors(&mut self) {
        for floor in &self.care.floors {
            match floor.of {
                FloorOf::BandsFrom(from) => {
                    let bands = &self.tariff.bands_of(self.care).bands;
                    for band in bands.iter().filter(|band| band.from >= from && band.coefficient < floor.least) {
                        self.checks.push(MoneyCheck::BandBelow {
                            care: self.care.name.clone(),
                            band: format!("{} {}", band.sex, band.label),
                            value: band.coefficient,
                            least: floor.least,
                        });
                    }
                }
                FloorOf::Factor(factor) => {
                    let (name, least) = (self.factor_name(factor).to_owned(), Fraction::from_decimal(floor.least));
                    let below = self.factor_rows.iter().filter(|row| row.factor == name && row.counted < least);
                    let told: Vec<MoneyCheck> = below
                        .map(|row| MoneyCheck::FactorBelow {
                            care: self.care.name.clone(),
                            clinic: row.clinic,
                            factor: name.clone(),
                            value: for_display(&row.counted),
                            least: floor.least,
                        })
                        .collect();
                    self.checks.extend(told);
                }
            }
        }
    }
}

/// Compositions outside the coefficients of the bands: of clinics without a group, and printed ones of groups.
pub(super) fn outside_bands(tariff: &Tariff, care: &Care, coefficients: &ClinicCoefficients) -> Vec<MoneyCheck> {
    if care.rates.is_some() {
        return Vec::new();
    }
    let bands = &tariff.bands_of(care).bands;
    let outside = |k: &Fraction| k_outside_bands(k, bands);
    let alone = coefficients.iter().filter(|(_, of_clinic)| of_clinic.group.is_none());
    let alone = alone.filter_map(|(clinic, of_clinic)| {
        let (k, limit) = (for_display(&of_clinic.k), outside(&of_clinic.k)?);
        Some(MoneyCheck::KOutsideBands { care: care.name.clone(), clinic: Some(*clinic), group: None, k, limit })
    });
    let mut groups: BTreeMap<GroupId, &Coefficients> = BTreeMap::new();
    for of_clinic in coefficients.values() {
        if let Some(group) = of_clinic.group.filter(|group| care.given_k.of_groups.contains_key(group)) {
            groups.insert(group, of_clinic);
        }
    }
    let of_groups = groups.into_iter().filter_map(|(group, of_group)| {
        let (k, limit) = (for_display(&of_group.k), outside(&of_group.k)?);
        Some(MoneyCheck::KOutsideBands { care: care.name.clone(), clinic: None, group: Some(group), k, limit })
    });
    alone.chain(of_groups).collect()
}
