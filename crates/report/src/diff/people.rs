//! Persons of a slice of both runs side by side: a merge join of two tables that are sorted by the person's number.
//!
//! ```text
//! old   3  5  8  9        pairs   (3, 3) (5, –) (8, 8) (–, 9') …
//! new   3     8     9'
//! ```
//!
//! A person is who has the same number in both runs. Where the later run tells that a number was taken over by another one, `taken_over` has changed
//! the former numbers before the join.

use arrow::array::{Array, AsArray, BooleanArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::run::ComparedRun;
use sverka_model::Date;

/// Columns of `persons` that are always read.
pub(super) const PLACE_COLUMNS: &[&str] =
    &["person_id", "insurer", "insured_from", "clinic", "method", "birth_date", "insurer_unresolved", "clinic_unresolved"];

/// Columns of `persons` whose changes are told, besides those of the place.
pub(super) const FACT_COLUMNS: &[&str] =
    &["district", "doctor_snils", "enp", "snils", "surname", "given_name", "patronymic", "category"];

/// Fact about a person that is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    /// Kind of the change.
    pub kind: &'static str,
    /// Columns of `persons` that are the fact.
    pub columns: &'static [&'static str],
    /// Whether clinics tell the fact. Else insurers do.
    pub is_of_clinic: bool,
}

/// Facts that are compared, by kind.
pub(super) const FACTS: &[Fact] = &[
    Fact { kind: "category", columns: &["category"], is_of_clinic: false },
    Fact { kind: "district", columns: &["district"], is_of_clinic: true },
    Fact { kind: "doctor", columns: &["doctor_snils"], is_of_clinic: true },
    Fact { kind: "enp", columns: &["enp"], is_of_clinic: false },
    Fact { kind: "name", columns: &["surname", "given_name", "patronymic"], is_of_clinic: false },
    Fact { kind: "snils", columns: &["snils"], is_of_clinic: false },
];

/// Row of each run with the same person; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PersonRows {
    /// Row of the former run.
    pub old: Option<usize>,
    /// Row of the later run.
    pub new: Option<usize>,
}

/// Pairs of rows with the same person, by the person's number. Both lists of numbers are sorted.
pub(super) fn pairs<'i>(old: &'i [i64], new: &'i [i64]) -> impl Iterator<Item = PersonRows> + 'i {
    let (mut old_row, mut new_row) = (0, 0);
    std::iter::from_fn(move || {
        let (of_old, of_new) = (old.get(old_row), new.get(new_row));
        let takes_old = of_old.is_some_and(|id| of_new.is_none_or(|other| id <= other));
        let takes_new = of_new.is_some_and(|id| of_old.is_none_or(|other| id <= other));
        let rows = PersonRows { old: takes_old.then_some(old_row), new: takes_new.then_some(new_row) };
        old_row += usize::from(takes_old);
        new_row += usize::from(takes_new);
        (takes_old || takes_new).then_some(rows)
    })
}

/// Rows of `persons` of one run.
pub(super) struct People<'b> {
    ids: &'b Int64Array,
    insurer: &'b StringArray,
    insured_from: &'b arrow::array::Date32Array,
    clinic: &'b StringArray,
    method: &'b Int32Array,
    birth_date: &'b arrow::array::Date32Array,
    insurer_unresolved: &'b BooleanArray,
    clinic_unresolved: &'b BooleanArray,
    /// Columns of each fact; none when a run lacks one.
    facts: Vec<Vec<&'b dyn Array>>,
}

impl<'b> People<'b> {
    /// Rows of a batch with the columns of the place; facts need all of their columns.
    pub fn new(batch: &'b RecordBatch) -> Self {
        let column = |name: &str| {
            let column = batch.column_by_name(name);
            column.expect("invariant: the columns of the place are checked before").as_ref()
        };
        let facts = FACTS.iter().map(|fact| {
            let columns = fact.columns.iter().map(|name| batch.column_by_name(name).map(AsRef::as_ref));
            columns.collect::<Option<Vec<_>>>().unwrap_or_default()
        });
        Self {
            ids: column("person_id").as_primitive::<Int64Type>(),
            insurer: column("insurer").as_string(),
            insured_from: column("insured_from").as_primitive::<Date32Type>(),
            clinic: column("clinic").as_string(),
            method: column("method").as_primitive::<Int32Type>(),
            birth_date: column("birth_date").as_primitive::<Date32Type>(),
            insurer_unresolved: column("insurer_unresolved").as_boolean(),
            clinic_unresolved: column("clinic_unresolved").as_boolean(),
            facts: facts.collect(),
        }
    }

    pub fn ids(&self) -> &'b [i64] {
        self.ids.values()
    }

    pub fn insurer(&self, row: usize) -> &'b str {
        self.insurer.value(row)
    }

    pub fn clinic(&self, row: usize) -> Option<&'b str> {
        self.clinic.is_valid(row).then(|| self.clinic.value(row))
    }

    pub fn method(&self, row: usize) -> Option<i32> {
        self.method.is_valid(row).then(|| self.method.value(row))
    }

    pub fn insured_from(&self, row: usize) -> Date {
        Date::from_days(self.insured_from.value(row))
    }

    pub fn birth_date(&self, row: usize) -> Date {
        Date::from_days(self.birth_date.value(row))
    }

    /// Place of the person as the run counts it.
    pub fn place<'p>(&self, row: usize, run: &'p ComparedRun) -> Place<'p>
    where
        'b: 'p,
    {
        let clinic = self.clinic(row);
        let is_unresolved = self.insurer_unresolved.value(row) || clinic.is_some() && self.clinic_unresolved.value(row);
        let counting = clinic.map(|clinic| run.counting(clinic));
        Place {
            insurer: Some(self.insurer(row)),
            clinic: counting.map(|counting| counting.counted_at),
            is_funded: !is_unresolved && counting.is_some_and(|counting| counting.is_paid),
        }
    }

    /// Whether a fact is the same in a row of another run. A fact that a run does not give never differs.
    pub fn has_same_fact(&self, fact: usize, row: usize, other: &People<'_>, other_row: usize) -> bool {
        let columns = self.facts[fact].iter().zip(&other.facts[fact]);
        columns.into_iter().all(|(column, of_other)| is_same(*column, row, *of_other, other_row))
    }

    /// Text of a fact; `None` when it is not given.
    pub fn fact_text(&self, fact: usize, row: usize) -> Option<String> {
        let parts = self.facts[fact].iter().filter(|column| column.is_valid(row)).map(|column| value_text(*column, row));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// Insurer and clinic of a person on the as-of date of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place<'b> {
    /// Insurer; `None` for people who are not insured.
    pub insurer: Option<&'b str>,
    /// Clinic at which the person is counted; `None` for people who are not attached.
    pub clinic: Option<&'b str>,
    /// Whether the person is counted for money.
    pub is_funded: bool,
}

fn is_same(one: &dyn Array, row: usize, other: &dyn Array, other_row: usize) -> bool {
    if one.is_null(row) || other.is_null(other_row) {
        return one.is_null(row) && other.is_null(other_row);
    }
    match (one.as_string_opt::<i32>(), other.as_string_opt::<i32>()) {
        (Some(one), Some(other)) => one.value(row) == other.value(other_row),
        _ => value_text(one, row) == value_text(other, other_row),
    }
}

fn value_text(column: &dyn Array, row: usize) -> String {
    if let Some(texts) = column.as_string_opt::<i32>() {
        return texts.value(row).to_owned();
    }
    column.as_primitive_opt::<Int32Type>().map(|numbers| numbers.value(row).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn persons_of_one_run_stand_alone() {
        let rows: Vec<_> = pairs(&[3, 5, 8], &[3, 8, 9]).map(|rows| (rows.old, rows.new)).collect();
        assert_eq!(rows, [(Some(0), Some(0)), (Some(1), None), (Some(2), Some(1)), (None, Some(2))]);
        assert_eq!(pairs(&[], &[]).count(), 0);
    }

    proptest! {
        #[test]
        fn every_row_stands_once_beside_its_equal(
            old in proptest::collection::btree_set(-20_i64..20, 0..20),
            new in proptest::collection::btree_set(-20_i64..20, 0..20),
        ) {
            let (old, new): (Vec<i64>, Vec<i64>) = (old.into_iter().collect(), new.into_iter().collect());
            let rows: Vec<_> = pairs(&old, &new).collect();
            let id = |rows: &PersonRows| rows.old.map(|row| old[row]).or(rows.new.map(|row| new[row]));
            prop_assert!(rows.windows(2).all(|two| id(&two[0]) < id(&two[1])));
            prop_assert_eq!(rows.iter().filter_map(|rows| rows.old).collect::<Vec<_>>(), (0..old.len()).collect::<Vec<_>>());
            prop_assert_eq!(rows.iter().filter_map(|rows| rows.new).collect::<Vec<_>>(), (0..new.len()).collect::<Vec<_>>());
            let mirrored: Vec<_> = pairs(&new, &old).map(|rows| PersonRows { old: rows.new, new: rows.old }).collect();
            prop_assert_eq!(rows, mirrored);
        }
    }
}
