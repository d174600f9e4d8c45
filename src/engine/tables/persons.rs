//! Rows of `persons` and `unattached`: the register on the as-of date.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{BoolColumn, DictionaryColumn, NumberColumn, TextColumn};
use super::rows::{SharedTexts, dates, optional_number, optional_text, person_ids, small_numbers};
use crate::engine::record_view::RecordView;
use crate::engine::register_row::{RegisterRow, register};
use sverka_model::{Category, Date, Identity};
use sverka_model::{PersonId, TextKind};
use sverka_publish::{OutputTable, PublishError};

/// Columns of both tables.
struct PersonColumns {
    person_id: NumberColumn<Int64Type>,
    insurer: DictionaryColumn,
    insured_from: NumberColumn<Date32Type>,
    enp: TextColumn,
    surname: DictionaryColumn,
    given_name: DictionaryColumn,
    patronymic: DictionaryColumn,
    sex: NumberColumn<Int32Type>,
    birth_date: NumberColumn<Date32Type>,
    age: NumberColumn<Int32Type>,
    snils: TextColumn,
    policy_kind: NumberColumn<Int32Type>,
    policy_number: TextColumn,
    address: TextColumn,
    settlement: TextColumn,
}

impl PersonColumns {
    fn with_capacity(rows: usize) -> Self {
        let word = || DictionaryColumn::with_capacity(rows);
        Self {
            person_id: person_ids(rows),
            insurer: word(),
            insured_from: dates(rows),
            enp: TextColumn::with_capacity(rows, 16),
            surname: word(),
            given_name: word(),
            patronymic: word(),
            sex: small_numbers(rows),
            birth_date: dates(rows),
            age: small_numbers(rows),
            snils: TextColumn::with_capacity(rows, 11),
            policy_kind: small_numbers(rows),
            policy_number: TextColumn::with_capacity(rows, 1),
            address: TextColumn::with_capacity(rows, 0),
            settlement: TextColumn::with_capacity(rows, 0),
        }
    }

    fn push(&mut self, view: RecordView<'_>, id: PersonId, row: &RegisterRow, record: u32, identity: &Identity) {
        let Some(stay) = row.insurance else { return };
        self.person_id.push(id.number());
        self.insurer.push(u32::from(stay.organisation));
        self.insured_from.push(stay.from.days());
        self.enp.push_digits::<16>(row.enp.number());
        self.surname.push(identity.surname.id());
        self.given_name.push(identity.given_name.id());
        self.patronymic.push_option(optional_text(identity.patronymic));
        self.sex.push(i32::from(identity.sex));
        self.birth_date.push(identity.birth_date.days());
        self.age.push(row.age);
        self.snils.push_digits::<11>(row.snils.number());
        self.policy_kind.push(i32::from(identity.policy_kind.code()));
        self.policy_number.push_or_null(view.records.text(record, TextKind::PolicyNumber).bytes());
        let residence = view.records.partition.residence(identity.row_id);
        self.address.push_or_null(residence.map_or(&[], |residence| residence.address));
        self.settlement.push_or_null(residence.map_or(&[], |residence| residence.settlement));
    }
}

/// Rows of `persons`.
pub(in crate::engine) struct PersonRows {
    person: PersonColumns,
    clinic: DictionaryColumn,
    attached_from: NumberColumn<Date32Type>,
    method: NumberColumn<Int32Type>,
    district: DictionaryColumn,
    doctor_snils: DictionaryColumn,
    doc_kind: DictionaryColumn,
    doc_number: TextColumn,
    category: NumberColumn<Int32Type>,
    insurer_unresolved: BoolColumn,
    clinic_unresolved: BoolColumn,
}

impl PersonRows {
    /// Empty columns with room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        let word = || DictionaryColumn::with_capacity(rows);
        Self {
            person: PersonColumns::with_capacity(rows),
            clinic: word(),
            attached_from: dates(rows),
            method: small_numbers(rows),
            district: word(),
            doctor_snils: word(),
            doc_kind: word(),
            doc_number: TextColumn::with_capacity(rows, 12),
            category: small_numbers(rows),
            insurer_unresolved: BoolColumn::with_capacity(rows),
            clinic_unresolved: BoolColumn::with_capacity(rows),
        }
    }

    /// Adds a person who is in the register.
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, row: &RegisterRow) {
        let (Some(insurance), Some(index)) = (row.insurance, row.record) else { return };
        let Some(record) = register(view.records, index) else { return };
        self.person.push(view, id, row, index, &record.identity);
        self.attach(row);
        self.doc_kind.push_option(optional_text(record.identity.doc_kind));
        self.doc_number.push_or_null(view.records.text(index, TextKind::DocNumber).bytes());
        self.category.push_option(optional_number(record.category.number(), Category::NONE.number()));
        self.insurer_unresolved.push(Some(insurance.unresolved));
    }

    fn attach(&mut self, row: &RegisterRow) {
        let stay = row.clinic.map(|attached| attached.stay);
        self.clinic.push_option(stay.map(|stay| u32::from(stay.organisation)));
        self.attached_from.push(stay.map_or(Date::NEVER, |stay| stay.from).days());
        self.method.push_option(stay.and_then(|stay| optional_number(stay.method.code(), 0)));
        self.district.push_option(row.clinic.and_then(|attached| optional_text(attached.district)));
        self.doctor_snils.push_option(row.clinic.and_then(|attached| optional_text(attached.doctor_snils)));
        self.clinic_unresolved.push(stay.map(|stay| stay.unresolved));
    }

    /// Arrow batch of the rows.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let person = self.person;
        let interned = &texts.interned;
        OutputTable::Persons.spec().batch(vec![
            person.person_id.finish(),
            person.enp.finish(),
            person.insurer.finish(&texts.insurers),
            person.insured_from.finish(),
            self.clinic.finish(&texts.clinics),
            self.attached_from.finish(),
            self.method.finish(),
            self.district.finish(interned),
            self.doctor_snils.finish(interned),
            person.surname.finish(interned),
            person.given_name.finish(interned),
            person.patronymic.finish(interned),
            person.sex.finish(),
            person.birth_date.finish(),
            person.age.finish(),
            person.snils.finish(),
            person.policy_kind.finish(),
            person.policy_number.finish(),
            self.doc_kind.finish(interned),
            self.doc_number.finish(),
            self.category.finish(),
            self.insurer_unresolved.finish(),
            self.clinic_unresolved.finish(),
            person.address.finish(),
            person.settlement.finish(),
        ])
    }
}

/// Rows of `unattached`.
pub(in crate::engine) struct UnattachedRows {
    person: PersonColumns,
}

impl UnattachedRows {
    /// Empty columns with room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        Self { person: PersonColumns::with_capacity(rows) }
    }

    /// Adds a person who is in the register without a clinic.
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, row: &RegisterRow) {
        let Some(index) = row.record.filter(|_| row.insurance.is_some() && row.clinic.is_none()) else { return };
        if let Some(record) = register(view.records, index) {
            self.person.push(view, id, row, index, &record.identity);
        }
    }

    /// Arrow batch of the rows.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let person = self.person;
        let interned = &texts.interned;
        let columns: Vec<ArrayRef> = vec![
            person.person_id.finish(),
            person.insurer.finish(&texts.insurers),
            person.insured_from.finish(),
            person.surname.finish(interned),
            person.given_name.finish(interned),
            person.patronymic.finish(interned),
            person.sex.finish(),
            person.birth_date.finish(),
            person.age.finish(),
            person.enp.finish(),
            person.policy_kind.finish(),
            person.policy_number.finish(),
            person.snils.finish(),
            person.address.finish(),
            person.settlement.finish(),
        ];
        OutputTable::Unattached.spec().batch(columns)
    }
}
