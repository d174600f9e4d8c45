//! The tables of the outputs as plain values. A person is an index into [`Expected::people`], which holds the person's records, so that a
//! comparison needs no hash.

use std::collections::BTreeMap;

use super::dates::Date;
use super::funding::CountedPerson;
use super::money::{AgesCheck, CareMoney};
use super::records::{Position, Record, Table};

/// The results of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    pub sources: Vec<SourceCounts>,
    /// Ends of attachments by source: a day before a beginning elsewhere, a day after it, on it.
    pub adjoining_ends: BTreeMap<String, [usize; 3]>,
    /// All persons, in the order of their first records.
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
    /// Insured people on each count day, one person after another.
    pub counted: Vec<CountedPerson>,
    /// Money of each care, in the order of the tariff.
    pub money: Vec<CareMoney>,
    /// People of ages that their clinics do not serve.
    pub ages_not_served: Vec<AgesCheck>,
    pub unattached: Vec<UnattachedRow>,
    pub must_choose: Vec<MustChooseRow>,
    pub attached_uninsured: Vec<AttachedUninsuredRow>,
    pub overrides: Vec<OverrideRow>,
    /// By rule, the number of records equal to an earlier one; for `L6` the number of groups joined to another.
    pub links: BTreeMap<String, usize>,
    /// Rows of the table `links`.
    pub link_rows: Vec<LinkRow>,
}

/// The link through which a record of a person is reached from the first one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkRow {
    pub person: usize,
    pub record: Position,
    /// Rule, and the record that it leads from; `None` for the first record.
    pub link: Option<(String, Position)>,
    /// Action, organisation and day of a notice.
    pub notice: Option<(String, String, Date)>,
    /// The day of death in the record.
    pub death: Option<Date>,
}

/// The facts of a record that made it lose or win.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    pub from: Date,
    /// Application date of a register record.
    pub applied_on: Option<Date>,
    /// Method of an attachment record as received; empty for a register record.
    pub method: String,
    /// Reason of a register record as received; empty for an attachment record.
    pub reason: String,
}

impl Side {
    pub fn from_record(record: &Record) -> Side {
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
    /// Accepted rows that are no duplicates.
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
    /// The smallest identity text of the person's records.
    pub key: String,
    /// The person's accepted records of both tables without duplicates, sorted.
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
    /// The highest method of the stay's records; `None` when no record has one.
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
    /// The code as it is read on `from`.
    pub code: String,
    pub unresolved: bool,
    /// The highest method of an attachment's records; `None` when no record has one.
    pub method: Option<u32>,
    /// The records that the stay rests on, in the order in which they joined it.
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
    /// `None` when people decided.
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
    /// Empty for an attachment without a policy kind.
    pub policy_kind: String,
    pub number: String,
    pub person: usize,
    pub survives: bool,
}

/// People of a band on a count day. Without a clinic they are all insured people, and the profile is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeadcountRow {
    /// An ISO date.
    pub day: String,
    /// Name of the set of bands.
    pub set: String,
    pub profile: u8,
    pub insurer: String,
    pub clinic: Option<String>,
    pub sex: String,
    /// First full year of the band.
    pub from: i32,
    /// Last full year of the band.
    pub to: Option<i32>,
    pub heads: i64,
    pub funded: i64,
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
    /// The persons that the entry names, ascending.
    pub persons: Vec<usize>,
    pub records: usize,
    pub decided_on: String,
    /// First day on which the entry is no longer in force; empty for an entry without an end.
    pub until: String,
    /// The decided insurer or clinic; empty for other kinds.
    pub code: String,
    /// The profile of the decided clinic; empty for other kinds.
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
    /// Empty for a category that is not in the closed list.
    pub category: String,
    /// The address in the form for comparison.
    pub address: String,
    /// The record that would still be in force.
    pub record: Position,
}

/// An attachment record in force of a person who is dead or not insured.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachedUninsuredRow {
    pub person: usize,
    pub record: Position,
    /// The record's fields as the row checks left them.
    pub values: BTreeMap<String, String>,
    /// The clinic as it is read on `D`.
    pub clinic: String,
    /// The day of death that counts, when it is not after `D`.
    pub death: Option<Date>,
    /// Insurer of the last insurance that began by `D`.
    pub insurer: Option<String>,
    pub insured_to: Option<Date>,
    /// The end that the clinic gives, by the record or a notice.
    pub attached_to: Option<Date>,
}

impl Expected {
    /// Sorts the tables and checks that each row is accepted, a duplicate or quarantined (SEM-262).
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
