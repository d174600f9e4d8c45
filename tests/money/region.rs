//! Figures of published agreements through a run: a region with one head for each clinic, and a care for each agreement.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use sverka_publish::OutputTable;

use super::checked::figures;
use crate::published::{PublishedRun, published};

/// Clinics of the region: as many as the longest of the tables has rows.
const CLINICS: usize = 13;

/// The run of all agreements.
static RUN: LazyLock<PublishedRun> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    write_region(folder.path());
    published(&folder.path().join("job.toml"))
});

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

/// An agreement of each kind. Every clinic has one head in one band, so coefficients are those of the tables.
const TARIFF: &str = r#"
[[band_sets]]
name = "everyone"
bands = [{ sex = "both", from = 0 }]

[[care]]
name = "krasnodar"
band_set = "everyone"
base_norm = [{ per_year = "814.33" }]
factor_table = "krasnodar.csv"
correction = "none"

[[care]]
name = "garant"
band_set = "everyone"
base_norm = [{ per_month = "106.36" }]
groups = "groups.csv"
k_table = "garant.csv"
correction = "none"

[[care]]
name = "kurgan"
band_set = "everyone"
base_norm = [{ per_year = "901.8344" }]
groups = "kurgan_groups.csv"
k_table = "kurgan.csv"
correction = "none"
rounding = { norm_period = "year_then_month" }

[[care]]
name = "kurgan_by_clinics"
band_set = "everyone"
base_norm = [{ per_year = "901.8344" }]
groups = "kurgan_groups.csv"
k_table = "kurgan_clinics.csv"
correction = "none"
rounding = { norm_period = "year_then_month" }

[[care]]
name = "perm_half_up"
band_set = "everyone"
base_norm = [{ per_month = "78.62" }]
factor_table = "perm.csv"
correction = "none"

[[care]]
name = "perm_up"
band_set = "everyone"
base_norm = [{ per_month = "78.62" }]
factor_table = "perm.csv"
correction = "none"
rounding = { month_norm = { decimals = 2, mode = "up" } }

[[care]]
name = "perm_unrounded_base"
band_set = "everyone"
base_norm = [{ per_year = "943.4940" }]
factor_table = "perm.csv"
correction = "none"
rounding = { month_base = "exact" }

[[care]]
name = "per_capita"
band_set = "everyone"
stations = "one_station.csv"
base_money = { table = "money.csv", divide_by = ["a", "b", "c", "d"] }
factor_table = "people.csv"
correction = "none"
"#;

/// Code of the clinic with a number from 1.
fn clinic(number: usize) -> String {
    format!("9801{number:02}")
}

/// Rows of a table of published figures, by column.
fn figure_rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(figures().join(name)).expect("figures");
    let header = reader.headers().expect("a header").clone();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("a row");
        header.iter().zip(&row).map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
    };
    reader.records().map(row).collect()
}

fn write_region(folder: &Path) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    write("job.toml", JOB);
    write("tariff.toml", TARIFF);
    write("insurers.csv", "insurer;region;works_from;works_to;successor\n98001;98;2011-01-01;;\n");
    let mut clinics = "clinic;region;attachable;ages;works_from\n".to_owned();
    let mut register =
        "insurer;region;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;birth_place;doc_kind;doc_number;\
                        citizenship;category;insured_from\n"
            .to_owned();
    let mut attachments =
        "clinic;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;doc_kind;doc_number;method;attached_from\n"
            .to_owned();
    for number in 1..=CLINICS {
        let clinic = clinic(number);
        let person = person(number);
        let _ = writeln!(clinics, "{clinic};98;1;all;2011-01-01");
        let _ = writeln!(register, "98001;98;3;{};г. Заречный;14;98 05 1000{number:02};RUS;1;2015-01-01", person);
        let _ = writeln!(attachments, "{clinic};3;{};14;98 05 1000{number:02};1;2020-01-01", person);
    }
    write("clinics.csv", &clinics);
    write("register.csv", &register);
    write("attachments.csv", &attachments);
    write_agreements(&write);
}

/// ENP, names, sex and birth date of the person of a clinic. The ENP codes month, year and day as complements to 9.
fn person(number: usize) -> String {
    let serial = format!("9854{}32{number:05}", "9108");
    let digits = |last: u8| format!("{serial}{last}");
    let enp = (0..=9).map(digits).find(|enp| {
        let enp = sverka_model::Enp::parse(enp.as_bytes()).expect("sixteen digits");
        enp.check_digit_ok()
    });
    let surname =
        ["Липин", "Рогов", "Титов", "Орлов", "Белов", "Зимин", "Котов", "Лыков", "Носов", "Панов", "Седов", "Ухов", "Чижов"]
            [number - 1];
    format!("{};{surname};Олег;Ильич;1;1980-05-17", enp.expect("a check digit"))
}

/// Writes the tables of the tariff.
fn write_agreements(write: &dyn Fn(&str, &str)) {
    let table = |header: &str, rows: Vec<String>| format!("{header}\n{}\n", rows.join("\n"));
    write("krasnodar.csv", &table("clinic;factor;value", vec![format!("{};k;1.0984", clinic(1))]));
    let garant = figure_rows("garant_72651576_group_norms.csv");
    let groups = (1..=garant.len()).map(|group| format!("{};g{group}", clinic(group))).collect();
    write("groups.csv", &table("clinic;group", groups));
    let k = garant.iter().map(|row| format!("g{};{}", row["group"], row["k_integrated"])).collect();
    write("garant.csv", &table("group;k", k));
    let kurgan = figure_rows("kurgan_smp_groups.csv");
    let groups = (1..=4).map(|number| format!("{};g{}", clinic(number), 1 + number % 2)).collect();
    write("kurgan_groups.csv", &table("clinic;group", groups));
    let k = kurgan.iter().map(|row| format!("g{};{}", row["group"], row["k_group"])).collect();
    write("kurgan.csv", &table("group;k", k));
    // Group 1 has the clinics 2 and 4, group 2 the clinics 1 and 3: the means by heads are the coefficients of the groups.
    let k = ["1.000000", "0.979802", "1.016918", "1.000000"];
    let k = (1..).zip(k).map(|(number, k)| format!("{};{k}", clinic(number))).collect();
    write("kurgan_clinics.csv", &table("clinic;k", k));
    let perm = figure_rows("perm_stations_2023.csv");
    let factors = (1..).zip(&perm).flat_map(|(number, row)| {
        ["k_d", "k_age_sex", "k_cost_level", "k_pay"].map(|factor| format!("{};{factor};{}", clinic(number), row[factor]))
    });
    write("perm.csv", &table("clinic;factor;value", factors.collect()));
    write("one_station.csv", &table("clinic;station", vec![format!("{0};{0}", clinic(1))]));
    write("money.csv", &table("line;sum;inside", vec!["1;16600000000.00;1".to_owned(), "2;50258000.00;0".to_owned()]));
    // 100 × 100 × 100 × 1.173311: the factors that divide stand for all people but the one of the region.
    let people = [("a", "100"), ("b", "100"), ("c", "100"), ("d", "1.173311")];
    let people = people.map(|(factor, value)| format!("{};{factor};{value}", clinic(1)));
    write("people.csv", &table("clinic;factor;value", people.to_vec()));
}

/// A column of the norms of a care, by clinic.
fn norms(care: &str, column: &str) -> Vec<String> {
    let rows = RUN.rows(OutputTable::Norms).filter(|row| row.text("care") == care);
    rows.map(|row| row.text(column).to_owned()).collect()
}

#[test]
fn krasnodar_s_clinic_has_74_54() {
    assert_eq!(norms("krasnodar", "norm")[..2], ["74.54", "67.86"]);
}

#[test]
fn groups_have_the_printed_norms() {
    let printed: Vec<String> =
        figure_rows("garant_72651576_group_norms.csv").iter().map(|row| row["published_norm_month_rub"].clone()).collect();
    assert_eq!(norms("garant", "norm")[..8], printed);
}

#[test]
fn kurgan_s_norms_come_from_the_rounded_year() {
    for care in ["kurgan", "kurgan_by_clinics"] {
        assert_eq!(norms(care, "norm_year")[..4], ["909.46", "892.73", "909.46", "892.73"], "{care}");
        assert_eq!(norms(care, "norm")[..4], ["75.79", "74.39", "75.79", "74.39"], "{care}");
    }
}

#[test]
fn perm_s_stations_follow_their_rounding() {
    let printed: Vec<String> =
        figure_rows("perm_stations_2023.csv").iter().map(|row| row["published_norm_month_rub"].clone()).collect();
    let agreeing = |care: &str| norms(care, "norm").iter().zip(&printed).filter(|(norm, printed)| norm == printed).count();
    assert_eq!(["perm_half_up", "perm_up", "perm_unrounded_base"].map(agreeing), [6, 13, 13]);
}

#[test]
fn money_over_people_is_the_base_of_a_year() {
    let base: Vec<String> = norms("per_capita", "base_year");
    // 16 549 742 000.00 / 1 173 311
    assert_eq!(base, ["14105.16222894"]);
}
