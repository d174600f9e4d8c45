//! Lists of a run, written to the screen, a file or a folder.

use std::fs::DirBuilder;
use std::io::{self, IsTerminal as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::ReviewArgs;
use crate::cli::lines::{hanging, line_width};
use crate::cli::result_output::{AnswerChoice, Format, chosen_format, run_folder, send, write, write_file};
use crate::cli::{Exit, Failure, memory_watch, print, print_unchanged};
use sverka_publish::Readers;
use sverka_report::result_set::WriteError;
use sverka_report::review::{ListNotNarrowed, MissingList, Review, ReviewError, ReviewFilter};

/// Columns of the overview for people, each with its heading. Programs get all columns.
const HEADINGS: [(&str, &str); 5] =
    [("list", "list"), ("rows", "rows"), ("heads", "heads"), ("roubles_per_month", "roubles"), ("title", "title")];

/// Shows or writes lists.
pub(super) fn run(args: &ReviewArgs) -> Result<Exit, Failure> {
    memory_watch::begin(&args.memory)?;
    let folder = run_folder(&args.run)?;
    let filter = ReviewFilter { insurer: args.insurer.clone(), clinic: args.clinic.clone() };
    let mut review = Review::open(&folder, &filter)?;
    match (&args.list, &args.to) {
        (Some(name), _) => show_list(args, &mut review, name)?,
        (None, Some(folder)) => write_all(args, &mut review, folder)?,
        (None, None) => show_overview(args, &mut review)?,
    }
    Ok(Exit::Done)
}

/// Shows or writes one list.
fn show_list(args: &ReviewArgs, review: &mut Review, name: &str) -> Result<(), Failure> {
    let choice = AnswerChoice { format: args.format, to: args.to.clone(), limit: args.limit };
    let format = chosen_format(&choice, io::stdout().is_terminal())?;
    let list = review.list(name)?;
    if format == Format::Table && choice.to.is_none() {
        let (language, width) = (args.lang.language(), line_width());
        let [title, meaning] = [&list.title, &list.meaning].map(|sentence| hanging("", sentence.get(language), width));
        print(&format!("{title}{meaning}\n"))?;
    }
    send(&review.rows(list)?, format, &choice)
}

/// Writes each list as a file of a folder, as CSV unless another format is asked for.
fn write_all(args: &ReviewArgs, review: &mut Review, folder: &Path) -> Result<(), Failure> {
    let format = args.format.unwrap_or(Format::Csv);
    let ending = match format {
        Format::Table => "txt",
        Format::Csv => "csv",
        Format::Json => "json",
        Format::Parquet => "parquet",
    };
    let unwritable = |error| Failure::new(Exit::Resource, format_args!("cannot make the folder `{}`: {error}", folder.display()));
    DirBuilder::new().recursive(true).mode(Readers::default().folder_mode()).create(folder).map_err(unwritable)?;
    for list in review.lists().to_vec() {
        let rows = review.rows(list)?;
        write_file(&folder.join(format!("{}.{ending}", list.name)), |out| write(&rows, format, None, None, out))?;
    }
    show_overview(args, review)
}

/// Shows the number of rows of each list and the heads and roubles at stake.
fn show_overview(args: &ReviewArgs, review: &mut Review) -> Result<(), Failure> {
    let choice = AnswerChoice { format: if args.to.is_some() { None } else { args.format }, to: None, limit: 0 };
    let format = chosen_format(&choice, io::stdout().is_terminal())?;
    if !review.lists().is_empty() {
        let lists = review.overview(args.lang.language())?;
        if format == Format::Table {
            let mut text = Vec::new();
            lists.write_list(&mut text, &HEADINGS, Some(line_width())).map_err(WriteError::from)?;
            print_unchanged(&String::from_utf8_lossy(&text))?;
        } else {
            send(&lists, format, &choice)?;
        }
    }
    for MissingList { list, table } in review.missing() {
        print(&format!("{}: the run was published without the table `{table}`\n", list.name))?;
    }
    for ListNotNarrowed { list, kind } in review.not_narrowed() {
        print(&format!("{}: left out, since it names no {kind}s\n", list.name))?;
    }
    Ok(())
}

impl From<ReviewError> for Failure {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Published(error) => error.into(),
            ReviewError::Unknown { .. }
            | ReviewError::TableMissing { .. }
            | ReviewError::NotNarrowed { .. }
            | ReviewError::CodeUnknown { .. } => Self::usage(error),
            ReviewError::NoTables { .. }
            | ReviewError::Read(_)
            | ReviewError::ColumnMissing { .. }
            | ReviewError::Manifest(_)
            | ReviewError::NoDay => Self::input(error),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(WriteError(cause): WriteError) -> Self {
        Self::output(&cause)
    }
}
