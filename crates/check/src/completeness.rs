//! How many of the accepted rows of a source have each field, by the insurer or clinic that they name.
//!
//! Counted while rows are read, one addition of bytes a row: nothing here is looked up by content, and nothing is allocated for a row.

use sverka_model::{Field, OrganisationId};

/// Rows with their filled fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilledFieldCounts {
    /// How many rows.
    pub rows: u64,
    /// Of these, how many have each field, by its number.
    pub filled: [u64; Field::COUNT],
}

impl Default for FilledFieldCounts {
    fn default() -> Self {
        Self { rows: 0, filled: [0; Field::COUNT] }
    }
}

impl FilledFieldCounts {
    /// Adds other rows.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.filled.iter_mut().zip(&other.filled).for_each(|(sum, more)| *sum += more);
    }
}

/// So many rows are counted in bytes before they are added up.
const ROWS_IN_BYTES: u8 = u8::MAX;

/// Rows whose fields are counted in bytes, as many as these can hold.
#[derive(Clone, Copy)]
struct Counter {
    organisation: OrganisationId,
    rows: u8,
    filled: [u8; Field::COUNT],
    settled: FilledFieldCounts,
}

impl Counter {
    fn new(organisation: OrganisationId) -> Self {
        Self { organisation, rows: 0, filled: [0; Field::COUNT], settled: FilledFieldCounts::default() }
    }

    #[inline]
    fn count(&mut self, filled: [u8; Field::COUNT]) {
        for (sum, one) in self.filled.iter_mut().zip(filled) {
            *sum = sum.wrapping_add(one);
        }
        self.rows += 1;
        if self.rows == ROWS_IN_BYTES {
            self.settle();
        }
    }

    #[inline(never)]
    fn settle(&mut self) {
        self.settled.rows += u64::from(self.rows);
        self.settled.filled.iter_mut().zip(self.filled).for_each(|(sum, more)| *sum += u64::from(more));
        (self.rows, self.filled) = (0, [0; Field::COUNT]);
    }
}

/// No counter.
const NONE: u16 = u16::MAX;

/// Counts the rows of one source at a time.
#[derive(Default)]
pub struct FilledFieldTally {
    /// The counter of each insurer or clinic that the source has named so far.
    places: Vec<u16>,
    counters: Vec<Counter>,
    /// The source, as an index of the plan's.
    source: u32,
    done: Vec<(u32, OrganisationId, FilledFieldCounts)>,
}

impl FilledFieldTally {
    /// What is counted from here on is of a source.
    pub fn begin(&mut self, source: u32) {
        if self.source != source {
            self.close();
            self.source = source;
        }
    }

    /// A row that names an insurer or clinic (an index of its reference table), with 1 for each field that it has.
    #[inline]
    pub fn count(&mut self, organisation: OrganisationId, filled: [u8; Field::COUNT]) {
        let place = self.places.get(usize::from(organisation)).copied().filter(|&place| place != NONE);
        let place = place.unwrap_or_else(|| self.enter(organisation));
        self.counters[usize::from(place)].count(filled);
    }

    #[cold]
    #[inline(never)]
    fn enter(&mut self, organisation: OrganisationId) -> u16 {
        let known = self.places.len().max(usize::from(organisation) + 1);
        self.places.resize(known, NONE);
        let place = self.counters.len() as u16;
        self.counters.push(Counter::new(organisation));
        self.places[usize::from(organisation)] = place;
        place
    }

    fn close(&mut self) {
        for mut counter in self.counters.drain(..) {
            counter.settle();
            self.places[usize::from(counter.organisation)] = NONE;
            self.done.push((self.source, counter.organisation, counter.settled));
        }
    }

    /// What was counted, of each source (as an index of the plan's) and insurer or clinic; a source may come again.
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
    fn no_count_is_lost_where_bytes_are_full() {
        for rows in [1, 254, 255, 256, 510, 511, 1000] {
            let mut tally = FilledFieldTally::default();
            (0..rows).for_each(|_| tally.count(OrganisationId::new(3), row(Field::Enp)));
            tally.count(OrganisationId::new(3), row(Field::Snils));
            let done = tally.finish();
            let [(0, organisation, counted)] = done[..] else { panic!("{done:?}") };
            assert_eq!(organisation, OrganisationId::new(3));
            let of = |field: Field| counted.filled[field as usize];
            assert_eq!((counted.rows, of(Field::Enp), of(Field::Snils), of(Field::Sex)), (rows + 1, rows, 1, 0));
        }
    }

    #[test]
    fn sources_and_organisations_are_told_apart() {
        let mut tally = FilledFieldTally::default();
        for (source, organisation) in [(0, 7), (0, 2), (1, 7), (1, 7), (4, 0)] {
            tally.begin(source);
            tally.count(OrganisationId::new(organisation), row(Field::Enp));
        }
        let told: Vec<_> =
            tally.finish().into_iter().map(|(source, organisation, of)| (source, organisation.number(), of.rows)).collect();
        assert_eq!(told, [(0, 7, 1), (0, 2, 1), (1, 7, 2), (4, 0, 1)]);
    }
}
