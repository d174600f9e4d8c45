//! The rows of one partition, loaded: both tables in the order of row ids, with their texts and findings.

use bytemuck::{Pod, Zeroable};

use super::Shuffle;
use super::packed::{PackedRecord, RowText, SLACK, row_id_of, size_of_texts, text_of, unpack};
use super::residences::Residences;
use super::spill::SpillError;
use super::symbols::Pairs;
use sverka_model::{
    AttachmentRecord, AttributeKind, Code, Field, RegisterRecord, Residence, RowFinding, RowId, RowTexts, SparseAttribute,
    TextKind,
};

/// Finding of an accepted row, as plain old data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct PackedFinding {
    row_id: RowId,
    code: u16,
    /// Number of the field plus one; 0 without a field.
    field: u16,
    padding: u32,
}

impl PackedFinding {
    pub(super) fn new(finding: RowFinding) -> Self {
        let field = finding.field.map_or(0, |field| field as u16 + 1);
        Self { row_id: finding.row_id, code: finding.code as u16, field, padding: 0 }
    }

    /// The row.
    #[must_use]
    pub fn row_id(&self) -> RowId {
        self.row_id
    }

    /// The rule.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::ALL[usize::from(self.code)]
    }

    /// The field, if the finding is about one.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        self.field.checked_sub(1).map(|field| Field::ALL[usize::from(field)])
    }
}

/// The rows of some birth dates. The index of a row counts the register first and then the attachments, each table in the order of row ids.
#[derive(Default)]
pub struct Partition {
    /// Rows of the register.
    pub register: Vec<RegisterRecord>,
    /// Rows of the attachments.
    pub attachments: Vec<AttachmentRecord>,
    /// Findings of accepted rows.
    pub findings: Vec<PackedFinding>,
    /// Sparse attributes of rows, by row id and kind.
    attributes: Vec<SparseAttribute>,
    /// Residences of rows, if their sources have them.
    residences: Residences,
    /// Packed rows of each worker.
    parts: Vec<WorkerPart>,
    /// Start of the texts of each row.
    texts_at: Vec<TextStart>,
}

/// Start of the texts of a row: the part, and the offset in its packed rows of the table.
#[derive(Clone, Copy)]
struct TextStart(u64);

impl TextStart {
    const PART_BITS: u32 = 16;

    #[inline]
    fn new(part: usize, at: usize) -> Self {
        Self((at as u64) << Self::PART_BITS | part as u64)
    }

    #[inline]
    fn part(self) -> usize {
        self.0 as usize % (1 << Self::PART_BITS)
    }

    #[inline]
    fn at(self) -> usize {
        (self.0 >> Self::PART_BITS) as usize
    }
}

impl Partition {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.register.len() + self.attachments.len()
    }

    /// Whether the partition has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A text of a row; empty when the row has none.
    #[must_use]
    #[inline]
    pub fn text(&self, row: u32, kind: TextKind) -> RowText<'_> {
        let (texts, pairs) = self.texts(row);
        text_of(texts, kind, pairs)
    }

    /// Bytes that begin with the texts of a row, and the table that reads them.
    #[inline]
    fn texts(&self, row: u32) -> (&[u8], &Pairs) {
        let start = self.texts_at[row as usize];
        let part = &self.parts[start.part()];
        let rows = if (row as usize) < self.register.len() { &part.register } else { &part.attachments };
        (&rows[start.at()..], &part.pairs)
    }

    /// Reads some bytes of each cache line of a row, so that the row is in the cache when it is needed.
    #[must_use]
    #[inline]
    pub fn touch(&self, row: u32) -> u64 {
        let text = u64::from(self.texts(row).0[0]);
        let ends = match (row as usize).checked_sub(self.register.len()) {
            None => self.register.get(row as usize).map(|record| (record.identity.row_id, record.applied_on)),
            Some(index) => self.attachments.get(index).map(|record| (record.identity.row_id, record.attached_to)),
        };
        ends.map_or(text, |(row_id, day)| text ^ u64::from(row_id.line()) ^ day.days() as u64)
    }

    /// Row id of a row.
    fn row_id(&self, row: u32) -> RowId {
        match (row as usize).checked_sub(self.register.len()) {
            None => self.register[row as usize].identity.row_id,
            Some(index) => self.attachments[index].identity.row_id,
        }
    }

    /// Index of the row with a row id.
    #[must_use]
    pub fn find(&self, row_id: RowId) -> Option<u32> {
        if let Ok(index) = self.register.binary_search_by_key(&row_id, |record| record.identity.row_id) {
            return Some(index as u32);
        }
        let found = self.attachments.binary_search_by_key(&row_id, |record| record.identity.row_id);
        found.ok().map(|index| (self.register.len() + index) as u32)
    }

    /// Whether any row has a sparse attribute.
    #[must_use]
    #[inline]
    pub fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// Sparse attributes of the row with a row id, by kind.
    #[must_use]
    pub fn attributes_at(&self, row_id: RowId) -> &[SparseAttribute] {
        let from = self.attributes.partition_point(|attribute| attribute.row_id < row_id);
        let count = self.attributes[from..].iter().take_while(|attribute| attribute.row_id == row_id).count();
        &self.attributes[from..from + count]
    }

    /// A sparse attribute of the row with a row id.
    #[must_use]
    pub fn attribute_at(&self, row_id: RowId, kind: AttributeKind) -> Option<&SparseAttribute> {
        self.attributes_at(row_id).iter().find(|attribute| attribute.kind() == kind)
    }

    /// Residence in the row with a row id, as received. `None` if its source has none.
    #[must_use]
    #[inline]
    pub fn residence(&self, row_id: RowId) -> Option<Residence<'_>> {
        if self.residences.is_empty() { None } else { self.residences.find(row_id) }
    }

    /// A partition of single rows in any order.
    #[must_use]
    pub fn from_rows(mut rows: PartitionRows) -> Self {
        let (mut partition, mut part) = (Self::default(), WorkerPart::default());
        rows.attributes.sort_by_key(SparseAttribute::sort_key);
        partition.attributes = rows.attributes;
        partition.residences.extend(&rows.residences);
        partition.residences.sort();
        rows.register.sort_by_key(|(record, _)| record.identity.row_id);
        rows.attachments.sort_by_key(|(record, _)| record.identity.row_id);
        for (record, texts) in rows.register {
            partition.register.push(record);
            partition.texts_at.push(TextStart::new(0, part.register.len()));
            part.register.extend_from_slice(&texts);
        }
        for (record, texts) in rows.attachments {
            partition.attachments.push(record);
            partition.texts_at.push(TextStart::new(0, part.attachments.len()));
            part.attachments.extend_from_slice(&texts);
        }
        partition.parts.push(part);
        partition
    }

    /// Adds a copy of a row to `rows`.
    pub fn copy_row(&self, row: u32, rows: &mut PartitionRows) {
        let received = [TextKind::RecordId, TextKind::PolicyNumber, TextKind::DocNumber].map(|kind| self.text(row, kind));
        let mut texts = Vec::new();
        RowTexts::write(received.each_ref().map(|text| text.as_bytes()), |piece| texts.extend_from_slice(piece));
        match (row as usize).checked_sub(self.register.len()) {
            None => rows.register.push((self.register[row as usize], texts.into())),
            Some(index) => rows.attachments.push((self.attachments[index], texts.into())),
        }
        if self.has_attributes() {
            rows.attributes.extend_from_slice(self.attributes_at(self.row_id(row)));
        }
        if let Some(residence) = self.residences.packed(self.row_id(row)) {
            rows.residences.extend_from_slice(residence);
        }
    }

    /// Replaces the rows by those of a partition of the shuffle.
    ///
    /// # Errors
    /// When a spill file cannot be read.
    pub fn load(&mut self, shuffle: &Shuffle, partition: usize) -> Result<(), SpillError> {
        self.parts.resize_with(shuffle.writers.len(), WorkerPart::default);
        for (writer, part) in shuffle.writers.iter().zip(&mut self.parts) {
            writer.read(partition, part)?;
        }
        self.register.clear();
        self.attachments.clear();
        self.findings.clear();
        self.attributes.clear();
        self.texts_at.clear();
        self.findings.extend(self.parts.iter().flat_map(|part| &part.findings));
        self.findings.sort_by_key(PackedFinding::row_id);
        self.attributes.extend(self.parts.iter().flat_map(|part| &part.attributes));
        self.attributes.sort_by_key(SparseAttribute::sort_key);
        self.residences.clear();
        self.parts.iter().for_each(|part| self.residences.extend(&part.residences));
        self.residences.sort();
        let of_workers =
            |rows: fn(&WorkerPart) -> &[u8]| self.parts.iter().map(|part| WorkerRows::new(rows(part))).collect::<Vec<_>>();
        merge(of_workers(|part| &part.register), &mut self.texts_at, &mut self.register);
        merge(of_workers(|part| &part.attachments), &mut self.texts_at, &mut self.attachments);
        Ok(())
    }
}

/// Copies of single rows with their texts and further data.
#[derive(Default)]
pub struct PartitionRows {
    register: Vec<(RegisterRecord, Box<[u8]>)>,
    attachments: Vec<(AttachmentRecord, Box<[u8]>)>,
    attributes: Vec<SparseAttribute>,
    /// Packed residences.
    residences: Vec<u8>,
}

impl PartitionRows {
    /// Adds other rows.
    pub fn extend(&mut self, other: Self) {
        self.register.extend(other.register);
        self.attachments.extend(other.attachments);
        self.attributes.extend(other.attributes);
        self.residences.extend(other.residences);
    }
}

/// Rows of a partition that one worker wrote, in the order of row ids.
#[derive(Default)]
pub(super) struct WorkerPart {
    /// Packed register rows.
    pub register: Vec<u8>,
    /// Packed attachment rows.
    pub attachments: Vec<u8>,
    pub findings: Vec<PackedFinding>,
    pub attributes: Vec<SparseAttribute>,
    /// Packed residences.
    pub residences: Vec<u8>,
    /// Table that reads the texts.
    pub pairs: Pairs,
}

impl WorkerPart {
    pub fn clear(&mut self) {
        self.register.clear();
        self.attachments.clear();
        self.findings.clear();
        self.attributes.clear();
        self.residences.clear();
    }
}

/// Packed rows of one table and worker, during the merge with those of other workers.
struct WorkerRows<'p> {
    /// Packed rows, and [`SLACK`] bytes behind them.
    bytes: &'p [u8],
    /// Offset of the next row.
    at: usize,
}

impl<'p> WorkerRows<'p> {
    fn new(bytes: &'p [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    #[inline]
    fn next_row_id(&self) -> Option<RowId> {
        (self.bytes.len() > self.at + SLACK).then(|| row_id_of(&self.bytes[self.at..]))
    }

    /// Takes the rows before `limit`; `part` is the number of the worker.
    fn take<R: PackedRecord>(&mut self, limit: Option<RowId>, part: usize, texts: &mut Vec<TextStart>, into: &mut Vec<R>) {
        while self.next_row_id().is_some_and(|row_id| limit.is_none_or(|limit| row_id < limit)) {
            let (record, length) = unpack(&self.bytes[self.at..]);
            into.push(record);
            self.at += length;
            texts.push(TextStart::new(part, self.at));
            self.at += size_of_texts(&self.bytes[self.at..]);
        }
    }
}

/// Merges the rows of workers into the order of row ids.
///
/// A worker reads whole chunks, so its rows come in long runs. Each step takes the worker with the smallest row id, and all of its rows before the
/// smallest row id of any other worker.
fn merge<R: PackedRecord>(mut workers: Vec<WorkerRows<'_>>, texts: &mut Vec<TextStart>, into: &mut Vec<R>) {
    loop {
        let mut next: Option<(RowId, usize)> = None;
        let mut limit: Option<RowId> = None;
        for (index, rows) in workers.iter().enumerate() {
            let Some(row_id) = rows.next_row_id() else { continue };
            match next {
                Some((first, _)) if first < row_id => limit = Some(limit.map_or(row_id, |limit| limit.min(row_id))),
                _ => {
                    limit = next.map(|(first, _)| first);
                    next = Some((row_id, index));
                }
            }
        }
        let Some((_, worker)) = next else { return };
        workers[worker].take(limit, worker, texts, into);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PartitionBits, PartitionWriter, Shuffle, SpillPolicy};
    use super::*;
    use sverka_model::{AttributeKind, Date, Identity, RowSink as _, TextKind};

    fn record(chunk: u32, line: u32, birth: i32) -> RegisterRecord {
        let identity = Identity { row_id: RowId::new(chunk, line), birth_date: Date::from_days(birth), ..Zeroable::zeroed() };
        RegisterRecord { identity, ..Zeroable::zeroed() }
    }

    /// Rows of three workers, each with the row id as its record id, and a finding and two attributes on every fiftieth.
    fn written(bits: PartitionBits, spill: &SpillPolicy) -> Shuffle {
        let mut writers = [(); 3].map(|()| PartitionWriter::new(bits, spill.clone()));
        for chunk in 0..60 {
            let writer = &mut writers[(chunk as usize * 7 + chunk as usize / 11) % 3];
            for line in 0..50 {
                let (row, id) = (record(chunk, line, ((chunk * 50 + line) % 900) as i32), format!("{chunk}/{line}"));
                if line == 7 {
                    let (address, settlement) = (id.as_bytes(), &b"s"[..]);
                    writer.residence(row.identity.birth_date, row.identity.row_id, Residence { address, settlement });
                    for kind in [AttributeKind::InService, AttributeKind::Representative] {
                        let attribute = SparseAttribute::new(row.identity.row_id, kind, u64::from(chunk) + 1, Date::NEVER);
                        writer.sparse_attribute(row.identity.birth_date, attribute);
                    }
                    let finding =
                        RowFinding { row_id: row.identity.row_id, code: Code::SnilsRequired, field: Some(Field::Snils) };
                    writer.finding(row.identity.birth_date, finding);
                }
                writer.register(&row, [id.as_bytes(), b"", b"a"]);
            }
            assert!(writer.after_chunk());
        }
        writers.iter_mut().for_each(|writer| writer.settle().expect("room on the disk"));
        Shuffle::new(bits, writers.into())
    }

    /// Fails unless the partitions have the rows of [`written`] in the order of their row ids.
    fn assert_complete(shuffle: &Shuffle) {
        let (mut rows, mut findings) = (0, 0);
        let mut partition = Partition::default();
        for index in 0..shuffle.bits().count() {
            partition.load(shuffle, index).expect("readable rows");
            assert!(partition.register.is_sorted_by(|left, right| left.identity.row_id < right.identity.row_id));
            for (row, record) in partition.register.iter().enumerate() {
                let row_id = record.identity.row_id;
                assert_eq!(shuffle.bits().partition_of(record.identity.birth_date), index);
                assert_eq!(&*partition.text(row as u32, TextKind::RecordId), format!("{}/{}", row_id.chunk(), row_id.line()));
                assert_eq!(partition.find(row_id), Some(row as u32));
                assert_eq!(attributes(&partition, row_id), expected_facts(row_id));
                let mut copy = PartitionRows::default();
                partition.copy_row(row as u32, &mut copy);
                let copied = Partition::from_rows(copy);
                assert_eq!(attributes(&copied, row_id), expected_facts(row_id));
                for partition in [&partition, &copied] {
                    let address = partition.residence(row_id).map(|found| String::from_utf8_lossy(found.address).into_owned());
                    let expected = format!("{}/{}", row_id.chunk(), row_id.line());
                    assert_eq!(address, (row_id.line() == 7).then_some(expected));
                }
            }
            rows += partition.len();
            findings += partition.findings.len();
            for finding in &partition.findings {
                assert_eq!(
                    (finding.row_id().line(), finding.code(), finding.field()),
                    (7, Code::SnilsRequired, Some(Field::Snils))
                );
            }
        }
        assert_eq!((rows, findings), (3000, 60));
        assert!((1..=60).all(|enp| shuffle.representatives().contains(enp)));
    }

    fn attributes(partition: &Partition, row_id: RowId) -> Vec<(AttributeKind, u64)> {
        let found: Vec<_> =
            partition.attributes_at(row_id).iter().map(|attribute| (attribute.kind(), attribute.number)).collect();
        let kinds = [AttributeKind::Representative, AttributeKind::InService, AttributeKind::Address];
        let one_by_one = kinds.into_iter().filter_map(|kind| partition.attribute_at(row_id, kind));
        assert!(one_by_one.map(|attribute| (attribute.kind(), attribute.number)).eq(found.iter().copied()));
        found
    }

    /// Sparse attributes of a row of [`written`].
    fn expected_facts(row_id: RowId) -> Vec<(AttributeKind, u64)> {
        let kinds = if row_id.line() == 7 { &[AttributeKind::Representative, AttributeKind::InService][..] } else { &[] };
        kinds.iter().map(|&kind| (kind, u64::from(row_id.chunk()) + 1)).collect()
    }

    #[test]
    fn rows_of_workers_meet_in_the_order_of_row_ids() {
        for bits in [0, 3].map(PartitionBits::new) {
            assert_complete(&written(bits, &SpillPolicy::unlimited()));
        }
    }

    #[test]
    fn rows_on_the_disk_meet_in_the_same_order() {
        let folder = tempfile::tempdir().expect("temporary folder");
        for worker_bytes in [0, 10_000] {
            let spill = SpillPolicy::of_bytes(worker_bytes, folder.path());
            for bits in [0, 3].map(PartitionBits::new) {
                let shuffle = written(bits, &spill);
                assert!(shuffle.spilled_bytes() > 50_000, "{} bytes on the disk", shuffle.spilled_bytes());
                assert_complete(&shuffle);
            }
        }
    }
}
