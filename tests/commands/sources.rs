//! Sources that cannot be examined, are no files, or have odd names: each is read or named in a message.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::project::{Project, visible_runs};
use super::{Ended, PROGRAM, ended, sverka};

const SOURCE: &str = "registers/98001_20261031.csv";

/// The manifest of the current run.
fn manifest(project: &Project) -> serde_json::Value {
    serde_json::from_slice(&fs::read(project.path("out/current/manifest.json")).expect("a run")).expect("a manifest")
}

/// Names of the sources that the current run has read.
fn sources_read(project: &Project) -> Vec<String> {
    let manifest = manifest(project);
    let inputs = manifest["inputs"].as_array().expect("inputs").iter();
    inputs.filter(|input| input["layout"].is_string()).map(|input| input["name"].as_str().expect("a name").to_owned()).collect()
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// Puts something in place of a source.
type Spoil = fn(&Path);

#[test]
fn a_source_that_cannot_be_read_as_a_file_ends_the_run_with_its_name() {
    let spoils: [(&str, Spoil, &str); 4] = [
        ("a link to nothing", |path| symlink("/nowhere/98001.csv", path).expect("link"), "/nowhere/98001.csv"),
        ("a link to itself", |path| symlink(path, path).expect("link"), "cannot be looked at"),
        ("a named pipe", fifo, "a named pipe"),
        ("a link to a device", |path| symlink("/dev/zero", path).expect("link"), "a device"),
    ];
    for (what, spoil, word) in spoils {
        let project = Project::new();
        let path = project.path(SOURCE);
        fs::remove_file(&path).expect("removed");
        spoil(&path);
        let stderr = project.run(&[]).exits_with(3).stderr;
        for word in [SOURCE, word, &format!("job.toml:{}", project.line("job.toml", "registers/98*.csv"))] {
            assert!(stderr.contains(word), "{what}: {word} is not in: {stderr}");
        }
        assert!(!project.path("out").exists(), "{what}");
    }
}

#[test]
fn pipes_and_folders_in_place_of_files_are_refused_at_once() {
    let project = Project::new();
    fifo(&project.path("pipe.csv"));
    let (pipe, folder, job) = (project.argument("pipe.csv"), project.argument("registers"), project.argument("job.toml"));
    for (file, kind) in [(&pipe, "a named pipe"), (&folder, "a folder")] {
        for command in [&["check", file, "--job", &job][..], &["layout", "check", "register", file]] {
            let stderr = sverka(command).exits_with(3).stderr;
            assert!(stderr.contains(file.as_str()) && stderr.contains(kind), "{stderr}");
        }
    }
}

#[test]
fn names_that_are_not_utf_8_concern_only_patterns_that_match_them() {
    let project = Project::new();
    project.run(&[]).exits_with(0);
    let expected = manifest(&project)["totals"].clone();
    fs::write(project.path("registers").join(OsStr::from_bytes(b"\xcf\xf0\xe8\xea\xe0\xe7.txt")), "").expect("file");
    fs::create_dir(project.path("registers").join(OsStr::from_bytes(b"d\xff"))).expect("folder");
    project.run(&["--force"]).exits_with(0);
    assert_eq!(manifest(&project)["totals"], expected);
}

#[test]
fn a_source_whose_name_is_not_utf_8_is_read_under_a_readable_one() {
    let project = Project::new();
    let odd = project.path("registers").join(OsStr::from_bytes(b"98001_\xd0\xe5\xe5\xf1\xf2\xf0_20261031.csv"));
    fs::rename(project.path(SOURCE), &odd).expect("renamed");
    let stderr = project.run(&[]).exits_with(0).stderr;
    let name = "registers/98001_Реестр_20261031.csv";
    assert!(stderr.contains(name) && stderr.contains("not UTF-8"), "{stderr}");
    assert!(sources_read(&project).contains(&name.to_owned()), "{:?}", sources_read(&project));
    let checked = ended(Command::new(PROGRAM).arg("check").arg(&odd).args(["--job", &project.argument("job.toml")]));
    assert!(checked.stdout.contains(name), "{}", checked.stdout);
    let shown = ended(Command::new(PROGRAM).args(["layout", "check", "register"]).arg(&odd));
    assert!(shown.stdout.contains("98001_Реестр_20261031.csv"), "{}", shown.stdout);
}

#[test]
fn two_sources_whose_names_read_the_same_are_refused() {
    let project = Project::new();
    project.write("registers/98001_Реестр.csv", "");
    fs::write(project.path("registers").join(OsStr::from_bytes(b"98001_\xd0\xe5\xe5\xf1\xf2\xf0.csv")), "").expect("file");
    let stderr = project.run(&[]).exits_with(2).stderr;
    assert!(stderr.contains("98001_Реестр.csv") && stderr.contains("rename"), "{stderr}");
}

#[test]
fn an_output_folder_among_the_sources_is_refused_on_the_first_run() {
    for (pattern, output) in [
        ("registers/**/*", "registers/out"),
        ("**/*.csv", "out"),
        ("**/*.parquet", "registers/../out"),
        ("out/current/*.parquet", "out"),
        ("out/answers/*/*.csv", "./out"),
    ] {
        let project = Project::new();
        project.replace("job.toml", "registers/98*.csv", pattern);
        let stderr = project.run(&["--output", &project.argument(output)]).exits_with(2).stderr;
        assert!(stderr.contains(pattern) && stderr.contains("narrow the pattern"), "{pattern}: {stderr}");
    }
    // This pattern matches nothing that a run writes.
    let project = Project::new();
    project.replace("job.toml", "registers/98*.csv", "*ers/98*.csv");
    project.run(&[]).exits_with(0);
    project.run(&[]).exits_with(0);
}

#[test]
fn sources_that_are_too_young_stop_the_run() {
    let project = Project::new();
    let stderr = project.run(&["--min-age", "1000000"]).exits_with(4).stderr;
    assert!(stderr.contains("registers/") && stderr.contains("min_age"), "{stderr}");
    project.replace("job.toml", "output =", "min_age = 1000000\noutput =");
    project.run(&[]).exits_with(4);
    assert_eq!(visible_runs(&project.path("out")), (vec![], None));
    project.run(&["--min-age", "0"]).exits_with(0);
}

/// Runs a shell script; `THE_PROGRAM` in it stands for the program.
fn in_shell(script: &str) -> Ended {
    ended(Command::new("sh").args(["-c", &script.replace("THE_PROGRAM", PROGRAM)]))
}

#[test]
#[cfg(target_os = "linux")]
fn a_core_is_left_on_request_only() {
    let project = Project::new();
    fifo(&project.path("pipe"));
    // The program waits for the job on the pipe, and meanwhile its limits are read.
    let limits = |variable: &str| {
        let script = format!(
            "ulimit -c unlimited 2>/dev/null; {variable} THE_PROGRAM run '{pipe}' & exec 3> '{pipe}'; grep -o 'core file size *[^ ]*' /proc/$!/limits; exec 3>&-; wait $!",
            pipe = project.argument("pipe")
        );
        in_shell(&script).stdout
    };
    assert!(limits("").trim_end().ends_with(" 0"), "{}", limits(""));
    assert!(limits("SVERKA_CORES=1").trim_end().ends_with(" unlimited"), "{}", limits("SVERKA_CORES=1"));
}
