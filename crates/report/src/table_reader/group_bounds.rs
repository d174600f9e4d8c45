//! Statistics of a row group.

use std::ops::RangeInclusive;

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::SchemaDescriptor;

/// Values that a row group may hold, by its statistics.
#[derive(Clone, Copy, Debug)]
pub struct GroupBounds<'t> {
    pub(super) schema: &'t SchemaDescriptor,
    pub(super) group: &'t RowGroupMetaData,
}

impl GroupBounds<'_> {
    fn statistics(&self, column: &str) -> Option<&Statistics> {
        let leaf = self.schema.columns().iter().position(|leaf| leaf.path().string() == column)?;
        self.group.column(leaf).statistics()
    }

    /// Whether the column may hold a number of the range; true without statistics.
    #[must_use]
    pub fn may_hold_number(&self, column: &str, range: &RangeInclusive<i64>) -> bool {
        self.number_range(column).is_none_or(|bounds| bounds.start() <= range.end() && range.start() <= bounds.end())
    }

    /// Least and greatest number of the column; `None` without statistics.
    #[must_use]
    pub fn number_range(&self, column: &str) -> Option<RangeInclusive<i64>> {
        let (least, most) = match self.statistics(column)? {
            Statistics::Int64(values) => (*values.min_opt()?, *values.max_opt()?),
            Statistics::Int32(values) => (i64::from(*values.min_opt()?), i64::from(*values.max_opt()?)),
            _ => return None,
        };
        Some(least..=most)
    }

    /// Whether the column may hold a text; true without statistics.
    #[must_use]
    pub fn may_hold_text(&self, column: &str, text: &str) -> bool {
        let Some(Statistics::ByteArray(values)) = self.statistics(column) else { return true };
        values.min_opt().is_none_or(|least| least.data() <= text.as_bytes())
            && values.max_opt().is_none_or(|most| text.as_bytes() <= most.data())
    }

    /// Whether the column may hold a null; true without statistics.
    #[must_use]
    pub fn may_hold_null(&self, column: &str) -> bool {
        self.statistics(column).and_then(Statistics::null_count_opt).is_none_or(|nulls| nulls > 0)
    }
}
