//! The review lists, a function each: from the tables of a run to the rows of the list, in their order.
//!
//! Titles and meanings of the lists stand in `schemas/review`.

mod attached;
mod closures;
mod deaths;
mod findings;
mod gaps;
mod numbers;
mod ties;
mod twins;
mod unattached;

use super::ReviewError;
use super::relation::Relation;
use super::source::ReviewSource;
use sverka_model::{PolicyKind, Profile};

/// The rows of a list.
pub(super) type ListRows = fn(&ReviewSource) -> Result<Relation, ReviewError>;

/// Every list in the order in which they are shown: its description and its rows.
pub(super) const LISTS: [(&str, ListRows); 12] = [
    (include_str!("../../../../../schemas/review/ties.toml"), ties::ties),
    (include_str!("../../../../../schemas/review/unattached.toml"), unattached::unattached),
    (include_str!("../../../../../schemas/review/attached_dead.toml"), attached::attached_dead),
    (include_str!("../../../../../schemas/review/attached_uninsured.toml"), attached::attached_uninsured),
    (include_str!("../../../../../schemas/review/gaps.toml"), gaps::gaps),
    (include_str!("../../../../../schemas/review/closures.toml"), closures::closures),
    (include_str!("../../../../../schemas/review/shared_enp.toml"), numbers::shared_enp),
    (include_str!("../../../../../schemas/review/twins.toml"), twins::twins),
    (include_str!("../../../../../schemas/review/same_document.toml"), findings::same_document),
    (include_str!("../../../../../schemas/review/several_enp.toml"), numbers::several_enp),
    (include_str!("../../../../../schemas/review/contradictions.toml"), findings::contradictions),
    (include_str!("../../../../../schemas/review/deaths.toml"), deaths::deaths),
];

/// The value of `policy_kind` that says that a number is an ENP.
const ENP_KIND: i64 = PolicyKind::SINGLE_SAMPLE.code() as i64;
/// The value of `profile` of the attachments that are paid per head: to a therapist.
const FUNDED_PROFILE: i64 = Profile::THERAPEUTIC.code() as i64;

/// Columns of a person that most lists have: insurer, clinic, names.
const PERSON: [&str; 8] =
    ["insurer", "insurer_name", "clinic", "clinic_name", "surname", "given_name", "patronymic", "birth_date"];
