//! Persons by surname and birth date, in the tables of a run that hold names.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::ExplainError;
use super::explanation::{Day, Subject};
use super::organisations::OrganisationNames;
use super::published_run::PublishedRun;
use crate::table_reader::Row;
use sverka_model::{Date, PersonId, normalise_name};
use sverka_publish::OutputTable;

/// Person whom a question by name may be about.
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
    /// Birth date of the question.
    pub birth_date: Day,
    /// Insurer on the as-of date; for a person outside the register the last insurer in the table with the person's name.
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

/// Table that holds names.
struct NameTable {
    table: OutputTable,
    /// Columns of insurer and clinic.
    organisations: &'static [&'static str],
}

const NAME_TABLES: [NameTable; 3] = [
    NameTable { table: OutputTable::Persons, organisations: &["insurer", "clinic"] },
    NameTable { table: OutputTable::MustChoose, organisations: &["insurer"] },
    NameTable { table: OutputTable::AttachedUninsured, organisations: &["insurer", "clinic"] },
];

/// Persons with a birth date and a surname, or a surname and further names; by number of the person.
pub(super) fn candidates(run: &PublishedRun, name: &str, birth: Date) -> Result<BTreeMap<PersonId, Candidate>, ExplainError> {
    run.required_table(OutputTable::Persons)?;
    let names = OrganisationNames::read(run)?;
    let asked = normalise_name(name);
    let mut found = BTreeMap::new();
    for names_in in NAME_TABLES {
        let Some(reader) = run.table(names_in.table)? else { continue };
        let tested = ["birth_date", "surname", "given_name", "patronymic"];
        let is_meant = |row: Row<'_>| row.date("birth_date") == Some(birth) && is_named(row, &asked);
        let columns = [&["person_id", "birth_date", "surname", "given_name", "patronymic"], names_in.organisations].concat();
        for row in reader.find(|_| true, &tested, is_meant, &columns)?.iter() {
            let Some(id) = row.number("person_id").map(PersonId::from_stored) else { continue };
            found.entry(id).or_insert_with(|| candidate(row, id, &names_in, &names));
        }
    }
    Ok(found)
}

/// Whether a row has the name of the question: the surname, the surname with the given name, or all three.
fn is_named(row: Row<'_>, asked: &str) -> bool {
    let mut name = String::new();
    ["surname", "given_name", "patronymic"].into_iter().any(|column| {
        name.push_str(row.text(column).unwrap_or_default());
        name.push(' ');
        normalise_name(&name) == asked
    })
}

fn candidate(row: Row<'_>, id: PersonId, names_in: &NameTable, names: &OrganisationNames) -> Candidate {
    let text = |column: &str| row.text(column).map(str::to_owned);
    let organisation = |column: &str| names_in.organisations.contains(&column).then(|| text(column)).flatten();
    let (insurer, clinic) = (organisation("insurer"), organisation("clinic"));
    Candidate {
        person_id: id.to_string(),
        surname: text("surname").unwrap_or_default(),
        given_name: text("given_name").unwrap_or_default(),
        patronymic: text("patronymic"),
        birth_date: Day(row.date("birth_date").unwrap_or(Date::EARLIEST)),
        insurer_name: insurer.as_deref().and_then(|code| names.name(Subject::Insurer, code)),
        insurer,
        clinic_name: clinic.as_deref().and_then(|code| names.name(Subject::Clinic, code)),
        clinic,
        in_register: names_in.table == OutputTable::Persons,
    }
}
