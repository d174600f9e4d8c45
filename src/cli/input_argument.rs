//! Arguments that standard input may give instead: numbers of people belong neither in the list of processes nor in the history of a shell.

use std::convert::Infallible;
#[cfg(feature = "query")]
use std::fs::File;
use std::io::{self, Read as _};
#[cfg(feature = "query")]
use std::path::Path;
use std::str::FromStr;

use super::{Exit, Failure};

/// Argument. `-` stands for the text of standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputArgument(String);

/// Most bytes of an input. A longer input is no number and no statement, but a wrong file.
const INPUT_BYTES_MAX: u64 = 1 << 20;

impl FromStr for InputArgument {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl InputArgument {
    /// The argument, or all of standard input.
    ///
    /// # Errors
    /// When standard input cannot be read, is no UTF-8, or is empty.
    pub fn text(&self) -> Result<String, Failure> {
        if self.0 != "-" {
            return Ok(self.0.clone());
        }
        read_stdin(io::stdin().lock())
    }

    /// The argument, or the lines of standard input that are not blank.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn lines(&self) -> Result<Vec<String>, Failure> {
        Ok(self.text()?.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    /// The argument, or the one line of standard input.
    ///
    /// # Errors
    /// As [`Self::text`]; when there are several lines.
    pub fn line(&self) -> Result<String, Failure> {
        if self.0 != "-" {
            return Ok(self.0.clone());
        }
        match &self.lines()?[..] {
            [line] => Ok(line.clone()),
            lines => Err(Failure::usage(format_args!("standard input holds {} lines; give one", lines.len()))),
        }
    }
}

/// The text of a file that the user named.
///
/// # Errors
/// When the file cannot be read, is no UTF-8, is too long, or is empty.
#[cfg(feature = "query")]
pub(super) fn text_of_file(file: &Path) -> Result<String, Failure> {
    let opened = File::open(file).map_err(|cause| Failure::unreadable(Exit::Usage, file, &cause))?;
    let name = file.display().to_string();
    read_text(opened, &name)?.ok_or_else(|| Failure::usage(format_args!("{name} is empty; a statement was expected")))
}

/// The text of standard input.
fn read_stdin(input: impl io::Read) -> Result<String, Failure> {
    let empty = || Failure::usage("standard input is empty; `-` reads what is asked for from there");
    read_text(input, "standard input")?.ok_or_else(empty)
}

/// The text of an input; `None` if it is blank.
fn read_text(input: impl io::Read, name: &str) -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    input
        .take(INPUT_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(Exit::Resource, format_args!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Err(Failure::usage(format_args!("{name} holds more than 1 MiB; give what is asked for alone")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(format_args!("{name} is not UTF-8")))?;
    // Editors of some systems begin a text with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    Ok(if text.trim().is_empty() { None } else { Some(text.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_taken_as_it_is() {
        let typed = InputArgument("1/ЗР 12-000205".into());
        assert_eq!(typed.line().expect("typed"), "1/ЗР 12-000205");
    }

    #[test]
    fn standard_input_is_text_that_holds_something() {
        assert_eq!(read_stdin(&b"\xef\xbb\xbf9853110874901461\r\n"[..]).expect("text").trim(), "9853110874901461");
        for wrong in [&b""[..], b" \n\n", b"\xff\xfe", &[b'1'; INPUT_BYTES_MAX as usize + 1]] {
            assert_eq!(read_stdin(wrong).expect_err("nothing to ask").exit, Exit::Usage);
        }
    }
}
