//! Kinds of insurance: changes of the insurer with and without right, deaths, an insurer that closed.

use super::super::plan::PlanRow;
use super::super::rates::Kind;
use super::super::world::{CLOSED_INSURER, ymd};
use super::{Case, NewPolicy};
use sverka_model::{AttachmentMethod, Code, Date, InsurerId};

const AT_WILL: [&str; 3] = ["П031", "П034", ""];
const MOVED: [&str; 2] = ["П032", "П035"];
const CONTRACT_ENDED: [&str; 2] = ["П033", "П036"];

impl Case<'_> {
    /// Applies the kind if it is about insurance. Returns whether it is.
    pub fn apply_insurer_kind(&mut self) -> bool {
        match self.kind {
            Kind::InsurerChanged | Kind::InsurerChangeOpen | Kind::InsurerChangeMoved => self.change_insurer(),
            Kind::InsurerContractEnded => self.leave_closing_insurer(),
            Kind::InsurerChangeLate => {
                let year = self.past_year(1);
                self.change_late(year);
                self.expect_finding(PlanRow::Register(1), Code::ChangeDeadline);
            }
            Kind::InsurerChangeTwice => self.change_twice(),
            Kind::InsurerChangeDeferred => {
                let year = self.past_year(2);
                let second = self.change_late(year);
                self.register().stopped_on = ymd(year + 1, 2, 1);
                self.plan.insurer = Some(second);
                self.expect_finding(PlanRow::Register(1), Code::ChangeDeadline);
            }
            Kind::InsurerSameDay | Kind::InsurerSameDayTie => self.insurers_of_one_day(),
            Kind::InsurerClosed => self.stay_with_closed_insurer(),
            Kind::Death | Kind::InsuredAfterDeath | Kind::AttachedAfterDeath => self.die(),
            _ => return false,
        }
        true
    }

    /// Changes the insurer after an application in time, or at any time after a move. The former policy is closed or left open.
    fn change_insurer(&mut self) {
        let year = self.past_year(1);
        let moved = self.kind == Kind::InsurerChangeMoved;
        let applied_on = self.random_day(ymd(year, 1, 10), if moved { ymd(year, 12, 1) } else { ymd(year, 10, 20) });
        let from = Date::from_days(applied_on.days() + self.random.below(30) as i32);
        let second = self.another_insurer();
        let reason = if moved { self.random.pick(&MOVED) } else { self.random.pick(&AT_WILL) };
        self.add_policy(NewPolicy { insurer: second, from, applied_on, reason });
        self.plan.insurer = Some(second);
        match self.kind {
            Kind::InsurerChanged => {
                self.register().stopped_on = from;
                self.register().reason = "П021";
            }
            Kind::InsurerChangeMoved => self.expect_finding(PlanRow::Register(0), Code::ChangeMoved),
            _ => self.expect_finding(PlanRow::Register(0), Code::ChangeAtWill),
        }
    }

    fn another_insurer(&mut self) -> InsurerId {
        let first = self.register().insurer;
        self.world.insurer_but(&[first], self.random)
    }

    /// Changes from the insurer that closes to another while the former still works.
    fn leave_closing_insurer(&mut self) {
        let closes = self.world.insurer_works(CLOSED_INSURER).to;
        let since = self.register().insured_from;
        self.insure_with(CLOSED_INSURER, since);
        let second = self.world.insurer(self.random);
        let from = Date::from_days(closes.days() - 1 - self.random.below(60) as i32);
        let reason = self.random.pick(&CONTRACT_ENDED);
        self.add_policy(NewPolicy { insurer: second, from, applied_on: from, reason });
        self.plan.insurer = Some(second);
        self.expect_finding(PlanRow::Register(0), Code::ChangeContractEnded);
    }

    /// Changes the insurer from 1 December after an application in November. Returns the new insurer.
    fn change_late(&mut self, year: i32) -> InsurerId {
        let applied_on = self.random_day(ymd(year, 11, 2), ymd(year, 11, 28));
        let second = self.another_insurer();
        let reason = self.random.pick(&AT_WILL);
        self.add_policy(NewPolicy { insurer: second, from: ymd(year, 12, 1), applied_on, reason });
        second
    }

    /// Changes the insurer twice in a year; the second change does not stand.
    fn change_twice(&mut self) {
        let year = self.past_year(1);
        let first = self.register().insurer;
        let second = self.another_insurer();
        let third = self.world.insurer_but(&[first, second], self.random);
        let spring = self.random_day(ymd(year, 2, 1), ymd(year, 3, 15));
        let summer = self.random_day(ymd(year, 7, 1), ymd(year, 8, 15));
        self.add_policy(NewPolicy { insurer: second, from: ymd(year, 4, 1), applied_on: spring, reason: "П031" });
        self.add_policy(NewPolicy { insurer: third, from: ymd(year, 9, 1), applied_on: summer, reason: "П034" });
        self.plan.insurer = Some(second);
        self.expect_finding(PlanRow::Register(0), Code::ChangeAtWill);
        self.expect_finding(PlanRow::Register(2), Code::ChangeLimit);
    }

    /// Adds a policy from the day of the first. The later application wins; if nothing differs, the smaller code stands and no norm is paid.
    fn insurers_of_one_day(&mut self) {
        let from = self.register().insured_from;
        if self.kind == Kind::InsurerSameDay {
            let second = self.another_insurer();
            let applied_on = Date::from_days(from.days() - 1 - self.random.below(10) as i32);
            self.register().applied_on = Date::from_days(from.days() - 40);
            self.add_policy(NewPolicy { insurer: second, from, applied_on, reason: "" });
            self.plan.insurer = Some(second);
            return self.expect_finding(PlanRow::Register(0), Code::SameDay);
        }
        // The first three insurers deliver on one day.
        let stands = self.random.below(2) as u16;
        let loses = stands + 1 + self.random.below(2 - u32::from(stands)) as u16;
        self.insure_with(InsurerId::new(stands), from);
        self.add_policy(NewPolicy { insurer: InsurerId::new(loses), from, applied_on: Date::NEVER, reason: "" });
        self.plan.unresolved = true;
        self.expect_finding(PlanRow::Register(1), Code::SameDayTie);
    }

    /// Leaves the person with the insurer that closed without successor.
    fn stay_with_closed_insurer(&mut self) {
        let since = self.register().insured_from;
        self.insure_with(CLOSED_INSURER, since);
        (self.plan.insurer, self.plan.clinic) = (None, None);
        self.expect_finding(PlanRow::Register(0), Code::MustChoose);
    }

    /// Lets the person die; the insurance is closed, or rows go on after the death.
    fn die(&mut self) {
        let year = self.past_year(1);
        let died = self.random_day(ymd(year, 1, 1), ymd(year, 8, 31));
        let closed = self.kind != Kind::InsuredAfterDeath;
        let row = self.register();
        row.death_date = died;
        if closed {
            row.stopped_on = died.next();
            row.reason = "П022";
        }
        let later = Date::from_days(died.days() + 10 + self.random.below(80) as i32);
        (self.plan.insurer, self.plan.clinic) = (None, None);
        match self.kind {
            Kind::InsuredAfterDeath => {
                // Both rows stand in one file, so that neither is younger: a younger row would take the death back.
                let insurer = self.register().insurer;
                let row = self.add_policy(NewPolicy { insurer, from: later, applied_on: Date::NEVER, reason: "" });
                self.plan.registers[row].death_date = Date::NEVER;
                self.expect_finding(PlanRow::Register(row), Code::AfterDeath);
                self.expect_finding(PlanRow::Register(row), Code::DeathContradicted);
                self.expect_finding(PlanRow::Register(0), Code::DeathContradicted);
            }
            Kind::AttachedAfterDeath => {
                let clinic = self.world.clinic_but(&[self.plan.attachments[0].clinic], self.random);
                let row = self.add_attachment(clinic, AttachmentMethod::BY_RESIDENCE, later);
                self.expect_finding(PlanRow::Attachment(row), Code::AfterDeath);
            }
            _ => {}
        }
    }
}
