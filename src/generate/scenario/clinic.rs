//! Kinds of attachment: changes by residence, by application and after a move, ages that clinics serve, attachments without insurance.

use super::super::plan::{DENTAL, PlanRow};
use super::super::rates::Kind;
use super::super::world::ymd;
use super::Case;
use sverka_model::{AttachmentMethod, ClinicId, Code, Date};

const RESIDENCE: AttachmentMethod = AttachmentMethod::BY_RESIDENCE;
const APPLICATION: AttachmentMethod = AttachmentMethod::BY_APPLICATION;
const MOVE: AttachmentMethod = AttachmentMethod::AFTER_MOVE;

impl Case<'_> {
    /// Applies the kind if it is about attachments. Returns whether it is.
    pub fn apply_clinic_kind(&mut self) -> bool {
        match self.kind {
            Kind::ClinicChanged => {
                let from = self.change_clinic(APPLICATION);
                self.attachment().attached_to = from;
            }
            Kind::ClinicTerritory => self.replace_clinic(RESIDENCE, Code::Territory),
            Kind::ClinicChangeOpen => self.replace_clinic(APPLICATION, Code::ChangeAtWill),
            Kind::ClinicChangeMoved => self.replace_clinic(MOVE, Code::ChangeMoved),
            Kind::ClinicChangeLimit => self.apply_twice(),
            Kind::ClinicOutranked | Kind::ClinicDeferred => self.outrank(),
            Kind::ClinicSameDay | Kind::ClinicSameDayTie => self.attach_twice_on_one_day(),
            Kind::ClinicGrownUp => self.grow_up(),
            Kind::ClinicChildWithAdults => {
                let (clinic, from) = (self.world.adults_only(self.random), self.attachment().attached_from);
                self.attach_to(clinic, RESIDENCE, from);
                self.expect_finding(PlanRow::Attachment(0), Code::ClinicAge);
            }
            Kind::ClinicAdultWithChildren => {
                let (clinic, from) = (self.world.children_only(self.random), self.attachment().attached_from);
                self.attach_to(clinic, APPLICATION, from);
                self.lose_attachment_row(Code::ClinicAge);
            }
            Kind::ClinicClosed => {
                let from = self.attachment().attached_from;
                self.attach_to(self.world.closed_clinic(), APPLICATION, from);
                self.plan.clinic = None;
            }
            Kind::ClinicNoInterval => self.attach_without_interval(),
            Kind::AttachedUninsured => self.attach_uninsured(),
            _ => return false,
        }
        true
    }

    fn another_clinic(&mut self) -> ClinicId {
        let first = self.attachment().clinic;
        self.world.clinic_but(&[first], self.random)
    }

    /// Adds an attachment some years later. Returns its start.
    fn change_clinic(&mut self, method: AttachmentMethod) -> Date {
        let year = self.past_year(1);
        let from = self.random_day(ymd(year, 1, 10), ymd(year, 12, 20));
        let second = self.another_clinic();
        self.add_attachment(second, method, from);
        self.plan.clinic = Some(second);
        from
    }

    /// Changes the clinic and leaves the former attachment open.
    fn replace_clinic(&mut self, method: AttachmentMethod, code: Code) {
        self.change_clinic(method);
        self.expect_finding(PlanRow::Attachment(0), code);
    }

    /// Adds two attachments by application in one year; the second does not stand.
    fn apply_twice(&mut self) {
        let year = self.past_year(1);
        let (first, second) = (self.attachment().clinic, self.another_clinic());
        let third = self.world.clinic_but(&[first, second], self.random);
        let (spring, autumn) =
            (self.random_day(ymd(year, 2, 1), ymd(year, 4, 30)), self.random_day(ymd(year, 8, 1), ymd(year, 11, 30)));
        self.add_attachment(second, APPLICATION, spring);
        self.add_attachment(third, APPLICATION, autumn);
        self.plan.clinic = Some(second);
        self.expect_finding(PlanRow::Attachment(0), Code::ChangeAtWill);
        self.expect_finding(PlanRow::Attachment(2), Code::ChangeLimit);
    }

    /// Adds an attachment by residence to one by application. It takes effect only if the attachment by application ends.
    fn outrank(&mut self) {
        let year = self.past_year(2);
        let from = self.random_day(ymd(year, 5, 1), ymd(year, 11, 30));
        let second = self.another_clinic();
        self.attachment().method = APPLICATION;
        self.add_attachment(second, RESIDENCE, from);
        if self.kind == Kind::ClinicDeferred {
            self.attachment().attached_to = ymd(year + 1, 2, 1);
            self.plan.clinic = Some(second);
        }
        self.expect_finding(PlanRow::Attachment(1), Code::ApplicationOutranksResidence);
    }

    /// Adds an attachment from the day of the first.
    fn attach_twice_on_one_day(&mut self) {
        let from = self.attachment().attached_from;
        if self.kind == Kind::ClinicSameDay {
            let second = self.another_clinic();
            self.add_attachment(second, APPLICATION, from);
            self.plan.clinic = Some(second);
            return self.expect_finding(PlanRow::Attachment(0), Code::SameDay);
        }
        let [stands, loses] = self.world.clinics_of_one_file_date(self.random);
        self.attach_to(stands, RESIDENCE, from);
        self.add_attachment(loses, RESIDENCE, from);
        self.plan.unresolved = true;
        self.expect_finding(PlanRow::Attachment(1), Code::SameDayTie);
    }

    /// Leaves the attachment to the children's clinic open, though the clinic serves nobody from 18 on.
    fn grow_up(&mut self) {
        let came_of_age = self.plan.person.birth_date.birthday(18);
        let childhood = Date::from_days(came_of_age.days() - 1_000);
        // A new choice: the orderly life may have chosen an insurer that closed before this childhood.
        let insurer = self.world.insurer(self.random);
        self.insure_with(insurer, childhood);
        let children = self.world.children_only(self.random);
        self.attach_to(children, RESIDENCE, childhood);
        let adults = self.world.clinic(false, self.random);
        let from = self.random.day(came_of_age, self.world.as_of);
        self.add_attachment(adults, RESIDENCE, from);
        self.plan.clinic = Some(adults);
    }

    /// Adds an attachment to the clinic that was left to nobody. It is for dental care, so that the funded attachment stays.
    fn attach_without_interval(&mut self) {
        let clinic = self.world.clinic_left_to_nobody();
        let closes = self.world.clinic_works(clinic).to;
        let from = Date::from_days(closes.days() - 1 - self.random.below(300) as i32);
        let row = self.add_attachment(clinic, RESIDENCE, from);
        self.plan.attachments[row].profile = DENTAL;
        self.expect_finding(PlanRow::Attachment(row), Code::NoInterval);
    }

    /// Leaves the person without a policy, or adds an attachment that ends before the first policy begins.
    fn attach_uninsured(&mut self) {
        if self.coin() {
            self.plan.registers.clear();
            return self.plan.make_uninsured(self.kind);
        }
        let insured_from = self.register().insured_from;
        let from = Date::from_days(insured_from.days() - 400);
        let second = self.another_clinic();
        let row = self.add_attachment(second, APPLICATION, from);
        self.plan.attachments[row].attached_to = Date::from_days(insured_from.days() - self.random.below(60) as i32);
        self.expect_finding(PlanRow::Attachment(row), Code::NotInsured);
    }
}
