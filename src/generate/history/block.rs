//! A block of people: their rows in the bytes of each file, and the truth about them. Blocks are made in parallel and appended in order.

use super::super::carry::Carry;
use super::super::rows::RowIdentity;
use super::History;
use super::calendar::Step;
use super::life::{Action, Life, LifeRecord, RecordValues};
use super::schedule::{Content, is_mistaken};
use super::truth::TruthLines;
use sverka_model::{PolicyKind, Table};

/// Number of people of a block.
pub(super) const PERSONS: u64 = 4_096;

/// Kind of policy that no dictionary has, by which rows with mistakes are refused.
const NO_POLICY_KIND: PolicyKind = PolicyKind::from_stored(9);

/// Rows of a block for one file.
#[derive(Default)]
pub(super) struct FilePart {
    pub bytes: Vec<u8>,
    pub rows: u64,
}

/// Person of a row.
pub(super) struct RowPerson {
    /// Index of the file.
    pub file: u32,
    /// Row of the part of the file that the block makes, from 0.
    pub row: u32,
    pub record: u64,
    pub person: u64,
    pub part: u8,
    /// Whether the row is refused because of a mistake.
    pub is_mistaken: bool,
}

/// Rows of a block for every file, and the truth about them.
#[derive(Default)]
pub(super) struct HistoryBlock {
    pub parts: Vec<FilePart>,
    pub rows: Vec<RowPerson>,
    pub truth: TruthLines,
    pub persons: u64,
}

impl HistoryBlock {
    /// Fills the block of a number with its people.
    pub fn fill(&mut self, history: &History, block: u64) {
        self.parts.resize_with(history.schedule.files.len(), FilePart::default);
        let last = history.persons + history.born;
        for person in block * PERSONS + 1..=((block + 1) * PERSONS).min(last) {
            for record in Life::live(history, person, &mut self.truth) {
                self.write(history, person, &record);
            }
            self.persons += 1;
        }
    }

    /// Writes a record into all files that have it.
    fn write(&mut self, history: &History, person: u64, record: &LifeRecord) {
        for index in history.schedule.files_of(record.sender) {
            let file = &history.schedule.files[index];
            let is_left_out = file.content == Content::Whole && record.left_out.is_some_and(|first| first <= file.made);
            if !file.has(record.learned) || is_left_out {
                continue;
            }
            let is_mistaken = file.content == Content::Mistaken && is_mistaken(record.number);
            let made = (file.content == Content::Whole).then_some(file.made);
            let part = &mut self.parts[index];
            write_row(history, record, Appearance { is_mistaken, whole_list: made }, &mut part.bytes);
            let (file, row) = (index as u32, part.rows as u32);
            self.rows.push(RowPerson { file, row, record: record.number, person, part: record.part, is_mistaken });
            part.rows += 1;
        }
    }
}

/// Appearance of a record in a file.
#[derive(Clone, Copy)]
struct Appearance {
    is_mistaken: bool,
    /// Step in which the whole list was made, if the file is one.
    whole_list: Option<Step>,
}

/// Prefix of the record ids of a table.
pub(super) fn prefix(table: Table) -> char {
    match table {
        Table::Register => 'r',
        Table::Attachments => 'a',
    }
}

fn write_row(history: &History, record: &LifeRecord, appearance: Appearance, out: &mut Vec<u8>) {
    let prefix = prefix(record.sender.table()) as u8;
    let identity = |code| RowIdentity { prefix, record: record.number, code, carry: Carry::All };
    match record.values {
        RecordValues::Register(mut row) => {
            if let Some(end) = record.end.filter(|end| appearance.whole_list.is_some_and(|made| end.learned <= made)) {
                (row.stopped_on, row.death_date) = (end.stopped_on, end.death_date);
            }
            if appearance.is_mistaken {
                row.policy_kind = NO_POLICY_KIND;
            }
            row.write(&identity(history.world.insurers[usize::from(row.insurer)].code), out);
        }
        RecordValues::Attachment(mut row) => {
            if appearance.is_mistaken {
                row.policy_kind = NO_POLICY_KIND;
            }
            row.write(&identity(history.world.clinics[usize::from(row.clinic)].code), out);
        }
    }
    out.extend_from_slice(match record.action {
        Action::New => b";\n",
        Action::End => b";end\n",
        Action::Change => b";change\n",
    });
}
