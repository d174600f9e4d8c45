//! Numbers, names, dates and lines against published samples.

use super::dates;
use crate::reference::identifiers::{enp_check_digit_is_right, enp_holder, make_enp, month_offset, snils};
use crate::reference::lines::{self, Line};
use crate::reference::names;

fn date(text: &str) -> dates::Date {
    dates::parse(text).expect("a date")
}

#[test]
fn synthetic_enps_decode_and_encode() {
    let samples = [
        ("1984-03-05", "1", 34, 1, "3456510844000019"),
        ("1984-03-05", "2", 34, 1, "3456510894000018"),
        ("1950-12-31", "2", 34, 7, "3467940868000073"),
        ("1951-01-01", "2", 34, 7, "3458840898000070"),
        ("2000-12-31", "1", 34, 7, "3447999718000076"),
        ("2001-01-01", "1", 34, 7, "3498899748000070"),
        ("1925-01-31", "1", 1, 1, "0178470818000011"),
        ("2012-02-29", "2", 79, 321, "7997789770003216"),
    ];
    for (birth, sex, region, serial, enp) in samples {
        let birth = date(birth);
        assert_eq!(make_enp(region, birth, sex, serial, month_offset(birth.year)), enp);
        assert!(enp_check_digit_is_right(enp));
        let holder = enp_holder(enp, date("2026-11-01")).expect("a holder");
        assert_eq!((holder.birth_date, holder.sex), (birth, sex));
    }
}

#[test]
fn junk_enps_pass_luhn_but_have_no_holder() {
    for enp in ["3400000000000000", "5454545454545454", "8888888888888888"] {
        assert!(enp_check_digit_is_right(enp));
        assert_eq!(enp_holder(enp, date("2026-11-01")), None);
    }
    assert!(!enp_check_digit_is_right("7856130840000018"));
}

#[test]
fn an_enp_of_tomorrow_has_no_holder_today() {
    let enp = make_enp(34, date("2026-11-02"), "1", 1, 0);
    assert_eq!(enp_holder(&enp, date("2026-11-01")), None);
    assert!(enp_holder(&enp, date("2026-11-02")).is_some());
}

#[test]
fn snils_are_judged_by_their_control_digits() {
    for right in ["03596739300", "112-233-445 95", "001-001-998 00", "00100199965", "00200899900", "00200989900", "12345678964"] {
        assert!(snils(right).is_some(), "{right}");
    }
    for wrong in ["03596739301", "001-001-999 00", "00000000000", "1234567896", "-", "1234567896a"] {
        assert_eq!(snils(wrong), None, "{wrong}");
    }
    assert_eq!(snils("112-233-445 95").as_deref(), Some("11223344595"));
}

#[test]
fn names_are_normalised() {
    assert_eq!(names::name("  салтыков –  щедрин "), "САЛТЫКОВ-ЩЕДРИН");
    assert_eq!(names::name("CEMËH"), "СЕМËН", "a Latin Ë is no look-alike of the list");
    assert_eq!(names::name("Семён"), "СЕМЕН");
    assert_eq!(names::name("о ' нил"), "О'НИЛ");
    assert_eq!(names::patronymic("HET"), "", "in Latin letters");
    assert_eq!(names::patronymic("———"), "");
    assert_eq!(names::number("аб-12 № 3"), "АБ123");
}

#[test]
fn initials_and_spellings_of_given_names_are_compatible() {
    for (a, b) in
        [("АННА", "АННА"), ("А", "АННА"), ("АННА", "А."), ("НАТАЛЬЯ", "НАТАЛИЯ"), ("МАРИЯ", "МАРИНА"), ("СЕМЕН", "ЕСМНЕ")]
    {
        assert!(names::compatible(a, b), "{a} {b}");
    }
    for (a, b) in [("АННА", "ИННА"), ("ЯН", "ЯНА"), ("Б", "АННА"), ("АЛЕКСЕЙ", "АЛЕКСАНДР"), ("АН", "АННА")]
    {
        assert!(!names::compatible(a, b), "{a} {b}");
    }
    assert_eq!(names::edits("АБ", "БВА"), 3, "each letter is edited once");
}

#[test]
fn only_dates_of_the_calendar_are_read() {
    assert!(dates::parse("2024-02-29").is_some());
    for wrong in ["2025-02-29", "2100-02-29", "2025-1-1", "2025-13-01", "20250101", "2025-00-10", " 2025-01-01"] {
        assert_eq!(dates::parse(wrong), None, "{wrong}");
    }
    assert_eq!(date("2008-02-29").plus_years(18), date("2026-03-01"));
    assert_eq!(date("2008-02-29").age_on(date("2026-02-28")), 17);
    assert_eq!(date("2008-02-29").age_on(date("2026-03-01")), 18);
    assert_eq!(date("2023-12-31").next_day(), date("2024-01-01"));
    assert_eq!(date("2024-03-01").day_before(), date("2024-02-29"));
}

#[test]
fn lines_are_cut_into_fields() {
    let fields = |values: &[&str]| Line::Fields(values.iter().map(|value| value.to_string()).collect());
    assert_eq!(lines::read("a; b ;".as_bytes(), 3), fields(&["a", "b", ""]));
    assert_eq!(lines::read(br#" "a;b" ;c"d;"e""f""#, 3), fields(&["a;b", "c\"d", "e\"f"]));
    for (line, is_loose) in
        [(r#"a"b;c"#, true), (r#""a""b";c"#, false), (r#" "a;b" ;c"#, false), ("a;b", false), (r#""a";5""#, true)]
    {
        assert_eq!(lines::has_loose_quote(line.as_bytes()), is_loose, "{line}");
    }
    assert_eq!(lines::read("\u{A0}\t".as_bytes(), 3), Line::Blank);
    assert_eq!(lines::read(b"a;b", 3), Line::Broken(vec!["ROW_SHAPE"]));
    assert_eq!(lines::read(b"\"a;b;c", 3), Line::Broken(vec!["ROW_QUOTE"]));
    assert_eq!(lines::read(b"\"a\"b;c", 2), Line::Broken(vec!["ROW_QUOTE"]));
    assert_eq!(lines::read(b"\xFF;b", 2), Line::Broken(vec!["ROW_ENCODING"]));
    assert_eq!(lines::read(b"\xFF;\"b", 2), Line::Broken(vec!["ROW_ENCODING", "ROW_QUOTE"]));
}
