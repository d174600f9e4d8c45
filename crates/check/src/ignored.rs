//! Rows that people decided to ignore: which rows of a source they are, and how often each decision met one.

use std::collections::BTreeMap;

use sverka_intake::{Bindings, Chunks, OpenDocument, RowBytes, RowFault, RowFields};

/// The rows of one source that are to be ignored. Each is named by a number of the caller's.
#[derive(Debug, Default)]
pub struct IgnoredRows {
    /// Chunk of the source, line of the chunk, and who says so; in this order.
    by_line: Vec<(u32, u32, u32)>,
    /// By the sender's id.
    by_id: BTreeMap<Box<str>, Vec<u32>>,
}

impl IgnoredRows {
    /// The rows of these physical lines and record ids. A line of a chunk is only known when the lines of the chunks before it are counted, so a source
    /// with lines to ignore is read up to the last of them beforehand.
    #[must_use]
    pub fn new(
        lines: &[(u64, u32)],
        ids: impl Iterator<Item = (Box<str>, u32)>,
        document: &OpenDocument<'_>,
        bindings: &Bindings,
        chunks: &Chunks,
    ) -> Self {
        let mut ignored = Self { by_line: by_line(lines, document, bindings, chunks), by_id: BTreeMap::new() };
        for (id, entry) in ids {
            ignored.by_id.entry(id).or_default().push(entry);
        }
        ignored
    }

    /// Who says that a row of a chunk of the source is to be ignored; ids are asked of the rows that have fields.
    pub(super) fn of_row<'i>(&'i self, chunk: u32, line: u32, record_id: &str) -> impl Iterator<Item = u32> + 'i {
        let at = (chunk, line);
        let from = self.by_line.partition_point(|&(chunk, line, _)| (chunk, line) < at);
        let of_line = self.by_line[from..].iter().take_while(move |&&(chunk, line, _)| (chunk, line) == at);
        let of_id = self.by_id.get(record_id).into_iter().flatten();
        of_line.map(|&(_, _, entry)| entry).chain(of_id.copied())
    }
}

/// The places of physical lines in chunks.
fn by_line(lines: &[(u64, u32)], document: &OpenDocument<'_>, bindings: &Bindings, chunks: &Chunks) -> Vec<(u32, u32, u32)> {
    let Some(last) = lines.iter().map(|&(line, _)| line).max() else { return Vec::new() };
    let mut places = Vec::with_capacity(lines.len());
    // Counted from 0.
    let mut first = document.lines_before();
    for chunk in 0..chunks.count() {
        let is_last = chunk + 1 == chunks.count();
        let nothing = &mut |_: RowBytes<'_>, _: Result<RowFields<'_>, RowFault>| ();
        let after = if is_last { u64::MAX } else { first + u64::from(document.read(bindings, chunks, chunk, nothing).lines) };
        let of_chunk = lines.iter().filter(|&&(line, _)| first < line && line <= after);
        places.extend(of_chunk.filter_map(|&(line, entry)| Some((chunk as u32, u32::try_from(line - 1 - first).ok()?, entry))));
        first = after;
        if first >= last {
            break;
        }
    }
    places.sort_unstable();
    places
}
