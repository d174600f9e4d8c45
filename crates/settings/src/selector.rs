//! How an entry names records: by what they say of a person, or by where they stand.

use sverka_model::Date;

/// Names the records that meet all of its conditions; at least one of them is a number or a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// ENP as a number.
    pub enp: Option<u64>,
    /// SNILS as a number.
    pub snils: Option<u64>,
    /// A policy of kind 1 or 2.
    pub policy: Option<NumberSelector>,
    /// A document.
    pub document: Option<NumberSelector>,
    /// Given name in the form for comparison.
    pub given_name: Option<String>,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// A row.
    pub row: Option<RowSelector>,
}

/// A number with its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSelector {
    /// Kind of policy or document, as rows have it.
    pub kind: String,
    /// The number in the form for comparison; not empty.
    pub form: String,
    /// Hash of both, as records have it.
    pub key: u32,
}

/// A row of a source, or several with one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSelector {
    /// The source as the job names it.
    pub source: String,
    /// Which row.
    pub name: RowName,
}

/// What tells a row of a source from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// The sender's id.
    RecordId(String),
    /// The line, as the outputs count it.
    Line(u64),
}
