//! Second, slow reader of the rows of a text, for layouts with fields of single columns and quotes that are no escapes.

use crate::RowFault;
use crate::header::Header;
use crate::layout::{Delimited, Layout, Quotes};
use sverka_formats::Encoding;

use super::csv::fault_text;

/// Rows in the form of [`super::csv`].
pub(super) fn rows(text: &[u8], form: &Delimited, header: &Header, layout: &Layout) -> Vec<String> {
    let encoding = header.encoding.encoding;
    let width = if encoding.is_utf16() { 2 } else { 1 };
    let lines = lines(&text[header.data_from..header.data_to], encoding.name(), width);
    let (mut rows, mut number, mut offset) = (Vec::new(), 0, header.data_from);
    let mut index = 0;
    while index < lines.len() {
        let line = decoded(lines[index], encoding);
        let placed = |number: usize, offset: usize, row: &str| format!("{number}+{offset}.0: {row}");
        let (mut taken, mut parts) = (1, 1);
        match row_of(&line, form, header, layout) {
            _ if line.text.trim().is_empty() => {}
            Ok(row) => rows.push(placed(number, offset, &row)),
            Err(fault) => {
                // A byte without meaning does not change the end of a record.
                let is_whole = fault == fault_text(RowFault::ENCODING);
                let joined = if is_whole { None } else { joined(&lines[index..], encoding, form, header, layout) };
                if let Some(JoinedLines { count, row }) = joined {
                    taken = count;
                    rows.push(placed(number, offset, &row));
                } else {
                    let pieces = between_returns(lines[index], encoding);
                    let is_row = |piece: &&Piece| row_of(&piece.line, form, header, layout).is_ok() && piece.line.is_text;
                    let filled = || pieces.iter().filter(|piece| !piece.line.text.trim().is_empty());
                    if pieces.len() > 1 && filled().take(16).find(is_row).is_some() {
                        for (index, piece) in pieces.iter().enumerate() {
                            if !piece.line.text.trim().is_empty() {
                                let row = row_of(&piece.line, form, header, layout).unwrap_or_else(|fault| fault);
                                rows.push(placed(number + index, offset + piece.offset, &row));
                            }
                        }
                        parts = pieces.len();
                    } else {
                        rows.push(placed(number, offset, &fault));
                    }
                }
            }
        }
        offset += lines[index..index + taken].iter().map(|line| line.len()).sum::<usize>();
        index += taken;
        number += taken.max(parts);
    }
    rows
}

/// Characters of a line without its end.
struct Line {
    text: String,
    /// Whether all bytes have a meaning.
    is_text: bool,
}

fn decoded(line: &[u8], encoding: Encoding) -> Line {
    let mut text = String::new();
    let is_text = encoding.decode(line, &mut text);
    let without_feed = text.strip_suffix('\n').unwrap_or(&text);
    Line { text: without_feed.trim_end_matches('\r').to_owned(), is_text }
}

/// Piece of a line between carriage returns, with its first byte in the line.
struct Piece {
    offset: usize,
    line: Line,
}

/// Pieces of a line between carriage returns.
fn between_returns(line: &[u8], encoding: Encoding) -> Vec<Piece> {
    let text = decoded(line, encoding);
    let bytes_of = |part: &str| match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => 2 * part.encode_utf16().count(),
        Encoding::Utf8 => part.len(),
        _ => part.chars().count(),
    };
    let mut end = 0;
    let parts = text.text.split('\r').map(|part| {
        let from = end;
        // Replaced bytes have other lengths, so the end is found among the bytes.
        end = next_return(line, encoding, from).unwrap_or_else(|| from + bytes_of(part));
        Piece { offset: from, line: decoded(&line[from..end.min(line.len())], encoding) }
    });
    parts.collect()
}

/// First byte behind the next carriage return.
fn next_return(line: &[u8], encoding: Encoding, from: usize) -> Option<usize> {
    let width = if encoding.is_utf16() { 2 } else { 1 };
    let is_return = |unit: &[u8]| match encoding {
        Encoding::Utf16Le => unit == b"\r\0",
        Encoding::Utf16Be => unit == b"\0\r",
        _ => unit == b"\r",
    };
    line[from..].chunks(width).position(is_return).map(|unit| from + (unit + 1) * width)
}

/// Lines that are one record by RFC 4180.
struct JoinedLines {
    count: usize,
    row: String,
}

/// The first lines as one record, where quotes are stripped and the first line alone is no row.
fn joined(lines: &[&[u8]], encoding: Encoding, form: &Delimited, header: &Header, layout: &Layout) -> Option<JoinedLines> {
    let (quote, columns) = (char::from(form.quotes.stripped()?), header.columns.len());
    let by_standard = |text: &str| rfc4180(text, char::from(form.delimiter), quote);
    for count in 1..=lines.len().min(16) {
        let bytes = lines[..count].concat();
        if bytes.len() > 16 << 10 {
            return None;
        }
        let record = decoded(&bytes, encoding);
        let Some(values) = by_standard(&record.text) else { continue };
        let fits = count > 1 && (form.least_columns.min(columns)..=columns).contains(&values.len());
        let row = || if record.is_text { row_text(values, None, header, layout) } else { "!E".to_owned() };
        return fits.then(|| JoinedLines { count, row: row() });
    }
    None
}

/// Lines with their ends.
fn lines<'t>(text: &'t [u8], encoding: &str, width: usize) -> Vec<&'t [u8]> {
    let feed: &[u8] = match encoding {
        "utf-16le" => b"\n\0",
        "utf-16be" => b"\0\n",
        _ => b"\n",
    };
    let (mut lines, mut from) = (Vec::new(), 0);
    for (index, unit) in text.chunks(width).enumerate() {
        if unit == feed {
            let to = (index + 1) * width;
            lines.push(&text[from..to]);
            from = to;
        }
    }
    lines.extend((from < text.len()).then(|| &text[from..]));
    lines
}

/// Row of a line, or its fault.
fn row_of(line: &Line, form: &Delimited, header: &Header, layout: &Layout) -> Result<String, String> {
    let (delimiter, columns) = (char::from(form.delimiter), header.columns.len());
    let (row, stripped) = (line.text.as_str(), form.quotes.stripped().map(char::from));
    let values: Option<Vec<String>> = match form.quotes {
        Quotes::Rfc4180(quote) => rfc4180(row, delimiter, char::from(quote)),
        Quotes::None | Quotes::Stripped(_) => Some(row.split(delimiter).map(str::to_owned).collect()),
    };
    let fault = |quote, fields| Err(fault_text(RowFault { encoding: !line.is_text, quote, fields, flaw: None }));
    let Some(values) = values else { return fault(true, None) };
    let is_nothing = |value: &String| value.trim().trim_matches(stripped.unwrap_or(' ')).is_empty();
    let more_are_nothing =
        form.trailing_delimiters && values.len() <= columns + 16 && line.is_text && values.iter().skip(columns).all(is_nothing);
    let least = form.least_columns.min(columns);
    let fits = values.len() >= least && (values.len() <= columns || more_are_nothing);
    let standard = stripped.filter(|_| !fits || least < columns).and_then(|quote| rfc4180(row, delimiter, quote));
    let standard = standard.filter(|standard| standard.len() != values.len() && (least..=columns).contains(&standard.len()));
    if !fits && standard.is_none() {
        return fault(false, Some(values.len()));
    }
    if !line.is_text {
        return fault(false, None);
    }
    Ok(match standard {
        Some(values) => row_text(values, None, header, layout),
        None => row_text(values, stripped, header, layout),
    })
}

/// Text of a row with `|` between values. A `quote` is stripped from both ends of each value.
fn row_text(mut values: Vec<String>, quote: Option<char>, header: &Header, layout: &Layout) -> String {
    values.resize(header.columns.len(), String::new());
    let value_of = |layout_column: &usize| {
        let place = header.columns.iter().position(|column| column == &Some(*layout_column));
        let value = place.map_or("", |place| values[place].as_str());
        let value = quote.map_or(value, |quote| bare(value, quote)).trim();
        if value == "NULL" { "" } else { value }
    };
    let fields = layout.records[0].fields.iter().map(|field| value_of(&field.columns[0]));
    fields.collect::<Vec<_>>().join("|")
}

/// A value without one quote at either end.
fn bare(value: &str, quote: char) -> &str {
    let value = value.trim_ascii();
    let value = value.strip_prefix(quote).unwrap_or(value);
    value.strip_suffix(quote).unwrap_or(value)
}

/// Values of a row by RFC 4180, with blanks around quotes; `None` if the quotes are broken.
fn rfc4180(row: &str, delimiter: char, quote: char) -> Option<Vec<String>> {
    let is_blank = |sign: char| sign.is_whitespace() && sign != delimiter && sign != '\n';
    let (mut values, mut rest) = (Vec::new(), row);
    loop {
        let inside = rest.trim_start_matches(is_blank).strip_prefix(quote);
        let (value, behind) = match inside {
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
            Some(mut inside) => {
                let mut value = String::new();
                loop {
                    let (piece, behind) = inside.split_once(quote)?;
                    value.push_str(piece);
                    match behind.strip_prefix(quote) {
                        Some(behind) => {
                            value.push(quote);
                            inside = behind;
                        }
                        None => break (value, behind.trim_start_matches(is_blank)),
                    }
                }
            }
        };
        values.push(value);
        match behind.strip_prefix(delimiter) {
            Some(behind) => rest = behind,
            None if behind.is_empty() => return Some(values),
            None => return None,
        }
    }
}
