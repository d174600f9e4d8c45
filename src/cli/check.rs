//! `sverka check`: the row checks alone, over files that someone is about to send or has just received.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::day::day;
use super::job_choice::job_of_folder;
use super::layout::read_layout;
use super::progress::ProgressArgs;
use super::run::{failure, threads};
use super::{Exit, Failure, interrupt, print};
use crate::check::CheckContext;
use crate::engine::{CheckedSource, RunOptions, check_sources};
use crate::identifier::Date;
use crate::intake::parquet_rows::ParquetRows;
use crate::intake::{Beginning, Document, HeaderError, Layout, SourceFile, readable, workbook_rows};
use crate::job::{CommandLine, Job, RuleSettings, Severities, Source, Then};
use crate::reference::{Clinics, Dictionary, DocumentMasks, Insurers, WorkingDays};
use crate::report::with_thousands;
use crate::rules::Severity;

/// What the user typed after `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka check incoming/34001.csv --job job.toml
  sverka check inbox/MO234000120261031.zip --job job.toml --layout mo
  sverka check *.csv --as-of 2026-11-01 \\
      --insurers insurers.csv --clinics clinics.csv

Exits with 0 when no row has an error, 1 when a row would be quarantined or a file holds no record at all or looks \
incomplete, 2 on wrong usage, 3 when a file cannot be read.")]
pub struct CheckArgs {
    /// Files to check
    #[arg(value_name = "FILES", required = true)]
    pub files: Vec<PathBuf>,

    /// Take as-of date, reference tables and layouts from this job [default: ./job.toml, if it is there]
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Check as of this day: a date, or today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,

    /// Reference table of insurers
    #[arg(long, value_name = "FILE", conflicts_with = "job")]
    pub insurers: Option<PathBuf>,

    /// Reference table of clinics
    #[arg(long, value_name = "FILE", conflicts_with = "job")]
    pub clinics: Option<PathBuf>,

    /// What the files hold, in canonical columns: register, attachments, or auto (their headers tell)
    #[arg(long, value_enum, default_value_t = TableChoice::Auto, hide_possible_values = true)]
    pub table: TableChoice,

    /// Read the files with this layout: a built-in one or a .toml file; by default the job's, else
    /// the one that header or name choose
    #[arg(long, value_name = "LAYOUT", conflicts_with = "table")]
    pub layout: Option<String>,

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
    region: Option<String>,
    documents: Option<Dictionary<DocumentMasks>>,
    calendar: WorkingDays,
    rules: RuleSettings,
    severities: Arc<Severities>,
    /// Sources of the job, whose layouts hold for the same files.
    known: Vec<Source>,
}

/// Checks the files and prints what was found.
///
/// # Errors
/// When the job or a reference table is wrong, or a file cannot be read.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let interrupted = interrupt::listen()?;
    let ground = ground(args)?;
    let of_files = args.files.iter().map(|file| sources(file, args, &ground));
    let sources: Vec<Source> = of_files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let context = CheckContext {
        as_of: ground.as_of,
        insurers: &ground.insurers,
        clinics: &ground.clinics,
        region: ground.region.as_deref(),
        documents: ground.documents.as_ref(),
        calendar: &ground.calendar,
        rules: &ground.rules,
    };
    let progress = args.progress.listener();
    let check = || check_sources(&sources, &context, RunOptions::CHUNK_BYTES, &*progress, interrupted);
    let checked = threads(None)?.install(check).map_err(failure)?;
    drop(progress);
    if !args.progress.quiet {
        print(&sources.iter().zip(&checked).map(|(source, checked)| told(source, checked)).collect::<String>())?;
    }
    let consequence = |code| ground.rules.sources.consequence(code).map_or(Then::Note, |(then, _)| then);
    let is_told = |checked: &CheckedSource| {
        !checked.facts.is_empty() || checked.of_source.is_some_and(|code| consequence(code) >= Then::Warn)
    };
    let any_error = checked.iter().any(|checked| checked.quarantined > 0 || is_told(checked));
    Ok(if any_error { Exit::ThresholdPassed } else { Exit::Done })
}

fn ground(args: &CheckArgs) -> Result<Ground, Failure> {
    let is_by_tables = args.insurers.is_some() || args.clinics.is_some();
    let of_folder = || job_of_folder(Path::new("")).filter(|_| !is_by_tables);
    if let Some(path) = args.job.clone().or_else(of_folder) {
        let job = Job::load(&path, &CommandLine { as_of: args.as_of, ..CommandLine::default() })
            .map_err(|error| Failure::job(&error))?;
        return Ok(Ground {
            as_of: job.as_of,
            insurers: job.insurers,
            clinics: job.clinics,
            region: job.region,
            documents: job.dictionaries.documents,
            calendar: job.calendar,
            rules: job.rules,
            severities: job.severities,
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
        region: None,
        documents: None,
        calendar: WorkingDays::default(),
        rules: RuleSettings::default(),
        severities: Arc::default(),
        known: Vec::new(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::unreadable(Exit::Usage, path, &cause))
}

/// The columns of a table of clinics that only a tariff can explain: funding factors, which a check has no use for.
fn factor_columns(clinics: &[u8]) -> Vec<String> {
    const OF_CLINICS: [&str; 10] =
        ["clinic", "oid", "region", "name", "attachable", "ages", "works_from", "works_to", "successor", "head"];
    // XML, or packed.
    if !clinics.trim_ascii_start().first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'"' | 0xEF)) {
        return Vec::new();
    }
    let header = String::from_utf8_lossy(clinics.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
    let columns = header.trim_start_matches('\u{FEFF}').split(';').map(|column| column.trim().trim_matches('"').to_owned());
    columns.filter(|column| !OF_CLINICS.contains(&column.as_str())).collect()
}

/// The documents of a file as sources: with the job's layouts if the file is one of the job's, else with the layout that the user names, or the
/// canonical one that its header fits, or the one that its name chooses.
fn sources(file: &Path, args: &CheckArgs, ground: &Ground) -> Result<Vec<Source>, Failure> {
    let canonical = |path: &Path| path.canonicalize().ok();
    let this = canonical(file);
    if args.layout.is_none() && args.table == TableChoice::Auto && this.is_some() {
        let of_job: Vec<Source> = ground.known.iter().filter(|source| canonical(source.file.path()) == this).cloned().collect();
        if !of_job.is_empty() {
            return Ok(of_job);
        }
    }
    let shown = readable(file.as_os_str()).text;
    let opened = Arc::new(SourceFile::open(file).map_err(|error| Failure::source(&error))?);
    let name = file.file_name().map(|name| readable(name).text).unwrap_or_default();
    let documents = Document::all_of(&opened, &name).map_err(|error| Failure::input(format_args!("{shown}: {error}")))?;
    if documents.is_empty() {
        return Err(Failure::input(format_args!("{shown}: {}", HeaderError::NoMembers)));
    }
    let many = documents.len() > 1;
    let source = |(member, document): (usize, &Document<'_>)| {
        let source_name = if many { format!("{shown}/{}", document.name()) } else { shown.clone() };
        let layout = layout_of(document, &source_name, args)?;
        let (layout, severities) = (Arc::new(layout), Arc::clone(&ground.severities));
        Ok(Source { name: source_name, file: Arc::clone(&opened), member, layout, source_date: None, severities })
    };
    documents.iter().enumerate().map(source).collect()
}

fn layout_of(document: &Document<'_>, name: &str, args: &CheckArgs) -> Result<Layout, Failure> {
    if let Some(layout) = &args.layout {
        return read_layout(layout);
    }
    let canonical = match args.table {
        TableChoice::Register => Some("register"),
        TableChoice::Attachments => Some("attachments"),
        TableChoice::Auto => canonical_layout(document, name)?,
    };
    let last_part = document.name().rsplit('/').next().unwrap_or_default();
    let built_in = || Layout::built_in_names().filter_map(Layout::built_in);
    let by_name = || built_in().find(|layout| layout.fits_name(last_part));
    let by_look = || built_in().find(|layout| layout.fits_look_alike(last_part));
    canonical.and_then(Layout::built_in).or_else(by_name).or_else(by_look).ok_or_else(|| {
        Failure::input(format_args!(
            "{name}: the first line is no header of a canonical register or of attachments, and the name fits no layout; name one \
             with --layout (`sverka layout list` shows them), or the job with --job"
        ))
    })
}

/// The canonical layout that a document's first line is a header of: registers name an insurer, attachments a clinic.
fn canonical_layout(document: &Document<'_>, name: &str) -> Result<Option<&'static str>, Failure> {
    const MOST_HEADER_BYTES: usize = 64 << 10;
    let Beginning { bytes: beginning, broken } = document.beginning(MOST_HEADER_BYTES);
    if beginning.is_empty() {
        if let Some(error) = broken {
            return Err(Failure::input(format_args!("{name}: {error}")));
        }
        return Err(Failure::input(format_args!("{name}: the file is empty; a header line was expected")));
    }
    if document.is_workbook() {
        let rows = workbook_rows(document).map_err(|fault| Failure::input(format_args!("{name}: {fault}")))?;
        return Ok(rows.iter().find_map(|columns| canonical_layout_of(columns)));
    }
    let columns: Vec<String> = match document.plain_bytes().filter(|bytes| ParquetRows::is_parquet(bytes)) {
        Some(bytes) => {
            let table = ParquetRows::open(bytes).map_err(|fault| Failure::input(format_args!("{name}: {fault}")))?;
            table.columns().iter().map(|column| column.name.clone()).collect()
        }
        None => {
            let text = String::from_utf8_lossy(&beginning);
            // A spreadsheet program may have put a line for another one before the header.
            let is_header = |line: &&str| !line.trim().is_empty() && !line.trim_matches('"').to_lowercase().starts_with("sep=");
            let header = text.trim_start_matches('\u{FEFF}').split(['\n', '\r']).find(is_header).unwrap_or_default();
            header.split(';').map(|name| name.trim().trim_matches('"').to_owned()).collect()
        }
    };
    Ok(canonical_layout_of(&columns))
}

/// The canonical layout with such a header.
fn canonical_layout_of(columns: &[String]) -> Option<&'static str> {
    let has = |column: &str| columns.iter().any(|name| name == column);
    match (has("insurer"), has("clinic")) {
        (true, false) => Some("register"),
        (false, true) => Some("attachments"),
        _ => None,
    }
}

/// The summary of one file: its rows, and each code with how often and where it was found.
fn told(source: &Source, checked: &CheckedSource) -> String {
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
    if let Some(code) = checked.of_source {
        let severity = source.severities.of(code).name();
        let _ = writeln!(text, "  {severity:<8} {:<22} {:>9}  {} (the whole file)", code.name(), 1, code.rule().message.en);
    }
    for fact in &checked.facts {
        let _ = writeln!(text, "  {fact}");
    }
    for severity in [Severity::Error, Severity::Warning] {
        for (code, found) in checked.found.iter().filter(|(code, _)| source.severities.of(**code) == severity) {
            let shown: Vec<String> = found.lines.iter().map(u64::to_string).collect();
            let more = if found.count > shown.len() as u64 { ", …" } else { "" };
            let _ = writeln!(
                text,
                "  {:<8} {:<22} {:>9}  {} ({} {}{more})",
                severity.name(),
                code.name(),
                with_thousands(found.count),
                code.rule().message.en,
                if found.count == 1 { "line" } else { "lines" },
                shown.join(", ")
            );
        }
    }
    text
}
