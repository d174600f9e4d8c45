//! Every rule by example: each `schemas/rules/CODE.toml` has a case that triggers its code and a neighbour that does not, and both are run.
//!
//! A file of cases says what differs from sound persons (`persons.toml` here); the rest of the job is made around it (`job.rs`).

mod case;
mod job;
mod seen;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sverka::rules::{Code, RULES};

use case::{Case, CaseFile};

/// Rules without a file of cases yet.
const NOT_YET: &[&str] = &[
    "ACTION_UNKNOWN",
    "AFTER_DEATH",
    "APPLICATION_OUTRANKS_RESIDENCE",
    "APPLIED_AFTER_DEATH",
    "APPLIED_AFTER_END",
    "APPLIED_BEFORE_BIRTH",
    "APPLIED_IN_FUTURE",
    "BIRTH_DATE_RANGE",
    "CATEGORY_CITIZENSHIP",
    "CATEGORY_UNKNOWN",
    "CERTIFICATE_AFTER_DIGITAL",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_TERM",
    "CHANGE_AT_WILL",
    "CHANGE_CONTRACT_ENDED",
    "CHANGE_DEADLINE",
    "CHANGE_LIMIT",
    "CHANGE_MOVED",
    "CHANGE_WITHOUT_ATTACHMENT",
    "CLINIC_AGE",
    "CLINIC_NOT_ATTACHABLE",
    "CLINIC_NOT_WORKING",
    "CLINIC_OTHER_REGION",
    "CLINIC_UNKNOWN",
    "DATES_REVERSED",
    "DATE_INVALID",
    "DOCTOR_SNILS_INVALID",
    "DOCTOR_SNILS_MISSING",
    "DOCUMENT_BROKEN",
    "DOC_AGE",
    "DOC_CATEGORY",
    "DOC_DATES",
    "DOC_EXPIRED",
    "DOC_KIND_UNKNOWN",
    "DOC_NUMBER_FORMAT",
    "DOC_SERIES_ALPHABET",
    "DOC_SHARED",
    "END_WITHOUT_STAY",
    "ENP_CHECK_DIGIT",
    "ENP_FORMAT",
    "ENP_IMPOSSIBLE",
    "ENP_PERSON_MISMATCH",
    "ENP_SHARED",
    "FIELD_REQUIRED",
    "FIRST_CHOICE_WHILE_INSURED",
    "IDENTITY_REVIEW",
    "INSURED_IN_SERVICE",
    "INSURER_NOT_WORKING",
    "INSURER_OTHER_REGION",
    "INSURER_UNKNOWN",
    "L1",
    "L2",
    "L3",
    "L4",
    "L5",
    "L6",
    "LATE_NOTICE",
    "METHOD_UNKNOWN",
    "MUST_CHOOSE",
    "NAME_ALPHABETS",
    "NAME_DIGITS",
    "NAME_PUNCTUATION",
    "NAME_SEX",
    "NEWBORN_INSURER",
    "NOT_INSURED",
    "NOT_INSURED_ON_START",
    "NO_CONTRACT",
    "NO_INTERVAL",
    "OLD_POLICY_AFTER_REFORM",
    "OVERRIDE_CLINIC",
    "OVERRIDE_DIFFERENT",
    "OVERRIDE_IGNORED",
    "OVERRIDE_INSURER",
    "OVERRIDE_SAME",
    "OVERRIDE_WITHOUT_RECORD",
    "PASSPORT_NOT_RENEWED",
    "POLICY_KIND_UNKNOWN",
    "POLICY_NUMBER_FORMAT",
    "REASON_CHANGES_INSURER",
    "REASON_SAME_INSURER",
    "REASON_UNKNOWN",
    "ROW_ENCODING",
    "ROW_HEADER",
    "ROW_QUOTE",
    "ROW_SHAPE",
    "SAME_DAY",
    "SAME_DAY_TIE",
    "SEVERAL_APPLICATIONS",
    "SEVERAL_ENP",
    "SEX_INVALID",
    "SNILS_REQUIRED",
    "SNILS_REQUIRED_EAEU",
    "SNILS_SHARED",
    "TERM_IGNORED",
    "TERM_MISSING",
    "TERM_TOO_LONG",
    "TERRITORY",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/rules")
}

fn files() -> Vec<(Code, PathBuf)> {
    let entries = std::fs::read_dir(folder()).expect("schemas/rules").map(|entry| entry.expect("an entry").path());
    let of_rule = |path: PathBuf| {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name of ours");
        let code = Code::from_name(name).unwrap_or_else(|| panic!("{} is no rule", path.display()));
        (code, path)
    };
    let mut files: Vec<_> = entries.map(of_rule).collect();
    files.sort();
    files
}

#[test]
fn every_rule_has_cases() {
    let found: BTreeSet<&str> = files().iter().map(|(code, _)| code.name()).collect();
    let missing: Vec<&str> =
        RULES.iter().map(|rule| rule.name).filter(|name| !found.contains(name) && !NOT_YET.contains(name)).collect();
    assert!(missing.is_empty(), "schemas/rules has no cases of {missing:?}");
}

/// One after another would take long, all at once too much memory: as many as there are processors.
#[test]
fn cases_trigger_their_rules_and_neighbours_do_not() {
    let only = std::env::var("SVERKA_RULE").ok();
    let wanted = |code: Code| only.as_deref().is_none_or(|only| only.split(',').any(|name| name == code.name()));
    let files: Vec<_> = files().into_iter().filter(|(code, _)| wanted(*code)).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((code, path)) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let failed = std::panic::catch_unwind(|| failures_of(*code, path))
                        .unwrap_or_else(|_| vec![format!("{}: panicked, see above", code.name())]);
                    failures.lock().expect("failures").extend(failed);
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("failures");
    failures.sort();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures_of(code: Code, path: &Path) -> Vec<String> {
    let file = CaseFile::read(path);
    let told = |which: &str, failure: String| format!("{} ({which}): {failure}", code.name());
    let check = |which: &str, case: &Case, triggers: bool| {
        seen::failures(code, case, triggers).into_iter().map(|failure| told(which, failure)).collect::<Vec<_>>()
    };
    [check("triggers", &file.triggers, true), check("neighbour", &file.neighbour, false)].concat()
}
