//! Feldsher points from `[points]` of a tariff: classes of size in the TOML file, the points in a table.

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::table::Row;
use crate::tariff::days::{DayId, first_of_month};
use crate::tariff::points::{Point, PointCoefficients, PointRounding, PointSplit, Points, Term};
use crate::{ReferenceError, ReferenceFault};
use sverka_model::Date;

use super::tables::{DATES, money, optional_number, put_once, values_of, whole_number};
use super::{COEFFICIENT_MAX, Reader};

/// The largest sum of a year of one point in roubles, the most posts, and the most residents. Larger numbers have lost their decimal points.
const YEAR_MAX: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
const POSTS_MAX: Decimal = Decimal::ONE_HUNDRED;
const RESIDENTS_MAX: u32 = 1_000_000;

const REQUIRED: [&str; 2] = ["point", "clinic"];
const OPTIONAL: [&str; 16] = [
    "name",
    "residents",
    "counted_on",
    "posts",
    "posts_filled",
    "s",
    "licensed_from",
    "licensed_to",
    "open_from",
    "open_to",
    "year_norm",
    "region",
    "access",
    "specific",
    DATES[0],
    DATES[1],
];

/// `[points]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PointsEntry {
    pub table: Spanned<String>,
    pub heads: Option<Spanned<Value>>,
    pub split: Option<Spanned<String>>,
    pub rounding: Option<Spanned<PointRoundingEntry>>,
    #[serde(default)]
    pub classes: Vec<Spanned<ClassEntry>>,
}

/// Roundings of points.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PointRoundingEntry {
    pub staff: Option<Spanned<Value>>,
    pub year: Option<Spanned<Value>>,
    pub month: Option<Spanned<Value>>,
}

/// A class of points by residents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassEntry {
    pub from: Option<Spanned<u32>>,
    pub from_included: Option<bool>,
    pub to: Option<Spanned<u32>>,
    pub to_included: Option<bool>,
    pub year_sum: Spanned<Value>,
    pub posts: Option<Spanned<Value>>,
    pub s: Option<Spanned<Value>>,
    pub valid_from: Option<Spanned<Value>>,
    pub valid_to: Option<Spanned<Value>>,
}

/// A class of points in force.
struct Class {
    line: u64,
    /// Fewest and most residents, both included.
    fewest: u32,
    most: u32,
    year_sum: Decimal,
    posts: Option<Decimal>,
    staff_share: Decimal,
}

impl Reader<'_> {
    /// Reads `[points]`.
    pub(super) fn points(&mut self, entry: &PointsEntry) -> Result<Points, ReferenceError> {
        let classes = self.classes(&entry.classes)?;
        let split = [("exact", PointSplit::Exact), ("two_decimals", PointSplit::TwoDecimals)];
        Ok(Points {
            month: first_of_month(self.day, 0),
            heads: self.days_or("heads", entry.heads.as_ref(), &[DayId::AS_OF])?,
            split: self.source.one_of("split", entry.split.as_ref(), &split)?,
            rounding: self.point_rounding(entry.rounding.as_ref())?,
            points: self.point_rows(&entry.table, &classes)?,
        })
    }

    fn point_rounding(&self, written: Option<&Spanned<PointRoundingEntry>>) -> Result<PointRounding, ReferenceError> {
        let default = PointRounding::default();
        let Some(written) = written else { return Ok(default) };
        let (source, entry) = (&self.source, written.get_ref());
        Ok(PointRounding {
            staff: source.rounding("staff", entry.staff.as_ref(), default.staff)?,
            year: source.rounding("year", entry.year.as_ref(), default.year)?,
            month: source.money_rounding("month", entry.month.as_ref(), default.month)?,
        })
    }

    /// The classes in force, none of which shares a number of residents with another.
    fn classes(&self, entries: &[Spanned<ClassEntry>]) -> Result<Vec<Class>, ReferenceError> {
        let mut classes: Vec<Class> = Vec::with_capacity(entries.len());
        for entry in entries {
            let class = self.class(entry)?;
            let ClassEntry { valid_from, valid_to, .. } = entry.get_ref();
            if !self.source.in_force(valid_from.as_ref(), valid_to.as_ref(), self.day)? {
                continue;
            }
            if let Some(other) = classes.iter().find(|other| other.fewest <= class.most && class.fewest <= other.most) {
                let residents = other.fewest.max(class.fewest).to_string();
                return Err(self.source.error_in(entry, ReferenceFault::ClassesOverlap { residents, first_line: other.line }));
            }
            classes.push(class);
        }
        Ok(classes)
    }

    fn class(&self, entry: &Spanned<ClassEntry>) -> Result<Class, ReferenceError> {
        let (source, class) = (&self.source, entry.get_ref());
        let from = class.from.as_ref().map_or(0, |from| *from.get_ref());
        let to = class.to.as_ref().map_or(RESIDENTS_MAX, |to| *to.get_ref());
        let fewest = from.saturating_add(u32::from(class.from_included == Some(false)));
        let ends_before = class.to.is_some() && class.to_included != Some(true);
        let most = if ends_before { to.checked_sub(1) } else { Some(to) };
        let Some(most) = most.filter(|most| fewest <= *most && *most <= RESIDENTS_MAX) else {
            let expected = format!("a limit above `from`, up to {RESIDENTS_MAX}");
            let fault = ReferenceFault::OutOfRange { key: "to".to_owned(), value: to.to_string(), expected };
            return Err(source.error_in(entry, fault));
        };
        Ok(Class {
            line: source.line(entry),
            fewest,
            most,
            year_sum: source.money("year_sum", &class.year_sum, YEAR_MAX)?,
            posts: class.posts.as_ref().map(|posts| source.positive("posts", posts, POSTS_MAX)).transpose()?,
            staff_share: class.s.as_ref().map_or(Ok(Decimal::ZERO), |s| source.number("s", s, Decimal::ONE))?,
        })
    }

    /// The points in force, by code.
    fn point_rows(&self, path: &Spanned<String>, classes: &[Class]) -> Result<Vec<Point>, ReferenceError> {
        let table = self.table(path, &REQUIRED, &OPTIONAL)?;
        let mut points = std::collections::BTreeMap::new();
        for row in table.rows() {
            let point = self.point(&row, classes);
            if !self.is_in_force(&row, self.day)? {
                continue;
            }
            let point = point?;
            put_once(&mut points, &row, point.code.clone(), point, self.day)?;
        }
        Ok(values_of(points).into_values().collect())
    }

    fn point(&self, row: &Row<'_>, classes: &[Class]) -> Result<Point, ReferenceError> {
        let residents = whole_number(row, "residents", RESIDENTS_MAX)?;
        let class = residents.and_then(|residents| classes.iter().find(|class| (class.fewest..=class.most).contains(&residents)));
        let year_norm = row.get("year_norm").map(|_| money(row, "year_norm", YEAR_MAX)).transpose()?;
        let Some(year_norm) = year_norm.or(class.map(|class| class.year_sum)) else {
            let residents = residents.map_or_else(|| "no number of".to_owned(), |residents| residents.to_string());
            return Err(row.error(ReferenceFault::PointWithoutClass { residents }));
        };
        let coefficient = |column: &str| Ok(optional_number(row, column, COEFFICIENT_MAX)?.unwrap_or(Decimal::ONE));
        let posts = optional_number(row, "posts", POSTS_MAX)?.or(class.and_then(|class| class.posts));
        if posts.is_some_and(|posts| posts.is_zero()) {
            let expected = format!("a number above 0, up to {POSTS_MAX}");
            return Err(row.error(ReferenceFault::OutOfRange { key: "posts".to_owned(), value: "0".to_owned(), expected }));
        }
        Ok(Point {
            code: row.require("point")?.to_owned(),
            clinic: self.clinic(row)?,
            name: row.text("name"),
            residents,
            counted_on: row.date("counted_on")?,
            year_norm,
            coefficients: PointCoefficients {
                region: coefficient("region")?,
                access: coefficient("access")?,
                specific: coefficient("specific")?,
            },
            posts,
            posts_filled: optional_number(row, "posts_filled", POSTS_MAX)?,
            staff_share: optional_number(row, "s", Decimal::ONE)?
                .unwrap_or(class.map_or(Decimal::ZERO, |class| class.staff_share)),
            licence: term(row, "licensed_from", "licensed_to")?,
            opening: term(row, "open_from", "open_to")?,
        })
    }
}

/// The days of two columns; without limits where they are empty.
fn term(row: &Row<'_>, start: &'static str, end: &'static str) -> Result<Term, ReferenceError> {
    let from = row.date(start)?.unwrap_or(Date::EARLIEST);
    let to = row.end(end)?.unwrap_or(Date::NEVER);
    if to <= from {
        return Err(row.error(ReferenceFault::Reversed { start, end }));
    }
    Ok(Term { from, to })
}
