//! Points, results, settlements and money for insurers in a tariff: the content of good files, and the errors of bad ones.

use super::*;

/// A tariff of one care with a named set of bands, 11 lines up to the parts under test.
const CARE: &str = "[[band_sets]]\nname = \"contract\"\n[[band_sets.bands]]\nsex = \"both\"\nfrom = 0\n\n\
    [[care]]\nname = \"ambulatory\"\nband_set = \"contract\"\n[[care.base_norm]]\nper_month = \"300\"\n";

const CLINICS: &str = "clinic;attachable;ages;works_from\n340001;1;all;2010-01-01\n340002;1;all;2010-01-01\n";

/// Two classes as the sources print them: a limit belongs to the class that begins with it.
const CLASSES: &str = "[[points.classes]]\nfrom = 100\nto = 900\nyear_sum = \"957200.00\"\nposts = \"1.5\"\ns = \"0.58\"\n\
    [[points.classes]]\nfrom = 900\nto = 1500\nyear_sum = \"1516400.00\"\nposts = \"3\"\ns = \"0.73\"\n";

const POINTS: &str = "[points]\ntable = \"points.csv\"\n";
const RESULTS: &str = "[results]\nindicators = \"indicators.csv\"\ntable = \"results.csv\"\npot = \"1000.00\"\n";
const INDICATORS: &str = "indicator;block;most_points;rule;better;target\n1;adults;2;reached;less;\n2;adults;1;share;;0.9\n";

fn tariff_with(text: &str, files: &[(&str, &str)]) -> Result<Tariff, ReferenceError> {
    let clinics = Clinics::read("clinics.csv", CLINICS.as_bytes(), &[]).expect("clinics");
    let table = |(name, text): &(&str, &str)| {
        ((*name).to_owned(), TariffTable { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() })
    };
    let tables: TariffTables = files.iter().map(table).collect();
    let file = TariffFile::parse("t.toml", &format!("{CARE}{text}"))?;
    let known = |path: &TablePath| tables.contains_key(&path.path);
    assert!(file.tables().iter().all(known), "{:?}", file.tables());
    file.tariff(day("2026-11-15"), &clinics, &tables)
}

#[track_caller]
fn assert_error(text: &str, files: &[(&str, &str)], message: &str) {
    let error = tariff_with(text, files).expect_err(message);
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_point_takes_the_figures_of_its_class_where_its_row_has_none() {
    let rows = "point;clinic;residents;posts;posts_filled;licensed_from;year_norm;access;valid_to\n\
        12;340002;899;;1.25;2020-01-01;;1.1;\n11;340001;900;2;;;;;\n13;340001;5000;;;;700000.00;;\n14;340001;100;;;;;;2026-11-15\n";
    let tariff = tariff_with(&format!("{POINTS}{CLASSES}"), &[("points.csv", rows)]).expect("tariff");
    let points = tariff.points.expect("points");
    assert_eq!(points.month, day("2026-11-01"));
    let figures = |point: &Point| {
        let number = |value: Option<Decimal>| value.map_or_else(|| "-".to_owned(), |value| value.normalize().to_string());
        let posts = (number(point.posts), number(point.posts_filled), number(Some(point.staff_share)));
        (point.code.clone(), point.clinic.number(), number(Some(point.year_norm)), posts, number(Some(point.coefficients.access)))
    };
    let text = str::to_owned;
    let expected = [
        (text("11"), 0, text("1516400"), (text("2"), text("-"), text("0.73")), text("1")),
        (text("12"), 1, text("957200"), (text("1.5"), text("1.25"), text("0.58")), text("1.1")),
        (text("13"), 0, text("700000"), (text("-"), text("-"), text("0")), text("1")),
    ];
    assert_eq!(points.points.iter().map(figures).collect::<Vec<_>>(), expected);
    assert_eq!(points.points[1].licence, Term { from: day("2020-01-01"), to: Date::NEVER });
}

#[test]
fn a_limit_belongs_to_the_class_that_the_tariff_says() {
    let classes = "[[points.classes]]\nfrom = 100\nto = 900\nto_included = true\nyear_sum = \"1\"\n\
        [[points.classes]]\nfrom = 900\nfrom_included = false\nyear_sum = \"2\"\n";
    let rows = "point;clinic;residents\n1;340001;900\n2;340001;901\n3;340001;100\n";
    let tariff = tariff_with(&format!("{POINTS}{classes}"), &[("points.csv", rows)]).expect("tariff");
    let sums: Vec<String> = tariff.points.expect("points").points.iter().map(|point| point.year_norm.to_string()).collect();
    assert_eq!(sums, ["1", "2", "1"]);
}

#[test]
fn each_fault_of_points_names_its_line() {
    let rows = "point;clinic;residents\n1;340001;500\n";
    for (text, message) in [
        (
            "[[points.classes]]\nfrom = 100\nto = 900\nyear_sum = \"1\"\n[[points.classes]]\nfrom = 899\nyear_sum = \"1\"\n",
            "t.toml:18: this class and that of line 14 both hold 899 residents; a limit belongs to one class (`from_included`, `to_included`)",
        ),
        (
            "[[points.classes]]\nfrom = 900\nto = 900\nyear_sum = \"1\"\n",
            "t.toml:14: `to` is 900; expected a limit above `from`, up to 1000000",
        ),
        (
            "[[points.classes]]\nyear_sum = \"1.005\"\n",
            "t.toml:15: `year_sum` is 1.005; expected roubles with at most two decimals",
        ),
        ("[[points.classes]]\nyear_sum = 1\ns = \"1.2\"\n", "t.toml:16: `s` is 1.2; expected a number from 0 to 1"),
        ("[[points.classes]]\nyear_sum = 1\nposts = 0\n", "t.toml:16: `posts` is 0; expected a number above 0, up to 100"),
        ("split = \"half\"\n", "t.toml:14: `split` is `half`; expected \"exact\", \"two_decimals\""),
        (
            "[points.rounding]\nmonth = \"none\"\n",
            "t.toml:15: `month` is `none`; expected { decimals = 0 to 2, mode = \"half_up\", \"half_even\", \"up\" or \"down\" }, because money has kopecks",
        ),
    ] {
        assert_error(&format!("{POINTS}{text}"), &[("points.csv", rows)], message);
    }
}

#[test]
fn each_fault_of_a_row_of_points_names_its_line() {
    for (header, row, message) in [
        (
            "residents",
            "99",
            "no class holds a point with 99 residents; add a [[points.classes]], or give `year_norm` in this row",
        ),
        (
            "name",
            "x",
            "no class holds a point with no number of residents; add a [[points.classes]], or give `year_norm` in this row",
        ),
        ("residents", "-1", "`residents` is -1; expected a whole number from 0 to 1000000"),
        ("year_norm", "1,5", "`year_norm` is `1,5`; expected digits with at most one full stop, such as \"1.25\""),
        ("year_norm;posts", "1;0", "`posts` is 0; expected a number above 0, up to 100"),
        ("year_norm;posts_filled", "1;101", "`posts_filled` is 101; expected a number from 0 to 100"),
        ("year_norm;region", "1;101", "`region` is 101; expected a number from 0 to 100"),
        ("year_norm;s", "1;2", "`s` is 2; expected a number from 0 to 1"),
        ("year_norm;counted_on", "1;2026", "`counted_on`: `2026` is not a calendar date of the form YYYY-MM-DD"),
        (
            "year_norm;open_from;open_to",
            "1;2026-01-01;2026-01-01",
            "`open_to` is not after `open_from`; it is the first day after, and must be later",
        ),
    ] {
        let rows = format!("point;clinic;{header}\n1;340001;{row}\n");
        assert_error(&format!("{POINTS}{CLASSES}"), &[("points.csv", &rows)], &format!("points.csv:2: {message}"));
    }
    let rows = "point;clinic;year_norm\n1;340001;1\n1;340002;1\n";
    let message = "points.csv:3: this entry and that of line 2 are both in force on 2026-11-15; end one with `valid_to`";
    assert_error(POINTS, &[("points.csv", rows)], message);
    let message = "points.csv:2: code 340003 is not in the table of clinics; add it there, or remove this row";
    assert_error(POINTS, &[("points.csv", "point;clinic;year_norm\n1;340003;1\n")], message);
}

#[test]
fn results_have_seventy_and_thirty_hundredths_and_twelve_months_by_default() {
    let files = [
        ("indicators.csv", INDICATORS),
        ("results.csv", "clinic;indicator;before;now\n340001;2;;0.5\n340001;1;10;\n340002;1;10;9\n"),
        ("months.csv", "clinic;months\n340002;7\n"),
    ];
    let results = tariff_with(&format!("{RESULTS}months = \"months.csv\"\n"), &files).expect("tariff").results.expect("results");
    let limits = results.limits;
    assert_eq!((results.people_share, limits.group_2, limits.group_3), (decimal("0.7"), decimal("0.5"), decimal("0.7")));
    assert_eq!(
        (limits.count, limits.rounding),
        (GroupCount::Indicators, Rounding::To { decimals: 0, mode: RoundingMode::HalfUp })
    );
    let clinics: Vec<(u32, usize)> = results.clinics.values().map(|clinic| (clinic.months, clinic.values.len())).collect();
    assert_eq!(clinics, [(12, 2), (7, 1)]);
    assert!(results.indicators[0].less_is_better && !results.indicators[1].less_is_better);
}

#[test]
fn a_month_without_a_pot_gives_nothing_out() {
    let text = "[results]\nindicators = \"indicators.csv\"\ntable = \"results.csv\"\n\
        pot = [{ value = \"5.00\", valid_from = 2026-12-01 }]\n";
    let files = [("indicators.csv", INDICATORS), ("results.csv", "clinic;indicator;now\n340001;1;5\n")];
    assert_eq!(tariff_with(text, &files).expect("tariff").results.expect("results").pot, Decimal::ZERO);
}

#[test]
fn each_fault_of_results_names_its_line() {
    let values = "clinic;indicator;now\n340001;1;5\n";
    for (text, indicators, values, message) in [
        (
            "part1 = \"0.7\"\npart2 = \"0.2\"\n",
            INDICATORS,
            values,
            "t.toml:17: `part2` is 0.2; expected 1 less `part1`, which is 0.7",
        ),
        ("group_3 = \"0.4\"\n", INDICATORS, values, "t.toml:16: `group_3` is 0.4; expected a share from `group_2` (0.5) to 1"),
        ("count = \"heads\"\n", INDICATORS, values, "t.toml:16: `count` is `heads`; expected \"indicators\", \"points\""),
        (
            "",
            "indicator;most_points;rule\n1;2;best\n",
            values,
            "indicators.csv:2: `rule` is `best`; expected reached, share or growth",
        ),
        (
            "",
            "indicator;most_points;rule;better\n1;2;share;higher\n",
            values,
            "indicators.csv:2: `better` is `higher`; expected more or less",
        ),
        (
            "",
            "indicator;most_points;rule\n1;1001;share\n",
            values,
            "indicators.csv:2: `most_points` is 1001; expected a number from 0 to 1000",
        ),
        (
            "",
            "indicator;most_points;rule\n1;1;share\n1;2;share\n",
            values,
            "indicators.csv:3: this entry and that of line 2 are both in force on 2026-11-15; end one with `valid_to`",
        ),
        (
            "",
            INDICATORS,
            "clinic;indicator;now\n340001;3;5\n",
            "results.csv:2: `indicator` is `3`; expected an indicator of the table of indicators",
        ),
        (
            "",
            INDICATORS,
            "clinic;indicator;now\n340001;1;5\n340001;1;6\n",
            "results.csv:3: this entry and that of line 2 are both in force on 2026-11-15; end one with `valid_to`",
        ),
    ] {
        assert_error(&format!("{RESULTS}{text}"), &[("indicators.csv", indicators), ("results.csv", values)], message);
    }
    let files = [("indicators.csv", INDICATORS), ("results.csv", values), ("m.csv", "clinic;months\n340001;13\n")];
    let message = "m.csv:2: `months` is 13; expected a whole number from 0 to 12";
    assert_error(&format!("{RESULTS}months = \"m.csv\"\n"), &files, message);
}

#[test]
fn settlements_are_those_in_force() {
    let text =
        "[settlements]\ntable = \"s.csv\"\ncarried = \"c.csv\"\norder = [\"withheld\", \"advance\"]\nnegative = \"zero\"\n";
    let files = [
        (
            "s.csv",
            "clinic;in;out;withheld;advance;valid_from;valid_to\n340001;1.50;;3;4;2026-11-01;2026-12-01\n340001;9;;;;;2026-11-01\n",
        ),
        ("c.csv", "clinic;sum\n340002;7.25\n"),
    ];
    let settlements = tariff_with(text, &files).expect("tariff").settlements.expect("settlements");
    assert_eq!((settlements.order, settlements.uncovered), (DeductionOrder::WithheldFirst, Uncovered::Zero));
    let sums =
        Settlement { incoming: decimal("1.5"), outgoing: Decimal::ZERO, withheld: Decimal::from(3), advance: Decimal::from(4) };
    assert_eq!(settlements.clinics.into_values().collect::<Vec<_>>(), [sums]);
    assert_eq!(settlements.carried.into_values().collect::<Vec<_>>(), [decimal("7.25")]);
}

#[test]
fn each_fault_of_settlements_names_its_line() {
    for (text, rows, message) in [
        (
            "order = [\"advance\"]\n",
            "clinic\n",
            "t.toml:14: `order` is `[\"advance\"]`; expected [\"advance\", \"withheld\"] or [\"withheld\", \"advance\"]",
        ),
        ("negative = \"keep\"\n", "clinic\n", "t.toml:14: `negative` is `keep`; expected \"carry\", \"zero\", \"pay\""),
        ("", "clinic;in\n340001;-1\n", "s.csv:2: `in` is -1; expected a number from 0 to 4295967296000"),
        ("", "clinic;out\n340001;1.005\n", "s.csv:2: `out` is 1.005; expected roubles with at most two decimals"),
        (
            "",
            "clinic;in\n340001;1\n340001;1\n",
            "s.csv:3: this entry and that of line 2 are both in force on 2026-11-15; end one with `valid_to`",
        ),
    ] {
        assert_error(&format!("[settlements]\ntable = \"s.csv\"\n{text}"), &[("s.csv", rows)], message);
    }
}

#[test]
fn money_for_insurers_names_its_bands_and_days() {
    let text = "[insurers]\nmoney = \"1000000.00\"\nband_set = \"contract\"\nheads = [\"first_of_month\", \"first_of_next_month\"]\n\
        running_costs = \"0.01\"\n";
    let tariff = tariff_with(text, &[]).expect("tariff");
    let fund = tariff.insurers.as_ref().expect("insurers");
    assert_eq!((fund.base, fund.correction), (InsurerBase::Money(decimal("1000000.00")), Correction::Given(Decimal::ONE)));
    let days: Vec<Date> = fund.heads.iter().map(|id| tariff.days[id.index()]).collect();
    assert_eq!(days, [day("2026-11-01"), day("2026-12-01")]);
    assert_eq!(tariff.band_set(fund.band_set).name, "contract");
}

#[test]
fn each_fault_of_money_for_insurers_names_its_line() {
    for (text, message) in [
        ("band_set = \"contract\"\n", "t.toml:12: give either `money` or `per_head`, and only one of them"),
        (
            "money = 1\nband_set = \"five\"\n",
            "t.toml:14: `band_set` is `five`; expected the name of a set in [[band_sets]] (\"contract\")",
        ),
        (
            "per_head = [{ value = 1, valid_to = 2026-01-01 }]\nband_set = \"contract\"\n",
            "t.toml:13: no entry of `per_head` is in force on 2026-11-15; add one whose `valid_from` and `valid_to` cover it",
        ),
        (
            "money = 1\nrunning_costs = 2\nband_set = \"contract\"\n",
            "t.toml:14: `running_costs` is 2; expected a number from 0 to 1",
        ),
    ] {
        assert_error(&format!("[insurers]\n{text}"), &[], message);
    }
}
