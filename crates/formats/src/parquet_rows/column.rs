//! Columns of a file, and whether they can be read as texts.

use arrow::datatypes::{DataType, Field};

use super::ParquetFault;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParquetColumn {
    /// Name as it is written.
    pub name: String,
    /// The kind of its texts.
    pub kind: ColumnKind,
}

/// The kind of a column's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Strings, whether the file calls them UTF-8 or nothing but bytes.
    Text,
    /// Decimal digits without leading zeros, behind a minus sign if negative.
    Integer,
    /// `YYYY-MM-DD`. A moment that is not midnight has its time behind it, so that it is never taken for a date.
    Date,
    /// `1` or `0`.
    Boolean,
    /// Null in every row.
    Null,
    /// No text: the column cannot be read.
    Refused {
        /// Type of the column, as Arrow calls it.
        kind: String,
        /// Types that could be read.
        instead: &'static str,
    },
}

impl ParquetColumn {
    pub(super) fn of_field(field: &Field) -> Self {
        let refused = |instead| ColumnKind::Refused { kind: field.data_type().to_string(), instead };
        let kind = match field.data_type() {
            DataType::Utf8View | DataType::BinaryView => ColumnKind::Text,
            kind if kind.is_integer() => ColumnKind::Integer,
            DataType::Decimal32(_, 0) | DataType::Decimal64(_, 0) | DataType::Decimal128(_, 0) | DataType::Decimal256(_, 0) => {
                ColumnKind::Integer
            }
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => ColumnKind::Date,
            DataType::Boolean => ColumnKind::Boolean,
            DataType::Null => ColumnKind::Null,
            kind if kind.is_floating() => refused("whole numbers or strings; many tools turn whole numbers with gaps into these"),
            kind if kind.is_decimal() => refused("a decimal without places behind the point, or as strings"),
            kind if kind.is_nested() => refused("flat columns"),
            _ => refused("strings"),
        };
        Self { name: field.name().clone(), kind }
    }

    pub(super) fn check(&self) -> Result<(), ParquetFault> {
        match &self.kind {
            ColumnKind::Refused { kind, instead } => {
                Err(ParquetFault::KindNotRead { column: self.name.clone(), kind: kind.clone(), instead })
            }
            _ => Ok(()),
        }
    }
}
