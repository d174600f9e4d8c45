//! A kind of care from its entry in the TOML file of a tariff and the tables that the entry names.

use rust_decimal::Decimal;
use toml::{Spanned, Value};

use crate::tariff::bands::BandSetId;
use crate::tariff::care::{
    AmountBy, BaseNorm, Care, CareRounding, Correction, Floor, FloorOf, HeadMean, HeadSource, MoneyBase, MonthBase, NormPeriod,
};
use crate::tariff::days::DayId;
use crate::{ReferenceError, ReferenceFault};
use sverka_model::Profile;

use super::entries::{BaseMoneyEntry, BaseNormEntry, CareEntry, CorrectionEntry, FloorEntry, RoundingEntry};
use super::{COEFFICIENT_MAX, Reader};

/// The largest norm of a month in roubles. A larger one has lost its decimal point.
const BASE_NORM_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

impl Reader<'_> {
    /// Reads a kind of care.
    pub(super) fn care(&mut self, name: &str, entry: &CareEntry) -> Result<Care, ReferenceError> {
        let correction = self.correction(entry.correction.as_ref())?;
        let rates_replace_base = entry.rates.is_some() && entry.base_norm.is_empty() && entry.base_money.is_none();
        let given_base = match &entry.base_money {
            Some(money) if !entry.base_norm.is_empty() => {
                return Err(self.source.error_in(money, ReferenceFault::OneOf { one: "base_norm", other: "base_money" }));
            }
            Some(_) => None,
            None if rates_replace_base => Some(BaseNorm::Month(Decimal::ZERO)),
            None => Some(self.base_norm(&entry.base_norm)?),
        };
        let factor_columns = entry.factors.iter().map(|factor| self.column(factor.get_ref())).collect();
        let band_set = self.bands_of(name, entry)?;
        let heads = self.days_or("heads", entry.heads.as_ref(), &[DayId::AS_OF])?;
        let composition = self.days_or("composition", entry.composition.as_ref(), &heads)?;
        let groups = entry.groups.as_ref().map_or_else(|| Ok(Default::default()), |path| self.groups(path))?;
        let mut care = Care {
            name: name.to_owned(),
            source: HeadSource::Profile(self.profile(entry.profile.as_ref())?),
            head_mean: self.head_mean(entry)?,
            heads,
            composition,
            band_set,
            base: BaseNorm::Month(Decimal::ZERO),
            factor_columns,
            factor_tables: Vec::new(),
            given_k: Default::default(),
            groups,
            rates: None,
            correction,
            rounding: self.care_rounding(entry.rounding.as_ref())?,
            floors: Vec::new(),
        };
        if let Some(path) = &entry.factor_table {
            care.factor_tables = self.factor_tables(path, &care)?;
        }
        if let Some(path) = &entry.k_table {
            care.given_k = self.given_k(path, &care.groups)?;
        }
        if let Some(path) = &entry.rates {
            care.rates = Some(self.rates(path, &care)?);
        }
        if let Some(path) = &entry.stations {
            care.source = HeadSource::Stations(self.stations(path, &care)?);
        }
        care.base = match (given_base, &entry.base_money) {
            (Some(base), _) => base,
            (None, Some(money)) => BaseNorm::Money(self.base_money(money.get_ref(), &care)?),
            (None, None) => unreachable!("a base without money is given"),
        };
        self.check_rates(entry, &care)?;
        care.floors = entry.floors.iter().map(|floor| self.floor(floor, &care)).collect::<Result<_, _>>()?;
        Ok(care)
    }

    /// Refuses rates beside what they have no meaning for: a correction, and two norms for children and adults.
    fn check_rates(&self, entry: &CareEntry, care: &Care) -> Result<(), ReferenceError> {
        let Some(rates) = entry.rates.as_ref().filter(|_| care.rates.is_some()) else { return Ok(()) };
        if care.correction != Correction::Given(Decimal::ONE) {
            return Err(self.source.error_in(rates, ReferenceFault::RatesBeside { key: "correction", expected: "\"none\"" }));
        }
        if care.rounding.amount_by == AmountBy::AdultsChildren {
            let fault = ReferenceFault::RatesBeside { key: "amount_by", expected: "\"clinic\" or \"band\"" };
            return Err(self.source.error_in(rates, fault));
        }
        Ok(())
    }

    /// Names of a care's factors: columns of the table of clinics, then its own table.
    pub(super) fn factor_names<'c>(&'c self, care: &'c Care) -> impl Iterator<Item = &'c str> {
        let columns = care.factor_columns.iter().map(|&column| self.file.factor_columns[column].as_str());
        columns.chain(care.factor_tables.iter().map(|table| table.name.as_str()))
    }

    fn column(&self, name: &str) -> usize {
        let found = self.file.factor_columns.iter().position(|column| column == name);
        found.expect("invariant: the names of all cares were collected")
    }

    fn days_or(&mut self, key: &str, written: Option<&Spanned<Value>>, default: &[DayId]) -> Result<Vec<DayId>, ReferenceError> {
        written.map_or_else(|| Ok(default.to_vec()), |written| self.days_of(key, written))
    }

    fn bands_of(&mut self, name: &str, entry: &CareEntry) -> Result<BandSetId, ReferenceError> {
        let Some(set) = &entry.band_set else {
            if let Some(without) = entry.bands.iter().find(|band| band.get_ref().coefficient.is_none()) {
                let problem = "missing field `coefficient`".to_owned();
                return Err(self.source.error_in(without, ReferenceFault::Toml { problem }));
            }
            return self.add_band_set(name, &entry.bands);
        };
        if !entry.bands.is_empty() {
            return Err(self.source.error_in(set, ReferenceFault::OneOf { one: "band_set", other: "bands" }));
        }
        let found = self.band_sets.iter().position(|known| known.name == *set.get_ref());
        found.map(BandSetId::new).ok_or_else(|| {
            let known: Vec<String> = self.band_sets.iter().map(|set| format!("\"{}\"", set.name)).collect();
            let expected = format!("the name of a set in [[band_sets]] ({})", known.join(", "));
            self.source.choice("band_set", set, &Value::String(set.get_ref().clone()), &expected)
        })
    }

    fn profile(&self, written: Option<&Spanned<Value>>) -> Result<Profile, ReferenceError> {
        let Some(written) = written else { return Ok(Profile::THERAPEUTIC) };
        let code = written.get_ref().as_integer().and_then(|code| u8::try_from(code).ok());
        code.and_then(Profile::from_code).ok_or_else(|| {
            self.source.choice(
                "profile",
                written,
                written.get_ref(),
                "1 therapeutic, 2 gynaecology, 3 dental, 4 ambulance, 5 feldsher point",
            )
        })
    }

    fn head_mean(&self, entry: &CareEntry) -> Result<HeadMean, ReferenceError> {
        let is_whole = self.source.one_of("mean_heads", entry.mean_heads.as_ref(), &[("exact", false), ("half_up", true)])?;
        let by = [("band", HeadMean::WholeByBand), ("clinic", HeadMean::WholeByClinic)];
        let whole = self.source.one_of("mean_heads_by", entry.mean_heads_by.as_ref(), &by)?;
        Ok(if is_whole { whole } else { HeadMean::Exact })
    }

    /// The correction: a number, a word, or the entry in force of a dated list.
    fn correction(&self, written: Option<&Spanned<Value>>) -> Result<Correction, ReferenceError> {
        let Some(written) = written else { return Ok(Correction::Computed) };
        match written.get_ref() {
            Value::String(word) if word == "computed" => Ok(Correction::Computed),
            Value::String(word) if word == "none" => Ok(Correction::Given(Decimal::ONE)),
            Value::Array(entries) => self.dated_correction(written, entries),
            _ => self.source.positive("correction", written, COEFFICIENT_MAX).map(Correction::Given),
        }
    }

    fn dated_correction(&self, written: &Spanned<Value>, entries: &[Value]) -> Result<Correction, ReferenceError> {
        let mut found = None;
        for entry in entries {
            let toml = |problem: String| self.source.error_in(written, ReferenceFault::Toml { problem });
            let entry: CorrectionEntry = entry.clone().try_into().map_err(|e: toml::de::Error| toml(e.message().to_owned()))?;
            let at = |value: Value| Spanned::new(written.span(), value);
            let (from, to) = (entry.valid_from.map(at), entry.valid_to.map(at));
            let value = self.source.positive("correction", &at(entry.value), COEFFICIENT_MAX)?;
            if !self.source.in_force(from.as_ref(), to.as_ref(), self.day)? {
                continue;
            }
            if found.replace(value).is_some() {
                let first_line = self.source.line(written);
                let day = self.day.to_string();
                return Err(self.source.error_in(written, ReferenceFault::InForceTwice { first_line, day }));
            }
        }
        let none = || self.source.error_in(written, ReferenceFault::NoneInForce { key: "correction", day: self.day.to_string() });
        found.map(Correction::Given).ok_or_else(none)
    }

    fn base_norm(&self, entries: &[Spanned<BaseNormEntry>]) -> Result<BaseNorm, ReferenceError> {
        let mut found: Option<(u64, BaseNorm)> = None;
        for entry in entries {
            let norm = self.norm(entry)?;
            let BaseNormEntry { valid_from, valid_to, .. } = entry.get_ref();
            if !self.source.in_force(valid_from.as_ref(), valid_to.as_ref(), self.day)? {
                continue;
            }
            if let Some((first_line, _)) = found {
                return Err(self.source.error_in(entry, ReferenceFault::BaseNormTwice { first_line, day: self.day.to_string() }));
            }
            found = Some((self.source.line(entry), norm));
        }
        let none = || ReferenceError::new(self.source.file, 1, ReferenceFault::NoBaseNorm { day: self.day.to_string() });
        found.map(|(_, norm)| norm).ok_or_else(none)
    }

    fn norm(&self, entry: &Spanned<BaseNormEntry>) -> Result<BaseNorm, ReferenceError> {
        match (&entry.get_ref().per_month, &entry.get_ref().per_year) {
            (Some(month), None) => self.source.positive("per_month", month, BASE_NORM_MAX).map(BaseNorm::Month),
            (None, Some(year)) => self.source.positive("per_year", year, BASE_NORM_MAX * Decimal::from(12)).map(BaseNorm::Year),
            _ => Err(self.source.error_in(entry, ReferenceFault::OneOf { one: "per_month", other: "per_year" })),
        }
    }

    fn base_money(&self, entry: &BaseMoneyEntry, care: &Care) -> Result<MoneyBase, ReferenceError> {
        let divide_by = match &entry.divide_by {
            None => Vec::new(),
            Some(names) => names.iter().map(|name| self.factor(name, care)).collect::<Result<_, _>>()?,
        };
        let months = match &entry.period_months {
            None => 12,
            Some(months) if (1..=12).contains(months.get_ref()) => *months.get_ref(),
            Some(months) => {
                let value = Value::Integer(i64::from(*months.get_ref()));
                return Err(self.source.choice("period_months", months, &value, "1 to 12"));
            }
        };
        Ok(MoneyBase { sum: self.money(&entry.table, care)?, months, divide_by })
    }

    /// The index of a factor of the care.
    fn factor(&self, name: &Spanned<String>, care: &Care) -> Result<usize, ReferenceError> {
        let names: Vec<&str> = self.factor_names(care).collect();
        names.iter().position(|known| known == name.get_ref()).ok_or_else(|| {
            let expected = format!("a factor of the care ({})", names.join(", "));
            self.source.choice("factor", name, &Value::String(name.get_ref().clone()), &expected)
        })
    }

    fn floor(&self, entry: &Spanned<FloorEntry>, care: &Care) -> Result<Floor, ReferenceError> {
        let FloorEntry { factor, bands_from, least } = entry.get_ref();
        let of = match (factor, bands_from) {
            (Some(factor), None) => FloorOf::Factor(self.factor(factor, care)?),
            (None, Some(from)) => FloorOf::BandsFrom(*from.get_ref()),
            _ => return Err(self.source.error_in(entry, ReferenceFault::OneOf { one: "factor", other: "bands_from" })),
        };
        Ok(Floor { of, least: self.source.positive("least", least, COEFFICIENT_MAX)? })
    }

    fn care_rounding(&self, written: Option<&Spanned<RoundingEntry>>) -> Result<CareRounding, ReferenceError> {
        let default = CareRounding::default();
        let Some(written) = written else { return Ok(default) };
        let (source, entry) = (&self.source, written.get_ref());
        let month_base = [("rounded", MonthBase::Rounded), ("exact", MonthBase::Exact)];
        let norm_period = [("month", NormPeriod::Month), ("year_then_month", NormPeriod::YearThenMonth)];
        let amount_by = [("clinic", AmountBy::Clinic), ("band", AmountBy::Band), ("adults_children", AmountBy::AdultsChildren)];
        Ok(CareRounding {
            month_base: source.one_of("month_base", entry.month_base.as_ref(), &month_base)?,
            norm_period: source.one_of("norm_period", entry.norm_period.as_ref(), &norm_period)?,
            k: source.rounding("k", entry.k.as_ref(), default.k)?,
            factor: source.rounding("factor", entry.factor.as_ref(), default.factor)?,
            correction: source.rounding("correction", entry.correction.as_ref(), default.correction)?,
            year_norm: source.rounding("year_norm", entry.year_norm.as_ref(), default.year_norm)?,
            month_norm: source.rounding("month_norm", entry.month_norm.as_ref(), default.month_norm)?,
            amount: source.rounding("amount", entry.amount.as_ref(), default.amount)?,
            amount_by: source.one_of("amount_by", entry.amount_by.as_ref(), &amount_by)?,
        })
    }
}
