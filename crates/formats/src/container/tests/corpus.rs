//! The corpus of containers: files of packing programs, files that once broke something, and seeds of changed files.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::*;

/// Small limits, so that a case takes no time.
const TIGHT: Limits = Limits {
    member_bytes: 1 << 20,
    total_bytes: 4 << 20,
    ratio: 200,
    any_ratio_bytes: 64 << 10,
    members: 100,
    nesting: 2,
    held_bytes: 1 << 20,
    window_bytes: 1 << 20,
};

/// Reads everything in a container. Returns a line for each member.
fn outcome(bytes: &[u8]) -> Vec<String> {
    let members = match Container::of_file(bytes).members("file", &TIGHT) {
        Ok(members) => members,
        Err(error) => return vec![error.to_string()],
    };
    let line = |member: &Member<'_>| {
        let (given, ended) = read(member);
        // A file that is not packed may have any size.
        assert!(member.plain_bytes().is_some() || given.len() as u64 <= TIGHT.member_bytes);
        match ended {
            Ok(()) => format!("{}: {} bytes, {}", member.name(), given.len(), &blake3::hash(&given).to_hex()[..16]),
            Err(error) => format!("{} bytes; {error}", given.len()),
        }
    };
    members.iter().map(line).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("tests/corpus/container")
}

/// The kept files in the order of their names.
fn corpus() -> &'static [(String, Vec<u8>)] {
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
