//! Rows of `quality`.

use std::sync::Arc;

use arrow::array::{Decimal128Array, Int64Array, RecordBatch, StringBuilder};

use crate::engine::quality::{Figures, Group, Quality, name_of};
use crate::job::Job;
use sverka_model::{Code, Field, Table};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// Decimals of rates.
const RATE_DECIMALS: u32 = 8;

/// Row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row<'j> {
    of: &'static str,
    name: Option<&'j str>,
    table: &'static str,
    measure: &'static str,
    item: Option<&'static str>,
    count: u64,
    total: u64,
    given: Option<u64>,
}

/// Rows of all figures; each batch is a row group.
pub(in crate::engine) fn quality(job: &Job, quality: &Quality) -> Result<Vec<RecordBatch>, PublishError> {
    let mut rows = Vec::new();
    for (group, table, figures) in quality.iter() {
        let rows_of_run = quality.of_run(table).map_or(0, |run| run.rows);
        let row = Row { of: subject(group, table), name: name_of(job, group, table), table: table.name(), ..Row::EMPTY };
        push_rows(row, table, figures, rows_of_run, &mut rows);
    }
    rows.sort_unstable();
    rows.chunks(ROW_GROUP_ROWS).map(batch).collect()
}

/// Value of the column `of`.
fn subject(group: Group, table: Table) -> &'static str {
    match (group, table) {
        (Group::Run, _) => "run",
        (Group::Source(_), _) => "source",
        (Group::Organisation(_), Table::Register) => "insurer",
        (Group::Organisation(_), Table::Attachments) => "clinic",
    }
}

impl Row<'_> {
    const EMPTY: Self = Self { of: "", name: None, table: "", measure: "", item: None, count: 0, total: 0, given: None };
}

fn push_rows<'j>(row: Row<'j>, table: Table, figures: &Figures, rows_of_run: u64, rows: &mut Vec<Row<'j>>) {
    let row_counts = [("accepted", figures.accepted), ("duplicates", figures.duplicates), ("quarantined", figures.quarantined)];
    rows.push(Row { measure: "rows", count: figures.rows, total: rows_of_run, ..row });
    rows.extend(row_counts.map(|(measure, count)| Row { measure, count, total: figures.rows, ..row }));
    let codes = [
        ("finding", &figures.findings, figures.rows),
        ("conflicts_lost", &figures.lost, figures.accepted),
        ("conflicts_won", &figures.won, figures.accepted),
    ];
    for (measure, counts, total) in codes {
        let row_of_code = |(code, count): (&Code, &u64)| Row { measure, item: Some(code.name()), count: *count, total, ..row };
        rows.extend(counts.iter().map(row_of_code));
    }
    let fields = Field::ALL.iter().filter(|field| figures.filled.rows > 0 && field.stands_in(table));
    rows.extend(fields.map(|field| Row {
        measure: "field",
        item: Some(field.name()),
        count: figures.filled.filled[*field as usize],
        total: figures.filled.rows,
        given: Some(figures.given.filled[*field as usize]),
        ..row
    }));
}

fn batch(rows: &[Row<'_>]) -> Result<RecordBatch, PublishError> {
    let [mut of, mut name, mut table, mut measure, mut item] = [(); 5].map(|()| StringBuilder::new());
    for row in rows {
        of.append_value(row.of);
        name.append_option(row.name);
        table.append_value(row.table);
        measure.append_value(row.measure);
        item.append_option(row.item);
    }
    let rates: Decimal128Array = rows.iter().map(|row| rate(row.count, row.total)).collect();
    let rates = rates.with_precision_and_scale(18, RATE_DECIMALS as i8);
    OutputTable::Quality.spec().batch(vec![
        Arc::new(of.finish()),
        Arc::new(name.finish()),
        Arc::new(table.finish()),
        Arc::new(measure.finish()),
        Arc::new(item.finish()),
        Arc::new(rows.iter().map(|row| Some(row.count as i64)).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.total as i64)).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.given.map(|given| given as i64)).collect::<Int64Array>()),
        Arc::new(rates.expect("invariant: precision and scale of the table are those of Arrow")),
    ])
}

/// `count / total` in units of the last decimal, rounded half up; `None` when `total` is 0.
fn rate(count: u64, total: u64) -> Option<i128> {
    let unit = 10_i128.pow(RATE_DECIMALS);
    let (count, total) = (i128::from(count), i128::from(total));
    (total != 0).then(|| (2 * count * unit + total) / (2 * total))
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_are_rounded_halves_up() {
        assert_eq!(rate(1, 3), Some(33_333_333));
        assert_eq!(rate(2, 3), Some(66_666_667));
        assert_eq!(rate(1, 200_000_000), Some(1));
        assert_eq!(rate(1, 200_000_001), Some(0));
        assert_eq!(rate(7, 2), Some(350_000_000));
        assert_eq!((rate(0, 5), rate(0, 0), rate(3, 0)), (Some(0), None, None));
    }
}
