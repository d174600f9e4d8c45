//! Text tables with the number of rows below.

use std::io::{self, Write};

use crate::text_table::{Column, render};
use sverka_text::with_thousands;

/// Writes rows as a text table, and below it the number of rows that are shown, out of `rows_total`.
pub(crate) fn write_text_table(
    out: &mut dyn Write,
    columns: &[Column],
    rows: &[Vec<String>],
    rows_total: usize,
    width: Option<usize>,
) -> io::Result<()> {
    out.write_all(render(columns, rows, width).as_bytes())?;
    let counted = |rows: usize| with_thousands(rows as u64);
    match (rows.len(), rows_total) {
        (shown, total) if shown < total => {
            writeln!(out, "{} of {} rows; --limit 0 shows all", counted(shown), counted(total))
        }
        (_, 1) => writeln!(out, "1 row"),
        (_, total) => writeln!(out, "{} rows", counted(total)),
    }
}
