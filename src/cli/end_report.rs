//! Report at each end of a run, published or not: the metrics file and the hook of `[report]` in the job.
//!
//! Neither changes the run: a fault is told, and the exit code stays.

mod hook;
mod metrics;

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Exit;
use super::log::{self, Level, LogLine};
use crate::job::JobGlance;
use sverka_publish::Manifest;

/// End of a run.
pub(super) struct RunEnd<'e> {
    pub exit: Exit,
    /// Sentence about the failure, if the run failed.
    pub error: Option<&'e str>,
    /// Start of the run.
    pub started: jiff::Timestamp,
    /// Time from start to end.
    pub wall: Duration,
    /// Whether the user wants errors only.
    pub quiet: bool,
    /// Output folder, as far as it is known.
    pub output: Option<&'e Path>,
    /// The run, if it is published.
    pub published: Option<&'e PublishedEnd>,
}

/// Published run at its end.
pub(super) struct PublishedEnd {
    pub manifest: Manifest,
    /// Summary as JSON.
    pub summary: Vec<u8>,
    /// Whether the run had been published before, so that nothing was computed.
    pub recognised: bool,
}

impl RunEnd<'_> {
    /// Whether the results are published and nothing is missing.
    fn is_success(&self) -> bool {
        matches!(self.exit, Exit::Done | Exit::ThresholdPassed)
    }
}

/// Logs the end, writes the metrics and starts the hook of a job.
pub(super) fn report(end: &RunEnd<'_>, job: &JobGlance) {
    if log::is_json() && !end.quiet {
        LogLine { level: Level::Info, stage: None, message: "run ended", figures: figures(end) }.write_json();
    }
    if let Some(file) = &job.report.metrics
        && let Err(cause) = metrics::write(file, end)
    {
        log::report(Level::Warn, &format!("the metrics are not written: {}: {cause}", file.display()));
    }
    if let Some(hook) = hook::Hook::of_job(job)
        && let Err(fault) = hook.run(end.exit.code(), &account(end))
    {
        log::report(Level::Warn, &format!("{fault}; the run is not changed by that"));
    }
}

/// Account of the end for the hook: exit code, times, error and summary.
fn account(end: &RunEnd<'_>) -> Vec<u8> {
    let summary = end.published.and_then(|published| serde_json::from_slice::<Value>(&published.summary).ok());
    let account = json!({
        "exit_code": end.exit.code(),
        "error": end.error,
        "started_at": end.started.to_string(),
        "wall_ms": millis(end.wall),
        "run_id": end.published.map(|published| &published.manifest.run_id),
        "recognised": end.published.is_some_and(|published| published.recognised),
        // The hook has another working folder.
        "output": end.output.map(|output| std::path::absolute(output).unwrap_or_else(|_| output.to_owned()).to_string_lossy().into_owned()),
        "summary": summary,
    });
    let mut text = account.to_string().into_bytes();
    text.push(b'\n');
    text
}

/// Figures of the end for the log.
fn figures(end: &RunEnd<'_>) -> Map<String, Value> {
    let mut figures = Map::new();
    let mut add = |name: &str, value: Value| figures.insert(name.to_owned(), value);
    add("exit_code", end.exit.code().into());
    add("wall_ms", millis(end.wall).into());
    if let Some(PublishedEnd { manifest, .. }) = end.published {
        let totals = &manifest.totals;
        add("run_id", manifest.run_id.as_str().into());
        add("rows", totals.rows.into());
        add("quarantined", totals.quarantined.into());
        add("persons", totals.persons.into());
        add("heads", totals.heads.into());
        add("amount", totals.amount.as_str().into());
    }
    figures
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
