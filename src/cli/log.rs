//! Lines of standard error: sentences for people, or one JSON object a line for programs that collect logs.
//!
//! ```text
//! {"time":"2026-11-02T03:00:07.12Z","level":"info","stage":"read and check rows","message":"finished","figures":{"bytes":1500,"wall_ms":12}}
//! ```
//!
//! Everything that a command says passes through two places, the listener of its progress and [`report`]. So no library for logging stands between them
//! and the line. What clap says about the command line, and the last word of a process that gets no memory, are plain text in any format.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

use sverka_text::{visible_json, visible_lines};

/// Format of standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lower")]
pub enum LogFormat {
    /// Sentences and bars for people
    Text,
    /// One JSON object a line: time, level, stage, message, figures
    Json,
}

/// Whether standard error has JSON lines.
static IS_JSON: AtomicBool = AtomicBool::new(false);

impl LogFormat {
    /// Sets the format for the rest of the process.
    pub(super) fn set_for_process(self) {
        IS_JSON.store(self == Self::Json, Ordering::Relaxed);
    }
}

/// Whether standard error has JSON lines.
pub(super) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Severity of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Info,
    Warn,
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Line of the log.
#[derive(Clone, Debug)]
pub(super) struct LogLine<'l> {
    pub level: Level,
    /// Stage of a run; `None` for a line about the command as a whole.
    pub stage: Option<&'l str>,
    pub message: &'l str,
    /// Numbers by name.
    pub figures: Map<String, Value>,
}

/// Line of the log in the order of its fields.
#[derive(serde::Serialize)]
struct JsonLine<'l> {
    time: &'l str,
    level: &'l str,
    stage: Option<&'l str>,
    message: &'l str,
    figures: &'l Map<String, Value>,
}

impl LogLine<'_> {
    /// The line as JSON, without a line end.
    fn to_json(&self, time: &str) -> String {
        let Self { level, stage, message, figures } = self;
        let line = JsonLine { time, level: level.name(), stage: *stage, message, figures };
        let json = serde_json::to_string(&line).expect("a line is plain data");
        visible_json(&json).into_owned()
    }

    /// Writes the line as JSON. Without standard error, there is no other place for it.
    pub(super) fn write_json(&self) {
        let line = self.to_json(&jiff::Timestamp::now().to_string()) + "\n";
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

/// Prints a sentence about the command as a whole. Control characters in names of files and in values are made visible.
pub(super) fn report(level: Level, sentence: &str) {
    if is_json() {
        LogLine { level, stage: None, message: sentence, figures: Map::new() }.write_json();
    } else {
        // Without standard error, there is no other place for the sentence.
        let _ = writeln!(io::stderr(), "sverka: {}", visible_lines(sentence));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object_whatever_its_message_has() {
        let figures = Map::from_iter([("rows".to_owned(), 7.into())]);
        let line = LogLine { level: Level::Warn, stage: Some("publish"), message: "two\nlines \u{1b}[0m", figures };
        let json = line.to_json("2026-11-02T03:00:07Z");
        assert_eq!(json.lines().count(), 1);
        let read: Value = serde_json::from_str(&json).expect("JSON");
        let expected = serde_json::json!({"time": "2026-11-02T03:00:07Z", "level": "warn", "stage": "publish",
            "message": "two\nlines \u{1b}[0m", "figures": {"rows": 7}});
        assert_eq!(read, expected);
    }
}
