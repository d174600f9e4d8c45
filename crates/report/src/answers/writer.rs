//! Writer of the answers of a run: each request row by row together with the facts about it, then the notices and lists.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::answered_row::AnsweredRow;
use super::error::AnswerError;
use super::fact::{Fact, FactKind, RequestNumber};
use super::family_writer::{AnswerFile, FamilyWriter};
use super::folder::PendingAnswers;
use super::index::{ListFile, NoticeFile, SourceAnswer};
use super::lists::{LISTS, Lists};
use super::notices::{ClinicNotice, Notices};
use super::placement;
use super::request::{RequestReader, RequestRow};
use super::request_name::stem;
use super::row_outcome::{RowOutcome, Verdict};
use super::run_facts::{Request, RunFacts};
use super::{Dictionaries, att, findings, mo, oplist};
use sverka_intake::AnswerFamily;
use sverka_model::{Code, Date, Severity};
use sverka_publish::{Input, is_exhausted, zip_of};

/// Folder of notices below the folder of answers.
pub(super) const NOTICES: &str = "notices";

/// Writer of the answers of a run.
pub(super) struct AnswerWriter<'o> {
    pub run: &'o str,
    pub as_of: Date,
    pub requests: &'o [Request],
    /// Folders of answers, by request.
    pub folders: Vec<PathBuf>,
    /// Inputs in the manifest, by request. A source of both tables has two.
    pub inputs: Vec<Vec<&'o Input>>,
    pub request_reader: &'o dyn RequestReader,
    pub dictionaries: &'o Dictionaries,
    pub facts: &'o RunFacts,
    pub notices: &'o Notices,
    pub pending: &'o PendingAnswers,
}

impl AnswerWriter<'_> {
    /// Writes the answer to one request.
    pub(super) fn write_answer(&self, number: usize) -> Result<SourceAnswer, AnswerError> {
        let request = &self.requests[number];
        let repeated = request.same_as.as_ref().and_then(|of| self.requests.iter().position(|read| read.source == *of));
        let facts = self.facts.of_request(repeated.unwrap_or(number));
        let facts = facts.map_err(AnswerError::io("read a file in", self.pending.path()))?;
        let mut reading = RequestReading {
            answers: self,
            writes_notices: request.family != AnswerFamily::Findings,
            family_writer: self.family_writer(request),
            rest: &facts,
            repeats: repeated.map(RequestNumber::from_index),
            rows: 0,
            headers: 0,
            verdicts: [0; 3],
            has_stray_facts: false,
            failed: None,
        };
        // The answer of findings has no lines for rows without facts, so a request without facts is not read.
        if reading.writes_notices || !facts.is_empty() || repeated.is_some() {
            self.request_reader.visit_rows(&request.source, &mut |row| reading.take_row(row))?;
            reading.take_facts_behind_the_last_row();
            if let Some(error) = reading.failed {
                return Err(AnswerError::io("write to a file in", self.pending.path())(error));
            }
            let counted = self.inputs[number].iter().filter_map(|input| input.rows).max();
            // The manifest counts records. Its number is the number of rows only if each row is one record.
            let has_other_rows = request.one_record && counted.is_some_and(|counted| counted != reading.rows);
            if reading.has_stray_facts || has_other_rows {
                return Err(AnswerError::Rows { run: self.run.to_owned(), source_name: request.source.clone() });
            }
        } else {
            reading.rows = self.inputs[number].iter().filter_map(|input| input.rows).max().unwrap_or(0);
            reading.verdicts[Verdict::Taken as usize] = reading.rows;
        }
        let [taken, faulty, refused] = reading.verdicts;
        let (rows, files) = (reading.rows - reading.headers, reading.family_writer.finish());
        let written = self.write_all_or_none(&self.folders[number], &files)?;
        let (files, unanswered) = match written {
            Ok(files) => (files, None),
            Err(cause) => (Vec::new(), Some(cause.to_string())),
        };
        let (source, family) = (request.source.clone(), request.family);
        Ok(SourceAnswer { source, family, rows, taken, faulty, refused, files, unanswered })
    }

    fn family_writer<'w>(&'w self, request: &Request) -> Box<dyn FamilyWriter + 'w> {
        let stem = stem(&request.source);
        match request.family {
            AnswerFamily::Mo => Box::new(mo::MoAnswer::new(&self.dictionaries.mo, stem)),
            AnswerFamily::Oplist => Box::new(oplist::ListAnswer::new(&self.dictionaries.oplist, stem)),
            AnswerFamily::Att => Box::new(att::AttAnswer::new(&self.dictionaries.att, stem, self.as_of)),
            AnswerFamily::Findings => Box::new(findings::FindingsAnswer::new(stem, &request.source)),
        }
    }

    /// Writes the files of an answer, all of them or none, and returns their paths.
    ///
    /// The inner error is about this answer alone: the file system does not take its files. An exhausted disk fails all answers.
    fn write_all_or_none(&self, folder: &Path, files: &[AnswerFile]) -> Result<io::Result<Vec<String>>, AnswerError> {
        let mut names = Vec::with_capacity(files.len());
        for file in files {
            match self.write(folder, file) {
                Ok(name) => names.push(name),
                Err(cause) if is_exhausted(&cause) => {
                    return Err(AnswerError::io("write to a file in", self.pending.path())(cause));
                }
                Err(cause) => {
                    for name in names {
                        self.pending
                            .remove(Path::new(&name))
                            .map_err(AnswerError::io("remove a file in", self.pending.path()))?;
                    }
                    return Ok(Err(cause));
                }
            }
        }
        Ok(Ok(names))
    }

    /// Writes a file as an archive of its name, and returns the path with `/` between folders.
    fn write(&self, folder: &Path, file: &AnswerFile) -> io::Result<String> {
        let AnswerFile { name, ending, content } = file;
        let name = placement::file_name(name);
        let packed = zip_of(&[(&format!("{name}.{ending}"), content)]);
        let path = folder.join(name + placement::ENDING);
        self.pending.write(&path, &packed)?;
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Ok(parts.join("/"))
    }

    /// Writes the notices to clinics that lost persons, in the order of their codes.
    pub(super) fn write_notices(&self) -> Result<Vec<NoticeFile>, AnswerError> {
        let mut clinics: Vec<(&String, usize)> = self.facts.organisations().iter().zip(0..).collect();
        clinics.sort_unstable();
        let mut files = Vec::new();
        for (clinic, number) in clinics {
            let notice = self.notices.to_clinic(number, clinic, self.as_of);
            let notice = notice.map_err(AnswerError::io("read a file in", self.pending.path()))?;
            if let Some(ClinicNotice { file, persons }) = notice {
                let written = self.write(Path::new(NOTICES), &file);
                let file = written.map_err(AnswerError::io("write to a file in", self.pending.path()))?;
                files.push(NoticeFile { clinic: clinic.clone(), persons, file });
            }
        }
        Ok(files)
    }

    /// Writes the lists of people who are attached though they are dead or not insured, by clinic.
    pub(super) fn write_lists(&self, lists: &Lists) -> Result<Vec<ListFile>, AnswerError> {
        let write = |file: &AnswerFile| {
            let written = self.write(Path::new(LISTS), file);
            written.map_err(AnswerError::io("write to a file in", self.pending.path()))
        };
        lists.write_all(self.as_of, write, self.pending.path())
    }
}

/// State of reading a request row by row together with the facts about its rows.
struct RequestReading<'o, 'w> {
    answers: &'o AnswerWriter<'o>,
    writes_notices: bool,
    family_writer: Box<dyn FamilyWriter + 'w>,
    /// Facts about the rows that are not read yet.
    rest: &'o [Fact],
    /// Request with the same content that the run read instead; its facts are those of this request.
    repeats: Option<RequestNumber>,
    /// Rows of the request, headers included.
    rows: u64,
    /// Headers among the rows, as in joined files. They get no answer.
    headers: u64,
    /// Numbers of rows, by [`Verdict`].
    verdicts: [u64; 3],
    /// Whether a fact is about a line where no row begins.
    has_stray_facts: bool,
    /// First failure of writing notices.
    failed: Option<io::Error>,
}

impl RequestReading<'_, '_> {
    fn take_row(&mut self, row: &RequestRow<'_>) {
        let before = self.rest.iter().take_while(|fact| fact.line < row.line).count();
        self.has_stray_facts |= before > 0;
        self.rest = &self.rest[before..];
        self.answer(row.line, Some(row));
    }

    /// Answers the facts behind the last row, which are about the break of a document.
    fn take_facts_behind_the_last_row(&mut self) {
        while let Some(line) = self.rest.first().map(|fact| fact.line) {
            self.answer(line, None);
        }
    }

    fn answer(&mut self, line: u64, request: Option<&RequestRow<'_>>) {
        let (about, rest) = self.rest.split_at(self.rest.iter().take_while(|fact| fact.line == line).count());
        self.rest = rest;
        self.rows += 1;
        if self.writes_notices && about.iter().any(|fact| fact.kind == FactKind::FINDING && fact.code() == Code::RowHeader) {
            self.headers += 1;
            return;
        }
        let about = self.with_repetition(line, about);
        let outcome = RowOutcome::from_facts(&about);
        self.verdicts[outcome.verdict as usize] += 1;
        let row = AnsweredRow { ordinal: self.rows - self.headers, line, request, outcome: &outcome, facts: self.answers.facts };
        self.family_writer.add_row(&row);
        if self.writes_notices && self.failed.is_none() {
            self.failed = self.answers.notices.add_row(&row).err();
        }
    }

    /// Facts about a row; a row of a repeated source repeats the same row of the source that was read, unless it has an error of its own.
    fn with_repetition<'f>(&self, line: u64, about: &'f [Fact]) -> Cow<'f, [Fact]> {
        let is_error = |fact: &Fact| fact.kind == FactKind::FINDING && fact.severity() == Severity::Error;
        let is_known = |fact: &Fact| fact.kind == FactKind::DUPLICATE || is_error(fact);
        match self.repeats.filter(|_| !about.iter().any(is_known)) {
            None => Cow::Borrowed(about),
            Some(kept_request) => {
                let mut facts = about.to_vec();
                facts.push(Fact { kept_request, kept_line: line, ..Fact::of_row(FactKind::DUPLICATE, line) });
                facts.sort_unstable();
                Cow::Owned(facts)
            }
        }
    }
}
