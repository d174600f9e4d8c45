//! Selection of the sources that count: nothing that was not yet known, of snapshots the newest, each content once.
//!
//! ```text
//! found sources ─► known by the day ─► newest snapshot of each sender and table ─► each content once ─► sources that are read
//!                       │                              │                                  │
//!                 not_yet_known                   superseded                           same_as
//! ```

mod error;
mod same_content;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Deserialize;

pub use self::error::SelectionError;
pub(super) use self::same_content::ContentKey;
use self::same_content::same_contents;
use super::load::Resolver;
use super::senders::KnownSenders;
use super::{JobError, JobProblem, Source};
use sverka_formats::SourceFile;
use sverka_model::{Date, Table};

/// Meaning of the files of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileContent {
    /// Each file adds records.
    #[default]
    Changes,
    /// Each file is the whole list of its sender on its date.
    Snapshot,
}

/// Treatment of snapshots of one sender and one date with different bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SameDate {
    /// They are an error of the job.
    #[default]
    Error,
    /// The one with the last name is read.
    LastName,
}

/// Source before the selection.
#[derive(Clone, Debug)]
pub(super) struct FoundSource {
    pub source: Source,
    pub content: FileContent,
    pub same_date: SameDate,
    /// Line of the pattern that found the source.
    pub line: u64,
    /// Key that is equal for equal contents.
    pub key: ContentKey,
}

/// Source that is not read.
#[derive(Clone, Debug)]
pub struct LeftOutSource {
    /// The source, with the records that are not read.
    pub source: Source,
    /// Reason for not reading it.
    pub reason: LeftOutReason,
}

/// Reason for not reading a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOutReason {
    /// A newer snapshot of the same sender.
    Superseded {
        /// Name of the newer snapshot.
        by: String,
        /// Whether both have the same date, so that the name decided.
        same_date: bool,
    },
    /// The content of a source that is read.
    SameAs {
        /// Name of the source that is read.
        source: String,
    },
    /// A date after the day of `known_by`.
    NotYetKnown,
}

impl LeftOutReason {
    /// Word in the manifest.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Superseded { .. } => "superseded",
            Self::SameAs { .. } => "same_as",
            Self::NotYetKnown => "not_yet_known",
        }
    }

    /// Name of the source that is read instead.
    #[must_use]
    pub fn read_instead(&self) -> Option<&str> {
        match self {
            Self::Superseded { by: source, .. } | Self::SameAs { source } => Some(source),
            Self::NotYetKnown => None,
        }
    }
}

/// Result of the selection.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Sources that are read, in the order in which they were found.
    pub read: Vec<Source>,
    /// Sources that are not read, sorted by name.
    pub left_out: Vec<LeftOutSource>,
}

/// Settings of a selection.
#[derive(Clone, Copy)]
pub(super) struct SelectionSettings<'j> {
    pub senders: KnownSenders<'j>,
    /// Last day whose sources are known; `None` for all.
    pub known_by: Option<Date>,
}

/// Selects the sources that count from those that were found, given in the order of sources.
///
/// # Errors
/// When a snapshot has no sender, two snapshots contradict each other, or no source is left.
pub(super) fn select(
    resolver: &Resolver<'_>,
    found: Vec<FoundSource>,
    settings: SelectionSettings<'_>,
) -> Result<Selection, JobError> {
    let files: Vec<(Arc<SourceFile>, u64)> = found.iter().map(|found| (Arc::clone(&found.source.file), found.line)).collect();
    let selector = Selector { resolver, settings, found, left_out: Vec::new() };
    selector.select().map_err(|error| {
        // A file that changed meanwhile may look like any other fault.
        let changed = files.iter().find_map(|(file, line)| Some((file.check_unchanged().err()?, *line)));
        changed.map_or(error, |(cause, line)| resolver.error_on(line, JobProblem::Source { cause }))
    })
}

struct Selector<'a> {
    resolver: &'a Resolver<'a>,
    settings: SelectionSettings<'a>,
    /// Sources that are not left out so far.
    found: Vec<FoundSource>,
    left_out: Vec<LeftOutSource>,
}

/// Tables of a source that are not read.
type LostTables = BTreeMap<Table, LeftOutReason>;

impl Selector<'_> {
    fn select(mut self) -> Result<Selection, JobError> {
        self.check_senders_in_names();
        self.leave_later_sources()?;
        self.find_senders_of_snapshots()?;
        self.leave_superseded_snapshots()?;
        self.leave_repeated_contents();
        let Self { found, mut left_out, .. } = self;
        left_out.sort_by(|a, b| a.source.name.as_bytes().cmp(b.source.name.as_bytes()));
        Ok(Selection { read: found.into_iter().map(|found| found.source).collect(), left_out })
    }

    fn error(&self, line: u64, error: SelectionError) -> JobError {
        self.resolver.error_on(line, JobProblem::Selection(Box::new(error)))
    }

    /// Forgets codes in names that no insurer or clinic has: the pattern met other digits.
    fn check_senders_in_names(&mut self) {
        for found in &mut self.found {
            found.source.sender = found.source.sender.take().filter(|code| self.settings.senders.knows(code));
        }
    }

    /// Leaves out sources that are dated later than the last known day.
    fn leave_later_sources(&mut self) -> Result<(), JobError> {
        let Some(day) = self.settings.known_by else { return Ok(()) };
        let is_later = |found: &FoundSource| found.source.source_date.is_some_and(|date| date > day);
        let (later, known) = std::mem::take(&mut self.found).into_iter().partition(is_later);
        self.found = known;
        let left_out = |FoundSource { source, .. }: FoundSource| LeftOutSource { source, reason: LeftOutReason::NotYetKnown };
        self.left_out.extend(Vec::into_iter(later).map(left_out));
        if self.found.is_empty() {
            return Err(self.error(1, SelectionError::NothingKnown { day }));
        }
        Ok(())
    }

    /// Finds the senders of snapshots by their heads or rows, where the names do not tell them.
    fn find_senders_of_snapshots(&mut self) -> Result<(), JobError> {
        let senders = self.settings.senders;
        let is_open = |found: &&mut FoundSource| found.content == FileContent::Snapshot && found.source.sender.is_none();
        let unknown: Vec<&mut FoundSource> = self.found.iter_mut().filter(is_open).collect();
        let faults: Vec<Option<(u64, SelectionError)>> = unknown
            .into_par_iter()
            .map(|found| match senders.in_rows(&found.source) {
                Ok(sender) => {
                    found.source.sender = Some(sender);
                    None
                }
                Err(fault) => Some((found.line, SelectionError::from_fault(&found.source.name, fault))),
            })
            .collect();
        match faults.into_iter().flatten().next() {
            Some((line, error)) => Err(self.error(line, error)),
            None => Ok(()),
        }
    }

    /// Leaves out all but the newest snapshot of each sender and table.
    fn leave_superseded_snapshots(&mut self) -> Result<(), JobError> {
        let mut series: BTreeMap<(&str, Table), Vec<usize>> = BTreeMap::new();
        for (index, found) in self.found.iter().enumerate().filter(|(_, found)| found.content == FileContent::Snapshot) {
            let sender = found.source.sender.as_deref().expect("invariant: a snapshot has a sender, or is an error");
            found.source.layout.tables().for_each(|table| series.entry((sender, table)).or_default().push(index));
        }
        let mut lost: BTreeMap<usize, LostTables> = BTreeMap::new();
        for ((_, table), members) in series {
            for (index, reason) in self.superseded(members)? {
                lost.entry(index).or_default().insert(table, reason);
            }
        }
        self.leave_tables(&lost);
        Ok(())
    }

    /// Snapshots of one sender and table that are not read, with the reasons.
    fn superseded(&self, mut members: Vec<usize>) -> Result<Vec<(usize, LeftOutReason)>, JobError> {
        let source = |index: usize| &self.found[index].source;
        members.sort_by_key(|&index| source(index).name.as_bytes());
        let newest = members.iter().map(|&index| source(index).source_date).max().flatten();
        let (of_newest_date, older): (Vec<usize>, Vec<usize>) =
            members.into_iter().partition(|&index| source(index).source_date == newest);
        let read = self.one_of_date(&of_newest_date)?;
        let by = || source(read).name.clone();
        let rivals = of_newest_date.into_iter().filter(|&index| index != read).map(|index| {
            let is_same = same_contents(&[&self.found[read], &self.found[index]]).is_some();
            let reason = if is_same {
                LeftOutReason::SameAs { source: by() }
            } else {
                LeftOutReason::Superseded { by: by(), same_date: true }
            };
            (index, reason)
        });
        let older = older.into_iter().map(|index| (index, LeftOutReason::Superseded { by: by(), same_date: false }));
        Ok(rivals.chain(older).collect())
    }

    /// The snapshot that is read of those of one sender, table and date, given in the order of their names.
    fn one_of_date(&self, members: &[usize]) -> Result<usize, JobError> {
        let first = members[0];
        let differs = |&&index: &&usize| same_contents(&[&self.found[first], &self.found[index]]).is_none();
        let Some(&other) = members[1..].iter().find(differs) else { return Ok(first) };
        if members.iter().all(|&index| self.found[index].same_date == SameDate::LastName) {
            return Ok(members[members.len() - 1]);
        }
        let (first, other) = (&self.found[first].source, &self.found[other]);
        let (names, day) = ([first.name.clone(), other.source.name.clone()], first.source_date);
        Err(self.error(other.line, SelectionError::SameDate { names, day }))
    }

    /// Leaves out sources that lost all their tables, and the lost records of the others.
    fn leave_tables(&mut self, lost: &BTreeMap<usize, LostTables>) {
        let found = std::mem::take(&mut self.found);
        for (index, mut found) in found.into_iter().enumerate() {
            let Some(lost) = lost.get(&index) else {
                self.found.push(found);
                continue;
            };
            let left: Vec<Table> = found.source.layout.tables().filter(|table| !lost.contains_key(table)).collect();
            let mut reasons: Vec<(&Table, &LeftOutReason)> = lost.iter().collect();
            let is_one_reason = left.is_empty() && reasons.iter().all(|(_, reason)| *reason == reasons[0].1);
            if is_one_reason {
                let reason = reasons.swap_remove(0).1.clone();
                self.left_out.push(LeftOutSource { source: found.source, reason });
                continue;
            }
            for (table, reason) in reasons {
                let layout = Arc::new(found.source.layout.of_table(*table));
                self.left_out.push(LeftOutSource { source: Source { layout, ..found.source.clone() }, reason: reason.clone() });
            }
            if let [table] = left[..] {
                found.source.layout = Arc::new(found.source.layout.of_table(table));
                self.found.push(found);
            }
        }
    }

    /// Leaves out sources with the content of another source of the same layout, which stands before them.
    fn leave_repeated_contents(&mut self) {
        let repeated = same_content::repeated(&self.found);
        let found = std::mem::take(&mut self.found);
        let names: Vec<String> = found.iter().map(|found| found.source.name.clone()).collect();
        for (index, found) in found.into_iter().enumerate() {
            match repeated.get(&index) {
                None => self.found.push(found),
                Some(&first) => {
                    let reason = LeftOutReason::SameAs { source: names[first].clone() };
                    self.left_out.push(LeftOutSource { source: found.source, reason });
                }
            }
        }
    }
}
