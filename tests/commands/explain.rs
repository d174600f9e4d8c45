//! `sverka explain`: its output for a person, and its exit codes.

use std::fs;
use std::path::Path;

use super::sverka;

/// The number of a person of the sample region.
const PERSON: &str = "8312190403813817016";

#[test]
fn a_person_is_explained_by_the_golden_text() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("out");
    let output = output.to_str().expect("UTF-8");
    sverka(&["run", samples.join("job.toml").to_str().expect("UTF-8"), "--output", output, "--quiet"]);
    let current = fs::read_link(Path::new(output).join("current")).expect("a published run");
    let run = current.file_name().and_then(|name| name.to_str()).expect("an id");
    for language in ["en", "ru"] {
        let golden = samples.join(format!("golden/explain/clinic-at-will.{language}.txt"));
        let golden = fs::read_to_string(golden).expect("a golden text").replace("RUN", run);
        let stdout = sverka(&["explain", PERSON, "--output", output, "--lang", language]).exits_with(0).stdout;
        assert_eq!(stdout.trim_end(), golden.trim_end(), "{language}");
    }
    let json = sverka(&["explain", PERSON, "--output", output, "--json"]).exits_with(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json.to_string().contains(PERSON));
    sverka(&["explain", "1", "--output", output]).exits_with(2);
    sverka(&["explain", "--output", output]).exits_with(2);
}
