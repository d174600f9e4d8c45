//! The tables of a run for the review lists: scans of chosen rows, names of organisations, and the monthly worth of a
//! person.
//!
//! A list is about some thousands of the millions of persons of a register. So a list collects person ids first, and then reads the rows of
//! these persons alone, in one pass over the table.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::concat_batches;
use arrow::datatypes::{Date32Type, Int64Type, Schema};
use rayon::slice::ParallelSliceMut as _;

use super::ReviewError;
use super::relation::{Columns, Relation, RowIndex, amounts, first_known};
use crate::table_reader::{GroupBounds, Row, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

/// The tables that lists read.
const TABLES: [OutputTable; 10] = [
    OutputTable::Persons,
    OutputTable::Decisions,
    OutputTable::Findings,
    OutputTable::Numbers,
    OutputTable::InsuranceStays,
    OutputTable::FundingClinic,
    OutputTable::MustChoose,
    OutputTable::AttachedUninsured,
    OutputTable::Insurers,
    OutputTable::Clinics,
];

/// The published tables of one run.
pub(super) struct ReviewSource {
    /// The as-of date of the run.
    pub as_of: Date,
    tables: BTreeMap<OutputTable, TableReader>,
    /// Names of insurers and clinics by code.
    names: HashMap<String, String>,
    norms: Norms,
}

/// Monthly worth of a head, in kopecks.
#[derive(Debug, Default)]
struct Norms {
    by_clinic: HashMap<String, i128>,
    /// The mean over all funded heads; none when nobody is funded.
    mean: Option<i128>,
}

/// Person ids that a list is about.
#[derive(Debug, Default)]
pub(super) struct PersonSet {
    ids: HashSet<i64>,
    ascending: Vec<i64>,
}

/// Persons of a list, by person id: register rows with their worth, or names.
pub(super) struct PersonRows {
    pub rows: Relation,
    index: RowIndex<i64>,
}

/// Columns of every worth row, from the table `persons`.
const PERSON_COLUMNS: [&str; 8] = ["person_id", "enp", "insurer", "clinic", "surname", "given_name", "patronymic", "birth_date"];

/// Columns of persons who are not in the register.
const NAME_COLUMNS: [&str; 6] = ["person_id", "enp", "surname", "given_name", "patronymic", "birth_date"];

impl ReviewSource {
    /// Opens the tables of the run in a folder. Reads no data of people.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn open(run: &Path, as_of: Date) -> Result<Self, ReviewError> {
        let mut tables = BTreeMap::new();
        for table in TABLES {
            if let Some(reader) = TableReader::open_if_published(run, table)? {
                tables.insert(table, reader);
            }
        }
        let mut source = Self { as_of, tables, names: HashMap::new(), norms: Norms::default() };
        source.names = source.read_names()?;
        source.norms = source.read_norms()?;
        Ok(source)
    }

    /// Whether the run was published with a table.
    pub fn has(&self, table: OutputTable) -> bool {
        self.tables.contains_key(&table)
    }

    /// The columns `columns` of the rows for which `is_wanted` says yes. `is_wanted` sees the columns `tested`.
    ///
    /// # Errors
    /// When the table cannot be read, or lacks a column.
    pub fn scan(
        &self,
        table: OutputTable,
        tested: &[&str],
        is_wanted: impl Fn(Row<'_>) -> bool + Sync,
        columns: &[&str],
    ) -> Result<Relation, ReviewError> {
        self.scan_groups(table, |_| true, tested, is_wanted, columns)
    }

    /// The rows of a table that are about persons of a set and for which `is_wanted` says yes. `is_wanted` sees the
    /// columns `tested` and the person id.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn scan_persons(
        &self,
        table: OutputTable,
        persons: &PersonSet,
        tested: &[&str],
        is_wanted: impl Fn(Row<'_>) -> bool + Sync,
        columns: &[&str],
    ) -> Result<Relation, ReviewError> {
        let may_hold = |bounds: GroupBounds<'_>| bounds.number_range("person_id").is_none_or(|range| persons.has_any(&range));
        let is_of_set = |row: Row<'_>| row.number("person_id").is_some_and(|id| persons.ids.contains(&id)) && is_wanted(row);
        self.scan_groups(table, may_hold, &[&["person_id"], tested].concat(), is_of_set, columns)
    }

    fn scan_groups(
        &self,
        table: OutputTable,
        may_hold: impl Fn(GroupBounds<'_>) -> bool,
        tested: &[&str],
        is_wanted: impl Fn(Row<'_>) -> bool + Sync,
        columns: &[&str],
    ) -> Result<Relation, ReviewError> {
        let reader = self.checked(table, &[tested, columns].concat())?;
        let batches = reader.find(may_hold, tested, is_wanted, columns)?.into_batches();
        // The file has its columns in its own order, and no batch when no row is wanted.
        let schema = Arc::new(schema_of(table, columns));
        let ordered = |batch: &RecordBatch| {
            let arrays = columns.iter().map(|name| Arc::clone(batch.column_by_name(name).expect("invariant: checked")));
            RecordBatch::try_new(Arc::clone(&schema), arrays.collect())
        };
        let batches: Vec<RecordBatch> =
            batches.iter().map(ordered).collect::<Result<_, _>>().map_err(|problem| reader.error(problem))?;
        Ok(Relation::new(concat_batches(&schema, &batches).map_err(|problem| reader.error(problem))?))
    }

    /// Values that stand in more than one of the rows for which `key` gives one. `key` sees the columns `tested`. A
    /// key is a number, or the hash of a text: two texts can have one key, so the caller has to compare the texts.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn repeated_keys(
        &self,
        table: OutputTable,
        tested: &[&str],
        key: impl Fn(Row<'_>) -> Option<u64> + Sync,
    ) -> Result<HashSet<u64>, ReviewError> {
        let reader = self.checked(table, tested)?;
        let mut keys = reader.map_batches(tested, |batch| Row::all_of(batch).filter_map(&key).collect::<Vec<u64>>())?.concat();
        keys.par_sort_unstable();
        Ok(keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect())
    }

    /// A table in which these columns have the types of its description.
    fn checked(&self, table: OutputTable, columns: &[&str]) -> Result<&TableReader, ReviewError> {
        let reader = self.tables.get(&table).expect("invariant: a list is asked for when its tables are there");
        for &column in columns {
            let expected = table.spec().schema.field_with_name(column).expect("invariant: a column of the description");
            if reader.data_type(column) != Some(expected.data_type()) {
                return Err(ReviewError::ColumnMissing { table: table.name(), column: column.to_owned() });
            }
        }
        Ok(reader)
    }

    /// Names of insurers and clinics, which have codes of 5 and of 6 digits; none for runs without these tables.
    fn read_names(&self) -> Result<HashMap<String, String>, ReviewError> {
        let mut names = HashMap::new();
        let reference = [(OutputTable::Insurers, "insurer"), (OutputTable::Clinics, "clinic")];
        if reference.iter().all(|&(table, _)| self.has(table)) {
            for (table, code) in reference {
                let rows = self.scan(table, &[code], |_| true, &[code, "name"])?;
                let named = rows.texts(code).iter().zip(rows.texts("name"));
                names.extend(named.filter_map(|(code, name)| Some((code?.to_owned(), name?.to_owned()))));
            }
        }
        Ok(names)
    }

    fn read_norms(&self) -> Result<Norms, ReviewError> {
        if !self.has(OutputTable::FundingClinic) {
            return Ok(Norms::default());
        }
        let columns = ["clinic", "heads", "norm", "amount", "care"];
        let rows = self.scan(OutputTable::FundingClinic, &["clinic"], |_| true, &columns)?;
        let mut by_clinic: HashMap<String, i128> = HashMap::new();
        for (clinic, norm) in rows.texts("clinic").iter().zip(rows.amounts("norm")) {
            *by_clinic.entry(clinic.unwrap_or_default().to_owned()).or_default() += norm.unwrap_or_default();
        }
        // People may be paid for several kinds of care; most of them are so for the one with most heads.
        let mut heads: HashMap<&str, i128> = HashMap::new();
        for (care, of_clinic) in rows.texts("care").iter().zip(rows.numbers("heads")) {
            *heads.entry(care.unwrap_or_default()).or_default() += i128::from(of_clinic.unwrap_or_default());
        }
        let most_heads = heads.into_values().max().unwrap_or_default();
        let mean = rounded_mean(rows.amounts("amount").iter().flatten().sum(), most_heads);
        Ok(Norms { by_clinic, mean })
    }

    /// Names of organisations beside their codes.
    pub fn organisation_names(&self, codes: &StringArray) -> ArrayRef {
        Arc::new(codes.iter().map(|code| self.names.get(code?).map(String::as_str)).collect::<StringArray>())
    }

    /// Mean monthly worth of a head, in kopecks.
    pub fn mean_norm(&self) -> Option<i128> {
        self.norms.mean
    }

    /// Monthly worth of a head of a clinic, in kopecks: the norm of the clinic, or the mean if no clinic is paid.
    pub fn norm(&self, clinic: Option<&str>) -> Option<i128> {
        clinic.and_then(|clinic| self.norms.by_clinic.get(clinic).copied()).or(self.norms.mean)
    }

    /// The persons of the register among a set, each with names of organisations, `heads` (one), `roubles` a month, and the columns `more`.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn worth_of(&self, persons: &PersonSet, more: &[&str]) -> Result<PersonRows, ReviewError> {
        let columns = [&PERSON_COLUMNS, more].concat();
        let rows = self.scan_persons(OutputTable::Persons, persons, &[], |_| true, &columns)?;
        Ok(PersonRows::new(self.with_worth(&rows, more)))
    }

    /// The persons of the register for whom `is_wanted` says yes, with the columns of [`Self::worth_of`]. `is_wanted`
    /// sees the columns `tested`.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn worth_where(
        &self,
        tested: &[&str],
        is_wanted: impl Fn(Row<'_>) -> bool + Sync,
        more: &[&str],
    ) -> Result<Relation, ReviewError> {
        let rows = self.scan(OutputTable::Persons, tested, is_wanted, &[&PERSON_COLUMNS, more].concat())?;
        Ok(self.with_worth(&rows, more))
    }

    fn with_worth(&self, persons: &Relation, more: &[&str]) -> Relation {
        let (insurers, clinics) = (persons.texts("insurer"), persons.texts("clinic"));
        Columns::default()
            .with_all(persons, &PERSON_COLUMNS)
            .with("insurer_name", self.organisation_names(insurers))
            .with("clinic_name", self.organisation_names(clinics))
            .with("heads", Arc::new(Int64Array::from_value(1, persons.len())))
            .with("roubles", amounts(clinics.iter().map(|clinic| self.norm(clinic))))
            .with_all(persons, more)
            .into_relation()
    }

    /// Names of persons of a set who are not in the register, if a table has them: those who must choose an insurer,
    /// and those whom clinics have attached. If records of a person differ, each column has its least value.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn outside(&self, persons: &PersonSet) -> Result<PersonRows, ReviewError> {
        let tables = [OutputTable::MustChoose, OutputTable::AttachedUninsured];
        let persons = if tables.iter().all(|&table| self.has(table)) { persons } else { &PersonSet::default() };
        let known = if persons.ids.is_empty() {
            Relation::new(RecordBatch::new_empty(Arc::new(schema_of(OutputTable::MustChoose, &NAME_COLUMNS))))
        } else {
            let [must_choose, attached] = tables.map(|table| self.scan_persons(table, persons, &[], |_| true, &NAME_COLUMNS));
            must_choose?.and(&attached?)
        };
        Ok(PersonRows::new(least_values(&known)))
    }
}

/// Columns of a table, each of which may be null.
fn schema_of(table: OutputTable, columns: &[&str]) -> Schema {
    let field = |name: &&str| {
        let field = table.spec().schema.field_with_name(name).expect("invariant: a column of the description");
        arrow::datatypes::Field::new(*name, field.data_type().clone(), true)
    };
    Schema::new(columns.iter().map(field).collect::<Vec<_>>())
}

/// One row for each person, with the least value of each column.
fn least_values(known: &Relation) -> Relation {
    let ids = known.numbers("person_id");
    let index = RowIndex::new(ids.iter());
    let mut seen = HashSet::new();
    let persons: Vec<i64> = ids.iter().flatten().filter(|id| seen.insert(*id)).collect();
    let least_text = |name: &str| -> ArrayRef {
        let texts = known.texts(name);
        let least = |id: &i64| index.rows(id).filter_map(|row| value_at(texts, row)).min();
        Arc::new(persons.iter().map(least).collect::<StringArray>())
    };
    let dates = known.dates("birth_date");
    let least_date =
        |id: &i64| index.rows(id).filter(|&row| dates.is_valid(row as usize)).map(|row| dates.value(row as usize)).min();
    let dates: ArrayRef = Arc::new(persons.iter().map(least_date).collect::<arrow::array::PrimitiveArray<Date32Type>>());
    let texts = ["enp", "surname", "given_name", "patronymic"];
    let columns = Columns::default().with("person_id", Arc::new(Int64Array::from_iter_values(persons.iter().copied())));
    let columns = texts.iter().fold(columns, |columns, name| columns.with(name, least_text(name)));
    columns.with("birth_date", dates).into_relation()
}

fn value_at(texts: &StringArray, row: u32) -> Option<&str> {
    texts.is_valid(row as usize).then(|| texts.value(row as usize))
}

/// A mean, rounded to the nearest whole number, halves to the even one; none if the count is 0.
fn rounded_mean(sum: i128, count: i128) -> Option<i128> {
    if count == 0 {
        return None;
    }
    let (whole, rest) = (sum.abs() / count, sum.abs() % count);
    let rounded = match (2 * rest).cmp(&count) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Equal => whole + whole % 2,
        std::cmp::Ordering::Greater => whole + 1,
    };
    Some(rounded * sum.signum())
}

impl PersonSet {
    /// Whether a range of ids holds one of the set.
    fn has_any(&self, range: &RangeInclusive<i64>) -> bool {
        let from = self.ascending.partition_point(|id| id < range.start());
        self.ascending.get(from).is_some_and(|id| id <= range.end())
    }
}

impl FromIterator<i64> for PersonSet {
    fn from_iter<I: IntoIterator<Item = i64>>(ids: I) -> Self {
        let ids: HashSet<i64> = ids.into_iter().collect();
        let mut ascending: Vec<i64> = ids.iter().copied().collect();
        ascending.sort_unstable();
        Self { ids, ascending }
    }
}

impl From<&Relation> for PersonSet {
    /// The persons in the column `person_id`.
    fn from(relation: &Relation) -> Self {
        relation.numbers("person_id").iter().flatten().collect()
    }
}

impl PersonRows {
    fn new(rows: Relation) -> Self {
        Self { index: RowIndex::new(rows.numbers("person_id").iter()), rows }
    }

    /// The row of the person beside each row of a relation; a row without values if there is none.
    pub fn beside(&self, relation: &Relation) -> Relation {
        let ids = relation.column("person_id").as_primitive::<Int64Type>();
        let row = |id: Option<i64>| id.and_then(|id| self.index.rows(&id).next());
        self.rows.at(&ids.iter().map(row).collect::<UInt32Array>())
    }
}

/// The heads and roubles of worth rows, nothing for persons who are not in the register.
pub(super) fn with_stake(columns: Columns, worth: &Relation) -> Columns {
    let none: ArrayRef = Arc::new(Int64Array::from_value(0, worth.len()));
    let roubles = amounts(worth.amounts("roubles").iter().map(|roubles| Some(roubles.unwrap_or(0))));
    columns.with("heads", first_known(worth.column("heads"), &none)).with("roubles", roubles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_to_the_nearest_kopeck_and_halves_to_the_even_one() {
        for (sum, count, mean) in [(100, 8, 12), (300, 200, 2), (100, 200, 0), (-100, 8, -12), (7, 2, 4), (10, 3, 3), (11, 3, 4)]
        {
            assert_eq!(rounded_mean(sum, count), Some(mean), "{sum} over {count}");
        }
        assert_eq!(rounded_mean(1, 0), None);
    }

    #[test]
    fn a_set_knows_ranges_that_hold_none_of_it() {
        let set: PersonSet = [5, 9, 5].into_iter().collect();
        for (range, holds) in [(0..=4, false), (0..=5, true), (6..=8, false), (9..=9, true), (10..=20, false)] {
            assert_eq!(set.has_any(&range), holds, "{range:?}");
        }
    }

    #[test]
    fn the_least_value_of_each_column_names_a_person() {
        let text = |values: [Option<&str>; 3]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
        let dates = arrow::array::Date32Array::from(vec![Some(3), None, Some(2)]);
        let known = Columns::default()
            .with("person_id", Arc::new(Int64Array::from(vec![8, 7, 8])))
            .with("enp", text([None, None, Some("1")]))
            .with("surname", text([Some("Б"), Some("В"), Some("А")]))
            .with("given_name", text([Some("А"), Some("В"), Some("Б")]))
            .with("patronymic", text([None, None, None]))
            .with("birth_date", Arc::new(dates));
        let least = least_values(&known.into_relation());
        assert_eq!(least.numbers("person_id").values().to_vec(), [8, 7]);
        assert_eq!(least.texts("enp").iter().collect::<Vec<_>>(), [Some("1"), None]);
        assert_eq!(least.texts("surname").iter().flatten().collect::<Vec<_>>(), ["А", "В"]);
        assert_eq!(least.dates("birth_date").iter().collect::<Vec<_>>(), [Some(2), None]);
    }
}
