//! Money of the fund for insurers from `[insurers]` of a tariff.

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::tariff::care::Correction;
use crate::tariff::days::DayId;
use crate::tariff::insurers::{InsurerBase, InsurerMoney, InsurerRounding};
use crate::{ReferenceError, ReferenceFault};

use super::Reader;
use super::care::BASE_NORM_MAX;

/// The largest sum of a month for all insurers in roubles. A larger one has lost its decimal point.
const MONEY_MAX: Decimal = Decimal::from_parts(1_215_752_192, 23, 0, false, 0);

/// `[insurers]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InsurersEntry {
    pub money: Option<Spanned<Value>>,
    pub per_head: Option<Spanned<Value>>,
    pub correction: Option<Spanned<Value>>,
    pub running_costs: Option<Spanned<Value>>,
    pub band_set: Spanned<String>,
    pub heads: Option<Spanned<Value>>,
    pub mean_heads: Option<Spanned<String>>,
    pub rounding: Option<Spanned<InsurerRoundingEntry>>,
}

/// Roundings of the money for insurers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InsurerRoundingEntry {
    pub base: Option<Spanned<Value>>,
    pub k: Option<Spanned<Value>>,
    pub correction: Option<Spanned<Value>>,
    pub norm: Option<Spanned<Value>>,
    pub money: Option<Spanned<Value>>,
    pub running_costs: Option<Spanned<Value>>,
}

impl Reader<'_> {
    /// Reads `[insurers]`.
    pub(super) fn insurers(&mut self, entry: &Spanned<InsurersEntry>) -> Result<InsurerMoney, ReferenceError> {
        let written = entry.get_ref();
        let base = match (&written.money, &written.per_head) {
            (Some(money), None) => InsurerBase::Money(self.dated_number("money", money, MONEY_MAX)?),
            (None, Some(norm)) => InsurerBase::PerHead(self.dated_number("per_head", norm, BASE_NORM_MAX)?),
            _ => return Err(self.source.error_in(entry, ReferenceFault::OneOf { one: "money", other: "per_head" })),
        };
        let correction = match &written.correction {
            None => Correction::Given(Decimal::ONE),
            given => self.correction(given.as_ref())?,
        };
        let running_costs = match &written.running_costs {
            Some(share) => self.dated_number("running_costs", share, Decimal::ONE)?,
            None => Decimal::ZERO,
        };
        Ok(InsurerMoney {
            base,
            correction,
            running_costs,
            band_set: self.named_set(&written.band_set)?,
            heads: self.days_or("heads", written.heads.as_ref(), &[DayId::AS_OF])?,
            whole_heads: self.source.one_of("mean_heads", written.mean_heads.as_ref(), &[("exact", false), ("half_up", true)])?,
            rounding: self.insurer_rounding(written.rounding.as_ref())?,
        })
    }

    /// A number, or the entry in force of a dated list.
    fn dated_number(&self, key: &'static str, written: &Spanned<Value>, most: Decimal) -> Result<Decimal, ReferenceError> {
        let read = |value: &Spanned<Value>| self.source.number(key, value, most);
        let Value::Array(entries) = written.get_ref() else { return read(written) };
        let none = || self.source.error_in(written, ReferenceFault::NoneInForce { key, day: self.day.to_string() });
        self.entry_in_force(written, entries, read)?.ok_or_else(none)
    }

    fn insurer_rounding(&self, written: Option<&Spanned<InsurerRoundingEntry>>) -> Result<InsurerRounding, ReferenceError> {
        let default = InsurerRounding::default();
        let Some(written) = written else { return Ok(default) };
        let (source, entry) = (&self.source, written.get_ref());
        Ok(InsurerRounding {
            base: source.rounding("base", entry.base.as_ref(), default.base)?,
            k: source.rounding("k", entry.k.as_ref(), default.k)?,
            correction: source.rounding("correction", entry.correction.as_ref(), default.correction)?,
            norm: source.rounding("norm", entry.norm.as_ref(), default.norm)?,
            money: source.money_rounding("money", entry.money.as_ref(), default.money)?,
            running_costs: source.money_rounding("running_costs", entry.running_costs.as_ref(), default.running_costs)?,
        })
    }
}
