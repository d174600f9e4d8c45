//! Forms about both months: movement, matrix, letter to a clinic.

use std::path::Path;
use std::process::{Command, Output};

use super::MONTHS;

fn forms(to: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sverka"));
    program.arg("forms").arg("--output").arg(&MONTHS.out).arg("--to").arg(to).args(arguments);
    program.output().expect("the program starts")
}

/// Lines of a form with the run of October before that of November.
fn lines(form: &str, file: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("forms");
    let before = MONTHS.october.file_name().and_then(|name| name.to_str()).expect("an id");
    let ended = forms(&to, &["--before", before, "--form", form, "--format", "csv"]);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let text = std::fs::read_to_string(to.join(file)).expect("a form");
    text.lines().map(str::to_owned).collect()
}

/// Lines of a sheet behind the line with its name.
fn sheet<'l>(lines: &'l [String], name: &str) -> &'l [String] {
    let start = lines.iter().position(|line| line.trim_end_matches(';') == format!("[{name}]"));
    let rest = &lines[start.unwrap_or_else(|| panic!("no sheet {name}: {lines:#?}")) + 1..];
    let end = rest.iter().position(|line| line.starts_with('['));
    &rest[..end.unwrap_or(rest.len())]
}

#[track_caller]
fn assert_holds(lines: &[String], expected: &[&str]) {
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "{line}: {lines:#?}");
    }
}

#[test]
fn movement_shows_was_came_left_and_became() {
    let lines = lines("movement", "movement.csv");
    // Was; attached: all, residence, application, no method, birth, insurance, other insurer, succession; detached: all, other clinic or method, death,
    // end of insurance, no other clinic, other insurer, succession; became.
    let expected = [
        "1;980101;Поликлиника 980101;98001;Первая;3;1;0;0;0;0;1;0;0;2;1;1;0;0;0;0;2",
        "2;980102;Поликлиника 980102;98001;Первая;1;3;1;1;0;1;0;0;0;1;0;0;0;0;1;0;3",
        "3;980102;Поликлиника 980102;98002;Вторая;1;2;0;1;0;0;0;1;0;1;1;0;0;0;0;0;2",
        "4;980103;Поликлиника 980103;98002;Вторая;1;0;0;0;0;0;0;0;0;1;0;0;1;0;0;0;0",
    ];
    assert_holds(sheet(&lines, "МО и СМО"), &expected);
    // Was; came: all, birth, insurance, other insurer, known late, succession; left: all, death, other insurer, end, insurer left, gone, succession.
    assert_holds(
        sheet(&lines, "СМО"),
        &["1;98001;Первая;5;2;1;1;0;0;0;2;1;1;0;0;0;0;5", "2;98002;Вторая;2;1;0;0;1;0;0;1;0;0;1;0;0;0;2"],
    );
}

#[test]
fn the_matrix_is_square_for_few_places() {
    let lines = lines("matrix", "matrix.csv");
    let clinics = ["вне;0;1;2;0;3", "980101;1;1;1;0;3", "980102;0;0;2;0;2", "980103;1;0;0;0;1"];
    assert_holds(sheet(&lines, "МО"), &clinics);
    assert_holds(sheet(&lines, "СМО"), &["вне;0;2;0;2", "98001;1;3;1;5", "98002;1;0;1;2"]);
}

#[test]
fn a_letter_lists_who_came_who_left_and_who_is_not_paid() {
    let lines = lines("letter", "letter/980101.csv");
    let of = |name: &str| -> Vec<String> {
        // Numbers of rows and policy numbers are left out.
        let cells = |line: &String| line.split(';').map(str::to_owned).collect::<Vec<_>>();
        let people = sheet(&lines, name).iter().map(cells).filter(|cells| cells[0].parse::<u8>().is_ok());
        let mut people: Vec<String> = people.map(|cells| [&cells[1..3], &cells[4..]].concat().join(";")).collect();
        people.sort();
        people
    };
    assert_eq!(of("Прикреплены"), ["Лыков Олег Ильич;1980-05-17;98001;;начало страхования"]);
    let detached = ["Рогов Олег Ильич;1980-05-17;98001;980102;по заявлению", "Титов Олег Ильич;1980-05-17;98001;;смерть"];
    assert_eq!(of("Откреплены"), detached);
    assert_eq!(of("Не оплачены"), ["Титов Олег Ильич;1980-05-17;умер;2026-10-20"]);
    assert_holds(sheet(&lines, "Движение"), &["1;98001;Первая;3;1;0;0;0;0;1;0;0;2;1;1;0;0;0;0;2"]);
}

#[test]
fn a_form_about_two_runs_asks_for_the_former_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = forms(&folder.path().join("one"), &["--form", "movement"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("--before RUN"));
    let all = forms(&folder.path().join("all"), &[]);
    assert!(String::from_utf8_lossy(&all.stdout).contains("movement: left out: the form `movement` is about two runs"));
}
