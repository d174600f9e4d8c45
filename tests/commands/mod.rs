//! The commands as the shell sees them: their output and their exit codes.

mod check;
mod counting;
mod enp;
mod explain;
mod generate;
mod inbox;
mod job_of_folder;
mod keeping;
mod layout;
mod out_of_memory;
mod personal_data;
pub mod project;
mod published;
mod query;
#[cfg(feature = "query")]
mod query_limits;
mod readme;
mod refused;
mod rules;
mod run;
mod sources;
mod stopped;
mod tables;
mod terminal;
mod thresholds;
mod usage;

use std::process::Command;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_sverka");

/// The end of the program: its exit code and its output.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }
}

/// Runs the program to its end.
pub(crate) fn sverka(arguments: &[&str]) -> Ended {
    ended(Command::new(PROGRAM).args(arguments))
}

/// Runs a command to its end.
fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Ended {
        code: output.status.code().expect("the program ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
