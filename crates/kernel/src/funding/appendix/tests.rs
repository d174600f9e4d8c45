use rust_decimal::Decimal;

use sverka_reference::{BasePeriod, MonthBase, NormPeriod, PrintedBase, Quotient, Rounding, RoundingMode};

use super::*;

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a number")
}

/// Figures of a row.
struct Figures {
    base: Option<PrintedBase>,
    coefficient: &'static str,
    month: Option<&'static str>,
    year: Option<&'static str>,
}

impl Figures {
    fn row(&self) -> AppendixRow {
        AppendixRow {
            line: 2,
            name: String::new(),
            base: self.base,
            coefficients: vec![number(self.coefficient)],
            correction: None,
            norm_month: self.month.map(number),
            norm_year: self.year.map(number),
        }
    }
}

fn base(period: BasePeriod, roubles: &str) -> Option<PrintedBase> {
    Some(PrintedBase { period, roubles: Quotient::single(number(roubles)) })
}

fn month(base: Option<PrintedBase>, coefficient: &'static str, norm: &'static str) -> AppendixRow {
    Figures { base, coefficient, month: Some(norm), year: None }.row()
}

fn kopecks(mode: RoundingMode) -> Rounding {
    Rounding::To { decimals: 2, mode }
}

/// Ways that fit all rows, by the mode of the month's norm and whether the base is an unrounded one.
fn all_fitting(check: &AppendixCheck) -> Vec<(Rounding, bool)> {
    check.fitting_all().map(|fit| (fit.way.rounding.month_norm, fit.way.unrounded_base.is_some())).collect()
}

#[test]
fn the_tariff_s_own_way_is_told_though_it_fits_nothing() {
    let rows = [month(base(BasePeriod::Month, "100.00"), "1.5", "777.77")];
    let check = check_appendix(&rows, &CareRounding::default());
    assert_eq!((check.ways.len(), check.own_way().fitting()), (1, 0));
    assert_eq!(check.rows[0].month.as_ref().and_then(|norm| norm.computed.clone()), Some(Fraction::from_integer(150)));
}

#[test]
fn a_norm_above_the_exact_one_fits_up_or_an_unrounded_base() {
    let rows =
        [month(base(BasePeriod::Month, "78.62"), "1.0041", "78.95"), month(base(BasePeriod::Month, "78.62"), "1", "78.62")];
    // 78.62 × 1.0041 = 78.942342
    let check = check_appendix(&rows, &CareRounding::default());
    assert_eq!(check.own_way().fitting(), 1);
    assert_eq!(all_fitting(&check), [(kopecks(RoundingMode::Up), false), (kopecks(RoundingMode::HalfUp), true)]);
    let range = check.fitting_all().nth(1).and_then(|fit| fit.way.unrounded_base.clone()).expect("a range");
    // 78.945 / 1.0041 = 78.622647…; below 78.625 the base is printed as 78.62.
    let shown = range.shown().expect("bases");
    assert_eq!((shown.from, shown.to), (number("78.6227"), number("78.6249")));
    assert!(
        range.contains(&Fraction::from_decimal(number("78.6249999")))
            && !range.contains(&Fraction::from_decimal(number("78.625")))
    );
}

#[test]
fn a_base_of_a_year_may_be_divided_unrounded() {
    // 814.33 / 12 = 67.8608…; × 10 = 678.60 or 678.61.
    let rows = [month(base(BasePeriod::Year, "814.33"), "10", "678.61")];
    let check = check_appendix(&rows, &CareRounding::default());
    assert_eq!(check.own_way().fitting(), 0);
    let best = &check.ways[0];
    assert_eq!((best.way.rounding.month_base, best.fits_all()), (MonthBase::Exact, true));
    let own = CareRounding { month_base: MonthBase::Exact, ..CareRounding::default() };
    assert!(check_appendix(&rows, &own).own_way().fits_all());
}

#[test]
fn both_norms_of_a_row_must_agree() {
    let kurgan = |coefficient, year, month| {
        Figures { base: base(BasePeriod::Year, "901.8344"), coefficient, month: Some(month), year: Some(year) }.row()
    };
    let own = CareRounding { norm_period: NormPeriod::YearThenMonth, ..CareRounding::default() };
    let rows = [kurgan("0.989901", "892.73", "74.39"), kurgan("1.008459", "909.46", "75.79")];
    assert!(check_appendix(&rows, &own).own_way().fits_all());
    let rows = [kurgan("0.989901", "892.73", "74.40"), kurgan("1.008459", "909.47", "75.79")];
    assert_eq!(check_appendix(&rows, &own).own_way().fitting(), 0);
}

#[test]
fn a_base_that_is_not_printed_is_found() {
    let rows = [month(None, "0.36", "38.29"), month(None, "1.56", "165.92")];
    let check = check_appendix(&rows, &CareRounding::default());
    assert!(check.own_way().fits_all());
    let range = check.own_way().way.unrounded_base.as_ref().expect("a range");
    assert!(
        range.contains(&Fraction::from_decimal(number("106.36"))) && !range.contains(&Fraction::from_decimal(number("106.37")))
    );
}

#[test]
fn norms_that_no_base_shares_are_counted() {
    let rows = [month(None, "1", "10.00"), month(None, "1", "10.00"), month(None, "1", "20.00")];
    let check = check_appendix(&rows, &CareRounding::default());
    assert_eq!(check.own_way().fits, [true, true, false]);
    let shown = check.own_way().way.unrounded_base.as_ref().and_then(BaseRange::shown).expect("bases");
    assert_eq!((shown.from, shown.to), (number("9.995"), number("10.004")));
}
