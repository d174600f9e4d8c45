//! Row groups of one table from many threads, in any order, onto the disk in theirs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::PublishError;
use super::table::OutputTable;
use super::writer::{EncodedRowGroup, RowGroupEncoder, TableWriter, WrittenTable};

/// A [`TableWriter`] that is shared by threads. Whoever brings the row group whose turn it is writes it, and those that waited for it.
pub struct TableSink {
    table: OutputTable,
    encoder: RowGroupEncoder,
    state: Mutex<State>,
}

struct State {
    writer: TableWriter,
    next: usize,
    waiting: BTreeMap<usize, EncodedRowGroup>,
}

impl TableSink {
    /// Begins the table's file in `dir`.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(dir: &Path, table: OutputTable) -> Result<Self, PublishError> {
        let writer = TableWriter::create(dir, table)?;
        let encoder = writer.encoder();
        Ok(Self { table, encoder, state: Mutex::new(State { writer, next: 0, waiting: BTreeMap::new() }) })
    }

    /// What turns batches of this table into row groups.
    #[must_use]
    pub fn encoder(&self) -> &RowGroupEncoder {
        &self.encoder
    }

    /// Takes the row group that is number `index` in the file, counted from 0. Waits for the disk when it, or one that was waiting for it, can
    /// be written.
    ///
    /// # Errors
    /// As [`TableWriter::append`], of any row group that is written now.
    ///
    /// # Panics
    /// When a row group of that number has come before.
    pub fn put(&self, index: usize, group: EncodedRowGroup) -> Result<(), PublishError> {
        let mut state = self.state();
        let State { writer, next, waiting } = &mut *state;
        assert!(index >= *next && waiting.insert(index, group).is_none(), "row group {index} of {} twice", self.table.name());
        while let Some(group) = waiting.remove(next) {
            *next += 1;
            writer.append(group)?;
        }
        Ok(())
    }

    /// Ends the file and waits until the disk has it.
    ///
    /// # Errors
    /// When the disk refuses.
    ///
    /// # Panics
    /// When a row group is missing before one that came.
    pub fn finish(self) -> Result<WrittenTable, PublishError> {
        let State { writer, waiting, next } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        assert!(waiting.is_empty(), "row group {next} of {} is missing", self.table.name());
        writer.finish()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const TABLE: OutputTable = OutputTable::Persons;

    fn put(sink: &TableSink, index: usize) -> Result<(), PublishError> {
        let from = index as i64 * 100;
        let rows = sample::batch(&TABLE.spec().schema, from, from + 100);
        sink.put(index, sink.encoder().encode(&rows).expect("rows in order"))
    }

    #[test]
    fn row_groups_that_come_in_any_order_stand_in_theirs() {
        let write = |order: [usize; 4]| {
            let dir = tempfile::tempdir().expect("folder");
            let sink = TableSink::create(dir.path(), TABLE).expect("create");
            order.into_iter().for_each(|index| put(&sink, index).expect("put"));
            sink.finish().expect("finish")
        };
        assert_eq!(write([0, 1, 2, 3]), write([3, 1, 0, 2]));
    }

    #[test]
    #[should_panic(expected = "row group 1 of persons is missing")]
    fn a_missing_row_group_is_no_table() {
        let dir = tempfile::tempdir().expect("folder");
        let sink = TableSink::create(dir.path(), TABLE).expect("create");
        [0, 2].into_iter().for_each(|index| put(&sink, index).expect("put"));
        let _ = sink.finish();
    }
}
