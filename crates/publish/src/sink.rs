//! Sink of a table: takes row groups from many threads in any order, and writes them in their order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::PublishError;
use super::table::OutputTable;
use super::writer::{EncodedRowGroup, RowGroupEncoder, TableWriter, WrittenTable};

/// [`TableWriter`] shared by threads. The thread that brings the next row group writes it, and the row groups that
/// waited for it.
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
    /// Starts the file of the table in `dir`.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(dir: &Path, table: OutputTable) -> Result<Self, PublishError> {
        let writer = TableWriter::create(dir, table)?;
        let encoder = writer.encoder();
        Ok(Self { table, encoder, state: Mutex::new(State { writer, next: 0, waiting: BTreeMap::new() }) })
    }

    /// Encoder from batches of this table to row groups.
    #[must_use]
    pub fn encoder(&self) -> &RowGroupEncoder {
        &self.encoder
    }

    /// Takes row group number `index` of the file, counted from 0. If it is the next one, writes it and the row groups
    /// that waited for it.
    ///
    /// # Errors
    /// The same as for [`TableWriter::append`], for any row group that is written now.
    ///
    /// # Panics
    /// When a row group of that number was put before.
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

    /// Completes the file and syncs it.
    ///
    /// # Errors
    /// When the disk refuses.
    ///
    /// # Panics
    /// When a row group is missing before another one.
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
