//! One record's bytes to its fields: delimiters, quotes, blanks, the layout's empty words and code maps.

use super::encoding::CodePage;
use super::layout::{Field, Layout};

/// A field as a range of the record's bytes, or of the unescaped copies when the field had doubled quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
    unescaped: bool,
}

/// A quote is not closed, or text follows a closing quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuoteFault;

/// What one file's columns mean: the layout applied to its header.
#[derive(Debug)]
pub struct Binding {
    /// The slot of each column's field in [`FieldPlaces`].
    slots: Vec<u8>,
    /// Of the fields that have one; none in most layouts.
    wordings: Vec<(Field, Wording)>,
}

/// What a source calls empty, and how it writes codes.
#[derive(Debug, Default)]
struct Wording {
    empty: Vec<String>,
    map: Vec<(String, String)>,
}

/// Slots for the places of values: one for each field, and one for all columns that are skipped.
const SLOTS: usize = 64;
const SKIPPED: u8 = SLOTS as u8 - 1;
const _: () = assert!(Field::COUNT < SLOTS, "every field has a slot, and so have skipped columns");

impl Binding {
    /// Binds a layout to the fields that the columns of one file carry.
    pub(super) fn new(layout: &Layout, columns: &[Option<Field>]) -> Self {
        let slots = columns.iter().map(|field| field.map_or(SKIPPED, |field| field as u8)).collect();
        let mut wordings = Vec::new();
        for field in columns.iter().copied().flatten() {
            let own = layout.columns.iter().filter(|column| column.field == Some(field)).flat_map(|column| &column.empty_words);
            let empty: Vec<String> = layout.empty_words.iter().chain(own).cloned().collect();
            let map =
                layout.maps.iter().filter(|(mapped, _)| *mapped == field).flat_map(|(_, map)| map.clone()).collect::<Vec<_>>();
            if !empty.is_empty() || !map.is_empty() {
                wordings.push((field, Wording { empty, map }));
            }
        }
        Self { slots, wordings }
    }

    /// How many columns the file has.
    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.slots.len()
    }

    /// Whether nobody asks for a column.
    #[inline]
    pub(super) fn skips(&self, column: usize) -> bool {
        self.slots[column] == SKIPPED
    }
}

/// Where the values of a record lie in its text, blanks around them included. Fields without column stay empty.
pub(super) struct FieldPlaces([(u32, u32); SLOTS]);

impl Default for FieldPlaces {
    fn default() -> Self {
        Self([(0, 0); SLOTS])
    }
}

impl FieldPlaces {
    /// FieldPlaces the columns of a record; `starts` are theirs and that of what follows one byte behind the record.
    #[inline]
    pub fn place(&mut self, starts: &[u16], binding: &Binding) {
        let Some((&first, nexts)) = starts.split_first() else { return };
        let mut start = u32::from(first);
        for (&slot, &next) in binding.slots.iter().zip(nexts) {
            let next = u32::from(next);
            self.0[usize::from(slot) % SLOTS] = (start, next - 1);
            start = next;
        }
    }

    /// Says that the value of a column lies elsewhere.
    #[inline]
    pub fn move_to(&mut self, column: usize, start: usize, end: usize, binding: &Binding) {
        self.0[usize::from(binding.slots[column]) % SLOTS] = (start as u32, end as u32);
    }
}

/// The fields of one well-formed record.
#[derive(Clone, Copy)]
pub struct RowFields<'r> {
    text: &'r str,
    places: &'r FieldPlaces,
    binding: &'r Binding,
}

impl<'r> RowFields<'r> {
    #[inline]
    pub(super) fn new(text: &'r str, places: &'r FieldPlaces, binding: &'r Binding) -> Self {
        Self { text, places, binding }
    }

    /// A field's value: without blanks around it, in canonical codes, empty when the source calls it empty or has no such column.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> &'r str {
        let (start, end) = self.places.0[field as usize];
        let value = trim_blanks(&self.text[start as usize..end as usize]);
        if self.binding.wordings.is_empty() { value } else { self.binding.canonical(field, value) }
    }

    /// The bytes of [`Self::get`], at less cost: nothing is asked about where characters begin.
    #[must_use]
    #[inline]
    pub fn bytes(&self, field: Field) -> &'r [u8] {
        let value = self.raw(field);
        if needs_no_trimming(value) { value } else { self.get(field).as_bytes() }
    }

    /// [`Self::bytes`] with the blanks that may be around it: for those who see at once that a value is as it should be, and ask
    /// [`Self::bytes`] when it is not.
    #[must_use]
    #[inline]
    pub fn raw(&self, field: Field) -> &'r [u8] {
        if !self.binding.wordings.is_empty() {
            return self.get(field).as_bytes();
        }
        let (start, end) = self.places.0[field as usize];
        &self.text.as_bytes()[start as usize..end as usize]
    }
}

/// `text` without the white space around it.
#[must_use]
#[inline]
pub fn trim_blanks(text: &str) -> &str {
    if needs_no_trimming(text.as_bytes()) { text } else { trim_carefully(text) }
}

#[cold]
#[inline(never)]
fn trim_carefully(text: &str) -> &str {
    let rest = text.trim_ascii();
    if needs_no_trimming(rest.as_bytes()) { rest } else { rest.trim() }
}

/// No blank is around a text whose ends are printable ASCII or Cyrillic; of all others it is not said.
#[inline]
fn needs_no_trimming(text: &[u8]) -> bool {
    let printable = |byte: u8| byte.wrapping_sub(b'!') < 0x80 - b'!';
    let cyrillic = |byte: u8| byte | 1 == 0xD1;
    match *text {
        [] => true,
        [only] => printable(only),
        [first, .., last] => (printable(first) | cyrillic(first)) & (printable(last) | cyrillic(text[text.len() - 2])),
    }
}

impl Binding {
    #[cold]
    fn canonical<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        self.wordings.iter().find(|(of, _)| *of == field).map_or(value, |(_, wording)| wording.canonical(value))
    }
}

impl Wording {
    fn canonical<'v>(&'v self, value: &'v str) -> &'v str {
        if self.empty.iter().any(|word| word == value) {
            return "";
        }
        self.map.iter().find(|(from, _)| from == value).map_or(value, |(_, to)| to)
    }
}

/// The fields of one record that was split by itself.
#[derive(Default)]
pub(super) struct SplitRecord {
    spans: Vec<Span>,
    unescaped: Vec<u8>,
    places: FieldPlaces,
    /// A record with unescaped fields, written anew without quotes.
    rewritten: String,
}

impl SplitRecord {
    /// Room for so many fields.
    pub fn of_columns(columns: usize) -> Self {
        Self { spans: vec![Span::default(); columns], ..Self::default() }
    }

    /// Splits a record of less than 4 GiB; how many fields it has. Fields beyond the columns are counted, not kept.
    pub fn split(&mut self, record: &[u8], delimiter: u8, quote: Option<u8>) -> Result<usize, QuoteFault> {
        self.unescaped.clear();
        match quote.filter(|&quote| memchr::memchr(quote, record).is_some()) {
            None => Ok(split_plain(record, delimiter, &mut self.spans)),
            Some(quote) => split_quoted(record, delimiter, quote, &mut self.spans, &mut self.unescaped),
        }
    }

    /// The fields of the last record, which was `text` and had as many as there are columns.
    pub fn fields<'r>(&'r mut self, text: &'r str, binding: &'r Binding) -> RowFields<'r> {
        if self.unescaped.is_empty() {
            for (&slot, span) in binding.slots.iter().zip(&self.spans) {
                self.places.0[usize::from(slot) % SLOTS] = (span.start, span.end);
            }
            return RowFields::new(text, &self.places, binding);
        }
        self.rewritten.clear();
        for (&slot, span) in binding.slots.iter().zip(&self.spans) {
            let start = self.rewritten.len() as u32;
            self.rewritten.push_str(span.text(text, &self.unescaped));
            self.places.0[usize::from(slot) % SLOTS] = (start, self.rewritten.len() as u32);
        }
        RowFields::new(&self.rewritten, &self.places, binding)
    }

    /// What stands in a column of the last record, which was `text`.
    pub fn received<'t>(&'t self, column: usize, text: &'t str) -> &'t str {
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

/// Splits a record without quotes; returns the number of its fields. Fields beyond `spans` are counted, not kept.
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
    let mut words = record.chunks_exact(8);
    let mut offset = 0;
    for word in &mut words {
        let differing = u64::from_le_bytes(word.try_into().expect("eight bytes")) ^ pattern;
        // The high bit of each byte that equals the delimiter.
        let mut hits = !(((differing & LOW) + LOW) | differing | LOW);
        while hits != 0 {
            keep(offset + hits.trailing_zeros() as usize / 8);
            hits &= hits - 1;
        }
        offset += 8;
    }
    for (index, &byte) in words.remainder().iter().enumerate() {
        if byte == delimiter {
            keep(offset + index);
        }
    }
    keep(record.len());
    fields
}

/// Splits a record by RFC 4180. A quote counts at the start of a field only; after the closing quote only blanks may follow.
fn split_quoted(
    record: &[u8],
    delimiter: u8,
    quote: u8,
    spans: &mut [Span],
    unescaped: &mut Vec<u8>,
) -> Result<usize, QuoteFault> {
    unescaped.clear();
    let mut fields = 0;
    let mut at = 0;
    loop {
        let opening = at + blanks(&record[at..], delimiter, None);
        let (span, next) = if record.get(opening) == Some(&quote) {
            split_one_quoted(record, opening + 1, delimiter, quote, unescaped)?
        } else {
            let end = memchr::memchr(delimiter, &record[at..]).map_or(record.len(), |found| at + found);
            (Span { start: at as u32, end: end as u32, unescaped: false }, end)
        };
        if let Some(place) = spans.get_mut(fields) {
            *place = span;
        }
        fields += 1;
        if next == record.len() {
            return Ok(fields);
        }
        at = next + 1;
    }
}

/// A quoted field from `start`, the first byte inside the quotes: its span and the place of the delimiter after it.
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

/// How many bytes of white space `text` begins with, up to the end of the line or a `delimiter`, which may be a tab. Its encoding is a code
/// page or else UTF-8.
pub(super) fn blanks(text: &[u8], delimiter: u8, page: Option<&CodePage>) -> usize {
    let mut at = 0;
    loop {
        match &text[at..] {
            [b'\n', ..] => return at,
            [stop, ..] if *stop == delimiter => return at,
            [b' ' | b'\t'..=b'\r', ..] => at += 1,
            [byte, ..] if page.is_some_and(|page| page.is_blank(*byte)) => at += 1,
            [lead, ..] if *lead >= 0x80 && page.is_none() => {
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
        let fields = split_quoted(record.as_bytes(), b';', b'"', &mut spans, &mut unescaped)?;
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
        let mut spans = [Span::default(); 4];
        assert_eq!(split_quoted(b"a\t\t \"b\" \t\"c\"", b'\t', b'"', &mut spans, &mut Vec::new()), Ok(4));
    }

    #[test]
    fn plain_and_quoted_splitting_agree_without_quotes() {
        for record in
            ["", ";", "a", "a;b", ";;;;;;;;;", "0123456;89;01234567;", "ИВАНОВ;;ИВАН;1984-03-05", "\u{3b}\u{bb}\u{3a}\u{3c}"]
        {
            let mut plain = [Span::default(); 16];
            let mut quoted = [Span::default(); 16];
            let count = split_plain(record.as_bytes(), b';', &mut plain);
            assert_eq!(Ok(count), split_quoted(record.as_bytes(), b';', b'"', &mut quoted, &mut Vec::new()), "{record}");
            assert_eq!(plain, quoted, "{record}");
        }
    }

    #[test]
    fn more_fields_than_expected_are_counted() {
        let mut spans = [Span::default(); 2];
        assert_eq!(split_plain(b"a;b;c;d", b';', &mut spans), 4);
    }

    #[test]
    fn blanks_of_all_kinds_are_trimmed() {
        let values = [
            "",
            " ",
            " a ",
            "\u{A0}я\u{A0}",
            "Я",
            "Яя",
            "я\u{2003}",
            "a",
            "é",
            "\u{85}",
            "я\r",
            "\ta b",
            "ч ",
            "№",
            "\u{3000}№\u{1680}x",
        ];
        let layout = Layout::built_in("register").expect("built in");
        let binding = Binding::new(&layout, &[Some(Field::Surname), Some(Field::GivenName), Some(Field::Patronymic)]);
        let mut places = FieldPlaces::default();
        for (one, two, three) in
            values.iter().flat_map(|one| values.iter().flat_map(move |two| values.map(|three| (*one, *two, three))))
        {
            let text = format!("{one};{two};{three}");
            let starts = [0, one.len() + 1, one.len() + two.len() + 2, text.len() + 1].map(|start| start as u16);
            places.place(&starts, &binding);
            let fields = RowFields::new(&text, &places, &binding);
            let names = [Field::Surname, Field::GivenName, Field::Patronymic];
            assert_eq!(names.map(|name| fields.bytes(name)), [one, two, three].map(|value| value.trim().as_bytes()), "{text:?}");
            let found = names.map(|name| fields.get(name));
            assert_eq!(found, [one, two, three].map(str::trim), "{text:?}");
        }
    }
}
