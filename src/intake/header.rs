//! The first line of a source: what its columns mean, and in which encoding everything is.

use super::binding::Bindings;
use super::container::ContainerError;
use super::dbf::DbfError;
use super::encoding::{Encoding, EncodingConflict, SourceEncoding};
use super::layout::{Delimited, HeaderFault, HeaderLine, Layout, Table};
use super::parquet_rows::ParquetFault;
use super::split::SplitRecord;
use super::xml::DocumentFault;

/// A header may have this many bytes.
const MOST_HEADER_BYTES: usize = 1 << 20;

/// Why a source's header cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// There is nothing where the header should be.
    #[error("the file is empty; a header line was expected (layout `{layout}`)")]
    Missing {
        /// The layout.
        layout: String,
    },
    /// Broken quotes or bytes.
    #[error("line {line}: the header cannot be read: broken quotes or bytes that are not {}", encoding.name().to_uppercase())]
    Broken {
        /// Physical line of the header.
        line: u32,
        /// What it was read in.
        encoding: Encoding,
    },
    /// The layout says something else than the file.
    #[error("{0}")]
    Encoding(EncodingConflict),
    /// A line that no table has; most likely no text at all.
    #[error("line {line}: the header is longer than 1 MiB; check that the file is a table of text with line breaks")]
    TooLong {
        /// Physical line of the header.
        line: u32,
    },
    /// Lines that end in a carriage return alone, as old Macintosh programs wrote them.
    #[error(
        "line {line}: carriage returns inside the header; lines must end in LF or CR LF, save the file again with such line ends"
    )]
    CarriageReturn {
        /// Physical line of the header.
        line: u32,
    },
    /// Text of two bytes a character whose records span lines, within an archive.
    #[error("UTF-16 with line breaks in fields is not read from archives; unpack the file, or save it as UTF-8")]
    PackedUnits,
    /// Nothing at all, where not even a header is due: a sending that failed looks like that.
    #[error("the file is empty; have it sent again, or take it out of the job")]
    Empty,
    /// An archive without files.
    #[error("the archive has no files in it; have it sent again")]
    NoMembers,
    /// An archive that has not the members any more that it had when the job was read.
    #[error("the archive has changed while it was read; run again when it is complete")]
    Changed,
    /// It cannot be unpacked.
    #[error("{0}")]
    Container(ContainerError),
    /// It is no XML document of the layout.
    #[error("{0}")]
    Xml(DocumentFault),
    /// It is no DBF table, or one whose columns are not the layout's.
    #[error("{0}")]
    Dbf(DbfError),
    /// A Parquet file within an archive, which cannot be read from its beginning to its end.
    #[error("a Parquet file in an archive is not read; unpack it, it is compressed already")]
    PackedParquet,
    /// It is no Parquet file, or one whose columns cannot be read.
    #[error("{0}")]
    Parquet(ParquetFault),
    /// A Parquet file with a layout that writes dates otherwise than Parquet.
    #[error("the file is Parquet, and layout `{layout}` has dates of another form than YYYY-MM-DD; use a canonical layout")]
    ParquetDates {
        /// The layout.
        layout: String,
    },
    /// The columns are not the layout's.
    #[error("line {line}: {fault}")]
    Columns {
        /// Physical line of the header.
        line: u32,
        /// What is wrong.
        fault: HeaderFault,
    },
}

/// What has to be known of a source before its rows are read.
#[derive(Clone, Debug)]
pub struct Header {
    /// The layout's column of each column of the source; `None` for those that are skipped.
    pub columns: Vec<Option<usize>>,
    /// How the bytes are to be read.
    pub encoding: SourceEncoding,
    /// First byte after the header and byte order marks.
    pub data_from: usize,
}

impl Header {
    /// Reads the header of text with delimiters, or takes the layout's positions when it has none.
    ///
    /// # Errors
    /// When the file has no header where one is due, or its columns are not the layout's, or its byte order mark is not.
    pub fn read(bytes: &[u8], layout: &Layout, form: &Delimited) -> Result<Self, HeaderError> {
        let (encoding, start) = SourceEncoding::of(bytes, layout.encoding).map_err(HeaderError::Encoding)?;
        let without = Self { columns: layout.positions(), encoding, data_from: start };
        if form.header == HeaderLine::None {
            return Ok(without);
        }
        let (mut from, mut line) = (start, 1);
        let mut text = String::new();
        while from < bytes.len() {
            let end = encoding.encoding.line_end(bytes, from);
            let raw = encoding.encoding.without_line_end(&bytes[from..end]);
            if raw.len() > MOST_HEADER_BYTES {
                return if form.header == HeaderLine::Due { Err(HeaderError::TooLong { line }) } else { Ok(without) };
            }
            let is_text = encoding.encoding.decode(raw, &mut text);
            if !text.trim().is_empty() {
                if form.header == HeaderLine::Skipped {
                    return Ok(Self { data_from: end, ..without });
                }
                let columns = header_columns(&text, form).filter(|_| is_text);
                if form.header == HeaderLine::Optional {
                    let is_header = columns.is_some_and(|names| layout.is_header(&as_texts(&names)));
                    return Ok(if is_header { Self { data_from: end, ..without } } else { without });
                }
                if text.contains('\r') {
                    return Err(HeaderError::CarriageReturn { line });
                }
                let names = columns.ok_or(HeaderError::Broken { line, encoding: encoding.encoding })?;
                let columns = layout.bind_header(&as_texts(&names));
                let columns = columns.map_err(|fault| HeaderError::Columns { line, fault })?;
                return Ok(Self { columns, encoding, data_from: end });
            }
            (from, line) = (end, line + 1);
        }
        if form.header == HeaderLine::Due { Err(HeaderError::Missing { layout: layout.name.clone() }) } else { Ok(without) }
    }

    /// What the columns mean for the records of a table.
    #[must_use]
    pub fn bind(&self, layout: &Layout, table: Table) -> Bindings {
        Bindings::new(layout, table, &self.columns)
    }
}

fn as_texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn header_columns(text: &str, form: &Delimited) -> Option<Vec<String>> {
    let bytes = text.as_bytes();
    let mut record = SplitRecord::of_columns(memchr::memchr_iter(form.delimiter, bytes).count() + 1);
    let fields = record.split(bytes, form.delimiter, form.quotes.rfc4180()).ok()?;
    let stripped = |name: &str| match form.quotes.stripped() {
        Some(quote) => name.trim().trim_matches(char::from(quote)).trim().to_owned(),
        None => name.trim().to_owned(),
    };
    Some((0..fields).map(|column| stripped(record.received(column, text))).collect())
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
    const HEADER: &str = "clinic;surname;given_name;birth_date;attached_from\n";

    #[test]
    fn headers_are_found_and_checked() {
        let layout = Layout::parse(LAYOUT, "test.toml").expect("layout");
        let form = layout.delimited().expect("text");
        assert_eq!(
            Header::read(format!("\u{FEFF}{HEADER}").as_bytes(), &layout, form).expect("byte order mark").data_from,
            HEADER.len() + 3
        );
        assert!(Header::read(format!("\n \n{HEADER}").as_bytes(), &layout, form).is_ok());
        assert!(matches!(Header::read(b"", &layout, form), Err(HeaderError::Missing { .. })));
        assert!(matches!(Header::read(b"\xFF;a\n", &layout, form), Err(HeaderError::Broken { line: 1, .. })));
        assert!(matches!(Header::read(&[b'a'; MOST_HEADER_BYTES + 1], &layout, form), Err(HeaderError::TooLong { line: 1 })));
        assert!(matches!(Header::read(b"\nclinic;surname\n", &layout, form), Err(HeaderError::Columns { line: 2, .. })));
    }
}
