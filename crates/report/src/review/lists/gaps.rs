//! List `gaps`: time without insurance after the end of a stay.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, Date32Array, Int32Array, StringArray};

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, SortKey, amounts, first_known};
use super::super::source::{PersonSet, ReviewSource};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

pub(super) fn gaps(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let gaps = gaps_between_stays(source)?;
    let persons = PersonSet::from(&gaps);
    let worth = source.worth_of(&persons, &[])?.beside(&gaps);
    let outside = source.outside(&persons)?.beside(&gaps);
    let columns = ["enp", "surname", "given_name", "patronymic", "birth_date"]
        .iter()
        .fold(Columns::default().with_all(&gaps, &["person_id"]), |columns, name| {
            columns.with(name, first_known(worth.column(name), outside.column(name)))
        });
    let names = |codes| source.organisation_names(gaps.texts(codes));
    let as_of = source.as_of.days();
    // A gap that lasts until after the as-of date costs the head.
    let is_open: Vec<bool> = gaps.dates("gap_to").iter().map(|gap_to| gap_to.is_none_or(|day| day > as_of)).collect();
    let roubles = |&is_open: &bool| if is_open { source.mean_norm() } else { Some(0) };
    let rows = columns
        .with_all(&gaps, &["insurer"])
        .with("insurer_name", names("insurer"))
        .with_all(&gaps, &["gap_from", "gap_to", "next_insurer"])
        .with("next_insurer_name", names("next_insurer"))
        .with("heads", Arc::new(is_open.iter().map(|&is_open| Some(i32::from(is_open))).collect::<Int32Array>()))
        .with("roubles", amounts(is_open.iter().map(roubles)))
        .into_relation();
    Ok(rows.sorted(&[SortKey::Descending("roubles"), SortKey::Descending("gap_from"), SortKey::Ascending("person_id")]))
}

/// Ends of stays until the as-of date, each with the next stay of the person if it does not begin at once. Stays that end with the death of the
/// person are followed by no gap.
fn gaps_between_stays(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let as_of = source.as_of.days();
    let has_ended = |row: Row<'_>| row.date("to").is_some_and(|to| to.days() <= as_of) && row.date("death_date").is_none();
    let ended = source.scan(OutputTable::InsuranceStays, &["to", "death_date"], has_ended, &["person_id"])?;
    let columns = ["person_id", "insurer", "from", "to", "death_date"];
    let stays = source.scan_persons(OutputTable::InsuranceStays, &PersonSet::from(&ended), &[], |_| true, &columns)?;
    let stays = stays.sorted(&[SortKey::Ascending("person_id"), SortKey::Ascending("from")]);

    let (persons, insurers) = (stays.numbers("person_id"), stays.texts("insurer"));
    let (from, to, deaths) = (stays.dates("from"), stays.dates("to"), stays.dates("death_date"));
    let next = |row: usize| (row + 1 < stays.len() && persons.value(row + 1) == persons.value(row)).then_some(row + 1);
    let gap_to: Date32Array = (0..stays.len()).map(|row| next(row).map(|next| from.value(next))).collect();
    let next_insurer: StringArray = (0..stays.len()).map(|row| next(row).map(|next| insurers.value(next))).collect();
    let is_gap = |row: usize| {
        let begins = to.is_valid(row) && to.value(row) <= as_of && deaths.is_null(row);
        begins && (gap_to.is_null(row) || gap_to.value(row) > to.value(row))
    };
    let gaps = Columns::default()
        .with_all(&stays, &["person_id", "insurer"])
        .with("gap_from", Arc::clone(stays.column("to")))
        .with("gap_to", Arc::new(gap_to.clone()) as ArrayRef)
        .with("next_insurer", Arc::new(next_insurer))
        .into_relation();
    Ok(gaps.filtered(is_gap))
}
