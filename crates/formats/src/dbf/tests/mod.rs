//! Tests of tables that are made here or by other programs.

use std::io::{self, Read};

use super::*;

mod broken;
mod corpus;
mod forgiven;
mod rows;

/// A table that is put together byte by byte.
struct Made {
    version: u8,
    columns: Vec<(&'static str, u8, u8, u8)>,
    behind_columns: Vec<u8>,
    declared: u32,
    /// Marks and values, byte by byte.
    body: Vec<u8>,
}

impl Made {
    /// A table with columns `FAM` C4, `NUM` N3, `DR` D8 and no rows.
    fn new() -> Self {
        let columns = vec![("FAM", b'C', 4, 0), ("NUM", b'N', 3, 0), ("DR", b'D', 8, 0)];
        Self { version: 0x03, columns, behind_columns: vec![0x0D], declared: 0, body: Vec::new() }
    }

    /// The same table with rows, each with its mark.
    fn with_rows(rows: &[&str]) -> Self {
        let mut made = Self::new();
        made.declared = rows.len() as u32;
        rows.iter().for_each(|row| made.body.extend_from_slice(row.as_bytes()));
        made
    }

    fn bytes(&self) -> Vec<u8> {
        let long =
            |length: u8, letter: u8, decimals: u8| u16::from(length) + if letter == b'C' { u16::from(decimals) << 8 } else { 0 };
        let row_bytes = 1 + self.columns.iter().map(|&(_, letter, length, decimals)| long(length, letter, decimals)).sum::<u16>();
        let header_bytes = (32 + 32 * self.columns.len() + self.behind_columns.len()) as u16;
        let mut bytes = vec![0; 32];
        bytes[0] = self.version;
        bytes[4..8].copy_from_slice(&self.declared.to_le_bytes());
        bytes[8..10].copy_from_slice(&header_bytes.to_le_bytes());
        bytes[10..12].copy_from_slice(&row_bytes.to_le_bytes());
        bytes[29] = 0x65;
        for &(name, letter, length, decimals) in &self.columns {
            let mut part = [0; 32];
            part[..name.len()].copy_from_slice(name.as_bytes());
            (part[11], part[16], part[17]) = (letter, length, decimals);
            bytes.extend_from_slice(&part);
        }
        [bytes, self.behind_columns.clone(), self.body.clone()].concat()
    }
}

/// Reads a table. Returns a line `number@offset: values` for each row, and how the reading ended.
fn outcome(input: impl Read) -> (Vec<String>, Result<(), DbfError>) {
    let mut lines = Vec::new();
    let mut reader = match DbfReader::new(input) {
        Ok(reader) => reader,
        Err(error) => return (lines, Err(error)),
    };
    let columns = reader.columns().len();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let values: Vec<String> = (0..columns).map(|column| row.bytes(column).escape_ascii().to_string()).collect();
                lines.push(format!("{}@{}: {}", row.number, row.offset, values.join("|")));
            }
            Ok(None) => return (lines, Ok(())),
            Err(error) => {
                assert!(matches!(reader.next_row(), Ok(None)), "a fault is told once");
                return (lines, Err(error));
            }
        }
    }
}

/// [`outcome`] as lines.
fn report(input: impl Read) -> Vec<String> {
    let (mut lines, ended) = outcome(input);
    lines.extend(ended.err().map(|error| error.to_string()));
    lines
}

/// The rows of a table without fault, without their offsets.
fn values(bytes: &[u8]) -> Vec<String> {
    let (lines, ended) = outcome(bytes);
    ended.expect("a table without faults");
    lines.iter().filter_map(|line| Some(line.split_once(": ")?.1.to_owned())).collect()
}

/// An input that gives a few bytes at a time.
struct Slow<'b> {
    rest: &'b [u8],
    at_a_time: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.at_a_time.min(to.len());
        self.rest.read(&mut to[..length])
    }
}
