//! Money for results from `[results]` of a tariff: pot and limits in the TOML file, indicators and values in tables.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::table::Row;
use crate::tariff::days::DayId;
use crate::tariff::results::{ClinicResults, GroupCount, GroupLimits, Indicator, IndicatorRule, IndicatorValue, Results};
use crate::{ReferenceError, ReferenceFault, Rounding, RoundingMode};
use sverka_model::ClinicId;

use super::Reader;
use super::tables::{DATES, SUM_MAX, number, optional_number, put_once, values_of, whole_number};

/// The most points of an indicator. A larger number has lost its decimal point.
const POINTS_MAX: Decimal = Decimal::ONE_THOUSAND;
/// Months of a year, which a clinic without a row works.
const MONTHS: u32 = 12;

/// `[results]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultsEntry {
    pub indicators: Spanned<String>,
    pub table: Spanned<String>,
    pub months: Option<Spanned<String>>,
    pub heads: Option<Spanned<Value>>,
    pub pot: Spanned<Value>,
    pub part1: Option<Spanned<Value>>,
    pub part2: Option<Spanned<Value>>,
    pub count: Option<Spanned<String>>,
    pub group_2: Option<Spanned<Value>>,
    pub group_3: Option<Spanned<Value>>,
    pub threshold: Option<Spanned<Value>>,
    pub reached_from: Option<Spanned<Value>>,
}

impl ResultsEntry {
    /// Paths of the tables.
    pub fn tables(&self) -> impl Iterator<Item = &Spanned<String>> {
        [&self.indicators, &self.table].into_iter().chain(&self.months)
    }
}

impl Reader<'_> {
    /// Reads `[results]`.
    pub(super) fn results(&mut self, entry: &ResultsEntry) -> Result<Results, ReferenceError> {
        let reached_from = match &entry.reached_from {
            Some(share) => self.source.positive("reached_from", share, Decimal::ONE)?,
            None => Decimal::ONE,
        };
        let indicators = self.indicators(&entry.indicators)?;
        Ok(Results {
            heads: self.days_or("heads", entry.heads.as_ref(), &[DayId::AS_OF])?,
            pot: self.pot(&entry.pot)?,
            people_share: self.people_share(entry)?,
            limits: self.group_limits(entry)?,
            reached_from,
            clinics: self.clinic_results(entry, &indicators)?,
            indicators,
        })
    }

    /// The pot: a sum, or the entry in force of a dated list; without an entry there is nothing to give out.
    fn pot(&self, written: &Spanned<Value>) -> Result<Decimal, ReferenceError> {
        let read = |value: &Spanned<Value>| self.source.money("pot", value, SUM_MAX);
        match written.get_ref() {
            Value::Array(entries) => Ok(self.entry_in_force(written, entries, read)?.unwrap_or(Decimal::ZERO)),
            _ => read(written),
        }
    }

    /// The first share of the pot. Both shares are 1 together; 0.7 and 0.3 by default.
    fn people_share(&self, entry: &ResultsEntry) -> Result<Decimal, ReferenceError> {
        let share = |key: &str, written: &Option<Spanned<Value>>| {
            written.as_ref().map(|written| self.source.number(key, written, Decimal::ONE)).transpose()
        };
        match (share("part1", &entry.part1)?, share("part2", &entry.part2)?) {
            (None, None) => Ok(Decimal::new(7, 1)),
            (Some(part1), None) => Ok(part1),
            (None, Some(part2)) => Ok(Decimal::ONE - part2),
            (Some(part1), Some(part2)) if part1 + part2 == Decimal::ONE => Ok(part1),
            (Some(part1), Some(part2)) => {
                let expected = format!("1 less `part1`, which is {part1}");
                let fault = ReferenceFault::OutOfRange { key: "part2".to_owned(), value: part2.to_string(), expected };
                Err(self.source.error_in(entry.part2.as_ref().expect("it was read"), fault))
            }
        }
    }

    fn group_limits(&self, entry: &ResultsEntry) -> Result<GroupLimits, ReferenceError> {
        let limit = |key: &str, written: &Option<Spanned<Value>>, default: Decimal| {
            written.as_ref().map_or(Ok(default), |written| self.source.positive(key, written, Decimal::ONE))
        };
        let group_2 = limit("group_2", &entry.group_2, Decimal::new(5, 1))?;
        let group_3 = limit("group_3", &entry.group_3, Decimal::new(7, 1))?;
        if group_3 < group_2 {
            let place = entry.group_3.as_ref().or(entry.group_2.as_ref()).expect("the defaults are in order");
            let expected = format!("a share from `group_2` ({group_2}) to 1");
            let fault = ReferenceFault::OutOfRange { key: "group_3".to_owned(), value: group_3.to_string(), expected };
            return Err(self.source.error_in(place, fault));
        }
        let count = [("indicators", GroupCount::Indicators), ("points", GroupCount::Points)];
        let whole = Rounding::To { decimals: 0, mode: RoundingMode::HalfUp };
        Ok(GroupLimits {
            count: self.source.one_of("count", entry.count.as_ref(), &count)?,
            group_2,
            group_3,
            rounding: self.source.rounding("threshold", entry.threshold.as_ref(), whole)?,
        })
    }

    /// Indicators: `indicator;block;most_points;rule;better;target;valid_from;valid_to`.
    fn indicators(&self, path: &Spanned<String>) -> Result<Vec<Indicator>, ReferenceError> {
        let optional = ["block", "better", "target", DATES[0], DATES[1]];
        let table = self.table(path, &["indicator", "most_points", "rule"], &optional)?;
        let mut lines: BTreeMap<String, (u64, ())> = BTreeMap::new();
        let mut indicators = Vec::new();
        for row in table.rows() {
            let indicator = indicator(&row)?;
            if self.is_in_force(&row, self.day)? {
                put_once(&mut lines, &row, indicator.name.clone(), (), self.day)?;
                indicators.push(indicator);
            }
        }
        Ok(indicators)
    }

    /// Values: `clinic;indicator;before;now`. A row says that the indicator concerns the clinic.
    fn clinic_results(
        &self,
        entry: &ResultsEntry,
        indicators: &[Indicator],
    ) -> Result<BTreeMap<ClinicId, ClinicResults>, ReferenceError> {
        let months = entry.months.as_ref().map_or_else(|| Ok(BTreeMap::new()), |path| self.months(path))?;
        let table = self.table(&entry.table, &["clinic", "indicator", "now"], &["before", DATES[0], DATES[1]])?;
        let mut values: BTreeMap<(ClinicId, usize), (u64, IndicatorValue)> = BTreeMap::new();
        for row in table.rows() {
            let (clinic, name) = (self.clinic(&row)?, row.require("indicator")?);
            let (before, now) = (optional_number(&row, "before", SUM_MAX)?, optional_number(&row, "now", SUM_MAX)?);
            if !self.is_in_force(&row, self.day)? {
                continue;
            }
            let Some(indicator) = indicators.iter().position(|indicator| indicator.name == name) else {
                let expected = "an indicator of the table of indicators".to_owned();
                let fault = ReferenceFault::Choice { column: "indicator".to_owned(), value: name.to_owned(), expected };
                return Err(row.error(fault));
            };
            put_once(&mut values, &row, (clinic, indicator), IndicatorValue { indicator, before, now }, self.day)?;
        }
        let mut clinics: BTreeMap<ClinicId, ClinicResults> = BTreeMap::new();
        for ((clinic, _), (_, value)) in values {
            let of_clinic = match clinics.entry(clinic) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => {
                    let months = months.get(&clinic).copied().unwrap_or(MONTHS);
                    free.insert(ClinicResults { months, values: Vec::new() })
                }
            };
            of_clinic.values.push(value);
        }
        Ok(clinics)
    }

    /// Months of clinics: `clinic;months`.
    fn months(&self, path: &Spanned<String>) -> Result<BTreeMap<ClinicId, u32>, ReferenceError> {
        let table = self.table(path, &["clinic", "months"], &DATES)?;
        let mut months = BTreeMap::new();
        for row in table.rows() {
            let clinic = self.clinic(&row)?;
            row.require("months")?;
            let number = whole_number(&row, "months", MONTHS)?.unwrap_or(MONTHS);
            if self.is_in_force(&row, self.day)? {
                put_once(&mut months, &row, clinic, number, self.day)?;
            }
        }
        Ok(values_of(months))
    }
}

fn indicator(row: &Row<'_>) -> Result<Indicator, ReferenceError> {
    let choice = |column: &str, value: &str, expected: &str| {
        row.error(ReferenceFault::Choice { column: column.to_owned(), value: value.to_owned(), expected: expected.to_owned() })
    };
    let rule = match row.require("rule")? {
        "reached" => IndicatorRule::Reached,
        "share" => IndicatorRule::Share,
        "growth" => IndicatorRule::Growth,
        other => return Err(choice("rule", other, "reached, share or growth")),
    };
    let less_is_better = match row.get("better") {
        None | Some("more") => false,
        Some("less") => true,
        Some(other) => return Err(choice("better", other, "more or less")),
    };
    Ok(Indicator {
        name: row.require("indicator")?.to_owned(),
        block: row.text("block").unwrap_or_default(),
        most_points: number(row, "most_points", POINTS_MAX)?,
        rule,
        less_is_better,
        target: optional_number(row, "target", SUM_MAX)?,
    })
}
