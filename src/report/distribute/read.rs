//! What a published run says of the people to distribute and of the insured of each insurer.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{DistributeError, LeftPerson};
use crate::model::Date;
use crate::publish::{Manifest, OutputTable};

/// The published run.
pub(super) struct PublishedTables<'r> {
    pub dir: &'r Path,
    pub manifest: &'r Manifest,
}

impl PublishedTables<'_> {
    /// The rows of `must_choose`, in any order.
    pub fn left_people(&self) -> Result<Vec<LeftPerson>, DistributeError> {
        let mut people = Vec::new();
        self.read(OutputTable::MustChoose, None, &mut |batch| people_of(batch, &mut people))?;
        Ok(people)
    }

    /// How many people each insurer has on the as-of date.
    pub fn insured(&self) -> Result<BTreeMap<String, u64>, DistributeError> {
        let mut insured: BTreeMap<String, u64> = BTreeMap::new();
        self.read(OutputTable::Persons, Some("insurer"), &mut |batch| {
            let codes = batch.column_by_name("insurer")?.as_string_opt::<i32>()?;
            for code in codes.iter().flatten() {
                match insured.get_mut(code) {
                    Some(count) => *count += 1,
                    None => drop(insured.insert(code.to_owned(), 1)),
                }
            }
            Some(())
        })?;
        Ok(insured)
    }

    /// Reads a table, or one column of it, batch by batch.
    fn read(
        &self,
        table: OutputTable,
        column: Option<&str>,
        take: &mut dyn FnMut(&RecordBatch) -> Option<()>,
    ) -> Result<(), DistributeError> {
        let Some(output) = self.manifest.outputs.iter().find(|output| output.table == table.name()) else {
            return Err(DistributeError::NoTable { run_id: self.manifest.run_id.clone(), table: table.name() });
        };
        let path = self.dir.join(&output.file);
        let fail = |problem: String| DistributeError::Table { file: path.clone(), problem };
        let file = File::open(&path).map_err(|error| fail(error.to_string()))?;
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| fail(error.to_string()))?;
        if let Some(column) = column {
            let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
            builder = builder.with_projection(mask);
        }
        for batch in builder.build().map_err(|error| fail(error.to_string()))? {
            let batch = batch.map_err(|error| fail(error.to_string()))?;
            take(&batch)
                .ok_or_else(|| fail("its columns are not those of this version of sverka; run the job again".to_owned()))?;
        }
        Ok(())
    }
}

/// The people of a batch; `None` when it has other columns.
fn people_of(batch: &RecordBatch, into: &mut Vec<LeftPerson>) -> Option<()> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let long = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let date = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Date32Type>();
    let (person_id, household, line) = (long("person_id")?, long("household")?, long("line")?);
    let (left_on, choose_by, birth_date) = (date("left_on")?, date("choose_by")?, date("birth_date")?);
    let overdue = batch.column_by_name("overdue")?.as_boolean_opt()?;
    let category = batch.column_by_name("category")?.as_primitive_opt::<Int32Type>()?;
    let texts = ["insurer", "enp", "snils", "surname", "given_name", "patronymic", "source"].map(text);
    let [Some(insurer), Some(enp), Some(snils), Some(surname), Some(given_name), Some(patronymic), Some(source)] = texts else {
        return None;
    };
    let some = |column: &arrow::array::StringArray, row: usize| column.is_valid(row).then(|| column.value(row).to_owned());
    for row in 0..batch.num_rows() {
        into.push(LeftPerson {
            person_id: person_id.value(row),
            insurer: insurer.value(row).to_owned(),
            left_on: Date::from_days(left_on.value(row)),
            choose_by: Date::from_days(choose_by.value(row)),
            overdue: overdue.value(row),
            enp: some(enp, row),
            snils: some(snils, row),
            surname: surname.value(row).to_owned(),
            given_name: given_name.value(row).to_owned(),
            patronymic: some(patronymic, row),
            birth_date: Date::from_days(birth_date.value(row)),
            category: category.is_valid(row).then(|| category.value(row)),
            household: household.is_valid(row).then(|| household.value(row)),
            source: source.value(row).to_owned(),
            line: line.value(row),
        });
    }
    Some(())
}
