//! `sverka runs prune`, also when it is killed.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::PROGRAM;
use super::{History, Night};

#[test]
fn the_newest_the_last_of_each_month_and_marked_runs_stay() {
    let history = History::new();
    let days = ["2026-08-01", "2026-09-01", "2026-09-01", "2026-09-01", "2026-10-01", "2026-10-01", "2026-10-01"];
    let nights = (1..).zip(days).map(|(number, as_of)| Night { number, as_of });
    let runs: Vec<String> = nights.map(|night| history.add(night)).collect();
    history.close("2026-09", &runs[1]);
    history.sverka(&["runs", "pin", &runs[4]]).exits_with(0);
    let prune = ["runs", "prune", "--keep", "1", "--keep-monthly", "3"];
    let before = history.project.content();
    let dry = history.sverka(&[&prune[..], &["--dry-run"]].concat()).exits_with(0).stdout;
    assert!(dry.contains("Would remove 3 runs"), "{dry}");
    assert_eq!(history.project.content(), before);
    let done = history.sverka(&prune).exits_with(0).stdout;
    for (index, run) in runs.iter().enumerate() {
        let goes = [0, 2, 5].contains(&index);
        assert_eq!(history.dir(run).exists(), !goes, "{index}");
        assert!(done.contains(run.as_str()), "{done}");
    }
    for reason in ["current", "closed month", "pinned", "last of its month"] {
        assert!(done.contains(reason), "{reason}: {done}");
    }
    history.sverka(&["verify", "--all"]).exits_with(0);
}

#[test]
fn a_run_goes_with_its_answers() {
    let history = History::new();
    let run = history.add_nights(1).remove(0);
    let answers = [history.project.path("out/answers").join(&run), history.project.path("out/answers").join(&history.current)];
    for folder in &answers {
        fs::create_dir_all(folder).expect("a folder");
        fs::write(folder.join("answer.csv"), "x").expect("written");
    }
    history.sverka(&["runs", "prune", "--keep", "0"]).exits_with(0);
    assert_eq!(answers.map(|folder| folder.exists()), [false, true]);
    assert_eq!(history.names(), history.with_current(&[]));
    assert_eq!(fs::read_dir(history.project.path("out/answers")).expect("answers").count(), 1);
}

#[test]
fn nothing_goes_while_nobody_knows_what_has_to_stay() {
    let history = History::new();
    let runs = history.add_nights(3);
    fs::write(history.dir(&runs[0]).join("manifest.json"), "").expect("written");
    history.close("2026-10", &runs[1]);
    history.project.write("out/closed/2026-10.json", "{");
    let ended = history.sverka(&["runs", "prune", "--keep", "1"]).exits_with(3);
    assert!(ended.stderr.contains("2026-10.json"), "{}", ended.stderr);
    assert_eq!(history.names().len(), 4);
    history.close("2026-10", &runs[1]);
    let ended = history.sverka(&["runs", "prune", "--keep", "1"]).exits_with(1);
    assert!(ended.stderr.contains(&runs[0]), "{}", ended.stderr);
    assert_eq!(history.names(), history.with_current(&[&runs[0], &runs[1]]));
}

#[test]
fn a_number_of_runs_must_be_named() {
    let history = History::new();
    history.sverka(&["runs", "prune"]).exits_with(2);
    history.sverka(&["runs", "prune", "--keep", "all"]).exits_with(2);
}

#[test]
fn after_a_kill_at_any_moment_kept_runs_are_whole_and_the_next_command_works() {
    const KILLS: u32 = 40;
    let history = History::new();
    for kill in 0..KILLS {
        let runs = history.add_nights(6);
        let answers = history.project.path("out/answers").join(&runs[0]);
        fs::create_dir_all(&answers).expect("a folder");
        let out = history.project.argument("out");
        let mut child = Command::new(PROGRAM)
            .args(["runs", "prune", "--keep", "2", "--output", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(u64::from(kill)));
        child.kill().expect("killed");
        child.wait().expect("ended");
        // Whatever has the name of a run is whole, and the newest are there.
        history.sverka(&["verify", "--all"]).exits_with(0);
        assert!(history.dir(&runs[5]).exists() && history.dir(&history.current).exists(), "kill {kill}");
        history.sverka(&["runs"]).exits_with(0);
        history.sverka(&["runs", "prune", "--keep", "2"]).exits_with(0);
        assert_eq!(history.names(), history.with_current(&[&runs[5]]), "kill {kill}");
        assert!(!answers.exists(), "kill {kill}");
        fs::remove_dir_all(history.dir(&runs[5])).expect("removed");
    }
}
