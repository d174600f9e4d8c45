//! Two tariffs over the same heads: rows for people and for programs.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use rust_decimal::{Decimal, RoundingStrategy};

use sverka_kernel::funding::{COEFFICIENT_DECIMALS, Causes, ClinicDifference, ClinicFigures, MONEY_DECIMALS, NORM_DECIMALS};
use sverka_model::Date;
use sverka_reference::Clinics;
use sverka_report::result_set::{BatchResult, ResultSet, WriteError};
use sverka_text::{counted, separate_thousands};

/// Decimals of heads, which may be a mean of days.
const HEAD_DECIMALS: u32 = 6;

/// Headings of the causes on a terminal, in the order of [`Causes::NAMES`].
const CAUSE_HEADINGS: [&str; 7] = ["heads", "base", "K", "factors", "correction", "rates", "rounding"];

/// Differences of all cares between two tariffs.
pub(super) struct Comparison<'c> {
    /// Id of the run with the heads.
    pub run_id: String,
    /// As-of date of the run.
    pub as_of: Date,
    /// Names of both tariffs.
    pub files: [String; 2],
    /// Clinics of the job.
    pub clinics: &'c Clinics,
    /// Differences by care.
    pub cares: Vec<CareDifferences>,
}

/// Differences of the clinics of one care.
pub(super) struct CareDifferences {
    /// Name of the care.
    pub care: String,
    /// Differences by clinic.
    pub clinics: Vec<ClinicDifference>,
}

/// Row of a table: a clinic, or a sum.
struct Line<'c> {
    care: &'c str,
    clinic: &'c str,
    name: Option<&'c str>,
    /// The clinic's figures; `None` for a sum.
    figures: Option<&'c ClinicDifference>,
    amounts: [Decimal; 2],
    causes: Causes,
}

impl Line<'_> {
    fn difference(&self) -> Decimal {
        self.amounts[1] - self.amounts[0]
    }

    fn figure(&self, side: usize, value: fn(&ClinicFigures) -> Decimal) -> Option<Decimal> {
        let difference = self.figures?;
        [&difference.before, &difference.after][side].as_ref().map(value)
    }
}

/// Money and causes of several clinics.
#[derive(Clone, Copy, Default)]
struct Sums {
    amounts: [Decimal; 2],
    causes: Causes,
    clinics: u64,
    /// Clinics with another amount.
    changed: u64,
}

impl Sums {
    fn add(&mut self, difference: &ClinicDifference) {
        for (sum, amount) in self.amounts.iter_mut().zip(amounts(difference)) {
            *sum += amount;
        }
        self.causes.add(&difference.causes);
        self.clinics += 1;
        self.changed += u64::from(!difference.difference().is_zero());
    }

    fn of<'d>(differences: impl Iterator<Item = &'d ClinicDifference>) -> Self {
        differences.fold(Self::default(), |mut sums, difference| {
            sums.add(difference);
            sums
        })
    }
}

impl<'c> Comparison<'c> {
    fn lines(&'c self) -> impl Iterator<Item = Line<'c>> {
        self.cares.iter().flat_map(move |care| care.clinics.iter().map(move |difference| self.line(&care.care, difference)))
    }

    fn line(&'c self, care: &'c str, difference: &'c ClinicDifference) -> Line<'c> {
        let clinic = self.clinics.get(difference.clinic);
        Line {
            care,
            clinic: &clinic.code,
            name: clinic.name.as_deref(),
            figures: Some(difference),
            amounts: amounts(difference),
            causes: difference.causes,
        }
    }

    /// All rows with all figures.
    fn batch(&self) -> io::Result<BatchResult> {
        let lines: Vec<Line<'_>> = self.lines().collect();
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("care".to_owned(), texts(lines.iter().map(|line| Some(line.care)))),
            ("clinic".to_owned(), texts(lines.iter().map(|line| Some(line.clinic)))),
            ("name".to_owned(), texts(lines.iter().map(|line| line.name))),
        ];
        let figures = [
            FigureColumn { name: "heads", decimals: HEAD_DECIMALS, value: heads },
            FigureColumn { name: "base", decimals: NORM_DECIMALS, value: |figures| figures.base },
            FigureColumn { name: "k", decimals: COEFFICIENT_DECIMALS, value: |figures| figures.k },
            FigureColumn { name: "factors", decimals: COEFFICIENT_DECIMALS, value: |figures| figures.factors },
            FigureColumn { name: "correction", decimals: COEFFICIENT_DECIMALS, value: |figures| figures.correction },
            FigureColumn { name: "norm", decimals: MONEY_DECIMALS, value: |figures| figures.norm },
            FigureColumn { name: "amount", decimals: MONEY_DECIMALS, value: |figures| figures.amount },
        ];
        for FigureColumn { name, decimals, value } in figures {
            for (side, letter) in ["a", "b"].into_iter().enumerate() {
                let values = lines.iter().map(|line| line.figure(side, value));
                columns.push((format!("{name}_{letter}"), numbers(values, decimals)));
            }
        }
        columns.push(("difference".to_owned(), money(lines.iter().map(Line::difference))));
        for (index, name) in Causes::NAMES.into_iter().enumerate() {
            columns.push((format!("by_{name}"), money(lines.iter().map(|line| line.causes.parts()[index]))));
        }
        Ok(BatchResult::new(RecordBatch::try_from_iter(columns).map_err(io::Error::other)?))
    }

    /// Rows for people: at most so many of each care, the largest differences first, then the sum of all.
    fn table_of(&self, care: &CareDifferences, rows_max: Option<usize>) -> io::Result<BatchResult> {
        let mut clinics: Vec<&ClinicDifference> = care.clinics.iter().filter(|clinic| !clinic.difference().is_zero()).collect();
        clinics.sort_by_key(|clinic| (std::cmp::Reverse(clinic.difference().abs()), clinic.clinic));
        clinics.truncate(rows_max.unwrap_or(usize::MAX));
        let mut lines: Vec<Line<'_>> = clinics.iter().map(|difference| self.line(&care.care, difference)).collect();
        let Sums { amounts, causes, .. } = Sums::of(care.clinics.iter());
        lines.push(Line { care: &care.care, clinic: "all", name: None, figures: None, amounts, causes });
        let norm = |side: usize| numbers(lines.iter().map(|line| line.figure(side, |figures| figures.norm)), MONEY_DECIMALS);
        let mut columns = vec![
            ("clinic", texts(lines.iter().map(|line| Some(line.clinic)))),
            ("norm A", norm(0)),
            ("norm B", norm(1)),
            ("amount A", money(lines.iter().map(|line| line.amounts[0]))),
            ("amount B", money(lines.iter().map(|line| line.amounts[1]))),
            ("difference", money(lines.iter().map(Line::difference))),
        ];
        for (index, heading) in CAUSE_HEADINGS.into_iter().enumerate() {
            if care.clinics.iter().any(|clinic| !clinic.causes.parts()[index].is_zero()) {
                columns.push((heading, money(lines.iter().map(|line| line.causes.parts()[index]))));
            }
        }
        Ok(BatchResult::new(RecordBatch::try_from_iter(columns).map_err(io::Error::other)?))
    }

    fn table_to(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), WriteError> {
        let [before, after] = &self.files;
        writeln!(out, "A  {before}\nB  {after}\nHeads of run {} of {}", self.run_id, self.as_of)?;
        for care in &self.cares {
            let sums = Sums::of(care.clinics.iter());
            let clinics = counted(sums.clinics, "clinic", "clinics");
            writeln!(
                out,
                "\n{}: {} of {clinics} with another amount; differences B − A in roubles by cause",
                care.care, sums.changed
            )?;
            if sums.changed > 0 {
                let table = self.table_of(care, rows_max)?;
                let names =
                    ["clinic", "norm A", "norm B", "amount A", "amount B", "difference"].into_iter().chain(CAUSE_HEADINGS);
                let headings: Vec<(&str, &str)> = names.map(|name| (name, name)).collect();
                table.write_list(out, &headings, width)?;
                let hidden = sums.changed.saturating_sub(rows_max.map_or(u64::MAX, |rows| rows as u64));
                if hidden > 0 {
                    writeln!(out, "{} not shown; --limit 0 shows all", counted(hidden, "clinic is", "clinics are"))?;
                }
            }
        }
        self.totals_to(out)
    }

    /// Lines with the money of each care and of all.
    fn totals_to(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        writeln!(out)?;
        let of_cares = self.cares.iter().map(|care| (care.care.as_str(), Sums::of(care.clinics.iter())));
        let all = Sums::of(self.cares.iter().flat_map(|care| &care.clinics));
        let with_all = of_cares.chain((self.cares.len() > 1).then_some(("all cares", all)));
        for (name, Sums { amounts, .. }) in with_all {
            let [before, after] = amounts.map(|amount| separate_thousands(&amount.to_string()));
            writeln!(out, "{name}: {before} → {after} roubles, {}", signed(amounts[1] - amounts[0]))?;
        }
        Ok(())
    }
}

impl ResultSet for Comparison<'_> {
    type Error = WriteError;

    fn write_table(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), WriteError> {
        self.table_to(out, rows_max, width)
    }

    fn write_csv(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        self.batch()?.write_csv(out)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        self.batch()?.write_json(out)
    }

    fn write_parquet(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        self.batch()?.write_parquet(out)
    }
}

fn amounts(difference: &ClinicDifference) -> [Decimal; 2] {
    let amount = |figures: &Option<ClinicFigures>| figures.as_ref().map_or(Decimal::new(0, 2), |figures| figures.amount);
    [amount(&difference.before), amount(&difference.after)]
}

fn heads(figures: &ClinicFigures) -> Decimal {
    figures.heads.rounded(HEAD_DECIMALS).expect("invariant: heads are fewer than people")
}

/// An amount with its sign.
pub(super) fn signed(amount: Decimal) -> String {
    let sign = if amount > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", separate_thousands(&amount.to_string()))
}

pub(super) fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

pub(super) fn money(values: impl Iterator<Item = Decimal>) -> ArrayRef {
    numbers(values.map(Some), MONEY_DECIMALS)
}

pub(super) fn optional_money(values: impl Iterator<Item = Option<Decimal>>) -> ArrayRef {
    numbers(values, MONEY_DECIMALS)
}

/// Numbers with decimals; the digits fit, as those of the published tables do.
fn numbers(values: impl Iterator<Item = Option<Decimal>>, decimals: u32) -> ArrayRef {
    let scaled = values.map(|value| {
        let value = value?.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        Some(value.mantissa() * 10_i128.pow(decimals - value.scale()))
    });
    let array = scaled.collect::<Decimal128Array>().with_precision_and_scale(38, decimals as i8);
    Arc::new(array.expect("invariant: precision and scale are those of Arrow"))
}

/// Two columns of a figure, one of each tariff.
struct FigureColumn {
    name: &'static str,
    decimals: u32,
    value: fn(&ClinicFigures) -> Decimal,
}
