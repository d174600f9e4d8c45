//! Reading a layout from its TOML. Faults name the line.

mod fields;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use self::fields::{FieldReading, field_of};
use super::maps::WrittenMaps;
use super::{AnswerFamily, Delimited, Form, HeaderLine, Layout, LayoutError, LayoutFault, Quotes, RecordLayout, SenderName};
use crate::binding::MOST_PARTS;
use sverka_formats::Encoding;
use sverka_formats::spreadsheet::ROWS;
use sverka_formats::xml::{Shape, ShapeParts, SlotParts, Take};
use sverka_formats::{line_at, toml_problem};
use sverka_model::DateFormat;
use sverka_model::{Field, Table};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    #[serde(default)]
    file_names: Vec<Spanned<String>>,
    table: Option<Table>,
    #[serde(default)]
    format: Format,
    encoding: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    quote: Option<Spanned<String>>,
    #[serde(default)]
    quoting: Quoting,
    header: Option<Header>,
    sheet: Option<String>,
    header_line: Option<Spanned<u32>>,
    #[serde(default)]
    multiline: bool,
    least_columns: Option<usize>,
    #[serde(default)]
    trailing_delimiters: bool,
    #[serde(default)]
    other_columns: OtherColumns,
    dates: DateFormat,
    #[serde(default)]
    end_dates: EndDates,
    #[serde(default)]
    empty: Vec<String>,
    columns: Option<Vec<Spanned<String>>>,
    xml: Option<Spanned<XmlEntry>>,
    #[serde(default)]
    fields: Vec<Spanned<FieldEntry>>,
    #[serde(default)]
    records: Vec<Spanned<RecordEntry>>,
    #[serde(default)]
    maps: WrittenMaps,
    #[serde(default)]
    missing_names: bool,
    #[serde(default)]
    answers: AnswerFamily,
    sender: Option<SenderEntry>,
}

/// The place of the sender's code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderEntry {
    name: Spanned<Paths>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Delimited,
    Xml,
    Dbf,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Quoting {
    #[default]
    Rfc4180,
    Stripped,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "`header` is true, false, \"optional\" or \"skipped\"")]
enum Header {
    Known(bool),
    Word(HeaderWord),
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HeaderWord {
    Optional,
    Skipped,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OtherColumns {
    #[default]
    Refuse,
    Skip,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndDates {
    #[default]
    FirstDayAfter,
    LastDay,
}

/// The paths of the columns of an XML source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct XmlEntry {
    roots: Vec<String>,
    records: Vec<String>,
    #[serde(default)]
    skipped: Vec<String>,
    /// Paths in a record, by column. The first one that is there counts.
    columns: BTreeMap<String, Paths>,
    /// Paths outside of records, by column. All records inherit their values.
    #[serde(default)]
    inherited: BTreeMap<String, Paths>,
    /// Paths in a record to elements that may repeat, by column. All values count, with blanks between them.
    #[serde(default)]
    repeated: BTreeMap<String, Paths>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Paths {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordEntry {
    table: Table,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    fields: Vec<Spanned<FieldEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntry {
    field: Option<String>,
    column: Option<String>,
    columns: Option<Vec<String>>,
    join: Option<String>,
    value: Option<String>,
    #[serde(default)]
    empty: Vec<String>,
    digits: Option<usize>,
    dates: Option<DateFormat>,
    end_dates: Option<EndDates>,
    split: Option<SplitInto>,
    #[serde(default)]
    skip: bool,
}

/// The fields into which a value is split.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SplitInto {
    FullName,
}

impl FieldEntry {
    /// Whether both entries split the same column into the fields of a full name.
    fn splits_same(&self, other: &Self) -> bool {
        self.split.is_some() && other.split.is_some() && self.column == other.column
    }
}

impl Layout {
    /// Reads a layout; `file_name` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, LayoutError> {
        let source = Source { file: file_name, text };
        let written: LayoutFile = toml::from_str(text).map_err(|e| source.toml_error(&e))?;
        let encoding = source.encoding(written.encoding.as_ref())?;
        let file_names = source.file_names(&written.file_names)?;
        let sender_names = source.sender_names(written.sender.as_ref())?;
        let (columns, listed) = source.columns(&written)?;
        let form = source.form(&written, columns.len())?;
        let records = source.records(&written, &columns, listed)?;
        let other_columns = written.other_columns == OtherColumns::Skip;
        let header_line = source.header_line(written.header_line.as_ref())?;
        Ok(Self {
            name: written.name,
            file_names,
            sender_names,
            encoding,
            form,
            sheet: written.sheet,
            header_line,
            columns,
            other_columns,
            records,
            missing_names: written.missing_names,
            answers: written.answers,
        })
    }
}

/// The texts of `empty`, trimmed as values are; the empty text always counts and is left out.
fn empty_words(written: &[String]) -> impl Iterator<Item = String> {
    written.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// The text of a layout that is being read.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// A fault at a byte of the text.
    pub fn error_at(&self, at: usize, fault: LayoutFault) -> LayoutError {
        LayoutError { file: self.file.to_owned(), line: line_at(self.text, at), fault }
    }

    fn error_in<T>(&self, value: &Spanned<T>, fault: LayoutFault) -> LayoutError {
        self.error_at(value.span().start, fault)
    }

    fn toml_error(&self, error: &toml::de::Error) -> LayoutError {
        let (line, problem) = toml_problem(self.text, error);
        LayoutError { file: self.file.to_owned(), line, fault: LayoutFault::Toml { problem } }
    }

    fn keys(&self, problem: &'static str) -> LayoutError {
        self.error_at(0, LayoutFault::Keys { problem })
    }

    fn sender_names(&self, entry: Option<&SenderEntry>) -> Result<Vec<SenderName>, LayoutError> {
        let Some(SenderEntry { name }) = entry else { return Ok(Vec::new()) };
        let read = |pattern: &String| {
            let fault = |cause| LayoutFault::FileName { pattern: pattern.clone(), cause };
            SenderName::parse(pattern).map_err(|cause| self.error_in(name, fault(cause)))
        };
        match name.get_ref() {
            Paths::One(pattern) => Ok(vec![read(pattern)?]),
            Paths::Several(patterns) => patterns.iter().map(read).collect(),
        }
    }

    fn encoding(&self, declared: Option<&Spanned<String>>) -> Result<Option<Encoding>, LayoutError> {
        let Some(name) = declared else { return Ok(None) };
        let unknown = || self.error_in(name, LayoutFault::Encoding { encoding: name.get_ref().clone() });
        Encoding::from_name(name.get_ref()).map(Some).ok_or_else(unknown)
    }

    fn header_line(&self, written: Option<&Spanned<u32>>) -> Result<Option<u32>, LayoutError> {
        match written {
            Some(line) if *line.get_ref() == 0 || *line.get_ref() > ROWS => {
                Err(self
                    .error_in(line, LayoutFault::Keys { problem: "`header_line` is the number of a line of a sheet, from 1" }))
            }
            line => Ok(line.map(|line| *line.get_ref())),
        }
    }

    fn file_names(&self, written: &[Spanned<String>]) -> Result<Vec<String>, LayoutError> {
        let checked = |name: &Spanned<String>| match glob::Pattern::new(name.get_ref()) {
            Ok(_) => Ok(name.get_ref().clone()),
            Err(error) => Err(self.error_in(name, LayoutFault::FileName { pattern: name.get_ref().clone(), cause: error.msg })),
        };
        written.iter().map(checked).collect()
    }

    /// The names of the columns, and the key that lists them; `None` when each entry of [[fields]] is a column itself.
    fn columns(&self, written: &LayoutFile) -> Result<(Vec<String>, Option<&'static str>), LayoutError> {
        match (&written.xml, &written.columns) {
            (Some(_), Some(_)) => Err(self.keys("the columns of XML stand in [xml.columns]; remove `columns`")),
            (Some(xml), None) => {
                let XmlEntry { columns, inherited, repeated, .. } = xml.get_ref();
                let names: Vec<&String> = columns.keys().chain(inherited.keys()).chain(repeated.keys()).collect();
                if let Some((_, name)) = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
                    return Err(self.error_in(xml, twice("column", name, line_at(self.text, xml.span().start))));
                }
                Ok((names.into_iter().cloned().collect(), Some("[xml.columns]")))
            }
            (None, Some(columns)) => {
                for (index, column) in columns.iter().enumerate() {
                    if let Some(first) = columns[..index].iter().find(|first| first.get_ref() == column.get_ref()) {
                        let first_line = line_at(self.text, first.span().start);
                        return Err(self.error_in(column, twice("column", column.get_ref(), first_line)));
                    }
                }
                Ok((columns.iter().map(|column| column.get_ref().trim().to_owned()).collect(), Some("`columns`")))
            }
            (None, None) => self.columns_of_entries(written).map(|columns| (columns, None)),
        }
    }

    /// The columns of a layout without a list of columns: each entry of [[fields]] is one, unless it gives a constant value.
    fn columns_of_entries(&self, written: &LayoutFile) -> Result<Vec<String>, LayoutError> {
        let header = written.header.is_some_and(|header| header == Header::Known(true));
        let mut columns: Vec<(String, &Spanned<FieldEntry>)> = Vec::with_capacity(written.fields.len());
        for entry in &written.fields {
            let FieldEntry { field, column, columns: several, value, skip, split, .. } = entry.get_ref();
            if columns.iter().any(|(_, earlier)| earlier.get_ref().splits_same(entry.get_ref())) {
                continue;
            }
            if several.is_some() {
                let problem = "several columns of one field need the list of all: add `columns` at the top of the layout";
                return Err(self.error_in(entry, LayoutFault::Keys { problem }));
            }
            if value.is_some() && column.is_none() {
                continue;
            }
            let named = column.as_deref().map(str::trim).filter(|name| !name.is_empty());
            let name = match (named, field) {
                (Some(name), _) => name.to_owned(),
                (None, Some(field)) => field.clone(),
                (None, None) if *skip && header => return Err(self.error_in(entry, LayoutFault::SkipWithoutColumn)),
                (None, None) if split.is_some() && header => return Err(self.error_in(entry, SPLIT_WITHOUT_COLUMN)),
                (None, None) => String::new(),
            };
            let earlier = columns.iter().find(|(earlier, _)| header && *earlier == name);
            let same_field = |first: &Spanned<FieldEntry>| first.get_ref().field.is_some() && first.get_ref().field == *field;
            if let Some((_, first)) = earlier.filter(|(_, first)| !same_field(first)) {
                let first_line = line_at(self.text, first.span().start);
                return Err(self.error_in(entry, twice("column", &name, first_line)));
            }
            columns.push((name, entry));
        }
        Ok(columns.into_iter().map(|(name, _)| name).collect())
    }

    fn form(&self, written: &LayoutFile, columns: usize) -> Result<Form, LayoutError> {
        match (written.format, &written.xml) {
            (Format::Dbf, None) => Ok(Form::Dbf),
            (Format::Xml, None) => Err(self.keys("`format = \"xml\"` needs [xml] with roots, records and columns")),
            (Format::Xml | Format::Delimited, Some(xml)) => self.xml(xml).map(Form::Xml),
            (Format::Dbf, Some(xml)) => {
                Err(self.error_in(xml, LayoutFault::Keys { problem: "[xml] and `format = \"dbf\"` do not go together" }))
            }
            (Format::Delimited, None) => self.delimited(written, columns).map(Form::Delimited),
        }
    }

    fn xml(&self, entry: &Spanned<XmlEntry>) -> Result<ShapeParts, LayoutError> {
        let XmlEntry { roots, records, skipped, columns, inherited, repeated } = entry.get_ref();
        let slot = |paths: &Paths, take| SlotParts {
            paths: match paths {
                Paths::One(path) => vec![path.clone()],
                Paths::Several(paths) => paths.clone(),
            },
            take,
        };
        let own = columns.values().map(|paths| slot(paths, Take::First));
        let inherited = inherited.values().map(|paths| slot(paths, Take::Inherited));
        let slots = own.chain(inherited).chain(repeated.values().map(|paths| slot(paths, Take::All))).collect();
        let parts = ShapeParts { roots: roots.clone(), records: records.clone(), slots, skipped: skipped.clone() };
        Shape::new(&parts).map_err(|fault| self.error_in(entry, LayoutFault::Shape { fault }))?;
        Ok(parts)
    }

    fn delimited(&self, written: &LayoutFile, columns: usize) -> Result<Delimited, LayoutError> {
        let delimiter = self.byte("delimiter", written.delimiter.as_ref(), b';')?.unwrap_or(b';');
        let quote = self.byte("quote", written.quote.as_ref(), b'"')?;
        if let (Some(place), true) = (written.quote.as_ref().or(written.delimiter.as_ref()), quote == Some(delimiter)) {
            return Err(self.error_in(place, LayoutFault::SameByte));
        }
        let quotes = match (quote, written.quoting) {
            (None, _) => Quotes::None,
            (Some(quote), Quoting::Rfc4180) => Quotes::Rfc4180(quote),
            (Some(quote), Quoting::Stripped) => Quotes::Stripped(quote),
        };
        if written.multiline && quotes.stripped().is_some() {
            return Err(self.keys("`multiline` needs quotes as in RFC 4180; remove `quoting` or `multiline`"));
        }
        let header = match written.header {
            None => return Err(self.keys("missing field `header`: true, false, \"optional\" or \"skipped\"")),
            Some(Header::Known(true)) => HeaderLine::Due,
            Some(Header::Known(false)) => HeaderLine::None,
            Some(Header::Word(HeaderWord::Optional)) => HeaderLine::Optional,
            Some(Header::Word(HeaderWord::Skipped)) => HeaderLine::Skipped,
        };
        let least_columns = written.least_columns.unwrap_or(columns).min(columns);
        let (multiline, trailing_delimiters) = (written.multiline, written.trailing_delimiters);
        Ok(Delimited { delimiter, quotes, header, multiline, least_columns, trailing_delimiters })
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
                Err(self.error_in(value, LayoutFault::Byte { key, value: value.get_ref().clone(), or }))
            }
        }
    }

    fn records(
        &self,
        written: &LayoutFile,
        columns: &[String],
        listed: Option<&'static str>,
    ) -> Result<Vec<RecordLayout>, LayoutError> {
        let reading = FieldReading { source: self, written, columns, listed };
        let records = match (written.table, written.records.as_slice()) {
            (None, []) => {
                return Err(self.keys("missing field `table`: register or attachments, or else [[records]] with one each"));
            }
            (Some(_), [_, ..]) => {
                return Err(self.keys("`table` and [[records]] do not go together; each of [[records]] has its own"));
            }
            (Some(table), []) => vec![RecordLayout { table, when: Vec::new(), fields: reading.fields(table, &[], 0)? }],
            (None, records) => {
                if listed.is_none() {
                    return Err(self.keys("[[records]] need the list of all columns: add `columns` at the top of the layout"));
                }
                let record = |entry: &Spanned<RecordEntry>| {
                    let RecordEntry { table, when, fields } = entry.get_ref();
                    let fields = reading.fields(*table, fields, entry.span().start)?;
                    let when = when.iter().map(|name| field_of(*table, name)).collect::<Result<_, _>>();
                    let when = when.map_err(|fault| self.error_in(entry, fault))?;
                    Ok(RecordLayout { table: *table, when, fields })
                };
                records.iter().map(record).collect::<Result<_, LayoutError>>()?
            }
        };
        let shared = |field: Field| records.iter().any(|record| field.stands_in(record.table));
        for entry in &written.fields {
            let field = entry.get_ref().field.as_deref().and_then(Field::from_name);
            if let Some(field) = field.filter(|field| !shared(*field)) {
                return Err(self.error_in(entry, LayoutFault::FieldElsewhere { field, table: records[0].table }));
            }
        }
        let of_one_table = records.iter().all(|record| record.table == records[0].table);
        if !of_one_table && records.iter().all(|record| !record.when.is_empty()) {
            // A row that gives none of them would be lost without a trace.
            return Err(self.keys("of [[records]] of both tables one must do without `when`, so that every row gives a record"));
        }
        reading.maps().check(self, &records)?;
        for record in &records {
            let joined = record
                .fields
                .iter()
                .filter(|layout_field| layout_field.columns.len() > 1)
                .map(|layout_field| layout_field.columns.len())
                .sum::<usize>();
            if joined > MOST_PARTS {
                return Err(self.keys("too many columns are joined to fields; leave some out"));
            }
        }
        Ok(records)
    }
}

const SPLIT_WITHOUT_COLUMN: LayoutFault =
    LayoutFault::Keys { problem: "an entry with `split` needs the name of the column that holds the full name; add `column`" };

fn twice(what: &'static str, name: &str, first_line: u64) -> LayoutFault {
    LayoutFault::Twice { what, name: name.to_owned(), first_line }
}
