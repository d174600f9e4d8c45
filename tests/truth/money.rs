//! Money of generated regions against their truth: heads of services and stations, sums of points, groups of clinics.

use std::collections::BTreeMap;
use std::path::Path;

use sverka::generate::{Ambulance, Form, KINDS, Money, Rates, Settings, generate};
use sverka_publish::OutputTable;

use super::region::rows;
use crate::published::{PublishedRun, published};

const PERSONS: u64 = 3_000;

/// A region with full money, in which nothing happens to people but that some are unattached or have a service of their own choice.
struct RichRegion {
    folder: tempfile::TempDir,
    run: PublishedRun,
}

impl RichRegion {
    fn new(ambulance: Ambulance) -> Self {
        let mut rates = Rates::default();
        for info in KINDS {
            let rate = if ["other_profile", "unattached"].contains(&info.name) { "0.05" } else { "0" };
            rates.set(info.name, rate).expect("a kind of the list");
        }
        let folder = tempfile::tempdir().expect("temporary folder");
        let settings = Settings {
            persons: PERSONS,
            seed: 16,
            as_of: "2026-11-01".parse().expect("a date"),
            out: folder.path().to_owned(),
            rates,
            truth: true,
            form: Form::default(),
            money: Money::Full(ambulance),
            force: false,
        };
        generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
        let run = published(&folder.path().join("job.toml"));
        Self { folder, run }
    }

    fn file(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.folder.path().join(name))
    }

    /// Values of a table of the truth or of the region, by the first of two columns.
    fn by(&self, name: &str, key: &str, value: &str) -> BTreeMap<String, String> {
        self.file(name).into_iter().map(|row| (row[key].clone(), row[value].clone())).collect()
    }

    /// Heads by care, insurer and clinic as the truth has them.
    fn true_heads(&self, ambulance: Ambulance) -> BTreeMap<[String; 3], u64> {
        let mut heads: BTreeMap<[String; 3], u64> = BTreeMap::new();
        let funded: Vec<_> = self.file("truth/persons.csv").into_iter().filter(|row| row["funded"] == "1").collect();
        let insurers: BTreeMap<&String, &String> = funded.iter().map(|row| (&row["person"], &row["insurer"])).collect();
        for row in self.file("truth/services.csv") {
            let care = match row["profile"].as_str() {
                "2" => "gynaecology",
                "3" => "dental",
                "4" => "ambulance",
                other => panic!("no care has the profile {other}"),
            };
            let Some(&insurer) = insurers.get(&row["person"]) else { continue };
            *heads.entry([care.to_owned(), insurer.clone(), row["clinic"].clone()]).or_default() += 1;
        }
        if ambulance == Ambulance::Stations {
            let stations = self.by("reference/stations.csv", "clinic", "station");
            for row in &funded {
                *heads.entry(["ambulance".to_owned(), row["insurer"].clone(), stations[&row["clinic"]].clone()]).or_default() +=
                    1;
            }
        }
        heads
    }

    /// Heads by care, insurer and clinic as the run pays them.
    fn paid_heads(&self) -> BTreeMap<[String; 3], u64> {
        let rows = self.run.rows(OutputTable::FundingInsurerClinic).filter(|row| row.text("care") != "ambulatory");
        let heads = |text: &str| text.strip_suffix(".000000").and_then(|whole| whole.parse().ok()).expect("whole heads");
        rows.map(|row| (["care", "insurer", "clinic"].map(|key| row.text(key).to_owned()), heads(row.text("paid_heads"))))
            .collect()
    }
}

#[test]
fn services_and_stations_are_paid_for_their_people() {
    for ambulance in Ambulance::ALL {
        let region = RichRegion::new(ambulance);
        let expected = region.true_heads(ambulance);
        assert!(expected.len() > 20, "{}", expected.len());
        assert_eq!(region.paid_heads(), expected, "{}", ambulance.name());
    }
}

#[test]
fn points_and_groups_are_those_of_the_truth() {
    let region = RichRegion::new(Ambulance::Stations);
    let mut paid: BTreeMap<String, u64> = BTreeMap::new();
    for row in region.run.rows(OutputTable::FundingPoints) {
        *paid.entry(row.text("point").to_owned()).or_default() += kopecks(row.text("amount"));
    }
    let expected = region.by("truth/points.csv", "point", "amount");
    assert_eq!(paid, expected.into_iter().map(|(point, amount)| (point, kopecks(&amount))).collect());
    let groups = region.run.rows(OutputTable::FundingResults);
    let groups: BTreeMap<String, String> =
        groups.map(|row| (row.text("clinic").to_owned(), row.text("group").to_owned())).collect();
    assert_eq!(groups, region.by("truth/results.csv", "clinic", "group"));
}

#[test]
fn settlements_cancel_out_and_the_economist_is_told_of_coefficients() {
    let region = RichRegion::new(Ambulance::Stations);
    let sum = |column: &str| -> u64 { region.run.rows(OutputTable::ToPay).map(|row| kopecks(row.text(column))).sum() };
    assert!(sum("in") > 0);
    assert_eq!(sum("in"), sum("out"));
    let checks: Vec<&str> = region.run.rows(OutputTable::MoneyChecks).map(|row| row.text("check")).collect();
    assert!(checks.contains(&"factor_below_floor") && !checks.contains(&"settlements_disagree"), "{checks:?}");
}

#[test]
fn the_money_of_a_region_changes_nothing_about_its_people() {
    let persons = |money: Money| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let settings = Settings {
            persons: 1_000,
            seed: 16,
            as_of: "2026-11-01".parse().expect("a date"),
            out: folder.path().to_owned(),
            rates: Rates::default(),
            truth: true,
            form: Form::default(),
            money,
            force: false,
        };
        generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
        let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
        let registers = std::fs::read_dir(folder.path().join("registers")).expect("registers");
        let registers: BTreeMap<_, _> =
            registers.map(|entry| entry.expect("an entry").path()).map(|path| (name(&path), read_path(&path))).collect();
        (read("truth/persons.csv"), read("reference/clinics.csv"), registers)
    };
    assert!(persons(Money::Simple) == persons(Money::Full(Ambulance::Attached)));
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn read_path(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a file")
}

/// Roubles with two decimals as kopecks; 0 for a null.
fn kopecks(roubles: &str) -> u64 {
    if roubles.is_empty() {
        return 0;
    }
    let (whole, hundredths) = roubles.split_once('.').expect("two decimals");
    format!("{whole}{hundredths}").parse().expect("a sum")
}
