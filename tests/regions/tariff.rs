//! A tariff as plain values: its kinds of care, days and sets of bands, and the files that hold it.

use std::fs;
use std::io;
use std::path::Path;

use super::{BandDef, BaseNorm, ClinicRow, TariffDef};

/// First day and first day after; empty for an open side.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct InForce {
    pub from: String,
    pub to: String,
}

impl InForce {
    /// Whether the entry is in force on an ISO date.
    pub fn covers(&self, day: &str) -> bool {
        self.from.as_str() <= day && (self.to.is_empty() || day < self.to.as_str())
    }

    fn keys(&self) -> String {
        let key = |name: &str, day: &str| if day.is_empty() { String::new() } else { format!("{name} = {day}\n") };
        key("valid_from", &self.from) + &key("valid_to", &self.to)
    }

    fn cells(&self) -> [String; 2] {
        [self.from.clone(), self.to.clone()]
    }
}

/// A count day as a tariff writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum DayDef {
    AsOf,
    FirstOfMonth,
    FirstOfNextMonth,
    /// An ISO date.
    On(String),
    /// The first days of months, written as `2026-07`.
    Months {
        from: String,
        to: String,
    },
}

impl DayDef {
    fn toml(&self) -> String {
        match self {
            DayDef::AsOf => "\"as_of\"".to_string(),
            DayDef::FirstOfMonth => "\"first_of_month\"".to_string(),
            DayDef::FirstOfNextMonth => "\"first_of_next_month\"".to_string(),
            DayDef::On(day) => day.clone(),
            DayDef::Months { from, to } => format!("{{ from = \"{from}\", to = \"{to}\" }}"),
        }
    }
}

/// A named set of bands.
#[derive(Clone, Debug, PartialEq)]
pub struct BandSetDef {
    pub name: String,
    pub bands: Vec<BandDef>,
}

/// Whole or exact means of heads.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum MeanDef {
    #[default]
    Exact,
    WholeByBand,
    WholeByClinic,
}

/// The clinic or the group that a row of a table is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Holder {
    Clinic(String),
    Group(String),
}

impl Holder {
    fn cells(&self) -> [String; 2] {
        match self {
            Holder::Clinic(clinic) => [clinic.clone(), String::new()],
            Holder::Group(group) => [String::new(), group.clone()],
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct StationRow {
    pub clinic: String,
    pub station: String,
    pub dates: InForce,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FactorRow {
    pub holder: Holder,
    pub factor: String,
    pub value: String,
    /// Empty when the value is about all people.
    pub share: String,
    pub dates: InForce,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GivenKRow {
    pub holder: Holder,
    pub k: String,
    pub dates: InForce,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    pub clinic: String,
    pub group: String,
    pub dates: InForce,
}

/// The rate of the band with this sex and these ages.
#[derive(Clone, Debug, PartialEq)]
pub struct RateRow {
    pub holder: Holder,
    pub sex: String,
    pub from: i32,
    pub to: Option<i32>,
    pub rate: String,
    pub dates: InForce,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MoneyRow {
    pub line: String,
    pub sum: String,
    pub inside: bool,
    /// Empty for every care.
    pub care: String,
    pub dates: InForce,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CorrectionDef {
    Computed,
    None,
    Given(String),
    Dated(Vec<(String, InForce)>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum BaseDef {
    /// Norms with the time in which each is in force.
    Given(Vec<(BaseNorm, InForce)>),
    Money {
        rows: Vec<MoneyRow>,
        divide_by: Vec<String>,
        months: i64,
    },
    /// Only rates.
    Nothing,
}

/// The rounding of one figure.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureRounding {
    Exact,
    To { decimals: u32, mode: &'static str },
}

impl FigureRounding {
    pub const KOPECKS: FigureRounding = FigureRounding::To { decimals: 2, mode: "half_up" };

    fn toml(&self) -> String {
        match self {
            FigureRounding::Exact => "\"none\"".to_string(),
            FigureRounding::To { decimals, mode } => format!("{{ decimals = {decimals}, mode = \"{mode}\" }}"),
        }
    }
}

/// Parts of a pair's people whose amounts are rounded one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AmountByDef {
    Clinic,
    Band,
    AdultsChildren,
}

/// The roundings of a care.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundingDef {
    pub month_base_is_exact: bool,
    pub year_then_month: bool,
    pub k: FigureRounding,
    pub factor: FigureRounding,
    pub correction: FigureRounding,
    pub year_norm: FigureRounding,
    pub month_norm: FigureRounding,
    pub amount: FigureRounding,
    pub amount_by: AmountByDef,
}

impl Default for RoundingDef {
    fn default() -> RoundingDef {
        RoundingDef {
            month_base_is_exact: false,
            year_then_month: false,
            k: FigureRounding::Exact,
            factor: FigureRounding::Exact,
            correction: FigureRounding::Exact,
            year_norm: FigureRounding::KOPECKS,
            month_norm: FigureRounding::KOPECKS,
            amount: FigureRounding::KOPECKS,
            amount_by: AmountByDef::Clinic,
        }
    }
}

/// A limit that is told.
#[derive(Clone, Debug, PartialEq)]
pub enum FloorDef {
    BandsFrom { from: i32, least: String },
    Factor { factor: String, least: String },
}

/// A kind of care.
#[derive(Clone, Debug, PartialEq)]
pub struct CareDef {
    pub name: String,
    pub profile: u8,
    /// `None`: the heads count at their clinics.
    pub stations: Option<Vec<StationRow>>,
    /// Empty: the as-of date.
    pub heads: Vec<DayDef>,
    /// Empty: the days of the heads.
    pub composition: Vec<DayDef>,
    pub mean: MeanDef,
    /// A set of the tariff; `None`: `bands`.
    pub band_set: Option<String>,
    pub bands: Vec<BandDef>,
    /// Columns of the table of clinics.
    pub factors: Vec<String>,
    pub factor_rows: Vec<FactorRow>,
    pub given_k: Vec<GivenKRow>,
    pub groups: Vec<GroupRow>,
    pub rates: Vec<RateRow>,
    pub correction: CorrectionDef,
    pub base: BaseDef,
    pub rounding: RoundingDef,
    pub floors: Vec<FloorDef>,
}

impl CareDef {
    /// The care that a tariff without kinds of care means, with the name and the profile that it then has.
    pub fn from_today(tariff: &TariffDef) -> CareDef {
        CareDef {
            name: "ambulatory".to_string(),
            profile: 1,
            stations: None,
            heads: Vec::new(),
            composition: Vec::new(),
            mean: MeanDef::Exact,
            band_set: None,
            bands: tariff.bands.clone(),
            factors: tariff.factors.clone(),
            factor_rows: Vec::new(),
            given_k: Vec::new(),
            groups: Vec::new(),
            rates: Vec::new(),
            correction: match tariff.correction.as_str() {
                "computed" => CorrectionDef::Computed,
                given => CorrectionDef::Given(given.to_string()),
            },
            base: BaseDef::Given(vec![(tariff.base.clone(), InForce::default())]),
            rounding: RoundingDef::default(),
            floors: Vec::new(),
        }
    }

    fn toml(&self) -> String {
        let mut text = format!("\n[[care]]\nname = \"{}\"\nprofile = {}\n", self.name, self.profile);
        if !self.heads.is_empty() {
            text += &format!("heads = {}\n", days(&self.heads));
        }
        if !self.composition.is_empty() {
            text += &format!("composition = {}\n", days(&self.composition));
        }
        match self.mean {
            MeanDef::Exact => {}
            MeanDef::WholeByBand => text += "mean_heads = \"half_up\"\n",
            MeanDef::WholeByClinic => text += "mean_heads = \"half_up\"\nmean_heads_by = \"clinic\"\n",
        }
        if let Some(set) = &self.band_set {
            text += &format!("band_set = \"{set}\"\n");
        }
        text += &format!("factors = {:?}\n", self.factors);
        for (key, _, _) in self.tables().iter().filter(|(key, _, _)| *key != "money") {
            text += &format!("{key} = \"{}\"\n", self.path(key));
        }
        text += &self.correction_and_base();
        for band in &self.bands {
            text += &band.toml("care.bands");
        }
        text += &self.rounding_toml();
        for floor in &self.floors {
            text += &match floor {
                FloorDef::BandsFrom { from, least } => format!("\n[[care.floors]]\nbands_from = {from}\nleast = \"{least}\"\n"),
                FloorDef::Factor { factor, least } => format!("\n[[care.floors]]\nfactor = \"{factor}\"\nleast = \"{least}\"\n"),
            };
        }
        text
    }

    fn correction_and_base(&self) -> String {
        let mut text = match &self.correction {
            CorrectionDef::Computed => "correction = \"computed\"\n".to_string(),
            CorrectionDef::None => "correction = \"none\"\n".to_string(),
            CorrectionDef::Given(value) => format!("correction = \"{value}\"\n"),
            CorrectionDef::Dated(entries) => {
                let entry =
                    |(value, dates): &(String, InForce)| format!("\n[[care.correction]]\nvalue = \"{value}\"\n{}", dates.keys());
                entries.iter().map(entry).collect()
            }
        };
        match &self.base {
            BaseDef::Nothing => {}
            BaseDef::Given(norms) => {
                for (norm, dates) in norms {
                    text += &format!("\n[[care.base_norm]]\n{}{}", norm.toml(), dates.keys());
                }
            }
            BaseDef::Money { divide_by, months, .. } => {
                let table = self.path("money");
                text +=
                    &format!("\n[care.base_money]\ntable = \"{table}\"\ndivide_by = {divide_by:?}\nperiod_months = {months}\n");
            }
        }
        text
    }

    /// The keys that differ from their defaults.
    fn rounding_toml(&self) -> String {
        let (rounding, default) = (&self.rounding, RoundingDef::default());
        let mut keys = String::new();
        if rounding.month_base_is_exact {
            keys += "month_base = \"exact\"\n";
        }
        if rounding.year_then_month {
            keys += "norm_period = \"year_then_month\"\n";
        }
        for (key, figure, usual) in [
            ("k", &rounding.k, &default.k),
            ("factor", &rounding.factor, &default.factor),
            ("correction", &rounding.correction, &default.correction),
            ("year_norm", &rounding.year_norm, &default.year_norm),
            ("month_norm", &rounding.month_norm, &default.month_norm),
            ("amount", &rounding.amount, &default.amount),
        ] {
            if figure != usual {
                keys += &format!("{key} = {}\n", figure.toml());
            }
        }
        match rounding.amount_by {
            AmountByDef::Clinic => {}
            AmountByDef::Band => keys += "amount_by = \"band\"\n",
            AmountByDef::AdultsChildren => keys += "amount_by = \"adults_children\"\n",
        }
        if keys.is_empty() { keys } else { format!("\n[care.rounding]\n{keys}") }
    }

    fn path(&self, key: &str) -> String {
        format!("{}-{key}.csv", self.name)
    }

    /// Key, header and rows of each table that the care names.
    fn tables(&self) -> Vec<(&'static str, &'static str, Vec<String>)> {
        let mut tables = Vec::new();
        let line = |parts: &[&[String]]| parts.concat().join(";");
        if let Some(rows) = &self.stations {
            let rows = rows.iter().map(|row| line(&[&[row.clinic.clone(), row.station.clone()], &row.dates.cells()])).collect();
            tables.push(("stations", "clinic;station;valid_from;valid_to", rows));
        }
        if !self.groups.is_empty() {
            let row = |row: &GroupRow| line(&[&[row.clinic.clone(), row.group.clone()], &row.dates.cells()]);
            tables.push(("groups", "clinic;group;valid_from;valid_to", self.groups.iter().map(row).collect()));
        }
        if !self.factor_rows.is_empty() {
            let row = |row: &FactorRow| {
                let values = [row.factor.clone(), row.value.clone(), row.share.clone()];
                line(&[&row.holder.cells(), &values, &row.dates.cells()])
            };
            let header = "clinic;group;factor;value;share;valid_from;valid_to";
            tables.push(("factor_table", header, self.factor_rows.iter().map(row).collect()));
        }
        if !self.given_k.is_empty() {
            let row = |row: &GivenKRow| line(&[&row.holder.cells(), std::slice::from_ref(&row.k), &row.dates.cells()]);
            tables.push(("k_table", "clinic;group;k;valid_from;valid_to", self.given_k.iter().map(row).collect()));
        }
        if !self.rates.is_empty() {
            let row = |row: &RateRow| {
                let to = row.to.map_or(String::new(), |to| to.to_string());
                line(&[&row.holder.cells(), &[row.sex.clone(), row.from.to_string(), to, row.rate.clone()], &row.dates.cells()])
            };
            let header = "clinic;group;sex;from;to;rate;valid_from;valid_to";
            tables.push(("rates", header, self.rates.iter().map(row).collect()));
        }
        if let BaseDef::Money { rows, .. } = &self.base {
            let row = |row: &MoneyRow| {
                let inside = if row.inside { "1" } else { "0" }.to_string();
                line(&[&[row.line.clone(), row.sum.clone(), inside, row.care.clone()], &row.dates.cells()])
            };
            tables.push(("money", "line;sum;inside;care;valid_from;valid_to", rows.iter().map(row).collect()));
        }
        tables
    }
}

fn days(days: &[DayDef]) -> String {
    match days {
        [day] => day.toml(),
        days => format!("[{}]", days.iter().map(DayDef::toml).collect::<Vec<_>>().join(", ")),
    }
}

impl BaseNorm {
    fn toml(&self) -> String {
        match self {
            BaseNorm::PerMonth(month) => format!("per_month = \"{month}\"\n"),
            BaseNorm::PerYear(year) => format!("per_year = \"{year}\"\n"),
        }
    }
}

impl BandDef {
    fn toml(&self, list: &str) -> String {
        let sex = if self.sex == "both" { "\"both\"" } else { &self.sex };
        let to = self.to.map_or(String::new(), |to| format!("to = {to}\n"));
        format!("\n[[{list}]]\nsex = {sex}\nfrom = {}\n{to}coefficient = \"{}\"\n", self.from, self.coefficient)
    }
}

impl TariffDef {
    /// The kinds of care; a tariff that names none means one.
    pub fn kinds_of_care(&self) -> Vec<CareDef> {
        if self.cares.is_empty() { vec![CareDef::from_today(self)] } else { self.cares.clone() }
    }

    /// Takes the columns that no care names out of the table of clinics, which the program would refuse.
    pub fn drop_unused_columns(&mut self, clinics: &mut [ClinicRow]) {
        if self.cares.is_empty() {
            return;
        }
        let mut columns: Vec<String> = Vec::new();
        for factor in self.cares.iter().flat_map(|care| &care.factors) {
            if !columns.contains(factor) {
                columns.push(factor.clone());
            }
        }
        let place = |name: &String| self.factors.iter().position(|known| known == name).expect("a column");
        let places: Vec<usize> = columns.iter().map(place).collect();
        for clinic in clinics {
            clinic.factors = places.iter().map(|place| clinic.factors[*place].clone()).collect();
        }
        self.factors = columns;
    }

    /// Writes `tariff.toml` and the tables that it names into a folder.
    pub fn write_to(&self, dir: &Path) -> io::Result<()> {
        fs::write(dir.join("tariff.toml"), self.toml())?;
        for care in &self.cares {
            for (key, header, rows) in care.tables() {
                fs::write(dir.join(care.path(key)), rows.iter().fold(format!("{header}\n"), |text, row| text + row + "\n"))?;
            }
        }
        Ok(())
    }

    /// The text of `tariff.toml`.
    pub fn toml(&self) -> String {
        let mut text = String::new();
        if !self.count_days.is_empty() {
            text += &format!("count_days = [{}]\n", self.count_days.iter().map(DayDef::toml).collect::<Vec<_>>().join(", "));
        }
        if self.cares.is_empty() {
            let base = self.base.toml();
            text += &format!("factors = {:?}\ncorrection = \"{}\"\n\n[[base_norm]]\n{base}", self.factors, self.correction);
            text.extend(self.bands.iter().map(|band| band.toml("bands")));
        }
        for set in &self.band_sets {
            text += &format!("\n[[band_sets]]\nname = \"{}\"\n", set.name);
            text.extend(set.bands.iter().map(|band| band.toml("band_sets.bands")));
        }
        text.extend(self.cares.iter().map(CareDef::toml));
        text
    }
}
