//! List `ties`: persons for whom equally strong records of one day name several insurers or clinics.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::Array as _;

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, RowIndex, SortKey, same_text};
use super::super::source::ReviewSource;
use super::{FUNDED_PROFILE, PERSON};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

/// The subjects of ties, each with the flag of the persons who have an unresolved one.
const SUBJECTS: [(&str, &str); 2] = [("insurer", "insurer_unresolved"), ("clinic", "clinic_unresolved")];

pub(super) fn ties(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let sides = latest_ties(source)?;
    let unresolved = unresolved_persons(source)?;
    let by_person_and_subject = RowIndex::new(person_and_subject(&sides));
    let joined = by_person_and_subject.left_join(person_and_subject(&unresolved));
    let (unresolved, sides) = (unresolved.at(&joined.left), sides.at(&joined.right));

    let names = |codes| source.organisation_names(sides.texts(codes));
    let renamed = |column| Arc::clone(sides.column(column));
    let columns = Columns::default()
        .with_all(&unresolved, &["person_id", "subject"])
        .with("tie_on", renamed("start"))
        .with("stands", renamed("winning_code"))
        .with("stands_name", names("winning_code"))
        .with("other", renamed("losing_code"))
        .with("other_name", names("losing_code"))
        .with("stands_source", renamed("winner_source"))
        .with("stands_line", renamed("winner_line"))
        .with("other_source", renamed("loser_source"))
        .with("other_line", renamed("loser_line"));
    let [organisations, names] = [&PERSON[..4], &PERSON[4..]];
    let rows = columns
        .with_all(&unresolved, organisations)
        .with_all(&unresolved, &["enp"])
        .with_all(&unresolved, names)
        .with_all(&unresolved, &["heads", "roubles"])
        .into_relation();
    Ok(rows.sorted(&[
        SortKey::Descending("roubles"),
        SortKey::Ascending("person_id"),
        SortKey::Ascending("subject"),
        SortKey::Ascending("other"),
        SortKey::Ascending("other_source"),
        SortKey::Ascending("other_line"),
    ]))
}

/// Persons with an unresolved tie: a row for each subject that has one.
fn unresolved_persons(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let flags = SUBJECTS.map(|(_, flag)| flag);
    let worth = source.worth_where(&flags, |row| flags.iter().any(|flag| row.is_true(flag)), &flags)?;
    let [of_insurers, of_clinics] = SUBJECTS.map(|(subject, flag)| {
        let is_unresolved = worth.flags(flag);
        let persons = worth.filtered(|row| is_unresolved.is_valid(row) && is_unresolved.value(row));
        let subjects = same_text(subject, persons.len());
        persons.into_columns().with("subject", subjects).into_relation()
    });
    Ok(of_insurers.and(&of_clinics))
}

/// Decisions by which ties were left unresolved, the latest of each person and subject until the as-of date.
fn latest_ties(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let is_tie = |row: Row<'_>| {
        let is_funded = row.text("subject") == Some("insurer") || row.number("profile") == Some(FUNDED_PROFILE);
        row.text("rule") == Some("SAME_DAY_TIE") && row.date("start").is_some_and(|start| start <= source.as_of) && is_funded
    };
    let columns = [
        "person_id",
        "subject",
        "start",
        "winning_code",
        "losing_code",
        "winner_source",
        "winner_line",
        "loser_source",
        "loser_line",
    ];
    let tied = source.scan(OutputTable::Decisions, &["rule", "start", "subject", "profile"], is_tie, &columns)?;
    let starts = tied.dates("start");
    let mut latest: HashMap<(i64, &str), i32> = HashMap::new();
    for (key, start) in person_and_subject(&tied).zip(starts) {
        if let (Some(key), Some(start)) = (key, start) {
            latest.entry(key).and_modify(|latest| *latest = start.max(*latest)).or_insert(start);
        }
    }
    let (persons, subjects) = (tied.numbers("person_id"), tied.texts("subject"));
    Ok(tied.filtered(|row| latest.get(&(persons.value(row), subjects.value(row))) == Some(&starts.value(row))))
}

fn person_and_subject(relation: &Relation) -> impl DoubleEndedIterator<Item = Option<(i64, &str)>> + ExactSizeIterator {
    let keys = relation.numbers("person_id").iter().zip(relation.texts("subject"));
    keys.map(|(person, subject)| Some((person?, subject?)))
}
