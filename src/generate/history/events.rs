//! Events in the lives of people: the records that tell of each, and the change in the truth.
//!
//! Events are such that the rules leave no doubt: nobody changes the clinic or the insurer twice, and nobody too late in the year.

use super::super::person::EnpSeries;
use super::super::random::Random;
use super::super::rows::AttachmentRow;
use super::super::world::Ages;
use super::calendar::Step;
use super::life::{Action, Beginning, FIRST_PART, KnownEnd, Life, RecordValues};
use super::schedule::SenderId;
use super::truth::{Change, FirstFacts};
use sverka_model::{AttachmentMethod, Category, ClinicId, Date, DocumentKind, Sex, Snils};

/// Kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventKind {
    Insurer,
    Clinic,
    District,
    Detached,
    Marriage,
    Snils,
    Enp,
    Document,
    BirthDate,
    Category,
    Death,
    InsuranceEnd,
    /// The insurer's whole lists do not have the person any more.
    Vanished,
    Merge,
}

/// Kinds with their weights.
const WEIGHTS: [(EventKind, u32); 14] = [
    (EventKind::Insurer, 14),
    (EventKind::Clinic, 24),
    (EventKind::District, 9),
    (EventKind::Detached, 4),
    (EventKind::Marriage, 9),
    (EventKind::Snils, 7),
    (EventKind::Enp, 5),
    (EventKind::Document, 5),
    (EventKind::BirthDate, 3),
    (EventKind::Category, 6),
    (EventKind::Death, 7),
    (EventKind::InsuranceEnd, 4),
    (EventKind::Vanished, 3),
    (EventKind::Merge, 3),
];

/// Second part of a person who is known as two.
const SECOND_PART: u8 = 2;

impl EventKind {
    /// A kind at random.
    pub fn draw(random: &mut Random) -> Self {
        let total = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = random.below(total);
        for (kind, weight) in WEIGHTS {
            if drawn < weight {
                return kind;
            }
            drawn -= weight;
        }
        Self::Clinic
    }
}

impl Life<'_> {
    /// Lets an event happen of which the sender learns at a step, if the kind fits the person. Returns whether more may happen.
    pub fn happen(&mut self, kind: EventKind, learned: Step, is_first: bool) -> bool {
        let done = match kind {
            EventKind::Insurer => self.change_insurer(learned),
            EventKind::Clinic => self.change_clinic(learned),
            EventKind::District => self.change_district(learned),
            EventKind::Detached => self.detach(learned),
            EventKind::Snils if self.register.snils == Snils::NONE => self.get_snils(learned),
            EventKind::Marriage | EventKind::Snils | EventKind::Enp | EventKind::Document => self.change_record(kind, learned),
            EventKind::BirthDate | EventKind::Category => self.change_record(kind, learned),
            EventKind::Death | EventKind::InsuranceEnd => self.end_insurance(kind, learned),
            EventKind::Vanished if is_first => self.vanish(learned),
            EventKind::Merge if is_first => self.become_one(learned),
            EventKind::Vanished | EventKind::Merge => None,
        };
        // After what happens once only, nothing else may be of its kind.
        let happens_once = matches!(kind, EventKind::Insurer | EventKind::Clinic | EventKind::Detached);
        let is_last = matches!(kind, EventKind::Death | EventKind::InsuranceEnd | EventKind::Vanished | EventKind::Merge);
        done.is_some() && !happens_once && !is_last
    }

    /// Notes a change of the person.
    fn note(&mut self, change: Change) {
        self.last_from = self.last_from.max(change.from);
        self.last_known = self.last_known.max(change.known);
        self.truth.change(self.person.number, &change);
    }

    fn insurer_code(&self) -> String {
        self.history.world.insurers[usize::from(self.register.insurer)].code.to_string()
    }

    fn clinic_code(&self, clinic: ClinicId) -> String {
        self.history.world.clinics[usize::from(clinic)].code.to_string()
    }

    /// Changes the insurer after an application in time or after a move. The former insurer strikes the person off later.
    fn change_insurer(&mut self, learned: Step) -> Option<()> {
        let from = self.event_day(learned)?;
        let (old, former) = (self.insurer_code(), self.register.insurer);
        let mut row = self.register;
        row.insurer = self.history.world.insurer_but(&[former], &mut self.random);
        (row.insured_from, row.applied_on) = (from, from);
        row.reason =
            if from.ymd().1 >= 11 { self.random.pick(&["П032", "П035"]) } else { self.random.pick(&["П031", "П034", ""]) };
        let known = self.add_register(row, Action::New, learned)?;
        let struck_off = self.strike_off(from, "П021");
        self.register = row;
        let new = self.insurer_code();
        self.note(Change { kind: "insurer", reason: "changed", old, new, from, known });
        let ends = self.history.calendar.last();
        let sender = SenderId::from(former);
        let told = (learned.0..=(learned.0 + 3).min(ends.0)).map(Step).find(|&step| self.arrival(sender, step).is_some());
        if let Some(told) = told {
            self.add_register(struck_off, Action::End, told);
            self.end_records(sender, KnownEnd { learned: told, stopped_on: from, death_date: Date::NEVER });
        }
        Some(())
    }

    /// Shows an end in the records of a sender, as whole lists do.
    fn end_records(&mut self, sender: SenderId, end: KnownEnd) {
        let open = self
            .records
            .iter_mut()
            .filter(|record| record.sender == sender && record.action == Action::New && record.end.is_none());
        open.for_each(|record| record.end = Some(end));
    }

    /// Changes the clinic, or attaches an unattached person.
    fn change_clinic(&mut self, learned: Step) -> Option<()> {
        let from = self.event_day(learned)?;
        let world = &self.history.world;
        let is_child = self.register.birth_date.birthday(18) > from;
        let clinic = world.clinic(is_child, &mut self.random);
        let merger = self.history.merger;
        let former = self.attachment;
        let is_former = former.is_some_and(|row| row.clinic == clinic);
        if is_former || merger.is_some_and(|merger| merger.concerns(clinic)) {
            return None;
        }
        let mut row =
            former.unwrap_or_else(|| super::super::plan::attachment_row(&self.register, !is_child, world, &mut self.random));
        let outranks =
            former.is_some_and(|row| matches!(row.method, AttachmentMethod::BY_APPLICATION | AttachmentMethod::AFTER_MOVE));
        row.method =
            if outranks || self.random.once_in(2) { AttachmentMethod::BY_APPLICATION } else { AttachmentMethod::BY_RESIDENCE };
        (row.clinic, row.attached_from) = (clinic, from);
        self.name_as_in_register(&mut row);
        row.district = 1 + self.random.low_below(super::super::world::DISTRICTS) as u8;
        row.doctor = self.doctor(clinic, row.district);
        let known = self.add_attachment(row, Action::New, learned)?;
        let (old, new) = (former.map(|row| self.clinic_code(row.clinic)).unwrap_or_default(), self.clinic_code(clinic));
        let kind = if former.is_some() { "clinic" } else { "attached" };
        let reason = if row.method == AttachmentMethod::BY_RESIDENCE { "residence" } else { "application" };
        self.note(Change { kind, reason, old, new, from, known });
        self.note_facts(former.as_ref(), &row, Change { kind, reason, old: String::new(), new: String::new(), from, known });
        self.attachment = Some(row);
        Some(())
    }

    /// Notes method, district and doctor of a new attachment.
    fn note_facts(&mut self, old: Option<&AttachmentRow>, new: &AttachmentRow, change: Change) {
        let facts = |row: &AttachmentRow| super::truth::attachment_facts(row);
        let former = old.map(facts).unwrap_or_default();
        for (index, (kind, new)) in ["method", "district", "doctor"].into_iter().zip(facts(new)).enumerate() {
            if former[index] != new {
                self.note(Change { kind, old: former[index].clone(), new, ..change.clone() });
            }
        }
    }

    /// Names and numbers of an attachment are those of the newest record of the register.
    fn name_as_in_register(&self, row: &mut AttachmentRow) {
        let register = &self.register;
        (row.enp, row.snils, row.birth_date) = (register.enp, register.snils, register.birth_date);
        (row.surname, row.given_name, row.patronymic) = (register.surname, register.given_name, register.patronymic);
        row.doc_kind = DocumentKind::NONE;
    }

    /// The newest attachment, if its clinic still sends and serves the person on a day.
    fn attachment_on(&self, day: Date) -> Option<AttachmentRow> {
        let row = self.attachment?;
        let ends = self.history.merger.is_some_and(|merger| merger.from == row.clinic);
        let children_only = self.history.world.clinics[usize::from(row.clinic)].ages == Ages::Children;
        let has_left = ends || children_only && self.register.birth_date.birthday(18) <= day;
        (!has_left).then_some(row)
    }

    /// The clinic tells of another district and doctor.
    fn change_district(&mut self, learned: Step) -> Option<()> {
        let from = self.event_day(learned)?;
        let former = self.attachment_on(from)?;
        let mut row = former;
        self.name_as_in_register(&mut row);
        row.attached_from = from;
        row.district = former.district % super::super::world::DISTRICTS as u8 + 1;
        row.doctor = self.doctor(row.clinic, row.district);
        let known = self.add_attachment(row, Action::Change, learned)?;
        let attached_from = former.attached_from;
        let change = Change { kind: "district", reason: "district", old: String::new(), new: String::new(), from, known };
        self.note_facts(Some(&former), &row, change);
        self.attachment = Some(AttachmentRow { attached_from, ..row });
        Some(())
    }

    /// The clinic ends the attachment.
    fn detach(&mut self, learned: Step) -> Option<()> {
        let from = self.event_day(learned)?;
        let mut row = self.attachment_on(from)?;
        self.name_as_in_register(&mut row);
        (row.attached_from, row.attached_to) = (Date::NEVER, from);
        let known = self.add_attachment(row, Action::End, learned)?;
        let old = self.clinic_code(row.clinic);
        self.note(Change { kind: "detached", reason: "ended", old, new: String::new(), from, known });
        self.attachment = None;
        Some(())
    }

    /// The insurer sends the record again with a SNILS. It fills what is absent whenever the record begins (SEM-466).
    fn get_snils(&mut self, learned: Step) -> Option<()> {
        let day = self.event_day(learned)?;
        let mut row = self.register;
        (row.snils, row.insured_from, row.applied_on, row.reason) = (self.person.snils(), day, day, "П060");
        let known = self.add_register(row, Action::New, learned)?;
        let from = self.records.iter().find_map(|record| match record.values {
            RecordValues::Register(first) => Some(first.insured_from),
            RecordValues::Attachment(_) => None,
        })?;
        let new = super::truth::snils_text(row.snils);
        self.note(Change { kind: "snils", reason: "known", old: String::new(), new, from, known });
        self.last_from = self.last_from.max(day);
        self.register = row;
        Some(())
    }

    /// The insurer sends a record with another value of one field.
    fn change_record(&mut self, kind: EventKind, learned: Step) -> Option<()> {
        let from = self.event_day(learned)?;
        let person = self.person;
        let is_adult = person.birth_date.birthday(20) <= self.history.world.as_of;
        let mut row = self.register;
        (row.insured_from, row.applied_on, row.reason) = (from, from, "П061");
        let reason = match kind {
            EventKind::Marriage if is_adult && person.sex == Sex::Female => {
                row.surname = self.history.world.names.surname(person.sex, &mut self.random);
                (row.surname.bytes() != self.register.surname.bytes()).then_some("marriage")
            }
            EventKind::Snils => {
                row.snils = person.second_snils();
                Some("replaced")
            }
            // The SNILS proves that both numbers are one person's.
            EventKind::Enp if row.snils != Snils::NONE && self.beginning != Beginning::Born => {
                row.enp = person.enp_of(EnpSeries::Second);
                Some("replaced")
            }
            EventKind::Document => {
                (row.doc_kind, row.doc_number) = person.second_document(from);
                Some("replaced")
            }
            EventKind::BirthDate if is_adult => {
                row.birth_date = Date::from_days(row.birth_date.days() - 10);
                Some("corrected")
            }
            EventKind::Category if is_adult => {
                let works = row.category == Category::WORKING_CITIZEN;
                row.category = if works { Category::CITIZEN } else { Category::WORKING_CITIZEN };
                Some("changed")
            }
            _ => None,
        }?;
        let [old, new] = [&self.register, &row].map(super::truth::register_facts);
        let known = self.add_register(row, Action::New, learned)?;
        let mut is_told = false;
        for (index, kind) in super::truth::REGISTER_FACTS.into_iter().enumerate() {
            if old[index] != new[index] {
                let (old, new) = (old[index].clone(), new[index].clone());
                self.note(Change { kind, reason, old, new, from, known });
                is_told = true;
            }
        }
        self.register = row;
        is_told.then_some(())
    }

    /// The insurer strikes the person off, because of a death or without one.
    fn end_insurance(&mut self, kind: EventKind, learned: Step) -> Option<()> {
        let day = self.event_day(learned)?;
        let is_death = kind == EventKind::Death;
        if is_death && self.person.age < 40 {
            return None;
        }
        let stopped_on = if is_death { day.next() } else { day };
        let mut row = self.strike_off(stopped_on, if is_death { "П022" } else { "П024" });
        if is_death {
            row.death_date = day;
        }
        let known = self.add_register(row, Action::End, learned)?;
        self.end_records(SenderId::from(row.insurer), KnownEnd { learned, stopped_on, death_date: row.death_date });
        let (old, reason) = (self.insurer_code(), if is_death { "death" } else { "ended" });
        self.note(Change { kind: "not_insured", reason, old, new: String::new(), from: stopped_on, known });
        Some(())
    }

    /// Leaves the person out of the insurer's next whole lists. Only a person whose insurance stood in nothing but whole lists is no longer insured.
    fn vanish(&mut self, learned: Step) -> Option<()> {
        let is_fit = self.beginning == Beginning::Resident && self.attachment.is_some();
        let known = self.history.schedule.whole_list_after(SenderId::from(self.register.insurer), learned).filter(|_| is_fit)?;
        self.records[0].left_out = Some(known);
        let (old, from) = (self.insurer_code(), self.register.insured_from);
        self.note(Change { kind: "not_insured", reason: "vanished", old, new: String::new(), from, known });
        Some(())
    }

    /// Gives the person a second policy with another ENP and an attachment, which nobody can know to be the same person's until a record has
    /// the second ENP and the SNILS (SEM-465).
    fn become_one(&mut self, learned: Step) -> Option<()> {
        let (world, attachment) = (&self.history.world, self.attachment?);
        let is_fit = self.beginning == Beginning::Resident && self.register.snils != Snils::NONE && self.last_from < world.as_of;
        if !is_fit || self.history.merger.is_some_and(|merger| merger.concerns(attachment.clinic)) {
            return None;
        }
        let first = self.register;
        let mut second = first;
        second.insured_from = self.random.day(self.last_from.next(), world.as_of);
        (second.applied_on, second.snils) = (second.insured_from, Snils::NONE);
        second.enp = self.person.enp_of(EnpSeries::Second);
        (second.doc_kind, second.doc_number) = self.person.second_document(second.insured_from);
        let mut second_attachment = attachment;
        (second_attachment.enp, second_attachment.snils) = (second.enp, Snils::NONE);
        (second_attachment.doc_kind, second_attachment.attached_from) = (DocumentKind::NONE, second.insured_from);
        let (first_index, proof) = (self.records.len(), super::super::rows::RegisterRow { snils: first.snils, ..second });
        let known = self.add_register(second, Action::New, Step::BEFORE)?;
        let attached_known = self.add_attachment(second_attachment, Action::New, Step::BEFORE);
        self.records[first_index..].iter_mut().for_each(|record| record.part = SECOND_PART);
        let beginning = Beginning::Resident;
        let (person, attachment) = (self.person.number, Some(&second_attachment));
        let register = &second;
        self.truth
            .begin(world, &FirstFacts { person, part: SECOND_PART, beginning, known, register, attached_known, attachment });
        let known = self.add_register(proof, Action::New, learned)?;
        self.truth.merge(person, SECOND_PART, known);
        let [old, new] = [first.enp, second.enp].map(super::truth::enp_text);
        self.note(Change { kind: "enp", reason: "merged", old, new, from: second.insured_from, known });
        debug_assert_eq!(self.records[0].part, FIRST_PART);
        Some(())
    }
}
