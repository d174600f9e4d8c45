//! Every rule by example: each `schemas/rules/CODE.toml` has a case that triggers its code and a neighbour that does not, and both are run.
//!
//! A file of cases holds the differences from sound persons (`persons.toml` here); `job.rs` makes the rest of the job.

mod case;
mod job;
mod seen;
mod severity;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sverka_model::Code;

use case::{Case, CaseFile};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/rules")
}

/// The files of all rules.
fn files() -> Vec<(Code, PathBuf)> {
    let entries = std::fs::read_dir(folder()).expect("schemas/rules").map(|entry| entry.expect("an entry").path());
    let file_of_rule = |path: PathBuf| {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name of ours");
        let code = Code::from_name(name).unwrap_or_else(|| panic!("{} is no rule", path.display()));
        (code, path)
    };
    let mut files: Vec<_> = entries.map(file_of_rule).collect();
    files.sort();
    files
}

#[test]
fn cases_trigger_their_rules_and_neighbours_do_not() {
    assert_for_each_rule(failures_of);
}

/// Collects the failures of each rule, on all processors, and fails when there are any. `SVERKA_RULE=CODE,CODE` checks these rules alone.
fn assert_for_each_rule(failures_of: impl Fn(Code, &Path) -> Vec<String> + Sync + std::panic::RefUnwindSafe) {
    let only = std::env::var("SVERKA_RULE").ok();
    let wanted = |code: Code| only.as_deref().is_none_or(|only| only.split(',').any(|name| name == code.name()));
    let files: Vec<_> = files().into_iter().filter(|(code, _)| wanted(*code)).collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((code, path)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let failed = catch_unwind(|| failures_of(*code, path))
                        .unwrap_or_else(|_| vec![format!("{}: panicked, see above", code.name())]);
                    failures.lock().expect("failures").extend(failed);
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("failures");
    failures.sort();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures_of(code: Code, path: &Path) -> Vec<String> {
    let file = CaseFile::read(path);
    let message = |which: &str, failure: String| format!("{} ({which}): {failure}", code.name());
    let check = |which: &str, case: &Case, triggers: bool| {
        seen::failures(code, case, triggers).into_iter().map(|failure| message(which, failure)).collect::<Vec<_>>()
    };
    [check("triggers", &file.triggers, true), check("neighbour", &file.neighbour, false)].concat()
}
