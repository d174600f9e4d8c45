//! Answers to senders: for each request of a job what became of its rows, in the form that the sender's family expects.
//!
//! Made from a published run and the rows of the requests, never from the stages: what a run did not publish is not told. How requests are
//! read is behind [`Requests`].

mod att;
mod bins;
mod cursor;
mod dictionary;
mod distribute;
mod error;
mod fact;
mod family;
mod fate;
mod findings;
mod folder;
mod lists;
mod mo;
mod naming;
mod notices;
mod office;
mod oplist;
mod page;
mod request;
mod request_source;
mod row;
#[cfg(test)]
mod sample;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use crate::intake::AnswerFamily;
pub use dictionary::{Dictionary, DictionaryError};
pub use error::AnswerError;
pub use request::{RequestError, RequestRow, Requests};
pub use request_source::JobRequests;
pub use told::{AnswersTold, ListTold, NoticeTold, SourceAnswer};

use self::distribute::{Asked, distribute};
use self::family::stem;
use self::folder::{INDEX, PendingAnswers};
use self::lists::{LISTS, Lists};
use self::naming::{Placed, Reserved};
use self::notices::Notices;
use self::office::{NOTICES, Office};
use super::published::locate_run;
use crate::job::{Job, Source};
use crate::model::Date;
use crate::publish::{Input, Manifest, answers_folder};

/// The codes of every family that has some.
#[derive(Debug)]
pub struct Dictionaries {
    /// Of [`AnswerFamily::Mo`].
    pub mo: Dictionary,
    /// Of [`AnswerFamily::Oplist`].
    pub oplist: Dictionary,
    /// Of [`AnswerFamily::Att`].
    pub att: Dictionary,
}

impl Dictionaries {
    /// Those that the program brings along.
    ///
    /// # Panics
    /// Never: a family with an answer of its own has a dictionary.
    #[must_use]
    pub fn built_in() -> Self {
        let of = |family| Dictionary::built_in(family).expect("invariant: the family has codes");
        Self { mo: of(AnswerFamily::Mo), oplist: of(AnswerFamily::Oplist), att: of(AnswerFamily::Att) }
    }

    /// Those of a job, and the program's where it names none.
    ///
    /// # Errors
    /// When one of the job's is wrong or leaves a code out.
    pub fn of_job(job: &Job) -> Result<Self, AnswerError> {
        let mut dictionaries = Self::built_in();
        for (family, (name, text)) in &job.answer_codes {
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

/// What is to be answered.
pub struct Order<'o> {
    /// The run; `None` for the current one.
    pub run: Option<&'o str>,
    /// The folder of the answers; `None` for `<output>/answers/<run>`.
    pub out: Option<&'o Path>,
    /// In which form the sender of a source expects its answer.
    pub family: &'o dyn Fn(&Source) -> AnswerFamily,
    /// What families call our codes.
    pub dictionaries: &'o Dictionaries,
}

/// Answers every request of a job from a published run, into a folder that is there as a whole or not at all. Former answers in it are
/// replaced. The same run and requests give the same bytes. A request whose answer the file system does not take is told as not answered.
///
/// # Errors
/// When there is no such run, a request is not what the run read, a table is missing, or the folder cannot be written.
pub fn answer(job: &Job, requests: &dyn Requests, order: &Order<'_>) -> Result<AnswersTold, AnswerError> {
    let dir = locate_run(&job.output, order.run)?;
    let manifest = Manifest::read(&dir)?;
    let asked = asked(job, order.family);
    let inputs = check_requests(job, &asked, &manifest, requests)?;
    let out = order.out.map_or_else(|| answers_folder(&job.output, &manifest.run_id), Path::to_path_buf);
    let pending = PendingAnswers::begin(&out, job.readers)?;
    let distributed = distribute(&dir, &manifest.run_id, &asked, pending.path())?;
    let clinics = distributed.organisations().len();
    let notices = Notices::new(pending.path(), clinics).map_err(AnswerError::io("create a file in", pending.path()))?;
    let as_of: Date = manifest.as_of.parse().map_err(|_| AnswerError::Foreign { table: "manifest", column: "as_of" })?;
    let office = Office {
        run: &manifest.run_id,
        as_of,
        asked: &asked,
        folders: folders(&asked),
        inputs,
        requests,
        dictionaries: order.dictionaries,
        distributed: &distributed,
        notices: &notices,
        pending: &pending,
    };
    let sources = (0..asked.len()).into_par_iter().map(|number| office.answer(number)).collect::<Result<Vec<_>, _>>()?;
    let told = AnswersTold {
        run_id: manifest.run_id.clone(),
        as_of: manifest.as_of.clone(),
        answers: sources,
        notices: office.send_notices()?,
        lists: office.send_lists(&Lists::read(&dir, &manifest.run_id, pending.path())?)?,
        folder: out,
        shortfall: None,
    };
    pending.write(Path::new(INDEX), &told.to_json()).map_err(AnswerError::io("write to a file in", pending.path()))?;
    Ok(AnswersTold { shortfall: pending.publish()?.map(|error| error.to_string()), ..told })
}

/// The requests of a job: each source once, also when it is one of both tables.
fn asked(job: &Job, family: &dyn Fn(&Source) -> AnswerFamily) -> Vec<Asked> {
    let mut seen = BTreeSet::new();
    let new = job.sources.iter().filter(|source| seen.insert(source.name.as_str()));
    new.map(|source| Asked { source: source.name.clone(), family: family(source), one_record: source.layout.records.len() == 1 })
        .collect()
}

/// What the manifest says of each request; all of them must be as the run read them.
fn check_requests<'m>(
    job: &Job,
    asked: &[Asked],
    manifest: &'m Manifest,
    requests: &dyn Requests,
) -> Result<Vec<Vec<&'m Input>>, AnswerError> {
    let run = || manifest.run_id.clone();
    let mut read: BTreeMap<&str, Vec<&Input>> = BTreeMap::new();
    for input in manifest.inputs.iter().filter(|input| input.layout.is_some()) {
        read.entry(&input.name).or_default().push(input);
    }
    let mut inputs = Vec::with_capacity(asked.len());
    for Asked { source, .. } in asked {
        let not_read = || AnswerError::NotRead { run: run(), source_name: source.clone() };
        inputs.push(read.remove(source.as_str()).ok_or_else(not_read)?);
    }
    if let Some(&source) = read.keys().next() {
        let (run, source_name) = (run(), source.to_owned());
        let is_there = is_file_of_job(job, source);
        return Err(if is_there { AnswerError::NotNamed { run, source_name } } else { AnswerError::Gone { run, source_name } });
    }
    for (Asked { source, .. }, inputs) in asked.iter().zip(&inputs) {
        let hash = requests.content_hash(source)?;
        if inputs.iter().any(|input| input.blake3 != hash) {
            return Err(AnswerError::Changed { run: run(), source_name: source.clone() });
        }
    }
    Ok(inputs)
}

/// Whether the file of a source is on the disk: the path itself, or the archive that the path leads into.
fn is_file_of_job(job: &Job, source: &str) -> bool {
    let path = job.file.with_file_name("").join(source);
    path.ancestors().any(Path::is_file)
}

/// Names of the files that answer a request, without endings.
fn file_names(asked: &Asked) -> Vec<String> {
    let stem = stem(&asked.source);
    match asked.family {
        AnswerFamily::Mo => mo::names(stem),
        AnswerFamily::Oplist => oplist::names(stem),
        AnswerFamily::Att => vec![att::name(stem)],
        AnswerFamily::Findings => vec![findings::name(stem)],
    }
}

/// The folder of each answer.
fn folders(asked: &[Asked]) -> Vec<PathBuf> {
    let answers: Vec<Placed<'_>> = asked.iter().map(placed).collect();
    naming::folders(&answers, Reserved { files: &[INDEX], folders: &[NOTICES, LISTS] })
}

fn placed(asked: &Asked) -> Placed<'_> {
    Placed { source: &asked.source, folders: family::folder(&asked.source), files: file_names(asked) }
}
