//! TOML files of tariffs.

use std::fmt::Write as _;

use super::points::CLASSES;
use super::{Ambulance, Clinics};

/// Tariff of ten bands. Those of 65 and older have 1.6, the least that federal programmes allow.
pub(super) fn simple() -> String {
    let mut out = r#"# Per-capita funding of outpatient care: invented figures of a usual size.

# Columns of the table of clinics whose product multiplies the norm.
factors = ["level", "rural"]
# The correction is computed so that the norms, weighted by heads, give the base norm again.
correction = "computed"

[[base_norm]]
per_month = "310.55"
"#
    .to_owned();
    out.push_str(&ten_bands("[[bands]]"));
    out
}

/// The ten bands, each below a heading.
fn ten_bands(heading: &str) -> String {
    let mut out = String::new();
    for (from, to, male, female) in [
        (0, Some(0), "2.15", "2.08"),
        (1, Some(4), "1.74", "1.69"),
        (5, Some(17), "1.11", "1.12"),
        (18, Some(64), "0.57", "0.89"),
        (65, None, "1.60", "1.60"),
    ] {
        for (sex, coefficient) in [(1, male), (2, female)] {
            let to: String = to.map(|age: u8| format!("to = {age}\n")).unwrap_or_default();
            let _ = write!(out, "\n{heading}\nsex = {sex}\nfrom = {from}\n{to}coefficient = \"{coefficient}\"\n");
        }
    }
    out
}

const TITLE: &str = r#"# Money of the region: invented figures of a usual size.

# Besides the as-of date.
count_days = ["first_of_next_month"]
"#;

const CONTRACT_BANDS: &str = r#"
# The bands of the annex to the contract of insurer and clinic; the fund pays insurers by their coefficients.
[[band_sets]]
name = "contract"
bands = [
    { sex = 1, from = 0, to = 4, coefficient = "1.82" },
    { sex = 1, from = 5, to = 17, coefficient = "1.11" },
    { sex = 1, from = 18, to = 59, coefficient = "0.57" },
    { sex = 1, from = 60, coefficient = "1.44" },
    { sex = 2, from = 0, to = 4, coefficient = "1.77" },
    { sex = 2, from = 5, to = 17, coefficient = "1.12" },
    { sex = 2, from = 18, to = 54, coefficient = "0.89" },
    { sex = 2, from = 55, coefficient = "1.51" },
]

# The ten bands of federal programmes.
[[band_sets]]
name = "ten"
"#;

const AMBULATORY: &str = r#"
# Outpatient care: the mean of two days in whole people, sums by band.
[[care]]
name = "ambulatory"
band_set = "ten"
heads = ["as_of", "first_of_next_month"]
mean_heads = "half_up"
composition = "as_of"
factors = ["level"]
factor_table = "factors.csv"
correction = "computed"
base_norm = [{ per_year = "3726.60" }]
floors = [{ bands_from = 65, least = "1.6" }, { factor = "small_places", least = "1.04" }]

[care.rounding]
k = { decimals = 4, mode = "half_up" }
factor = { decimals = 4, mode = "half_up" }
correction = { decimals = 4, mode = "half_even" }
amount_by = "band"

# Ambulance: groups of stations have one norm, which is rounded for the year first.
[[care]]
name = "ambulance"
"#;

const OTHER_CARES: &str = r#"band_set = "contract"
groups = "station_groups.csv"
k_table = "station_k.csv"
factor_table = "station_factors.csv"
base_norm = [{ per_year = "901.8344" }]
rounding = { norm_period = "year_then_month" }
"#;

const DENTAL_AND_GYNAECOLOGY: &str = r#"
# Dental care: rates in roubles by band.
[[care]]
name = "dental"
profile = 3
bands = [{ sex = "both", from = 0, to = 17, coefficient = "1" }, { sex = "both", from = 18, coefficient = "1" }]
rates = "dental_rates.csv"
correction = "none"
rounding = { amount_by = "band" }

# Gynaecology: the base is the money of the programme over women and the levels of their clinics; norms are rounded up.
[[care]]
name = "gynaecology"
profile = 2
factors = ["level", "rural"]
correction = "none"
base_money = { table = "money.csv", divide_by = ["level", "rural"] }
rounding = { month_base = "exact", month_norm = { decimals = 2, mode = "up" } }
bands = [
    { sex = 1, from = 0, coefficient = "0" },
    { sex = 2, from = 0, to = 17, coefficient = "0.35" },
    { sex = 2, from = 18, to = 49, coefficient = "1.20" },
    { sex = 2, from = 50, coefficient = "0.80" },
]

[points]
table = "points.csv"
"#;

const PAYMENTS: &str = r#"
[settlements]
table = "settlements.csv"
order = ["advance", "withheld"]
negative = "carry"

[insurers]
band_set = "contract"
heads = ["as_of", "first_of_next_month"]
correction = "computed"
running_costs = "0.01"
"#;

/// Tariff of four kinds of care with points, results, settlements and insurers.
pub(super) fn full(clinics: &Clinics<'_>, persons: u64, ambulance: Ambulance) -> String {
    let mut out = [TITLE, CONTRACT_BANDS].concat();
    out.push_str(ten_bands("[[band_sets.bands]]").trim_start());
    out.push_str(AMBULATORY);
    out.push_str(match ambulance {
        Ambulance::Stations => "stations = \"stations.csv\"\n",
        Ambulance::Attached => "profile = 4\n",
    });
    let (january, july) = (clinics.first_of_year(), clinics.first_of_year().months_later(6));
    let _ = writeln!(
        out,
        "correction = [\n    {{ value = \"0.98\", valid_from = {january}, valid_to = {july} }},\n    {{ value = \"0.97\", valid_from = {july} }},\n]"
    );
    out.push_str(OTHER_CARES);
    out.push_str(DENTAL_AND_GYNAECOLOGY);
    out.push_str(CLASSES);
    let _ = write!(
        out,
        "\n[results]\nindicators = \"indicators.csv\"\ntable = \"results.csv\"\nmonths = \"months.csv\"\npot = \"{}.00\"\n",
        persons * 30
    );
    out.push_str(PAYMENTS);
    let _ = writeln!(out, "money = \"{}.00\"", persons * 420);
    out
}
