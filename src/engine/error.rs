//! Why a run ended without publishing.

use crate::intake::{HeaderError, SurveyError};
use crate::publish::PublishError;

/// Why a run ended without publishing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source cannot be read.
    #[error(transparent)]
    Source(#[from] SurveyError),
    /// A source's header is not its layout's.
    #[error("{name}: {fault}. Correct the file, or give it another layout")]
    Header {
        /// The source as the job names it.
        name: String,
        /// What is wrong.
        fault: HeaderError,
    },
    /// The two tables together have more lines than can be numbered.
    #[error("the sources have {lines} lines together, more than {limit}; split the job by region")]
    TooManyLines {
        /// Lines of all sources.
        lines: u64,
        /// The most lines of a run.
        limit: u64,
    },
    /// Results could not be written or published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Somebody stopped the run.
    #[error("interrupted; nothing was published, and what had been written is removed")]
    Interrupted,
}
