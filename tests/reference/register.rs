//! The register on `D` (SEM-283, SEM-284), and the numbers that people have ever used (SEM-173).

use super::clinic;
use super::dates::{self, Date};
use super::death::EVER;
use super::insurer;
use super::notices::Notices;
use super::organisations::{self, Organisation};
use super::records::{Record, Table};
use super::stays::{Entry, Stay};
use super::{NumberRow, PersonRow, UnattachedRow};

/// One person with its stays.
pub struct Life<'a> {
    pub person: usize,
    /// Numbers of its records, in the order of their positions.
    pub members: Vec<usize>,
    pub insured: &'a [Stay],
    /// The stays of profile 1.
    pub therapeutic: &'a [Stay],
    pub clinics: &'a [Organisation],
    /// All register records with an interval.
    pub entries: &'a [Entry],
}

fn on(stays: &[Stay], day: Date) -> Option<&Stay> {
    stays.iter().find(|stay| dates::covers((stay.from, stay.to), day))
}

/// "among those the stay rests on and whose interval covers D (else among all it rests on), the one with the latest ..."
fn chosen<'a>(records: &'a [Record], stay: &Stay, day: Date, latest: impl Fn(&Record) -> Date) -> &'a Record {
    let covering: Vec<_> = stay.rests_on.iter().filter(|entry| dates::covers((entry.from, entry.to), day)).collect();
    let candidates = if covering.is_empty() { stay.rests_on.iter().collect() } else { covering };
    let best =
        candidates.into_iter().max_by_key(|entry| (latest(&records[entry.record]), entry.source_date, entry.position.clone()));
    &records[best.expect("a stay rests on a record").record]
}

/// The insurance stay on a day, and the record that speaks for it.
pub fn speaking_for_insurance<'a>(records: &'a [Record], life: &'a Life, day: Date) -> Option<(&'a Stay, &'a Record)> {
    on(life.insured, day).map(|stay| (stay, chosen(records, stay, day, insurer::application_date)))
}

/// The therapeutic stay on a day, and the record that speaks for it.
pub fn speaking_for_attachment<'a>(records: &'a [Record], life: &'a Life, day: Date) -> Option<(&'a Stay, Option<&'a Record>)> {
    on(life.therapeutic, day).map(|stay| (stay, speaking_of_clinic(records, life, stay, day)))
}

/// The record that speaks for a stay. Where people decided on the clinic, records of another one say nothing of it.
fn speaking_of_clinic<'a>(records: &'a [Record], life: &Life, stay: &Stay, day: Date) -> Option<&'a Record> {
    let mut of_clinic: Stay = Stay::clone(stay);
    let is_of_clinic = |code: &str| organisations::read_on(life.clinics, code, day) == stay.code;
    of_clinic.rests_on.retain(|entry| stay.decided.is_none() || is_of_clinic(&entry.code));
    (!of_clinic.rests_on.is_empty()).then(|| chosen(records, &of_clinic, day, Record::start))
}

/// "An absent ENP or SNILS is filled from the person's other records when these agree on one."
pub fn filled(records: &[Record], members: &[usize], from: &Record, field: &str) -> String {
    if !from.get(field).is_empty() {
        return from.get(field).to_string();
    }
    let mut known: Vec<&str> = members.iter().map(|at| records[*at].get(field)).filter(|v| !v.is_empty()).collect();
    known.sort();
    known.dedup();
    if known.len() == 1 { known[0].to_string() } else { String::new() }
}

/// The person's row, when an insurance stay covers `day`.
pub fn row(records: &[Record], life: &Life, day: Date) -> Option<PersonRow> {
    let stay = on(life.insured, day)?;
    let from = chosen(records, stay, day, insurer::application_date);
    let attached = on(life.therapeutic, day);
    let of_profile: Vec<usize> = life.members.iter().copied().filter(|at| records[*at].get("profile") == "1").collect();
    let notices = Notices { records, organisations: life.clinics, members: &of_profile, deaths_from: EVER };
    let of_stay = |field: &str, stay| {
        let speaking = speaking_of_clinic(records, life, stay, day);
        notices.data(field, life.therapeutic, stay, speaking, day)
    };
    let of_attachment = |field: &str| attached.map_or(String::new(), |stay| of_stay(field, stay));
    Some(PersonRow {
        person: life.person,
        enp: filled(records, &life.members, from, "enp"),
        insurer: stay.code.clone(),
        insured_from: stay.from,
        clinic: attached.map(|stay| stay.code.clone()),
        attached_from: attached.map(|stay| stay.from),
        method: attached.and_then(|stay| clinic::method(records, stay)),
        district: of_attachment("district"),
        doctor_snils: of_attachment("doctor_snils"),
        surname: from.get("surname").to_string(),
        given_name: from.get("given_name").to_string(),
        patronymic: from.get("patronymic").to_string(),
        sex: from.get("sex").to_string(),
        birth_date: from.birth_date(),
        age: from.birth_date().age_on(day),
        snils: filled(records, &life.members, from, "snils"),
        policy_kind: from.get("policy_kind").to_string(),
        policy_number: from.get("policy_number").to_string(),
        category: from.get("category").to_string(),
        insurer_unresolved: stay.unresolved,
        clinic_unresolved: attached.map(|stay| stay.unresolved),
        record: from.position.clone(),
        application_date: insurer::application_date(from),
    })
}

pub fn unattached(row: &PersonRow) -> Option<UnattachedRow> {
    if row.clinic.is_some() {
        return None;
    }
    Some(UnattachedRow { person: row.person, insurer: row.insurer.clone() })
}

/// Every number of the person, and whether it survives.
pub fn numbers(records: &[Record], life: &Life, day: Date) -> Vec<NumberRow> {
    let last_stay = on(life.insured, day).or(life.insured.iter().max_by_key(|stay| stay.from));
    let from = last_stay.map(|stay| chosen(records, stay, day, insurer::application_date));
    let surviving_enp = from.map_or(String::new(), |record| filled(records, &life.members, record, "enp"));
    let mut rows = Vec::new();
    for at in &life.members {
        let record = &records[*at];
        let enp = record.get("enp");
        if !enp.is_empty() {
            rows.push(number(life, "3", enp, enp == surviving_enp));
        }
        let (kind, policy_number) = (record.get("policy_kind"), record.get("policy_number"));
        let without_kind = record.position.table == Table::Attachments && kind.is_empty();
        if !policy_number.is_empty() && (kind == "1" || kind == "2" || without_kind) {
            let survives = from.is_some_and(|r| r.get("policy_kind") == kind && r.get("policy_number") == policy_number);
            rows.push(number(life, kind, policy_number, survives));
        }
    }
    rows.sort();
    rows.dedup();
    rows
}

fn number(life: &Life, kind: &str, number: &str, survives: bool) -> NumberRow {
    NumberRow { policy_kind: kind.to_string(), number: number.to_string(), person: life.person, survives }
}
