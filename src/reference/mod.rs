//! Dated tables of the region: insurers, clinics, tariff.
//!
//! Codes become small indices here, in the order of the codes, so that comparing indices compares codes. The tables know nothing of persons.

mod successors;

pub use successors::{Succession, WorkingPeriod};
