//! Refusals: wrong jobs (2), unusable inputs (3), a machine that has not enough (4) and files that are not there (8). None of them changes
//! what was published.

use std::process::Command;

use super::project::{Project, visible};
use super::{Ended, PROGRAM, ended, sverka};

/// Fails the test unless all these words are in the message.
#[track_caller]
fn says(ended: &Ended, words: &[&str]) {
    for word in words {
        assert!(ended.complaint.contains(word), "{word} is not in: {}", ended.complaint);
    }
}

/// Runs a job in which a text is replaced, which must exit with 2 and touch nothing.
#[track_caller]
fn wrong(file: &str, old: &str, new: &str) -> (Project, Ended) {
    refused(2, file, old, new)
}

/// Runs a job in which a text is replaced, so that it names a file that is not there; it must exit with 8 and touch nothing.
#[track_caller]
fn absent(file: &str, old: &str, new: &str) -> (Project, Ended) {
    refused(8, file, old, new)
}

#[track_caller]
fn refused(code: i32, file: &str, old: &str, new: &str) -> (Project, Ended) {
    let project = Project::new();
    project.replace(file, old, new);
    let before = project.everything();
    let ended = project.run(&[]).with(code);
    assert!(project.everything() == before, "something on disk has changed");
    assert_eq!(ended.complaint.lines().next().map(|line| line.starts_with("sverka: ")), Some(true), "{}", ended.complaint);
    (project, ended)
}

/// The place of a text in a file, as errors name it.
fn place(project: &Project, file: &str, text: &str) -> String {
    format!("{file}:{}", project.line(file, text))
}

#[test]
fn an_unknown_key_of_the_job() {
    let (project, ended) = wrong("job.toml", "changes_per_year              = 1", "change_per_year = 1");
    says(&ended, &[&place(&project, "job.toml", "change_per_year = 1"), "change_per_year", "changes_per_year"]);
}

#[test]
fn a_key_that_is_misspelt_is_answered_with_the_nearest() {
    for (old, new, told) in [
        ("as_of  =", "asof =", "unknown field `asof` (is `as_of` meant?), expected one of"),
        ("[reference]", "[references]", "unknown field `references` (is `reference` meant?)"),
    ] {
        let (project, ended) = wrong("job.toml", old, new);
        says(&ended, &[&place(&project, "job.toml", new), told]);
    }
}

#[test]
fn a_text_where_a_list_belongs() {
    let (project, ended) =
        wrong("job.toml", "files = [\"registers/fund_archive.csv\"]", "files = \"registers/fund_archive.csv\"");
    let told = "`files` is a list; write files = [\"registers/fund_archive.csv\"]";
    says(&ended, &[&place(&project, "job.toml", "files = \"registers/fund_archive.csv\""), told]);
}

#[test]
fn a_folder_where_files_are_to_be_named() {
    let (_, ended) = wrong("job.toml", "registers/fund_archive.csv", "registers/");
    says(&ended, &["`registers/` is a folder", "write `registers/*.csv`"]);
}

#[test]
fn an_output_that_is_no_folder() {
    let project = Project::new();
    project.write("afile", "");
    for output in ["afile", "afile/below"] {
        let ended = project.run(&["--output", &project.argument(output)]).with(2);
        says(&ended, &[&project.argument(output), "afile is a file", "`output`", "--output"]);
    }
    let ended = project.run(&["--output", "/proc/no_such_folder"]).with(2);
    says(&ended, &["/proc/no_such_folder", "cannot be used", "`output`", "--output"]);
}

#[test]
fn a_pattern_that_matches_nothing() {
    let (project, ended) = absent("job.toml", "registers/98*.csv", "registers/97*.csv");
    says(&ended, &[&place(&project, "job.toml", "registers/97"), "registers/97*.csv", "matches no file"]);
}

#[test]
fn a_source_that_does_not_exist() {
    let (project, ended) = absent("job.toml", "registers/fund_archive.csv", "registers/fund_archives.csv");
    says(&ended, &[&place(&project, "job.toml", "fund_archives.csv"), "registers/fund_archives.csv"]);
}

#[test]
fn a_reference_table_that_does_not_exist() {
    let (project, ended) = absent("job.toml", "reference/clinics.csv", "reference/clinic.csv");
    says(&ended, &[&place(&project, "job.toml", "reference/clinic.csv"), "reference/clinic.csv", "cannot be read"]);
}

#[test]
fn a_job_that_does_not_exist() {
    let project = Project::new();
    std::fs::remove_file(project.path("job.toml")).expect("removed");
    says(&project.run(&[]).with(2), &["job.toml", "cannot be read"]);
}

#[test]
fn files_that_a_command_names_and_that_are_not_there() {
    let project = Project::new();
    let [job, none, source] = ["job.toml", "none", "attachments/980102_20261031.csv"].map(|name| project.argument(name));
    project.run(&["--quiet"]).with(0);
    // Mistakes in the command.
    sverka(&["verify", "--job", &format!("{none}.toml")]).with(2);
    sverka(&["verify", "--job", &job, "--run", "none"]).with(2);
    sverka(&["explain", "--job", &job, "--run", "none", "9853110874901461"]).with(2);
    sverka(&["check", &source, "--job", &job, "--layout", &format!("{none}.toml")]).with(2);
    // Files that may still come.
    sverka(&["check", &none, "--job", &job]).with(8);
    sverka(&["check", &source, "--insurers", &none]).with(8);
    // A folder without a run.
    sverka(&["verify", "--output", &none]).with(3);
    sverka(&["explain", "--output", &none, "9853110874901461"]).with(3);
    sverka(&["distribute", "--output", &none]).with(3);
}

#[test]
fn a_clinic_that_is_in_the_table_twice() {
    let row = std::fs::read_to_string(Project::new().path("reference/clinics.csv")).expect("clinics");
    let row = row.lines().nth(1).expect("a clinic").to_owned();
    let (_, ended) = wrong("reference/clinics.csv", &row, &format!("{row}\n{row}"));
    says(&ended, &["reference/clinics.csv:3", &row[..6]]);
}

#[test]
fn age_bands_that_overlap() {
    let (project, ended) =
        wrong("reference/tariff.toml", "from = 1\nto = 4\ncoefficient = \"1.62\"", "from = 0\nto = 4\ncoefficient = \"1.620\"");
    let line = project.line("reference/tariff.toml", "1.620");
    let around: Vec<String> = (line - 4..=line).map(|line| format!("reference/tariff.toml:{line}: ")).collect();
    assert!(around.iter().any(|place| ended.complaint.contains(place)), "{}", ended.complaint);
    says(&ended, &["overlap"]);
}

#[test]
fn an_output_folder_that_is_a_file() {
    let project = Project::new();
    project.write("out", "");
    says(&project.run(&[]).with(2), &["out"]);
}

/// Runs a job whose source is replaced, which must exit with 3 and publish nothing.
#[track_caller]
fn unusable(content: &[u8]) -> Ended {
    let project = Project::new();
    project.run(&["--as-of", "2026-10-01"]).with(0);
    let before = visible(&project.path("out"));
    project.write("registers/fund_archive.csv", content);
    let ended = project.run(&[]).with(3);
    assert_eq!(visible(&project.path("out")), before);
    ended
}

#[test]
fn an_empty_source() {
    says(&unusable(b""), &["registers/fund_archive.csv", "empty"]);
}

#[test]
fn a_source_with_another_header() {
    says(&unusable(b"insurer;name\n98001;x\n"), &["registers/fund_archive.csv", "line 1"]);
}

/// Runs the job in a shell whose limits are set first.
fn limited(project: &Project, limits: &str) -> Ended {
    let script = format!("{limits}; exec {PROGRAM} run '{}' --threads 1 -q", project.argument("job.toml"));
    ended(Command::new("sh").args(["-c", &script]))
}

#[test]
fn a_file_that_may_not_grow_exits_with_4() {
    let project = Project::new();
    // Blocks of 512 or 1024 bytes. The signal would end a process that neither ignores nor catches it.
    for shell in ["trap '' XFSZ; ulimit -f 1", "ulimit -f 1"] {
        let ended = limited(&project, shell).with(4);
        says(&ended, &["cannot write", ".parquet", "ulimit -f"]);
        assert_eq!(visible(&project.path("out")), (vec![], None));
    }
}

#[test]
fn too_many_open_files_exit_with_4_wherever_they_are_met() {
    let project = Project::new();
    let mut codes = Vec::new();
    for limit in (4..24).rev() {
        let ended = limited(&project, &format!("ulimit -n {limit}"));
        // 127: the system could not even load the program.
        assert!([0, 4, 127].contains(&ended.code), "{limit}: {} {}", ended.code, ended.complaint);
        codes.push(ended.code);
        drop(std::fs::remove_dir_all(project.path("out")));
    }
    assert!(codes.contains(&4), "{codes:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_summary_that_cannot_be_written_does_not_unpublish_the_run() {
    let project = Project::new();
    let script = format!("exec {PROGRAM} run '{}' > /dev/full", project.argument("job.toml"));
    let ended = ended(Command::new("sh").args(["-c", &script])).with(7);
    says(&ended, &["published, but cannot write to standard output"]);
    assert_eq!(visible(&project.path("out")).0.len(), 1);
}
