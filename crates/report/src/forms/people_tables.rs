//! People that letters list: names, and why nobody pays for them.

use std::collections::BTreeMap;
use std::path::Path;

use super::run_tables::RunTables;
use super::{Comparison, FormsError};
use crate::table_reader::{Row, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

const KEY: &str = "person_id";
const NAMES: &[&str] = &[KEY, "surname", "given_name", "patronymic", "birth_date", "enp", "insurer"];

/// Person of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListedPerson {
    /// Parts of the name with blanks between them.
    pub name: String,
    pub birth_date: Option<Date>,
    pub enp: Option<String>,
    /// Code of the insurer.
    pub insurer: Option<String>,
}

/// Person whom nobody pays for at a clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnpaidPerson {
    pub person: ListedPerson,
    /// Reason in Russian.
    pub reason: &'static str,
    /// Day from which the reason holds.
    pub since: Option<Date>,
    /// Clinic where the person is attached instead.
    pub elsewhere: Option<String>,
}

impl RunTables<'_> {
    /// Persons of the register, by number; the numbers are sorted.
    pub fn people(&self, ids: &[i64]) -> Result<BTreeMap<i64, ListedPerson>, FormsError> {
        people_of(self.dir, ids)
    }

    /// Persons of the register of the former run, by number; the numbers are sorted.
    pub fn former_people(&self, comparison: &Comparison<'_>, ids: &[i64]) -> Result<BTreeMap<i64, ListedPerson>, FormsError> {
        people_of(comparison.dir, ids)
    }

    /// People whom nobody pays for, each with the clinic at which they would be counted, by clinic and person.
    pub fn unpaid(&self) -> Result<Vec<(String, UnpaidPerson)>, FormsError> {
        let mut unpaid = self.dead_and_uninsured()?;
        unpaid.extend(self.unresolved()?);
        unpaid.extend(self.attached_elsewhere()?);
        Ok(unpaid)
    }

    /// Code of the clinic at which people of a clinic are counted.
    fn counted_at(&self, clinic: &str) -> String {
        self.organisations.clinics.get(clinic).map_or_else(|| clinic.to_owned(), |found| found.counted_at.clone())
    }

    /// Attachments of people who are dead or not insured.
    fn dead_and_uninsured(&self) -> Result<Vec<(String, UnpaidPerson)>, FormsError> {
        let columns = [NAMES, &["profile", "clinic", "cause", "death_date", "insured_to"]].concat();
        let Some(reader) = TableReader::open_if_published(self.dir, OutputTable::AttachedUninsured)? else {
            return Ok(Vec::new());
        };
        let rows = reader.map_batches(&columns, |batch| {
            let rows = Row::all_of(batch).filter(|row| row.number("profile") == Some(1));
            let rows = rows.filter_map(|row| {
                let is_dead = row.text("cause") == Some("dead");
                let unpaid = UnpaidPerson {
                    person: listed(row),
                    reason: if is_dead { "умер" } else { "не застрахован" },
                    since: row.date(if is_dead { "death_date" } else { "insured_to" }),
                    elsewhere: None,
                };
                Some((self.counted_at(row.text("clinic")?), unpaid))
            });
            rows.collect::<Vec<_>>()
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Attached people whose insurer or clinic is not resolved.
    fn unresolved(&self) -> Result<Vec<(String, UnpaidPerson)>, FormsError> {
        let Some(reader) = TableReader::open_if_published(self.dir, OutputTable::Persons)? else { return Ok(Vec::new()) };
        let tested = ["clinic", "insurer_unresolved", "clinic_unresolved"];
        let is_unresolved = |row: Row<'_>| {
            row.text("clinic").is_some() && (row.is_true("insurer_unresolved") || row.is_true("clinic_unresolved"))
        };
        let rows = reader.find(|_| true, &tested, is_unresolved, &[NAMES, &tested].concat())?;
        let unpaid = rows.iter().filter_map(|row| {
            let reason = if row.is_true("clinic_unresolved") {
                "прикрепление спорно"
            } else {
                "страхование спорно"
            };
            let unpaid = UnpaidPerson { person: listed(row), reason, since: None, elsewhere: None };
            Some((self.counted_at(row.text("clinic")?), unpaid))
        });
        Ok(unpaid.collect())
    }

    /// People whom a clinic claims and who are attached to another one: decisions against the records of the clinic.
    fn attached_elsewhere(&self) -> Result<Vec<(String, UnpaidPerson)>, FormsError> {
        let Some(reader) = TableReader::open_if_published(self.dir, OutputTable::Decisions)? else { return Ok(Vec::new()) };
        let tested = ["subject", "profile", "outcome"];
        let is_claim = |row: Row<'_>| {
            row.text("subject") == Some("clinic")
                && row.number("profile") == Some(1)
                && matches!(row.text("outcome"), Some("lost" | "refused" | "overruled"))
        };
        let columns = [KEY, "losing_code", "start"];
        let rows = reader.find(|_| true, &tested, is_claim, &columns)?;
        let mut claims: BTreeMap<(i64, String), Option<Date>> = BTreeMap::new();
        for row in rows.iter() {
            if let (Some(id), Some(clinic)) = (row.number(KEY), row.text("losing_code")) {
                claims.insert((id, self.counted_at(clinic)), row.date("start"));
            }
        }
        let mut ids: Vec<i64> = claims.keys().map(|(id, _)| *id).collect();
        ids.dedup();
        let (people, clinics) = (self.people(&ids)?, self.clinics_of(&ids)?);
        let unpaid = claims.into_iter().filter_map(|((id, clinic), since)| {
            let elsewhere = clinics.get(&id).filter(|elsewhere| **elsewhere != clinic)?.clone();
            let person = people.get(&id)?.clone();
            Some((
                clinic,
                UnpaidPerson {
                    person, reason: "прикреплён к другой организации", since, elsewhere: Some(elsewhere)
                },
            ))
        });
        Ok(unpaid.collect())
    }

    /// Clinics at which persons are counted, by number of the person.
    fn clinics_of(&self, ids: &[i64]) -> Result<BTreeMap<i64, String>, FormsError> {
        let rows =
            persons_rows(self.dir, ids, &[KEY, "clinic"], |row| Some((row.number(KEY)?, self.counted_at(row.text("clinic")?))))?;
        Ok(rows.into_iter().flatten().collect())
    }
}

fn people_of(dir: &Path, ids: &[i64]) -> Result<BTreeMap<i64, ListedPerson>, FormsError> {
    let rows = persons_rows(dir, ids, NAMES, |row| Some((row.number(KEY)?, listed(row))))?;
    Ok(rows.into_iter().flatten().collect())
}

/// Result of `make` for each person of the register with one of the numbers.
fn persons_rows<T>(dir: &Path, ids: &[i64], columns: &[&str], make: impl Fn(Row<'_>) -> T) -> Result<Vec<T>, FormsError> {
    let Some(reader) = TableReader::open_if_published(dir, OutputTable::Persons)? else { return Ok(Vec::new()) };
    let rows = reader.read_keys(KEY, ids, columns)?;
    Ok(rows.iter().map(make).collect())
}

fn listed(row: Row<'_>) -> ListedPerson {
    let parts = ["surname", "given_name", "patronymic"].map(|part| row.text(part).unwrap_or_default());
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    ListedPerson {
        name: parts.join(" "),
        birth_date: row.date("birth_date"),
        enp: row.text("enp").map(str::to_owned),
        insurer: row.text("insurer").map(str::to_owned),
    }
}
