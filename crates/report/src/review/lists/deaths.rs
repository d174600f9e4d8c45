//! List `deaths`: persons whose records contradict each other about a death.

use std::sync::Arc;

use arrow::array::Int64Array;

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, RowIndex, SortKey, amounts, first_known};
use super::super::source::{PersonSet, ReviewSource};
use super::findings::findings;
use sverka_publish::OutputTable;

pub(super) fn deaths(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let findings = findings(source, &["DEATH_CONTRADICTED"])?;
    let persons = PersonSet::from(&findings);
    let dead = dates_of_death(source, &persons)?;
    let joined = RowIndex::new(dead.numbers("person_id").iter()).left_join(findings.numbers("person_id").iter());
    let (findings, dead) = (findings.at(&joined.left), dead.at(&joined.right));
    let worth = source.worth_of(&persons, &[])?.beside(&findings);
    let outside = source.outside(&persons)?.beside(&findings);

    let columns = Columns::default()
        .with_all(&findings, &["person_id"])
        .with_all(&dead, &["death_date"])
        .with_all(&findings, &["source", "line", "record_id"])
        .with_all(&worth, &["insurer", "insurer_name", "clinic", "clinic_name"]);
    let columns = ["enp", "surname", "given_name", "patronymic", "birth_date"]
        .iter()
        .fold(columns, |columns, name| columns.with(name, first_known(worth.column(name), outside.column(name))));
    // The head of the person is at stake, paid or not.
    let rows = columns
        .with("heads", Arc::new(Int64Array::from_value(1, findings.len())))
        .with("roubles", amounts(worth.amounts("roubles").iter().map(|roubles| roubles.or(source.mean_norm()))))
        .into_relation();
    Ok(rows.sorted(&[
        SortKey::Descending("roubles"),
        SortKey::Ascending("person_id"),
        SortKey::Ascending("source"),
        SortKey::Ascending("line"),
    ]))
}

/// Persons with the days on which they died, by their stays; each day once.
fn dates_of_death(source: &ReviewSource, persons: &PersonSet) -> Result<Relation, ReviewError> {
    let has_date = |row: crate::table_reader::Row<'_>| row.date("death_date").is_some();
    let columns = ["person_id", "death_date"];
    let stays = source.scan_persons(OutputTable::InsuranceStays, persons, &["death_date"], has_date, &columns)?;
    let sorted = stays.sorted(&columns.map(SortKey::Ascending));
    let key = |row: usize| (sorted.numbers("person_id").value(row), sorted.dates("death_date").value(row));
    Ok(sorted.filtered(|row| row == 0 || key(row) != key(row - 1)))
}
