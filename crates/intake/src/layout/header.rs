//! Matching the header of a file with its layout.

use super::Layout;

/// Reasons why the header of a file does not fit its layout. They name columns, so they are raised only for a line that
/// looks like a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// A line without a column of the layout; probably a row of data, which must not be shown.
    #[error(
        "none of the {columns} columns of the first line is known to layout `{layout}`; add the header or choose another layout"
    )]
    NoHeader {
        /// The layout's name.
        layout: String,
        /// Number of columns of the line.
        columns: usize,
    },
    /// A first line with another delimiter than the layout.
    #[error(
        "the first line has not one `{}`, the delimiter of layout `{layout}`, and {} times `{}`; save the file with the delimiter of the layout, or \
         give it a layout of your own with that one",
        visible(*.expected), .found.count, visible(.found.delimiter)
    )]
    Delimiter {
        /// The layout's name.
        layout: String,
        /// The layout's delimiter.
        expected: char,
        /// The delimiter that the line has instead.
        found: OtherDelimiter,
    },
    /// Columns that the layout does not know.
    #[error("columns unknown to layout `{layout}`: {}; {}", listed(columns), what_to_do(missing))]
    Unknown {
        /// The layout's name.
        layout: String,
        /// Names of the columns if they look like names, otherwise their positions: a first line may hold data of
        /// persons.
        columns: Vec<String>,
        /// Missing columns of required fields: an unknown column may be one of them by another name.
        missing: Vec<String>,
    },
    /// Columns that occur more than once.
    #[error("columns that stand more than once: {}; keep one of each", quoted(columns))]
    Duplicate {
        /// Names of the columns.
        columns: Vec<String>,
    },
    /// Missing columns of required fields.
    #[error("columns required by layout `{layout}` are missing: {}; add them", quoted(columns))]
    Missing {
        /// The layout's name.
        layout: String,
        /// Names of the columns.
        columns: Vec<String>,
    },
}

/// Advice about unknown columns, when others are missing and when none are.
fn what_to_do(missing: &[String]) -> String {
    if missing.is_empty() {
        return "remove them or add them to the layout".to_owned();
    }
    let are = if missing.len() == 1 { "is" } else { "are" };
    format!("{} {are} missing. Rename the columns as the layout has them, or give the file a layout of your own", quoted(missing))
}

/// A delimiter that a line has in place of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherDelimiter {
    /// The delimiter.
    pub delimiter: char,
    /// Number of times that the line has it.
    pub count: usize,
}

impl OtherDelimiter {
    /// The likeliest delimiter of a line without an `expected` one; `None` when the line has less than two of each.
    #[must_use]
    pub fn find(line: &str, expected: char) -> Option<Self> {
        if line.contains(expected) {
            return None;
        }
        let counted = |delimiter: char| Self { delimiter, count: line.matches(delimiter).count() };
        [',', ';', '\t', '|'].map(counted).into_iter().max_by_key(|other| other.count).filter(|other| other.count > 1)
    }
}

/// A delimiter in a sentence.
fn visible(delimiter: char) -> String {
    if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The first few columns of a list that may be long.
fn listed(columns: &[String]) -> String {
    const MOST: usize = 5;
    let more = if columns.len() > MOST { format!(" and {} more", columns.len() - MOST) } else { String::new() };
    columns.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ") + &more
}

/// An unknown column in a message. It may be data of a person, so only small Latin letters are shown as a name, and a position otherwise.
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
    /// The layout's column (an index of [`Layout::columns`]) for each column of a file, in any order; `None` for skipped columns. Columns that no required
    /// field needs may be absent.
    ///
    /// # Errors
    /// Unknown columns, columns that occur twice, or missing columns of required fields.
    pub fn bind_header(&self, header: &[&str]) -> Result<Vec<Option<usize>>, HeaderFault> {
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let known: Vec<Option<usize>> = names.iter().map(|name| self.column_of(name)).collect();
        if known.iter().all(Option::is_none) {
            let delimiter = self.delimited().map(|delimited| char::from(delimited.delimiter));
            if let (&[line], Some(expected)) = (&names[..], delimiter)
                && let Some(found) = OtherDelimiter::find(line, expected)
            {
                return Err(HeaderFault::Delimiter { layout: self.name.clone(), expected, found });
            }
            return Err(HeaderFault::NoHeader { layout: self.name.clone(), columns: names.len() });
        }
        let unknown: Vec<String> = (1..)
            .zip(names.iter().zip(&known))
            .filter(|(_, (_, column))| column.is_none() && !self.other_columns)
            .map(|(position, (name, _))| shown(position, name))
            .collect();
        let named = |column: usize| known.iter().filter(move |known| **known == Some(column)).count();
        let names_where = |holds: &dyn Fn(usize) -> bool| -> Vec<String> {
            self.columns.iter().enumerate().filter(|(column, _)| holds(*column)).map(|(_, name)| name.clone()).collect()
        };
        let missing = names_where(&|column| self.is_required(column) && named(column) == 0);
        if !unknown.is_empty() {
            return Err(HeaderFault::Unknown { layout: self.name.clone(), columns: unknown, missing });
        }
        let twice = names_where(&|column| named(column) > 1);
        if !twice.is_empty() {
            return Err(HeaderFault::Duplicate { columns: twice });
        }
        if !missing.is_empty() {
            return Err(HeaderFault::Missing { layout: self.name.clone(), columns: missing });
        }
        Ok(known)
    }

    /// The column with a name in a header. Outside of text with delimiters, letter case does not count: DBF tables have names in upper case.
    fn column_of(&self, name: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|column| column == name);
        exact.or_else(|| (self.delimited().is_none()).then(|| self.columns.iter().position(|c| c.eq_ignore_ascii_case(name)))?)
    }

    /// Whether a required field comes from this column alone.
    fn is_required(&self, column: usize) -> bool {
        self.records.iter().any(|record| {
            let required = record
                .fields
                .iter()
                .filter(|layout_field| layout_field.field.required_in(record.table) && layout_field.default.is_empty());
            record.when.is_empty() && required.into_iter().any(|layout_field| layout_field.columns == [column])
        })
    }

    /// Whether the fields of a line are a header: at least half of them, and more than one, are the names of the columns at the same position.
    #[must_use]
    pub fn is_header(&self, fields: &[&str]) -> bool {
        let same = |(field, name): &(&&str, &String)| field.trim().trim_start_matches('\u{FEFF}').eq_ignore_ascii_case(name);
        let found = fields.iter().zip(&self.columns).filter(same).count();
        found > 1 && 2 * found >= self.columns.len().min(fields.len())
    }

    /// The layout's column for each column of a file without header.
    #[must_use]
    pub fn positions(&self) -> Vec<Option<usize>> {
        (0..self.columns.len()).map(Some).collect()
    }
}
