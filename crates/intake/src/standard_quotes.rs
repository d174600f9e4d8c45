//! Quoting by RFC 4180 ("the standard" here) in sources whose layout takes quotes for decoration.
//!
//! In one family of senders, some put quotes around values without escaping anything, and some write with a library, which puts delimiters and line
//! breaks inside quotes. A line with the right number of fields is a row as the layout says. Only a line with a wrong number is read by the standard,
//! alone or together with the next lines, and is a record if its number of fields is right then:
//!
//! ```text
//! "Р";"УВД; ОТДЕЛ № 1";"1"          4 fields by the layout, 3 by the standard
//! "Р";"С. ПРИМЕР                    2 fields, and a quote is open:
//! ПОС. ВТОРОЙ";"1"                  3 fields together
//! ```
//!
//! Whether a record begins at a line depends on this line and the next ones alone, so chunks may be cut anywhere.

use super::layout::Delimited;
use super::split::blanks;
use sverka_formats::Encoding;

/// Most lines of a record.
const MOST_LINES: usize = 16;
/// Most bytes of a record of several lines.
const MOST_RECORD_BYTES: usize = 16 << 10;

/// The reading of a source's records by the standard.
#[derive(Clone, Debug)]
pub(super) struct StandardQuotes {
    delimiter: u8,
    quote: u8,
    encoding: Encoding,
    columns: usize,
    least_columns: usize,
    trailing_delimiters: bool,
}

/// The kind of record that begins at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    /// A record over several lines, which ends before this byte.
    Ends(usize),
    /// A record of one line.
    OneLine,
    /// An unfinished record: the bytes end within quotes.
    Unfinished,
}

/// The quotes of a text by the standard, and the number of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoted {
    Closed(usize),
    Open,
    Broken,
}

impl StandardQuotes {
    /// The reading by the standard of a source with this number of columns; `None` where the layout itself says what quotes mean.
    pub fn for_form(form: &Delimited, encoding: Encoding, columns: usize) -> Option<Self> {
        let quote = form.quotes.stripped().filter(|_| !form.multiline)?;
        let least_columns = form.least_columns.min(columns);
        let Delimited { delimiter, trailing_delimiters, .. } = *form;
        Some(Self { delimiter, quote, encoding, columns, least_columns, trailing_delimiters })
    }

    /// First byte after a record over several lines, if one begins at byte `from`, where a line begins.
    pub fn record_end(&self, bytes: &[u8], from: usize) -> Option<usize> {
        match self.record(bytes, from) {
            Record::Ends(end) => Some(end),
            Record::OneLine | Record::Unfinished => None,
        }
    }

    /// Start of the first line from byte `at` on, where a line begins, that is not the middle of a record. Rows begin at `data_from`.
    pub fn record_start(&self, bytes: &[u8], data_from: usize, at: usize) -> usize {
        let mut line = self.lines_before(bytes, data_from, at);
        while line < at {
            line = self.record_end(bytes, line).unwrap_or_else(|| self.encoding.line_end(bytes, line));
        }
        line
    }

    /// The last line start up to `cut`, itself one, at which no record is unfinished. More bytes may follow behind `cut`.
    pub fn whole_records(&self, bytes: &[u8], data_from: usize, cut: usize) -> usize {
        let known = &bytes[..cut];
        let mut line = self.lines_before(bytes, data_from, cut);
        while line < cut {
            match self.record(known, line) {
                Record::Unfinished => return line,
                Record::Ends(end) => line = end,
                Record::OneLine => line = self.encoding.line_end(known, line),
            }
        }
        cut
    }

    /// Whether the layout has optional columns, so that a row with a delimiter in quotes may pass for one with one column more.
    pub fn may_shift(&self) -> bool {
        self.least_columns < self.columns
    }

    /// Whether a value of a row begins with a quote and does not end with one; `starts` are the starts of the columns and of what follows.
    pub fn splits_value(&self, bytes: &[u8], starts: &[u16]) -> bool {
        starts.windows(2).any(|pair| {
            let value = &bytes[usize::from(pair[0])..usize::from(pair[1]) - 1];
            value.first() == Some(&self.quote) && value.trim_ascii_end().last() != Some(&self.quote)
        })
    }

    /// Start of a line before byte `at` that is far enough back to follow records from it up to `at`.
    fn lines_before(&self, bytes: &[u8], data_from: usize, at: usize) -> usize {
        let from = at.saturating_sub(MOST_RECORD_BYTES);
        if from <= data_from { data_from } else { self.encoding.line_end(bytes, self.encoding.unit_before(from)).min(at) }
    }

    /// The kind of record that begins at a line.
    fn record(&self, bytes: &[u8], from: usize) -> Record {
        let mut text = String::new();
        let mut end = from;
        for line in 0..MOST_LINES {
            end = self.encoding.line_end(bytes, end);
            if end - from > MOST_RECORD_BYTES {
                return Record::OneLine;
            }
            // Bytes without meaning are replaced. This does not move fields.
            self.encoding.decode(self.encoding.without_line_end(&bytes[from..end]), &mut text);
            if line == 0 && self.fits(text.as_bytes()) {
                return Record::OneLine;
            }
            match self.quoted(text.as_bytes()) {
                Quoted::Open if end == bytes.len() => return Record::Unfinished,
                Quoted::Open => {}
                Quoted::Closed(fields) if line > 0 && (self.least_columns..=self.columns).contains(&fields) => {
                    return Record::Ends(end);
                }
                Quoted::Closed(_) | Quoted::Broken => return Record::OneLine,
            }
        }
        Record::OneLine
    }

    /// Whether a line has a right number of fields when it is split as the layout says.
    fn fits(&self, line: &[u8]) -> bool {
        let mut delimiters = memchr::memchr_iter(self.delimiter, line);
        let fields = delimiters.clone().count() + 1;
        if fields <= self.columns {
            return fields >= self.least_columns;
        }
        let is_nothing = |&byte: &u8| byte == self.delimiter || byte == self.quote || byte.is_ascii_whitespace();
        let beyond = delimiters.nth(self.columns.saturating_sub(1)).map_or(line.len(), |last| last + 1);
        self.trailing_delimiters && line[beyond..].iter().all(is_nothing)
    }

    /// Reads a text by the standard.
    fn quoted(&self, text: &[u8]) -> Quoted {
        let (mut fields, mut at) = (1, 0);
        loop {
            let opening = at + blanks(&text[at..], self.delimiter, None);
            if text.get(opening) == Some(&self.quote) {
                at = opening + 1;
                loop {
                    let Some(found) = memchr::memchr(self.quote, &text[at..]) else { return Quoted::Open };
                    at += found + 1;
                    if text.get(at) != Some(&self.quote) {
                        break;
                    }
                    at += 1;
                }
                at += blanks(&text[at..], self.delimiter, None);
                match text.get(at) {
                    None => return Quoted::Closed(fields),
                    Some(&byte) if byte == self.delimiter => {}
                    Some(_) => return Quoted::Broken,
                }
            } else {
                match memchr::memchr(self.delimiter, &text[at..]) {
                    None => return Quoted::Closed(fields),
                    Some(found) => at += found,
                }
            }
            (fields, at) = (fields + 1, at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layout;
    use crate::layout::Quotes;
    use sverka_formats::encoded;

    fn quotes(encoding: Encoding) -> StandardQuotes {
        let layout = Layout::built_in("mo").expect("built in");
        let form = Delimited { quotes: Quotes::Stripped(b'"'), least_columns: 3, ..layout.delimited().expect("text").clone() };
        StandardQuotes::for_form(&form, encoding, 3).expect("quotes are taken off")
    }

    #[test]
    fn lines_belong_together_when_only_then_they_have_all_columns() {
        for (text, ends) in [
            ("\"a\";\"b\nc\";\"d\"\n", Some(14)),
            ("\"a\";\"b\nc\nd\";\"e\"", Some(15)),
            ("\"a;;;\";\"b;\nc\";\"d\"\n", Some(18)),
            ("\"a\";\"b;\nc\";\"d\"\n", None),
            ("\"a\";\"b\nc\"\n", None),
            ("\"a\";\"b\nc\";\"d\";\"e\"\n", None),
            ("\"a\";\"b\"x\nc\";\"d\"\n", None),
            ("\"a\";\"b\";\"c\nd\"\n", None),
            ("a;b\nc;d;e\n", None),
            ("\"\n\"\n", None),
        ] {
            assert_eq!(quotes(Encoding::Utf8).record_end(text.as_bytes(), 0), ends, "{text:?}");
            let units = encoded(Encoding::Utf16Le, text);
            assert_eq!(quotes(Encoding::Utf16Le).record_end(&units, 0), ends.map(|end| 2 * end), "{text:?}");
        }
    }

    #[test]
    fn a_cut_within_a_record_is_moved() {
        let text = b"a;b;c\n\"a\";\"b\nc\";\"d\"\ne;f;g\n";
        let quotes = quotes(Encoding::Utf8);
        assert_eq!([0, 6, 13, 20].map(|line| quotes.record_start(text, 0, line)), [0, 6, 20, 20]);
        assert_eq!([6, 13, 20, 26].map(|cut| quotes.whole_records(text, 0, cut)), [6, 6, 20, 26]);
    }
}
