//! Reading a layout from its TOML, with the line of whatever is wrong in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::identifier::DateFormat;
use crate::intake::encoding::Encoding;
use crate::reference::setting::{line_at, toml_problem};

use super::{Field, Layout, LayoutColumn, Table};

/// A layout that cannot be used: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct LayoutError {
    /// The file as the job names it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub fault: LayoutFault,
}

/// What is wrong with a layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutFault {
    /// TOML that does not fit.
    #[error("{problem}")]
    Toml {
        /// What the reader said.
        problem: String,
    },
    /// An encoding that is not read.
    #[error(
        "encoding `{encoding}` is unknown; known are {}. Without `encoding` it is detected for each source",
        known_encodings()
    )]
    Encoding {
        /// Its name.
        encoding: String,
    },
    /// A delimiter or quote that cannot be one.
    #[error("`{key}` is {value:?}; expected one ASCII character, no letter, digit, blank or line break{or}")]
    Byte {
        /// `delimiter` or `quote`.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What else may stand there.
        or: &'static str,
    },
    /// One character for two purposes.
    #[error("`delimiter` and `quote` are the same character; choose another, or `quote = \"\"` for none")]
    SameByte,
    /// A name that is no canonical field.
    #[error("unknown field `{field}`; fields of this table: {expected}")]
    FieldUnknown {
        /// The name.
        field: String,
        /// The fields that the table has.
        expected: String,
    },
    /// A field that the other table has.
    #[error("field `{field}` does not belong to the table `{table}`; remove it or skip its column")]
    FieldElsewhere {
        /// The field.
        field: Field,
        /// The layout's table.
        table: Table,
    },
    /// A field or a column that stands twice.
    #[error("{what} `{name}` stands already in line {first_line}; keep one")]
    Twice {
        /// `field` or `column`.
        what: &'static str,
        /// Its name.
        name: String,
        /// Where it stands first.
        first_line: u64,
    },
    /// Neither a field nor skipped, or both.
    #[error("an entry of [[fields]] has either `field` or `skip = true`")]
    FieldOrSkip,
    /// A skipped column that a header cannot be searched for.
    #[error("a skipped column of a layout with header needs its name; add `column`")]
    SkipWithoutColumn,
    /// Required fields that no column gives.
    #[error("required fields of the table `{table}` are missing: {fields}; add them to [[fields]]")]
    FieldsMissing {
        /// The layout's table.
        table: Table,
        /// Their names.
        fields: String,
    },
    /// A map of a field whose values are no codes, or that has no column.
    #[error("[maps.{field}] cannot be used: {why}")]
    Map {
        /// The name of the map.
        field: String,
        /// Why not.
        why: &'static str,
    },
    /// A map to something that is no value of the field.
    #[error("[maps.{field}] gives `{value}`; expected {expected}")]
    MapValue {
        /// The field.
        field: Field,
        /// What stands there.
        value: String,
        /// What may stand there.
        expected: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    table: Table,
    encoding: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    quote: Option<Spanned<String>>,
    header: bool,
    #[serde(default)]
    multiline: bool,
    dates: DateFormat,
    #[serde(default)]
    end_dates: EndDates,
    #[serde(default)]
    empty: Vec<String>,
    #[serde(default)]
    fields: Vec<Spanned<FieldEntry>>,
    #[serde(default)]
    maps: BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndDates {
    #[default]
    FirstDayAfter,
    LastDay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntry {
    field: Option<String>,
    column: Option<String>,
    #[serde(default)]
    empty: Vec<String>,
    #[serde(default)]
    skip: bool,
}

impl Layout {
    /// Reads a layout; `file_name` is its name in errors.
    ///
    /// # Errors
    /// The first thing that is wrong with it, with its line.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, LayoutError> {
        let source = Source { file: file_name, text };
        let written: LayoutFile = toml::from_str(text).map_err(|e| source.toml_error(&e))?;
        let encoding = source.encoding(written.encoding.as_ref())?;
        let delimiter = source.byte("delimiter", written.delimiter.as_ref(), b';')?.unwrap_or(b';');
        let quote = source.byte("quote", written.quote.as_ref(), b'"')?;
        if let (Some(place), true) = (written.quote.as_ref().or(written.delimiter.as_ref()), quote == Some(delimiter)) {
            return Err(source.error_at(place.span().start, LayoutFault::SameByte));
        }
        let columns = source.columns(written.table, written.header, &written.fields)?;
        let maps = source.maps(&columns, &written.maps)?;
        Ok(Self {
            name: written.name,
            table: written.table,
            encoding,
            delimiter,
            quote,
            header: written.header,
            multiline: written.multiline,
            dates: written.dates,
            end_is_last_day: written.end_dates == EndDates::LastDay,
            empty_words: empty_words(&written.empty),
            columns,
            maps,
        })
    }
}

fn known_encodings() -> String {
    Encoding::ALL.map(|encoding| format!("`{}`", encoding.name())).join(", ")
}

/// Values are compared after blanks around them are gone, and the empty text is always empty.
fn empty_words(written: &[String]) -> Vec<String> {
    written.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// A code field, and values of the source with the canonical values they stand for.
type FieldMap = (Field, Vec<(String, String)>);

struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn error_at(&self, at: usize, fault: LayoutFault) -> LayoutError {
        LayoutError { file: self.file.to_owned(), line: line_at(self.text, at), fault }
    }

    fn toml_error(&self, error: &toml::de::Error) -> LayoutError {
        let (line, problem) = toml_problem(self.text, error);
        LayoutError { file: self.file.to_owned(), line, fault: LayoutFault::Toml { problem } }
    }

    fn encoding(&self, declared: Option<&Spanned<String>>) -> Result<Option<Encoding>, LayoutError> {
        let Some(name) = declared else { return Ok(None) };
        let unknown = || self.error_at(name.span().start, LayoutFault::Encoding { encoding: name.get_ref().clone() });
        Encoding::from_name(name.get_ref()).map(Some).ok_or_else(unknown)
    }

    /// The byte of `delimiter` or `quote`; `None` only for an empty quote.
    fn byte(&self, key: &'static str, value: Option<&Spanned<String>>, default: u8) -> Result<Option<u8>, LayoutError> {
        let Some(value) = value else { return Ok(Some(default)) };
        let is_quote = key == "quote";
        match value.get_ref().as_bytes() {
            [] if is_quote => Ok(None),
            [byte @ b'\t'] if !is_quote => Ok(Some(*byte)),
            [byte] if byte.is_ascii_punctuation() => Ok(Some(*byte)),
            _ => {
                let or = if is_quote { ", or \"\" for none" } else { ", or a tab" };
                Err(self.error_at(value.span().start, LayoutFault::Byte { key, value: value.get_ref().clone(), or }))
            }
        }
    }

    fn columns(&self, table: Table, header: bool, entries: &[Spanned<FieldEntry>]) -> Result<Vec<LayoutColumn>, LayoutError> {
        let mut columns: Vec<LayoutColumn> = Vec::with_capacity(entries.len());
        for entry in entries {
            let column = column(table, header, entry.get_ref()).map_err(|fault| self.error_at(entry.span().start, fault))?;
            for (earlier, place) in columns.iter().zip(entries) {
                let first_line = line_at(self.text, place.span().start);
                let twice = if let (Some(field), true) = (column.field, column.field == earlier.field) {
                    LayoutFault::Twice { what: "field", name: field.name().to_owned(), first_line }
                } else if header && column.column == earlier.column {
                    LayoutFault::Twice { what: "column", name: column.column.clone(), first_line }
                } else {
                    continue;
                };
                return Err(self.error_at(entry.span().start, twice));
            }
            columns.push(column);
        }
        let present = |field: &Field| columns.iter().any(|column| column.field == Some(*field));
        let missing: Vec<&str> =
            (Field::ALL.iter().filter(|field| field.required_in(table) && !present(field))).map(|field| field.name()).collect();
        if !missing.is_empty() {
            return Err(self.error_at(0, LayoutFault::FieldsMissing { table, fields: missing.join(", ") }));
        }
        Ok(columns)
    }

    fn maps(
        &self,
        columns: &[LayoutColumn],
        written: &BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>,
    ) -> Result<Vec<FieldMap>, LayoutError> {
        let mut maps = Vec::with_capacity(written.len());
        for (name, map) in written {
            let unusable = |why| LayoutFault::Map { field: name.get_ref().clone(), why };
            let fail = |why| Err(self.error_at(name.span().start, unusable(why)));
            let Some(field) = Field::from_name(name.get_ref()) else { return fail("there is no such field") };
            if !field.is_code() {
                return fail("the field's values are no codes");
            }
            if !columns.iter().any(|column| column.field == Some(field)) {
                return fail("no entry of [[fields]] gives the field");
            }
            let mut values = Vec::with_capacity(map.len());
            for (from, to) in map {
                if let Some(expected) = not_canonical(field, to.get_ref()) {
                    let fault = LayoutFault::MapValue { field, value: to.get_ref().clone(), expected };
                    return Err(self.error_at(to.span().start, fault));
                }
                values.push((from.trim().to_owned(), to.get_ref().clone()));
            }
            maps.push((field, values));
        }
        maps.sort_by_key(|(field, _)| *field);
        Ok(maps)
    }
}

fn column(table: Table, header: bool, entry: &FieldEntry) -> Result<LayoutColumn, LayoutFault> {
    let field = match (&entry.field, entry.skip) {
        (Some(name), false) => Some(field_of(table, name)?),
        (None, true) => None,
        _ => return Err(LayoutFault::FieldOrSkip),
    };
    let named = entry.column.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let column = match (named, field) {
        (Some(name), _) => name.to_owned(),
        (None, Some(field)) => field.name().to_owned(),
        (None, None) if header => return Err(LayoutFault::SkipWithoutColumn),
        (None, None) => String::new(),
    };
    Ok(LayoutColumn { column, field, empty_words: empty_words(&entry.empty) })
}

fn field_of(table: Table, name: &str) -> Result<Field, LayoutFault> {
    let Some(field) = Field::from_name(name) else {
        let of_table = Field::ALL.iter().filter(|field| field.stands_in(table)).map(|field| field.name());
        return Err(LayoutFault::FieldUnknown { field: name.to_owned(), expected: of_table.collect::<Vec<_>>().join(", ") });
    };
    if field.stands_in(table) { Ok(field) } else { Err(LayoutFault::FieldElsewhere { field, table }) }
}

/// What a code field may contain, when `value` is something else.
fn not_canonical(field: Field, value: &str) -> Option<&'static str> {
    let number = value.parse::<u8>().ok().filter(|number| number.to_string() == value);
    let (fits, expected) = match field {
        Field::Sex => (matches!(number, Some(1..=2)), "1 or 2"),
        Field::PolicyKind | Field::Method => (matches!(number, Some(1..=3)), "1, 2 or 3"),
        Field::Profile => (matches!(number, Some(1..=5)), "1 to 5"),
        Field::Category => (matches!(number, Some(0..=14)), "0 to 14"),
        Field::Action => (matches!(value, "new" | "change" | "end"), "new, change or end"),
        _ => (!value.trim().is_empty() && value.trim() == value, "a code without blanks around it"),
    };
    (!fits).then_some(expected)
}
