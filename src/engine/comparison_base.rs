//! The former run: the run of the output folder that a run is compared with.
//!
//! The former run is the current run, of a correction the run of the closed month. If the current run is gone, the user is warned, and the newest run in the folder takes its
//! place. Only an output folder without runs has no former run.

use super::judgement::RunEvent;
use sverka_publish::{LatestRun, Manifest, OutputFolder, PublishError};
use sverka_settings::Then;

/// The former run, if it can be read.
#[derive(Debug, Default)]
pub(super) struct ComparisonBase {
    /// Manifest of the former run.
    pub manifest: Option<Manifest>,
    /// Id of the former run of a published run, if it is gone since.
    pub gone: Option<String>,
    /// Reason for not comparing with the current run.
    pub fault: Option<CurrentFault>,
}

/// Reason for not comparing a run with the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CurrentFault {
    /// The folder has runs, but none is the current one.
    None,
    /// The run of this id is gone, or its manifest cannot be read.
    Gone(String),
}

impl ComparisonBase {
    /// The former run of run `run_id`, which may be published already. `correction_of` is the run of the closed month that the run corrects.
    ///
    /// # Errors
    /// When the current run is gone and the other runs cannot be listed.
    pub fn find(folder: &OutputFolder, run_id: &str, correction_of: Option<&str>) -> Result<Self, PublishError> {
        if let Some(closed) = correction_of.filter(|closed| *closed != run_id)
            && let Some(manifest) = folder.manifest_of(closed)
        {
            return Ok(Self { manifest: Some(manifest), ..Self::default() });
        }
        let fault = match folder.current() {
            Some(current) if current == run_id => return Ok(Self::from_published(folder, run_id)),
            Some(current) => match folder.manifest_of(&current) {
                Some(manifest) => return Ok(Self { manifest: Some(manifest), ..Self::default() }),
                None => CurrentFault::Gone(current),
            },
            None => CurrentFault::None,
        };
        Ok(match folder.latest_but(run_id)? {
            LatestRun::None if fault == CurrentFault::None => Self::default(),
            LatestRun::None | LatestRun::Unreadable => Self { fault: Some(fault), ..Self::default() },
            LatestRun::Run(manifest) => Self { manifest: Some(*manifest), gone: None, fault: Some(fault) },
        })
    }

    /// The former run of a published run, by its manifest.
    fn from_published(folder: &OutputFolder, run_id: &str) -> Self {
        let former = folder.manifest_of(run_id).and_then(|manifest| manifest.quality?.former_run);
        let manifest = former.as_deref().and_then(|former| folder.manifest_of(former));
        Self { gone: former.filter(|_| manifest.is_none()), manifest, fault: None }
    }

    /// Id of the former run, even if it is gone.
    pub fn run_id(&self) -> Option<String> {
        self.manifest.as_ref().map(|manifest| manifest.run_id.clone()).or_else(|| self.gone.clone())
    }
}

impl CurrentFault {
    /// Event of a run that was compared with `former` instead of the current run.
    pub fn event(&self, former: Option<&Manifest>) -> RunEvent {
        let fault = match self {
            Self::None => "the output folder has runs, but `current` is missing".to_owned(),
            Self::Gone(run) => format!("`current` leads to run {run}, which is gone or has no manifest that can be read"),
        };
        let instead = match former {
            Some(Manifest { run_id, as_of, .. }) => {
                format!(
                    "this run was held against {run_id} of {as_of}, the newest one that is there; make sure that it is the right one"
                )
            }
            None => "this run was held against nothing; compare its totals with those that you know".to_owned(),
        };
        RunEvent { then: Then::Warn, sentence: format!("{fault}: {instead}") }
    }
}
