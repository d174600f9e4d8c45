//! The header of a source: its columns, the bounds of its rows, and its encoding.

mod first_lines;

use std::fmt;

use super::binding::Bindings;
use super::layout::{Delimited, HeaderFault, Layout};
use first_lines::FirstLines;
use sverka_formats::container::ContainerError;
use sverka_formats::dbf::DbfError;
use sverka_formats::parquet_rows::ParquetFault;
use sverka_formats::spreadsheet::SpreadsheetFault;
use sverka_formats::xml::DocumentFault;
use sverka_formats::{Encoding, EncodingConflict, SettledEncoding, SourceEncoding};
use sverka_model::Table;

/// Reasons why the header of a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// An empty file where a header is due.
    #[error("the file is empty; a header line was expected (layout `{layout}`)")]
    Missing {
        /// The layout.
        layout: String,
    },
    /// Broken quotes or bytes in the header.
    #[error("line {line}: the header cannot be read: broken quotes or bytes that are not {}", encoding.name().to_uppercase())]
    Broken {
        /// Physical line of the header.
        line: u32,
        /// The encoding in which the header was read.
        encoding: Encoding,
    },
    /// A line that is too long for any table; most likely the file is no text.
    #[error("line {line}: the header is longer than 1 MiB; check that the file is a table of text with line breaks")]
    TooLong {
        /// Physical line of the header.
        line: u32,
    },
    /// A byte order mark that contradicts the text behind it.
    #[error(
        "the file begins with the byte order mark of {}, but the text behind it is not {}; take the two bytes off, or save the file again as UTF-8",
        .0.name(),
        .0.name().to_uppercase()
    )]
    FalseMark(Encoding),
    /// A line for spreadsheet programs that names another delimiter than the layout.
    #[error(
        "line {line}: `sep={}` says that the file has another delimiter than layout `{layout}`, which has `{}`; correct the layout, or save the file with that delimiter",
        found.escape_debug(),
        expected.escape_debug()
    )]
    OtherDelimiter {
        /// Physical line.
        line: u32,
        /// The delimiter of the file.
        found: char,
        /// The delimiter of the layout.
        expected: char,
        /// The layout.
        layout: String,
    },
    /// A header with as many names as the layout, in another order.
    #[error(
        "line {line}: the header names columns in another order than layout `{layout}`, which reads them by their places: {}; correct the header \
         or take it out, or use a layout with `header = true`, which reads columns by their names",
        columns.join(", ")
    )]
    OtherOrder {
        /// Physical line of the header.
        line: u32,
        /// The layout.
        layout: String,
        /// Names of the layout's columns at another position.
        columns: Vec<String>,
    },
    /// UTF-16 with records over several lines, in an archive.
    #[error("UTF-16 with line breaks in fields is not read from archives; unpack the file, or save it as UTF-8")]
    PackedUnits,
    /// An empty file where no header is due: a failed transfer looks like this.
    #[error("the file is empty; have it sent again, or take it out of the job")]
    Empty,
    /// An archive without files.
    #[error("the archive has no files in it; have it sent again")]
    NoMembers,
    /// An archive with other members than it had when the job was read.
    #[error("the archive has changed while it was read; run again when it is complete")]
    Changed,
    /// An archive that cannot be unpacked.
    #[error("{0}")]
    Container(ContainerError),
    /// A document that is no XML document of the layout.
    #[error("{0}")]
    Xml(DocumentFault),
    /// A document that is no DBF table, or has other columns than the layout.
    #[error("{0}")]
    Dbf(DbfError),
    /// A Parquet file within an archive, which cannot be read from its beginning to its end.
    #[error("a Parquet file in an archive is not read; unpack it, it is compressed already")]
    PackedParquet,
    /// A file that is no Parquet file, or has columns that cannot be read.
    #[error("{0}")]
    Parquet(ParquetFault),
    /// A Parquet file with a layout that has another format of dates than Parquet.
    #[error("the file is Parquet, and layout `{layout}` has dates of another form than YYYY-MM-DD; use a canonical layout")]
    ParquetDates {
        /// The layout.
        layout: String,
    },
    /// A file that is no workbook, or cannot be read as one.
    #[error("{0}")]
    Spreadsheet(SpreadsheetFault),
    /// A workbook with a layout of another form.
    #[error(
        "the file is a workbook of a spreadsheet program, and layout `{layout}` is of XML; use a layout of text with delimiters or of DBF"
    )]
    SpreadsheetForm {
        /// The layout.
        layout: String,
    },
    /// A workbook without the sheet that the layout names.
    #[error("the workbook has no sheet `{sheet}`, which the layout names; its sheets are {}", quoted_names(names))]
    SheetUnknown {
        /// The sheet of the layout.
        sheet: String,
        /// The sheets of the workbook.
        names: Vec<String>,
    },
    /// A workbook without a row that looks like the header.
    #[error(
        "no row among the first {rows} of any sheet has the columns of layout `{layout}`; add the header, name its line in the layout (`header_line`), or \
         choose another layout"
    )]
    NoSheetHeader {
        /// The layout.
        layout: String,
        /// Rows that were looked at.
        rows: u32,
    },
    /// The columns of a sheet are not the layout's.
    #[error("sheet `{sheet}`, line {line}: {fault}")]
    SheetColumns {
        /// Name of the sheet.
        sheet: String,
        /// Line of the header.
        line: u32,
        /// The fault of the header.
        fault: Box<HeaderFault>,
    },
    /// The columns are not the layout's.
    #[error("line {line}: {fault}")]
    Columns {
        /// Physical line of the header.
        line: u32,
        /// The fault of the header.
        fault: HeaderFault,
    },
}

/// The header of a source: everything that is known before its rows are read.
#[derive(Clone, Debug)]
pub struct Header {
    /// The layout's column for each column of the source; `None` for skipped columns.
    pub columns: Vec<Option<usize>>,
    /// The encoding of the source.
    pub encoding: SourceEncoding,
    /// First byte of the rows, behind the header, byte order marks and other lines that are no rows.
    pub data_from: usize,
    /// First byte behind the rows of a text: its end, or the end mark of DOS.
    pub data_to: usize,
    /// Lines before the first row; 0 in documents without lines.
    pub lines_before: u64,
    /// Notes for the user: lines that were skipped, and declarations that are not believed.
    pub notes: Vec<HeaderNote>,
}

/// A note about a source, found before its first row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderNote {
    /// The encoding is another one than declared.
    Encoding(EncodingConflict),
    /// The sheet of a workbook that is read.
    Sheet(SheetNote),
    /// A line `sep=;`, which one spreadsheet program writes for another.
    Separator {
        /// Physical line.
        line: u64,
    },
    /// A header that is not the layout's.
    OtherNames {
        /// Physical line.
        line: u64,
        /// The layout.
        layout: String,
    },
}

impl HeaderNote {
    /// Whether values would be wrong if the choice were wrong. Then it is an event of the run, not a remark.
    #[must_use]
    pub fn concerns_values(&self) -> bool {
        match self {
            Self::Encoding(_) => true,
            Self::Sheet(sheet) => sheet.is_hidden || !sheet.with_header.is_empty(),
            Self::Separator { .. } | Self::OtherNames { .. } => false,
        }
    }
}

impl fmt::Display for HeaderNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(conflict) => conflict.fmt(f),
            Self::Sheet(sheet) => sheet.fmt(f),
            Self::Separator { line } => {
                write!(f, "line {line}: the line `sep=` of a spreadsheet program is no row and was passed over")
            }
            Self::OtherNames { line, layout } => write!(
                f,
                "line {line}: a header with other names of columns than layout `{layout}` is no row and was passed over; the columns are read in the \
                 order of the layout, so look whether the values stand in that order"
            ),
        }
    }
}

/// The sheet of a workbook that is read, and the sheets that are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetNote {
    /// The sheet that is read.
    pub sheet: String,
    /// Whether the sheet is hidden.
    pub is_hidden: bool,
    /// Line of the header; 0 when the sheet has none.
    pub header_line: u32,
    /// Other sheets with the header.
    pub with_header: Vec<String>,
    /// Sheets without the header.
    pub others: Vec<String>,
}

impl fmt::Display for SheetNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sheet, is_hidden, header_line, with_header, others } = self;
        write!(f, "sheet `{sheet}` is read")?;
        if *is_hidden {
            f.write_str(", which is hidden")?;
        }
        if *header_line > 0 {
            write!(f, "; its header stands in line {header_line}")?;
        }
        if !with_header.is_empty() {
            let names = quoted_names(with_header);
            write!(
                f,
                "; not read, though the header is there, too: {names}; if their rows belong to the list, have them put on one sheet, or name a sheet in the layout (`sheet`)"
            )?;
        }
        if !others.is_empty() {
            write!(f, "; not read, without the header: {}", quoted_names(others))?;
        }
        Ok(())
    }
}

/// The first few names.
fn quoted_names(names: &[String]) -> String {
    const MOST: usize = 8;
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") + &more
}

/// The known part of a text when its header is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The whole text.
    Whole,
    /// The beginning of the text: more may follow.
    Beginning,
}

impl Header {
    /// The header of a document without lines.
    #[must_use]
    pub(super) fn without_lines(columns: Vec<Option<usize>>, settled: SettledEncoding) -> Self {
        let notes = settled.conflict.into_iter().map(HeaderNote::Encoding).collect();
        Self { columns, encoding: settled.encoding, data_from: 0, data_to: 0, lines_before: 0, notes }
    }

    /// Reads the header of text with delimiters, or takes the columns by position when there is none.
    ///
    /// # Errors
    /// When the text is empty, has no header where one is due, or its columns are not the layout's.
    pub fn read(bytes: &[u8], known: Known, layout: &Layout, form: &Delimited) -> Result<Self, HeaderError> {
        if let Some(mark) = SourceEncoding::false_mark(bytes) {
            return Err(HeaderError::FalseMark(mark));
        }
        let (SettledEncoding { encoding, conflict }, start) = SourceEncoding::detect(bytes, layout.encoding);
        let data_to = encoding.encoding.text_end(bytes, start);
        let lines = FirstLines { bytes: &bytes[..data_to], encoding: encoding.encoding, known, layout, form };
        let found = lines.read(start)?;
        Ok(Self {
            columns: found.columns,
            encoding,
            data_from: found.data_from,
            data_to,
            lines_before: found.lines_before,
            notes: conflict.into_iter().map(HeaderNote::Encoding).chain(found.notes).collect(),
        })
    }

    /// The bindings of the columns to the records of a table.
    #[must_use]
    pub fn bind(&self, layout: &Layout, table: Table) -> Bindings {
        Bindings::new(layout, table, &self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &str = r#"
name = "test"
table = "attachments"
encoding = "utf-8"
header = true
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;
    fn read(bytes: &[u8], layout: &Layout, form: &Delimited) -> Result<Header, HeaderError> {
        Header::read(bytes, Known::Whole, layout, form)
    }

    const HEADER: &str = "clinic;surname;given_name;birth_date;attached_from\n";

    #[test]
    fn headers_are_found_and_checked() {
        let layout = Layout::parse(LAYOUT, "test.toml").expect("layout");
        let form = layout.delimited().expect("text");
        assert_eq!(
            read(format!("\u{FEFF}{HEADER}").as_bytes(), &layout, form).expect("byte order mark").data_from,
            HEADER.len() + 3
        );
        assert!(read(format!("\n \n{HEADER}").as_bytes(), &layout, form).is_ok());
        assert!(matches!(read(b"", &layout, form), Err(HeaderError::Missing { .. })));
        assert!(matches!(read(b"\xFF;a\n", &layout, form), Err(HeaderError::Broken { line: 1, .. })));
        assert!(matches!(
            read(&[b'a'; first_lines::MOST_HEADER_BYTES + 1], &layout, form),
            Err(HeaderError::TooLong { line: 1 })
        ));
        assert!(matches!(read(b"\nclinic;surname\n", &layout, form), Err(HeaderError::Columns { line: 2, .. })));
    }
}
