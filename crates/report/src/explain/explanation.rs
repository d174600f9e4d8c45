//! Explanation of one person as plain data. `--json` prints it, and sentences are made of it. This module knows neither tables nor languages.

use serde::Serialize;

use sverka_model::Date;

/// Day; in JSON as ISO text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Subject of a stay or a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Insurance with an insurer.
    Insurer,
    /// Attachment to a clinic.
    Clinic,
}

impl Subject {
    /// Both subjects.
    pub const ALL: [Self; 2] = [Self::Insurer, Self::Clinic];

    /// Subject of a word of the tables: `insurer`; any other word means a clinic.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        if word == "insurer" { Self::Insurer } else { Self::Clinic }
    }

    /// Word in the tables, which is also the name of columns with codes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Insurer => "insurer",
            Self::Clinic => "clinic",
        }
    }

    /// Table of sources with records of the subject.
    #[must_use]
    pub fn source_table(self) -> &'static str {
        match self {
            Self::Insurer => "register",
            Self::Clinic => "attachments",
        }
    }
}

/// Everything that a run knows about one person.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// Id of the run.
    pub run: String,
    /// As-of date, ISO.
    pub as_of: String,
    /// Number of the person, as text: it has more digits than the numbers of some programs.
    pub person_id: String,
    /// Row of the person in the register; `None` when the person is not insured on the as-of date.
    pub register: Option<RegisterRow>,
    /// Names of a person outside the register; `None` when no table has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<PersonOutsideRegister>,
    /// Policy numbers that the person ever used.
    pub numbers: Vec<NumberUsed>,
    /// Records: register before attachments, then by source and line.
    pub records: Vec<ExplainedRecord>,
    /// Insurance stays, by day.
    pub insurance: Vec<ExplainedStay>,
    /// Attachment stays, by profile and day.
    pub attachments: Vec<ExplainedStay>,
    /// Decisions: insurers before clinics, then by day.
    pub decisions: Vec<ExplainedDecision>,
    /// Money for the person.
    pub money: Money,
    /// Decisions of people about the person.
    pub overrides: Vec<ExplainedOverride>,
    /// Settings that sentences about decisions name.
    pub settings: Settings,
    /// Tables that the run was published without; their part is missing here.
    pub missing_tables: Vec<&'static str>,
}

/// Line of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceLine {
    /// Name of the source.
    pub source: String,
    /// Line, or number of the record in a source without lines.
    pub line: i64,
}

/// Row of `persons`.
#[derive(Debug, Default, Serialize)]
pub struct RegisterRow {
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub sex: i64,
    pub birth_date: Option<Day>,
    pub age: i64,
    pub enp: Option<String>,
    pub snils: Option<String>,
    pub policy_kind: i64,
    pub policy_number: Option<String>,
    pub doc_kind: Option<String>,
    pub doc_number: Option<String>,
    pub category: Option<i64>,
    pub insurer: String,
    /// Name of the insurer, when the run has it.
    pub insurer_name: Option<String>,
    pub insured_from: Option<Day>,
    pub insurer_unresolved: bool,
    pub clinic: Option<String>,
    /// Name of the clinic, when the run has it.
    pub clinic_name: Option<String>,
    pub attached_from: Option<Day>,
    pub method: Option<i64>,
    pub district: Option<String>,
    pub doctor_snils: Option<String>,
    pub clinic_unresolved: bool,
    pub address: Option<String>,
    pub settlement: Option<String>,
}

/// Person outside the register, from `must_choose` and `attached_uninsured`.
#[derive(Debug, Serialize)]
pub struct PersonOutsideRegister {
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub sex: Option<i64>,
    pub birth_date: Option<Day>,
    pub age: Option<i64>,
    pub enp: Option<String>,
    pub snils: Option<String>,
    /// Insurer that left, when the person has to choose another one.
    pub without_insurer: Option<WithoutInsurer>,
    /// Attachments that clinics have not ended.
    pub still_attached: Vec<StillAttached>,
}

/// Row of `must_choose`.
#[derive(Debug, Serialize)]
pub struct WithoutInsurer {
    pub insurer: String,
    pub insurer_name: Option<String>,
    pub left_on: Option<Day>,
    pub choose_by: Option<Day>,
    pub overdue: bool,
}

/// Row of `attached_uninsured`.
#[derive(Debug, Serialize)]
pub struct StillAttached {
    pub clinic: String,
    pub clinic_name: Option<String>,
    pub profile: i64,
    /// `dead` or `not_insured`.
    pub cause: String,
    pub source: String,
    pub line: i64,
}

/// Row of `numbers`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NumberUsed {
    pub policy_kind: Option<i64>,
    pub number: String,
    pub survives: bool,
}

/// Record of the person.
#[derive(Debug, Serialize)]
pub struct ExplainedRecord {
    /// `register` or `attachments`.
    pub table: &'static str,
    #[serde(flatten)]
    pub source_line: SourceLine,
    /// The sender's id of the record.
    pub record_id: Option<String>,
    /// Date of the source, ISO.
    pub source_date: Option<String>,
    /// Link to another record; `None` for the first record, which all others are linked to.
    pub link: Option<ExplainedLink>,
    /// Stays that rest on the record.
    pub rests_in: Vec<StayRef>,
    /// Decisions against the record, as indexes of `decisions`.
    pub decisions: Vec<usize>,
    /// Notice that the record gives.
    pub notice: Option<ExplainedNotice>,
    /// Day of death in the record, whether it counts or not.
    pub death: Option<Day>,
    /// Rows that repeat the record.
    pub repeated_by: Vec<SourceLine>,
    /// Findings on the record.
    pub findings: Vec<ExplainedFinding>,
}

/// Link of a record to another record, with its rule.
#[derive(Debug, Serialize)]
pub struct ExplainedLink {
    pub rule: String,
    #[serde(flatten)]
    pub to: SourceLine,
}

/// Stay by its index in `insurance` or `attachments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StayRef {
    pub subject: Subject,
    pub index: usize,
}

/// Notice of an end or a change.
#[derive(Debug, Serialize)]
pub struct ExplainedNotice {
    /// `end` or `change`.
    #[serde(rename = "of")]
    pub kind: String,
    pub code: String,
    pub day: Option<Day>,
}

/// Row of `findings`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ExplainedFinding {
    pub code: String,
    pub field: Option<String>,
    pub severity: String,
    pub message: String,
}

/// Stay with an insurer or a clinic.
#[derive(Debug, Serialize)]
pub struct ExplainedStay {
    pub code: String,
    /// Name of the insurer or clinic, when the run has it.
    pub name: Option<String>,
    pub profile: Option<i64>,
    pub from: Day,
    /// First day after the stay; `None` without an end.
    pub to: Option<Day>,
    pub method: Option<i64>,
    /// Known day of the person's death; only in insurance stays.
    pub death: Option<Day>,
    pub unresolved: bool,
    /// Line of the decision of people that the stay comes from, in the file of overrides.
    pub decided_by: Option<i64>,
    /// Records that the stay rests on.
    #[serde(skip)]
    pub records: Vec<StayRecord>,
}

/// Record that a stay rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRecord {
    pub source_line: SourceLine,
    /// The sender's id of the record.
    pub record_id: Option<String>,
}

/// Side of a decision: the losing or the winning record.
#[derive(Debug, Default, Serialize)]
pub struct DecisionSide {
    /// Code of the insurer or clinic on the day of the decision.
    pub code: String,
    /// Name of the insurer or clinic, when the run has it.
    pub name: Option<String>,
    #[serde(flatten)]
    pub source_line: SourceLine,
    pub record_id: Option<String>,
    pub from: Option<Day>,
    pub applied_on: Option<Day>,
    pub method: Option<i64>,
    pub reason: Option<String>,
    /// Date of the source, ISO.
    pub source_date: Option<String>,
}

/// Row of `decisions`.
#[derive(Debug, Serialize)]
pub struct ExplainedDecision {
    pub subject: Subject,
    pub profile: Option<i64>,
    pub outcome: String,
    pub rule: String,
    pub start: Day,
    pub loser: DecisionSide,
    pub winner: DecisionSide,
    pub counted_on: Option<Day>,
    pub taken_on: Option<Day>,
}

/// Money that a clinic gets for the person.
#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Money {
    /// A clinic is paid for the person.
    Paid {
        clinic: String,
        insurer: String,
        band: Option<String>,
        /// Roubles a month for each head of the clinic.
        norm: String,
        heads: i64,
        amount: String,
    },
    /// The person is not insured on the as-of date.
    NotInRegister,
    /// The person is attached to no clinic.
    Unattached,
    /// Equally strong records named several insurers.
    InsurerUnresolved,
    /// Equally strong records named several clinics.
    ClinicUnresolved,
    /// The clinic does not work on the as-of date, or may not have attached people.
    ClinicNotPaid { clinic: String },
    /// The run was published without the tables of the money.
    Unknown,
}

/// Row of `overrides`.
#[derive(Debug, Serialize)]
pub struct ExplainedOverride {
    pub line: i64,
    pub kind: String,
    pub state: String,
    pub author: String,
    pub reason: String,
    pub decided_on: Option<Day>,
    pub until: Option<Day>,
    /// Code of the insurer or clinic for which people decided.
    pub code: Option<String>,
    /// Name of the insurer or clinic, when the run has it.
    pub name: Option<String>,
    /// Profile of the clinic.
    pub profile: Option<i64>,
    /// First day with the insurer or clinic.
    pub from: Option<Day>,
    /// First day after the decided days; `None` without an end.
    pub to: Option<Day>,
    /// Numbers of the other persons with records in the entry, as text.
    pub other_persons: Vec<String>,
    /// Line of the stronger decision, if there are two contrary ones about the same records or two about the same days.
    pub gives_way_to: Option<i64>,
}

/// Settings that sentences name.
#[derive(Debug, Serialize)]
pub struct Settings {
    /// Changes of insurer a year.
    pub insurer_changes_per_year: i64,
    /// Last day of the year for applications to another insurer, `MM-DD`.
    pub insurer_deadline: String,
    /// Changes of clinic a year.
    pub clinic_changes_per_year: i64,
    /// Whether changes of clinic are counted in the twelve months before, and not in the calendar year.
    pub clinic_rolling: bool,
}

impl ExplainedDecision {
    /// Whether people made the decision, and not a rule.
    #[must_use]
    pub fn is_by_people(&self) -> bool {
        self.outcome == "overruled"
    }
}

impl ExplainedStay {
    /// Whether the stay covers a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from.0 <= day && self.to.is_none_or(|to| day < to.0)
    }
}

impl Explanation {
    /// Stays of a subject.
    #[must_use]
    pub fn stays(&self, subject: Subject) -> &[ExplainedStay] {
        match subject {
            Subject::Insurer => &self.insurance,
            Subject::Clinic => &self.attachments,
        }
    }

    /// Index of the record of a subject on a line.
    #[must_use]
    pub fn record_index(&self, subject: Subject, source_line: &SourceLine) -> Option<usize> {
        let is_it = |record: &ExplainedRecord| record.table == subject.source_table() && record.source_line == *source_line;
        self.records.iter().position(is_it)
    }

    /// Whether the run knows anything about the person.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.register.is_some() || self.outside.is_some() || !self.records.is_empty() || !self.numbers.is_empty()
    }
}
