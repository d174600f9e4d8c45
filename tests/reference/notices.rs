//! Notices: records with an action. They make no stays; an end shortens other records, a change gives other data of a stay.

use super::dates::{Date, FOREVER};
use super::organisations::{self, Organisation};
use super::records::{Record, Table};
use super::stays::Stay;

/// One person's records of one table (of attachments: in one profile), notices included.
pub struct Notices<'a> {
    pub records: &'a [Record],
    pub organisations: &'a [Organisation],
    /// Numbers of the records, notices among them.
    pub members: &'a [usize],
    /// Notices of a death before this day end nothing.
    pub deaths_from: Date,
}

fn organisation(record: &Record) -> &str {
    record.get(if record.position.table == Table::Register { "insurer" } else { "clinic" })
}

/// The first day on which the ended insurance or attachment is over.
fn day_of_end(notice: &Record) -> Date {
    let field = if notice.position.table == Table::Register { "stopped_on" } else { "attached_to" };
    let died = || notice.date("death_date").map(Date::next_day);
    notice.date(field).or_else(died).expect("the notice of an end has a day")
}

/// Action (`end`, `change`), organisation and day of a notice; `None` for a record that is no notice.
pub fn notice_facts(record: &Record) -> Option<(String, String, Date)> {
    let action = record.get("action");
    let day = match action {
        "" => return None,
        "end" => day_of_end(record),
        _ => record.start(),
    };
    Some((action.to_string(), organisation(record).to_string(), day))
}

impl Notices<'_> {
    pub fn with_action(&self, action: &str) -> Vec<usize> {
        self.members.iter().copied().filter(|at| self.records[*at].get("action") == action).collect()
    }

    /// The records that are no notices.
    pub fn claims(&self) -> Vec<usize> {
        self.with_action("")
    }

    /// Whether a notice ends a record: "the same organisation (read on that day), starts before its day".
    fn ends(&self, notice: &Record, record: &Record) -> bool {
        if notice.date("death_date").is_some_and(|death| death < self.deaths_from) {
            return false;
        }
        let day = day_of_end(notice);
        let read = |record: &Record| organisations::read_on(self.organisations, organisation(record), day);
        record.start() < day && read(record) == read(notice)
    }

    /// The earliest end that a notice gives to a record.
    pub fn end_of(&self, record: &Record) -> Date {
        let notices = self.with_action("end").into_iter().map(|at| &self.records[at]);
        notices.filter(|notice| self.ends(notice, record)).map(day_of_end).min().unwrap_or(FOREVER)
    }

    pub fn ends_without_stay(&self) -> Vec<(usize, &'static str)> {
        let tells_death = |at: &usize| self.records[*at].date("death_date").is_some();
        let ends_any = |at: &usize| self.claims().iter().any(|other| self.ends(&self.records[*at], &self.records[*other]));
        let of_nothing = |at: &usize| !tells_death(at) && !ends_any(at);
        self.with_action("end").into_iter().filter(of_nothing).map(|at| (at, "END_WITHOUT_STAY")).collect()
    }

    /// The stay that a notice of a change is about.
    fn stay_of<'s>(&self, change: usize, stays: &'s [Stay]) -> Option<&'s Stay> {
        let change = &self.records[change];
        let code = organisations::read_on(self.organisations, organisation(change), change.start());
        stays.iter().find(|stay| stay.code == code && stay.from <= change.start() && change.start() < stay.to)
    }

    pub fn changes_without_attachment(&self, stays: &[Stay]) -> Vec<(usize, &'static str)> {
        let of_nothing = |at: &usize| self.stay_of(*at, stays).is_none();
        self.with_action("change").into_iter().filter(of_nothing).map(|at| (at, "CHANGE_WITHOUT_ATTACHMENT")).collect()
    }

    /// The value of a field for `stay` on `day`: that of the latest change with a value, or of `record`, which speaks for the stay, when the change is
    /// before its start. `record` is `None` where people decided on the clinic and no record of it is there.
    pub fn field_of_stay(&self, field: &str, stays: &[Stay], stay: &Stay, record: Option<&Record>, day: Date) -> String {
        let rests_on = |stay: &Stay| (stay.decided, stay.rests_on.iter().map(|entry| entry.record).collect::<Vec<_>>());
        let changes = self.with_action("change").into_iter();
        // The pieces of a stay that is split at a succession are one stay.
        let of_stay = changes.filter(|at| self.stay_of(*at, stays).is_some_and(|of| rests_on(of) == rests_on(stay)));
        let filled = of_stay.map(|at| &self.records[at]).filter(|change| {
            !change.get(field).is_empty() && change.start() <= day && record.is_none_or(|record| change.start() >= record.start())
        });
        let latest = filled.max_by_key(|change| (change.start(), change.source_date, change.position.clone()));
        latest.or(record).map_or(String::new(), |record| record.get(field).to_string())
    }
}
