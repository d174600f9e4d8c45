//! Why a run ended without publishing.

use crate::intake::{HeaderError, SourceError};
use crate::publish::PublishError;

/// Why a run ended without publishing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A source's header is not its layout's.
    #[error("{name}: {fault}. Correct the file, or give it another layout")]
    Header {
        /// The source as the job names it.
        name: String,
        /// What is wrong.
        fault: HeaderError,
    },
    /// Results could not be written or published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Somebody stopped the run.
    #[error("interrupted; nothing was published, and what had been written is removed")]
    Interrupted,
}
