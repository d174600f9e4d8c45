//! `sverka tariff check` in tests, with its answer as JSON.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::commands::sverka;

/// Folder with the published figures.
pub fn figures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/money/figures")
}

/// Path of a table of published figures.
pub fn figure_table(name: &str) -> String {
    figures().join(name).display().to_string()
}

/// Answer of `tariff check`.
pub struct Checked {
    pub code: i32,
    answer: Value,
}

impl Checked {
    /// Runs `tariff check`.
    #[track_caller]
    pub fn run(arguments: &[&str]) -> Self {
        let ended = sverka(&[&["tariff", "check", "--json"], arguments].concat());
        assert!(ended.code < 2, "{}{}", ended.stdout, ended.stderr);
        Self { code: ended.code, answer: serde_json::from_str(&ended.stdout).expect("JSON") }
    }

    /// Rows that agree by the own way, of all rows.
    pub fn agreeing(&self) -> String {
        format!("{} of {}", self.answer["rows_agreeing"], self.answer["rows"])
    }

    /// Ways that fit all rows, in words.
    pub fn fitting_all(&self) -> Vec<&str> {
        let ways = self.answer["ways"].as_array().expect("ways").iter();
        ways.filter(|way| way["fits_all"] == true).filter_map(|way| way["words"].as_str()).collect()
    }

    /// Rows that do not agree: clinic, computed and printed norm, difference in kopecks.
    pub fn differing(&self) -> Vec<String> {
        let rows = self.answer["differing"].as_array().expect("rows").iter();
        let norm = |row: &Value| {
            let norm = &row["norms"][0];
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let [ours, printed, difference] = ["ours", "printed", "difference_kopecks"].map(|key| text(&norm[key]));
            format!("{}: {ours}, {printed}, {difference}", text(&row["clinic"]))
        };
        rows.map(norm).collect()
    }
}
