//! One physical line of a file, cut into its fields, and the faults of its shape. Knows no field's meaning.

/// A line that was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    Blank,
    Fields(Vec<String>),
    /// The `ROW_` codes of a line that has no readable fields.
    Broken(Vec<&'static str>),
}

/// Reads the bytes of one line, without its line end.
pub fn read(bytes: &[u8], columns: usize) -> Line {
    let mut codes = Vec::new();
    if std::str::from_utf8(bytes).is_err() {
        codes.push("ROW_ENCODING");
    }
    let text = String::from_utf8_lossy(bytes);
    if text.trim().is_empty() {
        return Line::Blank;
    }
    match split(&text) {
        None => codes.push("ROW_QUOTE"),
        Some(fields) if fields.len() != columns => codes.push("ROW_SHAPE"),
        Some(fields) if codes.is_empty() => return Line::Fields(fields),
        Some(_) => {}
    }
    Line::Broken(codes)
}

/// Whether a field that is not quoted holds a quote (`QUOTE_IN_VALUE`); asked of lines with readable fields.
pub fn has_loose_quote(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut is_quoted = false;
    // A delimiter within quotes ends no field. A doubled quote closes and opens the quotes again, so it changes nothing.
    let fields = text.split(|character| {
        is_quoted ^= character == '"';
        character == ';' && !is_quoted
    });
    fields.map(str::trim_start).any(|field| field.contains('"') && !field.starts_with('"'))
}

/// The fields of a line; `None` when its quoting is broken.
fn split(text: &str) -> Option<Vec<String>> {
    let chars: Vec<char> = text.chars().collect();
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let mut field = String::new();
        let mut first = at;
        while first < chars.len() && chars[first].is_whitespace() {
            first += 1;
        }
        if first < chars.len() && chars[first] == '"' {
            at = quoted(&chars, first + 1, &mut field)?;
        } else {
            while at < chars.len() && chars[at] != ';' {
                field.push(chars[at]);
                at += 1;
            }
        }
        fields.push(field.trim().to_string());
        if at == chars.len() {
            return Some(fields);
        }
        at += 1;
    }
}

/// Reads a quoted field from behind its opening quote. Returns the place of the delimiter, or the end of the line; `None` for broken quoting.
fn quoted(chars: &[char], mut at: usize, field: &mut String) -> Option<usize> {
    loop {
        if at == chars.len() {
            return None;
        }
        if chars[at] == '"' {
            if at + 1 < chars.len() && chars[at + 1] == '"' {
                at += 1;
            } else {
                break;
            }
        }
        field.push(chars[at]);
        at += 1;
    }
    at += 1;
    while at < chars.len() && chars[at].is_whitespace() {
        at += 1;
    }
    if at < chars.len() && chars[at] != ';' { None } else { Some(at) }
}
