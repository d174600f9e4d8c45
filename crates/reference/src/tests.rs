//! The tables and the tariff as files: the content of good ones, and the errors of bad ones.

mod payments;

use rust_decimal::Decimal;

use super::*;
use sverka_model::{ClinicId, Date, InsurerId, OrganisationId, Sex};

fn day(text: &str) -> Date {
    text.parse().expect("test date")
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("test number")
}

#[test]
fn insurers_are_indexed_in_the_order_of_their_codes() {
    let text = "\u{FEFF}works_from; insurer ;name;works_to;successor\r\n\
        2012-01-01; 99002 ;\"Второй; \"\"Бета\"\"\";;\r\n\
        2010-01-01;99001;Первый;2020-07-01;99002\r\n";
    let insurers = Insurers::read("i.csv", text.as_bytes()).expect("table");
    assert_eq!(insurers.len(), 2);
    assert_eq!(
        (insurers.find(b"99001"), insurers.find(b"99002"), insurers.find(b"99003")),
        (Some(InsurerId::new(0)), Some(InsurerId::new(1)), None)
    );
    assert_eq!(insurers.get(InsurerId::new(1)).name.as_deref(), Some("Второй; \"Бета\""));
    assert_eq!(insurers.get(InsurerId::new(0)).works, WorkingPeriod { from: day("2010-01-01"), to: day("2020-07-01") });
    assert_eq!(insurers.get(InsurerId::new(1)).works.to, Date::NEVER);
    assert_eq!(insurers.succession().read_on(OrganisationId::new(0), day("2020-07-01")), OrganisationId::new(1));
}

#[test]
fn clinics_have_the_tariffs_factors_in_its_order() {
    let text = "clinic;attachable;ages;rural;level;works_from\n\
        990002;0;adults;;;2010-01-01\n\
        990001;1;children;1.04;0.95;2010-01-01\n";
    let clinics = Clinics::read("c.csv", text.as_bytes(), &["level".to_owned(), "rural".to_owned()]).expect("table");
    assert_eq!(clinics.get(ClinicId::new(0)).factors, [decimal("0.95"), decimal("1.04")]);
    assert_eq!((clinics.get(ClinicId::new(0)).attachable, clinics.get(ClinicId::new(0)).ages), (true, AgesServed::Children));
    assert_eq!(clinics.get(ClinicId::new(1)).factors, [Decimal::ONE, Decimal::ONE]);
    assert_eq!(clinics.find(b"990002"), Some(ClinicId::new(1)));
}

#[test]
fn a_table_has_at_most_as_many_rows_as_indexes() {
    let rows = |count: u32| {
        let row = |number| InsurerRow {
            place: ReferencePlace::from(u64::from(number) + 2),
            code: format!("{number:05}"),
            region: None,
            name: None,
            works_from: day("2010-01-01"),
            first_day: FirstDay::OfWork,
            works_to: None,
            successor: None,
        };
        (0..count).map(row).collect::<Vec<_>>()
    };
    let full = Insurers::from_rows("i.csv", rows(65_534)).expect("table");
    assert_eq!(full.find(b"65533"), Some(InsurerId::new(65_533)));
    let error = Insurers::from_rows("i.csv", rows(65_535)).expect_err("one too many");
    assert_eq!(error.to_string(), "i.csv:65536: more than 65534 rows; split the job by region");
}

#[test]
fn each_fault_of_a_table_of_insurers_names_its_line() {
    let header = "insurer;works_from;works_to;successor\n";
    let good = "99001;2010-01-01;;\n";
    for (text, message) in [
        (
            "insurer;works_from;inn\n99001;2010-01-01;1\n".to_owned(),
            "i.csv:1: unknown column `inn`; expected `insurer`, `works_from`, `region`, `name`, `works_to`, `successor`",
        ),
        ("insurer;name\n99001;x\n".to_owned(), "i.csv:1: column `works_from` is missing; add it to the header"),
        ("insurer;works_from;insurer\n".to_owned(), "i.csv:1: column `insurer` stands twice in the header; keep one"),
        (header.to_owned(), "i.csv:1: the table has no rows; add at least one"),
        (String::new(), "i.csv:1: column `insurer` is missing; add it to the header"),
        (
            format!("{header}{good}99002;2010-01-01\n"),
            "i.csv:3: not readable as CSV (2 fields instead of 4); expected UTF-8 with `;` between the fields and the header's \
             number of fields in every row",
        ),
        (format!("{header}{good}; 2010-01-01;;\n"), "i.csv:3: `insurer` is empty; fill it in"),
        (format!("{header}9901;2010-01-01;;\n"), "i.csv:2: `insurer` is `9901`; a code has 5 digits, leading zeros included"),
        (
            format!("{header}99001;01.01.2010;;\n"),
            "i.csv:2: `works_from`: `01.01.2010` is not a calendar date of the form YYYY-MM-DD",
        ),
        (
            format!("{header}99001;2010-01-01;2010-02-30;\n"),
            "i.csv:2: `works_to`: `2010-02-30` is not a calendar date of the form YYYY-MM-DD",
        ),
        (format!("{header}99001;;;\n"), "i.csv:2: `works_from` is empty; fill it in"),
        (
            format!("{header}99001;2010-01-01;2010-01-01;\n"),
            "i.csv:2: `works_to` is not after `works_from`; it is the first day after, and must be later",
        ),
        (
            format!("{header}{good}99002;2010-01-01;;\n{good}"),
            "i.csv:4: code 99001 stands already in line 2; keep one of the two rows",
        ),
        (
            format!("{header}99001;2010-01-01;2020-01-01;99009\n"),
            "i.csv:2: successor 99009 of 99001 is not in the table; add its row",
        ),
        (
            format!("{header}{good}99002;2010-01-01;;99001\n"),
            "i.csv:3: 99002 has a successor but no `works_to`; the successor takes over on that day, so fill it in",
        ),
        (
            format!("{header}99002;2010-01-01;2020-01-01;99001\n99001;2010-01-01;2021-01-01;99002\n"),
            "i.csv:3: the successors of 99001 lead back to it (99001 → 99002 → 99001); break the circle",
        ),
    ] {
        let error = Insurers::read("i.csv", text.as_bytes()).expect_err(&text);
        assert_eq!(error.to_string(), message, "{text}");
    }
    let error = Insurers::read("i.csv", b"insurer;works_from;name\n99001;2010-01-01;\xCF\n").expect_err("not UTF-8");
    assert!(error.to_string().starts_with("i.csv:2: not readable as CSV (a byte sequence is not UTF-8);"), "{error}");
}

#[test]
fn each_fault_of_a_table_of_clinics_names_its_line() {
    let header = "clinic;attachable;ages;works_from;level;rural\n";
    for (text, message) in [
        ("clinic;attachable;ages;works_from;level\n".to_owned(), "c.csv:1: column `rural` is missing; add it to the header"),
        (
            format!("{}\n990001;1;all;2010-01-01;1;1;1\n", "clinic;attachable;ages;works_from;level;rural;pay"),
            "c.csv:1: unknown column `pay`; expected `clinic`, `attachable`, `ages`, `works_from`, `level`, `rural`, `oid`, `region`, \
             `name`, `works_to`, `successor`, `head`",
        ),
        (
            format!("{header}99001;1;all;2010-01-01;1;1\n"),
            "c.csv:2: `clinic` is `99001`; a code has 6 digits, leading zeros included",
        ),
        (format!("{header}990001;yes;all;2010-01-01;1;1\n"), "c.csv:2: `attachable` is `yes`; expected 1 or 0"),
        (format!("{header}990001;1;0-17;2010-01-01;1;1\n"), "c.csv:2: `ages` is `0-17`; expected all, children or adults"),
        (format!("{header}990001;1;all;2010-01-01;1;\n"), "c.csv:2: `rural` is empty; fill it in"),
        (
            format!("{header}990001;1;all;2010-01-01;1,04;1\n"),
            "c.csv:2: `level` is `1,04`; expected digits with at most one full stop, such as \"1.25\"",
        ),
        (
            format!("{header}990001;1;all;2010-01-01;1.0000000000000000000000000001;1\n"),
            "c.csv:2: `level` has more than 28 digits; round it",
        ),
        (
            format!("{header}990001;1;all;2010-01-01;-1;1\n"),
            "c.csv:2: `level` is -1; expected a factor from 0 to 100, the product of a clinic's factors included",
        ),
        (
            format!("{header}990001;1;all;2010-01-01;11;95\n"),
            "c.csv:2: `rural` is 95; expected a factor from 0 to 100, the product of a clinic's factors included",
        ),
    ] {
        let error = Clinics::read("c.csv", text.as_bytes(), &["level".to_owned(), "rural".to_owned()]).expect_err(&text);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn lines_are_counted_with_all_line_ends() {
    for (text, line) in [
        ("insurer;works_from\r\n99001;2010-01-01\r\n9;2010-01-01\r\n", 3),
        ("insurer;works_from\n\n\r\n99001;2010-01-01\n\n9;2010-01-01", 6),
        ("insurer;works_from;name\n99001;2010-01-01;\"two\nlines\"\n9;2010-01-01;\n", 4),
        ("insurer;works_from\r\n99001;2010-01-01\r\n\r\n99002;2010-01-01;9\r\n", 4),
    ] {
        let error = Insurers::read("i.csv", text.as_bytes()).expect_err(text);
        assert_eq!(error.place, ReferencePlace::Line(line), "{text}: {error}");
    }
}

const BANDS: &str = "\n[[bands]]\nsex = \"both\"\nfrom = 0\ncoefficient = 1\n";

fn tariff(text: &str) -> Result<Tariff, ReferenceError> {
    TariffFile::parse("t.toml", text)?.tariff(day("2026-11-01"), &Clinics::none(), &TariffTables::new())
}

#[test]
fn a_tariff_is_read_as_it_is_in_force_on_the_day() {
    let text = r#"
factors = ["level", "rural"]
correction = "0.987654"
[[base_norm]]
per_month = "250.00"
valid_to = 2026-11-01
[[base_norm]]
per_year = "3600.06"
valid_from = "2026-11-01"
[[bands]]
sex = 2
from = 55
coefficient = "1.6"
[[bands]]
sex = 2
from = 0
to = 54
coefficient = "0.9"
[[bands]]
sex = 1
from = 1
coefficient = 1
[[bands]]
sex = 1
from = 0
to = 0
coefficient = "2.5"
[[bands]]
sex = "both"
from = 0
coefficient = 1
valid_to = 2026-01-01
"#;
    let tariff = tariff(text).expect("tariff");
    let care = &tariff.cares[0];
    assert_eq!(care.base, BaseNorm::Year(decimal("3600.06")));
    assert_eq!(care.correction, Correction::Given(decimal("0.987654")));
    assert_eq!(tariff.factor_columns, ["level", "rural"]);
    let bands: Vec<_> =
        tariff.bands_of(care).bands.iter().map(|band| (band.sex, band.label.as_str(), band.coefficient.to_string())).collect();
    let expected = [(Sex::Male, "0", "2.5"), (Sex::Male, "1+", "1"), (Sex::Female, "0-54", "0.9"), (Sex::Female, "55+", "1.6")];
    assert_eq!(bands, expected.map(|(sex, label, k)| (sex, label, k.to_owned())));
}

#[test]
fn a_band_includes_its_last_full_year() {
    let band = |sex, from, to| AgeSexBand::new(sex, from, to, Decimal::ONE);
    let bands = vec![
        band(Sex::Male, 0, Some(17)),
        band(Sex::Male, 18, Some(59)),
        band(Sex::Male, 60, None),
        band(Sex::Female, 0, Some(54)),
        band(Sex::Female, 55, None),
    ];
    let set = BandSet::new("set", bands).expect("bands");
    let cells = AgeCells::new(std::slice::from_ref(&set));
    for (sex, age, label) in [
        (Sex::Male, -1, "0-17"),
        (Sex::Male, 17, "0-17"),
        (Sex::Male, 18, "18-59"),
        (Sex::Male, 59, "18-59"),
        (Sex::Male, 60, "60+"),
        (Sex::Male, 126, "60+"),
        (Sex::Male, 5000, "60+"),
        (Sex::Female, 54, "0-54"),
        (Sex::Female, 55, "55+"),
    ] {
        let found = set.band(cells.band(BandSetId::FIRST, cells.cell(sex, age)));
        assert_eq!((found.sex, found.label.as_str()), (sex, label), "{sex} of {age}");
    }
}

/// A base norm that is right.
const NORM: &str = "[[base_norm]]\nper_month = \"300\"\n";

#[track_caller]
fn assert_fault(text: &str, message: &str) {
    let error = tariff(text).expect_err(text);
    assert_eq!(error.to_string(), message, "{text}");
}

#[test]
fn each_fault_of_a_base_norm_names_its_line() {
    for (text, message) in [
        (
            format!("[[base_norm]]\nper_month = 300.5\n{BANDS}"),
            "t.toml:2: `per_month` = 300.5 is a floating-point number; write it in quotes, so that it stays exact",
        ),
        (
            format!("[[base_norm]]\nper_month = \"300,5\"\n{BANDS}"),
            "t.toml:2: `per_month` is `300,5`; expected digits with at most one full stop, such as \"1.25\"",
        ),
        (
            format!("[[base_norm]]\nper_month = 0\n{BANDS}"),
            "t.toml:2: `per_month` is 0; expected a number above 0, up to 1000000",
        ),
        (
            format!("[[base_norm]]\nper_month = \"1.0000000000000000000000000001\"\n{BANDS}"),
            "t.toml:2: `per_month` has more than 28 digits; round it",
        ),
        (
            format!("[[base_norm]]\nper_month = 1\nper_year = 12\n{BANDS}"),
            "t.toml:1: give either `per_month` or `per_year`, and only one of them",
        ),
        (
            format!("[[base_norm]]\nper_day = 1\n{BANDS}"),
            "t.toml:2: unknown field `per_day` (is `per_year` meant?), expected one of `per_month`, `per_year`, `valid_from`, `valid_to`",
        ),
        (
            format!("{NORM}factors = [\"level\"]\n{BANDS}"),
            "t.toml:3: unknown field `factors`, expected one of `per_month`, `per_year`, `valid_from`, `valid_to`; this key stands above the first [[...]]",
        ),
        (
            BANDS.to_owned(),
            "t.toml:1: no base norm is in force on 2026-11-01; add a [[base_norm]] whose `valid_from` and `valid_to` cover it",
        ),
        (
            format!("{NORM}valid_to = 2026-11-01\n{BANDS}"),
            "t.toml:1: no base norm is in force on 2026-11-01; add a [[base_norm]] whose `valid_from` and `valid_to` cover it",
        ),
        (
            format!("{NORM}{NORM}{BANDS}"),
            "t.toml:3: this base norm and that of line 1 are both in force on 2026-11-01; end one with `valid_to`",
        ),
        (format!("{NORM}valid_from = 2026-13-01\n{BANDS}"), "t.toml:3: invalid date, expected month between 01 and 12"),
        (
            format!("{NORM}valid_from = \"01.11.2026\"\n{BANDS}"),
            "t.toml:3: `valid_from`: `01.11.2026` is not a calendar date of the form YYYY-MM-DD",
        ),
        (
            format!("{NORM}valid_from = 2026-11-01\nvalid_to = 2026-11-01\n{BANDS}"),
            "t.toml:4: `valid_to` is not after `valid_from`; it is the first day after, and must be later",
        ),
    ] {
        assert_fault(&text, message);
    }
}

#[test]
fn each_fault_of_a_factor_or_correction_names_its_line() {
    for (text, message) in [
        (
            format!("factors = [\"ages\"]\n{NORM}{BANDS}"),
            "t.toml:1: `ages` cannot be a factor's name: it is a column of the clinics' table already; choose another",
        ),
        (
            format!("factors = [\"a\",\n\"a\"]\n{NORM}{BANDS}"),
            "t.toml:2: `a` cannot be a factor's name: it stands twice in the list; choose another",
        ),
        (
            format!("factors = [\" \"]\n{NORM}{BANDS}"),
            "t.toml:1: ` ` cannot be a factor's name: it is empty or has blanks around it; choose another",
        ),
        (
            format!("correction = \"nothing\"\n{NORM}{BANDS}"),
            "t.toml:1: `correction` is `nothing`; expected digits with at most one full stop, such as \"1.25\"",
        ),
        (format!("correction = \"0.00\"\n{NORM}{BANDS}"), "t.toml:1: `correction` is 0.00; expected a number above 0, up to 100"),
        ("factors = [\n".to_owned(), "t.toml:1: unclosed array, expected `]`"),
    ] {
        assert_fault(&text, message);
    }
}

#[test]
fn each_fault_of_a_band_names_its_line() {
    let band = |sex: &str, from: &str, to: &str| format!("[[bands]]\nsex = {sex}\nfrom = {from}\n{to}coefficient = 1\n");
    for (text, message) in [
        (
            NORM.to_owned(),
            "t.toml:1: no band for male is in force on the count date; bands must cover every age from 0 of both sexes",
        ),
        (
            format!("{NORM}{}", band("1", "0", "")),
            "t.toml:1: no band for female is in force on the count date; bands must cover every age from 0 of both sexes",
        ),
        (format!("{NORM}{}", band("3", "0", "")), "t.toml:4: `sex` is `3`; expected 1, 2 or \"both\""),
        (format!("{NORM}{}", band("\"both\"", "5", "to = 4\n")), "t.toml:6: `to` is 4; expected full years from 5 to 199"),
        (format!("{NORM}{}", band("\"both\"", "200", "")), "t.toml:5: `from` is 200; expected full years from 0 to 199"),
        (
            format!("{NORM}{}", band("\"both\"", "1", "")),
            "t.toml:3: nothing covers male below 1; the first band must begin with `from = 0`",
        ),
        (
            format!("{NORM}{}", band("\"both\"", "0", "to = 99\n")),
            "t.toml:3: nothing covers male above 99; leave `to` out of the last band",
        ),
        (
            format!("{NORM}{}{}", band("\"both\"", "0", "to = 18\n"), band("\"both\"", "18", "")),
            "t.toml:8: this band (18+, male) overlaps the band 0-18 of line 3; `to` is the last full year of a band",
        ),
        (
            format!("{NORM}{BANDS}{}", band("2", "5", "to = 6\n")),
            "t.toml:8: this band (5-6, female) overlaps the band 0+ of line 4; `to` is the last full year of a band",
        ),
        (
            format!("{NORM}{}{}", band("\"both\"", "18", ""), band("\"both\"", "0", "to = 16\n")),
            "t.toml:3: nothing covers male of 17 between the band 0-16 of line 7 and this one (18+); close the gap",
        ),
        (
            format!("{NORM}[[bands]]\nsex = 1\nfrom = 0\ncoefficient = 1.5\n"),
            "t.toml:6: `coefficient` = 1.5 is a floating-point number; write it in quotes, so that it stays exact",
        ),
        (
            format!("{NORM}[[bands]]\nsex = 1\nfrom = 0\ncoefficient = -1\n"),
            "t.toml:6: `coefficient` is -1; expected a number from 0 to 100",
        ),
        (
            format!("{NORM}[[bands]]\nsex = 1\nfrom = -1\ncoefficient = 1\n"),
            "t.toml:5: invalid value: integer `-1`, expected u16",
        ),
        (format!("{NORM}[[bands]]\nfrom = 0\ncoefficient = 1\n"), "t.toml:3: missing field `sex`"),
    ] {
        assert_fault(&text, message);
    }
}

/// A tariff of two cares with every table.
const CARES: &str = r#"
count_days = ["first_of_month", "first_of_next_month", 2026-10-15, { from = "2026-08", to = "2026-10" }]
[[band_sets]]
name = "contract"
bands = [{ sex = "both", from = 0, to = 17 }, { sex = "both", from = 18 }]
[[care]]
name = "ambulatory"
factors = ["level"]
heads = ["as_of", "first_of_next_month"]
mean_heads = "half_up"
mean_heads_by = "clinic"
composition = "2026-10-01"
groups = "groups.csv"
factor_table = "factors.csv"
k_table = "k.csv"
correction = [{ value = "0.97", valid_to = 2026-11-01 }, { value = "0.98", valid_from = 2026-11-01 }]
base_money = { table = "money.csv", divide_by = ["level", "remote"], period_months = 6 }
bands = [{ sex = "both", from = 0, coefficient = "1" }]
floors = [{ factor = "remote", least = "1.04" }, { bands_from = 65, least = "1.6" }]
rounding = { month_base = "exact", norm_period = "year_then_month", k = { decimals = 4 }, month_norm = { decimals = 3, mode = "up" }, amount_by = "band" }
[[care]]
name = "ambulance"
profile = 4
stations = "stations.csv"
band_set = "contract"
rates = "rates.csv"
correction = "none"
"#;

fn cares_clinics() -> Clinics {
    let text = "clinic;attachable;ages;works_from;level\n990001;1;all;2011-01-01;1.05\n990002;1;all;2011-01-01;1\n";
    Clinics::read("c.csv", text.as_bytes(), &["level".to_owned()]).expect("clinics")
}

/// The tables of [`CARES`], with one of them replaced.
fn cares_tables(name: &str, text: &str) -> TariffTables {
    let tables = [
        ("groups.csv", "clinic;group;valid_from;valid_to\n990001;I;;\n990002;II;2026-11-01;\n990002;I;;2026-11-01\n"),
        ("factors.csv", "clinic;group;factor;value;share\n990001;;remote;1.113;0.25\n;II;remote;1.04;\n"),
        ("k.csv", "clinic;group;k\n;I;0.36\n990002;;1.0098\n"),
        ("money.csv", "line;sum;inside;care\nall;1000.50;1;\nurgent;100.25;0;ambulatory\nother;7;1;ambulance\n"),
        ("stations.csv", "clinic;station;valid_from\n990001;990002;2026-11-15\n990002;990002;\n"),
        ("rates.csv", "clinic;group;sex;from;to;rate\n990002;;both;0;17;10.5\n990002;;1;18;;7\n990002;;2;18;;8\n"),
    ];
    let table = |(path, written): (&str, &str)| {
        let text = if path == name { text } else { written };
        (path.to_owned(), TariffTable { name: path.to_owned(), bytes: text.as_bytes().to_vec() })
    };
    tables.into_iter().map(table).collect()
}

fn read_cares(text: &str, tables: &TariffTables) -> Result<Tariff, ReferenceError> {
    TariffFile::parse("t.toml", text)?.tariff(day("2026-11-01"), &cares_clinics(), tables)
}

#[test]
fn a_tariff_of_several_cares_is_read_with_its_tables() {
    let file = TariffFile::parse("t.toml", CARES).expect("tariff");
    let mut paths: Vec<String> = file.tables().into_iter().map(|table| table.path).collect();
    paths.sort();
    assert_eq!(paths, ["factors.csv", "groups.csv", "k.csv", "money.csv", "rates.csv", "stations.csv"]);
    let tariff = read_cares(CARES, &cares_tables("", "")).expect("tariff");
    let days: Vec<String> = tariff.days.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-11-01", "2026-12-01", "2026-10-01", "2026-10-15", "2026-08-01", "2026-09-01"]);
    assert_eq!(tariff.band_sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>(), ["contract", "ambulatory"]);
    let [ambulatory, ambulance] = tariff.cares.as_slice() else { panic!("two cares") };
    assert_eq!((ambulatory.heads.len(), ambulatory.composition.len(), ambulatory.head_mean), (2, 1, HeadMean::WholeByClinic));
    let (first, second) = (ClinicId::new(0), ClinicId::new(1));
    assert_eq!(ambulatory.groups.names, ["I", "II"]);
    assert_eq!(ambulatory.groups.of_clinics.get(&second), Some(&GroupId::new(1)));
    assert_eq!(ambulatory.given_k.of_clinics.get(&second), Some(&decimal("1.0098")));
    assert_eq!(ambulatory.given_k.of_groups.get(&GroupId::new(0)), Some(&decimal("0.36")));
    let remote = &ambulatory.factor_tables[0];
    assert_eq!(remote.of_clinics.get(&first), Some(&FactorValue { value: decimal("1.113"), share: Some(decimal("0.25")) }));
    assert_eq!(remote.of_groups.get(&GroupId::new(1)), Some(&FactorValue { value: decimal("1.04"), share: None }));
    assert_eq!(ambulatory.correction, Correction::Given(decimal("0.98")));
    let money = MoneyBase { sum: decimal("900.25"), months: 6, divide_by: vec![0, 1] };
    assert_eq!(ambulatory.base, BaseNorm::Money(money));
    assert_eq!(ambulatory.rounding.month_norm, Rounding::To { decimals: 3, mode: RoundingMode::Up });
    assert_eq!((ambulatory.rounding.amount_by, ambulatory.floors.len()), (AmountBy::Band, 2));
    let HeadSource::Stations(stations) = &ambulance.source else { panic!("stations") };
    assert_eq!(stations.by_day[&DayId::AS_OF].iter().collect::<Vec<_>>(), [(&second, &second)], "the first begins later");
    assert_eq!(ambulance.rates.as_ref().expect("rates").of_clinics[&second], ["10.5", "7", "10.5", "8"].map(decimal));
}

#[test]
fn each_fault_of_a_table_of_a_tariff_names_its_line() {
    for (table, text, message) in [
        ("groups.csv", "clinic;group\n990001;I\n990009;I\n", "groups.csv:3: code 990009 is not in the table of clinics"),
        ("groups.csv", "clinic;group\n990001;I\n990001;II\n", "groups.csv:3: this entry and that of line 2 are both in force"),
        (
            "groups.csv",
            "clinic;group;valid_from;valid_to\n990001;I;2026-02-01;2026-01-01\n",
            "groups.csv:2: `valid_to` is not after",
        ),
        ("factors.csv", "clinic;group;factor;value\n990001;II;remote;1\n", "factors.csv:2: give either `clinic` or `group`"),
        ("factors.csv", "clinic;factor;value\n990001;level;1\n", "factors.csv:2: `level` cannot be a factor's name"),
        (
            "factors.csv",
            "clinic;factor;value;share\n990001;remote;1;1.5\n",
            "factors.csv:2: `share` is 1.5; expected a number from 0",
        ),
        (
            "factors.csv",
            "clinic;factor;value\n990001;a;100\n990001;b;100\n990001;c;100\n990001;d;9.6\n",
            "factors.csv:5: `value` is 9.6; expected factors whose product is at most 10000000",
        ),
        ("factors.csv", "group;factor;value\nIII;remote;1\n", "factors.csv:2: `group` is `III`"),
        ("k.csv", "clinic;k\n", "k.csv:1: the table has no rows; add at least one"),
        ("k.csv", "clinic;k\n990001;1,5\n", "k.csv:2: `k` is `1,5`; expected digits"),
        ("k.csv", "clinic;k\n990001;1\n990001;1\n", "k.csv:3: this entry and that of line 2"),
        ("money.csv", "line;sum;inside\nall;1;2\n", "money.csv:2: `inside` is `2`"),
        ("money.csv", "line;sum;inside\nall;1;0\n", "money.csv:1: `sum` is -1"),
        ("stations.csv", "clinic;station\n990001;990009\n", "stations.csv:2: code 990009"),
        ("rates.csv", "clinic;sex;from;to;rate\n990002;both;0;16;1\n", "rates.csv:2: `from` is `0`"),
        (
            "rates.csv",
            "clinic;sex;from;to;rate\n990002;both;0;17;1\n",
            "rates.csv:2: the clinic or group of this row has no rate for male of 18+",
        ),
        ("rates.csv", "clinic;sex;from;to;rate\n990002;3;0;17;1\n", "rates.csv:2: `sex` is `3`"),
    ] {
        let error = read_cares(CARES, &cares_tables(table, text)).expect_err(text).to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

#[test]
fn rates_stand_beside_no_correction() {
    let text = CARES.replace("correction = \"none\"\n", "");
    let error = read_cares(&text, &cares_tables("", "")).expect_err("a correction").to_string();
    assert!(error.ends_with("rates in roubles replace norms, so `correction` must be \"none\" beside them"), "{error}");
}

#[test]
fn each_fault_of_a_care_names_its_line() {
    let care = |keys: &str| {
        format!(
            "[[care]]\nname = \"a\"\n{keys}\n[[care.base_norm]]\nper_month = 1\n[[care.bands]]\nsex = \"both\"\nfrom = 0\ncoefficient = 1\n"
        )
    };
    for (text, message) in [
        (
            format!("correction = 1\n{}", care("")),
            "t.toml:1: this key at the top belongs to the only care of a tariff, and line 2",
        ),
        (format!("{}{}", care(""), care("")), "t.toml:11: the name `a` stands in line 1 already"),
        (care("profile = 9"), "t.toml:3: `profile` is `9`"),
        (care("heads = \"tomorrow\""), "t.toml:3: `heads` is `tomorrow`"),
        (care("mean_heads = \"up\""), "t.toml:3: `mean_heads` is `up`"),
        (care("band_set = \"x\""), "t.toml:3: give either `band_set` or `bands`"),
        (care("correction = [{ value = 1, valid_to = 2020-01-01 }]"), "t.toml:3: no entry of `correction` is in force"),
        (care("floors = [{ factor = \"x\", least = 1 }]"), "t.toml:3: `factor` is `x`"),
        (care("rounding = { k = { decimals = 19 } }"), "t.toml:3: `k` is"),
        (care("rounding = { amount_by = \"head\" }"), "t.toml:3: `amount_by` is `head`"),
        ("[[care]]\nprofile = 1\n".to_owned(), "t.toml:1: `name` is empty"),
        ("[[care]]\nname = \"a b\"\n".to_owned(), "t.toml:2: `name` is `a b`"),
        (format!("count_days = [\"x\"]\n{}", care("")), "t.toml:1: `count_days` is `x`"),
    ] {
        let error = read_cares(&text, &TariffTables::new()).expect_err(&text).to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}
