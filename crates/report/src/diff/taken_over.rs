//! Persons of the former run whose id another one has taken over since (SEM-350).
//!
//! ```text
//! former run    5  8        5 taken over by 8           later run    8
//!   both in the register    8 is the same person, 5 is merged
//!   5 alone                 the row of 5 is read as that of 8
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, filter_record_batch, take_record_batch};
use arrow::datatypes::Int64Type;

use super::DiffError;
use super::run::{ComparedRun, TablePair};
use sverka_publish::OutputTable;

/// Number of the person, by which the tables are sorted.
const KEY: &str = "person_id";
/// Id that stands for another one, in `person_ids`.
const TAKEN_OVER_BY: &str = "taken_over_by";

/// Persons of the former run whose ids were taken over.
#[derive(Debug, Default)]
pub(super) struct TakenOver {
    /// Former id of each later id as which a row of the former run is read.
    former_of: BTreeMap<i64, i64>,
    /// Former ids whose rows are read as those of later ids.
    moved: BTreeSet<i64>,
    /// Former ids of persons that were joined to persons of the former register.
    merged: BTreeSet<i64>,
}

impl TakenOver {
    /// Ids that the later run took over from persons of the former run. Without continued ids there are none.
    pub fn read(new: &ComparedRun, persons: &TablePair) -> Result<Self, DiffError> {
        let Some(table) = new.table(OutputTable::PersonIds)? else { return Ok(Self::default()) };
        let rows = table.find(|_| true, &[TAKEN_OVER_BY], |row| row.number(TAKEN_OVER_BY).is_some(), &[KEY, TAKEN_OVER_BY])?;
        let taken: BTreeMap<i64, i64> =
            rows.iter().filter_map(|row| Some((row.number(KEY)?, row.number(TAKEN_OVER_BY)?))).collect();
        let ids: Vec<i64> = taken.iter().flat_map(|(id, by)| [*id, *by]).collect::<BTreeSet<i64>>().into_iter().collect();
        let present = |table: &crate::table_reader::TableReader| -> Result<BTreeSet<i64>, DiffError> {
            Ok(table.read_keys(KEY, &ids, &[KEY])?.iter().filter_map(|row| row.number(KEY)).collect())
        };
        let (in_old, in_new) = (present(&persons.old)?, present(&persons.new)?);
        let mut taken_over = Self::default();
        for (&former, &later) in taken.iter().filter(|(former, _)| in_old.contains(former) && !in_new.contains(former)) {
            if in_new.contains(&later) && !in_old.contains(&later) && !taken_over.former_of.contains_key(&later) {
                taken_over.former_of.insert(later, former);
                taken_over.moved.insert(former);
            } else if in_old.contains(&later) || in_new.contains(&later) {
                taken_over.merged.insert(former);
            }
        }
        Ok(taken_over)
    }

    /// Whether a person of the former register was joined to another one.
    pub fn is_merged(&self, id: i64) -> bool {
        self.merged.contains(&id)
    }

    /// Rows of a slice of the former run, each under the later id of its person.
    pub fn read_slice(
        &self,
        persons: &TablePair,
        slice: &RangeInclusive<i64>,
        columns: &[&str],
    ) -> Result<RecordBatch, DiffError> {
        let rows = persons.old.read_key_range(KEY, slice, columns)?;
        let leaves = self.moved.range(slice.clone()).next().is_some();
        let comes: BTreeMap<i64, i64> = self.former_of.range(slice.clone()).map(|(later, former)| (*former, *later)).collect();
        if !leaves && comes.is_empty() {
            return Ok(rows);
        }
        let stays: BooleanArray = ids(&rows).values().iter().map(|id| Some(!self.moved.contains(id))).collect();
        let mut batches = vec![filter_record_batch(&rows, &stays).map_err(DiffError::rows)?];
        let keys: Vec<i64> = comes.keys().copied().collect();
        for batch in persons.old.read_keys(KEY, &keys, columns)?.into_batches() {
            let later: Int64Array = ids(&batch).values().iter().map(|id| comes.get(id).copied()).collect();
            let key = batch.schema().index_of(KEY).map_err(DiffError::rows)?;
            let mut of_batch: Vec<ArrayRef> = batch.columns().to_vec();
            of_batch[key] = Arc::new(later);
            batches.push(RecordBatch::try_new(batch.schema(), of_batch).map_err(DiffError::rows)?);
        }
        let all = concat_batches(&rows.schema(), &batches).map_err(DiffError::rows)?;
        let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
        order.sort_by_key(|&row| ids(&all).value(row as usize));
        take_record_batch(&all, &UInt32Array::from(order)).map_err(DiffError::rows)
    }
}

fn ids(batch: &RecordBatch) -> &Int64Array {
    batch.column_by_name(KEY).expect("invariant: the number of the person is always read").as_primitive::<Int64Type>()
}
