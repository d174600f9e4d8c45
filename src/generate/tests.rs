use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;
use sverka_model::{Code, DateFormat, Enp, Snils};

fn settings(persons: u64, rates: Rates, out: &Path) -> Settings {
    let as_of = "2026-11-01".parse().expect("date");
    Settings {
        persons,
        seed: 42,
        as_of,
        out: out.to_owned(),
        rates,
        truth: true,
        form: Form::default(),
        money: Money::Simple,
        force: false,
    }
}

fn no_rates() -> Rates {
    let mut rates = Rates::default();
    for info in KINDS {
        rates.set(info.name, "0").expect("known kind");
    }
    rates
}

fn generated(persons: u64, rates: Rates) -> (tempfile::TempDir, Summary) {
    let directory = tempfile::tempdir().expect("temporary directory");
    let summary = generate(&settings(persons, rates, directory.path()), &mut |_| {}).expect("a region");
    (directory, summary)
}

/// Bytes of every file below a directory, by path.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for directory in ["", "registers", "attachments", "reference", "truth"] {
        for entry in fs::read_dir(root.join(directory)).expect("directory").map(|entry| entry.expect("entry").path()) {
            if entry.is_file() {
                let name = entry.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                found.insert(name, fs::read(&entry).expect("readable"));
            }
        }
    }
    found
}

type Row = BTreeMap<String, String>;

/// Rows of a CSV file, by column.
fn rows(bytes: &[u8]) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    let header = reader.headers().expect("header").clone();
    let row = |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row of the header's width"))).collect()
}

fn rows_of(files: &BTreeMap<String, Vec<u8>>, directory: &str) -> Vec<Row> {
    files.iter().filter(|(name, _)| name.starts_with(directory)).flat_map(|(_, bytes)| rows(bytes)).collect()
}

fn date(text: &str) -> Date {
    Date::parse(text.as_bytes(), DateFormat::Iso).unwrap_or_else(|| panic!("{text} is no date"))
}

#[test]
fn an_orderly_region_has_right_numbers_dates_and_codes() {
    let (directory, summary) = generated(500, no_rates());
    let files = files(directory.path());
    let insurers: BTreeMap<_, _> =
        rows(&files["reference/insurers.csv"]).into_iter().map(|row| (row["insurer"].clone(), row)).collect();
    let registers = rows_of(&files, "registers/");
    assert_eq!(registers.len(), 500);
    assert_eq!((summary.register_rows, summary.attachment_rows), (500, 500));
    let (mut enps, mut snils) = (BTreeSet::new(), BTreeSet::new());
    for row in &registers {
        let enp = Enp::parse(row["enp"].as_bytes()).expect("16 digits");
        let parts = enp.decode().expect("an ENP that codes a person");
        assert!(enp.check_digit_ok());
        assert_eq!((parts.birth_date, (parts.sex as u8).to_string()), (date(&row["birth_date"]), row["sex"].clone()));
        assert!(Snils::parse(row["snils"].as_bytes()).is_ok());
        assert!(enps.insert(enp) && snils.insert(row["snils"].clone()));
        let from = date(&row["insured_from"]);
        assert!(date(&row["birth_date"]) <= from && from <= date("2026-11-01"));
        let insurer = &insurers[&row["insurer"]];
        assert!(date(&insurer["works_from"]) <= from);
        assert!(insurer["works_to"].is_empty() || from < date(&insurer["works_to"]));
    }
}

#[test]
fn an_orderly_region_attaches_everyone_where_the_age_is_served() {
    let (directory, _) = generated(500, no_rates());
    let files = files(directory.path());
    let clinics: BTreeMap<_, _> =
        rows(&files["reference/clinics.csv"]).into_iter().map(|row| (row["clinic"].clone(), row)).collect();
    let attachments = rows_of(&files, "attachments/");
    assert_eq!(attachments.len(), 500);
    for row in attachments {
        let clinic = &clinics[&row["clinic"]];
        let (birth, from) = (date(&row["birth_date"]), date(&row["attached_from"]));
        assert_eq!(clinic["attachable"], "1");
        assert!(clinic["works_to"].is_empty() || from < date(&clinic["works_to"]));
        match clinic["ages"].as_str() {
            "adults" => assert!(birth.age_on(from) >= 18),
            "children" => assert!(birth.age_on(date("2026-11-01")) < 18),
            _ => {}
        }
        assert!(birth <= from && from <= date("2026-11-01"));
    }
}

#[test]
fn without_rates_there_are_no_defects_and_everyone_is_funded() {
    let (directory, summary) = generated(2_000, no_rates());
    let files = files(directory.path());
    assert!(rows(&files["truth/defects.csv"]).is_empty() && rows(&files["truth/kinds.csv"]).is_empty());
    assert!(summary.struck.iter().all(|&count| count == 0));
    let persons = rows(&files["truth/persons.csv"]);
    assert_eq!(persons.len(), 2_000);
    assert!(persons.iter().all(|row| row["funded"] == "1"));
}

#[test]
fn truth_names_the_line_and_the_person_of_every_row() {
    let (directory, summary) = generated(10_001, Rates::default());
    let files = files(directory.path());
    let mut lines: BTreeMap<String, Vec<&[u8]>> = BTreeMap::new();
    for (name, bytes) in &files {
        lines.insert(name.clone(), bytes.split(|&byte| byte == b'\n').collect());
    }
    let mut seen = BTreeSet::new();
    for row in rows(&files["truth/records.csv"]) {
        let line = row["line"].parse::<usize>().expect("a line");
        let bytes = lines[&row["source"]][line - 1];
        // The record id holds the person's number before its last digit.
        let id = std::str::from_utf8(&bytes[1..11]).expect("digits").parse::<u64>().expect("a record id");
        assert_eq!((id / 10).to_string(), row["person"]);
        assert_eq!(bytes[0], if row["table"] == "register" { b'R' } else { b'A' });
        assert!(seen.insert((row["source"].clone(), line)));
    }
    assert_eq!(seen.len() as u64, summary.register_rows + summary.attachment_rows);
    let rows_in_files: usize = lines.iter().filter(|(name, _)| name.contains("s/3")).map(|(_, lines)| lines.len() - 2).sum();
    assert_eq!(rows_in_files, seen.len());
    for row in rows(&files["truth/defects.csv"]) {
        assert!(seen.contains(&(row["source"].clone(), row["line"].parse().expect("a line"))));
    }
}

/// Rules with a case in every generated region of this size.
const GENERATED: &[Code] = &[
    Code::RowShape,
    Code::RowQuote,
    Code::RowEncoding,
    Code::FieldRequired,
    Code::DateInvalid,
    Code::BirthDateRange,
    Code::DatesReversed,
    Code::SexInvalid,
    Code::PolicyKindUnknown,
    Code::PolicyNumberFormat,
    Code::EnpFormat,
    Code::EnpCheckDigit,
    Code::EnpImpossible,
    Code::EnpPersonMismatch,
    Code::SnilsInvalid,
    Code::SnilsRequired,
    Code::InsurerUnknown,
    Code::ClinicUnknown,
    Code::InsurerNotWorking,
    Code::ClinicNotWorking,
    Code::ClinicNotAttachable,
    Code::CategoryUnknown,
    Code::MethodUnknown,
    Code::ReasonUnknown,
    Code::TermMissing,
    Code::TermIgnored,
    Code::OldPolicyAfterReform,
    Code::EnpShared,
    Code::IdentityReview,
    Code::SeveralEnp,
    Code::AfterDeath,
    Code::DeathContradicted,
    Code::NoInterval,
    Code::ClinicAge,
    Code::NotInsured,
    Code::CertificateExpired,
    Code::MustChoose,
    Code::SameDay,
    Code::SameDayTie,
    Code::ChangeAtWill,
    Code::ChangeMoved,
    Code::ChangeContractEnded,
    Code::ChangeDeadline,
    Code::ChangeLimit,
    Code::ApplicationOutranksResidence,
    Code::Territory,
];

#[test]
fn default_rates_let_every_kind_and_every_code_occur() {
    let (directory, summary) = generated(1_000, Rates::default());
    for info in KINDS.iter().filter(|info| info.scope != Scope::Field) {
        assert!(summary.struck[info.kind as usize] > 0, "{}", info.name);
    }
    let files = files(directory.path());
    let found: BTreeSet<String> = rows(&files["truth/defects.csv"]).into_iter().map(|row| row["expected_code"].clone()).collect();
    for code in GENERATED {
        assert!(found.contains(code.name()), "{}", code.name());
    }
}

#[test]
fn truth_names_the_kind_of_everyone_whom_one_struck_as_a_whole() {
    let (directory, summary) = generated(2_001, Rates::default());
    let mut of_kind: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows(&files(directory.path())["truth/kinds.csv"]) {
        *of_kind.entry(row["kind"].clone()).or_default() += 1;
    }
    for info in KINDS {
        let people = match info.scope {
            Scope::Person => summary.struck[info.kind as usize],
            Scope::Household => 2 * summary.struck[info.kind as usize],
            Scope::Field => 0,
        };
        assert_eq!(of_kind.get(info.name).copied().unwrap_or(0), people, "{}", info.name);
    }
}

#[test]
fn the_same_settings_give_the_same_bytes_with_any_number_of_threads() {
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| generated(20_000, Rates::default()))
    };
    let (one, one_summary) = with_threads(1);
    let (two, two_summary) = with_threads(2);
    assert_eq!(one_summary, two_summary);
    assert!(files(one.path()) == files(two.path()));
}

/// Truth about a region, without the lines of rows, which differ by format.
#[derive(PartialEq, Eq)]
struct Truth {
    persons: Vec<u8>,
    kinds: Vec<u8>,
    /// Number of rows, by table and person.
    rows: BTreeMap<(String, String), usize>,
    /// Kind, table and expected code of each defect, sorted.
    defects: Vec<[String; 3]>,
}

/// Truth about 2000 people in a format.
fn truth_of(format: Format, carry: Carry) -> Truth {
    let directory = tempfile::tempdir().expect("temporary directory");
    let form = Form { format, carry, ..Form::default() };
    let settings = Settings { form, ..settings(2_000, Rates::default(), directory.path()) };
    generate(&settings, &mut |_| {}).expect("a region");
    let truth = |name: &str| fs::read(directory.path().join("truth").join(name)).expect("readable");
    let mut counts = BTreeMap::new();
    for row in rows(&truth("records.csv")) {
        assert!(directory.path().join(&row["source"]).is_file(), "{}", row["source"]);
        *counts.entry((row["table"].clone(), row["person"].clone())).or_default() += 1;
    }
    let defects = rows(&truth("defects.csv"));
    let mut defects: Vec<_> =
        defects.into_iter().map(|row| ["kind", "table", "expected_code"].map(|column| row[column].clone())).collect();
    defects.sort();
    Truth { persons: truth("persons.csv"), kinds: truth("kinds.csv"), rows: counts, defects }
}

#[test]
fn a_region_is_the_same_in_every_format_that_can_carry_it() {
    for carry in [Carry::Exchange, Carry::Dump] {
        let expected = truth_of(Format::Csv, carry);
        for format in Format::ALL.into_iter().filter(|format| format.can(carry)) {
            assert!(truth_of(format, carry) == expected, "{} in {}", carry.name(), format.name());
        }
    }
}

#[test]
fn every_kind_that_a_region_carries_occurs_and_no_other() {
    for carry in Carry::ALL {
        let directory = tempfile::tempdir().expect("temporary directory");
        let form = Form { carry, ..Form::default() };
        let settings = Settings { form, ..settings(2_000, Rates::default(), directory.path()) };
        let struck = generate(&settings, &mut |_| {}).expect("a region").struck;
        for info in KINDS.iter().filter(|info| info.scope != Scope::Field) {
            assert_eq!(struck[info.kind as usize] > 0, carry.holds(info.kind), "{} in {}", info.name, carry.name());
        }
    }
}

#[test]
fn archives_are_the_same_bytes_with_any_number_of_threads() {
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let directory = tempfile::tempdir().expect("temporary directory");
        let settings = settings(10_000, Rates::default(), directory.path());
        let form = Form { format: Format::Exchange, carry: Carry::Exchange, ..Form::default() };
        let settings = Settings { form, ..settings };
        pool.install(|| generate(&settings, &mut |_| {}).expect("a region"));
        files(directory.path())
    };
    assert!(with_threads(1) == with_threads(2));
}

#[test]
fn another_seed_gives_another_region() {
    let (first, _) = generated(100, Rates::default());
    let second = tempfile::tempdir().expect("temporary directory");
    let other = Settings { seed: 43, ..settings(100, Rates::default(), second.path()) };
    generate(&other, &mut |_| {}).expect("a region");
    assert!(files(first.path())["truth/persons.csv"] != files(second.path())["truth/persons.csv"]);
}

#[test]
fn only_a_generated_region_is_replaced_and_only_when_asked() {
    let (directory, _) = generated(10, Rates::default());
    let again = settings(10, Rates::default(), directory.path());
    assert!(matches!(generate(&again, &mut |_| {}), Err(GenerateError::NotEmpty { .. })));
    let forced = Settings { force: true, ..again };
    assert!(generate(&forced, &mut |_| {}).is_ok());
    fs::write(directory.path().join("job.toml"), "as_of = \"2026-11-01\"").expect("writable");
    assert!(matches!(generate(&forced, &mut |_| {}), Err(GenerateError::NotGenerated { .. })));
    assert!(directory.path().join("truth/persons.csv").exists());
}

#[test]
fn impossible_settings_are_refused() {
    let directory = tempfile::tempdir().expect("temporary directory");
    let good = settings(10, Rates::default(), directory.path());
    let nobody = Settings { persons: 0, ..good.clone() };
    let early = Settings { as_of: date("2022-12-31"), ..good.clone() };
    let rates = Rates { death: 0.7, twins: 0.7, ..Rates::default() };
    let too_often = Settings { rates, ..good.clone() };
    let too_much = Settings { form: Form { format: Format::Exchange, ..Form::default() }, ..good.clone() };
    let latin_only =
        Settings { form: Form { format: Format::Dump, carry: Carry::Dump, encoding: Encoding::Utf16Le }, ..good.clone() };
    let no_services = Settings {
        form: Form { carry: Carry::Exchange, ..Form::default() },
        money: Money::Full(Ambulance::Stations),
        ..good.clone()
    };
    assert!(matches!(generate(&no_services, &mut |_| {}), Err(GenerateError::Money { .. })));
    assert!(matches!(generate(&too_much, &mut |_| {}), Err(GenerateError::Carry { .. })));
    assert!(matches!(generate(&latin_only, &mut |_| {}), Err(GenerateError::Encoding { .. })));
    assert!(matches!(generate(&nobody, &mut |_| {}), Err(GenerateError::Persons { .. })));
    assert!(matches!(generate(&early, &mut |_| {}), Err(GenerateError::AsOf { .. })));
    assert!(matches!(generate(&too_often, &mut |_| {}), Err(GenerateError::RatesExceedOne { .. })));
}
