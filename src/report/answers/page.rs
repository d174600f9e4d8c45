//! Texts in windows-1251: cells of the attachment CSV family, and XML.
//!
//! A character that the page lacks is a `?` in a cell, and a character reference in XML, which loses nothing.

use crate::formats::Encoding;
use crate::model::Date;

const PAGE: Encoding = Encoding::Windows1251;

/// `YYYYMMDD`, as the CSV family writes dates.
pub(super) fn compact(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// Appends a text; calls `lacking` for each character that the page does not have.
fn encode(text: &str, out: &mut Vec<u8>, mut lacking: impl FnMut(char, &mut Vec<u8>)) {
    let mut rest = text;
    loop {
        let before = out.len();
        let Err(character) = PAGE.encode(rest, out) else { return };
        // One byte a character.
        let written: usize = rest.chars().take(out.len() - before).map(char::len_utf8).sum();
        lacking(character, out);
        rest = &rest[written + character.len_utf8()..];
    }
}

/// Rows of cells between `;`. A value is quoted, an empty one is not; what stands for a delimiter, a quote or a line break inside of one is
/// replaced, since the family's readers know no escapes.
#[derive(Debug, Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    in_row: bool,
}

impl Cells {
    /// Whether a text can be a cell as it is.
    pub(super) fn can_hold(text: &str) -> bool {
        !text.contains([';', '"']) && !text.contains(char::is_control) && PAGE.encode(text, &mut Vec::new()).is_ok()
    }

    /// Adds a cell to the row.
    pub(super) fn cell(&mut self, text: &str) {
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

    /// Ends the row.
    pub(super) fn end_row(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.in_row = false;
    }

    /// A row of some cells.
    pub(super) fn row(&mut self, cells: &[&str]) {
        cells.iter().for_each(|cell| self.cell(cell));
        self.end_row();
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The rows.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Elements of an XML document, one a line.
#[derive(Debug, Default)]
pub(super) struct Xml {
    bytes: Vec<u8>,
}

impl Xml {
    /// An empty document with its declaration.
    pub(super) fn document() -> Self {
        Self { bytes: b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n".to_vec() }
    }

    /// `<name a="…" …>`.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.bytes.extend_from_slice(b">\n");
    }

    /// `<name a="…" …/>`.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.bytes.extend_from_slice(b"/>\n");
    }

    /// `</name>`.
    pub(super) fn close(&mut self, name: &str) {
        self.bytes.extend_from_slice(format!("</{name}>\n").as_bytes());
    }

    /// `<name>text</name>`.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        self.start(name, &[]);
        self.bytes.push(b'>');
        self.text(text);
        self.close(name);
    }

    /// Adds what another document holds.
    pub(super) fn append(&mut self, content: &Self) {
        self.bytes.extend_from_slice(&content.bytes);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.bytes.push(b'<');
        self.bytes.extend_from_slice(name.as_bytes());
        for (name, value) in attributes {
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

    /// The document.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A character by its number; a question mark for those that no document may hold.
fn reference(character: char, out: &mut Vec<u8>) {
    match character {
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push(b'?'),
        _ => out.extend_from_slice(format!("&#{};", u32::from(character)).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of windows-1251 as text.
    fn page(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        PAGE.encode(text, &mut bytes).expect("characters of the page");
        bytes
    }

    #[test]
    fn cells_hold_what_the_family_can_read() {
        let mut cells = Cells::default();
        cells.row(&["7", "", "ООО \"Ромашка\"; филиал", "Ө\n№ 1"]);
        cells.row(&["", ""]);
        assert_eq!(cells.into_bytes(), page("\"7\";;\"ООО 'Ромашка'  филиал\";\"? № 1\"\r\n;\r\n"));
    }

    #[test]
    fn an_identifier_is_written_as_it_is_or_not_at_all() {
        assert!(Cells::can_hold("C008-3") && Cells::can_hold("№ Ё"));
        assert!(["a;b", "a\"", "a\nb", "Ө"].iter().all(|text| !Cells::can_hold(text)));
    }

    #[test]
    fn xml_escapes_what_is_markup_and_refers_to_what_the_page_lacks() {
        let mut xml = Xml::default();
        xml.empty("A", &[("X", "Ёж & \"я\" <Ө>\n")]);
        xml.element("B", "\u{1}ok]]>");
        assert_eq!(xml.into_bytes(), page("<A X=\"Ёж &amp; &quot;я&quot; &lt;&#1256;&gt;&#10;\"/>\n<B>?ok]]&gt;</B>\n"));
    }

    #[test]
    fn dates_of_the_family_are_compact() {
        assert_eq!(compact(Date::from_ymd(2026, 3, 7).expect("a date")), "20260307");
    }
}
