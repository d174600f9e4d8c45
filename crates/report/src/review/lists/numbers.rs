//! Lists `shared_enp` and `several_enp`: ENPs with several persons, and persons with several ENPs.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use arrow::array::Array as _;

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, SortKey, sums_over};
use super::super::source::{PersonSet, ReviewSource, with_stake};
use super::{ENP_KIND, PERSON};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

pub(super) fn shared_enp(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let numbers = shared_numbers(source)?;
    let worth = source.worth_of(&PersonSet::from(&numbers), &[])?.beside(&numbers);
    let columns = Columns::default()
        .with("enp", Arc::clone(numbers.column("number")))
        .with_all(&numbers, &["person_id", "survives"])
        .with_all(&worth, &PERSON);
    let columns = with_stake(columns, &worth);
    let uses = columns.into_relation();
    let roubles_of_enp = sums_over(uses.texts("enp").iter(), uses.amounts("roubles"));
    let rows = uses.into_columns().with("roubles_of_enp", roubles_of_enp).into_relation();
    Ok(rows.sorted(&[SortKey::Descending("roubles_of_enp"), SortKey::Ascending("enp"), SortKey::Ascending("person_id")]))
}

pub(super) fn several_enp(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let person_key = |row: Row<'_>| if is_enp(row) { row.number("person_id").map(i64::cast_unsigned) } else { None };
    let several = source.repeated_keys(OutputTable::Numbers, &["policy_kind", "person_id"], person_key)?;
    let persons: PersonSet = several.into_iter().map(u64::cast_signed).collect();
    let numbers = source.scan_persons(OutputTable::Numbers, &persons, &["policy_kind"], is_enp, &COLUMNS)?;
    let worth = source.worth_of(&persons, &[])?.beside(&numbers);
    let columns = Columns::default()
        .with_all(&numbers, &["person_id"])
        .with("enp", Arc::clone(numbers.column("number")))
        .with_all(&numbers, &["survives"])
        .with_all(&worth, &PERSON);
    let rows = with_stake(columns, &worth).into_relation();
    Ok(rows.sorted(&[SortKey::Descending("roubles"), SortKey::Ascending("person_id"), SortKey::Ascending("enp")]))
}

const COLUMNS: [&str; 3] = ["person_id", "number", "survives"];

/// Whether a row of the table `numbers` is about an ENP.
pub(super) fn is_enp(row: Row<'_>) -> bool {
    row.number("policy_kind") == Some(ENP_KIND)
}

fn hash_of(number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

/// ENPs that stand in several rows, each with its rows.
fn shared_numbers(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let hash = |row: Row<'_>| row.text("number").map(hash_of);
    let hash_of_enp = |row: Row<'_>| if is_enp(row) { hash(row) } else { None };
    let tested = ["policy_kind", "number"];
    let repeated = source.repeated_keys(OutputTable::Numbers, &tested, hash_of_enp)?;
    let is_candidate = |row: Row<'_>| hash_of_enp(row).is_some_and(|hash| repeated.contains(&hash));
    let candidates = source.scan(OutputTable::Numbers, &tested, is_candidate, &COLUMNS)?;
    // Two numbers can have one hash.
    let numbers = candidates.texts("number");
    let mut rows_of_number: HashMap<&str, usize> = HashMap::new();
    for number in numbers.iter().flatten() {
        *rows_of_number.entry(number).or_default() += 1;
    }
    Ok(candidates.filtered(|row| numbers.is_valid(row) && rows_of_number[numbers.value(row)] > 1))
}
