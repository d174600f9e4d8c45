//! The header of a table: the length of rows, and the columns with their ranges in a row.

use std::ops::Range;

use super::{COLUMNS, DbfError};

/// Bytes of the fixed part of the header, and of the description of each column.
pub(super) const PART_BYTES: usize = 32;
/// The byte in place of a column's name behind the last column.
const COLUMNS_END: u8 = 0x0D;

/// The kind of a column, which decides how its values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DbfKind {
    /// `C`: text, filled up with blanks on the right.
    Text,
    /// `N` or `F`: decimal digits with a full stop, filled up on the left.
    Number,
    /// `D`: eight digits, `YYYYMMDD`, or blanks.
    Date,
    /// `L`: one of `TtYyFfNn`, or `?` or a blank.
    Logical,
    /// Any other letter: values that are not text within the row.
    Other,
}

impl DbfKind {
    fn of_letter(letter: u8) -> Self {
        match letter {
            b'C' => Self::Text,
            b'N' | b'F' => Self::Number,
            b'D' => Self::Date,
            b'L' => Self::Logical,
            _ => Self::Other,
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbfColumn {
    /// Name as it is written, at most 11 bytes of no known encoding; ASCII nearly always.
    pub name: Vec<u8>,
    /// Letter of the column's kind.
    pub letter: u8,
    /// The kind that the letter stands for.
    pub kind: DbfKind,
    /// Bytes of the column in a row.
    pub length: usize,
    /// Start of the column in a row, whose first byte is the mark.
    pub(super) at: usize,
}

impl DbfColumn {
    /// Whether the column has a name, without regard to the case of ASCII letters.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Whether `bytes` can be a value of the column. Only numbers, dates and truth values can be checked.
    pub(super) fn may_hold(&self, bytes: &[u8]) -> bool {
        let is_filling = |byte: u8| matches!(byte, b' ' | 0);
        let fits: fn(u8) -> bool = match self.kind {
            DbfKind::Number => |byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+' | b'*' | b'E' | b'e'),
            DbfKind::Date => |byte| byte.is_ascii_digit(),
            DbfKind::Logical => |byte| b"TtYyFfNn?".contains(&byte),
            DbfKind::Text | DbfKind::Other => |_| true,
        };
        bytes.iter().all(|&byte| is_filling(byte) || fits(byte))
    }

    /// The range of the column in a row.
    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.at + self.length
    }

    /// The name for messages.
    pub(super) fn shown_name(&self) -> String {
        self.name.escape_ascii().to_string()
    }
}

/// The first 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) declared_rows: u64,
    pub(super) header_bytes: usize,
    pub(super) row_bytes: usize,
    pub(super) code_page_mark: u8,
}

/// Reads the first 32 bytes.
pub(super) fn read_head(bytes: &[u8; PART_BYTES]) -> Result<Head, DbfError> {
    // dBASE 7 (0x04, 0x8C) has a header of another shape. dBASE II has, too, and shares 0x02 with FoxBASE; its columns
    // fill no row.
    if !matches!(bytes[0], 0x02 | 0x03 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8B | 0x8E | 0xCB | 0xE5 | 0xF5 | 0xFB) {
        return Err(DbfError::Version { version: bytes[0] });
    }
    let pair = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let head = Head {
        declared_rows: u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]).into(),
        header_bytes: pair(8),
        row_bytes: pair(10),
        code_page_mark: bytes[29],
    };
    if head.header_bytes < 2 * PART_BYTES {
        return Err(DbfError::Header { why: "it is too short for a column" });
    }
    Ok(head)
}

/// Reads the columns from the header behind its first 32 bytes.
pub(super) fn read_columns(bytes: &[u8], row_bytes: usize) -> Result<Vec<DbfColumn>, DbfError> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    // A mark ends the columns, but some writers leave it out, since the end follows from the length of the header as
    // well.
    while rest.first().is_some_and(|&first| first != COLUMNS_END) {
        let Some((part, behind)) = rest.split_first_chunk::<PART_BYTES>() else {
            return Err(DbfError::Header { why: "it ends within a column" });
        };
        if parts.len() == COLUMNS {
            return Err(DbfError::TooManyColumns);
        }
        parts.push(part);
        rest = behind;
    }
    if parts.is_empty() {
        return Err(DbfError::Header { why: "it has no columns" });
    }
    let short = |part: &[u8; PART_BYTES]| usize::from(part[16]);
    // Clipper and FoxPro keep the upper byte of the length of long texts where numbers have their decimals.
    let long = |part: &[u8; PART_BYTES]| short(part) + if part[11] == b'C' { usize::from(part[17]) << 8 } else { 0 };
    let columns_bytes = |length: &dyn Fn(&[u8; PART_BYTES]) -> usize| 1 + parts.iter().map(|part| length(part)).sum::<usize>();
    if columns_bytes(&short) == row_bytes {
        lay_out(&parts, short)
    } else if columns_bytes(&long) == row_bytes {
        lay_out(&parts, long)
    } else {
        Err(DbfError::RowLength { columns_bytes: columns_bytes(&short), row_bytes })
    }
}

fn lay_out(parts: &[&[u8; PART_BYTES]], length: impl Fn(&[u8; PART_BYTES]) -> usize) -> Result<Vec<DbfColumn>, DbfError> {
    let mut at = 1;
    let column = |part: &&[u8; PART_BYTES]| {
        let name = part[..11].split(|&byte| byte == 0).next().unwrap_or_default().trim_ascii().to_vec();
        if name.is_empty() {
            return Err(DbfError::Header { why: "a column has no name" });
        }
        let (from, length) = (at, length(part));
        at += length;
        Ok(DbfColumn { name, letter: part[11], kind: DbfKind::of_letter(part[11]), length, at: from })
    };
    parts.iter().map(column).collect()
}
