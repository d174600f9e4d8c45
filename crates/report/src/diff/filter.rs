//! Filter of a comparison: some clinics and insurers.

use std::collections::BTreeSet;

use super::DiffError;
use super::causes::PersonInRuns;
use super::changes::codes_of;
use super::movement::{MovementKey, MovementPlace};
use super::run::ComparedRuns;

/// Clinics and insurers that are compared; everything where none is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiffFilter {
    clinics: BTreeSet<String>,
    insurers: BTreeSet<String>,
}

impl DiffFilter {
    /// The filter of codes of clinics and of insurers.
    #[must_use]
    pub fn new(clinics: BTreeSet<String>, insurers: BTreeSet<String>) -> Self {
        Self { clinics, insurers }
    }

    /// The filter of texts such as `clinic=980101`.
    ///
    /// # Errors
    /// When a text names neither a clinic nor an insurer.
    pub fn parse(texts: &[String]) -> Result<Self, DiffError> {
        let mut filter = Self::default();
        for text in texts {
            let codes = match text.split_once('=') {
                Some(("clinic", code)) if !code.is_empty() => (&mut filter.clinics, code),
                Some(("insurer", code)) if !code.is_empty() => (&mut filter.insurers, code),
                _ => return Err(DiffError::Filter { given: text.escape_debug().to_string() }),
            };
            codes.0.insert(codes.1.to_owned());
        }
        Ok(filter)
    }

    /// Checks that one of the runs knows each code, if it has the tables of insurers and clinics.
    pub(super) fn check(&self, runs: &ComparedRuns) -> Result<(), DiffError> {
        let unknown = |kind, code: &String| Err(DiffError::CodeUnknown { kind, code: code.escape_debug().to_string() });
        let (old, new) = (&runs.old, &runs.new);
        let is_known = |code: &String| old.clinics.contains_key(code) || new.clinics.contains_key(code);
        if let Some(code) = self.clinics.iter().find(|code| !is_known(code))
            && !new.clinics.is_empty()
        {
            return unknown("clinic", code);
        }
        let is_known = |code: &String| old.insurers.contains_key(code) || new.insurers.contains_key(code);
        if let Some(code) = self.insurers.iter().find(|code| !is_known(code))
            && !new.insurers.is_empty()
        {
            return unknown("insurer", code);
        }
        Ok(())
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.clinics.is_empty() && self.insurers.is_empty()
    }

    /// Whether no insurer is left out.
    pub(super) fn takes_all_insurers(&self) -> bool {
        self.insurers.is_empty()
    }

    /// Whether a person is at one of the clinics and one of the insurers in either run.
    pub(super) fn takes_person(&self, person: &PersonInRuns<'_>) -> bool {
        if self.is_open() {
            return true;
        }
        let (insurers, clinics) = codes_of(person);
        let takes_insurer = self.insurers.is_empty() || insurers.iter().any(|code| self.insurers.contains(*code));
        takes_insurer && (self.clinics.is_empty() || clinics.iter().any(|code| self.clinics.contains(*code)))
    }

    /// Whether a pair of insurer and clinic is taken.
    pub(super) fn takes_pair(&self, insurer: &str, clinic: &str) -> bool {
        (self.insurers.is_empty() || self.insurers.contains(insurer))
            && (self.clinics.is_empty() || self.clinics.contains(clinic))
    }

    /// Whether findings of a sender are taken.
    pub(super) fn takes_sender(&self, of: &str, name: Option<&str>) -> bool {
        let codes = if of == "clinic" { &self.clinics } else { &self.insurers };
        self.is_open() || name.is_some_and(|name| codes.contains(name))
    }

    /// Whether a row of movement is taken: it is from or to a place of the filter.
    pub(super) fn takes_movement(&self, key: &MovementKey) -> bool {
        let takes_place = |place: &MovementPlace| {
            let takes = |codes: &BTreeSet<String>, code: &Option<String>| {
                codes.is_empty() || code.as_ref().is_some_and(|code| codes.contains(code))
            };
            !place.is_none() && takes(&self.clinics, &place.clinic) && takes(&self.insurers, &place.insurer)
        };
        self.is_open() || takes_place(&key.from) || takes_place(&key.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_its_kind() {
        let parse = |texts: &[&str]| DiffFilter::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let filter = parse(&["clinic=980101", "insurer=98001"]).expect("a filter");
        assert!(filter.takes_pair("98001", "980101") && !filter.takes_pair("98002", "980101"));
        assert!(parse(&[]).expect("no filter").is_open());
        for wrong in ["980101", "clinic=", "region=98", ""] {
            assert!(parse(&[wrong]).is_err(), "{wrong}");
        }
    }
}
