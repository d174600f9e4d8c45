//! Lists `contradictions` and `same_document`: findings about persons, with the persons beside them.

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, SortKey};
use super::super::source::{PersonSet, ReviewSource, with_stake};
use super::PERSON;
use sverka_publish::OutputTable;

pub(super) fn contradictions(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let findings = findings(source, &["IDENTITY_REVIEW", "SNILS_SHARED", "DOC_SHARED"])?;
    let worth = source.worth_of(&PersonSet::from(&findings), &[])?.beside(&findings);
    let columns = Columns::default().with_all(&findings, &["person_id", "code", "source", "line", "record_id"]);
    let rows = with_stake(columns.with_all(&worth, &PERSON), &worth).into_relation();
    Ok(rows.sorted(&[
        SortKey::Descending("roubles"),
        SortKey::Ascending("person_id"),
        SortKey::Ascending("code"),
        SortKey::Ascending("source"),
        SortKey::Ascending("line"),
    ]))
}

pub(super) fn same_document(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let findings = findings(source, &["SAME_DOCUMENT_REVIEW"])?;
    let worth = source.worth_of(&PersonSet::from(&findings), &["doc_number"])?.beside(&findings);
    let columns = Columns::default().with_all(&findings, &["person_id", "source", "line", "record_id"]);
    let rows = with_stake(columns.with_all(&worth, &PERSON).with_all(&worth, &["doc_number"]), &worth).into_relation();
    // Candidates for one person stand together: they have one birth date and given name.
    Ok(rows.sorted(&[
        SortKey::Ascending("birth_date"),
        SortKey::Ascending("given_name"),
        SortKey::Ascending("person_id"),
        SortKey::Ascending("source"),
        SortKey::Ascending("line"),
    ]))
}

/// The findings with some codes.
pub(super) fn findings(source: &ReviewSource, codes: &[&str]) -> Result<Relation, ReviewError> {
    let columns = ["person_id", "code", "source", "line", "record_id"];
    source.scan(OutputTable::Findings, &["code"], |row| row.text("code").is_some_and(|code| codes.contains(&code)), &columns)
}
