//! The quality figures of a manifest: what a later run is held against.
//!
//! Names of fields stand in alphabetical order, as those of all objects of the manifest that are maps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Figures of a run, of its sources, and of the rows of insurers and clinics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Rows of the attachments by the code of the clinic that they name; empty where they name none of the reference table.
    pub clinics: BTreeMap<String, QualityFigures>,
    /// The run that was current before this one; none of the first run in an output folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_run: Option<String>,
    /// Rows of the register by the code of the insurer that they name, likewise.
    pub insurers: BTreeMap<String, QualityFigures>,
    /// All rows by table.
    pub run: BTreeMap<String, QualityFigures>,
    /// Rows by name of the source and table.
    pub sources: BTreeMap<String, BTreeMap<String, QualityFigures>>,
    /// What the people of each insurer and clinic come to; none of runs of versions that did not count it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<SenderVolumes>,
}

/// What the people of insurers and clinics come to, by code; those without any are not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderVolumes {
    /// Clinics, under the code at which their people are counted.
    pub clinics: BTreeMap<String, SenderVolume>,
    /// Insurers, under the code that holds on the as-of date.
    pub insurers: BTreeMap<String, SenderVolume>,
}

/// What the people of one insurer or clinic come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderVolume {
    /// Insured persons with a clinic.
    pub heads: u64,
    /// Persons insured on the as-of date; of insurers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insured: Option<u64>,
    /// The sum of the amounts, roubles as text.
    pub money: String,
}

/// Figures of some rows of one table. What does not occur is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityFigures {
    /// Rows that became records.
    pub accepted: u64,
    /// Decisions against a record, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts_lost: BTreeMap<String, u64>,
    /// Decisions in favour of a record, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts_won: BTreeMap<String, u64>,
    /// Rows equal to another one.
    pub duplicates: u64,
    /// Accepted rows and duplicates in which a field is filled, by field; of fields that no source of the rows has, nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, u64>,
    /// Findings by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, u64>,
    /// Rows with an error.
    pub quarantined: u64,
    /// Rows; the sum of the accepted, the duplicates and the quarantined.
    pub rows: u64,
}
