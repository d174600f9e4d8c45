//! The lines before the first row: blank lines, the line `sep=` of spreadsheet programs, the header.

use super::{HeaderError, HeaderNote, Known};
use crate::layout::{Delimited, FirstLine, HeaderLine, Layout};
use crate::split::SplitRecord;
use crate::standard_quotes::StandardQuotes;
use sverka_formats::{Encoding, LineEnd};

/// Most bytes of a header.
pub(super) const MOST_HEADER_BYTES: usize = 1 << 20;

/// A text, for reading its first lines.
pub(super) struct FirstLines<'t> {
    pub bytes: &'t [u8],
    pub encoding: Encoding,
    pub known: Known,
    pub layout: &'t Layout,
    pub form: &'t Delimited,
}

/// The result of reading the first lines.
pub(super) struct Found {
    /// The layout's column for each column of the source.
    pub columns: Vec<Option<usize>>,
    /// First byte of the rows.
    pub data_from: usize,
    pub lines_before: u64,
    pub notes: Vec<HeaderNote>,
}

/// A line that is not blank.
struct Line {
    /// Number of the line, from 1.
    number: u64,
    /// First byte of the line.
    from: usize,
    /// First byte of the next line.
    next: usize,
    /// The text, with replacement characters for bytes without meaning.
    text: String,
    /// Whether all bytes have a meaning.
    is_text: bool,
}

impl FirstLines<'_> {
    /// Reads the first lines from byte `start` on, behind the byte order marks.
    pub fn read(&self, start: usize) -> Result<Found, HeaderError> {
        let mut found = Found { columns: self.layout.positions(), data_from: start, lines_before: 0, notes: Vec::new() };
        let Some(mut line) = self.line(start, 1)? else { return self.nothing(found) };
        if let Some(delimiter) = named_delimiter(&line.text) {
            self.check_delimiter(delimiter, &line)?;
            found.notes.push(HeaderNote::Separator { line: line.number });
            found.skip(&line);
            line = match self.line(line.next, line.number + 1)? {
                Some(next) => next,
                None => return self.nothing(found),
            };
        }
        match self.form.header {
            HeaderLine::None => {}
            HeaderLine::Due => {
                found.columns = self.due(&line)?;
                found.skip(&line);
            }
            HeaderLine::Skipped => {
                if !self.is_row(&line) {
                    found.skip(&line);
                }
            }
            HeaderLine::Optional => self.skip_optional_header(&line, &mut found)?,
        }
        Ok(found)
    }

    /// The first line from `from` on that is not blank. The text of a line that is too long for a header has only the
    /// first bytes of it.
    fn line(&self, mut from: usize, mut number: u64) -> Result<Option<Line>, HeaderError> {
        let mut text = String::new();
        while from < self.bytes.len() {
            let LineEnd { text_to, next } = self.encoding.any_line_end(self.bytes, from);
            let is_long = text_to - from > MOST_HEADER_BYTES;
            if is_long && self.form.header == HeaderLine::Due {
                return Err(HeaderError::TooLong { line: number as u32 });
            }
            let is_text = self.encoding.decode(&self.bytes[from..text_to.min(from + MOST_HEADER_BYTES)], &mut text) && !is_long;
            if !text.trim().is_empty() {
                return Ok(Some(Line { number, from, next, text, is_text }));
            }
            (from, number) = (next, number + 1);
        }
        Ok(None)
    }

    /// The result for a text of blank lines only.
    fn nothing(&self, found: Found) -> Result<Found, HeaderError> {
        match (self.form.header, self.known) {
            (HeaderLine::Due, _) => Err(HeaderError::Missing { layout: self.layout.name.clone() }),
            (_, Known::Whole) => Err(HeaderError::Empty),
            (_, Known::Beginning) => Ok(found),
        }
    }

    fn check_delimiter(&self, found: char, line: &Line) -> Result<(), HeaderError> {
        let expected = char::from(self.form.delimiter);
        let other =
            || HeaderError::OtherDelimiter { line: line.number as u32, found, expected, layout: self.layout.name.clone() };
        if found == expected { Ok(()) } else { Err(other()) }
    }

    /// The columns of a header that is due.
    fn due(&self, line: &Line) -> Result<Vec<Option<usize>>, HeaderError> {
        let number = line.number as u32;
        let names = self.values(line).ok_or(HeaderError::Broken { line: number, encoding: self.encoding })?;
        self.layout.bind_header(&as_texts(&names)).map_err(|fault| HeaderError::Columns { line: number, fault })
    }

    /// Skips the line if it is a header; names that are not the layout's give a note. Columns go by position, so names of the layout in another order
    /// are an error.
    fn skip_optional_header(&self, line: &Line, found: &mut Found) -> Result<(), HeaderError> {
        let layout = self.layout.name.clone();
        let names = self.values(line);
        match names.map_or(FirstLine::Row, |names| self.layout.first_line(&as_texts(&names))) {
            FirstLine::Row => return Ok(()),
            FirstLine::Header => {}
            FirstLine::OtherNames => found.notes.push(HeaderNote::OtherNames { line: line.number, layout }),
            FirstLine::OtherOrder(columns) => {
                return Err(HeaderError::OtherOrder { line: line.number as u32, layout, columns });
            }
        }
        found.skip(line);
        Ok(())
    }

    /// Whether a line that should be a header is a row: it has dates where rows have them, a row is joined to it, or it begins a row over several lines.
    fn is_row(&self, line: &Line) -> bool {
        let quotes = StandardQuotes::for_form(self.form, self.encoding, self.layout.columns.len());
        if quotes.is_some_and(|quotes| quotes.record_end(self.bytes, line.from).is_some()) {
            return true;
        }
        let Some(values) = self.values(line) else { return false };
        let values = as_texts(&values);
        let beyond = values.iter().skip(self.layout.columns.len()).any(|value| !value.is_empty());
        self.layout.is_row(&values) || (beyond && self.layout.first_line(&values) == FirstLine::Row)
    }

    /// The values of a line; `None` when bytes or quotes are broken.
    fn values(&self, line: &Line) -> Option<Vec<String>> {
        let (text, form) = (line.text.as_str(), self.form);
        let bytes = text.as_bytes();
        let mut record = SplitRecord::of_columns(memchr::memchr_iter(form.delimiter, bytes).count() + 1);
        let fields = record.split(bytes, form.delimiter, form.quotes.rfc4180()).ok().filter(|_| line.is_text)?;
        let stripped = |name: &str| match form.quotes.stripped() {
            Some(quote) => name.trim().trim_matches(char::from(quote)).trim().to_owned(),
            None => name.trim().to_owned(),
        };
        Some((0..fields).map(|column| stripped(record.source_value(column, text))).collect())
    }
}

impl Found {
    /// Skips a line: the rows begin behind it.
    fn skip(&mut self, line: &Line) {
        assert!(line.from < line.next, "a line has bytes");
        self.data_from = line.next;
        self.lines_before = line.number;
    }
}

fn as_texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The delimiter that a line `sep=;` names, with or without quotes and with empty fields behind it.
fn named_delimiter(line: &str) -> Option<char> {
    let line = line.trim_matches(['\u{FEFF}', ' ', '\r', '\n']);
    let line = line.trim_start_matches('"').trim_start();
    let key = line.get(..3).filter(|key| key.eq_ignore_ascii_case("sep"))?;
    let value = line[key.len()..].trim_start_matches(' ').strip_prefix('=')?.trim_start_matches(['"', ' ']);
    let mut rest = value.chars();
    let delimiter = rest.next()?;
    let is_filler = |character: char| matches!(character, '"' | ' ') || character == delimiter;
    (!delimiter.is_alphanumeric() && delimiter != '"' && rest.all(is_filler)).then_some(delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_spreadsheets_name_a_delimiter() {
        for (line, delimiter) in [
            ("sep=;", Some(';')),
            ("\"sep=;\"", Some(';')),
            ("SEP=,", Some(',')),
            ("Sep = |", Some('|')),
            ("sep=\t", Some('\t')),
            ("sep=;;;;;", Some(';')),
            ("sep=\";\"", Some(';')),
            ("\"sep=;\";;;", Some(';')),
            ("\u{FEFF}sep=;\r", Some(';')),
            ("sep=", None),
            ("sep=a", None),
            ("sep=;a", None),
            ("separator;name", None),
            ("се=;", None),
        ] {
            assert_eq!(named_delimiter(line), delimiter, "{line:?}");
        }
    }
}
