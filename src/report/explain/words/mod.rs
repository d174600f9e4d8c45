//! The sentences of an explanation, in each language. They are told facts and know no tables.

mod en;
mod ru;

use super::death::DeathNote;
use super::told::{DecisionTold, FindingTold, Money, OverrideTold, Settings, StayTold, StillAttached, WithoutInsurer};
use sverka_model::{Code, Date};
use sverka_rules::{Language, Rule};

/// The sentences of a language.
pub(super) fn words(language: Language) -> &'static dyn Words {
    match language {
        Language::English => &en::English,
        Language::Russian => &ru::Russian,
    }
}

/// A part of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Who,
    Records,
    Timeline,
    Decisions,
    Money,
    People,
}

/// A word that stands before a value.
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

/// What tells persons apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    GivenName,
    BirthDate,
    Sex,
    Snils,
}

/// What became of a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate<'f> {
    /// Stays rest on it: their subject, their numbers in the list of the subject, and whether one of them covers the as-of date.
    Rests { subject: &'static str, numbers: &'f str, in_force: bool },
    /// It gave way to a decision of people: the decision's number, and the stays of the decision that rest on it all the same.
    GaveWay { number: usize, subject: &'static str, stays: &'f str },
    /// A decision went against it: its number and outcome.
    Decided { number: usize, outcome: &'f str },
    /// A decision of a rule went against it, and people decided otherwise: the numbers of both decisions.
    TakenBack { number: usize, of_people: usize },
    /// It was left out of the timeline because of a finding.
    LeftOut { code: &'f str },
    /// It is a notice of an end.
    End { code: &'f str, day: Option<Date>, register: bool },
    /// It is a notice of the person's death.
    Death { code: &'f str },
    /// It is a notice of a change.
    Change { code: &'f str, day: Option<Date> },
    /// The tables that tell were not published.
    NotTold,
}

/// What a decision stands on besides its records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'g> {
    pub settings: &'g Settings,
    /// The rule that the change broke and that the job tolerates.
    pub tolerated: Option<&'g str>,
    /// Whether people decided otherwise.
    pub is_taken_back: bool,
}

/// A first day, and the first day after.
pub(super) type Days = (Date, Option<Date>);

/// What a language must be able to say.
pub(super) trait Words {
    fn date(&self, day: Date) -> String;
    fn section(&self, section: Section) -> &'static str;
    fn label(&self, label: Label) -> &'static str;
    fn title(&self, person: &str, run: &str, as_of: &str) -> String;
    /// Before the persons of a number that several use.
    fn several(&self, by: &str, persons: usize, apart: &[Difference]) -> String;
    fn person_of(&self, number: usize, of: usize) -> String;
    /// Above a row that is nobody's record.
    fn quarantined(&self, raw_bytes: Option<i64>) -> String;
    fn duplicate(&self, place: &str) -> String;
    fn missing_tables(&self, tables: &str) -> String;
    /// Above the persons of one surname and birth date.
    fn candidates(&self, persons: usize) -> String;
    /// Behind a person who is not in the register.
    fn outside(&self) -> &'static str;
    /// Why somebody is not in the register; `is_named` when the tables hold the person's name all the same.
    fn not_in_register(&self, as_of: &str, last: Option<&StayTold>, is_named: bool) -> String;
    /// That another insurer has to be chosen.
    fn without_insurer(&self, left: &WithoutInsurer) -> String;
    /// That a clinic has not ended an attachment, by the row at `place`.
    fn still_attached(&self, attached: &StillAttached, place: &str) -> String;
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
    fn link_not_told(&self) -> &'static str;
    fn fate(&self, fate: Fate<'_>) -> String;
    /// What a record, whose source has a date or none, has to do with a death.
    fn death(&self, note: &DeathNote, source_date: Option<&str>) -> String;
    fn repeated_by(&self, places: &str) -> String;
    fn finding(&self, finding: &FindingTold) -> String;
    fn subject(&self, subject: &str, profile: Option<i64>) -> String;
    fn organisation(&self, subject: &str, code: &str) -> String;
    /// An interval with its last day.
    fn interval(&self, from: Date, to: Option<Date>) -> String;
    fn gap(&self, subject: &str, from: Date, to: Date) -> String;
    /// Between two stays that are one under two codes.
    fn succession(&self, subject: &str, from: &str, to: &str) -> String;
    fn no_stays(&self, subject: &str) -> &'static str;
    /// On which records a stay rests, and on the decision of people of which line.
    fn resting_on(&self, records: &str, decided_by: Option<i64>) -> String;
    fn no_decisions(&self) -> &'static str;
    fn heading(&self, decision: &DecisionTold) -> String;
    /// One side: the organisation, its dates and what it gives.
    fn side(&self, decision: &DecisionTold, loser: bool) -> String;
    /// What a side of a decision is called; `is_taken_back` when people decided otherwise.
    fn side_name(&self, outcome: &str, loser: bool, is_taken_back: bool) -> &'static str;
    fn why(&self, decision: &DecisionTold, ground: &Ground<'_>) -> String;
    /// What comes of a decision; of one by people in these days.
    fn outcome(&self, decision: &DecisionTold, days: Option<Days>) -> String;
    /// What a rule decided, when people decided otherwise by the decision of this number for these days.
    fn outcome_taken_back(&self, decision: &DecisionTold, of_people: usize, days: Option<Days>) -> String;
    fn money(&self, money: &Money, as_of: &str) -> String;
    /// What people decided, and what became of it; `deaths` are those that do not count by it, with the numbers of the records that tell of them.
    fn people_decided(&self, told: &OverrideTold, deaths: &[(usize, Date)]) -> String;
    fn language(&self) -> Language;

    /// What the list of rules says of a code; nothing of one of another version.
    fn rule(&self, code: &str) -> RuleText {
        Code::from_name(code).map_or_else(RuleText::default, |code| {
            let rule = Rule::by_code(code);
            let [message, remedy] = [rule.message, rule.remedy].map(|text| text.get(self.language()));
            RuleText { message, remedy }
        })
    }

    /// On what a decision is based; empty when its rule is one of another version.
    fn basis(&self, decision: &DecisionTold) -> &'static str {
        let source = |code: Code| Rule::by_code(code).source_for(decision.subject == "clinic").get(self.language());
        Code::from_name(&decision.rule).map_or("", source)
    }
}

/// What the list of rules says of a code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RuleText {
    pub message: &'static str,
    /// What to do about it; may be empty.
    pub remedy: &'static str,
}

/// What was found, as the list of rules says it; as the run said it for a code of another version.
fn message<'f>(words: &dyn Words, finding: &'f FindingTold) -> &'f str {
    let message = words.rule(&finding.code).message;
    if message.is_empty() { &finding.message } else { message }
}

/// A date of a source that is text, as dates are shown.
fn shown_day(words: &dyn Words, iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |day: Date| words.date(day))
}

/// Records by their numbers, as texts name them.
fn record_numbers(numbers: &[usize]) -> String {
    numbers.iter().map(|number| format!("[{number}]")).collect::<Vec<_>>().join(", ")
}

/// The day before, which is the last day of an interval that ends on `day`.
fn last_day(day: Date) -> Date {
    Date::from_days(day.days() - 1)
}
