//! Gathers everything that a run says of one person from the published tables: knows these and what their rows mean to each other.

use std::collections::{BTreeMap, BTreeSet};

use super::error::ExplainError;
use super::organisations::OrganisationNames;
use super::outside::outside;
use super::standing;
use super::tables::Tables;
use super::told::{
    Day, DecisionTold, Explained, FindingTold, LinkTold, Money, NoticeTold, NumberUsed, OverrideTold, Place, RecordTold,
    RegisterRow, Settings, SideTold, StayPlace, StayTold,
};
use crate::report::table_reader::{Row, Rows};
use sverka_model::Date;
use sverka_publish::OutputTable;

/// Gathers everything about a person.
pub(super) fn gather(tables: &Tables, names: &OrganisationNames, id: i64) -> Result<Explained, ExplainError> {
    let mut of = Gathering { tables, names, id, missing: BTreeSet::new() };
    let register = of.rows_of(OutputTable::Persons, PERSONS)?.iter().next().map(|row| register_row(row, names));
    let overrides = of.overrides()?;
    let mut insurance = of.stays(OutputTable::InsuranceStays, "insurer")?;
    let mut attachments = of.stays(OutputTable::AttachmentStays, "clinic")?;
    let decisions = of.decisions()?;
    standing::name_decisions(&mut insurance, "insurer", &overrides, &decisions);
    standing::name_decisions(&mut attachments, "clinic", &overrides, &decisions);
    let records = of.records(&insurance, &attachments, &decisions)?;
    let numbers = of.numbers(&records, register.as_ref())?;
    let outside = if register.is_none() { outside(tables, id, names)? } else { None };
    let money = of.money(register.as_ref())?;
    Ok(Explained {
        run: tables.manifest.run_id.clone(),
        as_of: tables.manifest.as_of.clone(),
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
        settings: settings(tables),
        missing_tables: of.missing.into_iter().map(OutputTable::name).collect(),
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

const OVERRIDES: &[&str] =
    &["line", "kind", "state", "persons", "author", "reason", "decided_on", "until", "code", "profile", "from", "to"];

/// Findings of a row that is no record of anybody.
pub(super) fn findings_of_row(tables: &Tables, source: &str, line: i64) -> Result<Vec<FindingTold>, ExplainError> {
    let Some(findings) = tables.optional(OutputTable::Findings)? else { return Ok(Vec::new()) };
    let rows = findings.find(
        |group| group.may_hold_text("source", source) && group.may_hold_number("line", &(line..=line)),
        &["source", "line"],
        |row| row.number("line") == Some(line) && row.text("source") == Some(source),
        &["field", "code", "severity", "message"],
    )?;
    Ok(rows.iter().map(finding).collect())
}

fn finding(row: Row<'_>) -> FindingTold {
    FindingTold {
        code: owned(row, "code"),
        field: text(row, "field"),
        severity: owned(row, "severity"),
        message: owned(row, "message"),
    }
}

fn owned(row: Row<'_>, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}

fn text(row: Row<'_>, column: &str) -> Option<String> {
    row.text(column).map(str::to_owned)
}

fn day(row: Row<'_>, column: &str) -> Option<Day> {
    row.date(column).map(Day)
}

fn place(row: Row<'_>, source: &str, line: &str) -> Place {
    Place { source: owned(row, source), line: row.number(line).unwrap_or_default() }
}

fn register_row(row: Row<'_>, names: &OrganisationNames) -> RegisterRow {
    RegisterRow {
        surname: owned(row, "surname"),
        given_name: owned(row, "given_name"),
        patronymic: text(row, "patronymic"),
        sex: row.number("sex").unwrap_or_default(),
        birth_date: day(row, "birth_date"),
        age: row.number("age").unwrap_or_default(),
        enp: text(row, "enp"),
        snils: text(row, "snils"),
        policy_kind: row.number("policy_kind").unwrap_or_default(),
        policy_number: text(row, "policy_number"),
        doc_kind: text(row, "doc_kind"),
        doc_number: text(row, "doc_number"),
        category: row.number("category"),
        insurer: owned(row, "insurer"),
        insurer_name: row.text("insurer").and_then(|code| names.of("insurer", code)),
        insured_from: day(row, "insured_from"),
        insurer_unresolved: row.is_true("insurer_unresolved"),
        clinic: text(row, "clinic"),
        clinic_name: row.text("clinic").and_then(|code| names.of("clinic", code)),
        attached_from: day(row, "attached_from"),
        method: row.number("method"),
        district: text(row, "district"),
        doctor_snils: text(row, "doctor_snils"),
        clinic_unresolved: row.is_true("clinic_unresolved"),
        address: text(row, "address"),
        settlement: text(row, "settlement"),
    }
}

fn settings(tables: &Tables) -> Settings {
    let number = |path| tables.setting(path).and_then(serde_json::Value::as_i64).unwrap_or(1);
    let word = |path| tables.setting(path).and_then(serde_json::Value::as_str).unwrap_or_default();
    Settings {
        insurer_changes_per_year: number("/insurer/changes_per_year"),
        insurer_deadline: word("/insurer/deadline").to_owned(),
        clinic_changes_per_year: number("/clinic/changes_per_year"),
        clinic_rolling: word("/clinic/window") == "rolling_12_months",
    }
}

/// One person's way through the tables.
struct Gathering<'t> {
    tables: &'t Tables,
    names: &'t OrganisationNames,
    id: i64,
    missing: BTreeSet<OutputTable>,
}

/// Records by table (register first) and place.
type Records = BTreeMap<(u8, Place), RecordTold>;

impl Gathering<'_> {
    /// The person's rows of a table that is sorted by persons; none when the table is missing.
    fn rows_of(&mut self, table: OutputTable, columns: &[&str]) -> Result<Rows, ExplainError> {
        let Some(reader) = self.tables.optional(table)? else {
            self.missing.insert(table);
            return Ok(Rows::default());
        };
        let id = self.id;
        let may_hold = |group: crate::report::table_reader::GroupBounds<'_>| group.may_hold_number("person_id", &(id..=id));
        Ok(reader.find(may_hold, &["person_id"], |row| row.number("person_id") == Some(id), columns)?)
    }

    fn stays(&mut self, table: OutputTable, code: &str) -> Result<Vec<StayTold>, ExplainError> {
        let rows = self.rows_of(table, STAYS)?;
        let stay = |row: Row<'_>| {
            let places = row.texts("record_sources").into_iter().zip(row.numbers("record_lines"));
            let places = places.map(|(source, line)| Place { source: source.unwrap_or_default(), line });
            StayTold {
                name: row.text(code).and_then(|of_stay| self.names.of(code, of_stay)),
                code: owned(row, code),
                profile: row.number("profile"),
                from: Day(row.date("from").unwrap_or(Date::EARLIEST)),
                to: day(row, "to"),
                method: row.number("method"),
                death: day(row, "death_date"),
                unresolved: row.is_true("unresolved"),
                decided_by: None,
                records: places.zip(row.texts("record_ids")).collect(),
            }
        };
        Ok(rows.iter().map(stay).collect())
    }

    fn decisions(&mut self) -> Result<Vec<DecisionTold>, ExplainError> {
        let rows = self.rows_of(OutputTable::Decisions, DECISIONS)?;
        let mut decisions: Vec<DecisionTold> = rows.iter().map(|row| self.decision(row)).collect();
        let clinic_last = |decision: &DecisionTold| decision.subject == "clinic";
        decisions.sort_by_key(|decision| (clinic_last(decision), decision.profile, decision.start));
        Ok(decisions)
    }

    fn decision(&self, row: Row<'_>) -> DecisionTold {
        let subject = if row.text("subject") == Some("clinic") { "clinic" } else { "insurer" };
        let side = |side: &str, code: &str| {
            let column = |name: &str| format!("{side}_{name}");
            let place = place(row, &column("source"), &column("line"));
            SideTold {
                name: row.text(code).and_then(|code| self.names.of(subject, code)),
                code: owned(row, code),
                source_date: self.tables.source_date(&place.source).map(str::to_owned),
                place,
                record_id: text(row, &column("record_id")),
                from: day(row, &column("from")),
                applied_on: day(row, &column("applied_on")),
                method: row.number(&column("method")),
                reason: text(row, &column("reason")),
            }
        };
        DecisionTold {
            subject,
            profile: row.number("profile"),
            outcome: owned(row, "outcome"),
            rule: owned(row, "rule"),
            start: Day(row.date("start").unwrap_or(Date::EARLIEST)),
            loser: side("loser", "losing_code"),
            winner: side("winner", "winning_code"),
            counted_on: day(row, "counted_on"),
            taken_on: day(row, "taken_on"),
        }
    }

    /// Every record of the person that the tables name.
    fn records(
        &mut self,
        insurance: &[StayTold],
        attachments: &[StayTold],
        decisions: &[DecisionTold],
    ) -> Result<Vec<RecordTold>, ExplainError> {
        let mut records = Records::new();
        for (subject, stays) in [("insurer", insurance), ("clinic", attachments)] {
            for (index, stay) in stays.iter().enumerate() {
                for (place, record_id) in &stay.records {
                    let record = known(&mut records, subject == "insurer", place, record_id.clone());
                    record.rests_in.push(StayPlace { subject, index });
                }
            }
        }
        for (index, decision) in decisions.iter().enumerate() {
            let register = decision.subject == "insurer";
            known(&mut records, register, &decision.loser.place, decision.loser.record_id.clone()).decisions.push(index);
        }
        for row in self.rows_of(OutputTable::Links, LINKS)?.iter() {
            let record =
                known(&mut records, row.text("table") == Some("register"), &place(row, "source", "line"), text(row, "record_id"));
            let to = || place(row, "linked_source", "linked_line");
            record.link = row.text("rule").map(|rule| LinkTold { rule: rule.to_owned(), to: to() });
            record.notice =
                text(row, "notice").map(|of| NoticeTold { of, code: owned(row, "notice_code"), day: day(row, "notice_day") });
            record.death = day(row, "death_date");
        }
        self.add_left_out(&mut records)?;
        self.add_duplicates(&mut records)?;
        let mut records: Vec<RecordTold> = records.into_values().collect();
        let links_told = !self.missing.contains(&OutputTable::Links);
        for record in &mut records {
            record.source_date = self.tables.source_date(&record.place.source).map(str::to_owned);
        }
        let first = records.first().map(|record| record.place.clone());
        for record in records.iter_mut().skip(1).filter(|record| links_told && record.link.is_none()) {
            record.link = first.clone().map(|to| LinkTold { rule: "L1".to_owned(), to });
        }
        Ok(records)
    }

    /// Findings of the records, and the records that only findings name: those that were left out.
    fn add_left_out(&mut self, records: &mut Records) -> Result<(), ExplainError> {
        let Some(findings) = self.tables.optional(OutputTable::Findings)? else {
            self.missing.insert(OutputTable::Findings);
            return Ok(());
        };
        let id = self.id;
        let columns = ["source", "line", "record_id", "field", "code", "severity", "message"];
        let rows = findings.find(|_| true, &["person_id"], |row| row.number("person_id") == Some(id), &columns)?;
        for row in rows.iter() {
            let place = place(row, "source", "line");
            let register = self.is_register(&place.source);
            let both = records.contains_key(&(u8::from(!register), place.clone()));
            let other = records.contains_key(&(u8::from(register), place.clone()));
            // A row of both tables has its findings told once.
            let register = if !both && other { !register } else { register };
            let record = known(records, register, &place, text(row, "record_id"));
            record.findings.push(finding(row));
        }
        Ok(())
    }

    fn is_register(&self, source: &str) -> bool {
        self.tables.manifest.inputs.iter().any(|input| input.layout.is_some() && input.name == source && input.role == "register")
    }

    fn add_duplicates(&mut self, records: &mut Records) -> Result<(), ExplainError> {
        let Some(duplicates) = self.tables.optional(OutputTable::Duplicates)? else {
            self.missing.insert(OutputTable::Duplicates);
            return Ok(());
        };
        let wanted: BTreeMap<i64, Vec<String>> = records.keys().fold(BTreeMap::new(), |mut wanted, (_, place)| {
            let sources: &mut Vec<String> = wanted.entry(place.line).or_default();
            sources.push(place.source.clone());
            wanted
        });
        let is_kept = |row: Row<'_>| {
            let sources = row.number("kept_line").and_then(|line| wanted.get(&line));
            sources.is_some_and(|sources| sources.iter().any(|source| row.text("kept_source") == Some(source)))
        };
        let columns = ["table", "source", "line", "kept_source", "kept_line"];
        let rows = duplicates.find(|_| true, &["kept_source", "kept_line"], is_kept, &columns)?;
        for row in rows.iter() {
            let key = (u8::from(row.text("table") != Some("register")), place(row, "kept_source", "kept_line"));
            if let Some(record) = records.get_mut(&key) {
                record.repeated_by.push(place(row, "source", "line"));
            }
        }
        Ok(())
    }

    /// The numbers of the person. `numbers` is in the order of numbers, so of the ENPs, which are nearly all of it, only one is looked for when one is
    /// known and nothing says that there are more.
    fn numbers(&mut self, records: &[RecordTold], register: Option<&RegisterRow>) -> Result<Vec<NumberUsed>, ExplainError> {
        let Some(reader) = self.tables.optional(OutputTable::Numbers)? else {
            self.missing.insert(OutputTable::Numbers);
            return Ok(Vec::new());
        };
        let id = self.id;
        let findings_told = !self.missing.contains(&OutputTable::Findings);
        let several = records.iter().flat_map(|record| &record.findings).any(|finding| finding.code == "SEVERAL_ENP");
        let only = register.and_then(|row| row.enp.as_deref()).filter(|_| findings_told && !several);
        let rows = reader.find(
            |group| {
                let of_policies = group.may_hold_number("policy_kind", &(1..=2)) || group.may_hold_null("policy_kind");
                of_policies || only.is_none_or(|enp| group.may_hold_text("number", enp))
            },
            &["person_id"],
            |row| row.number("person_id") == Some(id),
            &["policy_kind", "number", "survives"],
        )?;
        let number = |row: Row<'_>| NumberUsed {
            policy_kind: row.number("policy_kind"),
            number: owned(row, "number"),
            survives: row.is_true("survives"),
        };
        Ok(rows.iter().map(number).collect())
    }

    fn money(&mut self, register: Option<&RegisterRow>) -> Result<Money, ExplainError> {
        let Some(row) = register else {
            let told = !self.missing.contains(&OutputTable::Persons);
            return Ok(if told { Money::NotInRegister } else { Money::Unknown });
        };
        let Some(clinic) = row.clinic.clone() else { return Ok(Money::Unattached) };
        if row.insurer_unresolved {
            return Ok(Money::InsurerUnresolved);
        }
        if row.clinic_unresolved {
            return Ok(Money::ClinicUnresolved);
        }
        let Some(funding) = self.tables.optional(OutputTable::FundingClinic)? else {
            self.missing.insert(OutputTable::FundingClinic);
            return Ok(Money::Unknown);
        };
        let is_clinic = |row: Row<'_>| row.text("clinic") == Some(&clinic);
        let rows = funding.find(|_| true, &["clinic"], is_clinic, &["norm", "heads", "amount"])?;
        let paid = rows.iter().next().filter(|row| row.number("heads") != Some(0));
        let Some(paid) = paid else { return Ok(Money::ClinicNotPaid { clinic }) };
        Ok(Money::Paid {
            band: self.band(row)?,
            insurer: row.insurer.clone(),
            norm: paid.decimal("norm").unwrap_or_default(),
            heads: paid.number("heads").unwrap_or_default(),
            amount: paid.decimal("amount").unwrap_or_default(),
            clinic,
        })
    }

    /// The band that counts the person, as the tariff names it.
    fn band(&mut self, row: &RegisterRow) -> Result<Option<String>, ExplainError> {
        let Some(headcount) = self.tables.optional(OutputTable::Headcount)? else {
            self.missing.insert(OutputTable::Headcount);
            return Ok(None);
        };
        let of_age = |band: &str| {
            let ends: Vec<&str> = band.split('-').collect();
            let number = |text: &str| text.trim_end_matches('+').parse::<i64>().ok();
            let from = ends.first().and_then(|from| number(from));
            let open = band.ends_with('+');
            let to = ends.get(1).and_then(|to| number(to)).or(if open { Some(i64::MAX) } else { from });
            from.zip(to).is_some_and(|(from, to)| (from..=to).contains(&row.age))
        };
        let of_person = |of: Row<'_>| {
            of.text("insurer") == Some(&row.insurer)
                && of.text("clinic") == row.clinic.as_deref()
                && of.number("sex") == Some(row.sex)
                && of.text("band").is_some_and(of_age)
        };
        let rows = headcount.find(|_| true, &["insurer", "clinic", "sex", "band"], of_person, &["band"])?;
        Ok(rows.iter().next().and_then(|row| text(row, "band")))
    }

    /// What people decided about the person; a run without such a table had no such decisions.
    fn overrides(&mut self) -> Result<Vec<OverrideTold>, ExplainError> {
        let Some(reader) = OutputTable::named("overrides").map(|table| self.tables.optional(table)).transpose()?.flatten() else {
            return Ok(Vec::new());
        };
        let id = self.id;
        let rows = reader.find(|_| true, &["persons"], |row| row.numbers("persons").contains(&id), OVERRIDES)?;
        let organisation = |row: Row<'_>| self.names.of(row.text("kind")?, row.text("code")?);
        let told = |row: Row<'_>| OverrideTold {
            line: row.number("line").unwrap_or_default(),
            kind: owned(row, "kind"),
            state: owned(row, "state"),
            author: owned(row, "author"),
            reason: owned(row, "reason"),
            decided_on: day(row, "decided_on"),
            until: day(row, "until"),
            code: text(row, "code"),
            name: organisation(row),
            profile: row.number("profile"),
            from: day(row, "from"),
            to: day(row, "to"),
            other_persons: row.numbers("persons").into_iter().filter(|other| *other != id).map(|id| id.to_string()).collect(),
            gives_way_to: None,
        };
        let mut overrides: Vec<OverrideTold> = rows.iter().map(told).collect();
        standing::name_stronger(&mut overrides);
        Ok(overrides)
    }
}

/// The record of a place, which becomes known when it was not.
fn known<'r>(records: &'r mut Records, register: bool, place: &Place, record_id: Option<String>) -> &'r mut RecordTold {
    let record = records.entry((u8::from(!register), place.clone())).or_insert_with(|| RecordTold {
        table: if register { "register" } else { "attachments" },
        place: place.clone(),
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
