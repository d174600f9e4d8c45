//! Severities of the rules for a job or one of its sources: off, warning or error.
//!
//! A severity is looked up for a finding, never for a correct row.

use sverka_model::{Code, Severity};

/// Severity of each rule for a job or one of its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Severities {
    /// Severity by code.
    by_code: [Severity; Code::COUNT],
}

impl Severities {
    /// Default severities.
    pub const DEFAULT: Self = {
        let mut by_code = [Severity::Off; Code::COUNT];
        let mut index = 0;
        while index < Code::COUNT {
            by_code[index] = Code::ALL[index].severity();
            index += 1;
        }
        Self { by_code }
    };

    /// Severity of a rule.
    #[must_use]
    pub fn of(&self, code: Code) -> Severity {
        self.by_code[code as usize]
    }

    /// Whether a rule is applied at all.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        self.of(code) != Severity::Off
    }

    /// Rules with another severity than in `base`, in the order of codes.
    pub fn other_than<'s>(&'s self, base: &'s Self) -> impl Iterator<Item = (Code, Severity)> + 's {
        Code::ALL.iter().map(|&code| (code, self.of(code))).filter(|&(code, severity)| severity != base.of(code))
    }

    /// The same severities with some rules off.
    #[must_use]
    pub fn without(&self, codes: &[Code]) -> Self {
        let mut severities = self.clone();
        codes.iter().for_each(|&code| severities.set(code, Severity::Off));
        severities
    }

    /// Sets the severity of a rule.
    pub fn set(&mut self, code: Code, severity: Severity) {
        self.by_code[code as usize] = severity;
    }
}

impl Default for Severities {
    fn default() -> Self {
        Self::DEFAULT
    }
}
