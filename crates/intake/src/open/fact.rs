//! Oddities of a document as a whole, each row of which can be read.

use std::fmt;

use sverka_formats::dbf::DbfRowCount;

/// An oddity of a document. Its text is a sentence for people: what is odd and what to do. It shows names of elements, but no values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentFact {
    /// A DBF table with another number of rows than its header declares.
    RowCount(DbfRowCount),
    /// An XML document that has elements, but no record.
    NoRecord {
        /// Names of elements where records could stand.
        seen: Vec<String>,
        /// Names of the records of the layout.
        expected: Vec<String>,
    },
    /// A sheet with hidden rows, or with cells without a value.
    Sheet(SheetFact),
}

/// Oddities of the rows of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SheetFact {
    /// Hidden rows, which are read.
    pub hidden: CountedLines,
    /// Cells with the error of a formula, which are read as empty.
    pub errors: CountedLines,
    /// Cells with a formula without a value, which are read as empty.
    pub without_value: CountedLines,
}

/// A count of rows or cells, and the line of the first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountedLines {
    /// Number of rows or cells.
    pub count: u64,
    /// Line of the first one.
    pub first_line: u32,
}

impl CountedLines {
    pub(super) fn add(&mut self, count: u64, line: u32) {
        if self.count == 0 {
            self.first_line = line;
        }
        self.count += count;
    }
}

impl SheetFact {
    /// Whether there is any oddity.
    pub(super) fn any(&self) -> bool {
        [self.hidden, self.errors, self.without_value].iter().any(|lines| lines.count > 0)
    }
}

impl fmt::Display for SheetFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hidden, errors, without_value } = self;
        let sentences = [
            (hidden, "row(s) are hidden and are read like the others; see whether they belong to the list"),
            (errors, "cell(s) hold the error of a formula, such as #N/A, and are read as empty; have them corrected"),
            (
                without_value,
                "cell(s) hold a formula without a value and are read as empty; have the list opened, calculated and saved",
            ),
        ];
        let sentences = sentences.iter().filter(|(lines, _)| lines.count > 0);
        let sentences: Vec<String> =
            sentences.map(|(lines, what)| format!("{} {what} (the first in line {})", lines.count, lines.first_line)).collect();
        f.write_str(&sentences.join(". "))
    }
}

impl DocumentFact {
    /// Whether a part of the sender's file is missing.
    #[must_use]
    pub fn is_shortfall(&self) -> bool {
        matches!(self, Self::RowCount(count) if count.found < count.declared)
    }

    /// Whether values are absent, or there are rows that the sender does not see. Then the fact is an event of the run,
    /// not a remark.
    #[must_use]
    pub fn concerns_values(&self) -> bool {
        matches!(self, Self::Sheet(_))
    }
}

impl fmt::Display for DocumentFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowCount(DbfRowCount { declared, found }) if found < declared => {
                write!(
                    f,
                    "the header of the table declares {declared} rows and {found} are there; the table was cut off, get it again"
                )
            }
            Self::RowCount(DbfRowCount { declared, found }) => {
                write!(f, "the header of the table declares {declared} rows and {found} are there; ask the sender which is right")
            }
            Self::Sheet(fact) => fact.fmt(f),
            Self::NoRecord { seen, expected } => {
                let (seen, expected) = (quoted(seen), quoted(expected));
                write!(
                    f,
                    "no element is a record of the layout: {expected} expected, {seen} found; choose another layout or another file"
                )
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
