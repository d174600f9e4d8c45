//! States of an output folder after each kind of end, and their treatment by the next process.

use super::*;
use crate::manifest::tests::manifest;
use crate::{OutputTable, RunList, write_table};

/// Publishes a run with one empty table.
fn publish(folder: &OutputFolder, run_id: &str) -> PathBuf {
    let run = folder.begin(run_id).expect("begin");
    let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
    let published = run.publish(&manifest(run_id, &[table]), BecomesCurrent::Always).expect("publish");
    assert!(published.shortfall.is_none());
    published.dir
}

/// Run that readers see through the link.
fn current_run(out: &Path) -> Option<String> {
    Manifest::read(&out.join(CURRENT)).ok().map(|manifest| manifest.run_id)
}

fn hidden(out: &Path) -> Vec<String> {
    let names = fs::read_dir(out.join(RUNS)).expect("runs").map(|entry| entry.expect("entry").file_name());
    names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with('.')).collect()
}

/// Leaves the remains of a killed process: its files, but no mark that the folder is in use.
fn kill(mut run: PendingRun<'_>) {
    run._in_use = None;
    std::mem::forget(run);
}

#[test]
fn a_published_run_is_whole_and_current() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(&out.path().join("new/out"), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    assert_eq!(folder.published("a1").expect("looked at"), Some(dir.clone()));
    assert_eq!(current_run(&out.path().join("new/out")).as_deref(), Some("a1"));
    assert_eq!(fs::read_dir(dir).expect("run").count(), 2);
}

#[test]
fn a_stopped_run_leaves_its_account_and_nothing_else() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    let run = folder.begin("a2").expect("begin");
    let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
    let account = run.stop(&manifest("a2", &[table])).expect("stop");
    assert_eq!(account, out.path().join("stopped/a2.json"));
    let kept: Manifest = serde_json::from_slice(&fs::read(account).expect("account")).expect("a manifest");
    assert_eq!((kept.run_id.as_str(), kept.outputs.len()), ("a2", 0));
    assert_eq!((folder.published("a2").expect("looked at"), current_run(out.path()).as_deref()), (None, Some("a1")));
    assert!(hidden(out.path()).is_empty());
}

#[test]
fn a_pending_run_is_not_seen_and_leaves_nothing_when_dropped() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    let run = folder.begin("b2").expect("begin");
    write_table(run.dir(), OutputTable::Persons, []).expect("table");
    assert_eq!((folder.published("b2").expect("looked at"), folder.current().as_deref()), (None, Some("a1")));
    drop(run);
    assert_eq!(hidden(out.path()), [""; 0]);
}

#[test]
fn a_killed_run_is_cleared_and_current_stays() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    let run = folder.begin("b2").expect("begin");
    write_table(run.dir(), OutputTable::Persons, []).expect("table");
    kill(run);
    symlink("runs/b2", out.path().join(NEW_CURRENT)).expect("link");
    drop(folder);

    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert_eq!(folder.remains(), Remains { removed: 2, restored: 0 });
    assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
}

#[test]
fn a_forced_run_killed_between_its_two_renames_leaves_the_former_run_current() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    kill(folder.begin("a1").expect("begin"));
    fs::rename(dir, folder.hidden_dir("a1", REPLACED)).expect("first rename");
    assert_eq!(current_run(out.path()), None);
    drop(folder);

    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert_eq!(folder.remains(), Remains { removed: 1, restored: 1 });
    assert_eq!(current_run(out.path()).as_deref(), Some("a1"));
}

#[test]
fn a_forced_run_killed_after_its_renames_stands() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    let replaced = folder.hidden_dir("a1", REPLACED);
    fs::create_dir(&replaced).expect("former run");
    fs::write(replaced.join("persons.parquet"), b"former").expect("file");
    drop(folder);

    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert_eq!(folder.remains(), Remains { removed: 1, restored: 0 });
    assert_eq!((folder.published("a1").expect("looked at"), hidden(out.path())), (Some(dir), vec![]));
}

#[test]
fn a_forced_run_replaces_the_one_of_the_same_id() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    fs::write(dir.join("former"), b"former").expect("file");
    publish(&folder, "a1");
    assert!(!dir.join("former").exists());
    assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
}

#[test]
fn a_second_run_on_the_folder_is_refused_with_the_process_of_the_first() {
    let out = tempfile::tempdir().expect("folder");
    let first = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let error = OutputFolder::open(out.path(), Readers::Group).expect_err("locked");
    assert!(error.to_string().contains(&format!("(process {} of ", std::process::id())), "{error}");
    assert!(!error.is_exhausted());
    drop(first);
    OutputFolder::open(out.path(), Readers::Group).expect("open again");
}

#[test]
fn a_recognised_run_is_made_current_once() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    publish(&folder, "b2");
    assert!(folder.make_current("a1", BecomesCurrent::Always).expect("switch"));
    assert_eq!(current_run(out.path()).as_deref(), Some("a1"));
    assert!(!folder.make_current("a1", BecomesCurrent::Always).expect("already"));
    assert!(matches!(folder.make_current("c3", BecomesCurrent::Always), Err(PublishError::NotPublished { .. })));
}

#[test]
fn a_failure_after_the_rename_is_reported_and_the_run_stands() {
    for forced in [false, true] {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
        if forced {
            publish(&folder, "a1");
        }
        let run = folder.begin("a1").expect("begin");
        let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
        // A link cannot replace a folder.
        drop(fs::remove_file(out.path().join(CURRENT)));
        fs::create_dir(out.path().join(CURRENT)).expect("folder");
        let published = run.publish(&manifest("a1", &[table]), BecomesCurrent::Always).expect("published");
        assert!(matches!(published.shortfall, Some(PublishError::NotCurrent { .. })), "{:?}", published.shortfall);
        assert_eq!(folder.published("a1").expect("looked at"), Some(published.dir));
        fs::remove_dir(out.path().join(CURRENT)).expect("removed");
        assert!(folder.make_current("a1", BecomesCurrent::Always).expect("switch"));
        drop(folder);
        OutputFolder::open(out.path(), Readers::Group).expect("open");
        assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
    }
}

#[test]
fn a_run_whose_lock_file_was_removed_publishes_nothing() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    let run = folder.begin("b2").expect("begin");
    let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
    fs::remove_file(out.path().join(LOCK)).expect("removed by somebody");
    let second = OutputFolder::open(out.path(), Readers::Group).expect_err("a run is at work");
    assert!(matches!(second, PublishError::Locked { .. }), "{second}");
    let lost = run.publish(&manifest("b2", &[table]), BecomesCurrent::Always).expect_err("the lock is not ours");
    assert!(matches!(lost, PublishError::LockLost { .. }) && lost.is_exhausted(), "{lost}");
    assert!(matches!(folder.begin("b2"), Err(PublishError::LockLost { .. })));
    assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
    OutputFolder::open(out.path(), Readers::Group).expect("nobody is at work any more");
}

#[test]
fn a_run_over_the_same_sources_is_found_without_reading_manifests_whole() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let key = manifest("a1", &[]).sources_key;
    assert!(!folder.may_have("2026-11-01", &key).expect("listed"));
    let dir = publish(&folder, "2026-11-01-a1");
    let path = dir.join(Manifest::FILE_NAME);
    let head = fs::read_to_string(&path).expect("manifest").split("\"job\"").next().expect("a head").to_owned();
    fs::write(&path, head).expect("cut");
    assert!(folder.may_have("2026-11-01", &key).expect("listed"));
    assert!(!folder.may_have("2026-11-02", &key).expect("listed"));
    assert!(!folder.may_have("2026-11-01", &key.replace('5', "6")).expect("listed"));
}

#[test]
fn what_killed_answers_left_is_cleared_for_every_run() {
    let out = tempfile::tempdir().expect("folder");
    let left = out.path().join("answers/.2026-10-01-00.partial/in");
    fs::create_dir_all(&left).expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert_eq!(folder.remains(), Remains { removed: 1, restored: 0 });
    assert_eq!(fs::read_dir(out.path().join("answers")).expect("answers").count(), 0);
}

#[test]
fn a_run_that_lost_a_table_is_not_recognised() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    fs::remove_file(dir.join("persons.parquet")).expect("remove");
    assert_eq!(folder.published("a1").expect("looked at"), None);
}

#[test]
fn a_name_that_leads_elsewhere_is_no_run() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    assert_eq!(folder.published("../runs/a1").expect("looked at"), None);
}

#[test]
fn a_folder_in_the_place_of_current_is_refused_at_once() {
    let out = tempfile::tempdir().expect("folder");
    fs::create_dir(out.path().join(CURRENT)).expect("folder");
    assert!(matches!(OutputFolder::open(out.path(), Readers::Group), Err(PublishError::CurrentNotALink { .. })));
}

#[test]
fn a_removed_run_is_no_run_at_any_step_and_the_next_open_finishes() {
    for step in 0..4 {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
        let old = publish(&folder, "a1");
        publish(&folder, "b2");
        let answers = answers_folder(out.path(), "a1");
        fs::create_dir_all(&answers).expect("answers");
        match step {
            0 => folder.remove_run("a1").expect("removed"),
            _ => fs::rename(&old, folder.hidden_dir("a1", PRUNED)).expect("renamed"),
        }
        if step >= 2 {
            fs::rename(&answers, out.path().join("answers/.a1.partial")).expect("renamed");
        }
        if step == 3 {
            fs::remove_file(folder.hidden_dir("a1", PRUNED).join("persons.parquet")).expect("removed");
        }
        drop(folder);
        assert_eq!(RunList::read(out.path()).expect("listed").runs.len(), 1, "{step}");
        let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
        assert_eq!(hidden(out.path()), [""; 0], "{step}");
        assert_eq!(fs::read_dir(out.path().join("answers")).expect("answers").count(), 0, "{step}");
        assert_eq!(
            (folder.published("a1").expect("looked at"), current_run(out.path()).as_deref()),
            (None, Some("b2")),
            "{step}"
        );
    }
}

#[test]
fn a_run_computed_again_keeps_its_answers_when_the_former_one_was_being_removed() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    let dir = publish(&folder, "a1");
    fs::create_dir(folder.hidden_dir("a1", PRUNED)).expect("left by a killed process");
    fs::create_dir_all(answers_folder(out.path(), "a1")).expect("answers");
    drop(folder);
    OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert!(dir.exists() && answers_folder(out.path(), "a1").exists() && hidden(out.path()).is_empty());
}

#[test]
fn a_run_stays_while_its_answers_are_written() {
    let out = tempfile::tempdir().expect("folder");
    let folder = OutputFolder::open(out.path(), Readers::Group).expect("open");
    publish(&folder, "a1");
    publish(&folder, "b2");
    let writing = crate::PendingFolder::begin(&answers_folder(out.path(), "a1"), Readers::Group).expect("free");
    folder.remove_run("a1").expect("begun");
    assert_eq!(hidden(out.path()), [".a1.pruned"]);
    drop(writing);
    drop(folder);
    OutputFolder::open(out.path(), Readers::Group).expect("open");
    assert_eq!(hidden(out.path()), [""; 0]);
}
