//! Settings of clinics by the fund, for dictionaries that lack them: whether people may be attached, the ages served, and the factors of the norm.
//!
//! The clinics themselves are not known here.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::clinics::{read_ages, read_attachable, read_factors};
use super::table::{Row, Table};
use super::{AgesServed, ReferenceError, ReferenceFault, ReferencePlace};

const COLUMNS: &[&str] = &["clinic", "attachable", "ages"];

/// Settings of all clinics, from a CSV table with the columns clinic, attachable, ages, all factors of the tariff, and optionally oid and head. The
/// columns mean the same as in a table of clinics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicSettings {
    file: String,
    settings: BTreeMap<String, ClinicSetting>,
}

/// The settings of one clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClinicSetting {
    place: ReferencePlace,
    pub(super) attachable: bool,
    pub(super) ages: AgesServed,
    pub(super) factors: Vec<Decimal>,
    pub(super) oid: Option<String>,
    pub(super) head: Option<String>,
}

impl ClinicSettings {
    /// Reads the table with a column for each of the tariff's `factors`; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of the table, with its line.
    pub fn read(file: &str, bytes: &[u8], factors: &[String]) -> Result<Self, ReferenceError> {
        let required: Vec<&str> = COLUMNS.iter().copied().chain(factors.iter().map(String::as_str)).collect();
        let table = Table::read(file, bytes, &required, &["name", "oid", "head"])?;
        let mut settings = BTreeMap::new();
        for row in table.rows() {
            let code = row.require("clinic")?.to_owned();
            let setting = read_setting(&row, factors)?;
            if let Some(ClinicSetting { place: first, .. }) = settings.get(&code) {
                return Err(row.error(ReferenceFault::CodeTwice { code, first: *first }));
            }
            settings.insert(code, setting);
        }
        Ok(Self { file: file.to_owned(), settings })
    }

    /// The settings of a clinic's code.
    pub(super) fn find(&self, code: &str) -> Option<&ClinicSetting> {
        self.settings.get(code)
    }

    /// Checks that every clinic with settings exists.
    pub(super) fn check_codes(&self, is_known: impl Fn(&str) -> bool) -> Result<(), ReferenceError> {
        match self.settings.iter().filter(|(code, _)| !is_known(code)).min_by_key(|(_, setting)| setting.place) {
            None => Ok(()),
            Some((code, setting)) => {
                let fault = ReferenceFault::CodeUnknown { code: code.clone(), table: "clinics" };
                Err(ReferenceError::new(&self.file, setting.place, fault))
            }
        }
    }
}

fn read_setting(row: &Row<'_>, factors: &[String]) -> Result<ClinicSetting, ReferenceError> {
    let attachable = read_attachable(row)?;
    let ages = read_ages(row)?;
    let factors = read_factors(row, factors, attachable)?;
    Ok(ClinicSetting { place: row.line.into(), attachable, ages, factors, oid: row.text("oid"), head: row.text("head") })
}
