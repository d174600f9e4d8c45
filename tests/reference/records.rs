//! Accepted rows as records: named text values, a position, and the date of their source.

use std::collections::BTreeMap;

use super::dates::{self, Date};

/// The table of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    Register,
    Attachments,
}

/// The position of a row. Positions are ordered: register before attachments, then by source name, then by line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub table: Table,
    pub source: String,
    /// Physical line, from 1.
    pub line: usize,
}

/// An accepted row.
#[derive(Clone, Debug)]
pub struct Record {
    pub position: Position,
    pub source_date: Option<Date>,
    /// Canonical values after the row checks; an absent value is an empty text.
    pub values: BTreeMap<String, String>,
}

impl Record {
    pub fn get(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.as_str())
    }

    /// The field's date; `None` when the field is empty, because the row checks let only dates pass.
    pub fn date(&self, field: &str) -> Option<Date> {
        dates::parse(self.get(field))
    }

    pub fn birth_date(&self) -> Date {
        self.date("birth_date").expect("accepted records have a birth date")
    }

    /// The day on which the record starts to claim the person.
    pub fn start(&self) -> Date {
        let field = if self.position.table == Table::Register { "insured_from" } else { "attached_from" };
        self.date(field).expect("accepted records have a start")
    }
}
