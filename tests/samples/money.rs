//! The money sample: its golden tables, and figures that were computed by hand before any run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use sverka_publish::OutputTable;

use super::golden::{assert_golden, csv};
use super::{Sample, folder};
use crate::published::{PublishedRun, published};

/// Tables of heads and money.
const MONEY_TABLES: [OutputTable; 11] = [
    OutputTable::Headcount,
    OutputTable::FundingClinic,
    OutputTable::FundingInsurerClinic,
    OutputTable::FundingBands,
    OutputTable::Norms,
    OutputTable::NormFactors,
    OutputTable::FundingPoints,
    OutputTable::FundingResults,
    OutputTable::ToPay,
    OutputTable::FundingInsurer,
    OutputTable::MoneyChecks,
];

/// The folder of the money sample.
pub fn money_folder() -> PathBuf {
    folder().join("money")
}

/// The money sample and its run.
pub fn sample() -> &'static Sample {
    static MONEY: LazyLock<Sample> =
        LazyLock::new(|| Sample { folder: money_folder(), run: published(&money_folder().join("job.toml")) });
    &MONEY
}

fn run() -> &'static PublishedRun {
    &sample().run
}

/// Values of two columns by the first one.
fn by(table: OutputTable, key: &str, value: &str) -> Vec<(&'static str, &'static str)> {
    run().rows(table).map(|row| (row.text(key), row.text(value))).collect()
}

#[test]
fn tables_of_money_are_the_golden_ones() {
    let text = |table| csv(run().table(table), |_| true);
    let files: BTreeMap<String, String> =
        MONEY_TABLES.iter().map(|&table| (format!("{}.csv", table.name()), text(table))).collect();
    assert_golden(&money_folder(), "golden", &files);
    let found = std::fs::read_dir(money_folder().join("golden")).expect("a golden folder").map(|entry| entry.expect("entry"));
    let names: BTreeSet<String> =
        found.filter(|entry| entry.path().is_file()).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    assert_eq!(names, files.into_keys().collect());
}

#[test]
fn points_get_the_sums_computed_by_hand() {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (point, amount) in by(OutputTable::FundingPoints, "point", "amount") {
        *sums.entry(point).or_default() += kopecks(amount);
    }
    let expected = [
        ("1", 7_179_000),
        ("2", 12_636_667),
        ("3", 12_636_667),
        ("4", 13_480_500),
        ("5", 4_600_000),
        ("6", 0),
        ("7", 0),
        ("8", 6_461_100),
    ];
    assert_eq!(sums, expected.into());
}

#[test]
fn clinics_are_in_the_groups_counted_by_hand() {
    let groups = by(OutputTable::FundingResults, "clinic", "group");
    assert_eq!(groups, [("980101", "3"), ("980102", "3"), ("980103", "1"), ("980107", "2")]);
}

#[test]
fn services_have_the_people_of_their_lists() {
    // Cases of the region itself, C429 and C430, attach three people more.
    let mut listed = BTreeMap::from([(("gynaecology", "980101".to_owned()), 1), (("dental", "980103".to_owned()), 2)]);
    for service in ["dental", "gynaecology"] {
        let path = money_folder().join(format!("attachments/{service}_20261031.csv"));
        let mut reader = ::csv::ReaderBuilder::new().delimiter(b';').from_path(path).expect("a list");
        for row in reader.records().map(|row| row.expect("a row")) {
            *listed.entry((service, row[1].to_owned())).or_default() += 1;
        }
    }
    let of_services = run().rows(OutputTable::FundingClinic).filter(|row| ["dental", "gynaecology"].contains(&row.text("care")));
    let paid = of_services.map(|row| ((row.text("care"), row.text("clinic").to_owned()), row.number("heads")));
    assert_eq!(paid.collect::<BTreeMap<_, _>>(), listed);
}

#[test]
fn the_economist_is_told() {
    let columns = ["check", "care", "clinic", "subject"];
    let checks: Vec<[&str; 4]> = run().rows(OutputTable::MoneyChecks).map(|row| columns.map(|key| row.text(key))).collect();
    let expected = [
        ["band_below_floor", "ambulatory", "", "male 65+"],
        ["factor_below_floor", "ambulatory", "980101", "small_places"],
        ["insurer_money_differs", "", "", ""],
        ["point_without_people", "", "980105", "8"],
        ["without_station", "ambulance", "980111", ""],
    ];
    assert_eq!(checks, expected);
}

/// Roubles with two decimals as kopecks; 0 for a null.
fn kopecks(roubles: &str) -> i64 {
    if roubles.is_empty() {
        return 0;
    }
    let (whole, hundredths) = roubles.split_once('.').expect("two decimals");
    format!("{whole}{hundredths}").parse().expect("a sum")
}
