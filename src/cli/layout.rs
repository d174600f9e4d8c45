//! `sverka layout`: the built-in layouts, and the check of a layout against a file.

mod misfits;
mod sample;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::misfits::{Misfit, Misfits};
use self::sample::Sample;
use super::whole_number::whole_number;
use super::{Exit, Failure, print};
use crate::engine::RunOptions;
use sverka_formats::{SourceFile, likely_name};
use sverka_intake::{Document, HeaderError, Layout, OpenDocument};
use sverka_text::counted;
use sverka_text::{is_meant, nearest};

/// What the user typed after `layout`.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "Examples:
  sverka layout list
  sverka layout show mo > our_clinic.toml
  sverka layout check our_clinic.toml inbox/MO234000120261031.csv

Exits with 0, or with 2 when there is no such layout; check tells of its further codes.")]
pub struct LayoutArgs {
    #[command(subcommand)]
    action: LayoutAction,
}

#[derive(Debug, clap::Subcommand)]
enum LayoutAction {
    /// List the built-in layouts with the file names that choose them
    #[command(after_help = "Examples:\n  sverka layout list\n\nExits with 0.")]
    List,
    /// Print a built-in layout, to begin an own one from
    #[command(
        after_help = "Examples:\n  sverka layout show mo > our_clinic.toml\n\nExits with 0, or with 2 when there is no such layout."
    )]
    Show {
        /// Name of the layout
        name: String,
    },
    /// Show the first rows of a file as canonical fields, and what did not fit
    #[command(after_help = "Examples:
  sverka layout check mo inbox/MO234000120261031.zip
  sverka layout check schemas/our_dump.toml dump.csv --rows 3

Prints rows as they are: mind who looks at the screen.

Exits with 0 when everything fits, 1 when \
something does not, 2 when the layout is wrong or not there, 3 when the file cannot be read with it, 4 when the disk failed \
or the file changed meanwhile, 8 when the file is not there (yet).")]
    Check {
        /// Built-in layout, or file with one
        #[arg(value_name = "LAYOUT")]
        layout: String,
        /// File to read with it
        #[arg(value_name = "SAMPLE")]
        sample: PathBuf,
        /// Show so many rows of each document
        #[arg(long, default_value_t = 2, value_parser = whole_number::<u64>)]
        rows: u64,
    },
}

/// Lists layouts, prints one, or checks one against a file.
///
/// # Errors
/// When there is no such layout, or the layout or the sample cannot be read.
pub fn run(args: &LayoutArgs) -> Result<Exit, Failure> {
    match &args.action {
        LayoutAction::List => print(&list()).map(|()| Exit::Done),
        LayoutAction::Show { name } => {
            let text = Layout::built_in_text(name).ok_or_else(|| unknown(name))?;
            print(text).map(|()| Exit::Done)
        }
        LayoutAction::Check { layout, sample, rows } => check(layout, sample, *rows),
    }
}

fn list() -> String {
    let mut text = String::new();
    for layout in Layout::built_in_names().filter_map(Layout::built_in) {
        let names = layout.file_names.join(" ");
        let _ = writeln!(text, "{:<18} {:<24} {names}", layout.name, layout.role());
    }
    text
}

fn unknown(name: &str) -> Failure {
    let meant = is_meant(&nearest(name, Layout::built_in_names()));
    let known = Layout::built_in_names().collect::<Vec<_>>().join(", ");
    Failure::usage(format_args!(
        "there is no built-in layout `{name}`{meant}; the layouts are {known}, or the path of a .toml file"
    ))
}

/// Layout of a name that a user gave: a built-in layout, or a file.
pub(super) fn read_layout(name: &str) -> Result<Layout, Failure> {
    if let Some(layout) = Layout::built_in(name) {
        return Ok(layout);
    }
    let path = Path::new(name);
    if path.extension().is_none_or(|ending| ending != "toml") {
        return Err(unknown(name));
    }
    let bytes = std::fs::read(path).map_err(|cause| Failure::unreadable(Exit::Usage, path, &cause))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::usage(format_args!("{name}:{line}: the file is not UTF-8; save it as UTF-8"))
    })?;
    Layout::parse(text, name).map_err(Failure::usage)
}

/// Checks a layout against the documents of a file.
fn check(layout: &str, sample: &Path, rows: u64) -> Result<Exit, Failure> {
    let layout = Arc::new(read_layout(layout)?);
    let shown = likely_name(sample.as_os_str()).text;
    let file = SourceFile::open(sample).map_err(|error| Failure::source(&error))?;
    let name = sample.file_name().map(|name| likely_name(name).text).unwrap_or_default();
    let documents = Document::all_of(&file, &name).map_err(|error| Failure::input(format_args!("{shown}: {error}")))?;
    if documents.is_empty() {
        return Err(Failure::input(format_args!("{shown}: {}", HeaderError::NoMembers)));
    }
    let mut fits = true;
    for document in documents {
        let member = if document.plain_bytes().is_some() { String::new() } else { format!(" ({})", document.name()) };
        let unusable = |fault| Failure::input(format_args!("{shown}{member}: {fault}. Correct the file, or the layout"));
        let open = OpenDocument::open(document, Arc::clone(&layout)).map_err(unusable)?;
        let report = FitReport::new(&open, &format!("{shown}{member}"), rows);
        print(&report.text)?;
        fits &= report.fits;
    }
    file.check_unchanged().map_err(|error| Failure::source(&error))?;
    Ok(if fits { Exit::Done } else { Exit::ThresholdPassed })
}

/// Report on a document that was read with a layout.
struct FitReport {
    text: String,
    /// Whether the layout fits the whole document.
    fits: bool,
}

impl FitReport {
    /// Report on a document, with its first rows.
    fn new(document: &OpenDocument<'_>, name: &str, rows: u64) -> Self {
        let layout = document.layout();
        let encoding = document.encoding();
        let detected = if encoding.detected { ", detected" } else { "" };
        let mut text = format!("{name}: layout {}, {}, {}{detected}\n", layout.name, layout.role(), encoding.encoding.name());
        for note in document.notes() {
            let _ = writeln!(text, "{note}");
        }
        let mut misfits = Misfits::default();
        let ReadRows { records, facts } = read_rows(document, rows, &mut text, &mut misfits);
        let unused = unused_columns(layout);
        if !unused.is_empty() {
            let _ = writeln!(text, "columns that no field uses: {}", unused.join(", "));
        }
        let fits = misfits.is_empty() && facts.is_empty();
        let records = counted(records, "record", "records");
        let _ = writeln!(text, "{records}{}", if fits { "; everything fits" } else { "; what did not fit:" });
        for fact in facts {
            let _ = writeln!(text, "  {fact}");
        }
        misfits.write(&mut text);
        Self { text, fits }
    }
}

/// Number of records of a document, and facts about the document as a whole.
struct ReadRows {
    records: u64,
    facts: Vec<String>,
}

/// Reads all rows of a document. Appends the first `rows` of each table to `shown` and notes the misfits.
fn read_rows(document: &OpenDocument<'_>, rows: u64, shown: &mut String, misfits: &mut Misfits) -> ReadRows {
    let (mut records, mut facts) = (0, Vec::new());
    let layout = document.layout();
    for table in layout.tables() {
        let (bindings, chunks) = (document.bind(table), document.chunks(RunOptions::CHUNK_BYTES));
        let first_row = document.lines_before() + 1;
        let mut sample = Sample {
            layout,
            columns: document.columns(),
            table,
            shown_rows: first_row + rows,
            first_row,
            shown,
            misfits,
            others: BTreeMap::new(),
            records: 0,
        };
        let mut lines = 0;
        for index in 0..chunks.count() {
            let end = document.read(&bindings, &chunks, index, &mut sample);
            if let Some(broken) = end.broken.filter(|_| bindings.tells_faults()) {
                let why = format!("breaks off at byte {}: {}", broken.offset, broken.cause);
                sample.misfit(Misfit::plain(why), first_row + lines + u64::from(end.lines));
            }
            if let Some(fact) = end.fact.filter(|_| bindings.tells_faults()) {
                facts.push(fact.to_string());
            }
            lines += u64::from(end.lines);
            sample.first_row = first_row + lines;
        }
        records += sample.records;
    }
    ReadRows { records, facts }
}

/// Named columns of a layout that no field uses.
fn unused_columns(layout: &Layout) -> Vec<&str> {
    let fields = || layout.records.iter().flat_map(|record| &record.fields);
    let is_unused = |(index, _): &(usize, &String)| !fields().any(|field| field.columns.contains(index));
    layout.columns.iter().enumerate().filter(is_unused).map(|(_, name)| name.as_str()).filter(|name| !name.is_empty()).collect()
}
