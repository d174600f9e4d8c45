//! The first line of a source: what its columns mean, and in which encoding everything is.

use super::encoding::{Encoding, EncodingConflict, SourceEncoding};
use super::fields::{Binding, SplitRecord};
use super::layout::{HeaderFault, Layout};

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
#[derive(Debug)]
pub struct Header {
    /// What the columns mean.
    pub binding: Binding,
    /// How the bytes are to be read.
    pub encoding: SourceEncoding,
    /// First byte after the header and byte order marks.
    pub data_from: usize,
}

impl Header {
    /// Reads the header, or takes the layout's positions when it has none.
    ///
    /// # Errors
    /// When the file has no header where one is due, or its columns are not the layout's, or its byte order mark is not.
    pub fn read(bytes: &[u8], layout: &Layout) -> Result<Self, HeaderError> {
        let (encoding, start) = SourceEncoding::of(bytes, layout.encoding).map_err(HeaderError::Encoding)?;
        if !layout.header {
            return Ok(Self { binding: Binding::new(layout, &layout.positions()), encoding, data_from: start });
        }
        let (mut from, mut line) = (start, 1);
        let mut text = String::new();
        while from < bytes.len() {
            let end = encoding.encoding.line_end(bytes, from);
            let raw = encoding.encoding.without_line_end(&bytes[from..end]);
            if raw.len() > MOST_HEADER_BYTES {
                return Err(HeaderError::TooLong { line });
            }
            let is_text = encoding.encoding.decode(raw, &mut text);
            if !text.trim().is_empty() {
                if text.contains('\r') {
                    return Err(HeaderError::CarriageReturn { line });
                }
                let broken = || HeaderError::Broken { line, encoding: encoding.encoding };
                let columns = header_columns(&text, layout).filter(|_| is_text).ok_or_else(broken)?;
                let names: Vec<&str> = columns.iter().map(|name| name.trim()).collect();
                let fields = layout.bind_header(&names);
                let fields = fields.map_err(|fault| HeaderError::Columns { line, fault })?;
                return Ok(Self { binding: Binding::new(layout, &fields), encoding, data_from: end });
            }
            (from, line) = (end, line + 1);
        }
        Err(HeaderError::Missing { layout: layout.name.clone() })
    }
}

fn header_columns(text: &str, layout: &Layout) -> Option<Vec<String>> {
    let bytes = text.as_bytes();
    let mut record = SplitRecord::of_columns(memchr::memchr_iter(layout.delimiter, bytes).count() + 1);
    let fields = record.split(bytes, layout.delimiter, layout.quote).ok()?;
    Some((0..fields).map(|column| record.received(column, text).to_owned()).collect())
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
        assert_eq!(
            Header::read(format!("\u{FEFF}{HEADER}").as_bytes(), &layout).expect("byte order mark").data_from,
            HEADER.len() + 3
        );
        assert!(Header::read(format!("\n \n{HEADER}").as_bytes(), &layout).is_ok());
        assert!(matches!(Header::read(b"", &layout), Err(HeaderError::Missing { .. })));
        assert!(matches!(Header::read(b"\xFF;a\n", &layout), Err(HeaderError::Broken { line: 1, .. })));
        assert!(matches!(Header::read(&[b'a'; MOST_HEADER_BYTES + 1], &layout), Err(HeaderError::TooLong { line: 1 })));
        assert!(matches!(Header::read(b"\nclinic;surname\n", &layout), Err(HeaderError::Columns { line: 2, .. })));
    }
}
