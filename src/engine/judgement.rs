//! What somebody must look at after a run, by what its manifest says: events, the loudest first.
//!
//! Reads nothing but manifests, so that a published run is judged again as it was when it was computed.

use super::changes::Comparison;
use super::former::Former;
use super::{sent_files, source_events, thresholds};
use crate::job::Job;
use sverka_publish::Manifest;
use sverka_settings::Then;

/// Something about a run that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEvent {
    /// What happens to the run for it.
    pub then: Then,
    /// What is the matter, and what to do about it.
    pub sentence: String,
}

impl std::fmt::Display for RunEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// What a job says of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What somebody must look at, the loudest first; of equal loudness sources before thresholds.
    pub events: Vec<RunEvent>,
    /// What could not be judged, and why.
    pub unjudged: Vec<String>,
    /// Events for which the run would have stopped, had nobody accepted that it is smaller than the run before.
    pub accepted: Vec<String>,
    /// The run before, if there is one.
    pub before: Option<FormerRun>,
}

/// The run that a run was held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerRun {
    /// Its id.
    pub run_id: String,
    /// Its as-of date, ISO.
    pub as_of: String,
    /// How many sources it read.
    pub sources: u64,
}

impl FormerRun {
    fn of(manifest: &Manifest) -> Self {
        let sources = manifest.sources().count() as u64;
        Self { run_id: manifest.run_id.clone(), as_of: manifest.as_of.clone(), sources }
    }
}

impl Judgement {
    /// Whether the run must not be published.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.events.iter().any(|event| event.then == Then::Stop)
    }

    /// Whether the exit code tells of it.
    #[must_use]
    pub fn warns(&self) -> bool {
        self.events.iter().any(|event| event.then >= Then::Warn)
    }
}

/// Judges a run by itself and against the run before; `is_accepted` says that it may be smaller than that.
pub(super) fn judge(job: &Job, manifest: &Manifest, before: &Former, is_accepted: bool) -> Judgement {
    let former = before.manifest.as_ref();
    let mut judgement = Judgement { before: former.map(FormerRun::of), ..Judgement::default() };
    judgement.events.extend(source_events::events(job, manifest));
    judgement.events.extend(before.fault.as_ref().map(|fault| fault.event(former)));
    if let Some(gone) = &before.gone {
        judgement.unjudged.push(format!("what changed since run {gone}: it is gone, or its manifest cannot be read"));
    }
    if let Some(before) = former {
        Comparison { job, now: manifest, before, is_accepted }.judge(&mut judgement);
    }
    judgement.events.extend(sent_files::events(job, manifest, former));
    thresholds::judge(job, manifest, former, &mut judgement);
    judgement.events.sort_by_key(|event| std::cmp::Reverse(event.then));
    judgement
}
