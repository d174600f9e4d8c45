//! The table `attached_uninsured`: attachment records in force on `D` of people who are dead or not insured on `D`.

use super::clinic::Clinics;
use super::dates::{Date, FOREVER};
use super::death::BEGINNING_OF_TIME;
use super::notices::Notices;
use super::stays::{self, Stay};
use super::{AttachedUninsuredRow, organisations};

/// A person whose attachments are asked for on `day`.
pub struct Uninsured<'a> {
    pub subject: &'a Clinics<'a>,
    pub person: usize,
    pub insured: &'a [Stay],
    pub death: Option<Date>,
    pub day: Date,
}

impl Uninsured<'_> {
    /// The rows of one profile; none for a person who is insured on the day. `members` are the person's records of the profile, `result` their stays.
    pub fn rows(&self, members: &[usize], result: &stays::Result) -> Vec<AttachedUninsuredRow> {
        if self.insured.iter().any(|stay| stay.from <= self.day && self.day < stay.to) {
            return Vec::new();
        }
        let notices = Notices {
            records: self.subject.records,
            organisations: self.subject.clinics,
            members,
            deaths_from: BEGINNING_OF_TIME,
        };
        let gave_way = |at: usize| result.decisions.iter().any(|decision| decision.loser == at && decision.outcome != "deferred");
        let in_force = |at: &usize| {
            let record = &self.subject.records[*at];
            record.start() <= self.day && self.day < self.end(&notices, *at) && !gave_way(*at)
        };
        notices.claims().into_iter().filter(in_force).map(|at| self.row(&notices, at)).collect()
    }

    /// The end of a record without the person's death.
    fn end(&self, notices: &Notices, at: usize) -> Date {
        let record = &self.subject.records[at];
        self.own_end(notices, at).min(self.subject.aged_out(record)).min(self.subject.closed(record))
    }

    /// The end that the clinic gives, by the record or a notice.
    fn own_end(&self, notices: &Notices, at: usize) -> Date {
        let record = &self.subject.records[at];
        record.date("attached_to").unwrap_or(FOREVER).min(notices.end_of(record))
    }

    fn row(&self, notices: &Notices, at: usize) -> AttachedUninsuredRow {
        let record = &self.subject.records[at];
        let last = self.insured.iter().filter(|stay| stay.from <= self.day).max_by_key(|stay| stay.from);
        AttachedUninsuredRow {
            person: self.person,
            record: record.position.clone(),
            values: record.values.clone(),
            clinic: organisations::read_on(self.subject.clinics, record.get("clinic"), self.day),
            death: self.death.filter(|death| *death <= self.day),
            insurer: last.map(|stay| stay.code.clone()),
            insured_to: last.map(|stay| stay.to),
            attached_to: self.own_end(notices, at).as_end(),
        }
    }
}
