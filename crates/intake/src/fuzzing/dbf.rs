//! DBF tables: the same rows in any portions, and the rows of documents.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use super::csv::Slow;
use super::document::{Scratch, built_in};
use crate::layout::Layout;
use sverka_formats::dbf::DbfReader;
use sverka_fuzzing::{Target, fuzz, kind};

struct Tables {
    scratch: Scratch,
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
        let (whole, behaviour) = told(input);
        for at_a_time in [1, 33] {
            assert!(told(Slow { rest: input, at_a_time }).0 == whole, "in portions of {at_a_time}");
        }
        assert!(whole.len() <= input.len() + 1, "every row has its bytes in the table");
        let mut behaviours = BTreeSet::from([behaviour, format!("{} rows", whole.len().min(4))]);
        self.scratch.read(input, &self.layouts, &mut behaviours);
        behaviours
    }
}

/// Everything that is read, a line for each row, and how it ended.
fn told(input: impl Read) -> (Vec<String>, String) {
    let mut lines = Vec::new();
    let mut reader = match DbfReader::new(input) {
        Ok(reader) => reader,
        Err(error) => return (vec![error.to_string()], kind(&error)),
    };
    let columns = reader.columns().len();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let values: Vec<String> = (0..columns).map(|column| row.bytes(column).escape_ascii().to_string()).collect();
                lines.push(format!("{}@{}: {}", row.number, row.offset, values.join("|")));
            }
            Ok(None) => return (lines, "whole".to_owned()),
            Err(error) => {
                assert!(matches!(reader.next_row(), Ok(None)), "a fault is told once");
                lines.push(error.to_string());
                return (lines, kind(&error));
            }
        }
    }
}

#[test]
fn changed_tables_end() {
    fuzz(&mut Tables { scratch: Scratch::new(), layouts: built_in(&["mo_dbf"]) });
}
