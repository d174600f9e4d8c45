//! Dated tables of the region: insurers, clinics, tariff, working days, kinds of documents.
//!
//! Tables of insurers and clinics are CSV files, or XML packets of the federal dictionaries; the content shows which. Two further CSV tables add what the
//! packets lack: [`Successors`] and [`ClinicSettings`]. Codes become small indexes in the order of the codes, so that comparing indexes compares codes.
//! The tables know nothing of persons.

mod clinic_settings;
mod clinics;
mod contracts;
mod documents;
mod error;
mod heads;
mod insurers;
mod packet;
mod rounding;
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
pub use documents::{DocumentKinds, KnownDocumentKind, MaskFit};
pub use error::{ReferenceError, ReferenceFault, ReferencePlace};
pub use insurers::{Insurer, InsurerRow, Insurers};
pub use packet::dictionaries::{Dictionaries, Dictionary, DocumentMasks, Entry, Territory};
pub use rounding::{Rounding, RoundingMode};
pub use succession_table::Successors;
pub use successors::{FirstDay, Succession, SuccessionLink, WorkStatus, WorkingPeriod};
pub use tariff::{
    AgeCells, AgeSexBand, AmountBy, BandId, BandSet, BandSetId, BaseNorm, Care, CareRounding, CellId, Correction, DayId,
    FactorTable, FactorValue, Floor, FloorOf, GivenCompositions, GroupId, Groups, HeadMean, HeadSource, MoneyBase, MonthBase,
    NormPeriod, Rates, Stations, TablePath, Tariff, TariffFile, TariffTable, TariffTables,
};
pub use working_days::WorkingDays;
