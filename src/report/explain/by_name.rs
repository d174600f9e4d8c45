//! Persons by surname and birth date, as far as the tables of a run hold names.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::ExplainError;
use super::organisations::OrganisationNames;
use super::tables::Tables;
use super::told::Day;
use crate::report::table_reader::Row;
use sverka_model::{Date, normalise_name};
use sverka_publish::OutputTable;

/// A person who may be meant.
#[derive(Debug, Serialize)]
pub struct Candidate {
    /// Number of the person, as text: it has more digits than the numbers of some programs.
    pub person_id: String,
    /// Surname as received.
    pub surname: String,
    /// Given name as received.
    pub given_name: String,
    /// Patronymic as received.
    pub patronymic: Option<String>,
    /// The birth date that was asked for.
    pub birth_date: Day,
    /// Insurer on the as-of date; of those who are not in the register the last one that their table tells.
    pub insurer: Option<String>,
    /// Name of the insurer.
    pub insurer_name: Option<String>,
    /// Clinic on the as-of date, or the one that still lists the person.
    pub clinic: Option<String>,
    /// Name of the clinic.
    pub clinic_name: Option<String>,
    /// Whether the person is in the register.
    pub in_register: bool,
}

/// A table that holds names, with its columns of insurer and clinic.
const TABLES: [(OutputTable, &[&str]); 3] = [
    (OutputTable::Persons, &["insurer", "clinic"]),
    (OutputTable::MustChoose, &["insurer"]),
    (OutputTable::AttachedUninsured, &["insurer", "clinic"]),
];

/// The persons of a birth date with this surname, or surname and further names; by their numbers.
pub(super) fn candidates(tables: &Tables, name: &str, birth: Date) -> Result<BTreeMap<i64, Candidate>, ExplainError> {
    tables.required(OutputTable::Persons)?;
    let names = OrganisationNames::read(tables)?;
    let asked = normalise_name(name);
    let mut found = BTreeMap::new();
    for (table, organisations) in TABLES {
        let Some(reader) = tables.optional(table)? else { continue };
        let looked_at = ["birth_date", "surname", "given_name", "patronymic"];
        let is_meant = |row: Row<'_>| row.date("birth_date") == Some(birth) && is_named(row, &asked);
        let columns = [&["person_id", "surname", "given_name", "patronymic"], organisations].concat();
        for row in reader.find(|_| true, &looked_at, is_meant, &columns)?.iter() {
            let Some(id) = row.number("person_id") else { continue };
            found.entry(id).or_insert_with(|| candidate(row, (id, birth), table, organisations, &names));
        }
    }
    Ok(found)
}

/// Whether a row bears the name that was asked for: the surname, or the surname with the given name, or all three.
fn is_named(row: Row<'_>, asked: &str) -> bool {
    let mut name = String::new();
    ["surname", "given_name", "patronymic"].into_iter().any(|column| {
        name.push_str(row.text(column).unwrap_or_default());
        name.push(' ');
        normalise_name(&name) == asked
    })
}

fn candidate(
    row: Row<'_>,
    (id, birth): (i64, Date),
    table: OutputTable,
    organisations: &[&str],
    names: &OrganisationNames,
) -> Candidate {
    let text = |column: &str| row.text(column).map(str::to_owned);
    let organisation = |column: &str| organisations.contains(&column).then(|| text(column)).flatten();
    let (insurer, clinic) = (organisation("insurer"), organisation("clinic"));
    Candidate {
        person_id: id.to_string(),
        surname: text("surname").unwrap_or_default(),
        given_name: text("given_name").unwrap_or_default(),
        patronymic: text("patronymic"),
        birth_date: Day(birth),
        insurer_name: insurer.as_deref().and_then(|code| names.of("insurer", code)),
        insurer,
        clinic_name: clinic.as_deref().and_then(|code| names.of("clinic", code)),
        clinic,
        in_register: table == OutputTable::Persons,
    }
}
