//! Heads of a published run for the cares of any tariff, as far as the run counted what they need.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::{Exit, Failure};
use crate::job::TariffWithClinics;
use sverka_kernel::funding::{CountedProfiles, HeadRow, Heads, PeopleCounts};
use sverka_model::{Date, InsurerId, Sex};
use sverka_publish::is_exhausted;
use sverka_reference::{BandSet, Care, DayId};
use sverka_report::headcount::{HeadcountError, PaidHeads, paid_heads};
use sverka_report::table_reader::ReadProblem;

/// Paid heads of a run.
pub(super) struct RunHeads {
    rows: Vec<PaidHeads>,
    /// Numbers of the insurers, in the order of their codes.
    insurers: BTreeMap<String, InsurerId>,
}

/// A care that heads are wanted for.
#[derive(Clone, Copy)]
pub(super) struct WantedCare<'t> {
    /// Name of the tariff's file, for messages.
    pub file: &'t str,
    pub tariff: &'t TariffWithClinics,
    pub care: &'t Care,
}

impl RunHeads {
    /// Heads of the run in a folder.
    ///
    /// # Errors
    /// When the run has no such table, or it cannot be read.
    pub fn read(run: &Path) -> Result<Self, Failure> {
        let rows = paid_heads(run).map_err(|error| {
            let exit = match &error {
                HeadcountError::Read(read) if matches!(&read.problem, ReadProblem::Open(cause) if is_exhausted(cause)) => {
                    Exit::Resource
                }
                _ => Exit::Input,
            };
            Failure::new(exit, error)
        })?;
        let codes: BTreeSet<&String> = rows.iter().map(|row| &row.insurer).collect();
        let insurers = codes.into_iter().zip((0..).map(InsurerId::new)).map(|(code, id)| (code.clone(), id)).collect();
        Ok(Self { rows, insurers })
    }

    /// People whom a care pays for, on all of its days.
    ///
    /// # Errors
    /// When the run did not count them: another day, profile or set of bands; or a clinic is not in the table of clinics.
    pub fn of_care(&self, wanted: WantedCare<'_>) -> Result<PeopleCounts, Failure> {
        let mut counts = PeopleCounts::default();
        let days: BTreeSet<DayId> = wanted.care.heads.iter().chain(&wanted.care.composition).copied().collect();
        for day in days {
            self.count_day(wanted, day, &mut counts)?;
        }
        Ok(counts)
    }

    fn count_day(&self, wanted: WantedCare<'_>, day: DayId, counts: &mut PeopleCounts) -> Result<(), Failure> {
        let WantedCare { tariff: TariffWithClinics { clinics, tariff }, care, .. } = wanted;
        let profile = CountedProfiles::new(tariff).index(care.profile()).expect("invariant: profiles of cares are counted");
        let set = self.fitting_set(wanted, tariff.days[day.index()])?;
        let heads = counts.day(day).attached(profile);
        for row in set {
            let Some(clinic) = clinics.find(row.clinic.as_bytes()) else {
                return Err(Failure::input(format_args!(
                    "clinic {} of the run is not in the job's table of clinics; add its row, or take the job that the run was made with",
                    row.clinic
                )));
            };
            let cell = tariff.cell(sex(row), i32::from(row.from));
            let people = Heads { all: row.heads, funded: row.heads };
            heads.add_row(HeadRow { insurer: self.insurers[&row.insurer], clinic, cell, heads: people });
        }
        Ok(())
    }

    /// Rows of a day in a set of bands whose every band lies within one band of the care.
    fn fitting_set(&self, wanted: WantedCare<'_>, day: Date) -> Result<Vec<&PaidHeads>, Failure> {
        let profile = i64::from(wanted.care.profile().code());
        let mut sets: BTreeMap<&str, Vec<&PaidHeads>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.day == day && row.profile == profile) {
            sets.entry(&row.band_set).or_default().push(row);
        }
        if sets.is_empty() {
            return Err(self.not_counted(wanted, day));
        }
        let bands = wanted.tariff.tariff.bands_of(wanted.care);
        let fitting = sets.iter().find(|(_, rows)| rows.iter().all(|row| lies_in_one_band(row, bands)));
        let Some(name) = fitting.map(|(name, _)| *name) else {
            let sets: Vec<&str> = sets.into_keys().collect();
            return Err(no_fitting_set(wanted, day, &sets));
        };
        Ok(sets.remove(name).unwrap_or_default())
    }

    /// Failure of a day or profile that the run did not count.
    fn not_counted(&self, wanted: WantedCare<'_>, day: Date) -> Failure {
        let (file, care, profile) = (wanted.file, &wanted.care.name, wanted.care.profile().code());
        let days: BTreeSet<Date> = self.rows.iter().map(|row| row.day).collect();
        if !days.contains(&day) {
            let days: Vec<String> = days.iter().map(Date::to_string).collect();
            return Failure::input(format_args!(
                "{file}: care `{care}` needs the heads of {day}, and the run counted {}; add to the tariff of the job `count_days = \
                 [\"{day}\"]`, with the days that stand there, and run the job again",
                if days.is_empty() { "nobody".to_owned() } else { format!("those of {}", days.join(", ")) }
            ));
        }
        let profiles: BTreeSet<i64> = self.rows.iter().map(|row| row.profile).collect();
        let profiles: Vec<String> = profiles.iter().map(i64::to_string).collect();
        Failure::input(format_args!(
            "{file}: care `{care}` needs heads of profile {profile} on {day}, and the run has heads of profile {} alone; add a `[[care]]` \
             with `profile = {profile}` to the tariff of the job, and run the job again",
            profiles.join(", ")
        ))
    }
}

/// Failure of bands that the run's bands cannot be added up to, with the set that would do.
fn no_fitting_set(wanted: WantedCare<'_>, day: Date, sets: &[&str]) -> Failure {
    let (file, care) = (wanted.file, &wanted.care.name);
    let mut bands = String::new();
    for band in &wanted.tariff.tariff.bands_of(wanted.care).bands {
        let to = band.to.map_or_else(String::new, |to| format!(", to = {to}"));
        let _ = writeln!(bands, "  {{ sex = {}, from = {}{to} }},", band.sex as u8, band.from);
    }
    Failure::input(format_args!(
        "{file}: the bands of care `{care}` cut those in which the run counted heads of profile {} on {day} (sets {}); add this to the \
         tariff of the job, and run the job again:\n[[band_sets]]\nname = \"for_{care}\"\nbands = [\n{bands}]",
        wanted.care.profile().code(),
        sets.join(", ")
    ))
}

fn lies_in_one_band(row: &PaidHeads, bands: &BandSet) -> bool {
    let sex = sex(row);
    bands.find(sex, row.from) == bands.find(sex, row.to.unwrap_or(u16::MAX))
}

fn sex(row: &PaidHeads) -> Sex {
    if row.sex == i64::from(Sex::Male as u8) { Sex::Male } else { Sex::Female }
}
