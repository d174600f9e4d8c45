//! What was published stays what it was, for those who may read it, and the exit code says so.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::project::{Project, visible};
use super::{Ended, PROGRAM, ended, sverka};

/// The program in a shell in which something is set before.
fn in_shell(before: &str, arguments: &[&str], behind: &str) -> Ended {
    let words: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    ended(Command::new("sh").args(["-c", &format!("{before}\nexec '{PROGRAM}' {} {behind}", words.join(" "))]))
}

/// Paths at and below a folder with their rights; links are left out, for theirs mean nothing.
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
fn all_have(folder: &Path, file: u32, dir: u32) {
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
            in_shell(&format!("umask {umask}"), &arguments, "").with(0);
            all_have(&project.path("out"), file, dir);
            in_shell(&format!("umask {umask}"), &[&arguments[..], &["--force"]].concat(), "").with(0);
            all_have(&project.path("out"), file, dir);
        }
    }
}

#[test]
fn the_account_of_a_stopped_run_is_not_for_everybody() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project
        .write("job.toml", format!("{job}\n[[thresholds.quality]]\nmeasure = \"quarantined\"\nmost = \"0%\"\nthen = \"stop\"\n"));
    in_shell("umask 000", &["run", &project.argument("job.toml"), "--quiet"], "").with(6);
    let found = rights(&project.path("out/stopped"));
    assert_eq!(found.iter().map(|(_, mode)| *mode).collect::<Vec<_>>(), [0o750, 0o640], "{found:?}");
}

#[test]
fn a_folder_that_exists_keeps_its_rights() {
    let project = Project::new();
    fs::create_dir(project.path("out")).expect("a folder");
    fs::set_permissions(project.path("out"), fs::Permissions::from_mode(0o755)).expect("rights");
    project.run(&["--quiet"]).with(0);
    let mode = fs::metadata(project.path("out")).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode, 0o755);
}

/// Turns one byte over in the middle of a table of the current run.
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
    project.run(&["--quiet"]).with(0);
    let whole = super::project::content_of(&project.path("out/current/."));
    for table in ["persons", "quality"] {
        spoil(&project, table);
        let again = project.run(&[]).with(0);
        let told = format!("{table}.parquet has another content than was published");
        assert!(again.complaint.contains(&told) && again.complaint.contains("computed anew"), "{}", again.complaint);
        assert!(!again.out.contains("nothing was computed"), "{}", again.out);
        let tables = |content: &std::collections::BTreeMap<PathBuf, Vec<u8>>| {
            content
                .iter()
                .filter(|(name, _)| name.extension().is_some_and(|kind| kind == "parquet"))
                .map(|(_, bytes)| bytes.clone())
                .collect::<Vec<_>>()
        };
        assert!(tables(&super::project::content_of(&project.path("out/current/."))) == tables(&whole));
        assert!(project.run(&[]).with(0).out.contains("nothing was computed"));
    }
}

#[test]
fn verify_tells_what_was_changed_and_exits_with_1() {
    let project = Project::new();
    project.run(&["--quiet"]).with(0);
    let output = project.argument("out");
    let verify = || sverka(&["verify", "--output", &output, "--progress", "never"]);
    let whole = verify().with(0);
    assert!(whole.out.contains("is as it was published: 19 tables"), "{}", whole.out);
    spoil(&project, "findings");
    fs::remove_file(project.path("out/current/links.parquet")).expect("removed");
    fs::write(project.path("out/current/more.parquet"), "").expect("written");
    let told = verify().with(1).out;
    for line in [
        "  findings.parquet has another content than was published\n",
        "  links.parquet is missing\n",
        "  more.parquet is not named by the manifest\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(!told.contains("persons.parquet"), "{told}");
    project.run(&["--quiet"]).with(0);
    verify().with(0);
}

#[test]
fn verify_notices_a_manifest_that_was_changed_or_cannot_be_read() {
    let project = Project::new();
    project.run(&["--quiet"]).with(0);
    let (job, manifest) = (project.argument("job.toml"), "out/current/manifest.json");
    let text = fs::read_to_string(project.path(manifest)).expect("a manifest");
    project.write(manifest, text.replacen("\"source_date\": \"2026-10-31\"", "\"source_date\": \"2026-10-30\"", 1));
    let told = sverka(&["verify", "--job", &job]).with(1).out;
    assert!(told.contains("manifest.json was changed"), "{told}");
    project.write(manifest, "{}");
    let told = sverka(&["verify", "--job", &job]).with(3).complaint;
    assert!(told.contains("manifest.json"), "{told}");
    sverka(&["verify", "--job", &job, "--run", "2026-11-01-00"]).with(2);
    fs::remove_dir_all(project.path("out")).expect("removed");
    sverka(&["verify", "--job", &job]).with(3);
}

#[test]
fn answers_of_a_source_that_is_gone_ask_for_the_file() {
    let project = Project::new();
    project.run(&["--quiet"]).with(0);
    let (source, elsewhere) = (project.path("registers/98001_20261031.csv"), project.path("moved"));
    fs::rename(&source, &elsewhere).expect("moved");
    let job = project.argument("job.toml");
    let told = sverka(&["answers", &job, "--quiet"]).with(8).complaint;
    assert!(told.contains("`registers/98001_20261031.csv`, which is not there any more; put the file back"), "{told}");
    fs::rename(&elsewhere, &source).expect("put back");
    sverka(&["answers", &job, "--quiet"]).with(0);
    // The file is there, and the job no longer names it.
    project.replace("job.toml", "registers/98*.csv", "registers/98002*.csv");
    let told = sverka(&["answers", &job, "--quiet"]).with(3).complaint;
    assert!(told.contains("which the job does not name any more"), "{told}");
}

#[test]
fn answers_that_cannot_be_written_do_not_unpublish_the_run_and_exit_with_7() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project.write("job.toml", format!("answers = true\n{job}"));
    fs::create_dir(project.path("out")).expect("a folder");
    project.write("out/answers", "a file");
    let told = project.run(&["--quiet"]).with(7).complaint;
    assert!(told.starts_with("sverka: published, but senders are not answered: "), "{told}");
    assert_eq!(visible(&project.path("out")).0.len(), 1);
    fs::remove_file(project.path("out/answers")).expect("removed");
    project.run(&["--quiet"]).with(0);
    assert!(project.path("out/answers").is_dir());
}

#[cfg(target_os = "linux")]
#[test]
fn reports_that_cannot_be_printed_do_not_unpublish_the_run_and_exit_with_7() {
    let project = Project::new();
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    let arguments = ["run", &project.argument("job.toml"), "--progress", "never"];
    let told = in_shell("", &[&arguments[..], &["--profile"]].concat(), "> /dev/full").with(7).complaint;
    assert!(told.contains("sverka: published, but cannot write to standard output"), "{told}");
    project.write("job.toml", format!("answers = true\n{job}"));
    let told = in_shell("", &arguments, "> /dev/full").with(7).complaint;
    assert!(told.contains("sverka: published, but cannot write to standard output"), "{told}");
    assert_eq!(visible(&project.path("out")).0.len(), 2);
    project.run(&["--quiet", "--profile"]).with(0);
}
