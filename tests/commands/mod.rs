//! The commands as the shell sees them: what they print and how they exit.

mod enp;
mod query;
mod usage;

use assert_cmd::Command;

/// The program under test, away from the settings of whoever runs the tests.
fn sverka(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("sverka").expect("the program is built");
    command.env_remove("COLUMNS").args(arguments);
    command
}

/// What the program printed.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the program prints UTF-8")
}
