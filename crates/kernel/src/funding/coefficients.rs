//! Coefficients of the clinics of a care: composition and factors, those of groups, and those of parts of a clinic's people (SEM-334, SEM-335).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;
use sverka_reference::{AgeSexBand, AmountBy, Clinics, FactorValue, GroupId, Rounding};

use super::by_part::{ByPart, mean};
use super::care::CareMoney;
use super::exact::Fraction;
use super::{FactorRow, MoneyCheck};

/// Last full year of children, for amounts by children and adults.
const LAST_CHILD_YEAR: u16 = 17;

/// Coefficients of one clinic, before the correction.
#[derive(Clone, Debug)]
pub(super) struct Coefficients {
    /// Group whose norm the clinic has.
    pub group: Option<GroupId>,
    /// Age-sex composition of the clinic, or of its group.
    pub k: Fraction,
    /// Product of the factors of the clinic, or of its group.
    pub factors: Fraction,
    /// Composition times factors, of the clinic or of its group.
    pub product: Fraction,
    /// Product of the clinic's own factors.
    own_factors: Fraction,
}

/// Coefficients of the clinics of a care.
pub(super) type ClinicCoefficients = BTreeMap<ClinicId, Coefficients>;

/// Part of a clinic's people that has a norm of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Band(usize),
    Children,
    Adults,
}

impl Part {
    fn has(self, index: usize, band: &AgeSexBand) -> bool {
        match self {
            Self::Band(only) => only == index,
            Self::Children => is_of_children(band),
            Self::Adults => !is_of_children(band),
        }
    }
}

impl CareMoney<'_> {
    /// Coefficients of each clinic with heads.
    pub(super) fn coefficients(&mut self, clinics: &Clinics) -> ClinicCoefficients {
        let ids: Vec<ClinicId> = self.clinics.keys().copied().collect();
        let mut found = ClinicCoefficients::new();
        for clinic in ids {
            let group = self.care.groups.of_clinics.get(&clinic).copied();
            let k = self.k_of(clinic, group.is_some());
            let factors = self.factors_of(clinic, &clinics.get(clinic).factors);
            let product = k.times(&factors);
            found.insert(clinic, Coefficients { group, k, own_factors: factors.clone(), factors, product });
        }
        for group in (0..self.care.groups.names.len()).map(|index| GroupId::new(index as u16)) {
            self.take_group(group, &mut found);
        }
        found
    }

    /// Composition of a clinic: as printed, or by the heads of the days that count for it.
    fn k_of(&mut self, clinic: ClinicId, is_in_group: bool) -> Fraction {
        // The composition of a group is rounded, not those of its clinics.
        let rounding = if is_in_group { Rounding::Exact } else { self.care.rounding.k };
        if let Some(&given) = self.care.given_k.of_clinics.get(&clinic) {
            return Fraction::from_decimal(given).rounded_by(rounding);
        }
        let heads = match self.composition.get(&clinic) {
            Some(heads) => heads,
            None => {
                self.checks.push(MoneyCheck::NoComposition { care: self.care.name.clone(), clinic });
                &self.clinics[&clinic]
            }
        };
        let bands = self.tariff.bands_of(self.care).bands.iter();
        let coefficients = bands.map(|band| Fraction::from_decimal(band.coefficient));
        mean(coefficients.zip(heads.bands.iter().copied())).rounded_by(rounding)
    }

    /// Product of a clinic's factors, of the columns of clinics and of the care's own table.
    fn factors_of(&mut self, clinic: ClinicId, columns: &[Decimal]) -> Fraction {
        let care = self.care;
        let of_columns = care.factor_columns.iter().map(|&column| {
            let value = FactorValue { value: columns[column], share: None };
            (self.tariff.factor_columns[column].as_str(), value)
        });
        let of_tables =
            care.factor_tables.iter().filter_map(|table| Some((table.name.as_str(), *table.of_clinics.get(&clinic)?)));
        let mut product = Fraction::from_integer(1);
        for (name, value) in of_columns.chain(of_tables) {
            let factor = factor(value).rounded_by(care.rounding.factor);
            self.factor_rows.push(FactorRow::new(Some(clinic), None, name, value, &factor));
            product = product.times(&factor);
        }
        product
    }

    /// Gives the clinics of a group its coefficients.
    fn take_group(&mut self, group: GroupId, found: &mut ClinicCoefficients) {
        let care = self.care;
        let members = members(group, found);
        if members.is_empty() {
            return;
        }
        let mut factors = Fraction::from_integer(1);
        for table in &care.factor_tables {
            let Some(&value) = table.of_groups.get(&group) else { continue };
            let factor = factor(value).rounded_by(care.rounding.factor);
            self.factor_rows.push(FactorRow::new(None, Some(group), &table.name, value, &factor));
            factors = factors.times(&factor);
        }
        let k = match care.given_k.of_groups.get(&group) {
            Some(&given) => Fraction::from_decimal(given),
            None => mean(members.iter().map(|clinic| (found[clinic].product.clone(), self.clinics[clinic].all))),
        };
        let k = k.rounded_by(care.rounding.k);
        let product = k.times(&factors);
        for clinic in members {
            let own_factors = found[&clinic].own_factors.clone();
            let (k, factors, product) = (k.clone(), factors.clone(), product.clone());
            found.insert(clinic, Coefficients { group: Some(group), k, factors, product, own_factors });
        }
    }

    /// Coefficients of a clinic for the parts of its people whose amounts are rounded one by one.
    pub(super) fn part_coefficients(&self, clinic: ClinicId, found: &ClinicCoefficients) -> ByPart {
        let bands = &self.tariff.bands_of(self.care).bands;
        let of_part = |part| self.coefficient_of_part(clinic, part, found);
        match self.care.rounding.amount_by {
            AmountBy::Clinic => ByPart::All(found[&clinic].product.clone()),
            AmountBy::Band => ByPart::Bands((0..bands.len()).map(|band| of_part(Part::Band(band))).collect()),
            AmountBy::AdultsChildren => ByPart::Ages {
                children: of_part(Part::Children),
                adults: of_part(Part::Adults),
                is_child: bands.iter().map(is_of_children).collect(),
            },
        }
    }

    /// Coefficient of a part: that of the clinic or group with the composition of the part, never a printed one, in place of K.
    fn coefficient_of_part(&self, clinic: ClinicId, part: Part, found: &ClinicCoefficients) -> Fraction {
        let of_clinic = &found[&clinic];
        let (members, counts_factors) = match of_clinic.group {
            None => (vec![clinic], false),
            // The factors of its clinics do not count beside a printed K of a group.
            Some(group) => (members(group, found), !self.care.given_k.of_groups.contains_key(&group)),
        };
        let k = mean(members.into_iter().map(|member| {
            let k = self.k_of_part(member, part);
            let k = if counts_factors { k.times(&found[&member].own_factors) } else { k };
            (k, self.heads_of_part(member, part))
        }));
        let k = if let Part::Band(_) = part { k } else { k.rounded_by(self.care.rounding.k) };
        k.times(&of_clinic.factors)
    }

    /// Composition of a part by the heads of the days that count for it, or by the paid heads where these days have none of it.
    fn k_of_part(&self, clinic: ClinicId, part: Part) -> Fraction {
        let bands = &self.tariff.bands_of(self.care).bands;
        if let Part::Band(band) = part {
            return Fraction::from_decimal(bands[band].coefficient);
        }
        let of_part = |heads: &[u64]| -> Vec<(Fraction, u64)> {
            let in_part = bands.iter().zip(heads).enumerate().filter(|(index, (band, _))| part.has(*index, band));
            in_part.map(|(_, (band, heads))| (Fraction::from_decimal(band.coefficient), *heads)).collect()
        };
        let of_days = self.composition.get(&clinic).map(|heads| of_part(&heads.bands));
        let of_days = of_days.filter(|heads| heads.iter().any(|(_, heads)| *heads > 0));
        mean(of_days.unwrap_or_else(|| of_part(&self.clinics[&clinic].bands)))
    }

    /// Paid heads, in units, that weigh a clinic in its group: those of the part; for a band, which has one coefficient everywhere, those of all people.
    fn heads_of_part(&self, clinic: ClinicId, part: Part) -> u64 {
        let heads = &self.clinics[&clinic];
        if let Part::Band(_) = part {
            return heads.all;
        }
        let bands = self.tariff.bands_of(self.care).bands.iter().zip(&heads.bands).enumerate();
        bands.filter(|(index, (band, _))| part.has(*index, band)).map(|(_, (_, heads))| *heads).sum()
    }
}

/// Clinics of a group that have heads.
fn members(group: GroupId, found: &ClinicCoefficients) -> Vec<ClinicId> {
    found.iter().filter(|(_, coefficients)| coefficients.group == Some(group)).map(|(clinic, _)| *clinic).collect()
}

/// A factor, weighted with the share of the people whom it is about.
fn factor(FactorValue { value, share }: FactorValue) -> Fraction {
    let value = Fraction::from_decimal(value);
    let Some(share) = share.map(Fraction::from_decimal) else { return value };
    let others = Fraction::from_integer(1).minus(&share).expect("invariant: a share is at most 1");
    others.plus(&share.times(&value))
}

fn is_of_children(band: &AgeSexBand) -> bool {
    band.to.is_some_and(|to| to <= LAST_CHILD_YEAR)
}
