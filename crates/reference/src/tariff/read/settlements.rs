//! Settlements from `[settlements]` of a tariff: order and treatment in the TOML file, sums in tables.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::ReferenceError;
use crate::table::Row;
use crate::tariff::settlements::{DeductionOrder, Settlement, Settlements, Uncovered};
use sverka_model::ClinicId;

use super::Reader;
use super::tables::{DATES, SUM_MAX, money, put_once, values_of};

/// `[settlements]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlementsEntry {
    pub table: Option<Spanned<String>>,
    pub order: Option<Spanned<Value>>,
    pub negative: Option<Spanned<String>>,
    pub carried: Option<Spanned<String>>,
}

impl SettlementsEntry {
    /// Paths of the tables.
    pub fn tables(&self) -> impl Iterator<Item = &Spanned<String>> {
        [&self.table, &self.carried].into_iter().flatten()
    }
}

impl Reader<'_> {
    /// Reads `[settlements]`.
    pub(super) fn settlements(&self, entry: &SettlementsEntry) -> Result<Settlements, ReferenceError> {
        let uncovered = [("carry", Uncovered::Carry), ("zero", Uncovered::Zero), ("pay", Uncovered::Pay)];
        Ok(Settlements {
            order: self.deduction_order(entry.order.as_ref())?,
            uncovered: self.source.one_of("negative", entry.negative.as_ref(), &uncovered)?,
            clinics: entry.table.as_ref().map_or_else(|| Ok(BTreeMap::new()), |path| self.settlement_rows(path))?,
            carried: entry.carried.as_ref().map_or_else(|| Ok(BTreeMap::new()), |path| self.carried(path))?,
        })
    }

    fn deduction_order(&self, written: Option<&Spanned<Value>>) -> Result<DeductionOrder, ReferenceError> {
        let Some(written) = written else { return Ok(DeductionOrder::default()) };
        let names: Option<Vec<&str>> = written.get_ref().as_array().and_then(|names| names.iter().map(Value::as_str).collect());
        match names.as_deref() {
            Some(["advance", "withheld"]) => Ok(DeductionOrder::AdvanceFirst),
            Some(["withheld", "advance"]) => Ok(DeductionOrder::WithheldFirst),
            _ => {
                let expected = "[\"advance\", \"withheld\"] or [\"withheld\", \"advance\"]";
                Err(self.source.choice("order", written, written.get_ref(), expected))
            }
        }
    }

    /// Sums of clinics: `clinic;in;out;withheld;advance;valid_from;valid_to`. An empty sum is 0.
    fn settlement_rows(&self, path: &Spanned<String>) -> Result<BTreeMap<ClinicId, Settlement>, ReferenceError> {
        let table = self.table(path, &["clinic"], &["in", "out", "withheld", "advance", DATES[0], DATES[1]])?;
        let mut clinics = BTreeMap::new();
        for row in table.rows() {
            let clinic = self.clinic(&row)?;
            let settlement = Settlement {
                incoming: sum(&row, "in")?,
                outgoing: sum(&row, "out")?,
                withheld: sum(&row, "withheld")?,
                advance: sum(&row, "advance")?,
            };
            if self.is_in_force(&row, self.day)? {
                put_once(&mut clinics, &row, clinic, settlement, self.day)?;
            }
        }
        Ok(values_of(clinics))
    }

    /// Deductions of earlier months: `clinic;sum;valid_from;valid_to`.
    fn carried(&self, path: &Spanned<String>) -> Result<BTreeMap<ClinicId, Decimal>, ReferenceError> {
        let table = self.table(path, &["clinic", "sum"], &DATES)?;
        let mut clinics = BTreeMap::new();
        for row in table.rows() {
            let (clinic, sum) = (self.clinic(&row)?, money(&row, "sum", SUM_MAX)?);
            if self.is_in_force(&row, self.day)? {
                put_once(&mut clinics, &row, clinic, sum, self.day)?;
            }
        }
        Ok(values_of(clinics))
    }
}

/// The sum of a column; 0 when it is empty.
fn sum(row: &Row<'_>, column: &str) -> Result<Decimal, ReferenceError> {
    row.get(column).map_or(Ok(Decimal::ZERO), |_| money(row, column, SUM_MAX))
}
