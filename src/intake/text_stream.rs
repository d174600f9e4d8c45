//! Rows of text with delimiters that can only be read from the beginning to the end: members of archives.
//!
//! The text is unpacked block by block into one buffer, whose whole lines are read like a chunk of a mapped file.

use std::io::{self, Read};

use super::chunk::{Chunk, ChunkReader, RowBytes, RowFault, RowVisitor};
use super::encoding::Encoding;
use super::fields::RowFields;
use super::layout::Delimited;
use super::record_end::RecordEnds;

/// Bytes that are looked at together.
pub(super) const BLOCK_BYTES: usize = 1 << 20;
/// A line with more bytes is passed over.
const MOST_LINE_BYTES: usize = 64 << 20;
/// What is kept of such a line.
const KEPT_BYTES: usize = 1 << 10;
/// Where a record of several lines ends is clear from so many bytes.
const MOST_LOOK_AHEAD: usize = 2 << 20;

/// How the reading of a stream ended.
#[derive(Debug, Default)]
pub(super) struct StreamEnd {
    /// Lines that were read.
    pub lines: u64,
    /// The byte at which it could not be read any further, and why.
    pub broken: Option<(u64, io::Error)>,
}

/// Reads the rows behind `data_from` of a text, which is `known` as far as it was read already, and goes on in `input`.
pub(super) fn rows_of_stream(
    reader: &mut ChunkReader<'_>,
    (form, encoding): (&Delimited, Encoding),
    data_from: usize,
    input: &mut dyn Read,
    done: &dyn Fn() -> u64,
    visitor: &mut impl RowVisitor,
) -> StreamEnd {
    let mut block = Block { bytes: Vec::new(), offset: 0, ended: false, broken: None };
    let (mut end, mut from, mut told) = (StreamEnd::default(), data_from, 0);
    let mut wanted = BLOCK_BYTES.max(2 * data_from);
    loop {
        block.fill(input, wanted);
        let from_here = from.min(block.bytes.len());
        let cut = if block.ended {
            // Of a text that broke, the line in which it did is no row.
            if block.broken.is_some() { last_line_end(&block.bytes, from_here, encoding) } else { block.bytes.len() }
        } else if form.multiline {
            last_record_end(&block.bytes, from_here, form, encoding)
        } else {
            last_line_end(&block.bytes, from_here, encoding)
        };
        if cut > from_here {
            let mut shifted = Shifted { visitor, offset: block.offset, line: end.lines };
            end.lines += u64::from(reader.rows(&block.bytes, &Chunk { from: from_here, to: cut }, &mut shifted));
            (from, wanted) = (0, BLOCK_BYTES);
            block.drop(cut);
        } else if !block.ended && block.bytes.len() - from_here >= MOST_LINE_BYTES {
            pass_line(&mut block, input, from_here, (&mut end, encoding), visitor);
            (from, wanted) = (0, BLOCK_BYTES);
        } else {
            wanted = 2 * block.bytes.len().max(BLOCK_BYTES);
        }
        let now = done();
        let goes_on = visitor.pause(now - told);
        told = now;
        if block.ended || !goes_on {
            end.broken = block.broken.take().map(|error| (block.offset + block.bytes.len() as u64, error));
            return end;
        }
    }
}

/// What of a text is in memory.
struct Block {
    bytes: Vec<u8>,
    /// Where it begins in the text.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

impl Block {
    /// Reads on until there are so many bytes, or the text ends.
    fn fill(&mut self, input: &mut dyn Read, wanted: usize) {
        let mut length = self.bytes.len();
        if length < wanted {
            self.bytes.resize(wanted, 0);
        }
        while length < wanted && !self.ended {
            match input.read(&mut self.bytes[length..]) {
                Ok(0) => self.ended = true,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => (self.ended, self.broken) = (true, Some(error)),
            }
        }
        self.bytes.truncate(length);
    }

    /// Forgets the first bytes.
    fn drop(&mut self, bytes: usize) {
        self.offset += bytes as u64;
        self.bytes.drain(..bytes);
    }
}

/// First byte after the last line that ends behind `from`; `from` when none does.
fn last_line_end(bytes: &[u8], from: usize, encoding: Encoding) -> usize {
    if !encoding.is_utf16() {
        return memchr::memrchr(b'\n', &bytes[from..]).map_or(from, |last| from + last + 1);
    }
    let (mut end, whole) = (from, bytes.len() & !1);
    while end < whole {
        let next = encoding.line_end(&bytes[..whole], end);
        if next == whole && encoding.without_line_end(&bytes[end..next]).len() == next - end {
            break;
        }
        end = next;
    }
    end
}

/// First byte after the last record whose end is clear from what is in memory.
fn last_record_end(bytes: &[u8], from: usize, form: &Delimited, encoding: Encoding) -> usize {
    let mut ends = RecordEnds::new(bytes, form, encoding.page());
    let mut end = from;
    while end + MOST_LOOK_AHEAD < bytes.len() {
        end = ends.after(end).0;
    }
    end
}

/// Passes a line that is too long to be one, which begins at `from`: one row that cannot be read.
fn pass_line(
    block: &mut Block,
    input: &mut dyn Read,
    from: usize,
    (end, encoding): (&mut StreamEnd, Encoding),
    visitor: &mut impl RowVisitor,
) {
    let at = RowBytes {
        line: end.lines as u32,
        part: 0,
        offset: block.offset + from as u64,
        raw: &block.bytes[from..from + KEPT_BYTES],
    };
    visitor.row(at, Err(RowFault::SHAPE));
    end.lines += 1;
    block.drop(from);
    loop {
        let line_end = encoding.line_end(&block.bytes, 0);
        let is_ended = encoding.without_line_end(&block.bytes[..line_end]).len() < line_end;
        block.drop(line_end);
        if is_ended || block.ended {
            return;
        }
        block.fill(input, BLOCK_BYTES);
    }
}

/// Tells lines and offsets as those of the whole text.
struct Shifted<'v, V> {
    visitor: &'v mut V,
    offset: u64,
    line: u64,
}

impl<V: RowVisitor> RowVisitor for Shifted<'_, V> {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self.visitor
            .row(RowBytes { line: (self.line + u64::from(at.line)) as u32, offset: self.offset + at.offset, ..at }, fields);
    }
}
