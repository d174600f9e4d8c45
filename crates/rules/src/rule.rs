//! The texts of a rule for people. Jobs are not known here.

use super::{AnswerCode, Example, ExampleCase, ExampleRow, Text};
use sverka_model::{Code, Field};

/// Every rule, indexed by the number of its code.
pub const RULES: &[Rule] = include!(concat!(env!("OUT_DIR"), "/rule_texts.rs"));

/// Texts of a rule, with its cases and its codes in answers.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Code of the rule, which has name, kind, subject, severity, latitude and fields.
    pub code: Code,
    /// One short sentence without personal data that states the finding.
    pub message: Text,
    /// The meaning, for people who know the trade and not the program.
    pub meaning: Text,
    /// The action that a finding asks for, and the person who takes it.
    pub remedy: Text,
    /// The kind of ground that the rule stands on.
    pub basis: Basis,
    /// The law, order, dictionary or practice.
    pub source: Text,
    /// The source of a decision about an insurer, if the rule has one for insurers and one for clinics.
    pub source_of_insurer: Option<Text>,
    /// The source of a decision about a clinic, if the rule has one for insurers and one for clinics.
    pub source_of_clinic: Option<Text>,
    /// The first day on which the rule holds, ISO; none if no beginning is known or the rule does not depend on time.
    pub since: Option<&'static str>,
    /// The certainty that the source says so.
    pub certainty: Certainty,
    /// The reason why no job may change the rule; none when jobs may.
    pub fixed_because: Option<Text>,
    /// The treatment of a row or person if the job weakens the rule: an error made a warning or switched off, a step
    /// switched off. None if only the finding goes.
    pub softened: Option<Text>,
    /// The value that is expected in place of a finding, for any row; none if it depends on the row, or if the rule
    /// checks no rows.
    pub expected: Option<&'static str>,
    /// The rule's code in each family of answers.
    pub answers: &'static [AnswerCode],
    /// A case with a finding, and its neighbour without one.
    pub example: Example,
}

impl Rule {
    /// The rule of a code.
    #[must_use]
    pub fn by_code(code: Code) -> &'static Self {
        &RULES[code as usize]
    }

    /// The name of the code in outputs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.code.name()
    }

    /// The source of a decision about an insurer, or about a clinic; the source of the rule if it has only one.
    #[must_use]
    pub fn source_for(&self, is_clinic: bool) -> Text {
        let own = if is_clinic { self.source_of_clinic } else { self.source_of_insurer };
        own.unwrap_or(self.source)
    }
}

/// The kind of ground that a rule stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A federal law.
    Law,
    /// An order, decree or dictionary made under the law.
    Order,
    /// The practice of funds, insurers and clinics.
    Practice,
    /// The meaning of words, or the form of files.
    Definition,
}

impl Basis {
    /// The word that programs read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Order => "order",
            Self::Practice => "practice",
            Self::Definition => "definition",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Law => Text::new("law", "закон"),
            Self::Order => Text::new("order", "приказ или справочник"),
            Self::Practice => Text::new("practice", "практика"),
            Self::Definition => Text::new("definition", "определение"),
        }
    }
}

/// The certainty that the source says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// A source that was read: the act itself, or programs that work by it.
    Verified,
    /// A source that was read at second hand only, or is known and was not found: ask the authority before you rely on
    /// it.
    Unverified,
}

impl Certainty {
    /// The word that programs read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Verified => Text::new("verified", "проверено"),
            Self::Unverified => Text::new("not verified in the act itself", "по тексту акта не проверено"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_the_order_of_codes() {
        assert!(RULES.iter().map(|rule| rule.code).eq(Code::ALL.iter().copied()));
    }

    #[test]
    fn every_rule_has_all_its_texts() {
        for rule in RULES {
            let texts = [rule.message, rule.meaning, rule.remedy, rule.source].into_iter().chain(rule.softened);
            for text in texts {
                assert!(!text.en.is_empty() && !text.ru.is_empty(), "{}", rule.name());
                assert!(
                    text.ru.chars().any(|letter| ('а'..='я').contains(&letter)) || text.ru.is_ascii(),
                    "{}: {}",
                    rule.name(),
                    text.ru
                );
            }
            let sentences = [rule.meaning, rule.remedy];
            assert!(sentences.iter().all(|text| text.en.ends_with('.') && text.ru.ends_with('.')), "{}", rule.name());
        }
    }
}
