//! `persons` and `unattached`: the register on the as-of date.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{BoolColumn, NumberColumn, TextColumn, WordColumn};
use super::rows::{SharedTexts, dates, person_ids, small_numbers, some_number, some_word};
use crate::engine::register_row::{RegisterRow, register};
use crate::engine::view::RunView;
use sverka_model::Date;
use sverka_model::TextKind;
use sverka_model::{Identity, RegisterRecord};
use sverka_publish::{OutputTable, PublishError};

/// Columns that both tables have, from the record behind the row.
struct WhoColumns {
    person_id: NumberColumn<Int64Type>,
    insurer: WordColumn,
    insured_from: NumberColumn<Date32Type>,
    enp: TextColumn,
    surname: WordColumn,
    given_name: WordColumn,
    patronymic: WordColumn,
    sex: NumberColumn<Int32Type>,
    birth_date: NumberColumn<Date32Type>,
    age: NumberColumn<Int32Type>,
    snils: TextColumn,
    policy_kind: NumberColumn<Int32Type>,
    policy_number: TextColumn,
    address: TextColumn,
    settlement: TextColumn,
}

impl WhoColumns {
    fn with_capacity(rows: usize) -> Self {
        let word = || WordColumn::with_capacity(rows);
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

    fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow, record: u32, identity: &Identity) {
        let Some(stay) = row.insurance else { return };
        self.person_id.push(id);
        self.insurer.push(u32::from(stay.organisation));
        self.insured_from.push(stay.from.days());
        self.enp.push_digits::<16>(row.enp);
        self.surname.push(identity.surname.id());
        self.given_name.push(identity.given_name.id());
        self.patronymic.push_option(some_word(identity.patronymic));
        self.sex.push(i32::from(identity.sex));
        self.birth_date.push(identity.birth_date.days());
        self.age.push(row.age);
        self.snils.push_digits::<11>(row.snils);
        self.policy_kind.push(i32::from(identity.policy_kind));
        self.policy_number.push_or_null(view.records.text(record, TextKind::PolicyNumber).bytes());
        let residence = view.records.partition.residence(identity.row_id);
        self.address.push_or_null(residence.map_or(&[], |residence| residence.address));
        self.settlement.push_or_null(residence.map_or(&[], |residence| residence.settlement));
    }
}

/// Rows of `persons`.
pub(in crate::engine) struct PersonRows {
    who: WhoColumns,
    clinic: WordColumn,
    attached_from: NumberColumn<Date32Type>,
    method: NumberColumn<Int32Type>,
    district: WordColumn,
    doctor_snils: WordColumn,
    doc_kind: WordColumn,
    doc_number: TextColumn,
    category: NumberColumn<Int32Type>,
    insurer_unresolved: BoolColumn,
    clinic_unresolved: BoolColumn,
}

impl PersonRows {
    /// No rows yet, room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        let word = || WordColumn::with_capacity(rows);
        Self {
            who: WhoColumns::with_capacity(rows),
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

    /// The row of one person who is in the register.
    pub fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow) {
        let (Some(insurance), Some(index)) = (row.insurance, row.record) else { return };
        let Some(record) = register(view.records, index) else { return };
        self.who.push(view, id, row, index, &record.identity);
        self.attach(row);
        self.doc_kind.push_option(some_word(record.identity.doc_kind));
        self.doc_number.push_or_null(view.records.text(index, TextKind::DocNumber).bytes());
        self.category.push_option(some_number(record.category, RegisterRecord::NO_CATEGORY));
        self.insurer_unresolved.push(Some(insurance.unresolved));
    }

    fn attach(&mut self, row: &RegisterRow) {
        let stay = row.clinic.map(|attached| attached.stay);
        self.clinic.push_option(stay.map(|stay| u32::from(stay.organisation)));
        self.attached_from.push(stay.map_or(Date::NEVER, |stay| stay.from).days());
        self.method.push_option(stay.and_then(|stay| some_number(stay.method, 0)));
        self.district.push_option(row.clinic.and_then(|attached| some_word(attached.district)));
        self.doctor_snils.push_option(row.clinic.and_then(|attached| some_word(attached.doctor_snils)));
        self.clinic_unresolved.push(stay.map(|stay| stay.unresolved));
    }

    /// The rows as a batch.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let who = self.who;
        let interned = &texts.interned;
        OutputTable::Persons.spec().batch(vec![
            who.person_id.finish(),
            who.enp.finish(),
            who.insurer.finish(&texts.insurers),
            who.insured_from.finish(),
            self.clinic.finish(&texts.clinics),
            self.attached_from.finish(),
            self.method.finish(),
            self.district.finish(interned),
            self.doctor_snils.finish(interned),
            who.surname.finish(interned),
            who.given_name.finish(interned),
            who.patronymic.finish(interned),
            who.sex.finish(),
            who.birth_date.finish(),
            who.age.finish(),
            who.snils.finish(),
            who.policy_kind.finish(),
            who.policy_number.finish(),
            self.doc_kind.finish(interned),
            self.doc_number.finish(),
            self.category.finish(),
            self.insurer_unresolved.finish(),
            self.clinic_unresolved.finish(),
            who.address.finish(),
            who.settlement.finish(),
        ])
    }
}

/// Rows of `unattached`.
pub(in crate::engine) struct UnattachedRows {
    who: WhoColumns,
}

impl UnattachedRows {
    /// No rows yet, room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        Self { who: WhoColumns::with_capacity(rows) }
    }

    /// The row of one person who is in the register without a clinic.
    pub fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow) {
        let Some(index) = row.record.filter(|_| row.insurance.is_some() && row.clinic.is_none()) else { return };
        if let Some(record) = register(view.records, index) {
            self.who.push(view, id, row, index, &record.identity);
        }
    }

    /// The rows as a batch.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let who = self.who;
        let interned = &texts.interned;
        let columns: Vec<ArrayRef> = vec![
            who.person_id.finish(),
            who.insurer.finish(&texts.insurers),
            who.insured_from.finish(),
            who.surname.finish(interned),
            who.given_name.finish(interned),
            who.patronymic.finish(interned),
            who.sex.finish(),
            who.birth_date.finish(),
            who.age.finish(),
            who.enp.finish(),
            who.policy_kind.finish(),
            who.policy_number.finish(),
            who.snils.finish(),
            who.address.finish(),
            who.settlement.finish(),
        ];
        OutputTable::Unattached.spec().batch(columns)
    }
}
