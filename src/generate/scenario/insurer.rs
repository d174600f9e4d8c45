//! One insurer at a time: changes with and without right, deaths, an insurer that closed.

use super::super::plan::Place;
use super::super::rates::Kind;
use super::super::world::{CLOSED_INSURER, ymd};
use super::Case;
use sverka_model::{Code, Date};

const AT_WILL: [&str; 3] = ["П031", "П034", ""];
const MOVED: [&str; 2] = ["П032", "П035"];
const CONTRACT_ENDED: [&str; 2] = ["П033", "П036"];

impl Case<'_> {
    /// Whether the kind is one of this module.
    pub fn insurer(&mut self) -> bool {
        match self.kind {
            Kind::InsurerChanged | Kind::InsurerChangeOpen | Kind::InsurerChangeMoved => self.insurer_changed(),
            Kind::InsurerContractEnded => self.contract_ended(),
            Kind::InsurerChangeLate => {
                let year = self.past_year(1);
                self.late_change(year);
                self.found(Place::Register(1), Code::ChangeDeadline);
            }
            Kind::InsurerChangeTwice => self.changed_twice(),
            Kind::InsurerChangeDeferred => {
                let year = self.past_year(2);
                let second = self.late_change(year);
                self.register().stopped_on = ymd(year + 1, 2, 1);
                self.plan.insurer = Some(second);
                self.found(Place::Register(1), Code::ChangeDeadline);
            }
            Kind::InsurerSameDay | Kind::InsurerSameDayTie => self.insurers_of_one_day(),
            Kind::InsurerClosed => self.not_insured_again(),
            Kind::Death | Kind::InsuredAfterDeath | Kind::AttachedAfterDeath => self.death(),
            _ => return false,
        }
        true
    }

    /// Applied for in time, or after a move at any time; the former policy closed or left open.
    fn insurer_changed(&mut self) {
        let year = self.past_year(1);
        let moved = self.kind == Kind::InsurerChangeMoved;
        let applied_on = self.day_of((year, 1, 10), if moved { (year, 12, 1) } else { (year, 10, 20) });
        let from = Date::from_days(applied_on.days() + self.random.below(30) as i32);
        let second = self.another_insurer();
        let reason = if moved { self.random.pick(&MOVED) } else { self.random.pick(&AT_WILL) };
        self.insured_again(second, from, applied_on, reason);
        self.plan.insurer = Some(second);
        match self.kind {
            Kind::InsurerChanged => {
                self.register().stopped_on = from;
                self.register().reason = "П021";
            }
            Kind::InsurerChangeMoved => self.found(Place::Register(0), Code::ChangeMoved),
            _ => self.found(Place::Register(0), Code::ChangeAtWill),
        }
    }

    fn another_insurer(&mut self) -> u16 {
        let first = self.register().insurer;
        self.world.insurer_but(&[first], self.random)
    }

    /// From the closing insurer to another while the former still worked.
    fn contract_ended(&mut self) {
        let closes = self.world.insurer_works(CLOSED_INSURER).to;
        let since = self.register().insured_from;
        self.insured_by(CLOSED_INSURER, since);
        let second = self.world.insurer(self.random);
        let from = Date::from_days(closes.days() - 1 - self.random.below(60) as i32);
        let reason = self.random.pick(&CONTRACT_ENDED);
        self.insured_again(second, from, from, reason);
        self.plan.insurer = Some(second);
        self.found(Place::Register(0), Code::ChangeContractEnded);
    }

    /// An application after 1 November for a start in December; gives the insurer applied for.
    fn late_change(&mut self, year: i32) -> u16 {
        let applied_on = self.day_of((year, 11, 2), (year, 11, 28));
        let second = self.another_insurer();
        let reason = self.random.pick(&AT_WILL);
        self.insured_again(second, ymd(year, 12, 1), applied_on, reason);
        second
    }

    fn changed_twice(&mut self) {
        let year = self.past_year(1);
        let first = self.register().insurer;
        let second = self.another_insurer();
        let third = self.world.insurer_but(&[first, second], self.random);
        let spring = self.day_of((year, 2, 1), (year, 3, 15));
        let summer = self.day_of((year, 7, 1), (year, 8, 15));
        self.insured_again(second, ymd(year, 4, 1), spring, "П031");
        self.insured_again(third, ymd(year, 9, 1), summer, "П034");
        self.plan.insurer = Some(second);
        self.found(Place::Register(0), Code::ChangeAtWill);
        self.found(Place::Register(2), Code::ChangeLimit);
    }

    /// The later application wins; when nothing differs, the smaller code stands and nobody is paid.
    fn insurers_of_one_day(&mut self) {
        let from = self.register().insured_from;
        if self.kind == Kind::InsurerSameDay {
            let second = self.another_insurer();
            let applied_on = Date::from_days(from.days() - 1 - self.random.below(10) as i32);
            self.register().applied_on = Date::from_days(from.days() - 40);
            self.insured_again(second, from, applied_on, "");
            self.plan.insurer = Some(second);
            return self.found(Place::Register(0), Code::SameDay);
        }
        // The first three insurers deliver on one day.
        let stands = self.random.below(2) as u16;
        let loses = stands + 1 + self.random.below(2 - u32::from(stands)) as u16;
        self.insured_by(stands, from);
        self.insured_again(loses, from, Date::NEVER, "");
        self.plan.unresolved = true;
        self.found(Place::Register(1), Code::SameDayTie);
    }

    /// Nobody took over when the insurer closed, and no other was chosen.
    fn not_insured_again(&mut self) {
        let since = self.register().insured_from;
        self.insured_by(CLOSED_INSURER, since);
        (self.plan.insurer, self.plan.clinic) = (None, None);
        self.found(Place::Register(0), Code::MustChoose);
    }

    fn death(&mut self) {
        let year = self.past_year(1);
        let died = self.day_of((year, 1, 1), (year, 8, 31));
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
                // In the same file, so that neither row is younger: of younger ones the death would be taken back.
                let same = self.register().insurer;
                let place = self.insured_again(same, later, Date::NEVER, "");
                self.plan.registers[place].death_date = Date::NEVER;
                self.found(Place::Register(place), Code::AfterDeath);
                self.found(Place::Register(place), Code::DeathContradicted);
                self.found(Place::Register(0), Code::DeathContradicted);
            }
            Kind::AttachedAfterDeath => {
                let clinic = self.world.clinic_but(&[self.plan.attachments[0].clinic], self.random);
                let place = self.attached_again(clinic, 1, later);
                self.found(Place::Attachment(place), Code::AfterDeath);
            }
            _ => {}
        }
    }
}
