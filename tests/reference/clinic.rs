//! One clinic at a time, for each profile (SEM-276 to SEM-282).

use super::dates::{self, Date, FOREVER};
use super::death::EVER;
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

/// A person's insurance.
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

/// The changes that no stay of the person is with; asked once people have decided on stays.
pub fn changes_of_nothing(subject: &Clinics, members: &[usize], stays: &[Stay]) -> Vec<(usize, &'static str)> {
    Notices { records: subject.records, organisations: subject.clinics, members, deaths_from: EVER }.changes_of_nothing(stays)
}

/// "A stay's method is the highest among the records it rests on"; none when none of them has one. What people decided is by application.
pub fn method(records: &[Record], stay: &Stay) -> Option<u32> {
    if stay.decided.is_some() {
        return Some(2);
    }
    stay.rests_on.iter().filter_map(|entry| records[entry.record].get("method").parse().ok()).max()
}

/// The stays of one person in one profile; Notices are among `members`.
pub fn stays(subject: &Clinics, members: &[usize], after_death: Date, insured: &Insured) -> stays::Result {
    let mut result = stays::Result::default();
    let notices = Notices { records: subject.records, organisations: subject.clinics, members, deaths_from: EVER };
    result.findings.extend(notices.ends_of_nothing());
    let mut entries = Vec::new();
    for at in notices.others() {
        let record = &subject.records[at];
        let from = record.start();
        let (aged_out, closed) = (subject.aged_out(record), subject.closed(record));
        let to = record.date("attached_to").unwrap_or(FOREVER).min(after_death).min(aged_out).min(closed);
        let to = to.min(notices.end_of(record));
        if subject.is_child_among_adults(record) {
            result.findings.push((at, "CLINIC_AGE"));
        }
        if from < to {
            if insured.stays.iter().any(|stay| dates::overlap((stay.from, stay.to), (from, to))) {
                entries.push(subject.entry(at, from, to));
                if person_checks::starts_uninsured(record, insured) {
                    result.findings.push((at, "NOT_INSURED_ON_START"));
                }
            } else {
                result.findings.push((at, "NOT_INSURED"));
            }
        } else if after_death <= from {
            result.findings.push((at, "AFTER_DEATH"));
        } else if aged_out <= from {
            result.findings.push((at, "CLINIC_AGE"));
        } else {
            result.findings.push((at, "NO_INTERVAL"));
        }
    }
    let period = subject.settings.applications_period_days;
    let applications = person_checks::several_applications(subject.records, &notices.others(), subject.clinics, period);
    result.findings.extend(applications);
    result.entries = entries.clone();
    let standing = stays::same_day(subject.clinics, entries, &mut result.decisions);
    stays::sweep(subject, standing, &mut result);
    result.stays = stays::written(subject.clinics, result.stays);
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

    pub fn closed(&self, record: &Record) -> Date {
        organisations::chain_end(self.clinics, record.get("clinic"))
    }

    /// "A child under 18 on the start day in a clinic for adults only"
    fn is_child_among_adults(&self, record: &Record) -> bool {
        self.ages(record) == "adults" && record.birth_date().age_on(record.start()) < 18
    }

    fn entry(&self, at: usize, from: Date, to: Date) -> Entry {
        let record = &self.records[at];
        Entry {
            record: at,
            position: record.position.clone(),
            code: record.get("clinic").to_string(),
            from,
            to,
            first: method_rank(record),
            source_date: record.source_date,
            tied: false,
        }
    }

    /// Whether a voluntary change at `start` finds the right of its year used up.
    fn limit_reached(&self, start: Date, counted: &[Date]) -> bool {
        self.in_window(start, counted).count() >= self.settings.clinic_changes_per_year
    }

    /// The changes that count against one on a day.
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
        let of_stay = stay.rests_on.iter().map(|entry| entry.first).max().expect("a stay rests on a record");
        match entry.first {
            1 if of_stay > 1 && self.settings.application_outranks_residence => {
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
        entry.first == 2
    }

    /// "in the year of the stay's start"
    fn counting_day(&self, _entry: &Entry, start: Date) -> Date {
        start
    }
}
