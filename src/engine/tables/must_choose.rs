//! Rows of `must_choose`: persons whose insurer left without a successor and who chose no other.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{BoolColumn, DictionaryColumn, NumberColumn, TextColumn};
use super::rows::{SharedTexts, dates, optional_number, optional_text, person_ids, small_numbers};
use crate::engine::record_view::RecordView;
use crate::engine::register_row::{filled, register};
use sverka_kernel::identity::RecordIndex;
use sverka_kernel::timeline::LeftByInsurer;
use sverka_model::{AttributeKind, Category};
use sverka_model::{Date, PersonId};
use sverka_model::{SourceLine, TextKind};
use sverka_publish::{OutputTable, PublishError};

/// Choice that a person has to make.
pub(in crate::engine) struct Choice<'p> {
    /// Insurance that ended without a successor.
    pub left: &'p LeftByInsurer,
    /// Last day of the time to choose, exclusive.
    pub choose_by: Date,
    /// Whether the time to choose is over on the as-of date.
    pub overdue: bool,
}

/// Rows of `must_choose`.
pub(in crate::engine) struct MustChooseRows {
    person_id: NumberColumn<Int64Type>,
    insurer: DictionaryColumn,
    left_on: NumberColumn<Date32Type>,
    choose_by: NumberColumn<Date32Type>,
    overdue: BoolColumn,
    surname: DictionaryColumn,
    given_name: DictionaryColumn,
    patronymic: DictionaryColumn,
    sex: NumberColumn<Int32Type>,
    birth_date: NumberColumn<Date32Type>,
    age: NumberColumn<Int32Type>,
    enp: TextColumn,
    snils: TextColumn,
    category: NumberColumn<Int32Type>,
    household: NumberColumn<Int64Type>,
    source: DictionaryColumn,
    line: NumberColumn<Int64Type>,
    record_id: TextColumn,
}

impl MustChooseRows {
    /// Empty columns without room: most runs have no such persons.
    pub fn new() -> Self {
        let word = || DictionaryColumn::with_capacity(0);
        let text = || TextColumn::with_capacity(0, 0);
        Self {
            person_id: person_ids(0),
            insurer: word(),
            left_on: dates(0),
            choose_by: dates(0),
            overdue: BoolColumn::default(),
            surname: word(),
            given_name: word(),
            patronymic: word(),
            sex: small_numbers(0),
            birth_date: dates(0),
            age: small_numbers(0),
            enp: text(),
            snils: text(),
            category: small_numbers(0),
            household: NumberColumn::with_capacity(0, NO_HOUSEHOLD),
            source: word(),
            line: NumberColumn::with_capacity(0, -1),
            record_id: text(),
        }
    }

    /// Adds a person, with the data of the record that would have gone on.
    #[cold]
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], choice: &Choice<'_>) {
        let Choice { left, choose_by, overdue } = *choice;
        let record = register(view.records, left.record).expect("invariant: insurance rests on records of the register");
        let identity = &record.identity;
        self.person_id.push(id.number());
        self.insurer.push(u32::from(left.insurer));
        self.left_on.push(left.left_on.days());
        self.choose_by.push(choose_by.days());
        self.overdue.push(Some(overdue));
        self.surname.push(identity.surname.id());
        self.given_name.push(identity.given_name.id());
        self.patronymic.push_option(optional_text(identity.patronymic));
        self.sex.push(i32::from(identity.sex));
        self.birth_date.push(identity.birth_date.days());
        self.age.push(identity.birth_date.age_on(view.job.as_of));
        self.enp.push_digits::<16>(filled(identity.enp, of_person, &|other| view.records.at(other).enp).number());
        self.snils.push_digits::<11>(filled(identity.snils, of_person, &|other| view.records.at(other).snils).number());
        self.category.push_option(optional_number(record.category.number(), Category::NONE.number()));
        let address = view.records.partition.attribute_at(identity.row_id, AttributeKind::Address);
        self.household.push_option(address.map(|attribute| attribute.number as i64));
        let SourceLine { source, line } = view.source_line(left.record);
        self.source.push(source as u32);
        self.line.push(line as i64);
        self.record_id.push_or_null(view.records.text(left.record, TextKind::RecordId).bytes());
    }

    /// Arrow batch of the rows.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let interned = &texts.interned;
        let columns: Vec<ArrayRef> = vec![
            self.person_id.finish(),
            self.insurer.finish(&texts.insurers),
            self.left_on.finish(),
            self.choose_by.finish(),
            self.overdue.finish(),
            self.surname.finish(interned),
            self.given_name.finish(interned),
            self.patronymic.finish(interned),
            self.sex.finish(),
            self.birth_date.finish(),
            self.age.finish(),
            self.enp.finish(),
            self.snils.finish(),
            self.category.finish(),
            self.household.finish(),
            self.source.finish(&texts.sources),
            self.line.finish(),
            self.record_id.finish(),
        ];
        OutputTable::MustChoose.spec().batch(columns)
    }
}

/// Value of an unknown address; no key of an address is 0.
const NO_HOUSEHOLD: i64 = 0;
