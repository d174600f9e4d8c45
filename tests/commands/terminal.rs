//! Values of rows and names of files that hold control characters: no command sends these to the terminal.

use std::fs;
use std::process::Command;

use sverka_text::is_hidden;

use super::project::Project;
use super::{Ended, PROGRAM, ended, sverka};

/// Control characters of both sets and marks of direction: they colour text, ring the bell, clear the screen and turn text round.
const HOSTILE: &str = "\u{1b}[31m\u{7}\u{9b}2J\u{202e}\u{2066}";
const ENP: &str = "9853110874901461";

/// A project with a published run, in which the person of [`ENP`] has a hostile surname.
fn published() -> Project {
    const SURNAME: &str = "Луговская";
    let project = Project::new();
    for folder in ["registers", "attachments"] {
        for file in fs::read_dir(project.path(folder)).expect("files") {
            let file = file.expect("file").path();
            // One file is no UTF-8.
            let Ok(text) = fs::read_to_string(&file) else { continue };
            fs::write(&file, text.replace(SURNAME, &format!("{SURNAME}{HOSTILE}"))).expect("written");
        }
    }
    project.run(&[]).exits_with(0);
    project
}

fn assert_harmless(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains(|sign| is_hidden(sign) && !matches!(sign, '\n' | '\t')), "{text:?}");
    }
}

#[test]
fn an_explanation_shows_what_a_name_holds_and_sends_nothing() {
    let project = published();
    let job = project.argument("job.toml");
    let text = sverka(&["explain", "--job", &job, "--enp", ENP]).exits_with(0);
    assert_harmless(&text);
    assert!(text.stdout.contains("\\u{1b}[31m\\u{7}\\u{9b}2J\\u{202e}\\u{2066}"), "{}", text.stdout);
    let json = sverka(&["explain", "--job", &job, "--enp", ENP, "--json"]).exits_with(0);
    assert_harmless(&json);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert!(value.to_string().contains(&serde_json::Value::from(HOSTILE).to_string().trim_matches('"').to_owned()), "{value}");
}

#[test]
fn a_layout_shows_values_and_sends_nothing() {
    let project = published();
    let shown = sverka(&["layout", "check", "register", &project.argument("registers/98001_20261031.csv"), "--rows", "1000"]);
    assert_harmless(&shown);
    assert!(shown.stdout.contains("\\u{1b}[31m"), "{}", shown.stdout);
}

#[test]
fn names_of_files_are_shown_and_not_sent() {
    let project = Project::new();
    let job = project.argument("job.toml");
    let name = format!("registers/98{HOSTILE}.csv");
    fs::rename(project.path("registers/98001_20261031.csv"), project.path(&name)).expect("renamed");
    let hostile = project.argument(&name);
    let absent = project.argument(&format!("{HOSTILE}.toml"));
    let commands: [&[&str]; 8] = [
        &["check", &hostile, "--job", &job],
        &["layout", "check", "register", &hostile],
        &["layout", "check", "mo", &hostile],
        &["layout", "check", &absent, &hostile],
        &["run", &job, "--profile"],
        &["run", &absent],
        &["answers", &job],
        &["explain", "--job", &job, "--record", &format!("{name}:2")],
    ];
    for arguments in commands {
        assert_harmless(&sverka(arguments));
    }
}

#[test]
fn numbers_of_people_come_from_standard_input() {
    let project = published();
    let job = project.argument("job.toml");
    let number = project.path("number.txt");
    let with_input = |text: &str, arguments: &[&str]| {
        fs::write(&number, text).expect("written");
        ended(Command::new(PROGRAM).args(arguments).stdin(fs::File::open(&number).expect("open")))
    };
    let stdout = sverka(&["explain", "--job", &job, "--enp", ENP]).exits_with(0).stdout;
    for text in [format!("{ENP}\n"), format!("\u{feff}{ENP}\r\n"), ENP.to_owned()] {
        assert_eq!(with_input(&text, &["explain", "--job", &job, "--enp", "-"]).exits_with(0).stdout, stdout);
    }
    assert_eq!(with_input(ENP, &["explain", "--job", &job, "-"]).exits_with(0).stdout, stdout);
    assert!(with_input(&format!("{ENP}\n{ENP}\n"), &["enp", "-"]).exits_with(0).stdout.contains(ENP));
    for wrong in ["", "\n \n", &format!("{ENP}\n{ENP}\n")] {
        let stderr = with_input(wrong, &["explain", "--job", &job, "--enp", "-"]).exits_with(2).stderr;
        assert!(stderr.contains("standard input") && !stderr.contains(ENP), "{stderr}");
    }
}
