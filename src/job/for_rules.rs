//! Job for showing rules: the severity of each rule in the job. Only the job file is read, so neither an as-of date nor sources nor reference tables are
//! needed.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::JobError;
use super::file::SourcesEntry;
use super::load::Resolver;
use super::severities::{self, source_severities};
use sverka_settings::Severities;

/// Severities of the rules in a job.
#[derive(Clone, Debug)]
pub struct JobForRules {
    /// Severity of each rule; sources may have their own.
    pub severities: Arc<Severities>,
    /// Severities of sources that differ, by the pattern in the job.
    pub by_pattern: Vec<(String, Arc<Severities>)>,
}

impl JobForRules {
    /// Reads a job.
    ///
    /// # Errors
    /// When the file cannot be read, is no job, or has an impossible severity.
    pub fn load(path: &Path) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let mut severities = severities::job_severities(&resolver, &text.rules.severity)?;
        resolver.rules(&text.rules)?.follow(&mut severities);
        let severities = Arc::new(severities);
        let mut by_pattern = Vec::new();
        for SourcesEntry { files, severity, .. } in text.registers.iter().chain(&text.attachments).chain(&text.sources) {
            let entry_severities = source_severities(&resolver, &severities, severity)?;
            if entry_severities != severities {
                let patterns = files.get_ref().iter().map(Spanned::get_ref);
                by_pattern.extend(patterns.map(|pattern| (pattern.clone(), Arc::clone(&entry_severities))));
            }
        }
        Ok(Self { severities, by_pattern })
    }
}
