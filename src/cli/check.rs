//! `sverka check`: the row checks alone, over files that someone is about to send or has just received.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::progress::ProgressArgs;
use super::run::{failure, threads};
use super::{Exit, Failure, interrupt, print};
use crate::check::CheckContext;
use crate::engine::{CheckedSource, RunOptions, check_sources};
use crate::identifier::Date;
use crate::intake::Layout;
use crate::job::{Job, Overrides, RuleSettings, Source};
use crate::reference::{Clinics, Insurers};
use crate::report::with_thousands;
use crate::rules::{Code, Severity};

/// What the user typed after `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka check incoming/34001.csv --job job.toml
  sverka check *.csv --as-of 2026-11-01 \\
      --insurers insurers.csv --clinics clinics.csv

Exits with 0 when no row has an error, 1 when a row would be quarantined, 2 on wrong usage, 3 when \
a file cannot be read.")]
pub struct CheckArgs {
    /// Files to check
    #[arg(value_name = "FILES", required = true)]
    pub files: Vec<PathBuf>,

    /// Take as-of date, reference tables and layouts from this job
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Check as of this day
    #[arg(long, value_name = "DATE", required_unless_present = "job")]
    pub as_of: Option<Date>,

    /// Reference table of insurers
    #[arg(long, value_name = "FILE", required_unless_present = "job", conflicts_with = "job")]
    pub insurers: Option<PathBuf>,

    /// Reference table of clinics
    #[arg(long, value_name = "FILE", required_unless_present = "job", conflicts_with = "job")]
    pub clinics: Option<PathBuf>,

    /// What the files hold: register, attachments, or auto (their headers tell)
    #[arg(long, value_enum, default_value_t = TableChoice::Auto, hide_possible_values = true)]
    pub table: TableChoice,

    #[command(flatten)]
    pub progress: ProgressArgs,
}

/// Which table a file's rows belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TableChoice {
    /// Look at the header
    Auto,
    /// Policies of insured persons
    Register,
    /// Attachments to clinics
    Attachments,
}

/// What rows are checked against.
struct Ground {
    as_of: Date,
    insurers: Insurers,
    clinics: Clinics,
    rules: RuleSettings,
    /// Sources of the job, whose layouts hold for the same files.
    known: Vec<Source>,
}

/// Lines of a code that are named in the summary.
const LINES_SHOWN: usize = 5;

/// Checks the files and prints what was found.
///
/// # Errors
/// When the job or a reference table is wrong, or a file cannot be read.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let interrupted = interrupt::listen()?;
    let ground = ground(args)?;
    let of_files: Vec<_> = args.files.iter().map(|file| sources(file, args.table, &ground.known)).collect::<Result<_, _>>()?;
    let sources: Vec<Source> = of_files.into_iter().flatten().collect();
    let context =
        CheckContext { as_of: ground.as_of, insurers: &ground.insurers, clinics: &ground.clinics, rules: &ground.rules };
    let progress = args.progress.listener();
    let check = || check_sources(&sources, &context, RunOptions::CHUNK_BYTES, &*progress, interrupted);
    let checked = threads(None)?.install(check).map_err(failure)?;
    drop(progress);
    if !args.progress.quiet {
        print(&sources.iter().zip(&checked).map(|(source, checked)| told(source, checked)).collect::<String>())?;
    }
    let any_error = checked.iter().any(|checked| checked.quarantined > 0);
    Ok(if any_error { Exit::ThresholdPassed } else { Exit::Done })
}

fn ground(args: &CheckArgs) -> Result<Ground, Failure> {
    if let Some(path) = &args.job {
        let job = Job::load(path, &Overrides { as_of: args.as_of, output: None }).map_err(|error| Failure::job(&error))?;
        return Ok(Ground {
            as_of: job.as_of,
            insurers: job.insurers,
            clinics: job.clinics,
            rules: job.rules,
            known: job.sources,
        });
    }
    let (Some(as_of), Some(insurers), Some(clinics)) = (args.as_of, &args.insurers, &args.clinics) else {
        return Err(Failure::usage("give --job, or --as-of, --insurers and --clinics"));
    };
    let (insurers_bytes, clinics_bytes) = (read(insurers)?, read(clinics)?);
    Ok(Ground {
        as_of,
        insurers: Insurers::read(&insurers.display().to_string(), &insurers_bytes).map_err(Failure::usage)?,
        clinics: Clinics::read(&clinics.display().to_string(), &clinics_bytes, &factor_columns(&clinics_bytes))
            .map_err(Failure::usage)?,
        rules: RuleSettings::default(),
        known: Vec::new(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::unreadable(Exit::Usage, path, &cause))
}

/// The columns of a table of clinics that only a tariff can explain: funding factors, which a check has no use for.
fn factor_columns(clinics: &[u8]) -> Vec<String> {
    const OF_CLINICS: [&str; 9] =
        ["clinic", "oid", "region", "name", "attachable", "ages", "works_from", "works_to", "successor"];
    // XML, or packed.
    if !clinics.trim_ascii_start().first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'"' | 0xEF)) {
        return Vec::new();
    }
    let header = String::from_utf8_lossy(clinics.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
    let columns = header.trim_start_matches('\u{FEFF}').split(';').map(|column| column.trim().trim_matches('"').to_owned());
    columns.filter(|column| !OF_CLINICS.contains(&column.as_str())).collect()
}

/// A file as sources: with the job's layout if it is one of the job's, where each member of an archive is a source of its own, else with the
/// canonical one that its header fits.
fn sources(file: &Path, table: TableChoice, known: &[Source]) -> Result<Vec<Source>, Failure> {
    let canonical = |path: &Path| path.canonicalize().ok();
    let same_file = |source: &&Source| canonical(&source.path).is_some() && canonical(&source.path) == canonical(file);
    let of_job: Vec<Source> = known.iter().filter(same_file).cloned().collect();
    if table == TableChoice::Auto && !of_job.is_empty() {
        return Ok(of_job);
    }
    let name = match table {
        TableChoice::Register => "register",
        TableChoice::Attachments => "attachments",
        TableChoice::Auto => layout_of_header(file)?,
    };
    let layout = Layout::built_in(name).ok_or_else(|| Failure::new(Exit::Invariant, "a canonical layout is missing"))?;
    let name = file.display().to_string();
    Ok(vec![Source { name, path: file.to_owned(), member: 0, layout: Arc::new(layout), source_date: None }])
}

/// The canonical layout that a file's first line is a header of: registers name an insurer, attachments a clinic.
fn layout_of_header(file: &Path) -> Result<&'static str, Failure> {
    use std::io::{BufRead as _, BufReader, Read as _};
    const MOST_HEADER_BYTES: u64 = 64 << 10;
    let unreadable = |cause| Failure::unreadable(Exit::Input, file, &cause);
    let opened = std::fs::File::open(file).map_err(unreadable)?;
    let mut first = Vec::new();
    BufReader::new(opened).take(MOST_HEADER_BYTES).read_until(b'\n', &mut first).map_err(unreadable)?;
    if first.is_empty() {
        return Err(Failure::input(format_args!("{}: the file is empty; a header line was expected", file.display())));
    }
    let header = String::from_utf8_lossy(&first);
    let has =
        |column| header.trim_start_matches('\u{FEFF}').split([';', '\r']).any(|name| name.trim().trim_matches('"') == column);
    match (has("insurer"), has("clinic")) {
        (true, false) => Ok("register"),
        (false, true) => Ok("attachments"),
        _ => Err(Failure::input(format_args!(
            "{}: the first line is no header of a canonical register or of attachments; name one with --table, or the job with --job",
            file.display()
        ))),
    }
}

/// The summary of one file: its rows, and each code with how often and where it was found.
fn told(source: &Source, checked: &CheckedSource) -> String {
    let mut by_code: BTreeMap<Code, Vec<u64>> = BTreeMap::new();
    for finding in &checked.findings {
        by_code.entry(finding.code).or_default().push(finding.line);
    }
    let mut text = format!(
        "{}: {} rows ({}), {} with errors{}\n",
        source.name,
        with_thousands(checked.rows),
        source.layout.role(),
        with_thousands(checked.quarantined),
        if checked.encoding.detected {
            format!(", encoding detected: {}", checked.encoding.encoding.name())
        } else {
            String::new()
        }
    );
    for severity in [Severity::Error, Severity::Warning] {
        for (code, lines) in by_code.iter().filter(|(code, _)| code.rule().severity == severity) {
            let shown: Vec<String> = lines.iter().take(LINES_SHOWN).map(u64::to_string).collect();
            let more = if lines.len() > LINES_SHOWN { ", …" } else { "" };
            let _ = writeln!(
                text,
                "  {:<8} {:<22} {:>9}  {} ({} {}{more})",
                severity.name(),
                code.name(),
                with_thousands(lines.len() as u64),
                code.rule().message,
                if lines.len() == 1 { "line" } else { "lines" },
                shown.join(", ")
            );
        }
    }
    text
}
