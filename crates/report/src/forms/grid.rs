//! Cells of a sheet by row and column: what XLSX and CSV have in common.
//!
//! ```text
//! title        one cell over all columns, line by line
//! head         label and value
//! table        caption, headings (a cell over several rows or columns), rows, totals
//! notes        one cell over all columns, line by line
//! signatures   one cell for each organisation
//! ```

use super::figure::Figure;
use super::model::{Cell, Sheet, Table};
use sverka_model::Date;

/// Cells of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// Cells, by row and column.
    pub cells: Vec<GridCell>,
    /// Number of rows.
    pub rows: usize,
    /// Rows that are repeated on each page: the headings of the last table.
    pub repeated: Option<RowRange>,
    /// Rows of data, by table: texts of digits in them are codes.
    pub data: Vec<RowRange>,
}

/// Rows from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowRange {
    pub first: usize,
    pub last: usize,
}

/// Cell of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridCell {
    pub row: usize,
    pub column: usize,
    /// Rows and columns that the cell covers beyond its own.
    pub further_rows: usize,
    pub further_columns: usize,
    pub role: Role,
    pub content: Content,
}

/// Part of a sheet that a cell belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Head,
    Caption,
    Heading,
    Data,
    Total,
    Note,
    Signature,
}

/// Value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Empty,
    Text(String),
    Number(Figure),
    Date(Date),
    /// Sum of other cells, the first and the last one named.
    Sum {
        first: Position,
        last: Position,
        sum: Figure,
    },
}

/// Row and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub row: usize,
    pub column: usize,
}

impl Content {
    /// The value for programs.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(figure) | Self::Sum { sum: figure, .. } => figure.plain(),
            Self::Date(day) => day.to_string(),
        }
    }
}

impl Grid {
    /// The cells of a sheet.
    pub fn new(sheet: &Sheet) -> Self {
        let mut grid = Self::default();
        let columns = sheet.columns().max(1);
        for line in &sheet.title {
            grid.line(columns, Role::Title, line);
        }
        grid.rows += 1;
        for line in &sheet.head {
            grid.line(columns, Role::Head, &format!("{}: {}", line.label, line.value));
        }
        for table in &sheet.tables {
            grid.rows += 1;
            grid.table(table, columns);
        }
        if !sheet.notes.is_empty() {
            grid.rows += 1;
        }
        for note in &sheet.notes {
            grid.line(columns, Role::Note, note);
        }
        grid.signatures(sheet, columns);
        grid
    }

    /// Adds a row of one cell.
    fn line(&mut self, columns: usize, role: Role, text: &str) {
        let content = Content::Text(text.to_owned());
        self.cells.push(GridCell { row: self.rows, column: 0, further_rows: 0, further_columns: columns - 1, role, content });
        self.rows += 1;
    }

    fn cell(&mut self, row: usize, column: usize, role: Role, content: Content) {
        self.cells.push(GridCell { row, column, further_rows: 0, further_columns: 0, role, content });
    }

    fn table(&mut self, table: &Table, columns: usize) {
        if !table.caption.is_empty() {
            self.line(columns, Role::Caption, &table.caption);
        }
        let first = self.rows;
        self.headings(table);
        self.repeated = Some(RowRange { first, last: self.rows - 1 });
        let first = self.rows;
        for cells in &table.rows {
            let row = self.rows;
            for (column, cell) in cells.iter().enumerate() {
                let content = content_in_row(cell, row);
                self.cell(row, column, Role::Data, content);
            }
            self.rows += 1;
        }
        if let Some(label) = &table.total {
            self.total(table, label, first);
        }
        if self.rows > first {
            self.data.push(RowRange { first, last: self.rows - 1 });
        }
    }

    /// Adds headings. A cell covers the equal neighbours to the right, and the levels below where its column has no more.
    fn headings(&mut self, table: &Table) {
        let levels = table.heading_levels();
        for level in 0..levels {
            let mut column = 0;
            while column < table.columns.len() {
                let headings = &table.columns[column].headings;
                let Some(heading) = headings.get(level) else {
                    column += 1;
                    continue;
                };
                let is_own = level + 1 == headings.len();
                let is_same =
                    |other: &&super::model::Column| !is_own && other.headings.get(..=level) == Some(&headings[..=level]);
                let further_columns = table.columns[column + 1..].iter().take_while(is_same).count();
                self.cells.push(GridCell {
                    row: self.rows,
                    column,
                    further_rows: if is_own { levels - 1 - level } else { 0 },
                    further_columns,
                    role: Role::Heading,
                    content: Content::Text(heading.clone()),
                });
                column += 1 + further_columns;
            }
            self.rows += 1;
        }
    }

    /// Adds the row of totals. Its label stands in the first columns, before the first sum.
    fn total(&mut self, table: &Table, label: &str, first: usize) {
        let row = self.rows;
        let labelled = table.columns.iter().take_while(|column| !column.is_summed).count().max(1);
        let content = Content::Text(label.to_owned());
        self.cells.push(GridCell { row, column: 0, further_rows: 0, further_columns: labelled - 1, role: Role::Total, content });
        for (index, column) in table.columns.iter().enumerate().skip(labelled) {
            let content = if !column.is_summed {
                Content::Empty
            } else if table.rows.is_empty() {
                Content::Number(Figure::whole(0))
            } else {
                let (top, bottom) = (Position { row: first, column: index }, Position { row: row - 1, column: index });
                Content::Sum { first: top, last: bottom, sum: table.sum(index) }
            };
            self.cell(row, index, Role::Total, content);
        }
        self.rows += 1;
    }

    fn signatures(&mut self, sheet: &Sheet, columns: usize) {
        let count = sheet.signatures.len();
        if count == 0 {
            return;
        }
        self.rows += 1;
        let places = places(sheet, columns, count);
        for line in 0..SIGNATURE_LINES.len() + 1 {
            for (place, signer) in places.iter().zip(&sheet.signatures) {
                let text = if line == 0 { signer.as_str() } else { SIGNATURE_LINES[line - 1] };
                let content = Content::Text(text.to_owned());
                let further_columns = place.last - place.first;
                let cell = GridCell {
                    row: self.rows,
                    column: place.first,
                    further_rows: 0,
                    further_columns,
                    role: Role::Signature,
                    content,
                };
                self.cells.push(cell);
            }
            self.rows += 1;
        }
    }
}

/// Lines below the name of an organisation that signs.
pub(super) const SIGNATURE_LINES: [&str; 3] = [
    "________________ / ______________________ /",
    "(подпись)              (расшифровка подписи)",
    "«____» ______________ 20____ г.    М. П.",
];

/// Columns of a signature.
struct Place {
    first: usize,
    last: usize,
}

/// Shares of the columns for signatures, about equally wide.
fn places(sheet: &Sheet, columns: usize, count: usize) -> Vec<Place> {
    let count = count.min(columns);
    let all: usize = (0..columns).map(|column| usize::from(sheet.width(column))).sum();
    let mut places = Vec::new();
    let (mut first, mut width) = (0, 0);
    for column in 0..columns {
        width += usize::from(sheet.width(column));
        let is_wide = width * count >= all * (places.len() + 1);
        let is_needed = columns - column <= count - places.len();
        if is_wide || is_needed || column + 1 == columns {
            places.push(Place { first, last: column });
            first = column + 1;
        }
    }
    places.truncate(count);
    places
}

/// Value of a table's cell that stands in a row of the grid.
fn content_in_row(cell: &Cell, row: usize) -> Content {
    match cell {
        Cell::Empty => Content::Empty,
        Cell::Text(text) | Cell::Code(text) => Content::Text(text.clone()),
        Cell::Number(figure) => Content::Number(*figure),
        Cell::Date(day) => Content::Date(*day),
        Cell::RowSum { first, last, sum } => {
            Content::Sum { first: Position { row, column: *first }, last: Position { row, column: *last }, sum: *sum }
        }
    }
}
