//! Money of one care: heads and tariff to norms and amounts (SEM-286, SRC-32, SRC-33).
//!
//! ```text
//! K of a clinic     = sum over bands (coefficient × heads) / heads, or as the agreement prints it
//! coefficient       = K × product of the factors; of a group: the mean of its clinics by heads, or as printed
//! correction        = heads of all clinics / sum over clinics (coefficient × heads), or as the tariff gives it
//! norm              = base norm × coefficient × correction, rounded
//! amount            = norm × heads, rounded for each insurer and clinic
//! ```
//!
//! Amounts are rounded for each pair of insurer and clinic and nothing is rounded after it, so the sums by clinic, by insurer and by pair agree.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;
use sverka_reference::{AmountBy, BandId, BaseNorm, Care, Clinics, Correction, MoneyBase, MonthBase, Tariff};

use super::by_part::{ByPart, mean, sum};
use super::coefficients::{ClinicCoefficients, Coefficients};
use super::counted::{CareHeads, ClinicHeads, Pair, PairHeads};
use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::norm::{Base, Norm};
use super::{
    BandFunding, CareFunding, ClinicFunding, FactorRow, FundingTotals, MoneyCheck, NormRow, PairFunding, for_display, money,
    norm_for_display,
};

/// Funding of one care in the making.
pub(super) struct CareMoney<'t> {
    /// The tariff.
    pub tariff: &'t Tariff,
    /// The care.
    pub care: &'t Care,
    /// Paid heads by clinic.
    pub clinics: BTreeMap<ClinicId, ClinicHeads>,
    /// Heads by band whose composition counts.
    pub composition: BTreeMap<ClinicId, ClinicHeads>,
    /// Factors that were met.
    pub factor_rows: Vec<FactorRow>,
    /// Facts that an economist looks at.
    pub checks: Vec<MoneyCheck>,
    heads: CareHeads,
}

/// Norms and amounts of all clinics with funded heads for one care.
pub(super) fn fund_care(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff, care: &Care) -> CareFunding {
    let heads = CareHeads::paid(counts, tariff, care);
    let composition = CareHeads::of_composition(counts, tariff, care).clinics();
    let of_clinics = heads.clinics();
    let mut money =
        CareMoney { tariff, care, clinics: of_clinics, composition, heads, factor_rows: Vec::new(), checks: Vec::new() };
    money.check_stations();
    let coefficients = money.coefficients(clinics);
    let base = money.base(&coefficients);
    let correction = money.correction(&coefficients);
    money.check_floors();
    money.finish(&base, &coefficients, correction.as_ref())
}

impl CareMoney<'_> {
    /// Heads of the care.
    fn all_heads(&self) -> Fraction {
        self.heads.number(self.clinics.values().map(|heads| heads.all).sum())
    }

    /// Base norm, given or from the money of the programme.
    fn base(&mut self, coefficients: &ClinicCoefficients) -> Base {
        match &self.care.base {
            BaseNorm::Month(norm) => Base::Month(Fraction::from_decimal(*norm)),
            BaseNorm::Year(norm) => Base::Year(Fraction::from_decimal(*norm)),
            BaseNorm::Money(money) => self.base_from_money(money, coefficients),
        }
    }

    /// Money of a year over heads and means of factors. Without heads there is no norm, and the base is zero.
    fn base_from_money(&self, money: &MoneyBase, coefficients: &ClinicCoefficients) -> Base {
        let year = Fraction::from_decimal(money.sum).times(&Fraction::from_integer(12));
        let year = year.divided_by(&Fraction::from_integer(u64::from(money.months))).expect("invariant: 1 to 12 months");
        let heads = self.all_heads();
        let divisor =
            money.divide_by.iter().fold(heads.clone(), |divisor, &factor| divisor.times(&self.mean_of(factor, coefficients)));
        Base::Year(year.divided_by(&divisor).unwrap_or_else(|| Fraction::from_integer(0)))
    }

    /// Mean of a factor over the heads of all clinics; 1 where a clinic has none. A clinic's own value and that of its group multiply.
    fn mean_of(&self, factor: usize, coefficients: &ClinicCoefficients) -> Fraction {
        let name = self.factor_name(factor);
        let value = |clinic: &ClinicId| {
            let group = coefficients[clinic].group;
            let is_of = |row: &&FactorRow| row.clinic == Some(*clinic) || (row.group.is_some() && row.group == group);
            let rows = self.factor_rows.iter().filter(|row| row.factor == name).filter(is_of);
            rows.fold(Fraction::from_integer(1), |product, row| product.times(&row.counted))
        };
        mean(self.clinics.iter().map(|(clinic, heads)| (value(clinic), heads.all)))
    }

    fn factor_name(&self, factor: usize) -> &str {
        let columns = self.care.factor_columns.len();
        match self.care.factor_columns.get(factor) {
            Some(&column) => &self.tariff.factor_columns[column],
            None => &self.care.factor_tables[factor - columns].name,
        }
    }

    /// Correction coefficient: given, or the heads over the weighted heads of all clinics (the base norm cancels out). `None` when the weighted heads
    /// are zero: there are no heads, or all coefficients are zero.
    fn correction(&self, coefficients: &ClinicCoefficients) -> Option<Fraction> {
        let exact = match self.care.correction {
            Correction::Given(given) => Fraction::from_decimal(given),
            Correction::Computed => self.all_heads().divided_by(&self.weighted_heads(coefficients))?,
        };
        Some(exact.rounded_by(self.care.rounding.correction))
    }

    /// Heads times coefficients of all clinics.
    fn weighted_heads(&self, coefficients: &ClinicCoefficients) -> Fraction {
        sum(coefficients.iter().map(|(clinic, of_clinic)| of_clinic.product.times(&self.heads.number(self.clinics[clinic].all))))
    }

    /// Reports the heads that no station serves.
    fn check_stations(&mut self) {
        let per = Fraction::from_integer(self.care.heads.len() as u64);
        for (&clinic, &units) in &self.heads.unserved {
            let heads = Fraction::from_integer(units).divided_by(&per).expect("invariant: a care has a day");
            let heads = norm_for_display(&heads).normalize();
            self.checks.push(MoneyCheck::WithoutStation { care: self.care.name.clone(), clinic, heads });
        }
    }

    /// Reports coefficients below their limits.
    fn check_floors(&mut self) {
        use sverka_reference::FloorOf;
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

    fn finish(self, base: &Base, coefficients: &ClinicCoefficients, correction: Option<&Fraction>) -> CareFunding {
        // Without a correction every coefficient is zero, and so are the norms.
        let applied = correction.cloned().unwrap_or_else(|| Fraction::from_integer(1));
        let norms: BTreeMap<ClinicId, ClinicNorms> =
            coefficients.keys().map(|clinic| (*clinic, self.clinic_norms(*clinic, coefficients, base, &applied))).collect();
        let pairs: Vec<PairFunding> = (self.heads.pairs.iter())
            .map(|(pair, heads)| self.pair_funding(*pair, heads, &coefficients[&pair.clinic], &norms[&pair.clinic]))
            .collect();
        let clinics = self.clinic_fundings(&pairs, coefficients, &norms);
        let rows = coefficients.iter();
        let norm_rows = rows.map(|(clinic, of_clinic)| self.norm_row(*clinic, of_clinic, base, &applied, &norms[clinic]));
        let norm_rows = norm_rows.collect();
        let totals = self.totals(&clinics, base, correction, &norms);
        let Self { care, factor_rows, checks, .. } = self;
        CareFunding { care: care.name.clone(), clinics, pairs, norms: norm_rows, factor_rows, checks, totals }
    }

    /// Norms of a clinic for the parts of its people, or their rates.
    fn clinic_norms(
        &self,
        clinic: ClinicId,
        coefficients: &ClinicCoefficients,
        base: &Base,
        correction: &Fraction,
    ) -> ClinicNorms {
        let rounding = &self.care.rounding;
        if let Some(rates) = self.printed_rates(clinic, &coefficients[&clinic]) {
            let rates = ByPart::Bands(rates.iter().map(|rate| Fraction::from_decimal(*rate)).collect());
            return ClinicNorms { before_correction: rates.clone(), paid: rates };
        }
        let of_parts = self.part_coefficients(clinic, coefficients);
        let month = base.month(rounding.month_base);
        ClinicNorms {
            before_correction: of_parts.map(|coefficient| month.times(coefficient)),
            paid: of_parts.map(|coefficient| Norm::new(base, &coefficient.times(correction), rounding).month),
        }
    }

    fn printed_rates(&self, clinic: ClinicId, coefficients: &Coefficients) -> Option<&Vec<Decimal>> {
        let rates = self.care.rates.as_ref()?;
        rates.of_clinics.get(&clinic).or_else(|| rates.of_groups.get(&coefficients.group?))
    }

    fn pair_funding(&self, pair: Pair, heads: &PairHeads, coefficients: &Coefficients, norms: &ClinicNorms) -> PairFunding {
        let amount = self.amount(heads, norms);
        let Pair { insurer, clinic } = pair;
        PairFunding {
            insurer,
            clinic,
            heads: self.heads.number(heads.all),
            k: for_display(&coefficients.k),
            factors: for_display(&coefficients.factors),
            norm: money(&self.mean_norm(clinic, norms)),
            bands: self.band_fundings(heads, norms, money(&amount)),
            amount: money(&amount),
        }
    }

    /// Bands of a pair. They have amounts if these, in kopecks, add up to the amount of the pair.
    fn band_fundings(&self, heads: &PairHeads, norms: &ClinicNorms, amount: Decimal) -> Vec<BandFunding> {
        let band = |(index, &units): (usize, &u64)| {
            let (norm, heads) = (norms.paid.of_band(index), self.heads.number(units));
            let amount = norm.times(&heads).rounded_by(self.care.rounding.amount);
            BandFunding { band: BandId::new(index as u16), norm: norm_for_display(norm), amount: Some(money(&amount)), heads }
        };
        let mut bands: Vec<BandFunding> = heads.bands.iter().enumerate().filter(|(_, units)| **units > 0).map(band).collect();
        if bands.iter().filter_map(|band| band.amount).sum::<Decimal>() != amount {
            bands.iter_mut().for_each(|band| band.amount = None);
        }
        bands
    }

    /// Amount of a pair: each part rounded, then added up. Rates of bands may be paid as one amount.
    fn amount(&self, heads: &PairHeads, norms: &ClinicNorms) -> Fraction {
        let rounding = self.care.rounding.amount;
        let exact = |norm: &Fraction, units: u64| norm.times(&self.heads.number(units));
        match self.care.rounding.amount_by {
            AmountBy::Clinic => norms.paid.sum(&heads.bands, heads.all, exact).rounded_by(rounding),
            AmountBy::Band | AmountBy::AdultsChildren => {
                norms.paid.sum(&heads.bands, heads.all, |norm, units| exact(norm, units).rounded_by(rounding))
            }
        }
    }

    /// Norm of a clinic as tables show it; of several norms or rates, their mean over the paid heads.
    fn mean_norm(&self, clinic: ClinicId, norms: &ClinicNorms) -> Fraction {
        let heads = &self.clinics[&clinic];
        match &norms.paid {
            ByPart::All(norm) => norm.clone(),
            several => {
                let sum = several.sum(&heads.bands, heads.all, |norm, units| norm.times(&Fraction::from_integer(units)));
                sum.divided_by(&Fraction::from_integer(heads.all)).expect("invariant: clinics in funding have heads")
            }
        }
    }

    fn clinic_fundings(
        &self,
        pairs: &[PairFunding],
        coefficients: &ClinicCoefficients,
        norms: &BTreeMap<ClinicId, ClinicNorms>,
    ) -> Vec<ClinicFunding> {
        let mut amounts: BTreeMap<ClinicId, Decimal> = BTreeMap::new();
        for pair in pairs {
            *amounts.entry(pair.clinic).or_default() += pair.amount;
        }
        let row = |(clinic, heads): (&ClinicId, &ClinicHeads)| ClinicFunding {
            clinic: *clinic,
            heads: self.heads.number(heads.all),
            k: for_display(&coefficients[clinic].k),
            factors: for_display(&coefficients[clinic].factors),
            norm: money(&self.mean_norm(*clinic, &norms[clinic])),
            amount: amounts[clinic],
        };
        self.clinics.iter().map(row).collect()
    }

    fn norm_row(
        &self,
        clinic: ClinicId,
        coefficients: &Coefficients,
        base: &Base,
        correction: &Fraction,
        norms: &ClinicNorms,
    ) -> NormRow {
        let month = base.month(self.care.rounding.month_base);
        let differentiated = month.times(&coefficients.product);
        let corrected = coefficients.product.times(correction);
        let has_rates = self.printed_rates(clinic, coefficients).is_some();
        let norm_year = if has_rates { None } else { Norm::new(base, &corrected, &self.care.rounding).year };
        NormRow {
            clinic,
            group: coefficients.group,
            heads: self.heads.number(self.clinics[&clinic].all),
            base: norm_for_display(&month),
            base_year: norm_for_display(&base.year()),
            k: for_display(&coefficients.k),
            factors: for_display(&coefficients.factors),
            differentiated: norm_for_display(&differentiated),
            correction: for_display(correction),
            corrected: norm_for_display(&month.times(&corrected)),
            norm_year: norm_year.map(|year| money(&year)),
            norm: money(&self.mean_norm(clinic, norms)),
        }
    }

    /// Base norm of a month as summaries show it: as the agreement prints it, or in kopecks when it is rounded to them.
    fn shown_base(&self, month: &Fraction) -> Decimal {
        match (&self.care.base, self.care.rounding.month_base) {
            (BaseNorm::Month(norm), _) => *norm,
            (_, MonthBase::Rounded) => money(month),
            (_, MonthBase::Exact) => norm_for_display(month).normalize(),
        }
    }

    /// Money of all clinics before correction and rounding.
    fn exact_money(&self, norms: &BTreeMap<ClinicId, ClinicNorms>) -> Fraction {
        sum(norms.iter().map(|(clinic, norms)| {
            let heads = &self.clinics[clinic];
            norms.before_correction.sum(&heads.bands, heads.all, |norm, units| norm.times(&self.heads.number(units)))
        }))
    }

    fn totals(
        &self,
        clinics: &[ClinicFunding],
        base: &Base,
        correction: Option<&Fraction>,
        norms: &BTreeMap<ClinicId, ClinicNorms>,
    ) -> FundingTotals {
        let amount = clinics.iter().fold(Decimal::new(0, 2), |sum, row| sum + row.amount);
        let heads = self.all_heads();
        let month = base.month(self.care.rounding.month_base);
        let target = month.times(&heads);
        let with_coefficients = self.exact_money(norms);
        let with_correction = correction.map_or_else(|| with_coefficients.clone(), |pk| with_coefficients.times(pk));
        let base_amount = money(&target);
        let difference = amount - base_amount;
        let by_coefficients = signed_money(&with_coefficients, &target);
        let by_correction = signed_money(&with_correction, &with_coefficients);
        FundingTotals {
            funded_heads: heads,
            base: self.shown_base(&month),
            amount,
            base_amount,
            difference,
            by_coefficients,
            by_correction,
            by_rounding: difference - by_coefficients - by_correction,
            correction: correction.map(for_display),
        }
    }
}

/// Norms of a clinic for the parts of its people.
#[derive(Clone, Debug)]
struct ClinicNorms {
    /// Base norm times coefficients, neither corrected nor rounded; or rates.
    before_correction: ByPart,
    /// Norms or rates that amounts are made of.
    paid: ByPart,
}

/// The first number less the second, in kopecks, half away from zero.
fn signed_money(number: &Fraction, less: &Fraction) -> Decimal {
    match number.minus(less) {
        Some(difference) => money(&difference),
        None => -money(&less.minus(number).expect("invariant: one of two differences is not negative")),
    }
}
