//! Writes the answers of a run: each request row by row together with the facts about it, then the notices.

use std::io;
use std::path::{Path, PathBuf};

use super::distribute::{Asked, Distributed};
use super::error::AnswerError;
use super::fact::{FINDING, Fact};
use super::family::stem;
use super::fate::{Fate, Verdict};
use super::folder::PendingAnswers;
use super::lists::{LISTS, Lists};
use super::naming;
use super::notices::Notices;
use super::request::{RequestRow, Requests};
use super::row::{AnswerFile, AnswerWriter, Answered};
use super::told::{ListTold, NoticeTold, SourceAnswer};
use super::{Dictionaries, att, findings, mo, oplist};
use crate::intake::AnswerFamily;
use crate::model::Date;
use crate::publish::{Input, is_exhausted, zip_of};
use crate::rules::Code;

/// Where notices go below the folder of answers.
pub(super) const NOTICES: &str = "notices";

/// Who writes the answers of a run.
pub(super) struct Office<'o> {
    pub run: &'o str,
    pub as_of: Date,
    pub asked: &'o [Asked],
    /// By request, as the next.
    pub folders: Vec<PathBuf>,
    pub inputs: Vec<Vec<&'o Input>>,
    pub requests: &'o dyn Requests,
    pub dictionaries: &'o Dictionaries,
    pub distributed: &'o Distributed,
    pub notices: &'o Notices,
    pub pending: &'o PendingAnswers,
}

impl Office<'_> {
    /// Answers one request.
    pub(super) fn answer(&self, number: usize) -> Result<SourceAnswer, AnswerError> {
        let asked = &self.asked[number];
        let facts = self.distributed.facts(number).map_err(AnswerError::io("read a file in", self.pending.path()))?;
        let mut reading = Reading {
            office: self,
            writes_notices: asked.family != AnswerFamily::Findings,
            writer: self.writer(asked),
            rest: &facts,
            rows: 0,
            headers: 0,
            verdicts: [0; 3],
            skipped: false,
            failed: None,
        };
        // Who tells of findings only has nothing to say of rows without any.
        if reading.writes_notices || !facts.is_empty() {
            self.requests.rows(&asked.source, &mut |row| reading.row(row))?;
            reading.behind_the_last_row();
            if let Some(error) = reading.failed {
                return Err(AnswerError::io("write to a file in", self.pending.path())(error));
            }
            let counted = self.inputs[number].iter().filter_map(|input| input.rows).max();
            // Rows that give several records are counted by these.
            let is_other = asked.one_record && counted.is_some_and(|counted| counted != reading.rows);
            if reading.skipped || is_other {
                return Err(AnswerError::Rows { run: self.run.to_owned(), source_name: asked.source.clone() });
            }
        } else {
            reading.rows = self.inputs[number].iter().filter_map(|input| input.rows).max().unwrap_or(0);
            reading.verdicts[Verdict::Taken as usize] = reading.rows;
        }
        let [taken, faulty, refused] = reading.verdicts;
        let (rows, files) = (reading.rows - reading.headers, reading.writer.finish());
        let (files, unanswered) = self.write_all(&self.folders[number], &files)?;
        Ok(SourceAnswer { source: asked.source.clone(), family: asked.family, rows, taken, faulty, refused, files, unanswered })
    }

    fn writer<'w>(&'w self, asked: &Asked) -> Box<dyn AnswerWriter + 'w> {
        let stem = stem(&asked.source);
        match asked.family {
            AnswerFamily::Mo => Box::new(mo::MoAnswer::new(&self.dictionaries.mo, stem)),
            AnswerFamily::Oplist => Box::new(oplist::ListAnswer::new(&self.dictionaries.oplist, stem)),
            AnswerFamily::Att => Box::new(att::AttAnswer::new(&self.dictionaries.att, stem, self.as_of)),
            AnswerFamily::Findings => Box::new(findings::FindingsAnswer::new(stem, &asked.source)),
        }
    }

    /// Writes the files of an answer, all of them or none. Returns their names, or why the file system does not take them: that concerns this
    /// sender alone, unless the machine is at fault.
    fn write_all(&self, folder: &Path, files: &[AnswerFile]) -> Result<(Vec<String>, Option<String>), AnswerError> {
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
                    return Ok((Vec::new(), Some(cause.to_string())));
                }
            }
        }
        Ok((names, None))
    }

    /// Writes a file packed under its own name; returns that, with `/` between folders.
    fn write(&self, folder: &Path, file: &AnswerFile) -> io::Result<String> {
        let AnswerFile { name, ending, content } = file;
        let name = naming::file_name(name);
        let packed = zip_of(&[(&format!("{name}.{ending}"), content)]);
        let path = folder.join(name + naming::ENDING);
        self.pending.write(&path, &packed)?;
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Ok(parts.join("/"))
    }

    /// Writes the notices to clinics that lost somebody, in the order of their codes.
    pub(super) fn send_notices(&self) -> Result<Vec<NoticeTold>, AnswerError> {
        let mut clinics: Vec<(&String, usize)> = self.distributed.organisations().iter().zip(0..).collect();
        clinics.sort_unstable();
        let mut told = Vec::new();
        for (clinic, number) in clinics {
            let notices = self.notices.to_clinic(number, clinic, self.as_of);
            let notices = notices.map_err(AnswerError::io("read a file in", self.pending.path()))?;
            if let Some((file, persons)) = notices {
                let written = self.write(Path::new(NOTICES), &file);
                let file = written.map_err(AnswerError::io("write to a file in", self.pending.path()))?;
                told.push(NoticeTold { clinic: clinic.clone(), persons, file });
            }
        }
        Ok(told)
    }

    /// Writes the lists of people who are attached though they are dead or not insured, by clinic.
    pub(super) fn send_lists(&self, lists: &Lists) -> Result<Vec<ListTold>, AnswerError> {
        let write = |file: &AnswerFile| {
            let written = self.write(Path::new(LISTS), file);
            written.map_err(AnswerError::io("write to a file in", self.pending.path()))
        };
        lists.send(self.as_of, write, self.pending.path())
    }
}

/// A request on its way through its rows, together with the facts about them.
struct Reading<'o, 'w> {
    office: &'o Office<'o>,
    writes_notices: bool,
    writer: Box<dyn AnswerWriter + 'w>,
    /// Facts of this and later rows.
    rest: &'o [Fact],
    /// Rows of the request, headers included.
    rows: u64,
    /// Headers among the rows, as in files that were joined: names of columns are nothing to answer.
    headers: u64,
    /// By [`Verdict`].
    verdicts: [u64; 3],
    /// A fact is about a line where no row begins.
    skipped: bool,
    failed: Option<io::Error>,
}

impl Reading<'_, '_> {
    fn row(&mut self, row: &RequestRow<'_>) {
        let before = self.rest.iter().take_while(|fact| fact.line < row.line).count();
        self.skipped |= before > 0;
        self.rest = &self.rest[before..];
        self.answer(row.line, Some(row));
    }

    /// What a run tells of a place where a document broke.
    fn behind_the_last_row(&mut self) {
        while let Some(line) = self.rest.first().map(|fact| fact.line) {
            self.answer(line, None);
        }
    }

    fn answer(&mut self, line: u64, request: Option<&RequestRow<'_>>) {
        let (about, rest) = self.rest.split_at(self.rest.iter().take_while(|fact| fact.line == line).count());
        self.rest = rest;
        self.rows += 1;
        if self.writes_notices && about.iter().any(|fact| fact.kind == FINDING && fact.code() == Code::RowHeader) {
            self.headers += 1;
            return;
        }
        let fate = Fate::of(about);
        self.verdicts[fate.verdict as usize] += 1;
        let row =
            Answered { ordinal: self.rows - self.headers, line, request, fate: &fate, distributed: self.office.distributed };
        self.writer.row(&row);
        if self.writes_notices && self.failed.is_none() {
            self.failed = self.office.notices.row(&row).err();
        }
    }
}
