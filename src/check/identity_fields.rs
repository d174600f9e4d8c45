//! The part of both row checks that says who a record is about.

use bytemuck::Zeroable;

use super::context::RowCheck;
use super::records::{Identity, RowState};
use crate::identifier::{Date, Enp};
use crate::identifier::PolicyKind;
use crate::intake::Field;

impl RowCheck<'_, '_, '_> {
    /// Names, document and policy of the row; the numbers and dates are the caller's.
    #[inline]
    pub(super) fn named_identity(&mut self, policy_kind: u8) -> Identity {
        let document = self.number_key(self.get(Field::DocKind), self.get(Field::DocNumber));
        let numbered_kind = match PolicyKind::from_code(policy_kind) {
            Some(PolicyKind::Old) => "1",
            Some(PolicyKind::TemporaryCertificate) => "2",
            Some(PolicyKind::SingleSample) | None => "",
        };
        let policy = self.number_key(numbered_kind, self.get(Field::PolicyNumber));
        Identity {
            document,
            policy,
            surname: self.word(Field::Surname),
            given_name: self.word(Field::GivenName),
            patronymic: self.word(Field::Patronymic),
            doc_kind: self.word(Field::DocKind),
            state: RowState::ACCEPTED,
            ..Identity::zeroed()
        }
    }
}

/// Whether an accepted ENP codes another birth date than the row gives; an absent one (0) does not.
pub(super) fn codes_other_birth(enp: u64, birth_date: Date) -> bool {
    let coded = Enp::from_number(enp).filter(|_| enp != 0).and_then(|enp| enp.decode().ok());
    coded.is_some_and(|parts| parts.birth_date != birth_date)
}
