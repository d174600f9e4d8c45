//! An explanation as text for people: sections in a fixed order, sentences from the language.

use std::fmt::Write as _;

use super::death;
use super::page::Page;
use super::standing::{decided_by_people, decided_days, taken_back};
use super::timeline;
use super::told::{DecisionTold, Explained, FindingTold, OutsideRow, Place, RecordTold, RegisterRow};
use super::words::{Difference, Fate, Ground, Label, Section, Words, words};
use super::{Answer, RowFate};
use sverka_model::Date;
use sverka_rules::{Language, Text};

/// Columns at which text wraps where no terminal says how wide it is.
pub const WIDTH: usize = 100;

/// What the question was, for the line above several persons.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// What was asked by.
    pub by: Text,
}

/// Draws an answer in lines of at most so many columns.
#[must_use]
pub fn text(answer: &Answer, heading: Heading, language: Language, width: usize) -> String {
    let words = words(language);
    let mut page = Page::new(width);
    if let Some(row) = &answer.row {
        let told = match &row.fate {
            RowFate::Quarantined => words.quarantined(row.raw_bytes),
            RowFate::Duplicate { source, line } => words.duplicate(&place(&Place { source: source.clone(), line: *line }, words)),
        };
        page.wrap("", &told);
        for finding in &row.findings {
            page.wrap("   ", &words.finding(finding));
            remedy(finding, "   ", words, &mut page);
        }
    }
    candidates(answer, words, &mut page);
    if answer.persons.len() > 1 {
        page.wrap("", &words.several(heading.by.get(language), answer.persons.len(), &differences(&answer.persons)));
    }
    for (number, explained) in (1..).zip(&answer.persons) {
        if !page.is_empty() {
            page.blank();
        }
        if answer.persons.len() > 1 {
            page.line(&words.person_of(number, answer.persons.len()));
        }
        person(explained, words, &mut page);
    }
    page.into_text()
}

/// Says what to do about a finding, below it.
fn remedy(finding: &FindingTold, indent: &str, words: &dyn Words, page: &mut Page) {
    let remedy = words.rule(&finding.code).remedy;
    if !remedy.is_empty() {
        page.wrap(&format!("{indent}  "), &format!("{}: {remedy}", words.label(Label::ToDo)));
    }
}

/// Lists the persons of a name.
fn candidates(answer: &Answer, words: &dyn Words, page: &mut Page) {
    if answer.candidates.is_empty() {
        return;
    }
    page.wrap("", &words.candidates(answer.candidates.len()));
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
        page.wrap("   ", &line);
    }
}

/// The name of an organisation behind its code.
pub(super) fn named(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" ({name})"))
}

fn person(explained: &Explained, words: &dyn Words, page: &mut Page) {
    let as_of = shown(&explained.as_of, words);
    page.wrap("", &words.title(&explained.person_id, &explained.run, &as_of));
    if !explained.missing_tables.is_empty() {
        page.wrap("", &words.missing_tables(&explained.missing_tables.join(", ")));
    }
    who(explained, &as_of, words, page);
    if !explained.overrides.is_empty() {
        page.blank();
        page.line(words.section(Section::People));
        for decision in &explained.overrides {
            page.wrap("   ", &words.people_decided(decision, &death::set_aside_by(explained, decision)));
        }
    }
    records(explained, words, page);
    timeline::draw(explained, words, page);
    decisions(explained, words, page);
    page.blank();
    page.line(words.section(Section::Money));
    page.wrap("   ", &words.money(&explained.money, &as_of));
}

fn shown(iso: &str, words: &dyn Words) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |day: Date| words.date(day))
}

fn who(explained: &Explained, as_of: &str, words: &dyn Words, page: &mut Page) {
    page.blank();
    page.line(words.section(Section::Who));
    match &explained.register {
        Some(row) => register_row(row, words, page),
        None if explained.missing_tables.contains(&"persons") => {}
        None => {
            explained.outside.iter().for_each(|row| outside(row, words, page));
            page.wrap("   ", &words.not_in_register(as_of, explained.insurance.last(), explained.outside.is_some()));
            explained.outside.iter().for_each(|row| still_open(row, words, page));
        }
    }
    let number = |number: &super::told::NumberUsed| {
        let state = words.number_state(number.survives, explained.register.is_some());
        format!("{} {} ({state})", words.policy_kind(number.policy_kind), number.number)
    };
    if !explained.numbers.is_empty() {
        let numbers: Vec<String> = explained.numbers.iter().map(number).collect();
        label(page, words, Label::Numbers, &numbers.join("; "));
    }
}

/// Who a person is that is not in the register.
fn outside(row: &OutsideRow, words: &dyn Words, page: &mut Page) {
    let names = [Some(&row.surname), Some(&row.given_name), row.patronymic.as_ref()];
    let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    label(page, words, Label::Name, &name.join(" "));
    let mut born = row.birth_date.map(|day| words.date(day.0)).unwrap_or_default();
    if let (Some(sex), Some(age)) = (row.sex, row.age) {
        let _ = write!(born, ", {}", words.sex_and_age(sex, age));
    }
    label(page, words, Label::Born, &born);
    row.enp.iter().for_each(|enp| label(page, words, Label::Enp, enp));
    row.snils.iter().for_each(|snils| label(page, words, Label::Snils, snils));
}

/// What is open about a person who is not in the register.
fn still_open(row: &OutsideRow, words: &dyn Words, page: &mut Page) {
    row.without_insurer.iter().for_each(|left| page.wrap("   ", &words.without_insurer(left)));
    for attached in &row.still_attached {
        let at = place(&Place { source: attached.source.clone(), line: attached.line }, words);
        page.wrap("   ", &words.still_attached(attached, &at));
    }
}

fn register_row(row: &RegisterRow, words: &dyn Words, page: &mut Page) {
    let names = [Some(&row.surname), Some(&row.given_name), row.patronymic.as_ref()];
    let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).filter(|name| !name.is_empty()).collect();
    label(page, words, Label::Name, &name.join(" "));
    let born = row.birth_date.map(|day| words.date(day.0)).unwrap_or_default();
    label(page, words, Label::Born, &format!("{born}, {}", words.sex_and_age(row.sex, row.age)));
    let mut optional = |name: Label, value: Option<String>| {
        if let Some(value) = value {
            label(page, words, name, &value);
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
    optional(Label::Address, address(row));
}

/// The place of residence: the town or village stands before the address, unless the address names it.
fn address(row: &RegisterRow) -> Option<String> {
    match (&row.settlement, &row.address) {
        (Some(settlement), Some(address)) if !address.to_lowercase().contains(&settlement.to_lowercase()) => {
            Some(format!("{settlement}, {address}"))
        }
        (Some(settlement), None) => Some(settlement.clone()),
        (_, address) => address.clone(),
    }
}

fn label(page: &mut Page, words: &dyn Words, name: Label, value: &str) {
    page.wrap("   ", &format!("{}: {value}", words.label(name)));
}

fn place(place: &Place, words: &dyn Words) -> String {
    format!("{}, {}", place.source, words.line(place.line))
}

fn records(explained: &Explained, words: &dyn Words, page: &mut Page) {
    page.blank();
    page.line(&format!("{} ({})", words.section(Section::Records), explained.records.len()));
    for (number, record) in (1..).zip(&explained.records) {
        let id = record.record_id.as_ref().map_or_else(String::new, |id| format!(", {}", words.sender_id(id)));
        let named = format!("{}: {}{id}", words.table(record.table), place(&record.place, words));
        page.wrap("   ", &format!("[{number}] {named}"));
        let mut told = |sentence: &str| page.wrap("       ", sentence);
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
        if let Some(note) = death::note(explained, record) {
            told(&words.death(&note, record.source_date.as_deref()));
        }
        for finding in &record.findings {
            if left_out.as_ref() != Some(&finding.code) {
                page.wrap("       ", &words.finding(finding));
            }
            remedy(finding, "       ", words, page);
        }
    }
}

/// The stays of a subject that rest on a record, by their places in the list of the subject.
fn of_subject(record: &RecordTold, subject: &str) -> impl Iterator<Item = usize> {
    record.rests_in.iter().filter(move |rests| rests.subject == subject).map(|rests| rests.index)
}

/// Stays as the timeline numbers them.
fn numbers(stays: impl Iterator<Item = usize>) -> String {
    stays.map(|index| (index + 1).to_string()).collect::<Vec<_>>().join(", ")
}

/// Says what became of a record.
fn fates(explained: &Explained, record: &RecordTold, words: &dyn Words, mut told: impl FnMut(&str)) -> Option<String> {
    let as_of: Option<Date> = explained.as_of.parse().ok();
    let mut any = false;
    let mut tell = |fate: Fate<'_>| {
        any = true;
        told(&words.fate(fate));
    };
    if let Some(notice) = &record.notice {
        let day = notice.day.map(|day| day.0);
        let (code, register) = (notice.code.as_str(), record.table == "register");
        tell(match (notice.of.as_str(), record.death) {
            ("end", Some(_)) => Fate::Death { code },
            ("end", None) => Fate::End { code, day, register },
            _ => Fate::Change { code, day },
        });
    }
    for subject in ["insurer", "clinic"] {
        // What people decided for another organisation rests on the record, but is not what the record says.
        let decided = decided_by_people(explained, subject);
        let gave_way =
            |index: usize| decided[index].is_some_and(|number| explained.decisions[number].loser.place == record.place);
        let stays = if subject == "insurer" { &explained.insurance } else { &explained.attachments };
        let own: Vec<usize> = of_subject(record, subject).filter(|&index| !gave_way(index)).collect();
        if !own.is_empty() {
            let in_force = own.iter().any(|&index| as_of.is_none_or(|as_of| stays[index].covers(as_of)));
            tell(Fate::Rests { subject, numbers: &numbers(own.into_iter()), in_force });
        }
    }
    for &at in &record.decisions {
        let decision = &explained.decisions[at];
        if decision.is_of_people() {
            let decided = decided_by_people(explained, decision.subject);
            let stays = of_subject(record, decision.subject).filter(|&index| decided[index] == Some(at));
            tell(Fate::GaveWay { number: at + 1, subject: decision.subject, stays: &numbers(stays) });
            continue;
        }
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

fn decisions(explained: &Explained, words: &dyn Words, page: &mut Page) {
    page.blank();
    page.line(&format!("{} ({})", words.section(Section::Decisions), explained.decisions.len()));
    if explained.decisions.is_empty() {
        page.wrap("   ", words.no_decisions());
    }
    for (number, decision) in (1..).zip(&explained.decisions) {
        page.wrap("   ", &format!("{number}. {} ({})", words.heading(decision), decision.rule));
        let taken_back = taken_back(explained, decision);
        let side = |loser: bool| {
            let of = if loser { &decision.loser } else { &decision.winner };
            let table = if decision.subject == "insurer" { "register" } else { "attachments" };
            let at = explained.records.iter().position(|record| record.table == table && record.place == of.place);
            let at = at.map_or_else(|| place(&of.place, words), |at| format!("[{}]", at + 1));
            format!("{}, {at}", words.side(decision, loser))
        };
        for loser in [true, false] {
            let name = words.side_name(&decision.outcome, loser, taken_back.is_some());
            page.wrap("      ", &format!("{name}: {}", side(loser)));
        }
        let mut told = |name: Label, sentence: &str| {
            if !sentence.is_empty() {
                page.wrap("      ", &format!("{}: {sentence}", words.label(name)));
            }
        };
        let ground = Ground {
            settings: &explained.settings,
            tolerated: tolerated(explained, decision),
            is_taken_back: taken_back.is_some(),
        };
        told(Label::Why, &words.why(decision, &ground));
        told(Label::Basis, words.basis(decision));
        let outcome = match taken_back {
            Some(of_people) => {
                words.outcome_taken_back(decision, of_people + 1, decided_days(explained, &explained.decisions[of_people]))
            }
            None => {
                told(Label::ToDo, words.rule(&decision.rule).remedy);
                words.outcome(decision, decided_days(explained, decision))
            }
        };
        page.wrap("      ", &outcome);
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
