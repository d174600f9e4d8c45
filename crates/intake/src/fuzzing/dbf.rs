//! DBF tables: the same rows in all portions, and the rows of documents.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use super::csv::SlowReader;
use super::document::{ScratchFile, built_in};
use crate::layout::Layout;
use sverka_formats::dbf::DbfReader;
use sverka_fuzzing::{Target, fuzz, kind};

/// Reader of DBF tables under test.
struct Tables {
    scratch: ScratchFile,
    layouts: Vec<Arc<Layout>>,
}

impl Target for Tables {
    const CORPUS: &'static str = "dbf";
    const ENDING: Option<&'static str> = Some("dbf");
    const PIECES: &'static [&'static [u8]] = &[
        b"\x0D",
        b"\x1A",
        b"*",
        b" ",
        b"\0",
        b"\xFF\xFF",
        b"\0\0\0\0",
        b"\xFF\xFF\xFF\xFF",
        b"x",
        b"\x03",
        b"\x30",
        b"C",
        b"N",
        b"D",
        b"L",
        b"M",
        b"I",
        b"20000230",
    ];

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let ReadTable { lines: whole, end } = read_table(input);
        for at_a_time in [1, 33] {
            assert!(read_table(SlowReader { rest: input, at_a_time }).lines == whole, "in portions of {at_a_time}");
        }
        assert!(whole.len() <= input.len() + 1, "every row has its bytes in the table");
        let mut behaviours = BTreeSet::from([end, format!("{} rows", whole.len().min(4))]);
        self.scratch.read(input, &self.layouts, &mut behaviours);
        behaviours
    }
}

/// Rows of a table as lines, with a fault as the last line, and the kind of the end.
struct ReadTable {
    lines: Vec<String>,
    end: String,
}

fn read_table(input: impl Read) -> ReadTable {
    let mut lines = Vec::new();
    let mut reader = match DbfReader::new(input) {
        Ok(reader) => reader,
        Err(error) => return ReadTable { lines: vec![error.to_string()], end: kind(&error) },
    };
    let columns = reader.columns().len();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let values: Vec<String> = (0..columns).map(|column| row.bytes(column).escape_ascii().to_string()).collect();
                lines.push(format!("{}@{}: {}", row.number, row.offset, values.join("|")));
            }
            Ok(None) => return ReadTable { lines, end: "whole".to_owned() },
            Err(error) => {
                assert!(matches!(reader.next_row(), Ok(None)), "a fault is told once");
                lines.push(error.to_string());
                return ReadTable { lines, end: kind(&error) };
            }
        }
    }
}

#[test]
fn changed_tables_end() {
    fuzz(&mut Tables { scratch: ScratchFile::new(), layouts: built_in(&["mo_dbf"]) });
}
