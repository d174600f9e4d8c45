//! `sverka rules`: the list, one rule, a job's rules, JSON, and the page in `docs/`.

use std::process::Command;

use serde_json::Value;
use sverka_model::Code;
use sverka_rules::{RULES, Rule};

use super::project::Project;
use super::{PROGRAM, ended, sverka};

#[test]
fn the_list_has_a_line_for_each_rule() {
    let list = sverka(&["rules", "--lang", "en"]).exits_with(0).stdout;
    let missing: Vec<&str> = RULES
        .iter()
        .filter(|rule| !list.lines().any(|line| line.starts_with(rule.name()) && line.contains(rule.message.en)))
        .map(|rule| rule.name())
        .collect();
    assert_eq!(missing, [] as [&str; 0], "{list}");
}

#[test]
fn one_rule_is_shown_in_the_chosen_language() {
    let rule = Rule::by_code(Code::ChangeDeadline);
    let russian = sverka(&["rules", "change_deadline", "--lang", "ru"]).exits_with(0).stdout;
    let joined = russian.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [rule.message.ru, rule.meaning.ru, rule.remedy.ru, rule.source.ru] {
        assert!(joined.contains(part), "{part} in {russian}");
    }
    assert!(russian.contains("applied_on = 2025-11-02"), "{russian}");
}

#[test]
fn the_language_is_that_of_the_environment() {
    let first_line = |variables: &[(&str, &str)]| {
        let mut command = Command::new(PROGRAM);
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command.envs(variables.iter().copied()).arg("rules");
        ended(&mut command).exits_with(0).stdout.lines().next().expect("a line").to_owned()
    };
    assert_eq!(first_line(&[]), "Checks of rows");
    assert_eq!(first_line(&[("LANG", "ru_RU.UTF-8")]), "Проверки строк");
    assert_eq!(first_line(&[("LANG", "ru_RU.UTF-8"), ("LC_ALL", "C.UTF-8")]), "Checks of rows");
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest() {
    let refused = sverka(&["rules", "SNILS_INVALD"]).exits_with(2);
    assert!(refused.stderr.contains("there is no rule `SNILS_INVALD`; is SNILS_INVALID"), "{}", refused.stderr);
}

#[test]
fn json_has_everything_of_every_rule() {
    let rules: Value = serde_json::from_str(&sverka(&["rules", "--json"]).exits_with(0).stdout).expect("JSON");
    let rules = rules.as_array().expect("an array");
    assert_eq!(rules.len(), Code::COUNT);
    let shared = rules.iter().find(|rule| rule["code"] == "ENP_SHARED").expect("a rule");
    assert_eq!(shared["allowed"], serde_json::json!(["warning", "off"]));
    assert_eq!(shared["message"]["ru"], "ЕНП указан у нескольких лиц");
}

#[test]
fn a_job_shows_in_the_list() {
    let project = Project::new();
    project.replace("job.toml", "[thresholds]", "[rules.severity]\nSNILS_REQUIRED = \"error\"\nL5 = \"off\"\n\n[thresholds]");
    project.replace(
        "job.toml",
        "files = [\"registers/fund_archive.csv\"]",
        "files = [\"registers/fund_archive.csv\"]\nseverity = { ENP_CHECK_DIGIT = \"warning\" }",
    );
    let list = sverka(&["rules", "--lang", "en", "--job", &project.argument("job.toml")]).exits_with(0).stdout;
    let line = |code: &str| list.lines().find(|line| line.starts_with(code)).expect("a line").split_whitespace().nth(1);
    assert_eq!((line("SNILS_REQUIRED"), line("L5"), line("L4")), (Some("error*"), Some("off*"), Some("on")));
    assert!(list.contains("registers/fund_archive.csv: ENP_CHECK_DIGIT warning"), "{list}");
}

#[test]
fn rules_of_a_job_need_neither_a_day_nor_its_files() {
    let project = Project::new();
    project.replace("job.toml", "as_of  = \"2026-11-01\"", "");
    project.replace("job.toml", "[thresholds]", "[rules.severity]\nSNILS_REQUIRED = \"error\"\n\n[thresholds]");
    for folder in ["registers", "attachments", "reference"] {
        std::fs::remove_dir_all(project.path(folder)).expect("removed");
    }
    let stdout =
        sverka(&["rules", "SNILS_REQUIRED", "--lang", "en", "--job", &project.argument("job.toml")]).exits_with(0).stdout;
    assert!(stdout.contains("error (by itself warning)"), "{stdout}");
    sverka(&["rules", "--job", &project.argument("none.toml")]).exits_with(2);
}

#[test]
fn a_severity_that_a_rule_cannot_have_is_refused() {
    let project = Project::new();
    project.replace("job.toml", "[thresholds]", "[rules.severity]\nROW_SHAPE = \"off\"\n\n[thresholds]");
    let refused = project.run(&[]).exits_with(2);
    assert!(refused.stderr.contains("ROW_SHAPE is as it is"), "{}", refused.stderr);
}

#[test]
fn the_page_in_docs_is_that_of_the_rules() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    if std::env::var_os("SVERKA_BLESS").is_some() {
        std::fs::write(path, sverka::cli::markdown_page()).expect("docs/rules.md");
    }
    let page = std::fs::read_to_string(path).expect("docs/rules.md");
    assert!(page == sverka::cli::markdown_page(), "docs/rules.md is stale: run sverka rules --markdown > docs/rules.md");
}

#[test]
fn an_unknown_rule_is_answered_with_the_command_to_type() {
    let message = |name: &str| sverka(&["rules", name]).exits_with(2).stderr;
    assert_eq!(message("XYZZY").trim_end(), "sverka: there is no rule `XYZZY`; `sverka rules` lists them all");
    let near = message("CHANGE_LIMITS");
    assert!(near.contains("`CHANGE_LIMITS`; is") && near.contains("CHANGE_LIMIT") && near.contains("meant?"), "{near}");
}
