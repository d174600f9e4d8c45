//! Requests as CSV in the layouts of a job: the one place that knows how a source is read for its answer.

use std::error::Error;

use super::request::{RequestError, RequestRow, Requests};
use crate::identifier::Date;
use crate::intake::{ChunkReader, Chunks, Field, Header, SourceFile, hash_content};
use crate::job::{Job, Source};

/// About how many bytes are read at a time.
const CHUNK_BYTES: usize = 4 << 20;

/// The sources of a job.
pub struct CsvRequests<'j> {
    job: &'j Job,
}

impl<'j> CsvRequests<'j> {
    /// The requests that a job names.
    #[must_use]
    pub fn new(job: &'j Job) -> Self {
        Self { job }
    }

    fn open(&self, name: &str) -> Result<(&'j Source, SourceFile), RequestError> {
        let source = self.job.sources.iter().find(|source| source.name == name);
        let source = source.ok_or_else(|| failed(name, "the job has no such source; name the job that the run was made of"))?;
        let file = SourceFile::open(&source.path).map_err(|error| failed(name, error))?;
        Ok((source, file))
    }
}

fn failed(name: &str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> RequestError {
    RequestError { source_name: name.to_owned(), cause: cause.into() }
}

impl Requests for CsvRequests<'_> {
    fn content_hash(&self, source: &str) -> Result<String, RequestError> {
        let (_, file) = self.open(source)?;
        let hash = hash_content(file.bytes(), &|_| ());
        file.release(0, file.bytes().len());
        Ok(hash)
    }

    fn rows(&self, source: &str, visit: &mut dyn FnMut(&RequestRow<'_>)) -> Result<(), RequestError> {
        let (Source { layout, .. }, file) = self.open(source)?;
        let header = Header::read(file.bytes(), layout).map_err(|error| failed(source, error))?;
        let chunks = Chunks::plan(file.bytes(), layout, &header, CHUNK_BYTES);
        let mut reader = ChunkReader::new(&file, layout, &header);
        // Lines count from 1.
        let mut line = chunks.lines_before(file.bytes()) + 1;
        for index in 0..chunks.count() {
            let chunk = chunks.get(file.bytes(), index);
            let lines = reader.rows(&chunk, |at, fields| {
                let field = |field: Field| fields.as_ref().map_or("", |fields| fields.get(field));
                let date = |name: Field| Date::parse(field(name).as_bytes(), layout.dates);
                visit(&RequestRow { line: line + u64::from(at.line), field: &field, date: &date });
            });
            line += u64::from(lines);
            file.release(chunk.from, chunk.to);
        }
        Ok(())
    }
}
