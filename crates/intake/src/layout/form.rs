//! How rows and columns of a source are written: text with delimiters, XML, DBF.

use sverka_formats::xml::ShapeParts;

/// How rows and columns are written. Parquet needs no layout of its own: its columns have names and types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines of text with a delimiter between fields.
    Delimited(Delimited),
    /// XML; the slots of the shape are the columns of the layout.
    Xml(ShapeParts),
    /// DBF; columns are found by their names.
    Dbf,
}

/// Text with a delimiter between fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delimited {
    /// The byte between two fields.
    pub delimiter: u8,
    /// What quotes mean.
    pub quotes: Quotes,
    /// Whether the first line names the columns; otherwise they stand in the order of the layout.
    pub header: HeaderLine,
    /// Whether a quoted field may contain line breaks.
    pub multiline: bool,
    /// A row may lack columns from the end of the line, but not these many from its beginning.
    pub least_columns: usize,
    /// Whether empty fields behind the last column do not count.
    pub trailing_delimiters: bool,
}

/// What quotes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// Nothing.
    None,
    /// Around a field, doubled inside (RFC 4180).
    Rfc4180(u8),
    /// Decoration: one at either end of a field is taken off, all others are text. So clinic systems write and read attachment files.
    Stripped(u8),
}

impl Quotes {
    /// The byte that quotes as RFC 4180 says.
    #[must_use]
    pub fn rfc4180(self) -> Option<u8> {
        match self {
            Self::Rfc4180(quote) => Some(quote),
            Self::None | Self::Stripped(_) => None,
        }
    }

    /// The byte that is taken off.
    #[must_use]
    pub fn stripped(self) -> Option<u8> {
        match self {
            Self::Stripped(quote) => Some(quote),
            Self::None | Self::Rfc4180(_) => None,
        }
    }
}

/// Whether the first line names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLine {
    /// It does.
    Due,
    /// It is a row.
    None,
    /// It is no row, and nobody looks at it.
    Skipped,
    /// It does if it looks like it: if at least half of its fields are names of columns at their places.
    Optional,
}
