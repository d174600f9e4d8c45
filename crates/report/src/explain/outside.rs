//! Persons outside the register on the as-of date. Their names are in the tables of people whose insurer left, and of people who are attached without
//! insurance.

use super::error::ExplainError;
use super::explanation::{Day, PersonOutsideRegister, StillAttached, Subject, WithoutInsurer};
use super::organisations::OrganisationNames;
use super::published_run::PublishedRun;
use crate::table_reader::{Row, Rows};
use sverka_model::PersonId;
use sverka_publish::OutputTable;

const NAMES: [&str; 6] = ["surname", "given_name", "patronymic", "birth_date", "enp", "snils"];

/// Person outside the register; `None` when no table has the person's name.
pub(super) fn outside(
    run: &PublishedRun,
    id: PersonId,
    names: &OrganisationNames,
) -> Result<Option<PersonOutsideRegister>, ExplainError> {
    let left_columns = [&NAMES[..], &["sex", "age", "insurer", "left_on", "choose_by", "overdue"]].concat();
    let attached_columns = [&NAMES[..], &["clinic", "profile", "cause", "source", "line"]].concat();
    let left = rows_of(run, OutputTable::MustChoose, id, &left_columns)?;
    let attached = rows_of(run, OutputTable::AttachedUninsured, id, &attached_columns)?;
    let Some(who) = left.iter().chain(attached.iter()).next() else { return Ok(None) };
    let text = |column: &str| who.text(column).map(str::to_owned);
    Ok(Some(PersonOutsideRegister {
        surname: text("surname").unwrap_or_default(),
        given_name: text("given_name").unwrap_or_default(),
        patronymic: text("patronymic"),
        sex: left.iter().next().and_then(|row| row.number("sex")),
        birth_date: who.date("birth_date").map(Day),
        age: left.iter().next().and_then(|row| row.number("age")),
        enp: text("enp"),
        snils: text("snils"),
        without_insurer: left.iter().next().map(|row| without_insurer(row, names)),
        still_attached: attached.iter().map(|row| still_attached(row, names)).collect(),
    }))
}

fn rows_of(run: &PublishedRun, table: OutputTable, id: PersonId, columns: &[&str]) -> Result<Rows, ExplainError> {
    let id = id.number();
    let Some(reader) = run.table(table)? else { return Ok(Rows::default()) };
    let is_person = |row: Row<'_>| row.number("person_id") == Some(id);
    Ok(reader.find(|group| group.may_hold_number("person_id", &(id..=id)), &["person_id"], is_person, columns)?)
}

fn without_insurer(row: Row<'_>, names: &OrganisationNames) -> WithoutInsurer {
    let insurer = row.text("insurer").unwrap_or_default().to_owned();
    WithoutInsurer {
        insurer_name: names.name(Subject::Insurer, &insurer),
        insurer,
        left_on: row.date("left_on").map(Day),
        choose_by: row.date("choose_by").map(Day),
        overdue: row.is_true("overdue"),
    }
}

fn still_attached(row: Row<'_>, names: &OrganisationNames) -> StillAttached {
    let clinic = row.text("clinic").unwrap_or_default().to_owned();
    StillAttached {
        clinic_name: names.name(Subject::Clinic, &clinic),
        clinic,
        profile: row.number("profile").unwrap_or_default(),
        cause: row.text("cause").unwrap_or_default().to_owned(),
        source: row.text("source").unwrap_or_default().to_owned(),
        line: row.number("line").unwrap_or_default(),
    }
}
