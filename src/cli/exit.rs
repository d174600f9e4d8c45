//! Exit codes and their meaning. No other file defines them.

use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::job::{JobError, JobProblem, SelectionError};
use sverka_formats::{SourceError, reading_advice};
use sverka_publish::is_exhausted;

/// End of a command, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; for `run`: the results are published.
    Done = 0,
    /// Done, but somebody must look at something: for `run` at a source or a threshold, for `check`, `layout check`, `tariff check` and `enp` at errors.
    ThresholdPassed = 1,
    /// The command line, the job or the query is wrong, or the job, layout, statement or run that it names is not there; nothing was done.
    Usage = 2,
    /// An input cannot be used, a source changed while it was read, or the run that is asked is not published or cannot be read; nothing was published.
    Input = 3,
    /// Memory, disk space or another resource ran out, a disk failed, a source is younger than `min_age`, or another run holds the output
    /// folder; nothing was published. The same command may succeed later, which is not so after [`Self::Usage`].
    Resource = 4,
    /// An invariant of the program broke; nothing was published.
    Invariant = 5,
    /// A source or a threshold of the job stopped the run; nothing was published, and an account of the run says why.
    Stopped = 6,
    /// The results are published, but something that was to follow failed: `current` was not switched, the disk did not confirm, a sender is not
    /// answered, or a report could not be printed. The same command again does what is missing.
    Unfinished = 7,
    /// A file that the job names, a file to check or a table to check it against is not there (yet); nothing was published. The same command may
    /// succeed when the file has come.
    Absent = 8,
    /// Interrupted (Ctrl-C); nothing was published and nothing is left half done.
    Interrupted = 130,
}

/// Every exit code with its meaning, as the help prints it.
pub const EXITS: [(Exit, &str); 10] = [
    (Exit::Done, "done; results are published"),
    (
        Exit::ThresholdPassed,
        "results are published, but somebody must look at a source or at a threshold that is passed; check, layout check, tariff check, enp: an error was found",
    ),
    (
        Exit::Usage,
        "the command line, the job, the tariff or the SQL is wrong, a job, layout, tariff, file of SQL or run that the command line names is not there, or the output folder cannot be used; nothing was published",
    ),
    (
        Exit::Input,
        "an input cannot be used, a source changed while it was read, or for commands that ask a run, none is published or it cannot be read; nothing was published",
    ),
    (
        Exit::Resource,
        "a resource ran out (memory, disk), a disk failed, a source is too young, or the output folder is busy (another run holds it); nothing was published, and the same command may succeed later",
    ),
    (Exit::Invariant, "an internal invariant broke, please report it; nothing was published"),
    (
        Exit::Stopped,
        "a source, or much less than in the run before, or another threshold of the job stopped the run; nothing was published, the account of the run says why",
    ),
    (
        Exit::Unfinished,
        "results are published, but something after that failed (current not switched, disk not sure, a sender not answered, a report not printed); the same command again does what is missing",
    ),
    (
        Exit::Absent,
        "a file that the job names (a source, a reference table), a file to check or a table to check it against is not there (yet); nothing was published, run again when it has come",
    ),
    (Exit::Interrupted, "interrupted (Ctrl-C); nothing is left half done"),
];

impl Exit {
    /// The exit of a command that cannot use a source: the machine failed, the source is not complete yet, or the source is at fault.
    #[must_use]
    pub fn from_source_error(error: &SourceError) -> Self {
        match error {
            SourceError::Io { cause, .. } if is_exhausted(cause) => Self::Resource,
            SourceError::Io { cause, .. } if is_not_found(cause) => Self::Absent,
            SourceError::Young { .. } => Self::Resource,
            _ => Self::Input,
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The exit codes as a block of the help, wrapped at `width` columns.
#[must_use]
pub fn exit_help(width: usize) -> String {
    const INDENT: usize = 7;
    let mut text = String::from("Exit codes:");
    for (exit, meaning) in EXITS {
        let _ = write!(text, "\n  {:<5}", exit.code());
        let mut column = INDENT;
        for word in meaning.split(' ') {
            let length = word.chars().count();
            if column > INDENT && column + 1 + length > width {
                let _ = write!(text, "\n{:INDENT$}", "");
                column = INDENT;
            }
            if column > INDENT {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += length;
        }
    }
    text
}

/// Whether the cause is that nothing is at the path. A file where a folder should be does not count: it does not go away by waiting.
pub(super) fn is_not_found(cause: &io::Error) -> bool {
    cause.kind() == io::ErrorKind::NotFound
}

/// Failure of a command: a message to the user and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Fault, place and remedy, in one or several lines and without personal data. Empty if nothing is to be printed.
    pub message: String,
}

impl Failure {
    /// A failure with its message.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string() }
    }

    /// The command line, the job or the query is wrong.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// An input cannot be used.
    pub fn input(message: impl fmt::Display) -> Self {
        Self::new(Exit::Input, message)
    }

    /// The job cannot be loaded: it is wrong, a source cannot be looked at, or the machine failed while its files were read.
    pub fn job(error: &JobError) -> Self {
        let problem = match error {
            JobError::Setting { problem, .. } => Some(problem),
            _ => None,
        };
        let cause = match (error, problem) {
            (JobError::Io { cause, .. }, _)
            | (_, Some(JobProblem::Unreadable { cause, .. } | JobProblem::Look { cause, .. })) => Some(cause),
            _ => None,
        };
        let exit = match problem {
            _ if cause.is_some_and(is_exhausted) => Exit::Resource,
            Some(JobProblem::Gone { .. }) => Exit::Resource,
            Some(JobProblem::NoMatch { .. } | JobProblem::NoneTaken { .. }) => Exit::Absent,
            Some(JobProblem::Selection(error)) if matches!(**error, SelectionError::Unreadable { .. }) => Exit::Input,
            Some(JobProblem::Unreadable { cause, .. }) if is_not_found(cause) => Exit::Absent,
            Some(JobProblem::Source { cause }) => Exit::from_source_error(cause),
            Some(
                JobProblem::Look { .. } | JobProblem::NoFile { .. } | JobProblem::Archive { .. } | JobProblem::NoMembers { .. },
            ) => Exit::Input,
            _ => Exit::Usage,
        };
        Self::new(exit, error)
    }

    /// A source cannot be used.
    pub fn source(error: &SourceError) -> Self {
        Self::new(Exit::from_source_error(error), error)
    }

    /// A file that the user named cannot be read. The exit is `otherwise`, unless the machine ran out of a resource.
    pub fn unreadable(otherwise: Exit, file: &Path, cause: &io::Error) -> Self {
        let exit = if is_exhausted(cause) { Exit::Resource } else { otherwise };
        Self::new(exit, format_args!("{}: cannot be read: {cause}; {}", file.display(), reading_advice(cause)))
    }

    /// A file that the user named cannot be written.
    pub fn unwritable(file: &Path, cause: &io::Error) -> Self {
        let exit = if is_exhausted(cause) { Exit::Resource } else { Exit::Usage };
        Self::new(exit, format_args!("cannot write `{}`: {cause}", file.display()))
    }

    /// Standard output cannot be written. A reader that has gone away, as `head` does, is no failure and gives no message.
    pub fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Done, "");
        }
        Self::new(Exit::Resource, format_args!("cannot write to standard output: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_documented_numbers() {
        let codes: Vec<u8> = EXITS.iter().map(|(exit, _)| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]);
    }

    #[test]
    fn the_help_fits_its_width_and_keeps_every_word() {
        let text = exit_help(60);
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        for (_, meaning) in EXITS {
            assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(meaning), "{meaning}");
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let failure = Failure::output(&io::ErrorKind::BrokenPipe.into());
        assert_eq!((failure.exit, failure.message.as_str()), (Exit::Done, ""));
        assert_eq!(Failure::output(&io::ErrorKind::StorageFull.into()).exit, Exit::Resource);
    }

    #[test]
    fn a_job_that_the_machine_cannot_open_is_not_the_users_fault() {
        let exit = |code| {
            let cause = io::Error::from_raw_os_error(code);
            Failure::job(&JobError::Io { file: "job.toml".into(), cause }).exit
        };
        const NO_SUCH_FILE: i32 = 2;
        const TOO_MANY_OPEN_FILES: i32 = 24;
        assert_eq!((exit(NO_SUCH_FILE), exit(TOO_MANY_OPEN_FILES)), (Exit::Usage, Exit::Resource));
    }
}
