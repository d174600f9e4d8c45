//! Tests of severities in jobs: allowed severities, and errors for all others.

use super::*;
use crate::job::tests::{HEAD, REFERENCE, REGISTERS, load};
use sverka_model::{Code, MonthDay};

fn job(more: &str) -> Result<crate::job::Job, JobError> {
    load(&format!("{HEAD}{REGISTERS}{REFERENCE}{more}"))
}

#[test]
fn rules_are_as_they_are_unless_the_job_says_otherwise() {
    let silent = job("").expect("job");
    assert_eq!(*silent.severities, Severities::DEFAULT);
    assert_eq!(silent.severities.of(Code::DoctorSnilsMissing), Severity::Off);
    let said =
        job("[rules.severity]\nSNILS_REQUIRED = \"error\"\nENP_SHARED = \"off\"\nL3 = \"off\"\nL4 = \"on\"\n").expect("job");
    let changed: Vec<_> = said.severities.other_than(&Severities::DEFAULT).collect();
    assert_eq!(changed, [(Code::SnilsRequired, Severity::Error), (Code::L3, Severity::Off), (Code::EnpShared, Severity::Off)]);
}

#[test]
fn a_source_says_otherwise_than_the_job_for_itself_alone() {
    let archive = "[[registers]]\nfiles = [\"moves/*.csv\"]\nseverity = { ENP_CHECK_DIGIT = \"warning\" }\n";
    let text = format!("{HEAD}{REGISTERS}{archive}{REFERENCE}[rules.severity]\nSNILS_INVALID = \"off\"\n");
    let job = load(&text).expect("job");
    let severities_of =
        |name: &str| &job.sources.iter().find(|source| source.name.starts_with(name)).expect("a source").severities;
    assert_eq!(severities_of("moves").of(Code::EnpCheckDigit), Severity::Warning);
    assert_eq!(severities_of("moves").of(Code::SnilsInvalid), Severity::Off);
    assert!(Arc::ptr_eq(severities_of("registers"), &job.severities));
}

#[test]
fn steps_that_are_off_are_off_in_the_settings_of_the_timelines() {
    let off = "CHANGE_LIMIT = \"off\"\nCHANGE_DEADLINE = \"off\"\nAPPLICATION_OUTRANKS_RESIDENCE = \"off\"\n";
    let rules = job(&format!("[rules.severity]\n{off}")).expect("job").rules;
    assert_eq!(rules.insurer.deadline, MonthDay { month: 12, day: 31 });
    assert_eq!((rules.insurer.changes_per_year, rules.clinic.changes_per_year), (u32::MAX, u32::MAX));
    assert!(!rules.clinic.application_outranks_residence);
}

#[test]
fn a_setting_that_switches_a_rule_off_shows_in_the_severities() {
    let job = job("[rules.clinic]\napplication_outranks_residence = false\n").expect("job");
    assert!(!job.severities.is_on(Code::ApplicationOutranksResidence));
}

#[test]
fn without_ages_every_clinic_serves_everybody() {
    let ages = |more: &str| {
        let job = job(more).expect("job");
        job.clinics.iter().map(|clinic| clinic.ages).collect::<Vec<_>>()
    };
    let all = sverka_reference::AgesServed::All;
    assert!(ages("[rules.severity]\nCLINIC_AGE = \"off\"\n").iter().all(|&ages| ages == all));
}

#[test]
fn an_impossible_severity_is_an_error_with_its_line_and_a_way_out() {
    for (more, told) in [
        (
            "[rules.severity]\nSNILS_INVALD = \"off\"\n",
            "job.toml:10: there is no rule `SNILS_INVALD` (is SNILS_INVALID meant?); `sverka rules` lists them all",
        ),
        ("[rules.severity]\nQQQQQQQQQQ = \"off\"\n", "job.toml:10: there is no rule `QQQQQQQQQQ`; `sverka rules` lists them all"),
        (
            "[rules.severity]\nROW_SHAPE = \"warning\"\n",
            "job.toml:10: ROW_SHAPE is as it is: A row without fields gives no record, so there is nothing that could be accepted. Remove the line",
        ),
        (
            "[rules.severity]\nSNILS_INVALID = \"info\"\n",
            "job.toml:10: SNILS_INVALID is `info`; expected `error` or `warning` or `off`",
        ),
        (
            "[rules.severity]\nENP_SHARED = \"error\"\n",
            "job.toml:10: ENP_SHARED is `error`; expected `warning` or `off`: it is found when the row has been accepted",
        ),
        ("[rules.severity]\nL1 = \"error\"\n", "job.toml:10: L1 is `error`; expected `on` or `off`: it is no finding of a row"),
        (
            "[[registers]]\nfiles = [\"moves/*.csv\"]\nseverity = { L1 = \"off\" }\n",
            "job.toml:11: L1 concerns records of several sources, so it is on or off for all of them; move the line to [rules.severity]",
        ),
    ] {
        let error = job(more).expect_err(more).to_string();
        assert!(error.ends_with(told), "{error}");
    }
}

/// Codes that jobs may name, in the form of the JSON schema.
fn severities_of_schema() -> String {
    let allowed = Code::ALL.iter().filter(|code| !code.latitude().words().is_empty());
    let lines = allowed.map(|code| {
        let words: Vec<String> = code.latitude().words().iter().map(|word| format!("\"{word}\"")).collect();
        format!("        \"{}\": {{ \"enum\": [{}] }}", code.name(), words.join(", "))
    });
    lines.collect::<Vec<_>>().join(",\n")
}

#[test]
fn the_schema_of_jobs_is_what_the_rules_say() {
    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/job.schema.json");
    let schema = std::fs::read_to_string(PATH).expect("the schema").replace("\r\n", "\n");
    let begin = schema.find("    \"severity\": {\n      \"description\"").expect("the definition of severities");
    let begin = begin + schema[begin..].find("\"properties\": {\n").expect("its properties") + "\"properties\": {\n".len();
    let end = begin + schema[begin..].find("\n      }").expect("the end of its properties");
    if std::env::var_os("SVERKA_BLESS").is_some() {
        std::fs::write(PATH, [&schema[..begin], &severities_of_schema(), &schema[end..]].concat()).expect("the schema");
        return;
    }
    assert!(schema[begin..end] == severities_of_schema(), "schemas/job.schema.json is stale: run this test with SVERKA_BLESS=1");
}
