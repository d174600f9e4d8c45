//! The ends of records that may span lines.

use std::ops::RangeInclusive;

use super::chunk_reader::MOST_TRAILING;
use super::layout::Delimited;
use super::long_lines::LongLines;
use super::split::blanks;
use sverka_formats::{CodePage, Encoding};

/// Most bytes of a record, its line end not counted.
const MOST_RECORD_BYTES: usize = 1 << 20;

/// Finds the ends of records, going forward through a source.
///
/// A broken record costs its first line only: the next record begins at the next line, and the same bytes are looked at again. To keep that linear,
/// the look ahead is remembered:
///
/// ```text
/// a;"b         record 1: its quote is open, so the look ahead goes on at line 2, inside quotes,
/// c            at line 3,
/// d"x          and finds at `x` that the quotes are broken. So record 1 is line 1
/// e;f          A record that begins at line 2 and comes to line 3 inside quotes is broken, too: that is known by now
/// ```
///
/// The state "line n begins inside quotes" decides what follows, whatever the record is. Without the memory, a file of
/// many open quotes would be read once for each of its lines.
///
/// A record over several lines with a wrong number of fields is broken, too: a stray quote took good rows along.
pub(super) struct RecordEnds<'s> {
    bytes: &'s [u8],
    delimiter: u8,
    quote: Option<u8>,
    /// The code page of the bytes, if they are not UTF-8.
    code_page: Option<&'static CodePage>,
    /// Numbers of fields that a record over several lines may have.
    fields: RangeInclusive<usize>,
    known: Known,
    most_bytes: usize,
    long_lines: LongLines<'s>,
}

/// The last look ahead.
struct Known {
    /// Lines that begin inside quotes, each with the number of delimiters of the look ahead before it.
    lines: Vec<(usize, usize)>,
    /// The end of the look ahead.
    ahead: Ahead,
    /// Number of delimiters of the whole look ahead.
    delimiters: usize,
}

/// The place and the reason at which a look ahead stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ahead {
    /// A line that begins inside quotes.
    Quoted(usize),
    /// The end of the record, where the next one begins.
    Ended(usize),
    /// The byte at which the quotes turned out to be broken.
    Broken(usize),
}

impl<'s> RecordEnds<'s> {
    /// A finder that has looked at nothing yet.
    pub fn new(bytes: &'s [u8], form: &Delimited, columns: usize, code_page: Option<&'static CodePage>) -> Self {
        // The reader sees whether the fields behind the last column are empty.
        let most_fields = columns + if form.trailing_delimiters { MOST_TRAILING } else { 0 };
        Self {
            bytes,
            delimiter: form.delimiter,
            quote: form.quotes.rfc4180(),
            code_page,
            fields: form.least_columns.min(columns)..=most_fields,
            known: Known { lines: Vec::new(), ahead: Ahead::Quoted(0), delimiters: 0 },
            most_bytes: MOST_RECORD_BYTES,
            long_lines: LongLines::default(),
        }
    }

    /// The same finder with other limits for long lines.
    pub fn with_long_lines(self, long_lines: LongLines<'s>) -> Self {
        Self { long_lines, ..self }
    }

    /// First byte after the record that begins at `from`, and whether its quotes are broken. A broken record ends with its first line.
    pub fn after(&mut self, from: usize) -> (usize, bool) {
        let first_line = self.long_lines.line_end(self.bytes, from, Encoding::Utf8);
        if first_line - from > self.long_lines.most_bytes {
            return (first_line, false);
        }
        let Some(quote) = self.quote.filter(|&quote| memchr::memchr(quote, &self.bytes[from..first_line]).is_some()) else {
            return (first_line, false);
        };
        let mut delimiters = 0;
        let mut ahead = self.fields(from, quote, &mut delimiters);
        if let Ahead::Quoted(line) = ahead {
            ahead = self.look_ahead(from, line, quote);
            delimiters += self.delimiters_from(line);
            if let Ahead::Ended(end) = ahead
                && !self.fields.contains(&(delimiters + 1))
            {
                ahead = Ahead::Broken(end);
            }
        }
        match ahead {
            Ahead::Ended(end) if Encoding::Utf8.without_line_end(&self.bytes[from..end]).len() <= self.most_bytes => (end, false),
            _ => (first_line, true),
        }
    }

    /// Looks ahead from a line that begins inside quotes, for the record that begins at `from`.
    fn look_ahead(&mut self, from: usize, line: usize, quote: u8) -> Ahead {
        match self.known.lines.binary_search_by_key(&line, |&(known, _)| known) {
            // Lines before this one are not asked for again.
            Ok(index) if 2 * index > self.known.lines.len() => drop(self.known.lines.drain(..index)),
            Ok(_) => {}
            Err(_) => self.known = Known { lines: Vec::new(), ahead: Ahead::Quoted(line), delimiters: 0 },
        }
        let Known { mut ahead, mut delimiters, .. } = self.known;
        while let Ahead::Quoted(line) = ahead
            && line - from <= self.most_bytes
        {
            self.known.lines.push((line, delimiters));
            ahead = self.quoted(line, quote, &mut delimiters);
        }
        (self.known.ahead, self.known.delimiters) = (ahead, delimiters);
        ahead
    }

    /// Number of delimiters from a line of the last look ahead to its end.
    fn delimiters_from(&self, line: usize) -> usize {
        let found = self.known.lines.binary_search_by_key(&line, |&(known, _)| known);
        self.known.delimiters - found.map_or(self.known.delimiters, |index| self.known.lines[index].1)
    }

    /// Goes from the start of a field to the end of the line or of the record, and counts delimiters.
    fn fields(&self, from: usize, quote: u8, delimiters: &mut usize) -> Ahead {
        let mut at = from;
        loop {
            let opening = at + blanks(&self.bytes[at..], self.delimiter, self.code_page);
            if self.bytes.get(opening) == Some(&quote) {
                match self.closed(opening + 1, quote) {
                    Ok(next) => (at, *delimiters) = (next, *delimiters + 1),
                    Err(ahead) => return ahead,
                }
                continue;
            }
            match memchr::memchr2(self.delimiter, b'\n', &self.bytes[at..]) {
                None => return Ahead::Ended(self.bytes.len()),
                Some(found) if self.bytes[at + found] == b'\n' => return Ahead::Ended(at + found + 1),
                Some(found) => (at, *delimiters) = (at + found + 1, *delimiters + 1),
            }
        }
    }

    /// Goes from a byte inside quotes to the end of the line or of the record, and counts delimiters.
    fn quoted(&self, from: usize, quote: u8, delimiters: &mut usize) -> Ahead {
        match self.closed(from, quote) {
            Ok(next) => {
                *delimiters += 1;
                self.fields(next, quote, delimiters)
            }
            Err(ahead) => ahead,
        }
    }

    /// Goes from a byte inside quotes to the start of the next field. If the look ahead stops before it, returns the
    /// place and the reason.
    fn closed(&self, from: usize, quote: u8) -> Result<usize, Ahead> {
        let mut at = from;
        loop {
            let Some(found) = memchr::memchr2(quote, b'\n', &self.bytes[at..]) else {
                return Err(Ahead::Broken(self.bytes.len()));
            };
            at += found + 1;
            if self.bytes[at - 1] == b'\n' {
                return Err(Ahead::Quoted(at));
            }
            if self.bytes.get(at) == Some(&quote) {
                at += 1;
                continue;
            }
            at += blanks(&self.bytes[at..], self.delimiter, self.code_page);
            return match self.bytes.get(at) {
                None => Err(Ahead::Ended(at)),
                Some(b'\n') => Err(Ahead::Ended(at + 1)),
                Some(&byte) if byte == self.delimiter => Ok(at + 1),
                Some(_) => Err(Ahead::Broken(at)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layout;

    fn multiline() -> Delimited {
        let layout = Layout::built_in("register").expect("built in");
        Delimited { multiline: true, ..layout.delimited().expect("text").clone() }
    }

    /// The ends of all records; broken ones negative.
    fn ends(text: &str) -> Vec<i64> {
        let form = multiline();
        let mut ends = RecordEnds { fields: 0..=9, ..RecordEnds::new(text.as_bytes(), &form, 2, None) };
        let (mut from, mut found) = (0, Vec::new());
        while from < text.len() {
            let (end, broken) = ends.after(from);
            found.push(if broken { -(end as i64) } else { end as i64 });
            from = end;
        }
        found
    }

    #[test]
    fn quotes_carry_a_record_over_lines() {
        for (text, expected) in [
            ("a;b\nc", vec![4, 5]),
            ("\"a\nb\";c\nd", vec![8, 9]),
            ("\"a\n\"\"b\" ;\"c\nd\"\n", vec![15]),
            ("\"a\nb\nc", vec![-3, 5, 6]),
            ("\"a\nb\"x\nc", vec![-3, 7, 8]),
            ("a;\"\n", vec![-4]),
            ("a\"\nb\n", vec![3, 5]),
        ] {
            assert_eq!(ends(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_record_over_lines_without_all_fields_is_broken() {
        let form = multiline();
        for (text, expected) in [
            ("a;\"b\nc\"\n", (8, false)),
            ("\"a\nb\";\"c\nd\"\n", (12, false)),
            ("\"a\nb\"\n", (3, true)),
            ("\"a\nb\";c;d\n", (3, true)),
            ("a\n\"b\nc\";d\n", (2, false)),
        ] {
            assert_eq!(RecordEnds::new(text.as_bytes(), &form, 2, None).after(0), expected, "{text:?}");
        }
    }

    #[test]
    fn a_record_of_a_mebibyte_is_read_and_a_longer_one_is_broken() {
        let record = |bytes: usize| format!("\"\n{}\"\n", "x".repeat(bytes - 3));
        assert_eq!(ends(&record(MOST_RECORD_BYTES)), [MOST_RECORD_BYTES as i64 + 1]);
        assert_eq!(ends(&record(MOST_RECORD_BYTES + 1))[0], -2);
    }

    #[test]
    fn what_is_known_from_an_earlier_record_changes_no_end() {
        let form = multiline();
        for number in 0..4_usize.pow(9) {
            let text: Vec<u8> = (0..9).map(|index| b"\";\nx"[number >> (2 * index) & 3]).collect();
            let fresh = || RecordEnds { most_bytes: 4, ..RecordEnds::new(&text, &form, 2, None) };
            let mut ends = fresh();
            let mut from = 0;
            while from < text.len() {
                let end = ends.after(from);
                assert_eq!(end, fresh().after(from), "{:?} from {from}", str::from_utf8(&text));
                from = end.0;
            }
        }
    }
}
