//! Reports at each end of a run, by metrics, hook and log, and the one before it, by `--check-only`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::project::{Project, visible_runs};

/// Values of a row that nothing may tell.
const SECRETS: [&str; 4] = ["Заречнов", "Провидец", "98004812345", "9852210822900697"];
const ROWS: &str = "insurer;policy_kind;policy_number;enp;surname;given_name;sex;birth_date;insured_from;snils\n\
                    98001;3;;9852210822900697;Заречнов;Провидец;1;1980-07-09;2020-01-01;98004812345\n\
                    98001;3;;985221082290069x;Заречнов;Провидец;1;1980-07-99;2020-01-01;98004812345\n";

const HOOK: &str = "#!/bin/sh\ncat > account.json\necho \"$SVERKA_EXIT_CODE\" > code\n";

/// A project whose job reports its ends with this hook.
fn reporting(hook: &str) -> Project {
    let project = Project::new();
    append(&project, "\n[report]\nmetrics = \"sverka.prom\"\nafter = [\"./hook\", \"argument\"]\nafter_timeout = \"1s\"\n");
    project.write("hook", hook);
    fs::set_permissions(project.path("hook"), fs::Permissions::from_mode(0o755)).expect("rights");
    project
}

fn append(project: &Project, text: &str) {
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project.write("job.toml", job + text);
}

fn text(project: &Project, name: &str) -> String {
    fs::read_to_string(project.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Values of the metrics by name and labels. Every name has its HELP and TYPE before.
fn metrics(project: &Project) -> BTreeMap<String, String> {
    let (mut values, mut typed) = (BTreeMap::new(), Vec::new());
    for line in text(project, "sverka.prom").lines() {
        if let Some(name) = line.strip_prefix("# TYPE ") {
            typed.push(name.split(' ').next().expect("a name").to_owned());
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').expect("a value");
            let family = name.split('{').next().expect("a name");
            assert!(family.starts_with("sverka_") && typed.last().is_some_and(|last| last == family), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
            values.insert(name.to_owned(), value.to_owned());
        }
    }
    values
}

#[test]
fn metrics_and_account_agree_with_the_manifest() {
    let project = reporting(HOOK);
    project.run(&[]).exits_with(0);
    let manifest: Value = serde_json::from_str(&text(&project, "out/current/manifest.json")).expect("JSON");
    let metrics = metrics(&project);
    let totals = &manifest["totals"];
    for (metric, total) in [
        ("sverka_persons", &totals["persons"]),
        ("sverka_heads", &totals["heads"]),
        ("sverka_amount_roubles", &totals["amount"]),
        ("sverka_rows{state=\"quarantined\"}", &totals["quarantined"]),
    ] {
        assert_eq!(metrics[metric], total.to_string().replace('"', ""), "{metric}");
    }
    for (code, count) in manifest["findings"].as_object().expect("findings") {
        assert_eq!(metrics[&format!("sverka_findings{{code=\"{code}\"}}")], count.to_string(), "{code}");
    }
    assert_eq!(metrics["sverka_run_exit_code"], "0");
    assert_eq!(metrics["sverka_last_success_timestamp_seconds"], metrics["sverka_run_end_timestamp_seconds"]);
    let account: Value = serde_json::from_str(&text(&project, "account.json")).expect("JSON");
    assert_eq!((&account["run_id"], &account["exit_code"]), (&manifest["run_id"], &Value::from(0)));
    assert_eq!((&account["summary"]["persons"], text(&project, "code").as_str()), (&totals["persons"], "0\n"));
    // A run that is recognised ends as well.
    project.run(&[]).exits_with(0);
    let account: Value = serde_json::from_str(&text(&project, "account.json")).expect("JSON");
    assert_eq!(account["recognised"], Value::from(true));
}

#[test]
fn a_failed_run_tells_its_end_and_keeps_the_figures_of_the_current_one() {
    let project = reporting(HOOK);
    project.run(&[]).exits_with(0);
    let before = metrics(&project);
    fs::rename(project.path("reference/insurers.csv"), project.path("reference/gone.csv")).expect("renamed");
    let ended = project.run(&[]).exits_with(8);
    assert_eq!(ended.stderr.matches("sverka: ").count(), 1, "{}", ended.stderr);
    let after = metrics(&project);
    assert_eq!(after["sverka_run_exit_code"], "8");
    for same in ["sverka_persons", "sverka_amount_roubles", "sverka_last_success_timestamp_seconds"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    let account: Value = serde_json::from_str(&text(&project, "account.json")).expect("JSON");
    assert!(account["error"].as_str().is_some_and(|error| error.contains("insurers.csv")) && account["summary"].is_null());
    assert_eq!(text(&project, "code"), "8\n");
}

#[test]
fn a_hook_that_fails_or_outlasts_is_told_and_changes_nothing() {
    for (hook, told) in [
        ("#!/bin/sh\nexit 3\n", "exit status: 3"),
        ("#!/bin/sh\nexec < /dev/null\nsleep 60 & sleep 60\n", "took longer than 1 s"),
        ("", "cannot be started"),
    ] {
        let project = reporting(hook);
        if hook.is_empty() {
            fs::remove_file(project.path("hook")).expect("removed");
        }
        let started = Instant::now();
        let ended = project.run(&["--quiet"]).exits_with(0);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("not changed"), "{}", ended.stderr);
        assert!(started.elapsed() < Duration::from_secs(45), "the hook held the run");
        assert_eq!(metrics(&project)["sverka_run_exit_code"], "0");
    }
}

#[test]
fn what_a_hook_prints_is_not_in_the_summary() {
    let project = reporting("#!/bin/sh\necho printed \"$1\"\n");
    let ended = project.run(&[]).exits_with(0);
    assert!(ended.stderr.contains("printed argument") && !ended.stdout.contains("printed argument"), "{}", ended.stderr);
}

#[test]
fn the_output_folder_is_free_for_the_hook() {
    let project = reporting("#!/bin/sh\n\"$SVERKA\" runs prune --keep 1 > pruned 2>&1\n");
    let mut command = std::process::Command::new(super::super::PROGRAM);
    command.args(["run", &project.argument("job.toml"), "--quiet"]).env("SVERKA", super::super::PROGRAM);
    super::super::ended(&mut command).exits_with(0);
    assert!(text(&project, "pruned").contains("Removed 0 runs"), "{}", text(&project, "pruned"));
}

#[test]
fn wrong_settings_are_refused_with_the_line() {
    for (setting, told) in [
        ("[report]\nmetrics = \"sverka.txt\"\n", "report.metrics"),
        ("[report]\nafter = \"notify\"\n", "report.after"),
        ("[report]\nbefore = []\n", "report.before"),
        ("[report]\nafter_timeout = \"soon\"\n", "report.after_timeout"),
    ] {
        let project = Project::new();
        append(&project, &format!("\n{setting}"));
        let ended = project.run(&[]).exits_with(2);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("job.toml:"), "{}", ended.stderr);
    }
    let project = Project::new();
    project.replace("job.toml", "output = \"out\"", "output = \"out\"\ntime_zone = \"Europe/Muscow\"");
    assert!(project.run(&[]).exits_with(2).stderr.contains("time_zone"));
}

#[test]
fn nothing_that_is_told_has_values_of_rows() {
    let project = reporting(HOOK);
    for content in [ROWS.to_owned(), ROWS.replace("insurer;", ""), format!("\"{ROWS}")] {
        project.write("registers/fund_archive.csv", &content);
        let ended = project.run(&["--force", "--accept-shrink", "--log-format", "json"]);
        let told = [text(&project, "sverka.prom"), text(&project, "account.json"), ended.stdout, ended.stderr];
        for secret in SECRETS {
            assert!(told.iter().all(|text| !text.contains(secret)), "{secret}");
        }
    }
}

#[test]
fn a_log_for_programs_has_one_object_a_line() {
    let project = Project::new();
    let lines = |stderr: &str| -> Vec<Value> {
        let lines: Vec<Value> =
            stderr.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
        for line in &lines {
            let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
            assert_eq!(keys.len(), 5, "{line}");
            assert!(["time", "level", "stage", "message", "figures"].iter().all(|key| line.get(key).is_some()), "{line}");
            assert!(line["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        }
        lines
    };
    let ended = project.run(&["--log-format", "json"]).exits_with(0);
    let told = lines(&ended.stderr);
    let read = told.iter().find(|line| line["message"] == "finished" && line["figures"]["bytes"].is_u64()).expect("a stage");
    assert!(read["stage"].is_string() && read["figures"]["wall_ms"].is_u64(), "{read}");
    let end = told.last().expect("a line");
    assert_eq!((&end["message"], &end["figures"]["exit_code"]), (&Value::from("run ended"), &Value::from(0)));
    assert!(end["figures"]["persons"].as_u64().is_some_and(|persons| persons > 0), "{end}");
    fs::remove_file(project.path("reference/tariff.toml")).expect("removed");
    let told = lines(&project.run(&["--log-format", "json"]).exits_with(8).stderr);
    assert!(
        told.iter().any(|line| line["level"] == "error" && line["message"].as_str().is_some_and(|text| text.contains("tariff")))
    );
    let failed = lines(&super::super::sverka(&["runs", "--output", "nowhere", "--log-format", "json"]).exits_with(3).stderr);
    assert_eq!(failed.len(), 1);
}

#[test]
fn a_look_ahead_tells_the_run_and_writes_nothing() {
    let project = reporting(HOOK);
    let before = project.content();
    let told = project.run(&["--check-only"]).exits_with(0).stdout;
    assert_eq!(project.content(), before);
    let run = told.split_whitespace().nth(1).expect("an id").to_owned();
    assert!(told.contains("not published yet") && told.contains("Nothing was written"), "{told}");
    project.run(&[]).exits_with(0);
    assert_eq!(visible_runs(&project.path("out")).0, [run]);
    assert!(project.run(&["--check-only"]).exits_with(0).stdout.contains("published already"));
    fs::remove_file(project.path("reference/tariff.toml")).expect("removed");
    project.run(&["--check-only"]).exits_with(8);
}

#[test]
fn days_of_the_clock_follow_the_zone_of_the_job() {
    let project = Project::new();
    project.replace("job.toml", "output = \"out\"", "output = \"out\"\ntime_zone = \"+14:00\"");
    let day = |ahead: i64| {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(14 * 3600).expect("an offset"));
        let now = jiff::Timestamp::now().checked_add(jiff::Span::new().seconds(ahead)).expect("a time").to_zoned(zone);
        now.date().to_string()
    };
    let told = |choice: &str| {
        let told = project.run(&["--as-of", choice, "--check-only"]).exits_with(0).stdout;
        told.lines().find_map(|line| line.strip_prefix("As of    ")).expect("a day").to_owned()
    };
    // Midnight may pass meanwhile.
    let (before, today, after) = (day(0), told("today"), day(1));
    assert!(today == before || today == after, "{today}");
    let month = told("month-start");
    assert!(month.ends_with("-01") && (before.starts_with(&month[..8]) || day(1).starts_with(&month[..8])), "{month}");
}
