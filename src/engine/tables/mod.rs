//! Rows of the output tables as Arrow columns, in the shape that `schemas/outputs/` describes.

mod attached_uninsured;
mod columns;
mod duplicates;
mod findings;
mod heads;
mod links;
mod money_checks;
mod must_choose;
mod numbers;
mod organisations;
mod overrides;
mod payments;
mod person_ids;
mod persons;
mod quality;
mod quarantine;
mod rows;
mod stays;

pub(super) use attached_uninsured::AttachedUninsuredRows;
pub(super) use duplicates::DuplicateGroups;
pub(super) use findings::{CollectedFindings, FindingContext, FindingGroups, FindingRow, WorkerFindings};
pub(super) use heads::{funding_bands, funding_clinic, funding_insurer_clinic, headcount, norm_factors, norms};
pub(super) use links::LinkRows;
pub(super) use money_checks::money_checks;
pub(super) use must_choose::{Choice, MustChooseRows};
pub(super) use numbers::{NumberRows, write_numbers};
pub(super) use organisations::{clinics, insurers};
pub(super) use overrides::{EntryOutcome, overrides};
pub(super) use payments::{funding_insurer, funding_points, funding_results, to_pay};
pub(super) use person_ids::{person_event_batch, person_id_batch};
pub(super) use persons::{PersonRows, UnattachedRows};
pub(super) use quality::quality;
pub(super) use quarantine::{QuarantineColumns, QuarantineGroups};
pub(super) use rows::{SharedTexts, TableOrder};
pub(super) use stays::{DecisionRows, StayRows};
