//! Rows that people decided to ignore, by line and by record id.
//!
//! The authors and reasons of decisions are not known here: a decision is a number of the caller.

use std::collections::BTreeMap;

use sverka_intake::{Bindings, Chunks, OpenDocument, RowBytes, RowFault, RowFields};

/// Ignored rows of one source, with the decision for each.
#[derive(Debug, Default)]
pub struct IgnoredRows {
    /// Ignored lines, sorted.
    by_line: Vec<IgnoredLine>,
    /// Decisions by the record id of the sender.
    by_id: BTreeMap<Box<str>, Vec<u32>>,
}

/// Line of a chunk that a decision ignores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct IgnoredLine {
    /// Number of the chunk within its source.
    chunk: u32,
    /// Line of the chunk, from 0.
    line: u32,
    /// Decision, by the number of the caller.
    decision: u32,
}

/// Decision to ignore a physical line of a source.
#[derive(Clone, Copy, Debug)]
pub struct LineDecision {
    /// Physical line, from 1.
    pub line: u64,
    /// Decision, by the number of the caller.
    pub decision: u32,
}

/// Decision to ignore the rows with a record id.
#[derive(Clone, Debug)]
pub struct IdDecision {
    /// Record id of the sender.
    pub record_id: Box<str>,
    /// Decision, by the number of the caller.
    pub decision: u32,
}

impl IgnoredRows {
    /// The rows with these physical lines and record ids. The lines of all chunks before a line must be counted to know its chunk, so this reads a
    /// source up to the last ignored line.
    #[must_use]
    pub fn new(
        lines: &[LineDecision],
        ids: impl Iterator<Item = IdDecision>,
        document: &OpenDocument<'_>,
        bindings: &Bindings,
        chunks: &Chunks,
    ) -> Self {
        let mut ignored = Self { by_line: by_line(lines, document, bindings, chunks), by_id: BTreeMap::new() };
        for IdDecision { record_id, decision } in ids {
            ignored.by_id.entry(record_id).or_default().push(decision);
        }
        ignored
    }

    /// The decisions that ignore a row, by its chunk and line in the source and by its record id, which is empty for a row without fields.
    pub(super) fn decisions<'i>(&'i self, chunk: u32, line: u32, record_id: &str) -> impl Iterator<Item = u32> + 'i {
        let at = (chunk, line);
        let from = self.by_line.partition_point(|ignored| (ignored.chunk, ignored.line) < at);
        let of_line = self.by_line[from..].iter().take_while(move |ignored| (ignored.chunk, ignored.line) == at);
        let of_id = self.by_id.get(record_id).into_iter().flatten();
        of_line.map(|ignored| ignored.decision).chain(of_id.copied())
    }
}

/// The chunks of physical lines, and the lines within them, sorted.
fn by_line(lines: &[LineDecision], document: &OpenDocument<'_>, bindings: &Bindings, chunks: &Chunks) -> Vec<IgnoredLine> {
    let Some(last) = lines.iter().map(|decision| decision.line).max() else { return Vec::new() };
    let mut ignored = Vec::with_capacity(lines.len());
    // Number of lines before the chunk.
    let mut first = document.lines_before();
    for chunk in 0..chunks.count() {
        let is_last = chunk + 1 == chunks.count();
        let nothing = &mut |_: RowBytes<'_>, _: Result<RowFields<'_>, RowFault>| ();
        let after = if is_last { u64::MAX } else { first + u64::from(document.read(bindings, chunks, chunk, nothing).lines) };
        let of_chunk = lines.iter().filter(|decision| first < decision.line && decision.line <= after);
        ignored.extend(of_chunk.filter_map(|&LineDecision { line, decision }| {
            Some(IgnoredLine { chunk: chunk as u32, line: u32::try_from(line - 1 - first).ok()?, decision })
        }));
        first = after;
        if first >= last {
            break;
        }
    }
    ignored.sort_unstable();
    ignored
}
