//! What a rule says of itself: the parts of an entry of the list. It knows neither the rules nor what a job makes of them.

use serde::Deserialize;

use super::Code;
use crate::model::Field;

/// A language in which rules are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Russian.
    Russian,
}

/// The same in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Russian => self.ru,
        }
    }

    /// A text from both languages.
    pub(super) const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en, ru }
    }
}

/// The same in both languages, of a file that is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

impl Sentence {
    /// The sentence in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Russian => &self.ru,
        }
    }
}

/// What kind of statement a code makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A check of one row.
    RowCheck,
    /// A check of a source as a whole.
    SourceCheck,
    /// Two records are one person.
    Link,
    /// Something found about a person or about a record among others.
    PersonCheck,
    /// Why a record lost, was superseded or refused.
    Decision,
}

impl Kind {
    /// Every kind, in the order in which a run comes to them.
    pub const ALL: [Self; 5] = [Self::RowCheck, Self::SourceCheck, Self::Link, Self::PersonCheck, Self::Decision];

    /// The word that programs read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RowCheck => "row_check",
            Self::SourceCheck => "source_check",
            Self::Link => "link",
            Self::PersonCheck => "person_check",
            Self::Decision => "decision",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::RowCheck => Text::new("check of a row", "проверка строки"),
            Self::SourceCheck => Text::new("check of a source", "проверка файла"),
            Self::Link => Text::new("link between records", "связь записей"),
            Self::PersonCheck => Text::new("check of a person", "проверка лица"),
            Self::Decision => Text::new("decision", "решение"),
        }
    }
}

/// What a finding means for its row; of links and decisions, whether they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is quarantined.
    Error,
    /// The row is accepted; links and decisions are made.
    Warning,
    /// Nothing is said; links and decisions are not made.
    Off,
}

impl Severity {
    /// The word that jobs and outputs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Off => "off",
        }
    }

    /// The severity of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Off].into_iter().find(|severity| severity.name() == name)
    }
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The file or document as it is written.
    File,
    /// A row by itself.
    Row,
    /// The policy and its number.
    Policy,
    /// The identity document.
    Document,
    /// The insurance and the insurer.
    Insurer,
    /// The attachment and the clinic.
    Clinic,
    /// The person behind the records.
    Person,
}

impl Subject {
    /// The word that programs read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Row => "row",
            Self::Policy => "policy",
            Self::Document => "document",
            Self::Insurer => "insurer",
            Self::Clinic => "clinic",
            Self::Person => "person",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::File => Text::new("file", "файл"),
            Self::Row => Text::new("row", "строка"),
            Self::Policy => Text::new("policy", "полис"),
            Self::Document => Text::new("document", "документ"),
            Self::Insurer => Text::new("insurance", "страхование"),
            Self::Clinic => Text::new("attachment", "прикрепление"),
            Self::Person => Text::new("person", "лицо"),
        }
    }
}

/// What kind of ground a rule stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A federal law.
    Law,
    /// An order, decree or dictionary made under the law.
    Order,
    /// What funds, insurers and clinics do.
    Practice,
    /// What the words mean, or how files are built.
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

    /// What people call it.
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

/// How sure it is that the source says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Read in the act itself, or in programs that work by it.
    Verified,
    /// Read at second hand only, or known and not found: ask whoever decides before you rely on it.
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

    /// What people call it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Verified => Text::new("verified", "проверено"),
            Self::Unverified => Text::new("not verified in the act itself", "по тексту акта не проверено"),
        }
    }
}

/// What a job may make of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latitude {
    /// Nothing, for this reason.
    Fixed(Text),
    /// `off`, `warning` or `error`.
    Severity,
    /// `off` or `warning`: it is found when the row has been accepted; of sources, when all rows have been read.
    OffOrWarning,
    /// `off` or `on`, for all sources alike: a link, a decision or another step of the procedure.
    Switch,
}

impl Latitude {
    /// The words that a job may use, the strictest first.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Fixed(_) => &[],
            Self::Severity => &["error", "warning", "off"],
            Self::OffOrWarning => &["warning", "off"],
            Self::Switch => &["on", "off"],
        }
    }
}

/// One rule as people read it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The code in the outputs.
    pub code: Code,
    /// Its name in the outputs.
    pub name: &'static str,
    /// What kind of statement it makes.
    pub kind: Kind,
    /// What it means for its row, unless the job says otherwise.
    pub severity: Severity,
    /// What it looks at.
    pub subject: Subject,
    /// The fields that it looks at.
    pub fields: &'static [Field],
    /// One short sentence, without personal data, that says what was found.
    pub message: Text,
    /// What it means, for people who know the trade and not the program.
    pub meaning: Text,
    /// What is to be done about it, and by whom.
    pub remedy: Text,
    /// What kind of ground it stands on.
    pub basis: Basis,
    /// The law, order, dictionary or practice.
    pub source: Text,
    /// The day since when it holds, ISO; none when no beginning is known or it is no matter of time.
    pub since: Option<&'static str>,
    /// How sure it is that the source says so.
    pub certainty: Certainty,
    /// What a job may make of it.
    pub latitude: Latitude,
    /// What a row or person is taken for when the job says less than the rule itself does: an error made a warning or switched off, a step switched off.
    /// None where nothing but the finding goes.
    pub softened: Option<Text>,
}

impl Rule {
    /// The source of a decision about an insurer, or a clinic: of a rule for both, what holds for that one.
    #[must_use]
    pub fn source_for(&self, of_clinic: bool) -> Text {
        super::decision::source_for(self.code, of_clinic).unwrap_or(self.source)
    }

    /// The word for a severity of this rule: links and decisions are on or off.
    #[must_use]
    pub fn word(&self, severity: Severity) -> &'static str {
        match self.latitude {
            Latitude::Switch if severity != Severity::Off => "on",
            Latitude::Fixed(_) if matches!(self.kind, Kind::Link | Kind::Decision) => "on",
            _ => severity.name(),
        }
    }
}
