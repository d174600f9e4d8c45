//! Workbooks: the rows of a sheet in each format, and the rows of documents.
//!
//! Random changes of a workbook would only break its archive. So an input that begins with `x` or `o` is the content of a sheet, and the test makes the
//! workbook around it. Another input is a whole `.xls`.

use std::collections::BTreeSet;

use super::document::{ScratchFile, built_in};
use crate::layout::Layout;
use std::sync::Arc;
use sverka_formats::spreadsheet::made::{ods, xlsx};
use sverka_formats::spreadsheet::{CellValue, SheetRow, Workbook, limits};
use sverka_fuzzing::replay;
use sverka_fuzzing::{Target, fuzz, kind};

/// Reader of workbooks under test.
struct Workbooks {
    scratch: ScratchFile,
    layouts: Vec<Arc<Layout>>,
}

impl Target for Workbooks {
    const CORPUS: &'static str = "spreadsheet";
    const PIECES: &'static [&'static [u8]] = &[
        b"<row>",
        b"</row>",
        b"<c t='s'><v>0</v></c>",
        b"<c t='inlineStr'><is><t>clinic</t></is></c>",
        b"<c s='1'><v>30746</v></c>",
        b" r='2'",
        b" r='XFD1'",
        b" hidden='1'",
        b"_x000D_",
        b"<table:table-row>",
        b"</table:table-row>",
        b" table:number-rows-repeated='100000'",
        b" table:number-columns-repeated='16384'",
        b"<table:table-cell office:value-type='float' office:value='1'/>",
        b"<text:p>",
        b"</text:p>",
        b"1E308",
        b"\xFF\xFF\xFF\xFF",
        b"\0\0",
        b"\x3C\0",
        b"\xFD\0",
    ];

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let bytes = workbook_of(input);
        let mut behaviours = BTreeSet::from([read_book(&bytes).end]);
        self.scratch.read(&bytes, &self.layouts, &mut behaviours);
        behaviours
    }
}

/// Workbook of an input.
fn workbook_of(input: &[u8]) -> Vec<u8> {
    match input {
        [b'x', rows @ ..] => xlsx(&String::from_utf8_lossy(rows)),
        [b'o', rows @ ..] => ods(&String::from_utf8_lossy(rows)),
        other => other.to_vec(),
    }
}

/// First rows of all sheets as lines, with faults, and the kind of the end.
struct ReadBook {
    lines: Vec<String>,
    end: String,
}

fn read_book(bytes: &[u8]) -> ReadBook {
    const MOST_LINES: usize = 40;
    let book = match Workbook::open(bytes) {
        Ok(book) => book,
        Err(fault) => return ReadBook { lines: vec![fault.to_string()], end: kind(&fault) },
    };
    let (mut lines, mut end) = (Vec::new(), "whole".to_owned());
    for (number, sheet) in book.sheets().iter().enumerate() {
        lines.push(format!("sheet {}{}", sheet.name, if sheet.is_hidden { ", hidden" } else { "" }));
        let mut last = 0;
        let outcome = book.rows(number, &mut |row| {
            assert!(row.number > last && row.number <= limits::ROWS, "rows come in their order");
            assert!(row.cells().iter().all(|cell| cell.column < limits::COLUMNS), "columns are those of sheets");
            last = row.number;
            if lines.len() < MOST_LINES {
                lines.push(line_of(row));
            }
            true
        });
        if let Err(fault) = outcome {
            end = kind(&fault);
            lines.push(fault.to_string());
        }
    }
    ReadBook { lines, end }
}

/// Line of a row.
fn line_of(row: &SheetRow) -> String {
    let cells: Vec<String> = row
        .cells()
        .iter()
        .map(|cell| match &cell.value {
            CellValue::Text(place) => format!("{} {:?}", cell.column, row.text(place)),
            CellValue::IsoMoment(place) => format!("{} iso {:?}", cell.column, row.text(place)),
            other => format!("{} {other:?}", cell.column),
        })
        .collect();
    format!("{}{}: {}", row.number, if row.is_hidden { " hidden" } else { "" }, cells.join(", "))
}

fn target() -> Workbooks {
    Workbooks { scratch: ScratchFile::new(), layouts: built_in(&["attachments", "mo", "mo_dbf", "oplist"]) }
}

#[test]
fn changed_workbooks_end() {
    fuzz(&mut target());
}

#[test]
fn kept_workbooks_give_what_is_expected() {
    replay(&mut target(), |_, input| read_book(&workbook_of(input)).lines);
}
