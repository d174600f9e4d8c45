//! Files of a proposal: a table for approval, and entries for the file of overrides that people sign.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{Assignment, DistributeError, Proposal};
use crate::destination::{Destination, target_file, write_to};
use sverka_model::Date;

impl Assignment {
    /// Reason for the insurer, as in the table.
    fn reason(&self) -> &'static str {
        if self.household_size > 1 { "household" } else { "proportion" }
    }
}

/// Writes the table for approval, as CSV with `;` or as Parquet by the ending of the file. The file is written as a whole or not at all.
///
/// # Errors
/// When the file has another ending, lies in the run, or cannot be written.
pub fn write_table(proposal: &Proposal, file: &Path) -> Result<Destination, DistributeError> {
    let bytes = match file.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => csv_table(proposal),
        Some("parquet") => parquet_table(proposal),
        _ => return Err(DistributeError::Ending { file: file.to_owned() }),
    };
    let bytes = bytes.map_err(|cause| DistributeError::Write { file: file.to_owned(), cause })?;
    write_whole(proposal, file, &bytes)
}

/// Writes entries for the file of overrides, one for each person. Author, reason and day of the decision are empty, so a run refuses the file until
/// people fill them in.
///
/// # Errors
/// When the file lies in the run or cannot be written.
pub fn write_overrides(proposal: &Proposal, file: &Path) -> Result<Destination, DistributeError> {
    write_whole(proposal, file, overrides(proposal).as_bytes())
}

fn overrides(proposal: &Proposal) -> String {
    let Proposal { run_id, as_of, people, .. } = proposal;
    let mut text = format!(
        "# A proposal of `sverka distribute` from the run {run_id}: {} people whose insurer left.\n\
         # Nothing of it counts until somebody answers for it: fill in author, reason and decided_on of each entry, or remove the entry.\n",
        people.len()
    );
    for Assignment { person, insurer, .. } in people {
        let selector = match (&person.enp, &person.snils) {
            (Some(enp), _) => format!("enp = \"{enp}\""),
            (None, Some(snils)) => format!("snils = \"{snils}\""),
            (None, None) => format!("source = {}, line = {}", toml::Value::from(person.source.as_str()), person.line),
        };
        let from = if person.overdue { as_of.clone() } else { person.choose_by.to_string() };
        let _ = write!(
            text,
            "\n[[insurer]]\nperson     = {{ {selector} }}\ninsurer    = \"{insurer}\"\nfrom       = {from}\nauthor     = \"\"\nreason     = \
             \"\"\ndecided_on = \"\"\n"
        );
    }
    text
}

const COLUMNS: [&str; 15] = [
    "person_id",
    "enp",
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "category",
    "insurer",
    "left_on",
    "choose_by",
    "overdue",
    "proposed_insurer",
    "household",
    "household_size",
    "reason",
];

fn csv_table(proposal: &Proposal) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for proposed in &proposal.people {
        let person = &proposed.person;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        writer.write_record([
            person.person_id.to_string(),
            text(&person.enp),
            person.surname.clone(),
            person.given_name.clone(),
            text(&person.patronymic),
            person.birth_date.to_string(),
            person.category.map_or_else(String::new, |category| category.to_string()),
            person.insurer.clone(),
            person.left_on.to_string(),
            person.choose_by.to_string(),
            u8::from(person.overdue).to_string(),
            proposed.insurer.clone(),
            person.household.map_or_else(String::new, |household| household.to_string()),
            proposed.household_size.to_string(),
            proposed.reason().to_owned(),
        ])?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn parquet_table(proposal: &Proposal) -> io::Result<Vec<u8>> {
    let rows = &proposal.people;
    let date = |of: fn(&Assignment) -> Date| -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| of(row).days())))
    };
    let text = |of: fn(&Assignment) -> Option<&str>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<StringArray>()) };
    let columns: [ArrayRef; COLUMNS.len()] = [
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.person.person_id.number()))),
        text(|row| row.person.enp.as_deref()),
        text(|row| Some(&row.person.surname)),
        text(|row| Some(&row.person.given_name)),
        text(|row| row.person.patronymic.as_deref()),
        date(|row| row.person.birth_date),
        Arc::new(rows.iter().map(|row| row.person.category).collect::<Int32Array>()),
        text(|row| Some(&row.person.insurer)),
        date(|row| row.person.left_on),
        date(|row| row.person.choose_by),
        Arc::new(rows.iter().map(|row| Some(row.person.overdue)).collect::<BooleanArray>()),
        text(|row| Some(&row.insurer)),
        Arc::new(rows.iter().map(|row| row.person.household).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.household_size as i64)).collect::<Int64Array>()),
        text(|row| Some(row.reason())),
    ];
    let nullable = ["enp", "patronymic", "category", "household"];
    let named = COLUMNS.into_iter().zip(columns).map(|(name, column)| (name, column, nullable.contains(&name)));
    let batch = RecordBatch::try_from_iter_with_nullable(named).map_err(io::Error::other)?;
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).map_err(io::Error::other)?;
    writer.write(&batch).and_then(|()| writer.close()).map_err(io::Error::other)?;
    Ok(bytes)
}

fn write_whole(proposal: &Proposal, file: &Path, bytes: &[u8]) -> Result<Destination, DistributeError> {
    let unwritable = |cause| DistributeError::Write { file: file.to_owned(), cause };
    if target_file(file).map_err(unwritable)?.is_some_and(|target| lies_in(&proposal.dir, &target)) {
        return Err(DistributeError::InsideRun { file: file.to_owned() });
    }
    write_to(file, |out| out.write_all(bytes)).map_err(unwritable)
}

fn lies_in(dir: &Path, file: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned);
    match (parent.canonicalize(), dir.canonicalize()) {
        (Ok(parent), Ok(dir)) => parent.starts_with(dir),
        _ => false,
    }
}
