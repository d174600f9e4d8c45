//! Feldsher points of rural clinics, and the roubles that each gets in the month of the as-of date.

use std::fmt::Write as _;

use super::Clinics;

/// A kind of point. Empty texts are empty fields.
struct PointKind {
    residents: u32,
    posts_filled: &'static str,
    /// Sum of a year in kopecks.
    year_kopecks: u64,
    /// Whether the sum stands in the row instead of the class.
    is_own_sum: bool,
    region: &'static str,
    access: &'static str,
    /// Product of the coefficients in thousandths.
    coefficients: u64,
    /// Coefficient of staffing in hundredths, as agreements print it.
    staff: u64,
    term: PointTerm,
}

/// Whether a point is paid for in the month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PointTerm {
    Paid,
    LicenceLost,
    OpensLater,
}

const CLASS_SUMS: [u64; 3] = [95_720_000, 151_640_000, 170_280_000];

/// A point with the sum of its class and all posts filled.
const WHOLE: PointKind = PointKind {
    residents: 900,
    posts_filled: "3",
    year_kopecks: CLASS_SUMS[1],
    is_own_sum: false,
    region: "",
    access: "",
    coefficients: 1000,
    staff: 100,
    term: PointTerm::Paid,
};

/// Kinds of points, in turns. A quarter of a post is missing at each of the first three.
const KINDS: [PointKind; 8] = [
    PointKind { residents: 500, posts_filled: "1.25", year_kopecks: CLASS_SUMS[0], staff: 90, ..WHOLE },
    PointKind { residents: 1200, posts_filled: "2.75", staff: 94, ..WHOLE },
    PointKind { residents: 2000, posts_filled: "3.25", year_kopecks: CLASS_SUMS[2], staff: 95, ..WHOLE },
    WHOLE,
    PointKind { residents: 500, posts_filled: "1.5", year_kopecks: CLASS_SUMS[0], region: "1.113", coefficients: 1113, ..WHOLE },
    PointKind { term: PointTerm::LicenceLost, ..WHOLE },
    PointKind {
        residents: 90,
        posts_filled: "",
        year_kopecks: 48_000_000,
        is_own_sum: true,
        access: "1.15",
        coefficients: 1150,
        ..WHOLE
    },
    PointKind { term: PointTerm::OpensLater, ..WHOLE },
];

/// Points of each rural clinic.
const POINTS_OF_CLINIC: usize = 3;

/// Classes of points for the tariff.
pub(super) const CLASSES: &str = r#"
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
"#;

/// A point: its number, clinic and kind.
fn points(clinics: &Clinics<'_>) -> impl Iterator<Item = (usize, u32, &'static PointKind)> {
    let rural = clinics.facts().filter(|clinic| clinic.is_rural);
    let codes = rural.flat_map(|clinic| std::iter::repeat_n(clinic.code, POINTS_OF_CLINIC));
    codes.enumerate().map(|(index, code)| (index + 1, code, &KINDS[index % KINDS.len()]))
}

/// The table of points.
pub(super) fn table(clinics: &Clinics<'_>) -> String {
    let mut out =
        "point;clinic;name;residents;counted_on;posts_filled;licensed_from;licensed_to;open_from;year_norm;region;access\n"
            .to_owned();
    let day = clinics.first_of_month;
    for (number, clinic, kind) in points(clinics) {
        let licensed_to = if kind.term == PointTerm::LicenceLost { day.to_string() } else { String::new() };
        let opens = sverka_model::Date::from_days(day.days() + 14);
        let open_from = if kind.term == PointTerm::OpensLater { opens.to_string() } else { String::new() };
        let own_sum = if kind.is_own_sum { roubles(kind.year_kopecks) } else { String::new() };
        let _ = writeln!(
            out,
            "{number};{clinic};ФАП № {number};{};{};{};2015-01-01;{licensed_to};{open_from};{own_sum};{};{}",
            kind.residents,
            clinics.first_of_year(),
            kind.posts_filled,
            kind.region,
            kind.access
        );
    }
    out
}

/// Money of each point for the month.
pub(super) fn truth(clinics: &Clinics<'_>) -> String {
    let mut out = "point;clinic;amount\n".to_owned();
    for (number, clinic, kind) in points(clinics) {
        let _ = writeln!(out, "{number};{clinic};{}", roubles(month_kopecks(kind)));
    }
    out
}

/// Kopecks of a month, half up.
fn month_kopecks(kind: &PointKind) -> u64 {
    if kind.term != PointTerm::Paid {
        return 0;
    }
    let (product, whole) = (kind.year_kopecks * kind.coefficients * kind.staff, 12 * 1000 * 100);
    (2 * product + whole) / (2 * whole)
}

/// Kopecks as roubles with two decimals.
pub(super) fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_computed_by_hand() {
        let months: Vec<String> = KINDS.iter().map(|kind| roubles(month_kopecks(kind))).collect();
        let expected = ["71790.00", "118784.67", "134805.00", "126366.67", "88780.30", "0.00", "46000.00", "0.00"];
        assert_eq!(months, expected);
    }
}
