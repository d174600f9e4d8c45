//! Progress of a command: bars on a terminal, else one plain line for each finished stage.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{
    DecimalBytes, HumanCount, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, TermLike,
};

use super::colour;
use super::log::{self, Level, LogLine};
use crate::engine::{Progress, Silent, StageProgress, Unit};
use sverka_text::counted;
use sverka_text::visible_lines;

/// How much a command says while it works.
#[derive(Clone, Debug, clap::Args)]
pub struct ProgressArgs {
    /// Draw progress bars: auto (on a terminal that is not dumb), always or never; without bars, each stage is one plain line
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ProgressChoice::Auto, hide_possible_values = true)]
    pub progress: ProgressChoice,

    /// No progress and no summary; errors are still printed
    #[arg(long, short)]
    pub quiet: bool,
}

/// When to draw bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lower")]
pub enum ProgressChoice {
    /// On a terminal that obeys control sequences
    Auto,
    /// Also where standard error is no terminal
    Always,
    /// Nowhere
    Never,
}

impl ProgressArgs {
    /// The listener for these arguments.
    #[must_use]
    pub fn listener(&self) -> Box<dyn Progress> {
        if self.quiet {
            return Box::new(Silent);
        }
        if log::is_json() {
            return Box::new(JsonLines);
        }
        match self.progress {
            ProgressChoice::Always => Box::new(Bars::new()),
            ProgressChoice::Auto if io::stderr().is_terminal() && !colour::is_dumb() => Box::new(Bars::new()),
            ProgressChoice::Auto | ProgressChoice::Never => Box::new(PlainLines),
        }
    }
}

/// Number of redraws of the bars in a second.
const DRAWS_PER_SECOND: u8 = 10;

/// Columns of the name of a stage.
const NAME_WIDTH: usize = 24;

/// Bars with rate and time left, one for each running stage. A finished stage leaves one line.
pub struct Bars {
    all: MultiProgress,
}

impl Bars {
    /// Bars on standard error.
    #[must_use]
    pub fn new() -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::term_like_with_hz(Box::new(ForcedTerminal), DRAWS_PER_SECOND)
        };
        Self { all: MultiProgress::with_draw_target(target) }
    }
}

impl Default for Bars {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bars {
    fn stage(&self, name: &'static str, total: u64, unit: Unit) -> Box<dyn StageProgress> {
        let bar = if total == 0 { ProgressBar::no_length() } else { ProgressBar::new(total) };
        let bar = self.all.add(bar.with_style(bar_style(total, unit)).with_prefix(name));
        bar.enable_steady_tick(Duration::from_millis(250));
        Box::new(Bar { all: self.all.clone(), bar, name, unit, started: Instant::now() })
    }

    fn note(&self, message: &str) {
        // If the terminal is gone, the note is lost.
        let _ = self.all.println(visible_lines(message));
    }
}

struct Bar {
    all: MultiProgress,
    bar: ProgressBar,
    name: &'static str,
    unit: Unit,
    started: Instant,
}

impl StageProgress for Bar {
    fn advance(&self, amount: u64) {
        self.bar.inc(amount);
    }

    fn finish(&self) {
        let line = FinishedStage { name: self.name, amount: self.bar.position(), unit: self.unit, wall: self.started.elapsed() };
        self.bar.finish_and_clear();
        let _ = self.all.println(line.to_string());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        // A stage that failed must not leave a bar that seems to run.
        if !self.bar.is_finished() {
            self.bar.finish_and_clear();
        }
    }
}

/// Style of a bar; a total of 0 is an unknown one.
fn bar_style(total: u64, unit: Unit) -> ProgressStyle {
    let (done, all, rate) = match unit {
        Unit::Bytes => ("{decimal_bytes:>10}", "{decimal_total_bytes}", "  {decimal_bytes_per_sec}"),
        Unit::Persons | Unit::Rows => ("{human_pos:>10}", "{human_len}", "  {whole_per_second}"),
        Unit::Steps => ("{human_pos:>10}", "{human_len}", ""),
    };
    let template = if total == 0 {
        format!("{{spinner}} {{prefix:<{}}} {done}{rate}  {{elapsed}}", NAME_WIDTH - 2)
    } else {
        format!("{{prefix:<{NAME_WIDTH}}} {{wide_bar}} {done} of {all}{rate}  {{eta}} left")
    };
    let style = ProgressStyle::with_template(&template).expect("the templates of the bars are right");
    let whole_per_second = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // The bar's text is a buffer in memory: writing to it does not fail.
        let _ = write!(out, "{}/s", HumanCount(state.per_sec() as u64));
    };
    style.progress_chars("━╸─").with_key("whole_per_second", whole_per_second)
}

/// Standard error that is used as a terminal even if it is none. Without this, indicatif draws nothing there.
#[derive(Debug)]
struct ForcedTerminal;

impl TermLike for ForcedTerminal {
    fn width(&self) -> u16 {
        100
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        if lines == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{lines}A")) }
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        if lines == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{lines}B")) }
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        if columns == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{columns}C")) }
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        if columns == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{columns}D")) }
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{line}")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        io::stderr().write_all(text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Plain lines, one for each finished stage, for logs and for terminals without control sequences.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainLines;

impl Progress for PlainLines {
    fn stage(&self, name: &'static str, _total: u64, unit: Unit) -> Box<dyn StageProgress> {
        Box::new(PlainStage { name, unit, amount: AtomicU64::new(0), started: Instant::now() })
    }

    fn note(&self, message: &str) {
        let _ = writeln!(io::stderr(), "{}", visible_lines(message));
    }
}

struct PlainStage {
    name: &'static str,
    unit: Unit,
    amount: AtomicU64,
    started: Instant,
}

impl StageProgress for PlainStage {
    fn advance(&self, amount: u64) {
        self.amount.fetch_add(amount, Ordering::Relaxed);
    }

    fn finish(&self) {
        let amount = self.amount.load(Ordering::Relaxed);
        let line = FinishedStage { name: self.name, amount, unit: self.unit, wall: self.started.elapsed() };
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// JSON lines, two for each stage, for programs that collect logs.
#[derive(Clone, Copy, Debug, Default)]
struct JsonLines;

impl Progress for JsonLines {
    fn stage(&self, name: &'static str, total: u64, unit: Unit) -> Box<dyn StageProgress> {
        let figures = unit_figure(unit, total).filter(|_| total > 0);
        LogLine { level: Level::Info, stage: Some(name), message: "started", figures: figures.into_iter().collect() }
            .write_json();
        Box::new(JsonStage { name, unit, amount: AtomicU64::new(0), started: Instant::now() })
    }

    fn note(&self, message: &str) {
        log::report(Level::Info, message);
    }
}

struct JsonStage {
    name: &'static str,
    unit: Unit,
    amount: AtomicU64,
    started: Instant,
}

impl StageProgress for JsonStage {
    fn advance(&self, amount: u64) {
        self.amount.fetch_add(amount, Ordering::Relaxed);
    }

    fn finish(&self) {
        let wall = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let amount = unit_figure(self.unit, self.amount.load(Ordering::Relaxed));
        let figures = amount.into_iter().chain([("wall_ms".to_owned(), wall.into())]).collect();
        LogLine { level: Level::Info, stage: Some(self.name), message: "finished", figures }.write_json();
    }
}

/// Amount of a stage under the name of its unit; `None` for steps, which mean nothing outside.
fn unit_figure(unit: Unit, amount: u64) -> Option<(String, serde_json::Value)> {
    let name = match unit {
        Unit::Bytes => "bytes",
        Unit::Persons => "persons",
        Unit::Rows => "rows",
        Unit::Steps => return None,
    };
    Some((name.to_owned(), amount.into()))
}

/// Line about a finished stage.
struct FinishedStage {
    name: &'static str,
    amount: u64,
    unit: Unit,
    wall: Duration,
}

impl fmt::Display for FinishedStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = match self.unit {
            Unit::Bytes => DecimalBytes(self.amount).to_string(),
            Unit::Persons => counted(self.amount, "person", "persons"),
            Unit::Rows => counted(self.amount, "row", "rows"),
            Unit::Steps => String::new(),
        };
        let seconds = self.wall.as_secs_f64();
        write!(f, "{:<NAME_WIDTH$} {seconds:>8.2} s", self.name)?;
        if !amount.is_empty() {
            write!(f, "  {amount:>20}")?;
        }
        // The rate of an instant says nothing.
        if self.unit == Unit::Steps || seconds < 0.01 {
            return Ok(());
        }
        let rate = (self.amount as f64 / seconds) as u64;
        match self.unit {
            Unit::Bytes => write!(f, "  {}/s", DecimalBytes(rate)),
            _ => write!(f, "  {}/s", HumanCount(rate)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(unit: Unit, amount: u64, millis: u64) -> String {
        FinishedStage { name: "read and check", amount, unit, wall: Duration::from_millis(millis) }.to_string()
    }

    #[test]
    fn a_finished_stage_tells_time_amount_and_rate() {
        assert_eq!(
            line(Unit::Bytes, 1_500_000_000, 3000),
            "read and check               3.00 s               1.50 GB  500.00 MB/s"
        );
        assert_eq!(
            line(Unit::Persons, 5_000_000, 2500),
            "read and check               2.50 s     5,000,000 persons  2,000,000/s"
        );
    }

    #[test]
    fn an_instant_has_no_rate() {
        assert!(!line(Unit::Rows, 10, 1).contains("/s"));
    }

    #[test]
    fn every_unit_has_a_bar_with_and_without_total() {
        for unit in [Unit::Bytes, Unit::Persons, Unit::Rows, Unit::Steps] {
            let _ = bar_style(0, unit);
            let _ = bar_style(10, unit);
        }
    }
}
