//! The settings `[report]` and `time_zone`: what is told at the end of a run, and whose midnight counts.
//!
//! They matter also when the rest of the job is wrong: a job that cannot be loaded still ends with metrics and a hook. So [`JobGlance`] reads them alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::{Offset, TimeZone};
use toml::{Spanned, Table, Value};

use super::load::Resolver;
use super::output;
use super::{JobError, JobProblem};

/// Settings `[report]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// Text file for the textfile collector of the node exporter.
    pub metrics: Option<PathBuf>,
    /// Command that is started after each end of a run, with its arguments; empty for none.
    pub after: Vec<String>,
    /// Longest time for the command.
    pub after_timeout: Duration,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self { metrics: None, after: Vec::new(), after_timeout: Duration::from_secs(60) }
    }
}

/// Settings of a job that matter before the rest of it is loaded, and although it cannot be.
#[derive(Clone, Debug)]
pub struct JobGlance {
    /// Folder of the job file.
    pub folder: PathBuf,
    /// Output folder, if the job names one.
    pub output: Option<PathBuf>,
    /// Time zone of days such as today; that of the machine if the job names none.
    pub time_zone: TimeZone,
    /// Settings `[report]`.
    pub report: ReportSettings,
}

impl JobGlance {
    /// Settings in the content of a job file. What is absent or wrong has its default: loading the job reports it.
    #[must_use]
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Self {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let table: Table = toml::from_str(&String::from_utf8_lossy(bytes)).unwrap_or_default();
        let zone = table.get("time_zone").and_then(Value::as_str).and_then(time_zone);
        Self {
            output: table.get("output").and_then(output::path_of).map(|output| folder.join(output)),
            time_zone: zone.unwrap_or_else(TimeZone::system),
            report: table.get("report").and_then(|report| report_settings(report, &folder).ok()).unwrap_or_default(),
            folder,
        }
    }
}

impl Resolver<'_> {
    /// Time for which sources must have settled.
    pub(super) fn settle(&self, written: Option<&Spanned<String>>) -> Result<Option<Duration>, JobError> {
        let Some(written) = written else { return Ok(None) };
        let expected = "a time of at least one second, such as \"60s\", \"5m\" or \"1h\"";
        let wrong = || JobProblem::WrongValue { key: "settle", value: written.get_ref().clone(), expected };
        duration(written.get_ref()).map(Some).ok_or_else(|| self.error_in(written, wrong()))
    }

    /// Checks `[report]` and `time_zone`, which [`JobGlance`] reads.
    pub(super) fn check_report(&self, report: Option<&Spanned<Value>>, zone: Option<&Spanned<String>>) -> Result<(), JobError> {
        if let Some(report) = report {
            report_settings(report.get_ref(), Path::new("")).map_err(|problem| self.error_in(report, problem))?;
        }
        if let Some(zone) = zone
            && time_zone(zone.get_ref()).is_none()
        {
            let expected =
                "a name of the time zone database of this machine, such as \"Europe/Moscow\", or an offset such as \"+03:00\"";
            let (key, value) = ("time_zone", zone.get_ref().clone());
            return Err(self.error_in(zone, JobProblem::WrongValue { key, value, expected }));
        }
        Ok(())
    }
}

/// Settings of a table `[report]`.
fn report_settings(written: &Value, folder: &Path) -> Result<ReportSettings, JobProblem> {
    const KEYS: [&str; 3] = ["metrics", "after", "after_timeout"];
    let wrong = |key, value: &Value, expected| JobProblem::WrongValue { key, value: value.to_string(), expected };
    let table = written.as_table().ok_or_else(|| wrong("report", written, "a table"))?;
    if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(JobProblem::UnknownKey { name: format!("report.{key}"), possible: KEYS.join(", ") });
    }
    let mut settings = ReportSettings::default();
    if let Some(value) = table.get("metrics") {
        let name = value.as_str().filter(|name| name.ends_with(".prom") && !name.ends_with("/.prom"));
        let expected = "a file whose name ends in .prom, because the collector reads no other";
        settings.metrics = Some(folder.join(name.ok_or_else(|| wrong("report.metrics", value, expected))?));
    }
    if let Some(value) = table.get("after") {
        let words: Option<Vec<String>> =
            value.as_array().and_then(|words| words.iter().map(|word| word.as_str().map(str::to_owned)).collect());
        let is_command = |words: &Vec<String>| words.first().is_some_and(|command| !command.is_empty());
        let expected = "a list of a command and its arguments, such as [\"/usr/local/bin/notify\", \"--oms\"]";
        settings.after = words.filter(is_command).ok_or_else(|| wrong("report.after", value, expected))?;
    }
    if let Some(value) = table.get("after_timeout") {
        let timeout = value.as_str().and_then(duration);
        let expected = "a time of at least one second, such as \"90s\", \"5min\" or \"1h\"";
        settings.after_timeout = timeout.ok_or_else(|| wrong("report.after_timeout", value, expected))?;
    }
    Ok(settings)
}

/// Time of a text such as `90s`, `5min`, `5m` or `1h`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return None,
    };
    let seconds = number.parse::<u32>().ok().filter(|&number| number > 0)?.checked_mul(seconds)?;
    Some(Duration::from_secs(u64::from(seconds)))
}

/// Time zone of a name such as `Europe/Moscow`, or of an offset such as `+03:00`.
fn time_zone(text: &str) -> Option<TimeZone> {
    if !text.starts_with(['+', '-']) {
        return TimeZone::get(text).ok();
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let number = |text: &str, most| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|&number| is_number && number <= most)
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let seconds = sign * (number(hours, 14)? * 3600 + number(minutes, 59)? * 60);
    Some(TimeZone::fixed(Offset::from_seconds(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<ReportSettings, String> {
        let table: Table = toml::from_str(text).expect("TOML");
        report_settings(&Value::Table(table), Path::new("/srv/oms")).map_err(|problem| problem.to_string())
    }

    #[test]
    fn settings_are_read_and_faults_named() {
        let read =
            settings("metrics = \"m/sverka.prom\"\nafter = [\"notify\", \"-v\"]\nafter_timeout = \"5min\"").expect("right");
        assert_eq!(read.metrics, Some(PathBuf::from("/srv/oms/m/sverka.prom")));
        assert_eq!((read.after, read.after_timeout), (vec!["notify".to_owned(), "-v".to_owned()], Duration::from_secs(300)));
        for (text, fault) in [
            ("metrics = \"sverka.txt\"", "report.metrics"),
            ("after = []", "report.after"),
            ("after = \"notify\"", "report.after"),
            ("after_timeout = 5", "report.after_timeout"),
            ("after_timeout = \"0s\"", "report.after_timeout"),
            ("before = []", "report.before"),
        ] {
            let message = settings(text).expect_err(text);
            assert!(message.contains(fault), "{message}");
        }
    }

    #[test]
    fn a_time_zone_is_a_name_or_an_offset() {
        assert_eq!(time_zone("+03:00"), Some(TimeZone::fixed(Offset::from_seconds(10_800).expect("an offset"))));
        assert_eq!(time_zone("-03:30"), Some(TimeZone::fixed(Offset::from_seconds(-12_600).expect("an offset"))));
        for wrong in ["+3", "+25:00", "+03:60", "+03-00", "Moscow", ""] {
            assert_eq!(time_zone(wrong), None, "{wrong}");
        }
    }
}
