//! `sverka tariff compare` on the sample region: causes that add up, and heads that the run did not count.

use rust_decimal::Decimal;

use crate::commands::project::Project;
use crate::commands::{Ended, sverka};

/// Bands of all tariffs here; `FACTORS` and `MORE` are replaced.
const TARIFF: &str = r#"
[[care]]
name = "ambulatory"
factors = ["level", "rural"]
correction = "1"
base_norm = [{ per_year = "3726.60" }]
bands = [
  { sex = "both", from = 0, to = 0, coefficient = "2.10" },
  { sex = "both", from = 1, to = 4, coefficient = "1.60" },
  { sex = "both", from = 5, to = 17, coefficient = "1.04" },
  { sex = "both", from = 18, to = 64, coefficient = "0.72" },
  { sex = "both", from = 65, coefficient = "1.60" },
]
"#;

/// A published run of the sample region.
struct Region(Project);

/// Row of the answer, by column.
struct Row {
    header: csv::StringRecord,
    values: csv::StringRecord,
}

impl Row {
    fn money(&self, column: &str) -> Decimal {
        let column = self.header.iter().position(|name| name == column).expect("a column");
        // A tariff that does not pay the clinic has no figures.
        if self.values[column].is_empty() { Decimal::ZERO } else { self.values[column].parse().expect("a number") }
    }

    /// Causes that are not zero.
    fn causes(&self) -> Vec<&str> {
        let names = self.header.iter().filter(|name| name.starts_with("by_"));
        names.filter(|name| !self.money(name).is_zero()).collect()
    }
}

impl Region {
    fn new() -> Self {
        let project = Project::new();
        project.write("a.toml", TARIFF);
        assert!(project.run(&["--quiet"]).code < 2);
        Self(project)
    }

    fn compare(&self, tariff: &str, more: &[&str]) -> Ended {
        self.0.write("b.toml", tariff);
        let [a, b, job] = ["a.toml", "b.toml", "job.toml"].map(|name| self.0.argument(name));
        sverka(&[&["tariff", "compare", &a, &b, "--job", &job], more].concat())
    }

    /// Rows of the comparison with another tariff; each adds up.
    #[track_caller]
    fn rows(&self, tariff: &str) -> Vec<Row> {
        let ended = self.compare(tariff, &["--format", "csv"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let mut reader = csv::Reader::from_reader(ended.stdout.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let rows: Vec<Row> =
            reader.records().map(|values| Row { header: header.clone(), values: values.expect("a row") }).collect();
        assert!(rows.len() > 3, "{}", ended.stdout);
        for row in &rows {
            let causes: Decimal = header.iter().filter(|name| name.starts_with("by_")).map(|name| row.money(name)).sum();
            assert_eq!(causes, row.money("difference"));
            assert_eq!(row.money("amount_b") - row.money("amount_a"), row.money("difference"));
        }
        rows
    }

    /// Causes other than roundings of all rows, each once.
    #[track_caller]
    fn causes(&self, tariff: &str) -> Vec<String> {
        let rows = self.rows(tariff);
        let mut causes: Vec<String> = rows.iter().flat_map(Row::causes).map(str::to_owned).collect();
        causes.sort();
        causes.dedup();
        causes
    }
}

#[test]
fn each_change_of_a_tariff_is_its_own_cause() {
    let region = Region::new();
    assert_eq!(region.causes(TARIFF), [""; 0]);
    let with = |old: &str, new: &str| {
        assert!(TARIFF.contains(old), "{old}");
        TARIFF.replace(old, new)
    };
    for (tariff, causes) in [
        (with("3726.60", "3800.40"), vec!["by_base"]),
        (with("\"0.72\"", "\"0.75\""), vec!["by_k"]),
        (with("[\"level\", \"rural\"]", "[\"level\"]"), vec!["by_factors"]),
        (with("correction = \"1\"", "correction = \"0.98\""), vec!["by_correction"]),
        (
            with("name = \"ambulatory\"", "name = \"ambulatory\"\nrounding = { month_norm = { decimals = 0, mode = \"up\" } }"),
            vec![],
        ),
        (with("correction = \"1\"", "correction = \"1\"\nstations = \"stations.csv\""), vec!["by_heads", "by_k"]),
    ] {
        region.0.write("stations.csv", "clinic;station\n980101;980103\n980103;980103\n");
        let found = region.causes(&tariff);
        let but_rounding: Vec<&str> = found.iter().map(String::as_str).filter(|cause| *cause != "by_rounding").collect();
        assert_eq!(but_rounding, causes, "{tariff}");
        assert!(!found.is_empty(), "{tariff}");
    }
}

#[test]
fn rates_take_the_place_of_norms() {
    let region = Region::new();
    let rates: String = ["980101", "980102", "980103", "980105", "980107", "980111", "980121"]
        .iter()
        .map(|clinic| format!("{clinic};both;0;;250.00\n"))
        .collect();
    region.0.write("rates.csv", format!("clinic;sex;from;to;rate\n{rates}"));
    let tariff = TARIFF.replace("correction = \"1\"", "correction = \"none\"\nrates = \"rates.csv\"");
    let ended = region.compare(&tariff, &["--format", "csv"]);
    if ended.code == 0 {
        assert!(region.causes(&tariff).contains(&"by_rates".to_owned()));
    } else {
        // The tariff wants a rate for every band; the message says so with its line.
        assert_eq!(ended.code, 2, "{}", ended.stderr);
    }
}

#[test]
fn a_care_that_one_tariff_lacks_differs_by_its_heads() {
    let region = Region::new();
    let rows = region.rows(&TARIFF.replace("name = \"ambulatory\"", "name = \"outpatient\""));
    assert!(rows.iter().all(|row| row.money("by_base").is_zero() && !row.money("by_heads").is_zero()));
    let sum: Decimal = rows.iter().map(|row| row.money("difference")).sum();
    assert_eq!(sum, Decimal::ZERO);
}

#[test]
fn heads_that_the_run_did_not_count_are_named_with_what_to_add() {
    let region = Region::new();
    let with = |key: &str| TARIFF.replace("correction = \"1\"", &format!("correction = \"1\"\n{key}"));
    for (tariff, words) in [
        (with("heads = \"first_of_next_month\""), vec!["2026-12-01", "2026-11-01", "count_days = [\"2026-12-01\"]"]),
        (with("profile = 4"), vec!["profile 4", "profile = 4"]),
        (
            TARIFF.replace("from = 18, to = 64", "from = 18, to = 59").replace("from = 65", "from = 60"),
            vec!["[[band_sets]]", "{ sex = 1, from = 18, to = 59 }", "{ sex = 2, from = 60 }", "sets ambulatory"],
        ),
    ] {
        let ended = region.compare(&tariff, &[]);
        assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
    }
}

#[test]
fn people_see_the_largest_differences_and_the_sums() {
    let region = Region::new();
    let ended = region.compare(&TARIFF.replace("3726.60", "3800.40"), &["--format", "table", "--limit", "2"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for word in
        ["A  ", "B  ", "Heads of run 2026-11-01-", "base", "all", "not shown; --limit 0 shows all", "ambulatory: ", " roubles, +"]
    {
        assert!(ended.stdout.contains(word), "{word}: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("correction"), "causes that are zero are left out: {}", ended.stdout);
}
