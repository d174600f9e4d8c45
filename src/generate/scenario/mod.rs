//! What can happen to a person: each kind turns an orderly life into its case and states what must come of it.
//!
//! The outcome is written down by construction, from the rules and not from an engine, so that an engine can be measured against it.

mod clinic;
mod field;
mod foreigner;
mod household;
mod identity;
mod insurer;

pub(super) use household::happen_to_both;

use super::person::GROWN_UP_AGE;
use super::plan::{Place, Plan};
use super::random::Random;
use super::rates::Kind;
use super::rows::{AttachmentRow, RegisterRow};
use super::world::{World, ymd};
use sverka_model::{Code, Date};

/// One person, one kind: everything that a case needs.
struct Case<'a> {
    kind: Kind,
    plan: &'a mut Plan,
    world: &'a World,
    random: &'a mut Random,
}

/// Lets `kind` happen to the person of an orderly plan.
pub(super) fn happen(kind: Kind, plan: &mut Plan, world: &World, random: &mut Random) {
    let mut case = Case { kind, plan, world, random };
    if case.plan.person.age >= GROWN_UP_AGE {
        case.settle();
    }
    let _ = case.field() || case.foreigner() || case.identity() || case.insurer() || case.clinic();
}

impl Case<'_> {
    fn register(&mut self) -> &mut RegisterRow {
        &mut self.plan.registers[0]
    }

    fn attachment(&mut self) -> &mut AttachmentRow {
        &mut self.plan.attachments[0]
    }

    fn found(&mut self, place: Place, code: Code) {
        self.plan.found(self.kind, place, code);
    }

    fn unnoticed(&mut self, place: Place) {
        self.plan.unnoticed(self.kind, place);
    }

    /// The first register row is quarantined or has no interval; nothing else insures the person.
    fn register_lost(&mut self, code: Code) {
        self.found(Place::Register(0), code);
        self.plan.uninsured(self.kind);
    }

    /// The first attachment is quarantined or has no interval; nothing else attaches the person.
    fn attachment_lost(&mut self, code: Code) {
        self.found(Place::Attachment(0), code);
        self.plan.clinic = None;
    }

    fn either_lost(&mut self, register: bool, code: Code) {
        if register { self.register_lost(code) } else { self.attachment_lost(code) }
    }

    fn coin(&mut self) -> bool {
        self.random.once_in(2)
    }

    /// A whole calendar year before the as-of date, `least` years back or up to three more.
    fn past_year(&mut self, least: i32) -> i32 {
        self.world.as_of.year() - least - self.random.below(3) as i32
    }

    fn day_of(&mut self, first: (i32, u32, u32), last: (i32, u32, u32)) -> Date {
        self.random.day(ymd(first.0, first.1, first.2), ymd(last.0, last.1, last.2))
    }

    /// Insured by a main insurer since long before any case, attached since then.
    fn settle(&mut self) {
        let year = self.world.as_of.year();
        let from = self.day_of((year - 10, 1, 1), (year - 9, 1, 1));
        let insurer = self.world.insurer(self.random);
        self.insured_by(insurer, from);
        let clinic = self.world.clinic_but(&[], self.random);
        self.attached_to(clinic, 1, from);
    }

    fn insured_by(&mut self, insurer: u16, from: Date) {
        let row = self.register();
        row.insurer = insurer;
        row.insured_from = from;
        row.applied_on = Date::NEVER;
        self.plan.insurer = Some(self.world.insurer_on_the_day(insurer));
    }

    /// Since policies are digital, there are no new certificates.
    fn certificate_of_its_time(&mut self) {
        if self.register().insured_from >= ymd(2022, 12, 1) {
            self.found(Place::Register(0), Code::CertificateAfterDigital);
        }
    }

    /// The person has nothing but a certificate; those of the last two months may still be in their term of working days.
    fn certificate_alone(&mut self) {
        self.certificate_of_its_time();
        if self.register().insured_from.days() + 62 <= self.world.as_of.days() {
            self.found(Place::Register(0), Code::CertificateExpired);
        }
    }

    fn attached_to(&mut self, clinic: u16, method: u8, from: Date) {
        let row = self.attachment();
        row.clinic = clinic;
        row.method = method;
        row.attached_from = from;
        self.plan.clinic = Some(self.world.clinic_on_the_day(clinic));
        self.fit_doctor(0);
    }

    /// Another policy of the same person; gives its place.
    fn insured_again(&mut self, insurer: u16, from: Date, applied_on: Date, reason: &'static str) -> usize {
        let mut row = self.plan.registers[0];
        row.insurer = insurer;
        row.insured_from = from;
        row.stopped_on = Date::NEVER;
        row.applied_on = applied_on;
        row.reason = reason;
        self.plan.registers.push(row);
        self.plan.registers.len() - 1
    }

    /// Another attachment of the same person; gives its place.
    fn attached_again(&mut self, clinic: u16, method: u8, from: Date) -> usize {
        let mut row = self.plan.attachments[0];
        row.clinic = clinic;
        row.method = method;
        row.attached_from = from;
        row.attached_to = Date::NEVER;
        self.plan.attachments.push(row);
        let place = self.plan.attachments.len() - 1;
        self.fit_doctor(place);
        place
    }

    /// The doctor belongs to the clinic and the district.
    fn fit_doctor(&mut self, place: usize) {
        let row = &mut self.plan.attachments[place];
        row.doctor = self.world.clinics[usize::from(row.clinic)].doctors[usize::from(row.district) - 1];
    }
}
