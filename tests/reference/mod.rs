//! A slow, obvious and separate reading of `docs/semantics.md` to compare the engine with. It shares no code with
//! the engine: values are texts, lookups are loops, and each rule is one small function. It knows nothing of the outputs' files.

mod checks;
mod clinic;
pub mod dates;
mod death;
mod document_numbers;
mod documents;
mod exact;
mod expected;
mod funding;
pub mod identifiers;
mod insurer;
mod lines;
mod links;
mod must_choose;
pub mod names;
mod names_quality;
mod notices;
pub mod organisations;
mod overrides;
mod person_checks;
mod persons;
mod records;
mod register;
mod shared_numbers;
mod sources;
mod stays;
mod terms;
pub mod tests;
mod uninsured;

use std::collections::{BTreeMap, BTreeSet};

#[allow(unused_imports)] // for whoever compares K and the correction
pub use exact::Exact;
pub use expected::*;
pub use records::{Position, Record, Table};

use crate::regions::{ATTACHMENT_FIELDS, REGISTER_FIELDS, Region, Row, SourceFile};
use checks::Surroundings;
use dates::Date;
use lines::Line;
use overrides::Overrides;
use persons::Persons;
use stays::Stay;

/// What a run over the region must compute.
pub fn reconcile(region: &Region) -> Expected {
    let as_of = dates::parse(&region.as_of).expect("an ISO date");
    let around = Surroundings {
        as_of,
        insurers: organisations::of_insurers(&region.insurers, region.dictionaries),
        clinics: organisations::of_clinics(&region.clinics, region.dictionaries),
        term_limited: region.settings.term_limited_categories.clone(),
        rows: region.row_rules.clone(),
    };
    let mut expected = Expected::default();
    let mut overrides = Overrides::new(&region.overrides, as_of);
    let accepted = accepted(region, &around, &mut overrides, &mut expected);
    let records = without_duplicates(accepted, &mut expected);
    let persons = persons::persons(&records, as_of, &mut overrides);
    overrides.find_persons(&records, &persons);
    people(&records, &persons, as_of, &mut expected);
    let mut insured = Vec::new();
    for person in 0..persons.count {
        insured.push(life(region, &around, (&records, &mut overrides), &persons, person, &mut expected));
    }
    for (at, code) in person_checks::newborns(&records, &persons, &insured, region, as_of) {
        record_finding(&records, &persons, at, code, &mut expected);
    }
    sources::floods(&mut expected);
    sources::ends_off_by_a_day(&mut expected);
    overrides.write(region.settings.overrides_review_days, &mut expected);
    let funded = funding::funding(&expected.persons, &region.tariff, &region.clinics, &around.clinics, as_of);
    expected.headcount = funded.headcount;
    expected.funding_clinic = funded.clinics;
    expected.funding_insurer_clinic = funded.pairs;
    expected.funding_total = Some(funded.total);
    expected.finish();
    expected
}

/// Rows to records, quarantine and findings (SEM-262, SEM-264).
fn accepted(region: &Region, around: &Surroundings, overrides: &mut Overrides, expected: &mut Expected) -> Vec<Record> {
    let mut records = Vec::new();
    let registers = region.registers.iter().map(|file| (Table::Register, file));
    let attachments = region.attachments.iter().map(|file| (Table::Attachments, file));
    for (table, file) in registers.chain(attachments) {
        let mut counts = SourceCounts { table, source: file.name.clone(), ..SourceCounts::default() };
        for (at, row) in file.rows.iter().enumerate() {
            let position = Position { table, source: file.name.clone(), line: at + 2 };
            match line(row, file.header.len()) {
                Line::Blank => continue,
                Line::Broken(codes) => {
                    let mut findings: Vec<_> = codes.into_iter().map(|c| (None, c)).collect();
                    if overrides.ignores(&position, "", false) {
                        findings.push((None, "OVERRIDE_IGNORED"));
                    }
                    quarantine(&position, "", findings, expected, &mut counts)
                }
                Line::Fields(fields) => {
                    let mut checked = checks::check(table, values(table, file, fields), around);
                    if matches!(row, Row::Raw(bytes) if lines::has_loose_quote(bytes)) {
                        checked.findings.push((None, "QUOTE_IN_VALUE"));
                    }
                    let record_id = checked.values["record_id"].clone();
                    let right = !checked.findings.iter().any(|(_, code)| checks::is_error(code));
                    if overrides.ignores(&position, &record_id, right) {
                        checked.findings.push((None, "OVERRIDE_IGNORED"));
                    }
                    if checked.findings.iter().any(|(_, code)| checks::is_error(code)) {
                        quarantine(&position, &record_id, checked.findings, expected, &mut counts);
                    } else {
                        note(&position, &record_id, &checked.findings, expected);
                        let source_date = file.source_date.as_ref().map(|d| dates::parse(d).expect("an ISO date"));
                        records.push(Record { position, source_date, values: checked.values });
                        counts.accepted += 1;
                    }
                }
            }
            counts.rows += 1;
        }
        sources::that_give_little(&counts, expected);
        expected.sources.push(counts);
    }
    records.sort_by_key(|record| record.position.clone());
    records
}

fn line(row: &Row, columns: usize) -> Line {
    match row {
        Row::Raw(bytes) => lines::read(bytes, columns),
        Row::Fields(fields) => Line::Fields(fields.iter().map(|field| field.trim().to_string()).collect()),
    }
}

/// The trimmed values of a row, when it has readable ones.
pub fn fields_of_line(row: &Row, columns: usize) -> Option<Vec<String>> {
    match line(row, columns) {
        Line::Fields(fields) => Some(fields),
        _ => None,
    }
}

/// Every canonical field of the table with its value; one without a column is empty.
fn values(table: Table, file: &SourceFile, fields: Vec<String>) -> BTreeMap<String, String> {
    let names: &[&str] = if table == Table::Register { &REGISTER_FIELDS } else { &ATTACHMENT_FIELDS };
    let mut values: BTreeMap<String, String> = names.iter().map(|name| (name.to_string(), String::new())).collect();
    for (name, field) in file.header.iter().zip(fields) {
        assert!(values.contains_key(name), "a test's columns are canonical");
        values.insert(name.clone(), field);
    }
    values
}

fn note(position: &Position, record_id: &str, findings: &[(Option<String>, &'static str)], expected: &mut Expected) {
    for (field, code) in findings {
        expected.findings.push(FindingRow {
            position: position.clone(),
            record_id: record_id.to_string(),
            person: None,
            field: field.clone(),
            code: code.to_string(),
            is_error: checks::is_error(code),
        });
    }
}

fn quarantine(
    position: &Position,
    record_id: &str,
    findings: Vec<(Option<String>, &'static str)>,
    expected: &mut Expected,
    counts: &mut SourceCounts,
) {
    note(position, record_id, &findings, expected);
    let codes: BTreeSet<String> = findings.iter().map(|(_, code)| code.to_string()).collect();
    expected.quarantine.push(QuarantineRow { position: position.clone(), codes: codes.into_iter().collect() });
    counts.quarantined += 1;
}

/// The records without duplicates (SEM-265). Records come in the order of their positions, so the first of equals stays.
fn without_duplicates(accepted: Vec<Record>, expected: &mut Expected) -> Vec<Record> {
    let content = |record: &Record| {
        let mut values = record.values.clone();
        values.remove("record_id");
        values.remove("reliability");
        (record.position.table, values)
    };
    let mut kept: Vec<Record> = Vec::new();
    let mut contents = Vec::new();
    for record in accepted {
        let of_record = content(&record);
        match contents.iter().position(|earlier| *earlier == of_record) {
            None => {
                kept.push(record);
                contents.push(of_record);
            }
            Some(at) => {
                let of_source = |c: &&mut SourceCounts| c.table == record.position.table && c.source == record.position.source;
                let counts = expected.sources.iter_mut().find(of_source).expect("its source was counted");
                counts.accepted -= 1;
                counts.duplicates += 1;
                expected.duplicates.push(DuplicateRow { position: record.position, kept: kept[at].position.clone() });
            }
        }
    }
    kept
}

/// Persons and their findings (SEM-270).
fn people(records: &[Record], persons: &Persons, as_of: Date, expected: &mut Expected) {
    for person in 0..persons.count {
        let members: Vec<&Record> =
            records.iter().zip(&persons.person_of).filter(|(_, of)| **of == person).map(|(r, _)| r).collect();
        let key = members.iter().map(|record| persons::identity_text(record)).min().expect("a person has a record");
        expected.people.push(Person { key, records: members.iter().map(|record| record.position.clone()).collect() });
    }
    for finding in expected.findings.iter_mut() {
        let record = records.iter().position(|record| record.position == finding.position);
        finding.person = record.map(|at| persons.person_of[at]);
    }
    for (at, code) in &persons.findings {
        record_finding(records, persons, *at, code, expected);
    }
    for (at, field, code) in shared_numbers::findings(records, &persons.person_of) {
        record_finding(records, persons, at, code, expected);
        expected.findings.last_mut().expect("the finding").field = Some(field.to_string());
    }
    for at in shared_numbers::same_documents(records, &persons.person_of, as_of) {
        record_finding(records, persons, at, "SAME_DOCUMENT_REVIEW", expected);
    }
    expected.links = persons.links.iter().map(|(rule, count)| (rule.to_string(), *count)).collect();
}

fn record_finding(records: &[Record], persons: &Persons, at: usize, code: &str, expected: &mut Expected) {
    expected.findings.push(FindingRow {
        position: records[at].position.clone(),
        record_id: records[at].get("record_id").to_string(),
        person: Some(persons.person_of[at]),
        field: None,
        code: code.to_string(),
        is_error: false,
    });
}

/// Insurer, clinics and register row of one person (SEM-271 to SEM-284). Gives its insurance stays.
fn life(
    region: &Region,
    around: &Surroundings,
    (records, overrides): (&[Record], &mut Overrides),
    persons: &Persons,
    person: usize,
    expected: &mut Expected,
) -> Vec<Stay> {
    let members: Vec<usize> = (0..records.len()).filter(|at| persons.person_of[*at] == person).collect();
    let of_table = |table| members.iter().copied().filter(|at| records[*at].position.table == table).collect::<Vec<_>>();
    let registered = of_table(Table::Register);
    let subject = insurer::Insurers { records, insurers: &around.insurers, settings: &region.settings };
    let deaths: Vec<(usize, Date)> =
        registered.iter().filter_map(|at| records[*at].date("death_date").map(|death| (*at, death))).collect();
    let alive_until = overrides.alive_until(person, &deaths);
    let (mut insured, fate) = death::stays(&subject, &registered, alive_until);
    let after_death = fate.after_death();
    let decided = overrides::Subject { kind: "insurer", profile: "", organisations: &around.insurers, after_death };
    for _ in 0..overrides.overrule(person, &decided, &mut insured) {
        insured.findings.push((members[0], "OVERRIDE_WITHOUT_RECORD"));
    }
    let write = Writer { records, persons, person, death: fate.death };
    write.result("insurer", None, &insured, overrides, expected);
    let left = must_choose::Left { subject: &subject, person, members: &members, insured: &insured.stays, fate };
    if let Some((at, row)) = left.row(around.as_of) {
        record_finding(records, persons, at, "MUST_CHOOSE", expected);
        expected.must_choose.push(row);
    }

    let subject = clinic::Clinics { records, clinics: &around.clinics, settings: &region.settings };
    let attached = of_table(Table::Attachments);
    let first = insured.stays.iter().min_by_key(|stay| stay.from).filter(|stay| stay.decided.is_none());
    let from_first_choice = first.is_some_and(|stay| records[stay.rests_on[0].record].get("reason") == "П010");
    let known = clinic::Insured { stays: &insured.stays, from_first_choice };
    let mut therapeutic = Vec::new();
    for profile in ["1", "2", "3", "4", "5"] {
        let of_profile: Vec<usize> = attached.iter().copied().filter(|at| records[*at].get("profile") == profile).collect();
        let mut result = clinic::stays(&subject, &of_profile, after_death, &known);
        sources::adjoining_ends(records, &result.entries, expected);
        let decided = overrides::Subject { kind: "clinic", profile, organisations: &around.clinics, after_death };
        overrides.overrule(person, &decided, &mut result);
        result.findings.extend(clinic::changes_of_nothing(&subject, &of_profile, &result.stays));
        write.result("clinic", Some(profile), &result, overrides, expected);
        let uninsured =
            uninsured::Uninsured { subject: &subject, person, insured: &insured.stays, death: fate.death, day: around.as_of };
        expected.attached_uninsured.extend(uninsured.rows(&of_profile, &result));
        if profile == "1" {
            therapeutic = result.stays;
        }
    }
    let clinics = &around.clinics;
    let life = register::Life {
        person,
        members,
        insured: &insured.stays,
        therapeutic: &therapeutic,
        clinics,
        entries: &insured.entries,
    };
    expected.link_rows.extend(links::rows(records, &life.members, person, around.as_of));
    on_day(records, &life, around.as_of, expected);
    for (at, code) in person_checks::on_day(records, &life, region, around) {
        record_finding(records, persons, at, code, expected);
    }
    insured.stays
}

fn on_day(records: &[Record], life: &register::Life, day: Date, expected: &mut Expected) {
    expected.numbers.extend(register::numbers(records, life, day));
    if let Some(row) = register::row(records, life, day) {
        expected.unattached.extend(register::unattached(&row));
        expected.persons.push(row);
    }
}

/// Writes one person's stays and decisions down.
struct Writer<'a> {
    records: &'a [Record],
    persons: &'a Persons,
    person: usize,
    death: Option<Date>,
}

impl Writer<'_> {
    fn result(
        &self,
        subject: &str,
        profile: Option<&str>,
        result: &stays::Result,
        overrides: &Overrides,
        expected: &mut Expected,
    ) {
        let profile = profile.map(str::to_string);
        for stay in &result.stays {
            let row = self.stay(stay, profile.clone());
            if subject == "insurer" { &mut expected.insurance_stays } else { &mut expected.attachment_stays }.push(row);
        }
        for decision in &result.decisions {
            expected.decisions.push(DecisionRow {
                person: self.person,
                subject: subject.to_string(),
                profile: profile.clone(),
                outcome: decision.outcome.to_string(),
                rule: decision.rule.to_string(),
                losing_code: decision.losing_code.clone(),
                winning_code: decision.winning_code.clone(),
                start: decision.start,
                loser: self.records[decision.loser].position.clone(),
                winner: match decision.entry {
                    Some(entry) => overrides.position(entry),
                    None => self.records[decision.winner].position.clone(),
                },
                losing: Side::of(&self.records[decision.loser]),
                winning: decision.entry.is_none().then(|| Side::of(&self.records[decision.winner])),
                counted_on: decision.counted_on,
                taken_on: decision.taken_on,
            });
        }
        for (at, code) in &result.findings {
            record_finding(self.records, self.persons, *at, code, expected);
        }
    }

    fn stay(&self, stay: &Stay, profile: Option<String>) -> StayRow {
        StayRow {
            person: self.person,
            profile,
            code: stay.code.clone(),
            from: stay.from,
            to: stay.to.as_end(),
            unresolved: stay.unresolved,
            death_date: self.death,
            method: clinic::method(self.records, stay),
            records: stay.rests_on.iter().map(|entry| entry.position.clone()).collect(),
        }
    }
}
