//! Records and the person's death: which record tells of it, which contradicts it, whether it counts, and why.

use super::told::{Day, Explained, OverrideTold, RecordTold};
use sverka_model::Date;

/// Records that say the same of a death, by their numbers from 1, with the date of their source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Witnesses {
    /// Numbers of the records, ascending.
    pub numbers: Vec<usize>,
    /// Date of their source, ISO; of several sources the newest.
    pub source_date: Option<String>,
}

/// Whether a death that a record tells counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It counts.
    Counts,
    /// An earlier one counts.
    EarlierCounts(Date),
    /// It does not count by the decision of people on this line.
    Decided(i64),
    /// It does not count, since records of a newer source contradict it.
    TakenBack(Witnesses),
    /// It counts, though records contradict it; whether their source has the same date, which is unknown otherwise.
    CountsContradicted(Witnesses, bool),
    /// The tables do not tell whether it counts.
    Unknown,
}

/// What a record has to do with a death.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DeathNote {
    /// The record tells of a death on this day.
    Tells { day: Date, verdict: Verdict },
    /// The record contradicts a death that others tell; whether that counts all the same.
    Contradicts { day: Date, told_by: Witnesses, counts: bool },
}

const CONTRADICTED: &str = "DEATH_CONTRADICTED";

/// What a record has to do with a death; nothing for most.
pub(super) fn note(explained: &Explained, record: &RecordTold) -> Option<DeathNote> {
    let counted = explained.insurance.iter().find_map(|stay| stay.death).map(|day| day.0);
    if let Some(Day(day)) = record.death {
        return Some(DeathNote::Tells { day, verdict: verdict(explained, record, day, counted) });
    }
    if !is_contradicted(record) {
        return None;
    }
    let telling = || explained.records.iter().filter(|of| of.death.is_some() && is_contradicted(of));
    let day = telling().filter_map(|of| of.death).min()?;
    let told_by = witnesses(explained, |of| of.death == Some(day) && is_contradicted(of));
    Some(DeathNote::Contradicts { day: day.0, told_by, counts: counted.is_some() })
}

/// The deaths that do not count by a decision of people: the number of the record that tells, and the day.
pub(super) fn set_aside_by(explained: &Explained, decision: &OverrideTold) -> Vec<(usize, Date)> {
    let telling = (1..).zip(&explained.records).filter_map(|(number, record)| Some((number, record.death?.0)));
    telling.filter(|(_, day)| decided_alive(explained, *day) == Some(decision.line)).collect()
}

fn verdict(explained: &Explained, record: &RecordTold, day: Date, counted: Option<Date>) -> Verdict {
    if let Some(line) = decided_alive(explained, day) {
        return Verdict::Decided(line);
    }
    let against = |of: &RecordTold| of.death.is_none() && is_contradicted(of);
    let newest = explained.records.iter().filter(|of| against(of)).map(|of| &of.source_date).max();
    let contradicting = newest.filter(|_| is_contradicted(record)).map(|newest| {
        let witnesses = witnesses(explained, |of| against(of) && of.source_date == *newest);
        (witnesses, newest.is_some() && *newest == record.source_date)
    });
    match (counted, contradicting) {
        (None, Some((by, _))) => Verdict::TakenBack(by),
        (Some(_), Some((by, is_same_date))) => Verdict::CountsContradicted(by, is_same_date),
        (Some(counted), None) if counted < day => Verdict::EarlierCounts(counted),
        (Some(_), None) => Verdict::Counts,
        (None, None) => Verdict::Unknown,
    }
}

/// The line of the decision of people by which a death on this day does not count: whoever is alive, or insured from a day on, lived on that day.
fn decided_alive(explained: &Explained, day: Date) -> Option<i64> {
    let lived_on = |of: &OverrideTold| match of.kind.as_str() {
        "alive" => of.decided_on,
        "insurer" => of.from,
        _ => None,
    };
    let is_carried_out = |of: &&OverrideTold| !matches!(of.state.as_str(), "ended" | "not_found" | "ambiguous");
    let decisions = explained.overrides.iter().filter(is_carried_out).filter_map(|of| Some((lived_on(of)?.0, of.line)));
    decisions.max().filter(|(lived_on, _)| day < *lived_on).map(|(_, line)| line)
}

fn is_contradicted(record: &RecordTold) -> bool {
    record.findings.iter().any(|finding| finding.code == CONTRADICTED)
}

fn witnesses(explained: &Explained, is_one: impl Fn(&RecordTold) -> bool) -> Witnesses {
    let of_those = || (1..).zip(&explained.records).filter(|(_, record)| is_one(record));
    let source_date = of_those().filter_map(|(_, record)| record.source_date.clone()).max();
    Witnesses { numbers: of_those().map(|(number, _)| number).collect(), source_date }
}
