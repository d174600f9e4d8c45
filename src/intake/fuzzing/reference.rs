//! A second, slow opinion on what the rows of a text are, for layouts whose fields are single columns and whose quotes are no escapes.

use crate::intake::chunk::RowFault;
use crate::intake::header::Header;
use crate::intake::layout::{Delimited, Layout, Quotes};

use super::csv::told_fault;

/// The rows as [`super::csv`] tells them.
pub(super) fn rows(text: &[u8], form: &Delimited, header: &Header, layout: &Layout) -> Vec<String> {
    let encoding = header.encoding.encoding;
    let width = if encoding.is_utf16() { 2 } else { 1 };
    let (mut rows, mut offset, mut decoded) = (Vec::new(), header.data_from, String::new());
    for (number, line) in lines(&text[header.data_from..], encoding.name(), width).into_iter().enumerate() {
        let begins = offset;
        offset += line.len();
        let is_text = encoding.decode(line, &mut decoded);
        let without_feed = decoded.strip_suffix('\n').unwrap_or(&decoded);
        let row = without_feed.strip_suffix('\r').unwrap_or(without_feed);
        if row.trim().is_empty() {
            continue;
        }
        let place = format!("{number}+{begins}.0: ");
        rows.push(place + &row_of(row, is_text, form, header, layout));
    }
    rows
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

fn row_of(row: &str, is_text: bool, form: &Delimited, header: &Header, layout: &Layout) -> String {
    let values: Option<Vec<String>> = match form.quotes {
        Quotes::Rfc4180(quote) => rfc4180(row, char::from(form.delimiter), char::from(quote)),
        Quotes::None | Quotes::Stripped(_) => Some(row.split(char::from(form.delimiter)).map(str::to_owned).collect()),
    };
    let fault = |quote, fields| told_fault(RowFault { encoding: !is_text, quote, fields });
    let Some(mut values) = values else { return fault(true, None) };
    let columns = header.columns.len();
    let is_nothing = |value: &String| value.trim().trim_matches(form.quotes.stripped().map_or(' ', char::from)).is_empty();
    let more_are_nothing =
        form.trailing_delimiters && values.len() <= columns + 16 && is_text && values.iter().skip(columns).all(is_nothing);
    if values.len() < form.least_columns.min(columns) || (values.len() > columns && !more_are_nothing) {
        return fault(false, Some(values.len()));
    }
    if !is_text {
        return fault(false, None);
    }
    values.resize(columns, String::new());
    let value_of = |of: &usize| {
        let value = header.columns.iter().position(|column| column == &Some(*of)).map_or("", |place| values[place].as_str());
        let value = form.quotes.stripped().map_or(value, |quote| bare(value, char::from(quote)));
        let value = value.trim();
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
