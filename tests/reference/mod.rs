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
pub mod ids;
mod insurer;
mod lines;
mod links;
pub mod money;
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

#[allow(unused_imports)] // comparisons of K and the correction need it
pub use exact::Exact;
pub use expected::*;
pub use records::{Position, Record, Table};

use crate::regions::{ATTACHMENT_FIELDS, REGISTER_FIELDS, Region, Row, SourceFile};
use checks::Context;
use dates::Date;
use funding::{Attached, CountedPerson};
use lines::Line;
use overrides::Overrides;
use persons::Persons;
use stays::Stay;

/// The results that a run over the region must give.
pub fn reconcile(region: &Region) -> Expected {
    let as_of = dates::parse(&region.as_of).expect("an ISO date");
    let context = Context {
        as_of,
        insurers: organisations::from_insurers(&region.insurers, region.dictionaries),
        clinics: organisations::from_clinics(&region.clinics, region.dictionaries),
        term_limited: region.settings.term_limited_categories.clone(),
        row_rules: region.row_rules.clone(),
    };
    let mut expected = Expected::default();
    let mut overrides = Overrides::new(&region.overrides, as_of);
    let accepted = check_rows(region, &context, &mut overrides, &mut expected);
    let records = without_duplicates(accepted, &mut expected);
    let persons = persons::link(&records, as_of, &mut overrides);
    overrides.find_persons(&records, &persons);
    add_persons(&records, &persons, as_of, &mut expected);
    let run = Run { region, context: &context, records: &records, persons: &persons };
    let mut insured = Vec::new();
    for person in 0..persons.count {
        insured.push(run.reconcile_person(person, &mut overrides, &mut expected));
    }
    for (at, code) in person_checks::newborns(&records, &persons, &insured, region, as_of) {
        add_record_finding(&records, &persons, at, code, &mut expected);
    }
    sources::find_floods(&mut expected);
    sources::find_ends_off_by_a_day(&mut expected);
    overrides.add_rows(region.settings.overrides_review_days, &mut expected);
    let funded = funding::funding(&expected.counted, region, &context.clinics, as_of);
    expected.headcount = funded.headcount;
    expected.money = funded.cares;
    expected.ages_not_served = funded.ages;
    expected.finish();
    expected
}

/// The identities of each person of a region, in the order of [`Expected::people`] (SEM-420).
pub fn identities(region: &Region) -> Vec<ids::Identities> {
    let as_of = dates::parse(&region.as_of).expect("an ISO date");
    let context = Context {
        as_of,
        insurers: organisations::from_insurers(&region.insurers, region.dictionaries),
        clinics: organisations::from_clinics(&region.clinics, region.dictionaries),
        term_limited: region.settings.term_limited_categories.clone(),
        row_rules: region.row_rules.clone(),
    };
    let mut expected = Expected::default();
    let mut overrides = Overrides::new(&region.overrides, as_of);
    let accepted = check_rows(region, &context, &mut overrides, &mut expected);
    let records = without_duplicates(accepted, &mut expected);
    let persons = persons::link(&records, as_of, &mut overrides);
    ids::identities(&records, &persons, as_of)
}

/// Checks all rows. Returns the accepted ones; the others go to the quarantine (SEM-262, SEM-264).
fn check_rows(region: &Region, context: &Context, overrides: &mut Overrides, expected: &mut Expected) -> Vec<Record> {
    let mut records = Vec::new();
    let registers = region.registers.iter().map(|file| (Table::Register, file));
    let attachments = region.attachments.iter().map(|file| (Table::Attachments, file));
    for (table, file) in registers.chain(attachments) {
        let mut counts = SourceCounts { table, source: file.name.clone(), ..SourceCounts::default() };
        for (at, row) in file.rows.iter().enumerate() {
            let position = Position { table, source: file.name.clone(), line: at + 2 };
            match read_line(row, file.header.len()) {
                Line::Blank => continue,
                Line::Broken(codes) => {
                    let mut findings: Vec<_> = codes.into_iter().map(|c| (None, c)).collect();
                    if overrides.ignores(&position, "", false) {
                        findings.push((None, "OVERRIDE_IGNORED"));
                    }
                    quarantine(&position, "", findings, expected, &mut counts)
                }
                Line::Fields(fields) => {
                    let mut checked = checks::check(table, canonical_values(table, file, fields), context);
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
                        add_row_findings(&position, &record_id, &checked.findings, expected);
                        let source_date = file.source_date.as_ref().map(|d| dates::parse(d).expect("an ISO date"));
                        records.push(Record { position, source_date, values: checked.values });
                        counts.accepted += 1;
                    }
                }
            }
            counts.rows += 1;
        }
        sources::find_poor_source(&counts, expected);
        expected.sources.push(counts);
    }
    records.sort_by_key(|record| record.position.clone());
    records
}

fn read_line(row: &Row, columns: usize) -> Line {
    match row {
        Row::Raw(bytes) => lines::read(bytes, columns),
        Row::Fields(fields) => Line::Fields(fields.iter().map(|field| field.trim().to_string()).collect()),
    }
}

/// The trimmed values of a row; `None` when the row is blank or broken.
pub fn fields_of_line(row: &Row, columns: usize) -> Option<Vec<String>> {
    match read_line(row, columns) {
        Line::Fields(fields) => Some(fields),
        _ => None,
    }
}

/// The values of all canonical fields of the table; a field without a column is empty.
fn canonical_values(table: Table, file: &SourceFile, fields: Vec<String>) -> BTreeMap<String, String> {
    let names: &[&str] = if table == Table::Register { &REGISTER_FIELDS } else { &ATTACHMENT_FIELDS };
    let mut values: BTreeMap<String, String> = names.iter().map(|name| (name.to_string(), String::new())).collect();
    for (name, field) in file.header.iter().zip(fields) {
        assert!(values.contains_key(name), "a test's columns are canonical");
        values.insert(name.clone(), field);
    }
    values
}

fn add_row_findings(position: &Position, record_id: &str, findings: &[(Option<String>, &'static str)], expected: &mut Expected) {
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
    add_row_findings(position, record_id, &findings, expected);
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
        let own_content = content(&record);
        match contents.iter().position(|earlier| *earlier == own_content) {
            None => {
                kept.push(record);
                contents.push(own_content);
            }
            Some(at) => {
                let is_its_source =
                    |c: &&mut SourceCounts| c.table == record.position.table && c.source == record.position.source;
                let counts = expected.sources.iter_mut().find(is_its_source).expect("its source was counted");
                counts.accepted -= 1;
                counts.duplicates += 1;
                expected.duplicates.push(DuplicateRow { position: record.position, kept: kept[at].position.clone() });
            }
        }
    }
    kept
}

/// Adds the persons and their findings (SEM-270).
fn add_persons(records: &[Record], persons: &Persons, as_of: Date, expected: &mut Expected) {
    for person in 0..persons.count {
        let members: Vec<&Record> =
            records.iter().zip(&persons.person_of).filter(|(_, number)| **number == person).map(|(r, _)| r).collect();
        let key = members.iter().map(|record| persons::identity_text(record)).min().expect("a person has a record");
        expected.people.push(Person { key, records: members.iter().map(|record| record.position.clone()).collect() });
    }
    for finding in expected.findings.iter_mut() {
        let record = records.iter().position(|record| record.position == finding.position);
        finding.person = record.map(|at| persons.person_of[at]);
    }
    for (at, code) in &persons.findings {
        add_record_finding(records, persons, *at, code, expected);
    }
    for (at, field, code) in shared_numbers::findings(records, &persons.person_of) {
        add_record_finding(records, persons, at, code, expected);
        expected.findings.last_mut().expect("the finding").field = Some(field.to_string());
    }
    for at in shared_numbers::same_documents(records, &persons.person_of, as_of) {
        add_record_finding(records, persons, at, "SAME_DOCUMENT_REVIEW", expected);
    }
    expected.links = persons.links.iter().map(|(rule, count)| (rule.to_string(), *count)).collect();
}

fn add_record_finding(records: &[Record], persons: &Persons, at: usize, code: &str, expected: &mut Expected) {
    expected.findings.push(FindingRow {
        position: records[at].position.clone(),
        record_id: records[at].get("record_id").to_string(),
        person: Some(persons.person_of[at]),
        field: None,
        code: code.to_string(),
        is_error: false,
    });
}

/// The region, and its records grouped into persons.
struct Run<'a> {
    region: &'a Region,
    context: &'a Context,
    records: &'a [Record],
    persons: &'a Persons,
}

/// One person with its records.
struct Member<'a> {
    person: usize,
    /// Numbers of the person's records.
    records: &'a [usize],
}

/// A person's insurance, and the outcome of the person's death.
struct Insurance {
    result: stays::Result,
    death_outcome: death::DeathOutcome,
}

impl Run<'_> {
    /// Insurer, clinics and register row of one person (SEM-271 to SEM-284). Returns the person's insurance stays.
    fn reconcile_person(&self, person: usize, overrides: &mut Overrides, expected: &mut Expected) -> Vec<Stay> {
        let Run { region, context, records, persons } = *self;
        let members: Vec<usize> = (0..records.len()).filter(|at| persons.person_of[*at] == person).collect();
        let member = Member { person, records: &members };
        let insurance = self.insurance(&member, overrides, expected);
        let attached = self.attachments(&member, &insurance, overrides, expected);
        let therapeutic = &attached["1"];
        let insured = &insurance.result;
        let (clinics, entries) = (&context.clinics, &insured.entries);
        let timeline = register::Timeline { person, members, insured: &insured.stays, therapeutic, clinics, entries };
        expected.link_rows.extend(links::rows(records, &timeline.members, person, context.as_of));
        add_rows_on_day(records, &timeline, context.as_of, expected);
        for day in money::days_of_tariff(&region.tariff, &region.as_of) {
            expected.counted.extend(counted_on(records, &timeline, &attached, CountDay { day: &day, as_of: context.as_of }));
        }
        for (at, code) in person_checks::on_day(records, &timeline, region, context) {
            add_record_finding(records, persons, at, code, expected);
        }
        insurance.result.stays
    }

    /// The numbers of a person's records of one table.
    fn of_table(&self, member: &Member, table: Table) -> Vec<usize> {
        member.records.iter().copied().filter(|at| self.records[*at].position.table == table).collect()
    }

    /// The stays with insurers (SEM-271 to SEM-275).
    fn insurance(&self, member: &Member, overrides: &mut Overrides, expected: &mut Expected) -> Insurance {
        let Run { region, context, records, persons } = *self;
        let person = member.person;
        let registered = self.of_table(member, Table::Register);
        let subject = insurer::Insurers { records, insurers: &context.insurers, settings: &region.settings };
        let deaths: Vec<(usize, Date)> =
            registered.iter().filter_map(|at| records[*at].date("death_date").map(|death| (*at, death))).collect();
        let alive_until = overrides.alive_until(person, &deaths);
        let (mut result, death_outcome) = death::stays(&subject, &registered, alive_until);
        let after_death = death_outcome.after_death();
        let decided = overrides::Subject { kind: "insurer", profile: "", organisations: &context.insurers, after_death };
        for _ in 0..overrides.overrule(person, &decided, &mut result) {
            result.findings.push((member.records[0], "OVERRIDE_WITHOUT_RECORD"));
        }
        let writer = ResultWriter { records, persons, person, death: death_outcome.death };
        writer.write("insurer", None, &result, overrides, expected);
        let (members, insured) = (member.records, &result.stays);
        let left = must_choose::LeftByInsurer { subject: &subject, person, members, insured, death_outcome };
        if let Some((at, row)) = left.row_with_record(context.as_of) {
            add_record_finding(records, persons, at, "MUST_CHOOSE", expected);
            expected.must_choose.push(row);
        }
        Insurance { result, death_outcome }
    }

    /// The stays at clinics, one profile after another (SEM-276 to SEM-282). Returns those of each profile.
    fn attachments(
        &self,
        member: &Member,
        insurance: &Insurance,
        overrides: &mut Overrides,
        expected: &mut Expected,
    ) -> BTreeMap<&'static str, Vec<Stay>> {
        let Run { region, context, records, persons } = *self;
        let (person, insured) = (member.person, &insurance.result.stays);
        let (after_death, death) = (insurance.death_outcome.after_death(), insurance.death_outcome.death);
        let subject = clinic::Clinics { records, clinics: &context.clinics, settings: &region.settings };
        let attached = self.of_table(member, Table::Attachments);
        let first = insured.iter().min_by_key(|stay| stay.from).filter(|stay| stay.decided.is_none());
        let from_first_choice = first.is_some_and(|stay| records[stay.rests_on[0].record].get("reason") == "П010");
        let known = clinic::Insured { stays: insured, from_first_choice };
        let writer = ResultWriter { records, persons, person, death };
        let mut stays = BTreeMap::new();
        for profile in ["1", "2", "3", "4", "5"] {
            let of_profile: Vec<usize> = attached.iter().copied().filter(|at| records[*at].get("profile") == profile).collect();
            let mut result = clinic::stays(&subject, &of_profile, after_death, &known);
            sources::count_adjoining_ends(records, &result.entries, expected);
            let decided = overrides::Subject { kind: "clinic", profile, organisations: &context.clinics, after_death };
            overrides.overrule(person, &decided, &mut result);
            result.findings.extend(clinic::changes_without_attachment(&subject, &of_profile, &result.stays));
            writer.write("clinic", Some(profile), &result, overrides, expected);
            let uninsured = uninsured::Uninsured { subject: &subject, person, insured, death, day: context.as_of };
            expected.attached_uninsured.extend(uninsured.rows(&of_profile, &result));
            stays.insert(profile, result.stays);
        }
        stays
    }
}

/// Adds the rows of a person that hold on a day.
fn add_rows_on_day(records: &[Record], timeline: &register::Timeline, day: Date, expected: &mut Expected) {
    expected.numbers.extend(register::numbers(records, timeline, day));
    if let Some(row) = register::person_row(records, timeline, day) {
        expected.unattached.extend(register::unattached_row(&row));
        expected.persons.push(row);
    }
}

/// A day on which people are counted, and `D`.
#[derive(Clone, Copy)]
struct CountDay<'a> {
    /// An ISO date.
    day: &'a str,
    as_of: Date,
}

/// The person as counted on a day; `None` for one who is not insured then. "Sex and birth date are those of the person's row in the register."
fn counted_on(
    records: &[Record],
    timeline: &register::Timeline,
    attached: &BTreeMap<&'static str, Vec<Stay>>,
    CountDay { day, as_of }: CountDay,
) -> Option<CountedPerson> {
    let date = dates::parse(day).expect("an ISO date");
    let insured = timeline.insured.iter().find(|stay| stay.interval().contains(date))?;
    let described = register::leading_record(records, timeline, as_of)?;
    let mut clinics = Vec::new();
    for (profile, stays) in attached {
        if let Some(stay) = stays.iter().find(|stay| stay.interval().contains(date)) {
            let profile = profile.parse().expect("a profile is a number");
            clinics.push(Attached { profile, clinic: stay.code.clone(), unresolved: stay.unresolved });
        }
    }
    Some(CountedPerson {
        day: day.to_string(),
        insurer: insured.code.clone(),
        insurer_unresolved: insured.unresolved,
        sex: described.get("sex").to_string(),
        // A stay of another record may begin before the birth date of the person's row.
        age: described.birth_date().age_on(date).max(0),
        attached: clinics,
    })
}

/// The writer of one person's stays, decisions and findings.
struct ResultWriter<'a> {
    records: &'a [Record],
    persons: &'a Persons,
    person: usize,
    death: Option<Date>,
}

impl ResultWriter<'_> {
    fn write(
        &self,
        subject: &str,
        profile: Option<&str>,
        result: &stays::Result,
        overrides: &Overrides,
        expected: &mut Expected,
    ) {
        let profile = profile.map(str::to_string);
        for stay in &result.stays {
            let row = self.stay_row(stay, profile.clone());
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
                losing: Side::from_record(&self.records[decision.loser]),
                winning: decision.entry.is_none().then(|| Side::from_record(&self.records[decision.winner])),
                counted_on: decision.counted_on,
                taken_on: decision.taken_on,
            });
        }
        for (at, code) in &result.findings {
            add_record_finding(self.records, self.persons, *at, code, expected);
        }
    }

    fn stay_row(&self, stay: &Stay, profile: Option<String>) -> StayRow {
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
