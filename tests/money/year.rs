//! `sverka tariff pot`, and the heads of an earlier run.

use rust_decimal::Decimal;
use serde_json::Value;
use sverka_publish::OutputTable;

use crate::commands::project::Project;
use crate::commands::sverka;
use crate::published::PublishedRun;

/// A tariff whose base is made of money.
const TARIFF: &str = r#"
factors = ["level", "rural"]
correction = "none"
bands = [{ sex = "both", from = 0, coefficient = "1" }]
base_money = { table = "money.csv" }
"#;

/// The sample region with that tariff, `sum` roubles a year, and a run for each day.
fn project(sum: &str, days: &[&str]) -> Project {
    let project = Project::new();
    project.write("reference/tariff.toml", format!("[[care]]\nname = \"ambulatory\"{TARIFF}"));
    project.write("reference/money.csv", format!("line;sum;inside\n1;{sum};1\n"));
    for day in days {
        let ended = project.run(&["--quiet", "--as-of", day, "--accept-shrink"]);
        assert!(ended.code < 2, "{day}: {}", ended.stderr);
    }
    project
}

#[test]
fn a_year_is_the_months_with_a_run_and_the_rest_at_the_present_heads() {
    let project = project("120000.00", &["2026-10-01", "2026-11-01"]);
    let ended = sverka(&["tariff", "pot", "--job", &project.argument("job.toml"), "--format", "json"]);
    assert!(ended.code < 2, "{}", ended.stderr);
    let answer: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let care = &answer[0];
    let money = |key: &str| care[key].as_str().expect("a sum").parse::<Decimal>().expect("a number");
    assert_eq!((care["months_paid"].as_i64(), care["months_open"].as_i64()), (Some(2), Some(10)));
    assert_eq!(money("forecast"), money("month") * Decimal::from(10));
    assert_eq!(money("year"), money("paid") + money("forecast"));
    assert_eq!(money("left"), Decimal::new(12_000_000, 2) - money("year"));
    assert_eq!(ended.code, i32::from(money("left") < Decimal::ZERO));
    let table = sverka(&["tariff", "pot", "--job", &project.argument("job.toml"), "--format", "table"]);
    assert!(table.stdout.contains("2026-09  no run") && table.stdout.contains("2026-10  2026-10-01-"), "{}", table.stdout);
}

#[test]
fn moved_heads_are_told_against_the_run_that_the_job_names() {
    let project = project("120000.00", &["2026-10-01"]);
    let earlier = std::fs::read_link(project.path("out/current")).expect("a link");
    let earlier = earlier.file_name().expect("a run").to_str().expect("UTF-8").to_owned();
    let job = std::fs::read_to_string(project.path("job.toml")).expect("the job");
    project.write("job.toml", format!("{job}\n[money_checks]\nearlier_run = \"{earlier}\"\nheads_moved = \"0%\"\n"));
    assert!(project.run(&["--quiet", "--accept-shrink"]).code < 2);
    let run = PublishedRun::read(&project.path("out/current"));
    let moved: Vec<_> = run.rows(OutputTable::MoneyChecks).filter(|row| row.text("check") == "heads_moved").collect();
    assert!(!moved.is_empty());
    for row in moved {
        assert_eq!(row.text("subject"), earlier);
        assert_ne!(row.text("value"), row.text("limit"));
    }
    assert!(run.manifest.inputs.iter().any(|input| input.role == "earlier_run"));
}

#[test]
fn a_limit_without_an_earlier_run_is_told_and_a_run_that_is_not_there_is_an_error() {
    let project = project("120000.00", &[]);
    let job = std::fs::read_to_string(project.path("job.toml")).expect("the job");
    project.write("job.toml", format!("{job}\n[money_checks]\nheads_moved = \"5%\"\n"));
    let ended = project.run(&[]);
    assert!(ended.code < 2 && ended.stderr.contains("has no earlier run"), "{}", ended.stderr);
    project.write("job.toml", format!("{job}\n[money_checks]\nearlier_run = \"2026-01-01-00\"\n"));
    let ended = project.run(&["--quiet"]);
    assert!(ended.code == 2 && ended.stderr.contains("`earlier_run` is `2026-01-01-00`: no run"), "{}", ended.stderr);
}
