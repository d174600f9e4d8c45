//! Next commands after a run, chosen by its outcome and ready to type.

use std::path::Path;

use crate::engine::RunOutcome;
use crate::job::Job;
use sverka_text::with_thousands;

/// Job and folder in the arguments of a run, for the next commands.
pub(super) struct RunArguments<'a> {
    /// Job file; `None` for the one in the working folder.
    pub job: Option<&'a Path>,
    /// Output folder in place of the job's.
    pub output: Option<&'a Path>,
}

/// Command and its purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    command: String,
    purpose: String,
}

/// Most steps that are shown.
const STEPS_MAX: usize = 2;
/// Text between a command and its purpose.
const GAP: &str = "  ";

/// The most urgent steps after a run.
pub(super) fn after_run(arguments: &RunArguments<'_>, job: &Job, outcome: &RunOutcome) -> Vec<Step> {
    let totals = &outcome.manifest.totals;
    let is_doubtful = totals.unattached > 0 || !outcome.manifest.findings.is_empty() || !outcome.manifest.decisions.is_empty();
    let reasons = StepReasons { overdue: totals.must_choose_overdue, is_doubtful, is_answered: job.answers };
    steps(arguments, reasons, cfg!(feature = "query"))
}

/// Facts of a run's outcome that decide the next steps.
#[derive(Clone, Copy, Debug, Default)]
struct StepReasons {
    /// Number of people past the end of the time to choose an insurer.
    overdue: u64,
    /// Whether there are cases that people may have to decide.
    is_doubtful: bool,
    /// Whether the senders are answered already.
    is_answered: bool,
}

fn steps(arguments: &RunArguments<'_>, reasons: StepReasons, with_sql: bool) -> Vec<Step> {
    let of_run = match (arguments.output, arguments.job) {
        (Some(output), _) => format!(" --output {}", quoted(output)),
        (None, Some(job)) => format!(" --job {}", quoted(job)),
        (None, None) => String::new(),
    };
    let mut of_job = arguments.job.map(|job| format!(" {}", quoted(job))).unwrap_or_default();
    if let Some(output) = arguments.output {
        of_job += &format!(" --output {}", quoted(output));
    }
    let step = |command: String, purpose: &str| Step { command: format!("sverka {command}"), purpose: purpose.to_owned() };
    let mut steps = Vec::new();
    if reasons.overdue > 0 {
        let purpose = format!("propose insurers for {} whose time is over", with_thousands(reasons.overdue));
        steps.push(step(format!("distribute{of_run}"), &purpose));
    }
    if reasons.is_doubtful {
        steps.push(step(format!("review{of_run}"), "what people have to decide"));
    }
    if !reasons.is_answered {
        steps.push(step(format!("answers{of_job}"), "tell the senders of their rows"));
    }
    if with_sql {
        steps.push(step(format!("query{of_run} \"SHOW TABLES\""), "ask the tables"));
    }
    steps.push(step(format!("verify{of_run}"), "make sure of the tables, at any time"));
    steps.truncate(STEPS_MAX);
    steps
}

/// Text of the steps, for a screen of a width. A purpose without room stands below its command.
pub(super) fn text(steps: &[Step], width: usize) -> String {
    const LABEL: usize = 9;
    let commands = steps.iter().map(|step| step.command.chars().count()).max().unwrap_or(0);
    let purposes = steps.iter().map(|step| step.purpose.chars().count()).max().unwrap_or(0);
    let is_beside = LABEL + commands + GAP.len() + purposes <= width;
    let line = |(number, Step { command, purpose }): (usize, &Step)| {
        let label = if number == 0 { "Next" } else { "" };
        if is_beside {
            format!("{label:<LABEL$}{command:<commands$}{GAP}{purpose}\n")
        } else {
            format!("{label:<LABEL$}{command}\n{:LABEL$}{GAP}{purpose}\n", "")
        }
    };
    let lines: String = steps.iter().enumerate().map(line).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

/// A path in the quotes that a shell needs.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |sign: char| sign.is_alphanumeric() || "/._-+=:@,%".contains(sign);
    if !text.is_empty() && text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_FOLDER: RunArguments<'_> = RunArguments { job: None, output: None };

    fn commands(arguments: &RunArguments<'_>, reasons: StepReasons, with_sql: bool) -> Vec<String> {
        steps(arguments, reasons, with_sql).into_iter().map(|step| step.command).collect()
    }

    #[test]
    fn the_most_urgent_steps_fit_the_outcome() {
        let all = StepReasons { overdue: 9, is_doubtful: true, is_answered: false };
        for with_sql in [true, false] {
            assert_eq!(commands(&OF_FOLDER, all, with_sql), ["sverka distribute", "sverka review"]);
        }
        let quiet = StepReasons { is_answered: true, ..StepReasons::default() };
        assert_eq!(commands(&OF_FOLDER, quiet, true), ["sverka query \"SHOW TABLES\"", "sverka verify"]);
        assert_eq!(commands(&OF_FOLDER, quiet, false), ["sverka verify"]);
    }

    #[test]
    fn commands_can_be_typed_where_the_run_was() {
        let reasons = StepReasons { is_doubtful: true, ..StepReasons::default() };
        let job = RunArguments { job: Some(Path::new("in box/job.toml")), output: None };
        assert_eq!(commands(&job, reasons, true), ["sverka review --job 'in box/job.toml'", "sverka answers 'in box/job.toml'"]);
        let elsewhere = RunArguments { job: Some(Path::new("job.toml")), output: Some(Path::new("/srv/реестр")) };
        assert_eq!(
            commands(&elsewhere, reasons, true),
            ["sverka review --output /srv/реестр", "sverka answers job.toml --output /srv/реестр"]
        );
        assert_eq!(quoted(Path::new("a'b")), "'a'\\''b'");
    }

    #[test]
    fn a_purpose_stands_beside_its_command_or_below() {
        let steps = steps(&OF_FOLDER, StepReasons { overdue: 1, is_doubtful: true, is_answered: false }, true);
        let wide = text(&steps, 80);
        assert!(wide.starts_with("\nNext     sverka distribute  ") && wide.contains("\n         sverka review      "), "{wide}");
        let narrow = text(&steps, 50);
        assert!(narrow.contains("\n         sverka review\n           what people have to decide\n"), "{narrow}");
    }
}
