//! The lines of a region's files, by position: their values, and their bytes as they are written.

use std::collections::BTreeMap;

use crate::reference::{self, Position, Table};
use crate::regions::{Region, SourceFile};

/// The lines of a region's sources.
pub struct Sources {
    lines: BTreeMap<Position, SourceLine>,
}

/// One physical line.
struct SourceLine {
    values: BTreeMap<String, String>,
    offset: usize,
    raw: Vec<u8>,
}

impl Sources {
    /// All lines of the region's files without the headers.
    pub fn from_region(region: &Region) -> Self {
        let mut lines = BTreeMap::new();
        for (table, files) in [(Table::Register, &region.registers), (Table::Attachments, &region.attachments)] {
            for file in files {
                for (line, content) in lines_of(file) {
                    lines.insert(Position { table, source: file.name.clone(), line }, content);
                }
            }
        }
        Self { lines }
    }

    /// A value as received, without the blanks around it; empty when the row has no such column.
    pub fn value(&self, position: &Position, field: &str) -> &str {
        self.lines[position].values.get(field).map_or("", String::as_str)
    }

    /// The lines with readable fields, each with its values by field.
    pub fn rows(&self) -> impl Iterator<Item = (&Position, &BTreeMap<String, String>)> {
        self.lines.iter().map(|(position, line)| (position, &line.values)).filter(|(_, values)| !values.is_empty())
    }

    /// Byte offset of the line in its file, and its bytes without the line end.
    pub fn raw(&self, position: &Position) -> (usize, &[u8]) {
        let line = &self.lines[position];
        (line.offset, &line.raw)
    }
}

fn lines_of(file: &SourceFile) -> Vec<(usize, SourceLine)> {
    let bytes = file.bytes();
    let mut offset = 0;
    let mut lines = Vec::new();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if let Some(row) = index.checked_sub(1).and_then(|row| file.rows.get(row)) {
            let fields = reference::fields_of_line(row, file.header.len()).unwrap_or_default();
            let values = file.header.iter().cloned().zip(fields).collect();
            let raw = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
            lines.push((index + 1, SourceLine { values, offset, raw }));
        }
        offset += line.len() + 1;
    }
    lines
}
