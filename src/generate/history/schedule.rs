//! Who sends which files in which night, and when a record becomes known by them.
//!
//! Each insurer and each clinic is a sender. In some months it sends its whole list, in all other nights the records since its last file. A list
//! holds all records that its sender ever sent, so nothing is lost whichever files count (SEM-464).

use super::super::random::Random;
use super::super::world::{MAIN_INSURERS, World};
use super::calendar::{Calendar, Step};
use super::life::ClinicMerger;
use crate::generate::format::compact;
use sverka_model::{ClinicId, Date, InsurerId, Table};

/// Insurer or clinic, as an index of the senders: insurers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SenderId(u16);

impl From<InsurerId> for SenderId {
    fn from(insurer: InsurerId) -> Self {
        Self(insurer.number())
    }
}

impl From<ClinicId> for SenderId {
    fn from(clinic: ClinicId) -> Self {
        Self(MAIN_INSURERS + clinic.number())
    }
}

impl SenderId {
    fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The table to which the sender's records belong.
    pub fn table(self) -> Table {
        if self.0 < MAIN_INSURERS { Table::Register } else { Table::Attachments }
    }

    /// Code of the insurer or clinic.
    pub fn code(self, world: &World) -> u32 {
        match self.0.checked_sub(MAIN_INSURERS) {
            None => world.insurers[self.index()].code,
            Some(clinic) => world.clinics[usize::from(clinic)].code,
        }
    }
}

/// Content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Whole list of the sender.
    Whole,
    /// Records since the last file of the sender.
    Changes,
    /// Changes with mistakes in some rows.
    Mistaken,
    /// The changes of a file with mistakes, without them. It has the date of that file.
    Corrected,
    /// The bytes of a file that arrived before, with another name.
    Repeated,
    /// No file, though one was due.
    Missing,
}

impl Content {
    /// Name in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Changes => "changes",
            Self::Mistaken => "mistaken",
            Self::Corrected => "corrected",
            Self::Repeated => "repeated",
            Self::Missing => "missing",
        }
    }

    /// Word in the name of the file, and what stands behind the date.
    fn in_name(self) -> [&'static str; 2] {
        match self {
            Self::Whole => ["whole", ""],
            Self::Changes | Self::Mistaken | Self::Missing => ["changes", ""],
            Self::Corrected => ["changes", "_corrected"],
            Self::Repeated => ["changes", "_again"],
        }
    }
}

/// File of a sender.
pub(super) struct HistoryFile {
    pub sender: SenderId,
    pub content: Content,
    /// Step in which the sender made the file.
    pub made: Step,
    /// Step in which the file arrives.
    pub arrives: Step,
    /// First step at which the sender learned of a record of the file; the last one is that in which the file was made.
    pub since: Step,
    /// Path in the inbox.
    pub path: String,
}

impl HistoryFile {
    /// Whether the file has a record that its sender learned of at a step.
    pub fn has(&self, learned: Step) -> bool {
        let until = if self.made == Step::FIRST && self.content == Content::Whole { Step::BEFORE } else { self.made };
        self.content != Content::Missing && (self.since..=until).contains(&learned)
    }
}

/// Files of all senders, in the order of the senders.
pub(super) struct Schedule {
    pub files: Vec<HistoryFile>,
    /// Index of the first file of each sender, and the number of files.
    first_file: Vec<usize>,
    /// Arrival of records by sender and by the step at which the sender learned of them, for rows without and with mistakes.
    arrivals: Vec<Vec<[Option<Step>; 2]>>,
}

/// A row of a file with mistakes has one when its record number is divisible by it.
const MISTAKES: u64 = 5;

/// Whether a file with mistakes has one in a record.
pub(super) fn is_mistaken(record: u64) -> bool {
    // The last two digits of a record number count the records of one person.
    (record / 100 + record % 100).is_multiple_of(MISTAKES)
}

impl Schedule {
    pub fn new(world: &World, calendar: &Calendar, merger: Option<ClinicMerger>, seed: u64) -> Self {
        let clinics = world.regular_clinics().len() as u16;
        let mut schedule = Self { files: Vec::new(), first_file: Vec::new(), arrivals: Vec::new() };
        for sender in (0..MAIN_INSURERS + clinics).map(SenderId) {
            schedule.first_file.push(schedule.files.len());
            let closes = merger.filter(|merger| SenderId::from(merger.from) == sender).map_or(Date::NEVER, |merger| merger.on);
            let steps = calendar.steps().filter(|&step| calendar.made_on(step) < closes).count() as u16;
            let mut plan =
                SenderPlan { sender, calendar, last: Step(steps), random: Random::of_sender(seed, sender.0), files: Vec::new() };
            plan.add_files();
            for mut file in plan.files {
                file.path = path(&file, world, calendar);
                schedule.files.push(file);
            }
        }
        schedule.first_file.push(schedule.files.len());
        schedule.arrivals = (0..MAIN_INSURERS + clinics).map(|sender| schedule.arrivals_of(SenderId(sender), calendar)).collect();
        schedule
    }

    /// Files of a sender, as a range of all files.
    pub fn files_of(&self, sender: SenderId) -> std::ops::Range<usize> {
        self.first_file[sender.index()]..self.first_file[sender.index() + 1]
    }

    /// Step at which a record is known that its sender learned of at a step. `None` if the sender sends nothing any more.
    pub fn arrival(&self, sender: SenderId, learned: Step, record: u64) -> Option<Step> {
        self.arrivals[sender.index()][usize::from(learned.0)][usize::from(is_mistaken(record))]
    }

    /// Step of the first whole list behind the first night that a sender makes at a step or later.
    pub fn whole_list_after(&self, sender: SenderId, step: Step) -> Option<Step> {
        let files = &self.files[self.files_of(sender)];
        let lists = files.iter().filter(|file| file.content == Content::Whole && file.made > Step::FIRST && file.made >= step);
        lists.map(|file| file.arrives).min()
    }

    fn arrivals_of(&self, sender: SenderId, calendar: &Calendar) -> Vec<[Option<Step>; 2]> {
        let files = &self.files[self.files_of(sender)];
        let first = |learned: Step, mistaken: bool| {
            let counts = |file: &&HistoryFile| file.has(learned) && !(mistaken && file.content == Content::Mistaken);
            files.iter().filter(counts).map(|file| file.arrives).min()
        };
        (0..=calendar.last().0).map(|step| [false, true].map(|mistaken| first(Step(step), mistaken))).collect()
    }
}

/// Files of one sender in the making.
struct SenderPlan<'c> {
    sender: SenderId,
    calendar: &'c Calendar,
    /// Last step in which the sender makes a file.
    last: Step,
    random: Random,
    files: Vec<HistoryFile>,
}

impl SenderPlan<'_> {
    fn add_files(&mut self) {
        self.add(Content::Whole, Step::FIRST, Step::FIRST, Step::BEFORE);
        let mut since = Step::FIRST;
        for step in (1..=self.last.0).map(Step) {
            let is_list_due = (self.calendar.month(step) + u32::from(self.sender.0)).is_multiple_of(3);
            if step > Step::FIRST && self.calendar.night(step) == 1 && is_list_due {
                self.add(Content::Whole, step, step, Step::BEFORE);
                since = step.next();
            } else if self.add_changes(step, since) {
                since = step.next();
            }
        }
    }

    /// Adds the files of a night with changes. Returns whether one was made.
    fn add_changes(&mut self, step: Step, since: Step) -> bool {
        let ends = self.calendar.last();
        let is_safe = step == Step::FIRST || step == self.last || step == ends;
        let mishap = match (is_safe, step.0) {
            (true, _) => u32::MAX,
            // Every mishap happens in the second night already.
            (false, 2) => u32::from(self.sender.0 % 6),
            (false, _) => self.random.below(40),
        };
        let later = Step((step.0 + 1 + self.random.below(4) as u16).min(ends.0));
        match mishap {
            0 => self.add(Content::Changes, step, later, since),
            1 => {
                self.add(Content::Changes, step, step, since);
                self.add(Content::Repeated, step, later, since);
            }
            2 => {
                self.add(Content::Mistaken, step, step, since);
                self.add(Content::Corrected, step, later, since);
            }
            3 => {
                self.add(Content::Missing, step, step, since);
                return false;
            }
            _ => self.add(Content::Changes, step, step, since),
        }
        true
    }

    fn add(&mut self, content: Content, made: Step, arrives: Step, since: Step) {
        self.files.push(HistoryFile { sender: self.sender, content, made, arrives, since, path: String::new() });
    }
}

/// Path of a file in the inbox.
fn path(file: &HistoryFile, world: &World, calendar: &Calendar) -> String {
    let folder = match file.sender.table() {
        Table::Register => "registers",
        Table::Attachments => "attachments",
    };
    let [word, behind] = file.content.in_name();
    let code = file.sender.code(world);
    let day = compact(calendar.made_on(file.made));
    format!("{}/{folder}/{code}_{word}_{day}{behind}.csv", calendar.folder(file.arrives))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::history::HistoryLength;

    #[test]
    fn every_record_arrives_and_never_before_its_sender_learned_of_it() {
        let calendar = Calendar::new("2026-11-01".parse().expect("a date"), HistoryLength { months: 4, nights: 3 });
        let world = World::new(calendar.first_day(), 2_000);
        let schedule = Schedule::new(&world, &calendar, None, 1);
        for sender in (0..schedule.arrivals.len() as u16).map(SenderId) {
            for learned in (0..=calendar.last().0).map(Step) {
                for record in [100, 101, 102, 103, 104] {
                    let arrival = schedule.arrival(sender, learned, record).expect("an arrival");
                    assert!(arrival >= learned && arrival <= calendar.last(), "{sender:?} {learned:?} {arrival:?}");
                }
            }
        }
        for content in [Content::Whole, Content::Mistaken, Content::Corrected, Content::Repeated, Content::Missing] {
            assert!(schedule.files.iter().any(|file| file.content == content), "{content:?}");
        }
        assert!(schedule.files.iter().any(|file| file.content == Content::Changes && file.arrives > file.made), "late");
        let mut paths: Vec<&str> =
            schedule.files.iter().filter(|file| file.content != Content::Missing).map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "no two files have one name");
    }
}
