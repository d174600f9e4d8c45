//! A second, slow opinion on what the rows of a text are, for layouts whose fields are single columns and whose quotes are no escapes.

use crate::RowFault;
use crate::header::Header;
use crate::layout::{Delimited, Layout, Quotes};
use sverka_formats::Encoding;

use super::csv::told_fault;

/// The rows as [`super::csv`] tells them.
pub(super) fn rows(text: &[u8], form: &Delimited, header: &Header, layout: &Layout) -> Vec<String> {
    let encoding = header.encoding.encoding;
    let width = if encoding.is_utf16() { 2 } else { 1 };
    let lines = lines(&text[header.data_from..header.data_to], encoding.name(), width);
    let (mut rows, mut number, mut offset) = (Vec::new(), 0, header.data_from);
    let mut index = 0;
    while index < lines.len() {
        let line = decoded(lines[index], encoding);
        let told = |number: usize, offset: usize, row: &str| format!("{number}+{offset}.0: {row}");
        let (mut taken, mut parts) = (1, 1);
        match row_of(&line, form, header, layout) {
            _ if line.text.trim().is_empty() => {}
            Ok(row) => rows.push(told(number, offset, &row)),
            Err(fault) => {
                // A byte without meaning alone does not change where a record ends.
                let is_whole = fault == told_fault(RowFault::ENCODING);
                let joined = if is_whole { None } else { joined(&lines[index..], encoding, form, header, layout) };
                if let Some((count, row)) = joined {
                    taken = count;
                    rows.push(told(number, offset, &row));
                } else {
                    let pieces = between_returns(lines[index], encoding);
                    let is_row = |piece: &&(usize, Line)| row_of(&piece.1, form, header, layout).is_ok() && piece.1.is_text;
                    let filled = || pieces.iter().filter(|piece| !piece.1.text.trim().is_empty());
                    if pieces.len() > 1 && filled().take(16).find(is_row).is_some() {
                        for (place, (within, piece)) in pieces.iter().enumerate() {
                            if !piece.text.trim().is_empty() {
                                let row = row_of(piece, form, header, layout).unwrap_or_else(|fault| fault);
                                rows.push(told(number + place, offset + within, &row));
                            }
                        }
                        parts = pieces.len();
                    } else {
                        rows.push(told(number, offset, &fault));
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

/// The characters of a line without its end.
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

/// The parts of a line between carriage returns, with their places.
fn between_returns(line: &[u8], encoding: Encoding) -> Vec<(usize, Line)> {
    let text = decoded(line, encoding);
    let bytes_of = |part: &str| match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => 2 * part.encode_utf16().count(),
        Encoding::Utf8 => part.len(),
        _ => part.chars().count(),
    };
    let mut place = 0;
    let parts = text.text.split('\r').map(|part| {
        let from = place;
        // Replaced bytes have other lengths, so the place is that of the carriage return among the bytes.
        place = next_return(line, encoding, from).unwrap_or_else(|| from + bytes_of(part));
        (from, decoded(&line[from..place.min(line.len())], encoding))
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

/// The first lines as one record by RFC 4180, where quotes are taken off and the first line alone is no row: how many lines, and the row.
fn joined(lines: &[&[u8]], encoding: Encoding, form: &Delimited, header: &Header, layout: &Layout) -> Option<(usize, String)> {
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
        return fits.then(|| (count, if record.is_text { told_values(values, None, header, layout) } else { "!E".to_owned() }));
    }
    None
}

/// The lines with their ends.
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

/// The row of a line, or its fault.
fn row_of(line: &Line, form: &Delimited, header: &Header, layout: &Layout) -> Result<String, String> {
    let (delimiter, columns) = (char::from(form.delimiter), header.columns.len());
    let (row, stripped) = (line.text.as_str(), form.quotes.stripped().map(char::from));
    let values: Option<Vec<String>> = match form.quotes {
        Quotes::Rfc4180(quote) => rfc4180(row, delimiter, char::from(quote)),
        Quotes::None | Quotes::Stripped(_) => Some(row.split(delimiter).map(str::to_owned).collect()),
    };
    let fault = |quote, fields| Err(told_fault(RowFault { encoding: !line.is_text, quote, fields, flaw: None }));
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
        Some(values) => told_values(values, None, header, layout),
        None => told_values(values, stripped, header, layout),
    })
}

/// The values of a row as they are told, without a quote at either end if one is taken off.
fn told_values(mut values: Vec<String>, quote: Option<char>, header: &Header, layout: &Layout) -> String {
    values.resize(header.columns.len(), String::new());
    let value_of = |of: &usize| {
        let value = header.columns.iter().position(|column| column == &Some(*of)).map_or("", |place| values[place].as_str());
        let value = quote.map_or(value, |quote| bare(value, quote)).trim();
        if value == "NULL" { "" } else { value }
    };
    let fields = layout.records[0].fields.iter().map(|of| value_of(&of.columns[0]));
    fields.collect::<Vec<_>>().join("|")
}

/// A value without one quote at either end.
fn bare(value: &str, quote: char) -> &str {
    let value = value.trim_ascii();
    let value = value.strip_prefix(quote).unwrap_or(value);
    value.strip_suffix(quote).unwrap_or(value)
}

/// The values of a row by RFC 4180, with blanks around quotes; `None` when the quotes are broken.
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
