//! A separate table of successors, which the federal dictionaries of organisations lack.
//!
//! Working periods of organisations are not known here. The table completes the rows of their tables before these are
//! checked.

use sverka_model::Date;

use super::table::Table;
use super::{ClinicRow, InsurerRow, ReferenceError, ReferenceFault, ReferencePlace};

const INSURER_DIGITS: usize = 5;
const CLINIC_DIGITS: usize = 6;

/// Successors of insurers and clinics, from one CSV table with the columns code, successor, and optionally works_to and reason. Codes of insurers have five
/// digits, those of clinics six.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successors {
    file: String,
    rows: Vec<SuccessorRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SuccessorRow {
    place: ReferencePlace,
    code: String,
    successor: String,
    works_to: Option<Date>,
}

/// Row of a table of organisations, with the fields that a succession changes.
struct OrganisationFields<'r> {
    code: &'r str,
    works_to: &'r mut Option<Date>,
    successor: &'r mut Option<String>,
}

impl<'r> OrganisationFields<'r> {
    fn from_insurer(row: &'r mut InsurerRow) -> Self {
        Self { code: &row.code, works_to: &mut row.works_to, successor: &mut row.successor }
    }

    fn from_clinic(row: &'r mut ClinicRow) -> Self {
        Self { code: &row.code, works_to: &mut row.works_to, successor: &mut row.successor }
    }
}

impl Successors {
    /// Reads the table; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of the table, with its line.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        let table = Table::read(file, bytes, &["code", "successor"], &["works_to", "reason"])?;
        let mut rows: Vec<SuccessorRow> = Vec::new();
        for row in table.rows() {
            let code = row.require("code")?.to_owned();
            let successor = row.require("successor")?.to_owned();
            if !matches!(code.len(), INSURER_DIGITS | CLINIC_DIGITS) {
                let expected = "an insurer's code of 5 digits or a clinic's of 6".to_owned();
                return Err(row.error(ReferenceFault::Choice { column: "code".to_owned(), value: code, expected }));
            }
            if let Some(first) = rows.iter().find(|first| first.code == code) {
                return Err(row.error(ReferenceFault::CodeTwice { code, first: first.place }));
            }
            rows.push(SuccessorRow { place: row.line.into(), code, successor, works_to: row.end("works_to")? });
        }
        Ok(Self { file: file.to_owned(), rows })
    }

    /// Completes rows of insurers. The day of succession replaces the end of work in the row: the fund decides from which day a code means another
    /// organisation.
    ///
    /// # Errors
    /// A code without a row, a succession without a day, or an insurer with another successor.
    pub fn complete_insurers(&self, insurers: &mut [InsurerRow]) -> Result<(), ReferenceError> {
        self.complete(INSURER_DIGITS, "insurers", insurers.iter_mut().map(OrganisationFields::from_insurer).collect())
    }

    /// Completes rows of clinics; see [`Self::complete_insurers`].
    ///
    /// # Errors
    /// A code without a row, a succession without a day, or a clinic with another successor.
    pub fn complete_clinics(&self, clinics: &mut [ClinicRow]) -> Result<(), ReferenceError> {
        self.complete(CLINIC_DIGITS, "clinics", clinics.iter_mut().map(OrganisationFields::from_clinic).collect())
    }

    fn complete(
        &self,
        digits: usize,
        table: &'static str,
        mut organisations: Vec<OrganisationFields<'_>>,
    ) -> Result<(), ReferenceError> {
        organisations.sort_by_key(|organisation| organisation.code);
        for row in self.rows.iter().filter(|row| row.code.len() == digits) {
            let fail = |fault| Err(ReferenceError::new(&self.file, row.place, fault));
            let find = |code: &str| organisations.binary_search_by_key(&code, |organisation| organisation.code).ok();
            if find(&row.successor).is_none() {
                return fail(ReferenceFault::CodeUnknown { code: row.successor.clone(), table });
            }
            let Some(index) = find(&row.code) else {
                return fail(ReferenceFault::CodeUnknown { code: row.code.clone(), table });
            };
            let organisation = &mut organisations[index];
            if let Some(first) = organisation.successor.as_ref().filter(|first| **first != row.successor) {
                return fail(ReferenceFault::SuccessorTwice { code: row.code.clone(), first: first.clone() });
            }
            *organisation.works_to = row.works_to.or(*organisation.works_to);
            if organisation.works_to.is_none() {
                return fail(ReferenceFault::SuccessorWithoutEnd { code: row.code.clone() });
            }
            *organisation.successor = Some(row.successor.clone());
        }
        Ok(())
    }
}
