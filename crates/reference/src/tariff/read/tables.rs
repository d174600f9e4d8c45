//! Tables that a tariff names: groups, factors, compositions, rates, stations and money, as they are in force.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_decimal::Decimal;
use toml::Spanned;

use crate::clinics::not_exact;
use crate::setting::exact_text;
use crate::table::{Row, Table};
use crate::tariff::care::{Care, FactorTable, FactorValue, GivenCompositions, GroupId, Groups, Rates, Stations};
use crate::{ReferenceError, ReferenceFault};
use sverka_model::{ClinicId, Date, Sex};

use super::{COEFFICIENT_MAX, Reader};

/// The largest rate of a month and the largest sum of money in roubles. Larger ones have lost their decimal points.
const RATE_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
pub(super) const SUM_MAX: Decimal = Decimal::from_parts(1_000_000_000, 1_000, 0, false, 0);

/// First and last day of a row.
pub(super) const DATES: [&str; 2] = ["valid_from", "valid_to"];

/// The largest product of the factors of a clinic or group. A larger one has lost its decimal point.
const FACTOR_PRODUCT_MAX: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 0);

/// Clinic or group that a row is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Clinic(ClinicId),
    Group(GroupId),
}

/// Values by clinic and group, with the lines of their rows.
struct Holders<V> {
    of_clinics: BTreeMap<ClinicId, (u64, V)>,
    of_groups: BTreeMap<GroupId, (u64, V)>,
}

impl<V> Holders<V> {
    fn new() -> Self {
        Self { of_clinics: BTreeMap::new(), of_groups: BTreeMap::new() }
    }

    /// Takes the value of a row; another row in force must not have given one.
    fn put(&mut self, row: &Row<'_>, holder: Holder, value: V, day: Date) -> Result<(), ReferenceError> {
        match holder {
            Holder::Clinic(clinic) => put_once(&mut self.of_clinics, row, clinic, value, day),
            Holder::Group(group) => put_once(&mut self.of_groups, row, group, value, day),
        }
    }

    fn into_values(self) -> (BTreeMap<ClinicId, V>, BTreeMap<GroupId, V>) {
        (values_of(self.of_clinics), values_of(self.of_groups))
    }
}

/// Puts the value of a row under its key. Two rows in force with one key are an error of the second.
pub(super) fn put_once<K: Ord, V>(
    values: &mut BTreeMap<K, (u64, V)>,
    row: &Row<'_>,
    key: K,
    value: V,
    day: Date,
) -> Result<(), ReferenceError> {
    match values.entry(key) {
        Entry::Vacant(free) => {
            free.insert((row.line, value));
            Ok(())
        }
        Entry::Occupied(taken) => {
            Err(row.error(ReferenceFault::InForceTwice { first_line: taken.get().0, day: day.to_string() }))
        }
    }
}

/// The values without the lines of their rows.
pub(super) fn values_of<K: Ord, V>(values: BTreeMap<K, (u64, V)>) -> BTreeMap<K, V> {
    values.into_iter().map(|(key, (_, value))| (key, value)).collect()
}

impl Reader<'_> {
    /// Groups of clinics: `clinic;group;valid_from;valid_to`.
    pub(super) fn groups(&self, path: &Spanned<String>) -> Result<Groups, ReferenceError> {
        let table = self.table(path, &["clinic", "group"], &DATES)?;
        let mut names: Vec<String> = Vec::new();
        let mut of_clinics = BTreeMap::new();
        for row in table.rows() {
            let (clinic, name) = (self.clinic(&row)?, row.require("group")?);
            if !self.is_in_force(&row, self.day)? {
                continue;
            }
            let known = names.iter().position(|known| known == name);
            let group = known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            put_once(&mut of_clinics, &row, clinic, GroupId::new(group as u16), self.day)?;
        }
        Ok(Groups { names, of_clinics: values_of(of_clinics) })
    }

    /// Factors of a care: `clinic;group;factor;value;share;valid_from;valid_to`.
    pub(super) fn factor_tables(&self, path: &Spanned<String>, care: &Care) -> Result<Vec<FactorTable>, ReferenceError> {
        let table = self.table(path, &["factor", "value"], &["clinic", "group", "share", DATES[0], DATES[1]])?;
        let mut names: Vec<String> = Vec::new();
        let mut values: Vec<Holders<FactorValue>> = Vec::new();
        let mut products: BTreeMap<Holder, Decimal> = BTreeMap::new();
        for row in table.rows() {
            let name = row.require("factor")?;
            if self.factor_names(care).any(|column| column == name) {
                let why = "is a column of the clinics' table already";
                return Err(row.error(ReferenceFault::FactorName { factor: name.to_owned(), why }));
            }
            let (holder, value) = (self.holder(&row, &care.groups)?, number(&row, "value", COEFFICIENT_MAX)?);
            let share = row.get("share").map(|_| number(&row, "share", Decimal::ONE)).transpose()?;
            if !self.is_in_force(&row, self.day)? {
                continue;
            }
            let known = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                values.push(Holders::new());
                names.len() - 1
            });
            values[known].put(&row, holder, FactorValue { value, share }, self.day)?;
            let product = products.entry(holder).or_insert_with(|| self.product_of_columns(holder, care));
            *product *= Decimal::ONE + share.unwrap_or(Decimal::ONE) * (value - Decimal::ONE);
            if *product > FACTOR_PRODUCT_MAX {
                let expected = format!("factors whose product is at most {FACTOR_PRODUCT_MAX}, the columns of clinics included");
                let fault = ReferenceFault::OutOfRange { key: "value".to_owned(), value: value.to_string(), expected };
                return Err(row.error(fault));
            }
        }
        let tables = names.into_iter().zip(values).map(|(name, values)| {
            let (of_clinics, of_groups) = values.into_values();
            FactorTable { name, of_clinics, of_groups }
        });
        Ok(tables.collect())
    }

    /// Product of a clinic's factors that are columns of the table of clinics; 1 for a group.
    fn product_of_columns(&self, holder: Holder, care: &Care) -> Decimal {
        let Holder::Clinic(clinic) = holder else { return Decimal::ONE };
        let factors = &self.clinics.get(clinic).factors;
        care.factor_columns.iter().map(|&column| factors[column]).product()
    }

    /// Compositions that the agreement prints: `clinic;group;k;valid_from;valid_to`.
    pub(super) fn given_k(&self, path: &Spanned<String>, groups: &Groups) -> Result<GivenCompositions, ReferenceError> {
        let table = self.table(path, &["k"], &["clinic", "group", DATES[0], DATES[1]])?;
        let mut values = Holders::new();
        for row in table.rows() {
            let (holder, k) = (self.holder(&row, groups)?, number(&row, "k", COEFFICIENT_MAX)?);
            if self.is_in_force(&row, self.day)? {
                values.put(&row, holder, k, self.day)?;
            }
        }
        let (of_clinics, of_groups) = values.into_values();
        Ok(GivenCompositions { of_clinics, of_groups })
    }

    /// Rates in roubles: `clinic;group;sex;from;to;rate;valid_from;valid_to`. A row is about each band of the care that it names by sex and ages.
    pub(super) fn rates(&self, path: &Spanned<String>, care: &Care) -> Result<Rates, ReferenceError> {
        let table = self.table(path, &["sex", "from", "rate"], &["clinic", "group", "to", DATES[0], DATES[1]])?;
        let bands = &self.band_sets[care.band_set.index()].bands;
        let mut values: Holders<Vec<Option<Decimal>>> = Holders::new();
        for row in table.rows() {
            let (holder, rate) = (self.holder(&row, &care.groups)?, number(&row, "rate", RATE_MAX)?);
            let sexes = self.sexes(&row)?;
            let (from, to) = (age(&row, "from")?.unwrap_or(0), age(&row, "to")?);
            if !self.is_in_force(&row, self.day)? {
                continue;
            }
            let rates = match holder {
                Holder::Clinic(clinic) => values.of_clinics.entry(clinic).or_insert((row.line, vec![None; bands.len()])),
                Holder::Group(group) => values.of_groups.entry(group).or_insert((row.line, vec![None; bands.len()])),
            };
            for &sex in sexes {
                let Some(band) = bands.iter().position(|band| band.sex == sex && band.from == from && band.to == to) else {
                    let expected = format!("the sex and ages of a band of the care `{}`", care.name);
                    let value = row.require("from")?.to_owned();
                    return Err(row.error(ReferenceFault::Choice { column: "from".to_owned(), value, expected }));
                };
                if rates.1[band].replace(rate).is_some() {
                    let fault = ReferenceFault::InForceTwice { first_line: rates.0, day: self.day.to_string() };
                    return Err(row.error(fault));
                }
            }
        }
        let name = &self.tables[path.get_ref()].name;
        let whole = |(line, rates): (u64, Vec<Option<Decimal>>)| {
            let missing = rates.iter().position(Option::is_none).map(|band| &bands[band]);
            rates.into_iter().collect::<Option<Vec<Decimal>>>().ok_or_else(|| {
                let (label, sex) = missing.map_or_else(Default::default, |band| (band.label.clone(), band.sex.to_string()));
                ReferenceError::new(name, line, ReferenceFault::RateMissing { label, sex })
            })
        };
        let Holders { of_clinics, of_groups } = values;
        Ok(Rates {
            of_clinics: of_clinics.into_iter().map(|(clinic, rates)| Ok((clinic, whole(rates)?))).collect::<Result<_, _>>()?,
            of_groups: of_groups.into_iter().map(|(group, rates)| Ok((group, whole(rates)?))).collect::<Result<_, _>>()?,
        })
    }

    /// Stations that serve the people of clinics: `clinic;station;valid_from;valid_to`, as they are in force on each day of the care.
    pub(super) fn stations(&self, path: &Spanned<String>, care: &Care) -> Result<Stations, ReferenceError> {
        let table = self.table(path, &["clinic", "station"], &DATES)?;
        let mut by_day = BTreeMap::new();
        let mut days: Vec<_> = care.heads.iter().chain(&care.composition).copied().collect();
        days.sort_unstable();
        days.dedup();
        for id in days {
            let day = self.days.day(id);
            let mut of_clinics = BTreeMap::new();
            for row in table.rows() {
                let (clinic, station) = (self.clinic(&row)?, self.clinic_in(&row, "station")?);
                if self.is_in_force(&row, day)? {
                    put_once(&mut of_clinics, &row, clinic, station, day)?;
                }
            }
            by_day.insert(id, values_of(of_clinics));
        }
        Ok(Stations { profile: care.profile(), by_day })
    }

    /// Money of the programme: `line;sum;inside;care;valid_from;valid_to`. Lines inside the norm are added, those outside are taken off.
    pub(super) fn money(&self, path: &Spanned<String>, care: &Care) -> Result<Decimal, ReferenceError> {
        let table = self.table(path, &["line", "sum", "inside"], &["care", DATES[0], DATES[1]])?;
        let mut sum = Decimal::ZERO;
        for row in table.rows() {
            let amount = number(&row, "sum", SUM_MAX)?;
            let is_inside = match row.require("inside")? {
                "1" => true,
                "0" => false,
                other => {
                    let expected = "1 inside the norm or 0 outside".to_owned();
                    let fault = ReferenceFault::Choice { column: "inside".to_owned(), value: other.to_owned(), expected };
                    return Err(row.error(fault));
                }
            };
            let concerns_care = row.get("care").is_none_or(|name| name == care.name);
            if concerns_care && self.is_in_force(&row, self.day)? {
                sum += if is_inside { amount } else { -amount };
            }
        }
        if sum <= Decimal::ZERO {
            let expected = "a sum above 0 of the lines inside without those outside".to_owned();
            let fault = ReferenceFault::OutOfRange { key: "sum".to_owned(), value: sum.to_string(), expected };
            return Err(ReferenceError::new(&self.tables[path.get_ref()].name, 1, fault));
        }
        Ok(sum)
    }

    /// A table that the tariff names.
    pub(super) fn table(
        &self,
        path: &Spanned<String>,
        required: &[&str],
        optional: &[&str],
    ) -> Result<Table<'_>, ReferenceError> {
        let table = self.tables.get(path.get_ref()).unwrap_or_else(|| panic!("invariant: the caller read {}", path.get_ref()));
        let read = Table::read(&table.name, &table.bytes, required, optional)?;
        // A table that lost its rows would change what is paid without a word.
        if read.rows().next().is_none() {
            return Err(ReferenceError::new(&table.name, 1, ReferenceFault::NoRows));
        }
        Ok(read)
    }

    /// Whether a row is in force on a day.
    pub(super) fn is_in_force(&self, row: &Row<'_>, day: Date) -> Result<bool, ReferenceError> {
        let from = row.date("valid_from")?.unwrap_or(Date::EARLIEST);
        let to = row.end("valid_to")?.unwrap_or(Date::NEVER);
        if to <= from {
            return Err(row.error(ReferenceFault::Reversed { start: "valid_from", end: "valid_to" }));
        }
        Ok(from <= day && day < to)
    }

    /// The clinic of a row, at which its people are counted.
    pub(super) fn clinic(&self, row: &Row<'_>) -> Result<ClinicId, ReferenceError> {
        self.clinic_in(row, "clinic")
    }

    /// The clinic of a column, at which its people are counted.
    fn clinic_in(&self, row: &Row<'_>, column: &str) -> Result<ClinicId, ReferenceError> {
        let code = row.require(column)?;
        let unknown = || row.error(ReferenceFault::CodeUnknown { code: code.to_owned(), table: "clinics" });
        self.clinics.find(code.as_bytes()).map(|clinic| self.clinics.counted_at(clinic)).ok_or_else(unknown)
    }

    /// The clinic or the group of a row, which names one of them.
    fn holder(&self, row: &Row<'_>, groups: &Groups) -> Result<Holder, ReferenceError> {
        match (row.get("clinic"), row.get("group")) {
            (Some(_), None) => Ok(Holder::Clinic(self.clinic(row)?)),
            (None, Some(name)) => match groups.names.iter().position(|known| known == name) {
                Some(group) => Ok(Holder::Group(GroupId::new(group as u16))),
                None => {
                    let expected = "a group of the care's table of groups".to_owned();
                    let fault = ReferenceFault::Choice { column: "group".to_owned(), value: name.to_owned(), expected };
                    Err(row.error(fault))
                }
            },
            _ => Err(row.error(ReferenceFault::OneOf { one: "clinic", other: "group" })),
        }
    }

    fn sexes(&self, row: &Row<'_>) -> Result<&'static [Sex], ReferenceError> {
        match row.require("sex")? {
            "1" => Ok(&[Sex::Male]),
            "2" => Ok(&[Sex::Female]),
            "both" => Ok(&[Sex::Male, Sex::Female]),
            other => {
                let expected = "1, 2 or \"both\"".to_owned();
                Err(row.error(ReferenceFault::Choice { column: "sex".to_owned(), value: other.to_owned(), expected }))
            }
        }
    }
}

/// The number of a column, from 0 to `most`.
pub(super) fn number(row: &Row<'_>, column: &str, most: Decimal) -> Result<Decimal, ReferenceError> {
    let text = row.require(column)?;
    let number = exact_text(text).map_err(|why| row.error(not_exact(column, why)))?;
    if number < Decimal::ZERO || number > most {
        let expected = format!("a number from 0 to {most}");
        let fault = ReferenceFault::OutOfRange { key: column.to_owned(), value: text.to_owned(), expected };
        return Err(row.error(fault));
    }
    Ok(number)
}

/// The number of a column, from 0 to `most`; `None` when it is empty.
pub(super) fn optional_number(row: &Row<'_>, column: &str, most: Decimal) -> Result<Option<Decimal>, ReferenceError> {
    row.get(column).map(|_| number(row, column, most)).transpose()
}

/// Roubles and kopecks of a column, from 0 to `most`.
pub(super) fn money(row: &Row<'_>, column: &str, most: Decimal) -> Result<Decimal, ReferenceError> {
    let sum = number(row, column, most)?.normalize();
    if sum.scale() > 2 {
        let (key, value, expected) = (column.to_owned(), sum.to_string(), "roubles with at most two decimals".to_owned());
        return Err(row.error(ReferenceFault::OutOfRange { key, value, expected }));
    }
    Ok(sum)
}

/// The whole number of a column, from 0 to `most`; `None` when it is empty.
pub(super) fn whole_number(row: &Row<'_>, column: &str, most: u32) -> Result<Option<u32>, ReferenceError> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u32>().ok().filter(|number| is_digits && *number <= most);
    number.map(Some).ok_or_else(|| {
        let (key, value, expected) = (column.to_owned(), text.to_owned(), format!("a whole number from 0 to {most}"));
        row.error(ReferenceFault::OutOfRange { key, value, expected })
    })
}

/// The full years of a column; `None` when it is empty.
fn age(row: &Row<'_>, column: &str) -> Result<Option<u16>, ReferenceError> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let years = text.parse::<u16>().ok().filter(|years| *years <= crate::tariff::bands::AGE_MAX);
    years.map(Some).ok_or_else(|| {
        let expected = format!("full years from 0 to {}", crate::tariff::bands::AGE_MAX);
        row.error(ReferenceFault::OutOfRange { key: column.to_owned(), value: text.to_owned(), expected })
    })
}
