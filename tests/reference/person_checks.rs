//! Checks of persons: findings that change nothing else (SEM-160 to SEM-169).

use super::clinic::Insured;
use super::dates::{self, Date, FOREVER};
use super::identifiers::all_digits;
use super::organisations;
use super::persons::Persons;
use super::records::{Record, Table};
use super::stays::Stay;
use super::{Surroundings, register, terms};
use crate::regions::{Contract, Region};

/// A record that meets the stay of another insurer while it lasts.
pub fn against_another(record: &Record) -> Option<&'static str> {
    match record.get("reason") {
        "П010" => Some("FIRST_CHOICE_WHILE_INSURED"),
        "П040" | "П060" | "П061" | "П062" | "П063" => Some("REASON_CHANGES_INSURER"),
        _ => None,
    }
}

/// A record that joins a stay of its insurer that began before.
pub fn with_the_same(record: &Record) -> Option<&'static str> {
    let changes = ["П031", "П032", "П033", "П034", "П035", "П036"];
    changes.contains(&record.get("reason")).then_some("REASON_SAME_INSURER")
}

/// Whether the application is after the death; one on the first day is not told apart from one that is not given.
pub fn applied_after_death(record: &Record, day_after_death: Date) -> bool {
    record.date("applied_on").is_some_and(|applied| applied >= day_after_death && applied != record.start())
}

/// Whether an attachment that the insurance overlaps starts without it: "in a gap between known stays or after the last one; before the first known stay only
/// when that stay begins by a first choice".
pub fn starts_uninsured(record: &Record, insured: &Insured) -> bool {
    let start = record.start();
    let is_first_known = insured.stays.iter().all(|stay| start < stay.from);
    if is_first_known && !insured.from_first_choice {
        return false;
    }
    !insured.stays.iter().any(|stay| dates::covers((stay.from, stay.to), start))
}

/// Every application that comes after one to another clinic in the same period; `others` are the records of one person and profile.
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

/// What is found about the row of a person on `D`: (record, code).
pub fn on_day(records: &[Record], life: &register::Life, region: &Region, around: &Surroundings) -> Vec<(usize, &'static str)> {
    let day = around.as_of;
    let Some((insurance, speaking)) = register::speaking_for_insurance(records, life, day) else { return Vec::new() };
    let at = |record: &Record| records.iter().position(|other| other.position == record.position).expect("one of the records");
    let mut found = Vec::new();
    if life.members.iter().any(|member| serves(&records[*member], day)) {
        found.push((at(speaking), "INSURED_IN_SERVICE"));
    }
    if speaking.get("policy_kind") == "2" {
        let with_policy = life
            .entries
            .iter()
            .any(|entry| dates::covers((entry.from, entry.to), day) && records[entry.record].get("policy_kind") != "2");
        if terms::last_day_of_certificate(speaking.start(), around) < day && !with_policy {
            found.push((at(speaking), "CERTIFICATE_EXPIRED"));
        }
    }
    let contracts = region.contracts.as_ref();
    if let (Some(contracts), Some((attachment, of_clinic))) = (contracts, register::speaking_for_attachment(records, life, day)) {
        let pair = (insurance.code.as_str(), attachment.code.as_str());
        if !contracts.iter().any(|contract| binds(contract, pair, around)) {
            found.push((at(of_clinic.unwrap_or(speaking)), "NO_CONTRACT"));
        }
    }
    found
}

fn serves(record: &Record, day: Date) -> bool {
    let to = record.date("service_to").unwrap_or(FOREVER);
    record.date("service_from").is_some_and(|from| dates::covers((from, to), day))
}

fn binds(contract: &Contract, pair: (&str, &str), around: &Surroundings) -> bool {
    let day = around.as_of;
    let from = dates::parse(&contract.from).expect("reference tables of a test are right");
    let to = dates::parse(&contract.to).unwrap_or(FOREVER);
    let insurer = organisations::read_on(&around.insurers, &contract.insurer, day);
    let clinic = organisations::read_on(&around.clinics, &contract.clinic, day);
    dates::covers((from, to), day) && (insurer.as_str(), clinic.as_str()) == pair
}

/// Newborns with another insurer than their representatives: (record, code). `insured` are the insurance stays of each person.
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
        let window = (birth, free_from.min(day.next_day()));
        let differ = |own: &Stay, other: &Stay| {
            let common = (own.from.max(other.from), own.to.min(other.to));
            common.0 < common.1 && dates::overlap(common, window) && own.code != other.code
        };
        let own = &insured[persons.person_of[at]];
        if own.iter().any(|own| insured[named[0]].iter().any(|other| differ(own, other))) {
            found.push((at, "NEWBORN_INSURER"));
        }
    }
    found
}
