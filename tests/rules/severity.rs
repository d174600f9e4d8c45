//! Severities that a job sets: every rule is run over its own case with each severity that it may have.

use std::path::Path;

use sverka::job::{CommandLine, Job};
use sverka_model::{Code, Kind, Latitude};
use sverka_publish::OutputTable;

use super::case::{Case, CaseFile};
use super::{assert_for_each_rule, job, seen};
use crate::published::PublishedRun;

#[test]
fn every_rule_has_the_severity_that_the_job_sets() {
    assert_for_each_rule(|code, path| {
        let case = CaseFile::read(path).triggers;
        match code.latitude() {
            Latitude::Fixed => failure_when_changed(code, &case).into_iter().collect(),
            Latitude::Severity => {
                [failures_as_error(code, &case), failures_as_warning(code, &case), failures_when_off(code, &case)].concat()
            }
            Latitude::OffOrWarning | Latitude::Switch => failures_when_off(code, &case),
        }
    });
}

/// The key of a job that sets the severity of a rule.
fn severity_key(code: Code, word: &str) -> String {
    format!("[rules.severity]\n{} = \"{word}\"\n", code.name())
}

fn failure_when_changed(code: Code, case: &Case) -> Option<String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    job::write(case, &severity_key(code, "off"), folder.path());
    let loaded = Job::load(&folder.path().join("job.toml"), &CommandLine::default());
    loaded.is_ok().then(|| format!("{} can be switched off, though it is fixed", code.name()))
}

fn severities(code: Code, run: &PublishedRun) -> Vec<String> {
    let findings = run.rows(OutputTable::Findings).filter(|row| row.text("code") == code.name());
    findings.map(|row| row.text("severity").to_owned()).collect()
}

fn failures_as_error(code: Code, case: &Case) -> Vec<String> {
    let run = seen::run(case, &severity_key(code, "error"));
    let said = severities(code, &run);
    let quarantined = run.rows(OutputTable::Quarantine).filter(|row| row.list("codes").contains(&code.name())).count();
    let mut failures = Vec::new();
    if said.is_empty() || said.iter().any(|word| word != "error") || quarantined == 0 {
        failures.push(format!("{} as an error: severities {said:?}, {quarantined} rows quarantined", code.name()));
    }
    if run.manifest.errors.get(code.name()) != run.manifest.findings.get(code.name()) {
        failures.push(format!("{} as an error: the manifest counts {:?}", code.name(), run.manifest.errors));
    }
    failures
}

fn failures_as_warning(code: Code, case: &Case) -> Vec<String> {
    let run = seen::run(case, &severity_key(code, "warning"));
    let said = severities(code, &run);
    let mut failures = Vec::new();
    if said.is_empty() || said.iter().any(|word| word != "warning") || run.manifest.errors.contains_key(code.name()) {
        failures.push(format!("{} as a warning: severities {said:?}", code.name()));
    }
    // A warning quarantines no row, so every quarantined row has an error.
    let errors: u64 = run.manifest.errors.values().sum();
    if run.manifest.totals.quarantined > errors {
        failures.push(format!(
            "{} as a warning: {} rows quarantined for {errors} errors",
            code.name(),
            run.manifest.totals.quarantined
        ));
    }
    failures
}

fn failures_when_off(code: Code, case: &Case) -> Vec<String> {
    let run = seen::run(case, &severity_key(code, "off"));
    let linked = run.manifest.links.get(code.name()).copied().unwrap_or(0) > 0;
    let found = seen::found(code, &run);
    if found.is_empty() && !(code.kind() == Kind::Link && linked) {
        return Vec::new();
    }
    vec![format!("{} is off, and found at {found:?}", code.name())]
}

#[test]
fn a_source_may_have_its_own_severities() {
    let case: CaseFile = toml::from_str(
        r#"
        [triggers]
        en = "-"
        ru = "-"
        files."archive.csv" = """
record_id;insurer;policy_kind;enp;surname;given_name;sex;birth_date;snils;category;insured_from
1;98001;3;9856410891000025;Рябинина;Вера;2;1985-03-08;;1;2015-01-01
"""
        [[triggers.register]]
        snils = ""
        [neighbour]
        en = "-"
        ru = "-"
        "#,
    )
    .expect("a case");
    let archive =
        "[[registers]]\nfiles = [\"archive.csv\"]\nseverity = { SNILS_REQUIRED = \"error\", SNILS_INVALID = \"off\" }\n";
    let run = seen::run(&case.triggers, archive);
    let said: Vec<(&str, &str)> = run
        .rows(OutputTable::Findings)
        .filter(|row| row.text("code") == "SNILS_REQUIRED")
        .map(|row| (row.text("source"), row.text("severity")))
        .collect();
    assert_eq!(said, [("archive.csv", "error"), ("registers/case.csv", "warning")]);
    assert_eq!(run.manifest.errors.get("SNILS_REQUIRED"), Some(&1));
    let settings = &run.manifest.job.settings;
    assert_eq!(
        settings["severity_of_sources"]["archive.csv"],
        serde_json::json!({ "SNILS_INVALID": "off", "SNILS_REQUIRED": "error" })
    );
}

/// Values of the table `persons` when the case of a rule is run with a severity.
fn persons_columns(rule: &str, word: &str, columns: &[&str]) -> Vec<Vec<Option<String>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/rules").join(format!("{rule}.toml"));
    let code = Code::from_name(rule).expect("a rule");
    let run = seen::run(&CaseFile::read(&path).triggers, &severity_key(code, word));
    run.rows(OutputTable::Persons).map(|row| columns.iter().map(|column| row.get(column).map(str::to_owned)).collect()).collect()
}

#[test]
fn a_wrong_enp_that_is_tolerated_identifies_nobody() {
    for rule in ["ENP_FORMAT", "ENP_CHECK_DIGIT", "ENP_IMPOSSIBLE"] {
        assert_eq!(persons_columns(rule, "warning", &["enp", "insurer"]), [[None, Some("98001".to_owned())]], "{rule}");
    }
}

#[test]
fn a_link_that_is_off_leaves_two_persons() {
    assert_eq!(persons_columns("L5", "on", &["insurer"]).len(), 1);
    assert_eq!(persons_columns("L5", "off", &["insurer"]).len(), 2);
}

#[test]
fn without_deadline_or_limit_a_change_goes_through() {
    for rule in ["CHANGE_DEADLINE", "CHANGE_LIMIT"] {
        let insurer = |word| persons_columns(rule, word, &["insurer"]);
        assert_ne!(insurer("on"), insurer("off"), "{rule}");
    }
}

#[test]
fn without_its_rank_an_application_gives_way() {
    for (word, clinic) in [("on", "980101"), ("off", "980104")] {
        assert_eq!(persons_columns("APPLICATION_OUTRANKS_RESIDENCE", word, &["clinic"]), [[Some(clinic.to_owned())]]);
    }
}
