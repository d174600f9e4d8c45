//! Days of a tariff: names relative to the as-of date, dates, ranges of months, and lists of them.

use toml::{Spanned, Value};

use crate::ReferenceError;
use crate::setting::date;
use crate::tariff::days::{DayId, first_of_month};
use sverka_model::Date;

use super::Reader;

const EXPECTED: &str = "\"as_of\", \"first_of_month\", \"first_of_next_month\", a date, or { from = \"2026-07\", to = \"2026-10\" } for the first days of months";

impl Reader<'_> {
    /// Reads the days that the tariff counts beside those of its cares.
    pub(super) fn read_count_days(&mut self) -> Result<(), ReferenceError> {
        let file = self.file;
        for written in &file.written.count_days {
            self.days_of("count_days", written)?;
        }
        Ok(())
    }

    /// The days of a value: a day, a range of months, or a list of them.
    pub(super) fn days_of(&mut self, key: &str, written: &Spanned<Value>) -> Result<Vec<DayId>, ReferenceError> {
        let found = match written.get_ref() {
            Value::Array(days) if !days.is_empty() => {
                days.iter().map(|day| self.days(day)).collect::<Option<Vec<Vec<Date>>>>().map(|days| days.concat())
            }
            day => self.days(day),
        };
        let found = found.ok_or_else(|| self.source.choice(key, written, written.get_ref(), EXPECTED))?;
        let mut ids: Vec<DayId> = found.into_iter().map(|day| self.days.add(day)).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn days(&self, written: &Value) -> Option<Vec<Date>> {
        match written {
            Value::String(name) if name == "as_of" => Some(vec![self.day]),
            Value::String(name) if name == "first_of_month" => Some(vec![first_of_month(self.day, 0)]),
            Value::String(name) if name == "first_of_next_month" => Some(vec![first_of_month(self.day, 1)]),
            Value::Table(range) if range.len() == 2 => {
                let month = |key: &str| format!("{}-01", range.get(key)?.as_str()?).parse::<Date>().ok();
                let (from, to) = (month("from")?, month("to")?);
                let months = (0..120).map(|months| from.months_later(months)).take_while(|day| *day <= to);
                Some(months.collect()).filter(|days: &Vec<Date>| !days.is_empty())
            }
            other => date(other).ok().map(|day| vec![day]),
        }
    }
}
