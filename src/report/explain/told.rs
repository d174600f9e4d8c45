//! Everything that a run says of one person, as plain data: what `--json` prints, and what sentences are made of. Knows neither tables nor languages.

use serde::Serialize;

use sverka_model::Date;

/// A day; in JSON as ISO text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// All that a run says of one person.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// The run.
    pub run: String,
    /// The day of the register, ISO.
    pub as_of: String,
    /// Number of the person, as text: it has more digits than the numbers of some programs.
    pub person_id: String,
    /// The person's row in the register; nothing when not insured on the day.
    pub register: Option<RegisterRow>,
    /// Who a person is that is not in the register; nothing when no table names the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<OutsideRow>,
    /// Numbers ever used.
    pub numbers: Vec<NumberUsed>,
    /// Records, the first one first: register before attachments, then by source and line.
    pub records: Vec<RecordTold>,
    /// Insurance, in order.
    pub insurance: Vec<StayTold>,
    /// Attachments, by profile and in order.
    pub attachments: Vec<StayTold>,
    /// Decisions, those about insurers first, by day.
    pub decisions: Vec<DecisionTold>,
    /// The money.
    pub money: Money,
    /// What people decided about the person.
    pub overrides: Vec<OverrideTold>,
    /// Settings of the rules that decisions speak of.
    pub settings: Settings,
    /// Tables that the run was published without, so that their part is missing here.
    pub missing_tables: Vec<&'static str>,
}

/// Where a record stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Its source.
    pub source: String,
    /// Its line, or the number of the record.
    pub line: i64,
}

/// A row of `persons`.
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
    /// Name of the insurer, when the run tells it.
    pub insurer_name: Option<String>,
    pub insured_from: Option<Day>,
    pub insurer_unresolved: bool,
    pub clinic: Option<String>,
    /// Name of the clinic, when the run tells it.
    pub clinic_name: Option<String>,
    pub attached_from: Option<Day>,
    pub method: Option<i64>,
    pub district: Option<String>,
    pub doctor_snils: Option<String>,
    pub clinic_unresolved: bool,
    pub address: Option<String>,
    pub settlement: Option<String>,
}

/// Who a person is that is not in the register, from `must_choose` and `attached_uninsured`.
#[derive(Debug, Serialize)]
pub struct OutsideRow {
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub sex: Option<i64>,
    pub birth_date: Option<Day>,
    pub age: Option<i64>,
    pub enp: Option<String>,
    pub snils: Option<String>,
    /// That the insurer left and another has to be chosen.
    pub without_insurer: Option<WithoutInsurer>,
    /// Attachments that clinics have not ended.
    pub still_attached: Vec<StillAttached>,
}

/// A row of `must_choose`.
#[derive(Debug, Serialize)]
pub struct WithoutInsurer {
    pub insurer: String,
    pub insurer_name: Option<String>,
    pub left_on: Option<Day>,
    pub choose_by: Option<Day>,
    pub overdue: bool,
}

/// A row of `attached_uninsured`.
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

/// A row of `numbers`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NumberUsed {
    pub policy_kind: Option<i64>,
    pub number: String,
    pub survives: bool,
}

/// A record of the person.
#[derive(Debug, Serialize)]
pub struct RecordTold {
    /// `register` or `attachments`.
    pub table: &'static str,
    #[serde(flatten)]
    pub place: Place,
    /// The sender's id.
    pub record_id: Option<String>,
    /// Date of its source, ISO.
    pub source_date: Option<String>,
    /// How it is linked; nothing for the first record, from which all others are reached.
    pub link: Option<LinkTold>,
    /// The stays that rest on it.
    pub rests_in: Vec<StayPlace>,
    /// Decisions against it, as places in `decisions`.
    pub decisions: Vec<usize>,
    /// What it gives notice of.
    pub notice: Option<NoticeTold>,
    /// The day of death that it tells, whether that counts or not.
    pub death: Option<Day>,
    /// Rows that repeat it.
    pub repeated_by: Vec<Place>,
    /// What was found on it.
    pub findings: Vec<FindingTold>,
}

/// By which rule a record is linked to which.
#[derive(Debug, Serialize)]
pub struct LinkTold {
    pub rule: String,
    #[serde(flatten)]
    pub to: Place,
}

/// A stay by its place in `insurance` or `attachments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StayPlace {
    /// `insurer` or `clinic`.
    pub subject: &'static str,
    pub index: usize,
}

/// What a notice says.
#[derive(Debug, Serialize)]
pub struct NoticeTold {
    /// `end` or `change`.
    pub of: String,
    pub code: String,
    pub day: Option<Day>,
}

/// A row of `findings`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FindingTold {
    pub code: String,
    pub field: Option<String>,
    pub severity: String,
    pub message: String,
}

/// A stay.
#[derive(Debug, Serialize)]
pub struct StayTold {
    pub code: String,
    /// Name of the insurer or clinic, when the run tells it.
    pub name: Option<String>,
    pub profile: Option<i64>,
    pub from: Day,
    /// First day after; nothing when it has no end.
    pub to: Option<Day>,
    pub method: Option<i64>,
    /// Of insurance the day of the person's death, when it is known.
    pub death: Option<Day>,
    pub unresolved: bool,
    /// Line of the decision of people that the stay comes from.
    pub decided_by: Option<i64>,
    #[serde(skip)]
    pub records: Vec<(Place, Option<String>)>,
}

/// One side of a decision.
#[derive(Debug, Default, Serialize)]
pub struct SideTold {
    /// Code of the insurer or clinic on the day of the decision.
    pub code: String,
    /// Its name, when the run tells it.
    pub name: Option<String>,
    #[serde(flatten)]
    pub place: Place,
    pub record_id: Option<String>,
    pub from: Option<Day>,
    pub applied_on: Option<Day>,
    pub method: Option<i64>,
    pub reason: Option<String>,
    /// Date of its source.
    pub source_date: Option<String>,
}

/// A row of `decisions`.
#[derive(Debug, Serialize)]
pub struct DecisionTold {
    pub subject: &'static str,
    pub profile: Option<i64>,
    pub outcome: String,
    pub rule: String,
    pub start: Day,
    pub loser: SideTold,
    pub winner: SideTold,
    pub counted_on: Option<Day>,
    pub taken_on: Option<Day>,
}

/// What the person is worth to a clinic.
#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Money {
    /// Paid for.
    Paid {
        clinic: String,
        insurer: String,
        band: Option<String>,
        /// Roubles a month for each head of the clinic.
        norm: String,
        heads: i64,
        amount: String,
    },
    /// Not insured on the day.
    NotInRegister,
    /// Attached to no clinic.
    Unattached,
    /// Equally strong records named several insurers.
    InsurerUnresolved,
    /// Equally strong records named several clinics.
    ClinicUnresolved,
    /// The clinic does not work on the day or may not have attached people.
    ClinicNotPaid { clinic: String },
    /// The tables that tell were not published.
    Unknown,
}

/// A row of `overrides`.
#[derive(Debug, Serialize)]
pub struct OverrideTold {
    pub line: i64,
    pub kind: String,
    pub state: String,
    pub author: String,
    pub reason: String,
    pub decided_on: Option<Day>,
    pub until: Option<Day>,
    /// Code of the insurer or clinic that was decided on.
    pub code: Option<String>,
    /// Its name, when the run tells it.
    pub name: Option<String>,
    /// Profile of the clinic.
    pub profile: Option<i64>,
    /// First day with the insurer or clinic.
    pub from: Option<Day>,
    /// First day after; nothing when it has no end.
    pub to: Option<Day>,
    /// Numbers of the other persons whose records it names, as text.
    pub other_persons: Vec<String>,
    /// Line of the decision that holds in its place: of two contrary ones about the same records, or of two about the same days.
    pub gives_way_to: Option<i64>,
}

/// Settings of the rules.
#[derive(Debug, Serialize)]
pub struct Settings {
    /// Changes of insurer a year.
    pub insurer_changes_per_year: i64,
    /// Last day of the year for applications to another insurer, `MM-DD`.
    pub insurer_deadline: String,
    /// Changes of clinic a year.
    pub clinic_changes_per_year: i64,
    /// Whether the year of clinics is the twelve months before.
    pub clinic_rolling: bool,
}

impl DecisionTold {
    /// Whether people decided, not a rule.
    #[must_use]
    pub fn is_of_people(&self) -> bool {
        self.outcome == "overruled"
    }
}

impl StayTold {
    /// Whether it covers a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from.0 <= day && self.to.is_none_or(|to| day < to.0)
    }
}

impl Explained {
    /// Whether the run says anything of the person.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.register.is_some() || self.outside.is_some() || !self.records.is_empty() || !self.numbers.is_empty()
    }
}
