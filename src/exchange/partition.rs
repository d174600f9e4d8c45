//! The rows of one partition, loaded: both tables in the order of places, with their texts and findings.

use bytemuck::{Pod, Zeroable};

use super::packed::{PackedRecord, SLACK, place_of, unpack, unpack_texts};
use super::symbols::Pairs;
use crate::check::{AttachmentRecord, RegisterRecord, RowFinding};
use crate::intake::{Field, Place, RowTexts};
use crate::rules::{Code, RULES};

/// A finding of an accepted row, as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct PlacedFinding {
    place: Place,
    code: u16,
    /// The number of the field and one; 0 without a field.
    field: u16,
    padding: u32,
}

impl PlacedFinding {
    pub(super) fn new(finding: RowFinding) -> Self {
        let field = finding.field.map_or(0, |field| field as u16 + 1);
        Self { place: finding.place, code: finding.code as u16, field, padding: 0 }
    }

    /// Where the row stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// What was found.
    #[must_use]
    pub fn code(&self) -> Code {
        RULES[usize::from(self.code)].code
    }

    /// In which field.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        self.field.checked_sub(1).map(|field| Field::ALL[usize::from(field)])
    }
}

/// The rows of some birth dates. A row is known by its index: those of the register come first, each table in the order of places.
#[derive(Default)]
pub struct Partition {
    /// Rows of the register.
    pub register: Vec<RegisterRecord>,
    /// Rows of the attachments.
    pub attachments: Vec<AttachmentRecord>,
    /// Findings of accepted rows.
    pub findings: Vec<PlacedFinding>,
    texts: String,
    /// Where the texts of each row begin.
    text_starts: Vec<usize>,
}

impl Partition {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.register.len() + self.attachments.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts of a row.
    #[must_use]
    #[inline]
    pub fn texts(&self, row: u32) -> RowTexts<'_> {
        RowTexts::read(&self.texts[self.text_starts[row as usize]..])
    }

    /// Reads a little of everything that is kept of a row, so that it lies in a cache when it is needed.
    #[must_use]
    #[inline]
    pub fn touch(&self, row: u32) -> u64 {
        let text = u64::from(self.texts.as_bytes()[self.text_starts[row as usize]]);
        let ends = match (row as usize).checked_sub(self.register.len()) {
            None => self.register.get(row as usize).map(|record| (record.identity.place, record.applied_on)),
            Some(index) => self.attachments.get(index).map(|record| (record.identity.place, record.attached_to)),
        };
        ends.map_or(text, |(place, day)| text ^ u64::from(place.line()) ^ day.days() as u64)
    }

    /// The index of the row of a table at a place.
    #[must_use]
    pub fn find(&self, place: Place) -> Option<u32> {
        if let Ok(index) = self.register.binary_search_by_key(&place, |record| record.identity.place) {
            return Some(index as u32);
        }
        let found = self.attachments.binary_search_by_key(&place, |record| record.identity.place);
        found.ok().map(|index| (self.register.len() + index) as u32)
    }

    /// A partition of single rows, in any order, each with its texts.
    #[must_use]
    pub fn of_rows(mut rows: PartitionRows) -> Self {
        let mut partition = Self::default();
        rows.register.sort_by_key(|(record, _)| record.identity.place);
        rows.attachments.sort_by_key(|(record, _)| record.identity.place);
        for (record, texts) in rows.register {
            partition.register.push(record);
            partition.push_texts(&texts);
        }
        for (record, texts) in rows.attachments {
            partition.attachments.push(record);
            partition.push_texts(&texts);
        }
        partition
    }

    fn push_texts(&mut self, texts: &str) {
        self.text_starts.push(self.texts.len());
        self.texts.push_str(texts);
    }

    /// Adds a copy of a row to `rows`.
    pub fn copy_row(&self, row: u32, rows: &mut PartitionRows) {
        let start = self.text_starts[row as usize];
        let texts = self.texts[start..start + self.texts(row).size()].into();
        match (row as usize).checked_sub(self.register.len()) {
            None => rows.register.push((self.register[row as usize], texts)),
            Some(index) => rows.attachments.push((self.attachments[index], texts)),
        }
    }

    /// Takes the rows of all parts in the place of its own.
    pub(super) fn fill(&mut self, parts: &[Part]) {
        self.register.clear();
        self.attachments.clear();
        self.findings.clear();
        self.text_starts.clear();
        self.findings.extend(parts.iter().flat_map(|part| &part.findings));
        self.findings.sort_by_key(PlacedFinding::place);
        let mut texts = std::mem::take(&mut self.texts).into_bytes();
        texts.clear();
        let mut rows = TextRows { texts, starts: &mut self.text_starts };
        merge(
            parts.iter().map(|part| Lane { bytes: &part.register, pairs: &part.pairs }).collect(),
            &mut rows,
            &mut self.register,
        );
        let lanes = parts.iter().map(|part| Lane { bytes: &part.attachments, pairs: &part.pairs }).collect();
        merge(lanes, &mut rows, &mut self.attachments);
        self.texts = String::from_utf8(rows.texts).expect("invariant: texts are written as texts");
    }
}

/// Single rows with their texts.
#[derive(Default)]
pub struct PartitionRows {
    register: Vec<(RegisterRecord, Box<str>)>,
    attachments: Vec<(AttachmentRecord, Box<str>)>,
}

impl PartitionRows {
    /// Takes over other rows.
    pub fn extend(&mut self, other: Self) {
        self.register.extend(other.register);
        self.attachments.extend(other.attachments);
    }
}

/// What one worker wrote of a partition, in the order of places.
#[derive(Default)]
pub(super) struct Part {
    /// Packed rows.
    pub register: Vec<u8>,
    /// Packed rows.
    pub attachments: Vec<u8>,
    pub findings: Vec<PlacedFinding>,
    /// What the texts of its rows are made of.
    pub pairs: Pairs,
}

impl Part {
    pub fn clear(&mut self) {
        self.register.clear();
        self.attachments.clear();
        self.findings.clear();
    }
}

/// Texts of rows, and where those of each row begin.
struct TextRows<'t> {
    texts: Vec<u8>,
    starts: &'t mut Vec<usize>,
}

/// The rows of one table that one worker wrote, while they are merged with those of the others.
struct Lane<'p> {
    /// The packed rows that are left, with the slack behind them.
    bytes: &'p [u8],
    pairs: &'p Pairs,
}

impl Lane<'_> {
    #[inline]
    fn next_place(&self) -> Option<Place> {
        (self.bytes.len() > SLACK).then(|| place_of(self.bytes))
    }

    /// Takes the rows that come before `limit`.
    fn take<R: PackedRecord>(&mut self, limit: Option<Place>, texts: &mut TextRows<'_>, into: &mut Vec<R>) {
        while self.next_place().is_some_and(|place| limit.is_none_or(|limit| place < limit)) {
            let (record, at) = unpack(self.bytes);
            into.push(record);
            texts.starts.push(texts.texts.len());
            let size = unpack_texts(&self.bytes[at..], self.pairs, &mut texts.texts);
            self.bytes = &self.bytes[at + size..];
        }
    }
}

/// Merges lanes into the order of places.
fn merge<R: PackedRecord>(mut lanes: Vec<Lane<'_>>, texts: &mut TextRows<'_>, into: &mut Vec<R>) {
    loop {
        let mut next: Option<(Place, usize)> = None;
        let mut limit: Option<Place> = None;
        for (index, lane) in lanes.iter().enumerate() {
            let Some(place) = lane.next_place() else { continue };
            match next {
                Some((first, _)) if first < place => limit = Some(limit.map_or(place, |limit| limit.min(place))),
                _ => {
                    limit = next.map(|(first, _)| first);
                    next = Some((place, index));
                }
            }
        }
        let Some((_, lane)) = next else { return };
        lanes[lane].take(limit, texts, into);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Exchange, Outbox, PartitionBits, PartitionLoader, SpillPolicy};
    use super::*;
    use crate::check::{Identity, RowSink as _};
    use crate::identifier::Date;
    use crate::intake::TextKind;

    fn record(chunk: u32, line: u32, birth: i32) -> RegisterRecord {
        let identity = Identity { place: Place::new(chunk, line), birth_date: Date::from_days(birth), ..Zeroable::zeroed() };
        RegisterRecord { identity, ..Zeroable::zeroed() }
    }

    /// Rows of three workers, each with the place as its record id, and a finding on every fiftieth.
    fn written(bits: PartitionBits, spill: &SpillPolicy) -> Exchange {
        let mut outboxes = [(); 3].map(|()| Outbox::new(bits, spill.clone()));
        for chunk in 0..60 {
            let outbox = &mut outboxes[(chunk as usize * 7 + chunk as usize / 11) % 3];
            for line in 0..50 {
                let (row, id) = (record(chunk, line, ((chunk * 50 + line) % 900) as i32), format!("{chunk}/{line}"));
                outbox.register(&row, [id.as_bytes(), b"", b"a"]);
                if line == 7 {
                    let finding = RowFinding { place: row.identity.place, code: Code::SnilsRequired, field: Some(Field::Snils) };
                    outbox.finding(row.identity.birth_date, finding);
                }
            }
            assert!(outbox.after_chunk());
        }
        outboxes.iter_mut().for_each(|outbox| outbox.settle().expect("room on the disk"));
        Exchange::new(bits, outboxes.into())
    }

    /// Fails unless the partitions hold the rows of [`written`] in the order of their places.
    fn assert_complete(exchange: &Exchange) {
        let (mut rows, mut findings) = (0, 0);
        let (mut loader, mut partition) = (PartitionLoader::default(), Partition::default());
        for index in 0..exchange.bits().count() {
            loader.load(exchange, index, &mut partition).expect("readable rows");
            assert!(partition.register.is_sorted_by(|left, right| left.identity.place < right.identity.place));
            for (row, record) in partition.register.iter().enumerate() {
                let place = record.identity.place;
                assert_eq!(exchange.bits().of(record.identity.birth_date), index);
                assert_eq!(partition.texts(row as u32).get(TextKind::RecordId), format!("{}/{}", place.chunk(), place.line()));
                assert_eq!(partition.find(place), Some(row as u32));
            }
            rows += partition.len();
            findings += partition.findings.len();
            for finding in &partition.findings {
                assert_eq!(
                    (finding.place().line(), finding.code(), finding.field()),
                    (7, Code::SnilsRequired, Some(Field::Snils))
                );
            }
        }
        assert_eq!((rows, findings), (3000, 60));
    }

    #[test]
    fn rows_of_workers_meet_in_the_order_of_places() {
        for bits in [0, 3].map(PartitionBits::new) {
            assert_complete(&written(bits, &SpillPolicy::unlimited()));
        }
    }

    #[test]
    fn rows_on_the_disk_meet_in_the_same_order() {
        let folder = tempfile::tempdir().expect("temporary folder");
        for worker_bytes in [0, 10_000] {
            let spill = SpillPolicy { worker_bytes: Some(worker_bytes), folder: folder.path().to_owned() };
            for bits in [0, 3].map(PartitionBits::new) {
                let exchange = written(bits, &spill);
                assert!(exchange.spilled_bytes() > 50_000, "{} bytes on the disk", exchange.spilled_bytes());
                assert_complete(&exchange);
            }
        }
    }
}
