//! Reading a table row by row, through a window that moves over the input.

use std::io::{ErrorKind, Read};

use super::header::{Head, PART_BYTES, read_columns, read_head};
use super::{DbfColumn, DbfError, DbfKind, WINDOW_BYTES};

/// The mark of a row.
const KEPT: u8 = b' ';
/// The mark of a row that was deleted and not yet removed.
const DELETED: u8 = b'*';
/// The mark behind the last row.
const END: u8 = 0x1A;
/// Rows behind a broken one that are looked at, as far as the table has them. Half of them must look right, the first one included.
const PROVING_ROWS: usize = 8;
/// Most broken rows that follow each other.
const MOST_BROKEN_TOGETHER: usize = 4;

/// Reads the rows of one table, in their order, reusing its buffer.
pub struct DbfReader<R> {
    window: Window<R>,
    head: Head,
    columns: Vec<DbfColumn>,
    /// Number of rows so far, deleted ones included.
    rows: u64,
    deleted: u64,
    /// Number of rows of blanks behind the declared number, which fill the table up.
    filling: u64,
    has_ended: bool,
}

/// The declared and the real number of rows of a table, deleted rows included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DbfRowCount {
    /// Number of rows that the header declares.
    pub declared: u64,
    /// Number of rows that are there.
    pub found: u64,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct DbfRow<'r> {
    /// Number of the row in the table, from 1; deleted rows count.
    pub number: u64,
    /// Offset in the table of the mark, which is the first byte of the row.
    pub offset: u64,
    /// The whole row with its mark.
    pub raw: &'r [u8],
    /// Whether the row begins with a right mark. A row without one is broken, and its values are unknown.
    pub has_mark: bool,
    columns: &'r [DbfColumn],
}

impl<'r> DbfRow<'r> {
    /// The bytes of a column without blanks and zero bytes at their ends; none for [`DbfKind::Other`].
    ///
    /// # Panics
    /// When the table has no such column.
    #[must_use]
    #[inline]
    pub fn bytes(&self, column: usize) -> &'r [u8] {
        let column = &self.columns[column];
        if column.kind == DbfKind::Other { &[] } else { without_padding(&self.raw[column.range()]) }
    }
}

impl<R: Read> DbfReader<R> {
    /// Reads the header of the table of `input`, which needs no buffer of its own.
    ///
    /// # Errors
    /// When the input fails, is no such table, or its header is damaged.
    pub fn new(input: R) -> Result<Self, DbfError> {
        let mut window = Window { input, buffer: vec![0; WINDOW_BYTES], at: 0, to: 0, before: 0, has_ended: false };
        let first = window.hold(PART_BYTES)?;
        // Even if the header is cut, a wrong first byte shows that it is no table.
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

    /// The column with a name, without regard to the case of ASCII letters.
    ///
    /// # Errors
    /// When there are two such columns, or the kind of the column is not written as text.
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

    /// The declared number of rows, deleted ones included; often wrong.
    #[must_use]
    pub fn declared_rows(&self) -> u64 {
        self.head.declared_rows
    }

    /// Number of deleted rows so far.
    #[must_use]
    pub fn deleted_rows(&self) -> u64 {
        self.deleted
    }

    /// The declared and the real number of rows, known behind the last row. `None` when the header declares 0: writers
    /// that do not come back to the header leave a 0.
    #[must_use]
    pub fn row_count(&self) -> Option<DbfRowCount> {
        let declared = self.head.declared_rows;
        (declared > 0).then_some(DbfRowCount { declared, found: self.rows - self.filling })
    }

    /// The header's code-page mark (0x26 and 0x65 for cp866, 0xC9 for windows-1251, 0 for none).
    #[must_use]
    pub fn code_page_mark(&self) -> u8 {
        self.head.code_page_mark
    }

    /// The next row that is not deleted, broken rows included; `None` behind the last row, and behind a fault. The
    /// input is read to its end, because an archive tells only at the end whether it was whole.
    ///
    /// # Errors
    /// When the table breaks. The error comes once.
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

    /// Moves behind the next row that is not deleted. Returns whether there is one.
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

    /// Whether the bytes at hand are a broken row. All rows have one length, so right rows where they should follow are the proof:
    ///
    /// ```text
    /// | ␠ row | ? row | ␠ row | ␠ row |        `?` is a broken row
    /// ```
    ///
    /// Several broken rows may follow each other. For the last declared row, the end of the table behind it is the proof.
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
        let looks_right = |row: &[u8]| is_mark(row[0]) && self.columns.iter().all(|column| column.may_hold(&row[column.range()]));
        let rows: Vec<bool> = behind.chunks_exact(row_bytes).take(due).map(looks_right).collect();
        let broken_behind = rows.iter().take_while(|is_right| !**is_right).count();
        let proving = &rows[broken_behind..rows.len().min(broken_behind + PROVING_ROWS)];
        let right = proving.iter().filter(|is_right| **is_right).count();
        Ok(right > 0 && broken_behind < MOST_BROKEN_TOGETHER && right * 2 >= proving.len())
    }

    /// Checks whether the table may end with the bytes at hand, where a row should begin, and reads the input to its end.
    #[cold]
    fn end(&mut self) -> Result<(), DbfError> {
        let (row_bytes, declared) = (self.head.row_bytes, self.head.declared_rows);
        let offset = self.window.offset();
        let rest = self.window.hold(row_bytes)?;
        let row = self.rows + 1;
        let may_be_cut = rest.len() < row_bytes && matches!(rest.first(), Some(&(KEPT | DELETED)));
        // Writers that do not come back to the header leave a number of 0.
        let are_all_there = self.rows == declared && declared > 0;
        // With a declared number of 0, all rows are not known to be there.
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

/// A value without its padding.
#[inline]
fn without_padding(bytes: &[u8]) -> &[u8] {
    let is_filled = |byte: &u8| !matches!(byte, b' ' | 0);
    let from = bytes.iter().position(is_filled).unwrap_or(bytes.len());
    let to = bytes.iter().rposition(is_filled).map_or(from, |last| last + 1);
    &bytes[from..to]
}

/// The part of the input that is in memory.
struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    /// Bounds of the bytes in the buffer that are not done yet.
    at: usize,
    to: usize,
    /// Number of bytes of the input before the buffer.
    before: u64,
    has_ended: bool,
}

impl<R: Read> Window<R> {
    /// Offset in the input of the next byte.
    fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    /// Offset in the input behind the last byte that was read.
    fn end_offset(&self) -> u64 {
        self.before + self.to as u64
    }

    /// The next bytes, without moving behind them: `bytes` of them, which are 64 KiB at most, and fewer only at the end
    /// of the input.
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

    /// Moves to the end of the input. Returns the number of bytes up to there.
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
