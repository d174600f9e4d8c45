//! Rows of `duplicates`: pairs of row ids that are already in the order of the table, encoded row group by row group in
//! any thread.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;

use super::columns::{DictionaryColumn, NumberColumn};
use super::rows::SourceNames;
use sverka_kernel::identity::Duplicate;
use sverka_model::{RowId, RowIds, SourceLine, Table};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// The duplicates of both tables, each in the order of row ids, as the row groups of their table.
pub(in crate::engine) struct DuplicateGroups<'r> {
    /// Names and ranks of the sources.
    pub names: &'r SourceNames<'r>,
    /// Source and line of each row id.
    pub row_ids: &'r RowIds,
    /// Repeated rows of the attachments. They come first, since tables are in the order of their names.
    pub attachments: &'r [Duplicate],
    /// Repeated rows of the register.
    pub register: &'r [Duplicate],
}

const TABLES: [Table; 2] = [Table::Attachments, Table::Register];

impl DuplicateGroups<'_> {
    /// Number of row groups.
    pub fn count(&self) -> usize {
        self.rows().div_ceil(ROW_GROUP_ROWS)
    }

    fn rows(&self) -> usize {
        self.attachments.len() + self.register.len()
    }

    /// Rows of a row group.
    pub fn batch(&self, group: usize) -> Result<RecordBatch, PublishError> {
        let rows = group * ROW_GROUP_ROWS..self.rows().min((group + 1) * ROW_GROUP_ROWS);
        let capacity = rows.len();
        let [mut tables, mut sources, mut kept_sources] = [(); 3].map(|()| DictionaryColumn::with_capacity(capacity));
        let [mut lines, mut kept_lines] = [(); 2].map(|()| NumberColumn::<Int64Type>::with_capacity(capacity, -1));
        let push_row = |row_id: RowId, sources: &mut DictionaryColumn, lines: &mut NumberColumn<Int64Type>| {
            let SourceLine { source, line } = self.row_ids.source_line(row_id);
            sources.push(source as u32);
            lines.push(line as i64);
        };
        let attachments = self.attachments.len();
        let by_table =
            [&self.attachments[part_of(&rows, 0..attachments)], &self.register[part_of(&rows, attachments..self.rows())]];
        for (table, duplicates) in (0..).zip(by_table) {
            for duplicate in duplicates {
                tables.push(table);
                push_row(duplicate.row_id, &mut sources, &mut lines);
                push_row(duplicate.kept, &mut kept_sources, &mut kept_lines);
            }
        }
        let table_names: ArrayRef = Arc::new(StringArray::from_iter_values(TABLES.map(Table::name)));
        let source_names = self.names.texts();
        OutputTable::Duplicates.spec().batch(vec![
            tables.finish(&table_names),
            sources.finish(&source_names),
            lines.finish(),
            kept_sources.finish(&source_names),
            kept_lines.finish(),
        ])
    }
}

/// Part of `rows` that lies in `table`, relative to the start of `table`.
fn part_of(rows: &Range<usize>, table: Range<usize>) -> Range<usize> {
    rows.start.clamp(table.start, table.end) - table.start..rows.end.clamp(table.start, table.end) - table.start
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn rows_of_two_tables_lie_one_behind_the_other() {
        for (rows, first, second) in [(0..4, 0..4, 0..0), (4..9, 4..7, 0..2), (9..12, 7..7, 2..5)] {
            assert_eq!((part_of(&rows, 0..7), part_of(&rows, 7..12)), (first, second));
        }
    }
}
