//! Answer to a statement, written to the screen or a file.

use std::io::{self, IsTerminal as _};

use super::QueryArgs;
use crate::cli::result_output::{chosen_format, run_folder, send};
use crate::cli::{Exit, Failure, memory_watch};
use sverka_publish::is_exhausted;
use sverka_report::published::PublishedError;
use sverka_report::query::{FileAccess, QueryError, RunTables, TableFault, with_room};

/// Answers the query.
pub(super) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let format = chosen_format(&args.answer, io::stdout().is_terminal())?;
    let (sql, folder) = (args.statement()?, run_folder(&args.run)?);
    let files = if args.allow_files { FileAccess::Allowed } else { FileAccess::Refused };
    memory_watch::begin(&args.memory)?;
    with_room(|| {
        let answer = RunTables::open(&folder, files)?.execute(&sql)?;
        send(&answer, format, &args.answer)?;
        Ok(Exit::Done)
    })
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let exit = match &error {
            QueryError::Table(TableFault { cause, .. }) | QueryError::File { cause, .. } if is_exhausted(cause) => Exit::Resource,
            QueryError::Thread(_) => Exit::Resource,
            QueryError::Published(PublishedError::RunUnknown { .. })
            | QueryError::Sql { .. }
            | QueryError::Refused(_)
            | QueryError::File { .. } => Exit::Usage,
            QueryError::Write(cause) => return Self::output(cause),
            QueryError::Published(_) | QueryError::NoTables { .. } | QueryError::Table(_) => Exit::Input,
        };
        Self::new(exit, error)
    }
}
