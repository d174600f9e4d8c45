//! The plan of reading: sources in their order, cut into chunks.
//!
//! Rows and checks are not known here.

use super::ignored::IgnoredRows;
use sverka_formats::PieceHash;
use sverka_intake::{Bindings, Chunks, OpenDocument};
use sverka_model::{CountedChunk, RowIds, Table};
use sverka_settings::Severities;

/// Source that is ready to be read for the records of one table.
pub struct ReadSource<'s> {
    /// Index of the source in the job.
    pub source: usize,
    /// Table of the records.
    pub table: Table,
    /// Document of the source.
    pub document: &'s OpenDocument<'s>,
    /// Bindings of columns to fields of the table.
    pub bindings: Bindings,
    /// Chunks of the document.
    pub chunks: Chunks,
    /// Whether to hash the content while reading.
    pub hash: bool,
    /// Rows that people decided to ignore, if any.
    pub ignored: Option<IgnoredRows>,
    /// Severities of the rules for the rows.
    pub severities: &'s Severities,
}

impl<'s> ReadSource<'s> {
    /// Plans the reading of a document in chunks of about `chunk_bytes`.
    #[must_use]
    pub fn new(source: usize, table: Table, document: &'s OpenDocument<'s>, chunk_bytes: usize, hash: bool) -> Self {
        let (bindings, chunks) = (document.bind(table), document.chunks(chunk_bytes));
        Self { source, table, document, bindings, chunks, hash, ignored: None, severities: &Severities::DEFAULT }
    }

    /// The same source with other severities.
    #[must_use]
    pub fn with_severities(self, severities: &'s Severities) -> Self {
        Self { severities, ..self }
    }
}

/// Plan of reading: the sources in the order of their rows, and all their chunks.
pub struct ReadPlan<'s> {
    sources: Vec<ReadSource<'s>>,
    chunks: Vec<PlannedChunk>,
}

/// Chunk of a plan.
#[derive(Clone, Copy)]
pub(super) struct PlannedChunk {
    /// Index of the source in the plan.
    pub source: u32,
    /// Number of the chunk within its source.
    pub chunk_of_source: u32,
}

impl<'s> ReadPlan<'s> {
    /// Plans the reading of sources, given in the order of their rows.
    #[must_use]
    pub fn new(sources: Vec<ReadSource<'s>>) -> Self {
        let mut chunks = Vec::new();
        for (source, read) in (0..).zip(&sources) {
            chunks.extend((0..read.chunks.count() as u32).map(|chunk_of_source| PlannedChunk { source, chunk_of_source }));
        }
        Self { sources, chunks }
    }

    /// The sources, in the order of the plan.
    #[must_use]
    pub fn sources(&self) -> &[ReadSource<'s>] {
        &self.sources
    }

    /// The source of a chunk of the plan.
    #[must_use]
    pub fn source_of(&self, chunk: u32) -> &ReadSource<'s> {
        &self.sources[self.chunk(chunk).source as usize]
    }

    /// A chunk of the plan.
    pub(super) fn chunk(&self, chunk: u32) -> PlannedChunk {
        self.chunks[chunk as usize]
    }

    /// The row ids of all chunks, given in the order of the plan.
    #[must_use]
    pub fn row_ids(&self, chunks: &[ReadChunk]) -> RowIds {
        RowIds::new(chunks.iter().map(|chunk| {
            let source = self.source_of(chunk.chunk);
            let is_first = self.chunk(chunk.chunk).chunk_of_source == 0;
            CountedChunk {
                source: source.source,
                begins_after: is_first.then(|| source.document.lines_before()),
                lines: u64::from(chunk.lines),
                parts: source.bindings.parts(),
            }
        }))
    }

    /// Bytes of files to be read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.sources.iter().map(|source| source.document.document().bytes_in_file()).sum()
    }

    /// Number of chunks.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }
}

/// Counts of one chunk.
#[derive(Clone, Copy, Debug)]
pub struct ReadChunk {
    /// Index of the chunk in the plan.
    pub chunk: u32,
    /// Physical lines.
    pub lines: u32,
    /// Records of the rows, unreadable ones included. Blank lines are no rows.
    pub rows: u64,
    /// Accepted rows, duplicates included.
    pub accepted: u64,
    /// Hash of the chunk's part of the source, if the source is hashed.
    pub piece: Option<PieceHash>,
}
