//! The tables of one run, opened when they are asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;

use super::error::ExplainError;
use crate::report::table_reader::TableReader;
use sverka_publish::{Manifest, OutputTable};

/// A published run.
pub(super) struct Tables {
    dir: PathBuf,
    pub manifest: Manifest,
    opened: Mutex<BTreeMap<OutputTable, Option<Arc<TableReader>>>>,
}

impl Tables {
    /// The run in `dir`.
    pub fn open(dir: &Path) -> Result<Self, ExplainError> {
        Ok(Self { dir: dir.to_owned(), manifest: Manifest::read(dir)?, opened: Mutex::default() })
    }

    /// A table; nothing when the run was published without it.
    pub fn optional(&self, table: OutputTable) -> Result<Option<Arc<TableReader>>, ExplainError> {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(reader) = opened.get(&table) {
            return Ok(reader.clone());
        }
        let reader = TableReader::open_if_published(&self.dir, table)?.map(Arc::new);
        opened.insert(table, reader.clone());
        Ok(reader)
    }

    /// A table without which the question cannot be answered.
    pub fn required(&self, table: OutputTable) -> Result<Arc<TableReader>, ExplainError> {
        let without = || ExplainError::NoTable { run: self.manifest.run_id.clone(), table: table.name() };
        self.optional(table)?.ok_or_else(without)
    }

    /// The names of the sources.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.manifest.inputs.iter().filter(|input| input.layout.is_some()).map(|input| input.name.as_str())
    }

    /// Names of the sources for a message, those that end most like `name` first; of more than five the rest is only counted.
    pub fn sources_like(&self, name: &str) -> String {
        const SHOWN: usize = 5;
        let common_end =
            |source: &str| source.chars().rev().zip(name.chars().rev()).take_while(|(one, other)| one == other).count();
        let mut sources: Vec<&str> = self.sources().collect();
        sources.sort_by_key(|source| std::cmp::Reverse(common_end(source)));
        sources.dedup();
        let more = sources.len().saturating_sub(SHOWN);
        sources.truncate(SHOWN);
        let named: Vec<String> = sources.iter().map(|source| format!("`{source}`")).collect();
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
    }

    /// Date of a source, ISO, when it has one.
    pub fn source_date(&self, source: &str) -> Option<&str> {
        self.manifest.inputs.iter().find(|input| input.layout.is_some() && input.name == source)?.source_date.as_deref()
    }

    /// A setting of the run's rules by its path, such as `/insurer/deadline`.
    pub fn setting(&self, path: &str) -> Option<&serde_json::Value> {
        self.manifest.job.settings.pointer(path)
    }
}
