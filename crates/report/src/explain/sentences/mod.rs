//! Sentences of an explanation, in each language. They get facts and know no tables.

mod en;
mod ru;

use super::death::{DeathNote, ReportedDeath};
use super::decided_by_people::Days;
use super::explanation::{
    ExplainedDecision, ExplainedFinding, ExplainedOverride, ExplainedStay, Money, Settings, StillAttached, Subject,
    WithoutInsurer,
};
use sverka_model::{Code, Date};
use sverka_rules::{Language, Rule};

/// Sentences of a language.
pub(super) fn sentences_in(language: Language) -> &'static dyn Sentences {
    match language {
        Language::English => &en::English,
        Language::Russian => &ru::Russian,
    }
}

/// Section of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Who,
    Records,
    Timeline,
    Decisions,
    Money,
    People,
}

/// Label before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Name,
    Born,
    Enp,
    Snils,
    Policy,
    Insurer,
    Clinic,
    Address,
    Numbers,
    Why,
    Basis,
    ToDo,
}

/// Difference between persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    GivenName,
    BirthDate,
    Sex,
    Snils,
}

/// Outcome of a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum RecordOutcome<'f> {
    /// Stays rest on the record. `numbers` are their numbers in the list of the subject, `in_force` whether one of them covers the as-of date.
    Rests { subject: Subject, numbers: &'f str, in_force: bool },
    /// The record gave way to the decision of people of this number. `stays` of the decision rest on it all the same.
    GaveWay { number: usize, subject: Subject, stays: &'f str },
    /// The decision of this number is against the record.
    Decided { number: usize, outcome: &'f str },
    /// The decision of a rule is against the record, and a decision of people took it back. Both are numbers of decisions.
    TakenBack { number: usize, by_people: usize },
    /// The record was left out of the timeline because of a finding with this code.
    LeftOut { code: &'f str },
    /// The record is a notice of an end.
    End { code: &'f str, day: Option<Date>, in_register: bool },
    /// The record is a notice of the person's death.
    Death { code: &'f str },
    /// The record is a notice of a change.
    Change { code: &'f str, day: Option<Date> },
    /// The run was published without the tables that show the outcome.
    NotPublished,
}

/// Context of a decision: the facts apart from its records on which its reasons depend.
#[derive(Clone, Copy, Debug)]
pub(super) struct DecisionContext<'g> {
    pub settings: &'g Settings,
    /// Rule that the change broke and that the job tolerates.
    pub tolerated: Option<&'g str>,
    /// Whether people decided otherwise.
    pub is_taken_back: bool,
}

/// Sentences that each language has.
pub(super) trait Sentences {
    fn date(&self, day: Date) -> String;
    fn section(&self, section: Section) -> &'static str;
    fn label(&self, label: Label) -> &'static str;
    fn title(&self, person: &str, run: &str, as_of: &str) -> String;
    /// Line above several persons of one number.
    fn several(&self, by: &str, persons: usize, apart: &[Difference]) -> String;
    fn person_of(&self, number: usize, of: usize) -> String;
    /// Line above the findings of a row in quarantine.
    fn quarantined(&self, raw_bytes: Option<i64>) -> String;
    fn duplicate(&self, kept: &str) -> String;
    /// Line above the person whose id stands for the retired one of the question.
    fn taken_over_by(&self, id: &str) -> String;
    fn missing_tables(&self, tables: &str) -> String;
    /// Line above several persons of one surname and birth date.
    fn candidates(&self, persons: usize) -> String;
    /// Words behind a person outside the register.
    fn outside(&self) -> &'static str;
    /// Sentence about the reason why a person is outside the register. `last` is the last insurance stay; `is_named`
    /// says that a table has the person's name.
    fn not_in_register(&self, as_of: &str, last: Option<&ExplainedStay>, is_named: bool) -> String;
    /// Sentence about an insurer that left and the time to choose another one.
    fn without_insurer(&self, left: &WithoutInsurer) -> String;
    /// Sentence about an attachment that a clinic has not ended; `row` is its source and line.
    fn still_attached(&self, attached: &StillAttached, row: &str) -> String;
    fn sex_and_age(&self, sex: i64, age: i64) -> String;
    fn policy_kind(&self, kind: Option<i64>) -> &'static str;
    fn method(&self, method: Option<i64>) -> &'static str;
    fn since(&self, day: Option<Date>) -> String;
    fn unresolved(&self) -> &'static str;
    fn no_clinic(&self) -> &'static str;
    fn number_state(&self, survives: bool, in_register: bool) -> &'static str;
    fn table(&self, table: &str) -> &'static str;
    fn line(&self, line: i64) -> String;
    fn sender_id(&self, id: &str) -> String;
    fn first_record(&self) -> &'static str;
    fn linked(&self, to: usize, rule: &str) -> String;
    fn link_not_published(&self) -> &'static str;
    fn record_outcome(&self, outcome: RecordOutcome<'_>) -> String;
    /// Sentence about a record and a death; `source_date` is the date of the record's source.
    fn death(&self, note: &DeathNote, source_date: Option<&str>) -> String;
    fn repeated_by(&self, rows: &str) -> String;
    fn finding(&self, finding: &ExplainedFinding) -> String;
    fn subject(&self, subject: Subject, profile: Option<i64>) -> String;
    fn organisation(&self, subject: Subject, code: &str) -> String;
    /// Interval with its last day; `to` is the day after.
    fn interval(&self, from: Date, to: Option<Date>) -> String;
    fn gap(&self, subject: Subject, from: Date, to: Date) -> String;
    /// Line between two stays of one record, when the second organisation succeeds the first.
    fn succession(&self, subject: Subject, from: &str, to: &str) -> String;
    fn no_stays(&self, subject: Subject) -> &'static str;
    /// Basis of a stay: its records, and the line of the decision of people.
    fn resting_on(&self, records: &str, decided_by: Option<i64>) -> String;
    fn no_decisions(&self) -> &'static str;
    fn heading(&self, decision: &ExplainedDecision) -> String;
    /// Side of a decision: organisation, dates, reason and method.
    fn side(&self, decision: &ExplainedDecision, loser: bool) -> String;
    /// Name of a side of a decision; `is_taken_back` says that people decided otherwise.
    fn side_name(&self, outcome: &str, loser: bool, is_taken_back: bool) -> &'static str;
    fn why(&self, decision: &ExplainedDecision, context: &DecisionContext<'_>) -> String;
    /// Outcome of a decision. `days` are the days of a decision of people.
    fn outcome(&self, decision: &ExplainedDecision, days: Option<Days>) -> String;
    /// Outcome of a decision of a rule that people took back, by the decision of the number `by_people` for some days.
    fn outcome_taken_back(&self, decision: &ExplainedDecision, by_people: usize, days: Option<Days>) -> String;
    fn money(&self, money: &Money, as_of: &str) -> String;
    /// Sentence about a decision of people and its state. `deaths` are the deaths that do not count because of it.
    fn people_decided(&self, entry: &ExplainedOverride, deaths: &[ReportedDeath]) -> String;
    fn language(&self) -> Language;

    /// Texts of a rule; empty for a code of another version.
    fn rule(&self, code: &str) -> RuleText {
        Code::from_name(code).map_or_else(RuleText::default, |code| {
            let rule = Rule::by_code(code);
            let [message, remedy] = [rule.message, rule.remedy].map(|text| text.get(self.language()));
            RuleText { message, remedy }
        })
    }

    /// Legal basis of a decision; empty for a rule of another version.
    fn basis(&self, decision: &ExplainedDecision) -> &'static str {
        let source = |code: Code| Rule::by_code(code).source_for(decision.subject == Subject::Clinic).get(self.language());
        Code::from_name(&decision.rule).map_or("", source)
    }
}

/// Texts of a rule.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RuleText {
    pub message: &'static str,
    /// Advice; may be empty.
    pub remedy: &'static str,
}

/// Message of a finding: the text of the rule, or for a code of another version the text in the run.
fn message<'f>(sentences: &dyn Sentences, finding: &'f ExplainedFinding) -> &'f str {
    let message = sentences.rule(&finding.code).message;
    if message.is_empty() { &finding.message } else { message }
}

/// Date of a source, given as ISO text, in the notation of the language.
fn localised(sentences: &dyn Sentences, iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |day: Date| sentences.date(day))
}

/// Numbers of records in brackets.
fn record_numbers(numbers: &[usize]) -> String {
    numbers.iter().map(|number| format!("[{number}]")).collect::<Vec<_>>().join(", ")
}

/// Day before `day`: the last day of an interval when `day` is the first day after it.
fn last_day(day: Date) -> Date {
    Date::from_days(day.days() - 1)
}
