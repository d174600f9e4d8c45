//! `explain`, started as a program: what it prints for whoever asks by each kind of number, and how it ends.

use std::fs;
use std::path::Path;

use super::sverka;

/// A person of the sample region, and the numbers by which it is found.
const PERSON: &str = "8312190403813817016";

#[test]
fn a_person_is_explained_as_the_golden_text_says() {
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
        let told = sverka(&["explain", PERSON, "--output", output, "--lang", language]).with(0).out;
        assert_eq!(told.trim_end(), golden.trim_end(), "{language}");
    }
    let json = sverka(&["explain", PERSON, "--output", output, "--json"]).with(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json.to_string().contains(PERSON));
    sverka(&["explain", "1", "--output", output]).with(2);
    sverka(&["explain", "--output", output]).with(2);
}
