//! One clinic at a time: changes by residence, by application and after a move, the ages that clinics serve, attachments without insurance.

use super::super::plan::Place;
use super::super::rates::Kind;
use super::super::world::ymd;
use super::Case;
use sverka_model::{Code, Date};

const RESIDENCE: u8 = 1;
const APPLICATION: u8 = 2;
const MOVE: u8 = 3;

impl Case<'_> {
    /// Whether the kind is one of this module.
    pub fn clinic(&mut self) -> bool {
        match self.kind {
            Kind::ClinicChanged => {
                let from = self.next_clinic(APPLICATION);
                self.attachment().attached_to = from;
            }
            Kind::ClinicTerritory => self.replaced(RESIDENCE, Code::Territory),
            Kind::ClinicChangeOpen => self.replaced(APPLICATION, Code::ChangeAtWill),
            Kind::ClinicChangeMoved => self.replaced(MOVE, Code::ChangeMoved),
            Kind::ClinicChangeLimit => self.two_applications(),
            Kind::ClinicOutranked | Kind::ClinicDeferred => self.outranked(),
            Kind::ClinicSameDay | Kind::ClinicSameDayTie => self.clinics_of_one_day(),
            Kind::ClinicGrownUp => self.grown_up(),
            Kind::ClinicChildWithAdults => {
                let (clinic, from) = (self.world.adults_only(self.random), self.attachment().attached_from);
                self.attached_to(clinic, RESIDENCE, from);
                self.found(Place::Attachment(0), Code::ClinicAge);
            }
            Kind::ClinicAdultWithChildren => {
                let (clinic, from) = (self.world.children_only(self.random), self.attachment().attached_from);
                self.attached_to(clinic, APPLICATION, from);
                self.attachment_lost(Code::ClinicAge);
            }
            Kind::ClinicClosed => {
                let from = self.attachment().attached_from;
                self.attached_to(self.world.closed_clinic(), APPLICATION, from);
                self.plan.clinic = None;
            }
            Kind::ClinicNoInterval => self.no_interval(),
            Kind::AttachedUninsured => self.uninsured(),
            _ => return false,
        }
        true
    }

    fn another_clinic(&mut self) -> u16 {
        let first = self.attachment().clinic;
        self.world.clinic_but(&[first], self.random)
    }

    /// A second attachment some years later; gives its start.
    fn next_clinic(&mut self, method: u8) -> Date {
        let year = self.past_year(1);
        let from = self.day_of((year, 1, 10), (year, 12, 20));
        let second = self.another_clinic();
        self.attached_again(second, method, from);
        self.plan.clinic = Some(second);
        from
    }

    fn replaced(&mut self, method: u8, code: Code) {
        self.next_clinic(method);
        self.found(Place::Attachment(0), code);
    }

    fn two_applications(&mut self) {
        let year = self.past_year(1);
        let (first, second) = (self.attachment().clinic, self.another_clinic());
        let third = self.world.clinic_but(&[first, second], self.random);
        let (spring, autumn) = (self.day_of((year, 2, 1), (year, 4, 30)), self.day_of((year, 8, 1), (year, 11, 30)));
        self.attached_again(second, APPLICATION, spring);
        self.attached_again(third, APPLICATION, autumn);
        self.plan.clinic = Some(second);
        self.found(Place::Attachment(0), Code::ChangeAtWill);
        self.found(Place::Attachment(2), Code::ChangeLimit);
    }

    /// An application stands against residence; if it ends, residence has its turn.
    fn outranked(&mut self) {
        let year = self.past_year(2);
        let from = self.day_of((year, 5, 1), (year, 11, 30));
        let second = self.another_clinic();
        self.attachment().method = APPLICATION;
        self.attached_again(second, RESIDENCE, from);
        if self.kind == Kind::ClinicDeferred {
            self.attachment().attached_to = ymd(year + 1, 2, 1);
            self.plan.clinic = Some(second);
        }
        self.found(Place::Attachment(1), Code::ApplicationOutranksResidence);
    }

    fn clinics_of_one_day(&mut self) {
        let from = self.attachment().attached_from;
        if self.kind == Kind::ClinicSameDay {
            let second = self.another_clinic();
            self.attached_again(second, APPLICATION, from);
            self.plan.clinic = Some(second);
            return self.found(Place::Attachment(0), Code::SameDay);
        }
        let (stands, loses) = self.world.clinics_of_one_file_date(self.random);
        self.attached_to(stands, RESIDENCE, from);
        self.attached_again(loses, RESIDENCE, from);
        self.plan.unresolved = true;
        self.found(Place::Attachment(1), Code::SameDayTie);
    }

    /// The children's clinic kept its attachment open, but serves nobody from 18 on.
    fn grown_up(&mut self) {
        let came_of_age = self.plan.person.birth_date.birthday(18);
        let childhood = Date::from_days(came_of_age.days() - 1_000);
        // A new choice: the orderly life may have chosen an insurer that closed before this childhood.
        let insurer = self.world.insurer(self.random);
        self.insured_by(insurer, childhood);
        let children = self.world.children_only(self.random);
        self.attached_to(children, RESIDENCE, childhood);
        let adults = self.world.clinic(false, self.random);
        let from = self.random.day(came_of_age, self.world.as_of);
        self.attached_again(adults, RESIDENCE, from);
        self.plan.clinic = Some(adults);
    }

    /// Dental care, so that the funded attachment is not touched.
    fn no_interval(&mut self) {
        let clinic = self.world.clinic_left_to_nobody();
        let closes = self.world.clinic_works(clinic).to;
        let from = Date::from_days(closes.days() - 1 - self.random.below(300) as i32);
        let place = self.attached_again(clinic, RESIDENCE, from);
        self.plan.attachments[place].profile = 3;
        self.found(Place::Attachment(place), Code::NoInterval);
    }

    /// Without any policy, or attached and left before the first one.
    fn uninsured(&mut self) {
        if self.coin() {
            self.plan.registers.clear();
            return self.plan.uninsured(self.kind);
        }
        let insured_from = self.register().insured_from;
        let from = Date::from_days(insured_from.days() - 400);
        let second = self.another_clinic();
        let place = self.attached_again(second, APPLICATION, from);
        self.plan.attachments[place].attached_to = Date::from_days(insured_from.days() - self.random.below(60) as i32);
        self.found(Place::Attachment(place), Code::NotInsured);
    }
}
