//! Histories as a whole: the same bytes from the same settings, and a truth that fits the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::*;

/// Generates a history with a number of threads.
fn generated(threads: usize, out: &Path) -> HistorySummary {
    let settings = HistorySettings {
        persons: 9_000,
        seed: 5,
        as_of: ymd(2026, 3, 1),
        months: 3,
        nights: 2,
        out: out.to_owned(),
        truth: true,
        force: false,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| generate_history(&settings, &mut |_| ())).unwrap_or_else(|error| panic!("{error}"))
}

/// Bytes of all files below a folder.
fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>, root: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found, root);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn threads_do_not_show_in_a_history() {
    let [one, three] = [1, 3].map(|threads| {
        let out = tempfile::tempdir().expect("a folder");
        let summary = generated(threads, out.path());
        let mut found = BTreeMap::new();
        files(out.path(), &mut found, out.path());
        (summary, found)
    });
    assert_eq!(one.0, three.0);
    assert!(one.1 == three.1);
}

#[test]
fn every_row_has_its_line_in_the_truth() {
    let out = tempfile::tempdir().expect("a folder");
    let summary = generated(2, out.path());
    let truth = fs::read_to_string(out.path().join("truth/records.csv")).expect("the truth");
    assert_eq!(truth.lines().count() as u64, summary.rows + 1);
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in truth.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let rows = texts.entry(cells[2].to_owned()).or_insert_with(|| {
            let path = out.path().join(cells[2].replacen("inbox", "nights", 1));
            fs::read_to_string(path).expect("a source").lines().map(str::to_owned).collect()
        });
        let row = &rows[cells[3].parse::<usize>().expect("a line") - 1];
        assert!(row.starts_with(&format!("{};", cells[4])), "{line}: {row}");
        // A mistake is a code that no dictionary has.
        let mut columns = rows[0].split(';').zip(row.split(';'));
        let is_wrong = columns.any(|(column, cell)| ["sex", "policy_kind"].contains(&column) && cell == "9");
        assert_eq!(!cells[7].is_empty(), is_wrong, "{line}: {row}");
    }
}
