//! Checks of persons: findings that change nothing else (SEM-160 to SEM-169).

use super::clinic::Insured;
use super::dates::{self, Date, FOREVER, Interval};
use super::identifiers::all_digits;
use super::organisations;
use super::persons::Persons;
use super::records::{Record, Table};
use super::stays::Stay;
use super::{Context, register, terms};
use crate::regions::{Contract, Region};

/// The finding about the reason of a record that meets the stay of another insurer while it lasts.
pub fn reason_against_other_insurer(record: &Record) -> Option<&'static str> {
    match record.get("reason") {
        "П010" => Some("FIRST_CHOICE_WHILE_INSURED"),
        "П040" | "П060" | "П061" | "П062" | "П063" => Some("REASON_CHANGES_INSURER"),
        _ => None,
    }
}

/// The finding about the reason of a record that joins an earlier stay of its own insurer.
pub fn reason_with_same_insurer(record: &Record) -> Option<&'static str> {
    let changes = ["П031", "П032", "П033", "П034", "П035", "П036"];
    changes.contains(&record.get("reason")).then_some("REASON_SAME_INSURER")
}

/// Whether the application is after the death. An application on the first day of insurance does not count, because a missing one is taken for it.
pub fn applied_after_death(record: &Record, day_after_death: Date) -> bool {
    record.date("applied_on").is_some_and(|applied| applied >= day_after_death && applied != record.start())
}

/// Whether an attachment that overlaps the insurance starts on an uninsured day: "in a gap between known stays or after the last one; before the first
/// known stay only when that stay begins by a first choice".
pub fn starts_uninsured(record: &Record, insured: &Insured) -> bool {
    let start = record.start();
    let is_first_known = insured.stays.iter().all(|stay| start < stay.from);
    if is_first_known && !insured.from_first_choice {
        return false;
    }
    !insured.stays.iter().any(|stay| stay.interval().contains(start))
}

/// `SEVERAL_APPLICATIONS`: every application after one to another clinic in the same period. `others` are the records of one person and profile.
pub fn several_applications(
    records: &[Record],
    others: &[usize],
    clinics: &[organisations::Organisation],
    period_days: Option<u32>,
) -> Vec<(usize, &'static str)> {
    let by_application = |at: &&usize| ["2", "3"].contains(&records[**at].get("method"));
    let applications: Vec<usize> = others.iter().filter(by_application).copied().collect();
    let order = |at: usize| (records[at].start(), records[at].position.clone());
    let mut found = Vec::new();
    for later in &applications {
        let day = records[*later].start();
        let clinic = |at: usize| organisations::read_on(clinics, records[at].get("clinic"), day);
        let contradicts = |earlier: &&usize| {
            order(**earlier) < order(*later)
                && in_one_period(records[**earlier].start(), day, period_days)
                && clinic(**earlier) != clinic(*later)
        };
        if applications.iter().any(|earlier| contradicts(&earlier)) {
            found.push((*later, "SEVERAL_APPLICATIONS"));
        }
    }
    found
}

fn in_one_period(first: Date, second: Date, days: Option<u32>) -> bool {
    match days {
        None => (first.year, first.month) == (second.year, second.month),
        Some(days) => second < plus_days(first, days),
    }
}

fn plus_days(day: Date, days: u32) -> Date {
    (0..days).fold(day, |day, _| day.next_day())
}

/// Findings about the row of a person on `D`: (record, code).
pub fn on_day(
    records: &[Record],
    timeline: &register::Timeline,
    region: &Region,
    context: &Context,
) -> Vec<(usize, &'static str)> {
    let day = context.as_of;
    let Some((insurance, speaking)) = register::speaking_for_insurance(records, timeline, day) else { return Vec::new() };
    let at = |record: &Record| records.iter().position(|other| other.position == record.position).expect("one of the records");
    let mut found = Vec::new();
    if timeline.members.iter().any(|member| serves(&records[*member], day)) {
        found.push((at(speaking), "INSURED_IN_SERVICE"));
    }
    if speaking.get("policy_kind") == "2" {
        let with_policy = timeline
            .entries
            .iter()
            .any(|entry| entry.interval().contains(day) && records[entry.record].get("policy_kind") != "2");
        if terms::last_day_of_certificate(speaking.start(), context) < day && !with_policy {
            found.push((at(speaking), "CERTIFICATE_EXPIRED"));
        }
    }
    let contracts = region.contracts.as_ref();
    if let (Some(contracts), Some((attachment, of_clinic))) =
        (contracts, register::speaking_for_attachment(records, timeline, day))
        && !contracts.iter().any(|contract| binds(contract, insurance, attachment, context))
    {
        found.push((at(of_clinic.unwrap_or(speaking)), "NO_CONTRACT"));
    }
    found
}

/// Whether the record's holder is in military service on a day.
fn serves(record: &Record, day: Date) -> bool {
    let to = record.date("service_to").unwrap_or(FOREVER);
    record.date("service_from").is_some_and(|from| Interval { from, to }.contains(day))
}

/// Whether a contract holds on `D` between the organisations of two stays.
fn binds(contract: &Contract, insurance: &Stay, attachment: &Stay, context: &Context) -> bool {
    let day = context.as_of;
    let from = dates::parse(&contract.from).expect("reference tables of a test are right");
    let to = dates::parse(&contract.to).unwrap_or(FOREVER);
    let insurer = organisations::read_on(&context.insurers, &contract.insurer, day);
    let clinic = organisations::read_on(&context.clinics, &contract.clinic, day);
    Interval { from, to }.contains(day) && insurer == insurance.code && clinic == attachment.code
}

/// `NEWBORN_INSURER`: newborns with another insurer than their representatives. `insured` are the insurance stays of each person.
pub fn newborns(
    records: &[Record],
    persons: &Persons,
    insured: &[Vec<Stay>],
    region: &Region,
    day: Date,
) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let enp = record.get("representative_enp");
        let is_enp = all_digits(enp, 16) && enp != "0000000000000000";
        if record.position.table == Table::Attachments || !record.get("action").is_empty() || !is_enp {
            continue;
        }
        let birth = record.birth_date();
        let registered = record.date("birth_registered_on").unwrap_or(birth).max(birth);
        let free_from = plus_days(registered, region.settings.newborn_days).next_day();
        let mut named: Vec<usize> =
            (0..records.len()).filter(|other| records[*other].get("enp") == enp).map(|other| persons.person_of[other]).collect();
        named.sort();
        named.dedup();
        if record.start() >= free_from || named.len() != 1 {
            continue;
        }
        let bound_days = Interval { from: birth, to: free_from.min(day.next_day()) };
        let differ = |own: &Stay, other: &Stay| {
            let common = own.interval().common(other.interval());
            common.has_days() && common.overlaps(bound_days) && own.code != other.code
        };
        let own = &insured[persons.person_of[at]];
        if own.iter().any(|own| insured[named[0]].iter().any(|other| differ(own, other))) {
            found.push((at, "NEWBORN_INSURER"));
        }
    }
    found
}
