//! Tests of Parquet files: from other programs, written by the tests, and changed at random.

use super::*;

mod bombs;
mod bytes;
mod corpus;
mod made;

/// A line for each column and row of a file; columns that cannot be read are listed and left out.
fn report(bytes: &[u8]) -> Vec<String> {
    let file = match ParquetRows::open(bytes) {
        Ok(file) => file,
        Err(fault) => return vec![fault.to_string()],
    };
    let mut lines = Vec::new();
    let mut wanted = Vec::new();
    for (place, column) in file.columns().iter().enumerate() {
        match file.check(&[place]) {
            Ok(()) => {
                lines.push(format!("{}: {:?}", column.name, column.kind));
                wanted.push(place);
            }
            Err(fault) => lines.push(fault.to_string()),
        }
    }
    for group in 0..file.groups() {
        lines.push(format!("group of {}", file.group_rows(group)));
        lines.extend(group_lines(&file, group, &wanted));
    }
    lines
}

fn group_lines(file: &ParquetRows<'_>, group: usize, wanted: &[usize]) -> Vec<String> {
    let mut lines = Vec::new();
    let ended = file.rows(group, wanted, &mut |number: u64, values: ParquetValues<'_>| {
        let texts: Vec<String> = (0..wanted.len()).map(|place| text_or_bytes(values, place)).collect();
        lines.push(format!("{number}: {}", texts.join("|")));
    });
    lines.extend(ended.err().map(|fault| fault.to_string()));
    lines
}

fn text_or_bytes(values: ParquetValues<'_>, place: usize) -> String {
    values.text(place).map_or_else(|| format!("no UTF-8: {}", values.bytes(place).escape_ascii()), str::to_owned)
}
