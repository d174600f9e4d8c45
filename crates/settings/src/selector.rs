//! Selectors of records in entries of the overrides: by data of the person, or by row.

use sverka_model::{Date, Enp, Snils};

/// Selector of the records that meet all conditions. At least one condition is a number or a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// ENP.
    pub enp: Option<Enp>,
    /// SNILS.
    pub snils: Option<Snils>,
    /// Policy of kind 1 or 2.
    pub policy: Option<NumberSelector>,
    /// Document.
    pub document: Option<NumberSelector>,
    /// Given name in its normal form.
    pub given_name: Option<String>,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// Row of a source.
    pub row: Option<RowSelector>,
}

/// Number with its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSelector {
    /// Kind of policy or document, in the notation of rows.
    pub kind: String,
    /// Normal form of the number; not empty.
    pub normalised: String,
    /// Hash of kind and number, the same as in records.
    pub key: u32,
}

/// Row of a source, or several rows with the same record id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSelector {
    /// Name of the source in the job.
    pub source: String,
    /// Name of the row in the source.
    pub name: RowName,
}

/// Name of a row in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// Record id given by the sender.
    RecordId(String),
    /// Line, counted in the same way as in the outputs.
    Line(u64),
}
