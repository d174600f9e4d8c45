//! One clinic at a time, for each profile (SEM-276 to SEM-282).

use super::dates::{Date, FOREVER, Interval};
use super::death::BEGINNING_OF_TIME;
use super::notices::Notices;
use super::organisations::{self, Organisation};
use super::person_checks;
use super::records::Record;
use super::stays::{self, Entry, Stay, Subject, Verdict};
use crate::regions::Settings;

pub struct Clinics<'a> {
    pub records: &'a [Record],
    pub clinics: &'a [Organisation],
    pub settings: &'a Settings,
}

/// A person's insurance, against which its attachments are judged.
pub struct Insured<'a> {
    pub stays: &'a [Stay],
    /// Whether the earliest stay begins by a first choice.
    pub from_first_choice: bool,
}

/// "3, then 2, then 1 or absent"
pub fn method_rank(record: &Record) -> u32 {
    match record.get("method") {
        "3" => 3,
        "2" => 2,
        _ => 1,
    }
}

/// Findings about notices of a change without a stay at their clinic. They are made after the decisions of people are carried out.
pub fn changes_without_attachment(subject: &Clinics, members: &[usize], stays: &[Stay]) -> Vec<(usize, &'static str)> {
    Notices { records: subject.records, organisations: subject.clinics, members, deaths_from: BEGINNING_OF_TIME }
        .changes_without_attachment(stays)
}

/// "A stay's method is the highest among the records it rests on"; `None` when no record has one. A stay that people decided on is by application.
pub fn method(records: &[Record], stay: &Stay) -> Option<u32> {
    if stay.decided.is_some() {
        return Some(2);
    }
    stay.rests_on.iter().filter_map(|entry| records[entry.record].get("method").parse().ok()).max()
}

/// The stays of one person in one profile. `members` are the person's attachment records of the profile, notices included.
pub fn stays(subject: &Clinics, members: &[usize], after_death: Date, insured: &Insured) -> stays::Result {
    let mut result = stays::Result::default();
    let notices = Notices { records: subject.records, organisations: subject.clinics, members, deaths_from: BEGINNING_OF_TIME };
    result.findings.extend(notices.ends_without_stay());
    let mut entries = Vec::new();
    for at in notices.claims() {
        let record = &subject.records[at];
        let start = record.start();
        let (aged_out, closed) = (subject.aged_out(record), subject.closed(record));
        let to = record.date("attached_to").unwrap_or(FOREVER).min(after_death).min(aged_out).min(closed);
        let claim = Interval { from: start, to: to.min(notices.end_of(record)) };
        if subject.is_child_among_adults(record) {
            result.findings.push((at, "CLINIC_AGE"));
        }
        if claim.has_days() {
            if insured.stays.iter().any(|stay| stay.interval().overlaps(claim)) {
                entries.push(subject.entry(at, claim));
                if person_checks::starts_uninsured(record, insured) {
                    result.findings.push((at, "NOT_INSURED_ON_START"));
                }
            } else {
                result.findings.push((at, "NOT_INSURED"));
            }
        } else if after_death <= start {
            result.findings.push((at, "AFTER_DEATH"));
        } else if aged_out <= start {
            result.findings.push((at, "CLINIC_AGE"));
        } else {
            result.findings.push((at, "NO_INTERVAL"));
        }
    }
    let period = subject.settings.applications_period_days;
    let applications = person_checks::several_applications(subject.records, &notices.claims(), subject.clinics, period);
    result.findings.extend(applications);
    result.entries = entries.clone();
    let standing = stays::standing(subject.clinics, entries, &mut result.decisions);
    stays::sweep(subject, standing, &mut result);
    result.stays = stays::split_at_successions(subject.clinics, result.stays);
    result
}

impl Clinics<'_> {
    fn ages(&self, record: &Record) -> &str {
        let clinic = organisations::find(self.clinics, record.get("clinic"));
        &clinic.expect("accepted records name a known clinic").ages
    }

    /// "for a clinic that serves children only, the 18th birthday"
    pub fn aged_out(&self, record: &Record) -> Date {
        if self.ages(record) == "children" { record.birth_date().plus_years(18) } else { FOREVER }
    }

    /// The day on which the last clinic of the succession stops working.
    pub fn closed(&self, record: &Record) -> Date {
        organisations::chain_end(self.clinics, record.get("clinic"))
    }

    /// "A child under 18 on the start day in a clinic for adults only"
    fn is_child_among_adults(&self, record: &Record) -> bool {
        self.ages(record) == "adults" && record.birth_date().age_on(record.start()) < 18
    }

    fn entry(&self, at: usize, claim: Interval) -> Entry {
        let record = &self.records[at];
        Entry {
            record: at,
            position: record.position.clone(),
            code: record.get("clinic").to_string(),
            from: claim.from,
            to: claim.to,
            rank: method_rank(record),
            source_date: record.source_date,
            tied: false,
        }
    }

    /// Whether the voluntary changes counted so far use up the limit of the year of `start`.
    fn limit_reached(&self, start: Date, counted: &[Date]) -> bool {
        self.in_window(start, counted).count() >= self.settings.clinic_changes_per_year
    }

    /// The counted changes in the year of `start`.
    fn in_window(&self, start: Date, counted: &[Date]) -> impl Iterator<Item = Date> {
        let rolling = self.settings.clinic_window_is_rolling;
        let counts = move |day: &Date| if rolling { start < day.plus_years(1) } else { day.year == start.year };
        counted.iter().copied().filter(counts)
    }
}

impl Subject for Clinics<'_> {
    fn organisations(&self) -> &[Organisation] {
        self.clinics
    }

    fn verdict(&self, entry: &Entry, start: Date, stay: &Stay, counted: &[Date]) -> Verdict {
        // "A stay's method is the highest among the records it rests on."
        let rank_of_stay = stay.rests_on.iter().map(|entry| entry.rank).max().expect("a stay rests on a record");
        match entry.rank {
            1 if rank_of_stay > 1 && self.settings.application_outranks_residence => {
                Verdict::Refused { rule: "APPLICATION_OUTRANKS_RESIDENCE", used_up_on: None }
            }
            1 => Verdict::Permitted { rule: "TERRITORY", counted: false, finding: None },
            3 => Verdict::Permitted { rule: "CHANGE_MOVED", counted: false, finding: None },
            _ => {
                let finding = if self.limit_reached(start, counted) { Some("CHANGE_LIMIT") } else { None };
                match finding {
                    Some(rule) if !self.settings.clinic_accepts_violations => {
                        Verdict::Refused { rule, used_up_on: self.in_window(start, counted).max() }
                    }
                    finding => Verdict::Permitted { rule: "CHANGE_AT_WILL", counted: true, finding },
                }
            }
        }
    }

    /// "Rule 3 counts method 2 only"
    fn is_voluntary(&self, entry: &Entry) -> bool {
        entry.rank == 2
    }

    /// "in the year of the stay's start"
    fn counting_day(&self, _entry: &Entry, start: Date) -> Date {
        start
    }
}
