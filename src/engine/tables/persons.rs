//! `persons` and `unattached`: the register on the as-of date.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringBuilder};

use super::rows::{dates, optional_dates, push_digits, some, some_number};
use crate::check::{Identity, RegisterRecord};
use crate::engine::register_row::{RegisterRow, attachment, register};
use crate::engine::view::RunView;
use crate::intake::TextKind;
use crate::publish::{OutputTable, PublishError};

/// Bytes that a Cyrillic name takes on average, for making room.
const NAME_BYTES: usize = 20;

/// Columns that both tables have, from the record behind the row.
#[derive(Default)]
struct WhoColumns {
    person_id: Vec<i64>,
    insurer: StringBuilder,
    insured_from: Vec<i32>,
    enp: StringBuilder,
    surname: StringBuilder,
    given_name: StringBuilder,
    patronymic: StringBuilder,
    sex: Vec<i32>,
    birth_date: Vec<i32>,
    age: Vec<i32>,
    snils: StringBuilder,
    policy_kind: Vec<i32>,
    policy_number: StringBuilder,
}

impl WhoColumns {
    fn with_capacity(rows: usize) -> Self {
        let texts = |bytes: usize| StringBuilder::with_capacity(rows, rows * bytes);
        Self {
            person_id: Vec::with_capacity(rows),
            insurer: texts(5),
            insured_from: Vec::with_capacity(rows),
            enp: texts(16),
            surname: texts(NAME_BYTES),
            given_name: texts(NAME_BYTES),
            patronymic: texts(NAME_BYTES),
            sex: Vec::with_capacity(rows),
            birth_date: Vec::with_capacity(rows),
            age: Vec::with_capacity(rows),
            snils: texts(11),
            policy_kind: Vec::with_capacity(rows),
            policy_number: texts(0),
        }
    }

    fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow, record: u32, identity: &Identity) {
        let words = view.records.words;
        let (insurer, from) =
            row.insurance.map_or(("", 0), |stay| (view.job.insurers.get(stay.organisation).code.as_str(), stay.from.days()));
        self.person_id.push(id);
        self.insurer.append_value(insurer);
        self.insured_from.push(from);
        push_digits(&mut self.enp, row.enp, 16);
        self.surname.append_value(words.text(identity.surname));
        self.given_name.append_value(words.text(identity.given_name));
        self.patronymic.append_option(some(words.text(identity.patronymic)));
        self.sex.push(i32::from(identity.sex));
        self.birth_date.push(identity.birth_date.days());
        self.age.push(identity.birth_date.age_on(view.job.as_of));
        push_digits(&mut self.snils, row.snils, 11);
        self.policy_kind.push(i32::from(identity.policy_kind));
        self.policy_number.append_option(some(view.records.text(record, TextKind::PolicyNumber)));
    }
}

/// Rows of `persons`.
pub(in crate::engine) struct PersonRows {
    who: WhoColumns,
    clinic: StringBuilder,
    attached_from: Vec<Option<i32>>,
    method: Vec<Option<i32>>,
    district: StringBuilder,
    doctor_snils: StringBuilder,
    doc_kind: StringBuilder,
    doc_number: StringBuilder,
    category: Vec<Option<i32>>,
    insurer_unresolved: Vec<bool>,
    clinic_unresolved: Vec<Option<bool>>,
}

impl PersonRows {
    /// No rows yet, room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        let texts = |bytes: usize| StringBuilder::with_capacity(rows, rows * bytes);
        Self {
            who: WhoColumns::with_capacity(rows),
            clinic: texts(6),
            attached_from: Vec::with_capacity(rows),
            method: Vec::with_capacity(rows),
            district: texts(4),
            doctor_snils: texts(11),
            doc_kind: texts(2),
            doc_number: texts(12),
            category: Vec::with_capacity(rows),
            insurer_unresolved: Vec::with_capacity(rows),
            clinic_unresolved: Vec::with_capacity(rows),
        }
    }

    /// The row of one person who is in the register.
    pub fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow) {
        let (Some(insurance), Some(index)) = (row.insurance, row.record) else { return };
        let Some(record) = register(view.records, index) else { return };
        let words = view.records.words;
        self.who.push(view, id, row, index, &record.identity);
        self.attach(view, row);
        self.doc_kind.append_option(some(words.text(record.identity.doc_kind)));
        self.doc_number.append_option(some(view.records.text(index, TextKind::DocNumber)));
        self.category.push(some_number(record.category, RegisterRecord::NO_CATEGORY));
        self.insurer_unresolved.push(insurance.unresolved);
    }

    fn attach(&mut self, view: RunView<'_>, row: &RegisterRow) {
        let words = view.records.words;
        let stay = row.clinic.map(|(stay, _)| stay);
        let record = row.clinic.and_then(|(_, record)| attachment(view.records, record));
        self.clinic.append_option(stay.map(|stay| view.job.clinics.get(stay.organisation).code.as_str()));
        self.attached_from.push(stay.map(|stay| stay.from.days()));
        self.method.push(stay.and_then(|stay| some_number(stay.method, 0)));
        self.district.append_option(record.and_then(|record| some(words.text(record.district))));
        self.doctor_snils.append_option(record.and_then(|record| some(words.text(record.doctor_snils))));
        self.clinic_unresolved.push(stay.map(|stay| stay.unresolved));
    }

    /// The rows as a batch.
    pub fn finish(mut self) -> Result<RecordBatch, PublishError> {
        let who = &mut self.who;
        OutputTable::Persons.spec().batch(vec![
            Arc::new(Int64Array::from(std::mem::take(&mut who.person_id))),
            Arc::new(who.enp.finish()),
            Arc::new(who.insurer.finish()),
            dates(std::mem::take(&mut who.insured_from)),
            Arc::new(self.clinic.finish()),
            optional_dates(self.attached_from),
            Arc::new(Int32Array::from(self.method)),
            Arc::new(self.district.finish()),
            Arc::new(self.doctor_snils.finish()),
            Arc::new(who.surname.finish()),
            Arc::new(who.given_name.finish()),
            Arc::new(who.patronymic.finish()),
            Arc::new(Int32Array::from(std::mem::take(&mut who.sex))),
            dates(std::mem::take(&mut who.birth_date)),
            Arc::new(Int32Array::from(std::mem::take(&mut who.age))),
            Arc::new(who.snils.finish()),
            Arc::new(Int32Array::from(std::mem::take(&mut who.policy_kind))),
            Arc::new(who.policy_number.finish()),
            Arc::new(self.doc_kind.finish()),
            Arc::new(self.doc_number.finish()),
            Arc::new(Int32Array::from(self.category)),
            Arc::new(BooleanArray::from(self.insurer_unresolved)),
            Arc::new(BooleanArray::from(self.clinic_unresolved)),
        ])
    }
}

/// Rows of `unattached`.
#[derive(Default)]
pub(in crate::engine) struct UnattachedRows {
    who: WhoColumns,
}

impl UnattachedRows {
    /// The row of one person who is in the register without a clinic.
    pub fn push(&mut self, view: RunView<'_>, id: i64, row: &RegisterRow) {
        let Some(index) = row.record.filter(|_| row.insurance.is_some() && row.clinic.is_none()) else { return };
        if let Some(record) = register(view.records, index) {
            self.who.push(view, id, row, index, &record.identity);
        }
    }

    /// The rows as a batch.
    pub fn finish(self) -> Result<RecordBatch, PublishError> {
        let mut who = self.who;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(who.person_id)),
            Arc::new(who.insurer.finish()),
            dates(who.insured_from),
            Arc::new(who.surname.finish()),
            Arc::new(who.given_name.finish()),
            Arc::new(who.patronymic.finish()),
            Arc::new(Int32Array::from(who.sex)),
            dates(who.birth_date),
            Arc::new(Int32Array::from(who.age)),
            Arc::new(who.enp.finish()),
            Arc::new(Int32Array::from(who.policy_kind)),
            Arc::new(who.policy_number.finish()),
            Arc::new(who.snils.finish()),
        ];
        OutputTable::Unattached.spec().batch(columns)
    }
}
