//! Quality figures of a run: by source, insurer and clinic.
//!
//! Workers count by source and owner; this module adds the counts up. A sum does not depend on the order of its parts, so the figures depend neither on threads
//! nor on partitions.

use std::collections::{BTreeMap, HashMap};

use super::linking::LinkedRows;
use super::sources::CheckedRows;
use crate::job::Job;
use sverka_check::FilledFieldCounts;
use sverka_kernel::identity::Duplicate;
use sverka_model::{Code, Field, Kind, OrganisationId, RowOwner, Table};

/// Aggregation key of figures: run, source, insurer or clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The run as a whole.
    Run,
    /// A source, as an index in the job.
    Source(usize),
    /// An insurer or clinic, as an index of its reference table; `None` for rows without a known one.
    Organisation(Option<OrganisationId>),
}

/// Figures of a group and table.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// All rows: accepted, duplicates and quarantined.
    pub rows: u64,
    /// Accepted rows, without duplicates.
    pub accepted: u64,
    /// Duplicates of other rows.
    pub duplicates: u64,
    /// Quarantined rows.
    pub quarantined: u64,
    /// Number of filled fields of accepted rows and duplicates.
    pub filled: FilledFieldCounts,
    /// Number of accepted rows and duplicates in sources that have the field, by field.
    pub given: FilledFieldCounts,
    /// Number of findings by code.
    pub findings: BTreeMap<Code, u64>,
    /// Number of decisions against a record, by rule.
    pub lost: BTreeMap<Code, u64>,
    /// Number of decisions in favour of a record, by rule.
    pub won: BTreeMap<Code, u64>,
}

/// Quality figures of a run.
#[derive(Debug, Default)]
pub(super) struct Quality(BTreeMap<(Group, Table), Figures>);

/// Filled fields of the accepted rows of a source and an owner.
#[derive(Clone, Copy, Debug)]
pub(super) struct SourceCompleteness {
    /// Index of the source in the job.
    pub source: usize,
    /// Insurer or clinic of the rows.
    pub owner: RowOwner,
    /// Fields that the source has, one bit for each.
    pub given: u64,
    /// Number of rows and filled fields; zero for a source without accepted rows.
    pub filled: FilledFieldCounts,
}

impl Quality {
    /// Adds up the counts of a run.
    pub fn new(checked: &CheckedRows, linked: &LinkedRows, findings: &CodeTally, conflicts: &ConflictSides) -> Self {
        let mut quality = Self::default();
        quality.add_rows(checked, linked);
        for (source, owner, code, count) in findings.iter() {
            let add = |figures: &mut Figures| *figures.findings.entry(code).or_default() += count;
            match code.kind() {
                // A finding about a source belongs to no row, so it counts for no organisation.
                Kind::SourceCheck => quality.change_source(source, owner.table, add),
                _ => quality.change_row(source, owner, add),
            }
        }
        for (source, owner, code, count) in conflicts.lost.iter() {
            quality.change_row(source, owner, |figures| *figures.lost.entry(code).or_default() += count);
        }
        for (source, owner, code, count) in conflicts.won.iter() {
            quality.change_row(source, owner, |figures| *figures.won.entry(code).or_default() += count);
        }
        quality
    }

    /// Figures of each group and table, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Group, Table, &Figures)> {
        self.0.iter().map(|(&(group, table), figures)| (group, table, figures))
    }

    /// Figures of the whole run.
    pub fn of_run(&self, table: Table) -> Option<&Figures> {
        self.0.get(&(Group::Run, table))
    }

    fn add_rows(&mut self, checked: &CheckedRows, linked: &LinkedRows) {
        for SourceCompleteness { source, owner, given, filled } in &checked.filled {
            let mut rows_given = FilledFieldCounts { rows: filled.rows, ..FilledFieldCounts::default() };
            for field in Field::ALL.iter().filter(|&&field| given >> field as u32 & 1 == 1) {
                rows_given.filled[*field as usize] = filled.rows;
            }
            let add = |figures: &mut Figures| {
                figures.rows += filled.rows;
                figures.accepted += filled.rows;
                figures.filled.add(filled);
                figures.given.add(&rows_given);
            };
            add(self.figures(Group::Run, owner.table));
            add(self.figures(Group::Source(*source), owner.table));
            if owner.organisation.is_some() {
                add(self.figures(Group::Organisation(owner.organisation), owner.table));
            }
        }
        for count in &checked.quarantined {
            self.change_row(count.source, count.owner, |figures| {
                figures.rows += count.rows;
                figures.quarantined += count.rows;
            });
        }
        for Duplicate { row_id, owner, .. } in linked.register_duplicates.iter().chain(&linked.attachment_duplicates) {
            self.change_row(checked.row_ids.source(*row_id), *owner, |figures| {
                figures.accepted -= 1;
                figures.duplicates += 1;
            });
        }
    }

    /// Changes the figures of all groups that a row belongs to.
    fn change_row(&mut self, source: usize, owner: RowOwner, change: impl Fn(&mut Figures)) {
        for group in [Group::Run, Group::Source(source), Group::Organisation(owner.organisation)] {
            change(self.figures(group, owner.table));
        }
    }

    /// Changes the figures of a source and of the run.
    fn change_source(&mut self, source: usize, table: Table, change: impl Fn(&mut Figures)) {
        for group in [Group::Run, Group::Source(source)] {
            change(self.figures(group, table));
        }
    }

    fn figures(&mut self, group: Group, table: Table) -> &mut Figures {
        self.0.entry((group, table)).or_default()
    }

    /// Figures for the manifest.
    pub fn to_manifest(&self, job: &Job) -> sverka_publish::Quality {
        let mut manifest = sverka_publish::Quality::default();
        for (group, table, figures) in self.iter() {
            let name = name_of(job, group, table).unwrap_or_default().to_owned();
            let figures = figures.to_manifest();
            match (group, table) {
                (Group::Run, _) => drop(manifest.run.insert(table.name().to_owned(), figures)),
                (Group::Source(_), _) => drop(manifest.sources.entry(name).or_default().insert(table.name().to_owned(), figures)),
                (Group::Organisation(_), Table::Register) => drop(manifest.insurers.insert(name, figures)),
                (Group::Organisation(_), Table::Attachments) => drop(manifest.clinics.insert(name, figures)),
            }
        }
        manifest
    }
}

impl Figures {
    fn to_manifest(&self) -> sverka_publish::QualityFigures {
        let by_name =
            |counts: &BTreeMap<Code, u64>| counts.iter().map(|(code, count)| (code.name().to_owned(), *count)).collect();
        let is_given = |field: &&Field| self.given.filled[**field as usize] > 0;
        let filled = |field: &Field| (field.name().to_owned(), self.filled.filled[*field as usize]);
        sverka_publish::QualityFigures {
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

/// Name of a group in the outputs; `None` for the run and for rows of an unknown insurer or clinic.
pub(super) fn name_of(job: &Job, group: Group, table: Table) -> Option<&str> {
    match (group, table) {
        (Group::Run, _) => None,
        (Group::Source(source), _) => Some(&job.sources[source].name),
        (Group::Organisation(insurer), Table::Register) => insurer.map(|id| job.insurers.get(id.insurer()).code.as_str()),
        (Group::Organisation(clinic), Table::Attachments) => clinic.map(|id| job.clinics.get(id.clinic()).code.as_str()),
    }
}

/// Side of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The record that lost.
    Lost,
    /// The record that won.
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

/// Number in place of an absent insurer or clinic; reference tables are smaller.
const NOBODY: u64 = u16::MAX as u64;

/// Number of findings or decisions by source, owner and code.
///
/// The key of the map packs all three into 64 bits, from the lowest: code 8, organisation 16, table 1, source the rest. Packed keys sort in the order of
/// sources, owners and codes.
#[derive(Debug, Default)]
pub(super) struct CodeTally(HashMap<u64, u64>);

impl CodeTally {
    /// Counts one.
    pub fn add(&mut self, source: usize, owner: RowOwner, code: Code) {
        *self.0.entry(key_of(source, owner, code)).or_default() += 1;
    }

    /// Adds the counts of another worker.
    pub fn merge(&mut self, other: &Self) {
        for (&key, count) in &other.0 {
            *self.0.entry(key).or_default() += count;
        }
    }

    /// All counts, in the order of sources, owners and codes.
    pub fn iter(&self) -> impl Iterator<Item = (usize, RowOwner, Code, u64)> {
        let sorted: BTreeMap<u64, u64> = self.0.iter().map(|(&key, &count)| (key, count)).collect();
        sorted.into_iter().map(|(key, count)| {
            let (source, owner, code) = read_key(key);
            (source, owner, code, count)
        })
    }
}

fn key_of(source: usize, owner: RowOwner, code: Code) -> u64 {
    let organisation = owner.organisation.map_or(NOBODY, u64::from);
    let row = (source as u64) << TABLE_BITS | owner.table as u64;
    (row << ORGANISATION_BITS | organisation) << CODE_BITS | code as u64
}

fn read_key(key: u64) -> (usize, RowOwner, Code) {
    let (row, organisation) = (key >> (CODE_BITS + ORGANISATION_BITS), key >> CODE_BITS & NOBODY);
    let organisation = (organisation != NOBODY).then(|| OrganisationId::new(organisation as u16));
    ((row >> TABLE_BITS) as usize, RowOwner { table: table_of(row), organisation }, code_of(key))
}

/// Number of decisions by rule, source and owner, for both sides.
#[derive(Debug, Default)]
pub(super) struct ConflictSides {
    /// Records that lost.
    lost: CodeTally,
    /// Records that won.
    won: CodeTally,
}

impl ConflictSides {
    /// Counts one side of a decision by `rule`. `source` is the source of its record, `owner` the insurer or clinic that won or lost.
    pub fn push(&mut self, side: Side, source: usize, owner: RowOwner, rule: Code) {
        let tally = if side == Side::Won { &mut self.won } else { &mut self.lost };
        tally.add(source, owner, rule);
    }

    /// Adds the counts of another worker.
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
                            let owner = RowOwner { table, organisation };
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
