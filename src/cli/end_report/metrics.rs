//! The metrics file: figures for the textfile collector of the node exporter, replaced as a whole at each end of a run.
//!
//! Times and exit code are those of the run that ended. Rows, persons, heads, money and findings are those of the published run: of this one, or of the
//! current one of the output folder when this one failed. The file names codes, stages and kinds of care, never people.

use std::fmt::{Display, Write as _};
use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use super::{RunEnd, millis};
use sverka_publish::Manifest;

/// Rights of the file: the node exporter is another user, and the file has no personal data.
const MODE: u32 = 0o644;

const LAST_SUCCESS: &str = "sverka_last_success_timestamp_seconds";

/// Writes the file.
pub(super) fn write(file: &Path, end: &RunEnd<'_>) -> io::Result<()> {
    let current = || Manifest::read(&end.output?.join("current")).ok();
    let stored = if end.published.is_none() { current() } else { None };
    let manifest = end.published.map(|published| &published.manifest).or(stored.as_ref());
    let text = text(end, manifest, last_success(file, end, manifest));
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The collector reads no name without the ending .prom.
    let mut part = tempfile::Builder::new().prefix(".sverka-").suffix(".part").tempfile_in(folder)?;
    part.write_all(text.as_bytes())?;
    part.as_file().set_permissions(Permissions::from_mode(MODE))?;
    part.as_file().sync_all()?;
    part.persist(file).map(drop).map_err(|failed| failed.error)
}

/// Time of the last success in seconds: of this run, by the former file, or by the manifest of the current run.
fn last_success(file: &Path, end: &RunEnd<'_>, manifest: Option<&Manifest>) -> Option<i64> {
    if end.is_success() {
        return Some(ended_at(end));
    }
    let former = fs::read_to_string(file).unwrap_or_default();
    let former = former.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)?.trim().parse().ok());
    former.or_else(|| Some(manifest?.ended_at.as_ref()?.parse::<jiff::Timestamp>().ok()?.as_second()))
}

fn ended_at(end: &RunEnd<'_>) -> i64 {
    end.started.as_second().saturating_add_unsigned(end.wall.as_secs())
}

/// Text of the file.
fn text(end: &RunEnd<'_>, manifest: Option<&Manifest>, last_success: Option<i64>) -> String {
    let mut text = MetricsText::default();
    text.one("sverka_run_exit_code", "Exit code of the run that ended last.", end.exit.code());
    text.one("sverka_run_start_timestamp_seconds", "Start of the run that ended last.", end.started.as_second());
    text.one("sverka_run_end_timestamp_seconds", "End of the run that ended last.", ended_at(end));
    text.one("sverka_run_duration_seconds", "Duration of the run that ended last.", seconds(end.wall));
    if let Some(time) = last_success {
        text.one(LAST_SUCCESS, "End of the last run with exit code 0 or 1.", time);
    }
    if let Some(manifest) = manifest {
        published(&mut text, manifest);
    }
    text.0
}

/// Figures of a published run.
fn published(text: &mut MetricsText, manifest: &Manifest) {
    let totals = &manifest.totals;
    text.one("sverka_sources", "Sources of the published run.", manifest.sources().count());
    let rows = [("accepted", totals.accepted), ("duplicate", totals.duplicates), ("quarantined", totals.quarantined)];
    text.many(
        "sverka_rows",
        "Rows of the published run by state.",
        "state",
        rows.map(|(state, count)| Sample::new(state, count)),
    );
    text.one("sverka_persons", "Persons of the published run.", totals.persons);
    text.one("sverka_insured_persons", "Persons insured on the as-of date.", totals.insured);
    text.one("sverka_unattached_persons", "Insured persons without a clinic.", totals.unattached);
    text.one("sverka_heads", "Heads of the published run.", totals.heads);
    text.one("sverka_funded_heads", "Heads that are paid.", totals.funded_heads);
    text.one("sverka_amount_roubles", "Sum of all amounts for one month.", &totals.amount);
    let cares = totals.cares.iter().map(|care| Sample::new(&care.care, &care.amount));
    text.many("sverka_care_amount_roubles", "Sum of the amounts of a kind of care for one month.", "care", cares);
    let findings = manifest.findings.iter().map(|(code, count)| Sample::new(code, count));
    text.many("sverka_findings", "Findings of the published run by code.", "code", findings);
    let errors = manifest.errors.iter().map(|(code, count)| Sample::new(code, count));
    text.many("sverka_error_findings", "Findings for which rows are quarantined, by code.", "code", errors);
    let events =
        ["stop", "warn", "note"].map(|then| Sample::new(then, manifest.events.iter().filter(|event| event.then == then).count()));
    text.many("sverka_events", "Events of the published run by consequence.", "then", events);
    let stages = manifest.stages.iter().map(|stage| Sample::new(&stage.name, seconds(Duration::from_millis(stage.wall_ms))));
    text.many("sverka_stage_duration_seconds", "Duration of the stages of the published run.", "stage", stages);
    text.one("sverka_peak_memory_bytes", "Peak resident memory of the published run.", manifest.peak_memory_bytes);
}

/// Value of a metric with the value of its label.
struct Sample {
    label: String,
    value: String,
}

impl Sample {
    fn new(label: &str, value: impl Display) -> Self {
        Self { label: label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"), value: value.to_string() }
    }
}

/// Text in the format of Prometheus.
#[derive(Default)]
struct MetricsText(String);

impl MetricsText {
    fn heading(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
    }

    /// Metric without labels.
    fn one(&mut self, name: &str, help: &str, value: impl Display) {
        self.heading(name, help);
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// Metric with one label. Without samples, there is no heading either.
    fn many(&mut self, name: &str, help: &str, label: &str, samples: impl IntoIterator<Item = Sample>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_some() {
            self.heading(name, help);
        }
        for Sample { label: of, value } in samples {
            let _ = writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}");
        }
    }
}

/// Seconds with three decimals.
fn seconds(time: Duration) -> String {
    let millis = millis(time);
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    fn end(exit: Exit) -> RunEnd<'static> {
        let started = "2026-11-02T03:00:00Z".parse().expect("a time");
        RunEnd { exit, error: None, started, wall: Duration::from_millis(7_250), quiet: false, output: None, published: None }
    }

    #[test]
    fn the_time_of_the_last_success_outlives_failures() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("sverka.prom");
        let lines = |exit| {
            write(&file, &end(exit)).expect("written");
            fs::read_to_string(&file).expect("text")
        };
        assert!(!lines(Exit::Input).contains(LAST_SUCCESS));
        let success = lines(Exit::ThresholdPassed);
        let line = success.lines().find(|line| line.starts_with(LAST_SUCCESS)).expect("a time").to_owned();
        assert!(line.ends_with(" 1793588407"), "{line}");
        let failed = lines(Exit::Resource);
        assert!(failed.contains(&line) && failed.contains("sverka_run_exit_code 4\n"), "{failed}");
        assert!(failed.contains("sverka_run_duration_seconds 7.250\n"), "{failed}");
        let mode = fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!((mode & 0o777, fs::read_dir(folder.path()).expect("folder").count()), (MODE, 1));
    }

    #[test]
    fn labels_are_escaped_and_metrics_without_samples_left_out() {
        let mut text = MetricsText::default();
        text.many("a", "b", "care", [Sample::new("x\"\\\n", 1)]);
        text.many("c", "d", "care", []);
        assert_eq!(text.0, "# HELP a b\n# TYPE a gauge\na{care=\"x\\\"\\\\\\n\"} 1\n");
    }
}
