//! Values of a tariff's TOML file: exact numbers, dates, choices and roundings, and errors with their line.

use rust_decimal::Decimal;
use toml::{Spanned, Value};

use crate::clinics::not_exact;
use crate::setting::{date, exact};
use crate::{ReferenceError, ReferenceFault, Rounding, RoundingMode};
use sverka_formats::line_at;
use sverka_model::Date;

/// The file of a tariff with its text.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Source<'_> {
    /// An error with the line of a value.
    pub fn error_in<T>(&self, value: &Spanned<T>, fault: ReferenceFault) -> ReferenceError {
        ReferenceError::new(self.file, self.line(value), fault)
    }

    /// The line of a value.
    pub fn line<T>(&self, value: &Spanned<T>) -> u64 {
        line_at(self.text, value.span().start)
    }

    /// An exact number from 0 to `most`.
    pub fn number(&self, key: &str, value: &Spanned<Value>, most: Decimal) -> Result<Decimal, ReferenceError> {
        let number = exact(value.get_ref()).map_err(|why| self.error_in(value, not_exact(key, why)))?;
        if number < Decimal::ZERO || number > most {
            let expected = format!("a number from 0 to {most}");
            let fault = ReferenceFault::OutOfRange { key: key.to_owned(), value: number.to_string(), expected };
            return Err(self.error_in(value, fault));
        }
        Ok(number)
    }

    /// An exact number above 0, up to `most`.
    pub fn positive(&self, key: &str, value: &Spanned<Value>, most: Decimal) -> Result<Decimal, ReferenceError> {
        let number = self.number(key, value, most)?;
        if number.is_zero() {
            let expected = format!("a number above 0, up to {most}");
            let fault = ReferenceFault::OutOfRange { key: key.to_owned(), value: number.to_string(), expected };
            return Err(self.error_in(value, fault));
        }
        Ok(number)
    }

    /// Whether an entry with these first and last days is in force on a day.
    pub fn in_force(
        &self,
        from: Option<&Spanned<Value>>,
        to: Option<&Spanned<Value>>,
        day: Date,
    ) -> Result<bool, ReferenceError> {
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
            _ => Ok(starts <= day && day < ends),
        }
    }

    /// The error for a value that is none of the expected ones.
    pub fn choice<T>(&self, key: &str, place: &Spanned<T>, value: &Value, expected: &str) -> ReferenceError {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.error_in(place, ReferenceFault::Choice { column: key.to_owned(), value, expected: expected.to_owned() })
    }

    /// One of the named values; the first one when the key is absent.
    pub fn one_of<V: Copy>(
        &self,
        key: &str,
        written: Option<&Spanned<String>>,
        named: &[(&str, V)],
    ) -> Result<V, ReferenceError> {
        let Some(written) = written else { return Ok(named[0].1) };
        if let Some((_, value)) = named.iter().find(|(name, _)| name == written.get_ref()) {
            return Ok(*value);
        }
        let names: Vec<String> = named.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        Err(self.choice(key, written, &Value::String(written.get_ref().clone()), &names.join(", ")))
    }

    /// A rounding: `"none"`, or decimals and way; `default` when the key is absent.
    pub fn rounding(&self, key: &str, written: Option<&Spanned<Value>>, default: Rounding) -> Result<Rounding, ReferenceError> {
        const EXPECTED: &str = "\"none\" or { decimals = 0 to 18, mode = \"half_up\", \"half_even\", \"up\" or \"down\" }";
        let Some(written) = written else { return Ok(default) };
        let fault = || self.choice(key, written, written.get_ref(), EXPECTED);
        match written.get_ref() {
            Value::String(none) if none == "none" => Ok(Rounding::Exact),
            Value::Table(table) if table.keys().all(|key| ["decimals", "mode"].contains(&key.as_str())) => {
                let decimals = table.get("decimals").and_then(Value::as_integer).and_then(|number| u32::try_from(number).ok());
                let decimals = decimals.filter(|decimals| *decimals <= Rounding::DECIMALS_MAX).ok_or_else(fault)?;
                let mode = table.get("mode").map_or(Some("half_up"), Value::as_str).and_then(RoundingMode::named);
                Ok(Rounding::To { decimals, mode: mode.ok_or_else(fault)? })
            }
            _ => Err(fault()),
        }
    }

    /// Checks a name that stands in outputs: Latin letters, digits and underscores.
    pub fn check_name(&self, name: &Spanned<String>) -> Result<(), ReferenceError> {
        let text = name.get_ref();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !text.is_empty() && text.bytes().all(plain) {
            return Ok(());
        }
        let expected = "Latin letters, digits and underscores".to_owned();
        Err(self.error_in(name, ReferenceFault::Choice { column: "name".to_owned(), value: text.clone(), expected }))
    }
}
