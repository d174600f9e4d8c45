//! List of the published runs of an output folder, from the manifests alone: no table is opened.
//!
//! A run that goes while the list is made is left out. A run whose manifest cannot be read is listed apart, so that nobody takes it for absent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;

use super::closed::ClosedMonth;
use super::disk::{is_absence, uninterrupted};
use super::folder::{RUNS, is_run_id, read_current};
use super::{Manifest, MonthCorrections, PublishError, pins};

/// Published runs of an output folder.
#[derive(Debug, Default)]
pub struct RunList {
    /// Runs in the order of their start, the oldest first; of equal starts, by run id.
    pub runs: Vec<ListedRun>,
    /// Runs whose manifests cannot be read, by run id.
    pub unreadable: Vec<UnreadableRun>,
}

/// Facts about a published run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRun {
    /// Run id.
    pub run_id: String,
    /// As-of date, ISO.
    pub as_of: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Number of persons.
    pub persons: u64,
    /// Number of heads.
    pub heads: u64,
    /// Sum of all amounts in roubles, a decimal number as text.
    pub amount: String,
    /// Bytes of all tables.
    pub bytes: u64,
    /// Whether `current` points to the run.
    pub is_current: bool,
    /// Whether the run is pinned.
    pub is_pinned: bool,
    /// Closed months that name the run, `YYYY-MM`, in order.
    pub closed: Vec<String>,
    /// Bookings that name the run, such as `2026-10 no. 1`, in order.
    pub booked: Vec<String>,
    /// Whether the figures of one of the bookings do not stand in its file, so that they cannot be had without the run.
    pub is_needed_by_booking: bool,
}

/// Published run whose manifest cannot be read.
#[derive(Debug)]
pub struct UnreadableRun {
    /// Run id: the name of the folder.
    pub run_id: String,
    /// Reason.
    pub error: PublishError,
}

/// Part of a manifest that the list shows. The other fields are skipped unread.
#[derive(Deserialize)]
struct ManifestFacts {
    as_of: String,
    started_at: String,
    totals: TotalsFacts,
    outputs: Vec<OutputFacts>,
}

#[derive(Deserialize)]
struct TotalsFacts {
    persons: u64,
    heads: u64,
    amount: String,
}

#[derive(Deserialize)]
struct OutputFacts {
    bytes: u64,
}

impl ListedRun {
    /// Month of the as-of date, `YYYY-MM`.
    #[must_use]
    pub fn month(&self) -> &str {
        self.as_of.rsplit_once('-').map_or(&self.as_of, |(month, _)| month)
    }
}

impl RunList {
    /// Lists the published runs of an output folder.
    ///
    /// # Errors
    /// When the folder of runs cannot be listed, or a closed month, its corrections or a pin cannot be read: nobody may take its run for one that can go.
    pub fn read(out: &Path) -> Result<Self, PublishError> {
        let current = read_current(out)?;
        let pinned = pins::read_all(out)?;
        let mut closed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for month in ClosedMonth::read_all(out)? {
            closed.entry(month.run_id).or_default().push(month.month);
        }
        let mut booked: BTreeMap<String, BookedMarks> = BTreeMap::new();
        for MonthCorrections { month, bookings } in MonthCorrections::read_all(out)? {
            for booking in bookings {
                let needs_run = !booking.has_its_figures();
                let marks = booked.entry(booking.run_id).or_default();
                marks.names.push(format!("{month} no. {}", booking.number));
                marks.need_run |= needs_run;
            }
        }
        let marks = Marks { current: current.as_deref(), pinned: &pinned, closed: &closed, booked: &booked };
        let runs = out.join(RUNS);
        let found: Vec<_> =
            run_ids(&runs)?.into_par_iter().filter_map(|run_id| Some((read_facts(&runs, &run_id)?, run_id))).collect();
        let mut list = Self::default();
        for (facts, run_id) in found {
            match facts {
                Ok(facts) => list.runs.push(marks.listed(run_id, facts)),
                Err(error) => list.unreadable.push(UnreadableRun { run_id, error }),
            }
        }
        list.runs.sort_by(|a, b| (&a.started_at, &a.run_id).cmp(&(&b.started_at, &b.run_id)));
        list.unreadable.sort_by(|a, b| a.run_id.cmp(&b.run_id));
        Ok(list)
    }
}

/// Bookings that name a run.
#[derive(Clone, Debug, Default)]
struct BookedMarks {
    names: Vec<String>,
    need_run: bool,
}

/// Marks of runs outside their folders.
struct Marks<'l> {
    current: Option<&'l str>,
    pinned: &'l BTreeSet<String>,
    closed: &'l BTreeMap<String, Vec<String>>,
    booked: &'l BTreeMap<String, BookedMarks>,
}

impl Marks<'_> {
    fn listed(&self, run_id: String, facts: ManifestFacts) -> ListedRun {
        let booked = self.booked.get(&run_id).cloned().unwrap_or_default();
        ListedRun {
            booked: booked.names,
            is_needed_by_booking: booked.need_run,
            is_current: self.current == Some(&run_id),
            is_pinned: self.pinned.contains(&run_id),
            closed: self.closed.get(&run_id).cloned().unwrap_or_default(),
            as_of: facts.as_of,
            started_at: facts.started_at,
            persons: facts.totals.persons,
            heads: facts.totals.heads,
            amount: facts.totals.amount,
            bytes: facts.outputs.iter().map(|output| output.bytes).sum(),
            run_id,
        }
    }
}

/// Ids of the folders of published runs, sorted.
///
/// # Errors
/// When the folder of runs cannot be listed.
pub(super) fn run_ids(runs: &Path) -> Result<Vec<String>, PublishError> {
    let mut found = Vec::new();
    for entry in uninterrupted(|| fs::read_dir(runs)).map_err(PublishError::io("read", runs))? {
        let entry = entry.map_err(PublishError::io("read", runs))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        found.extend(entry.file_name().into_string().ok().filter(|name| is_folder && is_run_id(name)));
    }
    found.sort();
    Ok(found)
}

/// Facts from the manifest of a run; `None` when the run is gone meanwhile.
fn read_facts(runs: &Path, run_id: &str) -> Option<Result<ManifestFacts, PublishError>> {
    let dir = runs.join(run_id);
    let path = dir.join(Manifest::FILE_NAME);
    match uninterrupted(|| fs::read(&path)) {
        Ok(text) => Some(serde_json::from_slice(&text).map_err(|source| PublishError::Manifest { path, source })),
        Err(error) if is_absence(&error) && !dir.exists() => None,
        Err(error) => Some(Err(PublishError::io("read", &path)(error))),
    }
}
