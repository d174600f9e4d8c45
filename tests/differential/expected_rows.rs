//! The reference's tables as rows of text, column by column under the names of the published tables.

use std::collections::BTreeMap;
use std::fmt::Write;

use sverka_publish::OutputTable;

use super::sources::Sources;
use crate::reference::dates::{self, Date};
use crate::reference::organisations::{from_clinics, from_insurers, read_on};
use crate::reference::{Expected, PersonRow, Position, StayRow, Table};
use crate::regions::Region;
use crate::regions::overrides::{AUTHOR, REASON};

/// Values by column; a null is `None`.
pub type ExpectedRow = BTreeMap<&'static str, Option<String>>;

/// The published tables as the reference expects them.
pub struct ExpectedTables<'v> {
    /// The region.
    pub region: &'v Region,
    /// The lines of the region's files.
    pub sources: Sources,
    /// The results of the reference.
    pub expected: &'v Expected,
    /// The engine's number of each person.
    pub ids: &'v [i64],
}

pub(super) fn some(text: impl ToString) -> Option<String> {
    Some(text.to_string())
}

/// The text; `None` for an empty one.
fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn optional(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

impl ExpectedTables<'_> {
    /// The rows that a table must have, in any order.
    pub fn rows(&self, table: OutputTable) -> Vec<ExpectedRow> {
        let expected = self.expected;
        match table {
            OutputTable::Persons => expected.persons.iter().map(|row| self.person(row)).collect(),
            OutputTable::InsuranceStays => expected.insurance_stays.iter().map(|row| self.stay(row, "insurer")).collect(),
            OutputTable::AttachmentStays => expected.attachment_stays.iter().map(|row| self.stay(row, "clinic")).collect(),
            OutputTable::Decisions => self.decisions(),
            OutputTable::Findings => self.findings(),
            OutputTable::Quarantine => self.quarantine(),
            OutputTable::Duplicates => self.duplicates(),
            OutputTable::Numbers => self.numbers(),
            OutputTable::Headcount => self.headcount(),
            OutputTable::FundingClinic => self.funding_clinic(),
            OutputTable::FundingInsurerClinic => self.funding_pairs(),
            OutputTable::FundingBands => self.funding_bands(),
            OutputTable::Norms => self.norms(),
            OutputTable::NormFactors => self.norm_factors(),
            OutputTable::MoneyChecks => self.money_checks(),
            OutputTable::MissingSenders
            | OutputTable::FundingPoints
            | OutputTable::FundingResults
            | OutputTable::ToPay
            | OutputTable::FundingInsurer => Vec::new(),
            OutputTable::Unattached => self.unattached(),
            OutputTable::MustChoose => self.must_choose(),
            OutputTable::AttachedUninsured => self.attached_uninsured(),
            OutputTable::Links => self.links(),
            // `nights` compares them.
            OutputTable::PersonIds | OutputTable::PersonEvents => Vec::new(),
            OutputTable::Quality => self.quality(),
            OutputTable::Overrides => self.overrides(),
            OutputTable::Insurers => self.insurers(),
            OutputTable::Clinics => self.clinics(),
        }
    }

    fn person_id(&self, person: usize) -> Option<String> {
        some(self.ids[person])
    }

    /// Columns about a person, which `persons` and `unattached` share.
    fn person_facts(&self, row: &PersonRow) -> ExpectedRow {
        BTreeMap::from([
            ("person_id", self.person_id(row.person)),
            ("insurer", some(&row.insurer)),
            ("insured_from", some(row.insured_from)),
            ("surname", some(&row.surname)),
            ("given_name", some(&row.given_name)),
            ("patronymic", known(&row.patronymic)),
            ("sex", some(&row.sex)),
            ("birth_date", some(row.birth_date)),
            ("age", some(row.age)),
            ("enp", known(&row.enp)),
            ("policy_kind", some(&row.policy_kind)),
            ("policy_number", known(&row.policy_number)),
            ("snils", known(&row.snils)),
            ("address", known(self.sources.value(&row.record, "address"))),
            ("settlement", known(self.sources.value(&row.record, "settlement"))),
        ])
    }

    fn person(&self, row: &PersonRow) -> ExpectedRow {
        let mut values = self.person_facts(row);
        values.extend([
            ("clinic", row.clinic.clone()),
            ("attached_from", optional(&row.attached_from)),
            ("method", optional(&row.method)),
            ("district", known(&row.district)),
            ("doctor_snils", known(&row.doctor_snils)),
            ("doc_kind", known(self.sources.value(&row.record, "doc_kind"))),
            ("doc_number", known(self.sources.value(&row.record, "doc_number"))),
            ("category", known(&row.category)),
            ("insurer_unresolved", some(row.insurer_unresolved)),
            ("clinic_unresolved", optional(&row.clinic_unresolved)),
        ]);
        values
    }

    fn unattached(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.unattached.iter();
        rows.map(|row| {
            let of_person = self.expected.persons.iter().find(|person| person.person == row.person);
            let mut values = self.person_facts(of_person.expect("the unattached are in the register"));
            values.insert("insurer", some(&row.insurer));
            values
        })
        .collect()
    }

    fn must_choose(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.must_choose.iter();
        rows.map(|row| {
            let of_record = |field: &str| known(self.sources.value(&row.record, field));
            BTreeMap::from([
                ("person_id", self.person_id(row.person)),
                ("insurer", some(&row.insurer)),
                ("left_on", some(row.left_on)),
                ("choose_by", some(row.choose_by)),
                ("overdue", some(row.overdue)),
                ("surname", some(self.sources.value(&row.record, "surname"))),
                ("given_name", some(self.sources.value(&row.record, "given_name"))),
                ("patronymic", of_record("patronymic")),
                ("sex", of_record("sex")),
                ("birth_date", of_record("birth_date")),
                ("age", some(row.age)),
                ("enp", known(&row.enp)),
                ("snils", known(&row.snils)),
                ("category", known(&row.category)),
                ("household", household(&row.address)),
                ("source", some(&row.record.source)),
                ("line", some(row.record.line)),
                ("record_id", of_record("record_id")),
            ])
        })
        .collect()
    }

    fn attached_uninsured(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.attached_uninsured.iter();
        rows.map(|row| {
            let of_record = |field: &str| known(&row.values[field]);
            BTreeMap::from([
                ("person_id", self.person_id(row.person)),
                ("profile", of_record("profile")),
                ("source", some(&row.record.source)),
                ("line", some(row.record.line)),
                ("record_id", of_record("record_id")),
                ("clinic", some(&row.clinic)),
                ("cause", some(if row.death.is_some() { "dead" } else { "not_insured" })),
                ("insurer", row.insurer.clone()),
                ("insured_to", optional(&row.insured_to)),
                ("death_date", optional(&row.death)),
                ("attached_from", of_record("attached_from")),
                ("attached_to", optional(&row.attached_to)),
                ("method", of_record("method")),
                ("enp", of_record("enp")),
                ("policy_kind", of_record("policy_kind")),
                ("policy_number", of_record("policy_number")),
                ("snils", of_record("snils")),
                ("surname", some(&row.values["surname"])),
                ("given_name", some(&row.values["given_name"])),
                ("patronymic", of_record("patronymic")),
                ("birth_date", of_record("birth_date")),
            ])
        })
        .collect()
    }

    fn insurers(&self) -> Vec<ExpectedRow> {
        let all = from_insurers(&self.region.insurers, self.region.dictionaries);
        let rows = self.region.insurers.iter();
        rows.map(|row| {
            BTreeMap::from([
                ("insurer", some(&row.insurer)),
                ("region", known(&row.region)),
                ("name", known(&row.name)),
                ("works_from", some(&row.works_from)),
                ("works_to", known(&row.works_to)),
                ("successor", known(&row.successor)),
                ("read_as", some(read_on(&all, &row.insurer, self.day()))),
            ])
        })
        .collect()
    }

    fn clinics(&self) -> Vec<ExpectedRow> {
        let all = from_clinics(&self.region.clinics, self.region.dictionaries);
        let read = |code: &str| read_on(&all, code, self.day());
        let rows = self.region.clinics.iter();
        rows.map(|row| {
            let read_as = read(&row.clinic);
            let row_read = self.region.clinics.iter().find(|clinic| clinic.clinic == read_as).expect("a clinic of the table");
            let counted_at = if row_read.head.is_empty() { read_as.clone() } else { read(&row_read.head) };
            BTreeMap::from([
                ("clinic", some(&row.clinic)),
                ("oid", None),
                ("region", known(&row.region)),
                ("name", known(&row.name)),
                ("attachable", some(row.attachable)),
                ("ages", some(&row.ages)),
                ("works_from", some(&row.works_from)),
                ("works_to", known(&row.works_to)),
                ("successor", known(&row.successor)),
                ("read_as", some(read_as)),
                ("counted_at", some(counted_at)),
            ])
        })
        .collect()
    }

    fn day(&self) -> Date {
        dates::parse(&self.region.as_of).expect("an ISO date")
    }

    fn stay(&self, row: &StayRow, organisation: &'static str) -> ExpectedRow {
        let joined = |text: &dyn Fn(&Position) -> String| some(row.records.iter().map(text).collect::<Vec<_>>().join(","));
        let mut values = BTreeMap::from([
            ("person_id", self.person_id(row.person)),
            (organisation, some(&row.code)),
            ("from", some(row.from)),
            ("to", optional(&row.to)),
            ("unresolved", some(row.unresolved)),
            ("record_sources", joined(&|record| record.source.clone())),
            ("record_lines", joined(&|record| record.line.to_string())),
            ("record_ids", joined(&|record| self.sources.value(record, "record_id").to_owned())),
        ]);
        if organisation == "clinic" {
            values.extend([("profile", row.profile.clone()), ("method", optional(&row.method))]);
        } else {
            values.insert("death_date", optional(&row.death_date));
        }
        values
    }

    fn decisions(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.decisions.iter();
        rows.map(|row| {
            let winning = row.winning.as_ref();
            BTreeMap::from([
                ("person_id", self.person_id(row.person)),
                ("subject", some(&row.subject)),
                ("profile", row.profile.clone()),
                ("outcome", some(&row.outcome)),
                ("rule", some(&row.rule)),
                ("losing_code", some(&row.losing_code)),
                ("winning_code", some(&row.winning_code)),
                ("start", some(row.start)),
                ("loser_source", some(&row.loser.source)),
                ("loser_line", some(row.loser.line)),
                ("winner_source", some(&row.winner.source)),
                ("winner_line", some(row.winner.line)),
                ("loser_record_id", known(self.sources.value(&row.loser, "record_id"))),
                ("loser_from", some(row.losing.from)),
                ("loser_applied_on", optional(&row.losing.applied_on)),
                ("loser_method", known(&row.losing.method)),
                ("loser_reason", known(&row.losing.reason)),
                ("winner_record_id", winning.and_then(|_| known(self.sources.value(&row.winner, "record_id")))),
                ("winner_from", winning.and_then(|side| some(side.from))),
                ("winner_applied_on", winning.and_then(|side| optional(&side.applied_on))),
                ("winner_method", winning.and_then(|side| known(&side.method))),
                ("winner_reason", winning.and_then(|side| known(&side.reason))),
                ("counted_on", optional(&row.counted_on)),
                ("taken_on", optional(&row.taken_on)),
            ])
        })
        .collect()
    }

    fn links(&self) -> Vec<ExpectedRow> {
        let table = |position: &Position| some(if position.table == Table::Register { "register" } else { "attachments" });
        let rows = self.expected.link_rows.iter();
        rows.map(|row| {
            let to = row.link.as_ref().map(|(_, to)| to);
            BTreeMap::from([
                ("person_id", self.person_id(row.person)),
                ("table", table(&row.record)),
                ("source", some(&row.record.source)),
                ("line", some(row.record.line)),
                ("record_id", known(self.sources.value(&row.record, "record_id"))),
                ("rule", row.link.as_ref().map(|(rule, _)| rule.clone())),
                ("linked_table", to.and_then(table)),
                ("linked_source", to.map(|to| to.source.clone())),
                ("linked_line", to.map(|to| to.line.to_string())),
                ("notice", row.notice.as_ref().map(|(notice, _, _)| notice.clone())),
                ("notice_code", row.notice.as_ref().map(|(_, code, _)| code.clone())),
                ("notice_day", row.notice.as_ref().map(|(_, _, day)| day.to_string())),
                ("death_date", optional(&row.death)),
            ])
        })
        .collect()
    }

    fn findings(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.findings.iter();
        rows.map(|row| {
            BTreeMap::from([
                ("source", some(&row.position.source)),
                ("line", some(row.position.line)),
                ("record_id", known(&row.record_id)),
                ("person_id", row.person.and_then(|person| self.person_id(person))),
                ("field", row.field.clone()),
                ("code", some(&row.code)),
                ("severity", some(if row.is_error { "error" } else { "warning" })),
            ])
        })
        .collect()
    }

    fn quarantine(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.quarantine.iter();
        rows.map(|row| {
            let (offset, raw) = self.sources.raw(&row.position);
            BTreeMap::from([
                ("source", some(&row.position.source)),
                ("line", some(row.position.line)),
                ("byte_offset", some(offset)),
                ("raw", some(escaped(raw))),
                ("raw_bytes", some(raw.len())),
                ("codes", some(row.codes.join(","))),
            ])
        })
        .collect()
    }

    fn duplicates(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.duplicates.iter();
        rows.map(|row| {
            let table = if row.position.table == Table::Register { "register" } else { "attachments" };
            BTreeMap::from([
                ("table", some(table)),
                ("source", some(&row.position.source)),
                ("line", some(row.position.line)),
                ("kept_source", some(&row.kept.source)),
                ("kept_line", some(row.kept.line)),
            ])
        })
        .collect()
    }

    fn numbers(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.numbers.iter();
        rows.map(|row| {
            BTreeMap::from([
                ("policy_kind", known(&row.policy_kind)),
                ("number", some(&row.number)),
                ("person_id", self.person_id(row.person)),
                ("survives", some(row.survives)),
            ])
        })
        .collect()
    }

    fn overrides(&self) -> Vec<ExpectedRow> {
        let rows = self.expected.overrides.iter();
        rows.map(|row| {
            let mut persons: Vec<i64> = row.persons.iter().map(|person| self.ids[*person]).collect();
            persons.sort();
            let persons: Vec<String> = persons.iter().map(ToString::to_string).collect();
            BTreeMap::from([
                ("line", some(row.line)),
                ("kind", some(&row.kind)),
                ("state", some(&row.state)),
                ("review_due", some(row.review_due)),
                ("persons", some(persons.join(","))),
                ("records", some(row.records)),
                ("author", some(AUTHOR)),
                ("reason", some(REASON)),
                ("decided_on", some(&row.decided_on)),
                ("until", known(&row.until)),
                ("code", known(&row.code)),
                ("profile", known(&row.profile)),
                ("from", known(&row.from)),
                ("to", known(&row.to)),
            ])
        })
        .collect()
    }
}

/// The first eight bytes of the hash of an address in the form for comparison.
fn household(address: &str) -> Option<String> {
    let hash = blake3::hash(address.as_bytes());
    let bytes = hash.as_bytes()[..8].try_into().expect("eight bytes");
    (!address.is_empty()).then(|| i64::from_le_bytes(bytes).to_string())
}

/// Bytes in the text form of [`crate::published`].
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\\' => text.push_str("\\\\"),
                control if control.is_control() => write!(text, "\\x{:02X}", u32::from(control)).expect("text grows"),
                other => text.push(other),
            }
        }
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02X}").expect("text grows");
        }
    }
    text
}
