//! Kinds that strike two persons of a household: twins, and one ENP for both.

use super::super::plan::{Plan, PlanRow};
use super::super::rates::Kind;
use super::super::text::Text;
use sverka_model::{Code, Sex, Snils};

/// Applies a kind to two persons. Twins have one birth date and sex already; persons who share an ENP without being twins are of different
/// ages.
pub fn apply_to_both(kind: Kind, first: &mut Plan, second: &mut Plan) {
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
        return make_alike(first, second);
    }
    for row in rows_of(second) {
        if kind == Kind::EnpShared {
            second.expect_finding(kind, row, Code::EnpPersonMismatch);
        }
    }
    for plan in [first, second] {
        for row in rows_of(plan) {
            plan.expect_finding(kind, row, Code::EnpShared);
        }
    }
}

/// Makes two persons differ in one letter only, so that the rules take them for one person.
fn make_alike(first: &mut Plan, second: &mut Plan) {
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
    for row in rows_of(second) {
        second.expect_nothing(Kind::EnpSharedByAlike, row);
    }
}

/// All rows of a plan.
fn rows_of(plan: &Plan) -> Vec<PlanRow> {
    let registers = (0..plan.registers.len()).map(PlanRow::Register);
    registers.chain((0..plan.attachments.len()).map(PlanRow::Attachment)).collect()
}
