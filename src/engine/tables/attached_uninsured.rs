//! Rows of `attached_uninsured`: attachment records in force of persons who are dead or not insured on the as-of date.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};

use super::columns::{DictionaryColumn, NumberColumn, TextColumn};
use super::rows::{SharedTexts, dates, optional_number, optional_text, person_ids, small_numbers};
use crate::engine::record_view::RecordView;
use crate::engine::uninsured::UninsuredAttachment;
use sverka_model::{Date, PolicyKind, SourceLine};
use sverka_model::{PersonId, TextKind};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `attached_uninsured`.
pub(in crate::engine) struct AttachedUninsuredRows {
    person_id: NumberColumn<Int64Type>,
    profile: NumberColumn<Int32Type>,
    source: DictionaryColumn,
    line: NumberColumn<Int64Type>,
    record_id: TextColumn,
    clinic: DictionaryColumn,
    causes: Vec<&'static str>,
    insurer: DictionaryColumn,
    insured_to: NumberColumn<Date32Type>,
    death_date: NumberColumn<Date32Type>,
    attached_from: NumberColumn<Date32Type>,
    attached_to: NumberColumn<Date32Type>,
    method: NumberColumn<Int32Type>,
    enp: TextColumn,
    policy_kind: NumberColumn<Int32Type>,
    policy_number: TextColumn,
    snils: TextColumn,
    surname: DictionaryColumn,
    given_name: DictionaryColumn,
    patronymic: DictionaryColumn,
    birth_date: NumberColumn<Date32Type>,
}

impl AttachedUninsuredRows {
    /// Empty columns without room: few persons have such a record.
    pub fn new() -> Self {
        let word = || DictionaryColumn::with_capacity(0);
        let text = || TextColumn::with_capacity(0, 0);
        Self {
            person_id: person_ids(0),
            profile: small_numbers(0),
            source: word(),
            line: NumberColumn::with_capacity(0, -1),
            record_id: text(),
            clinic: word(),
            causes: Vec::new(),
            insurer: word(),
            insured_to: dates(0),
            death_date: dates(0),
            attached_from: dates(0),
            attached_to: dates(0),
            method: small_numbers(0),
            enp: text(),
            policy_kind: small_numbers(0),
            policy_number: text(),
            snils: text(),
            surname: word(),
            given_name: word(),
            patronymic: word(),
            birth_date: dates(0),
        }
    }

    /// Adds a record of a person.
    #[cold]
    pub fn push(&mut self, view: RecordView<'_>, id: PersonId, attachment: &UninsuredAttachment<'_>) {
        let UninsuredAttachment { index, record, death, last_insurance } = *attachment;
        let identity = &record.identity;
        let SourceLine { source, line } = view.source_line(index);
        self.person_id.push(id.number());
        self.profile.push(i32::from(record.profile.code()));
        self.source.push(source as u32);
        self.line.push(line as i64);
        self.record_id.push_or_null(view.records.text(index, TextKind::RecordId).bytes());
        self.clinic.push(u32::from(view.job.clinics.succession().read_on(record.clinic, view.job.as_of)));
        self.causes.push(if death == Date::NEVER { "not_insured" } else { "dead" });
        self.insurer.push_option(last_insurance.map(|stay| u32::from(stay.organisation)));
        self.insured_to.push(last_insurance.map_or(Date::NEVER, |stay| stay.to).days());
        self.death_date.push(death.days());
        self.attached_from.push(record.attached_from.days());
        self.attached_to.push(record.attached_to.days());
        self.method.push_option(optional_number(record.method.code(), 0));
        self.enp.push_digits::<16>(identity.enp.number());
        self.policy_kind.push_option(optional_number(identity.policy_kind.code(), PolicyKind::NONE.code()));
        self.policy_number.push_or_null(view.records.text(index, TextKind::PolicyNumber).bytes());
        self.snils.push_digits::<11>(identity.snils.number());
        self.surname.push(identity.surname.id());
        self.given_name.push(identity.given_name.id());
        self.patronymic.push_option(optional_text(identity.patronymic));
        self.birth_date.push(identity.birth_date.days());
    }

    /// Arrow batch of the rows.
    pub fn finish(self, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let interned = &texts.interned;
        let columns: Vec<ArrayRef> = vec![
            self.person_id.finish(),
            self.profile.finish(),
            self.source.finish(&texts.sources),
            self.line.finish(),
            self.record_id.finish(),
            self.clinic.finish(&texts.clinics),
            Arc::new(StringArray::from_iter_values(self.causes)),
            self.insurer.finish(&texts.insurers),
            self.insured_to.finish(),
            self.death_date.finish(),
            self.attached_from.finish(),
            self.attached_to.finish(),
            self.method.finish(),
            self.enp.finish(),
            self.policy_kind.finish(),
            self.policy_number.finish(),
            self.snils.finish(),
            self.surname.finish(interned),
            self.given_name.finish(interned),
            self.patronymic.finish(interned),
            self.birth_date.finish(),
        ];
        OutputTable::AttachedUninsured.spec().batch(columns)
    }
}
