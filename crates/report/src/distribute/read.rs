//! People to distribute and numbers of insured people, from the tables of a published run.

use std::collections::BTreeMap;
use std::path::Path;

use super::{DistributeError, PersonWithoutInsurer};
use crate::table_reader::{Column, ReadError, ReadProblem, RowCursor, TableReader};
use sverka_model::{Date, PersonId};
use sverka_publish::{Manifest, OutputTable};

mod must_choose {
    crate::table_reader::columns! {
        PERSON: Int64 = "person_id",
        INSURER: Text = "insurer",
        LEFT_ON: Date = "left_on",
        CHOOSE_BY: Date = "choose_by",
        OVERDUE: Boolean = "overdue",
        ENP: Text = "enp",
        SNILS: Text = "snils",
        SURNAME: Text = "surname",
        GIVEN_NAME: Text = "given_name",
        PATRONYMIC: Text = "patronymic",
        BIRTH_DATE: Date = "birth_date",
        CATEGORY: Int32 = "category",
        HOUSEHOLD: Int64 = "household",
        SOURCE: Text = "source",
        LINE: Int64 = "line",
    }
}

mod persons {
    crate::table_reader::columns! { INSURER: Text = "insurer" }
}

/// Published run with its manifest.
pub(super) struct PublishedTables<'r> {
    pub dir: &'r Path,
    pub manifest: &'r Manifest,
}

impl PublishedTables<'_> {
    /// Rows of `must_choose`.
    pub fn people_without_insurer(&self) -> Result<Vec<PersonWithoutInsurer>, DistributeError> {
        let mut people = Vec::new();
        self.for_each_row(OutputTable::MustChoose, must_choose::ALL, |row| people.push(person(row)))?;
        Ok(people)
    }

    /// Numbers of people on the as-of date, by insurer.
    pub fn insured(&self) -> Result<BTreeMap<String, u64>, DistributeError> {
        let mut insured: BTreeMap<String, u64> = BTreeMap::new();
        self.for_each_row(OutputTable::Persons, persons::ALL, |row| {
            let Some(code) = row.text(persons::INSURER) else { return };
            match insured.get_mut(code) {
                Some(count) => *count += 1,
                None => drop(insured.insert(code.to_owned(), 1)),
            }
        })?;
        Ok(insured)
    }

    fn for_each_row(
        &self,
        table: OutputTable,
        columns: &[Column],
        mut visit: impl FnMut(&RowCursor),
    ) -> Result<(), DistributeError> {
        let Some(output) = self.manifest.outputs.iter().find(|output| output.table == table.name()) else {
            return Err(DistributeError::NoTable { run_id: self.manifest.run_id.clone(), table: table.name() });
        };
        let mut rows = TableReader::open(self.dir.join(&output.file), table)?.cursor(columns)?;
        while rows.has_row() {
            visit(&rows);
            rows.advance()?;
        }
        Ok(())
    }
}

impl From<ReadError> for DistributeError {
    fn from(ReadError { path: file, problem, .. }: ReadError) -> Self {
        let problem = match problem {
            ReadProblem::Columns(_) => "its columns are not those of this version of sverka; run the job again".to_owned(),
            problem => problem.to_string(),
        };
        Self::Table { file, problem }
    }
}

fn person(row: &RowCursor) -> PersonWithoutInsurer {
    let optional = |column| row.text(column).map(str::to_owned);
    let text = |column| row.text(column).unwrap_or_default().to_owned();
    let date = |column| row.date(column).unwrap_or(Date::EARLIEST);
    PersonWithoutInsurer {
        person_id: row.long(must_choose::PERSON).map_or(PersonId::NONE, PersonId::from_stored),
        insurer: text(must_choose::INSURER),
        left_on: date(must_choose::LEFT_ON),
        choose_by: date(must_choose::CHOOSE_BY),
        overdue: row.is_true(must_choose::OVERDUE),
        enp: optional(must_choose::ENP),
        snils: optional(must_choose::SNILS),
        surname: text(must_choose::SURNAME),
        given_name: text(must_choose::GIVEN_NAME),
        patronymic: optional(must_choose::PATRONYMIC),
        birth_date: date(must_choose::BIRTH_DATE),
        category: row.int(must_choose::CATEGORY),
        household: row.long(must_choose::HOUSEHOLD),
        source: text(must_choose::SOURCE),
        line: row.long(must_choose::LINE).unwrap_or_default(),
    }
}
