//! `sverka run`: the published run, recognition of a former run, and the output.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::project::{Project, content_of, visible_runs};
use super::{Ended, PROGRAM, sverka};

/// The id of the run, from the summary.
fn run_id(ended: &Ended) -> String {
    let line = ended.stdout.lines().find_map(|line| line.strip_prefix("Run "));
    line.unwrap_or_else(|| panic!("{}", ended.stdout)).trim().to_owned()
}

fn tables(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    content_of(run).into_iter().filter(|(name, _)| name.extension().is_some_and(|kind| kind == "parquet")).collect()
}

#[test]
fn a_run_publishes_and_exits_with_0() {
    let project = Project::new();
    let id = run_id(&project.run(&[]).exits_with(0));
    assert_eq!(visible_runs(&project.path("out")), (vec![id.clone()], Some(Path::new("runs").join(id))));
}

#[test]
fn a_passed_threshold_exits_with_1_and_is_published_all_the_same() {
    for (threshold, name) in
        [("quarantined = 1", "quarantined"), ("findings = \"0.1%\"", "findings"), ("conflicts = 0", "conflicts")]
    {
        let project = Project::new();
        project.replace("job.toml", "quarantined = \"25%\"", threshold);
        let ended = project.run(&[]).exits_with(1);
        assert!(ended.stdout.lines().any(|line| line.starts_with(&format!("  warn  {name}: "))), "{}", ended.stdout);
        assert_eq!(visible_runs(&project.path("out")).0, [run_id(&ended)]);
    }
}

#[test]
fn a_recognised_run_exits_with_1_again_when_its_threshold_is_passed() {
    let project = Project::new();
    project.replace("job.toml", "quarantined = \"25%\"", "quarantined = 1");
    project.run(&[]).exits_with(1);
    let again = project.run(&[]).exits_with(1);
    assert!(again.stdout.contains("nothing was computed") && again.stdout.contains("\n  warn  "), "{}", again.stdout);
}

#[test]
fn the_same_run_again_is_recognised_and_not_computed() {
    let project = Project::new();
    let first = project.run(&[]).exits_with(0);
    let before = content_of(&project.path(&format!("out/runs/{}", run_id(&first))));
    let again = project.run(&[]).exits_with(0);
    assert!(again.stdout.contains("nothing was computed"), "{}", again.stdout);
    assert!(!again.stderr.contains("timelines"), "{}", again.stderr);
    assert_eq!(content_of(&project.path(&format!("out/runs/{}", run_id(&again)))), before);
}

#[test]
fn a_forced_run_computes_again_to_the_same_bytes() {
    let project = Project::new();
    let run = project.path("out/runs").join(run_id(&project.run(&[]).exits_with(0)));
    let before = tables(&run);
    let again = project.run(&["--force"]).exits_with(0);
    assert!(again.stderr.contains("timelines") && !again.stdout.contains("nothing was computed"), "{}", again.stdout);
    assert!(before.len() > 10 && tables(&run) == before);
}

#[test]
fn another_day_is_another_run() {
    let project = Project::new();
    let first = run_id(&project.run(&[]).exits_with(0));
    let second = run_id(&project.run(&["--as-of", "2026-12-01"]).exits_with(0));
    assert!(second.starts_with("2026-12-01-") && first != second);
    let (mut runs, current) = visible_runs(&project.path("out"));
    runs.sort();
    assert_eq!((runs, current), (vec![first, second.clone()], Some(Path::new("runs").join(second))));
}

#[test]
fn an_earlier_day_that_is_recognised_becomes_current_again() {
    let project = Project::new();
    let first = run_id(&project.run(&[]).exits_with(0));
    project.run(&["--as-of", "2026-12-01"]).exits_with(0);
    project.run(&[]).exits_with(0);
    assert_eq!(visible_runs(&project.path("out")).1, Some(Path::new("runs").join(first)));
}

#[test]
fn another_output_folder_leaves_the_jobs_alone() {
    let project = Project::new();
    let elsewhere = project.argument("else/where");
    let id = run_id(&project.run(&["--output", &elsewhere]).exits_with(0));
    assert_eq!(visible_runs(Path::new(&elsewhere)).0, [id]);
    assert!(!project.path("out").exists());
}

#[test]
fn a_changed_row_is_another_run() {
    let project = Project::new();
    let first = run_id(&project.run(&[]).exits_with(0));
    let register = "registers/fund_archive.csv";
    let rows = std::fs::read_to_string(project.path(register)).expect("a register");
    let fewer = rows.trim_end().rsplit_once('\n').expect("rows").0;
    project.write(register, format!("{fewer}\n"));
    assert_ne!(run_id(&project.run(&[]).exits_with(0)), first);
}

#[test]
fn a_run_ends_with_the_next_command() {
    let project = Project::new();
    let stdout = project.run(&[]).exits_with(0).stdout;
    let end = stdout.rsplit_once("\n\n").expect("blocks").1;
    assert!(end.starts_with("Next     sverka ") && end.lines().count() <= 2, "{stdout}");
    assert!(end.contains(&project.argument("job.toml")), "{stdout}");
    // A recognised run ends with the same.
    assert!(project.run(&[]).exits_with(0).stdout.ends_with(end));
}

#[test]
fn the_summary_is_kept_with_the_results() {
    let project = Project::new();
    let stdout = project.run(&[]).exits_with(0).stdout;
    let run = project.path("out/runs").join(stdout.lines().find_map(|line| line.strip_prefix("Run      ")).expect("a run"));
    let kept = std::fs::read_to_string(run.join("summary.txt")).expect("a summary");
    let figures = |text: &str| text.lines().take_while(|line| !line.starts_with("Took")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(figures(&kept), figures(&stdout));
    assert!(!kept.contains(&project.argument("")), "{kept}");
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(run.join("summary.json")).expect("a summary")).expect("JSON");
    assert_eq!((&json["rows"], &json["persons"]), (&756.into(), &368.into()));
    for file in ["summary.txt", "summary.json"] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(run.join(file)).expect("a file").permissions());
        assert_eq!(mode & 0o777, 0o640, "{file}");
    }
    // Summaries are no outputs, so `verify` does not check them.
    sverka(&["verify", "--output", &project.argument("out")]).exits_with(0);
    let before = content_of(&run);
    project.run(&[]).exits_with(0);
    assert_eq!(content_of(&run), before, "a recognised run leaves everything as it is");
}

#[test]
fn the_manifest_has_the_end_and_the_events() {
    let project = Project::new();
    project.replace("job.toml", "quarantined = \"25%\"", "quarantined = 1");
    project.run(&[]).exits_with(1);
    let text = std::fs::read(project.path("out/current/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let time = |key: &str| manifest[key].as_str().expect("a time").parse::<jiff::Timestamp>().expect("RFC 3339");
    assert!(time("started_at") < time("ended_at"));
    let event = &manifest["events"][0];
    assert_eq!(event["then"], "warn");
    assert!(event["what"].as_str().is_some_and(|what| what.starts_with("quarantined: 50 ")), "{event}");
}

#[test]
fn colours_are_printed_on_request_only() {
    let project = Project::new();
    assert!(project.run(&["--color", "always"]).exits_with(0).stdout.contains("\u{1b}[1m"));
    assert!(!project.run(&[]).exits_with(0).stdout.contains('\u{1b}'));
}

#[test]
fn a_quiet_run_says_nothing() {
    let ended = Project::new().run(&["--quiet"]).exits_with(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
}

#[test]
fn a_quiet_run_still_says_why_it_exits_with_1() {
    let project = Project::new();
    project.replace("job.toml", "quarantined = \"25%\"", "quarantined = 1");
    let ended = project.run(&["-q"]).exits_with(1);
    assert_eq!((ended.stdout.as_str(), ended.stderr.lines().count()), ("", 1), "{}", ended.stderr);
    assert!(ended.stderr.contains("quarantined"), "{}", ended.stderr);
}

/// The stages that a run without a terminal lists.
fn stages(stderr: &str) -> Vec<&str> {
    stderr.lines().filter_map(|line| line.get(..24)).map(str::trim).collect()
}

#[test]
fn without_a_terminal_each_stage_is_a_plain_line() {
    let stderr = Project::new().run(&[]).exits_with(0).stderr;
    assert_eq!(stages(&stderr), ["read and check rows", "make persons", "timelines"]);
    assert!(!stderr.contains('\x1b'), "{stderr}");
}

#[test]
fn sources_are_hashed_beforehand_only_for_recognition() {
    let project = Project::new();
    project.run(&[]).exits_with(0);
    assert_eq!(stages(&project.run(&[]).exits_with(0).stderr), ["hash sources", "hash tables"]);
    assert_eq!(stages(&project.run(&["--force"]).exits_with(0).stderr), ["read and check rows", "make persons", "timelines"]);
}

#[test]
fn bars_are_printed_on_request() {
    let stderr = Project::new().run(&["--progress", "always", "--chunk-bytes", "1000"]).exits_with(0).stderr;
    // A fast stage ends before its bar has moved.
    assert!(stderr.contains(['━', '─']) && stderr.contains("/s") && stderr.contains(" left"), "{stderr:?}");
}

#[test]
fn a_reader_of_the_summary_that_went_away_changes_nothing() {
    let project = Project::new();
    let mut program = Command::new(PROGRAM)
        .args(["run", &project.argument("job.toml"), "--progress", "never"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(program.stdout.take());
    let ended = program.wait_with_output().expect("the program ends");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(visible_runs(&project.path("out")).0.len(), 1);
}
