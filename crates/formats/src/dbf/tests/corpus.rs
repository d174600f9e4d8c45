//! Tables that other programs wrote.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::report;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("tests/corpus/dbf")
}

/// The kept files in the order of their names.
fn corpus() -> &'static [(String, Vec<u8>)] {
    static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let entries = std::fs::read_dir(folder()).expect("the corpus");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")).collect();
        names.retain(|name| name.ends_with(".dbf"));
        names.sort();
        let content =
            |name: String| std::fs::read(folder().join(&name)).map(|bytes| (name, bytes)).expect("a file of the corpus");
        names.into_iter().map(content).collect()
    });
    &FILES
}

#[test]
fn kept_tables_give_what_is_expected() {
    let mut found = String::new();
    for (name, bytes) in corpus() {
        found += &format!("{name}\n");
        report(&bytes[..]).iter().for_each(|line| found += &format!("    {line}\n"));
    }
    let expected = std::fs::read_to_string(folder().join("expected.txt")).unwrap_or_default();
    assert!(found == expected, "expected.txt should be, if this is right:\n{found}");
}
