//! Appendices and tariffs that `sverka tariff check` cannot use, and what it says of others.

use std::path::PathBuf;

use tempfile::TempDir;

use super::checked::Checked;
use crate::commands::{Ended, sverka};

const TARIFF: &str = r#"
[[care]]
name = "ambulatory"
correction = "1.02"
base_norm = [{ per_month = "100.00", valid_from = 2026-01-01 }]
[[care]]
name = "ambulance"
base_norm = [{ per_year = "1200.00" }]
[care.rounding]
month_norm = { decimals = 1, mode = "down" }
"#;

/// A folder with a tariff and an appendix.
struct Folder(TempDir);

impl Folder {
    fn new(tariff: &str, table: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("tariff.toml"), tariff).expect("a tariff");
        std::fs::write(folder.path().join("table.csv"), table).expect("a table");
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        path.display().to_string()
    }

    fn with_tariff(&self, arguments: &[&str]) -> Checked {
        Checked::run(&[&[self.path("tariff.toml").as_str(), &self.path("table.csv")], arguments].concat())
    }

    fn ended(&self, arguments: &[&str]) -> Ended {
        sverka(&[&["tariff", "check", self.path("table.csv").as_str()], arguments].concat())
    }
}

#[test]
fn the_tariff_gives_base_correction_and_rounding() {
    let folder = Folder::new(TARIFF, "clinic;k1;norm_month\n980101;1.5;153.00\n980102;0.999;101.90\n");
    let checked = folder.with_tariff(&["--care", "ambulatory", "--as-of", "2026-11-01"]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "2 of 2"));
    let checked = folder.with_tariff(&["--care", "ambulance", "--correction", "1.02"]);
    assert_eq!((checked.code, checked.differing()), (1, vec!["980102: 101.80, 101.90, -10".to_owned()]));
}

#[test]
fn a_norm_of_the_table_wins_over_the_tariff() {
    let folder = Folder::new(TARIFF, "clinic;base_month;correction;norm_month\n980101;200;1;200.00\n");
    let arguments = ["--care", "ambulatory", "--as-of", "2026-11-01"];
    assert_eq!(folder.with_tariff(&arguments).code, 0);
    let [tariff, table] = ["tariff.toml", "table.csv"].map(|name| folder.path(name));
    let ended = sverka(&[&["tariff", "check", tariff.as_str(), &table], &arguments[..]].concat()).exits_with(0);
    assert!(ended.stdout.contains("1 row has another base norm of a month than the tariff (100.00)"), "{}", ended.stdout);
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let folder = Folder::new(TARIFF, "clinic;k1;norm_month\n980101;1.5;153.00\n");
    let told = |arguments: &[&str]| folder.ended(arguments).exits_with(2).stderr;
    assert!(told(&["--clinic", "klinik"]).contains("there is no column `klinik`; the table has `clinic`, `k1`, `norm_month`"));
    assert!(told(&["--base-per-month", "1", "--base-per-year", "1"]).contains("cannot be used with"));
    assert!(told(&["--care", "ambulatory"]).contains("TARIFF.toml"));
    assert!(told(&["--rounding", "nearest"]).contains("expected half_up, half_even, up or down"));
    let [tariff, table] = ["tariff.toml", "table.csv"].map(|name| folder.path(name));
    let told = |arguments: &[&str]| sverka(&[&["tariff", "check"], arguments].concat()).exits_with(2).stderr;
    assert!(told(&[&tariff, &table]).contains("several kinds of care (ambulatory, ambulance); name one with --care"));
    assert!(told(&[&tariff, &table, "--care", "ambulans"]).contains("is ambulance meant?"));
    assert!(
        told(&[&tariff, &table, "--care", "ambulatory", "--as-of", "2025-12-31"])
            .contains("no base norm is in force on 2025-12-31")
    );
    assert!(told(&[&folder.path("absent.csv")]).contains("absent.csv: cannot be read"));
}

#[test]
fn a_table_that_cannot_be_used_exits_with_3() {
    for (table, fault) in [
        ("clinic;k1;norm_month\n980101;x;153.00\n", "table.csv:2: `k1` is `x`"),
        ("clinic;k1;norm_month\n980101;200;153.00\n", "table.csv:2: `k1` is 200; expected a number from 0 to 100"),
        ("clinic;k1;norm_month\n980101;1\n", "table.csv:2: not readable as CSV"),
        ("clinic;norm_month\n980101;\n", "the table has no rows"),
    ] {
        let told = Folder::new(TARIFF, table).ended(&[]).exits_with(3).stderr;
        assert!(told.contains(fault), "{told}");
    }
}
