//! Oddities of a document as a whole, though each of its rows can be read.

use std::fmt;

use crate::intake::dbf::DbfRowCount;

/// What is odd about a document. Its text is a sentence for people: what is odd and what to do. Names of elements are shown, values are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentFact {
    /// A DBF table has another number of rows than its header declares.
    RowCount(DbfRowCount),
    /// An XML document has elements, and none of them is a record.
    NoRecord {
        /// Names of elements where records could stand.
        seen: Vec<String>,
        /// Names of the records of the layout.
        expected: Vec<String>,
    },
}

impl DocumentFact {
    /// Whether a part of what was sent is missing.
    #[must_use]
    pub fn is_shortfall(&self) -> bool {
        matches!(self, Self::RowCount(count) if count.found < count.declared)
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
