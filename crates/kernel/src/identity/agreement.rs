//! Agreement of two records by a rule of links. Here one pair is compared; `links` and `documents` compare all records
//! at once.

use super::documents;
use super::links::same_number;
use super::{Names, Records};
use sverka_model::{Code, Enp, InternedText, Snils, TextKind};

/// Rules of links, in their order.
pub(super) const LINK_RULES: [Code; 6] = [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5, Code::L6];

/// Whether two records agree on all fields of one of [`LINK_RULES`]. For `L6` the fields are an ENP and the birth date it codes; a contradiction
/// between the groups of the two records does not count.
pub(super) fn agree(records: Records<'_>, names: Names<'_>, rule: Code, left: u32, right: u32) -> bool {
    let (one, other) = (records.at(left), records.at(right));
    let same_enp = one.enp != Enp::NONE && one.enp == other.enp;
    let same_birth = one.birth_date == other.birth_date;
    let same_given_name = || one.given_name != InternedText::NONE && names.given_name(one) == names.given_name(other);
    let same_names = || names.full(one).is_some_and(|full_name| names.full(other) == Some(full_name));
    match rule {
        Code::L1 => same_enp && same_birth && same_given_name(),
        Code::L2 => same_enp && same_names(),
        Code::L3 => one.snils != Snils::NONE && one.snils == other.snils && same_birth && same_given_name(),
        Code::L4 => documents::agree(records, names, left, right),
        Code::L5 => {
            one.policy != 0
                && one.policy == other.policy
                && one.policy_kind == other.policy_kind
                && same_birth
                && same_given_name()
                && same_number(records, left, right, TextKind::PolicyNumber)
        }
        Code::L6 => {
            let coded = || one.enp.decode().ok().map(|parts| parts.birth_date);
            same_enp && same_birth && coded() == Some(one.birth_date)
        }
        _ => false,
    }
}
