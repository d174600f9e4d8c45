//! List `twins`: persons of one surname and birth date who share a number.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, StringArray, UInt32Array};

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, RowIndex, SortKey, same_text, sums_over};
use super::super::source::{PersonSet, ReviewSource};
use super::PERSON;
use super::findings::findings;
use super::numbers::is_enp;
use sverka_publish::OutputTable;

pub(super) fn twins(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let sharing = PersonSet::from(&findings(source, &["ENP_SHARED", "SNILS_SHARED", "DOC_SHARED"])?);
    let sharers = source.worth_of(&sharing, &["snils", "doc_number"])?.rows;
    let bearers = bearers_of_enp(source, &sharers)?.and(&bearers_of_snils(&sharers)).and(&bearers_of_document(&sharers));
    let twins = of_one_surname_and_birth_date(&bearers);

    let numbers = twins.texts("shares").iter().zip(twins.texts("number"));
    let roubles_of_all = sums_over(numbers, twins.amounts("roubles"));
    let [organisations, _] = [&PERSON[..4], &PERSON[4..]];
    let rows = Columns::default()
        .with_all(&twins, &["shares", "number", "person_id", "surname", "given_name", "birth_date"])
        .with_all(&twins, organisations)
        .with_all(&twins, &["heads", "roubles"])
        .with("roubles_of_all", roubles_of_all)
        .into_relation();
    Ok(rows.sorted(&[
        SortKey::Descending("roubles_of_all"),
        SortKey::Ascending("shares"),
        SortKey::Ascending("number"),
        SortKey::Ascending("person_id"),
    ]))
}

/// Persons, each with a number that others may have, too.
fn bearers(shares: &str, numbers: StringArray, persons: Relation) -> Relation {
    let shares = same_text(shares, persons.len());
    persons.into_columns().with("shares", shares).with("number", Arc::new(numbers)).into_relation()
}

fn bearers_of_enp(source: &ReviewSource, sharers: &Relation) -> Result<Relation, ReviewError> {
    let persons = PersonSet::from(sharers);
    let numbers = source.scan_persons(OutputTable::Numbers, &persons, &["policy_kind"], is_enp, &["person_id", "number"])?;
    let index = RowIndex::new(sharers.numbers("person_id").iter());
    let joined = index.left_join(numbers.numbers("person_id").iter());
    let numbers = numbers.at(&joined.left).texts("number").clone();
    Ok(bearers("enp", numbers, sharers.at(&joined.right)))
}

fn bearers_of_snils(sharers: &Relation) -> Relation {
    let persons = sharers.filtered(|row| sharers.texts("snils").is_valid(row));
    bearers("snils", persons.texts("snils").clone(), persons)
}

/// Bearers of documents, in one spelling of the number: capital letters, without blanks, hyphens and `№`.
fn bearers_of_document(sharers: &Relation) -> Relation {
    let persons = sharers.filtered(|row| sharers.texts("doc_number").is_valid(row));
    let spelling = |number: &str| number.to_uppercase().replace([' ', '-', '№'], "");
    let numbers: StringArray = persons.texts("doc_number").iter().map(|number| number.map(spelling)).collect();
    bearers("document", numbers, persons)
}

/// The bearers who share a number, surname and birth date with another one.
fn of_one_surname_and_birth_date(bearers: &Relation) -> Relation {
    let (shares, numbers) = (bearers.texts("shares"), bearers.texts("number"));
    let (surnames, birth_dates) = (bearers.texts("surname"), bearers.dates("birth_date"));
    let key = |row: usize| (shares.value(row), numbers.value(row), surnames.value(row), birth_dates.value(row));
    let mut bearers_of_key: HashMap<_, usize> = HashMap::new();
    for row in 0..bearers.len() {
        *bearers_of_key.entry(key(row)).or_default() += 1;
    }
    let several: UInt32Array =
        (0..bearers.len()).filter(|&row| bearers_of_key[&key(row)] > 1).map(|row| Some(row as u32)).collect();
    bearers.at(&several)
}
