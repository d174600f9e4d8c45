//! Records of a person that the tables of a run name.

use std::collections::BTreeMap;

use super::super::error::ExplainError;
use super::super::explanation::{
    ExplainedDecision, ExplainedLink, ExplainedNotice, ExplainedRecord, ExplainedStay, SourceLine, StayRef, Subject,
};
use super::{Gathering, date, finding, source_line, text, text_or_empty};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

const LINKS: &[&str] = &[
    "table",
    "source",
    "line",
    "record_id",
    "rule",
    "linked_source",
    "linked_line",
    "notice",
    "notice_code",
    "notice_day",
    "death_date",
];

/// Stays and decisions of a person, which name records.
pub(super) struct PersonTimeline<'t> {
    pub insurance: &'t [ExplainedStay],
    pub attachments: &'t [ExplainedStay],
    pub decisions: &'t [ExplainedDecision],
}

/// Key of a record: the register first, then by source and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct RecordKey {
    subject: Subject,
    source_line: SourceLine,
}

impl RecordKey {
    /// Key of a record by the table and the columns of its source line.
    fn of_row(row: Row<'_>, source: &str, line: &str) -> Self {
        let subject = if row.text("table") == Some("register") { Subject::Insurer } else { Subject::Clinic };
        Self { subject, source_line: source_line(row, source, line) }
    }
}

/// Records of a person in work.
#[derive(Default)]
struct Records(BTreeMap<RecordKey, ExplainedRecord>);

impl Records {
    /// Record of a key; a new record when the key is not known yet.
    fn record(&mut self, key: RecordKey, record_id: Option<String>) -> &mut ExplainedRecord {
        let record = self.0.entry(key.clone()).or_insert_with(|| ExplainedRecord {
            table: key.subject.source_table(),
            source_line: key.source_line,
            record_id: None,
            source_date: None,
            link: None,
            rests_in: Vec::new(),
            decisions: Vec::new(),
            notice: None,
            death: None,
            repeated_by: Vec::new(),
            findings: Vec::new(),
        });
        record.record_id = record.record_id.take().or(record_id);
        record
    }

    fn add_stays(&mut self, subject: Subject, stays: &[ExplainedStay]) {
        for (index, stay) in stays.iter().enumerate() {
            for record in &stay.records {
                let key = RecordKey { subject, source_line: record.source_line.clone() };
                self.record(key, record.record_id.clone()).rests_in.push(StayRef { subject, index });
            }
        }
    }

    fn add_decisions(&mut self, decisions: &[ExplainedDecision]) {
        for (index, decision) in decisions.iter().enumerate() {
            let key = RecordKey { subject: decision.subject, source_line: decision.loser.source_line.clone() };
            self.record(key, decision.loser.record_id.clone()).decisions.push(index);
        }
    }
}

impl Gathering<'_> {
    /// Records of the person: register before attachments, then by source and line.
    pub(super) fn records(&mut self, timeline: &PersonTimeline<'_>) -> Result<Vec<ExplainedRecord>, ExplainError> {
        let mut records = Records::default();
        records.add_stays(Subject::Insurer, timeline.insurance);
        records.add_stays(Subject::Clinic, timeline.attachments);
        records.add_decisions(timeline.decisions);
        self.add_links(&mut records)?;
        self.add_findings(&mut records)?;
        self.add_duplicates(&mut records)?;
        let mut records: Vec<ExplainedRecord> = records.0.into_values().collect();
        for record in &mut records {
            record.source_date = self.run.source_date(&record.source_line.source).map(str::to_owned);
        }
        // `links` leaves out the links by L1 (equal ENPs): a record without a row there is linked by L1.
        let has_links = !self.missing.contains(&OutputTable::Links);
        let first = records.first().map(|record| record.source_line.clone());
        for record in records.iter_mut().skip(1).filter(|record| has_links && record.link.is_none()) {
            record.link = first.clone().map(|to| ExplainedLink { rule: "L1".to_owned(), to });
        }
        Ok(records)
    }

    /// Adds links, notices and deaths.
    fn add_links(&mut self, records: &mut Records) -> Result<(), ExplainError> {
        for row in self.rows_of_person(OutputTable::Links, LINKS)?.iter() {
            let record = records.record(RecordKey::of_row(row, "source", "line"), text(row, "record_id"));
            let to = || source_line(row, "linked_source", "linked_line");
            record.link = row.text("rule").map(|rule| ExplainedLink { rule: rule.to_owned(), to: to() });
            record.notice = text(row, "notice").map(|kind| ExplainedNotice {
                kind,
                code: text_or_empty(row, "notice_code"),
                day: date(row, "notice_day"),
            });
            record.death = date(row, "death_date");
        }
        Ok(())
    }

    /// Adds findings, and the records that only a finding names because they were left out of the timeline.
    fn add_findings(&mut self, records: &mut Records) -> Result<(), ExplainError> {
        let Some(findings) = self.run.table(OutputTable::Findings)? else {
            self.missing.insert(OutputTable::Findings);
            return Ok(());
        };
        let id = self.id.number();
        let columns = ["source", "line", "record_id", "field", "code", "severity", "message"];
        let rows = findings.find(|_| true, &["person_id"], |row| row.number("person_id") == Some(id), &columns)?;
        for row in rows.iter() {
            let source_line = source_line(row, "source", "line");
            let of_source = self.subject_of_source(&source_line.source);
            let key = |subject| RecordKey { subject, source_line: source_line.clone() };
            let other = Subject::ALL.into_iter().find(|&subject| subject != of_source && records.0.contains_key(&key(subject)));
            // If the source gives both tables, the finding goes to the record that is known.
            let subject = if records.0.contains_key(&key(of_source)) { of_source } else { other.unwrap_or(of_source) };
            records.record(key(subject), text(row, "record_id")).findings.push(finding(row));
        }
        Ok(())
    }

    /// Subject of the records of a source.
    fn subject_of_source(&self, source: &str) -> Subject {
        let mut inputs = self.run.manifest.inputs.iter();
        let is_register = inputs.any(|input| input.layout.is_some() && input.name == source && input.role == "register");
        if is_register { Subject::Insurer } else { Subject::Clinic }
    }

    /// Adds the rows that repeat records.
    fn add_duplicates(&mut self, records: &mut Records) -> Result<(), ExplainError> {
        let Some(duplicates) = self.run.table(OutputTable::Duplicates)? else {
            self.missing.insert(OutputTable::Duplicates);
            return Ok(());
        };
        let mut sources_of_line: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for key in records.0.keys() {
            sources_of_line.entry(key.source_line.line).or_default().push(key.source_line.source.clone());
        }
        let is_kept = |row: Row<'_>| {
            let sources = row.number("kept_line").and_then(|line| sources_of_line.get(&line));
            sources.is_some_and(|sources| sources.iter().any(|source| row.text("kept_source") == Some(source)))
        };
        let columns = ["table", "source", "line", "kept_source", "kept_line"];
        let rows = duplicates.find(|_| true, &["kept_source", "kept_line"], is_kept, &columns)?;
        for row in rows.iter() {
            if let Some(record) = records.0.get_mut(&RecordKey::of_row(row, "kept_source", "kept_line")) {
                record.repeated_by.push(source_line(row, "source", "line"));
            }
        }
        Ok(())
    }
}
