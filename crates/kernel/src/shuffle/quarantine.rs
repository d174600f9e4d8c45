//! Quarantined rows of one worker: bytes one behind another, in memory or on disk, found by blocks of lines.
//!
//! ```text
//! row id 8 | offset 8 | length of raw 8 | length of the row 8 | length of the record id 4 | findings 2 | insurer or clinic 2 | table 1 | whether it is known 1 | 6 unused
//! | findings, code and field, 2 each | record id | raw
//! ```
//!
//! A block holds the rows of some consecutive lines of one chunk. If one document is read for both tables, the chunks
//! of both have the same lines, and so have their blocks. Blocks sorted by their first lines give the rows in the order
//! of lines.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use bytemuck::{Pod, Zeroable};

use super::spill::{SpillError, SpillPolicy};
use sverka_model::{Code, Field, OrganisationId, QuarantinedRow, RowId, RowOwner, Table};

/// Logarithm of the lines of a block. The rows of a block fit into memory even when they are long.
const BLOCK_LINE_BITS: u32 = 8;

/// Most bytes of a record id. A longer text comes from an unclosed quote or a wrong delimiter and is not kept.
const LONGEST_RECORD_ID: usize = 1 << 10;

/// Quarantined rows on consecutive lines of one chunk.
#[derive(Clone, Copy, Debug)]
pub struct QuarantineBlock {
    /// The chunk.
    pub chunk: u32,
    /// First line of the chunk, from 0, that the block may hold.
    pub first_line: u32,
    /// Number of rows.
    pub rows: u64,
    /// Kept bytes of the rows.
    pub raw_bytes: u64,
    /// Offset of the block in the bytes of the worker.
    from: u64,
    /// Bytes of the block.
    bytes: u64,
}

/// Writes the quarantined rows of one worker.
pub struct QuarantineWriter {
    policy: SpillPolicy,
    /// Spill file; its bytes come before those in memory.
    file: Option<File>,
    file_bytes: u64,
    memory: Vec<u8>,
    blocks: Vec<QuarantineBlock>,
}

/// Fixed-width part of a row.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct RowHead {
    row_id: RowId,
    offset: u64,
    raw_bytes: u64,
    row_bytes: u64,
    id_bytes: u32,
    findings: u16,
    organisation: OrganisationId,
    is_attachment: u8,
    names_organisation: u8,
    padding: [u8; 6],
}

/// A quarantined row, read from the bytes of its block.
#[derive(Clone, Copy, Debug)]
pub struct QuarantineEntry<'b> {
    /// The row.
    pub row_id: RowId,
    /// Byte offset of the row in its source.
    pub offset: u64,
    /// Insurer or clinic that the row names.
    pub owner: RowOwner,
    /// First bytes of the row, without the line end.
    pub raw: &'b [u8],
    /// Bytes of the whole row, without the line end.
    pub length: u64,
    /// Record id that the sender gave, if it could be read.
    pub record_id: &'b [u8],
    findings: &'b [u8],
}

impl QuarantineWriter {
    /// A writer without rows.
    #[must_use]
    pub fn new(policy: SpillPolicy) -> Self {
        Self { policy, file: None, file_bytes: 0, memory: Vec::new(), blocks: Vec::new() }
    }

    /// Adds a row; `line` counts the lines of its chunk from 0. Rows come in the order of their row ids.
    pub fn push(&mut self, line: u32, row: &QuarantinedRow) {
        let from = self.memory.len();
        let record_id = if row.record_id.len() <= LONGEST_RECORD_ID { &*row.record_id } else { "" };
        let head = RowHead {
            row_id: row.row_id,
            offset: row.offset,
            raw_bytes: row.raw.len() as u64,
            row_bytes: row.length,
            id_bytes: record_id.len() as u32,
            findings: u16::try_from(row.findings.len()).expect("invariant: a row has few findings"),
            organisation: row.owner.organisation.unwrap_or(OrganisationId::new(0)),
            is_attachment: u8::from(row.owner.table == Table::Attachments),
            names_organisation: u8::from(row.owner.organisation.is_some()),
            padding: [0; 6],
        };
        self.memory.extend_from_slice(bytemuck::bytes_of(&head));
        for &(code, field) in &row.findings {
            self.memory.extend_from_slice(&(code as u16).to_le_bytes());
            self.memory.extend_from_slice(&field.map_or(0, |field| field as u16 + 1).to_le_bytes());
        }
        self.memory.extend_from_slice(record_id.as_bytes());
        self.memory.extend_from_slice(&row.raw);
        let bytes = (self.memory.len() - from) as u64;
        let (chunk, first_line) = (row.row_id.chunk(), line >> BLOCK_LINE_BITS << BLOCK_LINE_BITS);
        match self.blocks.last_mut() {
            Some(block) if (block.chunk, block.first_line) == (chunk, first_line) => {
                block.rows += 1;
                block.raw_bytes += row.raw.len() as u64;
                block.bytes += bytes;
            }
            _ => {
                let from = self.file_bytes + from as u64;
                self.blocks.push(QuarantineBlock { chunk, first_line, rows: 1, raw_bytes: row.raw.len() as u64, from, bytes });
            }
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.memory.len() as u64
    }

    /// Writes everything to the disk when it needs more memory than the policy allows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        if self.policy.is_outgrown_by(self.memory_bytes()) { self.spill() } else { Ok(()) }
    }

    /// Writes the rest to the disk if a part is there already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        if self.file.is_some() {
            self.spill()?;
            self.memory.shrink_to_fit();
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<(), SpillError> {
        let folder = &self.policy.folder;
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile_in(folder).map_err(SpillError::new(folder, "open a file for"))?);
        }
        let file = self.file.as_ref().expect("made above");
        file.write_all_at(&self.memory, self.file_bytes).map_err(SpillError::new(folder, "write"))?;
        self.file_bytes += self.memory.len() as u64;
        self.memory.clear();
        if self.policy.pressure.is_high() {
            self.memory.shrink_to_fit();
        }
        Ok(())
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn spilled_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Blocks in the order of writing.
    #[must_use]
    pub fn blocks(&self) -> &[QuarantineBlock] {
        &self.blocks
    }

    /// Appends the bytes of a block to `into`. [`read_quarantined_rows`] reads them.
    ///
    /// # Errors
    /// When the spill file cannot be read.
    pub fn read(&self, block: &QuarantineBlock, into: &mut Vec<u8>) -> Result<(), SpillError> {
        let (from, to) = (block.from, block.from + block.bytes);
        let on_disk = from..to.min(self.file_bytes);
        if let Some(file) = self.file.as_ref().filter(|_| !on_disk.is_empty()) {
            let at = into.len();
            into.resize(at + (on_disk.end - on_disk.start) as usize, 0);
            let read = file.read_exact_at(&mut into[at..], on_disk.start);
            read.map_err(SpillError::new(&self.policy.folder, "read"))?;
        }
        let in_memory = from.max(self.file_bytes)..to;
        if !in_memory.is_empty() {
            let at = |offset: u64| (offset - self.file_bytes) as usize;
            into.extend_from_slice(&self.memory[at(in_memory.start)..at(in_memory.end)]);
        }
        Ok(())
    }
}

impl QuarantineEntry<'_> {
    /// Findings of the row, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = (Code, Option<Field>)> {
        self.findings.as_chunks::<4>().0.iter().map(|&[code_low, code_high, field_low, field_high]| {
            let code = u16::from_le_bytes([code_low, code_high]);
            let field = u16::from_le_bytes([field_low, field_high]);
            (Code::ALL[usize::from(code)], field.checked_sub(1).map(|field| Field::ALL[usize::from(field)]))
        })
    }
}

/// Rows in the bytes of [`QuarantineWriter::read`].
pub fn read_quarantined_rows(mut bytes: &[u8]) -> impl Iterator<Item = QuarantineEntry<'_>> {
    std::iter::from_fn(move || {
        let (head, rest) = bytes.split_first_chunk::<{ size_of::<RowHead>() }>()?;
        let head: RowHead = bytemuck::pod_read_unaligned(head);
        let (findings, rest) = rest.split_at(4 * usize::from(head.findings));
        let (record_id, rest) = rest.split_at(head.id_bytes as usize);
        let (raw, rest) = rest.split_at(head.raw_bytes as usize);
        bytes = rest;
        let table = if head.is_attachment == 1 { Table::Attachments } else { Table::Register };
        let organisation = (head.names_organisation == 1).then_some(head.organisation);
        let owner = RowOwner { table, organisation };
        Some(QuarantineEntry {
            row_id: head.row_id,
            offset: head.offset,
            owner,
            raw,
            length: head.row_bytes,
            record_id,
            findings,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u32) -> QuarantinedRow {
        let table = if line.is_multiple_of(2) { Table::Register } else { Table::Attachments };
        QuarantinedRow {
            row_id: RowId::new(line / 1000, line % 1000),
            offset: u64::from(line) * 100,
            raw: "р".repeat(line as usize % 50).into_bytes().into(),
            length: u64::from(line),
            record_id: format!("{line}").repeat(line as usize % 3).into(),
            owner: RowOwner { table, organisation: (!line.is_multiple_of(5)).then(|| OrganisationId::new(line as u16)) },
            findings: [(Code::RowShape, None), (Code::EnpFormat, Some(Field::Enp))][line as usize % 2..].into(),
        }
    }

    #[test]
    fn rows_are_found_by_their_blocks_in_memory_and_on_the_disk() {
        let folder = tempfile::tempdir().expect("folder");
        for policy in [SpillPolicy::unlimited(), SpillPolicy::of_bytes(20_000, folder.path())] {
            let spills = policy.worker_bytes.is_some();
            let mut rows = QuarantineWriter::new(policy);
            for line in 0..5000 {
                rows.push(line % 1000, &row(line));
                rows.spill_if_large().expect("room");
            }
            assert_eq!(rows.spilled_bytes() > 100_000, spills);
            for settled in [false, true] {
                if settled {
                    rows.settle().expect("room");
                    assert_eq!(rows.memory_bytes() == 0, spills);
                }
                assert_eq!(rows.blocks().len(), 5 * 4);
                let mut line = 0;
                for block in rows.blocks() {
                    assert_eq!((block.chunk, block.first_line), (line / 1000, line % 1000));
                    let mut bytes = Vec::new();
                    rows.read(block, &mut bytes).expect("readable");
                    let first = line;
                    for read in read_quarantined_rows(&bytes) {
                        let expected = row(line);
                        assert_eq!((read.row_id, read.offset, read.owner), (expected.row_id, expected.offset, expected.owner));
                        assert_eq!((read.raw, read.length), (&*expected.raw, expected.length));
                        assert_eq!(read.record_id, expected.record_id.as_bytes());
                        assert!(read.findings().eq(expected.findings.iter().copied()));
                        line += 1;
                    }
                    assert_eq!(block.rows, u64::from(line - first));
                    assert_eq!(block.raw_bytes, (first..line).map(|line| row(line).raw.len() as u64).sum::<u64>());
                }
                assert_eq!(line, 5000);
            }
        }
    }
}
