//! Outputs in the README: they are those of the program.

use std::process::Command;

use super::project::Project;
use super::{PROGRAM, ended, sverka};

/// The code block of the README that begins with `first_line`, without its fences.
fn block(first_line: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README.md");
    let lines = readme.lines().skip_while(|line| *line != first_line);
    let block: Vec<String> = lines.take_while(|line| *line != "```").map(str::to_owned).collect();
    assert!(block.len() > 1, "the README has no block that begins with {first_line}");
    block
}

/// Fails unless all lines but `…` are printed, in their order.
#[track_caller]
fn assert_printed<'s>(shown: impl IntoIterator<Item = &'s String>, printed: &str) {
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
    assert_printed(&block("To be looked at"), &Project::new().run(&[]).exits_with(0).stdout);
}

#[test]
fn the_check_is_that_of_the_sample_region() {
    let shown = block("$ sverka check data-samples/attachments/980102_20261031.csv --job data-samples/job.toml");
    let arguments: Vec<&str> = shown[0].split(' ').skip(2).collect();
    let checked = ended(Command::new(PROGRAM).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"))).exits_with(1).stdout;
    assert_printed(&shown[1..], &checked);
}

#[test]
fn the_generated_region_has_as_many_rows() {
    let shown = block("$ sverka generate --persons 20000 --out region");
    let dir = tempfile::tempdir().expect("temporary folder");
    let region = dir.path().join("region");
    let stderr = sverka(&["generate", "--persons", "20000", "--out", region.to_str().expect("UTF-8")]).exits_with(0).stderr;
    // Behind the counts, time and folder differ.
    let counts = |stderr: &str| stderr.rsplit_once(" MB in ").map(|(counts, _)| counts.to_owned());
    assert_eq!(counts(&shown[1]), counts(&stderr));
}
