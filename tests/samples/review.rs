//! `sverka review` on the sample region.

use std::collections::BTreeMap;
use std::process::Command;

use super::folder;
use super::golden::assert_golden;
use crate::published::{Execution, run_job};

fn review(arguments: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .args(["review", "--lang", "en"])
        .args(arguments)
        .output()
        .expect("the program starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("UTF-8")
}

#[test]
fn review_lists_are_the_golden_ones() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let output = out.path().to_str().expect("UTF-8");
    let lists = tempfile::tempdir().expect("a folder");
    let mut files = BTreeMap::from([(
        "overview.csv".to_owned(),
        review(&["--output", output, "--to", lists.path().to_str().expect("UTF-8")]),
    )]);
    for entry in std::fs::read_dir(lists.path()).expect("the lists") {
        let path = entry.expect("a list").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        files.insert(name, std::fs::read_to_string(&path).expect("a list"));
    }
    assert_eq!(files.len(), 13, "{:?}", files.keys());
    assert_golden(&folder(), "golden/review", &files);
    let one = review(&["gaps", "--output", output]);
    assert_eq!(one, files["gaps.csv"], "a list by its name is the one that is written with all");
}

#[test]
fn each_list_is_ordered_by_the_money_at_stake() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let output = out.path().to_str().expect("UTF-8");
    let overview = review(&["--output", output]);
    let mut ordered = 0;
    for list in overview.lines().skip(1).map(|line| line.split(',').next().expect("a name")) {
        let rows = review(&[list, "--output", output]);
        // The last column is the money at stake. In lists of persons with one number it is that of all of them.
        let stake: Vec<f64> = rows
            .lines()
            .skip(1)
            .map(|line| {
                line.rsplit(',').next().filter(|value| !value.is_empty()).map_or(0.0, |value| value.parse().expect("roubles"))
            })
            .collect();
        assert!(stake.is_sorted_by(|left, right| left >= right), "{list}: {stake:?}");
        ordered += usize::from(stake.first() != stake.last());
    }
    assert!(ordered >= 5, "lists whose rows differ in what is at stake: {ordered}");
}

#[test]
fn lists_are_narrowed_to_an_insurer_or_a_clinic() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let output = out.path().to_str().expect("UTF-8");
    let rows = |arguments: &[&str]| -> Vec<String> {
        review(&[arguments, &["--output", output]].concat()).lines().skip(1).map(str::to_owned).collect()
    };
    let (all, of_insurer) = (rows(&["closures"]), rows(&["closures", "--insurer", "98002"]));
    let names = |row: &&String| row.split(',').any(|value| value == "98002");
    assert_eq!(of_insurer, all.iter().filter(names).cloned().collect::<Vec<_>>(), "the same rows in the same order");
    assert!(!of_insurer.is_empty() && of_insurer.len() < all.len());
    assert_eq!(rows(&["attached_dead", "--clinic", "980102"]), Vec::<String>::new());
    assert_eq!(rows(&["attached_dead", "--clinic", "980101"]), rows(&["attached_dead"]));
    let overview = rows(&["--clinic", "980102"]);
    assert!(
        overview.contains(&"attached_dead,0,0,0,0.00,Dead people whom a clinic still has attached".to_owned()),
        "{overview:?}"
    );
    assert!(overview.contains(&"gaps: left out, since it names no clinics".to_owned()), "{overview:?}");
    for wrong in [&["gaps", "--clinic", "980101"][..], &["ties", "--insurer", "98099"], &["ties", "--clinic", "x' OR 'x' = 'x"]] {
        let ended = Command::new(env!("CARGO_BIN_EXE_sverka")).arg("review").args(wrong).args(["--output", output]).output();
        assert_eq!(ended.expect("the program starts").status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn the_overview_for_people_is_a_list() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let output = out.path().to_str().expect("UTF-8");
    let overview = review(&["--output", output, "--format", "table"]);
    let heading: Vec<&str> = overview.lines().next().expect("a heading").split_whitespace().collect();
    assert_eq!(heading, ["list", "rows", "heads", "roubles", "title"]);
    let names: Vec<&str> = overview.lines().skip(2).map(|line| line.split(' ').next().expect("a name")).collect();
    assert_eq!(names.len(), 12, "{overview}");
    assert!(names.contains(&"several_enp") && overview.contains("Insured persons without a clinic\n"), "{overview}");
}

#[test]
fn an_unknown_list_is_answered_with_the_names_of_all() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let ended = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .args(["review", "tie", "--output"])
        .arg(out.path())
        .output()
        .expect("the program starts");
    assert_eq!(ended.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert!(complaint.contains("`tie` (is ties meant?)") && complaint.contains("ties, unattached"), "{complaint}");
}
