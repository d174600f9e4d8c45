//! The rows of one partition, loaded: both tables in the order of places, with their texts and findings.

use bytemuck::{Pod, Zeroable};

use crate::check::{AttachmentRecord, Record, RegisterRecord, RowFinding};
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
    pub(super) fn fill(&mut self, parts: &[Part<'_>]) {
        self.register.clear();
        self.attachments.clear();
        self.findings.clear();
        self.text_starts.clear();
        self.findings.extend(parts.iter().flat_map(|part| &part.findings).copied().flatten());
        self.findings.sort_by_key(PlacedFinding::place);
        let mut texts = std::mem::take(&mut self.texts).into_bytes();
        texts.clear();
        let register: Vec<_> = parts.iter().map(|part| Lane::new(&part.register, &part.register_texts, &mut texts)).collect();
        let attachments: Vec<_> =
            parts.iter().map(|part| Lane::new(&part.attachments, &part.attachment_texts, &mut texts)).collect();
        self.texts = String::from_utf8(texts).expect("invariant: texts are written as texts");
        merge(register, &self.texts, &mut self.register, &mut self.text_starts);
        merge(attachments, &self.texts, &mut self.attachments, &mut self.text_starts);
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

/// What one worker wrote of a partition, piece by piece, in the order of places.
pub(super) struct Part<'o> {
    pub register: Vec<&'o [RegisterRecord]>,
    pub register_texts: Vec<&'o [u8]>,
    pub attachments: Vec<&'o [AttachmentRecord]>,
    pub attachment_texts: Vec<&'o [u8]>,
    pub findings: Vec<&'o [PlacedFinding]>,
}

impl<'o> Part<'o> {
    /// What was read from the disk; the rest is added behind.
    pub fn of_buffers(buffers: &'o PartBuffers) -> Self {
        fn piece<T>(buffer: &[T]) -> Vec<&[T]> {
            if buffer.is_empty() { Vec::new() } else { vec![buffer] }
        }
        Self {
            register: piece(&buffers.register),
            register_texts: piece(&buffers.register_texts),
            attachments: piece(&buffers.attachments),
            attachment_texts: piece(&buffers.attachment_texts),
            findings: piece(&buffers.findings),
        }
    }
}

/// Rows of one worker that were on the disk.
#[derive(Default)]
pub(super) struct PartBuffers {
    pub register: Vec<RegisterRecord>,
    pub register_texts: Vec<u8>,
    pub attachments: Vec<AttachmentRecord>,
    pub attachment_texts: Vec<u8>,
    pub findings: Vec<PlacedFinding>,
}

impl PartBuffers {
    pub fn clear(&mut self) {
        self.register.clear();
        self.register_texts.clear();
        self.attachments.clear();
        self.attachment_texts.clear();
        self.findings.clear();
    }
}

/// The rows of one table that one worker wrote, while they are merged with those of the others.
struct Lane<'o, R> {
    /// What is left; no piece is empty.
    pieces: &'o [&'o [R]],
    /// Rows of the first piece that are taken.
    taken: usize,
    /// Where the texts of the next row begin.
    text: usize,
}

impl<'o, R: Record> Lane<'o, R> {
    fn new(pieces: &'o [&'o [R]], texts: &[&[u8]], all_texts: &mut Vec<u8>) -> Self {
        let text = all_texts.len();
        texts.iter().for_each(|piece| all_texts.extend_from_slice(piece));
        Self { pieces, taken: 0, text }
    }

    fn next_place(&self) -> Option<Place> {
        self.pieces.first().map(|piece| piece[self.taken].identity().place)
    }

    /// Takes the next rows of one piece that come before `limit`.
    fn take(&mut self, limit: Option<Place>, texts: &str, into: &mut Vec<R>, text_starts: &mut Vec<usize>) {
        let piece = &self.pieces[0][self.taken..];
        let before = |record: &&R| limit.is_none_or(|limit| record.identity().place < limit);
        let rows = &piece[..piece.iter().take_while(before).count()];
        into.extend_from_slice(rows);
        for _ in rows {
            text_starts.push(self.text);
            self.text += RowTexts::read(&texts[self.text..]).size();
        }
        self.taken += rows.len();
        if self.taken == self.pieces[0].len() {
            (self.pieces, self.taken) = (&self.pieces[1..], 0);
        }
    }
}

/// Merges lanes into the order of places.
fn merge<R: Record>(mut lanes: Vec<Lane<'_, R>>, texts: &str, into: &mut Vec<R>, text_starts: &mut Vec<usize>) {
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
        lanes[lane].take(limit, texts, into, text_starts);
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
                outbox.register(&row, [&id, "", "a"]);
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
        for worker_bytes in [0, 40_000] {
            let spill = SpillPolicy { worker_bytes: Some(worker_bytes), folder: folder.path().to_owned() };
            for bits in [0, 3].map(PartitionBits::new) {
                let exchange = written(bits, &spill);
                assert!(exchange.spilled_bytes() > 100_000, "{} bytes on the disk", exchange.spilled_bytes());
                assert_complete(&exchange);
            }
        }
    }
}
