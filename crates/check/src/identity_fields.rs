//! The identifying part of a record, in both tables.

use super::fingerprint::hash_or_zero;
use super::names::InternedNames;
use super::numbers::EnpCheck;
use super::row_check::RowCheck;
use sverka_model::{Action, Date, Field, Identity, InternedText, PolicyKind, RecordFlags, RowHash, RowId, RowState, Sex, Snils};

/// Identifying fields of a row, after the checks of its table.
pub(super) struct CheckedIdentity<'r> {
    pub enp: EnpCheck,
    pub snils: Snils,
    pub birth_date: Date,
    pub sex: Option<Sex>,
    pub policy_kind: PolicyKind,
    pub policy_number: &'r [u8],
    pub names: InternedNames,
    pub action: Action,
    /// Whether the document must be another person's.
    pub document_of_another: bool,
}

impl<'r> RowCheck<'_, '_, 'r> {
    /// The identifying part of the record, and its share of the fingerprint: numbers as checked, texts as received.
    #[inline]
    pub(super) fn identity(&mut self, checked: &CheckedIdentity<'r>) -> (Identity, RowHash) {
        let doc_number = self.text(Field::DocNumber);
        let InternedNames { surname, given_name, patronymic, is_placeholder } = checked.names;
        let doc_kind = self.intern(self.text(Field::DocKind));
        let has_kind = doc_kind.text != InternedText::NONE;
        let identity = Identity {
            // The visitor of rows sets the row id, the check of the table the fingerprint.
            row_id: RowId::new(0, 0),
            fingerprint: 0,
            enp: checked.enp.enp,
            snils: checked.snils,
            document: if has_kind { self.keys().document(doc_kind.hash, doc_number) } else { 0 },
            policy: self.keys().policy(checked.policy_kind, checked.policy_number),
            birth_date: checked.birth_date,
            surname: surname.text,
            given_name: given_name.text,
            patronymic: patronymic.text,
            doc_kind: doc_kind.text,
            sex: checked.sex.map_or(0, |sex| sex as u8),
            policy_kind: checked.policy_kind,
            state: RowState::ACCEPTED,
            flags: RecordFlags::new(checked.enp.enp_contradicts_birth_date, checked.action)
                .with_identifying_document(!is_placeholder && !checked.document_of_another),
        };
        let hash = RowHash::default()
            .with(identity.enp.number(), identity.snils.number())
            .with(surname.hash, given_name.hash)
            .with(patronymic.hash, doc_kind.hash)
            .with(hash_or_zero(checked.policy_number), hash_or_zero(doc_number));
        (identity, hash)
    }
}
