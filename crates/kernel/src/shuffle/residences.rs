//! Residences of persons, as texts beside the rows of a partition.
//!
//! ```text
//! a worker's bytes:  row id (8)  length of the address (4)  length of the settlement (4)  address  settlement  row id …
//! a partition:       the bytes of all workers one after another, and an index: row id, offset of its entry; by row id
//! ```

use sverka_model::Residence;
use sverka_model::RowId;

/// Bytes before the texts of an entry.
const HEAD: usize = size_of::<RowId>() + 2 * size_of::<u32>();

/// Replaces the contents of `into` by the entry of a row.
pub(super) fn pack(row_id: RowId, residence: Residence<'_>, into: &mut Vec<u8>) {
    let Residence { address, settlement } = residence;
    into.clear();
    into.extend_from_slice(bytemuck::bytes_of(&row_id));
    for text in [address, settlement] {
        let length = u32::try_from(text.len()).expect("invariant: a text of a row is shorter than 4 GiB");
        into.extend_from_slice(&length.to_le_bytes());
    }
    into.extend_from_slice(address);
    into.extend_from_slice(settlement);
}

/// Start of the entry of a row among the bytes of a partition.
#[derive(Clone, Copy)]
struct EntryStart {
    row_id: RowId,
    offset: usize,
}

/// The entries of a partition.
#[derive(Default)]
pub(super) struct Residences {
    bytes: Vec<u8>,
    /// Rows that have a residence.
    entries: Vec<EntryStart>,
}

impl Residences {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds entries; [`Self::sort`] brings them into their order.
    pub fn extend(&mut self, entries: &[u8]) {
        let mut at = self.bytes.len();
        self.bytes.extend_from_slice(entries);
        while at < self.bytes.len() {
            let entry = &self.bytes[at..];
            self.entries.push(EntryStart { row_id: row_id_of(entry), offset: at });
            at += size_of_entry(entry);
        }
    }

    /// Brings the entries into the order of row ids, which [`Self::find`] needs.
    pub fn sort(&mut self) {
        self.entries.sort_unstable_by_key(|entry| entry.row_id);
    }

    /// The entry of a row, as it was packed.
    pub fn packed(&self, row_id: RowId) -> Option<&[u8]> {
        let index = self.entries.binary_search_by_key(&row_id, |entry| entry.row_id).ok()?;
        let entry = &self.bytes[self.entries[index].offset..];
        Some(&entry[..size_of_entry(entry)])
    }

    /// The address and settlement of a row; `None` if it has no entry. The entries must be sorted.
    pub fn find(&self, row_id: RowId) -> Option<Residence<'_>> {
        let entry = self.packed(row_id)?;
        let (address, settlement) = entry[HEAD..].split_at(lengths(entry)[0]);
        Some(Residence { address, settlement })
    }
}

fn row_id_of(entry: &[u8]) -> RowId {
    bytemuck::pod_read_unaligned(&entry[..size_of::<RowId>()])
}

/// The lengths of both texts.
fn lengths(entry: &[u8]) -> [usize; 2] {
    [size_of::<RowId>(), size_of::<RowId>() + size_of::<u32>()]
        .map(|at| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]) as usize)
}

fn size_of_entry(entry: &[u8]) -> usize {
    HEAD + lengths(entry).iter().sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_finds_its_own() {
        let mut residences = Residences::default();
        let mut packed = Vec::new();
        for (line, address, settlement) in [(9, "ул. Мира, 1", "Заречный"), (2, "", "с. Луговое"), (5, "ул. Мира, 2", "")]
        {
            let residence = Residence { address: address.as_bytes(), settlement: settlement.as_bytes() };
            pack(RowId::new(1, line), residence, &mut packed);
            residences.extend(&packed);
        }
        residences.sort();
        let residence = |line| {
            residences.find(RowId::new(1, line)).map(|found| [found.address, found.settlement].map(String::from_utf8_lossy))
        };
        assert_eq!(residence(9), Some(["ул. Мира, 1".into(), "Заречный".into()]));
        assert_eq!(residence(2), Some(["".into(), "с. Луговое".into()]));
        assert_eq!(residence(5), Some(["ул. Мира, 2".into(), "".into()]));
        assert_eq!(residence(3), None);
    }
}
