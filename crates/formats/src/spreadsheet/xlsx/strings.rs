//! The table of texts of a workbook, to which cells refer by numbers.

use crate::spreadsheet::archive::{Parts, broken};
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::limits::TEXTS_BYTES;
use crate::xml::XmlEvent;

/// Texts one behind the other.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads the part with the texts. A text in several fonts is one text. The pronunciation of Japanese is left out.
    pub fn read(parts: &Parts<'_>, part: &str) -> Result<Self, SpreadsheetFault> {
        let (mut events, mut strings) = (parts.events(part)?, Self::default());
        let (mut is_text, mut is_spoken, mut from) = (false, false, 0);
        while let Some(event) = events.next_event().map_err(broken(part))? {
            match event {
                XmlEvent::Text(text) if is_text => strings.text.push_str(text),
                XmlEvent::Start(tag) => match tag.name {
                    b"t" => is_text = !tag.is_empty && !is_spoken,
                    b"rPh" => is_spoken = !tag.is_empty,
                    b"si" if tag.is_empty => strings.end(from),
                    b"si" => from = strings.text.len(),
                    _ => {}
                },
                XmlEvent::End(b"t") => is_text = false,
                XmlEvent::End(b"rPh") => is_spoken = false,
                XmlEvent::End(b"si") => strings.end(from),
                _ => {}
            }
            if strings.text.len() + 4 * strings.ends.len() > TEXTS_BYTES {
                return Err(SpreadsheetFault::Texts);
            }
        }
        Ok(strings)
    }

    fn end(&mut self, from: usize) {
        if self.text[from.min(self.text.len())..].contains("_x") {
            let read = unescaped(&self.text[from..]);
            self.text.truncate(from);
            self.text.push_str(&read);
        }
        self.ends.push(self.text.len() as u32);
    }

    /// A text by its number.
    #[inline]
    pub fn get(&self, number: usize) -> Option<&str> {
        let to = *self.ends.get(number)? as usize;
        let from = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.text[from..to])
    }
}

/// A text in which `_x000D_` stands for a character that XML cannot hold.
pub(super) fn unescaped(text: &str) -> String {
    const DIGITS: usize = 4;
    let (mut read, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        read.push_str(before);
        let digits = escape.get(2..2 + DIGITS).filter(|_| escape[2 + DIGITS..].starts_with('_'));
        let number = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match number.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                read.push(character);
                rest = &escape[3 + DIGITS..];
            }
            None => {
                read.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    read.push_str(rest);
    read
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_are_characters_and_all_else_stays() {
        for (text, read) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xЖ000_", "_xЖ000_"),
            ("_x00", "_x00"),
            ("_x000", "_x000"),
            ("_xD800_", "_xD800_"),
            ("_x000D", "_x000D"),
            ("max_x", "max_x"),
        ] {
            assert_eq!(unescaped(text), read, "{text}");
        }
    }
}
