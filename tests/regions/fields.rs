//! A row of values, and the header of its file.

use super::{Row, SourceFile};

/// A row whose values are found by field.
pub struct Fields<'r> {
    pub header: &'r [String],
    pub values: &'r mut Vec<String>,
}

impl Fields<'_> {
    pub fn column(&self, field: &str) -> Option<usize> {
        self.header.iter().position(|name| name == field)
    }

    pub fn get(&self, field: &str) -> String {
        self.column(field).map_or(String::new(), |column| self.values[column].clone())
    }

    pub fn set(&mut self, field: &str, value: &str) {
        if let Some(column) = self.column(field) {
            self.values[column] = value.to_string();
        }
    }
}

/// The rows of a file that have fields.
pub fn rows(file: &mut SourceFile) -> impl Iterator<Item = Fields<'_>> {
    let SourceFile { header, rows, .. } = file;
    let header: &[String] = header;
    rows.iter_mut().filter_map(move |row| match row {
        Row::Fields(values) => Some(Fields { header, values }),
        Row::Raw(_) => None,
    })
}
