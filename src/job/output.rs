//! The setting `output`: the folder of the results and the rights of what is written into it.

use std::path::PathBuf;

use toml::{Spanned, Value};

use super::load::Resolver;
use super::{CommandLine, JobError, JobProblem};
use sverka_publish::Readers;

/// Resolved setting.
pub(super) struct OutputSetting {
    /// Output folder.
    pub folder: PathBuf,
    /// Rights of files and folders.
    pub readers: Readers,
}

/// Keys of `[output]`.
const KEYS: [&str; 3] = ["path", "mode", "dir_mode"];

/// Rights that the owner must have, and all that can be given.
struct ModeLimits {
    least: u32,
    most: u32,
    expected: &'static str,
}

const FILE_MODES: ModeLimits =
    ModeLimits { least: 0o600, most: 0o666, expected: "an octal number in quotes from \"0600\" to \"0666\", such as \"0640\"" };
const FOLDER_MODES: ModeLimits = ModeLimits {
    least: 0o700,
    most: 0o2777,
    expected: "an octal number in quotes from \"0700\" to \"0777\", such as \"0750\", with a leading 2 for files that follow the group of the folder",
};

/// Path in the setting, if the setting has one; nothing is checked.
pub(super) fn path_of(written: &Value) -> Option<&str> {
    written.as_str().or_else(|| written.get("path")?.as_str())
}

impl Resolver<'_> {
    /// Folder and rights of the outputs.
    pub(super) fn output(
        &self,
        written: Option<&Spanned<Value>>,
        readable_by: Option<Readers>,
        command_line: &CommandLine,
    ) -> Result<OutputSetting, JobError> {
        let readers = match written {
            Some(written) => self.output_rights(written, readable_by)?,
            None => readable_by.unwrap_or_default(),
        };
        if let Some(output) = &command_line.output {
            return Ok(OutputSetting { folder: output.clone(), readers });
        }
        let missing = || self.missing("output", "output = \"out\"");
        let written = written.ok_or_else(missing)?;
        match path_of(written.get_ref()) {
            None => Err(missing()),
            Some("") => Err(self.error_in(written, JobProblem::Empty { key: "output" })),
            Some(name) => Ok(OutputSetting { folder: self.path_of(name), readers }),
        }
    }

    /// Rights of a setting that is a path or a table.
    fn output_rights(&self, written: &Spanned<Value>, readable_by: Option<Readers>) -> Result<Readers, JobError> {
        let wrong = |key: &'static str, value: &Value, expected| {
            self.error_in(written, JobProblem::WrongValue { key, value: value.to_string(), expected })
        };
        let table = match written.get_ref() {
            Value::String(_) => return Ok(readable_by.unwrap_or_default()),
            Value::Table(table) => table,
            other => return Err(wrong("output", other, "a folder, or a table with `path`, `mode` and `dir_mode`")),
        };
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
            let (name, possible) = (format!("output.{key}"), KEYS.join(", "));
            return Err(self.error_in(written, JobProblem::UnknownKey { name, possible }));
        }
        if let Some(path) = table.get("path").filter(|path| !path.is_str()) {
            return Err(wrong("output.path", path, "a folder"));
        }
        let mode = |key: &'static str, name: &str, limits: &ModeLimits| match table.get(name) {
            None => Ok(None),
            Some(value) => mode(value, limits).map(Some).ok_or_else(|| wrong(key, value, limits.expected)),
        };
        let (file, folder) = (mode("output.mode", "mode", &FILE_MODES)?, mode("output.dir_mode", "dir_mode", &FOLDER_MODES)?);
        match (file, folder, readable_by) {
            (None, None, readable_by) => Ok(readable_by.unwrap_or_default()),
            (_, _, Some(_)) => Err(self.error_in(written, JobProblem::RightsTwice)),
            (file, folder, None) => {
                let default = Readers::default();
                let (file, folder) = (file.unwrap_or(default.file_mode()), folder.unwrap_or(default.folder_mode()));
                Ok(Readers::Modes { file, folder })
            }
        }
    }
}

/// Rights of an octal number within limits.
fn mode(value: &Value, limits: &ModeLimits) -> Option<u32> {
    let text = value.as_str()?;
    let mode = u32::from_str_radix(text, 8).ok().filter(|_| text.bytes().all(|digit| digit.is_ascii_digit()))?;
    (mode & limits.least == limits.least && mode & !limits.most == 0).then_some(mode)
}
