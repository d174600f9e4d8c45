//! `sverka tariff pot`: the money of a year's months, paid and expected, against the money of the programme.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch};
use rust_decimal::{Decimal, RoundingStrategy};

use super::compare::{JobRun, JobRunChoice};
use super::comparison::{money, optional_money, signed, texts};
use super::{Exit, Failure};
use crate::cli::result_output::{AnswerChoice, chosen_format, send};
use sverka_publish::Manifest;
use sverka_reference::{BaseNorm, Care};
use sverka_report::published::list_runs;
use sverka_report::result_set::{BatchResult, ResultSet, WriteError};
use sverka_text::separate_thousands;

/// Months of a year.
const MONTHS: u32 = 12;

/// What the user typed after `tariff pot`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka tariff pot
  sverka tariff pot --job job.toml --run 2026-11-01-3f2c --format csv

The money of each care for the months of the run's year is added up: months with a published run in the output folder at what that run \
paid, all others (those to come, and those without a run) at what the chosen run pays for its own heads. Of several runs of a month the \
current one counts, else the one that was published last. The sum is held against the money of the programme (`base_money` of the care in the \
job's tariff, of a whole year).

Exits with 0; with 1 when a care is expected to cost more than its money; with 2 when the command line, the job or the tariff is wrong, or \
the run is not there; with 3 when a manifest cannot be read; with 4 when the disk failed.")]
pub struct TariffPotArgs {
    #[command(flatten)]
    run: JobRunChoice,

    #[command(flatten)]
    answer: AnswerChoice,
}

/// Adds up the year and prints it.
///
/// # Errors
/// When the job, the tariff or a run cannot be read.
pub fn run(args: &TariffPotArgs) -> Result<Exit, Failure> {
    let format = chosen_format(&args.answer, io::stdout().is_terminal())?;
    let run = JobRun::find(&args.run)?;
    let tariff = run.tariff(&run.job.tariff)?.tariff;
    let (year, ..) = run.as_of.ymd();
    let months = paid_months(&run, year)?;
    let cares = tariff.cares.iter().map(|care| CarePot::new(care, &run.manifest, &months)).collect();
    let pots = Pots { run_id: run.manifest.run_id.clone(), year, months, cares };
    send(&pots, format, &args.answer)?;
    let is_short = pots.cares.iter().any(|care| care.left().is_some_and(|left| left < Decimal::ZERO));
    Ok(if is_short { Exit::ThresholdPassed } else { Exit::Done })
}

/// Runs that stand for the months of a year up to the chosen run, by month.
fn paid_months(run: &JobRun, year: i32) -> Result<BTreeMap<u32, Manifest>, Failure> {
    let (_, last, _) = run.as_of.ymd();
    let current = std::fs::canonicalize(run.output.join("current")).ok();
    let mut months: BTreeMap<u32, Manifest> = BTreeMap::new();
    let mut is_current: BTreeMap<u32, bool> = BTreeMap::new();
    for folder in list_runs(&run.output) {
        let manifest = Manifest::read(&folder).map_err(Failure::input)?;
        let Ok((of_year, month, _)) = manifest.as_of.parse::<sverka_model::Date>().map(sverka_model::Date::ymd) else { continue };
        if of_year != year || month >= last {
            continue;
        }
        let stands = current.as_deref() == Some(folder.as_path());
        let is_later = months.get(&month).is_none_or(|known| end(known) < end(&manifest));
        if stands || (is_later && !is_current.get(&month).copied().unwrap_or_default()) {
            is_current.insert(month, stands);
            months.insert(month, manifest);
        }
    }
    months.insert(last, run.manifest.clone());
    Ok(months)
}

/// Time at which a run was published, as far as its manifest says.
fn end(manifest: &Manifest) -> &str {
    manifest.ended_at.as_deref().unwrap_or(&manifest.started_at)
}

/// Money of one care in a year.
struct CarePot {
    care: String,
    /// Money of the months with a run, by month.
    paid: BTreeMap<u32, Decimal>,
    /// Money of the chosen run's month, which stands for the months without a run.
    of_month: Decimal,
    /// Money of the programme for a year; `None` when the base norm is not made of money.
    pot: Option<Decimal>,
}

impl CarePot {
    fn new(care: &Care, now: &Manifest, months: &BTreeMap<u32, Manifest>) -> Self {
        let amount = |manifest: &Manifest| {
            let total = manifest.totals.cares.iter().find(|total| total.care == care.name)?;
            total.amount.parse::<Decimal>().ok()
        };
        let paid = months.iter().filter_map(|(month, manifest)| Some((*month, amount(manifest)?))).collect();
        let pot = match &care.base {
            BaseNorm::Money(money) => {
                let year = money.sum * Decimal::from(MONTHS) / Decimal::from(money.months);
                let mut year = year.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
                year.rescale(2);
                Some(year)
            }
            BaseNorm::Month(_) | BaseNorm::Year(_) => None,
        };
        Self { care: care.name.clone(), paid, of_month: amount(now).unwrap_or_else(|| Decimal::new(0, 2)), pot }
    }

    fn so_far(&self) -> Decimal {
        self.paid.values().fold(Decimal::new(0, 2), |sum, amount| sum + amount)
    }

    /// Number of months without a run.
    fn months_open(&self) -> u32 {
        MONTHS - self.paid.len() as u32
    }

    fn forecast(&self) -> Decimal {
        self.of_month * Decimal::from(self.months_open())
    }

    fn year(&self) -> Decimal {
        self.so_far() + self.forecast()
    }

    /// Money of the programme less the money of the year.
    fn left(&self) -> Option<Decimal> {
        Some(self.pot? - self.year())
    }
}

/// Money of all cares in a year.
struct Pots {
    run_id: String,
    year: i32,
    months: BTreeMap<u32, Manifest>,
    cares: Vec<CarePot>,
}

impl Pots {
    fn batch(&self) -> io::Result<BatchResult> {
        let cares = &self.cares;
        let count = |value: &dyn Fn(&CarePot) -> u32| -> ArrayRef {
            Arc::new(cares.iter().map(|care| Some(value(care) as i32)).collect::<Int32Array>())
        };
        let columns = vec![
            ("care", texts(cares.iter().map(|care| Some(care.care.as_str())))),
            ("months_paid", count(&|care| care.paid.len() as u32)),
            ("months_open", count(&CarePot::months_open)),
            ("paid", money(cares.iter().map(CarePot::so_far))),
            ("month", money(cares.iter().map(|care| care.of_month))),
            ("forecast", money(cares.iter().map(CarePot::forecast))),
            ("year", money(cares.iter().map(CarePot::year))),
            ("pot", optional_money(cares.iter().map(|care| care.pot))),
            ("left", optional_money(cares.iter().map(CarePot::left))),
        ];
        Ok(BatchResult::new(RecordBatch::try_from_iter(columns).map_err(io::Error::other)?))
    }

    fn table_to(&self, out: &mut dyn Write, width: Option<usize>) -> Result<(), WriteError> {
        let run_of = |month: &u32| self.months.get(month).map_or("no run", |manifest| manifest.run_id.as_str());
        writeln!(out, "{} by the heads of run {}", self.year, self.run_id)?;
        for month in 1..=MONTHS {
            if self.months.keys().any(|known| *known >= month) {
                writeln!(out, "  {:04}-{month:02}  {}", self.year, run_of(&month))?;
            }
        }
        writeln!(out)?;
        let headings = [
            ("care", "care"),
            ("months_paid", "months"),
            ("paid", "paid"),
            ("months_open", "open"),
            ("forecast", "forecast"),
            ("year", "year"),
            ("pot", "money of the programme"),
            ("left", "left"),
        ];
        self.batch()?.write_list(out, &headings, width)?;
        writeln!(out)?;
        for care in &self.cares {
            match care.left() {
                None => writeln!(out, "{}: the tariff gives a base norm and no money of the programme", care.care)?,
                Some(left) if left < Decimal::ZERO => {
                    writeln!(out, "{}: {} roubles are expected to lack", care.care, separate_thousands(&(-left).to_string()))?;
                }
                Some(left) => {
                    writeln!(out, "{}: {} roubles are expected to be left", care.care, signed(left).trim_start_matches('+'))?
                }
            }
        }
        Ok(())
    }
}

impl ResultSet for Pots {
    type Error = WriteError;

    fn write_table(&self, out: &mut dyn Write, _: Option<usize>, width: Option<usize>) -> Result<(), WriteError> {
        self.table_to(out, width)
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
