//! Colours on standard output and in the help: `--color`, `NO_COLOR` and `TERM=dumb`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::sync::OnceLock;

/// When text has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lower")]
pub enum ColorChoice {
    /// On a terminal that shows them, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Choice of this process, set once.
static CHOICE: OnceLock<ColorChoice> = OnceLock::new();

impl ColorChoice {
    /// The choice in arguments that are not parsed yet. The help needs it before the arguments are known to be right.
    pub(super) fn from_raw_arguments(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let named = |value: &OsStr| match value.to_str() {
            Some("always") => Self::Always,
            Some("never") => Self::Never,
            _ => Self::Auto,
        };
        let mut arguments = arguments.into_iter().take_while(|argument| argument != "--");
        let mut choice = Self::Auto;
        while let Some(argument) = arguments.next() {
            if argument == "--color" {
                choice = arguments.next().map_or(Self::Auto, |value| named(&value));
            } else if let Some(value) = argument.to_str().and_then(|argument| argument.strip_prefix("--color=")) {
                choice = named(OsStr::new(value));
            }
        }
        choice
    }

    /// The choice as a value of the command-line parser.
    pub(super) fn for_help(self) -> clap::ColorChoice {
        match self {
            Self::Auto => clap::ColorChoice::Auto,
            Self::Always => clap::ColorChoice::Always,
            Self::Never => clap::ColorChoice::Never,
        }
    }

    /// Makes this the choice of the process.
    pub(super) fn set_for_process(self) {
        // The command line is parsed once, so there is no second choice.
        let _ = CHOICE.set(self);
    }

    fn is_coloured(self, on_terminal: bool, environment: ColourEnvironment) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => on_terminal && !environment.refuse_colours && !environment.dumb_terminal,
        }
    }
}

/// Settings of the environment about colours and terminals.
#[derive(Clone, Copy, Debug, Default)]
struct ColourEnvironment {
    /// Whether `NO_COLOR` is set and not empty.
    refuse_colours: bool,
    /// Whether `TERM` is `dumb`: a terminal that obeys no control sequences.
    dumb_terminal: bool,
}

impl ColourEnvironment {
    /// Settings of this process.
    fn from_environment() -> Self {
        Self { refuse_colours: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()), dumb_terminal: is_dumb() }
    }
}

/// Whether text has colours, on a terminal or elsewhere.
pub(super) fn is_coloured(on_terminal: bool) -> bool {
    CHOICE.get().copied().unwrap_or_default().is_coloured(on_terminal, ColourEnvironment::from_environment())
}

/// Whether the terminal obeys no control sequences, so that nothing can be drawn on it.
pub(super) fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_found_wherever_it_stands() {
        let choice = |line: &str| ColorChoice::from_raw_arguments(line.split(' ').map(OsString::from));
        assert_eq!(choice("sverka run --color never job.toml"), ColorChoice::Never);
        assert_eq!(choice("sverka --color=always run"), ColorChoice::Always);
        for line in ["sverka run", "sverka --color", "sverka --color=red", "sverka enp -- --color=always"] {
            assert_eq!(choice(line), ColorChoice::Auto, "{line}");
        }
    }

    #[test]
    fn what_the_user_types_outranks_the_environment() {
        let plain = ColourEnvironment::default();
        let refused = ColourEnvironment { refuse_colours: true, ..plain };
        let dumb = ColourEnvironment { dumb_terminal: true, ..plain };
        assert!(ColorChoice::Auto.is_coloured(true, plain) && !ColorChoice::Auto.is_coloured(false, plain));
        for environment in [refused, dumb] {
            assert!(!ColorChoice::Auto.is_coloured(true, environment) && ColorChoice::Always.is_coloured(false, environment));
        }
        assert!(!ColorChoice::Never.is_coloured(true, plain));
    }
}
