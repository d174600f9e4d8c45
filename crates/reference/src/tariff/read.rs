//! Reader of tariffs: the TOML file with the tables that it names, the entries in force on the as-of date, and errors with their line.
//!
//! It is read in two steps, because the table of clinics has a column for each factor that the TOML file names, and the tables of the tariff name
//! clinics by their codes: [`TariffFile::parse`], then [`TariffFile::tariff`].

mod care;
mod days;
mod entries;
mod tables;
mod values;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use toml::{Spanned, Value};

use crate::clinics::Clinics;
use crate::{ReferenceError, ReferenceFault};
use sverka_formats::toml_problem;
use sverka_model::{Date, Sex};

use super::bands::{AGE_MAX, AgeSexBand, BandLine, BandSet, BandSetId};
use super::days::Days;
use super::{Care, Tariff};
use entries::{BandEntry, BandSetEntry, TomlFile};
use values::Source;

/// The largest coefficient. A larger one has lost its decimal point.
const COEFFICIENT_MAX: Decimal = Decimal::ONE_HUNDRED;

/// Tables that a tariff names, by the path that stands in it.
pub type TariffTables = BTreeMap<String, TariffTable>;

/// A table that a tariff names.
#[derive(Clone, Debug)]
pub struct TariffTable {
    /// Name of the table in errors.
    pub name: String,
    /// Bytes of the table.
    pub bytes: Vec<u8>,
}

/// The TOML file of a tariff, before its tables are read.
#[derive(Debug)]
pub struct TariffFile {
    file: String,
    text: String,
    written: TomlFile,
    factor_columns: Vec<String>,
}

/// Path of a table with the line of the tariff that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TablePath {
    /// Path relative to the file of the tariff.
    pub path: String,
    /// Line of the tariff.
    pub line: u64,
}

impl TariffFile {
    /// Reads the TOML file; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault of its form or of its names of factors, with the line.
    pub fn parse(file: &str, text: &str) -> Result<Self, ReferenceError> {
        let toml_error = |error: toml::de::Error| {
            let (line, mut problem) = toml_problem(text, &error);
            if ["factors", "correction"].iter().any(|key| problem.starts_with(&format!("unknown field `{key}`"))) {
                problem.push_str("; this key stands above the first [[...]]");
            }
            ReferenceError::new(file, line, ReferenceFault::Toml { problem })
        };
        let written: TomlFile = toml::from_str(text).map_err(toml_error)?;
        let source = Source { file, text };
        let factor_columns = factor_columns(&source, &written)?;
        Ok(Self { file: file.to_owned(), text: text.to_owned(), written, factor_columns })
    }

    /// Names of the factors that are columns of the table of clinics, those of all cares.
    #[must_use]
    pub fn factor_columns(&self) -> &[String] {
        &self.factor_columns
    }

    /// Tables that the tariff names, each once.
    #[must_use]
    pub fn tables(&self) -> Vec<TablePath> {
        let source = Source { file: &self.file, text: &self.text };
        let mut tables: Vec<TablePath> = Vec::new();
        for path in self.written.care.iter().flat_map(|care| care.get_ref().tables()) {
            if !tables.iter().any(|table| table.path == *path.get_ref()) {
                tables.push(TablePath { path: path.get_ref().clone(), line: source.line(path) });
            }
        }
        tables
    }

    /// The tariff in force on `day`.
    ///
    /// # Errors
    /// The first fault of the file or of its tables, with its line.
    pub fn tariff(&self, day: Date, clinics: &Clinics, tables: &TariffTables) -> Result<Tariff, ReferenceError> {
        let source = Source { file: &self.file, text: &self.text };
        let mut reader = Reader { source, day, clinics, tables, days: Days::new(day), band_sets: Vec::new(), file: self };
        reader.read_band_sets()?;
        let cares = reader.cares()?;
        reader.read_count_days()?;
        let Reader { days, band_sets, .. } = reader;
        Ok(Tariff::new(days.into_vec(), band_sets, cares, self.factor_columns.clone()))
    }
}

/// State of reading a tariff.
struct Reader<'a> {
    source: Source<'a>,
    day: Date,
    clinics: &'a Clinics,
    tables: &'a TariffTables,
    /// Days on which people are counted, as far as they are read.
    days: Days,
    /// Sets of bands, as far as they are read.
    band_sets: Vec<BandSet>,
    file: &'a TariffFile,
}

impl<'a> Reader<'a> {
    /// The kinds of care: the keys at the top of the file are those of one, `ambulatory`.
    fn cares(&mut self) -> Result<Vec<Care>, ReferenceError> {
        let written = &self.file.written;
        if written.care.is_empty() {
            return Ok(vec![self.care(Care::AMBULATORY, &written.top_care())?]);
        }
        if let Some(line) = written.top_line(&self.source) {
            let first_line = self.source.line(&written.care[0]);
            return Err(ReferenceError::new(self.source.file, line, ReferenceFault::CareBesideTop { first_line }));
        }
        let mut cares: Vec<Care> = Vec::with_capacity(written.care.len());
        for entry in &written.care {
            let Some(name) = &entry.get_ref().name else {
                return Err(self.source.error_in(entry, ReferenceFault::Empty { column: "name".to_owned() }));
            };
            self.source.check_name(name)?;
            if let Some(first) = cares.iter().position(|known| known.name == *name.get_ref()) {
                let first_line = self.source.line(&written.care[first]);
                return Err(self.source.error_in(name, ReferenceFault::NameTwice { name: name.get_ref().clone(), first_line }));
            }
            cares.push(self.care(name.get_ref(), entry.get_ref())?);
        }
        Ok(cares)
    }

    /// Reads the sets of bands that have a name.
    fn read_band_sets(&mut self) -> Result<(), ReferenceError> {
        let entries = &self.file.written.band_sets;
        for entry in entries {
            let BandSetEntry { name, bands } = entry.get_ref();
            self.source.check_name(name)?;
            if let Some(first) = self.band_sets.iter().position(|set| set.name == *name.get_ref()) {
                let first_line = self.source.line(&entries[first]);
                return Err(self.source.error_in(name, ReferenceFault::NameTwice { name: name.get_ref().clone(), first_line }));
            }
            self.add_band_set(name.get_ref(), bands)?;
        }
        Ok(())
    }

    /// Adds a set of the bands in force.
    fn add_band_set(&mut self, name: &str, entries: &[Spanned<BandEntry>]) -> Result<BandSetId, ReferenceError> {
        let mut bands = Vec::new();
        for entry in entries {
            self.read_band(entry, &mut bands)?;
        }
        self.band_sets.push(BandSet::assemble(self.source.file, name, bands)?);
        Ok(BandSetId::new(self.band_sets.len() - 1))
    }

    /// Adds the band of an entry in force, or one for each sex.
    fn read_band(&self, entry: &Spanned<BandEntry>, bands: &mut Vec<BandLine>) -> Result<(), ReferenceError> {
        let (source, band) = (&self.source, entry.get_ref());
        let coefficient = match &band.coefficient {
            Some(coefficient) => source.number("coefficient", coefficient, COEFFICIENT_MAX)?,
            None => Decimal::ONE,
        };
        let sexes: &[Sex] = match band.sex.get_ref() {
            Value::Integer(1) => &[Sex::Male],
            Value::Integer(2) => &[Sex::Female],
            Value::String(both) if both == "both" => &[Sex::Male, Sex::Female],
            other => return Err(source.choice("sex", &band.sex, other, "1, 2 or \"both\"")),
        };
        for (key, age, least) in [("from", Some(&band.from), 0), ("to", band.to.as_ref(), *band.from.get_ref())] {
            let Some(age) = age.filter(|age| !(least..=AGE_MAX).contains(age.get_ref())) else { continue };
            let fault = ReferenceFault::OutOfRange {
                key: key.to_owned(),
                value: age.get_ref().to_string(),
                expected: format!("full years from {least} to {AGE_MAX}"),
            };
            return Err(source.error_in(age, fault));
        }
        if source.in_force(band.valid_from.as_ref(), band.valid_to.as_ref(), self.day)? {
            let to = band.to.as_ref().map(|to| *to.get_ref());
            let line = source.line(entry);
            let new_band = |&sex| AgeSexBand::new(sex, *band.from.get_ref(), to, coefficient);
            bands.extend(sexes.iter().map(|sex| BandLine { line, band: new_band(sex) }));
        }
        Ok(())
    }
}

/// Names of the factors that are columns of the table of clinics, each once.
fn factor_columns(source: &Source<'_>, written: &TomlFile) -> Result<Vec<String>, ReferenceError> {
    let mut columns: Vec<String> = Vec::new();
    let of_cares = written.care.iter().map(|care| &care.get_ref().factors);
    for names in std::iter::once(&written.factors).chain(of_cares) {
        let mut of_care: Vec<&String> = Vec::with_capacity(names.len());
        for name in names {
            let factor = name.get_ref();
            let why = if factor.trim().is_empty() || factor.trim() != factor {
                "is empty or has blanks around it"
            } else if Clinics::has_column(factor) {
                "is a column of the clinics' table already"
            } else if of_care.contains(&factor) {
                "stands twice in the list"
            } else {
                of_care.push(factor);
                if !columns.contains(factor) {
                    columns.push(factor.clone());
                }
                continue;
            };
            return Err(source.error_in(name, ReferenceFault::FactorName { factor: factor.clone(), why }));
        }
    }
    Ok(columns)
}
