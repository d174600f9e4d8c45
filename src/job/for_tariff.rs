//! Job for tariffs: its reference tables as far as money needs them. Neither sources nor settings of rules are read.

use std::path::{Path, PathBuf};

use super::load::{Resolver, line_of};
use super::output;
use super::{FileRole, JobError, JobFile};
use sverka_formats::likely_name;
use sverka_model::Date;
use sverka_reference::{
    ClinicRow, ClinicSettings, Clinics, ReferenceError, ReferenceFault, Successors, TablePath, Tariff, TariffFile, TariffTable,
    TariffTables,
};

/// Parts of a job that tariffs are read with.
#[derive(Debug)]
pub struct JobForTariff {
    /// Output folder.
    pub output: PathBuf,
    /// Tariff of the job.
    pub tariff: PathBuf,
    /// Files with clinics, for a comparison with those of a run.
    pub files: Vec<JobFile>,
    clinics: ReferenceTable,
    settings: Option<ReferenceTable>,
    succession: Option<ReferenceTable>,
}

/// A table that the job names.
#[derive(Debug)]
struct ReferenceTable {
    name: String,
    bytes: Vec<u8>,
}

/// A tariff with the clinics that it pays.
#[derive(Debug)]
pub struct TariffWithClinics {
    /// Clinics, with the factors of the tariff.
    pub clinics: Clinics,
    /// The tariff.
    pub tariff: Tariff,
}

impl JobForTariff {
    /// Reads a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first fault, with file and line.
    pub fn load(path: &Path) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let entry =
            text.reference.as_ref().ok_or_else(|| resolver.missing("reference", "[reference] insurers = \"insurers.csv\""))?;
        let mut files = Vec::new();
        let mut table = |name, role| -> Result<ReferenceTable, JobError> {
            let (bytes, file) = resolver.read(name, role)?;
            let name = file.name.clone();
            files.push(file);
            Ok(ReferenceTable { name, bytes })
        };
        let clinics = table(&entry.clinics, FileRole::Clinics)?;
        let settings = entry.clinic_settings.as_ref().map(|name| table(name, FileRole::ClinicSettings)).transpose()?;
        let succession = entry.succession.as_ref().map(|name| table(name, FileRole::Succession)).transpose()?;
        let output = resolver.path_of(text.output.as_ref().and_then(|output| output::path_of(output.get_ref())).unwrap_or("out"));
        let tariff = resolver.path_of(entry.tariff.get_ref());
        Ok(Self { output, tariff, files, clinics, settings, succession })
    }

    /// A tariff in force on `day`, with the clinics of the job. It need not be the tariff of the job.
    ///
    /// # Errors
    /// The first fault of the tariff, its tables or the clinics, with file and line.
    pub fn read_tariff(&self, path: &Path, day: Date) -> Result<TariffWithClinics, JobError> {
        let name = likely_name(path.as_os_str()).text;
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let problem = "the file is not UTF-8; save it as UTF-8".to_owned();
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            ReferenceError::new(&name, line, ReferenceFault::Toml { problem })
        })?;
        let file = TariffFile::parse(&name, &text)?;
        let clinics = self.clinics(file.factor_columns(), day)?;
        let tariff = file.tariff(day, &clinics, &tables(path, &name, &file)?)?;
        Ok(TariffWithClinics { clinics, tariff })
    }

    /// The clinics of the job with the factors of a tariff. The table may have columns of other tariffs.
    fn clinics(&self, factors: &[String], day: Date) -> Result<Clinics, JobError> {
        let mut columns = Clinics::factor_columns(&self.settings.as_ref().unwrap_or(&self.clinics).bytes);
        let absent: Vec<String> = factors.iter().filter(|factor| !columns.contains(factor)).cloned().collect();
        columns.extend(absent);
        let read_settings = |table: &ReferenceTable| ClinicSettings::read(&table.name, &table.bytes, &columns);
        let settings = self.settings.as_ref().map(read_settings).transpose()?;
        let mut rows = ClinicRow::read_all(&self.clinics.name, &self.clinics.bytes, &columns, settings.as_ref(), None)?;
        for row in &mut rows {
            let value = |factor: &String| {
                let mut values = columns.iter().zip(&row.factors);
                values.find(|(column, _)| *column == factor).map(|(_, value)| *value)
            };
            row.factors = factors.iter().filter_map(value).collect();
        }
        if let Some(ReferenceTable { name, bytes }) = &self.succession {
            Successors::read(name, bytes)?.complete_clinics(&mut rows)?;
        }
        Ok(Clinics::from_rows(&self.clinics.name, rows)?.counting_on(day)?)
    }
}

/// Tables that a tariff names. Their paths are relative to its file.
fn tables(path: &Path, name: &str, file: &TariffFile) -> Result<TariffTables, JobError> {
    let mut tables = TariffTables::new();
    for TablePath { path: table, line } in file.tables() {
        let bytes = std::fs::read(path.with_file_name("").join(&table)).map_err(|cause| {
            let fault = ReferenceFault::TableUnreadable { path: table.clone(), cause: cause.to_string() };
            ReferenceError::new(name, line, fault)
        })?;
        let name = Path::new(name).with_file_name("").join(&table).to_string_lossy().into_owned();
        tables.insert(table, TariffTable { name, bytes });
    }
    Ok(tables)
}
