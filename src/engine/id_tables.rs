//! The tables `person_ids` and `person_events`, written partition by partition.
//!
//! Both are cut into row groups by the first bits of identity and id, finer than the tables of persons: a partition of
//! the next run reads the row groups of its own range and little else.

use std::path::Path;

use super::former_ids::FormerIdTable;
use super::tables::{SharedTexts, person_event_batch, person_id_batch};
use sverka_kernel::identity::{CrossPartitionIds, IdRows, IdentityRow, PersonEvent};
use sverka_kernel::shuffle::BUCKET_BITS;
use sverka_publish::{OutputTable, PublishError, TableSet, TableSink, WrittenTable};

/// Person ids that are continued from run to run.
#[derive(Clone, Copy)]
pub(super) struct ContinuedIds<'r> {
    /// Table of ids of the former run; `None` when ids begin with this run.
    pub former: Option<&'r FormerIdTable>,
}

/// Target for the number of persons in a row group.
const GROUP_PERSONS: u64 = 1 << 12;

/// Sinks of both tables, if they are written.
pub(super) struct IdSinks {
    identities: Option<TableSink>,
    events: Option<TableSink>,
    /// Number of row groups, as a power of two.
    bits: u32,
}

impl IdSinks {
    /// Starts the files in `dir`, for so many persons.
    pub fn create(dir: &Path, tables: TableSet, persons: u64) -> Result<Self, PublishError> {
        let create = |table| tables.contains(table).then(|| TableSink::create(dir, table)).transpose();
        Ok(Self {
            identities: create(OutputTable::PersonIds)?,
            events: create(OutputTable::PersonEvents)?,
            bits: persons.div_ceil(GROUP_PERSONS).next_power_of_two().trailing_zeros().min(BUCKET_BITS),
        })
    }

    /// Completes the files.
    pub fn finish(self) -> Result<Vec<WrittenTable>, PublishError> {
        self.identities.into_iter().chain(self.events).map(TableSink::finish).collect()
    }

    fn put(&self, group: usize, rows: &IdRows, texts: &SharedTexts) -> Result<(), PublishError> {
        if let Some(sink) = &self.identities {
            sink.put(group, sink.encoder().encode(&person_id_batch(&rows.identities)?)?)?;
        }
        if let Some(sink) = &self.events {
            sink.put(group, sink.encoder().encode(&person_event_batch(&rows.events, texts)?)?)?;
        }
        Ok(())
    }
}

/// Rows of one stripe until their row groups are complete.
pub(super) struct PendingIdRows<'s> {
    sinks: &'s IdSinks,
    texts: &'s SharedTexts,
    rows: IdRows,
    /// Next row group.
    next: usize,
}

impl<'s> PendingIdRows<'s> {
    /// No rows, at the start of a stripe.
    pub fn new(sinks: &'s IdSinks, texts: &'s SharedTexts, stripe: usize, stripe_bits: u32) -> Self {
        Self { sinks, texts, rows: IdRows::default(), next: stripe << (sinks.bits - stripe_bits) }
    }

    /// Adds the rows of a partition, those of cross-partition persons in its range included, and writes the row groups that are complete.
    pub fn add(&mut self, index: usize, bits: u32, mut rows: IdRows, others: &CrossPartitionIds) -> Result<(), PublishError> {
        let partition = index as u64;
        merge(&mut rows.identities, &others.rows.identities, |row: &IdentityRow| row.identity.first_bits(bits), partition);
        merge(&mut rows.events, &others.rows.events, |event: &PersonEvent| event.id.first_bits(bits), partition);
        self.rows.identities.append(&mut rows.identities);
        self.rows.events.append(&mut rows.events);
        self.write_until(((partition + 1) << self.sinks.bits >> bits) as usize)
    }

    /// Writes all row groups before one.
    fn write_until(&mut self, end: usize) -> Result<(), PublishError> {
        let bits = self.sinks.bits;
        while self.next < end {
            let group = self.next as u64;
            let identities = self.rows.identities.partition_point(|row| row.identity.first_bits(bits) <= group);
            let events = self.rows.events.partition_point(|event| event.id.first_bits(bits) <= group);
            let complete = IdRows {
                identities: self.rows.identities.drain(..identities).collect(),
                events: self.rows.events.drain(..events).collect(),
            };
            self.sinks.put(self.next, &complete, self.texts)?;
            self.next += 1;
        }
        Ok(())
    }
}

/// Adds those of the sorted rows `others` that belong to a partition.
fn merge<T: Copy + Ord>(rows: &mut Vec<T>, others: &[T], partition_of: impl Fn(&T) -> u64, partition: u64) {
    let from = others.partition_point(|row| partition_of(row) < partition);
    let to = others.partition_point(|row| partition_of(row) <= partition);
    if from < to {
        rows.extend_from_slice(&others[from..to]);
        // A stable sort finds the two sorted runs.
        rows.sort();
    }
}
