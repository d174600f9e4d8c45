//! Numbers of accepted rows that have each field, by source and by the insurer or clinic that the rows name.
//!
//! A row costs one addition of bytes while it is read, without a look-up by content and without an allocation.

use sverka_model::{Field, OrganisationId};

/// Number of rows, and number of rows with each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilledFieldCounts {
    /// Rows.
    pub rows: u64,
    /// Rows that have a field, by the number of the field.
    pub filled: [u64; Field::COUNT],
}

impl Default for FilledFieldCounts {
    fn default() -> Self {
        Self { rows: 0, filled: [0; Field::COUNT] }
    }
}

impl FilledFieldCounts {
    /// Adds the counts of other rows.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.filled.iter_mut().zip(&other.filled).for_each(|(sum, more)| *sum += more);
    }
}

/// Most rows that are counted in bytes before the bytes are added to wider numbers.
const ROWS_IN_BYTES: u8 = u8::MAX;

/// Counter of the rows of one insurer or clinic.
///
/// Each field of a row is a byte of 0 or 1. Up to 255 rows are added byte by byte, sixteen or more fields with one instruction; then the bytes are added
/// to the total and begin at 0 again.
#[derive(Clone, Copy)]
struct Counter {
    organisation: OrganisationId,
    /// Rows in `filled`.
    rows: u8,
    /// Rows that have a field, since the last addition to the total.
    filled: [u8; Field::COUNT],
    total: FilledFieldCounts,
}

impl Counter {
    fn new(organisation: OrganisationId) -> Self {
        Self { organisation, rows: 0, filled: [0; Field::COUNT], total: FilledFieldCounts::default() }
    }

    #[inline]
    fn count(&mut self, filled: [u8; Field::COUNT]) {
        for (sum, one) in self.filled.iter_mut().zip(filled) {
            *sum = sum.wrapping_add(one);
        }
        self.rows += 1;
        if self.rows == ROWS_IN_BYTES {
            self.add_to_total();
        }
    }

    #[inline(never)]
    fn add_to_total(&mut self) {
        self.total.rows += u64::from(self.rows);
        self.total.filled.iter_mut().zip(self.filled).for_each(|(sum, more)| *sum += u64::from(more));
        (self.rows, self.filled) = (0, [0; Field::COUNT]);
    }
}

/// Index of no counter.
const NONE: u16 = u16::MAX;

/// Counters of the rows of one source at a time.
#[derive(Default)]
pub struct FilledFieldTally {
    /// Index of the counter of each insurer or clinic; [`NONE`] for those that no row of the source has named yet.
    counter_indexes: Vec<u16>,
    counters: Vec<Counter>,
    /// Index of the source in the plan.
    source: u32,
    /// Counts of finished sources.
    done: Vec<(u32, OrganisationId, FilledFieldCounts)>,
}

impl FilledFieldTally {
    /// Counts the rows that follow for a source.
    pub fn begin(&mut self, source: u32) {
        if self.source != source {
            self.close();
            self.source = source;
        }
    }

    /// Counts a row of an insurer or clinic (an index of the reference table), with 1 for each field that the row has.
    #[inline]
    pub fn count(&mut self, organisation: OrganisationId, filled: [u8; Field::COUNT]) {
        let index = self.counter_indexes.get(usize::from(organisation)).copied().filter(|&index| index != NONE);
        let index = index.unwrap_or_else(|| self.add_counter(organisation));
        self.counters[usize::from(index)].count(filled);
    }

    #[cold]
    #[inline(never)]
    fn add_counter(&mut self, organisation: OrganisationId) -> u16 {
        let known = self.counter_indexes.len().max(usize::from(organisation) + 1);
        self.counter_indexes.resize(known, NONE);
        let index = self.counters.len() as u16;
        self.counters.push(Counter::new(organisation));
        self.counter_indexes[usize::from(organisation)] = index;
        index
    }

    fn close(&mut self) {
        for mut counter in self.counters.drain(..) {
            counter.add_to_total();
            self.counter_indexes[usize::from(counter.organisation)] = NONE;
            self.done.push((self.source, counter.organisation, counter.total));
        }
    }

    /// The counts by source (an index of the plan) and insurer or clinic. A pair may occur several times.
    #[must_use]
    pub fn finish(mut self) -> Vec<(u32, OrganisationId, FilledFieldCounts)> {
        self.close();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(field: Field) -> [u8; Field::COUNT] {
        std::array::from_fn(|number| u8::from(number == field as usize))
    }

    #[test]
    fn no_count_is_lost_when_bytes_are_full() {
        for rows in [1, 254, 255, 256, 510, 511, 1000] {
            let mut tally = FilledFieldTally::default();
            (0..rows).for_each(|_| tally.count(OrganisationId::new(3), row(Field::Enp)));
            tally.count(OrganisationId::new(3), row(Field::Snils));
            let done = tally.finish();
            let [(0, organisation, counted)] = done[..] else { panic!("{done:?}") };
            assert_eq!(organisation, OrganisationId::new(3));
            let filled = |field: Field| counted.filled[field as usize];
            assert_eq!((counted.rows, filled(Field::Enp), filled(Field::Snils), filled(Field::Sex)), (rows + 1, rows, 1, 0));
        }
    }

    #[test]
    fn sources_and_organisations_have_counts_of_their_own() {
        let mut tally = FilledFieldTally::default();
        for (source, organisation) in [(0, 7), (0, 2), (1, 7), (1, 7), (4, 0)] {
            tally.begin(source);
            tally.count(OrganisationId::new(organisation), row(Field::Enp));
        }
        let counts: Vec<_> = tally
            .finish()
            .into_iter()
            .map(|(source, organisation, counts)| (source, organisation.number(), counts.rows))
            .collect();
        assert_eq!(counts, [(0, 7, 1), (0, 2, 1), (1, 7, 2), (4, 0, 1)]);
    }
}
