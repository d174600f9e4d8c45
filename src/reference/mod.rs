//! Dated tables of the region: insurers, clinics, tariff.
//!
//! Codes become small indices here, in the order of the codes, so that comparing indices compares codes. The tables know nothing of persons.

mod clinics;
mod error;
mod insurers;
pub(crate) mod setting;
mod successors;
mod table;
mod tariff;
#[cfg(test)]
mod tests;

pub use clinics::{AgesServed, Clinic, ClinicRow, Clinics};
pub use error::{ReferenceError, ReferenceFault};
pub use insurers::{Insurer, InsurerRow, Insurers};
pub use successors::{Succession, WorkingPeriod};
pub use tariff::{AgeSexBand, Correction, Tariff};
