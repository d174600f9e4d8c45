//! The cases of a rule: rows for which it reports a finding, and their neighbours without one.

use std::collections::BTreeMap;
use std::fmt;

use super::toml_file::{Fault, File, Value};
use super::{Text, Vocabulary};

/// A case of a rule.
#[derive(Debug)]
pub struct Case {
    said: Text,
    job: String,
    rows: Vec<Row>,
    files: BTreeMap<String, String>,
}

/// A row of a case.
#[derive(Debug)]
struct Row {
    table: &'static str,
    person: String,
    is_found: bool,
    raw: Option<String>,
    fields: BTreeMap<String, String>,
}

impl Case {
    pub fn read(file: &File<'_>, value: &Value<'_>, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let mut table = file.table(value)?;
        let said = Text::read(file, &mut table)?;
        let job = table.optional_string(file, "job")?.unwrap_or_default().trim().to_owned();
        let mut rows = Vec::new();
        for name in ["register", "attachments"] {
            if let Some(value) = table.take(name) {
                for row in file.array(&value)? {
                    rows.push(Row::read(file, name, row, vocabulary)?);
                }
            }
        }
        let mut files = BTreeMap::new();
        if let Some(value) = table.take("files") {
            for (name, content) in file.table(&value)?.entries {
                files.insert(name.get_ref().to_string(), file.text(&content)?);
            }
        }
        // Only the tests use the other places of a code.
        table.take("found_at");
        table.finish(file)?;
        Ok(Self { said, job, rows, files })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExampleCase {{ said: {}, job: {:?}, rows: &[", self.said, self.job)?;
        for Row { table, person, is_found, raw, fields } in &self.rows {
            let fields: Vec<_> = fields.iter().collect();
            write!(
                f,
                "ExampleRow {{ table: {table:?}, person: {person:?}, is_found: {is_found}, raw: {raw:?}, fields: &{fields:?} }}, "
            )?;
        }
        let files: Vec<_> = self.files.iter().collect();
        write!(f, "], files: &{files:?} }}")
    }
}

impl Row {
    fn read(file: &File<'_>, name: &'static str, value: &Value<'_>, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let mut table = file.table(value)?;
        let person = table.optional_string(file, "person")?.unwrap_or_else(|| "man".to_owned());
        let is_found = table.flag(file, "found")?;
        let raw = table.optional_string(file, "raw")?;
        let mut fields = BTreeMap::new();
        for (field, value) in table.entries {
            vocabulary.field(file, field.get_ref(), &field.span())?;
            fields.insert(field.get_ref().to_string(), file.text(&value)?);
        }
        Ok(Self { table: name, person, is_found, raw, fields })
    }
}
