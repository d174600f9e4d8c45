//! Answers to lists of changes of the insured: `REPLIST`, taken or not record by record, and `FLK_P`, the log of what was found.
//!
//! All values are attributes, as practice has it; dates are `yyyy-MM-dd`.

use super::dictionary::Dictionary;
use super::family::{list_name, list_sender};
use super::fate::Verdict;
use super::page::Xml;
use super::row::{AnswerFile, AnswerWriter, Answered};
use crate::intake::Field;

/// The version of the exchange that these answers follow.
const VERSION: &str = "2.1";

/// Names of the files of an answer.
pub(super) fn names(stem: &str) -> Vec<String> {
    ['p', 'f'].map(|letter| list_name(letter, stem)).to_vec()
}

pub(super) struct ListAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    /// The insurer of the first row that names one, for requests whose name does not.
    insurer: String,
    records: u64,
    not_taken: u64,
    replies: Xml,
    log: Xml,
}

impl<'d> ListAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str) -> Self {
        Self {
            dictionary,
            stem: stem.to_owned(),
            insurer: String::new(),
            records: 0,
            not_taken: 0,
            replies: Xml::default(),
            log: Xml::default(),
        }
    }

    fn log(&mut self, row: &Answered<'_, '_>, number: &str) {
        for reason in row.fate.told(self.dictionary) {
            let (name, parent) = self.dictionary.element(reason.field);
            let comment = row.sentence(self.dictionary.text(reason.told), reason);
            let code = self.dictionary.code(reason.told, reason.field);
            self.log.empty(
                "PR",
                &[("OSHIB", code), ("IM_POL", name), ("BAS_EL", parent), ("N_REC", number), ("COMMENT", &comment)],
            );
        }
    }
}

impl AnswerWriter for ListAnswer<'_> {
    fn row(&mut self, row: &Answered<'_, '_>) {
        let number = row.number();
        self.log(row, &number);
        if row.request.is_none() {
            // Where the document broke there is no record to reply to.
            return;
        }
        if self.insurer.is_empty() {
            row.field(Field::Insurer).clone_into(&mut self.insurer);
        }
        let outcome = match row.fate.verdict {
            Verdict::Taken => "AA",
            Verdict::Faulty => "AE",
            Verdict::Refused => "AR",
        };
        let reasons = row.fate.reasons.iter().map(|reason| row.sentence(self.dictionary.text(reason.told), reason));
        let comment = reasons.collect::<Vec<_>>().join("; ");
        let person = row.person();
        self.replies.empty("REP", &[("N_REC", &number), ("ID", &person), ("CODE_ERP", outcome), ("COMMENT", &comment)]);
        self.records += 1;
        self.not_taken += u64::from(row.fate.verdict != Verdict::Taken);
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        let [reply, log] = ['p', 'f'].map(|letter| list_name(letter, &self.stem));
        let (named, point) = list_sender(&self.stem);
        let insurer = if named.is_empty() { &self.insurer } else { named };
        let (records, not_taken) = (self.records.to_string(), self.not_taken.to_string());
        let mut replies = Xml::document();
        let head = [
            ("VERS", VERSION),
            ("FILENAME", &reply),
            ("SMOCOD", insurer),
            ("PRZCOD", point),
            ("NRECORDS", &records),
            ("NERR", &not_taken),
        ];
        replies.open("REPLIST", &head);
        replies.append(&self.replies);
        replies.close("REPLIST");
        let mut protocol = Xml::document();
        protocol.open("FLK_P", &[("VERS", VERSION), ("FNAME", &log), ("FNAME_I", &self.stem)]);
        protocol.append(&self.log);
        protocol.close("FLK_P");
        let file = |name, document: Xml| AnswerFile { name, ending: "xml", content: document.into_bytes() };
        vec![file(reply, replies), file(log, protocol)]
    }
}
