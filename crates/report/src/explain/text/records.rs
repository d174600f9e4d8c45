//! Section of the records of a person: the link of each record, its outcome, its findings.

use super::TextWriter;
use crate::explain::death::death_note;
use crate::explain::decided_by_people::{decisions_of_people, taken_back};
use crate::explain::explanation::{ExplainedRecord, Explanation, Subject};
use crate::explain::sentences::{RecordOutcome, Section};
use sverka_model::Date;

/// Indent of the line that names a record.
const INDENT: &str = super::INDENT;
/// Indent of the sentences about a record.
const DETAIL_INDENT: &str = "       ";

/// Writes the section.
pub(super) fn write(writer: &mut TextWriter, explained: &Explanation) {
    let section = writer.sentences.section(Section::Records);
    writer.heading(&format!("{section} ({})", explained.records.len()));
    for (number, record) in (1..).zip(&explained.records) {
        write_record(writer, explained, number, record);
    }
}

/// Writes the facts about the record with a number from 1.
fn write_record(writer: &mut TextWriter, explained: &Explanation, number: usize, record: &ExplainedRecord) {
    let sentences = writer.sentences;
    let id = record.record_id.as_ref().map_or_else(String::new, |id| format!(", {}", sentences.sender_id(id)));
    let source_line = writer.source_line(&record.source_line);
    writer.sentence(INDENT, &format!("[{number}] {}: {source_line}{id}", sentences.table(record.table)));
    let link = if number == 1 {
        sentences.first_record().to_owned()
    } else if let Some(link) = &record.link {
        let to = explained.records.iter().position(|other| other.source_line == link.to).map_or(0, |index| index + 1);
        sentences.linked(to, &link.rule)
    } else {
        sentences.link_not_published().to_owned()
    };
    writer.sentence(DETAIL_INDENT, &link);
    let cause = write_outcomes(writer, explained, record);
    if !record.repeated_by.is_empty() {
        let rows: Vec<String> = record.repeated_by.iter().map(|row| writer.source_line(row)).collect();
        writer.sentence(DETAIL_INDENT, &sentences.repeated_by(&rows.join("; ")));
    }
    if let Some(note) = death_note(explained, record) {
        writer.sentence(DETAIL_INDENT, &sentences.death(&note, record.source_date.as_deref()));
    }
    for finding in &record.findings {
        if cause != Some(finding.code.as_str()) {
            writer.sentence(DETAIL_INDENT, &sentences.finding(finding));
        }
        writer.write_remedy(finding, DETAIL_INDENT);
    }
}

/// Writes the outcomes of a record. Returns the code of the finding that left the record out, when that is its only outcome.
fn write_outcomes<'e>(writer: &mut TextWriter, explained: &'e Explanation, record: &'e ExplainedRecord) -> Option<&'e str> {
    let sentences = writer.sentences;
    let mut has_outcome = false;
    let mut write = |outcome: RecordOutcome<'_>| {
        has_outcome = true;
        writer.sentence(DETAIL_INDENT, &sentences.record_outcome(outcome));
    };
    notice_outcome(record).into_iter().for_each(&mut write);
    for subject in Subject::ALL {
        let own = own_stays(explained, record, subject);
        if !own.is_empty() {
            let as_of: Option<Date> = explained.as_of.parse().ok();
            let stays = explained.stays(subject);
            let in_force = own.iter().any(|&index| as_of.is_none_or(|as_of| stays[index].covers(as_of)));
            write(RecordOutcome::Rests { subject, numbers: &stay_numbers(own.into_iter()), in_force });
        }
    }
    for &index in &record.decisions {
        let decision = &explained.decisions[index];
        let number = index + 1;
        if decision.is_by_people() {
            let decided = decisions_of_people(explained, decision.subject);
            let stays = stays_of(record, decision.subject).filter(|&stay| decided[stay] == Some(index));
            write(RecordOutcome::GaveWay { number, subject: decision.subject, stays: &stay_numbers(stays) });
            continue;
        }
        write(match taken_back(explained, decision).filter(|_| !record.rests_in.is_empty()) {
            Some(by_people) => RecordOutcome::TakenBack { number, by_people: by_people + 1 },
            None => RecordOutcome::Decided { number, outcome: &decision.outcome },
        });
    }
    if has_outcome {
        return None;
    }
    const CAUSES: [&str; 4] = ["AFTER_DEATH", "NO_INTERVAL", "CLINIC_AGE", "NOT_INSURED"];
    let codes = record.findings.iter().map(|finding| finding.code.as_str());
    let cause = codes.into_iter().find(|code| CAUSES.contains(code));
    let outcome = cause.map_or(RecordOutcome::NotPublished, |code| RecordOutcome::LeftOut { code });
    writer.sentence(DETAIL_INDENT, &sentences.record_outcome(outcome));
    cause
}

/// Outcome of a record that is a notice.
fn notice_outcome(record: &ExplainedRecord) -> Option<RecordOutcome<'_>> {
    let notice = record.notice.as_ref()?;
    let day = notice.day.map(|day| day.0);
    let (code, in_register) = (notice.code.as_str(), record.table == Subject::Insurer.source_table());
    Some(match (notice.kind.as_str(), record.death) {
        ("end", Some(_)) => RecordOutcome::Death { code },
        ("end", None) => RecordOutcome::End { code, day, in_register },
        _ => RecordOutcome::Change { code, day },
    })
}

/// Stays that rest on a record because of its own content. A stay that people decided for another organisation rests on
/// it as well, and is left out.
fn own_stays(explained: &Explanation, record: &ExplainedRecord, subject: Subject) -> Vec<usize> {
    let decided = decisions_of_people(explained, subject);
    let gave_way = |index: usize| {
        decided[index].is_some_and(|decision| explained.decisions[decision].loser.source_line == record.source_line)
    };
    stays_of(record, subject).filter(|&index| !gave_way(index)).collect()
}

/// Stays of a subject that rest on a record, as indexes.
fn stays_of(record: &ExplainedRecord, subject: Subject) -> impl Iterator<Item = usize> {
    record.rests_in.iter().filter(move |stay| stay.subject == subject).map(|stay| stay.index)
}

/// Numbers of stays in the timeline, where they count from 1.
fn stay_numbers(stays: impl Iterator<Item = usize>) -> String {
    stays.map(|index| (index + 1).to_string()).collect::<Vec<_>>().join(", ")
}
