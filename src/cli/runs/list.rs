//! List of the published runs.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};

use super::{FolderChoice, failure};
use crate::cli::lines::line_width;
use crate::cli::result_output::{AnswerChoice, Format, chosen_format, send};
use crate::cli::{Exit, Failure, print_error, print_unchanged};
use sverka_publish::{ListedRun, RunList};
use sverka_report::result_set::BatchResult;

/// Columns of the list for people, each with its heading. Programs get all columns.
const HEADINGS: [(&str, &str); 8] = [
    ("run", "run"),
    ("as_of", "as of"),
    ("started_at", "started"),
    ("persons", "persons"),
    ("heads", "heads"),
    ("amount", "roubles"),
    ("bytes", "bytes"),
    ("marks", "marks"),
];

/// Lists the runs.
pub(super) fn run(folder: &FolderChoice, answer: &AnswerChoice) -> Result<Exit, Failure> {
    let format = chosen_format(answer, io::stdout().is_terminal())?;
    let list = RunList::read(&folder.path()?).map_err(failure)?;
    let rows = BatchResult::new(batch(&list.runs));
    if format == Format::Table && answer.to.is_none() {
        let mut text = Vec::new();
        rows.write_list(&mut text, &HEADINGS, Some(line_width())).map_err(|error| Failure::output(&error))?;
        print_unchanged(&String::from_utf8_lossy(&text))?;
    } else {
        send(&rows, format, answer)?;
    }
    for run in &list.unreadable {
        print_error(&format!("run {} is not listed: {}", run.run_id, run.error));
    }
    Ok(if list.unreadable.is_empty() { Exit::Done } else { Exit::ThresholdPassed })
}

/// Rows of the list.
fn batch(runs: &[ListedRun]) -> RecordBatch {
    let texts = |value: fn(&ListedRun) -> String| -> ArrayRef { Arc::new(StringArray::from_iter_values(runs.iter().map(value))) };
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let numbers =
        |value: fn(&ListedRun) -> u64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(runs.iter().map(value).map(whole))) };
    let signs = |value: fn(&ListedRun) -> bool| -> ArrayRef {
        Arc::new(BooleanArray::from_iter(runs.iter().map(|run| Some(value(run)))))
    };
    let columns = [
        ("run", texts(|run| run.run_id.clone())),
        ("as_of", texts(|run| run.as_of.clone())),
        ("started_at", texts(|run| run.started_at.clone())),
        ("persons", numbers(|run| run.persons)),
        ("heads", numbers(|run| run.heads)),
        ("amount", texts(|run| run.amount.clone())),
        ("bytes", numbers(|run| run.bytes)),
        ("current", signs(|run| run.is_current)),
        ("closed", texts(|run| run.closed.join("|"))),
        ("booked", texts(|run| run.booked.join("|"))),
        ("pinned", signs(|run| run.is_pinned)),
        ("marks", texts(marks)),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

/// Marks of a run for people.
fn marks(run: &ListedRun) -> String {
    let current = run.is_current.then(|| "current".to_owned());
    let closed = run.closed.iter().map(|month| format!("closed {month}"));
    let booked = run.booked.iter().map(|booking| format!("booked {booking}"));
    let pinned = run.is_pinned.then(|| "pinned".to_owned());
    current.into_iter().chain(closed).chain(booked).chain(pinned).collect::<Vec<_>>().join(", ")
}
