//! `[identity]` of the job file: how persons get their ids.

use serde::Deserialize;

/// Origin of the person ids of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonIds {
    /// Ids follow from the records of the run alone.
    #[default]
    Content,
    /// Persons keep the ids that the former run gave to their records.
    Continued,
}

/// Content of `[identity]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityEntry {
    #[serde(default)]
    pub(super) ids: PersonIds,
}
