//! Readable JSON: outer levels have one line for each entry, deeper levels share a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Number of levels with one line for each entry.
const LEVELS_IN_LINES: usize = 3;

/// JSON text of a value, with a line end.
///
/// # Errors
/// When JSON cannot express the value, for example a map with keys that are no texts.
pub fn json_text(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Shallow::default()))?;
    text.push(b'\n');
    Ok(text)
}

/// Formatter with lines down to a level.
#[derive(Default)]
struct Shallow<'f> {
    lines: PrettyFormatter<'f>,
    depth: usize,
}

impl Shallow<'_> {
    fn in_lines(&self) -> bool {
        self.depth <= LEVELS_IN_LINES
    }

    fn begin<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        match (self.in_lines(), bracket) {
            (true, b"{") => self.lines.begin_object(to),
            (true, _) => self.lines.begin_array(to),
            (false, _) => to.write_all(bracket),
        }
    }

    fn end<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        let in_lines = self.in_lines();
        self.depth -= 1;
        match (in_lines, bracket) {
            (true, b"}") => self.lines.end_object(to),
            (true, _) => self.lines.end_array(to),
            (false, _) => to.write_all(bracket),
        }
    }

    fn separate<W: ?Sized + Write>(to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }
}

impl Formatter for Shallow<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.begin(to, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.end(to, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if self.in_lines() { self.lines.begin_array_value(to, first) } else { Self::separate(to, first) }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        if self.in_lines() { self.lines.end_array_value(to) } else { Ok(()) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.begin(to, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.end(to, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if self.in_lines() { self.lines.begin_object_key(to, first) } else { Self::separate(to, first) }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        if self.in_lines() { self.lines.end_object_value(to) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::json_text;

    fn text(value: &Value) -> String {
        String::from_utf8(json_text(value).expect("JSON")).expect("UTF-8")
    }

    #[test]
    fn what_lies_deep_is_on_one_line() {
        let value = json!({"a": {"b": {"c": {"d": [1, {}], "e": {"f": "g"}}}}, "h": [], "i": [[[[2]]]]});
        let expected = "{\n  \"a\": {\n    \"b\": {\n      \"c\": {\"d\": [1, {}], \"e\": {\"f\": \"g\"}}\n    }\n  },\n  \"h\": [],\n  \
                        \"i\": [\n    [\n      [[2]]\n    ]\n  ]\n}\n";
        assert_eq!(text(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(expected).expect("JSON"), value);
    }

    #[test]
    fn nothing_is_short() {
        assert_eq!((text(&json!({})), text(&json!(null))), ("{}\n".to_owned(), "null\n".to_owned()));
    }
}
