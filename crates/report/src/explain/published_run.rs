//! Published run: its manifest, and its tables, which are opened when they are needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;

use super::error::ExplainError;
use crate::table_reader::TableReader;
use sverka_publish::{Manifest, OutputTable};

/// Published run.
pub(super) struct PublishedRun {
    dir: PathBuf,
    pub manifest: Manifest,
    /// Open tables; `None` for tables that the run was published without.
    opened: Mutex<BTreeMap<OutputTable, Option<Arc<TableReader>>>>,
}

impl PublishedRun {
    /// Run in the folder `dir`.
    pub fn open(dir: &Path) -> Result<Self, ExplainError> {
        Ok(Self { dir: dir.to_owned(), manifest: Manifest::read(dir)?, opened: Mutex::default() })
    }

    /// Folder of the run.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Reader of a table; `None` when the run was published without it.
    pub fn table(&self, table: OutputTable) -> Result<Option<Arc<TableReader>>, ExplainError> {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(reader) = opened.get(&table) {
            return Ok(reader.clone());
        }
        let reader = TableReader::open_if_published(&self.dir, table)?.map(Arc::new);
        opened.insert(table, reader.clone());
        Ok(reader)
    }

    /// Reader of a table that the question needs.
    pub fn required_table(&self, table: OutputTable) -> Result<Arc<TableReader>, ExplainError> {
        let without = || ExplainError::NoTable { run: self.manifest.run_id.clone(), table: table.name() };
        self.table(table)?.ok_or_else(without)
    }

    /// Names of the sources.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.manifest.inputs.iter().filter(|input| input.layout.is_some()).map(|input| input.name.as_str())
    }

    /// Names of at most five sources for a message, those with the longest common end with `name` first, and the number of the others.
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

    /// Date of a source, ISO; `None` when it has none.
    pub fn source_date(&self, source: &str) -> Option<&str> {
        self.manifest.inputs.iter().find(|input| input.layout.is_some() && input.name == source)?.source_date.as_deref()
    }

    /// Setting of the rules by its path, such as `/insurer/deadline`.
    pub fn setting(&self, path: &str) -> Option<&serde_json::Value> {
        self.manifest.job.settings.pointer(path)
    }
}
