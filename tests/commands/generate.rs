//! `sverka generate`.

use super::sverka;

#[test]
fn a_generated_job_runs() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let region = dir.path().join("region");
    let stderr = sverka(&["generate", "--persons", "500", "--out", region.to_str().expect("UTF-8")]).exits_with(0).stderr;
    let next = stderr.trim_end().rsplit_once("next: sverka ").unwrap_or_else(|| panic!("{stderr}")).1;
    let out = sverka(&next.split(' ').collect::<Vec<_>>()).exits_with(0).stdout;
    assert!(out.contains("    Persons ") && out.contains("  500\n"), "{out}");
}

#[test]
fn a_folder_with_something_in_it_exits_with_2_and_stays() {
    let dir = tempfile::tempdir().expect("temporary folder");
    std::fs::write(dir.path().join("mine.txt"), "mine").expect("written");
    for more in [&[][..], &["--force"]] {
        let folder = dir.path().to_str().expect("UTF-8");
        sverka(&[&["generate", "--persons", "500", "--out", folder], more].concat()).exits_with(2);
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("folder").count(), 1);
}

#[test]
fn an_unknown_kind_of_defect_exits_with_2() {
    let stderr = sverka(&["generate", "--persons", "5", "--out", "never", "--rate", "no_such_kind=0.1"]).exits_with(2).stderr;
    assert!(stderr.contains("no_such_kind"), "{stderr}");
}

#[test]
fn every_format_leaves_a_job_that_names_its_layouts() {
    for (format, sources) in [
        ("csv", &["[[registers]]", "registers/*.csv"][..]),
        ("exchange", &["layout = \"oplist\"", "layout = \"mo\"", "attachments/MO2??????20261101*.zip"]),
        ("dump", &["layout = \"regional_dump\"", "dump/*.csv"]),
        ("parquet", &["[[attachments]]", "registers/*.parquet"]),
    ] {
        let dir = tempfile::tempdir().expect("temporary folder");
        let region = dir.path().join("region");
        sverka(&["generate", "--persons", "500", "--format", format, "--out", region.to_str().expect("UTF-8")]).exits_with(0);
        let job = std::fs::read_to_string(region.join("job.toml")).expect("a job");
        assert!(sources.iter().all(|source| job.contains(source)), "{job}");
    }
}

#[test]
fn a_form_that_a_format_cannot_carry_exits_with_2_and_names_the_possible_ones() {
    let stderr =
        sverka(&["generate", "--persons", "5", "--out", "never", "--format", "dump", "--carry", "exchange"]).exits_with(2).stderr;
    assert!(stderr.contains("--carry dump"), "{stderr}");
    let stderr = sverka(&["generate", "--persons", "5", "--out", "never", "--format", "xlsx"]).exits_with(2).stderr;
    assert!(stderr.contains("csv, exchange, dump, parquet"), "{stderr}");
}

#[test]
fn a_region_with_full_money_runs_whatever_its_size_and_day() {
    for (persons, as_of, ambulance) in [("500", "2026-11-01", "stations"), ("5", "2026-02-17", "attached")] {
        let dir = tempfile::tempdir().expect("temporary folder");
        let region = dir.path().join("region");
        let out = region.to_str().expect("UTF-8");
        let settings = ["--persons", persons, "--as-of", as_of, "--money", "full", "--ambulance", ambulance, "--out", out];
        sverka(&[&["generate"][..], &settings].concat()).exits_with(0);
        let job = region.join("job.toml");
        let text = std::fs::read_to_string(&job).expect("a job");
        assert!(text.lines().next().is_some_and(|line| line.contains(" --money full")), "{text}");
        sverka(&["run", job.to_str().expect("UTF-8")]).exits_with(0);
    }
}

#[test]
fn money_that_cannot_be_had_exits_with_2_and_says_what_it_needs() {
    let complaint = |more: &[&str]| {
        let command = [&["generate", "--persons", "5", "--out", "never"], more].concat();
        sverka(&command).exits_with(2).stderr
    };
    assert!(complaint(&["--money", "rich"]).contains("simple, full"));
    assert!(complaint(&["--ambulance", "attached"]).contains("--money full"));
    assert!(complaint(&["--money", "full", "--format", "dump"]).contains("csv or parquet"));
}

#[test]
fn a_history_runs_night_by_night() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let history = dir.path().join("history");
    let out = history.to_str().expect("UTF-8");
    let length = ["--months", "2", "--nights", "2", "--as-of", "2026-02-01"];
    let stderr = sverka(&[&["generate", "--persons", "300", "--out", out], &length[..]].concat()).exits_with(0).stderr;
    assert!(stderr.contains("4 nights") && stderr.contains("steps.csv"), "{stderr}");
    let job = history.join("job.toml");
    for (night, day) in [("2026-01-01_1", "2026-01-01"), ("2026-01-01_2", "2026-01-01"), ("2026-02-01_1", "2026-02-01")] {
        std::fs::rename(history.join("nights").join(night), history.join("inbox").join(night)).expect("arrived");
        sverka(&["run", job.to_str().expect("UTF-8"), "--as-of", day]).exits_with(0);
    }
}

#[test]
fn a_history_that_cannot_be_exits_with_2() {
    let complaint =
        |more: &[&str]| sverka(&[&["generate", "--persons", "5", "--out", "never"], more].concat()).exits_with(2).stderr;
    assert!(complaint(&["--months", "25"]).contains("1 to 24 months"));
    assert!(complaint(&["--months", "2", "--nights", "26"]).contains("1 to 25 nights"));
    assert!(complaint(&["--months", "2", "--as-of", "2026-02-17"]).contains("1st of a month"));
    assert!(complaint(&["--nights", "2"]).contains("--months"));
    assert!(complaint(&["--months", "2", "--format", "parquet"]).contains("--format"));
    let _ = complaint(&["--months", "2", "--defects-off"]);
}
