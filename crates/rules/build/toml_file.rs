//! A TOML file as its entries, each read once and checked. Mistakes have file and line. Rules are not known here.

use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A mistake in a file, shown as `file:line: mistake`.
#[derive(Debug)]
pub struct Fault {
    pub file: String,
    pub line: Option<usize>,
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

/// Words of the files and their variants in Rust.
pub type Words = &'static [(&'static str, &'static str)];

/// The files `*.toml` of a folder, by name.
pub fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Vec<Fault>> {
    let fault = |error: std::io::Error| vec![Fault::of_file(folder, &error.to_string())];
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

impl Fault {
    pub fn of_file(path: &Path, problem: &str) -> Self {
        Self { file: shown(path), line: None, problem: problem.to_owned() }
    }
}

/// The last three parts of a path, which lead to it from the root of the repository.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(3)..].join("/")
}

/// A value with its place in the file.
pub type Value<'t> = Spanned<DeValue<'t>>;

/// A file that is read.
pub struct File<'t> {
    name: String,
    text: &'t str,
}

impl<'t> File<'t> {
    pub fn read<T>(path: &Path, read: impl FnOnce(&File<'_>, Table<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let text = fs::read_to_string(path).map_err(|error| Fault::of_file(path, &error.to_string()))?;
        let file = File { name: shown(path), text: &text };
        let table = DeTable::parse(&text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            file.fault(&(start..start), error.message().to_owned())
        })?;
        read(&file, Table { span: 0..0, entries: table.into_inner() })
    }

    pub fn fault(&self, span: &Range<usize>, problem: String) -> Fault {
        Fault { file: self.name.clone(), line: Some(self.line(span)), problem }
    }

    /// The line in which a part of the file begins, from 1.
    pub fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        1 + before.matches('\n').count()
    }

    pub fn text(&self, value: &Value<'_>) -> Result<String, Fault> {
        let expected = || self.fault(&value.span(), format!("a text is expected, not {}", value.get_ref().type_str()));
        value.get_ref().as_str().map(str::to_owned).ok_or_else(expected)
    }

    pub fn boolean(&self, value: &Value<'_>) -> Result<bool, Fault> {
        let expected = || self.fault(&value.span(), format!("true or false is expected, not {}", value.get_ref().type_str()));
        value.get_ref().as_bool().ok_or_else(expected)
    }

    pub fn array<'v>(&self, value: &'v Value<'t>) -> Result<&'v [Value<'t>], Fault> {
        match value.get_ref() {
            DeValue::Array(array) => Ok(array),
            other => Err(self.fault(&value.span(), format!("an array is expected, not {}", other.type_str()))),
        }
    }

    pub fn table<'v>(&self, value: &Value<'v>) -> Result<Table<'v>, Fault> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(Table { span: value.span(), entries: table.clone() }),
            other => Err(self.fault(&value.span(), format!("a table is expected, not {}", other.type_str()))),
        }
    }
}

/// The entries of a table that are not read yet.
pub struct Table<'t> {
    pub span: Range<usize>,
    pub entries: DeTable<'t>,
}

impl<'t> Table<'t> {
    pub fn take(&mut self, key: &str) -> Option<Value<'t>> {
        self.entries.remove(key)
    }

    pub fn required(&mut self, file: &File<'_>, key: &str) -> Result<Value<'t>, Fault> {
        self.take(key).ok_or_else(|| file.fault(&self.span, format!("`{key}` is missing")))
    }

    pub fn string(&mut self, file: &File<'_>, key: &str) -> Result<String, Fault> {
        let value = self.required(file, key)?;
        let text = file.text(&value)?;
        if text.trim().is_empty() { Err(file.fault(&value.span(), format!("`{key}` is empty"))) } else { Ok(text) }
    }

    pub fn optional_string(&mut self, file: &File<'_>, key: &str) -> Result<Option<String>, Fault> {
        self.take(key).map(|value| file.text(&value)).transpose()
    }

    pub fn flag(&mut self, file: &File<'_>, key: &str) -> Result<bool, Fault> {
        self.take(key).map_or(Ok(false), |value| file.boolean(&value))
    }

    pub fn number(&mut self, file: &File<'_>, key: &str) -> Result<u8, Fault> {
        let value = self.required(file, key)?;
        let number = value.get_ref().as_integer().and_then(|number| u8::from_str_radix(number.as_str(), number.radix()).ok());
        number.ok_or_else(|| file.fault(&value.span(), format!("`{key}` is no number from 0 to 255")))
    }

    pub fn word(&mut self, file: &File<'_>, key: &str, words: Words) -> Result<&'static str, Fault> {
        let value = self.required(file, key)?;
        let word = file.text(&value)?;
        let found = words.iter().find(|(name, _)| *name == word);
        found.map(|(_, variant)| *variant).ok_or_else(|| {
            let names: Vec<_> = words.iter().map(|(name, _)| format!("`{name}`")).collect();
            file.fault(&value.span(), format!("`{key}` is `{word}`; expected {}", names.join(" or ")))
        })
    }

    /// A day as ISO text.
    pub fn day(&mut self, file: &File<'_>, key: &str) -> Result<Option<String>, Fault> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let day = file.text(&value)?;
        let is_day = day.len() == 10
            && day.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
        if is_day { Ok(Some(day)) } else { Err(file.fault(&value.span(), format!("`{key}` is no day such as \"2011-01-01\""))) }
    }

    /// Refuses keys that are not in the list.
    pub fn only(&self, file: &File<'_>, keys: &[&str]) -> Result<(), Fault> {
        let unknown = self.entries.keys().filter(|key| !keys.contains(&key.get_ref().as_ref()));
        match unknown.min_by_key(|key| key.span().start) {
            Some(key) => {
                Err(file.fault(&key.span(), format!("there is no key `{}`; expected {}", key.get_ref(), keys.join(", "))))
            }
            None => Ok(()),
        }
    }

    /// Refuses keys that were not read.
    pub fn finish(self, file: &File<'_>) -> Result<(), Fault> {
        self.finish_with(file, |key| format!("there is no key `{key}` here"))
    }

    pub fn finish_with(self, file: &File<'_>, problem: impl FnOnce(&str) -> String) -> Result<(), Fault> {
        match self.entries.keys().min_by_key(|key| key.span().start) {
            Some(key) => Err(file.fault(&key.span(), problem(key.get_ref()))),
            None => Ok(()),
        }
    }
}
