//! `sverka check`.

use super::project::Project;
use super::{Ended, sverka};

const CLEAN: &str = "insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from\n\
                     98001;1;ЗР 1;Заречнов;Пров;1;1980-01-01;2020-01-01\n";

fn with_job(project: &Project, file: &str, more: &[&str]) -> Ended {
    sverka(&[&["check", &project.argument(file), "--job", &project.argument("job.toml")], more].concat())
}

#[test]
fn a_clean_file_exits_with_0() {
    let project = Project::new();
    project.write("new.csv", CLEAN);
    let out = with_job(&project, "new.csv", &[]).with(0).out;
    assert!(out.contains("1 rows (register), 0 with errors"), "{out}");
}

#[test]
fn a_file_with_errors_exits_with_1_and_names_code_and_line() {
    let project = Project::new();
    project.write("new.csv", format!("{CLEAN}98001;1;ЗР 2;Заречнов;Пров;5;1980-01-01;2020-01-01\n"));
    let out = with_job(&project, "new.csv", &[]).with(1).out;
    let line = out.lines().find(|line| line.contains("SEX_INVALID")).unwrap_or_else(|| panic!("{out}"));
    assert!(line.trim_start().starts_with("error ") && line.contains("(line 3)"), "{line}");
}

#[test]
fn warnings_alone_exit_with_0() {
    let project = Project::new();
    project
        .write("new.csv", CLEAN.replace("insured_from\n", "insured_from;reason\n").replace("2020-01-01\n", "2020-01-01;П999\n"));
    let out = with_job(&project, "new.csv", &[]).with(0).out;
    assert!(out.contains("REASON_UNKNOWN"), "{out}");
}

#[test]
fn each_member_of_an_archive_of_the_job_is_checked() {
    let exchange = crate::samples::folder().join("exchange");
    let argument = |name: &str| exchange.join(name).to_str().expect("UTF-8").to_owned();
    let (archive, job) = (argument("clinics/MO298010220261031.zip"), argument("job.toml"));
    let out = sverka(&["check", &archive, "--job", &job]).with(1).out;
    assert!(out.contains("MO29801022026103111.csv: 3 rows"), "{out}");
    assert!(out.contains("MO29801022026103112.csv: 4 rows (attachments), 2 with errors"), "{out}");
}

#[test]
fn without_a_job_the_header_tells_the_table() {
    let project = Project::new();
    let (insurers, clinics) = (project.argument("reference/insurers.csv"), project.argument("reference/clinics.csv"));
    let files = [project.argument("registers/fund_archive.csv"), project.argument("attachments/fund_archive.csv")];
    let ground = ["--as-of", "2026-11-01", "--insurers", &insurers, "--clinics", &clinics];
    let out = sverka(&[&["check", &files[0], &files[1]], ground.as_slice()].concat()).with(1).out;
    assert!(out.contains("(register)") && out.contains("(attachments)"), "{out}");
}

#[test]
fn nothing_is_published() {
    let project = Project::new();
    let before = project.everything();
    with_job(&project, "registers/fund_archive.csv", &[]).with(1);
    assert!(project.everything() == before);
}

#[test]
fn a_missing_reference_table_exits_with_2() {
    let project = Project::new();
    let register = project.argument("registers/fund_archive.csv");
    let (insurers, clinics) = (project.argument("no.csv"), project.argument("reference/clinics.csv"));
    let ended = sverka(&["check", &register, "--as-of", "2026-11-01", "--insurers", &insurers, "--clinics", &clinics]).with(2);
    assert!(ended.complaint.contains("no.csv"), "{}", ended.complaint);
}

#[test]
fn files_that_cannot_be_read_exit_with_3_and_are_named() {
    let project = Project::new();
    project.write("empty.csv", "");
    project.write("other.csv", "a;b\n1;2\n");
    for (file, code, word) in [("missing.csv", 8, "cannot be read"), ("empty.csv", 3, "is empty"), ("other.csv", 3, "--layout")] {
        let ended = with_job(&project, file, &[]).with(code);
        assert!(ended.complaint.contains(file) && ended.complaint.contains(word), "{}", ended.complaint);
    }
}

#[test]
fn a_file_of_the_other_table_exits_with_3() {
    let project = Project::new();
    project.write("new.csv", CLEAN);
    let complaint = with_job(&project, "new.csv", &["--table", "attachments"]).with(3).complaint;
    assert!(complaint.contains("new.csv: line 1"), "{complaint}");
}

#[test]
fn a_quiet_check_answers_by_its_exit_code_alone() {
    let project = Project::new();
    let ended = with_job(&project, "registers/fund_archive.csv", &["--quiet"]).with(1);
    assert_eq!((ended.out.as_str(), ended.complaint.as_str()), ("", ""));
}

/// A row of 24 columns of the attachment family.
const MO: &str = "\"Р\";\"П\";;\"9856510894000011\";\"ЗАРЕЧНОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"2\";;\"20240115\";;;\"0\";\"1\";;\r\n";

#[test]
fn the_name_of_a_file_or_the_user_chooses_its_layout() {
    let project = Project::new();
    project.write("MO298010120261031.csv", MO);
    project.write("other.txt", MO);
    for (file, more) in [("MO298010120261031.csv", &[][..]), ("other.txt", &["--layout", "mo"])] {
        let out = with_job(&project, file, more).with(0).out;
        assert!(out.contains("1 rows (attachments), 0 with errors"), "{out}");
    }
    let complaint = with_job(&project, "other.txt", &["--layout", "mo2"]).with(2).complaint;
    assert!(complaint.contains("mo2") && complaint.contains("mo_numbered"), "{complaint}");
}

#[test]
fn members_of_an_archive_are_told_one_by_one() {
    let project = Project::new();
    let wrong = MO.replace("20240115", "20240132");
    project.write("inbox.zip", sverka::publish::zip_of(&[("MO2a1.csv", MO.as_bytes()), ("MO2a2.csv", wrong.as_bytes())]));
    let out = with_job(&project, "inbox.zip", &[]).with(1).out;
    assert!(out.contains("inbox.zip/MO2a1.csv: 1 rows") && out.contains("inbox.zip/MO2a2.csv: 1 rows"), "{out}");
    assert!(out.contains("DATE_INVALID"), "{out}");
}
