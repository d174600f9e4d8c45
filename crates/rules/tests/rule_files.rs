//! Tests of rule files with a mistake: the build refuses each with file, line and the expected value.

use std::fs;
use std::path::{Path, PathBuf};

use rule_files::{CODE_LIST, RuleFiles, RulePaths};
use sverka_model::Code;

#[path = "../build/rules.rs"]
mod rule_files;

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The faults that the build finds when a part of one file of this repository is replaced.
fn faults(file: &str, from: &str, to: &str) -> Vec<String> {
    let paths = RulePaths::in_repository(&root());
    let folder = tempfile::tempdir().expect("temporary folder");
    let copy = folder.path().join("schemas/rules");
    fs::create_dir_all(&copy).expect("a folder");
    for entry in fs::read_dir(&paths.rules).expect("the rules") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name");
        let mut text = fs::read_to_string(&path).expect("a rule");
        if name == file {
            assert!(text.contains(from), "{file} does not contain {from}");
            text = text.replacen(from, to, 1);
        }
        fs::write(copy.join(name), text).expect("a copy");
    }
    match RuleFiles::read(&RulePaths { rules: copy, ..paths }) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn files_of_rules_with_a_mistake_are_refused() {
    const FILE: &str = "DOC_AGE.toml";
    for (from, to, told) in [
        ("number = 37", "", "DOC_AGE.toml:1: `number` is missing"),
        ("number = 37", "number = 36", "DOC_SERIES_ALPHABET.toml:1: the number 36 is that of schemas/rules/DOC_AGE.toml, too"),
        ("number = 37", "number = 255", "DOC_CATEGORY.toml:1: the number 38 leaves a gap: no rule has the number 37"),
        ("kind = \"row_check\"", "kind = \"row\"", "DOC_AGE.toml:2: `kind` is `row`; expected `row_check` or"),
        ("severity = \"warning\"", "severity = \"on\"", "DOC_AGE.toml:4: `severity` is `on`; expected `error` or"),
        ("latitude = \"severity\"", "latitude = \"fixed\"", "[fixed_because] stands there exactly when"),
        ("\"doc_kind\"", "\"dockind\"", "DOC_AGE.toml:6: there is no canonical field `dockind`"),
        ("[remedy]", "[remidy]", "there is no key `remidy`; expected number,"),
        ("mo = { code = \"99\" }", "", "`mo` is missing"),
        ("mo = { code = \"99\" }", "mo = { code = \"9x\" }", "the family `mo` has no code `9x`: see schemas/answers/mo.toml"),
        ("att = {", "other = { code = \"1\" }\natt = {", "there is no family of answers `other`"),
        ("person = \"child\"", "persson = \"child\"", "there is no canonical field `persson`"),
        ("[message]", "[message", "DOC_AGE.toml:10: "),
    ] {
        let faults = faults(FILE, from, to);
        assert!(faults.len() <= 1, "{from} → {to}: {faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("schemas/rules/") && fault.contains(told)), "{told}: {faults:?}");
    }
}

#[test]
fn the_list_of_codes_is_what_the_rules_say() {
    let files = RuleFiles::read(&RulePaths::in_repository(&root())).expect("sound files");
    let kept = fs::read_to_string(root().join(CODE_LIST)).expect("the list of codes").replace("\r\n", "\n");
    assert!(kept == files.code_list(), "{CODE_LIST} is stale: build again");
    assert_eq!(files.texts().matches("Rule {").count(), Code::ALL.len());
}
