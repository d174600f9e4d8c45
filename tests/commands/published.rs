//! Published runs: rights of files, changed files, and outputs that cannot be written after publication.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::project::{Project, visible_runs};
use super::{Ended, PROGRAM, ended, sverka};

/// Runs the program in a shell, after the commands `before`; `behind` stands behind its arguments.
fn in_shell(before: &str, arguments: &[&str], behind: &str) -> Ended {
    let words: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    ended(Command::new("sh").args(["-c", &format!("{before}\nexec '{PROGRAM}' {} {behind}", words.join(" "))]))
}

/// Paths at and below a folder with their rights. Links are left out, because their rights mean nothing.
fn rights(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).expect("there");
        if metadata.is_symlink() {
            continue;
        }
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        }
        found.push((path, metadata.permissions().mode() & 0o7777));
    }
    found
}

#[track_caller]
fn assert_rights(folder: &Path, file: u32, dir: u32) {
    let found = rights(folder);
    assert!(found.len() > 30, "{found:?}");
    for (path, mode) in found {
        assert_eq!(mode, if path.is_dir() { dir } else { file }, "{} has {mode:o}", path.display());
    }
}

#[test]
fn rights_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077"] {
        for (setting, file, dir) in [
            ("", 0o640, 0o750),
            ("readable_by = \"owner\"\n", 0o600, 0o700),
            ("readable_by = \"group\"\n", 0o640, 0o750),
            ("readable_by = \"all\"\n", 0o644, 0o755),
        ] {
            let project = Project::new();
            let job = fs::read_to_string(project.path("job.toml")).expect("a job");
            project.write("job.toml", format!("answers = true\n{setting}{job}"));
            let arguments = ["run", &project.argument("job.toml"), "--quiet"];
            in_shell(&format!("umask {umask}"), &arguments, "").exits_with(0);
            assert_rights(&project.path("out"), file, dir);
            in_shell(&format!("umask {umask}"), &[&arguments[..], &["--force"]].concat(), "").exits_with(0);
            assert_rights(&project.path("out"), file, dir);
        }
    }
}

#[test]
fn the_account_of_a_stopped_run_is_not_readable_by_all() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project
        .write("job.toml", format!("{job}\n[[thresholds.quality]]\nmeasure = \"quarantined\"\nmost = \"0%\"\nthen = \"stop\"\n"));
    in_shell("umask 000", &["run", &project.argument("job.toml"), "--quiet"], "").exits_with(6);
    let found = rights(&project.path("out/stopped"));
    assert_eq!(found.iter().map(|(_, mode)| *mode).collect::<Vec<_>>(), [0o750, 0o640], "{found:?}");
}

#[test]
fn a_folder_that_exists_keeps_its_rights() {
    let project = Project::new();
    fs::create_dir(project.path("out")).expect("a folder");
    fs::set_permissions(project.path("out"), fs::Permissions::from_mode(0o755)).expect("rights");
    project.run(&["--quiet"]).exits_with(0);
    let mode = fs::metadata(project.path("out")).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode, 0o755);
}

/// Changes a bit in the middle of a table of the current run.
fn spoil(project: &Project, table: &str) {
    let path = project.path("out/current").join(format!("{table}.parquet"));
    let mut content = fs::read(&path).expect("a table");
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::write(path, content).expect("written");
}

#[test]
fn a_run_with_a_spoiled_table_is_not_recognised_but_computed_anew() {
    let project = Project::new();
    project.run(&["--quiet"]).exits_with(0);
    let whole = super::project::content_of(&project.path("out/current/."));
    for table in ["persons", "quality"] {
        spoil(&project, table);
        let again = project.run(&[]).exits_with(0);
        let message = format!("{table}.parquet has another content than was published");
        assert!(again.stderr.contains(&message) && again.stderr.contains("computed anew"), "{}", again.stderr);
        assert!(!again.stdout.contains("nothing was computed"), "{}", again.stdout);
        let tables = |content: &std::collections::BTreeMap<PathBuf, Vec<u8>>| {
            content
                .iter()
                .filter(|(name, _)| name.extension().is_some_and(|kind| kind == "parquet"))
                .map(|(_, bytes)| bytes.clone())
                .collect::<Vec<_>>()
        };
        assert!(tables(&super::project::content_of(&project.path("out/current/."))) == tables(&whole));
        assert!(project.run(&[]).exits_with(0).stdout.contains("nothing was computed"));
    }
}

#[test]
fn verify_lists_changed_files_and_exits_with_1() {
    let project = Project::new();
    project.run(&["--quiet"]).exits_with(0);
    let output = project.argument("out");
    let verify = || sverka(&["verify", "--output", &output, "--progress", "never"]);
    let whole = verify().exits_with(0);
    assert!(whole.stdout.contains("is as it was published: 28 tables"), "{}", whole.stdout);
    spoil(&project, "findings");
    fs::remove_file(project.path("out/current/links.parquet")).expect("removed");
    fs::write(project.path("out/current/more.parquet"), "").expect("written");
    let stdout = verify().exits_with(1).stdout;
    for line in [
        "  findings.parquet has another content than was published\n",
        "  links.parquet is missing\n",
        "  more.parquet is not named by the manifest\n",
    ] {
        assert!(stdout.contains(line), "{stdout}");
    }
    assert!(!stdout.contains("persons.parquet"), "{stdout}");
    project.run(&["--quiet"]).exits_with(0);
    verify().exits_with(0);
}

#[test]
fn verify_notices_a_manifest_that_was_changed_or_cannot_be_read() {
    let project = Project::new();
    project.run(&["--quiet"]).exits_with(0);
    let (job, manifest) = (project.argument("job.toml"), "out/current/manifest.json");
    let text = fs::read_to_string(project.path(manifest)).expect("a manifest");
    project.write(manifest, text.replacen("\"source_date\": \"2026-10-31\"", "\"source_date\": \"2026-10-30\"", 1));
    let stderr = sverka(&["verify", "--job", &job]).exits_with(1).stdout;
    assert!(stderr.contains("manifest.json was changed"), "{stderr}");
    project.write(manifest, "{}");
    let stderr = sverka(&["verify", "--job", &job]).exits_with(3).stderr;
    assert!(stderr.contains("manifest.json"), "{stderr}");
    sverka(&["verify", "--job", &job, "--run", "2026-11-01-00"]).exits_with(2);
    fs::remove_dir_all(project.path("out")).expect("removed");
    sverka(&["verify", "--job", &job]).exits_with(3);
}

#[test]
fn answers_of_a_source_that_is_gone_ask_for_the_file() {
    let project = Project::new();
    project.run(&["--quiet"]).exits_with(0);
    let (source, elsewhere) = (project.path("registers/98001_20261031.csv"), project.path("moved"));
    fs::rename(&source, &elsewhere).expect("moved");
    let job = project.argument("job.toml");
    let stderr = sverka(&["answers", &job, "--quiet"]).exits_with(8).stderr;
    assert!(stderr.contains("`registers/98001_20261031.csv`, which is not there any more; put the file back"), "{stderr}");
    fs::rename(&elsewhere, &source).expect("put back");
    sverka(&["answers", &job, "--quiet"]).exits_with(0);
    // The file exists, but the job no longer names it.
    project.replace("job.toml", "registers/98*.csv", "registers/98002*.csv");
    let stderr = sverka(&["answers", &job, "--quiet"]).exits_with(3).stderr;
    assert!(stderr.contains("which the job does not name any more"), "{stderr}");
}

#[test]
fn answers_that_cannot_be_written_do_not_unpublish_the_run_and_exit_with_7() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project.write("job.toml", format!("answers = true\n{job}"));
    fs::create_dir(project.path("out")).expect("a folder");
    project.write("out/answers", "a file");
    let stderr = project.run(&["--quiet"]).exits_with(7).stderr;
    assert!(stderr.starts_with("sverka: published, but senders are not answered: "), "{stderr}");
    assert_eq!(visible_runs(&project.path("out")).0.len(), 1);
    fs::remove_file(project.path("out/answers")).expect("removed");
    project.run(&["--quiet"]).exits_with(0);
    assert!(project.path("out/answers").is_dir());
}

#[cfg(target_os = "linux")]
#[test]
fn reports_that_cannot_be_printed_do_not_unpublish_the_run_and_exit_with_7() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    let arguments = ["run", &project.argument("job.toml"), "--progress", "never"];
    let stderr = in_shell("", &[&arguments[..], &["--profile"]].concat(), "> /dev/full").exits_with(7).stderr;
    assert!(stderr.contains("sverka: published, but cannot write to standard output"), "{stderr}");
    project.write("job.toml", format!("answers = true\n{job}"));
    let stderr = in_shell("", &arguments, "> /dev/full").exits_with(7).stderr;
    assert!(stderr.contains("sverka: published, but cannot write to standard output"), "{stderr}");
    assert_eq!(visible_runs(&project.path("out")).0.len(), 2);
    project.run(&["--quiet", "--profile"]).exits_with(0);
}
