//! Explanation of one person, gathered from the published tables.

mod money;
mod records;

use std::collections::BTreeSet;

use self::records::PersonTimeline;
use super::decided_by_people::{fill_decision_lines, fill_stronger_lines};
use super::error::ExplainError;
use super::explanation::{
    Day, DecisionSide, ExplainedDecision, ExplainedFinding, ExplainedOverride, ExplainedRecord, ExplainedStay, Explanation,
    NumberUsed, RegisterRow, Settings, SourceLine, StayRecord, Subject,
};
use super::organisations::OrganisationNames;
use super::outside::outside;
use super::published_run::PublishedRun;
use crate::table_reader::{GroupBounds, Row, Rows};
use sverka_model::{Date, PersonId};
use sverka_publish::OutputTable;

/// Explanation of the person with the number `id`.
pub(super) fn gather(run: &PublishedRun, names: &OrganisationNames, id: PersonId) -> Result<Explanation, ExplainError> {
    let mut gathering = Gathering { run, names, id, missing: BTreeSet::new() };
    let register = gathering.rows_of_person(OutputTable::Persons, PERSONS)?.iter().next().map(|row| register_row(row, names));
    let overrides = gathering.overrides()?;
    let mut insurance = gathering.stays(OutputTable::InsuranceStays, Subject::Insurer)?;
    let mut attachments = gathering.stays(OutputTable::AttachmentStays, Subject::Clinic)?;
    let decisions = gathering.decisions()?;
    fill_decision_lines(&mut insurance, Subject::Insurer, &overrides, &decisions);
    fill_decision_lines(&mut attachments, Subject::Clinic, &overrides, &decisions);
    let timeline = PersonTimeline { insurance: &insurance, attachments: &attachments, decisions: &decisions };
    let records = gathering.records(&timeline)?;
    let numbers = gathering.numbers(&records, register.as_ref())?;
    let outside = if register.is_none() { outside(run, id, names)? } else { None };
    let money = gathering.money(register.as_ref())?;
    Ok(Explanation {
        run: run.manifest.run_id.clone(),
        as_of: run.manifest.as_of.clone(),
        person_id: id.to_string(),
        register,
        outside,
        numbers,
        records,
        insurance,
        attachments,
        decisions,
        money,
        overrides,
        settings: settings(run),
        missing_tables: gathering.missing.into_iter().map(OutputTable::name).collect(),
    })
}

const PERSONS: &[&str] = &[
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "age",
    "enp",
    "snils",
    "policy_kind",
    "policy_number",
    "doc_kind",
    "doc_number",
    "category",
    "insurer",
    "insured_from",
    "insurer_unresolved",
    "clinic",
    "attached_from",
    "method",
    "district",
    "doctor_snils",
    "clinic_unresolved",
    "address",
    "settlement",
];

const STAYS: &[&str] = &[
    "profile",
    "insurer",
    "clinic",
    "from",
    "to",
    "death_date",
    "method",
    "unresolved",
    "record_sources",
    "record_lines",
    "record_ids",
];

const DECISIONS: &[&str] = &[
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
    "loser_record_id",
    "loser_from",
    "loser_applied_on",
    "loser_method",
    "loser_reason",
    "winner_record_id",
    "winner_from",
    "winner_applied_on",
    "winner_method",
    "winner_reason",
    "counted_on",
    "taken_on",
];

const OVERRIDES: &[&str] =
    &["line", "kind", "state", "persons", "author", "reason", "decided_on", "until", "code", "profile", "from", "to"];

/// Findings on a row that is no record of anybody.
pub(super) fn findings_of_row(run: &PublishedRun, source: &str, line: i64) -> Result<Vec<ExplainedFinding>, ExplainError> {
    let Some(findings) = run.table(OutputTable::Findings)? else { return Ok(Vec::new()) };
    let rows = findings.find(
        |group| group.may_hold_text("source", source) && group.may_hold_number("line", &(line..=line)),
        &["source", "line"],
        |row| row.number("line") == Some(line) && row.text("source") == Some(source),
        &["field", "code", "severity", "message"],
    )?;
    Ok(rows.iter().map(finding).collect())
}

fn finding(row: Row<'_>) -> ExplainedFinding {
    ExplainedFinding {
        code: text_or_empty(row, "code"),
        field: text(row, "field"),
        severity: text_or_empty(row, "severity"),
        message: text_or_empty(row, "message"),
    }
}

fn text_or_empty(row: Row<'_>, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}

fn text(row: Row<'_>, column: &str) -> Option<String> {
    row.text(column).map(str::to_owned)
}

fn date(row: Row<'_>, column: &str) -> Option<Day> {
    row.date(column).map(Day)
}

fn source_line(row: Row<'_>, source: &str, line: &str) -> SourceLine {
    SourceLine { source: text_or_empty(row, source), line: row.number(line).unwrap_or_default() }
}

fn register_row(row: Row<'_>, names: &OrganisationNames) -> RegisterRow {
    RegisterRow {
        surname: text_or_empty(row, "surname"),
        given_name: text_or_empty(row, "given_name"),
        patronymic: text(row, "patronymic"),
        sex: row.number("sex").unwrap_or_default(),
        birth_date: date(row, "birth_date"),
        age: row.number("age").unwrap_or_default(),
        enp: text(row, "enp"),
        snils: text(row, "snils"),
        policy_kind: row.number("policy_kind").unwrap_or_default(),
        policy_number: text(row, "policy_number"),
        doc_kind: text(row, "doc_kind"),
        doc_number: text(row, "doc_number"),
        category: row.number("category"),
        insurer: text_or_empty(row, "insurer"),
        insurer_name: row.text("insurer").and_then(|code| names.name(Subject::Insurer, code)),
        insured_from: date(row, "insured_from"),
        insurer_unresolved: row.is_true("insurer_unresolved"),
        clinic: text(row, "clinic"),
        clinic_name: row.text("clinic").and_then(|code| names.name(Subject::Clinic, code)),
        attached_from: date(row, "attached_from"),
        method: row.number("method"),
        district: text(row, "district"),
        doctor_snils: text(row, "doctor_snils"),
        clinic_unresolved: row.is_true("clinic_unresolved"),
        address: text(row, "address"),
        settlement: text(row, "settlement"),
    }
}

fn settings(run: &PublishedRun) -> Settings {
    let number = |path| run.setting(path).and_then(serde_json::Value::as_i64).unwrap_or(1);
    let word = |path| run.setting(path).and_then(serde_json::Value::as_str).unwrap_or_default();
    Settings {
        insurer_changes_per_year: number("/insurer/changes_per_year"),
        insurer_deadline: word("/insurer/deadline").to_owned(),
        clinic_changes_per_year: number("/clinic/changes_per_year"),
        clinic_rolling: word("/clinic/window") == "rolling_12_months",
    }
}

/// State of the gathering for one person.
struct Gathering<'t> {
    run: &'t PublishedRun,
    names: &'t OrganisationNames,
    /// Number of the person.
    id: PersonId,
    /// Tables that the run was published without.
    missing: BTreeSet<OutputTable>,
}

impl Gathering<'_> {
    /// Rows of the person in a table that is sorted by persons; no rows when the table is missing.
    fn rows_of_person(&mut self, table: OutputTable, columns: &[&str]) -> Result<Rows, ExplainError> {
        let Some(reader) = self.run.table(table)? else {
            self.missing.insert(table);
            return Ok(Rows::default());
        };
        let id = self.id.number();
        let may_hold = |group: GroupBounds<'_>| group.may_hold_number("person_id", &(id..=id));
        Ok(reader.find(may_hold, &["person_id"], |row| row.number("person_id") == Some(id), columns)?)
    }

    fn stays(&mut self, table: OutputTable, subject: Subject) -> Result<Vec<ExplainedStay>, ExplainError> {
        let rows = self.rows_of_person(table, STAYS)?;
        let stay = |row: Row<'_>| {
            let lines = row.texts("record_sources").into_iter().zip(row.numbers("record_lines"));
            let lines = lines.map(|(source, line)| SourceLine { source: source.unwrap_or_default(), line });
            let records = lines.zip(row.texts("record_ids"));
            ExplainedStay {
                name: row.text(subject.word()).and_then(|code| self.names.name(subject, code)),
                code: text_or_empty(row, subject.word()),
                profile: row.number("profile"),
                from: Day(row.date("from").unwrap_or(Date::EARLIEST)),
                to: date(row, "to"),
                method: row.number("method"),
                death: date(row, "death_date"),
                unresolved: row.is_true("unresolved"),
                decided_by: None,
                records: records.map(|(source_line, record_id)| StayRecord { source_line, record_id }).collect(),
            }
        };
        Ok(rows.iter().map(stay).collect())
    }

    fn decisions(&mut self) -> Result<Vec<ExplainedDecision>, ExplainError> {
        let rows = self.rows_of_person(OutputTable::Decisions, DECISIONS)?;
        let mut decisions: Vec<ExplainedDecision> = rows.iter().map(|row| self.decision(row)).collect();
        decisions.sort_by_key(|decision| (decision.subject, decision.profile, decision.start));
        Ok(decisions)
    }

    fn decision(&self, row: Row<'_>) -> ExplainedDecision {
        let is_clinic = row.text("subject") == Some(Subject::Clinic.word());
        let subject = if is_clinic { Subject::Clinic } else { Subject::Insurer };
        let side = |side: &str, code: &str| {
            let column = |name: &str| format!("{side}_{name}");
            let source_line = source_line(row, &column("source"), &column("line"));
            DecisionSide {
                name: row.text(code).and_then(|code| self.names.name(subject, code)),
                code: text_or_empty(row, code),
                source_date: self.run.source_date(&source_line.source).map(str::to_owned),
                source_line,
                record_id: text(row, &column("record_id")),
                from: date(row, &column("from")),
                applied_on: date(row, &column("applied_on")),
                method: row.number(&column("method")),
                reason: text(row, &column("reason")),
            }
        };
        ExplainedDecision {
            subject,
            profile: row.number("profile"),
            outcome: text_or_empty(row, "outcome"),
            rule: text_or_empty(row, "rule"),
            start: Day(row.date("start").unwrap_or(Date::EARLIEST)),
            loser: side("loser", "losing_code"),
            winner: side("winner", "winning_code"),
            counted_on: date(row, "counted_on"),
            taken_on: date(row, "taken_on"),
        }
    }

    /// Policy numbers of the person.
    ///
    /// `numbers` is sorted by number, and nearly all its rows are ENPs. When the ENP of the person is known and no finding reports several, the search
    /// is limited to the row groups that may hold that ENP.
    fn numbers(&mut self, records: &[ExplainedRecord], register: Option<&RegisterRow>) -> Result<Vec<NumberUsed>, ExplainError> {
        let Some(reader) = self.run.table(OutputTable::Numbers)? else {
            self.missing.insert(OutputTable::Numbers);
            return Ok(Vec::new());
        };
        let id = self.id.number();
        let has_findings = !self.missing.contains(&OutputTable::Findings);
        let several = records.iter().flat_map(|record| &record.findings).any(|finding| finding.code == "SEVERAL_ENP");
        let only_enp = register.and_then(|row| row.enp.as_deref()).filter(|_| has_findings && !several);
        let rows = reader.find(
            |group| {
                let of_policies = group.may_hold_number("policy_kind", &(1..=2)) || group.may_hold_null("policy_kind");
                of_policies || only_enp.is_none_or(|enp| group.may_hold_text("number", enp))
            },
            &["person_id"],
            |row| row.number("person_id") == Some(id),
            &["policy_kind", "number", "survives"],
        )?;
        let number = |row: Row<'_>| NumberUsed {
            policy_kind: row.number("policy_kind"),
            number: text_or_empty(row, "number"),
            survives: row.is_true("survives"),
        };
        Ok(rows.iter().map(number).collect())
    }

    /// Decisions of people about the person. A run without the table `overrides` had no such decisions.
    fn overrides(&mut self) -> Result<Vec<ExplainedOverride>, ExplainError> {
        let Some(reader) = OutputTable::named("overrides").map(|table| self.run.table(table)).transpose()?.flatten() else {
            return Ok(Vec::new());
        };
        let id = self.id.number();
        let rows = reader.find(|_| true, &["persons"], |row| row.numbers("persons").contains(&id), OVERRIDES)?;
        let organisation = |row: Row<'_>| self.names.name(Subject::from_word(row.text("kind")?), row.text("code")?);
        let entry = |row: Row<'_>| ExplainedOverride {
            line: row.number("line").unwrap_or_default(),
            kind: text_or_empty(row, "kind"),
            state: text_or_empty(row, "state"),
            author: text_or_empty(row, "author"),
            reason: text_or_empty(row, "reason"),
            decided_on: date(row, "decided_on"),
            until: date(row, "until"),
            code: text(row, "code"),
            name: organisation(row),
            profile: row.number("profile"),
            from: date(row, "from"),
            to: date(row, "to"),
            other_persons: row.numbers("persons").into_iter().filter(|other| *other != id).map(|id| id.to_string()).collect(),
            gives_way_to: None,
        };
        let mut overrides: Vec<ExplainedOverride> = rows.iter().map(entry).collect();
        fill_stronger_lines(&mut overrides);
        Ok(overrides)
    }
}
