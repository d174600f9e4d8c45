//! Files that are kept: what programs pack, what once was found to break something, and the seeds of changed ones.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::mutated::outcome;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/container")
}

/// The kept files in the order of their names.
pub(super) fn corpus() -> &'static [(String, Vec<u8>)] {
    static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let entries = std::fs::read_dir(folder()).expect("the corpus");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")).collect();
        names.retain(|name| !name.ends_with(".txt") && !name.ends_with(".md"));
        names.sort();
        let content =
            |name: String| std::fs::read(folder().join(&name)).map(|bytes| (name, bytes)).expect("a file of the corpus");
        names.into_iter().map(content).collect()
    });
    &FILES
}

#[test]
fn kept_files_give_what_is_expected() {
    let mut found = String::new();
    for (name, bytes) in corpus() {
        found += &format!("{name}\n");
        outcome(bytes).iter().for_each(|line| found += &format!("    {line}\n"));
    }
    let expected = std::fs::read_to_string(folder().join("expected.txt")).unwrap_or_default();
    assert!(found == expected, "expected.txt should be, if this is right:\n{found}");
}
