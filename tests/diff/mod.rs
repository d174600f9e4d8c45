//! `sverka diff` on two runs of a small region.

mod forms;
mod region;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use region::TwoMonths;
use sverka_publish::OutputTable;

use crate::published::PublishedRun;

static MONTHS: LazyLock<TwoMonths> = LazyLock::new(TwoMonths::run);

/// Calls the program with arguments and the output folder of both months.
fn diff(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sverka"));
    program.arg("diff").arg("--output").arg(&MONTHS.out).args(arguments);
    program.output().expect("the program starts")
}

/// Rows of a table of a comparison, as texts without the header.
type Rows = Vec<Vec<String>>;

/// Compares two runs and reads the tables that are written.
fn tables(old: &Path, new: &Path, arguments: &[&str]) -> BTreeMap<String, Rows> {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("changes");
    let [old, new, to_text] = [old, new, &to].map(|path| path.to_str().expect("UTF-8"));
    let ended = diff(&[&[old, new, "--to", to_text, "--format", "csv"], arguments].concat());
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let table = |name: &str| {
        let mut reader = csv::Reader::from_path(to.join(format!("{name}.csv"))).expect("a table");
        let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect());
        (name.to_owned(), rows.collect())
    };
    ["person_changes", "movement", "money_changes", "finding_changes"].map(table).into()
}

/// Surnames by number of the person, of both months.
fn surnames() -> BTreeMap<String, String> {
    let runs = [&MONTHS.october, &MONTHS.november].map(|dir| PublishedRun::read(dir));
    let people = runs.iter().flat_map(|run| run.rows(OutputTable::Persons));
    people.map(|row| (row.text("person_id").to_owned(), row.text("surname").to_owned())).collect()
}

fn sorted(rows: &[&[&str]]) -> Rows {
    let mut rows: Rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    rows.sort();
    rows
}

#[test]
fn the_changes_of_a_month_are_those_made_by_hand() {
    let surnames = surnames();
    let mut changes = tables(&MONTHS.october, &MONTHS.november, &[]).remove("person_changes").expect("a table");
    for row in &mut changes {
        row[0] = surnames[&row[0]].clone();
    }
    changes.sort();
    let expected = sorted(&[
        &["Рогов", "clinic", "980101", "980102", "application", "CHANGE_AT_WILL", "attachments.csv", "8"],
        &["Титов", "not_insured", "98001", "", "died", "", "register.csv", "4"],
        &["Титов", "detached", "980101", "", "died", "", "register.csv", "4"],
        &["Орлов", "insurer", "98001", "98002", "changed", "CHANGE_AT_WILL", "register.csv", "9"],
        &["Белов", "attached", "", "980102", "residence", "", "attachments.csv", "9"],
        &["Зимин", "method", "1", "2", "record", "", "attachments.csv", "10"],
        &["Котов", "not_insured", "98002", "", "ended", "", "register.csv", "8"],
        &["Котов", "detached", "980103", "", "ended", "", "register.csv", "8"],
        &["Лыков", "insured", "", "98001", "begun", "", "register.csv", "10"],
        &["Лыков", "attached", "", "980101", "begun", "", "attachments.csv", "11"],
        &["Носов", "insured", "", "98001", "born", "", "register.csv", "11"],
        &["Носов", "attached", "", "980102", "born", "", "attachments.csv", "12"],
    ]);
    assert_eq!(changes, expected);
}

#[test]
fn movement_names_from_to_and_cause() {
    let movement = tables(&MONTHS.october, &MONTHS.november, &[]).remove("movement").expect("a table");
    let of = |of: &str| -> Rows { movement.iter().filter(|row| row[0] == of).map(|row| row[1..].to_vec()).collect() };
    let clinics = [
        ["", "", "", "980101", "begun", "1", "0", "1"],
        ["", "", "", "980102", "born", "1", "0", "1"],
        ["", "", "", "980102", "residence", "1", "0", "1"],
        ["", "980101", "", "", "died", "1", "1", "0"],
        ["", "980101", "", "980101", "stayed", "1", "1", "1"],
        ["", "980101", "", "980102", "application", "1", "1", "1"],
        ["", "980102", "", "980102", "application", "1", "1", "1"],
        ["", "980102", "", "980102", "stayed", "1", "1", "1"],
        ["", "980103", "", "", "ended", "1", "1", "0"],
    ];
    assert_eq!(of("clinic"), clinics);
    let insurers = [
        ["", "", "98001", "", "begun", "1", "0", "0"],
        ["", "", "98001", "", "born", "1", "0", "0"],
        ["98001", "", "", "", "died", "1", "0", "0"],
        ["98001", "", "98001", "", "stayed", "3", "0", "0"],
        ["98001", "", "98002", "", "changed", "1", "0", "0"],
        ["98002", "", "", "", "ended", "1", "0", "0"],
        ["98002", "", "98002", "", "stayed", "1", "0", "0"],
    ];
    assert_eq!(of("insurer"), insurers);
    let other_insurer = ["98001", "980102", "98002", "980102", "other_insurer", "1", "1", "1"];
    assert!(of("pair").iter().any(|row| row == &other_insurer), "{:?}", of("pair"));
}

#[test]
fn money_is_split_by_cause_to_the_kopeck() {
    let money = tables(&MONTHS.october, &MONTHS.november, &[]).remove("money_changes").expect("a table");
    // Clinic, insurer; heads before and now; amounts before and now; difference; heads in and out, age bands, base norm; others are zero.
    let rows: Vec<String> = money.iter().map(|row| row[1..].join(" ")).collect();
    let expected = [
        "980101  3.000000 2.000000 300.00 220.00 -80.00 100.00 -200.00 0.00 20.00 0.00 0.00 0.00",
        "980101 98001 3.000000 2.000000 300.00 220.00 -80.00 100.00 -200.00 0.00 20.00 0.00 0.00 0.00",
        "980102  2.000000 5.000000 200.00 660.00 460.00 400.00 -100.00 100.00 60.00 0.00 0.00 0.00",
        "980102 98001 1.000000 3.000000 100.00 396.00 296.00 300.00 -100.00 60.00 36.00 0.00 0.00 0.00",
        "980102 98002 1.000000 2.000000 100.00 264.00 164.00 100.00 0.00 40.00 24.00 0.00 0.00 0.00",
        "980103  1.000000 0.000000 100.00 0.00 -100.00 0.00 -100.00 0.00 0.00 0.00 0.00 0.00",
        "980103 98002 1.000000 0.000000 100.00 0.00 -100.00 0.00 -100.00 0.00 0.00 0.00 0.00 0.00",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_run_compared_with_itself_has_no_change() {
    let tables = tables(&MONTHS.november, &MONTHS.november, &[]);
    assert!(tables["person_changes"].is_empty());
    assert!(tables["movement"].iter().all(|row| row[5] == "stayed" && row[1..3] == row[3..5]));
    assert!(
        tables["money_changes"].iter().all(|row| row[7..].iter().all(|part| part == "0.00")),
        "{:?}",
        tables["money_changes"]
    );
    assert!(tables["finding_changes"].iter().all(|row| row[3] == row[4]), "{:?}", tables["finding_changes"]);
}

#[test]
fn the_way_back_is_the_mirror_of_the_way_there() {
    let there = tables(&MONTHS.october, &MONTHS.november, &[]);
    let back = tables(&MONTHS.november, &MONTHS.october, &[]);
    let people = |rows: &Rows, old: usize, new: usize| -> Rows {
        let values = |row: &Vec<String>| vec![row[0].clone(), row[old].clone(), row[new].clone()];
        let mut rows: Rows = rows.iter().map(values).collect();
        rows.sort();
        rows
    };
    assert_eq!(people(&there["person_changes"], 2, 3), people(&back["person_changes"], 3, 2));
    let heads = |rows: &Rows, from: usize, to: usize| {
        let mut heads: BTreeMap<Vec<String>, i64> = BTreeMap::new();
        for row in rows {
            let key = [&row[..1], &row[from..from + 2], &row[to..to + 2]].concat();
            *heads.entry(key).or_default() += row[6].parse::<i64>().expect("heads");
        }
        heads
    };
    assert_eq!(heads(&there["movement"], 1, 3), heads(&back["movement"], 3, 1));
    let differences = |rows: &Rows| -> Vec<String> { rows.iter().map(|row| row[7].trim_start_matches('-').to_owned()).collect() };
    assert_eq!(differences(&there["money_changes"]), differences(&back["money_changes"]));
}

#[test]
fn only_a_clinic_leaves_the_others_out() {
    let tables = tables(&MONTHS.october, &MONTHS.november, &["--only", "clinic=980103"]);
    let surnames = surnames();
    assert!(tables["person_changes"].iter().all(|row| surnames[&row[0]] == "Котов"));
    assert_eq!(tables["person_changes"].len(), 2);
    assert!(tables["movement"].iter().all(|row| row[2] == "980103" || row[4] == "980103"));
    assert!(tables["money_changes"].iter().all(|row| row[1] == "980103"));
}

#[test]
fn the_current_run_is_compared_with_the_one_before() {
    let ended = diff(&["--lang", "en"]);
    let screen = String::from_utf8(ended.stdout).expect("UTF-8");
    assert!(ended.status.success() && screen.contains("Movement between two days: 2026-10-01-"), "{screen}");
    assert!(screen.contains("Insured: 7 → 7\n") && screen.contains("died 1") && !screen.contains("Not compared"), "{screen}");
    let russian = String::from_utf8(diff(&["--lang", "ru"]).stdout).expect("UTF-8");
    assert!(russian.contains("Застраховано: 7 → 7\n") && russian.contains("смерть 1"), "{russian}");
    assert!(russian.lines().count() <= 50, "{russian}");
}

#[test]
fn what_a_run_lacks_is_said() {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(&MONTHS.october).expect("a run") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        if path.is_file() && name != "findings.parquet" {
            std::fs::copy(&path, copy.path().join(name)).expect("copied");
        }
    }
    let [old, new] = [copy.path(), &MONTHS.november].map(|path| path.to_str().expect("UTF-8"));
    let ended = diff(&[old, new, "--lang", "en"]);
    let screen = String::from_utf8(ended.stdout).expect("UTF-8");
    assert!(screen.contains("was published without `findings`"), "{screen}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_advice() {
    let complaint = |arguments: &[&str]| {
        let ended = diff(arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stderr).expect("UTF-8")
    };
    assert!(complaint(&["2026-01-01-0000000000000000"]).contains("no run `2026-01-01-0000000000000000`"));
    assert!(complaint(&[MONTHS.october.to_str().expect("UTF-8")]).contains("holds no run before"));
    assert!(complaint(&["--only", "980101"]).contains("clinic=CODE"));
    assert!(complaint(&["--only", "clinic=999999"]).contains("neither run knows the clinic `999999`"));
    let full = tempfile::tempdir().expect("a folder");
    std::fs::write(full.path().join("thesis.txt"), "years of work").expect("a file");
    assert!(complaint(&["--to", full.path().to_str().expect("UTF-8")]).contains("holds something else than a comparison"));
}
