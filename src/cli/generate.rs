//! `sverka generate`: settings of the generator from the arguments; progress and sums on standard error.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::day::day;
use super::whole_number::whole_number;
use super::{Exit, Failure};
use crate::generate::{
    Ambulance, Carry, Class, Form, Format, GenerateError, HistorySettings, HistorySummary, KINDS, Money, Rates, Scope, Settings,
    Summary, generate, generate_history,
};
use sverka_formats::Encoding;
use sverka_model::Date;
use sverka_text::counted;
use sverka_text::visible_lines;

/// Makes a synthetic region: registers, attachments, reference tables, a ready job, and the truth about it.
///
/// Nobody in the region exists, but its files look like those of a fund: an age pyramid, insurers and clinics of unequal size, right policy
/// numbers and SNILS, and defects at the rates below. Some rates were measured on a register of 2.24 million people. The same arguments give the
/// same bytes on every machine.
///
/// In DIR you find `job.toml` (reconcile with `sverka run DIR/job.toml`), `registers/` and `attachments/` or `dump/`, `reference/`, and `truth/`:
/// `records.csv` says which person each row belongs to, `persons.csv` who is insured and attached where on the as-of date and paid for, `kinds.csv`
/// to whom as a whole something happened, and `defects.csv` what was done to which row and the code that a reconciliation must give it (none if no
/// rule can see it). With `--money full` there are also `services.csv` (services to which people are attached), `points.csv` (roubles of the month
/// for each feldsher point) and `results.csv` (groups of clinics). Lines count from 1, the header is line 1; in lists and Parquet files, records do.
///
/// With `--months` it makes a history: people are born, move, marry and die, insurers and clinics send whole lists and changes, late, twice, with
/// mistakes or not at all. `steps.csv` has a row for each night: copy its folder of `nights/` into `inbox/`, then `sverka run DIR/job.toml
/// --as-of DAY` with its day. In `truth/`, `records.csv` says who is behind each row that arrived, `persons.csv` how everybody began, `changes.csv`
/// what happened from which day and by which step it can be known, `merges.csv` by which step two are known to be one, `files.csv` what was sent.
#[derive(clap::Args, Debug)]
#[command(after_long_help = after_long_help())]
pub struct GenerateArgs {
    /// How many people live in the region.
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>)]
    persons: u64,

    /// Another seed gives other people of the same kind.
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = whole_number::<u64>)]
    seed: u64,

    /// The directory to fill; it must be empty or absent.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The date for which the job reconciles; the first day of the last month of a history.
    #[arg(long, value_name = "DATE", value_parser = day, default_value = "2026-11-01")]
    as_of: Date,

    /// Makes a history of this many months.
    #[arg(long, value_name = "M", value_parser = whole_number::<u32>, conflicts_with_all = REGION_ONLY)]
    months: Option<u32>,

    /// In how many nights of each month of a history files arrive and a run is made.
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>, requires = "months", default_value_t = 1)]
    nights: u32,

    /// Sets how often a kind strikes, from 0 to 1; may be repeated.
    #[arg(long = "rate", value_name = "KIND=RATE", value_parser = kind_and_rate)]
    rates: Vec<(String, String)>,

    /// Sets every defect's rate to 0 before --rate is read; lawful traits stay.
    #[arg(long)]
    defects_off: bool,

    /// How registers and attachments are written: `csv` is canonical, `exchange` zipped OPLIST XML and attachment files of the MO family,
    /// `dump` one flat file of 24 columns without header, `parquet` tables with canonical columns.
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = format)]
    format: Format,

    /// What the records hold, whatever the format: `all`, what files of the `exchange` hold, or what a `dump` holds. The same seed and CARRY
    /// give the same people and records in every format that can carry them; without it, a region holds as much as its format can.
    #[arg(long, value_name = "CARRY", value_parser = carry)]
    carry: Option<Carry>,

    /// The encoding of a dump: utf-8, windows-1251 or cp866.
    #[arg(long, value_name = "NAME", default_value = "utf-8", value_parser = encoding)]
    encoding: Encoding,

    /// What the tariff pays for: `simple` is outpatient care; `full` is four kinds of care, with attachments to dental and gynaecological services,
    /// feldsher points, results, settlements and insurers.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "simple")]
    money: Money,

    /// Whose heads an ambulance station has with `--money full`: `stations` maps clinics to stations, `attached` attaches people to them [default: stations].
    #[arg(long, value_name = "HEADS", value_parser = ambulance)]
    ambulance: Option<Ambulance>,

    /// Leaves out truth/, which saves time and space.
    #[arg(long)]
    no_truth: bool,

    /// Replaces a region that was generated into DIR before; anything else there is never replaced.
    #[arg(long)]
    force: bool,
}

/// Arguments that say how a region looks, which a history does not ask.
const REGION_ONLY: [&str; 7] = ["rates", "defects_off", "format", "carry", "encoding", "money", "ambulance"];

/// Generates the region or the history.
///
/// # Errors
/// When the arguments make no region, or writing failed.
pub fn run(args: &GenerateArgs) -> Result<Exit, Failure> {
    if let Some(months) = args.months {
        return run_history(args, months);
    }
    let rates = rates(args).map_err(Failure::usage)?;
    let &GenerateArgs { persons, seed, as_of, no_truth, force, format, carry, encoding, .. } = args;
    let money = money_of(args).map_err(Failure::usage)?;
    let (out, truth, carry) = (args.out.clone(), !no_truth, carry.unwrap_or(format.most()));
    let settings = Settings { persons, seed, as_of, out, rates, truth, form: Form { format, carry, encoding }, money, force };
    let persons = &persons;
    let bar = progress_bar(*persons);
    let started = std::time::Instant::now();
    let result = generate(&settings, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let summary = result.map_err(failure)?;
    // The region is complete, even if its sums cannot be printed.
    let sums = sums(&summary, started.elapsed().as_secs_f64(), &settings);
    let _ = writeln!(std::io::stderr(), "{}", visible_lines(&sums));
    Ok(Exit::Done)
}

/// Generates a history.
fn run_history(args: &GenerateArgs, months: u32) -> Result<Exit, Failure> {
    let &GenerateArgs { persons, seed, as_of, nights, no_truth, force, .. } = args;
    let settings = HistorySettings { persons, seed, as_of, months, nights, out: args.out.clone(), truth: !no_truth, force };
    let bar = progress_bar(persons);
    let started = std::time::Instant::now();
    let result = generate_history(&settings, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let sums = history_sums(&result.map_err(failure)?, started.elapsed().as_secs_f64(), &settings);
    let _ = writeln!(std::io::stderr(), "{}", visible_lines(&sums));
    Ok(Exit::Done)
}

/// Failure of an error of the generator.
fn failure(error: GenerateError) -> Failure {
    let exit = if matches!(error, GenerateError::Write { .. }) { Exit::Resource } else { Exit::Usage };
    Failure::new(exit, error)
}

/// Rates of the arguments.
fn rates(args: &GenerateArgs) -> Result<Rates, crate::generate::RateError> {
    let mut rates = if args.defects_off { Rates::default().without_defects() } else { Rates::default() };
    for (kind, rate) in &args.rates {
        rates.set(kind, rate)?;
    }
    Ok(rates)
}

/// Money of the arguments.
fn money_of(args: &GenerateArgs) -> Result<Money, &'static str> {
    match (args.money, args.ambulance) {
        (Money::Full(_), Some(ambulance)) => Ok(Money::Full(ambulance)),
        (Money::Simple, Some(_)) => Err("--ambulance needs --money full"),
        (money, None) => Ok(money),
    }
}

/// Kind and rate of an argument `KIND=RATE`.
fn kind_and_rate(text: &str) -> Result<(String, String), String> {
    let (kind, rate) =
        text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form KIND=RATE, such as `death=0.01`"))?;
    Ok((kind.trim().to_owned(), rate.trim().to_owned()))
}

fn format(name: &str) -> Result<Format, String> {
    Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| not_one_of(&Format::ALL.map(Format::name)))
}

fn carry(name: &str) -> Result<Carry, String> {
    Carry::ALL.into_iter().find(|carry| carry.name() == name).ok_or_else(|| not_one_of(&Carry::ALL.map(Carry::name)))
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::from_name(name).ok_or_else(|| not_one_of(&Encoding::ALL.map(Encoding::name)))
}

fn money(name: &str) -> Result<Money, String> {
    Money::ALL.into_iter().find(|money| money.name() == name).ok_or_else(|| not_one_of(&Money::ALL.map(Money::name)))
}

fn ambulance(name: &str) -> Result<Ambulance, String> {
    let found = Ambulance::ALL.into_iter().find(|ambulance| ambulance.name() == name);
    found.ok_or_else(|| not_one_of(&Ambulance::ALL.map(Ambulance::name)))
}

fn not_one_of(names: &[&str]) -> String {
    format!("choose one of {}", names.join(", "))
}

fn progress_bar(persons: u64) -> ProgressBar {
    let bar = ProgressBar::new(persons);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} people, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Sums of a region, and the next command.
fn sums(summary: &Summary, seconds: f64, settings: &Settings) -> String {
    format!(
        "{}, {}, {}, {:.1} MB in {seconds:.1} s; next: sverka run {}",
        counted(summary.persons, "person", "people"),
        counted(summary.register_rows, "register row", "register rows"),
        counted(summary.attachment_rows, "attachment row", "attachment rows"),
        summary.bytes as f64 / 1e6,
        settings.out.join("job.toml").display()
    )
}

/// Sums of a history, and where to go on.
fn history_sums(summary: &HistorySummary, seconds: f64, settings: &HistorySettings) -> String {
    format!(
        "{}, {}, {}, {}, {}, {:.1} MB in {seconds:.1} s; next: the steps of {}",
        counted(summary.persons, "person", "people"),
        counted(summary.steps, "night", "nights"),
        counted(summary.files, "file", "files"),
        counted(summary.rows, "row", "rows"),
        counted(summary.changes, "change", "changes"),
        summary.bytes as f64 / 1e6,
        settings.out.join("steps.csv").display()
    )
}

fn after_long_help() -> String {
    let mut help = "Examples:\n  sverka generate --persons 20000 --out region\n  \
        sverka generate --persons 1000000 --seed 7 --out big --no-truth\n  \
        sverka generate --persons 20000 --out lists --format exchange\n  \
        sverka generate --persons 20000 --out same --format csv --carry exchange\n  \
        sverka generate --persons 5000 --out tidy --defects-off --rate sex_invalid=0.01\n  \
        sverka generate --persons 20000 --out rich --money full\n  \
        sverka generate --persons 20000 --out year --months 12 --nights 5\n"
        .to_owned();
    for (class, title) in [(Class::Defect, "Defects"), (Class::Trait, "Lawful traits")] {
        let _ = writeln!(help, "\n{title} (KIND, default rate, meaning):");
        for info in KINDS.iter().filter(|info| info.class == class) {
            let scope = match info.scope {
                Scope::Household => ", per two people",
                Scope::Person | Scope::Field => "",
            };
            let within = match (Carry::Exchange.holds(info.kind), Carry::Dump.holds(info.kind)) {
                (true, true) => "",
                (true, false) => " [not in dump]",
                (false, true) => " [not in exchange]",
                (false, false) => " [not in exchange, dump]",
            };
            let _ = writeln!(help, "  {:27} {:<8} {}{scope}{within}", info.name, info.rate, info.meaning);
        }
    }
    help.push_str("\nA kind that is not in exchange or dump does not happen with that --carry, whatever its rate.");
    help.push_str("\nFrom 1000 people on, every kind whose rate is not 0 occurs at least once.");
    help.push_str(
        "\n\nExits with 0, or with 2 when the arguments make no region or DIR holds something else, or with 4 when DIR cannot be written.",
    );
    help
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: GenerateArgs,
    }

    fn rates_of(arguments: &[&str]) -> Rates {
        let all = ["generate", "--persons", "1", "--out", "x"].iter().chain(arguments);
        let command = Command::try_parse_from(all).unwrap_or_else(|error| panic!("{error}"));
        rates(&command.args).expect("rates")
    }

    #[test]
    fn rates_are_set_after_defects_are_switched_off() {
        let rates = rates_of(&["--rate", "death=0.5", "--defects-off", "--rate", "duplicate=0.25"]);
        assert_eq!((rates.death, rates.duplicate, rates.enp_format), (0.5, 0.25, 0.0));
    }

    #[test]
    fn help_lists_every_kind() {
        let help = after_long_help();
        for info in KINDS {
            assert!(help.contains(&format!("  {} ", info.name)), "{}", info.name);
        }
    }
}
