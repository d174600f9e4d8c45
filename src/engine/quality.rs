//! What a run says of the quality of its sources, and of the rows of each insurer and clinic.
//!
//! Everything is counted where it is found, by source and owner, as plain numbers; this module adds them up. What is a sum does not depend on the
//! order of its parts, so neither threads nor partitions show.

use std::collections::{BTreeMap, HashMap};

use super::linking::LinkedRows;
use super::sources::Checked;
use crate::job::Job;
use sverka_check::FilledRows;
use sverka_kernel::identity::Duplicate;
use sverka_model::{Code, Field, Kind, OrganisationId, Owner, Table};
use sverka_publish as publish;

/// Whom figures are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The run as a whole.
    Run,
    /// A source, as an index of the job's.
    Source(usize),
    /// An insurer or clinic, as an index of its reference table; of rows that name none that this knows, none.
    Organisation(Option<OrganisationId>),
}

/// The figures of a group and table.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// Rows; the sum of the next three.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows equal to another one.
    pub duplicates: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Accepted rows and duplicates, with their fields.
    pub filled: FilledRows,
    /// Of these, by field, the rows of sources that have the field.
    pub given: FilledRows,
    /// Findings by code.
    pub findings: BTreeMap<Code, u64>,
    /// Decisions against a record, by rule.
    pub lost: BTreeMap<Code, u64>,
    /// Decisions in favour of a record, by rule.
    pub won: BTreeMap<Code, u64>,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(super) struct Quality(BTreeMap<(Group, Table), Figures>);

/// Accepted rows of a source that name one insurer or clinic.
#[derive(Clone, Copy, Debug)]
pub(super) struct FilledSource {
    /// The source, as an index of the job's.
    pub source: usize,
    /// Whose they are.
    pub owner: Owner,
    /// The fields that the source has, a bit for each.
    pub given: u64,
    /// The rows; none for a source without accepted rows.
    pub filled: FilledRows,
}

impl Quality {
    /// Adds up what was counted of a run.
    pub fn new(checked: &Checked, linked: &LinkedRows, findings: &CodeTally, conflicts: &ConflictSides) -> Self {
        let mut quality = Self::default();
        quality.add_rows(checked, linked);
        for (source, owner, code, count) in findings.iter() {
            let add = |figures: &mut Figures| *figures.findings.entry(code).or_default() += count;
            match code.kind() {
                // No row is meant, so none that names nobody either.
                Kind::SourceCheck => quality.of_source(source, owner.table, add),
                _ => quality.of_row(source, owner, add),
            }
        }
        for (source, owner, code, count) in conflicts.lost.iter() {
            quality.of_row(source, owner, |figures| *figures.lost.entry(code).or_default() += count);
        }
        for (source, owner, code, count) in conflicts.won.iter() {
            quality.of_row(source, owner, |figures| *figures.won.entry(code).or_default() += count);
        }
        quality
    }

    /// The figures of each group and table, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Group, Table, &Figures)> {
        self.0.iter().map(|(&(group, table), figures)| (group, table, figures))
    }

    /// The figures of the run.
    pub fn of_run(&self, table: Table) -> Option<&Figures> {
        self.0.get(&(Group::Run, table))
    }

    fn add_rows(&mut self, checked: &Checked, linked: &LinkedRows) {
        for FilledSource { source, owner, given, filled } in &checked.filled {
            let mut of_given = FilledRows { rows: filled.rows, ..FilledRows::default() };
            for field in Field::ALL.iter().filter(|&&field| given >> field as u32 & 1 == 1) {
                of_given.filled[*field as usize] = filled.rows;
            }
            let add = |figures: &mut Figures| {
                figures.rows += filled.rows;
                figures.accepted += filled.rows;
                figures.filled.add(filled);
                figures.given.add(&of_given);
            };
            add(self.of(Group::Run, owner.table));
            add(self.of(Group::Source(*source), owner.table));
            if owner.organisation.is_some() {
                add(self.of(Group::Organisation(owner.organisation), owner.table));
            }
        }
        for count in &checked.quarantined {
            self.of_row(count.source, count.owner, |figures| {
                figures.rows += count.rows;
                figures.quarantined += count.rows;
            });
        }
        for Duplicate { row_id, owner, .. } in linked.register_duplicates.iter().chain(&linked.attachment_duplicates) {
            self.of_row(checked.row_ids.source(*row_id), *owner, |figures| {
                figures.accepted -= 1;
                figures.duplicates += 1;
            });
        }
    }

    /// Changes the figures of all groups that a row belongs to.
    fn of_row(&mut self, source: usize, owner: Owner, change: impl Fn(&mut Figures)) {
        for group in [Group::Run, Group::Source(source), Group::Organisation(owner.organisation)] {
            change(self.of(group, owner.table));
        }
    }

    /// Changes the figures of a source and of the run.
    fn of_source(&mut self, source: usize, table: Table, change: impl Fn(&mut Figures)) {
        for group in [Group::Run, Group::Source(source)] {
            change(self.of(group, table));
        }
    }

    fn of(&mut self, group: Group, table: Table) -> &mut Figures {
        self.0.entry((group, table)).or_default()
    }

    /// The figures as the manifest has them.
    pub fn told(&self, job: &Job) -> publish::Quality {
        let mut told = publish::Quality::default();
        for (group, table, figures) in self.iter() {
            let name = name_of(job, group, table).unwrap_or_default().to_owned();
            let figures = figures.told();
            match (group, table) {
                (Group::Run, _) => drop(told.run.insert(table.name().to_owned(), figures)),
                (Group::Source(_), _) => drop(told.sources.entry(name).or_default().insert(table.name().to_owned(), figures)),
                (Group::Organisation(_), Table::Register) => drop(told.insurers.insert(name, figures)),
                (Group::Organisation(_), Table::Attachments) => drop(told.clinics.insert(name, figures)),
            }
        }
        told
    }
}

impl Figures {
    fn told(&self) -> publish::QualityFigures {
        let by_name =
            |counts: &BTreeMap<Code, u64>| counts.iter().map(|(code, count)| (code.name().to_owned(), *count)).collect();
        let is_given = |field: &&Field| self.given.filled[**field as usize] > 0;
        let filled = |field: &Field| (field.name().to_owned(), self.filled.filled[*field as usize]);
        publish::QualityFigures {
            accepted: self.accepted,
            conflicts_lost: by_name(&self.lost),
            conflicts_won: by_name(&self.won),
            duplicates: self.duplicates,
            fields: Field::ALL.iter().filter(is_given).map(filled).collect(),
            findings: by_name(&self.findings),
            quarantined: self.quarantined,
            rows: self.rows,
        }
    }
}

/// What outputs call a group: the run has no name, nor have rows that name nobody known.
pub(super) fn name_of(job: &Job, group: Group, table: Table) -> Option<&str> {
    match (group, table) {
        (Group::Run, _) => None,
        (Group::Source(source), _) => Some(&job.sources[source].name),
        (Group::Organisation(insurer), Table::Register) => insurer.map(|id| job.insurers.get(id.insurer()).code.as_str()),
        (Group::Organisation(clinic), Table::Attachments) => clinic.map(|id| job.clinics.get(id.clinic()).code.as_str()),
    }
}

/// Which side of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The record decided on.
    Lost,
    /// The record that stands against it.
    Won,
}

const CODE_BITS: u32 = 8;
const TABLE_BITS: u32 = 1;
const ORGANISATION_BITS: u32 = 16;
const _: () = assert!(Code::COUNT <= 1 << CODE_BITS, "a code fits into its bits");

fn code_of(key: u64) -> Code {
    Code::ALL[key as usize & ((1 << CODE_BITS) - 1)]
}

fn table_of(bit: u64) -> Table {
    if bit & 1 == 0 { Table::Register } else { Table::Attachments }
}

/// No insurer or clinic; reference tables are smaller.
const NOBODY: u64 = u16::MAX as u64;

/// How often each code was found on the rows of each source and owner.
#[derive(Debug, Default)]
pub(super) struct CodeTally(HashMap<u64, u64>);

impl CodeTally {
    /// Counts one more.
    pub fn add(&mut self, source: usize, owner: Owner, code: Code) {
        *self.0.entry(key_of(source, owner, code)).or_default() += 1;
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Self) {
        for (&key, count) in &other.0 {
            *self.0.entry(key).or_default() += count;
        }
    }

    /// What was counted, in the order of sources, owners and codes.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Owner, Code, u64)> {
        let sorted: BTreeMap<u64, u64> = self.0.iter().map(|(&key, &count)| (key, count)).collect();
        sorted.into_iter().map(|(key, count)| {
            let (source, owner, code) = read_key(key);
            (source, owner, code, count)
        })
    }
}

fn key_of(source: usize, owner: Owner, code: Code) -> u64 {
    let organisation = owner.organisation.map_or(NOBODY, u64::from);
    let row = (source as u64) << TABLE_BITS | owner.table as u64;
    (row << ORGANISATION_BITS | organisation) << CODE_BITS | code as u64
}

fn read_key(key: u64) -> (usize, Owner, Code) {
    let (row, organisation) = (key >> (CODE_BITS + ORGANISATION_BITS), key >> CODE_BITS & NOBODY);
    let organisation = (organisation != NOBODY).then(|| OrganisationId::new(organisation as u16));
    ((row >> TABLE_BITS) as usize, Owner { table: table_of(row), organisation }, code_of(key))
}

/// Both sides of decisions by rule, on the rows of each source and of each insurer or clinic that was decided about.
#[derive(Debug, Default)]
pub(super) struct ConflictSides {
    /// Records that were decided on.
    lost: CodeTally,
    /// Records that stand against them.
    won: CodeTally,
}

impl ConflictSides {
    /// Counts a side of a decision: the source of its record (as an index of the job's), and whom it was decided about.
    pub fn push(&mut self, (table, code): (Table, Code), side: Side, source: usize, organisation: OrganisationId) {
        let tally = if side == Side::Won { &mut self.won } else { &mut self.lost };
        tally.add(source, Owner { table, organisation: Some(organisation) }, code);
    }

    /// Takes over other sides.
    pub fn merge(&mut self, other: &Self) {
        self.lost.merge(&other.lost);
        self.won.merge(&other.won);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lead_back_to_source_owner_and_code() {
        let mut all = CodeTally::default();
        for times in 1..=2 {
            let mut tally = CodeTally::default();
            for source in [0, 1, 70_000] {
                for organisation in [None, Some(OrganisationId::new(0)), Some(OrganisationId::new(u16::MAX - 1))] {
                    for table in [Table::Register, Table::Attachments] {
                        for code in [Code::RowShape, Code::OverrideClinic] {
                            let owner = Owner { table, organisation };
                            assert_eq!(read_key(key_of(source, owner, code)), (source, owner, code));
                            (0..times).for_each(|_| tally.add(source, owner, code));
                        }
                    }
                }
            }
            all.merge(&tally);
        }
        assert_eq!(all.iter().map(|(.., count)| count).collect::<Vec<_>>(), [3; 3 * 3 * 2 * 2]);
        assert!(all.iter().map(|(source, owner, ..)| (source, owner.table)).is_sorted());
    }
}
