//! A job as far as its rules are shown: what each rule means in it. Nothing is read but the job file, so that neither a day, nor sources, nor
//! reference tables are needed.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::JobError;
use super::file::SourcesEntry;
use super::load::Resolver;
use super::severities::{self, of_sources};
use sverka_settings::Severities;

/// What a job makes of the rules.
#[derive(Clone, Debug)]
pub struct JobForRules {
    /// What each rule means, where sources do not say otherwise.
    pub severities: Arc<Severities>,
    /// Patterns of sources for which rules mean something else, as the job writes them, with what rules mean there.
    pub by_pattern: Vec<(String, Arc<Severities>)>,
}

impl JobForRules {
    /// Reads a job.
    ///
    /// # Errors
    /// When the file cannot be read, is no job, or says of a rule what cannot be.
    pub fn load(path: &Path) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let mut severities = severities::of_job(&resolver, &text.rules.severity)?;
        resolver.rules(&text.rules)?.follow(&mut severities);
        let severities = Arc::new(severities);
        let mut by_pattern = Vec::new();
        for SourcesEntry { files, severity, .. } in text.registers.iter().chain(&text.attachments).chain(&text.sources) {
            let of_entry = of_sources(&resolver, &severities, severity)?;
            if of_entry != severities {
                let patterns = files.get_ref().iter().map(Spanned::get_ref);
                by_pattern.extend(patterns.map(|pattern| (pattern.clone(), Arc::clone(&of_entry))));
            }
        }
        Ok(Self { severities, by_pattern })
    }
}
