//! The tables of the outputs as plain values. A person is a number into [`Expected::people`], which tells its records, so that a
//! comparison needs no hash.

use std::collections::BTreeMap;

use super::dates::Date;
use super::exact::Exact;
use super::records::{Position, Record, Table};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    pub sources: Vec<SourceCounts>,
    /// Ends of attachments by source: a day before a beginning elsewhere, a day after, next to it.
    pub adjoining_ends: BTreeMap<String, [usize; 3]>,
    /// In the order of their first records.
    pub people: Vec<Person>,
    pub persons: Vec<PersonRow>,
    pub insurance_stays: Vec<StayRow>,
    pub attachment_stays: Vec<StayRow>,
    pub decisions: Vec<DecisionRow>,
    pub findings: Vec<FindingRow>,
    pub quarantine: Vec<QuarantineRow>,
    pub duplicates: Vec<DuplicateRow>,
    pub numbers: Vec<NumberRow>,
    pub headcount: Vec<HeadcountRow>,
    /// Clinics with at least one funded head.
    pub funding_clinic: Vec<ClinicFundingRow>,
    pub funding_insurer_clinic: Vec<PairFundingRow>,
    pub unattached: Vec<UnattachedRow>,
    pub must_choose: Vec<MustChooseRow>,
    pub attached_uninsured: Vec<AttachedUninsuredRow>,
    pub funding_total: Option<FundingTotal>,
    pub overrides: Vec<OverrideRow>,
    /// How many records each rule finds equal to an earlier one; for `L6` how many groups it joins to another.
    pub links: BTreeMap<String, usize>,
    /// Rows of the table `links`.
    pub link_rows: Vec<LinkRow>,
}

/// How a record of a person is reached from the first one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkRow {
    pub person: usize,
    pub record: Position,
    /// By which rule from which record; `None` for the first record.
    pub link: Option<(String, Position)>,
    /// Of a notice what it tells, whom it names, and the day.
    pub notice: Option<(String, String, Date)>,
    /// The day of death that the record tells.
    pub death: Option<Date>,
}

/// What of a record made it lose or win.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    pub from: Date,
    /// Of register records.
    pub applied_on: Option<Date>,
    /// Of attachment records, as received.
    pub method: String,
    /// Of register records, as received.
    pub reason: String,
}

impl Side {
    pub fn of(record: &Record) -> Side {
        let (register, field) = (record.position.table == Table::Register, |name: &str| record.get(name).to_string());
        let applied_on = || record.date("applied_on").unwrap_or(record.start());
        Side {
            from: record.start(),
            applied_on: register.then(applied_on),
            method: if register { String::new() } else { field("method") },
            reason: if register { field("reason") } else { String::new() },
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct SourceCounts {
    pub table: Table,
    pub source: String,
    pub rows: usize,
    /// Without the duplicates.
    pub accepted: usize,
    pub duplicates: usize,
    pub quarantined: usize,
}

impl Default for SourceCounts {
    fn default() -> SourceCounts {
        SourceCounts { table: Table::Register, source: String::new(), rows: 0, accepted: 0, duplicates: 0, quarantined: 0 }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// The smallest identity text of its records.
    pub key: String,
    /// All its accepted records that are not duplicates, of both tables, sorted.
    pub records: Vec<Position>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PersonRow {
    pub person: usize,
    pub enp: String,
    pub insurer: String,
    pub insured_from: Date,
    pub clinic: Option<String>,
    pub attached_from: Option<Date>,
    /// The highest among the records of the stay, `None` when none of them has one.
    pub method: Option<u32>,
    pub district: String,
    pub doctor_snils: String,
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub sex: String,
    pub birth_date: Date,
    pub age: i32,
    pub snils: String,
    pub policy_kind: String,
    pub policy_number: String,
    pub category: String,
    pub insurer_unresolved: bool,
    pub clinic_unresolved: Option<bool>,
    /// The register record that the row's policy, name, document and SNILS come from.
    pub record: Position,
    pub application_date: Date,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StayRow {
    pub person: usize,
    /// `None` for insurance.
    pub profile: Option<String>,
    pub from: Date,
    pub to: Option<Date>,
    /// As read on `from`.
    pub code: String,
    pub unresolved: bool,
    /// Attachments: the highest method among the records, `None` when none of them has one.
    pub method: Option<u32>,
    /// In the order in which they joined.
    pub records: Vec<Position>,
    /// The earliest day of death that a register record of the person gives.
    pub death_date: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionRow {
    pub person: usize,
    /// `insurer` or `clinic`.
    pub subject: String,
    pub profile: Option<String>,
    /// `lost`, `superseded`, `refused`, `deferred`, `overruled`.
    pub outcome: String,
    pub rule: String,
    pub losing_code: String,
    pub winning_code: String,
    /// The start on which the conflict arose.
    pub start: Date,
    pub loser: Position,
    pub winner: Position,
    pub losing: Side,
    /// None when people decided.
    pub winning: Option<Side>,
    pub counted_on: Option<Date>,
    pub taken_on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingRow {
    pub position: Position,
    pub code: String,
    pub field: Option<String>,
    pub record_id: String,
    /// `None` for quarantined rows and duplicates.
    pub person: Option<usize>,
    pub is_error: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuarantineRow {
    pub position: Position,
    /// All codes of the row, warnings too, sorted, each once.
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DuplicateRow {
    pub position: Position,
    pub kept: Position,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberRow {
    /// Empty for an attachment that does not say.
    pub policy_kind: String,
    pub number: String,
    pub person: usize,
    pub survives: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeadcountRow {
    pub insurer: String,
    pub clinic: String,
    pub sex: String,
    /// Index into the tariff's bands.
    pub band: usize,
    /// People in the register with this clinic.
    pub heads: i64,
    pub funded: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ClinicFundingRow {
    pub clinic: String,
    /// Funded heads.
    pub heads: i64,
    pub k: Exact,
    /// The product of the clinic's factors.
    pub factors: Exact,
    pub differentiated: Exact,
    /// Roubles with two decimals.
    pub norm: String,
    pub amount: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PairFundingRow {
    pub insurer: String,
    pub clinic: String,
    pub heads: i64,
    pub norm: String,
    pub amount: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FundingTotal {
    pub heads: i64,
    pub amount: String,
    pub base: String,
    /// `sum(amount) - base * sum(n)`.
    pub remainder: String,
    /// `None` when it is to be computed and nobody is funded.
    pub correction: Option<Exact>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnattachedRow {
    pub person: usize,
    pub insurer: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OverrideRow {
    pub line: usize,
    pub kind: String,
    pub state: String,
    pub review_due: bool,
    /// Ascending.
    pub persons: Vec<usize>,
    pub records: usize,
    pub decided_on: String,
    /// Empty when there is none.
    pub until: String,
    /// Of an insurer or a clinic; empty for other kinds.
    pub code: String,
    /// Of a clinic; empty for other kinds.
    pub profile: String,
    /// First day with the insurer or clinic; empty for other kinds.
    pub from: String,
    /// First day after; empty when there is none.
    pub to: String,
}

/// A person whose insurer left and who chose no other.
#[derive(Clone, Debug, PartialEq)]
pub struct MustChooseRow {
    pub person: usize,
    pub insurer: String,
    pub left_on: Date,
    pub choose_by: Date,
    pub overdue: bool,
    pub age: i32,
    pub enp: String,
    pub snils: String,
    /// Empty when it is not in the closed list.
    pub category: String,
    /// The address in the form for comparison.
    pub address: String,
    /// The record that would have gone on.
    pub record: Position,
}

/// An attachment record in force of a person who is dead or not insured.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachedUninsuredRow {
    pub person: usize,
    pub record: Position,
    /// The record's fields as the row checks left them.
    pub values: BTreeMap<String, String>,
    /// As read on the day.
    pub clinic: String,
    /// When it is not after the day.
    pub death: Option<Date>,
    /// Of the last insurance that began by the day.
    pub insurer: Option<String>,
    pub insured_to: Option<Date>,
    /// As its clinic says, by the record or a notice.
    pub attached_to: Option<Date>,
}

impl Expected {
    /// Sorts the tables and checks that each row ended in one place (SEM-262).
    pub fn finish(&mut self) {
        self.insurance_stays.sort();
        self.attachment_stays.sort();
        self.decisions.sort();
        self.findings.sort();
        self.quarantine.sort();
        self.duplicates.sort();
        self.numbers.sort();
        self.unattached.sort();
        for source in &self.sources {
            assert_eq!(source.rows, source.accepted + source.duplicates + source.quarantined, "{}", source.source);
        }
    }
}
