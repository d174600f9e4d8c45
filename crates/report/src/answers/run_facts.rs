//! Facts of a run by request: one pass over the tables of the run.
//!
//! The tables that are sorted by persons are merged, so that each fact carries its person's row of the register. Facts
//! wait on the disk. Memory holds the lines of duplicates, and of the records that only a finding names.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::buckets::Buckets;
use super::columns::{attachment, decision, duplicate, finding, insurance, register_row};
use super::error::AnswerError;
use super::fact::{DecisionOutcome, Fact, FactKind, OrganisationNumber, RequestNumber};
use crate::table_reader::{Column, RowCursor, TableReader};
use sverka_intake::AnswerFamily;
use sverka_model::{Code, Date, Enp, Field, PersonId, Profile, Severity};
use sverka_publish::OutputTable;

/// Source of a job that gets an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Name of the source.
    pub source: String,
    /// Name of the source with the same content that the run read instead, if any.
    pub same_as: Option<String>,
    /// Family of the sender.
    pub family: AnswerFamily,
    /// Whether each row of the source is one record.
    pub one_record: bool,
}

/// Facts of a run by request, with the organisations that they name.
pub(super) struct RunFacts {
    facts: Buckets,
    /// Codes of organisations, by number.
    organisations: Vec<String>,
    /// Names of sources, by request.
    sources: Vec<String>,
}

impl RunFacts {
    /// Facts from the tables of the run in `dir`. They wait in a file in `folder`.
    pub(super) fn collect(dir: &Path, run: &str, requests: &[Request], folder: &Path) -> Result<Self, AnswerError> {
        let buckets = Buckets::new(folder, requests.len()).map_err(AnswerError::io("create a file in", folder))?;
        let read = requests.iter().enumerate().filter(|(_, request)| request.same_as.is_none());
        let numbers = read.map(|(index, request)| (request.source.as_str(), RequestNumber::from_index(index))).collect();
        let mut sorter = FactSorter {
            requests,
            folder,
            buckets,
            numbers,
            organisations: HashMap::new(),
            duplicates: Vec::new(),
            only_found: Vec::new(),
        };
        sorter.findings(open_table(dir, run, OutputTable::Findings, finding::ALL)?)?;
        sorter.duplicates(open_table(dir, run, OutputTable::Duplicates, duplicate::ALL)?)?;
        sorter.persons(PersonTables::open(dir, run, requests)?)?;
        let mut organisations = vec![String::new(); sorter.organisations.len()];
        sorter.organisations.into_iter().for_each(|(code, number)| organisations[number.index()] = code);
        let sources = requests.iter().map(|request| request.source.clone()).collect();
        Ok(Self { facts: sorter.buckets, organisations, sources })
    }

    /// Facts of a request, sorted by line.
    pub(super) fn of_request(&self, request: usize) -> io::Result<Vec<Fact>> {
        let bytes = self.facts.read(request)?;
        let mut facts: Vec<Fact> = bytes.chunks_exact(Fact::BYTES).map(bytemuck::pod_read_unaligned).collect();
        facts.sort_unstable();
        facts.dedup();
        Ok(facts)
    }

    /// Code of an organisation; empty for none.
    pub(super) fn organisation(&self, number: OrganisationNumber) -> &str {
        self.organisations.get(number.index()).map_or("", String::as_str)
    }

    /// Codes of all organisations, by number.
    pub(super) fn organisations(&self) -> &[String] {
        &self.organisations
    }

    /// Name of the source of a request; `None` for no request.
    pub(super) fn source(&self, request: RequestNumber) -> Option<&str> {
        self.sources.get(request.index()).map(String::as_str)
    }

    /// Organisations and names of sources without any facts.
    #[cfg(test)]
    pub(super) fn without_facts(codes: &[&str], sources: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let facts = Buckets::new(folder.path(), 0).expect("no buckets");
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self { facts, organisations: owned(codes), sources: owned(sources) }
    }
}

/// Cursor at the first row of a table that every answer needs.
pub(super) fn open_table(dir: &Path, run: &str, table: OutputTable, columns: &[Column]) -> Result<RowCursor, AnswerError> {
    let reader = TableReader::open_if_published(dir, table)?;
    let reader = reader.ok_or_else(|| AnswerError::NoTable { run: run.to_owned(), table: table.name() })?;
    Ok(reader.cursor(columns)?)
}

/// Cursors over the tables that are sorted by persons. Each is at the person in work or at a later one.
struct PersonTables {
    decisions: RowCursor,
    /// Tables that only answers in a family's own form need.
    stays: Option<StayTables>,
}

struct StayTables {
    persons: RowCursor,
    attachments: RowCursor,
    /// Insurance stays; opened when a request is about insurance.
    insurances: Option<RowCursor>,
}

impl PersonTables {
    fn open(dir: &Path, run: &str, requests: &[Request]) -> Result<Self, AnswerError> {
        let open = |table, columns: &[Column]| open_table(dir, run, table, columns);
        let any = |wanted: fn(AnswerFamily) -> bool| requests.iter().any(|request| wanted(request.family));
        let decisions = open(OutputTable::Decisions, decision::ALL)?;
        let stays = if any(|family| family != AnswerFamily::Findings) {
            Some(StayTables {
                persons: open(OutputTable::Persons, register_row::ALL)?,
                attachments: open(OutputTable::AttachmentStays, attachment::ALL)?,
                insurances: if any(|family| family == AnswerFamily::Oplist) {
                    Some(open(OutputTable::InsuranceStays, insurance::ALL)?)
                } else {
                    None
                },
            })
        } else {
            None
        };
        Ok(Self { decisions, stays })
    }

    /// Smallest person at which one of the cursors stands.
    fn next_person(&self) -> Option<PersonId> {
        let decisions = person_at(&self.decisions, decision::PERSON);
        let stays = self.stays.iter().flat_map(|stays| {
            let insurances = stays.insurances.as_ref().and_then(|rows| person_at(rows, insurance::PERSON));
            [person_at(&stays.persons, register_row::PERSON), person_at(&stays.attachments, attachment::PERSON), insurances]
        });
        stays.chain([decisions]).flatten().min()
    }
}

/// Person of the row at which a cursor stands; `None` behind the last row.
fn person_at(rows: &RowCursor, person: Column) -> Option<PersonId> {
    rows.has_row().then(|| rows.long(person).map_or(PersonId::NONE, PersonId::from_stored))
}

/// Row of a request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RequestLine {
    request: RequestNumber,
    line: u64,
}

/// Row that repeats another row. Sorted by the row that is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DuplicateRow {
    in_register: bool,
    kept: RequestLine,
    copy: RequestLine,
}

/// Record of a person that only a finding names. Sorted by person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FoundRecord {
    person: PersonId,
    row: RequestLine,
}

/// Sorter of facts into the buckets of their requests.
struct FactSorter<'a> {
    requests: &'a [Request],
    /// Folder of the buckets, for messages.
    folder: &'a Path,
    buckets: Buckets,
    /// Number of a request by the name of its source.
    numbers: HashMap<&'a str, RequestNumber>,
    organisations: HashMap<String, OrganisationNumber>,
    /// Duplicates, sorted once all are known.
    duplicates: Vec<DuplicateRow>,
    /// Records that only a finding names, sorted once all are known.
    only_found: Vec<FoundRecord>,
}

impl FactSorter<'_> {
    fn findings(&mut self, mut rows: RowCursor) -> Result<(), AnswerError> {
        while rows.has_row() {
            let foreign = |column| AnswerError::Foreign { table: OutputTable::Findings.name(), column };
            let code = code_named(rows.text(finding::CODE)).ok_or_else(|| foreign("code"))?;
            let field =
                rows.text(finding::FIELD).map(|name| Field::from_name(name).ok_or_else(|| foreign("field"))).transpose()?;
            let line = line(rows.long(finding::LINE));
            // A finding on a source as a whole has line 0 and belongs to no row.
            if let Some(request) = self.request(rows.text(finding::SOURCE)).filter(|_| line > 0) {
                let severity = rows.text(finding::SEVERITY).and_then(Severity::from_name).ok_or_else(|| foreign("severity"))?;
                self.put(request, &Fact::finding(line, code, severity, field))?;
                let person = rows.long(finding::PERSON).filter(|_| may_be_only_trace(code));
                self.only_found.extend(
                    person
                        .map(|person| FoundRecord { person: PersonId::from_stored(person), row: RequestLine { request, line } }),
                );
            }
            rows.advance()?;
        }
        self.only_found.sort_unstable();
        self.only_found.dedup();
        Ok(())
    }

    fn duplicates(&mut self, mut rows: RowCursor) -> Result<(), AnswerError> {
        while rows.has_row() {
            let (copy_line, kept_line) = (line(rows.long(duplicate::LINE)), line(rows.long(duplicate::KEPT_LINE)));
            let (copy, kept) = (self.request(rows.text(duplicate::SOURCE)), self.request(rows.text(duplicate::KEPT_SOURCE)));
            if let Some(copy) = copy {
                let kept_request = kept.unwrap_or(RequestNumber::NONE);
                self.put(copy, &Fact { kept_request, kept_line, ..Fact::of_row(FactKind::DUPLICATE, copy_line) })?;
            }
            if let (Some(copy), Some(kept)) = (copy, kept) {
                self.duplicates.push(DuplicateRow {
                    in_register: rows.text(duplicate::TABLE) == Some("register"),
                    kept: RequestLine { request: kept, line: kept_line },
                    copy: RequestLine { request: copy, line: copy_line },
                });
            }
            rows.advance()?;
        }
        self.duplicates.sort_unstable();
        Ok(())
    }

    /// Merges the tables that are sorted by persons, person by person.
    fn persons(&mut self, mut tables: PersonTables) -> Result<(), AnswerError> {
        let only_found = std::mem::take(&mut self.only_found);
        let mut only_found = only_found.as_slice();
        loop {
            let person = match (tables.next_person(), only_found.first().map(|record| record.person)) {
                (Some(one), Some(other)) => one.min(other),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => return Ok(()),
            };
            let mut known = Fact { person, ..Fact::of_row(FactKind::PERSON, 0) };
            if let Some(stays) = &mut tables.stays {
                self.register_row(&mut stays.persons, &mut known)?;
                if let Some(rows) = &mut stays.insurances {
                    self.insurance_stays(rows, &known)?;
                }
                self.attachment_stays(&mut stays.attachments, &known)?;
            }
            self.decisions(&mut tables.decisions, &known)?;
            while let Some((found, rest)) = only_found.split_first().filter(|(first, _)| first.person == person) {
                // The finding does not say which of the two tables the record is in, so its duplicates are looked for
                // in both.
                for in_register in [true, false] {
                    self.put_with_duplicates(in_register, found.row.request, &Fact { line: found.row.line, ..known })?;
                }
                only_found = rest;
            }
        }
    }

    /// Fills in the person's row of the register on the as-of date.
    fn register_row(&mut self, rows: &mut RowCursor, known: &mut Fact) -> Result<(), AnswerError> {
        if person_at(rows, register_row::PERSON) != Some(known.person) {
            return Ok(());
        }
        known.enp = rows.text(register_row::ENP).and_then(|enp| Enp::parse(enp.as_bytes())).unwrap_or_default();
        known.clinic_now = self.organisation(rows.text(register_row::CLINIC));
        known.clinic_now_from = rows.date(register_row::ATTACHED_FROM).unwrap_or(Date::EARLIEST).days();
        Ok(rows.advance()?)
    }

    fn insurance_stays(&mut self, rows: &mut RowCursor, known: &Fact) -> Result<(), AnswerError> {
        while person_at(rows, insurance::PERSON) == Some(known.person) {
            let organisation = self.organisation(rows.text(insurance::INSURER));
            let from = rows.date(insurance::FROM).map_or(known.from, Date::days);
            let stay = Fact { kind: FactKind::INSURED, organisation, from, ..*known };
            for (source, line) in rows.pairs(insurance::RECORD_SOURCES, insurance::RECORD_LINES) {
                if let Some(request) = self.request(Some(source)) {
                    self.put_with_duplicates(true, request, &Fact { line: line as u64, ..stay })?;
                }
            }
            rows.advance()?;
        }
        Ok(())
    }

    fn attachment_stays(&mut self, rows: &mut RowCursor, known: &Fact) -> Result<(), AnswerError> {
        while person_at(rows, attachment::PERSON) == Some(known.person) {
            let organisation = self.organisation(rows.text(attachment::CLINIC));
            let profile = Profile::new(rows.int(attachment::PROFILE).unwrap_or(0) as u8);
            let from = rows.date(attachment::FROM).map_or(known.from, Date::days);
            let stay = Fact { kind: FactKind::ATTACHED, organisation, profile, from, ..*known };
            for (source, line) in rows.pairs(attachment::RECORD_SOURCES, attachment::RECORD_LINES) {
                if let Some(request) = self.request(Some(source)) {
                    self.put_with_duplicates(false, request, &Fact { line: line as u64, ..stay })?;
                }
            }
            rows.advance()?;
        }
        Ok(())
    }

    fn decisions(&mut self, rows: &mut RowCursor, known: &Fact) -> Result<(), AnswerError> {
        let mut of_person = Vec::new();
        while person_at(rows, decision::PERSON) == Some(known.person) {
            of_person.push(self.decision(rows, known)?);
            rows.advance()?;
        }
        for PersonDecision { is_clinic, request, fact } in &of_person {
            if let Some(request) = *request {
                let people = decision_against_winner(&of_person, *is_clinic, fact);
                let fact = Fact { decided: people.organisation, decided_from: people.from, ..*fact };
                self.put_with_duplicates(!is_clinic, request, &fact)?;
            }
        }
        Ok(())
    }

    /// Decision at which a cursor stands. A clinic that took the person over gets a fact for the notice to the former
    /// clinic.
    fn decision(&mut self, rows: &RowCursor, known: &Fact) -> Result<PersonDecision, AnswerError> {
        let foreign = |column| AnswerError::Foreign { table: OutputTable::Decisions.name(), column };
        let outcome = rows.text(decision::OUTCOME).and_then(DecisionOutcome::from_name).ok_or_else(|| foreign("outcome"))?;
        let rule = code_named(rows.text(decision::RULE)).ok_or_else(|| foreign("rule"))?;
        let losing = self.organisation(rows.text(decision::LOSING_CODE));
        let winning = self.organisation(rows.text(decision::WINNING_CODE));
        let is_clinic = rows.text(decision::SUBJECT) == Some("clinic");
        let fact = Fact {
            line: line(rows.long(decision::LOSER_LINE)),
            kind: FactKind::DECISION,
            organisation: losing,
            winner: winning,
            profile: Profile::new(rows.int(decision::PROFILE).unwrap_or(0) as u8),
            rule: rule as u8,
            outcome: outcome as u8,
            from: rows.date(decision::START).map_or(known.from, Date::days),
            ..*known
        };
        let is_taken_over = is_clinic && outcome == DecisionOutcome::Superseded && losing != winning;
        if let Some(request) = self.request(rows.text(decision::WINNER_SOURCE)).filter(|_| is_taken_over) {
            let line = line(rows.long(decision::WINNER_LINE));
            self.put(request, &Fact { line, kind: FactKind::TAKEN_OVER, rule: 0, outcome: known.outcome, ..fact })?;
        }
        Ok(PersonDecision { is_clinic, request: self.request(rows.text(decision::LOSER_SOURCE)), fact })
    }

    /// Puts a fact about a record, and a fact with its person for each row that repeats the record.
    fn put_with_duplicates(&mut self, in_register: bool, request: RequestNumber, fact: &Fact) -> Result<(), AnswerError> {
        self.put(request, fact)?;
        let kept = RequestLine { request, line: fact.line };
        let first = self.duplicates.partition_point(|row| (row.in_register, row.kept) < (in_register, kept));
        let mut next = first;
        while let Some(&DuplicateRow { copy, .. }) =
            self.duplicates.get(next).filter(|row| (row.in_register, row.kept) == (in_register, kept))
        {
            let Fact { person, enp, kept_line, clinic_now, clinic_now_from, decided, decided_from, kept_request, .. } = *fact;
            let person_only = Fact {
                person,
                enp,
                kept_line,
                clinic_now,
                clinic_now_from,
                decided,
                decided_from,
                kept_request,
                ..Fact::of_row(FactKind::PERSON, copy.line)
            };
            self.put(copy.request, &person_only)?;
            next += 1;
        }
        Ok(())
    }

    /// Puts a fact into the bucket of its request, unless the family of the request does not use facts of its kind.
    fn put(&mut self, request: RequestNumber, fact: &Fact) -> Result<(), AnswerError> {
        let for_all_families = matches!(fact.kind, FactKind::FINDING | FactKind::DUPLICATE | FactKind::DECISION);
        if !for_all_families && self.requests[request.index()].family == AnswerFamily::Findings {
            return Ok(());
        }
        let put = self.buckets.put(request.index(), bytemuck::bytes_of(fact));
        put.map_err(AnswerError::io("write to a file in", self.folder))
    }

    /// Request of a source; `None` when the source gets no answer.
    fn request(&self, source: Option<&str>) -> Option<RequestNumber> {
        self.numbers.get(source?).copied()
    }

    /// Number of an organisation. A new code gets the next number.
    fn organisation(&mut self, code: Option<&str>) -> OrganisationNumber {
        let Some(code) = code else { return OrganisationNumber::NONE };
        if let Some(&number) = self.organisations.get(code) {
            return number;
        }
        let number = OrganisationNumber::from_index(self.organisations.len());
        self.organisations.insert(code.to_owned(), number);
        number
    }
}

/// Decision about a record of the person in work.
struct PersonDecision {
    is_clinic: bool,
    /// Request of the losing record; `None` when its source gets no answer.
    request: Option<RequestNumber>,
    fact: Fact,
}

/// Organisation that people decided on, and the first day with it.
struct PeopleDecision {
    organisation: OrganisationNumber,
    /// First day, as days of [`Date`].
    from: i32,
}

/// First decision of people against the winner of a decision, on its day or later. From that day on the record that won
/// does not count, whatever rule it won by.
fn decision_against_winner(of_person: &[PersonDecision], is_clinic: bool, decision: &Fact) -> PeopleDecision {
    let has_winner = matches!(decision.decision_outcome(), Some(DecisionOutcome::Lost | DecisionOutcome::Refused));
    let overrules = |other: &&PersonDecision| {
        let PersonDecision { is_clinic: other_is_clinic, fact: by_people, .. } = other;
        let same_subject = *other_is_clinic == is_clinic && by_people.profile == decision.profile;
        let same_winner = by_people.organisation == decision.winner && by_people.from >= decision.from;
        same_subject && same_winner && by_people.decision_outcome() == Some(DecisionOutcome::Overruled)
    };
    let first = of_person.iter().filter(|_| has_winner).filter(overrules).min_by_key(|other| other.fact.from);
    first.map_or(PeopleDecision { organisation: OrganisationNumber::NONE, from: Date::EARLIEST.days() }, |other| PeopleDecision {
        organisation: other.fact.winner,
        from: other.fact.from,
    })
}

/// Line of a row; 0 for none.
fn line(number: Option<i64>) -> u64 {
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn code_named(name: Option<&str>) -> Option<Code> {
    name.and_then(Code::from_name)
}

/// Whether a finding of this code may be the only trace of a record: no stay rests on the record, and no decision is about it.
pub(super) fn may_be_only_trace(code: Code) -> bool {
    matches!(
        code,
        Code::AfterDeath
            | Code::NoInterval
            | Code::ClinicAge
            | Code::NotInsured
            | Code::EndWithoutStay
            | Code::ChangeWithoutAttachment
    )
}
