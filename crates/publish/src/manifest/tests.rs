//! Tests of the manifest, and a small one for tests of other parts.

use super::super::{QualityFigures, SenderVolumes};
use super::*;

fn quality() -> Quality {
    let figures = QualityFigures {
        rows: 3,
        accepted: 1,
        duplicates: 1,
        quarantined: 1,
        fields: BTreeMap::from([("enp".to_owned(), 2)]),
        findings: BTreeMap::from([("ENP_SHARED".to_owned(), 2)]),
        conflicts_lost: BTreeMap::from([("SAME_DAY".to_owned(), 2)]),
        conflicts_won: BTreeMap::from([("SAME_DAY".to_owned(), 2)]),
    };
    let of_table = BTreeMap::from([("register".to_owned(), figures.clone())]);
    Quality {
        clinics: BTreeMap::new(),
        former_run: Some("a0".to_owned()),
        volumes: Some(SenderVolumes::default()),
        insurers: BTreeMap::from([("98001".to_owned(), figures)]),
        run: of_table.clone(),
        sources: BTreeMap::from([("in/register.csv".to_owned(), of_table)]),
    }
}

/// A manifest with content in every part.
pub(in super::super) fn manifest(run_id: &str, outputs: &[WrittenTable]) -> Manifest {
    let counts = |code: &str| BTreeMap::from([(code.to_owned(), 2)]);
    Manifest {
        engine: Engine { name: "sverka".to_owned(), version: "1.2.3".to_owned(), build: "0123456789abcdef".to_owned() },
        run_id: run_id.to_owned(),
        as_of: "2026-11-01".to_owned(),
        sources_key: "5e".repeat(32),
        job: Job { file: "job.toml".to_owned(), settings: serde_json::json!({"changes_per_year": 1}) },
        started_at: "2026-11-02T03:00:00Z".to_owned(),
        ended_at: Some("2026-11-02T03:00:07Z".to_owned()),
        inputs: vec![Input {
            role: "register".to_owned(),
            name: "in/register.csv".to_owned(),
            bytes: 10,
            blake3: "00".repeat(32),
            layout: None,
            content: None,
            encoding: Some("windows-1251".to_owned()),
            encoding_detected: Some(true),
            source_date: Some("2026-10-31".to_owned()),
            sender: None,
            rows: Some(3),
            accepted: Some(1),
            duplicates: Some(1),
            quarantined: Some(1),
            broken: Some("at byte 7: the archive is cut".to_owned()),
            shortfall: Some("the header declares 5 rows and 3 are there".to_owned()),
            notes: vec!["it is read as utf-8".to_owned()],
            systematic: BTreeMap::new(),
            ends: None,
        }],
        known_by: None,
        left_out: Vec::new(),
        missing_senders: Vec::new(),
        insurers: vec![Insurer {
            insurer: "98001".to_owned(),
            region: None,
            name: None,
            works_from: "2015-01-01".to_owned(),
            closes_on: None,
        }],
        totals: Totals { rows: 3, accepted: 1, duplicates: 1, quarantined: 1, amount: "10.50".to_owned(), ..Totals::default() },
        findings: counts("ENP_SHARED"),
        errors: BTreeMap::new(),
        decisions: BTreeMap::from([("insurer".to_owned(), BTreeMap::from([("SAME_DAY".to_owned(), counts("lost"))]))]),
        links: counts("L1"),
        overrides: counts("applied"),
        quality: Some(quality()),
        events: vec![Event { then: "note".to_owned(), what: "a file is older than the others".to_owned() }],
        accepted_shrink: vec!["insurer 98001: rows 9 → 3".to_owned()],
        outputs: outputs.iter().map(Output::from).collect(),
        stages: vec![StageTime { name: "intake".to_owned(), wall_ms: 5, cpu_ms: Some(9) }],
        peak_memory_bytes: 1 << 20,
        threads: 2,
    }
}

#[test]
fn what_is_written_is_read() {
    let dir = tempfile::tempdir().expect("folder");
    let written = manifest("a1", &[]);
    written.write(dir.path()).expect("write");
    assert_eq!(Manifest::read(dir.path()).expect("read"), written);
}

#[test]
fn the_key_of_the_sources_is_found_at_the_beginning() {
    let dir = tempfile::tempdir().expect("folder");
    assert_eq!(Manifest::read_sources_key(dir.path()), None);
    let path = manifest("a1", &[]).write(dir.path()).expect("write");
    assert_eq!(Manifest::read_sources_key(dir.path()), Some("5e".repeat(32)));
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, text.replace("sources_key", "other")).expect("write");
    assert_eq!(Manifest::read_sources_key(dir.path()), None);
}

#[test]
fn fields_stand_in_their_order() {
    let text = serde_json::to_string(&manifest("a1", &[])).expect("text");
    let places: Vec<_> = ["engine", "run_id", "as_of", "job", "inputs", "totals", "findings", "outputs", "threads"]
        .iter()
        .map(|field| text.find(&format!("\"{field}\":")).expect(field))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}
