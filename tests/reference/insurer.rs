//! One insurer at a time (SEM-271 to SEM-275).

use super::checks;
use super::dates::{Date, Interval};
use super::death::DeathOutcome;
use super::notices::Notices;
use super::organisations::{self, Organisation};
use super::person_checks;
use super::records::Record;
use super::stays::{self, Entry, Stay, Subject, Verdict};
use crate::regions::Settings;

pub struct Insurers<'a> {
    pub records: &'a [Record],
    pub insurers: &'a [Organisation],
    pub settings: &'a Settings,
}

/// "A record's application date is applied_on, else insured_from."
pub fn application_date(record: &Record) -> Date {
    record.date("applied_on").unwrap_or(record.start())
}

/// The stays of one person. `members` are the person's register records, notices included.
pub fn stays(subject: &Insurers, members: &[usize], death_outcome: &DeathOutcome) -> stays::Result {
    let mut result = stays::Result::default();
    let after_death = death_outcome.after_death();
    let notices =
        Notices { records: subject.records, organisations: subject.insurers, members, deaths_from: death_outcome.deaths_from };
    result.findings.extend(notices.ends_without_stay());
    let mut entries = Vec::new();
    for at in notices.claims() {
        let record = &subject.records[at];
        if person_checks::applied_after_death(record, after_death) {
            result.findings.push((at, "APPLIED_AFTER_DEATH"));
        }
        let claim = Interval { from: record.start(), to: subject.end(record, after_death).min(notices.end_of(record)) };
        if claim.has_days() {
            entries.push(subject.entry(at, claim));
        } else if after_death <= claim.from {
            result.findings.push((at, "AFTER_DEATH"));
        } else {
            result.findings.push((at, "NO_INTERVAL"));
        }
    }
    result.entries = entries.clone();
    let standing = stays::standing(subject.insurers, entries, &mut result.decisions);
    stays::sweep(subject, standing, &mut result);
    result.stays = stays::split_at_successions(subject.insurers, result.stays);
    result
}

impl Insurers<'_> {
    /// "to the earliest of ..."
    fn end(&self, record: &Record, after_death: Date) -> Date {
        self.own_end(record, after_death).min(organisations::chain_end(self.insurers, record.get("insurer")))
    }

    /// The end that the record would have if its insurer worked for ever.
    pub fn own_end(&self, record: &Record, after_death: Date) -> Date {
        let mut end = after_death;
        if let Some(stopped) = record.date("stopped_on") {
            end = end.min(stopped);
        }
        if checks::is_term_limited(record.get("category"), &self.settings.term_limited_categories) {
            let new_year = Date { year: record.start().year + 1, month: 1, day: 1 };
            end = end.min(record.date("insured_to").unwrap_or(new_year));
        }
        end
    }

    fn entry(&self, at: usize, claim: Interval) -> Entry {
        let record = &self.records[at];
        let applied = application_date(record);
        Entry {
            record: at,
            position: record.position.clone(),
            code: record.get("insurer").to_string(),
            from: claim.from,
            to: claim.to,
            rank: applied.year as u32 * 10_000 + applied.month * 100 + applied.day,
            source_date: record.source_date,
            tied: false,
        }
    }

    fn applied(&self, entry: &Entry) -> Date {
        application_date(&self.records[entry.record])
    }

    /// Whether the application came after the year's last day for applications.
    fn is_late(&self, applied: Date) -> bool {
        let (month, day) = self.settings.insurer_deadline.split_once('-').expect("MM-DD");
        (applied.month, applied.day) > (month.parse().expect("a month"), day.parse().expect("a day"))
    }
}

impl Subject for Insurers<'_> {
    fn organisations(&self) -> &[Organisation] {
        self.insurers
    }

    fn verdict(&self, entry: &Entry, _start: Date, _stay: &Stay, counted: &[Date]) -> Verdict {
        match self.records[entry.record].get("reason") {
            "П032" | "П035" => return Verdict::Permitted { rule: "CHANGE_MOVED", counted: false, finding: None },
            "П033" | "П036" => return Verdict::Permitted { rule: "CHANGE_CONTRACT_ENDED", counted: false, finding: None },
            _ => {}
        }
        let applied = self.applied(entry);
        let of_year = counted.iter().filter(|day| day.year == applied.year).count();
        let violation = if self.is_late(applied) {
            Some("CHANGE_DEADLINE")
        } else if of_year >= self.settings.insurer_changes_per_year {
            Some("CHANGE_LIMIT")
        } else {
            None
        };
        let last_of_year = || counted.iter().copied().filter(|day| day.year == applied.year).max();
        match violation {
            Some(rule) if !self.settings.insurer_accepts_violations => {
                Verdict::Refused { rule, used_up_on: if rule == "CHANGE_LIMIT" { last_of_year() } else { None } }
            }
            finding => Verdict::Permitted { rule: "CHANGE_AT_WILL", counted: true, finding },
        }
    }

    fn is_voluntary(&self, entry: &Entry) -> bool {
        !["П032", "П035", "П033", "П036"].contains(&self.records[entry.record].get("reason"))
    }

    fn reason_finding(&self, entry: &Entry, same: bool) -> Option<&'static str> {
        let record = &self.records[entry.record];
        if same { person_checks::reason_with_same_insurer(record) } else { person_checks::reason_against_other_insurer(record) }
    }

    /// "it counts as a change of its application's year"
    fn counting_day(&self, entry: &Entry, _start: Date) -> Date {
        self.applied(entry)
    }
}
