//! First rows of a document as canonical fields, and misfits of all rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::misfits::{Misfit, Misfits};
use sverka_intake::{AnswerFamily, Layout, RowBytes, RowFault, RowFields, RowVisitor};
use sverka_model::Date;
use sverka_model::{Field, Table};
use sverka_text::visible;

/// Visitor of the rows of a document that shows the first rows and notes misfits.
pub(super) struct Sample<'t> {
    pub layout: &'t Layout,
    /// Number of columns of the document.
    pub columns: usize,
    /// Table of the records.
    pub table: Table,
    /// First row that is not shown.
    pub shown_rows: u64,
    /// First row of the current chunk.
    pub first_row: u64,
    /// Text to which rows are appended.
    pub shown: &'t mut String,
    /// Misfits.
    pub misfits: &'t mut Misfits,
    /// Texts about built-in layouts with another number of columns, by that number.
    pub others: BTreeMap<usize, String>,
    /// Number of records so far.
    pub records: u64,
}

impl Sample<'_> {
    /// Notes a misfit of a row.
    pub fn misfit(&mut self, misfit: Misfit, row: u64) {
        self.misfits.add(misfit, row);
    }

    /// Shows the fields of a record and notes their misfits.
    fn fields(&mut self, row: u64, part: u32, fields: RowFields<'_>) {
        let Some(record) = self.layout.records_of(self.table).nth(part as usize) else { return };
        let is_shown = row < self.shown_rows;
        if is_shown {
            let _ = writeln!(self.shown, "row {row}, {}", self.table);
        }
        for bound in &record.fields {
            let value = fields.get(bound.field);
            if is_shown && !value.is_empty() {
                let _ = writeln!(self.shown, "    {:<14} {}", bound.field.name(), visible(value));
            }
            if let Some(misfit) = misfit_of(bound.field, self.table, value, &fields) {
                self.misfit(misfit, row);
            }
        }
    }
}

impl Sample<'_> {
    /// Text about the built-in layouts of the same kind with a number of columns: the sender may use one of them.
    fn others_with(&mut self, columns: usize) -> &str {
        /// Most columns by which layouts of one kind differ.
        const MOST_MORE: usize = 8;
        let layout = self.layout;
        if columns.abs_diff(self.columns) > MOST_MORE {
            return "";
        }
        self.others.entry(columns).or_insert_with(|| {
            let is_other = |other: &Layout| {
                let same_kind = other.answers == layout.answers && other.answers != AnswerFamily::Findings;
                same_kind && other.delimited().is_some() && other.columns.len() == columns && other.name != layout.name
            };
            let names =
                Layout::built_in_names().filter_map(Layout::built_in).filter(is_other).map(|other| format!("`{}`", other.name));
            match names.collect::<Vec<_>>().join(" or ") {
                names if names.is_empty() => names,
                names => format!(", as many as layout {names} has"),
            }
        })
    }
}

impl RowVisitor for Sample<'_> {
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self.records += 1;
        let row = self.first_row + u64::from(at.line);
        match fields {
            Ok(fields) if fields.repeats_header(self.layout) => self.misfit(Misfit::plain("the row repeats the header"), row),
            Ok(fields) => {
                let oddities = fields.oddities();
                if oddities.quote_in_value {
                    self.misfit(Misfit::plain("a value that is not quoted has a quote inside"), row);
                }
                if oddities.row_in_value {
                    self.misfit(Misfit::plain("a value holds a line break and as many delimiters as a row"), row);
                }
                self.fields(row, at.part, fields);
            }
            Err(fault) => {
                let columns = self.columns;
                let shape = fault.fields.map(|found| Misfit {
                    kind: format!("another number of fields than {columns}"),
                    wording: format!("{found} fields instead of {columns}{}", self.others_with(found)),
                });
                let encoding = fault.encoding.then(|| Misfit::plain("bytes that have no meaning in the encoding"));
                let quote = fault.quote.then(|| Misfit::plain("a quote is not closed, or text follows it"));
                let flaw = fault.flaw.map(|flaw| Misfit::plain(flaw.to_string()));
                for misfit in [shape, encoding, quote, flaw].into_iter().flatten() {
                    self.misfit(misfit, row);
                }
            }
        }
    }
}

/// Misfit of a value, if a wrong layout may be the cause.
fn misfit_of(field: Field, table: Table, value: &str, fields: &RowFields<'_>) -> Option<Misfit> {
    if value.is_empty() {
        return field.required_in(table).then(|| Misfit::plain(format!("{field}: empty, and required")));
    }
    if field.is_date() && Date::parse(value.as_bytes(), fields.date_format(field)).is_none() {
        return Some(Misfit::plain(format!("{field}: no date of the layout's form")));
    }
    if field.is_code()
        && let Some(expected) = field.expected_code(value)
    {
        const LONGEST: usize = 20;
        let shown: String = value.chars().take(LONGEST).collect();
        let wording = format!("{field}: `{}` is no code; expected {expected}", visible(&shown));
        return Some(Misfit { kind: format!("{field}: no code; expected {expected}"), wording });
    }
    None
}
