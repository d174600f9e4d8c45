//! The code of a rule, with the facts that stages work by. Texts of rules, and the severities that a job gives them,
//! are not known here.

use super::Field;

macro_rules! codes {
    ($($number:literal $variant:ident $name:literal $kind:ident $subject:ident $severity:ident $latitude:ident [$($field:ident)*];)*) => {
        /// The code of a rule. Its number decides the order of codes in outputs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $variant = $number,)*
        }

        impl Code {
            /// Every code, in the order of numbers, which have no gaps.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
        }

        /// Facts of rules by the number of the code.
        pub(super) const FACTS: &[CodeFacts] = &[$(
            CodeFacts {
                name: $name,
                kind: Kind::$kind,
                subject: Subject::$subject,
                severity: Severity::$severity,
                latitude: Latitude::$latitude,
                fields: &[$(Field::$field,)*],
            },
        )*];
    };
}

mod code_list;

pub use code_list::Code;
use code_list::FACTS;

/// Facts of a rule for the stages.
struct CodeFacts {
    name: &'static str,
    kind: Kind,
    subject: Subject,
    severity: Severity,
    latitude: Latitude,
    fields: &'static [Field],
}

impl Code {
    /// Number of codes.
    pub const COUNT: usize = Self::ALL.len();

    /// The code in outputs, jobs and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The code of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The kind of statement that the rule makes.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.facts().kind
    }

    /// The part of the data that the rule looks at.
    #[must_use]
    pub const fn subject(self) -> Subject {
        self.facts().subject
    }

    /// The severity of a finding, unless the job says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.facts().severity
    }

    /// Severities that a job may give the rule.
    #[must_use]
    pub const fn latitude(self) -> Latitude {
        self.facts().latitude
    }

    /// The fields that the rule looks at.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        self.facts().fields
    }

    /// The word for a severity of this rule: links and decisions are on or off.
    #[must_use]
    pub fn severity_word(self, severity: Severity) -> &'static str {
        match self.latitude() {
            Latitude::Switch if severity != Severity::Off => "on",
            Latitude::Fixed if matches!(self.kind(), Kind::Link | Kind::Decision) => "on",
            _ => severity.name(),
        }
    }

    const fn facts(self) -> &'static CodeFacts {
        &FACTS[self as usize]
    }
}

/// The kind of statement that a rule makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A check of one row.
    RowCheck,
    /// A check of a source as a whole.
    SourceCheck,
    /// Two records are one person.
    Link,
    /// A finding about a person, or about a record among others.
    PersonCheck,
    /// The reason why a record lost, was superseded or refused.
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
}

/// The meaning of a finding for its row; for links and decisions, whether they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is quarantined.
    Error,
    /// The row is accepted; links and decisions are made.
    Warning,
    /// There is no finding; links and decisions are not made.
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

/// The part of the data that a rule looks at.
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
}

/// Severities that a job may give to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latitude {
    /// No other severity; the text of the rule gives the reason.
    Fixed,
    /// `off`, `warning` or `error`.
    Severity,
    /// `off` or `warning`: the row has been accepted when the rule is checked; a check of a source comes after all its rows.
    OffOrWarning,
    /// `off` or `on`, for all sources: a link, a decision or another step of the procedure.
    Switch,
}

impl Latitude {
    /// The words that a job may use, the strictest first.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Fixed => &[],
            Self::Severity => &["error", "warning", "off"],
            Self::OffOrWarning => &["warning", "off"],
            Self::Switch => &["on", "off"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back_to_the_code() {
        for (number, &code) in Code::ALL.iter().enumerate() {
            assert_eq!(code as usize, number);
            assert_eq!(Code::from_name(code.name()), Some(code));
        }
        assert_eq!(Code::from_name("snils_invalid"), None);
    }
}
