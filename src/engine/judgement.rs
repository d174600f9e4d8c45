//! Judgement of a run: events that somebody must look at, the most severe first.
//!
//! Only manifests are read, so a published run gets the same judgement as when it was computed.

use super::changes::Comparison;
use super::comparison_base::ComparisonBase;
use super::{left_out, senders, sent_files, source_events, thresholds};
use crate::job::Job;
use sverka_publish::Manifest;
use sverka_settings::Then;

/// Event of a run that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEvent {
    /// Consequence for the run.
    pub then: Then,
    /// Sentence for the user: the fact, and what to do about it.
    pub sentence: String,
}

impl std::fmt::Display for RunEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Judgement of a run by the thresholds and source rules of its job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Events, the most severe first; at equal severity sources before thresholds.
    pub events: Vec<RunEvent>,
    /// Sentences about thresholds that could not be judged, with the reason.
    pub unjudged: Vec<String>,
    /// Events that would have stopped the run if nobody had accepted that it is smaller than the former run.
    pub accepted: Vec<String>,
    /// Former run, if there is one.
    pub before: Option<FormerRun>,
}

/// Former run: the run that a run was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerRun {
    /// Run id.
    pub run_id: String,
    /// As-of date, ISO.
    pub as_of: String,
    /// Number of sources.
    pub sources: u64,
}

impl FormerRun {
    fn from_manifest(manifest: &Manifest) -> Self {
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

    /// Whether the exit code reports the events.
    #[must_use]
    pub fn warns(&self) -> bool {
        self.events.iter().any(|event| event.then >= Then::Warn)
    }
}

/// Judges a run by itself and against the former run; `is_accepted` says that it may be smaller than the former run.
pub(super) fn judge(job: &Job, manifest: &Manifest, before: &ComparisonBase, is_accepted: bool) -> Judgement {
    let former = before.manifest.as_ref();
    let mut judgement = Judgement { before: former.map(FormerRun::from_manifest), ..Judgement::default() };
    judgement.events.extend(source_events::events(job, manifest));
    judgement.events.extend(before.fault.as_ref().map(|fault| fault.event(former)));
    if let Some(gone) = &before.gone {
        judgement.unjudged.push(format!("what changed since run {gone}: it is gone, or its manifest cannot be read"));
    }
    if let Some(before) = former {
        Comparison { job, now: manifest, before, is_accepted }.judge(&mut judgement);
    }
    judgement.events.extend(left_out::events(job));
    judgement.events.extend(senders::missing_sender_events(manifest));
    judgement.events.extend(sent_files::events(job, manifest, former));
    thresholds::judge(job, manifest, former, &mut judgement);
    judgement.events.sort_by_key(|event| std::cmp::Reverse(event.then));
    judgement
}
