//! Reader of tariffs in TOML: the entries in force on the count date, and errors with their line.

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::clinics::{Clinics, not_exact};
use crate::setting::{date, exact};
use crate::{ReferenceError, ReferenceFault};
use sverka_formats::{line_at, toml_problem};
use sverka_model::{Date, Sex};

use super::{AGE_MAX, AgeSexBand, BandLine, Correction, Tariff};

/// The largest norm of a month in roubles. A larger one has lost its decimal point.
const BASE_NORM_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
/// The largest coefficient. A larger one has lost its decimal point.
const COEFFICIENT_MAX: Decimal = Decimal::ONE_HUNDRED;

impl Tariff {
    /// Reads the tariff in force on `day`; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of the file, with its line.
    pub fn read(file: &str, text: &str, day: Date) -> Result<Self, ReferenceError> {
        let source = Source { file, text, day };
        let written: TariffFile = toml::from_str(text).map_err(|e| source.toml_error(&e))?;
        let correction = written.correction.as_ref().map_or(Ok(Correction::Computed), |value| source.correction(value))?;
        let base_norm = source.base_norm(&written.base_norm)?;
        let factors = source.factors(written.factors)?;
        let mut bands = Vec::new();
        for entry in &written.bands {
            source.read_band(entry, &mut bands)?;
        }
        Self::assemble(file, base_norm, bands, factors, correction)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TariffFile {
    #[serde(default)]
    base_norm: Vec<Spanned<BaseNormEntry>>,
    #[serde(default)]
    factors: Vec<Spanned<String>>,
    correction: Option<Spanned<Value>>,
    #[serde(default)]
    bands: Vec<Spanned<BandEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseNormEntry {
    per_month: Option<Spanned<Value>>,
    per_year: Option<Spanned<Value>>,
    valid_from: Option<Spanned<Value>>,
    valid_to: Option<Spanned<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandEntry {
    sex: Spanned<Value>,
    from: Spanned<u16>,
    to: Option<Spanned<u16>>,
    coefficient: Spanned<Value>,
    valid_from: Option<Spanned<Value>>,
    valid_to: Option<Spanned<Value>>,
}

/// Source of a tariff: the file with its text, and the count date.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    day: Date,
}

impl Source<'_> {
    fn error_in<T>(&self, value: &Spanned<T>, fault: ReferenceFault) -> ReferenceError {
        ReferenceError::new(self.file, self.line(value), fault)
    }

    fn line<T>(&self, value: &Spanned<T>) -> u64 {
        line_at(self.text, value.span().start)
    }

    fn toml_error(&self, error: &toml::de::Error) -> ReferenceError {
        let (line, mut problem) = toml_problem(self.text, error);
        if ["factors", "correction"].iter().any(|key| problem.starts_with(&format!("unknown field `{key}`"))) {
            problem.push_str("; this key stands above the first [[...]]");
        }
        ReferenceError::new(self.file, line, ReferenceFault::Toml { problem })
    }

    /// An exact number from 0 to `most`.
    fn number(&self, key: &str, value: &Spanned<Value>, most: Decimal) -> Result<Decimal, ReferenceError> {
        let number = exact(value.get_ref()).map_err(|why| self.error_in(value, not_exact(key, why)))?;
        if number < Decimal::ZERO || number > most {
            let expected = format!("a number from 0 to {most}");
            let fault = ReferenceFault::OutOfRange { key: key.to_owned(), value: number.to_string(), expected };
            return Err(self.error_in(value, fault));
        }
        Ok(number)
    }

    /// An exact number above 0, up to `most`.
    fn positive(&self, key: &str, value: &Spanned<Value>, most: Decimal) -> Result<Decimal, ReferenceError> {
        let number = self.number(key, value, most)?;
        if number.is_zero() {
            let expected = format!("a number above 0, up to {most}");
            let fault = ReferenceFault::OutOfRange { key: key.to_owned(), value: number.to_string(), expected };
            return Err(self.error_in(value, fault));
        }
        Ok(number)
    }

    fn correction(&self, value: &Spanned<Value>) -> Result<Correction, ReferenceError> {
        if value.get_ref().as_str() == Some("computed") {
            return Ok(Correction::Computed);
        }
        self.positive("correction", value, COEFFICIENT_MAX).map(Correction::Given)
    }

    fn in_force(&self, from: Option<&Spanned<Value>>, to: Option<&Spanned<Value>>) -> Result<bool, ReferenceError> {
        let read = |key: &str, value: &Spanned<Value>| {
            let not_date = |problem| self.error_in(value, ReferenceFault::NotDate { column: key.to_owned(), problem });
            date(value.get_ref()).map_err(not_date)
        };
        let starts = from.map_or(Ok(Date::EARLIEST), |value| read("valid_from", value))?;
        let ends = to.map_or(Ok(Date::NEVER), |value| read("valid_to", value))?;
        match to {
            Some(value) if ends <= starts => {
                Err(self.error_in(value, ReferenceFault::Reversed { start: "valid_from", end: "valid_to" }))
            }
            _ => Ok(starts <= self.day && self.day < ends),
        }
    }

    fn base_norm(&self, entries: &[Spanned<BaseNormEntry>]) -> Result<Decimal, ReferenceError> {
        let mut found: Option<(u64, Decimal)> = None;
        for entry in entries {
            let norm = self.monthly(entry)?;
            if !self.in_force(entry.get_ref().valid_from.as_ref(), entry.get_ref().valid_to.as_ref())? {
                continue;
            }
            if let Some((first_line, _)) = found {
                return Err(self.error_in(entry, ReferenceFault::BaseNormTwice { first_line, day: self.day.to_string() }));
            }
            found = Some((self.line(entry), norm));
        }
        let none = || ReferenceError::new(self.file, 1, ReferenceFault::NoBaseNorm { day: self.day.to_string() });
        found.map(|(_, norm)| norm).ok_or_else(none)
    }

    fn monthly(&self, entry: &Spanned<BaseNormEntry>) -> Result<Decimal, ReferenceError> {
        match (&entry.get_ref().per_month, &entry.get_ref().per_year) {
            (Some(month), None) => self.positive("per_month", month, BASE_NORM_MAX),
            (None, Some(year)) => self.positive("per_year", year, BASE_NORM_MAX * Decimal::from(12)).map(twelfth_in_kopecks),
            _ => Err(self.error_in(entry, ReferenceFault::OneOf { one: "per_month", other: "per_year" })),
        }
    }

    fn factors(&self, names: Vec<Spanned<String>>) -> Result<Vec<String>, ReferenceError> {
        let mut factors: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            let why = if name.get_ref().trim().is_empty() || name.get_ref().trim() != name.get_ref() {
                "is empty or has blanks around it"
            } else if Clinics::has_column(name.get_ref()) {
                "is a column of the clinics' table already"
            } else if factors.contains(name.get_ref()) {
                "stands twice in the list"
            } else {
                factors.push(name.into_inner());
                continue;
            };
            return Err(self.error_in(&name, ReferenceFault::FactorName { factor: name.get_ref().clone(), why }));
        }
        Ok(factors)
    }

    /// Adds the band of an entry in force, or one for each sex.
    fn read_band(&self, entry: &Spanned<BandEntry>, bands: &mut Vec<BandLine>) -> Result<(), ReferenceError> {
        let band = entry.get_ref();
        let coefficient = self.number("coefficient", &band.coefficient, COEFFICIENT_MAX)?;
        let sexes: &[Sex] = match band.sex.get_ref() {
            Value::Integer(1) => &[Sex::Male],
            Value::Integer(2) => &[Sex::Female],
            Value::String(both) if both == "both" => &[Sex::Male, Sex::Female],
            other => {
                let value = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
                let fault = ReferenceFault::Choice { column: "sex".to_owned(), value, expected: "1, 2 or \"both\"".to_owned() };
                return Err(self.error_in(&band.sex, fault));
            }
        };
        for (key, age, least) in [("from", Some(&band.from), 0), ("to", band.to.as_ref(), *band.from.get_ref())] {
            let Some(age) = age.filter(|age| !(least..=AGE_MAX).contains(age.get_ref())) else { continue };
            let fault = ReferenceFault::OutOfRange {
                key: key.to_owned(),
                value: age.get_ref().to_string(),
                expected: format!("full years from {least} to {AGE_MAX}"),
            };
            return Err(self.error_in(age, fault));
        }
        if self.in_force(band.valid_from.as_ref(), band.valid_to.as_ref())? {
            let to = band.to.as_ref().map(|to| *to.get_ref());
            let line = self.line(entry);
            let new_band = |&sex| AgeSexBand::new(sex, *band.from.get_ref(), to, coefficient);
            bands.extend(sexes.iter().map(|sex| BandLine { line, band: new_band(sex) }));
        }
        Ok(())
    }
}

/// A twelfth of a year's norm, rounded to kopecks half away from zero (SRC-31).
fn twelfth_in_kopecks(year: Decimal) -> Decimal {
    let divisor = 12 * 10_i128.pow(year.scale());
    let kopecks = (2 * 100 * year.mantissa() + divisor) / (2 * divisor);
    Decimal::from_i128_with_scale(kopecks, 2)
}
