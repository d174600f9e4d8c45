//! Look-up tables of the row checks. Each worker builds them once from reference tables and settings, so that a row costs one access.

use super::citizenships::Citizenships;
use super::context::CheckContext;
use sverka_model::{ClinicId, InsurerId};
use sverka_reference::DocumentKinds;

/// Look-up tables of one worker.
pub(super) struct RowLookups {
    /// Known kinds of identity documents.
    pub documents: DocumentKinds,
    /// Reader of citizenships.
    pub citizenships: Citizenships,
    /// Whether each insurer belongs to another region than the register.
    foreign_insurers: Vec<bool>,
    /// Whether each clinic belongs to another region than the register.
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
