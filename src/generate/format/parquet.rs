//! Rows as Parquet tables with canonical columns. The types of columns are mixed on purpose, as some programs write a code as an integer and
//! others as a text.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int8Builder, Int16Builder, Int32Builder, Int64Builder, LargeStringBuilder, StringBuilder,
    StringDictionaryBuilder, UInt16Builder,
};
use arrow::datatypes::{DataType, Field, Int8Type, Int32Type, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::CanonicalRow;
use sverka_model::{Date, DateFormat, Table};

/// Type of a column. Columns with values that may be damaged are texts.
#[derive(Clone, Copy)]
enum Type {
    Text,
    LargeText,
    /// Texts with a dictionary of few entries.
    SmallDictionary,
    /// Texts with a dictionary of many entries.
    Dictionary,
    Int8,
    Int16,
    UInt16,
    Int32,
    Int64,
    Date,
}

/// Columns of registers.
const REGISTER: [(&str, Type); 23] = [
    ("record_id", Type::LargeText),
    ("region", Type::SmallDictionary),
    ("insurer", Type::Int32),
    ("policy_kind", Type::Text),
    ("policy_number", Type::Text),
    ("enp", Type::Text),
    ("surname", Type::Dictionary),
    ("given_name", Type::Dictionary),
    ("patronymic", Type::LargeText),
    ("sex", Type::Text),
    ("birth_date", Type::Date),
    ("birth_place", Type::Dictionary),
    ("snils", Type::Text),
    ("doc_kind", Type::Int8),
    ("doc_number", Type::Text),
    ("citizenship", Type::SmallDictionary),
    ("category", Type::Int16),
    ("insured_from", Type::Text),
    ("insured_to", Type::Date),
    ("stopped_on", Type::Text),
    ("applied_on", Type::Date),
    ("reason", Type::SmallDictionary),
    ("death_date", Type::Date),
];

/// Columns of attachments.
const ATTACHMENTS: [(&str, Type); 20] = [
    ("record_id", Type::Text),
    ("clinic", Type::Int64),
    ("enp", Type::LargeText),
    ("policy_kind", Type::SmallDictionary),
    ("policy_number", Type::Text),
    ("snils", Type::Text),
    ("surname", Type::Text),
    ("given_name", Type::Dictionary),
    ("patronymic", Type::Dictionary),
    ("sex", Type::SmallDictionary),
    ("birth_date", Type::Text),
    ("doc_kind", Type::Text),
    ("doc_number", Type::LargeText),
    ("profile", Type::Int8),
    ("method", Type::UInt16),
    ("attached_from", Type::Text),
    ("attached_to", Type::Text),
    ("district", Type::Int64),
    ("department", Type::Int32),
    ("doctor_snils", Type::Text),
];

fn columns(table: Table) -> &'static [(&'static str, Type)] {
    match table {
        Table::Register => &REGISTER,
        Table::Attachments => &ATTACHMENTS,
    }
}

/// Schema of a table.
pub(in crate::generate) fn schema(table: Table) -> SchemaRef {
    let field = |&(name, of): &(&str, Type)| Field::new(name, of.data_type(), true);
    Arc::new(Schema::new(columns(table).iter().map(field).collect::<Vec<_>>()))
}

/// Rows of a table that are being gathered.
pub(in crate::generate) struct TableRows {
    schema: SchemaRef,
    columns: Vec<Column>,
}

impl TableRows {
    /// A table without rows.
    pub fn new(table: Table) -> Self {
        let columns = columns(table).iter().map(|&(_, of)| Column::new(of)).collect();
        Self { schema: schema(table), columns }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &CanonicalRow<'_>) {
        for (column, value) in self.columns.iter_mut().zip(row.texts()) {
            column.push(value);
        }
    }

    /// The rows. The table is without rows after that.
    pub fn take(&mut self) -> RecordBatch {
        let arrays = self.columns.iter_mut().map(Column::take).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).expect("invariant: every row has a value or null in each column")
    }
}

impl Type {
    fn data_type(self) -> DataType {
        let dictionary = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
        match self {
            Self::Text => DataType::Utf8,
            Self::LargeText => DataType::LargeUtf8,
            Self::SmallDictionary => dictionary(DataType::Int8),
            Self::Dictionary => dictionary(DataType::Int32),
            Self::Int8 => DataType::Int8,
            Self::Int16 => DataType::Int16,
            Self::UInt16 => DataType::UInt16,
            Self::Int32 => DataType::Int32,
            Self::Int64 => DataType::Int64,
            Self::Date => DataType::Date32,
        }
    }
}

enum Column {
    Text(StringBuilder),
    LargeText(LargeStringBuilder),
    SmallDictionary(StringDictionaryBuilder<Int8Type>),
    Dictionary(StringDictionaryBuilder<Int32Type>),
    Int8(Int8Builder),
    Int16(Int16Builder),
    UInt16(UInt16Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Date(Date32Builder),
}

/// Appends a number, or null for an empty value.
macro_rules! number {
    ($builder:ident, $value:ident) => {
        $builder.append_option((!$value.is_empty()).then(|| $value.parse().expect("invariant: codes that are damaged are texts")))
    };
}

impl Column {
    fn new(of: Type) -> Self {
        match of {
            Type::Text => Self::Text(StringBuilder::new()),
            Type::LargeText => Self::LargeText(LargeStringBuilder::new()),
            Type::SmallDictionary => Self::SmallDictionary(StringDictionaryBuilder::new()),
            Type::Dictionary => Self::Dictionary(StringDictionaryBuilder::new()),
            Type::Int8 => Self::Int8(Int8Builder::new()),
            Type::Int16 => Self::Int16(Int16Builder::new()),
            Type::UInt16 => Self::UInt16(UInt16Builder::new()),
            Type::Int32 => Self::Int32(Int32Builder::new()),
            Type::Int64 => Self::Int64(Int64Builder::new()),
            Type::Date => Self::Date(Date32Builder::new()),
        }
    }

    fn push(&mut self, value: &str) {
        let text = (!value.is_empty()).then_some(value);
        match self {
            Self::Text(builder) => builder.append_option(text),
            Self::LargeText(builder) => builder.append_option(text),
            Self::SmallDictionary(builder) => builder.append_option(text),
            Self::Dictionary(builder) => builder.append_option(text),
            Self::Int8(builder) => number!(builder, value),
            Self::Int16(builder) => number!(builder, value),
            Self::UInt16(builder) => number!(builder, value),
            Self::Int32(builder) => number!(builder, value),
            Self::Int64(builder) => number!(builder, value),
            Self::Date(builder) => builder.append_option(text.map(days)),
        }
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::LargeText(builder) => Arc::new(builder.finish()),
            Self::SmallDictionary(builder) => Arc::new(builder.finish()),
            Self::Dictionary(builder) => Arc::new(builder.finish()),
            Self::Int8(builder) => Arc::new(builder.finish()),
            Self::Int16(builder) => Arc::new(builder.finish()),
            Self::UInt16(builder) => Arc::new(builder.finish()),
            Self::Int32(builder) => Arc::new(builder.finish()),
            Self::Int64(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Number of days from 1970-01-01 to a date.
fn days(day: &str) -> i32 {
    let epoch = Date::from_ymd(1970, 1, 1).expect("a date of the calendar");
    Date::parse(day.as_bytes(), DateFormat::Iso).expect("invariant: dates that are damaged are texts").days() - epoch.days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::rows::{ATTACHMENT_COLUMNS, REGISTER_COLUMNS};

    #[test]
    fn columns_are_the_canonical_ones_in_the_order_of_rows() {
        for (table, names) in [(Table::Register, REGISTER_COLUMNS), (Table::Attachments, ATTACHMENT_COLUMNS)] {
            assert_eq!(columns(table).iter().map(|&(name, _)| name).collect::<Vec<_>>().join(";"), names);
        }
    }

    #[test]
    fn dates_count_from_1970() {
        assert_eq!([days("1970-01-01"), days("1969-12-31"), days("2000-03-01")], [0, -1, 11_017]);
    }
}
