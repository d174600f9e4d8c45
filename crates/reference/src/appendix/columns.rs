//! Columns of an appendix: those that the user names, and for the rest those whose names say what they hold.
//!
//! ```text
//! base norm       begins with `base`; `year` or `month` in it is the period, else a month
//! norm            has `norm`, and `month` or `year` in it; one that begins with `published` wins
//! coefficients    begin with `k_`, `k` and a digit, `coefficient` or `factor`
//! correction      `correction` or `pk`
//! clinic, group   `clinic`, `group`, `station` or `name`
//! ```

use rust_decimal::Decimal;

use super::{
    AppendixChoice, AppendixError, BasePeriod, COEFFICIENT_MAX, ChosenBase, ChosenFigure, NORM_MAX, PrintedBase, Quotient,
    positive,
};
use crate::table::Row;
use crate::{ReferenceError, ReferenceFault};

/// Columns of an appendix that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendixColumns {
    /// Column of the clinic or group.
    pub name: Option<String>,
    /// Base norm.
    pub base: Option<ChosenBase>,
    /// Columns of coefficients.
    pub coefficients: Vec<String>,
    /// Correction.
    pub correction: Option<ChosenFigure>,
    /// Column of the norm of a month.
    pub norm_month: Option<String>,
    /// Column of the norm of a year.
    pub norm_year: Option<String>,
    /// Columns that are not read.
    pub unused: Vec<String>,
}

/// Header of an appendix with the columns that have a meaning already.
struct Header<'h> {
    file: &'h str,
    columns: &'h [String],
    used: Vec<String>,
}

impl Header<'_> {
    /// Takes a column that the user names.
    fn take(&mut self, column: &str) -> Result<String, AppendixError> {
        match self.columns.iter().filter(|known| *known == column).count() {
            0 => {
                let columns = self.columns.to_vec();
                Err(AppendixError::ColumnAbsent { file: self.file.to_owned(), column: column.to_owned(), columns })
            }
            1 => {
                self.used.push(column.to_owned());
                Ok(column.to_owned())
            }
            _ => Err(ReferenceError::new(self.file, 1, ReferenceFault::ColumnTwice { column: column.to_owned() }).into()),
        }
    }

    fn take_chosen(&mut self, column: Option<&String>) -> Result<Option<String>, AppendixError> {
        column.map(|column| self.take(column)).transpose()
    }

    /// Columns without a meaning so far that a name fits, in lower case.
    fn free(&self, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let free = self.columns.iter().filter(|column| !self.used.contains(column) && fits(&column.to_lowercase()));
        free.cloned().collect()
    }

    /// Takes the norm of a period by the names of the columns.
    fn take_norm(&mut self, period: &str, figure: &'static str, option: &'static str) -> Result<Option<String>, AppendixError> {
        let is_norm = |name: &str| name.contains("norm") && name.contains(period) && !name.starts_with("base");
        let mut columns = self.free(is_norm);
        if columns.len() > 1 {
            let published: Vec<String> =
                columns.iter().filter(|column| column.to_lowercase().starts_with("published")).cloned().collect();
            columns = if published.is_empty() { columns } else { published };
        }
        match &columns[..] {
            [] => Ok(None),
            [column] => self.take(column).map(Some),
            _ => Err(AppendixError::Unclear { file: self.file.to_owned(), figure, columns, option }),
        }
    }

    /// Takes the base norm by the names of the columns. Of a year's and a month's the year's is taken: the month's comes from it.
    fn take_base(&mut self) -> Result<Option<ChosenBase>, AppendixError> {
        let columns = self.free(|name| name.starts_with("base"));
        let of_year: Vec<String> = columns.iter().filter(|column| column.to_lowercase().contains("year")).cloned().collect();
        let (period, columns) = match of_year.is_empty() {
            true => (BasePeriod::Month, columns),
            false => (BasePeriod::Year, of_year),
        };
        match &columns[..] {
            [] => Ok(None),
            [column] => Ok(Some(ChosenBase { period, figure: ChosenFigure::Column(self.take(column)?) })),
            _ => {
                let option = "--base-per-month or --base-per-year";
                Err(AppendixError::Unclear { file: self.file.to_owned(), figure: "base norm", columns, option })
            }
        }
    }
}

impl AppendixColumns {
    /// The columns of a header: first those that the user names.
    pub(super) fn choose(file: &str, columns: &[String], choice: &AppendixChoice) -> Result<Self, AppendixError> {
        let mut header = Header { file, columns, used: Vec::new() };
        let named = |header: &mut Header<'_>, figure: &ChosenFigure| match figure {
            ChosenFigure::Column(column) => header.take(column).map(drop),
            ChosenFigure::Given(_) => Ok(()),
        };
        let mut chosen = Self {
            name: header.take_chosen(choice.name.as_ref())?,
            base: choice.base.clone(),
            coefficients: Vec::new(),
            correction: choice.correction.clone(),
            norm_month: header.take_chosen(choice.norm_month.as_ref())?,
            norm_year: header.take_chosen(choice.norm_year.as_ref())?,
            unused: Vec::new(),
        };
        for figure in choice.base.iter().map(|base| &base.figure).chain(&choice.correction) {
            named(&mut header, figure)?;
        }
        for column in choice.coefficients.iter().flatten() {
            chosen.coefficients.push(header.take(column)?);
        }
        chosen.complete(&mut header, choice)?;
        chosen.unused = header.free(|_| true);
        Ok(chosen)
    }

    /// Chooses by their names the columns that the user does not name.
    fn complete(&mut self, header: &mut Header<'_>, choice: &AppendixChoice) -> Result<(), AppendixError> {
        if self.base.is_none() {
            self.base = header.take_base()?;
        }
        // A user who names the norm of one period asks about that one.
        if self.norm_month.is_none() && self.norm_year.is_none() {
            self.norm_month = header.take_norm("month", "norm of a month", "--norm-per-month")?;
            self.norm_year = header.take_norm("year", "norm of a year", "--norm-per-year")?;
        }
        if self.norm_month.is_none() && self.norm_year.is_none() {
            return Err(AppendixError::NoNorm { file: header.file.to_owned(), columns: header.columns.to_vec() });
        }
        if self.correction.is_none()
            && let Some(column) = header.free(|name| matches!(name, "correction" | "pk")).first()
        {
            self.correction = Some(ChosenFigure::Column(header.take(column)?));
        }
        if choice.coefficients.is_none() {
            for column in header.free(is_coefficient) {
                self.coefficients.push(header.take(&column)?);
            }
        }
        if self.name.is_none()
            && let Some(column) = header.free(|name| matches!(name, "clinic" | "group" | "station" | "name")).first()
        {
            self.name = Some(header.take(column)?);
        }
        Ok(())
    }

    /// Base norm of a row.
    pub(super) fn base_of(&self, row: &Row<'_>) -> Result<Option<PrintedBase>, ReferenceError> {
        let Some(ChosenBase { period, figure }) = &self.base else { return Ok(None) };
        let roubles = figure_of(row, figure, NORM_MAX)?;
        Ok(Some(PrintedBase { period: *period, roubles }))
    }

    /// Correction of a row.
    pub(super) fn correction_of(&self, row: &Row<'_>) -> Result<Option<Quotient>, ReferenceError> {
        self.correction.as_ref().map(|figure| figure_of(row, figure, COEFFICIENT_MAX)).transpose()
    }
}

/// A figure of all rows, or the number above 0 of a column that must not be empty.
fn figure_of(row: &Row<'_>, figure: &ChosenFigure, most: Decimal) -> Result<Quotient, ReferenceError> {
    match figure {
        ChosenFigure::Given(figure) => Ok(*figure),
        ChosenFigure::Column(column) => {
            let number = positive(row, column, most)?;
            number.map(Quotient::single).ok_or_else(|| row.error(ReferenceFault::Empty { column: column.clone() }))
        }
    }
}

/// Whether a name in lower case is that of a coefficient.
fn is_coefficient(name: &str) -> bool {
    let numbered = name.strip_prefix('k').and_then(|rest| rest.chars().next());
    numbered.is_some_and(|sign| sign == '_' || sign.is_ascii_digit())
        || ["coefficient", "factor"].iter().any(|word| name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(header: &str, choice: &AppendixChoice) -> Result<AppendixColumns, AppendixError> {
        let columns: Vec<String> = header.split(',').map(str::to_owned).collect();
        AppendixColumns::choose("appendix.csv", &columns, choice)
    }

    #[test]
    fn names_say_what_columns_hold() {
        let header = "row,clinic,base_norm_month_rub,k_d,k_pay,pk,published_norm_year,norm_month";
        let chosen = choose(header, &AppendixChoice::default()).expect("columns");
        assert_eq!(chosen.name.as_deref(), Some("clinic"));
        let base = ChosenFigure::Column("base_norm_month_rub".to_owned());
        assert_eq!(chosen.base, Some(ChosenBase { period: BasePeriod::Month, figure: base }));
        assert_eq!(chosen.coefficients, ["k_d", "k_pay"]);
        assert_eq!(chosen.correction, Some(ChosenFigure::Column("pk".to_owned())));
        assert_eq!(
            (chosen.norm_month.as_deref(), chosen.norm_year.as_deref()),
            (Some("norm_month"), Some("published_norm_year"))
        );
        assert_eq!(chosen.unused, ["row"]);
    }

    #[test]
    fn what_the_user_says_wins() {
        let base = ChosenBase { period: BasePeriod::Year, figure: ChosenFigure::Column("k_year".to_owned()) };
        let choice = AppendixChoice {
            base: Some(base.clone()),
            coefficients: Some(Vec::new()),
            norm_month: Some("a".to_owned()),
            ..AppendixChoice::default()
        };
        let chosen = choose("a,k_year,k_2,norm_year", &choice).expect("columns");
        assert_eq!((chosen.base, chosen.coefficients.len(), chosen.norm_year), (Some(base), 0, None));
    }

    #[test]
    fn what_is_not_clear_is_asked() {
        let told = |header: &str, choice: &AppendixChoice| choose(header, choice).expect_err("unclear").to_string();
        let nothing = AppendixChoice::default();
        assert!(told("norm_month_old,norm_month_new", &nothing).ends_with("name its column with --norm-per-month"));
        assert!(told("base_1,base_2,norm_month", &nothing).contains("the base norm may be `base_1`, `base_2`"));
        assert!(told("clinic,k1", &nothing).contains("no column looks like a printed norm"));
        assert!(told("norm_month,norm_month", &nothing).contains("norm_month"));
        let absent = AppendixChoice { name: Some("gruop".to_owned()), ..AppendixChoice::default() };
        assert!(told("group,norm_month", &absent).contains("there is no column `gruop`; the table has `group`, `norm_month`"));
    }
}
