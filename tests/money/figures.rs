//! Figures of published agreements through `sverka tariff check`.

use super::checked::{Checked, figure_table};
use crate::commands::sverka;

#[test]
fn years_become_months_4_of_4() {
    let table = figure_table("year_to_month_norms.csv");
    let arguments =
        ["--base-per-year", "norm_year_rub", "--coefficients", "none", "--norm-per-month", "published_norm_month_rub"];
    let checked = Checked::run(&[&[table.as_str()], &arguments[..]].concat());
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "4 of 4"));
}

#[test]
fn krasnodar_makes_a_clinic_s_norm_from_the_rounded_month() {
    let table = figure_table("year_to_month_norms.csv");
    let arguments = ["--base-per-year", "norm_year_rub", "--norm-per-month", "published_clinic_norm_month_rub"];
    let checked = Checked::run(&[&[table.as_str()], &arguments[..]].concat());
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "1 of 1"));
    // 67.86 × 1.0984 = 74.54, and from the month that is printed as well.
    let arguments = ["--base-per-month", "published_norm_month_rub", "--norm-per-month", "published_clinic_norm_month_rub"];
    let checked = Checked::run(&[&[table.as_str()], &arguments[..]].concat());
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "1 of 1"));
}

#[test]
fn one_base_gives_the_norms_of_eight_groups() {
    let table = figure_table("garant_72651576_group_norms.csv");
    let checked = Checked::run(&[&table, "--base-per-month", "106.36"]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "8 of 8"));
    // A kopeck further on the base gives two of them.
    for base in ["106.35", "106.37"] {
        assert_eq!(Checked::run(&[&table, "--base-per-month", base]).code, 1, "{base}");
    }
}

#[test]
fn the_base_of_eight_groups_is_found_where_none_is_given() {
    let checked = Checked::run(&[&figure_table("garant_72651576_group_norms.csv")]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "8 of 8"));
    assert_eq!(
        checked.fitting_all(),
        [
            "month's norm half up to kopecks, from a base of a month that was not rounded: any from 106.3584 to 106.3607",
            "month's norm up to kopecks, from a base of a month that was not rounded: any from 106.3526 to 106.3544"
        ]
    );
}

#[test]
fn kurgan_rounds_the_year_then_its_twelfth() {
    let table = figure_table("kurgan_smp_groups.csv");
    let base = ["--base-per-year", "901.8344"];
    let checked = Checked::run(&[&[table.as_str()], &base[..], &["--norm-period", "year_then_month"]].concat());
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "2 of 2"));
    // The tariff says the same.
    let folder = tempfile::tempdir().expect("a folder");
    let tariff = folder.path().join("tariff.toml");
    let text =
        "correction = \"none\"\nrounding = { norm_period = \"year_then_month\" }\n[[base_norm]]\nper_year = \"901.8344\"\n";
    std::fs::write(&tariff, text).expect("a tariff");
    let checked = Checked::run(&[&tariff.display().to_string(), &table]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "2 of 2"));
}

#[test]
fn perm_s_13_stations_are_rounded_up_or_have_an_unrounded_base_and_nothing_else() {
    let table = figure_table("perm_stations_2023.csv");
    let checked = Checked::run(&[&table]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (1, "6 of 13"));
    assert_eq!(
        checked.fitting_all(),
        [
            "month's norm up to kopecks",
            "month's norm half up to kopecks, from a base of a month that was not rounded: any from 78.62426 to 78.62461"
        ]
    );
    let differing = checked.differing();
    assert_eq!(differing.len(), 7);
    assert!(differing.iter().all(|row| row.ends_with(", -1")), "one kopeck low: {differing:?}");
    assert_eq!(Checked::run(&[&table, "--rounding", "up"]).code, 0);
    for base in ["78.62426", "78.62461"] {
        assert_eq!(Checked::run(&[&table, "--base-per-month", base]).code, 0, "{base}");
    }
    for base in ["78.62425", "78.62462"] {
        assert_eq!(Checked::run(&[&table, "--base-per-month", base]).code, 1, "{base}");
    }
}

#[test]
fn perm_s_13_stations_in_words() {
    let ended = sverka(&["tariff", "check", &figure_table("perm_stations_2023.csv")]).exits_with(1);
    for line in [
        "6 of 13 rows agree by the own way",
        "  1      13 of 13  month's norm up to kopecks\n",
        "  2      13 of 13  month's norm half up to kopecks, from a base of a month that was not rounded: any from 78.62426 to 78.62461; half even gives the same\n",
        "6 of 13  month's norm half up to kopecks; half even gives the same (the own way)\n",
        "Ways 1, 2 fit all rows, and no other (",
        "  way 1 in a tariff: rounding = { month_norm = { decimals = 2, mode = \"up\" } }\n",
        "  way 2 in a tariff: rounding = { month_base = \"exact\" } and a base_norm per_year from 943.4912",
        "ПССМП",
    ] {
        assert!(ended.stdout.contains(line), "{line}\n{}", ended.stdout);
    }
}

#[test]
fn money_over_people_is_the_norm_of_a_year() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("table.csv");
    std::fs::write(&table, "group;norm_year\nall;14105.16\n").expect("a table");
    let table = table.display().to_string();
    let checked = Checked::run(&[&table, "--base-per-year", "16 549 742 000.00/1173311"]);
    assert_eq!((checked.code, checked.agreeing().as_str()), (0, "1 of 1"));
}
