//! The outputs of both sample jobs against their `golden/` folders, and a trace of every rule in them.
//!
//! `scripts/update-golden` (or `SVERKA_UPDATE_GOLDEN=1`) writes the golden files anew; look at the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;
use sverka_model::{Code, Kind};
use sverka_publish::{Manifest, OutputTable, json_text};

use super::{exchange, money, region, sample_run};
use crate::published::{PublishedRun, TextRow, TextTable, is_published};

/// Lines of a difference that are shown for each file.
const SHOWN: usize = 12;

#[test]
fn outputs_are_the_golden_ones() {
    for sample in [region(), exchange::sample()] {
        let mut files = tables(&sample.run);
        files.insert(Manifest::FILE_NAME.to_owned(), stable_text(&sample.run.manifest));
        assert_golden(&sample.folder, "golden", &files);
    }
}

#[test]
fn no_golden_file_is_left_over() {
    for sample in [region(), exchange::sample()] {
        let expected: BTreeSet<String> = tables(&sample.run).into_keys().collect();
        let found = std::fs::read_dir(sample.folder.join("golden")).expect("a golden folder").map(|entry| entry.expect("entry"));
        let names = found.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name());
        let left: Vec<_> =
            names.filter(|name| name != Manifest::FILE_NAME && !name.to_str().is_some_and(|n| expected.contains(n))).collect();
        assert!(left.is_empty(), "files of no table in {}/golden: {left:?}", sample.folder.display());
    }
}

/// Rules with a case in the samples.
const SHOWN_RULES: &[&str] = &[
    "ROW_SHAPE",
    "ROW_QUOTE",
    "ROW_ENCODING",
    "ROW_HEADER",
    "QUOTE_IN_VALUE",
    "DOCUMENT_BROKEN",
    "RECORD_BROKEN",
    "FIELD_REQUIRED",
    "DATE_INVALID",
    "BIRTH_DATE_RANGE",
    "DATES_REVERSED",
    "SEX_INVALID",
    "POLICY_KIND_UNKNOWN",
    "POLICY_NUMBER_FORMAT",
    "ENP_FORMAT",
    "ENP_CHECK_DIGIT",
    "ENP_IMPOSSIBLE",
    "ENP_PERSON_MISMATCH",
    "SNILS_INVALID",
    "SNILS_REQUIRED",
    "INSURER_UNKNOWN",
    "CLINIC_UNKNOWN",
    "INSURER_NOT_WORKING",
    "CLINIC_NOT_WORKING",
    "CLINIC_NOT_ATTACHABLE",
    "CATEGORY_UNKNOWN",
    "METHOD_UNKNOWN",
    "REASON_UNKNOWN",
    "ACTION_UNKNOWN",
    "TERM_MISSING",
    "TERM_IGNORED",
    "DOC_NUMBER_FORMAT",
    "CERTIFICATE_AFTER_DIGITAL",
    "OLD_POLICY_AFTER_REFORM",
    "NAME_ALPHABETS",
    "NAME_SEX",
    "OVERRIDE_IGNORED",
    "SYSTEMATIC",
    "L1",
    "L2",
    "L3",
    "L4",
    "L5",
    "L6",
    "OVERRIDE_SAME",
    "OVERRIDE_DIFFERENT",
    "ENP_SHARED",
    "IDENTITY_REVIEW",
    "SEVERAL_ENP",
    "AFTER_DEATH",
    "NO_INTERVAL",
    "CLINIC_AGE",
    "NOT_INSURED",
    "END_WITHOUT_STAY",
    "CHANGE_WITHOUT_ATTACHMENT",
    "CERTIFICATE_EXPIRED",
    "REASON_CHANGES_INSURER",
    "SEVERAL_APPLICATIONS",
    "NOT_INSURED_ON_START",
    "MUST_CHOOSE",
    "OVERRIDE_WITHOUT_RECORD",
    "SAME_DAY",
    "SAME_DAY_TIE",
    "CHANGE_AT_WILL",
    "CHANGE_MOVED",
    "CHANGE_CONTRACT_ENDED",
    "CHANGE_DEADLINE",
    "CHANGE_LIMIT",
    "APPLICATION_OUTRANKS_RESIDENCE",
    "TERRITORY",
    "OVERRIDE_INSURER",
    "OVERRIDE_CLINIC",
];

#[test]
fn rules_show_in_the_samples() {
    let runs = [&region().run, &exchange::sample().run];
    let seen = |table, column: &str| -> BTreeSet<&str> {
        runs.iter().flat_map(|run| run.rows(table)).map(|row| row.text(column)).collect()
    };
    let (findings, decisions) = (seen(OutputTable::Findings, "code"), seen(OutputTable::Decisions, "rule"));
    let shown = |kind: Kind, name: &str| match kind {
        Kind::RowCheck | Kind::SourceCheck | Kind::PersonCheck => findings.contains(name),
        Kind::Decision => decisions.contains(name),
        Kind::Link => runs.iter().any(|run| run.manifest.links.get(name).is_some_and(|&count| count > 0)),
    };
    let code = |name: &str| Code::from_name(name).expect("a rule");
    let missing: Vec<&str> = SHOWN_RULES.iter().copied().filter(|name| !shown(code(name).kind(), name)).collect();
    assert!(missing.is_empty(), "the samples show nothing of {missing:?}");
}

#[test]
fn every_table_of_the_samples_has_rows() {
    let runs = [sample_run(), &money::sample().run];
    let is_empty = |table: &&OutputTable| runs.iter().all(|run| run.table(**table).len() == 0);
    let written = |table: &&OutputTable| runs.iter().any(|run| is_published(&run.manifest, **table));
    let empty: Vec<&str> = OutputTable::ALL.iter().filter(written).filter(is_empty).map(|table| table.name()).collect();
    assert!(empty.is_empty(), "{empty:?}");
}

/// Compares files with those of a golden folder of a sample. With `SVERKA_UPDATE_GOLDEN=1` it writes them anew.
pub fn assert_golden(sample: &Path, folder: &str, files: &BTreeMap<String, String>) {
    let golden = sample.join(folder);
    if std::env::var_os("SVERKA_UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        for (name, text) in files {
            let path = golden.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a golden folder");
            std::fs::write(path, text).expect("a golden file");
        }
    }
    let differences: Vec<String> = files.iter().filter_map(|(name, found)| difference(&golden, name, found)).collect();
    assert!(
        differences.is_empty(),
        "outputs differ from {}; if that is meant, run scripts/update-golden\n{}",
        golden.display(),
        differences.join("\n")
    );
}

/// The tables of a run as text. Of the quality figures it has those of sources, without their fields: all others are sums of these, or stand in the
/// manifest, and `properties::quality_laws` holds them.
fn tables(run: &PublishedRun) -> BTreeMap<String, String> {
    let is_shown = |table, row: &TextRow<'_>| {
        table != OutputTable::Quality || (row.text("of") == "source" && row.text("measure") != "field")
    };
    let text = |table| csv(run.table(table), |row| is_shown(table, row));
    OutputTable::ALL
        .iter()
        .filter(|table| is_published(&run.manifest, **table))
        .map(|&table| (format!("{}.csv", table.name()), text(table)))
        .collect()
}

/// The rows of a table that are to be shown, as CSV: `;`, quotes where they are needed, nothing for a null, `""` for an empty text.
pub fn csv(table: &TextTable, is_shown: impl Fn(&TextRow<'_>) -> bool) -> String {
    let mut text = table.columns.join(";");
    text.push('\n');
    for row in table.rows().filter(is_shown) {
        let fields: Vec<String> = row.values().iter().map(|value| value.as_deref().map_or_else(String::new, field)).collect();
        text.push_str(&fields.join(";"));
        text.push('\n');
    }
    text
}

fn field(value: &str) -> String {
    if value.is_empty() || value.contains(['"', ';', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// The part of the manifest that follows from inputs and job alone. Times, machine and version are left out, and size and hash of outputs, because a
/// newer compressor may write other bytes.
fn stable_text(manifest: &Manifest) -> String {
    let mut value = serde_json::to_value(manifest).expect("plain data");
    let object = value.as_object_mut().expect("an object");
    for varying in ["engine", "run_id", "sources_key", "started_at", "ended_at", "stages", "peak_memory_bytes", "threads"] {
        object.remove(varying).unwrap_or_else(|| panic!("the manifest has {varying}"));
    }
    for output in object.get_mut("outputs").and_then(Value::as_array_mut).expect("outputs") {
        for varying in ["bytes", "blake3"] {
            output.as_object_mut().and_then(|output| output.remove(varying)).expect("size and hash of an output");
        }
    }
    String::from_utf8(json_text(&sorted(value)).expect("plain data")).expect("UTF-8")
}

/// The value with sorted keys. The order that `serde_json` keeps depends on its features.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let by_key: std::collections::BTreeMap<String, Value> = object.into_iter().collect();
            Value::Object(by_key.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// A message about the lines that are gone and the lines that are new in a file; `None` when it equals the golden file.
fn difference(golden: &Path, name: &str, found: &str) -> Option<String> {
    let Ok(expected) = std::fs::read_to_string(golden.join(name)) else {
        return Some(format!("{name}: there is no golden file"));
    };
    if expected == found {
        return None;
    }
    let (gone, new) = (lines_not_in(&expected, found), lines_not_in(found, &expected));
    let mut message = format!("{name}: {} lines gone (-), {} new (+)\n", gone.len(), new.len());
    for (sign, lines) in [('-', &gone), ('+', &new)] {
        for (number, line) in lines.iter().take(SHOWN) {
            writeln!(message, "  {sign} {number}: {line}").expect("text grows");
        }
        if lines.len() > SHOWN {
            writeln!(message, "  {sign} and {} more", lines.len() - SHOWN).expect("text grows");
        }
    }
    if gone.is_empty() && new.is_empty() {
        let moved = expected.lines().zip(found.lines()).position(|(left, right)| left != right).map_or(0, |index| index + 1);
        writeln!(message, "  the same lines in another order, from line {moved} on").expect("text grows");
    }
    Some(message)
}

/// Lines of `text` without those of `other`, with their numbers; a line that stands twice in `text` and once in `other` remains once.
fn lines_not_in<'t>(text: &'t str, other: &str) -> Vec<(usize, &'t str)> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for line in other.lines() {
        *left.entry(line).or_default() += 1;
    }
    let mut missing = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match left.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => missing.push((index + 1, line)),
        }
    }
    missing
}
