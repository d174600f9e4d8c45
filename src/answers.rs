//! Answers to the senders of a job: the choice of its sources that are requests, and the reading of a request.
//!
//! The content and the place of an answer belong to `sverka_report`.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::job::{Job, LeftOutReason, LeftOutSource, Source};
use sverka_formats::{hash_content, likely_name};
use sverka_intake::{Document, OpenDocument, RowBytes, RowFault, RowFields};
use sverka_model::Date;
use sverka_model::Field;
use sverka_model::RowShape;
use sverka_report as report;
use sverka_report::answers::{
    AnswerError, AnswerFamily, AnswerTask, AnswersIndex, Dictionaries, OwnDictionary, Request, RequestError, RequestReader,
    RequestRow,
};

/// Options of answering.
pub struct AnswerOptions<'o> {
    /// Id of the run; `None` for the current run.
    pub run: Option<&'o str>,
    /// Folder of the answers; `None` for `<output>/answers/<run>`.
    pub out: Option<&'o Path>,
    /// Family of a source: the form in which its sender expects the answer.
    pub family: &'o dyn Fn(&Source) -> AnswerFamily,
    /// Codes of the families.
    pub dictionaries: &'o Dictionaries,
}

/// Answers every request of a job from a published run.
///
/// # Errors
/// When there is no such run, a request differs from what the run read, a table is missing, or the folder cannot be written.
pub fn answer(job: &Job, request_reader: &dyn RequestReader, options: &AnswerOptions<'_>) -> Result<AnswersIndex, AnswerError> {
    let AnswerOptions { run, out, family, dictionaries } = *options;
    let task = AnswerTask {
        output: &job.output,
        job_folder: job.file.with_file_name(""),
        readers: job.readers,
        requests: requests_of(job, family),
        run,
        out,
        dictionaries,
    };
    report::answers::answer(&task, request_reader)
}

/// Dictionaries of a job. For a family without one in the job: the dictionary of the program.
///
/// # Errors
/// When a dictionary of the job is wrong or lacks a code.
pub fn dictionaries(job: &Job) -> Result<Dictionaries, AnswerError> {
    let own = job.answer_codes.iter().map(|(&family, (name, text))| OwnDictionary { family, name, text });
    Dictionaries::with_own(own)
}

/// Requests of a job. A source of both tables is one request. A source with the content of another one is answered, too.
fn requests_of(job: &Job, family: &dyn Fn(&Source) -> AnswerFamily) -> Vec<Request> {
    let mut seen = BTreeSet::new();
    let read = job.sources.iter().map(|source| (source, None));
    let names: BTreeSet<&str> = job.sources.iter().map(|source| source.name.as_str()).collect();
    let repeated = job.left_out.iter().filter_map(|LeftOutSource { source, reason }| match reason {
        LeftOutReason::SameAs { source: of } if names.contains(of.as_str()) => Some((source, Some(of.clone()))),
        _ => None,
    });
    let new = read.chain(repeated).filter(|(source, _)| seen.insert(source.name.as_str()));
    new.map(|(source, same_as)| Request {
        source: source.name.clone(),
        same_as,
        family: family(source),
        one_record: source.layout.records.len() == 1,
    })
    .collect()
}

/// Approximate bytes of a chunk.
const CHUNK_BYTES: usize = 4 << 20;

/// Reader of the sources of a job.
pub struct JobRequestReader<'j> {
    job: &'j Job,
    /// Hashes of files that were asked for. An archive holds many sources and is hashed once.
    hashes: Mutex<HashMap<&'j Path, String>>,
}

impl<'j> JobRequestReader<'j> {
    /// Reader of the requests that a job names.
    #[must_use]
    pub fn new(job: &'j Job) -> Self {
        Self { job, hashes: Mutex::default() }
    }

    /// Source of a name.
    fn source(&self, name: &str) -> Result<&'j Source, RequestError> {
        let left_out = self.job.left_out.iter().map(|left_out| &left_out.source);
        let source = self.job.sources.iter().chain(left_out).find(|source| source.name == name);
        source.ok_or_else(|| failed(name, "the job has no such source; name the job that the run was made of"))
    }
}

/// Error of a request.
fn failed(name: &str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> RequestError {
    RequestError { source_name: name.to_owned(), cause: cause.into() }
}

impl RequestReader for JobRequestReader<'_> {
    fn content_hash(&self, source: &str) -> Result<String, RequestError> {
        let Source { file, .. } = self.source(source)?;
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hashes.entry(file.path()).or_insert_with(|| {
            let hash = hash_content(file.bytes(), &|_| ());
            file.release(0, file.bytes().len());
            hash
        });
        Ok(hash.clone())
    }

    fn visit_rows(&self, source: &str, visit: &mut dyn FnMut(&RequestRow<'_>)) -> Result<(), RequestError> {
        let Source { layout, file, member, .. } = self.source(source)?;
        let file_name = file.path().file_name().map(|name| likely_name(name).text).unwrap_or_default();
        let document = Document::all_of(file, &file_name).map_err(|error| failed(source, error))?.into_iter().nth(*member);
        let document = document.ok_or_else(|| failed(source, "the archive has changed; restore it, or run again"))?;
        let document = OpenDocument::open(document, Arc::clone(layout)).map_err(|error| failed(source, error))?;
        // Rows that give records of both tables are visited with the records of the first table.
        let Some(table) = layout.tables().next() else { return Ok(()) };
        let (bindings, chunks) = (document.bind(table), document.chunks(CHUNK_BYTES));
        // Lines count from 1.
        let (mut first_line, mut last_line) = (document.lines_before() + 1, 0);
        for index in 0..chunks.count() {
            let mut visit_row = |at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
                let line = first_line + u64::from(at.line);
                // A row that gives several records is visited once.
                if std::mem::replace(&mut last_line, line) == line {
                    return;
                }
                let field = |field: Field| fields.as_ref().map_or("", |fields| fields.get(field));
                let format = |name: Field| fields.as_ref().map(|fields| fields.date_format(name)).ok();
                let date = |name: Field| Date::parse(field(name).as_bytes(), format(name)?);
                let found = fields.as_ref().err().and_then(|fault| fault.fields);
                let shape = found.map(|found| RowShape { expected: document.columns() as u32, found: found as u32 });
                visit(&RequestRow { line, field: &field, shape, date: &date });
            };
            first_line += u64::from(document.read(&bindings, &chunks, index, &mut visit_row).lines);
        }
        // The file was opened when the job was loaded, then hashed and read: all three must have met one content.
        file.check_unchanged().map_err(|error| failed(source, error))
    }
}
