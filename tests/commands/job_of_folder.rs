//! The job in the working folder, which every command takes when none is named; and jobs that leave their day to the command line.

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
    let published = within(&project, &["run"]).with(0);
    assert!(project.path("out/current").exists(), "{}", published.out);
    within(&project, &["verify"]).with(0);
    within(&project, &["answers"]).with(0);
    within(&project, &["explain", "--enp", "9853110874901461"]).with(0);
    let told = within(&project, &["check", "attachments/980102_20261031.csv"]).with(1);
    assert!(told.out.starts_with("attachments/980102_20261031.csv: 38 rows (attachments), 4 with errors\n"), "{}", told.out);
}

#[test]
fn without_a_job_the_command_says_which_file_it_looked_for() {
    let project = Project::new();
    std::fs::remove_file(project.path("job.toml")).expect("removed");
    for command in ["run", "answers"] {
        let complaint = within(&project, &[command]).with(2).complaint;
        assert!(complaint.contains("the working folder has no job.toml"), "{complaint}");
    }
}

#[test]
fn a_job_may_leave_its_day_to_the_command() {
    let project = Project::new();
    project.replace("job.toml", "as_of  = \"2026-11-01\"", "");
    let complaint = within(&project, &["run"]).with(2).complaint;
    assert!(complaint.contains("`as_of` is missing") && complaint.contains("--as-of"), "{complaint}");
    let complaint = within(&project, &["answers"]).with(3).complaint;
    assert!(complaint.contains("no published run") && !complaint.contains("--as-of"), "{complaint}");
    within(&project, &["run", "--as-of", "2026-11-01"]).with(0);
    // Answers are of the day of their run.
    let told = within(&project, &["answers"]).with(0).out;
    assert!(told.contains("Run      2026-11-01-"), "{told}");
}

#[test]
fn today_is_a_day() {
    let today = || jiff::Zoned::now().date().to_string();
    let project = Project::new();
    let before = today();
    let told = within(&project, &["run", "--as-of", "today"]);
    let days = [before, today()];
    assert!(days.iter().any(|day| told.out.contains(&format!("\nRun      {day}-"))), "{}{}", told.out, told.complaint);
    let complaint = within(&project, &["run", "--as-of", "tomorrow"]).with(2).complaint;
    assert!(complaint.contains("YYYY-MM-DD") && complaint.contains("today"), "{complaint}");
}
