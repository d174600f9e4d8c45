//! What the user typed, or gives on standard input: numbers of people belong neither in the list of processes nor in the history of a shell.

use std::convert::Infallible;
#[cfg(feature = "query")]
use std::fs::File;
use std::io::{self, Read as _};
#[cfg(feature = "query")]
use std::path::Path;
use std::str::FromStr;

use super::{Exit, Failure};

/// An argument; `-` stands for what standard input holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed(String);

/// More is no number and no statement, but a file that was taken for one.
const INPUT_BYTES_MAX: u64 = 1 << 20;

impl FromStr for Typed {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Typed {
    /// The argument, or all of standard input.
    ///
    /// # Errors
    /// When standard input cannot be read, is no UTF-8, or holds nothing.
    pub fn text(&self) -> Result<String, Failure> {
        if self.0 != "-" {
            return Ok(self.0.clone());
        }
        read(io::stdin().lock())
    }

    /// The argument, or the lines of standard input that hold something.
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
/// When it cannot be read, is no UTF-8, too long, or holds nothing.
#[cfg(feature = "query")]
pub(super) fn text_of_file(file: &Path) -> Result<String, Failure> {
    let opened = File::open(file).map_err(|cause| Failure::unreadable(Exit::Usage, file, &cause))?;
    let name = file.display().to_string();
    text(opened, &name)?.ok_or_else(|| Failure::usage(format_args!("{name} is empty; a statement was expected")))
}

fn read(input: impl io::Read) -> Result<String, Failure> {
    let empty = || Failure::usage("standard input is empty; `-` reads what is asked for from there");
    text(input, "standard input")?.ok_or_else(empty)
}

/// All that comes from an input, if that is more than blanks.
fn text(input: impl io::Read, name: &str) -> Result<Option<String>, Failure> {
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
        let typed = Typed("1/ЗР 12-000205".into());
        assert_eq!(typed.line().expect("typed"), "1/ЗР 12-000205");
    }

    #[test]
    fn standard_input_is_text_that_holds_something() {
        assert_eq!(read(&b"\xef\xbb\xbf9853110874901461\r\n"[..]).expect("text").trim(), "9853110874901461");
        for wrong in [&b""[..], b" \n\n", b"\xff\xfe", &[b'1'; INPUT_BYTES_MAX as usize + 1]] {
            assert_eq!(read(wrong).expect_err("nothing to ask").exit, Exit::Usage);
        }
    }
}
