//! Forms of sources: text with delimiters, XML, DBF.

use sverka_formats::xml::ShapeParts;

/// The form of rows and columns. Parquet and workbooks have no form of their own: any layout with names of columns
/// reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines of text with a delimiter between fields.
    Delimited(Delimited),
    /// XML. The slots of the shape are the columns of the layout.
    Xml(ShapeParts),
    /// DBF. Columns are found by their names.
    Dbf,
}

/// Text with a delimiter between fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delimited {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The meaning of quotes.
    pub quotes: Quotes,
    /// The meaning of the first line.
    pub header: HeaderLine,
    /// Whether a quoted field may contain line breaks.
    pub multiline: bool,
    /// Least number of columns of a row; further columns may be missing at the end of the line.
    pub least_columns: usize,
    /// Whether empty fields behind the last column do not count.
    pub trailing_delimiters: bool,
}

/// The meaning of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// No meaning: quotes are text.
    None,
    /// Quotes around a field, doubled inside (RFC 4180).
    Rfc4180(u8),
    /// Decoration: one at either end of a field is taken off, all others are text. Clinic systems write and read attachment files in this way.
    Stripped(u8),
}

impl Quotes {
    /// The quote of RFC 4180.
    #[must_use]
    pub fn rfc4180(self) -> Option<u8> {
        match self {
            Self::Rfc4180(quote) => Some(quote),
            Self::None | Self::Stripped(_) => None,
        }
    }

    /// The quote that is taken off.
    #[must_use]
    pub fn stripped(self) -> Option<u8> {
        match self {
            Self::Stripped(quote) => Some(quote),
            Self::None | Self::Rfc4180(_) => None,
        }
    }
}

/// The meaning of the first line: a row, or the names of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLine {
    /// Names of the columns, in every file.
    Due,
    /// A row.
    None,
    /// No row; its names are not looked at.
    Skipped,
    /// Names of the columns if the line looks like a header, whether its names are those of the layout or others. Otherwise a row.
    Optional,
}
