//! No message shows values of a row, however the row or its file is spoiled.

use super::project::Project;
use super::{Ended, sverka};

const SECRETS: [&str; 5] = ["Заречнов", "Провидец", "1980-07-09", "98004812345", "9852210822900697"];
const HEADER: &str = "insurer;policy_kind;policy_number;enp;surname;given_name;sex;birth_date;insured_from;snils";
const ROW: &str = "98001;3;;9852210822900697;Заречнов;Провидец;1;1980-07-09;2020-01-01;98004812345";

/// Contents of a register of one person, each spoiled in another way.
fn spoiled_files() -> Vec<String> {
    vec![
        ROW.to_owned(),
        format!("{ROW}\n{HEADER}\n"),
        format!("\"{ROW}\n"),
        format!("{ROW};\n{ROW}\n"),
        ROW.replace(';', ","),
        format!("{}\n{ROW}\n", HEADER.replace(";sex", "")),
        format!("{HEADER};surname\n{ROW};x\n"),
        format!("{HEADER}\n{ROW}\n"),
        format!("{HEADER}\n\"{ROW}\n"),
        format!("{HEADER}\n{ROW};more\n"),
        format!("{HEADER}\n{}\n", ROW.replace("1980-07-09", "1980-07-09x")),
    ]
}

/// The outputs that show a secret.
fn outputs_with_secrets(all: &[Ended]) -> Vec<String> {
    let texts = all.iter().flat_map(|ended| [&ended.stdout, &ended.stderr]);
    texts.filter(|text| SECRETS.iter().any(|secret| text.contains(secret))).cloned().collect()
}

#[test]
fn no_message_about_a_source_shows_its_rows() {
    let project = Project::new();
    for content in spoiled_files() {
        project.write("registers/fund_archive.csv", &content);
        let (file, job) = (project.argument("registers/fund_archive.csv"), project.argument("job.toml"));
        project.write("alone.csv", &content);
        let alone = project.argument("alone.csv");
        let ended = [
            project.run(&["--force"]),
            sverka(&["check", &file, "--job", &job]),
            sverka(&["check", &alone, "--job", &job]),
            sverka(&["check", &alone, "--job", &job, "--table", "register"]),
            sverka(&["check", &alone, "--job", &job, "--table", "attachments"]),
        ];
        assert_eq!(outputs_with_secrets(&ended), Vec::<String>::new());
    }
}

#[test]
fn no_message_shows_rows_that_are_taken_for_a_job_or_a_reference_table() {
    for file in ["job.toml", "reference/insurers.csv", "reference/clinics.csv", "reference/tariff.toml"] {
        for content in [ROW.to_owned(), format!("{HEADER}\n{ROW}\n")] {
            let project = Project::new();
            project.write(file, content);
            assert_eq!(outputs_with_secrets(&[project.run(&[]).exits_with(2)]), Vec::<String>::new(), "{file}");
        }
    }
}
