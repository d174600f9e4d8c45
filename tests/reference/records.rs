//! Accepted rows as records: named text values, a position, and the date of their source.

use std::collections::BTreeMap;

use super::dates::{self, Date};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    Register,
    Attachments,
}

/// Where a row stands. Ordered: register before attachments, then source name, then line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub table: Table,
    pub source: String,
    /// Physical line, from 1.
    pub line: usize,
}

/// Canonical values after the row checks; an absent value is an empty text.
#[derive(Clone, Debug)]
pub struct Record {
    pub position: Position,
    pub source_date: Option<Date>,
    pub values: BTreeMap<String, String>,
}

impl Record {
    pub fn get(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.as_str())
    }

    /// The field's date; the row checks have seen to it that a non-empty one is right.
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
