//! Texts in windows-1251: CSV rows of the attachment family, and XML.
//!
//! A character that windows-1251 lacks becomes `?` in a CSV cell, and a character reference in XML, which loses nothing.

use sverka_formats::Encoding;
use sverka_model::Date;

const ENCODING: Encoding = Encoding::Windows1251;

/// Date as `YYYYMMDD`.
pub(super) fn yyyymmdd(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// Appends a text; calls `lacking` for each character that windows-1251 lacks.
fn encode(text: &str, out: &mut Vec<u8>, mut lacking: impl FnMut(char, &mut Vec<u8>)) {
    let mut rest = text;
    loop {
        let before = out.len();
        let Err(character) = ENCODING.encode(rest, out) else { return };
        // One byte stands for one character.
        let written: usize = rest.chars().take(out.len() - before).map(char::len_utf8).sum();
        lacking(character, out);
        rest = &rest[written + character.len_utf8()..];
    }
}

/// CSV rows with `;` between cells.
///
/// A value is quoted, an empty one is not. The readers of the family know no escapes, so a delimiter, a quote or a line break inside a value is
/// replaced.
#[derive(Debug, Default)]
pub(super) struct CsvRows {
    bytes: Vec<u8>,
    /// Whether the row in work has a cell already.
    in_row: bool,
}

impl CsvRows {
    /// Whether a text can be a cell as it is.
    pub(super) fn can_hold(text: &str) -> bool {
        !text.contains([';', '"']) && !text.contains(char::is_control) && ENCODING.encode(text, &mut Vec::new()).is_ok()
    }

    fn add_cell(&mut self, text: &str) {
        if self.in_row {
            self.bytes.push(b';');
        }
        self.in_row = true;
        if text.is_empty() {
            return;
        }
        let from = self.bytes.len() + 1;
        self.bytes.push(b'"');
        encode(text, &mut self.bytes, |_, out| out.push(b'?'));
        for byte in &mut self.bytes[from..] {
            match *byte {
                b'"' => *byte = b'\'',
                b';' | 0..=0x1F => *byte = b' ',
                _ => {}
            }
        }
        self.bytes.push(b'"');
    }

    /// Adds a row.
    pub(super) fn add_row(&mut self, cells: &[&str]) {
        cells.iter().for_each(|cell| self.add_cell(cell));
        self.bytes.extend_from_slice(b"\r\n");
        self.in_row = false;
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes of the rows.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Name and value of an XML attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a>(pub &'static str, pub &'a str);

/// Elements of an XML document, one on a line.
#[derive(Debug, Default)]
pub(crate) struct XmlText {
    bytes: Vec<u8>,
}

impl XmlText {
    /// Document without elements: the declaration.
    pub(crate) fn document() -> Self {
        Self { bytes: b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n".to_vec() }
    }

    /// Adds `<name a="…" …>`.
    pub(crate) fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.bytes.extend_from_slice(b">\n");
    }

    /// Adds `<name a="…" …/>`.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.bytes.extend_from_slice(b"/>\n");
    }

    /// Adds `</name>`.
    pub(crate) fn close(&mut self, name: &str) {
        self.bytes.extend_from_slice(format!("</{name}>\n").as_bytes());
    }

    /// Adds `<name>text</name>`.
    pub(crate) fn element(&mut self, name: &str, text: &str) {
        self.start(name, &[]);
        self.bytes.push(b'>');
        self.text(text);
        self.close(name);
    }

    /// Appends the elements of another text.
    pub(crate) fn append(&mut self, content: &Self) {
        self.bytes.extend_from_slice(&content.bytes);
    }

    fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.bytes.push(b'<');
        self.bytes.extend_from_slice(name.as_bytes());
        for Attribute(name, value) in attributes {
            self.bytes.extend_from_slice(format!(" {name}=\"").as_bytes());
            self.text(value);
            self.bytes.push(b'"');
        }
    }

    fn text(&mut self, text: &str) {
        let special = |character: char| matches!(character, '&' | '<' | '>' | '"') || character.is_control();
        for part in text.split_inclusive(special) {
            let last = part.chars().next_back().filter(|&last| special(last));
            let plain = &part[..part.len() - last.map_or(0, char::len_utf8)];
            encode(plain, &mut self.bytes, reference);
            match last {
                None => {}
                Some('&') => self.bytes.extend_from_slice(b"&amp;"),
                Some('<') => self.bytes.extend_from_slice(b"&lt;"),
                Some('>') => self.bytes.extend_from_slice(b"&gt;"),
                Some('"') => self.bytes.extend_from_slice(b"&quot;"),
                Some(control) => reference(control, &mut self.bytes),
            }
        }
    }

    /// Bytes of the text.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Appends a character reference, or `?` for a character that no XML document may hold.
fn reference(character: char, out: &mut Vec<u8>) {
    match character {
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push(b'?'),
        _ => out.extend_from_slice(format!("&#{};", u32::from(character)).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text in windows-1251.
    fn encoded(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        ENCODING.encode(text, &mut bytes).expect("characters of windows-1251");
        bytes
    }

    #[test]
    fn cells_hold_what_the_family_can_read() {
        let mut cells = CsvRows::default();
        cells.add_row(&["7", "", "ООО \"Ромашка\"; филиал", "Ө\n№ 1"]);
        cells.add_row(&["", ""]);
        assert_eq!(cells.into_bytes(), encoded("\"7\";;\"ООО 'Ромашка'  филиал\";\"? № 1\"\r\n;\r\n"));
    }

    #[test]
    fn an_identifier_is_written_as_it_is_or_not_at_all() {
        assert!(CsvRows::can_hold("C008-3") && CsvRows::can_hold("№ Ё"));
        assert!(["a;b", "a\"", "a\nb", "Ө"].iter().all(|text| !CsvRows::can_hold(text)));
    }

    #[test]
    fn xml_escapes_markup_and_refers_to_characters_that_the_encoding_lacks() {
        let mut xml = XmlText::default();
        xml.empty("A", &[Attribute("X", "Ёж & \"я\" <Ө>\n")]);
        xml.element("B", "\u{1}ok]]>");
        assert_eq!(xml.into_bytes(), encoded("<A X=\"Ёж &amp; &quot;я&quot; &lt;&#1256;&gt;&#10;\"/>\n<B>?ok]]&gt;</B>\n"));
    }

    #[test]
    fn dates_of_the_family_are_compact() {
        assert_eq!(yyyymmdd(Date::from_ymd(2026, 3, 7).expect("a date")), "20260307");
    }
}
