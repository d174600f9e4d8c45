//! Money of a region: the tariff with its tables, attachments to services besides the therapeutic one, and the truth about both.
//!
//! Figures are invented. What the truth says is computed here in whole kopecks and counts; no stage of a run is asked.

mod points;
mod results;
mod services;
mod tables;
mod tariff;

pub(super) use services::attach_to_services;

use sverka_model::Date;

use super::world::{Ages, World, ymd};

/// Money of a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Money {
    /// Outpatient care with ten bands and two factors, in one file.
    #[default]
    Simple,
    /// Everything that a tariff can say, with attachments to dental and gynaecological services.
    Full(Ambulance),
}

/// Heads of ambulance stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambulance {
    /// Stations serve the people of clinics.
    #[default]
    Stations,
    /// People are attached to stations.
    Attached,
}

impl Money {
    /// Every money, with the default heads of ambulance stations.
    pub const ALL: [Self; 2] = [Self::Simple, Self::Full(Ambulance::Stations)];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Full(_) => "full",
        }
    }
}

impl Ambulance {
    /// All ways of counting heads.
    pub const ALL: [Self; 2] = [Self::Stations, Self::Attached];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stations => "stations",
            Self::Attached => "attached",
        }
    }
}

/// A file of a region with its text.
pub(super) struct TextFile {
    /// Path below the folder of the region.
    pub path: &'static str,
    /// Content.
    pub text: String,
}

/// Clinics with attached people that work throughout, in the order of their codes.
struct Clinics<'w> {
    world: &'w World,
    first_of_month: Date,
}

/// A clinic with attached people.
#[derive(Clone, Copy)]
struct ClinicFacts {
    /// Place among the regular clinics.
    index: usize,
    code: u32,
    is_rural: bool,
    serves_all_ages: bool,
    /// Code of the hospital that is its ambulance station, dentist and women's clinic.
    station: u32,
}

impl<'w> Clinics<'w> {
    fn new(world: &'w World) -> Self {
        let (year, month, _) = world.as_of.ymd();
        Self { world, first_of_month: ymd(year, month, 1) }
    }

    fn facts(&self) -> impl Iterator<Item = ClinicFacts> {
        let regular = self.world.regular_clinics();
        regular.iter().enumerate().map(|(index, clinic)| ClinicFacts {
            index,
            code: clinic.code,
            is_rural: clinic.rural != "1.000",
            serves_all_ages: clinic.ages == Ages::All,
            station: regular[services::station_index(index)].code,
        })
    }

    /// First day of the year of the as-of date.
    fn first_of_year(&self) -> Date {
        ymd(self.world.as_of.year(), 1, 1)
    }
}

/// Tables and tariff of a region.
pub(super) fn reference_files(world: &World, persons: u64, money: Money) -> Vec<TextFile> {
    let Money::Full(ambulance) = money else {
        return vec![TextFile { path: "reference/tariff.toml", text: tariff::simple() }];
    };
    let clinics = Clinics::new(world);
    let mut files = vec![TextFile { path: "reference/tariff.toml", text: tariff::full(&clinics, persons, ambulance) }];
    files.extend(tables::all(&clinics, persons, ambulance));
    files.push(TextFile { path: "reference/points.csv", text: points::table(&clinics) });
    files.extend(results::tables(&clinics));
    files
}

/// Truth about the money of a region: points and groups. There is none about simple money.
pub(super) fn truth_files(world: &World, money: Money) -> Vec<TextFile> {
    if money == Money::Simple {
        return Vec::new();
    }
    let clinics = Clinics::new(world);
    vec![
        TextFile { path: "truth/points.csv", text: points::truth(&clinics) },
        TextFile { path: "truth/results.csv", text: results::truth(&clinics) },
    ]
}
