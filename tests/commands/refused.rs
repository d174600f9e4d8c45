//! Refusals by exit code: wrong jobs (2), unusable inputs (3), too little space or too few files (4), absent files (8). None of them changes a
//! published run.

use std::process::Command;

use super::project::{Project, visible_runs};
use super::{Ended, PROGRAM, ended, sverka};

/// Fails unless all `words` are in the message.
#[track_caller]
fn assert_says(ended: &Ended, words: &[&str]) {
    for word in words {
        assert!(ended.stderr.contains(word), "{word} is not in: {}", ended.stderr);
    }
}

/// Runs a job with a replaced text, which must exit with 2 and change no file.
#[track_caller]
fn wrong_job(file: &str, old: &str, new: &str) -> (Project, Ended) {
    refused(2, file, old, new)
}

/// Runs a job with a replaced text, so that it names an absent file. The run must exit with 8 and change no file.
#[track_caller]
fn absent_file(file: &str, old: &str, new: &str) -> (Project, Ended) {
    refused(8, file, old, new)
}

#[track_caller]
fn refused(code: i32, file: &str, old: &str, new: &str) -> (Project, Ended) {
    let project = Project::new();
    project.replace(file, old, new);
    let before = project.content();
    let ended = project.run(&[]).exits_with(code);
    assert!(project.content() == before, "something on disk has changed");
    assert_eq!(ended.stderr.lines().next().map(|line| line.starts_with("sverka: ")), Some(true), "{}", ended.stderr);
    (project, ended)
}

/// File and line of a text, as errors name them.
fn file_and_line(project: &Project, file: &str, text: &str) -> String {
    format!("{file}:{}", project.line(file, text))
}

#[test]
fn an_unknown_key_of_the_job_is_refused() {
    let (project, ended) = wrong_job("job.toml", "changes_per_year              = 1", "change_per_year = 1");
    assert_says(&ended, &[&file_and_line(&project, "job.toml", "change_per_year = 1"), "change_per_year", "changes_per_year"]);
}

#[test]
fn a_key_that_is_misspelt_is_answered_with_the_nearest() {
    for (old, new, part) in [
        ("as_of  =", "asof =", "unknown field `asof` (is `as_of` meant?), expected one of"),
        ("[reference]", "[references]", "unknown field `references` (is `reference` meant?)"),
    ] {
        let (project, ended) = wrong_job("job.toml", old, new);
        assert_says(&ended, &[&file_and_line(&project, "job.toml", new), part]);
    }
}

#[test]
fn a_text_in_place_of_a_list_is_refused() {
    let (project, ended) =
        wrong_job("job.toml", "files = [\"registers/fund_archive.csv\"]", "files = \"registers/fund_archive.csv\"");
    let message = "`files` is a list; write files = [\"registers/fund_archive.csv\"]";
    assert_says(&ended, &[&file_and_line(&project, "job.toml", "files = \"registers/fund_archive.csv\""), message]);
}

#[test]
fn a_folder_in_place_of_files_is_refused() {
    let (_, ended) = wrong_job("job.toml", "registers/fund_archive.csv", "registers/");
    assert_says(&ended, &["`registers/` is a folder", "write `registers/*.csv`"]);
}

#[test]
fn an_output_that_is_no_folder_is_refused() {
    let project = Project::new();
    project.write("afile", "");
    for output in ["afile", "afile/below"] {
        let ended = project.run(&["--output", &project.argument(output)]).exits_with(2);
        assert_says(&ended, &[&project.argument(output), "afile is a file", "`output`", "--output"]);
    }
    let ended = project.run(&["--output", "/proc/no_such_folder"]).exits_with(2);
    assert_says(&ended, &["/proc/no_such_folder", "cannot be used", "`output`", "--output"]);
}

#[test]
fn a_pattern_that_matches_nothing_is_refused() {
    let (project, ended) = absent_file("job.toml", "registers/98*.csv", "registers/97*.csv");
    assert_says(&ended, &[&file_and_line(&project, "job.toml", "registers/97"), "registers/97*.csv", "matches no file"]);
}

#[test]
fn a_source_that_does_not_exist_is_refused() {
    let (project, ended) = absent_file("job.toml", "registers/fund_archive.csv", "registers/fund_archives.csv");
    assert_says(&ended, &[&file_and_line(&project, "job.toml", "fund_archives.csv"), "registers/fund_archives.csv"]);
}

#[test]
fn a_reference_table_that_does_not_exist_is_refused() {
    let (project, ended) = absent_file("job.toml", "reference/clinics.csv", "reference/clinic.csv");
    assert_says(
        &ended,
        &[&file_and_line(&project, "job.toml", "reference/clinic.csv"), "reference/clinic.csv", "cannot be read"],
    );
}

#[test]
fn a_job_that_does_not_exist_is_refused() {
    let project = Project::new();
    std::fs::remove_file(project.path("job.toml")).expect("removed");
    assert_says(&project.run(&[]).exits_with(2), &["job.toml", "cannot be read"]);
}

#[test]
fn absent_files_that_a_command_names_are_refused() {
    let project = Project::new();
    let [job, none, source] = ["job.toml", "none", "attachments/980102_20261031.csv"].map(|name| project.argument(name));
    project.run(&["--quiet"]).exits_with(0);
    // Wrong arguments.
    sverka(&["verify", "--job", &format!("{none}.toml")]).exits_with(2);
    sverka(&["verify", "--job", &job, "--run", "none"]).exits_with(2);
    sverka(&["explain", "--job", &job, "--run", "none", "9853110874901461"]).exits_with(2);
    sverka(&["check", &source, "--job", &job, "--layout", &format!("{none}.toml")]).exits_with(2);
    // Files that may still come.
    sverka(&["check", &none, "--job", &job]).exits_with(8);
    sverka(&["check", &source, "--insurers", &none]).exits_with(8);
    // A folder without a run.
    sverka(&["verify", "--output", &none]).exits_with(3);
    sverka(&["explain", "--output", &none, "9853110874901461"]).exits_with(3);
    sverka(&["distribute", "--output", &none]).exits_with(3);
}

#[test]
fn a_clinic_that_is_in_the_table_twice_is_refused() {
    let row = std::fs::read_to_string(Project::new().path("reference/clinics.csv")).expect("clinics");
    let row = row.lines().nth(1).expect("a clinic").to_owned();
    let (_, ended) = wrong_job("reference/clinics.csv", &row, &format!("{row}\n{row}"));
    assert_says(&ended, &["reference/clinics.csv:3", &row[..6]]);
}

#[test]
fn age_bands_that_overlap_are_refused() {
    let (project, ended) = wrong_job(
        "reference/tariff.toml",
        "from = 1\nto = 4\ncoefficient = \"1.62\"",
        "from = 0\nto = 4\ncoefficient = \"1.620\"",
    );
    let line = project.line("reference/tariff.toml", "1.620");
    let lines_of_band: Vec<String> = (line - 4..=line).map(|line| format!("reference/tariff.toml:{line}: ")).collect();
    assert!(lines_of_band.iter().any(|line| ended.stderr.contains(line)), "{}", ended.stderr);
    assert_says(&ended, &["overlap"]);
}

#[test]
fn an_output_folder_that_is_a_file_is_refused() {
    let project = Project::new();
    project.write("out", "");
    assert_says(&project.run(&[]).exits_with(2), &["out"]);
}

/// Runs a job with a replaced source, which must exit with 3 and publish nothing.
#[track_caller]
fn unusable_source(content: &[u8]) -> Ended {
    let project = Project::new();
    project.run(&["--as-of", "2026-10-01"]).exits_with(0);
    let before = visible_runs(&project.path("out"));
    project.write("registers/fund_archive.csv", content);
    let ended = project.run(&[]).exits_with(3);
    assert_eq!(visible_runs(&project.path("out")), before);
    ended
}

#[test]
fn an_empty_source_is_refused() {
    assert_says(&unusable_source(b""), &["registers/fund_archive.csv", "empty"]);
}

#[test]
fn a_source_with_another_header_is_refused() {
    assert_says(&unusable_source(b"insurer;name\n98001;x\n"), &["registers/fund_archive.csv", "line 1"]);
}

/// Runs the job in a shell with limits.
fn run_limited(project: &Project, limits: &str) -> Ended {
    let script = format!("{limits}; exec {PROGRAM} run '{}' --threads 1 -q", project.argument("job.toml"));
    ended(Command::new("sh").args(["-c", &script]))
}

#[test]
fn a_file_that_may_not_grow_exits_with_4() {
    let project = Project::new();
    // Blocks of 512 or 1024 bytes. The signal would end a process that neither ignores nor catches it.
    for shell in ["trap '' XFSZ; ulimit -f 1", "ulimit -f 1"] {
        let ended = run_limited(&project, shell).exits_with(4);
        assert_says(&ended, &["cannot write", ".parquet", "ulimit -f"]);
        assert_eq!(visible_runs(&project.path("out")), (vec![], None));
    }
}

#[test]
fn too_many_open_files_exit_with_4_wherever_they_are_met() {
    let project = Project::new();
    let mut codes = Vec::new();
    for limit in (4..24).rev() {
        let ended = run_limited(&project, &format!("ulimit -n {limit}"));
        // 127: the system could not even load the program.
        assert!([0, 4, 127].contains(&ended.code), "{limit}: {} {}", ended.code, ended.stderr);
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
    let ended = ended(Command::new("sh").args(["-c", &script])).exits_with(7);
    assert_says(&ended, &["published, but cannot write to standard output"]);
    assert_eq!(visible_runs(&project.path("out")).0.len(), 1);
}
