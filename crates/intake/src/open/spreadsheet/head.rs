//! Finding the sheet of a workbook that is read, and its header.

use crate::header::{HeaderError, HeaderNote, SheetNote};
use crate::layout::{HeaderFault, HeaderLine, Layout};
use sverka_formats::spreadsheet::{CellValue, SheetRow, Workbook};

/// Rows of a sheet in which its header is looked for: titles, dates and addressees are above it.
const SEARCHED_ROWS: u32 = 100;

/// A sheet and its header.
pub(super) struct Head {
    /// Index of the sheet in the workbook.
    pub sheet: usize,
    /// The line of the header; 0 when the sheet has none.
    pub line: u32,
    /// Columns of the sheet, each with its column of the layout.
    pub columns: Vec<(u32, Option<usize>)>,
    pub notes: Vec<HeaderNote>,
}

/// A row of a sheet that could be a header.
struct Named {
    line: u32,
    names: Vec<(u32, String)>,
}

/// The names in the first rows of all sheets.
pub(super) fn first_names(book: &Workbook<'_>) -> Result<Vec<Vec<String>>, HeaderError> {
    let mut all = Vec::new();
    for sheet in 0..book.sheets().len() {
        let read = book.rows(sheet, &mut |row| {
            all.push(named(row).names.into_iter().map(|(_, name)| name).collect());
            row.number < SEARCHED_ROWS
        });
        read.map_err(HeaderError::Spreadsheet)?;
    }
    Ok(all)
}

impl Head {
    /// Finds the sheet that the layout names, or the first one with its header.
    pub fn find(book: &Workbook<'_>, layout: &Layout) -> Result<Self, HeaderError> {
        let sheets = book.sheets();
        let wanted: Vec<usize> = match &layout.sheet {
            None => (0..sheets.len()).collect(),
            Some(name) => match sheets.iter().position(|sheet| sheet.name.trim() == name.trim()) {
                Some(sheet) => vec![sheet],
                None => {
                    let names = sheets.iter().map(|sheet| sheet.name.clone()).collect();
                    return Err(HeaderError::SheetUnknown { sheet: name.clone(), names });
                }
            },
        };
        let (mut found, mut also, mut nearest): (Option<Self>, Vec<usize>, Option<(usize, HeaderError)>) =
            (None, Vec::new(), None);
        for sheet in wanted {
            match Self::of_sheet(book, sheet, layout)? {
                Ok(head) if found.is_none() => found = Some(head),
                Ok(_) => also.push(sheet),
                Err((names, error)) => {
                    if nearest.as_ref().is_none_or(|(known, _)| names > *known) {
                        nearest = Some((names, error));
                    }
                }
            }
        }
        let Some(mut head) = found else {
            return Err(nearest.map_or(HeaderError::Empty, |(_, error)| error));
        };
        head.notes = head.note(book, &also, layout).into_iter().map(HeaderNote::Sheet).collect();
        Ok(head)
    }

    /// The header of one sheet. The inner error is the reason why it has none, with a score that is higher the more names the layout knows.
    fn of_sheet(book: &Workbook<'_>, sheet: usize, layout: &Layout) -> Result<Result<Self, (usize, HeaderError)>, HeaderError> {
        let due = layout.delimited().is_none_or(|form| form.header == HeaderLine::Due);
        let mut rows = Vec::new();
        let last = layout.header_line.map_or(SEARCHED_ROWS, |line| line);
        let read = book.rows(sheet, &mut |row| {
            if row.number <= last {
                rows.push(named(row));
            }
            row.number < last
        });
        read.map_err(HeaderError::Spreadsheet)?;
        if rows.is_empty() {
            return Ok(Err((0, HeaderError::Empty)));
        }
        if !due {
            return Ok(Ok(Self::by_position(sheet, &rows, layout)));
        }
        let mut nearest: Option<(usize, HeaderError)> = None;
        for row in rows.iter().filter(|row| layout.header_line.is_none_or(|line| row.line == line)) {
            let names: Vec<&str> = row.names.iter().map(|(_, name)| name.as_str()).collect();
            match layout.bind_header(&names) {
                Ok(columns) => {
                    let columns = row.names.iter().map(|(at, _)| *at).zip(columns).collect();
                    return Ok(Ok(Self { sheet, line: row.line, columns, notes: Vec::new() }));
                }
                Err(fault) => {
                    let known = names.iter().filter(|name| layout.columns.iter().any(|column| column == *name)).count();
                    if nearest.as_ref().is_none_or(|(best, _)| known > *best) {
                        nearest = Some((known, header_error(book, sheet, row.line, fault)));
                    }
                }
            }
        }
        let missing = || HeaderError::NoSheetHeader { layout: layout.name.clone(), rows: last };
        let nearest = nearest.filter(|(known, _)| *known > 0);
        Ok(Err(nearest.map_or_else(|| (1, missing()), |(known, error)| (known + 1, error))))
    }

    /// The columns by position. A first line that is a header is skipped.
    fn by_position(sheet: usize, rows: &[Named], layout: &Layout) -> Self {
        let header = rows.iter().find(|row| {
            let last = row.names.last().map_or(0, |(at, _)| *at as usize);
            let mut names = vec![""; last + 1];
            row.names.iter().for_each(|(at, name)| names[*at as usize] = name.as_str());
            layout.header_line.map_or_else(|| layout.is_header(&names), |line| row.line == line)
        });
        let columns = (0..).zip(layout.positions()).collect();
        Self { sheet, line: header.map_or(0, |row| row.line), columns, notes: Vec::new() }
    }

    /// The note about the choice of the sheet, if the user has to know it.
    fn note(&self, book: &Workbook<'_>, also: &[usize], layout: &Layout) -> Option<SheetNote> {
        let sheets = book.sheets();
        let name = |sheet: &usize| sheets[*sheet].name.clone();
        let others = (0..sheets.len()).filter(|other| *other != self.sheet && !also.contains(other));
        let note = SheetNote {
            sheet: name(&self.sheet),
            is_hidden: sheets[self.sheet].is_hidden,
            header_line: self.line,
            with_header: also.iter().map(name).collect(),
            // A user who names a sheet in the layout knows the others.
            others: if layout.sheet.is_some() { Vec::new() } else { others.map(|other| name(&other)).collect() },
        };
        let is_plain = self.line <= 1 && !note.is_hidden && note.with_header.is_empty() && note.others.is_empty();
        (!is_plain).then_some(note)
    }
}

fn header_error(book: &Workbook<'_>, sheet: usize, line: u32, fault: HeaderFault) -> HeaderError {
    match book.sheets() {
        [_] => HeaderError::Columns { line, fault },
        sheets => HeaderError::SheetColumns { sheet: sheets[sheet].name.clone(), line, fault: Box::new(fault) },
    }
}

/// The texts of a row by column, each with single blanks between its words: a name may be broken over lines.
fn named(row: &SheetRow) -> Named {
    let name = |cell: &sverka_formats::spreadsheet::Cell| match &cell.value {
        CellValue::Text(range) => {
            let words: Vec<&str> = row.text(range).split_whitespace().collect();
            Some((cell.column, words.join(" ")))
        }
        CellValue::Number(number) => Some((cell.column, number.to_string())),
        _ => None,
    };
    let mut names: Vec<(u32, String)> = row.cells().iter().filter_map(name).collect();
    names.sort_by_key(|(at, _)| *at);
    Named { line: row.number, names }
}
