//! `sverka enp`.

use super::sverka;

#[test]
fn right_numbers_exit_with_0() {
    let out = sverka(&["enp", "3456510844000019", "0178470818000011", "--as-of", "2026-11-01"]).exits_with(0).stdout;
    assert!(out.contains("1984-03-05") && out.contains("1925-01-31"), "{out}");
}

#[test]
fn one_wrong_number_among_right_ones_exits_with_1() {
    let out = sverka(&["enp", "3456510844000019", "3456510844000018", "3456510894000018"]).exits_with(1).stdout;
    assert_eq!(out.matches("ENP_CHECK_DIGIT").count(), 1, "{out}");
    assert_eq!(out.lines().filter(|line| line.ends_with("  right") && !line.starts_with(' ')).count(), 2, "{out}");
}
