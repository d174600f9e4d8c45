//! Points, results, sums to pay and money for insurers through a run: a region of few people, figures of published tables.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use sverka_publish::OutputTable;

use crate::published::{PublishedRun, published};

const JOB: &str = r#"
as_of = "2026-11-01"
output = "out"
[[registers]]
files = ["register.csv"]
[[attachments]]
files = ["attachments.csv"]
[reference]
insurers = "insurers.csv"
clinics = "clinics.csv"
tariff = "tariff.toml"
"#;

const TARIFF: &str = r#"
[[band_sets]]
name = "everyone"
bands = [{ sex = "both", from = 0 }]

[[care]]
name = "ambulatory"
band_set = "everyone"
base_norm = [{ per_month = "300.00" }]
correction = "none"

[points]
table = "points.csv"
[[points.classes]]
from = 100
to = 900
year_sum = "957200.00"
posts = "1.5"
s = "0.58"
[[points.classes]]
from = 900
to = 1500
year_sum = "1516400.00"
posts = "3"
s = "0.73"
[[points.classes]]
from = 1500
to = 2000
to_included = true
year_sum = "1702800.00"
posts = "3.5"
s = "0.758"

[results]
indicators = "indicators.csv"
table = "results.csv"
pot = "1000.00"

[settlements]
table = "settlements.csv"

[insurers]
money = "8000.00"
band_set = "everyone"
heads = ["as_of", "first_of_next_month"]
running_costs = "0.01"
"#;

/// Heads of each insurer at each clinic; clinic 980107 has none.
const HEADS: [(&str, &str, usize); 7] = [
    ("98001", "980101", 2),
    ("98002", "980101", 1),
    ("98001", "980102", 1),
    ("98001", "980103", 1),
    ("98001", "980104", 1),
    ("98001", "980105", 1),
    ("98001", "980106", 1),
];

/// A quarter of a post is missing at each of the first three; one point is not open yet, one has lost its licence.
const POINTS: &str = "\
point;clinic;name;residents;posts_filled;open_from;licensed_to;year_norm
1;980101;Ключи;500;1.25;;;
2;980102;Ольховка;900;2.75;;;
3;980103;Берёзовка;2000;3.25;;;
4;980103;Новая;500;;2026-11-02;;
5;980103;Старая;500;;;2026-11-01;
6;980107;Дальняя;;;;;1200.00
";

/// A row of the published thresholds of groups.
struct Thresholds {
    indicators: usize,
    group_2: Option<usize>,
    group_3: Option<usize>,
}

/// Published thresholds, one row for each clinic from 980101 on.
fn thresholds() -> Vec<Thresholds> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/money/figures/performance_group_thresholds.csv");
    let mut reader = csv::Reader::from_path(path).expect("figures");
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("a row");
        let number = |column: usize| row.get(column).and_then(|text| text.parse().ok());
        Thresholds { indicators: number(1).expect("indicators"), group_2: number(2), group_3: number(3) }
    };
    reader.records().map(row).collect()
}

/// The run in which each clinic reaches as many indicators as these.
fn run_reaching(reached: fn(&Thresholds) -> usize) -> PublishedRun {
    published(&region_reaching(reached).path().join("job.toml"))
}

/// A run of the program that writes both packets, in its folder.
pub(super) fn run_with_packets() -> (tempfile::TempDir, PublishedRun) {
    let folder = region_reaching(|row| row.indicators);
    let packets = "[packets]\npd_tarif = { ambulatory = \"3\" }\nspfinfap = { \"98001\" = \"ASTRA\" }\n";
    let job = folder.path().join("job.toml");
    std::fs::write(&job, format!("{JOB}{packets}")).expect("a job");
    let ended = crate::commands::sverka(&["run", "--quiet", &job.display().to_string()]);
    assert!(ended.code < 2, "{}", ended.stderr);
    let run = PublishedRun::read(&folder.path().join("out/current"));
    (folder, run)
}

/// The region in which each clinic reaches as many indicators as these.
fn region_reaching(reached: fn(&Thresholds) -> usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("job.toml", JOB);
    write("tariff.toml", TARIFF);
    write("insurers.csv", "insurer;region;works_from\n98001;98;2011-01-01\n98002;98;2011-01-01\n");
    write("points.csv", POINTS);
    write("settlements.csv", "clinic;in;out;advance\n980101;10.00;;100.00\n980102;;10.01;\n");
    write_people(&write);
    let (mut indicators, mut results) = ("indicator;most_points;rule;target\n".to_owned(), "clinic;indicator;now\n".to_owned());
    for number in 1..=28 {
        let _ = writeln!(indicators, "{number};1;reached;1");
    }
    for (clinic, row) in (980_101..).zip(thresholds()) {
        for number in 1..=row.indicators {
            let _ = writeln!(results, "{clinic};{number};{}", u8::from(number <= reached(&row)));
        }
    }
    write("indicators.csv", &indicators);
    write("results.csv", &results);
    folder
}

/// Writes clinics, register and attachments.
fn write_people(write: &dyn Fn(&str, &str)) {
    let mut clinics = "clinic;region;attachable;ages;works_from\n".to_owned();
    for clinic in 980_101..=980_107 {
        let _ = writeln!(clinics, "{clinic};98;1;all;2011-01-01");
    }
    let mut register =
        "insurer;region;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;birth_place;doc_kind;doc_number;\
                        citizenship;category;insured_from\n"
            .to_owned();
    let mut attachments =
        "clinic;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;doc_kind;doc_number;method;attached_from\n"
            .to_owned();
    let heads = HEADS.iter().flat_map(|&(insurer, clinic, heads)| std::iter::repeat_n((insurer, clinic), heads));
    for (number, (insurer, clinic)) in heads.enumerate() {
        let person = person(number);
        let _ = writeln!(register, "{insurer};98;3;{person};г. Заречный;14;98 05 1000{number:02};RUS;1;2015-01-01");
        let _ = writeln!(attachments, "{clinic};3;{person};14;98 05 1000{number:02};1;2020-01-01");
    }
    write("clinics.csv", &clinics);
    write("register.csv", &register);
    write("attachments.csv", &attachments);
}

/// ENP, names, sex and birth date of a person.
fn person(number: usize) -> String {
    let digits = |last: u8| format!("9854910832{number:05}{last}");
    let has_check_digit = |enp: &String| sverka_model::Enp::parse(enp.as_bytes()).is_some_and(|enp| enp.check_digit_ok());
    let enp = (0..=9).map(digits).find(has_check_digit).expect("a check digit");
    let surname = ["Липин", "Рогов", "Титов", "Орлов", "Белов", "Зимин", "Котов", "Лыков"][number];
    format!("{enp};{surname};Олег;Ильич;1;1980-05-17")
}

/// The run in which clinics reach group II, as far as they can.
static SECOND: LazyLock<PublishedRun> = LazyLock::new(|| run_reaching(|row| row.group_2.unwrap_or(0)));
/// The run in which clinics reach group III, as far as its threshold is published.
static THIRD: LazyLock<PublishedRun> = LazyLock::new(|| run_reaching(|row| row.group_3.unwrap_or(0)));

/// Columns of a table of a run.
fn rows<'r>(run: &'r PublishedRun, table: OutputTable, columns: &[&str]) -> Vec<Vec<&'r str>> {
    run.rows(table).map(|row| columns.iter().map(|column| row.text(column)).collect()).collect()
}

/// Digits of a number without zeros at its end.
fn short(number: &str) -> &str {
    number.trim_end_matches('0').trim_end_matches('.')
}

#[test]
fn a_quarter_of_a_post_missing_gives_the_published_coefficients() {
    let staff: Vec<&str> = THIRD.rows(OutputTable::FundingPoints).map(|row| short(row.text("staff"))).collect();
    // The first point has two insurers.
    assert_eq!(staff[..4], ["0.9", "0.9", "0.94", "0.95"]);
}

#[test]
fn insurers_share_points_by_the_heads_of_the_clinic() {
    let columns = ["point", "insurer", "state", "month_amount", "amount"];
    let expected = [
        // 957,200 × 0.90 / 12 by 2 : 1.
        ["1", "98001", "paid", "71790.00", "47860.00"],
        ["1", "98002", "paid", "71790.00", "23930.00"],
        // 1,516,400 × 0.94 / 12, and 1,702,800 × 0.95 / 12.
        ["2", "98001", "paid", "118784.67", "118784.67"],
        ["3", "98001", "paid", "134805.00", "134805.00"],
        ["4", "", "closed", "0.00", "0.00"],
        ["5", "", "unlicensed", "0.00", "0.00"],
        ["6", "", "paid", "100.00", "100.00"],
    ];
    assert_eq!(rows(&THIRD, OutputTable::FundingPoints, &columns), expected);
}

#[test]
fn groups_begin_at_the_published_thresholds() {
    let mut agreeing = 0;
    let groups =
        |run: &PublishedRun| -> Vec<i64> { run.rows(OutputTable::FundingResults).map(|row| row.number("group")).collect() };
    for (row, thresholds) in THIRD.rows(OutputTable::FundingResults).zip(thresholds()) {
        for (column, published) in [("limit_2", thresholds.group_2), ("limit_3", thresholds.group_3)] {
            let Some(published) = published else { continue };
            assert_eq!(row.text(column).split('.').next(), Some(published.to_string().as_str()), "{column}");
            agreeing += 1;
        }
    }
    assert_eq!(agreeing, 8);
    assert_eq!(groups(&SECOND), [2; 5]);
    assert_eq!(groups(&THIRD), [3, 3, 3, 1, 1]);
}

#[test]
fn the_pot_is_spent_to_the_kopeck_or_told() {
    let columns = ["clinic", "part_1", "part_2", "remainder", "amount"];
    let expected = [
        // 700.00 by 3 : 1 : 1 heads; 300.00 by 20 : 16 : 15 points: 117.6470, 94.1176, 88.2352.
        ["980101", "420.00", "117.65", "0.01", "537.65"],
        ["980102", "140.00", "94.12", "0.01", "234.12"],
        ["980103", "140.00", "88.23", "0.00", "228.23"],
        ["980104", "0.00", "0.00", "0.00", "0.00"],
        ["980105", "0.00", "0.00", "0.00", "0.00"],
    ];
    assert_eq!(rows(&THIRD, OutputTable::FundingResults, &columns), expected);
    // Without a clinic in group III its part stays.
    let amounts: Vec<Vec<&str>> = rows(&SECOND, OutputTable::FundingResults, &["amount"]);
    assert_eq!(amounts.concat(), ["300.00", "100.00", "100.00", "100.00", "100.00"]);
    let told = SECOND.rows(OutputTable::MoneyChecks).find(|row| row.text("check") == "pot_unspent").expect("a check");
    assert_eq!((told.text("subject"), short(told.text("value"))), ("part2", "300"));
}

#[test]
fn a_sum_to_pay_is_all_money_of_a_clinic_less_what_is_kept_back() {
    let columns = ["clinic", "amount", "points", "results", "in", "out", "advance", "carried_out", "to_pay"];
    let expected = [
        ["980101", "900.00", "71790.00", "537.65", "10.00", "0.00", "100.00", "0.00", "73137.65"],
        ["980102", "300.00", "118784.67", "234.12", "0.00", "10.01", "0.00", "0.00", "119308.78"],
        ["980103", "300.00", "134805.00", "228.23", "0.00", "0.00", "0.00", "0.00", "135333.23"],
        ["980104", "300.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "300.00"],
        ["980105", "300.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "300.00"],
        ["980106", "300.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "300.00"],
        ["980107", "0.00", "100.00", "0.00", "0.00", "0.00", "0.00", "0.00", "100.00"],
    ];
    assert_eq!(rows(&THIRD, OutputTable::ToPay, &columns), expected);
}

#[test]
fn what_does_not_agree_is_told() {
    let checks: Vec<(&str, &str, &str, &str, &str)> = (THIRD.rows(OutputTable::MoneyChecks))
        .map(|row| {
            (row.text("check"), row.text("clinic"), row.text("subject"), short(row.text("value")), short(row.text("limit")))
        })
        .collect();
    assert_eq!(checks, [("point_without_people", "980107", "6", "100", ""), ("settlements_disagree", "", "", "10", "10.01")]);
}

#[test]
fn insurers_get_their_norm_for_the_mean_of_two_days() {
    let columns = ["insurer", "band_set", "norm", "amount", "running_costs"];
    let figures: Vec<Vec<&str>> =
        rows(&THIRD, OutputTable::FundingInsurer, &columns).into_iter().map(|row| row.into_iter().collect()).collect();
    assert_eq!(
        figures,
        [["98001", "everyone", "1000.00000000", "7000.00", "70.00"], ["98002", "everyone", "1000.00000000", "1000.00", "10.00"]]
    );
}
