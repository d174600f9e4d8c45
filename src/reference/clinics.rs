//! The table of clinics (dictionaries F003 and F032, with succession and funding factors kept by the fund).

use rust_decimal::Decimal;

use crate::identifier::Date;

use super::setting::{DIGITS_MAX, NotExact, exact_text};
use super::table::{self, CodeIndex, Organisation, Row, Table};
use super::{ReferenceError, ReferenceFault, Succession, WorkingPeriod};

const REQUIRED: &[&str] = &["clinic", "attachable", "ages", "works_from"];
const OPTIONAL: &[&str] = &["region", "name", "works_to", "successor"];

/// The largest factor, and the largest product of a clinic's factors: anything above is a lost decimal point.
const FACTOR_MAX: Decimal = Decimal::ONE_HUNDRED;

/// Whom a clinic serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgesServed {
    /// Everyone.
    All,
    /// People until their 18th birthday.
    Children,
    /// People from their 18th birthday on.
    Adults,
}

/// A clinic: a legal entity with a six-digit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Six digits (`mcod`).
    pub code: String,
    /// Region, as the table writes it.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to it (no hospital, no research institute).
    pub attachable: bool,
    /// Whom it serves.
    pub ages: AgesServed,
    /// When it works.
    pub works: WorkingPeriod,
    /// Factors of its norm, in the order in which the tariff names them.
    pub factors: Vec<Decimal>,
}

/// A row of the table before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicRow {
    /// Line in the file, for errors.
    pub line: u64,
    /// Six digits.
    pub code: String,
    /// Region.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to it.
    pub attachable: bool,
    /// Whom it serves.
    pub ages: AgesServed,
    /// First day of work.
    pub works_from: Date,
    /// First day without work.
    pub works_to: Option<Date>,
    /// Code of the clinic that takes over on `works_to`.
    pub successor: Option<String>,
    /// Factors of its norm, in the order in which the tariff names them.
    pub factors: Vec<Decimal>,
}

/// All clinics, sorted by code; a clinic's index is its place in that order.
#[derive(Clone, Debug)]
pub struct Clinics {
    clinics: Vec<Clinic>,
    codes: CodeIndex<6>,
    succession: Succession,
}

impl Clinics {
    /// Reads the canonical CSV table with a column for each of the tariff's `factors`; `file` is its name in errors.
    ///
    /// # Errors
    /// The first thing that is wrong with the table, with its line.
    pub fn read(file: &str, bytes: &[u8], factors: &[String]) -> Result<Self, ReferenceError> {
        let required: Vec<&str> = REQUIRED.iter().copied().chain(factors.iter().map(String::as_str)).collect();
        let table = Table::read(file, bytes, &required, OPTIONAL)?;
        Self::from_rows(file, table.rows().map(|row| read_row(&row, factors)).collect::<Result<_, _>>()?)
    }

    /// Checks rows in any order: codes, periods, successors.
    ///
    /// # Errors
    /// The first thing that is wrong, with the line of its row.
    pub fn from_rows(file: &str, mut rows: Vec<ClinicRow>) -> Result<Self, ReferenceError> {
        let organisations: Vec<Organisation<'_>> = rows.iter().map(ClinicRow::organisation).collect();
        let arranged = table::arrange(file, "clinic", &organisations)?;
        let clinics = arranged.order.iter().map(|&row| rows[row].take()).collect();
        Ok(Self { clinics, codes: arranged.codes, succession: arranged.succession })
    }

    /// Whether a column of this name belongs to the table itself, so that no factor may have it.
    pub(super) fn has_column(name: &str) -> bool {
        REQUIRED.contains(&name) || OPTIONAL.contains(&name)
    }

    /// The index of a six-digit code.
    #[must_use]
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<u16> {
        self.codes.find(code)
    }

    /// The clinic at an index that [`Self::find`] gave.
    ///
    /// # Panics
    /// When no clinic has the index.
    #[must_use]
    #[inline]
    pub fn get(&self, index: u16) -> &Clinic {
        &self.clinics[usize::from(index)]
    }

    /// How many clinics there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table without rows is refused")]
    pub fn len(&self) -> usize {
        self.clinics.len()
    }

    /// Who takes over from whom.
    #[must_use]
    pub fn succession(&self) -> &Succession {
        &self.succession
    }

    /// All clinics in the order of their indices.
    pub fn iter(&self) -> std::slice::Iter<'_, Clinic> {
        self.clinics.iter()
    }
}

impl<'a> IntoIterator for &'a Clinics {
    type Item = &'a Clinic;
    type IntoIter = std::slice::Iter<'a, Clinic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl ClinicRow {
    fn organisation(&self) -> Organisation<'_> {
        Organisation {
            code: &self.code,
            line: self.line,
            works_from: self.works_from,
            works_to: self.works_to,
            successor: self.successor.as_deref(),
        }
    }

    fn take(&mut self) -> Clinic {
        Clinic {
            works: self.organisation().works(),
            code: std::mem::take(&mut self.code),
            region: self.region.take(),
            name: self.name.take(),
            attachable: self.attachable,
            ages: self.ages,
            factors: std::mem::take(&mut self.factors),
        }
    }
}

fn read_row(row: &Row<'_>, factors: &[String]) -> Result<ClinicRow, ReferenceError> {
    let attachable = match row.require("attachable")? {
        "1" => true,
        "0" => false,
        other => return Err(row.error(choice("attachable", other, "1 or 0"))),
    };
    let ages = match row.require("ages")? {
        "all" => AgesServed::All,
        "children" => AgesServed::Children,
        "adults" => AgesServed::Adults,
        other => return Err(row.error(choice("ages", other, "all, children or adults"))),
    };
    Ok(ClinicRow {
        line: row.line,
        code: row.require("clinic")?.to_owned(),
        region: row.text("region"),
        name: row.text("name"),
        attachable,
        ages,
        works_from: row.require_date("works_from")?,
        works_to: row.date("works_to")?,
        successor: row.text("successor"),
        factors: read_factors(row, factors, attachable)?,
    })
}

fn choice(column: &str, value: &str, expected: &str) -> ReferenceFault {
    ReferenceFault::Choice { column: column.to_owned(), value: value.to_owned(), expected: expected.to_owned() }
}

fn read_factors(row: &Row<'_>, names: &[String], attachable: bool) -> Result<Vec<Decimal>, ReferenceError> {
    let mut factors = Vec::with_capacity(names.len());
    let mut product = Decimal::ONE;
    for name in names {
        let Some(text) = row.get(name) else {
            if attachable {
                return Err(row.error(ReferenceFault::Empty { column: name.clone() }));
            }
            factors.push(Decimal::ONE);
            continue;
        };
        let factor = exact_text(text).map_err(|why| row.error(not_exact(name, why)))?;
        // Neither operand exceeds 100, so the product cannot overflow; its rounding does not matter for a plausibility limit.
        let plausible = factor >= Decimal::ZERO && factor <= FACTOR_MAX && product * factor <= FACTOR_MAX;
        if !plausible {
            let expected = format!("a factor from 0 to {FACTOR_MAX}, the product of a clinic's factors included");
            let fault = ReferenceFault::OutOfRange { key: name.clone(), value: text.to_owned(), expected };
            return Err(row.error(fault));
        }
        product *= factor;
        factors.push(factor);
    }
    Ok(factors)
}

/// The fault of a number that cannot be kept exactly.
pub(super) fn not_exact(key: &str, why: NotExact) -> ReferenceFault {
    let key = key.to_owned();
    match why {
        NotExact::Float(value) => ReferenceFault::Float { key, value },
        NotExact::NoNumber(value) => ReferenceFault::NotNumber { key, value },
        NotExact::TooLong => ReferenceFault::TooManyDigits { key, most: DIGITS_MAX },
    }
}
