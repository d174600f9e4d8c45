//! `sverka tariff check`: the norms of an agreement's appendix, computed again.

use std::path::{Path, PathBuf};

use super::text::report;
use super::{Exit, Failure, json};
use crate::cli::day::{day, today};
use crate::cli::{print, print_json};
use sverka_formats::likely_name;
use sverka_kernel::funding::{AppendixCheck, check_appendix};
use sverka_model::Date;
use sverka_reference::{
    Appendix, AppendixChoice, AppendixError, BaseNorm, BasePeriod, CareRounding, ChosenBase, ChosenFigure, Correction, MonthBase,
    NormPeriod, NormSettings, PrintedBase, Quotient, Rounding, RoundingMode, TariffFile,
};
use sverka_text::{counted, is_meant, nearest};

/// What the user typed after `tariff check`.
#[derive(Debug, clap::Args)]
#[command(allow_missing_positional = true)]
#[command(after_help = "Examples:
  sverka tariff check appendix.csv
  sverka tariff check appendix.csv --base-per-month 106.36
  sverka tariff check tariff.toml appendix.csv --care ambulance
  sverka tariff check appendix.csv --base-per-year base --norm-per-month norm \\
      --coefficients k_age_sex,k_level --correction 1.0138

Each row is computed as base × coefficients × correction and rounded as the tariff says; without a tariff, the month's norm half up to \
kopecks. Where that does not give the printed norm, every other way of rounding is tried: half up, half even, up and down, to 0 to 3 \
decimals; the month's base rounded or exact; the norm of the month, or of the year and then its twelfth; and a base that had more digits \
than are printed. A base that is nowhere is looked for.

The table is UTF-8 with a header and `;`, `,` or tabs. Columns are known by their names where these begin with base, norm, \
published, k_, correction, clinic or group; the first lines of the answer say which were taken. Rows without a printed norm are left \
out, and an empty coefficient counts as 1.

Exits with 0 when the tariff's own way gives every printed norm, 1 when it does not, 2 when the command line or the tariff is wrong or a \
file is not there, 3 when the table cannot be used, 4 when the disk failed.")]
pub struct TariffCheckArgs {
    /// Tariff with base norm, correction and rounding
    #[arg(value_name = "TARIFF.toml")]
    tariff: Option<PathBuf>,

    /// Appendix of the agreement, CSV
    #[arg(value_name = "TABLE.csv", required = true)]
    table: PathBuf,

    /// Kind of care of the tariff [default: its only one]
    #[arg(long, value_name = "NAME", requires = "tariff")]
    care: Option<String>,

    /// Day on which the tariff is in force, a date or today [default: today]
    #[arg(long, value_name = "DATE", value_parser = day, requires = "tariff")]
    as_of: Option<Date>,

    /// Column of the clinic or group
    #[arg(long, value_name = "COLUMN")]
    clinic: Option<String>,

    /// Base norm of a month: roubles, money/people, or the column that has it
    #[arg(long, value_name = "ROUBLES|COLUMN", value_parser = figure)]
    base_per_month: Option<ChosenFigure>,

    /// Base norm of a year: roubles, money/people, or the column that has it
    #[arg(long, value_name = "ROUBLES|COLUMN", value_parser = figure, conflicts_with = "base_per_month")]
    base_per_year: Option<ChosenFigure>,

    /// Columns of coefficients, with commas between them, or none
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    coefficients: Option<Vec<String>>,

    /// Correction: a number, or the column that has it
    #[arg(long, value_name = "NUMBER|COLUMN", value_parser = figure)]
    correction: Option<ChosenFigure>,

    /// Column of the printed norm of a month
    #[arg(long, value_name = "COLUMN")]
    norm_per_month: Option<String>,

    /// Column of the printed norm of a year
    #[arg(long, value_name = "COLUMN")]
    norm_per_year: Option<String>,

    /// Own way without a tariff: twelfth of a year's base, rounded (default) or exact
    #[arg(long, value_name = "WAY", value_parser = ["rounded", "exact"], conflicts_with = "tariff", hide_possible_values = true)]
    month_base: Option<String>,

    /// Own way without a tariff: month (default) or year_then_month
    #[arg(long, value_name = "PERIOD", value_parser = ["month", "year_then_month"], conflicts_with = "tariff", hide_possible_values = true)]
    norm_period: Option<String>,

    /// Own way without a tariff: half_up (default), half_even, up or down to kopecks
    #[arg(long, value_name = "MODE", value_parser = mode, conflicts_with = "tariff")]
    rounding: Option<RoundingMode>,

    /// Print everything as JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Figure of an argument, or a column.
fn figure(text: &str) -> Result<ChosenFigure, String> {
    Ok(ChosenFigure::parse(text))
}

fn mode(text: &str) -> Result<RoundingMode, String> {
    RoundingMode::named(text).ok_or_else(|| "expected half_up, half_even, up or down".to_owned())
}

/// An appendix with its check and what was said about both.
pub(super) struct Checked {
    /// Name of the table.
    pub table: String,
    /// Name of the tariff, if there is one.
    pub tariff: Option<String>,
    /// The appendix, completed from the tariff.
    pub appendix: Appendix,
    /// The appendix computed again.
    pub check: AppendixCheck,
    /// Facts about figures that the table lacks.
    pub notes: Vec<String>,
}

/// Computes an appendix again and prints what agrees.
///
/// # Errors
/// When the command line or the tariff is wrong, or a file cannot be read.
pub fn run(args: &TariffCheckArgs) -> Result<Exit, Failure> {
    let table = likely_name(args.table.as_os_str()).text;
    let settings = args.tariff.as_deref().map(|file| settings(file, args)).transpose()?;
    let bytes = std::fs::read(&args.table).map_err(|cause| Failure::unreadable(Exit::Usage, &args.table, &cause))?;
    let mut appendix = Appendix::read(&table, &bytes, &args.choice()).map_err(unusable)?;
    let own = settings.as_ref().map_or_else(|| args.own_rounding(), |settings| settings.rounding);
    let notes = settings.as_ref().map(|settings| complete(&mut appendix, settings)).unwrap_or_default();
    let check = check_appendix(&appendix.rows, &own);
    let tariff = args.tariff.as_deref().map(|file| likely_name(file.as_os_str()).text);
    let checked = Checked { table, tariff, appendix, check, notes };
    if args.json {
        print_json(&json::document(&checked)?)?;
    } else {
        print(&report(&checked))?;
    }
    Ok(if checked.check.own_way().fits_all() { Exit::Done } else { Exit::ThresholdPassed })
}

impl TariffCheckArgs {
    /// Columns that the user names.
    fn choice(&self) -> AppendixChoice {
        let base = |period: BasePeriod, figure: &Option<ChosenFigure>| figure.clone().map(|figure| ChosenBase { period, figure });
        let base = base(BasePeriod::Month, &self.base_per_month).or_else(|| base(BasePeriod::Year, &self.base_per_year));
        let coefficients = self.coefficients.clone().map(|columns| if columns == ["none"] { Vec::new() } else { columns });
        AppendixChoice {
            name: self.clinic.clone(),
            base,
            coefficients,
            correction: self.correction.clone(),
            norm_month: self.norm_per_month.clone(),
            norm_year: self.norm_per_year.clone(),
        }
    }

    /// The own way of an agreement without a tariff.
    fn own_rounding(&self) -> CareRounding {
        let norm = self.rounding.map_or(Rounding::KOPECKS, |mode| Rounding::To { decimals: 2, mode });
        let is = |option: &Option<String>, name: &str| option.as_deref() == Some(name);
        CareRounding {
            month_base: if is(&self.month_base, "exact") { MonthBase::Exact } else { MonthBase::Rounded },
            norm_period: if is(&self.norm_period, "year_then_month") { NormPeriod::YearThenMonth } else { NormPeriod::Month },
            month_norm: norm,
            year_norm: norm,
            ..CareRounding::default()
        }
    }
}

/// Settings of a tariff for the norms of the chosen care.
fn settings(file: &Path, args: &TariffCheckArgs) -> Result<NormSettings, Failure> {
    let name = likely_name(file.as_os_str()).text;
    let bytes = std::fs::read(file).map_err(|cause| Failure::unreadable(Exit::Usage, file, &cause))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format_args!("{name}: the file is not UTF-8; save it as UTF-8")))?;
    let tariff = TariffFile::parse(&name, &text).map_err(Failure::usage)?;
    let cares = tariff.care_names().map_err(Failure::usage)?;
    let care = match &args.care {
        Some(care) if cares.contains(&care.as_str()) => care,
        Some(care) => {
            let meant = is_meant(&nearest(care, cares.iter().copied()));
            return Err(Failure::usage(format_args!("{name} has no care `{care}`{meant}; it has {}", cares.join(", "))));
        }
        None if cares.len() == 1 => cares[0],
        None => {
            return Err(Failure::usage(format_args!(
                "{name} has several kinds of care ({}); name one with --care",
                cares.join(", ")
            )));
        }
    };
    tariff.norm_settings(args.as_of.unwrap_or_else(today), care).map_err(Failure::usage)
}

/// Failure of an appendix that cannot be used.
fn unusable(error: AppendixError) -> Failure {
    match error {
        AppendixError::Table(_) => Failure::input(error),
        AppendixError::ColumnAbsent { .. } | AppendixError::Unclear { .. } | AppendixError::NoNorm { .. } => {
            Failure::usage(error)
        }
    }
}

/// Gives the rows of an appendix the figures of the tariff that the table lacks. Returns what there is to say about them.
fn complete(appendix: &mut Appendix, settings: &NormSettings) -> Vec<String> {
    let mut notes = Vec::new();
    let base = match settings.base {
        Some(BaseNorm::Month(roubles)) => Some(PrintedBase { period: BasePeriod::Month, roubles: Quotient::single(roubles) }),
        Some(BaseNorm::Year(roubles)) => Some(PrintedBase { period: BasePeriod::Year, roubles: Quotient::single(roubles) }),
        Some(BaseNorm::Money(_)) | None => None,
    };
    if appendix.columns.base.is_none() {
        match base {
            Some(base) => notes.push(format!("base norm of a {} of the tariff: {}", period_name(base.period), base.roubles)),
            None => notes.push(
                "the tariff has no base norm but makes it of money and people; name it with --base-per-month or --base-per-year"
                    .to_owned(),
            ),
        }
        appendix.rows.iter_mut().for_each(|row| row.base = base);
    } else if let Some(base) = base {
        let is_other = |row: &&sverka_reference::AppendixRow| {
            row.base.is_some_and(|own| own.period == base.period && own.roubles.as_single() != base.roubles.as_single())
        };
        let others = appendix.rows.iter().filter(is_other).count();
        if others > 0 {
            let period = period_name(base.period);
            let rows = counted(others as u64, "row has", "rows have");
            notes.push(format!("{rows} another base norm of a {period} than the tariff ({})", base.roubles));
        }
    }
    if appendix.columns.correction.is_none() {
        match settings.correction {
            Correction::Given(correction) => {
                notes.push(format!("correction of the tariff: {correction}"));
                appendix.rows.iter_mut().for_each(|row| row.correction = Some(Quotient::single(correction)));
            }
            Correction::Computed => {
                notes.push(
                    "the tariff computes the correction from the heads; here it is 1, or name it with --correction".to_owned(),
                );
            }
        }
    }
    notes
}

/// Name of a period.
pub(super) fn period_name(period: BasePeriod) -> &'static str {
    match period {
        BasePeriod::Month => "month",
        BasePeriod::Year => "year",
    }
}
