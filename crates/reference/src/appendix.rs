//! Appendix of a tariff agreement: base norm, coefficients and printed norms of clinics or groups.
//!
//! Agreements name the columns of their appendices as they like. The names choose what a column is ([`columns`]); a user may say it instead. How a norm
//! is made of the figures is not known here.

mod columns;

use rust_decimal::Decimal;

use crate::clinics::not_exact;
use crate::setting::exact_text;
use crate::table::{Row, Table};
use crate::{ReferenceError, ReferenceFault};

pub use columns::AppendixColumns;

/// The largest coefficient. A larger one has lost its decimal point.
const COEFFICIENT_MAX: Decimal = Decimal::ONE_HUNDRED;
/// The largest norm in roubles, of a month or a year.
const NORM_MAX: Decimal = Decimal::from_parts(12_000_000, 0, 0, false, 0);

/// An appendix with its rows.
#[derive(Clone, Debug)]
pub struct Appendix {
    /// Columns that were read.
    pub columns: AppendixColumns,
    /// Rows with a printed norm.
    pub rows: Vec<AppendixRow>,
    /// Rows without a printed norm, which are not in [`Self::rows`].
    pub without_norm: usize,
    /// Empty coefficients in [`Self::rows`], which count as 1.
    pub empty_coefficients: usize,
}

/// Row of an appendix: a clinic or group with the figures that make its norm, and the norm as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendixRow {
    /// Line of the table.
    pub line: u64,
    /// Clinic or group, as the table writes it; empty when no column has it.
    pub name: String,
    /// Base norm. `None` when neither the table nor the user has it.
    pub base: Option<PrintedBase>,
    /// Coefficients, as printed.
    pub coefficients: Vec<Decimal>,
    /// Correction. `None` when neither the table nor the user has it.
    pub correction: Option<Quotient>,
    /// Norm of a month, as printed.
    pub norm_month: Option<Decimal>,
    /// Norm of a year, as printed.
    pub norm_year: Option<Decimal>,
}

/// Base norm with its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedBase {
    /// Month or year.
    pub period: BasePeriod,
    /// Roubles for a head.
    pub roubles: Quotient,
}

/// Period of a base norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasePeriod {
    /// A month.
    Month,
    /// A year.
    Year,
}

/// Exact quotient of two numbers, such as money by people. A single number is divided by 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotient {
    /// Number above 0 that is divided.
    pub dividend: Decimal,
    /// Number above 0 that divides.
    pub divisor: Decimal,
}

impl Quotient {
    /// A single number.
    #[must_use]
    pub fn single(number: Decimal) -> Self {
        Self { dividend: number, divisor: Decimal::ONE }
    }

    /// The number as it was written. `None` for a quotient of two.
    #[must_use]
    pub fn as_single(&self) -> Option<Decimal> {
        (self.divisor == Decimal::ONE).then_some(self.dividend)
    }

    /// A number above 0, or two with `/` between them. `None` for other texts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| exact_text(&plain_number(text)).ok().filter(|number| *number > Decimal::ZERO);
        match text.split_once('/') {
            None => number(text).map(Self::single),
            Some((dividend, divisor)) => Some(Self { dividend: number(dividend)?, divisor: number(divisor)? }),
        }
    }
}

impl std::fmt::Display for Quotient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.as_single() {
            Some(number) => number.fmt(f),
            None => write!(f, "{} / {}", self.dividend, self.divisor),
        }
    }
}

/// Columns of an appendix as a user names them. A column that is `None` is chosen by its name.
#[derive(Clone, Debug, Default)]
pub struct AppendixChoice {
    /// Column of the clinic or group.
    pub name: Option<String>,
    /// Base norm.
    pub base: Option<ChosenBase>,
    /// Columns of coefficients; an empty list for none.
    pub coefficients: Option<Vec<String>>,
    /// Correction.
    pub correction: Option<ChosenFigure>,
    /// Column of the norm of a month.
    pub norm_month: Option<String>,
    /// Column of the norm of a year.
    pub norm_year: Option<String>,
}

/// Base norm that a user chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenBase {
    /// Month or year.
    pub period: BasePeriod,
    /// Roubles for a head.
    pub figure: ChosenFigure,
}

/// Figure that is the same for all rows, or the column that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChosenFigure {
    /// The figure.
    Given(Quotient),
    /// Name of the column.
    Column(String),
}

impl ChosenFigure {
    /// A figure, or else the name of a column.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Quotient::parse(text).map_or_else(|| Self::Column(text.to_owned()), Self::Given)
    }
}

/// The reason why an appendix cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendixError {
    /// A fault of the table.
    #[error(transparent)]
    Table(#[from] ReferenceError),
    /// A column that the user names and the table does not have.
    #[error("{file}:1: there is no column `{column}`; the table has {}", listed(columns))]
    ColumnAbsent {
        /// Name of the table.
        file: String,
        /// Name of the column.
        column: String,
        /// Columns of the table.
        columns: Vec<String>,
    },
    /// Several columns that may be one figure.
    #[error("{file}:1: the {figure} may be {}; name its column with {option}", listed(columns))]
    Unclear {
        /// Name of the table.
        file: String,
        /// Name of the figure.
        figure: &'static str,
        /// Columns that may have it.
        columns: Vec<String>,
        /// Option that names the column.
        option: &'static str,
    },
    /// No column of printed norms.
    #[error(
        "{file}:1: no column looks like a printed norm; name it with --norm-per-month or --norm-per-year; the table has {}",
        listed(columns)
    )]
    NoNorm {
        /// Name of the table.
        file: String,
        /// Columns of the table.
        columns: Vec<String>,
    },
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

impl Appendix {
    /// Reads an appendix: UTF-8 with a header and `;`, `,` or tabs between the fields; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of the table, with its line, or of the choice of columns.
    pub fn read(file: &str, bytes: &[u8], choice: &AppendixChoice) -> Result<Self, AppendixError> {
        let table = Table::read_separated(file, bytes, separator(bytes), |_| Ok(()))?;
        let columns = AppendixColumns::choose(file, table.header(), choice)?;
        let (mut rows, mut without_norm, mut empty_coefficients) = (Vec::new(), 0, 0);
        for row in table.rows() {
            let norm = |column: &Option<String>| column.as_deref().map_or(Ok(None), |column| optional(&row, column, NORM_MAX));
            let (norm_month, norm_year) = (norm(&columns.norm_month)?, norm(&columns.norm_year)?);
            if norm_month.is_none() && norm_year.is_none() {
                without_norm += 1;
                continue;
            }
            let mut coefficients = Vec::with_capacity(columns.coefficients.len());
            for column in &columns.coefficients {
                let coefficient = positive(&row, column, COEFFICIENT_MAX)?;
                empty_coefficients += usize::from(coefficient.is_none());
                coefficients.extend(coefficient);
            }
            let name = columns.name.as_deref().and_then(|column| row.text(column)).unwrap_or_default();
            let (base, correction) = (columns.base_of(&row)?, columns.correction_of(&row)?);
            rows.push(AppendixRow { line: row.line, name, base, coefficients, correction, norm_month, norm_year });
        }
        if rows.is_empty() {
            return Err(ReferenceError::new(file, 1, ReferenceFault::NoRows).into());
        }
        Ok(Self { columns, rows, without_norm, empty_coefficients })
    }
}

/// Sign between the fields: the one of the header.
fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    [b';', b'\t'].into_iter().find(|sign| header.contains(sign)).unwrap_or(b',')
}

/// The number of a column above 0, if it is not empty.
fn positive(row: &Row<'_>, column: &str, most: Decimal) -> Result<Option<Decimal>, ReferenceError> {
    match optional(row, column, most)? {
        Some(number) if number.is_zero() => Err(out_of_range(row, column, "0", &format!("a number above 0, up to {most}"))),
        number => Ok(number),
    }
}

/// The number of a column, if it is not empty.
fn optional(row: &Row<'_>, column: &str, most: Decimal) -> Result<Option<Decimal>, ReferenceError> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let number = exact_text(&plain_number(text)).map_err(|why| row.error(not_exact(column, why)))?;
    if number < Decimal::ZERO || number > most {
        return Err(out_of_range(row, column, text, &format!("a number from 0 to {most}")));
    }
    Ok(Some(number))
}

fn out_of_range(row: &Row<'_>, column: &str, value: &str, expected: &str) -> ReferenceError {
    row.error(ReferenceFault::OutOfRange { key: column.to_owned(), value: value.to_owned(), expected: expected.to_owned() })
}

/// A number as agreements print it, with a full stop for a comma and without blanks between thousands.
fn plain_number(text: &str) -> String {
    text.chars()
        .filter(|sign| !matches!(sign, ' ' | '\u{a0}' | '\u{202f}'))
        .map(|sign| if sign == ',' { '.' } else { sign })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a number")
    }

    fn read(text: &str) -> Result<Appendix, AppendixError> {
        Appendix::read("appendix.csv", text.as_bytes(), &AppendixChoice::default())
    }

    #[test]
    fn numbers_are_read_as_agreements_print_them() {
        let appendix = read("clinic;base_month;k1;k2;norm_month\n\"Городская; №1\";1 078,62;1,104;;1190,80\nx;1;1;1;\n")
            .expect("an appendix");
        assert_eq!((appendix.without_norm, appendix.empty_coefficients), (1, 1));
        let base = PrintedBase { period: BasePeriod::Month, roubles: Quotient::single(number("1078.62")) };
        let row = AppendixRow {
            line: 2,
            name: "Городская; №1".to_owned(),
            base: Some(base),
            coefficients: vec![number("1.104")],
            correction: None,
            norm_month: Some(number("1190.80")),
            norm_year: None,
        };
        assert_eq!(appendix.rows, [row]);
    }

    #[test]
    fn figures_are_numbers_or_quotients_or_columns() {
        assert_eq!(Quotient::parse("16 549 742 000.00/1173311").map(|figure| figure.divisor), Some(number("1173311")));
        assert_eq!(ChosenFigure::parse("106.36"), ChosenFigure::Given(Quotient::single(number("106.36"))));
        for column in ["base", "1/0", "-1", "1/2/3", ""] {
            assert_eq!(ChosenFigure::parse(column), ChosenFigure::Column(column.to_owned()));
        }
    }

    #[test]
    fn faults_of_values_have_their_line() {
        let line = |text: &str| read(text).expect_err("a fault").to_string();
        assert!(line("clinic,base_month,norm_month\na,1,2\nb,x,2\n").starts_with("appendix.csv:3: `base_month` is `x`"));
        assert!(line("clinic,k1,norm_month\na,0,2\n").starts_with("appendix.csv:2: `k1` is 0"));
        assert!(line("clinic,base_month,norm_month\na,,2\n").starts_with("appendix.csv:2: `base_month` is empty"));
        assert!(line("clinic,norm_month\na\n").contains("`,` between the fields"));
        assert!(line("clinic,norm_month\na,\n").contains("no rows"));
    }
}
