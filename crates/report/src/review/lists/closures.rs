//! List `closures`: records of insurers that gave way to another insurer and have to be ended.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef};

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, RowIndex, SortKey};
use super::super::source::{PersonSet, ReviewSource, with_stake};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

pub(super) fn closures(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let decisions = decisions_to_close(source)?;
    let worth = source.worth_of(&PersonSet::from(&decisions), &[])?.beside(&decisions);
    let names = |codes| source.organisation_names(decisions.texts(codes));
    let renamed = |column| Arc::clone(decisions.column(column));
    let of_person = |column| -> ArrayRef { Arc::clone(worth.column(column)) };
    let columns = Columns::default()
        .with("insurer", renamed("losing_code"))
        .with("insurer_name", names("losing_code"))
        .with("source", renamed("loser_source"))
        .with("line", renamed("loser_line"))
        .with("close_on", renamed("start"))
        .with("gave_way_to", renamed("winning_code"))
        .with("gave_way_to_name", names("winning_code"))
        .with("insurer_in_force", of_person("insurer"))
        .with("insurer_in_force_name", of_person("insurer_name"))
        .with_all(&decisions, &["outcome", "rule", "person_id"])
        .with_all(&worth, &["enp", "surname", "given_name", "patronymic", "birth_date"]);
    let rows = with_stake(columns, &worth).into_relation();
    Ok(rows.sorted(&[
        SortKey::Descending("roubles"),
        SortKey::Ascending("insurer"),
        SortKey::Ascending("person_id"),
        SortKey::Ascending("source"),
        SortKey::Ascending("line"),
    ]))
}

/// Decisions by which an insurer lost a person, without those in which the person stays with the insurer after all.
fn decisions_to_close(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let columns = ["person_id", "outcome", "rule", "losing_code", "winning_code", "start", "loser_source", "loser_line"];
    let lost = source.scan(
        OutputTable::Decisions,
        &["subject", "outcome", "rule", "losing_code", "winning_code"],
        is_lost_to_another_insurer,
        &columns,
    )?;
    let columns = ["person_id", "insurer", "from", "to"];
    let stays = source.scan_persons(OutputTable::InsuranceStays, &PersonSet::from(&lost), &[], |_| true, &columns)?;
    let stays_by_owner = RowIndex::new(
        stays.numbers("person_id").iter().zip(stays.texts("insurer")).map(|(person, insurer)| Some((person?, insurer?))),
    );
    let (from, to) = (stays.dates("from"), stays.dates("to"));

    let (persons, losers, outcomes) = (lost.numbers("person_id"), lost.texts("losing_code"), lost.texts("outcome"));
    let starts = lost.dates("start");
    let stays_on = |row: usize| {
        let (start, is_overruled) = (starts.value(row), outcomes.value(row) == "overruled");
        stays_by_owner.rows(&(persons.value(row), losers.value(row))).map(|stay| stay as usize).any(|stay| {
            let lasts = to.is_null(stay) || to.value(stay) > start;
            lasts && (from.value(stay) <= start || is_overruled)
        })
    };
    Ok(lost.filtered(|row| !stays_on(row)))
}

/// Whether a decision took a person from one insurer and gave it to another one. Unresolved ties did not: until people decide, nobody knows
/// whose policy is to be ended.
fn is_lost_to_another_insurer(row: Row<'_>) -> bool {
    let outcome = row.text("outcome").unwrap_or_default();
    row.text("subject") == Some("insurer")
        && ["superseded", "lost", "refused", "overruled"].contains(&outcome)
        && row.text("losing_code") != row.text("winning_code")
        && !(row.text("rule") == Some("SAME_DAY_TIE") && outcome == "lost")
}
