//! Reading a layout from its TOML, with the line of whatever is wrong in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::maps::{Maps, WrittenMaps};
use super::{
    AnswerFamily, Delimited, Field, FieldLayout, Form, HeaderLine, Layout, LayoutError, LayoutFault, Quotes, RecordLayout, Table,
};
use crate::identifier::DateFormat;
use crate::intake::binding::MOST_PARTS;
use crate::intake::encoding::Encoding;
use crate::intake::spreadsheet::limits::ROWS;
use crate::intake::xml::{Shape, ShapeParts, SlotParts, Take};
use crate::reference::setting::{line_at, toml_problem};

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

/// Where the columns of an XML source stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct XmlEntry {
    roots: Vec<String>,
    records: Vec<String>,
    #[serde(default)]
    skipped: Vec<String>,
    /// By column: paths in a record, of which the first that is there counts.
    columns: BTreeMap<String, Paths>,
    /// By column: paths outside of the records, whose values all records inherit.
    #[serde(default)]
    inherited: BTreeMap<String, Paths>,
    /// By column: paths in a record whose element may repeat. All values count, with a blank between.
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

/// What a value is taken apart into.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SplitInto {
    FullName,
}

impl FieldEntry {
    /// Whether the entry gives the fields of a full name from a column of this name, too.
    fn splits_same(&self, other: &Self) -> bool {
        self.split.is_some() && other.split.is_some() && self.column == other.column
    }
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
        let file_names = source.file_names(&written.file_names)?;
        let (columns, listed) = source.columns(&written)?;
        let form = source.form(&written, columns.len())?;
        let records = source.records(&written, &columns, listed)?;
        let other_columns = written.other_columns == OtherColumns::Skip;
        let header_line = source.header_line(written.header_line.as_ref())?;
        Ok(Self {
            name: written.name,
            file_names,
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

/// Values are compared after blanks around them are gone, and the empty text is always empty.
fn empty_words(written: &[String]) -> impl Iterator<Item = String> {
    written.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// A layout under reading.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// What is wrong at a byte.
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

    /// The names of the columns, and where they are listed when entries of fields are no columns themselves.
    fn columns(&self, written: &LayoutFile) -> Result<(Vec<String>, Option<&'static str>), LayoutError> {
        match (&written.xml, &written.columns) {
            (Some(_), Some(_)) => Err(self.keys("the columns of XML stand in [xml.columns]; remove `columns`")),
            (Some(xml), None) => {
                let XmlEntry { columns, inherited, repeated, .. } = xml.get_ref();
                let names: Vec<&String> = columns.keys().chain(inherited.keys()).chain(repeated.keys()).collect();
                if let Some((_, name)) = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
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

    /// Each entry of fields is a column, unless it gives a value that no column has.
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
            // Nobody would see a row that gives none of them.
            return Err(self.keys("of [[records]] of both tables one must do without `when`, so that every row gives a record"));
        }
        reading.maps().check(self, &records)?;
        for record in &records {
            let joined = record.fields.iter().filter(|of| of.columns.len() > 1).map(|of| of.columns.len()).sum::<usize>();
            if joined > MOST_PARTS {
                return Err(self.keys("too many columns are joined to fields; leave some out"));
            }
        }
        Ok(records)
    }
}

const ONE_FULL_NAME: LayoutFault = LayoutFault::Keys {
    problem: "a record has one full name; give `split` to one column, and the parts of other names by fields of their own",
};
const SPLIT_ALONE: LayoutFault = LayoutFault::Keys {
    problem: "`split = \"full_name\"` gives surname, given_name and patronymic of one `column`; leave `field`, `columns`, `value` and `skip` out",
};
const ONE_DATE_WITHOUT_ACTION: LayoutFault = LayoutFault::Keys {
    problem: "one column gives the start and the end of a record, and nothing tells which of the two it is; add the field `action` with the column of the \
              flag, and its values in [maps.action] (`new` and `end`)",
};

const SPLIT_WITHOUT_COLUMN: LayoutFault =
    LayoutFault::Keys { problem: "an entry with `split` needs the name of the column that holds the full name; add `column`" };

fn twice(what: &'static str, name: &str, first_line: u64) -> LayoutFault {
    LayoutFault::Twice { what, name: name.to_owned(), first_line }
}

/// What the entries of fields are read with.
struct FieldReading<'a> {
    source: &'a Source<'a>,
    written: &'a LayoutFile,
    columns: &'a [String],
    listed: Option<&'static str>,
}

impl<'a> FieldReading<'a> {
    fn maps(&self) -> Maps<'a> {
        Maps(&self.written.maps)
    }

    /// The fields of a record: those of all records that stand in its table, and its own. `at` is where the record stands.
    fn fields(&self, table: Table, own: &'a [Spanned<FieldEntry>], at: usize) -> Result<Vec<FieldLayout>, LayoutError> {
        let (mut fields, mut places) = (Vec::new(), Vec::new());
        let mut next_column = 0;
        let entries = || self.written.fields.iter().map(|entry| (entry, true)).chain(own.iter().map(|entry| (entry, false)));
        let mut full_name: Option<(usize, &FieldEntry)> = None;
        for (entry, is_shared) in entries() {
            let fail = |fault| self.source.error_in(entry, fault);
            let FieldEntry { field, skip, .. } = entry.get_ref();
            let repeated = full_name.filter(|(_, first)| first.splits_same(entry.get_ref())).map(|(column, _)| column);
            let column = repeated.unwrap_or(next_column);
            let is_column = entry.get_ref().value.is_none() || entry.get_ref().column.is_some();
            next_column += usize::from(is_column && repeated.is_none());
            if entry.get_ref().split.is_some() {
                let parts = self.full_name(entry.get_ref(), column).map_err(fail)?;
                if full_name.is_some_and(|(_, first)| !first.splits_same(entry.get_ref())) {
                    return Err(fail(ONE_FULL_NAME));
                }
                full_name = Some((column, entry.get_ref()));
                let by_itself = |field: Field| {
                    entries().any(|(other, _)| {
                        other.get_ref().split.is_none() && other.get_ref().field.as_deref() == Some(field.name())
                    })
                };
                for part in parts {
                    if !by_itself(part.field) && !fields.iter().any(|known: &FieldLayout| known.field == part.field) {
                        fields.push(part);
                        places.push(line_at(self.source.text, entry.span().start));
                    }
                }
                continue;
            }
            let field = match (field, skip) {
                (Some(name), false) => known_field(name, table).map_err(fail)?,
                (None, true) if self.listed.is_none() => continue,
                _ => return Err(fail(LayoutFault::FieldOrSkip)),
            };
            if !field.stands_in(table) {
                if is_shared && !self.written.records.is_empty() {
                    continue;
                }
                return Err(fail(LayoutFault::FieldElsewhere { field, table }));
            }
            let read = self.field(field, entry.get_ref(), column).map_err(fail)?;
            if let Some(first) = fields.iter().position(|first: &FieldLayout| first.field == field) {
                let first_line: u64 = places[first];
                return Err(fail(twice("field", field.name(), first_line)));
            }
            fields.push(read);
            places.push(line_at(self.source.text, entry.span().start));
        }
        let missing = Field::ALL.iter().filter(|f| f.required_in(table) && !fields.iter().any(|of| of.field == **f));
        let missing: Vec<&str> = missing.map(|field| field.name()).collect();
        let gives_action = fields.iter().any(|of| of.field == Field::Action);
        let record = RecordLayout { table, when: Vec::new(), fields };
        if let Some(one) = record.one_date().filter(|_| !gives_action) {
            let place = record.fields.iter().position(|of| of.field == one.ends[0]).map_or(1, |place| places[place]);
            return Err(LayoutError { file: self.source.file.to_owned(), line: place, fault: ONE_DATE_WITHOUT_ACTION });
        }
        let fields = record.fields;
        if !missing.is_empty() {
            return Err(self.source.error_at(at, LayoutFault::FieldsMissing { table, fields: missing.join(", ") }));
        }
        Ok(fields)
    }

    /// The parts of a full name; `column` is its place when entries are columns.
    fn full_name(&self, entry: &FieldEntry, column: usize) -> Result<[FieldLayout; 3], LayoutFault> {
        let is_name = |name: &String| FieldLayout::NAMES.iter().any(|field| field.name() == name);
        if !entry.field.as_ref().is_none_or(is_name) || entry.skip || entry.columns.is_some() || entry.value.is_some() {
            return Err(SPLIT_ALONE);
        }
        if entry.column.is_none() && self.listed.is_some() {
            return Err(SPLIT_WITHOUT_COLUMN);
        }
        let part = |field| Ok(FieldLayout { is_split: true, ..self.field(field, entry, column)? });
        let [surname, given_name, patronymic] = FieldLayout::NAMES;
        Ok([part(surname)?, part(given_name)?, part(patronymic)?])
    }

    /// One field; `column` is its place when entries are columns.
    fn field(&self, field: Field, entry: &FieldEntry, column: usize) -> Result<FieldLayout, LayoutFault> {
        let named = |name: &str| {
            let list = self.listed.unwrap_or("`columns`");
            let found = self.columns.iter().position(|column| column == name.trim());
            found.ok_or_else(|| LayoutFault::ColumnUnknown { column: name.to_owned(), list })
        };
        let columns = match (&entry.columns, &entry.column, &entry.value) {
            (Some(_), Some(_), _) => return Err(LayoutFault::Keys { problem: "either `column` or `columns`, not both" }),
            (Some(names), None, _) => names.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
            (None, None, Some(_)) => Vec::new(),
            (None, _, _) if self.listed.is_none() => vec![column],
            (None, Some(name), _) => vec![named(name)?],
            (None, None, None) => vec![named(field.name())?],
        };
        let written = self.written;
        Ok(FieldLayout {
            field,
            columns,
            join: entry.join.clone().unwrap_or_else(|| " ".to_owned()),
            is_split: false,
            default: entry.value.as_deref().unwrap_or_default().trim().to_owned(),
            empty_words: empty_words(&written.empty).chain(empty_words(&entry.empty)).collect(),
            digits: entry.digits,
            map: self.maps().of(field),
            dates: entry.dates.unwrap_or(written.dates),
            end_is_last_day: entry.end_dates.unwrap_or(written.end_dates) == EndDates::LastDay,
        })
    }
}

fn known_field(name: &str, table: Table) -> Result<Field, LayoutFault> {
    Field::from_name(name).ok_or_else(|| {
        let of_table = Field::ALL.iter().filter(|field| field.stands_in(table)).map(|field| field.name());
        LayoutFault::FieldUnknown { field: name.to_owned(), expected: of_table.collect::<Vec<_>>().join(", ") }
    })
}

fn field_of(table: Table, name: &str) -> Result<Field, LayoutFault> {
    let field = known_field(name, table)?;
    if field.stands_in(table) { Ok(field) } else { Err(LayoutFault::FieldElsewhere { field, table }) }
}
