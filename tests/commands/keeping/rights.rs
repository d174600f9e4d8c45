//! Rights of what a run leaves, whatever the umask.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::super::project::Project;
use super::super::{PROGRAM, ended};

const OUTPUT: &str = "output = \"out\"";

/// Rights of files, and rights of folders, below a folder and of itself.
fn modes(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut files, mut folders, mut waiting) = (BTreeSet::new(), BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(next) = waiting.pop() {
        let found = fs::symlink_metadata(&next).expect("an entry");
        let mode = format!("{:o}", found.permissions().mode() & 0o7777);
        if found.is_dir() {
            folders.insert(mode);
            waiting.extend(fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if found.is_file() {
            files.insert(mode);
        }
    }
    (files, folders)
}

fn set(mode: &str) -> BTreeSet<String> {
    BTreeSet::from([mode.to_owned()])
}

#[test]
fn files_and_folders_have_the_rights_of_the_job_under_any_umask() {
    let own = "output = { path = \"out\", mode = \"0660\", dir_mode = \"0770\" }";
    for (setting, file, folder) in [(OUTPUT, "640", "750"), (own, "660", "770")] {
        for umask in ["000", "077"] {
            let project = Project::new();
            project.replace("job.toml", OUTPUT, setting);
            let run = "umask \"$1\" && \"$0\" run \"$2\" --quiet && \"$0\" answers \"$2\" && \"$0\" runs pin --job \"$2\" \
                       \"$(basename \"$(readlink \"$3/current\")\")\"";
            let mut command = Command::new("sh");
            command.args(["-c", run, PROGRAM, umask, &project.argument("job.toml"), &project.argument("out")]);
            ended(&mut command).exits_with(0);
            let (files, folders) = modes(&project.path("out"));
            // Pins have no personal data, and the rights of any folder of runs.
            let (pins, pin_folders) = modes(&project.path("out/pinned"));
            assert_eq!((pins, pin_folders), (set("640"), set("750")), "{umask}");
            let without_pins = |found: BTreeSet<String>, usual: &str| found.into_iter().filter(|mode| mode != usual).collect();
            let expected = |mode: &str, usual: &str| if mode == usual { BTreeSet::new() } else { set(mode) };
            let found: (BTreeSet<String>, BTreeSet<String>) = (without_pins(files, "640"), without_pins(folders, "750"));
            assert_eq!(found, (expected(file, "640"), expected(folder, "750")), "{umask}");
        }
    }
}

#[test]
fn wrong_rights_are_refused_with_the_line() {
    let wrong = [
        ("output = { path = \"out\", mode = 640 }", "output.mode"),
        ("output = { path = \"out\", mode = \"0440\" }", "output.mode"),
        ("output = { path = \"out\", mode = \"0750\" }", "output.mode"),
        ("output = { path = \"out\", dir_mode = \"0640\" }", "output.dir_mode"),
        ("output = { path = \"out\", dirmode = \"0750\" }", "output.dirmode"),
        ("output = { mode = \"0640\" }", "`output` is missing"),
        ("output = { path = \"out\", mode = \"0640\" }\nreadable_by = \"group\"", "readable_by"),
        ("output = 7", "`output` is 7"),
    ];
    for (setting, told) in wrong {
        let project = Project::new();
        project.replace("job.toml", OUTPUT, setting);
        let ended = project.run(&[]).exits_with(2);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("job.toml:"), "{}", ended.stderr);
    }
}
