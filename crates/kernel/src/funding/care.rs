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

mod checks;
mod exact_norms;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;
use sverka_reference::{
    AgeSexBand, AmountBy, BandId, BaseNorm, Care, Clinics, Correction, FactorValue, GroupId, MoneyBase, MonthBase, Rounding,
    Tariff,
};

use super::counted::{CareHeads, ClinicHeads, Pair, PairHeads};
use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::norm::{Base, Norm};
pub(super) use exact_norms::{ExactNorm, exact_norms};

use super::{
    BandFunding, CareFunding, ClinicFunding, FactorRow, FundingTotals, MoneyCheck, NormRow, PairFunding, for_display, money,
    norm_for_display,
};

/// Last full year of children, for amounts by children and adults.
const LAST_CHILD_YEAR: u16 = 17;

/// Coefficients of one clinic, before the correction.
#[derive(Clone, Debug)]
struct Coefficients {
    group: Option<GroupId>,
    /// Age-sex composition.
    k: Fraction,
    /// Product of the factors.
    factors: Fraction,
    /// Composition times factors, of the clinic or of its group.
    product: Fraction,
    /// Multiplier of a band's coefficient: the factors of the clinic, or the group's product over its mean composition.
    of_band: Fraction,
    /// Heads by band whose composition counts for parts of the people: those of the clinic, or of all clinics of its group.
    composition: Vec<u64>,
}

/// Funding of one care in the making.
struct CareMoney<'t> {
    tariff: &'t Tariff,
    care: &'t Care,
    heads: CareHeads,
    clinics: BTreeMap<ClinicId, ClinicHeads>,
    /// Heads by band whose composition counts.
    composition: BTreeMap<ClinicId, ClinicHeads>,
    factor_rows: Vec<FactorRow>,
    checks: Vec<MoneyCheck>,
}

/// Figures of one care that norms are made of.
struct CareFigures<'t> {
    money: CareMoney<'t>,
    coefficients: BTreeMap<ClinicId, Coefficients>,
    base: Base,
    /// Correction; `None` when it is computed and no head has a weight.
    correction: Option<Fraction>,
}

impl<'t> CareFigures<'t> {
    fn new(counts: &PeopleCounts, clinics: &Clinics, tariff: &'t Tariff, care: &'t Care) -> Self {
        let heads = CareHeads::new(counts, tariff, care, &care.heads);
        let composition = CareHeads::new(counts, tariff, care, &care.composition).clinics();
        let of_clinics = heads.clinics();
        let mut money =
            CareMoney { tariff, care, clinics: of_clinics, composition, heads, factor_rows: Vec::new(), checks: Vec::new() };
        money.check_stations();
        let coefficients = money.coefficients(clinics);
        let base = money.base(&coefficients);
        let correction = money.correction(&coefficients);
        Self { money, coefficients, base, correction }
    }

    /// The correction that norms are multiplied by. Without a correction every coefficient is zero, and so are the norms.
    fn applied_correction(&self) -> Fraction {
        self.correction.clone().unwrap_or_else(|| Fraction::from_integer(1))
    }
}

/// Norms and amounts of all clinics with funded heads for one care.
pub(super) fn fund_care(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff, care: &Care) -> CareFunding {
    let mut figures = CareFigures::new(counts, clinics, tariff, care);
    figures.money.check_floors();
    let outside = checks::outside_bands(tariff, care, &figures.coefficients);
    figures.money.checks.extend(outside);
    let applied = figures.applied_correction();
    let CareFigures { money, coefficients, base, correction } = figures;
    money.finish(&base, &coefficients, correction.as_ref(), &applied)
}

impl CareMoney<'_> {
    /// Heads of the care.
    fn all_heads(&self) -> Fraction {
        self.heads.number(self.clinics.values().map(|heads| heads.all).sum())
    }

    /// Coefficients of each clinic with heads.
    fn coefficients(&mut self, clinics: &Clinics) -> BTreeMap<ClinicId, Coefficients> {
        let ids: Vec<ClinicId> = self.clinics.keys().copied().collect();
        let mut found: BTreeMap<ClinicId, Coefficients> = BTreeMap::new();
        for clinic in ids {
            let group = self.care.groups.of_clinics.get(&clinic).copied();
            let k = self.k_of(clinic, group.is_some());
            let factors = self.factors_of(clinic, &clinics.get(clinic).factors);
            let product = k.times(&factors);
            let of_clinic = self.composition.get(&clinic).unwrap_or(&self.clinics[&clinic]);
            let (of_band, composition) = (factors.clone(), of_clinic.bands.clone());
            found.insert(clinic, Coefficients { group, k, factors, product, of_band, composition });
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
        composition(&self.tariff.bands_of(self.care).bands, &heads.bands).rounded_by(rounding)
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
    fn take_group(&mut self, group: GroupId, found: &mut BTreeMap<ClinicId, Coefficients>) {
        let care = self.care;
        let members: Vec<ClinicId> =
            found.iter().filter(|(_, coefficients)| coefficients.group == Some(group)).map(|(clinic, _)| *clinic).collect();
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
        let heads = |clinic: &ClinicId| Fraction::from_integer(self.clinics[clinic].all);
        let mean = |value: &dyn Fn(&Coefficients) -> Fraction| {
            let weighted = sum(members.iter().map(|clinic| value(&found[clinic]).times(&heads(clinic))));
            weighted.divided_by(&sum(members.iter().map(heads))).expect("invariant: clinics in funding have heads")
        };
        let mean_k = mean(&|of_clinic| of_clinic.k.clone());
        let k = match care.given_k.of_groups.get(&group) {
            Some(&given) => Fraction::from_decimal(given),
            None => mean(&|of_clinic| of_clinic.product.clone()),
        };
        let k = k.rounded_by(care.rounding.k);
        let product = k.times(&factors);
        let of_band = product.divided_by(&mean_k).unwrap_or_else(|| Fraction::from_integer(0));
        let bands = self.tariff.bands_of(care).bands.len();
        let composition: Vec<u64> =
            (0..bands).map(|band| members.iter().map(|clinic| found[clinic].composition[band]).sum()).collect();
        for clinic in members {
            let (k, factors, product, of_band) = (k.clone(), factors.clone(), product.clone(), of_band.clone());
            let composition = composition.clone();
            found.insert(clinic, Coefficients { group: Some(group), k, factors, product, of_band, composition });
        }
    }

    /// Base norm, given or from the money of the programme.
    fn base(&mut self, coefficients: &BTreeMap<ClinicId, Coefficients>) -> Base {
        match &self.care.base {
            BaseNorm::Month(norm) => Base::Month(Fraction::from_decimal(*norm)),
            BaseNorm::Year(norm) => Base::Year(Fraction::from_decimal(*norm)),
            BaseNorm::Money(money) => self.base_from_money(money, coefficients),
        }
    }

    /// Money of a year over heads and means of factors. Without heads there is no norm, and the base is zero.
    fn base_from_money(&self, money: &MoneyBase, coefficients: &BTreeMap<ClinicId, Coefficients>) -> Base {
        let year = Fraction::from_decimal(money.sum).times(&Fraction::from_integer(12));
        let year = year.divided_by(&Fraction::from_integer(u64::from(money.months))).expect("invariant: 1 to 12 months");
        let heads = self.all_heads();
        let divisor =
            money.divide_by.iter().fold(heads.clone(), |divisor, &factor| divisor.times(&self.mean_of(factor, coefficients)));
        Base::Year(year.divided_by(&divisor).unwrap_or_else(|| Fraction::from_integer(0)))
    }

    /// Mean of a factor over the heads of all clinics; 1 where a clinic has none.
    fn mean_of(&self, factor: usize, coefficients: &BTreeMap<ClinicId, Coefficients>) -> Fraction {
        let name = self.factor_name(factor);
        let value = |clinic: &ClinicId| {
            let group = coefficients[clinic].group;
            let is_of = |row: &&FactorRow| row.clinic == Some(*clinic) || (row.group.is_some() && row.group == group);
            let row = self.factor_rows.iter().find(|row| row.factor == name && is_of(row));
            row.map_or_else(|| Fraction::from_integer(1), |row| row.counted.clone())
        };
        let heads = |clinic: &ClinicId| Fraction::from_integer(self.clinics[clinic].all);
        let weighted = sum(coefficients.keys().map(|clinic| value(clinic).times(&heads(clinic))));
        weighted.divided_by(&sum(coefficients.keys().map(heads))).unwrap_or_else(|| Fraction::from_integer(1))
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
    fn correction(&self, coefficients: &BTreeMap<ClinicId, Coefficients>) -> Option<Fraction> {
        let exact = match self.care.correction {
            Correction::Given(given) => Fraction::from_decimal(given),
            Correction::Computed => self.all_heads().divided_by(&self.weighted_heads(coefficients))?,
        };
        Some(exact.rounded_by(self.care.rounding.correction))
    }

    /// Heads times coefficients of all clinics.
    fn weighted_heads(&self, coefficients: &BTreeMap<ClinicId, Coefficients>) -> Fraction {
        sum(coefficients.iter().map(|(clinic, of_clinic)| of_clinic.product.times(&self.heads.number(self.clinics[clinic].all))))
    }

    fn finish(
        self,
        base: &Base,
        coefficients: &BTreeMap<ClinicId, Coefficients>,
        correction: Option<&Fraction>,
        applied: &Fraction,
    ) -> CareFunding {
        let rates: BTreeMap<ClinicId, BandRates> =
            coefficients.iter().map(|(clinic, of_clinic)| (*clinic, self.rates(*clinic, of_clinic, base, applied))).collect();
        let pairs: Vec<PairFunding> = (self.heads.pairs.iter())
            .map(|(pair, heads)| self.pair_funding(*pair, heads, &coefficients[&pair.clinic], &rates[&pair.clinic]))
            .collect();
        let clinics = self.clinic_fundings(&pairs, coefficients, &rates);
        let norms =
            coefficients.iter().map(|(clinic, of_clinic)| self.norm_row(*clinic, of_clinic, base, applied, &rates[clinic]));
        let norms = norms.collect();
        let totals = self.totals(&clinics, base, coefficients, correction, &rates);
        let Self { care, factor_rows, checks, .. } = self;
        CareFunding { care: care.name.clone(), clinics, pairs, norms, factor_rows, checks, totals }
    }

    /// Norms of a clinic's bands, or their rates, as its amounts need them.
    fn rates(&self, clinic: ClinicId, coefficients: &Coefficients, base: &Base, correction: &Fraction) -> BandRates {
        if let Some(rates) = self.printed_rates(clinic, coefficients) {
            return BandRates::Each(rates.iter().map(|rate| Fraction::from_decimal(*rate)).collect());
        }
        let rounding = &self.care.rounding;
        let norm = |product: &Fraction| Norm::new(base, &product.times(correction), rounding).month;
        let bands = &self.tariff.bands_of(self.care).bands;
        // The coefficient of a band or part in place of the composition.
        let of_part = |k: &Fraction| norm(&k.times(&coefficients.of_band));
        match rounding.amount_by {
            AmountBy::Clinic => BandRates::One(norm(&coefficients.product)),
            AmountBy::Band => {
                BandRates::Each(bands.iter().map(|band| of_part(&Fraction::from_decimal(band.coefficient))).collect())
            }
            AmountBy::AdultsChildren => {
                let part = |is_child: bool| {
                    let of_part_heads = |heads: &[u64]| -> Vec<u64> {
                        let bands = bands.iter().zip(heads);
                        bands.map(|(band, heads)| if is_child_band(band) == is_child { *heads } else { 0 }).collect()
                    };
                    let heads = of_part_heads(&coefficients.composition);
                    let nobody = heads.iter().all(|heads| *heads == 0);
                    let heads = if nobody { of_part_heads(&self.clinics[&clinic].bands) } else { heads };
                    of_part(&composition(bands, &heads).rounded_by(rounding.k))
                };
                BandRates::Parts {
                    children: part(true),
                    adults: part(false),
                    is_child: bands.iter().map(is_child_band).collect(),
                }
            }
        }
    }

    fn printed_rates(&self, clinic: ClinicId, coefficients: &Coefficients) -> Option<&Vec<Decimal>> {
        let rates = self.care.rates.as_ref()?;
        rates.of_clinics.get(&clinic).or_else(|| rates.of_groups.get(&coefficients.group?))
    }

    fn pair_funding(&self, pair: Pair, heads: &PairHeads, coefficients: &Coefficients, rates: &BandRates) -> PairFunding {
        let amount = self.amount(heads, rates);
        let Pair { insurer, clinic } = pair;
        PairFunding {
            insurer,
            clinic,
            heads: self.heads.number(heads.all),
            k: for_display(&coefficients.k),
            factors: for_display(&coefficients.factors),
            norm: money(&self.norm_for_display(clinic, rates)),
            bands: self.band_fundings(heads, rates, money(&amount)),
            amount: money(&amount),
        }
    }

    /// Bands of a pair. They have amounts if these, in kopecks, add up to the amount of the pair.
    fn band_fundings(&self, heads: &PairHeads, rates: &BandRates, amount: Decimal) -> Vec<BandFunding> {
        let band = |(index, &units): (usize, &u64)| {
            let (norm, heads) = (rates.of_band(index), self.heads.number(units));
            let amount = norm.times(&heads).rounded_by(self.care.rounding.amount);
            BandFunding { band: BandId::new(index as u16), norm: norm_for_display(norm), amount: Some(money(&amount)), heads }
        };
        let mut bands: Vec<BandFunding> = heads.bands.iter().enumerate().filter(|(_, units)| **units > 0).map(band).collect();
        if bands.iter().filter_map(|band| band.amount).sum::<Decimal>() != amount {
            bands.iter_mut().for_each(|band| band.amount = None);
        }
        bands
    }

    /// Amount of a pair: each part rounded, then added up.
    fn amount(&self, heads: &PairHeads, rates: &BandRates) -> Fraction {
        let rounded = |rate: &Fraction, units: u64| rate.times(&self.heads.number(units)).rounded_by(self.care.rounding.amount);
        match rates {
            BandRates::One(norm) => rounded(norm, heads.all),
            BandRates::Each(rates) if self.care.rounding.amount_by == AmountBy::Clinic => {
                let exact = sum(rates.iter().zip(&heads.bands).map(|(rate, units)| rate.times(&self.heads.number(*units))));
                exact.rounded_by(self.care.rounding.amount)
            }
            BandRates::Each(rates) => sum(rates.iter().zip(&heads.bands).map(|(rate, units)| rounded(rate, *units))),
            BandRates::Parts { children, adults, is_child } => {
                let of_children: u64 =
                    heads.bands.iter().zip(is_child).filter(|(_, child)| **child).map(|(units, _)| *units).sum();
                let of_adults = heads.bands.iter().sum::<u64>() - of_children;
                rounded(children, of_children).plus(&rounded(adults, of_adults))
            }
        }
    }

    /// Norm of a clinic as tables show it; of rates by band, their mean over its heads in kopecks.
    fn norm_for_display(&self, clinic: ClinicId, rates: &BandRates) -> Fraction {
        let heads = &self.clinics[&clinic];
        match rates {
            BandRates::One(norm) => norm.clone(),
            BandRates::Each(rates) => mean(rates, &heads.bands),
            BandRates::Parts { children, adults, is_child } => {
                let rates: Vec<Fraction> =
                    is_child.iter().map(|child| if *child { children.clone() } else { adults.clone() }).collect();
                mean(&rates, &heads.bands)
            }
        }
    }

    fn clinic_fundings(
        &self,
        pairs: &[PairFunding],
        coefficients: &BTreeMap<ClinicId, Coefficients>,
        rates: &BTreeMap<ClinicId, BandRates>,
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
            norm: money(&self.norm_for_display(*clinic, &rates[clinic])),
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
        rates: &BandRates,
    ) -> NormRow {
        let month = base.month(self.care.rounding.month_base);
        let differentiated = month.times(&coefficients.product);
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
            corrected: norm_for_display(&differentiated.times(correction)),
            norm_year: Norm::new(base, &coefficients.product.times(correction), &self.care.rounding)
                .year
                .map(|year| money(&year)),
            norm: money(&self.norm_for_display(clinic, rates)),
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

    /// Money of all clinics before correction and rounding: base norm and coefficients, or rates.
    fn exact_money(
        &self,
        month: &Fraction,
        coefficients: &BTreeMap<ClinicId, Coefficients>,
        rates: &BTreeMap<ClinicId, BandRates>,
    ) -> Fraction {
        sum(coefficients.iter().map(|(clinic, of_clinic)| {
            let heads = &self.clinics[clinic];
            match &rates[clinic] {
                BandRates::Each(rates) if self.printed_rates(*clinic, of_clinic).is_some() => {
                    sum(rates.iter().zip(&heads.bands).map(|(rate, units)| rate.times(&self.heads.number(*units))))
                }
                _ => month.times(&of_clinic.product).times(&self.heads.number(heads.all)),
            }
        }))
    }

    fn totals(
        &self,
        clinics: &[ClinicFunding],
        base: &Base,
        coefficients: &BTreeMap<ClinicId, Coefficients>,
        correction: Option<&Fraction>,
        rates: &BTreeMap<ClinicId, BandRates>,
    ) -> FundingTotals {
        let amount = clinics.iter().fold(Decimal::new(0, 2), |sum, row| sum + row.amount);
        let heads = self.all_heads();
        let month = base.month(self.care.rounding.month_base);
        let weighted = self.exact_money(&month, coefficients, rates);
        let base_amount = money(&month.times(&heads));
        let with_coefficients = money(&weighted);
        let with_correction = correction.map_or(Decimal::new(0, 2), |correction| money(&weighted.times(correction)));
        FundingTotals {
            funded_heads: heads,
            base: self.shown_base(&month),
            amount,
            base_amount,
            difference: amount - base_amount,
            by_coefficients: with_coefficients - base_amount,
            by_correction: with_correction - with_coefficients,
            by_rounding: amount - with_correction,
            correction: correction.map(for_display),
        }
    }
}

/// Norms or rates that amounts are made of.
#[derive(Clone, Debug)]
enum BandRates {
    /// One norm for all people.
    One(Fraction),
    /// A norm or rate for each band.
    Each(Vec<Fraction>),
    /// A norm for children and one for adults.
    Parts {
        children: Fraction,
        adults: Fraction,
        /// Whether each band is one of children.
        is_child: Vec<bool>,
    },
}

impl BandRates {
    /// Norm or rate of a band.
    fn of_band(&self, index: usize) -> &Fraction {
        match self {
            Self::One(norm) => norm,
            Self::Each(rates) => &rates[index],
            Self::Parts { children, adults, is_child } => {
                if is_child[index] {
                    children
                } else {
                    adults
                }
            }
        }
    }
}

/// Age-sex composition: the mean coefficient of heads; 0 without heads.
fn composition(bands: &[AgeSexBand], heads: &[u64]) -> Fraction {
    let coefficients: Vec<Fraction> = bands.iter().map(|band| Fraction::from_decimal(band.coefficient)).collect();
    mean(&coefficients, heads)
}

/// Mean of values over heads; 0 without heads.
fn mean(values: &[Fraction], heads: &[u64]) -> Fraction {
    let weighted = sum(values.iter().zip(heads).map(|(value, heads)| value.times(&Fraction::from_integer(*heads))));
    weighted.divided_by(&Fraction::from_integer(heads.iter().sum())).unwrap_or_else(|| Fraction::from_integer(0))
}

/// A factor, weighted with the share of the people whom it is about.
fn factor(FactorValue { value, share }: FactorValue) -> Fraction {
    let value = Fraction::from_decimal(value);
    let Some(share) = share.map(Fraction::from_decimal) else { return value };
    let others = Fraction::from_integer(1).minus(&share).expect("invariant: a share is at most 1");
    others.plus(&share.times(&value))
}

fn is_child_band(band: &AgeSexBand) -> bool {
    band.to.is_some_and(|to| to <= LAST_CHILD_YEAR)
}

fn sum(values: impl Iterator<Item = Fraction>) -> Fraction {
    values.fold(Fraction::from_integer(0), |sum, value| sum.plus(&value))
}
