//! The job in the working folder, which every command takes when none is named, and jobs whose day the command line gives.

use std::process::Command;

use super::project::Project;
use super::{Ended, PROGRAM, ended};

/// Runs the program in the folder of a project.
fn within(project: &Project, arguments: &[&str]) -> Ended {
    ended(Command::new(PROGRAM).args(arguments).current_dir(project.path("")))
}

#[test]
fn the_job_of_the_folder_is_taken_by_every_command() {
    let project = Project::new();
    let published = within(&project, &["run"]).exits_with(0);
    assert!(project.path("out/current").exists(), "{}", published.stdout);
    within(&project, &["verify"]).exits_with(0);
    within(&project, &["answers"]).exits_with(0);
    within(&project, &["explain", "--enp", "9853110874901461"]).exits_with(0);
    let ended = within(&project, &["check", "attachments/980102_20261031.csv"]).exits_with(1);
    assert!(
        ended.stdout.starts_with("attachments/980102_20261031.csv: 38 rows (attachments), 4 with errors\n"),
        "{}",
        ended.stdout
    );
}

#[test]
fn without_a_job_the_command_says_which_file_it_looked_for() {
    let project = Project::new();
    std::fs::remove_file(project.path("job.toml")).expect("removed");
    for command in ["run", "answers"] {
        let stderr = within(&project, &[command]).exits_with(2).stderr;
        assert!(stderr.contains("the working folder has no job.toml"), "{stderr}");
    }
}

#[test]
fn a_job_may_leave_its_day_to_the_command() {
    let project = Project::new();
    project.replace("job.toml", "as_of  = \"2026-11-01\"", "");
    let stderr = within(&project, &["run"]).exits_with(2).stderr;
    assert!(stderr.contains("`as_of` is missing") && stderr.contains("--as-of"), "{stderr}");
    let stderr = within(&project, &["answers"]).exits_with(3).stderr;
    assert!(stderr.contains("no published run") && !stderr.contains("--as-of"), "{stderr}");
    within(&project, &["run", "--as-of", "2026-11-01"]).exits_with(0);
    // Answers take the day of their run.
    let stdout = within(&project, &["answers"]).exits_with(0).stdout;
    assert!(stdout.contains("Run      2026-11-01-"), "{stdout}");
}

#[test]
fn as_of_takes_today() {
    let today = || jiff::Zoned::now().date().to_string();
    let project = Project::new();
    let before = today();
    let ended = within(&project, &["run", "--as-of", "today"]);
    let days = [before, today()];
    assert!(days.iter().any(|day| ended.stdout.contains(&format!("\nRun      {day}-"))), "{}{}", ended.stdout, ended.stderr);
    let stderr = within(&project, &["run", "--as-of", "tomorrow"]).exits_with(2).stderr;
    assert!(stderr.contains("YYYY-MM-DD") && stderr.contains("today"), "{stderr}");
}
