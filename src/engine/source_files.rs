//! Files of the sources of a job: opened once, checked for changes, hashed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::progress::{Progress, Unit};
use crate::job::Source;
use sverka_formats::{PieceHash, SourceFile, combine, hash_content};
use sverka_intake::{Document, HeaderError, OpenDocument};

/// Files of the sources, each file once: an archive holds several sources.
pub(super) struct SourceFiles {
    files: Vec<Arc<SourceFile>>,
    /// Index of the file of each source of the job.
    file_of_source: Vec<usize>,
}

impl SourceFiles {
    /// Files of sources that are open already.
    pub fn from_sources(sources: &[Source]) -> Self {
        let (mut files, mut file_of_source, mut known) = (Vec::new(), Vec::new(), BTreeMap::new());
        for source in sources {
            let index = *known.entry(source.file.path()).or_insert_with(|| {
                files.push(Arc::clone(&source.file));
                files.len() - 1
            });
            file_of_source.push(index);
        }
        Self { files, file_of_source }
    }

    /// Refuses files that changed less than `least_minutes` ago: somebody may still be writing them.
    pub fn check_ages(&self, least_minutes: u32) -> Result<(), RunError> {
        self.files.iter().try_for_each(|file| Ok(file.check_age(least_minutes)?))
    }

    /// Refuses files that changed since they were opened, so that rows and hashes are of one content.
    pub fn check_unchanged(&self) -> Result<(), RunError> {
        self.files.iter().try_for_each(|file| Ok(file.check_unchanged()?))
    }

    /// Whether reading a mapped file has failed. Then going on is useless.
    pub fn have_failed(&self) -> bool {
        SourceFile::may_have_failed() && self.files.iter().any(|file| file.has_failed())
    }

    /// Opens the document of each source. After this step no source can be unusable as a whole.
    pub fn documents<'f>(&'f self, sources: &[Source]) -> Result<Vec<OpenDocument<'f>>, RunError> {
        let mut members: Vec<Option<Vec<Document<'f>>>> = vec![None; self.files.len()];
        let mut open = |source: &Source, file: usize| {
            let unusable = |fault| RunError::Header { name: source.name.clone(), fault };
            let all = match &mut members[file] {
                Some(known) => known,
                unknown => {
                    let all = Document::all_of(&self.files[file], &source.name);
                    unknown.insert(all.map_err(|error| unusable(HeaderError::Container(error)))?)
                }
            };
            let none = if all.is_empty() { HeaderError::NoMembers } else { HeaderError::Changed };
            let document = all.get(source.member).cloned().ok_or_else(|| unusable(none))?;
            OpenDocument::open(document, Arc::clone(&source.layout)).map_err(unusable)
        };
        sources.iter().zip(&self.file_of_source).map(|(source, &file)| open(source, file)).collect()
    }

    /// Bytes of all files.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes().len() as u64).sum()
    }

    /// Content hash of the file of each source, computed in a pass over the bytes of all files.
    pub fn hash(&self, progress: &dyn Progress, interrupted: &AtomicBool) -> Result<Vec<String>, RunError> {
        let stage = progress.stage("hash sources", self.total_bytes(), Unit::Bytes);
        let mut hashes = Vec::with_capacity(self.files.len());
        for file in &self.files {
            if interrupted.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted);
            }
            hashes.push(hash_content(file.bytes(), &|amount| stage.advance(amount)));
            file.release(0, file.bytes().len());
        }
        stage.finish();
        Ok(self.file_of_source.iter().map(|&file| hashes[file].clone()).collect())
    }

    /// Content hash of the file of each source, from the hashes of pieces that were computed while rows were read. `pieces` are those of each file.
    pub fn hash_from_pieces(&self, pieces: &[Vec<PieceHash>]) -> Vec<String> {
        let hash = |(file, pieces): (&Arc<SourceFile>, &Vec<PieceHash>)| match pieces.len() {
            // The file is small, packed, or not cut into even pieces.
            0 | 1 => {
                let hash = hash_content(file.bytes(), &|_| ());
                file.release(0, file.bytes().len());
                hash
            }
            _ => combine(file.bytes(), pieces),
        };
        let hashes: Vec<String> = self.files.iter().zip(pieces).map(hash).collect();
        self.file_of_source.iter().map(|&file| hashes[file].clone()).collect()
    }

    /// Number of files.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Index of the file of a source of the job.
    pub fn file_of(&self, source: usize) -> usize {
        self.file_of_source[source]
    }
}
