//! Kills at any moment: whatever a killed command leaves, `current`, `closed/` and every kept run verify, and the next command works.
//!
//! `SVERKA_KILLS` is the number of kills of each command.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::PROGRAM;
use super::super::project::Project;
use super::corrections::PaidMonth;

/// Number of kills of each command.
fn kills() -> u32 {
    std::env::var("SVERKA_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(4)
}

/// Moment of a kill within a time, spread evenly and in no order.
fn moment(kill: u32, time: Duration) -> Duration {
    const PARTS: u32 = 1000;
    time * (kill * 618 % PARTS) / PARTS
}

/// Starts the program and kills it after a while.
fn kill_after(arguments: &[&str], after: Duration) {
    let mut program = Command::new(PROGRAM);
    program.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let mut child = program.spawn().expect("the program starts");
    std::thread::sleep(after);
    child.kill().expect("killed");
    child.wait().expect("ended");
}

/// Time of a whole command.
fn time_of(command: impl FnOnce()) -> Duration {
    let start = Instant::now();
    command();
    start.elapsed()
}

/// Names of the files in a folder; none when it is absent.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn after_a_kill_of_a_run_with_hook_and_metrics_everything_verifies() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    let report = "[report]\nmetrics = \"sverka.prom\"\nafter = [\"sh\", \"-c\", \"cat > last.new && mv last.new last.json\"]\n";
    let out = project.argument("out");
    // A new comment makes a new run.
    let knows = |number: u32| project.write("job.toml", format!("# {number}\n{job}\n{report}"));
    knows(0);
    let time = time_of(|| drop(project.run(&["--quiet"]).exits_with(0)));
    for kill in 0..kills() {
        knows(kill + 1);
        kill_after(&["run", &project.argument("job.toml"), "--quiet"], moment(kill, time));
        super::super::sverka(&["verify", "--all", "--output", &out]).exits_with(0);
        let metrics = fs::read_to_string(project.path("sverka.prom")).expect("metrics");
        assert!(metrics.ends_with('\n') && metrics.contains("sverka_last_success"), "kill {kill}: {metrics}");
        project.run(&["--quiet"]).exits_with(0);
        super::super::sverka(&["runs", "prune", "--keep", "2", "--output", &out]).exits_with(0);
        let account = fs::read_to_string(project.path("last.json")).expect("an account");
        assert!(serde_json::from_str::<serde_json::Value>(&account).is_ok(), "kill {kill}: {account}");
        assert_eq!(names(&project.path("out/runs")).len(), 2, "kill {kill}");
    }
}

#[test]
fn after_a_kill_of_close_everything_verifies() {
    let month = PaidMonth::new();
    let job = month.path("money/job.toml");
    let close = ["close", "2026-11", "--job", job.to_str().expect("UTF-8")];
    let closed = month.path("money/out/closed");
    let time = time_of(|| drop(month.sverka(&close).exits_with(0)));
    for kill in 0..kills() {
        fs::remove_file(closed.join("2026-11.json")).expect("removed");
        kill_after(&close, moment(kill, time));
        month.of_job(&["verify", "--all"]).exits_with(0);
        month.of_job(&["runs"]).exits_with(0);
        month.sverka(&close).exits_with(0);
        assert_eq!(names(&closed), ["2026-11.json"], "kill {kill}");
    }
}

#[test]
fn after_a_kill_of_a_booking_everything_verifies_and_the_law_holds() {
    const DENTAL: &str = "money/attachments/dental_20261031.csv";
    let month = PaidMonth::new();
    month.of_job(&["close", "2026-11"]).exits_with(0);
    let job = month.path("money/job.toml");
    let book = ["corrections", "2026-11", "--book", "--quiet", "--job", job.to_str().expect("UTF-8")];
    let time = time_of(|| drop(month.sverka(&book).exits_with(0)));
    for kill in 0..kills() {
        if kill % 2 == 0 {
            month.cut(DENTAL, 1 + kill as usize % 7)
        } else {
            month.restore(DENTAL)
        }
        // A run that is computed takes longer than one that is recognised.
        kill_after(&book, moment(kill, 2 * time));
        month.of_job(&["verify", "--all"]).exits_with(0);
        month.sverka(&book).exits_with(0);
        let again = month.sverka(&[&book[..], &["--lang", "en"]].concat()).exits_with(0).stdout;
        assert!(again.contains("Nothing to book"), "kill {kill}: {again}");
        month.of_job(&["verify", "--all"]).exits_with(0);
        assert_eq!(names(&month.path("money/out/closed")), ["2026-11-corrections.json", "2026-11.json"], "kill {kill}");
    }
}

#[test]
fn after_a_kill_of_diff_the_folder_is_whole_or_the_former_one() {
    let month = PaidMonth::new();
    month.cut("money/attachments/dental_20261031.csv", 5);
    let job = month.path("money/job.toml");
    month.sverka(&["run", job.to_str().expect("UTF-8"), "--quiet"]).exits_with(0);
    let to = month.path("changes");
    let diff = ["diff", "--job", job.to_str().expect("UTF-8"), "--to", to.to_str().expect("UTF-8")];
    let time = time_of(|| drop(month.sverka(&diff).exits_with(0)));
    let whole = names(&to);
    assert_eq!(whole.len(), 5, "{whole:?}");
    for kill in 0..kills() {
        if kill % 2 == 0 {
            fs::remove_dir_all(&to).expect("removed");
        }
        kill_after(&diff, moment(kill, time));
        let left = names(&to);
        assert!(left == whole || left.is_empty() && !to.exists(), "kill {kill}: {left:?}");
        month.of_job(&["verify", "--all"]).exits_with(0);
        month.sverka(&diff).exits_with(0);
        assert_eq!(names(&to), whole, "kill {kill}");
    }
    let hidden = names(month.path("").as_path()).into_iter().filter(|name| name.contains("changes") && name != "changes");
    assert!(hidden.clone().all(|name| name.ends_with(".lock")), "{:?}", hidden.collect::<Vec<_>>());
}
