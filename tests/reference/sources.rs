//! Findings about a source as a whole (SEM-204 to SEM-217).

use std::collections::BTreeSet;

use super::dates::Date;
use super::expected::{Expected, FindingRow, SourceCounts};
use super::records::{Position, Record};
use super::stays::Entry;

/// The codes of findings about sources, which are no findings about rows.
const SOURCE_CODES: [&str; 4] = ["SOURCE_WITHOUT_RECORDS", "SOURCE_MOSTLY_REFUSED", "SYSTEMATIC", "ENDS_OFF_BY_A_DAY"];

fn find(counts: &SourceCounts, code: &str, expected: &mut Expected) {
    let position = Position { table: counts.table, source: counts.source.clone(), line: 0 };
    let (record_id, code) = (String::new(), code.to_string());
    expected.findings.push(FindingRow { position, record_id, person: None, field: None, code, is_error: false });
}

/// `SOURCE_WITHOUT_RECORDS`, `SOURCE_MOSTLY_REFUSED`
pub fn find_poor_source(counts: &SourceCounts, expected: &mut Expected) {
    if counts.rows == 0 {
        find(counts, "SOURCE_WITHOUT_RECORDS", expected);
    } else if counts.rows >= 20 && counts.quarantined * 2 > counts.rows {
        find(counts, "SOURCE_MOSTLY_REFUSED", expected);
    }
}

/// `SYSTEMATIC`: "A code of warnings found on more than 5 % of a source's rows", of sources of 20 rows and more: one finding for each code.
pub fn find_floods(expected: &mut Expected) {
    for counts in expected.sources.clone().iter().filter(|counts| counts.rows >= 20) {
        let of_source: Vec<&FindingRow> = expected
            .findings
            .iter()
            .filter(|row| row.position.table == counts.table && row.position.source == counts.source)
            .filter(|row| !row.is_error && !SOURCE_CODES.contains(&row.code.as_str()))
            .collect();
        let codes: BTreeSet<&str> = of_source.iter().map(|row| row.code.as_str()).collect();
        let is_flood = |code: &&str| {
            let lines: BTreeSet<usize> = of_source.iter().filter(|row| row.code == *code).map(|row| row.position.line).collect();
            lines.len() * 100 > counts.rows * 5
        };
        let floods = codes.into_iter().filter(is_flood).count();
        (0..floods).for_each(|_| find(counts, "SYSTEMATIC", expected));
    }
}

/// Counts the ends of attachments next to a beginning at another clinic, by source: one day between, one day in common, neither.
pub fn count_adjoining_ends(records: &[Record], entries: &[Entry], expected: &mut Expected) {
    for entry in entries {
        let record = &records[entry.record];
        if record.date("attached_to") != Some(entry.to) {
            continue;
        }
        let begins = |day: Date| entries.iter().any(|other| other.code != entry.code && other.from == day);
        let kind = if begins(entry.to) {
            2
        } else if begins(entry.to.next_day()) {
            0
        } else if begins(entry.to.day_before()) {
            1
        } else {
            continue;
        };
        expected.adjoining_ends.entry(record.position.source.clone()).or_default()[kind] += 1;
    }
}

/// `ENDS_OFF_BY_A_DAY`: "When they are many in a source", that is at least five, and more than half.
pub fn find_ends_off_by_a_day(expected: &mut Expected) {
    for (source, [gaps, overlaps, seams]) in expected.adjoining_ends.clone() {
        let half = (gaps + overlaps + seams) / 2;
        if [gaps, overlaps].iter().any(|count| *count >= 5 && *count > half) {
            let counts = expected.sources.iter().find(|counts| counts.source == source).expect("the source was counted").clone();
            find(&counts, "ENDS_OFF_BY_A_DAY", expected);
        }
    }
}
