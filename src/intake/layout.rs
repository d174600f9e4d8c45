//! Layouts: how a source's columns become canonical fields, as data.
//!
//! Knows the names of the canonical fields and nothing of what their values mean.

mod field;
mod read;
#[cfg(test)]
mod tests;

pub use field::{Field, Table};
pub use read::{LayoutError, LayoutFault};

use super::encoding::Encoding;
use crate::identifier::DateFormat;

/// How the sources of one kind are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Name for people.
    pub name: String,
    /// The table that its records belong to.
    pub table: Table,
    /// How the characters of the sources are written; `None` when that is to be found out for each of them.
    pub encoding: Option<Encoding>,
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte around quoted fields; `None` when the source knows no quotes.
    pub quote: Option<u8>,
    /// Whether the first line names the columns; otherwise they stand in the order of [`Self::columns`].
    pub header: bool,
    /// Whether a quoted field may contain line breaks.
    pub multiline: bool,
    /// How dates are written.
    pub dates: DateFormat,
    /// Whether an end date is the last day of the interval; otherwise it is the first day after.
    pub end_is_last_day: bool,
    /// Words that mean "empty" in every field once blanks around them are gone; the empty text always does and is not listed.
    pub empty_words: Vec<String>,
    /// The columns, in the order of the layout.
    pub columns: Vec<LayoutColumn>,
    /// For code fields: values of the source and the canonical values they stand for.
    pub maps: Vec<(Field, Vec<(String, String)>)>,
}

/// One column of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutColumn {
    /// Its name in the header.
    pub column: String,
    /// The canonical field; `None` for a column that is skipped.
    pub field: Option<Field>,
    /// Words that mean "empty" in this column only.
    pub empty_words: Vec<String>,
}

/// Why a file's header does not fit its layout. Names columns, so it is raised only for what looks like a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// Not one column is the layout's; probably a row of data, which must not be shown.
    #[error(
        "none of the {columns} columns of the first line is known to layout `{layout}`; add the header or choose another layout"
    )]
    NoHeader {
        /// The layout's name.
        layout: String,
        /// How many columns the line has.
        columns: usize,
    },
    /// Columns that the layout does not know.
    #[error("columns unknown to layout `{layout}`: {}; remove them or add them to the layout", listed(columns))]
    Unknown {
        /// The layout's name.
        layout: String,
        /// Their names where they look like names of columns, else their positions: a first line may hold data of persons.
        columns: Vec<String>,
    },
    /// Columns that stand more than once.
    #[error("columns that stand more than once: {}; keep one of each", quoted(columns))]
    Duplicate {
        /// Their names.
        columns: Vec<String>,
    },
    /// Columns of required fields that are not there.
    #[error("columns required by layout `{layout}` are missing: {}; add them", quoted(columns))]
    Missing {
        /// The layout's name.
        layout: String,
        /// Their names.
        columns: Vec<String>,
    },
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The first few of what may be many.
fn listed(columns: &[String]) -> String {
    const MOST: usize = 5;
    let more = if columns.len() > MOST { format!(" and {} more", columns.len() - MOST) } else { String::new() };
    columns.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ") + &more
}

/// How an unknown column may be named without showing what could be a person's data: small Latin letters are a name, all else a position.
fn shown(position: usize, name: &str) -> String {
    const LONGEST: usize = 40;
    let is_name = name.len() <= LONGEST && name.starts_with(|first: char| first.is_ascii_lowercase());
    if is_name && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        format!("`{name}`")
    } else {
        format!("column {position}")
    }
}

impl Layout {
    /// The layout of a name that the program brings along: the canonical `register` and `attachments`.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let text = match name {
            "register" => include_str!("../../schemas/layouts/register.toml"),
            "attachments" => include_str!("../../schemas/layouts/attachments.toml"),
            _ => return None,
        };
        Some(Self::parse(text, name).expect("built-in layouts are tested"))
    }

    /// The field of each column of a file, in any order; `None` for columns that the layout skips. Optional columns may be absent.
    ///
    /// # Errors
    /// Columns that are unknown, double, or missing although their field is required.
    pub fn bind_header(&self, header: &[&str]) -> Result<Vec<Option<Field>>, HeaderFault> {
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let known: Vec<Option<&LayoutColumn>> =
            names.iter().map(|name| self.columns.iter().find(|column| column.column == *name)).collect();
        if known.iter().all(Option::is_none) {
            return Err(HeaderFault::NoHeader { layout: self.name.clone(), columns: names.len() });
        }
        let unknown: Vec<String> = (1..)
            .zip(names.iter().zip(&known))
            .filter(|(_, (_, column))| column.is_none())
            .map(|(position, (name, _))| shown(position, name))
            .collect();
        if !unknown.is_empty() {
            return Err(HeaderFault::Unknown { layout: self.name.clone(), columns: unknown });
        }
        let twice: Vec<String> = (self.columns.iter().map(|column| &column.column))
            .filter(|column| names.iter().filter(|name| *name == column).count() > 1)
            .cloned()
            .collect();
        if !twice.is_empty() {
            return Err(HeaderFault::Duplicate { columns: twice });
        }
        let missing: Vec<String> = (self.columns.iter())
            .filter(|column| column.field.is_some_and(|field| field.required_in(self.table)))
            .filter(|column| !names.contains(&column.column.as_str()))
            .map(|column| column.column.clone())
            .collect();
        if !missing.is_empty() {
            return Err(HeaderFault::Missing { layout: self.name.clone(), columns: missing });
        }
        Ok(known.into_iter().map(|column| column.and_then(|column| column.field)).collect())
    }

    /// The field of each position of a file without header; `None` for positions that are skipped.
    #[must_use]
    pub fn positions(&self) -> Vec<Option<Field>> {
        self.columns.iter().map(|column| column.field).collect()
    }
}
