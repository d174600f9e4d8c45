//! What others chose, values of rows and names of files, cannot do anything to a terminal, whichever command shows it.

use std::fs;
use std::process::Command;

use sverka_text::is_hidden;

use super::project::Project;
use super::{Ended, PROGRAM, ended, sverka};

/// Controls of both sets and marks of direction: they colour, name the window, ask the terminal, and turn text round.
const HOSTILE: &str = "\u{1b}[31m\u{7}\u{9b}2J\u{202e}\u{2066}";
const ENP: &str = "9853110874901461";

/// A project in which the person of an ENP has a hostile surname, published.
fn published() -> Project {
    const SURNAME: &str = "Луговская";
    let project = Project::new();
    for folder in ["registers", "attachments"] {
        for file in fs::read_dir(project.path(folder)).expect("files") {
            let file = file.expect("file").path();
            // One of them is no UTF-8, on purpose.
            let Ok(text) = fs::read_to_string(&file) else { continue };
            fs::write(&file, text.replace(SURNAME, &format!("{SURNAME}{HOSTILE}"))).expect("written");
        }
    }
    project.run(&[]).with(0);
    project
}

fn assert_harmless(ended: &Ended) {
    for text in [&ended.out, &ended.complaint] {
        assert!(!text.contains(|sign| is_hidden(sign) && !matches!(sign, '\n' | '\t')), "{text:?}");
    }
}

#[test]
fn an_explanation_shows_what_a_name_holds_and_sends_nothing() {
    let project = published();
    let job = project.argument("job.toml");
    let text = sverka(&["explain", "--job", &job, "--enp", ENP]).with(0);
    assert_harmless(&text);
    assert!(text.out.contains("\\u{1b}[31m\\u{7}\\u{9b}2J\\u{202e}\\u{2066}"), "{}", text.out);
    let json = sverka(&["explain", "--job", &job, "--enp", ENP, "--json"]).with(0);
    assert_harmless(&json);
    let value: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert!(value.to_string().contains(&serde_json::Value::from(HOSTILE).to_string().trim_matches('"').to_owned()), "{value}");
}

#[test]
fn a_layout_shows_values_and_sends_nothing() {
    let project = published();
    let shown = sverka(&["layout", "check", "register", &project.argument("registers/98001_20261031.csv"), "--rows", "1000"]);
    assert_harmless(&shown);
    assert!(shown.out.contains("\\u{1b}[31m"), "{}", shown.out);
}

#[test]
fn names_of_files_are_shown_and_not_sent() {
    let project = Project::new();
    let job = project.argument("job.toml");
    let name = format!("registers/98{HOSTILE}.csv");
    fs::rename(project.path("registers/98001_20261031.csv"), project.path(&name)).expect("renamed");
    let hostile = project.argument(&name);
    let absent = project.argument(&format!("{HOSTILE}.toml"));
    let asked: [&[&str]; 8] = [
        &["check", &hostile, "--job", &job],
        &["layout", "check", "register", &hostile],
        &["layout", "check", "mo", &hostile],
        &["layout", "check", &absent, &hostile],
        &["run", &job, "--profile"],
        &["run", &absent],
        &["answers", &job],
        &["explain", "--job", &job, "--record", &format!("{name}:2")],
    ];
    for arguments in asked {
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
    let told = sverka(&["explain", "--job", &job, "--enp", ENP]).with(0).out;
    for text in [format!("{ENP}\n"), format!("\u{feff}{ENP}\r\n"), ENP.to_owned()] {
        assert_eq!(with_input(&text, &["explain", "--job", &job, "--enp", "-"]).with(0).out, told);
    }
    assert_eq!(with_input(ENP, &["explain", "--job", &job, "-"]).with(0).out, told);
    assert!(with_input(&format!("{ENP}\n{ENP}\n"), &["enp", "-"]).with(0).out.contains(ENP));
    for wrong in ["", "\n \n", &format!("{ENP}\n{ENP}\n")] {
        let complaint = with_input(wrong, &["explain", "--job", &job, "--enp", "-"]).with(2).complaint;
        assert!(complaint.contains("standard input") && !complaint.contains(ENP), "{complaint}");
    }
}
