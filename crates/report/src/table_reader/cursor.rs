//! Rows of a table one after another.

use arrow::array::{Array, AsArray, RecordBatch, RecordBatchReader as _};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::{ReadError, ReadProblem, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

/// Rows that are read at a time.
const BATCH_ROWS: usize = 8192;

/// Column that a [`RowCursor`] reads. `columns!` declares it.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Index in the list of columns that the cursor was opened with.
    pub index: usize,
    /// Name in the table.
    pub name: &'static str,
    /// Type in the table, checked when the cursor is opened.
    pub column_type: ColumnType,
}

impl AsRef<str> for Column {
    fn as_ref(&self) -> &str {
        self.name
    }
}

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text in UTF-8.
    Text,
    /// Whole number of 32 bits.
    Int32,
    /// Whole number of 64 bits.
    Int64,
    /// Day.
    Date,
    /// Yes or no.
    Boolean,
    /// List of texts.
    Texts,
    /// List of whole numbers of 64 bits.
    Numbers,
}

impl ColumnType {
    fn is_of(self, arrow_type: &DataType) -> bool {
        match (self, arrow_type) {
            (Self::Text, DataType::Utf8)
            | (Self::Int32, DataType::Int32)
            | (Self::Int64, DataType::Int64)
            | (Self::Date, DataType::Date32)
            | (Self::Boolean, DataType::Boolean) => true,
            (Self::Texts, DataType::List(element)) => *element.data_type() == DataType::Utf8,
            (Self::Numbers, DataType::List(element)) => *element.data_type() == DataType::Int64,
            _ => false,
        }
    }
}

/// Declares the columns that a cursor reads: a constant for each, and all of them as `ALL`.
///
/// ```text
/// mod finding {
///     columns! { SOURCE: Text = "source", LINE: Int64 = "line" }
/// }
/// let mut rows = reader.cursor(finding::ALL)?;
/// let line = rows.long(finding::LINE);
/// ```
macro_rules! columns {
    ($($constant:ident: $column_type:ident = $name:literal),+ $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($constant),+ }
        $(pub(crate) const $constant: $crate::table_reader::Column = $crate::table_reader::Column {
            index: Index::$constant as usize,
            name: $name,
            column_type: $crate::table_reader::ColumnType::$column_type,
        };)+
        pub(crate) const ALL: &[$crate::table_reader::Column] = &[$($constant),+];
    };
}
pub(crate) use columns;

/// Cursor over the rows of a table, at one of them or behind the last one.
///
/// The methods that read a column return `None` when it is null. They panic behind the last row, and for columns that the cursor was not opened with.
pub struct RowCursor {
    table: OutputTable,
    path: std::path::PathBuf,
    reader: ParquetRecordBatchReader,
    /// Index in a batch, for each column that the cursor was opened with.
    indexes: Vec<usize>,
    batch: Option<RecordBatch>,
    row: usize,
}

impl RowCursor {
    pub(super) fn open(table: &TableReader, columns: &[Column]) -> Result<Self, ReadProblem> {
        let reader = table.builder(columns)?.with_batch_size(BATCH_ROWS).build()?;
        let schema = reader.schema();
        let index = |column: &Column| {
            let index = schema.index_of(column.name)?;
            let found = schema.field(index).data_type();
            if column.column_type.is_of(found) {
                return Ok(index);
            }
            Err(ArrowError::SchemaError(format!("column `{}` is of type {found}", column.name)))
        };
        let indexes = columns.iter().map(index).collect::<Result<_, _>>().map_err(ReadProblem::Columns)?;
        let mut cursor = Self { table: table.table, path: table.path.clone(), reader, indexes, batch: None, row: 0 };
        cursor.read_batch()?;
        Ok(cursor)
    }

    fn read_batch(&mut self) -> Result<(), ReadProblem> {
        self.row = 0;
        loop {
            self.batch = self.reader.next().transpose()?;
            if self.batch.as_ref().is_none_or(|batch| batch.num_rows() > 0) {
                return Ok(());
            }
        }
    }

    /// Goes to the next row.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn advance(&mut self) -> Result<(), ReadError> {
        self.row += 1;
        if self.batch.as_ref().is_some_and(|batch| self.row == batch.num_rows()) {
            self.read_batch().map_err(|problem| ReadError { table: self.table.name(), path: self.path.clone(), problem })?;
        }
        Ok(())
    }

    /// Whether the cursor is at a row.
    #[must_use]
    pub fn has_row(&self) -> bool {
        self.batch.is_some()
    }

    fn array(&self, column: Column) -> &dyn Array {
        let batch = self.batch.as_ref().expect("invariant: values are read only while there is a row");
        batch.column(self.indexes[column.index])
    }

    /// Text.
    #[must_use]
    pub fn text(&self, column: Column) -> Option<&str> {
        let texts = self.array(column).as_string::<i32>();
        texts.is_valid(self.row).then(|| texts.value(self.row))
    }

    /// Whole number of 64 bits.
    #[must_use]
    pub fn long(&self, column: Column) -> Option<i64> {
        let numbers = self.array(column).as_primitive::<Int64Type>();
        numbers.is_valid(self.row).then(|| numbers.value(self.row))
    }

    /// Whole number of 32 bits.
    #[must_use]
    pub fn int(&self, column: Column) -> Option<i32> {
        let numbers = self.array(column).as_primitive::<Int32Type>();
        numbers.is_valid(self.row).then(|| numbers.value(self.row))
    }

    /// Day.
    #[must_use]
    pub fn date(&self, column: Column) -> Option<Date> {
        let days = self.array(column).as_primitive::<Date32Type>();
        days.is_valid(self.row).then(|| Date::from_days(days.value(self.row)))
    }

    /// Yes or no; no when it is null.
    #[must_use]
    pub fn is_true(&self, column: Column) -> bool {
        let values = self.array(column).as_boolean();
        values.is_valid(self.row) && values.value(self.row)
    }

    /// Elements of two parallel lists, one of texts and one of numbers, pair by pair.
    pub fn pairs(&self, texts: Column, numbers: Column) -> impl Iterator<Item = (&str, i64)> {
        let (texts, numbers) = (self.array(texts).as_list::<i32>(), self.array(numbers).as_list::<i32>());
        let (text_values, number_values) = (texts.values().as_string::<i32>(), numbers.values().as_primitive::<Int64Type>());
        let elements = |ends: &[i32]| ends[self.row] as usize..ends[self.row + 1] as usize;
        let pairs = elements(texts.value_offsets()).zip(elements(numbers.value_offsets()));
        pairs.map(|(text, number)| (text_values.value(text), number_values.value(number)))
    }
}
