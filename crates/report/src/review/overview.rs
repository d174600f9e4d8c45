//! The overview of lists: the length of each, and what is at stake in it.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, Int64Array, StringArray, UInt32Array};
use arrow::datatypes::DataType;

use super::relation::{Columns, Relation, SUM_TYPE, decimals};

/// Rows of the overview.
#[derive(Debug, Default)]
pub(super) struct Overview {
    rows: Vec<OverviewRow>,
}

#[derive(Debug)]
struct OverviewRow {
    list: String,
    title: String,
    rows: u32,
    stake: Stake,
}

/// The heads and money at stake for the persons of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stake {
    persons: u32,
    heads: i64,
    kopecks: i128,
}

impl Overview {
    /// Adds a list with its rows.
    pub fn add(&mut self, list: &str, title: &str, rows: &Relation) {
        let row =
            OverviewRow { list: list.to_owned(), title: title.to_owned(), rows: rows.len() as u32, stake: Stake::of_rows(rows) };
        self.rows.push(row);
    }

    /// The overview as a relation.
    pub fn into_relation(self) -> Relation {
        let texts =
            |text: fn(&OverviewRow) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(self.rows.iter().map(text))) };
        let counts =
            |count: fn(&OverviewRow) -> u32| -> ArrayRef { Arc::new(UInt32Array::from_iter_values(self.rows.iter().map(count))) };
        Columns::default()
            .with("list", texts(|row| &row.list))
            .with("rows", counts(|row| row.rows))
            .with("persons", counts(|row| row.stake.persons))
            .with("heads", Arc::new(Int64Array::from_iter_values(self.rows.iter().map(|row| row.stake.heads))))
            .with("roubles_per_month", decimals(self.rows.iter().map(|row| Some(row.stake.kopecks)), SUM_TYPE))
            .with("title", texts(|row| &row.title))
            .into_relation()
    }
}

impl Stake {
    /// The sum over the persons of a list. A person in several rows counts once, with the most that is at stake in one of them.
    fn of_rows(rows: &Relation) -> Self {
        let roubles = rows.amounts("roubles");
        let mut persons: HashMap<Option<i64>, Self> = HashMap::new();
        for (row, person) in rows.numbers("person_id").iter().enumerate() {
            let person = persons.entry(person).or_default();
            person.heads = person.heads.max(heads(rows, row));
            person.kopecks = person.kopecks.max(if roubles.is_valid(row) { roubles.value(row) } else { 0 });
        }
        let add =
            |sum: Self, person: &Self| Self { heads: sum.heads + person.heads, kopecks: sum.kopecks + person.kopecks, ..sum };
        persons.values().fold(Self { persons: persons.len() as u32, ..Self::default() }, add)
    }
}

/// Heads at stake in a row. The list of gaps has them in 32 bits.
fn heads(rows: &Relation, row: usize) -> i64 {
    match rows.column("heads").data_type() {
        DataType::Int32 => i64::from(rows.small_numbers("heads").value(row)),
        _ => rows.numbers("heads").value(row),
    }
}

#[cfg(test)]
mod tests {
    use super::super::relation::amounts;
    use super::*;

    #[test]
    fn a_person_in_several_rows_counts_once_with_the_most() {
        let rows = Columns::default()
            .with("person_id", Arc::new(Int64Array::from(vec![Some(1), Some(2), Some(1), None, None])))
            .with("heads", Arc::new(Int64Array::from(vec![0, 1, 1, 0, 0])))
            .with("roubles", amounts([Some(5), Some(7), Some(30), None, Some(2)].into_iter()))
            .into_relation();
        assert_eq!(Stake::of_rows(&rows), Stake { persons: 3, heads: 2, kopecks: 39 });
    }
}
