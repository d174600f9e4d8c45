//! The outputs that the README shows are those of the program.

use std::process::Command;

use super::project::Project;
use super::{PROGRAM, ended, sverka};

/// The block of the README that begins with this line, without the marks around it.
fn block(first_line: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README.md");
    let lines = readme.lines().skip_while(|line| *line != first_line);
    let block: Vec<String> = lines.take_while(|line| *line != "```").map(str::to_owned).collect();
    assert!(block.len() > 1, "the README has no block that begins with {first_line}");
    block
}

/// Fails the test unless all lines but `…` are printed, in their order.
#[track_caller]
fn are_printed<'s>(shown: impl IntoIterator<Item = &'s String>, printed: &str) {
    let mut printed_lines = printed.lines();
    for line in shown.into_iter().filter(|line| *line != "…") {
        assert!(
            printed_lines.any(|printed| printed == line),
            "the README shows `{line}`, which is not printed there:\n{printed}"
        );
    }
}

#[test]
fn the_summary_is_that_of_the_sample_region() {
    are_printed(&block("To be looked at"), &Project::new().run(&[]).with(0).out);
}

#[test]
fn the_check_is_that_of_the_sample_region() {
    let shown = block("$ sverka check data-samples/attachments/980102_20261031.csv --job data-samples/job.toml");
    let arguments: Vec<&str> = shown[0].split(' ').skip(2).collect();
    let checked = ended(Command::new(PROGRAM).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"))).with(1).out;
    are_printed(&shown[1..], &checked);
}

#[test]
fn the_generated_region_has_as_many_rows() {
    let shown = block("$ sverka generate --persons 20000 --out region");
    let dir = tempfile::tempdir().expect("temporary folder");
    let region = dir.path().join("region");
    let told = sverka(&["generate", "--persons", "20000", "--out", region.to_str().expect("UTF-8")]).with(0).complaint;
    // The time differs, and the folder.
    let counts = |told: &str| told.rsplit_once(" MB in ").map(|(counts, _)| counts.to_owned());
    assert_eq!(counts(&shown[1]), counts(&told));
}
