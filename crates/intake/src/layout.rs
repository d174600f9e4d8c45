//! Layouts: how the columns of a source become canonical fields, written down as data.
//!
//! Knows the names of the canonical fields, but not the meaning of their values.

mod built_in;
mod faults;
mod first_line;
mod form;
mod header;
mod maps;
mod read;
mod sender;
#[cfg(test)]
mod tests;

pub use faults::{LayoutError, LayoutFault};
pub use first_line::FirstLine;
pub use form::{Delimited, Form, HeaderLine, Quotes};
pub use header::HeaderFault;
pub use sender::SenderName;

use sverka_formats::Encoding;
use sverka_formats::xml::Take;
use sverka_formats::{latin_key, latin_pattern};
use sverka_model::DateFormat;
use sverka_model::{Field, Table};

/// The layout of the sources of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Name for people.
    pub name: String,
    /// Patterns of the names of files in the layout, for jobs that choose the layout by name. Letter case does not
    /// count.
    pub file_names: Vec<String>,
    /// Patterns of the names of files that hold the code of the sender.
    pub sender_names: Vec<SenderName>,
    /// The encoding of the sources; `None` when it is detected for each source.
    pub encoding: Option<Encoding>,
    /// The form of rows and columns.
    pub form: Form,
    /// The sheet of a workbook; `None` for the first one with the header.
    pub sheet: Option<String>,
    /// The line of the header in a sheet; `None` for the first line with the names of the layout.
    pub header_line: Option<u32>,
    /// The names of the columns, in the order of the layout.
    pub columns: Vec<String>,
    /// Whether a file may have other columns, which are skipped.
    pub other_columns: bool,
    /// The records that one row gives, in their order.
    pub records: Vec<RecordLayout>,
    /// Whether a row may lack the surname or the given name, because the source has no sign for persons with a single name.
    pub missing_names: bool,
    /// The form of answers to the sender of a source in the layout.
    pub answers: AnswerFamily,
}

/// One record of a row, and the columns of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLayout {
    /// The table of the record.
    pub table: Table,
    /// Fields that give the record: one of them must be filled. A list without fields means always.
    pub when: Vec<Field>,
    /// Fields of the record, each once.
    pub fields: Vec<FieldLayout>,
}

/// The columns of a field, and how its values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// The field.
    pub field: Field,
    /// Columns of the field, as indices of [`Layout::columns`]. Values of several columns are joined, except for empty
    /// ones.
    pub columns: Vec<usize>,
    /// The text between joined values.
    pub join: String,
    /// Whether the field is a part of the full name in its column.
    pub is_split: bool,
    /// The value of an empty field.
    pub default: String,
    /// Texts that mean "empty" after trimming. The empty text always does and is not listed.
    pub empty_words: Vec<String>,
    /// Number of digits of the field's values. Other values in the column belong to another field.
    pub digits: Option<usize>,
    /// For code fields: source values, each with the canonical value that it stands for. `#9` is any number of nine digits, [`FieldLayout::ANY`] any other
    /// value.
    pub map: Vec<(String, String)>,
    /// The format of the field's dates.
    pub dates: DateFormat,
    /// Whether the field is an end that names the last day of an interval; otherwise an end is the first day after it.
    pub end_is_last_day: bool,
}

impl RecordLayout {
    /// The start and the ends of the record if they share one column, so that the action of a row tells whether its date is a start or an end.
    #[must_use]
    pub fn one_date(&self) -> Option<OneDate> {
        let column_of = |field: Field| {
            let layout_field = self.fields.iter().find(|layout_field| layout_field.field == field)?;
            if let [column] = layout_field.columns[..] { Some(column) } else { None }
        };
        let (start, ends): (Field, &[Field]) = match self.table {
            Table::Register => (Field::InsuredFrom, &[Field::InsuredTo, Field::StoppedOn]),
            Table::Attachments => (Field::AttachedFrom, &[Field::AttachedTo]),
        };
        let column = column_of(start)?;
        let ends: Vec<Field> = ends.iter().copied().filter(|end| column_of(*end) == Some(column)).collect();
        (!ends.is_empty()).then_some(OneDate { start, ends })
    }
}

/// The fields of a column with dates that are starts or ends of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneDate {
    /// The start, in all rows except notices of ends.
    pub start: Field,
    /// The ends, in notices of ends.
    pub ends: Vec<Field>,
}

impl FieldLayout {
    /// The fields that a full name gives.
    pub const NAMES: [Field; 3] = [Field::Surname, Field::GivenName, Field::Patronymic];

    /// Key in a map for any value that is neither empty nor mapped otherwise.
    pub const ANY: &str = "*";
}

/// The form of answers that the sender of a source expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerFamily {
    /// Attachment CSV: `E2…`, `LO2…` and the notices `O2…`.
    Mo,
    /// Changes of the insured as XML lists: `REPLIST` and `FLK_P`.
    Oplist,
    /// Attachment XML of Vologda: `F…`.
    Att,
    /// A plain table of findings, for all other sources.
    #[default]
    Findings,
}

impl AnswerFamily {
    /// Name in layouts and jobs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mo => "mo",
            Self::Oplist => "oplist",
            Self::Att => "att",
            Self::Findings => "findings",
        }
    }
}

impl Layout {
    /// The form of text with delimiters; `None` for other forms.
    #[must_use]
    pub fn delimited(&self) -> Option<&Delimited> {
        match &self.form {
            Form::Delimited(delimited) => Some(delimited),
            Form::Xml(_) | Form::Dbf => None,
        }
    }

    /// Whether the rows give records of a table.
    #[must_use]
    pub fn gives(&self, table: Table) -> bool {
        self.records.iter().any(|record| record.table == table)
    }

    /// The tables of the records that the rows give.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        [Table::Register, Table::Attachments].into_iter().filter(|table| self.gives(*table))
    }

    /// The names of the layout's tables, for people.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match (self.gives(Table::Register), self.gives(Table::Attachments)) {
            (true, true) => "register and attachments",
            (_, false) => Table::Register.name(),
            (false, true) => Table::Attachments.name(),
        }
    }

    /// The same layout with the records of one table alone.
    #[must_use]
    pub fn of_table(&self, table: Table) -> Self {
        let mut layout = self.clone();
        layout.records.retain(|record| record.table == table);
        layout
    }

    /// The same layout with the records of one table and one of their fields alone, for passes that look at nothing else.
    #[must_use]
    pub fn of_field(&self, table: Table, field: Field) -> Self {
        let mut layout = self.of_table(table);
        for record in &mut layout.records {
            record.fields.retain(|layout_field| layout_field.field == field);
            record.when.retain(|when| *when == field);
        }
        layout
    }

    /// Whether a field of all records of a table stands in the head of a document alone, so that all records have the same value.
    #[must_use]
    pub fn is_in_head(&self, table: Table, field: Field) -> bool {
        let Form::Xml(shape) = &self.form else { return false };
        let is_inherited = |column: &usize| shape.slots.get(*column).is_some_and(|slot| slot.take == Take::Inherited);
        let mut fields = self.records_of(table).flat_map(|record| &record.fields).filter(|known| known.field == field).peekable();
        fields.peek().is_some() && fields.all(|known| !known.columns.is_empty() && known.columns.iter().all(is_inherited))
    }

    /// The code of the sender in the name of a file, by the first pattern that fits.
    #[must_use]
    pub fn sender_in_name(&self, file_name: &str) -> Option<String> {
        self.sender_names.iter().find_map(|pattern| pattern.code_in(file_name))
    }

    /// The records of one table that a row gives, in their order.
    pub fn records_of(&self, table: Table) -> impl Iterator<Item = &RecordLayout> {
        self.records.iter().filter(move |record| record.table == table)
    }

    /// Whether a pattern of the layout fits a file name.
    #[must_use]
    pub fn fits_name(&self, file_name: &str) -> bool {
        self.file_names.iter().any(|pattern| fits(pattern, file_name))
    }

    /// Whether a pattern fits a file name when letters that look alike are equal, such as Cyrillic `МО2` and Latin `MO2`.
    #[must_use]
    pub fn fits_look_alike(&self, file_name: &str) -> bool {
        let latin = latin_key(file_name);
        self.file_names.iter().any(|pattern| fits(&latin_pattern(pattern), &latin))
    }
}

fn fits(pattern: &str, file_name: &str) -> bool {
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
    glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches_with(file_name, options))
}
