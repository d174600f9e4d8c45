//! Explanation as text for people: sections in a fixed order, with the sentences of a language.

mod decisions;
mod records;

use std::fmt::Write as _;

use super::death::deaths_set_aside_by;
use super::explanation::{ExplainedFinding, Explanation, NumberUsed, PersonOutsideRegister, RegisterRow, SourceLine, Subject};
use super::sentences::{Difference, Label, Section, Sentences, sentences_in};
use super::timeline;
use super::wrapped_text::WrappedText;
use super::{Answer, RowStatus};
use sverka_model::Date;
use sverka_rules::{Language, Text};

/// Columns of the text if no terminal limits them.
pub const WIDTH: usize = 100;

/// Indent of the lines of a section.
const INDENT: &str = "   ";

/// Options of the text of an answer.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Kind of the question, for the line above several persons.
    pub asked_by: Text,
    /// Language of the sentences.
    pub language: Language,
    /// Columns of the text.
    pub width: usize,
}

/// Text of an answer.
#[must_use]
pub fn render(answer: &Answer, options: TextOptions) -> String {
    let sentences = sentences_in(options.language);
    let mut writer = TextWriter { text: WrappedText::new(options.width), sentences };
    writer.write_row(answer);
    writer.write_candidates(answer);
    if let Some(id) = &answer.taken_over_by {
        let sentence = sentences.taken_over_by(id);
        writer.sentence("", &sentence);
    }
    let persons = answer.persons.len();
    if persons > 1 {
        let asked_by = options.asked_by.get(options.language);
        writer.sentence("", &sentences.several(asked_by, persons, &differences(&answer.persons)));
    }
    for (number, explained) in (1..).zip(&answer.persons) {
        if !writer.text.is_empty() {
            writer.text.blank_line();
        }
        if persons > 1 {
            writer.text.line(&sentences.person_of(number, persons));
        }
        writer.write_person(explained);
    }
    writer.text.into_text()
}

/// Name of an organisation in brackets, with a blank before it; empty without a name.
pub(super) fn in_brackets(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" ({name})"))
}

/// Writer of a text with the sentences of a language.
pub(super) struct TextWriter {
    pub text: WrappedText,
    pub sentences: &'static dyn Sentences,
}

impl TextWriter {
    pub fn sentence(&mut self, indent: &str, sentence: &str) {
        self.text.sentence(indent, sentence);
    }

    /// Adds the heading of a section, behind a blank line.
    pub fn heading(&mut self, heading: &str) {
        self.text.blank_line();
        self.text.line(heading);
    }

    fn write_labelled(&mut self, label: Label, value: &str) {
        let label = self.sentences.label(label);
        self.sentence(INDENT, &format!("{label}: {value}"));
    }

    /// Source and line of a record.
    fn source_line(&self, source_line: &SourceLine) -> String {
        format!("{}, {}", source_line.source, self.sentences.line(source_line.line))
    }

    /// Adds the remedy of a finding, below the finding.
    fn write_remedy(&mut self, finding: &ExplainedFinding, indent: &str) {
        let remedy = self.sentences.rule(&finding.code).remedy;
        if !remedy.is_empty() {
            let label = self.sentences.label(Label::ToDo);
            self.sentence(&format!("{indent}  "), &format!("{label}: {remedy}"));
        }
    }

    /// Adds the status and the findings of a row that is no record.
    fn write_row(&mut self, answer: &Answer) {
        let Some(row) = &answer.row else { return };
        let status = match &row.status {
            RowStatus::Quarantined => self.sentences.quarantined(row.raw_bytes),
            RowStatus::Duplicate { source, line } => {
                let kept = SourceLine { source: source.clone(), line: *line };
                self.sentences.duplicate(&self.source_line(&kept))
            }
        };
        self.sentence("", &status);
        for finding in &row.findings {
            self.sentence(INDENT, &self.sentences.finding(finding));
            self.write_remedy(finding, INDENT);
        }
    }

    /// Adds the list of several persons with the name of the question.
    fn write_candidates(&mut self, answer: &Answer) {
        if answer.candidates.is_empty() {
            return;
        }
        self.sentence("", &self.sentences.candidates(answer.candidates.len()));
        for person in &answer.candidates {
            let name = full_name(&person.surname, &person.given_name, person.patronymic.as_deref());
            let mut line = format!("{}: {name}, {}", person.person_id, self.sentences.date(person.birth_date.0));
            let insurer = (Subject::Insurer, &person.insurer, &person.insurer_name);
            let clinic = (Subject::Clinic, &person.clinic, &person.clinic_name);
            for (subject, code, name) in [insurer, clinic] {
                if let Some(code) = code {
                    let organisation = self.sentences.organisation(subject, code);
                    let _ = write!(line, ", {organisation}{}", in_brackets(name.as_deref()));
                }
            }
            if !person.in_register {
                let _ = write!(line, ", {}", self.sentences.outside());
            }
            self.sentence(INDENT, &line);
        }
    }

    /// Adds everything about a person.
    fn write_person(&mut self, explained: &Explanation) {
        let sentences = self.sentences;
        let as_of = explained.as_of.parse().map_or_else(|_| explained.as_of.clone(), |day: Date| sentences.date(day));
        self.sentence("", &sentences.title(&explained.person_id, &explained.run, &as_of));
        if !explained.missing_tables.is_empty() {
            self.sentence("", &sentences.missing_tables(&explained.missing_tables.join(", ")));
        }
        self.write_identity(explained, &as_of);
        if !explained.overrides.is_empty() {
            self.heading(sentences.section(Section::People));
            for entry in &explained.overrides {
                self.sentence(INDENT, &sentences.people_decided(entry, &deaths_set_aside_by(explained, entry)));
            }
        }
        records::write(self, explained);
        timeline::write(self, explained);
        decisions::write(self, explained);
        self.heading(sentences.section(Section::Money));
        self.sentence(INDENT, &sentences.money(&explained.money, &as_of));
    }

    /// Adds the section about the identity of the person.
    fn write_identity(&mut self, explained: &Explanation, as_of: &str) {
        let sentences = self.sentences;
        self.heading(sentences.section(Section::Who));
        match &explained.register {
            Some(row) => self.write_register_row(row),
            None if explained.missing_tables.contains(&"persons") => {}
            None => {
                let outside = explained.outside.as_ref();
                outside.into_iter().for_each(|person| self.write_person_outside(person));
                self.sentence(INDENT, &sentences.not_in_register(as_of, explained.insurance.last(), outside.is_some()));
                outside.into_iter().for_each(|person| self.write_open_matters(person));
            }
        }
        let number = |number: &NumberUsed| {
            let state = sentences.number_state(number.survives, explained.register.is_some());
            format!("{} {} ({state})", sentences.policy_kind(number.policy_kind), number.number)
        };
        if !explained.numbers.is_empty() {
            let numbers: Vec<String> = explained.numbers.iter().map(number).collect();
            self.write_labelled(Label::Numbers, &numbers.join("; "));
        }
    }

    /// Adds name, birth date and numbers of a person outside the register.
    fn write_person_outside(&mut self, person: &PersonOutsideRegister) {
        self.write_labelled(Label::Name, &full_name(&person.surname, &person.given_name, person.patronymic.as_deref()));
        let mut born = person.birth_date.map(|day| self.sentences.date(day.0)).unwrap_or_default();
        if let (Some(sex), Some(age)) = (person.sex, person.age) {
            let _ = write!(born, ", {}", self.sentences.sex_and_age(sex, age));
        }
        self.write_labelled(Label::Born, &born);
        person.enp.iter().for_each(|enp| self.write_labelled(Label::Enp, enp));
        person.snils.iter().for_each(|snils| self.write_labelled(Label::Snils, snils));
    }

    /// Adds the open matters of a person outside the register: an insurer to choose, attachments to end.
    fn write_open_matters(&mut self, person: &PersonOutsideRegister) {
        person.without_insurer.iter().for_each(|left| self.sentence(INDENT, &self.sentences.without_insurer(left)));
        for attached in &person.still_attached {
            let row = self.source_line(&SourceLine { source: attached.source.clone(), line: attached.line });
            self.sentence(INDENT, &self.sentences.still_attached(attached, &row));
        }
    }

    fn write_register_row(&mut self, row: &RegisterRow) {
        let sentences = self.sentences;
        let names = [Some(row.surname.as_str()), Some(&row.given_name), row.patronymic.as_deref()];
        let name: Vec<&str> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
        self.write_labelled(Label::Name, &name.join(" "));
        let born = row.birth_date.map(|day| sentences.date(day.0)).unwrap_or_default();
        self.write_labelled(Label::Born, &format!("{born}, {}", sentences.sex_and_age(row.sex, row.age)));
        row.enp.iter().for_each(|enp| self.write_labelled(Label::Enp, enp));
        row.snils.iter().for_each(|snils| self.write_labelled(Label::Snils, snils));
        let policy = row.policy_number.as_deref().map_or_else(String::new, |number| format!(" {number}"));
        self.write_labelled(Label::Policy, &format!("{}{policy}", sentences.policy_kind(Some(row.policy_kind))));
        let doubt = |unresolved: bool| if unresolved { format!(", {}", sentences.unresolved()) } else { String::new() };
        let insurer = sentences.organisation(Subject::Insurer, &row.insurer) + &in_brackets(row.insurer_name.as_deref());
        let insured_from = sentences.since(row.insured_from.map(|day| day.0));
        self.write_labelled(Label::Insurer, &format!("{insurer} {insured_from}{}", doubt(row.insurer_unresolved)));
        let clinic = row.clinic.as_ref().map_or_else(
            || sentences.no_clinic().to_owned(),
            |clinic| {
                let clinic = sentences.organisation(Subject::Clinic, clinic) + &in_brackets(row.clinic_name.as_deref());
                let attached_from = sentences.since(row.attached_from.map(|day| day.0));
                format!("{clinic} {attached_from}, {}{}", sentences.method(row.method), doubt(row.clinic_unresolved))
            },
        );
        self.write_labelled(Label::Clinic, &clinic);
        address(row).iter().for_each(|address| self.write_labelled(Label::Address, address));
    }
}

/// Surname, given name and patronymic.
fn full_name(surname: &str, given_name: &str, patronymic: Option<&str>) -> String {
    let names = [Some(surname), Some(given_name), patronymic];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Address with the town or village before it, unless the address names it.
fn address(row: &RegisterRow) -> Option<String> {
    match (&row.settlement, &row.address) {
        (Some(settlement), Some(address)) if !address.to_lowercase().contains(&settlement.to_lowercase()) => {
            Some(format!("{settlement}, {address}"))
        }
        (Some(settlement), None) => Some(settlement.clone()),
        (_, address) => address.clone(),
    }
}

/// Value of a register row that may differ between persons.
type Value = fn(&RegisterRow) -> Option<String>;

/// Differences between persons of one number, by their rows in the register.
fn differences(persons: &[Explanation]) -> Vec<Difference> {
    let rows: Vec<&RegisterRow> = persons.iter().filter_map(|person| person.register.as_ref()).collect();
    let differ = |value: Value| {
        let mut values: Vec<String> = rows.iter().filter_map(|row| value(row)).collect();
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
    candidates.into_iter().filter(|(_, value)| differ(*value)).map(|(difference, _)| difference).collect()
}
