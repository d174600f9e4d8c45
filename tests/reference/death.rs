//! A death that a younger source takes back: whether the death in the records of a person counts (SEM-130).

use super::dates::{Date, FOREVER};
use super::insurer::{self, Insurers};
use super::records::Record;
use super::stays;

/// The beginning of time.
pub const EVER: Date = Date { year: 0, month: 1, day: 1 };

/// What holds of a person's death.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// The death that counts.
    pub death: Option<Date>,
    /// Notices of a death before this day end nothing.
    pub deaths_from: Date,
}

impl Fate {
    /// The first day on which the person is no longer alive.
    pub fn after_death(&self) -> Date {
        self.death.map_or(FOREVER, Date::next_day)
    }
}

fn is_notice(record: &Record) -> bool {
    !record.get("action").is_empty()
}

/// The stays of one person with insurers, and the person's fate; `members` are its register records. People decided that deaths before `alive_until`
/// do not count.
pub fn stays(subject: &Insurers, members: &[usize], alive_until: Date) -> (stays::Result, Fate) {
    let records = subject.records;
    let death_of = |at: &usize| records[*at].date("death_date").filter(|death| *death >= alive_until);
    let telling: Vec<usize> = members.iter().copied().filter(|at| death_of(at).is_some()).collect();
    let counting = Fate { death: telling.iter().filter_map(death_of).min(), deaths_from: alive_until };
    let Some(death) = counting.death else {
        return (insurer::stays(subject, members, &counting), counting);
    };
    let undead = Fate { death: None, deaths_from: FOREVER };
    let without = insurer::stays(subject, members, &undead);
    let after = death.next_day();
    let rests = |at: &usize| {
        let lasting = without.stays.iter().filter(|stay| stay.to > after);
        lasting.flat_map(|stay| &stay.rests_on).any(|entry| entry.record == *at && entry.to > after)
    };
    let in_force: Vec<usize> = members
        .iter()
        .copied()
        .filter(|at| !is_notice(&records[*at]) && records[*at].get("death_date").is_empty() && rests(at))
        .collect();
    let date = |at: &usize| records[*at].source_date;
    let all_dated = telling.iter().all(|at| date(at).is_some());
    let told_on = telling.iter().filter_map(date).max();
    let newest = members.iter().filter_map(date).max();
    let is_outdated = all_dated && newest > told_on;
    // A notice follows upon the records of its day, so only a record that tells of the death can be contradicted by one of which nobody knows that it is
    // older.
    let by_record = telling.iter().any(|at| !is_notice(&records[*at]));
    let against: Vec<usize> = in_force
        .into_iter()
        .filter(|at| {
            let is_younger = is_outdated && date(at) == newest;
            let nobody_knows = !all_dated || date(at).is_none() || (!is_outdated && date(at) == told_on);
            is_younger || (by_record && nobody_knows)
        })
        .collect();
    if is_outdated && against.iter().any(|at| date(at) == newest) {
        let mut result = without;
        result.findings.extend(against.iter().chain(&telling).map(|at| (*at, "DEATH_CONTRADICTED")));
        return (result, undead);
    }
    counted(subject, members, counting, &against, &telling)
}

/// The death counts, whatever speaks against it.
fn counted(subject: &Insurers, members: &[usize], fate: Fate, against: &[usize], telling: &[usize]) -> (stays::Result, Fate) {
    let mut result = insurer::stays(subject, members, &fate);
    if !against.is_empty() {
        result.findings.extend(against.iter().chain(telling).map(|at| (*at, "DEATH_CONTRADICTED")));
    }
    (result, fate)
}
