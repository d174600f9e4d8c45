//! One pass over the tables of a run, which sorts what they say by the requests that it is about.
//!
//! The tables in the order of persons are merged, so that each fact goes with its person's row of the register. What waits for its request is
//! on the disk; in memory are the positions of duplicates and of records that take no part in any stay.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::bins::Bins;
use super::cursor::Cursor;
use super::error::AnswerError;
use super::fact::{
    ATTACHED, DECISION, DUPLICATE, FINDING, Fact, INSURED, NO_ORGANISATION, NO_REQUEST, NOBODY, Outcome, PERSON, TAKEN_OVER,
};
use crate::intake::AnswerFamily;
use crate::model::Date;
use crate::model::Field;
use crate::publish::OutputTable;
use crate::rules::{Code, Severity};

/// A request that gets an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub source: String,
    pub family: AnswerFamily,
    /// Whether each of its rows is one record.
    pub one_record: bool,
}

/// What a run says, by request.
pub(super) struct Distributed {
    facts: Bins,
    organisations: Vec<String>,
    /// Names of sources, by request.
    sources: Vec<String>,
}

impl Distributed {
    /// The facts of a request, sorted by line.
    pub(super) fn facts(&self, request: usize) -> io::Result<Vec<Fact>> {
        let bytes = self.facts.read(request)?;
        let mut facts: Vec<Fact> = bytes.chunks_exact(Fact::BYTES).map(bytemuck::pod_read_unaligned).collect();
        facts.sort_unstable();
        facts.dedup();
        Ok(facts)
    }

    /// The code of an organisation; empty for none.
    pub(super) fn organisation(&self, number: u32) -> &str {
        self.organisations.get(number as usize).map_or("", String::as_str)
    }

    /// The name of the source of a request; none of no request.
    pub(super) fn source(&self, request: u32) -> Option<&str> {
        self.sources.get(request as usize).map(String::as_str)
    }

    /// Nothing but organisations and names of sources.
    #[cfg(test)]
    pub(super) fn of_names(codes: &[&str], sources: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let facts = Bins::new(folder.path(), 0).expect("no bins");
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self { facts, organisations: owned(codes), sources: owned(sources) }
    }

    /// All organisations, by number.
    pub(super) fn organisations(&self) -> &[String] {
        &self.organisations
    }
}

/// Sorts what the run in `dir` says by request; `folder` is where it waits.
pub(super) fn distribute(dir: &Path, run: &str, asked: &[Asked], folder: &Path) -> Result<Distributed, AnswerError> {
    let bins = Bins::new(folder, asked.len()).map_err(AnswerError::io("create a file in", folder))?;
    let mut desk = Desk {
        asked,
        folder,
        bins,
        requests: (0..).zip(asked).map(|(number, asked)| (asked.source.as_str(), number)).collect(),
        organisations: HashMap::new(),
        copies: Vec::new(),
        left_out: Vec::new(),
    };
    desk.findings(Cursor::open(dir, run, OutputTable::Findings, &["source", "line", "field", "code", "person_id", "severity"])?)?;
    let duplicates = ["table", "source", "line", "kept_source", "kept_line"];
    desk.duplicates(Cursor::open(dir, run, OutputTable::Duplicates, &duplicates)?)?;
    desk.persons(PersonTables::open(dir, run, asked)?)?;
    let mut organisations = vec![String::new(); desk.organisations.len()];
    desk.organisations.into_iter().for_each(|(code, number)| organisations[number as usize] = code);
    let sources = asked.iter().map(|asked| asked.source.clone()).collect();
    Ok(Distributed { facts: desk.bins, organisations, sources })
}

/// The tables in the order of persons, each at the same person or a later one.
struct PersonTables {
    decisions: Cursor,
    /// What answers in a form of their own need besides.
    stays: Option<Stays>,
}

struct Stays {
    persons: Cursor,
    attachments: Cursor,
    /// When anybody asks about insurance.
    insurances: Option<Cursor>,
}

impl PersonTables {
    fn open(dir: &Path, run: &str, asked: &[Asked]) -> Result<Self, AnswerError> {
        let open = |table, columns: &[&str]| Cursor::open(dir, run, table, columns);
        let any = |wanted: fn(AnswerFamily) -> bool| asked.iter().any(|asked| wanted(asked.family));
        let decisions = open(
            OutputTable::Decisions,
            &[
                "person_id",
                "subject",
                "profile",
                "outcome",
                "rule",
                "losing_code",
                "winning_code",
                "start",
                "loser_source",
                "loser_line",
                "winner_source",
                "winner_line",
            ],
        )?;
        let stays = if any(|family| family != AnswerFamily::Findings) {
            let records = ["record_sources", "record_lines"];
            let insurance = ["person_id", "insurer", "from", records[0], records[1]];
            let attachment = ["person_id", "profile", "clinic", "from", records[0], records[1]];
            Some(Stays {
                persons: open(OutputTable::Persons, &["person_id", "enp", "clinic", "attached_from"])?,
                attachments: open(OutputTable::AttachmentStays, &attachment)?,
                insurances: if any(|family| family == AnswerFamily::Oplist) {
                    Some(open(OutputTable::InsuranceStays, &insurance)?)
                } else {
                    None
                },
            })
        } else {
            None
        };
        Ok(Self { decisions, stays })
    }

    /// The smallest person that any of the tables stands at.
    fn person(&self) -> Option<i64> {
        let stays = self.stays.as_ref();
        let of_stays =
            stays.into_iter().flat_map(|stays| [&stays.persons, &stays.attachments].into_iter().chain(&stays.insurances));
        of_stays.chain([&self.decisions]).filter_map(person_at).min()
    }
}

fn person_at(cursor: &Cursor) -> Option<i64> {
    cursor.has_row().then(|| cursor.long(0).unwrap_or(NOBODY))
}

/// A row that repeats the row at a position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Copy {
    register: bool,
    kept: (u32, u64),
    copy: (u32, u64),
}

/// Who sorts.
struct Desk<'a> {
    asked: &'a [Asked],
    folder: &'a Path,
    bins: Bins,
    requests: HashMap<&'a str, u32>,
    organisations: HashMap<String, u32>,
    /// Sorted once all are known.
    copies: Vec<Copy>,
    /// Persons and positions of records of which nothing but a finding tells; sorted by person once all are known.
    left_out: Vec<(i64, u32, u64)>,
}

impl Desk<'_> {
    fn findings(&mut self, mut rows: Cursor) -> Result<(), AnswerError> {
        while rows.has_row() {
            let foreign = |column| AnswerError::Foreign { table: OutputTable::Findings.name(), column };
            let code = code_named(rows.text(3)).ok_or_else(|| foreign("code"))?;
            let field = rows.text(2).map(|name| Field::from_name(name).ok_or_else(|| foreign("field"))).transpose()?;
            let line = line(rows.long(1));
            // What is found of the whole source is no row's.
            if let Some(request) = self.request(rows.text(0)).filter(|_| line > 0) {
                let severity = rows.text(5).and_then(Severity::from_name).ok_or_else(|| foreign("severity"))?;
                self.give(request, &Fact::finding(line, code, severity, field))?;
                let person = rows.long(4).filter(|_| may_leave_out(code));
                self.left_out.extend(person.map(|person| (person, request, line)));
            }
            rows.advance()?;
        }
        self.left_out.sort_unstable();
        self.left_out.dedup();
        Ok(())
    }

    fn duplicates(&mut self, mut rows: Cursor) -> Result<(), AnswerError> {
        while rows.has_row() {
            let (copy_line, kept_line) = (line(rows.long(2)), line(rows.long(4)));
            let (copy, kept) = (self.request(rows.text(1)), self.request(rows.text(3)));
            if let Some(copy) = copy {
                let kept_request = kept.unwrap_or(NO_REQUEST);
                self.give(copy, &Fact { kept_request, kept_line, ..Fact::of_row(DUPLICATE, copy_line) })?;
            }
            if let (Some(copy), Some(kept)) = (copy, kept) {
                let register = rows.text(0) == Some("register");
                self.copies.push(Copy { register, kept: (kept, kept_line), copy: (copy, copy_line) });
            }
            rows.advance()?;
        }
        self.copies.sort_unstable();
        Ok(())
    }

    fn persons(&mut self, mut tables: PersonTables) -> Result<(), AnswerError> {
        let left_out = std::mem::take(&mut self.left_out);
        let mut left_out = left_out.as_slice();
        loop {
            let person = match (tables.person(), left_out.first().map(|(person, ..)| *person)) {
                (Some(one), Some(other)) => one.min(other),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => return Ok(()),
            };
            let mut known = Fact { person, ..Fact::of_row(PERSON, 0) };
            if let Some(stays) = &mut tables.stays {
                self.register_row(&mut stays.persons, &mut known)?;
                if let Some(rows) = &mut stays.insurances {
                    self.insurance_stays(rows, &known)?;
                }
                self.attachment_stays(&mut stays.attachments, &known)?;
            }
            self.decisions(&mut tables.decisions, &known)?;
            while let Some((&(_, request, line), rest)) = left_out.split_first().filter(|(first, _)| first.0 == person) {
                // Whether a table of the register or of attachments had it, its copies are told the same.
                for register in [true, false] {
                    self.record(register, request, &Fact { line, ..known })?;
                }
                left_out = rest;
            }
        }
    }

    /// What the register says of the person on the as-of date.
    fn register_row(&mut self, rows: &mut Cursor, known: &mut Fact) -> Result<(), AnswerError> {
        if person_at(rows) != Some(known.person) {
            return Ok(());
        }
        known.enp = rows.text(1).and_then(|enp| enp.parse().ok()).unwrap_or(0);
        known.clinic_now = self.organisation(rows.text(2));
        known.clinic_now_from = rows.days(3).unwrap_or(Date::EARLIEST.days());
        rows.advance()
    }

    fn insurance_stays(&mut self, rows: &mut Cursor, known: &Fact) -> Result<(), AnswerError> {
        while person_at(rows) == Some(known.person) {
            let organisation = self.organisation(rows.text(1));
            let stay = Fact { kind: INSURED, organisation, from: rows.days(2).unwrap_or(known.from), ..*known };
            rows.pairs(3, 4, |source, line| match self.request(Some(source)) {
                Some(request) => self.record(true, request, &Fact { line: line as u64, ..stay }),
                None => Ok(()),
            })?;
            rows.advance()?;
        }
        Ok(())
    }

    fn attachment_stays(&mut self, rows: &mut Cursor, known: &Fact) -> Result<(), AnswerError> {
        while person_at(rows) == Some(known.person) {
            let (organisation, profile) = (self.organisation(rows.text(2)), rows.int(1).unwrap_or(0) as u8);
            let stay = Fact { kind: ATTACHED, organisation, profile, from: rows.days(3).unwrap_or(known.from), ..*known };
            rows.pairs(4, 5, |source, line| match self.request(Some(source)) {
                Some(request) => self.record(false, request, &Fact { line: line as u64, ..stay }),
                None => Ok(()),
            })?;
            rows.advance()?;
        }
        Ok(())
    }

    fn decisions(&mut self, rows: &mut Cursor, known: &Fact) -> Result<(), AnswerError> {
        let mut of_person = Vec::new();
        while person_at(rows) == Some(known.person) {
            let foreign = |column| AnswerError::Foreign { table: OutputTable::Decisions.name(), column };
            let outcome = rows.text(3).and_then(Outcome::from_name).ok_or_else(|| foreign("outcome"))?;
            let rule = code_named(rows.text(4)).ok_or_else(|| foreign("rule"))?;
            let (losing, winning) = (self.organisation(rows.text(5)), self.organisation(rows.text(6)));
            let about = Fact {
                profile: rows.int(2).unwrap_or(0) as u8,
                rule: rule as u8,
                from: rows.days(7).unwrap_or(known.from),
                winner: winning,
                ..*known
            };
            let is_clinic = rows.text(1) == Some("clinic");
            let decision =
                Fact { line: line(rows.long(9)), kind: DECISION, organisation: losing, outcome: outcome as u8, ..about };
            of_person.push(PersonDecision { is_clinic, request: self.request(rows.text(8)), decision });
            let taken_over = is_clinic && outcome == Outcome::Superseded && losing != winning;
            if let Some(request) = self.request(rows.text(10)).filter(|_| taken_over) {
                let line = line(rows.long(11));
                self.give(request, &Fact { line, kind: TAKEN_OVER, organisation: losing, rule: 0, ..about })?;
            }
            rows.advance()?;
        }
        for PersonDecision { is_clinic, request, decision } in &of_person {
            if let Some(request) = *request {
                let decided = decided_against_winner(&of_person, *is_clinic, decision);
                self.record(!is_clinic, request, &Fact { decided: decided.0, decided_from: decided.1, ..*decision })?;
            }
        }
        Ok(())
    }

    /// Gives a fact of a record, and whose record it is to the rows that repeat it.
    fn record(&mut self, register: bool, request: u32, fact: &Fact) -> Result<(), AnswerError> {
        self.give(request, fact)?;
        let kept = (request, fact.line);
        let first = self.copies.partition_point(|copy| (copy.register, copy.kept) < (register, kept));
        let mut next = first;
        while let Some(&Copy { copy: (request, line), .. }) =
            self.copies.get(next).filter(|copy| (copy.register, copy.kept) == (register, kept))
        {
            let of_person = Fact { line, organisation: NO_ORGANISATION, winner: NO_ORGANISATION, ..*fact };
            let none = Fact::of_row(PERSON, line);
            let Fact { from, profile, rule, field, outcome, kind, .. } = none;
            self.give(request, &Fact { from, profile, rule, field, outcome, kind, ..of_person })?;
            next += 1;
        }
        Ok(())
    }

    fn give(&mut self, request: u32, fact: &Fact) -> Result<(), AnswerError> {
        let everybody = matches!(fact.kind, FINDING | DUPLICATE | DECISION);
        if !everybody && self.asked[request as usize].family == AnswerFamily::Findings {
            return Ok(());
        }
        self.bins.put(request as usize, bytemuck::bytes_of(fact)).map_err(AnswerError::io("write to a file in", self.folder))
    }

    fn request(&self, source: Option<&str>) -> Option<u32> {
        self.requests.get(source?).copied()
    }

    fn organisation(&mut self, code: Option<&str>) -> u32 {
        let Some(code) = code else { return NO_ORGANISATION };
        if let Some(&number) = self.organisations.get(code) {
            return number;
        }
        let number = self.organisations.len() as u32;
        self.organisations.insert(code.to_owned(), number);
        number
    }
}

/// A decision about a record of the person at hand.
struct PersonDecision {
    is_clinic: bool,
    /// Where the losing record stands, if that is a request.
    request: Option<u32>,
    decision: Fact,
}

/// The organisation for which people decided against the winner of a decision, on its day or later, and since when: the record that won does not stand
/// then, whatever the rule says.
fn decided_against_winner(of_person: &[PersonDecision], is_clinic: bool, decision: &Fact) -> (u32, i32) {
    let is_asked = matches!(decision.outcome(), Some(Outcome::Lost | Outcome::Refused));
    let overrules = |other: &&PersonDecision| {
        let PersonDecision { is_clinic: of_clinic, decision: by_people, .. } = other;
        let same_subject = *of_clinic == is_clinic && by_people.profile == decision.profile;
        let same_winner = by_people.organisation == decision.winner && by_people.from >= decision.from;
        same_subject && same_winner && by_people.outcome() == Some(Outcome::Overruled)
    };
    let first = of_person.iter().filter(|_| is_asked).filter(overrules).min_by_key(|other| other.decision.from);
    first.map_or((NO_ORGANISATION, Date::EARLIEST.days()), |other| (other.decision.winner, other.decision.from))
}

fn line(number: Option<i64>) -> u64 {
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn code_named(name: Option<&str>) -> Option<Code> {
    name.and_then(Code::from_name)
}

/// Whether a finding may mean that nothing else tells of the record.
pub(super) fn may_leave_out(code: Code) -> bool {
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
