//! Layouts: how a source's columns become canonical fields, as data.
//!
//! Knows the names of the canonical fields and nothing of what their values mean.

mod built_in;
mod faults;
mod first_line;
mod form;
mod header;
mod maps;
mod read;
#[cfg(test)]
mod tests;

pub use faults::{LayoutError, LayoutFault};
pub use first_line::FirstLine;
pub use form::{Delimited, Form, HeaderLine, Quotes};
pub use header::HeaderFault;

use sverka_formats::Encoding;
use sverka_formats::{latin_form, latin_pattern};
use sverka_model::DateFormat;
use sverka_model::{Field, Table};

/// How the sources of one kind are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Name for people.
    pub name: String,
    /// Patterns of the names of such files, for jobs that leave the layout to the name; letter case does not count.
    pub file_names: Vec<String>,
    /// How the characters of the sources are written; `None` when that is to be found out for each of them.
    pub encoding: Option<Encoding>,
    /// How rows and columns are written.
    pub form: Form,
    /// The sheet of a workbook; the first one with the header when the layout names none.
    pub sheet: Option<String>,
    /// The line of a sheet in which the header stands; the first one that is the layout's when that is not told.
    pub header_line: Option<u32>,
    /// The names of the columns, in the order of the layout.
    pub columns: Vec<String>,
    /// Whether a file may have more columns with names than these; they are skipped then.
    pub other_columns: bool,
    /// The records that one row gives, in their order.
    pub records: Vec<RecordLayout>,
    /// Whether a row may lack a surname or a given name, because the source has no sign for people who have one name alone.
    pub missing_names: bool,
    /// How the sender of such a source is answered.
    pub answers: AnswerFamily,
}

/// One record of a row: where its fields come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLayout {
    /// The table that it belongs to.
    pub table: Table,
    /// Fields one of which must be filled, or else the row gives no such record; always, when there are none.
    pub when: Vec<Field>,
    /// Its fields, each once.
    pub fields: Vec<FieldLayout>,
}

/// Where the values of a field come from, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// The field.
    pub field: Field,
    /// Its columns, as places in [`Layout::columns`]; what is not empty in several of them is joined.
    pub columns: Vec<usize>,
    /// What stands between joined values.
    pub join: String,
    /// Whether it is a part of the full name that stands in its column.
    pub is_split: bool,
    /// The value where the source has none.
    pub default: String,
    /// Words that mean "empty" once blanks around them are gone; the empty text always does and is not listed.
    pub empty_words: Vec<String>,
    /// How many digits its values have, where others of the column are something else and no value of the field.
    pub digits: Option<usize>,
    /// For code fields: values of the source and the canonical values they stand for. `#9` stands for all numbers of nine digits, and
    /// [`FieldLayout::ANY`] for all others.
    pub map: Vec<(String, String)>,
    /// How its dates are written.
    pub dates: DateFormat,
    /// Whether it is an end that names the last day of the interval; otherwise it is the first day after.
    pub end_is_last_day: bool,
}

impl RecordLayout {
    /// The column of the record's start when its ends stand in the same one: whether a date there is a start or an end, the action of the row tells.
    #[must_use]
    pub fn one_date(&self) -> Option<OneDate> {
        let column_of = |field: Field| {
            let of = self.fields.iter().find(|of| of.field == field)?;
            if let [column] = of.columns[..] { Some(column) } else { None }
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

/// Fields of one column, which is the start of a record or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneDate {
    /// The start, of all rows but the notices of ends.
    pub start: Field,
    /// The ends, of these notices.
    pub ends: Vec<Field>,
}

impl FieldLayout {
    /// The fields that a full name gives.
    pub const NAMES: [Field; 3] = [Field::Surname, Field::GivenName, Field::Patronymic];

    /// In a map: whatever is not empty and not mapped otherwise.
    pub const ANY: &str = "*";
}

/// In which form the sender of a source expects its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerFamily {
    /// Attachment CSV: `E2…`, `LO2…` and the notices `O2…`.
    Mo,
    /// Changes of the insured as XML lists: `REPLIST` and `FLK_P`.
    Oplist,
    /// Attachment XML of Vologda: `F…`.
    Att,
    /// Everything else: a plain table of findings.
    #[default]
    Findings,
}

impl AnswerFamily {
    /// The word that layouts and jobs use.
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
    /// How text with delimiters is written; `None` for other forms.
    #[must_use]
    pub fn delimited(&self) -> Option<&Delimited> {
        match &self.form {
            Form::Delimited(delimited) => Some(delimited),
            Form::Xml(_) | Form::Dbf => None,
        }
    }

    /// Whether rows give records of a table.
    #[must_use]
    pub fn gives(&self, table: Table) -> bool {
        self.records.iter().any(|record| record.table == table)
    }

    /// The tables that rows give records of.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        [Table::Register, Table::Attachments].into_iter().filter(|table| self.gives(*table))
    }

    /// The table or tables in words.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match (self.gives(Table::Register), self.gives(Table::Attachments)) {
            (true, true) => "register and attachments",
            (_, false) => Table::Register.name(),
            (false, true) => Table::Attachments.name(),
        }
    }

    /// The records of one table that a row gives, in their order.
    pub fn records_of(&self, table: Table) -> impl Iterator<Item = &RecordLayout> {
        self.records.iter().filter(move |record| record.table == table)
    }

    /// Whether files of this name are written like that.
    #[must_use]
    pub fn fits_name(&self, file_name: &str) -> bool {
        self.file_names.iter().any(|pattern| fits(pattern, file_name))
    }

    /// Whether files of this name are written like that if letters that look alike are equal, such as Cyrillic `МО2` and Latin `MO2`.
    #[must_use]
    pub fn fits_look_alike(&self, file_name: &str) -> bool {
        let latin = latin_form(file_name);
        self.file_names.iter().any(|pattern| fits(&latin_pattern(pattern), &latin))
    }
}

fn fits(pattern: &str, file_name: &str) -> bool {
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
    glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches_with(file_name, options))
}
