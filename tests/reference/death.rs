//! A death that a younger source takes back: whether the death in the records of a person counts (SEM-130).

use super::dates::{Date, FOREVER};
use super::insurer::{self, Insurers};
use super::records::Record;
use super::stays;

/// A day before every date that can be written.
pub const BEGINNING_OF_TIME: Date = Date { year: 0, month: 1, day: 1 };

/// The death of a person that counts, and the notices of death that do.
#[derive(Clone, Copy, Debug)]
pub struct DeathOutcome {
    /// The death that counts.
    pub death: Option<Date>,
    /// Notices of a death before this day end nothing.
    pub deaths_from: Date,
}

impl DeathOutcome {
    /// The first day on which the person is no longer alive.
    pub fn after_death(&self) -> Date {
        self.death.map_or(FOREVER, Date::next_day)
    }
}

fn is_notice(record: &Record) -> bool {
    !record.get("action").is_empty()
}

/// The stays of one person with insurers, and the outcome of the person's death. `members` are the person's register records. People decided that
/// deaths before `alive_until` do not count.
pub fn stays(subject: &Insurers, members: &[usize], alive_until: Date) -> (stays::Result, DeathOutcome) {
    let records = subject.records;
    let death_of = |at: &usize| records[*at].date("death_date").filter(|death| *death >= alive_until);
    let telling: Vec<usize> = members.iter().copied().filter(|at| death_of(at).is_some()).collect();
    let counting = DeathOutcome { death: telling.iter().filter_map(death_of).min(), deaths_from: alive_until };
    let Some(death) = counting.death else {
        return (insurer::stays(subject, members, &counting), counting);
    };
    let undead = DeathOutcome { death: None, deaths_from: FOREVER };
    let without = insurer::stays(subject, members, &undead);
    let after = death.next_day();
    let is_in_force_after = |at: &usize| {
        let lasting = without.stays.iter().filter(|stay| stay.to > after);
        lasting.flat_map(|stay| &stay.rests_on).any(|entry| entry.record == *at && entry.to > after)
    };
    let in_force: Vec<usize> = members
        .iter()
        .copied()
        .filter(|at| !is_notice(&records[*at]) && records[*at].get("death_date").is_empty() && is_in_force_after(at))
        .collect();
    let date = |at: &usize| records[*at].source_date;
    let all_dated = telling.iter().all(|at| date(at).is_some());
    let told_on = telling.iter().filter_map(date).max();
    let newest = members.iter().filter_map(date).max();
    let is_outdated = all_dated && newest > told_on;
    // A notice follows upon the records of its day. So only a record that tells of the death can be contradicted by a record of unknown age.
    let by_record = telling.iter().any(|at| !is_notice(&records[*at]));
    let against: Vec<usize> = in_force
        .into_iter()
        .filter(|at| {
            let is_younger = is_outdated && date(at) == newest;
            let has_unknown_age = !all_dated || date(at).is_none() || (!is_outdated && date(at) == told_on);
            is_younger || (by_record && has_unknown_age)
        })
        .collect();
    if is_outdated && against.iter().any(|at| date(at) == newest) {
        let mut result = without;
        result.findings.extend(against.iter().chain(&telling).map(|at| (*at, "DEATH_CONTRADICTED")));
        return (result, undead);
    }
    with_death(subject, members, counting, &against, &telling)
}

/// The result when the death counts in spite of the records `against` it.
fn with_death(
    subject: &Insurers,
    members: &[usize],
    death_outcome: DeathOutcome,
    against: &[usize],
    telling: &[usize],
) -> (stays::Result, DeathOutcome) {
    let mut result = insurer::stays(subject, members, &death_outcome);
    if !against.is_empty() {
        result.findings.extend(against.iter().chain(telling).map(|at| (*at, "DEATH_CONTRADICTED")));
    }
    (result, death_outcome)
}
