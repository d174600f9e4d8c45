//! The register on `D` (SEM-283, SEM-284), and the numbers that people have ever used (SEM-173).

use super::clinic;
use super::dates::Date;
use super::death::BEGINNING_OF_TIME;
use super::insurer;
use super::notices::Notices;
use super::organisations::{self, Organisation};
use super::records::{Record, Table};
use super::stays::{Entry, Stay};
use super::{NumberRow, PersonRow, UnattachedRow};

/// One person with its records and stays.
pub struct Timeline<'a> {
    pub person: usize,
    /// Numbers of the person's records, in the order of their positions.
    pub members: Vec<usize>,
    pub insured: &'a [Stay],
    /// The stays of profile 1.
    pub therapeutic: &'a [Stay],
    pub clinics: &'a [Organisation],
    /// The register records whose interval has days.
    pub entries: &'a [Entry],
}

fn stay_on(stays: &[Stay], day: Date) -> Option<&Stay> {
    stays.iter().find(|stay| stay.interval().contains(day))
}

/// The record that speaks for a stay: "among those the stay rests on and whose interval covers D (else among all it rests on), the one with the latest ..."
fn chosen<'a>(records: &'a [Record], stay: &Stay, day: Date, latest: impl Fn(&Record) -> Date) -> &'a Record {
    let covering: Vec<_> = stay.rests_on.iter().filter(|entry| entry.interval().contains(day)).collect();
    let candidates = if covering.is_empty() { stay.rests_on.iter().collect() } else { covering };
    let best =
        candidates.into_iter().max_by_key(|entry| (latest(&records[entry.record]), entry.source_date, entry.position.clone()));
    &records[best.expect("a stay rests on a record").record]
}

/// The insurance stay on a day, and the record that speaks for it.
pub fn speaking_for_insurance<'a>(records: &'a [Record], timeline: &'a Timeline, day: Date) -> Option<(&'a Stay, &'a Record)> {
    stay_on(timeline.insured, day).map(|stay| (stay, chosen(records, stay, day, insurer::application_date)))
}

/// The therapeutic stay on a day, and the record that speaks for it.
pub fn speaking_for_attachment<'a>(
    records: &'a [Record],
    timeline: &'a Timeline,
    day: Date,
) -> Option<(&'a Stay, Option<&'a Record>)> {
    stay_on(timeline.therapeutic, day).map(|stay| (stay, speaking_record(records, timeline, stay, day)))
}

/// The record that speaks for a stay. Where people decided on the clinic, a record of another clinic cannot.
fn speaking_record<'a>(records: &'a [Record], timeline: &Timeline, stay: &Stay, day: Date) -> Option<&'a Record> {
    let mut own_records: Stay = Stay::clone(stay);
    let is_of_clinic = |code: &str| organisations::read_on(timeline.clinics, code, day) == stay.code;
    own_records.rests_on.retain(|entry| stay.decided.is_none() || is_of_clinic(&entry.code));
    (!own_records.rests_on.is_empty()).then(|| chosen(records, &own_records, day, Record::start))
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

/// The person's row; `None` when no insurance stay covers `day`.
pub fn person_row(records: &[Record], timeline: &Timeline, day: Date) -> Option<PersonRow> {
    let stay = stay_on(timeline.insured, day)?;
    let from = chosen(records, stay, day, insurer::application_date);
    let attached = stay_on(timeline.therapeutic, day);
    let of_profile: Vec<usize> = timeline.members.iter().copied().filter(|at| records[*at].get("profile") == "1").collect();
    let notices = Notices { records, organisations: timeline.clinics, members: &of_profile, deaths_from: BEGINNING_OF_TIME };
    let field_of_stay = |field: &str, stay| {
        let speaking = speaking_record(records, timeline, stay, day);
        notices.field_of_stay(field, timeline.therapeutic, stay, speaking, day)
    };
    let of_attachment = |field: &str| attached.map_or(String::new(), |stay| field_of_stay(field, stay));
    Some(PersonRow {
        person: timeline.person,
        enp: filled(records, &timeline.members, from, "enp"),
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
        snils: filled(records, &timeline.members, from, "snils"),
        policy_kind: from.get("policy_kind").to_string(),
        policy_number: from.get("policy_number").to_string(),
        category: from.get("category").to_string(),
        insurer_unresolved: stay.unresolved,
        clinic_unresolved: attached.map(|stay| stay.unresolved),
        record: from.position.clone(),
        application_date: insurer::application_date(from),
    })
}

/// The row of a person without a clinic; `None` for a person who has one.
pub fn unattached_row(row: &PersonRow) -> Option<UnattachedRow> {
    if row.clinic.is_some() {
        return None;
    }
    Some(UnattachedRow { person: row.person, insurer: row.insurer.clone() })
}

/// The record that the person's row is from; for a person without a row that of the last stay.
pub fn leading_record<'a>(records: &'a [Record], timeline: &Timeline, day: Date) -> Option<&'a Record> {
    let last_stay = stay_on(timeline.insured, day).or(timeline.insured.iter().max_by_key(|stay| stay.from));
    last_stay.map(|stay| chosen(records, stay, day, insurer::application_date))
}

/// Every number of the person, and whether it survives.
pub fn numbers(records: &[Record], timeline: &Timeline, day: Date) -> Vec<NumberRow> {
    let from = leading_record(records, timeline, day);
    let surviving_enp = from.map_or(String::new(), |record| filled(records, &timeline.members, record, "enp"));
    let mut rows = Vec::new();
    for at in &timeline.members {
        let record = &records[*at];
        let enp = record.get("enp");
        if !enp.is_empty() {
            rows.push(number_row(timeline, "3", enp, enp == surviving_enp));
        }
        let (kind, policy_number) = (record.get("policy_kind"), record.get("policy_number"));
        let without_kind = record.position.table == Table::Attachments && kind.is_empty();
        if !policy_number.is_empty() && (kind == "1" || kind == "2" || without_kind) {
            let survives = from.is_some_and(|r| r.get("policy_kind") == kind && r.get("policy_number") == policy_number);
            rows.push(number_row(timeline, kind, policy_number, survives));
        }
    }
    rows.sort();
    rows.dedup();
    rows
}

fn number_row(timeline: &Timeline, kind: &str, number: &str, survives: bool) -> NumberRow {
    NumberRow { policy_kind: kind.to_string(), number: number.to_string(), person: timeline.person, survives }
}
