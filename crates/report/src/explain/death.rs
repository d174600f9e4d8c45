//! Deaths in the records of a person: the records that report one, the records that contradict it, and whether it counts.

use super::explanation::{Day, ExplainedOverride, ExplainedRecord, Explanation};
use sverka_model::Date;

/// Records that agree about a death.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AgreeingRecords {
    /// Numbers of the records from 1, ascending.
    pub numbers: Vec<usize>,
    /// Date of the source, ISO; the newest date when there are several sources.
    pub source_date: Option<String>,
}

/// Whether a reported death counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DeathVerdict {
    /// The death counts.
    Counts,
    /// An earlier death, on this day, counts.
    EarlierCounts(Date),
    /// The death does not count by the decision of people on this line.
    Decided(i64),
    /// The death does not count, since records of a newer source contradict it.
    TakenBack(AgreeingRecords),
    /// The death counts, though records contradict it.
    CountsContradicted {
        contradicting: AgreeingRecords,
        /// Whether the sources have the same date. Otherwise one of the dates is unknown.
        is_same_date: bool,
    },
    /// The tables do not show whether the death counts.
    Unknown,
}

/// Note on a record about a death.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DeathNote {
    /// The record reports a death on this day.
    Reports { day: Date, verdict: DeathVerdict },
    /// The record contradicts a death that other records report. `counts` says whether the death counts all the same.
    Contradicts { day: Date, reported_by: AgreeingRecords, counts: bool },
}

const CONTRADICTED: &str = "DEATH_CONTRADICTED";

/// Note on a record; `None` for records that have nothing to do with a death.
pub(super) fn death_note(explained: &Explanation, record: &ExplainedRecord) -> Option<DeathNote> {
    let counted = explained.insurance.iter().find_map(|stay| stay.death).map(|day| day.0);
    if let Some(Day(day)) = record.death {
        return Some(DeathNote::Reports { day, verdict: verdict(explained, record, day, counted) });
    }
    if !is_contradicted(record) {
        return None;
    }
    let reporting = explained.records.iter().filter(|other| other.death.is_some() && is_contradicted(other));
    let day = reporting.filter_map(|other| other.death).min()?;
    let reported_by = agreeing_records(explained, |other| other.death == Some(day) && is_contradicted(other));
    Some(DeathNote::Contradicts { day: day.0, reported_by, counts: counted.is_some() })
}

/// Death in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReportedDeath {
    /// Number of the record from 1.
    pub record: usize,
    pub day: Date,
}

/// Deaths that do not count because of a decision of people.
pub(super) fn deaths_set_aside_by(explained: &Explanation, decision: &ExplainedOverride) -> Vec<ReportedDeath> {
    let deaths = (1..).zip(&explained.records);
    let deaths = deaths.filter_map(|(number, record)| Some(ReportedDeath { record: number, day: record.death?.0 }));
    deaths.filter(|death| line_of_alive(explained, death.day) == Some(decision.line)).collect()
}

fn verdict(explained: &Explanation, record: &ExplainedRecord, day: Date, counted: Option<Date>) -> DeathVerdict {
    if let Some(line) = line_of_alive(explained, day) {
        return DeathVerdict::Decided(line);
    }
    let is_against = |other: &ExplainedRecord| other.death.is_none() && is_contradicted(other);
    let newest = explained.records.iter().filter(|other| is_against(other)).map(|other| &other.source_date).max();
    let contradicting = newest.filter(|_| is_contradicted(record)).map(|newest| {
        let records = agreeing_records(explained, |other| is_against(other) && other.source_date == *newest);
        (records, newest.is_some() && *newest == record.source_date)
    });
    match (counted, contradicting) {
        (None, Some((records, _))) => DeathVerdict::TakenBack(records),
        (Some(_), Some((contradicting, is_same_date))) => DeathVerdict::CountsContradicted { contradicting, is_same_date },
        (Some(counted), None) if counted < day => DeathVerdict::EarlierCounts(counted),
        (Some(_), None) => DeathVerdict::Counts,
        (None, None) => DeathVerdict::Unknown,
    }
}

/// Line of the decision of people because of which a death on this day does not count. A person who is decided to be
/// alive, or to be insured from a day on, lived on that day.
fn line_of_alive(explained: &Explanation, day: Date) -> Option<i64> {
    let lived_on = |entry: &ExplainedOverride| match entry.kind.as_str() {
        "alive" => entry.decided_on,
        "insurer" => entry.from,
        _ => None,
    };
    let is_in_force = |entry: &&ExplainedOverride| !matches!(entry.state.as_str(), "ended" | "not_found" | "ambiguous");
    let in_force = explained.overrides.iter().filter(is_in_force);
    let decisions = in_force.filter_map(|entry| Some((lived_on(entry)?.0, entry.line)));
    decisions.max().filter(|(lived_on, _)| day < *lived_on).map(|(_, line)| line)
}

fn is_contradicted(record: &ExplainedRecord) -> bool {
    record.findings.iter().any(|finding| finding.code == CONTRADICTED)
}

fn agreeing_records(explained: &Explanation, agrees: impl Fn(&ExplainedRecord) -> bool) -> AgreeingRecords {
    let agreeing = || (1..).zip(&explained.records).filter(|(_, record)| agrees(record));
    let source_date = agreeing().filter_map(|(_, record)| record.source_date.clone()).max();
    AgreeingRecords { numbers: agreeing().map(|(number, _)| number).collect(), source_date }
}
