//! What rows are held against, made of reference tables and settings once for each worker, so that a row costs a look-up.

use super::citizenship::Citizenships;
use super::context::CheckContext;
use sverka_model::{ClinicId, InsurerId};
use sverka_reference::DocumentKinds;

/// Tables for the checks of rows.
pub(super) struct RowLookups {
    /// The kinds of identity documents.
    pub documents: DocumentKinds,
    /// What the words for citizenships mean.
    pub citizenships: Citizenships,
    /// Of each insurer whether it is of another region than the register.
    foreign_insurers: Vec<bool>,
    /// Of each clinic likewise.
    foreign_clinics: Vec<bool>,
}

impl RowLookups {
    pub(super) fn new(context: &CheckContext<'_>) -> Self {
        let is_foreign = |region: &Option<String>| region.as_deref().zip(context.region).is_some_and(|(one, other)| one != other);
        Self {
            documents: DocumentKinds::new(context.documents),
            citizenships: Citizenships::new(&context.rules.rows.citizenship),
            foreign_insurers: context.insurers.iter().map(|insurer| is_foreign(&insurer.region)).collect(),
            foreign_clinics: context.clinics.iter().map(|clinic| is_foreign(&clinic.region)).collect(),
        }
    }

    #[inline]
    pub(super) fn is_foreign_insurer(&self, insurer: InsurerId) -> bool {
        self.foreign_insurers[usize::from(insurer)]
    }

    #[inline]
    pub(super) fn is_foreign_clinic(&self, clinic: ClinicId) -> bool {
        self.foreign_clinics[usize::from(clinic)]
    }
}
