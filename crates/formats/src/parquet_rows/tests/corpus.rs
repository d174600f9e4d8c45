//! Files that other programs wrote.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::*;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("tests/corpus/parquet")
}

/// The kept files in the order of their names.
fn corpus() -> &'static [(String, Vec<u8>)] {
    static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let entries = std::fs::read_dir(folder()).expect("the corpus");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")).collect();
        names.retain(|name| name.ends_with(".parquet"));
        names.sort();
        let content =
            |name: String| std::fs::read(folder().join(&name)).map(|bytes| (name, bytes)).expect("a file of the corpus");
        names.into_iter().map(content).collect()
    });
    &FILES
}

fn kept(name: &str) -> &'static [u8] {
    &corpus().iter().find(|(kept, _)| kept == name).expect("a file of the corpus").1
}

#[test]
fn kept_files_give_what_is_expected() {
    let mut found = String::new();
    for (name, bytes) in corpus() {
        found += &format!("{name}\n");
        report(bytes).iter().for_each(|line| found += &format!("    {line}\n"));
    }
    let expected = std::fs::read_to_string(folder().join("expected.txt")).unwrap_or_default();
    assert!(found == expected, "expected.txt should be, if this is right:\n{found}");
}

#[test]
fn columns_come_in_the_order_in_which_they_are_wanted() {
    let file = ParquetRows::open(kept("pyarrow-plain.parquet")).expect("a file");
    let place = |name: &str| file.columns().iter().position(|column| column.name == name).expect("a column");
    assert_eq!(group_lines(&file, 0, &[place("sex_i8"), place("enp"), place("sex_i8")])[0], "1: 1|9990000000000001|1");
}

#[test]
fn rows_are_counted_over_the_groups_of_a_file() {
    let file = ParquetRows::open(kept("polars.parquet")).expect("a file");
    assert_eq!((file.groups(), file.group_rows(0), file.group_rows(1), file.all_rows()), (2, 3, 2, 5));
    assert_eq!(group_lines(&file, 1, &[]), ["4: ", "5: "]);
}

#[test]
fn a_column_that_has_no_text_is_refused_when_it_is_wanted() {
    let file = ParquetRows::open(kept("pyarrow-kinds.parquet")).expect("a file");
    let share = file.columns().iter().position(|column| column.name == "share").expect("a column");
    assert_eq!(
        file.rows(0, &[0, share], &mut |_: u64, _: ParquetValues<'_>| panic!("no row is given"))
            .expect_err("a fault")
            .to_string(),
        "column `share` is of type Float64, which is not read; export it as whole numbers or strings; many tools turn whole numbers \
         with gaps into these"
    );
}

#[test]
fn cut_files_are_refused() {
    let bytes = kept("duckdb.parquet");
    for length in 0..bytes.len() {
        assert!(ParquetRows::open(&bytes[..length]).is_err(), "{length}");
    }
}
