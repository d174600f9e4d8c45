//! Reading a table row by row: a window moves over the input.

use std::io::{ErrorKind, Read};

use super::header::{Head, PART_BYTES, read_columns, read_head};
use super::{DbfColumn, DbfError, DbfKind, WINDOW_BYTES};

/// Begins a row.
const KEPT: u8 = b' ';
/// Begins a row that was deleted and not yet removed.
const DELETED: u8 = b'*';
/// Stands behind the last row.
const END: u8 = 0x1A;
/// Of so many rows behind a broken one, as far as the table has them, half must look right, the first of them with it.
const PROVING_ROWS: usize = 8;
/// So many broken rows may follow each other.
const MOST_BROKEN_TOGETHER: usize = 4;

/// Reads the rows of one table, in their order, reusing its buffer.
pub struct DbfReader<R> {
    window: Window<R>,
    head: Head,
    columns: Vec<DbfColumn>,
    /// Rows that were passed, deleted ones included.
    rows: u64,
    deleted: u64,
    /// Rows of blanks behind the declared number, which fill the table up.
    filling: u64,
    has_ended: bool,
}

/// How many rows a table has by its header and really; deleted rows count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DbfRowCount {
    /// Rows that the header declares.
    pub declared: u64,
    /// Rows that are there.
    pub found: u64,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct DbfRow<'r> {
    /// Its number in the table, from 1; deleted rows count.
    pub number: u64,
    /// Byte of the table at which it begins, with its mark.
    pub offset: u64,
    /// The whole row with its mark.
    pub raw: &'r [u8],
    /// Whether the row begins with its mark. One without is broken: what its columns hold is not known.
    pub has_mark: bool,
    columns: &'r [DbfColumn],
}

impl<'r> DbfRow<'r> {
    /// The bytes of a column without the blanks and zero bytes around them; nothing for [`DbfKind::Other`].
    ///
    /// # Panics
    /// When the table has no such column.
    #[must_use]
    #[inline]
    pub fn bytes(&self, column: usize) -> &'r [u8] {
        let column = &self.columns[column];
        if column.kind == DbfKind::Other { &[] } else { without_padding(&self.raw[column.place()]) }
    }
}

impl<R: Read> DbfReader<R> {
    /// Reads the header of the table that `input` begins with. It needs no buffer of its own.
    ///
    /// # Errors
    /// When the input fails, is no such table, or its header is damaged.
    pub fn new(input: R) -> Result<Self, DbfError> {
        let mut window = Window { input, buffer: vec![0; WINDOW_BYTES], at: 0, to: 0, before: 0, has_ended: false };
        let first = window.hold(PART_BYTES)?;
        // What is too short to tell is told by its first byte, if that is wrong.
        let mut start = [0; PART_BYTES];
        start[..first.len()].copy_from_slice(first);
        let is_cut = first.len() < PART_BYTES;
        let head = match read_head(&start) {
            Err(DbfError::Header { .. }) | Ok(_) if is_cut => return Err(DbfError::HeaderCut { offset: window.end_offset() }),
            head => head?,
        };
        let header = window.hold(head.header_bytes)?;
        if header.len() < head.header_bytes {
            return Err(DbfError::HeaderCut { offset: window.end_offset() });
        }
        let columns = read_columns(&header[PART_BYTES..], head.row_bytes)?;
        window.at += head.header_bytes;
        Ok(Self { window, head, columns, rows: 0, deleted: 0, filling: 0, has_ended: false })
    }

    /// The columns in their order.
    #[must_use]
    pub fn columns(&self) -> &[DbfColumn] {
        &self.columns
    }

    /// The column of this name, without regard to the case of ASCII letters, if there is one.
    ///
    /// # Errors
    /// When it stands twice, or is of a kind that is not written as text.
    pub fn find(&self, name: &str) -> Result<Option<usize>, DbfError> {
        let mut found = self.columns.iter().enumerate().filter(|(_, column)| column.is_named(name));
        let Some((index, column)) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(DbfError::ColumnTwice { column: column.shown_name() });
        }
        if column.kind == DbfKind::Other {
            let kind = column.letter.escape_ascii().to_string();
            return Err(DbfError::KindNotRead { column: column.shown_name(), kind });
        }
        Ok(Some(index))
    }

    /// How many rows the header declares, deleted ones included; often wrong.
    #[must_use]
    pub fn declared_rows(&self) -> u64 {
        self.head.declared_rows
    }

    /// How many deleted rows were passed over so far.
    #[must_use]
    pub fn deleted_rows(&self) -> u64 {
        self.deleted
    }

    /// The rows by the header and those that were passed, known behind the last row; `None` when the header declares none, as writers leave it that do
    /// not come back to it.
    #[must_use]
    pub fn row_count(&self) -> Option<DbfRowCount> {
        let declared = self.head.declared_rows;
        (declared > 0).then_some(DbfRowCount { declared, found: self.rows - self.filling })
    }

    /// The header's mark of a code page (0x26 and 0x65 for cp866, 0xC9 for windows-1251, 0 for none), as it stands.
    #[must_use]
    pub fn code_page_mark(&self) -> u8 {
        self.head.code_page_mark
    }

    /// The next row that is not deleted, broken ones included; `None` behind the last one, and behind a fault. The input is read to its end, since only there an archive tells
    /// whether it was whole.
    ///
    /// # Errors
    /// When the table cannot be read beyond a point. It is told once.
    pub fn next_row(&mut self) -> Result<Option<DbfRow<'_>>, DbfError> {
        if self.has_ended {
            return Ok(None);
        }
        match self.advance() {
            Ok(true) => {
                let row = self.window.at - self.head.row_bytes..self.window.at;
                let offset = self.window.before + row.start as u64;
                let raw = &self.window.buffer[row];
                let has_mark = is_mark(raw[0]);
                Ok(Some(DbfRow { number: self.rows, offset, raw, has_mark, columns: &self.columns }))
            }
            ended => {
                self.has_ended = true;
                ended.map(|_| None)
            }
        }
    }

    /// Passes the next row that is not deleted; whether there is one.
    #[inline]
    fn advance(&mut self) -> Result<bool, DbfError> {
        loop {
            let row = self.window.hold(self.head.row_bytes)?;
            if row.len() < self.head.row_bytes || !is_mark(row[0]) {
                if !self.goes_on_behind()? {
                    return self.end().map(|()| false);
                }
                self.window.at += self.head.row_bytes;
                self.rows += 1;
                return Ok(true);
            }
            let is_deleted = row[0] == DELETED;
            let is_filling = self.rows >= self.head.declared_rows && without_padding(row).is_empty();
            self.window.at += self.head.row_bytes;
            self.rows += 1;
            self.deleted += u64::from(is_deleted);
            self.filling += u64::from(is_filling);
            if !is_deleted && !is_filling {
                return Ok(true);
            }
        }
    }

    /// Whether what is at hand has no mark but is a row all the same: rows have one length, so rows that follow where they should prove it. Several
    /// broken rows may stand together. Of the last declared row the end of the table behind it is the proof.
    #[cold]
    fn goes_on_behind(&mut self) -> Result<bool, DbfError> {
        let (row_bytes, declared) = (self.head.row_bytes, self.head.declared_rows);
        if declared > 0 && self.rows >= declared {
            return Ok(false);
        }
        let due = if declared > 0 { declared - self.rows - 1 } else { u64::MAX };
        let most_rows = MOST_BROKEN_TOGETHER + PROVING_ROWS;
        let ahead = self.window.hold((row_bytes * most_rows + 1).min(WINDOW_BYTES))?;
        if ahead.len() < row_bytes {
            return Ok(false);
        }
        let (broken, behind) = ahead.split_at(row_bytes);
        if declared == 0 && broken[0] == END {
            return Ok(false);
        }
        if due == 0 {
            return Ok(matches!(behind.first(), None | Some(&END)));
        }
        let due = usize::try_from(due).unwrap_or(usize::MAX);
        let looks_right = |row: &[u8]| is_mark(row[0]) && self.columns.iter().all(|column| column.may_hold(&row[column.place()]));
        let rows: Vec<bool> = behind.chunks_exact(row_bytes).take(due).map(looks_right).collect();
        let broken_behind = rows.iter().take_while(|is_right| !**is_right).count();
        let proving = &rows[broken_behind..rows.len().min(broken_behind + PROVING_ROWS)];
        let right = proving.iter().filter(|is_right| **is_right).count();
        Ok(right > 0 && broken_behind < MOST_BROKEN_TOGETHER && right * 2 >= proving.len())
    }

    /// Tells whether a table may end with what is left where a row should begin, and reads the input to its end.
    #[cold]
    fn end(&mut self) -> Result<(), DbfError> {
        let (row_bytes, declared) = (self.head.row_bytes, self.head.declared_rows);
        let offset = self.window.offset();
        let rest = self.window.hold(row_bytes)?;
        let row = self.rows + 1;
        let may_be_cut = rest.len() < row_bytes && matches!(rest.first(), Some(&(KEPT | DELETED)));
        // A number of 0 is what writers leave that do not come back to the header.
        let are_all_there = self.rows == declared && declared > 0;
        // Nothing tells that all rows are there when their number is 0.
        let may_be_row = row <= declared || declared == 0 && rest.len() == row_bytes && !without_padding(rest).is_empty();
        match rest.first() {
            Some(_) if may_be_cut && !are_all_there && (row <= declared || !without_padding(rest).is_empty()) => {
                Err(DbfError::Cut { row, offset, found_bytes: rest.len(), row_bytes })
            }
            Some(&mark) if may_be_row && !may_be_cut && mark != END => Err(DbfError::Mark { row, offset, mark }),
            Some(&END) => {
                let behind_bytes = self.window.drain()? - 1;
                let may_hide_rows = row <= declared && behind_bytes >= row_bytes as u64;
                if may_hide_rows { Err(DbfError::EndMark { row, declared, offset }) } else { Ok(()) }
            }
            _ => self.window.drain().map(|_| ()),
        }
    }
}

#[inline]
fn is_mark(byte: u8) -> bool {
    matches!(byte, KEPT | DELETED)
}

/// What a value is without what fills it up.
#[inline]
fn without_padding(bytes: &[u8]) -> &[u8] {
    let is_filled = |byte: &u8| !matches!(byte, b' ' | 0);
    let from = bytes.iter().position(is_filled).unwrap_or(bytes.len());
    let to = bytes.iter().rposition(is_filled).map_or(from, |last| last + 1);
    &bytes[from..to]
}

/// A part of the input.
struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    /// What is in the buffer and was not passed yet.
    at: usize,
    to: usize,
    /// Bytes of the input before the buffer.
    before: u64,
    has_ended: bool,
}

impl<R: Read> Window<R> {
    /// Byte of the input that comes next.
    fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    /// Byte of the input up to which it was read.
    fn end_offset(&self) -> u64 {
        self.before + self.to as u64
    }

    /// So many bytes that come next, at most 64 KiB; fewer only at the end of the input. They are not passed.
    #[inline]
    fn hold(&mut self, bytes: usize) -> Result<&[u8], DbfError> {
        if self.to - self.at < bytes && !self.has_ended {
            self.fill(bytes)?;
        }
        Ok(&self.buffer[self.at..self.to.min(self.at + bytes)])
    }

    fn fill(&mut self, bytes: usize) -> Result<(), DbfError> {
        self.buffer.copy_within(self.at..self.to, 0);
        self.before += self.at as u64;
        self.to -= self.at;
        self.at = 0;
        while self.to < bytes && !self.has_ended {
            match self.input.read(&mut self.buffer[self.to..]) {
                Ok(0) => self.has_ended = true,
                Ok(given) => self.to += given,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(cause) => return Err(DbfError::Read { offset: self.end_offset(), cause }),
            }
        }
        Ok(())
    }

    /// Passes everything to the end of the input; how many bytes that were.
    fn drain(&mut self) -> Result<u64, DbfError> {
        let from = self.offset();
        loop {
            self.at = self.to;
            if self.has_ended {
                return Ok(self.offset() - from);
            }
            self.fill(1)?;
        }
    }
}
