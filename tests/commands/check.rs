//! `sverka check`.

use super::project::Project;
use super::{Ended, PROGRAM, ended, sverka};

const CLEAN: &str = "insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from\n\
                     98001;1;ЗР 1;Заречнов;Пров;1;1980-01-01;2020-01-01\n";

/// Checks a file of the project with its job.
fn check_with_job(project: &Project, file: &str, more: &[&str]) -> Ended {
    sverka(&[&["check", &project.argument(file), "--job", &project.argument("job.toml")], more].concat())
}

#[test]
fn a_clean_file_exits_with_0() {
    let project = Project::new();
    project.write("new.csv", CLEAN);
    let out = check_with_job(&project, "new.csv", &[]).exits_with(0).stdout;
    assert!(out.contains("1 row (register), 0 with errors"), "{out}");
}

#[test]
fn a_file_with_errors_exits_with_1_and_names_code_and_line() {
    let project = Project::new();
    project.write("new.csv", format!("{CLEAN}98001;1;ЗР 2;Заречнов;Пров;5;1980-01-01;2020-01-01\n"));
    let out = check_with_job(&project, "new.csv", &[]).exits_with(1).stdout;
    let line = out.lines().find(|line| line.contains("SEX_INVALID")).unwrap_or_else(|| panic!("{out}"));
    assert!(line.trim_start().starts_with("error ") && line.contains("(line 3)"), "{line}");
}

#[test]
fn warnings_alone_exit_with_0() {
    let project = Project::new();
    project
        .write("new.csv", CLEAN.replace("insured_from\n", "insured_from;reason\n").replace("2020-01-01\n", "2020-01-01;П999\n"));
    let out = check_with_job(&project, "new.csv", &[]).exits_with(0).stdout;
    assert!(out.contains("new.csv: 1 row (register), 0 with errors") && out.contains("REASON_UNKNOWN"), "{out}");
}

#[test]
fn each_member_of_an_archive_of_the_job_is_checked() {
    let exchange = crate::samples::folder().join("exchange");
    let argument = |name: &str| exchange.join(name).to_str().expect("UTF-8").to_owned();
    let (archive, job) = (argument("clinics/MO298010220261031.zip"), argument("job.toml"));
    let out = sverka(&["check", &archive, "--job", &job]).exits_with(1).stdout;
    assert!(out.contains("MO29801022026103111.csv: 3 rows"), "{out}");
    assert!(out.contains("MO29801022026103112.csv: 4 rows (attachments), 2 with errors"), "{out}");
}

#[test]
fn without_a_job_the_header_decides_the_table() {
    let project = Project::new();
    let (insurers, clinics) = (project.argument("reference/insurers.csv"), project.argument("reference/clinics.csv"));
    let files = [project.argument("registers/fund_archive.csv"), project.argument("attachments/fund_archive.csv")];
    let options = ["--as-of", "2026-11-01", "--insurers", &insurers, "--clinics", &clinics];
    let out = sverka(&[&["check", &files[0], &files[1]], options.as_slice()].concat()).exits_with(1).stdout;
    assert!(out.contains("(register)") && out.contains("(attachments)"), "{out}");
}

#[test]
fn nothing_is_published() {
    let project = Project::new();
    let before = project.content();
    check_with_job(&project, "registers/fund_archive.csv", &[]).exits_with(1);
    assert!(project.content() == before);
}

#[test]
fn a_missing_reference_table_exits_with_8() {
    let project = Project::new();
    let register = project.argument("registers/fund_archive.csv");
    let (insurers, clinics) = (project.argument("no.csv"), project.argument("reference/clinics.csv"));
    let ended =
        sverka(&["check", &register, "--as-of", "2026-11-01", "--insurers", &insurers, "--clinics", &clinics]).exits_with(8);
    assert!(ended.stderr.contains("no.csv"), "{}", ended.stderr);
}

#[test]
fn files_that_cannot_be_read_exit_with_3_and_are_named() {
    let project = Project::new();
    project.write("empty.csv", "");
    project.write("other.csv", "a;b\n1;2\n");
    for (file, code, word) in [("missing.csv", 8, "cannot be read"), ("empty.csv", 3, "is empty"), ("other.csv", 3, "--layout")] {
        let ended = check_with_job(&project, file, &[]).exits_with(code);
        assert!(ended.stderr.contains(file) && ended.stderr.contains(word), "{}", ended.stderr);
    }
}

#[test]
fn a_file_of_the_other_table_exits_with_3() {
    let project = Project::new();
    project.write("new.csv", CLEAN);
    let stderr = check_with_job(&project, "new.csv", &["--table", "attachments"]).exits_with(3).stderr;
    assert!(stderr.contains("new.csv: line 1"), "{stderr}");
}

#[test]
fn a_quiet_check_answers_by_its_exit_code_alone() {
    let project = Project::new();
    let ended = check_with_job(&project, "registers/fund_archive.csv", &["--quiet"]).exits_with(1);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
}

/// A right row, one with 7 of 8 fields, and one with a wrong sex and a wrong birth date.
fn spoiled_file() -> String {
    format!("{CLEAN}98001;1;ЗР 2;Заречнов;Пров;1;1980-01-01\n98001;1;ЗР 3;Заречнов;Пров;5;1980-02-30;2020-01-01\n")
}

#[test]
fn a_finding_names_its_field_and_a_row_of_wrong_shape_both_numbers() {
    let project = Project::new();
    project.write("new.csv", spoiled_file());
    let out = check_with_job(&project, "new.csv", &[]).exits_with(1).stdout;
    let line = |code: &str| out.lines().find(|line| line.contains(code)).unwrap_or_else(|| panic!("{out}"));
    assert!(line("ROW_SHAPE").ends_with(": 8 fields expected, 7 found (line 3)"), "{out}");
    assert_eq!(line("SEX_INVALID").split_whitespace().take(4).collect::<Vec<_>>(), ["error", "SEX_INVALID", "sex", "1"]);
    assert!(line("DATE_INVALID").contains(" birth_date "), "{out}");
    assert!(out.ends_with("Checked as of 2026-11-01\n"), "{out}");
}

#[test]
fn all_findings_go_to_a_file_with_expected_and_found_values() {
    let project = Project::new();
    project.write("new.csv", spoiled_file());
    let (file, table) = (project.argument("new.csv"), project.argument("found.csv"));
    check_with_job(&project, "new.csv", &["--to", &table]).exits_with(1);
    let written = std::fs::read_to_string(&table).expect("the findings");
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "source,line,record_id,severity,code,field,expected,found,message");
    assert!(lines.iter().any(|line| line.starts_with(&format!("{file},3,,error,ROW_SHAPE,,8 fields,7 fields,"))), "{written}");
    assert!(written.contains(&format!("{file},4,,error,SEX_INVALID,sex,1 or 2,5,")), "{written}");
    assert!(written.contains(&format!("{file},4,,error,DATE_INVALID,birth_date,a date YYYY-MM-DD,1980-02-30,")), "{written}");
    let stderr = check_with_job(&project, "new.csv", &["--to", &project.argument("found.xlsx")]).exits_with(2).stderr;
    assert!(stderr.contains(".csv or .json"), "{stderr}");
}

#[test]
fn the_expected_value_depends_on_the_row_and_the_tables() {
    let project = Project::new();
    let header =
        "record_id;insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from;stopped_on;snils;category\n";
    let rows = "R1;98001;1;ЗР 1;Заречнов;Пров;1;1980-01-01;2020-01-01;2019-12-31;;\n\
                R2;98001;1;ЗР 2;Заречнов;Пров;1;1980-01-01;1979-12-31;;;\n\
                R3;98004;1;ЗР 3;Заречнов;Пров;1;1980-01-01;2026-03-01;;;\n\
                R4;98001;1;ЗР 4;Заречнов;Пров;1;1980-01-01;2020-01-01;;98000037870;6\n";
    project.write("new.csv", format!("{header}{rows}"));
    let printed = check_with_job(&project, "new.csv", &["--json"]).exits_with(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    let findings = json["sources"][0]["findings"].as_array().expect("findings");
    let expected = |record: &str, code: &str| -> [String; 2] {
        let is_it = |finding: &&serde_json::Value| finding["record_id"] == record && finding["code"] == code;
        let finding = findings.iter().find(is_it).unwrap_or_else(|| panic!("{record} {code}: {printed}"));
        ["found", "expected"].map(|key| finding[key].as_str().expect("a text").to_owned())
    };
    for (record, code, texts) in [
        ("R1", "DATES_REVERSED", ["2019-12-31", "an end that leaves a day from insured_from 2020-01-01 on"]),
        ("R2", "DATES_REVERSED", ["1979-12-31", "a day not before birth_date 1980-01-01"]),
        ("R3", "INSURER_NOT_WORKING", ["98004", "insured_from not before 2011-01-01 and before 2026-03-01"]),
        ("R4", "SNILS_REQUIRED", ["98000037870", "a SNILS with a right control number: a wrong one counts as none"]),
    ] {
        assert_eq!(expected(record, code), texts, "{record} {code}");
    }
}

#[test]
fn programs_get_every_finding_as_json() {
    let project = Project::new();
    project.write("new.csv", spoiled_file());
    let printed = check_with_job(&project, "new.csv", &["--json"]).exits_with(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    let file_json = &json["sources"][0];
    assert_eq!(
        (&file_json["rows"], &file_json["rows_with_errors"], &json["as_of"]),
        (&3.into(), &2.into(), &"2026-11-01".into())
    );
    let sex = file_json["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|finding| finding["code"] == "SEX_INVALID")
        .expect("a sex");
    assert_eq!((&sex["line"], &sex["field"], &sex["found"]), (&4.into(), &"sex".into(), &"5".into()));
    let file = project.argument("found.json");
    check_with_job(&project, "new.csv", &["--to", &file, "--quiet"]).exits_with(1);
    assert_eq!(std::fs::read_to_string(file).expect("the findings"), printed);
}

#[test]
fn a_flood_of_findings_is_written_whole() {
    const ROWS: usize = 3000;
    let project = Project::new();
    let rows: String =
        (0..ROWS).map(|row| format!("98001;1;ЗР {row};Заречнов;Пров;{};1980-01-01;2020-01-01\n", row + 3)).collect();
    project.write("new.csv", format!("{}{rows}", CLEAN.lines().next().expect("a header").to_owned() + "\n"));
    check_with_job(&project, "new.csv", &["--to", &project.argument("found.csv")]).exits_with(1);
    let written = std::fs::read_to_string(project.path("found.csv")).expect("the findings");
    let found: Vec<&str> = written.lines().skip(1).filter(|line| line.contains("SEX_INVALID")).collect();
    assert_eq!(found.len(), ROWS);
    for (row, line) in found.iter().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!((cells[1], cells[7]), ((row + 2).to_string().as_str(), (row + 3).to_string().as_str()), "{line}");
    }
}

#[test]
fn absent_tables_and_sources_are_done_without_and_named() {
    let project = Project::new();
    for folder in ["reference", "registers", "attachments"] {
        std::fs::remove_dir_all(project.path(folder)).expect("removed");
    }
    project.write("new.csv", CLEAN.replace("98001;", "12345;"));
    let out = check_with_job(&project, "new.csv", &[]).exits_with(0).stdout;
    assert!(out.contains("1 row (register), 0 with errors"), "{out}");
    assert!(out.contains("Not there, and done without: reference/insurers.csv"), "{out}");
    assert!(out.contains("INSURER_UNKNOWN") && out.contains("CLINIC_NOT_ATTACHABLE"), "{out}");
    project.write("new.csv", spoiled_file());
    let out = check_with_job(&project, "new.csv", &[]).exits_with(1).stdout;
    assert!(out.contains("3 rows (register), 2 with errors") && out.contains("SEX_INVALID"), "{out}");
    // With the table of insurers alone, the rules about insurers are checked again.
    let insurers = project.argument("insurers.csv");
    std::fs::copy(crate::samples::folder().join("reference/insurers.csv"), &insurers).expect("a table");
    project.write("new.csv", CLEAN.replace("98001;", "12345;"));
    let out =
        sverka(&["check", &project.argument("new.csv"), "--insurers", &insurers, "--as-of", "2026-11-01"]).exits_with(1).stdout;
    let not_checked = out.lines().find(|line| line.starts_with("Not checked")).unwrap_or_else(|| panic!("{out}"));
    assert!(!not_checked.contains("INSURER_UNKNOWN") && not_checked.contains("CLINIC_UNKNOWN"), "{out}");
}

#[test]
fn a_layout_alone_is_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("other.txt"), MO.repeat(2)).expect("written");
    let checked =
        |arguments: &[&str]| ended(std::process::Command::new(PROGRAM).arg("check").args(arguments).current_dir(folder.path()));
    let today = || format!("Checked as of {}\n", jiff::Zoned::now().date());
    let before = today();
    let out = checked(&["other.txt", "--layout", "mo"]).exits_with(0).stdout;
    assert!(out.contains("2 rows (attachments), 0 with errors"), "{out}");
    assert!(out.contains(&before) || out.contains(&today()), "{out}");
    std::fs::write(folder.path().join("short.txt"), MO.replacen(";;;", ";", 1)).expect("written");
    let out = checked(&["short.txt", "--layout", "mo"]).exits_with(1).stdout;
    assert!(out.contains("24 fields expected, 22 found"), "{out}");
}

#[test]
fn the_hint_about_layouts_does_not_ask_for_a_job_that_was_given() {
    let project = Project::new();
    project.write("other.csv", "a;b\n1;2\n");
    let stderr = check_with_job(&project, "other.csv", &[]).exits_with(3).stderr;
    assert!(stderr.contains("none of the sources of") && !stderr.contains("with --job"), "{stderr}");
    let folder = tempfile::tempdir().expect("a folder");
    let argument = project.argument("other.csv");
    let stderr =
        ended(std::process::Command::new(PROGRAM).args(["check", &argument]).current_dir(folder.path())).exits_with(3).stderr;
    assert!(stderr.contains("or the job with --job"), "{stderr}");
}

/// A row of 24 columns of the attachment family.
const MO: &str = "\"Р\";\"П\";;\"9856510894000011\";\"ЗАРЕЧНОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"2\";;\"20240115\";;;\"0\";\"1\";;\r\n";

#[test]
fn the_name_of_a_file_or_the_user_chooses_its_layout() {
    let project = Project::new();
    project.write("MO298010120261031.csv", MO);
    project.write("other.txt", MO);
    for (file, more) in [("MO298010120261031.csv", &[][..]), ("other.txt", &["--layout", "mo"])] {
        let out = check_with_job(&project, file, more).exits_with(0).stdout;
        assert!(out.contains("1 row (attachments), 0 with errors"), "{out}");
    }
    let stderr = check_with_job(&project, "other.txt", &["--layout", "mo2"]).exits_with(2).stderr;
    assert!(stderr.contains("mo2") && stderr.contains("mo_numbered"), "{stderr}");
}

#[test]
fn members_of_an_archive_are_listed_one_by_one() {
    let project = Project::new();
    let wrong = MO.replace("20240115", "20240132");
    project.write("inbox.zip", sverka_publish::zip_of(&[("MO2a1.csv", MO.as_bytes()), ("MO2a2.csv", wrong.as_bytes())]));
    let out = check_with_job(&project, "inbox.zip", &[]).exits_with(1).stdout;
    assert!(out.contains("inbox.zip/MO2a1.csv: 1 row") && out.contains("inbox.zip/MO2a2.csv: 1 row"), "{out}");
    assert!(out.contains("DATE_INVALID"), "{out}");
}
