//! The life of one person in a history: the records that tell of it, when their senders learn of them, and the truth about both.
//!
//! Later events of a life are never known before earlier ones, so what is known is always a beginning of what happened (SEM-463).

use super::super::person::{Person, needs};
use super::super::plan::{attachment_row, register_row};
use super::super::random::{Chance, Random};
use super::super::rows::{AttachmentRow, PolicyNumber, RegisterRow};
use super::super::world::{Ages, MAIN_INSURERS, World};
use super::History;
use super::calendar::{Calendar, Step};
use super::events::EventKind;
use super::schedule::SenderId;
use super::truth::TruthLines;
use sverka_model::{ClinicId, Date, InsurerId, Snils};

/// Merger of two clinics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClinicMerger {
    /// The clinic that ends.
    pub from: ClinicId,
    /// The clinic that takes over.
    pub into: ClinicId,
    /// First day on which the clinic is read as its successor.
    pub on: Date,
}

impl ClinicMerger {
    /// The last clinic for all ages joins the first one in the middle of the history. A history of one month has no merger.
    pub fn of(world: &World, calendar: &Calendar) -> Option<Self> {
        let from = world.regular_clinics().iter().rposition(|clinic| clinic.ages == Ages::All)?;
        let on = calendar.first_of_month(calendar.months() / 2);
        (calendar.months() > 1).then_some(Self { from: ClinicId::new(from as u16), into: ClinicId::new(0), on })
    }

    /// Whether a clinic takes part.
    pub fn concerns(self, clinic: ClinicId) -> bool {
        clinic == self.from || clinic == self.into
    }
}

/// Chances of what happens to a person.
pub(super) struct Chances {
    /// Chance that the insurers learn of the person late.
    late: Chance,
    /// Chance that the person comes into the region during the history.
    arrives: Chance,
    unattached: Chance,
    without_snils: Chance,
    without_district: Chance,
    /// Chance that something happens during the history.
    first_event: Chance,
    /// Chance that something more happens to the same person.
    second_event: Chance,
}

impl Chances {
    pub fn new(months: u32) -> Self {
        Self {
            late: Chance::new(0.01),
            arrives: Chance::new(0.02),
            unattached: Chance::new(0.03),
            without_snils: Chance::new(0.04),
            without_district: Chance::new(0.02),
            first_event: Chance::new((0.06 + 0.03 * f64::from(months)).min(0.6)),
            second_event: Chance::new(0.3),
        }
    }
}

/// How the records of a person begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Known before the first night.
    Resident,
    /// Insured before the history, and known later.
    Late,
    /// Comes into the region.
    Arrived,
    /// Is born.
    Born,
}

impl Beginning {
    /// Name in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Late => "late",
            Self::Arrived => "arrived",
            Self::Born => "born",
        }
    }
}

/// Meaning of a record: insurance or attachment, or a notice about another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    New,
    End,
    Change,
}

/// Values of a record of either table.
#[derive(Clone, Copy)]
pub(super) enum RecordValues {
    Register(RegisterRow),
    Attachment(AttachmentRow),
}

/// End of an insurance, which whole lists show in the record itself.
#[derive(Clone, Copy)]
pub(super) struct KnownEnd {
    /// Step at which the sender learned of the end.
    pub learned: Step,
    pub stopped_on: Date,
    pub death_date: Date,
}

/// Record of a life.
pub(super) struct LifeRecord {
    pub values: RecordValues,
    pub action: Action,
    pub sender: SenderId,
    /// Step at which the sender learned of the record.
    pub learned: Step,
    /// Number of the record in the whole history.
    pub number: u64,
    /// Part of the person, from 1. Parts are what nobody can know to be one person.
    pub part: u8,
    pub end: Option<KnownEnd>,
    /// First whole list without the record, if the sender leaves it out.
    pub left_out: Option<Step>,
}

/// The part of a person who is known as one.
pub(super) const FIRST_PART: u8 = 1;

/// Days before the history in which an event may lie of which senders learn during the history.
const DAYS_BEFORE: i32 = 60;

/// A life in the making.
pub(super) struct Life<'h> {
    pub history: &'h History,
    pub random: Random,
    pub person: Person,
    pub beginning: Beginning,
    pub records: Vec<LifeRecord>,
    pub truth: &'h mut TruthLines,
    /// Newest record of the register.
    pub register: RegisterRow,
    /// Newest attachment; `None` for the unattached.
    pub attachment: Option<AttachmentRow>,
    /// Day of the last event.
    pub last_from: Date,
    /// Step by which all records are known.
    pub last_known: Step,
    /// Last step at which a sender learned of a record. A death of which somebody learned before other records would be doubted.
    last_learned: Step,
}

impl<'h> Life<'h> {
    /// Lives a life. Returns its records, in the order of their numbers.
    pub fn live(history: &'h History, number: u64, truth: &'h mut TruthLines) -> Vec<LifeRecord> {
        let mut random = Random::of_person(history.seed, number);
        let (world, chances, last) = (&history.world, &history.chances, history.calendar.last());
        let mut learned = Step(1 + random.below(u32::from(last.0)) as u16);
        let beginning = if number > history.persons {
            Beginning::Born
        } else if number == 1 {
            // So the first night has changes, and every pattern of the job matches.
            learned = Step::FIRST;
            Beginning::Late
        } else if random.hits(chances.late) {
            Beginning::Late
        } else if random.hits(chances.arrives) {
            Beginning::Arrived
        } else {
            learned = Step::BEFORE;
            Beginning::Resident
        };
        let made_on = history.calendar.made_on(learned);
        let earliest = Date::from_days(world.as_of.days() - DAYS_BEFORE);
        let person = if beginning == Beginning::Born {
            let born = random.day(earliest, made_on);
            Person::born(world, number, born, &mut random)
        } else {
            Person::new(world, number, needs(None), None, &mut random)
        };
        let mut register = register_row(&person, world, &mut random);
        if register.insurer.number() >= MAIN_INSURERS {
            register.insurer = InsurerId::new(1);
        }
        if !matches!(beginning, Beginning::Resident | Beginning::Late) {
            let first = earliest.max(person.birth_date);
            let until = if beginning == Beginning::Born { Date::from_days(first.days() + 10).min(made_on) } else { made_on };
            register.insured_from = random.day(first, until);
            (register.applied_on, register.reason) = (register.insured_from, "П010");
        }
        let last_from = register.insured_from;
        let records = Vec::new();
        let mut life = Self {
            history,
            random,
            person,
            beginning,
            records,
            truth,
            register,
            attachment: None,
            last_from,
            last_known: Step::FIRST,
            last_learned: Step::BEFORE,
        };
        life.attach_first(made_on);
        life.begin(learned);
        life.go_on();
        life.records
    }

    /// Draws the first attachment and the gaps of ordinary people.
    fn attach_first(&mut self, made_on: Date) {
        let (world, chances) = (&self.history.world, &self.history.chances);
        let mut row = attachment_row(&self.register, self.person.adult, world, &mut self.random);
        let is_newcomer = matches!(self.beginning, Beginning::Arrived | Beginning::Born);
        if is_newcomer {
            row.attached_from = self.random.day(self.register.insured_from, made_on);
        }
        let ends = self.history.merger.is_some_and(|merger| merger.from == row.clinic);
        let is_first = self.person.number == 1;
        if usize::from(row.clinic) >= world.regular_clinics().len() || ends && (is_newcomer || is_first) {
            row.clinic = ClinicId::new(0);
        }
        if self.random.hits(chances.without_district) {
            row.district = 0;
        }
        row.doctor = self.doctor(row.clinic, row.district);
        if self.random.hits(chances.without_snils) {
            (self.register.snils, row.snils) = (Snils::NONE, Snils::NONE);
        }
        let is_attached = is_first || !self.random.hits(chances.unattached);
        self.attachment = is_attached.then_some(row);
    }

    /// Adds the first records.
    fn begin(&mut self, learned: Step) {
        let register = self.register;
        let known = self.add_register(register, Action::New, learned);
        let mut attached_known = None;
        if let Some(row) = self.attachment {
            // A clinic that ends sends nothing afterwards.
            let ends = self.history.merger.is_some_and(|merger| merger.from == row.clinic);
            attached_known = self.add_attachment(row, Action::New, if ends { Step::BEFORE } else { learned });
            self.last_from = self.last_from.max(row.attached_from);
        }
        let known = known.expect("invariant: insurers send in the last night");
        self.last_known = known.max(attached_known.unwrap_or(known));
        self.truth.begin(
            &self.history.world,
            &super::truth::FirstFacts {
                person: self.person.number,
                part: FIRST_PART,
                beginning: self.beginning,
                known,
                register: &register,
                attached_known,
                attachment: self.attachment.as_ref(),
            },
        );
    }

    /// Lets things happen.
    fn go_on(&mut self) {
        let chances = &self.history.chances;
        let ends = self.history.calendar.last();
        if self.random.hits(chances.first_event) {
            let learned = Step(1 + self.random.below(u32::from(ends.0)) as u16);
            let kind = EventKind::draw(&mut self.random);
            let goes_on = self.happen(kind, learned, true);
            if goes_on && self.random.hits(chances.second_event) {
                let later = Step(learned.0 + self.random.below(u32::from(ends.0 - learned.0) + 1) as u16);
                let kind = EventKind::draw(&mut self.random);
                self.happen(kind, later, false);
            }
        }
    }

    /// A day for an event of which a sender learns at a step: after everything before it. `None` if there is none.
    pub fn event_day(&mut self, learned: Step) -> Option<Date> {
        let first = self.last_from.next().max(Date::from_days(self.history.world.as_of.days() - DAYS_BEFORE));
        let last = self.history.calendar.made_on(learned);
        (first <= last && learned >= self.last_learned).then(|| self.random.day(first, last))
    }

    /// Number of the next record.
    fn next_number(&self) -> u64 {
        self.person.number * 100 + self.records.len() as u64
    }

    /// Step at which the next record of a sender is known; `None` when something before it would be known later.
    pub fn arrival(&self, sender: SenderId, learned: Step) -> Option<Step> {
        let arrival = self.history.schedule.arrival(sender, learned, self.next_number())?;
        (arrival >= self.last_known).then_some(arrival)
    }

    /// Adds a record of the register, unless nothing before it would be known later. Returns the step at which it is known.
    pub fn add_register(&mut self, row: RegisterRow, action: Action, learned: Step) -> Option<Step> {
        let sender = SenderId::from(row.insurer);
        self.add(RecordValues::Register(row), action, sender, learned)
    }

    /// Adds an attachment in the same way.
    pub fn add_attachment(&mut self, row: AttachmentRow, action: Action, learned: Step) -> Option<Step> {
        let sender = SenderId::from(row.clinic);
        self.add(RecordValues::Attachment(row), action, sender, learned)
    }

    fn add(&mut self, values: RecordValues, action: Action, sender: SenderId, learned: Step) -> Option<Step> {
        let known = self.arrival(sender, learned)?;
        let number = self.next_number();
        self.last_learned = self.last_learned.max(learned);
        self.records.push(LifeRecord { values, action, sender, learned, number, part: FIRST_PART, end: None, left_out: None });
        Some(known)
    }

    /// Doctor of a district, or of the first one without a district.
    pub fn doctor(&self, clinic: ClinicId, district: u8) -> Snils {
        self.history.world.clinics[usize::from(clinic)].doctors[usize::from(district.saturating_sub(1))]
    }

    /// Blank of a record that ends an insurance.
    pub fn strike_off(&self, stopped_on: Date, reason: &'static str) -> RegisterRow {
        let mut row = self.register;
        (row.insured_from, row.applied_on, row.insured_to) = (Date::NEVER, Date::NEVER, Date::NEVER);
        row.policy_number = PolicyNumber::None;
        (row.stopped_on, row.reason) = (stopped_on, reason);
        row
    }
}
