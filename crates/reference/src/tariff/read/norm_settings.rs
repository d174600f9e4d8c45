//! Part of a tariff that needs no table of clinics: base norm, correction and roundings of a care.

use crate::clinics::Clinics;
use crate::tariff::care::{BaseNorm, Care, CareRounding, Correction};
use crate::tariff::days::Days;
use crate::{ReferenceError, ReferenceFault};
use sverka_model::Date;

use super::entries::CareEntry;
use super::values::Source;
use super::{Reader, TariffFile, TariffTables};

/// Base norm, correction and roundings of a care.
#[derive(Clone, Debug)]
pub struct NormSettings {
    /// Base norm in force. `None` when it comes from money and heads, or when rates replace it.
    pub base: Option<BaseNorm>,
    /// Correction in force.
    pub correction: Correction,
    /// Roundings.
    pub rounding: CareRounding,
}

impl TariffFile {
    /// Names of the kinds of care, in the order of the file.
    ///
    /// # Errors
    /// A kind of care without a name.
    pub fn care_names(&self) -> Result<Vec<&str>, ReferenceError> {
        if self.written.care.is_empty() {
            return Ok(vec![Care::AMBULATORY]);
        }
        let source = Source { file: &self.file, text: &self.text };
        let nameless = || ReferenceFault::Empty { column: "name".to_owned() };
        let names = self.written.care.iter().map(|entry| match &entry.get_ref().name {
            Some(name) => Ok(name.get_ref().as_str()),
            None => Err(source.error_in(entry, nameless())),
        });
        names.collect()
    }

    /// What the tariff says on `day` of the norms of a care, one of [`Self::care_names`]. Tables that the tariff names are not read.
    ///
    /// # Errors
    /// The first fault of base norm, correction or roundings, with its line.
    ///
    /// # Panics
    /// When no care has the name.
    pub fn norm_settings(&self, day: Date, care: &str) -> Result<NormSettings, ReferenceError> {
        let source = Source { file: &self.file, text: &self.text };
        let (clinics, tables) = (Clinics::none(), TariffTables::new());
        let reader =
            Reader { source, day, clinics: &clinics, tables: &tables, days: Days::new(day), band_sets: Vec::new(), file: self };
        let top = self.written.top_care();
        let has_name = |entry: &&CareEntry| entry.name.as_ref().is_some_and(|name| name.get_ref() == care);
        let named = self.written.care.iter().map(toml::Spanned::get_ref).find(has_name);
        let entry = match named {
            Some(entry) => entry,
            None if self.written.care.is_empty() && care == Care::AMBULATORY => &top,
            None => panic!("invariant: the caller took the name from the tariff"),
        };
        let is_computed = entry.base_money.is_some() || (entry.rates.is_some() && entry.base_norm.is_empty());
        Ok(NormSettings {
            base: if is_computed { None } else { Some(reader.base_norm(&entry.base_norm)?) },
            correction: reader.correction(entry.correction.as_ref())?,
            rounding: reader.care_rounding(entry.rounding.as_ref())?,
        })
    }
}
