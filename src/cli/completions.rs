//! `sverka completions`: a completion script for the user's shell.

use std::io::{self, Write};

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Exit, Failure};

/// What the user typed after `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka completions bash > ~/.local/share/bash-completion/completions/sverka
  sverka completions zsh > \"${fpath[1]}/_sverka\"
  sverka completions fish > ~/.config/fish/completions/sverka.fish

Exits with 0, or with 2 when there is no such shell.")]
pub struct CompletionsArgs {
    /// The shell to complete for
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "sverka", &mut script);
    io::stdout().lock().write_all(&script).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Done)
}
