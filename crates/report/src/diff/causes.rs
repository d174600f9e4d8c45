//! Causes of changes: from what the runs tell about a person to a word, a rule, and the line of a source.

use super::facts::{Origin, PersonFacts, Stay};
use super::people::People;
use super::run::ComparedRuns;
use sverka_model::Date;

/// Cause of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cause {
    /// Word of the column `cause`; `None` when the runs do not tell.
    pub word: Option<&'static str>,
    /// Code of the rule of a decision.
    pub rule: Option<String>,
    /// Line that brought the change.
    pub origin: Option<Origin>,
}

impl Cause {
    fn of(word: &'static str, origin: Option<Origin>) -> Self {
        Self { word: Some(word), rule: None, origin }
    }
}

/// Row of a person in the tables of both runs.
#[derive(Clone, Copy)]
pub(super) struct PersonInRuns<'p> {
    pub runs: &'p ComparedRuns,
    pub old: &'p People<'p>,
    pub new: &'p People<'p>,
    pub old_row: Option<usize>,
    pub new_row: Option<usize>,
}

impl<'p> PersonInRuns<'p> {
    /// Insurers of both runs.
    pub fn insurers(&self) -> (Option<&'p str>, Option<&'p str>) {
        (self.old_row.map(|row| self.old.insurer(row)), self.new_row.map(|row| self.new.insurer(row)))
    }

    /// Clinics of both runs.
    pub fn clinics(&self) -> (Option<&'p str>, Option<&'p str>) {
        (self.old_row.and_then(|row| self.old.clinic(row)), self.new_row.and_then(|row| self.new.clinic(row)))
    }

    /// Methods of attachment of both runs.
    pub fn methods(&self) -> (Option<i32>, Option<i32>) {
        (self.old_row.and_then(|row| self.old.method(row)), self.new_row.and_then(|row| self.new.method(row)))
    }

    /// Cause of insurance that begins, ends or changes.
    pub fn insurance_cause(&self, facts: &PersonFacts) -> Cause {
        let today = self.runs.new.as_of;
        match (self.insurers(), self.new_row) {
            ((Some(_), None), _) => self.end_of_insurance(facts),
            ((None, Some(_)), Some(row)) => {
                let word = self.begin_word(row);
                with_decision(Cause::of(word, first_record(facts.insurance.on(today))), facts, false, today)
            }
            ((Some(old), Some(new)), Some(row)) if old != new => {
                let word = if self.runs.new.has_insurer_become(old, new) {
                    "succession"
                } else if self.new.insured_from(row) > self.runs.old.as_of {
                    "changed"
                } else {
                    "known_late"
                };
                with_decision(Cause::of(word, first_record(facts.insurance.on(today))), facts, false, today)
            }
            _ => Cause::default(),
        }
    }

    /// Cause of insurance that the later run does not have.
    fn end_of_insurance(&self, facts: &PersonFacts) -> Cause {
        let id = self.old_row.map(|row| self.old.ids()[row]);
        if id.is_some_and(|id| self.runs.taken_over.is_merged(id)) {
            return Cause::of("merged", None);
        }
        end_of_insurance(facts, self.runs.new.as_of)
    }

    /// Word for the insurance of a person who was in no register of the former run.
    fn begin_word(&self, new_row: usize) -> &'static str {
        let former_day = self.runs.old.as_of;
        if self.new.birth_date(new_row) > former_day {
            "born"
        } else if self.new.insured_from(new_row) > former_day {
            "begun"
        } else {
            "known_late"
        }
    }

    /// Cause of an attachment that begins, ends or changes.
    pub fn attachment_cause(&self, facts: &PersonFacts) -> Cause {
        let today = self.runs.new.as_of;
        match self.clinics() {
            (old, Some(new)) => {
                let origin = first_record(facts.attachments.on(today));
                let word = match (old, self.old_row, self.new_row) {
                    (Some(old), ..) if self.runs.new.has_clinic_become(old, new) => "succession",
                    (_, None, Some(row)) => self.begin_word(row),
                    _ => method_word(self.methods().1),
                };
                with_decision(Cause::of(word, origin), facts, true, today)
            }
            (Some(_), None) if self.new_row.is_none() => self.end_of_insurance(facts),
            (Some(_), None) => end_of_attachment(facts, today),
            (None, None) => Cause::default(),
        }
    }

    /// Cause of a fact that differs: the last record of the later run that the former run did not have.
    pub fn fact_cause(&self, facts: &PersonFacts, is_of_clinic: bool) -> Cause {
        let stay = facts.stays(is_of_clinic).on(self.runs.new.as_of);
        let added = stay.and_then(|stay| stay.records.iter().rfind(|record| !facts.former_records.contains(record)));
        match added {
            Some(record) => Cause::of("record", Some(record.clone())),
            None => Cause::default(),
        }
    }
}

/// Word for a method of attachment: 1 by residence, 2 and 3 by application.
pub(super) fn method_word(method: Option<i32>) -> &'static str {
    match method {
        Some(1) => "residence",
        Some(2 | 3) => "application",
        _ => "no_method",
    }
}

fn first_record(stay: Option<&Stay>) -> Option<Origin> {
    stay?.records.first().cloned()
}

fn last_record(stay: Option<&Stay>) -> Option<Origin> {
    stay?.records.last().cloned()
}

/// Cause with the rule of the decision that let the stay begin: the latest one in favour of one of its records.
fn with_decision(cause: Cause, facts: &PersonFacts, is_of_clinic: bool, today: Date) -> Cause {
    let Some(stay) = facts.stays(is_of_clinic).on(today) else { return cause };
    let decisions = facts.decisions.iter().filter(|decision| decision.is_of_clinic == is_of_clinic);
    let in_favour = decisions.filter(|decision| decision.start <= today && stay.records.contains(&decision.winner));
    match in_favour.max_by_key(|decision| decision.start) {
        Some(decision) => Cause { rule: Some(decision.rule.clone()), origin: Some(decision.winner.clone()), ..cause },
        None => cause,
    }
}

fn end_of_insurance(facts: &PersonFacts, today: Date) -> Cause {
    let last = facts.insurance.last_before(today);
    if facts.death_date.is_some_and(|day| day <= today) {
        return Cause::of("died", facts.death_record.clone());
    }
    if facts.must_choose {
        return Cause::of("insurer_left", last_record(last));
    }
    match (last, notice_of(facts, false, last)) {
        (_, Some(notice)) => Cause::of("stopped", Some(notice)),
        (Some(stay), None) => Cause::of("ended", last_record(Some(stay))),
        (None, None) => Cause::of("gone", None),
    }
}

fn end_of_attachment(facts: &PersonFacts, today: Date) -> Cause {
    let last = facts.attachments.last_before(today);
    match (last, notice_of(facts, true, last)) {
        (_, Some(notice)) => Cause::of("stopped", Some(notice)),
        (Some(stay), None) => Cause::of("ended", last_record(Some(stay))),
        (None, None) => Cause::of("gone", None),
    }
}

/// Notice that ended a stay.
fn notice_of(facts: &PersonFacts, is_of_clinic: bool, stay: Option<&Stay>) -> Option<Origin> {
    let end = stay?.to?;
    let notices = facts.end_notices.iter().filter(|notice| notice.is_of_clinic == is_of_clinic);
    notices.filter(|notice| notice.day == Some(end)).map(|notice| notice.origin.clone()).next_back()
}
