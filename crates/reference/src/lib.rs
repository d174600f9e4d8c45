//! Dated tables of the region: insurers, clinics, tariff, working days, kinds of documents.
//!
//! Tables of insurers and clinics are CSV, or the dictionaries of the federal fund as XML packets, told by their content; what these lack
//! comes from two further CSV tables ([`Successors`], [`ClinicSettings`]). Codes become small indices here, in the order of the codes, so that comparing
//! indices compares codes. The tables know nothing of persons.

mod clinic_settings;
mod clinics;
mod contracts;
mod documents;
mod error;
mod heads;
mod insurers;
mod packet;
pub mod setting;
mod succession_table;
mod successors;
mod table;
mod tariff;
#[cfg(test)]
mod tests;
mod working_days;

pub use clinic_settings::ClinicSettings;
pub use clinics::{AgesServed, Clinic, ClinicRow, Clinics};
pub use contracts::Contracts;
pub use documents::{DocumentKind, DocumentKinds, MaskFit};
pub use error::{ReferenceError, ReferenceFault, ReferencePlace};
pub use insurers::{Insurer, InsurerRow, Insurers};
pub use packet::dictionaries::{Dictionaries, Dictionary, DocumentMasks, Entry, Territory};
pub use succession_table::Successors;
pub use successors::{FirstDay, Succession, WorkStatus, WorkingPeriod};
pub use tariff::{AgeSexBand, BandId, Correction, Tariff};
pub use working_days::WorkingDays;
