//! Splitting one record into its fields at delimiters and quotes.

use sverka_formats::CodePage;

/// The range of a field in the record, or in the unescaped copies when the field has doubled quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
    unescaped: bool,
}

/// The fault of a record with a quote that is not closed, or with text behind a closing quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuoteFault;

/// The fields of one record.
#[derive(Default)]
pub(super) struct SplitRecord {
    spans: Vec<Span>,
    unescaped: Vec<u8>,
    /// Whether a field of the last record has a quote inside without being quoted.
    pub has_loose_quote: bool,
}

impl SplitRecord {
    /// Room for the fields of this number of columns.
    pub fn of_columns(columns: usize) -> Self {
        Self { spans: vec![Span::default(); columns], ..Self::default() }
    }

    /// Splits a record of less than 4 GiB and returns the number of its fields. Fields beyond the columns are counted, not kept.
    pub fn split(&mut self, record: &[u8], delimiter: u8, quote: Option<u8>) -> Result<usize, QuoteFault> {
        self.unescaped.clear();
        self.has_loose_quote = false;
        match quote.filter(|&quote| memchr::memchr(quote, record).is_some()) {
            None => Ok(split_plain(record, delimiter, &mut self.spans)),
            Some(quote) => {
                let mut into = Fields { spans: &mut self.spans, unescaped: &mut self.unescaped, has_loose_quote: false };
                let fields = split_quoted(record, delimiter, quote, &mut into);
                self.has_loose_quote = into.has_loose_quote;
                fields
            }
        }
    }

    /// The value in a column of the last record, which was `text`, without its quotes.
    pub fn source_value<'t>(&'t self, column: usize, text: &'t str) -> &'t str {
        self.spans[column].text(text, &self.unescaped)
    }
}

impl Span {
    fn text<'t>(self, record: &'t str, unescaped: &'t [u8]) -> &'t str {
        let range = self.start as usize..self.end as usize;
        if self.unescaped {
            str::from_utf8(&unescaped[range]).expect("invariant: quotes are no part of a character")
        } else {
            &record[range]
        }
    }
}

/// Splits a record without quotes and returns the number of its fields. Fields beyond `spans` are counted, not kept.
///
/// Eight bytes are compared with the delimiter at once, in an ordinary register. With the delimiter `;` (3B):
///
/// ```text
/// bytes                                  31 3B D0 98 3B 41 42 43
/// differing: exclusive or with 3B…3B     0A 00 EB A3 00 7A 79 78      00 where a byte is the delimiter
/// (differing & 7F…7F) + 7F…7F            89 7F EA A2 7F F9 F8 F7      upper bit set if the lower seven bits are not 0; no carry
///     | differing | 7F…7F                FF 7F FF FF 7F FF FF FF      upper bit set if any bit of the byte is set
/// hits: complement                       00 80 00 00 80 00 00 00      one bit for each delimiter, exactly
/// ```
///
/// The lowest bit of `hits` is the first delimiter; `hits & (hits - 1)` removes it. Some six operations for eight bytes, and one turn of the inner loop
/// for each field.
fn split_plain(record: &[u8], delimiter: u8, spans: &mut [Span]) -> usize {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let pattern = u64::from_ne_bytes([delimiter; 8]);
    let (mut fields, mut start) = (0, 0);
    let mut keep = |end: usize| {
        if let Some(span) = spans.get_mut(fields) {
            *span = Span { start, end: end as u32, unescaped: false };
        }
        fields += 1;
        start = end as u32 + 1;
    };
    let mut eights = record.chunks_exact(8);
    let mut offset = 0;
    for eight in &mut eights {
        let differing = u64::from_le_bytes(eight.try_into().expect("eight bytes")) ^ pattern;
        let mut hits = !(((differing & LOW) + LOW) | differing | LOW);
        while hits != 0 {
            keep(offset + hits.trailing_zeros() as usize / 8);
            hits &= hits - 1;
        }
        offset += 8;
    }
    for (index, &byte) in eights.remainder().iter().enumerate() {
        if byte == delimiter {
            keep(offset + index);
        }
    }
    keep(record.len());
    fields
}

/// The destination of the fields of a record.
struct Fields<'f> {
    spans: &'f mut [Span],
    unescaped: &'f mut Vec<u8>,
    /// Whether a field has a quote inside without being quoted.
    has_loose_quote: bool,
}

/// Splits a record by RFC 4180 and returns the number of its fields. A quote counts at the start of a field only; after the closing quote only blanks
/// may follow.
fn split_quoted(record: &[u8], delimiter: u8, quote: u8, into: &mut Fields<'_>) -> Result<usize, QuoteFault> {
    into.unescaped.clear();
    let mut fields = 0;
    let mut at = 0;
    loop {
        let opening = at + blanks(&record[at..], delimiter, None);
        let (span, next) = if record.get(opening) == Some(&quote) {
            split_one_quoted(record, opening + 1, delimiter, quote, into.unescaped)?
        } else {
            let end = memchr::memchr(delimiter, &record[at..]).map_or(record.len(), |found| at + found);
            into.has_loose_quote |= memchr::memchr(quote, &record[at..end]).is_some();
            (Span { start: at as u32, end: end as u32, unescaped: false }, end)
        };
        if let Some(kept) = into.spans.get_mut(fields) {
            *kept = span;
        }
        fields += 1;
        if next == record.len() {
            return Ok(fields);
        }
        at = next + 1;
    }
}

/// The span of a quoted field and the index of the delimiter after it. `start` is the first byte inside the quotes.
fn split_one_quoted(
    record: &[u8],
    start: usize,
    delimiter: u8,
    quote: u8,
    unescaped: &mut Vec<u8>,
) -> Result<(Span, usize), QuoteFault> {
    let copied_from = unescaped.len();
    let mut piece = start;
    let closing = loop {
        let closing = piece + memchr::memchr(quote, &record[piece..]).ok_or(QuoteFault)?;
        if record.get(closing + 1) != Some(&quote) {
            break closing;
        }
        unescaped.extend_from_slice(&record[piece..=closing]);
        piece = closing + 2;
    };
    let after = closing + 1 + blanks(&record[closing + 1..], delimiter, None);
    if after != record.len() && record[after] != delimiter {
        return Err(QuoteFault);
    }
    if unescaped.len() == copied_from {
        return Ok((Span { start: start as u32, end: closing as u32, unescaped: false }, after));
    }
    unescaped.extend_from_slice(&record[piece..closing]);
    Ok((Span { start: copied_from as u32, end: unescaped.len() as u32, unescaped: true }, after))
}

/// Number of bytes of white space at the start of `text`, up to the end of the line or a `delimiter`, which may be a tab. `text` is in a code page or
/// in UTF-8.
pub(super) fn blanks(text: &[u8], delimiter: u8, code_page: Option<&CodePage>) -> usize {
    let mut at = 0;
    loop {
        match &text[at..] {
            [b'\n', ..] => return at,
            [stop, ..] if *stop == delimiter => return at,
            [b' ' | b'\t'..=b'\r', ..] => at += 1,
            [byte, ..] if code_page.is_some_and(|code_page| code_page.is_blank(*byte)) => at += 1,
            [lead, ..] if *lead >= 0x80 && code_page.is_none() => {
                let window = &text[at..text.len().min(at + 4)];
                let valid = window.utf8_chunks().next().map_or("", |chunk| chunk.valid());
                match valid.chars().next().filter(|first| first.is_whitespace()) {
                    Some(blank) => at += blank.len_utf8(),
                    None => return at,
                }
            }
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(record: &str) -> Result<Vec<String>, QuoteFault> {
        let mut spans = [Span::default(); 16];
        let mut unescaped = Vec::new();
        let mut into = Fields { spans: &mut spans, unescaped: &mut unescaped, has_loose_quote: false };
        let fields = split_quoted(record.as_bytes(), b';', b'"', &mut into)?;
        Ok(spans[..fields]
            .iter()
            .map(|span| {
                let source = if span.unescaped { unescaped.as_slice() } else { record.as_bytes() };
                String::from_utf8(source[span.start as usize..span.end as usize].to_vec()).expect("text")
            })
            .collect())
    }

    #[test]
    fn quoted_records() {
        for (record, fields) in [
            ("", vec![""]),
            ("a;b;", vec!["a", "b", ""]),
            (r#""a;b";c"#, vec!["a;b", "c"]),
            (r#""say ""yes""";"x""#, vec![r#"say "yes""#, "x"]),
            (r#"  "a"  ;b"#, vec!["a", "b"]),
            ("\u{A0}\"a\"\u{A0};b", vec!["a", "b"]),
            (r#"a "b";c"#, vec![r#"a "b""#, "c"]),
            (r#""";"""#, vec!["", ""]),
            (r#""a"";""b""#, vec![r#"a";"b"#]),
            (r#"";""#, vec![";"]),
        ] {
            assert_eq!(split(record), Ok(fields.iter().map(ToString::to_string).collect()), "{record}");
        }
        assert_eq!(split(r#""a"b;c"#), Err(QuoteFault));
        assert_eq!(split(r#"a;"b"#), Err(QuoteFault));
    }

    #[test]
    fn a_tab_between_fields_is_no_blank() {
        assert_eq!(SplitRecord::of_columns(4).split(b"a\t\t \"b\" \t\"c\"", b'\t', Some(b'"')), Ok(4));
    }

    #[test]
    fn a_quote_within_a_field_that_is_not_quoted_is_noted() {
        let mut record = SplitRecord::of_columns(4);
        for (text, expected) in
            [("a;b", false), ("a;b\"c\";d", true), ("\"a\"\"b\";c", false), ("5\";a", true), (" \"a\" ;b", false), ("a", false)]
        {
            assert!(record.split(text.as_bytes(), b';', Some(b'"')).is_ok());
            assert_eq!(record.has_loose_quote, expected, "{text}");
        }
    }

    #[test]
    fn plain_and_quoted_splitting_agree_without_quotes() {
        for record in
            ["", ";", "a", "a;b", ";;;;;;;;;", "0123456;89;01234567;", "ИВАНОВ;;ИВАН;1984-03-05", "\u{3b}\u{bb}\u{3a}\u{3c}"]
        {
            let mut plain = [Span::default(); 16];
            let mut quoted = [Span::default(); 16];
            let count = split_plain(record.as_bytes(), b';', &mut plain);
            let mut into = Fields { spans: &mut quoted, unescaped: &mut Vec::new(), has_loose_quote: false };
            assert_eq!(Ok(count), split_quoted(record.as_bytes(), b';', b'"', &mut into), "{record}");
            assert_eq!(plain, quoted, "{record}");
        }
    }

    #[test]
    fn more_fields_than_expected_are_counted() {
        let mut spans = [Span::default(); 2];
        assert_eq!(split_plain(b"a;b;c;d", b';', &mut spans), 4);
    }
}
