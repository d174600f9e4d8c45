//! The part of both row checks that says who a record is about.

use super::context::{EnpCheck, RowCheck};
use super::names::NameWords;
use sverka_model::{Action, Identity, RecordFlags, RowState};
use sverka_model::{Date, Sex};
use sverka_model::{Field, RowHash, RowId, hash_text};

/// The required fields and numbers that a row's own checks have read already.
pub(super) struct CheckedIdentity<'r> {
    pub enp: EnpCheck,
    pub snils: u64,
    pub birth_date: Date,
    pub sex: Option<Sex>,
    pub policy_kind: u8,
    pub policy_number: &'r [u8],
    pub names: NameWords,
    pub action: Action,
    /// Whether the document cannot be the person's own.
    pub document_of_another: bool,
}

impl<'r> RowCheck<'_, '_, 'r> {
    /// Who the record is about, and the fingerprint of it: numbers as checked, texts as received.
    #[inline]
    pub(super) fn identity(&mut self, checked: &CheckedIdentity<'r>) -> (Identity, RowHash) {
        let doc_number = self.text(Field::DocNumber);
        let NameWords {
            surname: (surname, surname_hash),
            given_name: (given_name, given_name_hash),
            patronymic: (patronymic, patronymic_hash),
            placeholder,
        } = checked.names;
        let (doc_kind, doc_kind_hash) = self.word(self.text(Field::DocKind));
        let identity = Identity {
            // Both are known later.
            row_id: RowId::new(0, 0),
            fingerprint: 0,
            enp: checked.enp.number,
            snils: checked.snils,
            document: self.document_key(doc_kind, doc_kind_hash, doc_number),
            policy: self.policy_key(checked.policy_kind, checked.policy_number),
            birth_date: checked.birth_date,
            surname,
            given_name,
            patronymic,
            doc_kind,
            sex: checked.sex.map_or(0, |sex| sex as u8),
            policy_kind: checked.policy_kind,
            state: RowState::ACCEPTED,
            flags: RecordFlags::new(checked.enp.enp_contradicts_birth_date, checked.action)
                .with_identifying_document(!placeholder && !checked.document_of_another),
        };
        let hash = RowHash::default()
            .with(identity.enp, identity.snils)
            .with(surname_hash, given_name_hash)
            .with(patronymic_hash, doc_kind_hash)
            .with(hash_of(checked.policy_number), hash_of(doc_number));
        (identity, hash)
    }
}

#[inline]
pub(super) fn hash_of(text: &[u8]) -> u64 {
    if text.is_empty() { 0 } else { hash_text(text) }
}
