//! A form as data: sheets with heading lines, tables with headings over several levels, totals and signatures.

use super::figure::Figure;
use sverka_model::Date;

/// Form for printing: one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// File without its ending, below the folder of forms.
    pub file: String,
    /// Date of the form.
    pub as_of: Date,
    /// Sheets, each with pages of its own.
    pub sheets: Vec<Sheet>,
}

/// Sheet of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Name on the tab.
    pub name: String,
    /// Whether pages are wider than high.
    pub is_landscape: bool,
    /// Lines of the title.
    pub title: Vec<String>,
    /// Lines between title and tables.
    pub head: Vec<HeadLine>,
    /// Tables, one below the other. The heading of the last one is repeated on each page.
    pub tables: Vec<Table>,
    /// Sentences below the tables.
    pub notes: Vec<String>,
    /// Organisations that sign, left to right.
    pub signatures: Vec<String>,
}

/// Line with a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadLine {
    /// Label.
    pub label: String,
    /// Value beside the label.
    pub value: String,
}

/// Table of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Line above the headings; empty for none.
    pub caption: String,
    /// Columns, left to right.
    pub columns: Vec<Column>,
    /// Rows, each with one cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// Label of the row of totals; `None` for a table without one.
    pub total: Option<String>,
}

/// Column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Headings, from the widest to the column's own. Equal neighbours are one cell.
    pub headings: Vec<String>,
    /// Width in characters.
    pub width: u16,
    /// Whether the row of totals has the sum of the column.
    pub is_summed: bool,
}

/// Cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// Code: a text even where all signs are digits.
    Code(String),
    /// Number.
    Number(Figure),
    /// Day.
    Date(Date),
    /// Sum of the cells of the row in the columns `first` to `last`.
    RowSum {
        /// First column, an index of the table's columns.
        first: usize,
        /// Last column.
        last: usize,
        /// The sum.
        sum: Figure,
    },
}

impl Cell {
    /// A text, or nothing.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A code.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into())
    }

    /// Number of the cell.
    #[must_use]
    pub fn number(&self) -> Option<Figure> {
        match self {
            Self::Number(figure) | Self::RowSum { sum: figure, .. } => Some(*figure),
            _ => None,
        }
    }

    fn number_mut(&mut self) -> Option<&mut Figure> {
        match self {
            Self::Number(figure) | Self::RowSum { sum: figure, .. } => Some(figure),
            _ => None,
        }
    }
}

impl Column {
    /// A column that is not summed.
    #[must_use]
    pub fn new(heading: &str, width: u16) -> Self {
        Self { headings: vec![heading.to_owned()], width, is_summed: false }
    }

    /// The column, summed.
    #[must_use]
    pub fn summed(self) -> Self {
        Self { is_summed: true, ..self }
    }

    /// The column below wider headings.
    #[must_use]
    pub fn below(mut self, wider: &[&str]) -> Self {
        self.headings.splice(0..0, wider.iter().map(|heading| (*heading).to_owned()));
        self
    }
}

impl Table {
    /// A table whose numbers have the same decimals in each column.
    #[must_use]
    pub fn new(caption: &str, columns: Vec<Column>, mut rows: Vec<Vec<Cell>>, total: Option<&str>) -> Self {
        debug_assert!(rows.iter().all(|row| row.len() == columns.len()), "{caption}: a cell for each column");
        for column in 0..columns.len() {
            let numbers = rows.iter().filter_map(|row| row[column].number());
            let decimals = numbers.map(Figure::decimals).max().unwrap_or_default();
            for figure in rows.iter_mut().filter_map(|row| row[column].number_mut()) {
                *figure = figure.rescaled(decimals);
            }
        }
        Self { caption: caption.to_owned(), columns, rows, total: total.map(str::to_owned) }
    }

    /// Levels of headings.
    #[must_use]
    pub fn heading_levels(&self) -> usize {
        self.columns.iter().map(|column| column.headings.len()).max().unwrap_or_default()
    }

    /// Sum of a column.
    #[must_use]
    pub fn sum(&self, column: usize) -> Figure {
        self.rows.iter().filter_map(|row| row[column].number()).fold(Figure::whole(0), Figure::plus)
    }
}

impl Sheet {
    /// Columns of the widest table.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.tables.iter().map(|table| table.columns.len()).max().unwrap_or_default()
    }

    /// Width of a column: that of the widest table's.
    #[must_use]
    pub fn width(&self, column: usize) -> u16 {
        let widths = self.tables.iter().filter_map(|table| Some(table.columns.get(column)?.width));
        widths.max().unwrap_or_default()
    }
}
