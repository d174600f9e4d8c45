//! What two people of a household have in common: twins, and one ENP for both.

use super::super::plan::{Place, Plan};
use super::super::rates::Kind;
use crate::rules::Code;

/// Lets `kind` happen to two people. Twins have one birth date and sex already; people who share an ENP without being twins are of
/// different ages.
pub fn happen_to_both(kind: Kind, first: &mut Plan, second: &mut Plan) {
    if kind == Kind::Twins {
        return;
    }
    let shared = first.person.enp;
    for row in &mut second.registers {
        row.enp = shared;
    }
    for row in &mut second.attachments {
        row.enp = shared;
    }
    for place in places(second) {
        if kind == Kind::EnpShared {
            second.found(kind, place, Code::EnpPersonMismatch);
        }
    }
    for plan in [first, second] {
        for place in places(plan) {
            plan.found(kind, place, Code::EnpShared);
        }
    }
}

fn places(plan: &Plan) -> Vec<Place> {
    let registers = (0..plan.registers.len()).map(Place::Register);
    registers.chain((0..plan.attachments.len()).map(Place::Attachment)).collect()
}
