//! Tables of a comparison: descriptions from `schemas/diff/`, and rows as Arrow batches.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};

use super::DiffError;
use super::changes::PersonChange;
use super::findings::FindingChange;
use super::money::MoneyChange;
use super::movement::{MovementHeads, MovementKey};
use sverka_publish::TableSpec;

/// Table of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffTable {
    /// `person_changes`
    PersonChanges,
    /// `movement`
    Movement,
    /// `money_changes`
    MoneyChanges,
    /// `finding_changes`
    FindingChanges,
}

static SPECS: LazyLock<[TableSpec; 4]> = LazyLock::new(|| {
    [
        TableSpec::parse("person_changes", include_str!("../../../../schemas/diff/person_changes.toml")),
        TableSpec::parse("movement", include_str!("../../../../schemas/diff/movement.toml")),
        TableSpec::parse("money_changes", include_str!("../../../../schemas/diff/money_changes.toml")),
        TableSpec::parse("finding_changes", include_str!("../../../../schemas/diff/finding_changes.toml")),
    ]
});

impl DiffTable {
    /// Every table, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::PersonChanges, Self::Movement, Self::MoneyChanges, Self::FindingChanges];

    /// Description of the table.
    #[must_use]
    pub fn spec(self) -> &'static TableSpec {
        &SPECS[self as usize]
    }

    /// Name of the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    fn batch(self, columns: Vec<ArrayRef>) -> Result<RecordBatch, DiffError> {
        self.spec().batch(columns).map_err(DiffError::rows)
    }
}

fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn numbers(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

fn decimals(values: impl Iterator<Item = i128>, scale: i8) -> Result<ArrayRef, DiffError> {
    const PRECISION: u8 = 18;
    let array = Decimal128Array::from_iter_values(values).with_precision_and_scale(PRECISION, scale);
    Ok(Arc::new(array.map_err(DiffError::rows)?))
}

/// Rows of `person_changes`.
pub(super) fn person_changes(rows: &[PersonChange]) -> Result<RecordBatch, DiffError> {
    let origin = |row: &PersonChange| row.cause.origin.as_ref().map(|origin| origin.line);
    DiffTable::PersonChanges.batch(vec![
        numbers(rows.iter().map(|row| Some(row.person_id))),
        texts(rows.iter().map(|row| Some(row.kind))),
        texts(rows.iter().map(|row| row.old.as_deref())),
        texts(rows.iter().map(|row| row.new.as_deref())),
        texts(rows.iter().map(|row| row.cause.word)),
        texts(rows.iter().map(|row| row.cause.rule.as_deref())),
        texts(rows.iter().map(|row| row.cause.origin.as_ref().map(|origin| origin.source.as_str()))),
        numbers(rows.iter().map(origin)),
    ])
}

/// Rows of `movement`.
pub(super) fn movement(rows: &[(&MovementKey, &MovementHeads)]) -> Result<RecordBatch, DiffError> {
    let number = |of: fn(&MovementHeads) -> i64| numbers(rows.iter().map(move |(_, heads)| Some(of(heads))));
    DiffTable::Movement.batch(vec![
        texts(rows.iter().map(|(key, _)| Some(key.of.word()))),
        texts(rows.iter().map(|(key, _)| key.from.insurer.as_deref())),
        texts(rows.iter().map(|(key, _)| key.from.clinic.as_deref())),
        texts(rows.iter().map(|(key, _)| key.to.insurer.as_deref())),
        texts(rows.iter().map(|(key, _)| key.to.clinic.as_deref())),
        texts(rows.iter().map(|(key, _)| Some(key.cause))),
        number(|heads| heads.heads),
        number(|heads| heads.funded_before),
        number(|heads| heads.funded_now),
    ])
}

/// Rows of `money_changes`.
pub(super) fn money_changes(rows: &[MoneyChange]) -> Result<RecordBatch, DiffError> {
    let heads = |of: fn(&MoneyChange) -> i128| decimals(rows.iter().map(of), 6);
    let money = |of: fn(&MoneyChange) -> i128| decimals(rows.iter().map(of), 2);
    DiffTable::MoneyChanges.batch(vec![
        texts(rows.iter().map(|row| Some(row.care.as_str()))),
        texts(rows.iter().map(|row| Some(row.clinic.as_str()))),
        texts(rows.iter().map(|row| row.insurer.as_deref())),
        heads(|row| row.heads_before)?,
        heads(|row| row.heads_now)?,
        money(|row| row.before)?,
        money(|row| row.now)?,
        money(MoneyChange::difference)?,
        money(|row| row.parts.heads_in)?,
        money(|row| row.parts.heads_out)?,
        money(|row| row.parts.age_bands)?,
        money(|row| row.parts.base_norm)?,
        money(|row| row.parts.factors)?,
        money(|row| row.parts.correction)?,
        money(|row| row.parts.rounding)?,
    ])
}

/// Rows of `finding_changes`.
pub(super) fn finding_changes(rows: &[FindingChange]) -> Result<RecordBatch, DiffError> {
    DiffTable::FindingChanges.batch(vec![
        texts(rows.iter().map(|row| Some(row.of))),
        texts(rows.iter().map(|row| row.name.as_deref())),
        texts(rows.iter().map(|row| Some(row.code.as_str()))),
        numbers(rows.iter().map(|row| Some(row.before))),
        numbers(rows.iter().map(|row| Some(row.now))),
        numbers(rows.iter().map(|row| row.added)),
        numbers(rows.iter().map(|row| row.gone)),
        numbers(rows.iter().map(|row| row.still)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_is_that_of_its_table() {
        for table in DiffTable::ALL {
            assert!(!table.spec().sorted_by.is_empty(), "{}", table.name());
        }
        assert_eq!(person_changes(&[]).expect("rows").num_rows(), 0);
        assert_eq!(money_changes(&[]).expect("rows").num_rows(), 0);
    }
}
