//! Kinds that strike a person: each one turns an orderly life into its case and states the result that a reconciliation must give.
//!
//! The result follows from the rules and from no engine, so that an engine can be measured against it.

mod clinic;
mod field;
mod foreigner;
mod household;
mod identity;
mod insurer;

pub(super) use household::apply_to_both;

use super::person::GROWN_UP_AGE;
use super::plan::{Plan, PlanRow};
use super::random::Random;
use super::rates::Kind;
use super::rows::{AttachmentRow, RegisterRow};
use super::world::{World, ymd};
use sverka_model::{AttachmentMethod, ClinicId, Code, Date, InsurerId, Table};

/// Policy that a case adds to a person.
struct NewPolicy {
    insurer: InsurerId,
    from: Date,
    applied_on: Date,
    reason: &'static str,
}

/// Kind that strikes a person, the person's plan, and the world and random draws that the case needs.
struct Case<'a> {
    kind: Kind,
    plan: &'a mut Plan,
    world: &'a World,
    random: &'a mut Random,
}

/// Applies a kind to the person of an orderly plan.
pub(super) fn apply(kind: Kind, plan: &mut Plan, world: &World, random: &mut Random) {
    let mut case = Case { kind, plan, world, random };
    if case.plan.person.age >= GROWN_UP_AGE {
        case.start_early();
    }
    let _ = case.apply_field_kind()
        || case.apply_foreigner_kind()
        || case.apply_identity_kind()
        || case.apply_insurer_kind()
        || case.apply_clinic_kind();
}

impl Case<'_> {
    /// First row of the register.
    fn register(&mut self) -> &mut RegisterRow {
        &mut self.plan.registers[0]
    }

    /// First attachment.
    fn attachment(&mut self) -> &mut AttachmentRow {
        &mut self.plan.attachments[0]
    }

    fn expect_finding(&mut self, row: PlanRow, code: Code) {
        self.plan.expect_finding(self.kind, row, code);
    }

    fn expect_nothing(&mut self, row: PlanRow) {
        self.plan.expect_nothing(self.kind, row);
    }

    /// Expects the first row of the register to be quarantined or without interval. Nothing else insures the person.
    fn lose_register_row(&mut self, code: Code) {
        self.expect_finding(PlanRow::Register(0), code);
        self.plan.make_uninsured(self.kind);
    }

    /// Expects the first attachment to be quarantined or without interval. Nothing else attaches the person.
    fn lose_attachment_row(&mut self, code: Code) {
        self.expect_finding(PlanRow::Attachment(0), code);
        self.plan.clinic = None;
    }

    fn lose_row(&mut self, table: Table, code: Code) {
        match table {
            Table::Register => self.lose_register_row(code),
            Table::Attachments => self.lose_attachment_row(code),
        }
    }

    /// True once in two draws.
    fn coin(&mut self) -> bool {
        self.random.once_in(2)
    }

    /// A calendar year, `least` to `least + 2` years before the year of the as-of date.
    fn past_year(&mut self, least: i32) -> i32 {
        self.world.as_of.year() - least - self.random.below(3) as i32
    }

    fn random_day(&mut self, first: Date, last: Date) -> Date {
        self.random.day(first, last)
    }

    /// Moves the start of the policy and the attachment to long before any case.
    fn start_early(&mut self) {
        let year = self.world.as_of.year();
        let from = self.random_day(ymd(year - 10, 1, 1), ymd(year - 9, 1, 1));
        let insurer = self.world.insurer(self.random);
        self.insure_with(insurer, from);
        let clinic = self.world.clinic_but(&[], self.random);
        self.attach_to(clinic, AttachmentMethod::BY_RESIDENCE, from);
    }

    /// Makes the first row of the register a policy of an insurer from a date.
    fn insure_with(&mut self, insurer: InsurerId, from: Date) {
        let row = self.register();
        row.insurer = insurer;
        row.insured_from = from;
        row.applied_on = Date::NEVER;
        self.plan.insurer = Some(self.world.insurer_on_the_day(insurer));
    }

    /// Expects a finding if the certificate is from a time when policies are digital.
    fn expect_certificate_after_digital(&mut self) {
        if self.register().insured_from >= ymd(2022, 12, 1) {
            self.expect_finding(PlanRow::Register(0), Code::CertificateAfterDigital);
        }
    }

    /// Expects the findings on a certificate without a policy. A certificate of the last two months may not have expired.
    fn expect_certificate_findings(&mut self) {
        self.expect_certificate_after_digital();
        if self.register().insured_from.days() + 62 <= self.world.as_of.days() {
            self.expect_finding(PlanRow::Register(0), Code::CertificateExpired);
        }
    }

    /// Makes the first attachment one to a clinic from a date.
    fn attach_to(&mut self, clinic: ClinicId, method: AttachmentMethod, from: Date) {
        let row = self.attachment();
        row.clinic = clinic;
        row.method = method;
        row.attached_from = from;
        self.plan.clinic = Some(self.world.clinic_on_the_day(clinic));
        self.set_doctor(0);
    }

    /// Adds a policy. Returns the index of its row.
    fn add_policy(&mut self, policy: NewPolicy) -> usize {
        let mut row = self.plan.registers[0];
        row.insurer = policy.insurer;
        row.insured_from = policy.from;
        row.stopped_on = Date::NEVER;
        row.applied_on = policy.applied_on;
        row.reason = policy.reason;
        self.plan.registers.push(row);
        self.plan.registers.len() - 1
    }

    /// Adds an attachment. Returns the index of its row.
    fn add_attachment(&mut self, clinic: ClinicId, method: AttachmentMethod, from: Date) -> usize {
        let mut row = self.plan.attachments[0];
        row.clinic = clinic;
        row.method = method;
        row.attached_from = from;
        row.attached_to = Date::NEVER;
        self.plan.attachments.push(row);
        let index = self.plan.attachments.len() - 1;
        self.set_doctor(index);
        index
    }

    /// Gives an attachment the doctor of its clinic and district.
    fn set_doctor(&mut self, index: usize) {
        let row = &mut self.plan.attachments[index];
        row.doctor = self.world.clinics[usize::from(row.clinic)].doctors[usize::from(row.district) - 1];
    }
}
