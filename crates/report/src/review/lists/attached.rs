//! Lists `attached_dead` and `attached_uninsured`: attachments in force of people for whom nobody is paid.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, Int64Array};

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, SortKey, amounts};
use super::super::source::ReviewSource;
use super::FUNDED_PROFILE;
use sverka_publish::OutputTable;

/// Columns of both lists between the names of the clinic and of the insurer, from the table `attached_uninsured`.
const SHARED: [&str; 12] = [
    "source",
    "line",
    "record_id",
    "person_id",
    "profile",
    "enp",
    "snils",
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "attached_from",
];

pub(super) fn attached_dead(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let (rows, columns) = attached(source, "dead", "death_date")?;
    let columns = columns
        .with("heads", Arc::new(Int64Array::from_value(0, rows.len())))
        .with("roubles", amounts((0..rows.len()).map(|_row| Some(0))));
    Ok(columns.into_relation().sorted(&BY_ROW))
}

pub(super) fn attached_uninsured(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let (rows, columns) = attached(source, "not_insured", "insured_to")?;
    let is_funded = |row: usize| i64::from(rows.small_numbers("profile").value(row)) == FUNDED_PROFILE;
    let clinics = rows.texts("clinic");
    let roubles =
        |row: usize| if is_funded(row) { source.norm(clinics.is_valid(row).then(|| clinics.value(row))) } else { Some(0) };
    let columns = columns
        .with("heads", Arc::new((0..rows.len()).map(|row| Some(i64::from(is_funded(row)))).collect::<Int64Array>()))
        .with("roubles", amounts((0..rows.len()).map(roubles)));
    Ok(columns.into_relation().sorted(&[&[SortKey::Descending("roubles")], &BY_ROW[..]].concat()))
}

const BY_ROW: [SortKey; 4] =
    [SortKey::Ascending("clinic"), SortKey::Ascending("source"), SortKey::Ascending("line"), SortKey::Ascending("profile")];

/// The attachment rows of a cause, and the columns of the list up to the name of the insurer. `last` is the column that only one list has.
fn attached(source: &ReviewSource, cause: &str, last: &str) -> Result<(Relation, Columns), ReviewError> {
    let columns = [&["clinic", "insurer", last], &SHARED[..]].concat();
    let rows = source.scan(OutputTable::AttachedUninsured, &["cause"], |row| row.text("cause") == Some(cause), &columns)?;
    let names = |codes| -> ArrayRef { source.organisation_names(rows.texts(codes)) };
    let columns = Columns::default()
        .with_all(&rows, &["clinic"])
        .with("clinic_name", names("clinic"))
        .with_all(&rows, &SHARED)
        .with_all(&rows, &[last, "insurer"])
        .with("insurer_name", names("insurer"));
    Ok((rows, columns))
}
