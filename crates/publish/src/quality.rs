//! Quality figures in the manifest. A later run is compared with them.
//!
//! Fields are in alphabetical order, like the keys of all maps in the manifest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Quality figures of a run, of its sources, and of insurers and clinics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Figures of attachments by clinic code; the code is empty for rows that name no clinic of the reference table.
    pub clinics: BTreeMap<String, QualityFigures>,
    /// Id of the former run; absent for the first run in an output folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_run: Option<String>,
    /// Figures of the register by insurer code; the code is empty for rows that name no insurer of the reference table.
    pub insurers: BTreeMap<String, QualityFigures>,
    /// Figures of all rows by table.
    pub run: BTreeMap<String, QualityFigures>,
    /// Figures by name of the source and table.
    pub sources: BTreeMap<String, BTreeMap<String, QualityFigures>>,
    /// Volumes of each insurer and clinic; absent in manifests of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<SenderVolumes>,
}

/// Volumes of insurers and clinics by code; organisations without persons are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderVolumes {
    /// Clinics, by the code at which their persons are counted.
    pub clinics: BTreeMap<String, SenderVolume>,
    /// Insurers, by the code on the as-of date.
    pub insurers: BTreeMap<String, SenderVolume>,
}

/// Volume of one insurer or clinic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderVolume {
    /// Insured persons with a clinic.
    pub heads: u64,
    /// Persons insured on the as-of date; for insurers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insured: Option<u64>,
    /// Sum of the amounts in roubles, as text.
    pub money: String,
}

/// Figures of rows of one table. Counts of 0 are absent from the maps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityFigures {
    /// Accepted rows, without duplicates.
    pub accepted: u64,
    /// Number of decisions against a record, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts_lost: BTreeMap<String, u64>,
    /// Number of decisions in favour of a record, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts_won: BTreeMap<String, u64>,
    /// Duplicates of other rows.
    pub duplicates: u64,
    /// Number of accepted rows and duplicates with a filled field, by field; fields that no source has are absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, u64>,
    /// Number of findings by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, u64>,
    /// Quarantined rows.
    pub quarantined: u64,
    /// All rows: accepted, duplicates and quarantined.
    pub rows: u64,
}
