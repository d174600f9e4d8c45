//! Reading the fields of a record from the entries of a layout.

use toml::Spanned;

use super::super::maps::Maps;
use super::super::{FieldLayout, LayoutError, LayoutFault, RecordLayout};
use super::{EndDates, FieldEntry, LayoutFile, SPLIT_WITHOUT_COLUMN, Source, empty_words, twice};
use sverka_formats::line_at;
use sverka_model::{Field, Table};

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

/// The context in which entries of [[fields]] are read.
pub(super) struct FieldReading<'a> {
    pub source: &'a Source<'a>,
    pub written: &'a LayoutFile,
    pub columns: &'a [String],
    pub listed: Option<&'static str>,
}

impl<'a> FieldReading<'a> {
    /// The code maps.
    pub fn maps(&self) -> Maps<'a> {
        Maps(&self.written.maps)
    }

    /// The fields of a record: the fields of all records that its table has, and its `own`. `at` is the byte of the
    /// record in the layout.
    pub fn fields(&self, table: Table, own: &'a [Spanned<FieldEntry>], at: usize) -> Result<Vec<FieldLayout>, LayoutError> {
        let (mut fields, mut lines) = (Vec::new(), Vec::new());
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
                        lines.push(line_at(self.source.text, entry.span().start));
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
                let first_line: u64 = lines[first];
                return Err(fail(twice("field", field.name(), first_line)));
            }
            fields.push(read);
            lines.push(line_at(self.source.text, entry.span().start));
        }
        let missing = Field::ALL.iter().filter(|f| f.required_in(table) && !fields.iter().any(|of| of.field == **f));
        let missing: Vec<&str> = missing.map(|field| field.name()).collect();
        let gives_action = fields.iter().any(|of| of.field == Field::Action);
        let record = RecordLayout { table, when: Vec::new(), fields };
        if let Some(one) = record.one_date().filter(|_| !gives_action) {
            let line = record.fields.iter().position(|of| of.field == one.ends[0]).map_or(1, |index| lines[index]);
            return Err(LayoutError { file: self.source.file.to_owned(), line, fault: ONE_DATE_WITHOUT_ACTION });
        }
        let fields = record.fields;
        if !missing.is_empty() {
            return Err(self.source.error_at(at, LayoutFault::FieldsMissing { table, fields: missing.join(", ") }));
        }
        Ok(fields)
    }

    /// The parts of a full name; `column` is its index when entries are columns.
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

    /// One field; `column` is its index when entries are columns.
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
            map: self.maps().of_field(field),
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

/// The field with a name, if the table has it.
pub(super) fn field_of(table: Table, name: &str) -> Result<Field, LayoutFault> {
    let field = known_field(name, table)?;
    if field.stands_in(table) { Ok(field) } else { Err(LayoutFault::FieldElsewhere { field, table }) }
}
