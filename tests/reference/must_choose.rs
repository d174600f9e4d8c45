//! People whose insurer left the region without a successor, and who chose no other.

use super::dates::{self, Date};
use super::death::DeathOutcome;
use super::insurer::{self, Insurers};
use super::notices::Notices;
use super::organisations;
use super::register;
use super::stays::{Entry, Stay};
use super::{MustChooseRow, Table};

/// A person who may have to choose an insurer.
pub struct LeftByInsurer<'a> {
    pub subject: &'a Insurers<'a>,
    pub person: usize,
    /// Numbers of the person's records, in the order of their positions.
    pub members: &'a [usize],
    /// The person's stays with insurers.
    pub insured: &'a [Stay],
    pub death_outcome: DeathOutcome,
}

/// The same day of a later month, or the last day of that month.
fn months_later(day: Date, months: u32) -> Date {
    let (mut year, mut month) = (day.year, day.month);
    for _ in 0..months {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    (1..=day.day).rev().find_map(|day| dates::real(year, month, day)).expect("a month has a first day")
}

/// The address in the form for comparison; empty when there is none.
pub fn comparable_address(address: &str) -> String {
    let words = address.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_uppercase().replace('Ё', "Е")
}

impl LeftByInsurer<'_> {
    /// The person's row, with the number of the record that it rests on; `None` for a person who has not to choose.
    pub fn row_with_record(&self, day: Date) -> Option<(usize, MustChooseRow)> {
        if self.insured.iter().any(|stay| day < stay.to) {
            return None;
        }
        let stay = self.insured.iter().max_by_key(|stay| stay.from)?;
        if organisations::chain_end(self.subject.insurers, &stay.code) != stay.to {
            return None;
        }
        let in_force: Vec<&Entry> = stay.rests_on.iter().filter(|entry| day < self.end_without_exit(entry.record)).collect();
        let latest = |entry: &&&Entry| {
            let record = &self.subject.records[entry.record];
            (insurer::application_date(record), entry.source_date, entry.position.clone())
        };
        let at = in_force.iter().max_by_key(latest)?.record;
        let (records, record) = (self.subject.records, &self.subject.records[at]);
        let choose_by = months_later(stay.to, self.subject.settings.months_to_choose);
        let row = MustChooseRow {
            person: self.person,
            insurer: stay.code.clone(),
            left_on: stay.to,
            choose_by,
            overdue: choose_by <= day,
            age: record.birth_date().age_on(day),
            enp: register::filled(records, self.members, record, "enp"),
            snils: register::filled(records, self.members, record, "snils"),
            category: record.get("category").to_string(),
            address: comparable_address(record.get("address")),
            record: record.position.clone(),
        };
        Some((at, row))
    }

    /// The end of a record if its insurer had not left: "not stopped, not dead, term not over".
    fn end_without_exit(&self, at: usize) -> Date {
        let records = self.subject.records;
        let registered: Vec<usize> =
            self.members.iter().copied().filter(|at| records[*at].position.table == Table::Register).collect();
        let (organisations, deaths_from) = (self.subject.insurers, self.death_outcome.deaths_from);
        let notices = Notices { records, organisations, members: &registered, deaths_from };
        self.subject.own_end(&records[at], self.death_outcome.after_death()).min(notices.end_of(&records[at]))
    }
}
