//! Money of two runs: the difference of each pair of insurer and clinic, split by cause so that the parts add up to the kopeck.
//!
//! One thing after the other is changed from its former to its later value; each part is the difference that its change makes, in kopecks:
//!
//! ```text
//! former amount
//!   + heads in, − heads out     × former norm
//!   + age bands                 K
//!   + base norm
//!   + factors
//!   + correction                at the heads of now
//!   + rounding                  what is left
//! = later amount
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::fixed::Fixed;
use super::movement::{Movement, MovementKey, MovementOf, STAYED};
use super::run::{ComparedRun, ComparedRuns, rows_of};
use super::{DiffError, DiffFilter};
use crate::table_reader::Row;
use sverka_model::Date;
use sverka_publish::OutputTable;

const PAIRS: &[&str] = &["care", "insurer", "clinic", "count_date", "paid_heads", "norm", "amount"];
const NORMS: &[&str] = &["care", "clinic", "base", "k", "factors", "correction", "norm"];
const BANDS: &[&str] = &["care", "insurer", "clinic", "sex", "band_from", "heads", "norm"];

/// Pair of insurer and clinic in a kind of care.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PairOfCare {
    care: String,
    clinic: String,
    insurer: String,
}

/// Clinic in a kind of care.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ClinicOfCare {
    care: String,
    clinic: String,
}

/// Sex and first age of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Band {
    sex: i64,
    from: i64,
}

/// Money of a pair in one run.
#[derive(Clone, Copy, Debug, Default)]
struct PairMoney {
    /// Day of the heads; `None` for a mean of several.
    day: Option<Date>,
    heads: Fixed,
    kopecks: i128,
}

/// Norm of a clinic with what it is made of.
#[derive(Clone, Copy, Debug, Default)]
struct NormParts {
    base: Fixed,
    k: Fixed,
    factors: Fixed,
    correction: Fixed,
    /// Norm that is paid.
    norm: Fixed,
}

impl NormParts {
    fn product(self) -> Fixed {
        self.base.times(self.k).times(self.factors).times(self.correction)
    }
}

/// Numbers by band: heads, or norms of a head.
type ByBand = BTreeMap<Band, Fixed>;

/// Money of one run.
#[derive(Debug, Default)]
struct RunMoney {
    pairs: BTreeMap<PairOfCare, PairMoney>,
    norms: BTreeMap<ClinicOfCare, NormParts>,
    band_heads: BTreeMap<PairOfCare, ByBand>,
    band_norms: BTreeMap<ClinicOfCare, ByBand>,
}

/// Parts of a difference, in kopecks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoneyParts {
    /// Heads that came.
    pub heads_in: i128,
    /// Heads that left, zero or less.
    pub heads_out: i128,
    /// Sex-age composition.
    pub age_bands: i128,
    /// Base norm; where bands have norms of their own, all changes of them.
    pub base_norm: i128,
    /// Factors.
    pub factors: i128,
    /// Correction.
    pub correction: i128,
    /// Roundings.
    pub rounding: i128,
}

impl MoneyParts {
    /// Sum of the parts.
    #[must_use]
    pub fn sum(&self) -> i128 {
        self.heads_in + self.heads_out + self.age_bands + self.base_norm + self.factors + self.correction + self.rounding
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.heads_in += other.heads_in;
        self.heads_out += other.heads_out;
        self.age_bands += other.age_bands;
        self.base_norm += other.base_norm;
        self.factors += other.factors;
        self.correction += other.correction;
        self.rounding += other.rounding;
    }
}

/// Money of a clinic, or of one of its pairs, in both runs: a row of `money_changes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyChange {
    /// Kind of care.
    pub care: String,
    /// Code of the clinic.
    pub clinic: String,
    /// Code of the insurer; `None` for the clinic as a whole.
    pub insurer: Option<String>,
    /// Heads that the former run pays, in millionths.
    pub heads_before: i128,
    /// Heads that the later run pays, in millionths.
    pub heads_now: i128,
    /// Money of the former run, in kopecks.
    pub before: i128,
    /// Money of the later run, in kopecks.
    pub now: i128,
    /// Parts of the difference.
    pub parts: MoneyParts,
}

impl MoneyChange {
    /// Difference of the money, in kopecks.
    #[must_use]
    pub fn difference(&self) -> i128 {
        self.now - self.before
    }

    fn add(&mut self, pair: &Self) {
        self.heads_before += pair.heads_before;
        self.heads_now += pair.heads_now;
        self.before += pair.before;
        self.now += pair.now;
        self.parts.add(&pair.parts);
    }
}

/// Compares the money of both runs: clinics, each before its pairs, in the order of the table. Empty when a run has no table of it.
pub(super) fn compare_money(
    runs: &mut ComparedRuns,
    movement: Option<&Movement>,
    filter: &DiffFilter,
) -> Result<Vec<MoneyChange>, DiffError> {
    let is_published = runs.pair(OutputTable::FundingInsurerClinic, PAIRS)?.is_some();
    if !is_published || runs.pair(OutputTable::Norms, NORMS)?.is_none() {
        return Ok(Vec::new());
    }
    let has_bands = runs.pair(OutputTable::FundingBands, BANDS)?.is_some();
    let (old, new) = (RunMoney::read(&runs.old, has_bands)?, RunMoney::read(&runs.new, has_bands)?);
    let passed = movement.map(PassedHeads::new).unwrap_or_default();
    let pairs: BTreeSet<&PairOfCare> = old.pairs.keys().chain(new.pairs.keys()).collect();
    let mut clinics: BTreeMap<ClinicOfCare, Vec<MoneyChange>> = BTreeMap::new();
    for pair in pairs.into_iter().filter(|pair| filter.takes_pair(&pair.insurer, &pair.clinic)) {
        let split = PairSplit { pair, old: &old, new: &new, passed: &passed, days: [runs.old.as_of, runs.new.as_of] };
        let clinic = ClinicOfCare { care: pair.care.clone(), clinic: pair.clinic.clone() };
        clinics.entry(clinic).or_default().push(split.change());
    }
    let mut changes = Vec::new();
    for (ClinicOfCare { care, clinic }, pairs) in clinics {
        let whole = MoneyChange { care, clinic, insurer: None, ..MoneyChange::nothing() };
        let whole = pairs.iter().fold(whole, |mut whole, pair| {
            whole.add(pair);
            whole
        });
        assert_eq!(whole.parts.sum(), whole.difference(), "invariant: the parts of a difference add up to it");
        // With some of the insurers the clinic is not whole.
        changes.extend(filter.takes_all_insurers().then_some(whole));
        changes.extend(pairs);
    }
    Ok(changes)
}

impl MoneyChange {
    fn nothing() -> Self {
        let empty = String::new;
        Self {
            care: empty(),
            clinic: empty(),
            insurer: None,
            heads_before: 0,
            heads_now: 0,
            before: 0,
            now: 0,
            parts: MoneyParts::default(),
        }
    }
}

/// Funded heads that came to a pair and left it.
#[derive(Clone, Copy, Debug, Default)]
struct Passed {
    came: i64,
    left: i64,
}

/// Funded heads that came and left, by insurer and clinic.
#[derive(Debug, Default)]
struct PassedHeads(BTreeMap<(String, String), Passed>);

impl PassedHeads {
    fn new(movement: &Movement) -> Self {
        let mut passed = Self::default();
        for (MovementKey { of, from, to, cause }, heads) in &movement.0 {
            if *of != MovementOf::Pair {
                continue;
            }
            // Of people who stay at a pair, the balance of those who are funded.
            let stays = from == to;
            let change = heads.funded_now - heads.funded_before;
            debug_assert!(stays || *cause != STAYED);
            if let (Some(insurer), Some(clinic)) = (&to.insurer, &to.clinic) {
                let came = if stays { change.max(0) } else { heads.funded_now };
                passed.0.entry((insurer.clone(), clinic.clone())).or_default().came += came;
            }
            if let (Some(insurer), Some(clinic)) = (&from.insurer, &from.clinic) {
                let left = if stays { (-change).max(0) } else { heads.funded_before };
                passed.0.entry((insurer.clone(), clinic.clone())).or_default().left += left;
            }
        }
        passed
    }

    fn of(&self, pair: &PairOfCare) -> Passed {
        self.0.get(&(pair.insurer.clone(), pair.clinic.clone())).copied().unwrap_or_default()
    }
}

/// Pair whose difference is split.
struct PairSplit<'s> {
    pair: &'s PairOfCare,
    old: &'s RunMoney,
    new: &'s RunMoney,
    passed: &'s PassedHeads,
    /// As-of dates of both runs.
    days: [Date; 2],
}

impl PairSplit<'_> {
    fn change(&self) -> MoneyChange {
        let (old, new) = (self.old.pairs.get(self.pair).copied(), self.new.pairs.get(self.pair).copied());
        let (came, left) = self.heads(old, new);
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let mut parts = self.parts_of_norm(new.heads);
        let norm = self.former_norm();
        (parts.heads_in, parts.heads_out) = (norm.times(came).to_kopecks(), -norm.times(left).to_kopecks());
        parts.rounding = new.kopecks - old.kopecks - parts.sum();
        MoneyChange {
            care: self.pair.care.clone(),
            clinic: self.pair.clinic.clone(),
            insurer: Some(self.pair.insurer.clone()),
            heads_before: old.heads.to_millionths(),
            heads_now: new.heads.to_millionths(),
            before: old.kopecks,
            now: new.kopecks,
            parts,
        }
    }

    /// Heads that came and left: people of the movement where they are the heads that are paid, else the growth.
    fn heads(&self, old: Option<PairMoney>, new: Option<PairMoney>) -> (Fixed, Fixed) {
        let growth = new.unwrap_or_default().heads.minus(old.unwrap_or_default().heads);
        let passed = self.passed.of(self.pair);
        let pays_as_of =
            [old, new].iter().zip(self.days).all(|(money, as_of)| money.is_none_or(|money| money.day == Some(as_of)));
        if pays_as_of && Fixed::whole(passed.came - passed.left) == growth {
            (Fixed::whole(passed.came), Fixed::whole(passed.left))
        } else {
            (growth.or_zero(), Fixed::default().minus(growth).or_zero())
        }
    }

    fn clinic(&self) -> ClinicOfCare {
        ClinicOfCare { care: self.pair.care.clone(), clinic: self.pair.clinic.clone() }
    }

    fn norms(&self) -> (Option<NormParts>, Option<NormParts>) {
        let clinic = self.clinic();
        (self.old.norms.get(&clinic).copied(), self.new.norms.get(&clinic).copied())
    }

    /// Norm at which heads come and leave.
    fn former_norm(&self) -> Fixed {
        let (old, new) = self.norms();
        old.or(new).map(|parts| parts.norm).unwrap_or_default()
    }

    /// Parts that the change of the norm makes at the heads of now.
    fn parts_of_norm(&self, heads: Fixed) -> MoneyParts {
        let (Some(old), Some(new)) = self.norms() else { return MoneyParts::default() };
        let clinic = self.clinic();
        if let (Some(old_norms), Some(new_norms)) = (self.old.band_norms.get(&clinic), self.new.band_norms.get(&clinic))
            && (has_own_norms(old_norms) || has_own_norms(new_norms))
        {
            let heads_of_bands = self.new.band_heads.get(self.pair).cloned().unwrap_or_default();
            let at = |norm: &dyn Fn(&Band) -> Fixed| {
                heads_of_bands.iter().fold(Fixed::default(), |sum, (band, heads)| sum.plus(norm(band).times(*heads))).to_kopecks()
            };
            let later = |band: &Band| new_norms.get(band).copied().unwrap_or_default();
            // A band that the former run did not pay has its later norm.
            let at_former = at(&|band| old_norms.get(band).copied().unwrap_or_else(|| later(band)));
            let age_bands = at_former - old.norm.times(heads).to_kopecks();
            return MoneyParts { age_bands, base_norm: at(&later) - at_former, ..MoneyParts::default() };
        }
        let money = |norm: NormParts| norm.product().times(heads).to_kopecks();
        let with_k = NormParts { k: new.k, ..old };
        let with_base = NormParts { base: new.base, ..with_k };
        let with_factors = NormParts { factors: new.factors, ..with_base };
        let with_correction = NormParts { correction: new.correction, ..with_factors };
        MoneyParts {
            age_bands: money(with_k) - money(old),
            base_norm: money(with_base) - money(with_k),
            factors: money(with_factors) - money(with_base),
            correction: money(with_correction) - money(with_factors),
            ..MoneyParts::default()
        }
    }
}

/// Whether bands have different norms.
fn has_own_norms(norms: &ByBand) -> bool {
    let mut norms = norms.values();
    norms.next().is_some_and(|first| norms.any(|norm| norm != first))
}

impl RunMoney {
    fn read(run: &ComparedRun, has_bands: bool) -> Result<Self, DiffError> {
        let pairs = rows_of(&run.dir, OutputTable::FundingInsurerClinic, PAIRS, |row| {
            let money = PairMoney {
                day: row.date("count_date"),
                heads: decimal(row, "paid_heads"),
                kopecks: decimal(row, "amount").to_kopecks(),
            };
            (pair_of_care(row), money)
        })?;
        let norms = rows_of(&run.dir, OutputTable::Norms, NORMS, |row| {
            let parts = NormParts {
                base: decimal(row, "base"),
                k: decimal(row, "k"),
                factors: decimal(row, "factors"),
                correction: decimal(row, "correction"),
                norm: decimal(row, "norm"),
            };
            (ClinicOfCare { care: text(row, "care"), clinic: text(row, "clinic") }, parts)
        })?;
        let mut money = Self { pairs: pairs.into_iter().collect(), norms: norms.into_iter().collect(), ..Self::default() };
        if has_bands {
            let rows = rows_of(&run.dir, OutputTable::FundingBands, BANDS, |row| {
                let number = |column| row.number(column).unwrap_or_default();
                let band = Band { sex: number("sex"), from: number("band_from") };
                (pair_of_care(row), band, decimal(row, "heads"), decimal(row, "norm"))
            })?;
            for (pair, band, heads, norm) in rows {
                let clinic = ClinicOfCare { care: pair.care.clone(), clinic: pair.clinic.clone() };
                money.band_norms.entry(clinic).or_default().insert(band, norm);
                money.band_heads.entry(pair).or_default().insert(band, heads);
            }
        }
        Ok(money)
    }
}

fn pair_of_care(row: Row<'_>) -> PairOfCare {
    PairOfCare { care: text(row, "care"), clinic: text(row, "clinic"), insurer: text(row, "insurer") }
}

fn text(row: Row<'_>, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}

fn decimal(row: Row<'_>, column: &str) -> Fixed {
    row.decimal(column).and_then(|text| Fixed::parse(&text)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
