//! What each rule means for the rows of a job, or of one of its sources: off, a warning or an error.
//!
//! Severities are asked when something is found, never for a row in order.

use sverka_model::{Code, Severity};

/// What each rule means for the rows of a job, or of one of its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Severities {
    /// By code.
    of: [Severity; Code::COUNT],
}

impl Severities {
    /// What rules mean when nobody says otherwise.
    pub const DEFAULT: Self = {
        let mut of = [Severity::Off; Code::COUNT];
        let mut index = 0;
        while index < Code::COUNT {
            of[index] = Code::ALL[index].severity();
            index += 1;
        }
        Self { of }
    };

    /// What a rule means.
    #[must_use]
    pub fn of(&self, code: Code) -> Severity {
        self.of[code as usize]
    }

    /// Whether a rule is applied at all.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        self.of(code) != Severity::Off
    }

    /// The rules that mean something else than in `base`, in the order of codes, with what they mean here.
    pub fn other_than<'s>(&'s self, base: &'s Self) -> impl Iterator<Item = (Code, Severity)> + 's {
        Code::ALL.iter().map(|&code| (code, self.of(code))).filter(|&(code, severity)| severity != base.of(code))
    }

    /// The same, but for rules that are off.
    #[must_use]
    pub fn without(&self, codes: &[Code]) -> Self {
        let mut severities = self.clone();
        codes.iter().for_each(|&code| severities.set(code, Severity::Off));
        severities
    }

    /// Sets what a rule means.
    pub fn set(&mut self, code: Code, severity: Severity) {
        self.of[code as usize] = severity;
    }
}

impl Default for Severities {
    fn default() -> Self {
        Self::DEFAULT
    }
}
