//! Answers to senders: the outcome of each row of each request, in the form that the family of the sender expects.
//!
//! Answers are made from a published run and the rows of the requests, and from no stage of a run. Facts that a run did
//! not publish are not in its answers. [`RequestReader`] hides the reading of requests.

mod answered_row;
mod att;
mod buckets;
mod columns;
mod dictionary;
mod error;
mod fact;
mod family_writer;
mod findings;
mod folder;
mod index;
mod lists;
mod mo;
mod notices;
mod oplist;
mod placement;
mod request;
mod request_name;
mod row_outcome;
mod run_facts;
#[cfg(test)]
mod sample;
mod windows_1251;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use dictionary::{Dictionary, DictionaryError};
pub use error::AnswerError;
pub use index::{AnswersIndex, ListFile, NoticeFile, SourceAnswer};
pub use request::{RequestError, RequestReader, RequestRow};
pub use run_facts::Request;
pub use sverka_intake::AnswerFamily;
pub(crate) use windows_1251::XmlText;

use self::folder::{INDEX, PendingAnswers};
use self::lists::{LISTS, Lists};
use self::notices::Notices;
use self::placement::{AnswerFiles, ReservedNames};
use self::request_name::stem;
use self::run_facts::RunFacts;
use self::writer::{AnswerWriter, NOTICES};
use super::published::locate_run;
use sverka_model::Date;
use sverka_publish::{Input, LeftOut, Manifest, Readers, answers_folder};

/// Dictionaries of the families that have codes of their own.
#[derive(Debug)]
pub struct Dictionaries {
    /// Dictionary of [`AnswerFamily::Mo`].
    pub mo: Dictionary,
    /// Dictionary of [`AnswerFamily::Oplist`].
    pub oplist: Dictionary,
    /// Dictionary of [`AnswerFamily::Att`].
    pub att: Dictionary,
}

impl Dictionaries {
    /// Dictionaries of the program.
    ///
    /// # Panics
    /// Never: each family with codes of its own has a dictionary.
    #[must_use]
    pub fn built_in() -> Self {
        let of_family = |family| Dictionary::built_in(family).expect("invariant: the family has codes");
        Self { mo: of_family(AnswerFamily::Mo), oplist: of_family(AnswerFamily::Oplist), att: of_family(AnswerFamily::Att) }
    }

    /// Dictionaries of the program, some of them replaced by those of the job.
    ///
    /// # Errors
    /// When one of the others is wrong or lacks a code.
    pub fn with_own<'o>(own: impl IntoIterator<Item = OwnDictionary<'o>>) -> Result<Self, AnswerError> {
        let mut dictionaries = Self::built_in();
        for OwnDictionary { family, name, text } in own {
            let dictionary = Dictionary::parse(text, name)?;
            match family {
                AnswerFamily::Mo => dictionaries.mo = dictionary,
                AnswerFamily::Oplist => dictionaries.oplist = dictionary,
                AnswerFamily::Att => dictionaries.att = dictionary,
                AnswerFamily::Findings => {}
            }
        }
        Ok(dictionaries)
    }
}

/// Dictionary of a family that takes the place of the program's.
#[derive(Clone, Copy, Debug)]
pub struct OwnDictionary<'o> {
    /// Family of the dictionary.
    pub family: AnswerFamily,
    /// Name of its file, for messages.
    pub name: &'o str,
    /// The dictionary as TOML.
    pub text: &'o str,
}

/// Requests to answer, with everything that answers need apart from the rows of the requests.
pub struct AnswerTask<'t> {
    /// Folder of published runs.
    pub output: &'t Path,
    /// Folder of the job file, to which names of sources are relative.
    pub job_folder: PathBuf,
    /// Readers of the answers.
    pub readers: Readers,
    /// Requests, each source once.
    pub requests: Vec<Request>,
    /// Id of the run; `None` for the current run.
    pub run: Option<&'t str>,
    /// Folder of the answers; `None` for `<output>/answers/<run>`.
    pub out: Option<&'t Path>,
    /// Codes of the families.
    pub dictionaries: &'t Dictionaries,
}

/// Answers every request from a published run.
///
/// The folder of answers is published as a whole or not at all, and replaces former answers. The same run and requests give the same bytes. A request
/// whose answer the file system does not take is marked as unanswered in the index.
///
/// # Errors
/// When there is no such run, a request has changed since the run read it, a table is missing, or the folder cannot be
/// written.
pub fn answer(task: &AnswerTask<'_>, request_reader: &dyn RequestReader) -> Result<AnswersIndex, AnswerError> {
    let requests = task.requests.as_slice();
    let dir = locate_run(task.output, task.run)?;
    let manifest = Manifest::read(&dir)?;
    let run = manifest.run_id.as_str();
    let inputs = check_requests(task, &manifest, request_reader)?;
    let out = task.out.map_or_else(|| answers_folder(task.output, run), Path::to_path_buf);
    let pending = PendingAnswers::begin(&out, task.readers)?;
    let facts = RunFacts::collect(&dir, run, requests, pending.path())?;
    let clinics = facts.organisations().len();
    let notices = Notices::new(pending.path(), clinics).map_err(AnswerError::io("create a file in", pending.path()))?;
    let as_of: Date = manifest.as_of.parse().map_err(|_| AnswerError::Foreign { table: "manifest", column: "as_of" })?;
    let writer = AnswerWriter {
        run,
        as_of,
        requests,
        folders: folders(requests),
        inputs,
        request_reader,
        dictionaries: task.dictionaries,
        facts: &facts,
        notices: &notices,
        pending: &pending,
    };
    let answers = (0..requests.len()).into_par_iter().map(|number| writer.write_answer(number)).collect::<Result<Vec<_>, _>>()?;
    let index = AnswersIndex {
        run_id: manifest.run_id.clone(),
        as_of: manifest.as_of.clone(),
        answers,
        notices: writer.write_notices()?,
        lists: writer.write_lists(&Lists::read(&dir, run, pending.path())?)?,
        folder: out,
        shortfall: None,
    };
    pending.write(Path::new(INDEX), &index.to_json()).map_err(AnswerError::io("write to a file in", pending.path()))?;
    Ok(AnswersIndex { shortfall: pending.publish()?.map(|error| error.to_string()), ..index })
}

/// Inputs in the manifest, by request.
///
/// # Errors
/// When the job and the run have different sources, or a source has changed since the run.
fn check_requests<'m>(
    task: &AnswerTask<'_>,
    manifest: &'m Manifest,
    request_reader: &dyn RequestReader,
) -> Result<Vec<Vec<&'m Input>>, AnswerError> {
    let run = || manifest.run_id.clone();
    let mut read: BTreeMap<&str, Vec<&Input>> = BTreeMap::new();
    for input in manifest.inputs.iter().filter(|input| input.layout.is_some()) {
        read.entry(&input.name).or_default().push(input);
    }
    let mut inputs = Vec::with_capacity(task.requests.len());
    for Request { source, same_as, .. } in &task.requests {
        let not_read = || AnswerError::NotRead { run: run(), source_name: source.clone() };
        let name = same_as.as_ref().filter(|of| is_repeated(manifest, source, of)).unwrap_or(source);
        inputs.push(read.get(name.as_str()).cloned().ok_or_else(not_read)?);
    }
    let answered: BTreeSet<&str> = task.requests.iter().map(|request| request.source.as_str()).collect();
    if let Some(&source) = read.keys().find(|source| !answered.contains(*source)) {
        let (run, source_name) = (run(), source.to_owned());
        let is_there = is_file_of_job(&task.job_folder, source);
        return Err(if is_there { AnswerError::NotNamed { run, source_name } } else { AnswerError::Gone { run, source_name } });
    }
    for (Request { source, same_as, .. }, inputs) in task.requests.iter().zip(&inputs) {
        // The job has compared a repeated source with the one that it repeats. Archives around equal members differ.
        let hash = request_reader.content_hash(same_as.as_ref().unwrap_or(source))?;
        if inputs.iter().any(|input| input.blake3 != hash) {
            return Err(AnswerError::Changed { run: run(), source_name: source.clone() });
        }
    }
    Ok(inputs)
}

/// Whether a run left a source out because it has the content of another one.
fn is_repeated(manifest: &Manifest, source: &str, of: &str) -> bool {
    let left_out = manifest.left_out.iter().filter(|left_out| left_out.why == LeftOut::SAME_AS && left_out.name == source);
    left_out.into_iter().any(|left_out| left_out.source.as_deref() == Some(of))
}

/// Whether the file of a source exists: the path itself, or the archive that the path leads into.
fn is_file_of_job(job_folder: &Path, source: &str) -> bool {
    let path = job_folder.join(source);
    path.ancestors().any(Path::is_file)
}

/// Folders of the answers, by request.
fn folders(requests: &[Request]) -> Vec<PathBuf> {
    let answers: Vec<AnswerFiles<'_>> = requests.iter().map(files_of).collect();
    placement::folders(&answers, ReservedNames { files: &[INDEX], folders: &[NOTICES, LISTS] })
}

/// Files of the answer to a request.
fn files_of(request: &Request) -> AnswerFiles<'_> {
    let stem = stem(&request.source);
    let files = match request.family {
        AnswerFamily::Mo => mo::names(stem),
        AnswerFamily::Oplist => oplist::names(stem),
        AnswerFamily::Att => vec![att::name(stem)],
        AnswerFamily::Findings => vec![findings::name(stem)],
    };
    AnswerFiles { source: &request.source, folders: request_name::folders(&request.source), files }
}
