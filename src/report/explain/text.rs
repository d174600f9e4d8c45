//! An explanation as text for people: sections in a fixed order, sentences from the language.

use std::fmt::Write as _;

use super::standing::{decided_by_people, taken_back};
use super::timeline;
use super::told::{DecisionTold, Explained, OutsideRow, Place, RecordTold, RegisterRow};
use super::words::{Difference, Fate, Label, Section, Words, words};
use super::{Answer, RowFate};
use crate::identifier::Date;
use crate::rules::Language;
use crate::visible::visible;

/// Columns at which text wraps.
const WIDTH: usize = 100;

/// What the question was, for the line above several persons.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'h> {
    /// What was asked by: `ENP`, `SNILS`, …
    pub by: &'h str,
}

/// Draws an answer.
#[must_use]
pub fn text(answer: &Answer, heading: Heading<'_>, language: Language) -> String {
    let words = words(language);
    let mut text = String::new();
    if let Some(row) = &answer.row {
        let told = match &row.fate {
            RowFate::Quarantined => words.quarantined(),
            RowFate::Duplicate { source, line } => words.duplicate(&place(&Place { source: source.clone(), line: *line }, words)),
        };
        wrap(&mut text, "", &told);
        for finding in &row.findings {
            wrap(&mut text, "   ", &words.finding(finding));
        }
    }
    candidates(answer, words, &mut text);
    if answer.persons.len() > 1 {
        wrap(&mut text, "", &words.several(heading.by, answer.persons.len(), &differences(&answer.persons)));
    }
    for (number, explained) in (1..).zip(&answer.persons) {
        if !text.is_empty() {
            text.push('\n');
        }
        if answer.persons.len() > 1 {
            let _ = writeln!(text, "{}", words.person_of(number, answer.persons.len()));
        }
        person(explained, words, &mut text);
    }
    text
}

/// Lists the persons of a name.
fn candidates(answer: &Answer, words: &dyn Words, text: &mut String) {
    if answer.candidates.is_empty() {
        return;
    }
    wrap(text, "", &words.candidates(answer.candidates.len()));
    for of in &answer.candidates {
        let names = [Some(&of.surname), Some(&of.given_name), of.patronymic.as_ref()];
        let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        let mut line = format!("{}: {}, {}", of.person_id, name.join(" "), words.date(of.birth_date.0));
        for (subject, code, name) in [("insurer", &of.insurer, &of.insurer_name), ("clinic", &of.clinic, &of.clinic_name)] {
            if let Some(code) = code {
                let _ = write!(line, ", {}{}", words.organisation(subject, code), named(name.as_deref()));
            }
        }
        if !of.in_register {
            let _ = write!(line, ", {}", words.outside());
        }
        wrap(text, "   ", &line);
    }
}

/// The name of an organisation behind its code.
pub(super) fn named(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" ({name})"))
}

fn person(explained: &Explained, words: &dyn Words, text: &mut String) {
    let as_of = shown(&explained.as_of, words);
    let _ = writeln!(text, "{}", visible(&words.title(&explained.person_id, &explained.run, &as_of)));
    if !explained.missing_tables.is_empty() {
        wrap(text, "", &words.missing_tables(&explained.missing_tables.join(", ")));
    }
    who(explained, &as_of, words, text);
    if !explained.overrides.is_empty() {
        let _ = writeln!(text, "\n{}", words.section(Section::People));
        explained.overrides.iter().for_each(|told| wrap(text, "   ", &words.people_decided(told)));
    }
    records(explained, words, text);
    timeline::draw(explained, words, text);
    decisions(explained, words, text);
    let _ = writeln!(text, "\n{}", words.section(Section::Money));
    wrap(text, "   ", &words.money(&explained.money, &as_of));
}

fn shown(iso: &str, words: &dyn Words) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |day: Date| words.date(day))
}

fn who(explained: &Explained, as_of: &str, words: &dyn Words, text: &mut String) {
    let _ = writeln!(text, "\n{}", words.section(Section::Who));
    match &explained.register {
        Some(row) => register_row(row, words, text),
        None if explained.missing_tables.contains(&"persons") => {}
        None => {
            explained.outside.iter().for_each(|row| outside(row, words, text));
            wrap(text, "   ", &words.not_in_register(as_of, explained.insurance.last(), explained.outside.is_some()));
            explained.outside.iter().for_each(|row| still_open(row, words, text));
        }
    }
    let number = |number: &super::told::NumberUsed| {
        let state = words.number_state(number.survives, explained.register.is_some());
        format!("{} {} ({state})", words.policy_kind(number.policy_kind), number.number)
    };
    if !explained.numbers.is_empty() {
        let numbers: Vec<String> = explained.numbers.iter().map(number).collect();
        label(text, words, Label::Numbers, &numbers.join("; "));
    }
}

/// Who a person is that is not in the register.
fn outside(row: &OutsideRow, words: &dyn Words, text: &mut String) {
    let names = [Some(&row.surname), Some(&row.given_name), row.patronymic.as_ref()];
    let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    label(text, words, Label::Name, &name.join(" "));
    let mut born = row.birth_date.map(|day| words.date(day.0)).unwrap_or_default();
    if let (Some(sex), Some(age)) = (row.sex, row.age) {
        let _ = write!(born, ", {}", words.sex_and_age(sex, age));
    }
    label(text, words, Label::Born, &born);
    row.enp.iter().for_each(|enp| label(text, words, Label::Enp, enp));
    row.snils.iter().for_each(|snils| label(text, words, Label::Snils, snils));
}

/// What is open about a person who is not in the register.
fn still_open(row: &OutsideRow, words: &dyn Words, text: &mut String) {
    row.without_insurer.iter().for_each(|left| wrap(text, "   ", &words.without_insurer(left)));
    for attached in &row.still_attached {
        let at = place(&Place { source: attached.source.clone(), line: attached.line }, words);
        wrap(text, "   ", &words.still_attached(attached, &at));
    }
}

fn register_row(row: &RegisterRow, words: &dyn Words, text: &mut String) {
    let names = [Some(&row.surname), Some(&row.given_name), row.patronymic.as_ref()];
    let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).filter(|name| !name.is_empty()).collect();
    label(text, words, Label::Name, &name.join(" "));
    let born = row.birth_date.map(|day| words.date(day.0)).unwrap_or_default();
    label(text, words, Label::Born, &format!("{born}, {}", words.sex_and_age(row.sex, row.age)));
    let mut optional = |name: Label, value: Option<String>| {
        if let Some(value) = value {
            label(text, words, name, &value);
        }
    };
    optional(Label::Enp, row.enp.clone());
    optional(Label::Snils, row.snils.clone());
    let policy = row.policy_number.as_deref().map_or_else(String::new, |number| format!(" {number}"));
    optional(Label::Policy, Some(format!("{}{policy}", words.policy_kind(Some(row.policy_kind)))));
    let doubt = |unresolved: bool| if unresolved { format!(", {}", words.unresolved()) } else { String::new() };
    let insured = words.since(row.insured_from.map(|day| day.0));
    optional(
        Label::Insurer,
        Some(format!(
            "{}{} {insured}{}",
            words.organisation("insurer", &row.insurer),
            named(row.insurer_name.as_deref()),
            doubt(row.insurer_unresolved)
        )),
    );
    let clinic = row.clinic.as_ref().map_or_else(
        || words.no_clinic().to_owned(),
        |clinic| {
            let since = words.since(row.attached_from.map(|day| day.0));
            let method = words.method(row.method);
            let name = named(row.clinic_name.as_deref());
            format!("{}{name} {since}, {method}{}", words.organisation("clinic", clinic), doubt(row.clinic_unresolved))
        },
    );
    optional(Label::Clinic, Some(clinic));
}

fn label(text: &mut String, words: &dyn Words, name: Label, value: &str) {
    wrap(text, "   ", &format!("{}: {value}", words.label(name)));
}

fn place(place: &Place, words: &dyn Words) -> String {
    format!("{}, {}", place.source, words.line(place.line))
}

fn records(explained: &Explained, words: &dyn Words, text: &mut String) {
    let _ = writeln!(text, "\n{} ({})", words.section(Section::Records), explained.records.len());
    for (number, record) in (1..).zip(&explained.records) {
        let id = record.record_id.as_ref().map_or_else(String::new, |id| format!(", {}", words.sender_id(id)));
        let named = format!("{}: {}{id}", words.table(record.table), place(&record.place, words));
        let _ = writeln!(text, "   [{number}] {}", visible(&named));
        let mut told = |sentence: &str| wrap(text, "       ", sentence);
        if number == 1 {
            told(words.first_record());
        } else if let Some(link) = &record.link {
            let to = explained.records.iter().position(|other| other.place == link.to).map_or(0, |at| at + 1);
            told(&words.linked(to, &link.rule));
        } else {
            told(words.link_not_told());
        }
        let left_out = fates(explained, record, words, &mut told);
        if !record.repeated_by.is_empty() {
            let places: Vec<String> = record.repeated_by.iter().map(|of| place(of, words)).collect();
            told(&words.repeated_by(&places.join("; ")));
        }
        for finding in &record.findings {
            if left_out.as_ref() != Some(&finding.code) {
                told(&words.finding(finding));
            }
            let remedy = words.rule(&finding.code).remedy;
            if !remedy.is_empty() {
                told(&format!("  {}: {remedy}", words.label(Label::ToDo)));
            }
        }
    }
}

/// Says what became of a record.
fn fates(explained: &Explained, record: &RecordTold, words: &dyn Words, mut told: impl FnMut(&str)) -> Option<String> {
    let mut any = false;
    let mut tell = |fate: Fate<'_>| {
        any = true;
        told(&words.fate(fate));
    };
    if let Some(notice) = &record.notice {
        let day = notice.day.map(|day| day.0);
        let (code, register) = (notice.code.as_str(), record.table == "register");
        let died = explained.insurance.iter().find_map(|stay| stay.death).map(|death| death.0);
        tell(match (notice.of.as_str(), died) {
            ("end", Some(died)) if register && day == Some(died.next()) => Fate::Death { code, day: died },
            ("end", _) => Fate::End { code, day, register },
            _ => Fate::Change { code, day },
        });
    }
    for subject in ["insurer", "clinic"] {
        // What people decided for another organisation rests on the record, but is not what the record says.
        let decided = decided_by_people(explained, subject);
        let gave_way =
            |index: usize| decided[index].is_some_and(|number| explained.decisions[number].loser.place == record.place);
        let of_subject = record.rests_in.iter().filter(|rests| rests.subject == subject && !gave_way(rests.index));
        let numbers: Vec<String> = of_subject.map(|rests| (rests.index + 1).to_string()).collect();
        if !numbers.is_empty() {
            tell(Fate::Rests { subject, numbers: &numbers.join(", ") });
        }
    }
    for &at in &record.decisions {
        let decision = &explained.decisions[at];
        tell(match taken_back(explained, decision).filter(|_| !record.rests_in.is_empty()) {
            Some(of_people) => Fate::TakenBack { number: at + 1, of_people: of_people + 1 },
            None => Fate::Decided { number: at + 1, outcome: &decision.outcome },
        });
    }
    if any {
        return None;
    }
    const CAUSES: [&str; 4] = ["AFTER_DEATH", "NO_INTERVAL", "CLINIC_AGE", "NOT_INSURED"];
    let cause = record.findings.iter().find(|finding| CAUSES.contains(&finding.code.as_str()));
    told(&words.fate(cause.map_or(Fate::NotTold, |finding| Fate::LeftOut { code: &finding.code })));
    cause.map(|finding| finding.code.clone())
}

fn decisions(explained: &Explained, words: &dyn Words, text: &mut String) {
    let _ = writeln!(text, "\n{} ({})", words.section(Section::Decisions), explained.decisions.len());
    if explained.decisions.is_empty() {
        wrap(text, "   ", words.no_decisions());
    }
    for (number, decision) in (1..).zip(&explained.decisions) {
        let _ = writeln!(text, "   {number}. {} ({})", visible(&words.heading(decision)), decision.rule);
        let side = |loser: bool| {
            let of = if loser { &decision.loser } else { &decision.winner };
            let table = if decision.subject == "insurer" { "register" } else { "attachments" };
            let at = explained.records.iter().position(|record| record.table == table && record.place == of.place);
            let at = at.map_or_else(|| place(&of.place, words), |at| format!("[{}]", at + 1));
            format!("{}, {at}", words.side(decision, loser))
        };
        for loser in [true, false] {
            wrap(text, "      ", &format!("{}: {}", words.side_name(&decision.outcome, loser), side(loser)));
        }
        let mut told = |name: Label, sentence: &str| {
            if !sentence.is_empty() {
                wrap(text, "      ", &format!("{}: {sentence}", words.label(name)));
            }
        };
        told(Label::Why, &words.why(decision, &explained.settings, tolerated(explained, decision)));
        told(Label::Basis, words.basis(decision));
        told(Label::ToDo, words.rule(&decision.rule).remedy);
        let outcome = match taken_back(explained, decision) {
            Some(of_people) => words.outcome_taken_back(decision, of_people + 1),
            None => words.outcome(decision),
        };
        wrap(text, "      ", &outcome);
    }
}

/// The rule that a change broke and the job tolerates.
fn tolerated<'e>(explained: &'e Explained, decision: &DecisionTold) -> Option<&'e str> {
    let winner = explained.records.iter().find(|record| record.place == decision.winner.place)?;
    let mut codes = winner.findings.iter().map(|finding| finding.code.as_str());
    codes.find(|code| decision.outcome == "superseded" && matches!(*code, "CHANGE_LIMIT" | "CHANGE_DEADLINE"))
}

/// A value of a row that may tell persons apart.
type Value = fn(&RegisterRow) -> Option<String>;

/// What tells persons of one number apart, as far as the register knows them.
fn differences(persons: &[Explained]) -> Vec<Difference> {
    let rows: Vec<&RegisterRow> = persons.iter().filter_map(|person| person.register.as_ref()).collect();
    let differ = |of: Value| {
        let mut values: Vec<String> = rows.iter().filter_map(|row| of(row)).collect();
        values.sort_unstable();
        values.dedup();
        values.len() > 1
    };
    let candidates: [(Difference, Value); 4] = [
        (Difference::GivenName, |row| Some(row.given_name.to_uppercase())),
        (Difference::BirthDate, |row| row.birth_date.map(|day| day.0.to_string())),
        (Difference::Sex, |row| Some(row.sex.to_string())),
        (Difference::Snils, |row| row.snils.clone()),
    ];
    candidates.into_iter().filter(|(_, of)| differ(*of)).map(|(difference, _)| difference).collect()
}

/// Writes a sentence in lines that fit, those after the first further in. Values of rows in it may hold anything.
pub(super) fn wrap(text: &mut String, indent: &str, sentence: &str) {
    let sentence = visible(sentence);
    let mut column = 0;
    for word in sentence.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
            text.push_str(indent);
            text.push_str("  ");
            column += indent.len() + 2;
        } else if column == 0 {
            text.push_str(indent);
            column = indent.len();
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}
