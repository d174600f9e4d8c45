//! What two people of a household have in common: twins, and one ENP for both.

use super::super::plan::{Place, Plan};
use super::super::rates::Kind;
use super::super::text::Text;
use sverka_model::{Code, Sex, Snils};

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
    if kind == Kind::EnpSharedByAlike {
        return alike(first, second);
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

/// Nothing tells the two apart but a letter: the rules take them for one person.
fn alike(first: &mut Plan, second: &mut Plan) {
    let names = if first.person.sex == Sex::Male { ["Данила", "Даниил"] } else { ["Марина", "Карина"] };
    for (plan, name) in [&mut *first, &mut *second].into_iter().zip(names) {
        plan.person.given_name = Text::from(name);
        for row in &mut plan.registers {
            (row.given_name, row.snils) = (plan.person.given_name, Snils::NONE);
        }
        for row in &mut plan.attachments {
            (row.given_name, row.snils) = (plan.person.given_name, Snils::NONE);
        }
    }
    for (row, other) in second.registers.iter_mut().zip(&first.registers) {
        (row.insurer, row.insured_from, row.applied_on) = (other.insurer, other.insured_from, other.applied_on);
    }
    for (row, other) in second.attachments.iter_mut().zip(&first.attachments) {
        (row.clinic, row.attached_from, row.method) = (other.clinic, other.attached_from, other.method);
        (row.district, row.department, row.doctor) = (other.district, other.department, other.doctor);
    }
    (second.insurer, second.clinic) = (first.insurer, first.clinic);
    for place in places(second) {
        second.unnoticed(Kind::EnpSharedByAlike, place);
    }
}

fn places(plan: &Plan) -> Vec<Place> {
    let registers = (0..plan.registers.len()).map(Place::Register);
    registers.chain((0..plan.attachments.len()).map(Place::Attachment)).collect()
}
