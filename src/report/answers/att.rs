//! Answers to attachment XML (Vologda): the log `F…` of what was found, values as elements.

use super::dictionary::Dictionary;
use super::fate::Verdict;
use super::page::Xml;
use super::row::{AnswerFile, AnswerWriter, Answered};
use crate::identifier::Date;

/// The name of the answer to a request.
pub(super) fn name(stem: &str) -> String {
    format!("F{stem}")
}

pub(super) struct AttAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    as_of: Date,
    records: u64,
    not_taken: u64,
    remarks: u64,
    errors: Xml,
}

impl<'d> AttAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str, as_of: Date) -> Self {
        Self { dictionary, stem: stem.to_owned(), as_of, records: 0, not_taken: 0, remarks: 0, errors: Xml::default() }
    }

    /// What became of the whole file: 0 nothing to tell, 1 remarks only, 2 some records not taken, 3 none taken.
    fn result(&self) -> &'static str {
        match (self.not_taken, self.remarks) {
            (0, 0) => "0",
            (0, _) => "1",
            (not_taken, _) if not_taken < self.records => "2",
            _ => "3",
        }
    }
}

impl AnswerWriter for AttAnswer<'_> {
    fn row(&mut self, row: &Answered<'_, '_>) {
        let number = row.number();
        for reason in row.fate.told(self.dictionary) {
            let (tag, _) = self.dictionary.element(reason.field);
            self.errors.open("ERROR", &[]);
            self.errors.element("CODE", self.dictionary.code(reason.told, reason.field));
            self.errors.element("MESSAGE", &row.sentence(self.dictionary.text(reason.told), reason));
            self.errors.element("TAG", tag);
            self.errors.element("N_ZAP", &number);
            self.errors.close("ERROR");
            self.remarks += 1;
        }
        self.records += 1;
        self.not_taken += u64::from(row.fate.verdict != Verdict::Taken);
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        let name = name(&self.stem);
        let mut document = Xml::document();
        document.open("FLK_P", &[]);
        document.open("ZGLV", &[]);
        document.element("FDATE", &self.as_of.to_string());
        document.element("FNAME", &name);
        document.element("FNAME_I", &self.stem);
        document.element("FLK_RES", self.result());
        document.close("ZGLV");
        document.append(&self.errors);
        document.close("FLK_P");
        vec![AnswerFile { name, ending: "xml", content: document.into_bytes() }]
    }
}
