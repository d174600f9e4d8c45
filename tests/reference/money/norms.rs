//! Norms: base, composition, factors, groups and correction, and what of them is rounded.

use std::collections::BTreeMap;

use super::super::exact::Exact;
use super::Subject;
use super::clinics::{ClinicFacts, factors_of, given_k, product};
use super::heads::PaidHeads;
use super::results::{Check, Factor, NormMoney};
use crate::regions::tariff::{AmountByDef, BaseDef, CareDef, CorrectionDef, FigureRounding, FloorDef, Holder};
use crate::regions::{BandDef, BaseNorm};

const TWELVE: i64 = 12;

/// "children (last full year <= 17)"
pub fn is_of_children(band: &BandDef) -> bool {
    band.to.is_some_and(|last| last <= 17)
}

/// The people whom a norm is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    All,
    Children,
    Adults,
    Band(usize),
}

impl Part {
    fn has(self, band: usize, bands: &[BandDef]) -> bool {
        match self {
            Part::All => true,
            Part::Children => is_of_children(&bands[band]),
            Part::Adults => !is_of_children(&bands[band]),
            Part::Band(one) => band == one,
        }
    }
}

/// The base norm, exact for a year and as it counts for a month.
pub struct Base {
    month: Exact,
    year: Exact,
}

impl Base {
    pub fn new(subject: &Subject, care: &CareDef, paid: &PaidHeads, facts: &BTreeMap<String, ClinicFacts>) -> Base {
        let twelve = Exact::from_integer(TWELVE);
        let year = match &care.base {
            BaseDef::Nothing => Exact::zero(),
            BaseDef::Given(norms) => {
                let (norm, _) = norms.iter().find(|(_, dates)| dates.covers(subject.as_of)).expect("a base in force");
                match norm {
                    BaseNorm::PerYear(year) => Exact::decimal(year),
                    BaseNorm::PerMonth(month) => {
                        let month = Exact::decimal(month);
                        return Base { year: month.times(&twelve), month };
                    }
                }
            }
            BaseDef::Money { .. } => of_money(subject, care, paid, facts),
        };
        let month = year.over(&twelve).expect("twelve is not nothing");
        let month = if care.rounding.month_base_is_exact { month } else { month.rounded_by(&FigureRounding::KOPECKS) };
        Base { month, year }
    }

    /// The base of a month that heads are compared with. Decided: it is the one that `month_base` sets, also when the year's norm is rounded first.
    pub fn month(&self) -> Exact {
        self.month.clone()
    }
}

/// "OS / (N × mean(..) × ..), mean(K) = Σ K_i n_i / N", for a year. Decided: nothing when there are no heads; a factor of a clinic and one of the
/// same name of its group multiply.
fn of_money(subject: &Subject, care: &CareDef, paid: &PaidHeads, facts: &BTreeMap<String, ClinicFacts>) -> Exact {
    let BaseDef::Money { rows, divide_by, months } = &care.base else { panic!("a base of money") };
    let mut sum = Exact::zero();
    for row in rows.iter().filter(|row| row.dates.covers(subject.as_of) && (row.care.is_empty() || row.care == care.name)) {
        let roubles = Exact::decimal(&row.sum);
        sum = if row.inside { sum.plus(&roubles) } else { sum.minus(&roubles) };
    }
    let mut divisor = paid.total();
    for name in divide_by {
        let mut weighted = Exact::zero();
        for (clinic, facts) in facts {
            let of_group = facts.group.iter().flat_map(|group| factors_of(care, &Holder::Group(group.clone()), subject.as_of));
            let of_group: Vec<Factor> = of_group.filter(|factor| factor.factor == *name).collect();
            let own = facts.factors.iter().filter(|factor| factor.factor == *name).fold(Exact::one(), |p, f| p.times(&f.counted));
            weighted = weighted.plus(&own.times(&product(&of_group)).times(&paid.of_clinic(clinic)));
        }
        let Some(mean) = weighted.over(&paid.total()) else { return Exact::zero() };
        divisor = divisor.times(&mean);
    }
    let of_period = sum.over(&divisor).unwrap_or_else(Exact::zero);
    of_period.times(&Exact::from_integer(TWELVE)).over(&Exact::from_integer(*months)).expect("a month")
}

/// The norms of a care.
pub struct Norms<'a> {
    care: &'a CareDef,
    bands: &'a [BandDef],
    paid: &'a PaidHeads,
    composition: &'a PaidHeads,
    facts: &'a BTreeMap<String, ClinicFacts>,
    base: Base,
    as_of: String,
    correction: Option<Exact>,
}

impl<'a> Norms<'a> {
    pub fn new(
        care: &'a CareDef,
        bands: &'a [BandDef],
        paid: &'a PaidHeads,
        composition: &'a PaidHeads,
        facts: &'a BTreeMap<String, ClinicFacts>,
        base: Base,
        as_of: &str,
    ) -> Norms<'a> {
        let as_of = as_of.to_string();
        let mut norms = Norms { care, bands, paid, composition, facts, base, as_of, correction: None };
        norms.correction = norms.find_correction();
        norms
    }

    pub fn base(&self) -> &Base {
        &self.base
    }

    /// PK; `None` when it is computed and nobody has a weight.
    pub fn correction(&self) -> Option<Exact> {
        self.correction.clone()
    }

    /// "PK: given, 1, or N / Σ (K_i F_i n_i)". Decided: clinics that are paid by rates take no part.
    fn find_correction(&self) -> Option<Exact> {
        let exact = match &self.care.correction {
            CorrectionDef::None => Exact::one(),
            CorrectionDef::Given(value) => Exact::decimal(value),
            CorrectionDef::Dated(entries) => {
                let (value, _) = entries.iter().find(|(_, dates)| dates.covers(&self.as_of)).expect("a correction in force");
                Exact::decimal(value)
            }
            CorrectionDef::Computed => {
                let (mut heads, mut weighted) = (Exact::zero(), Exact::zero());
                for clinic in self.facts.keys().filter(|clinic| self.rates(clinic).is_none()) {
                    let of_clinic = self.paid.of_clinic(clinic);
                    weighted = weighted.plus(&self.coefficient(clinic, Part::All).times(&of_clinic));
                    heads = heads.plus(&of_clinic);
                }
                heads.over(&weighted)?
            }
        };
        Some(exact.rounded_by(&self.care.rounding.correction))
    }

    /// Rates of each band; those of the clinic before those of its group.
    pub fn rates(&self, clinic: &str) -> Option<Vec<Exact>> {
        let group = self.facts[clinic].group.clone().map(Holder::Group);
        [Some(Holder::Clinic(clinic.to_string())), group].into_iter().flatten().find_map(|holder| self.rates_of(&holder))
    }

    fn rates_of(&self, holder: &Holder) -> Option<Vec<Exact>> {
        let rows = self.care.rates.iter().filter(|row| row.holder == *holder && row.dates.covers(&self.as_of));
        let rows: Vec<_> = rows.collect();
        let rate = |band: &BandDef| {
            let row =
                rows.iter().find(|row| (row.sex == band.sex || row.sex == "both") && row.from == band.from && row.to == band.to);
            Exact::decimal(&row.expect("a rate for each band").rate)
        };
        (!rows.is_empty()).then(|| self.bands.iter().map(rate).collect())
    }

    /// Σ K_j n_j / Σ n_j over the bands of a part; `None` without heads.
    fn mean_of_bands(&self, heads: &[Exact], part: Part) -> Option<Exact> {
        let (mut sum, mut weighted) = (Exact::zero(), Exact::zero());
        for (band, heads) in heads.iter().enumerate().filter(|(band, _)| part.has(*band, self.bands)) {
            weighted = weighted.plus(&Exact::decimal(&self.bands[band].coefficient).times(heads));
            sum = sum.plus(heads);
        }
        weighted.over(&sum)
    }

    /// Decided: a clinic with a printed K needs none.
    fn has_no_composition(&self, clinic: &str) -> bool {
        let is_printed = given_k(self.care, &Holder::Clinic(clinic.to_string()), &self.as_of).is_some();
        !is_printed && self.composition.bands_of_clinic(clinic).is_none()
    }

    /// K_i of a part before it is rounded. Decided: a given K is that of all people of the clinic, so children and adults have theirs from the heads.
    fn own_k(&self, clinic: &str, part: Part) -> Exact {
        if let Part::Band(band) = part {
            return Exact::decimal(&self.bands[band].coefficient);
        }
        if part == Part::All
            && let Some(given) = given_k(self.care, &Holder::Clinic(clinic.to_string()), &self.as_of)
        {
            return given;
        }
        let on_its_days = self.composition.bands_of_clinic(clinic);
        // "A clinic with heads but none on the composition's day: composition of its own heads". Decided: the same for each part of its people.
        on_its_days.and_then(|heads| self.mean_of_bands(&heads, part)).unwrap_or_else(|| {
            let heads = self.paid.bands_of_clinic(clinic).expect("heads");
            self.mean_of_bands(&heads, part).unwrap_or_else(Exact::zero)
        })
    }

    /// Paid heads of a part of a clinic's people.
    fn heads_of(&self, clinic: &str, part: Part) -> Exact {
        if part == Part::All {
            return self.paid.of_clinic(clinic);
        }
        let heads = self.paid.bands_of_clinic(clinic).expect("heads");
        Exact::sum(heads.iter().enumerate().filter(|(band, _)| part.has(*band, self.bands)).map(|(_, heads)| heads))
    }

    /// K of a part: that of the clinic, or of its group, rounded. A band's is as printed.
    fn k(&self, clinic: &str, part: Part) -> Exact {
        let Some(group) = &self.facts[clinic].group else {
            let k = self.own_k(clinic, part);
            return if let Part::Band(_) = part { k } else { k.rounded_by(&self.care.rounding.k) };
        };
        let given = given_k(self.care, &Holder::Group(group.clone()), &self.as_of);
        match (given, part) {
            (Some(given), Part::All) => given.rounded_by(&self.care.rounding.k),
            (Some(_), Part::Band(_)) => self.own_k(clinic, part),
            (given, part) => {
                // Decided: the factors of the clinics stay in the group's norm of a band, too: its K_j stands in the place of their K_i.
                let (mut sum, mut weighted) = (Exact::zero(), Exact::zero());
                let weigh_by = if let Part::Band(_) = part { Part::All } else { part };
                for (other, facts) in self.facts.iter().filter(|(_, facts)| facts.group.as_ref() == Some(group)) {
                    let heads = self.heads_of(other, weigh_by);
                    let factors = if given.is_some() { Exact::one() } else { facts.product() };
                    weighted = weighted.plus(&self.own_k(other, part).times(&factors).times(&heads));
                    sum = sum.plus(&heads);
                }
                let mean = weighted.over(&sum).unwrap_or_else(Exact::zero);
                if let Part::Band(_) = part { mean } else { mean.rounded_by(&self.care.rounding.k) }
            }
        }
    }

    pub fn k_of(&self, clinic: &str) -> Exact {
        self.k(clinic, Part::All)
    }

    /// F of the clinic, or of its group.
    pub fn factors_of(&self, clinic: &str) -> Exact {
        match &self.facts[clinic].group {
            None => self.facts[clinic].product(),
            Some(group) => product(&factors_of(self.care, &Holder::Group(group.clone()), &self.as_of)),
        }
    }

    /// K × F.
    fn coefficient(&self, clinic: &str, part: Part) -> Exact {
        self.k(clinic, part).times(&self.factors_of(clinic))
    }

    /// Norm of a year, when it is rounded first.
    fn year(&self, clinic: &str, part: Part) -> Option<Exact> {
        if !self.care.rounding.year_then_month {
            return None;
        }
        let exact = self.base.year.times(&self.coefficient(clinic, part)).times(&self.pk());
        Some(exact.rounded_by(&self.care.rounding.year_norm))
    }

    /// Norm of a month, as it is paid.
    pub fn month(&self, clinic: &str, part: Part) -> Exact {
        let exact = match self.year(clinic, part) {
            Some(year) => year.over(&Exact::from_integer(TWELVE)).expect("twelve"),
            None => self.base.month.times(&self.coefficient(clinic, part)).times(&self.pk()),
        };
        exact.rounded_by(&self.care.rounding.month_norm)
    }

    fn pk(&self) -> Exact {
        self.correction.clone().unwrap_or_else(Exact::one)
    }

    /// The parts whose amounts are rounded one by one.
    fn parts(&self) -> Vec<Part> {
        match self.care.rounding.amount_by {
            AmountByDef::Clinic => vec![Part::All],
            AmountByDef::Band => (0..self.bands.len()).map(Part::Band).collect(),
            AmountByDef::AdultsChildren => vec![Part::Children, Part::Adults],
        }
    }

    /// The norm that is shown: "of rates by band their mean over the heads". Decided: so are norms of bands, and of children and adults.
    pub fn shown(&self, clinic: &str) -> Exact {
        let parts = self.parts();
        let sum = match self.rates(clinic) {
            Some(_) => self.money_of_coefficients(clinic),
            None if parts == [Part::All] => return self.month(clinic, Part::All),
            None => {
                let of_part = |part: &Part| {
                    let heads = self.heads_of(clinic, *part);
                    if heads.is_zero() { heads } else { self.month(clinic, *part).times(&heads) }
                };
                Exact::sum(&parts.iter().map(of_part).collect::<Vec<_>>())
            }
        };
        let mean = sum.over(&self.paid.of_clinic(clinic)).expect("heads");
        mean.rounded_by(&FigureRounding::KOPECKS)
    }

    /// B × K_i × F_i × n_i over the parts that are paid one by one, or the money of the rates: "rates are coefficients in the difference".
    pub fn money_of_coefficients(&self, clinic: &str) -> Exact {
        let of_part = |part: Part| {
            let heads = self.heads_of(clinic, part);
            if heads.is_zero() { heads } else { self.base.month().times(&self.coefficient(clinic, part)).times(&heads) }
        };
        match self.rates(clinic) {
            Some(rates) => {
                let heads = self.paid.bands_of_clinic(clinic).expect("heads");
                Exact::sum(&rates.iter().zip(&heads).map(|(rate, heads)| rate.times(heads)).collect::<Vec<_>>())
            }
            None => Exact::sum(&self.parts().into_iter().map(of_part).collect::<Vec<_>>()),
        }
    }

    pub fn rows(&self) -> Vec<NormMoney> {
        let row = |(clinic, facts): (&String, &ClinicFacts)| {
            let (k, factors) = (self.k_of(clinic), self.factors_of(clinic));
            let base = self.base.month();
            let differentiated = base.times(&k).times(&factors);
            let has_rates = self.rates(clinic).is_some();
            NormMoney {
                clinic: clinic.clone(),
                group: facts.group.clone(),
                heads: self.paid.of_clinic(clinic),
                base,
                base_year: self.base.year.clone(),
                corrected: differentiated.times(&self.pk()),
                correction: self.pk(),
                differentiated,
                k,
                factors,
                norm_year: if has_rates { None } else { self.year(clinic, Part::All) },
                norm: self.shown(clinic),
                has_rates,
            }
        };
        self.facts.iter().map(row).collect()
    }

    /// The factors of the clinics with heads, and of their groups.
    pub fn factor_rows(&self) -> Vec<Factor> {
        let mut groups: Vec<&String> = self.facts.values().filter_map(|facts| facts.group.as_ref()).collect();
        groups.sort();
        groups.dedup();
        let of_groups = groups.into_iter().flat_map(|group| factors_of(self.care, &Holder::Group(group.clone()), &self.as_of));
        self.facts.values().flat_map(|facts| facts.factors.iter().cloned()).chain(of_groups).collect()
    }

    pub fn checks(&self) -> Vec<Check> {
        let without = self.facts.keys().filter(|clinic| self.has_no_composition(clinic));
        let mut checks: Vec<Check> = without.map(|clinic| Check::NoComposition { clinic: clinic.clone() }).collect();
        for floor in &self.care.floors {
            match floor {
                FloorDef::BandsFrom { from, least } => {
                    let least = Exact::decimal(least);
                    for band in self.bands.iter().filter(|band| band.from >= *from) {
                        let value = Exact::decimal(&band.coefficient);
                        if value < least {
                            let (sex, from, to) = (band.sex.clone(), band.from, band.to);
                            checks.push(Check::BandBelow { sex, from, to, value, least: least.clone() });
                        }
                    }
                }
                FloorDef::Factor { factor, least } => {
                    let least = Exact::decimal(least);
                    for row in self.factor_rows().into_iter().filter(|row| row.factor == *factor && row.counted < least) {
                        let (clinic, factor, value) = (row.clinic, row.factor, row.counted);
                        checks.push(Check::FactorBelow { clinic, factor, value, least: least.clone() });
                    }
                }
            }
        }
        checks
    }
}
