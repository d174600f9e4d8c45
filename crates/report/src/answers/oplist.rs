//! Answers to lists of changes of the insured: `REPLIST` with a reply to each record, and `FLK_P`, the log of findings.
//!
//! All values are attributes, as they are in practice. Dates are `yyyy-MM-dd`.

use super::answered_row::AnsweredRow;
use super::dictionary::Dictionary;
use super::family_writer::{AnswerFile, FamilyWriter};
use super::request_name::{list_name, list_sender};
use super::row_outcome::Verdict;
use super::windows_1251::{Attribute, XmlText};
use sverka_model::Field;

/// Version of the exchange format.
const VERSION: &str = "2.1";

/// Names of the files of an answer.
pub(super) fn names(stem: &str) -> Vec<String> {
    ['p', 'f'].map(|letter| list_name(letter, stem)).to_vec()
}

/// Writer of `REPLIST` and `FLK_P`.
pub(super) struct ListAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    /// Insurer of the first row that names one, for requests without an insurer in their name.
    insurer: String,
    records: u64,
    not_taken: u64,
    replies: XmlText,
    log: XmlText,
}

impl<'d> ListAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str) -> Self {
        Self {
            dictionary,
            stem: stem.to_owned(),
            insurer: String::new(),
            records: 0,
            not_taken: 0,
            replies: XmlText::default(),
            log: XmlText::default(),
        }
    }

    fn add_to_log(&mut self, row: &AnsweredRow<'_, '_>, number: &str) {
        for reason in row.outcome.reported(self.dictionary) {
            let (name, parent) = self.dictionary.element(reason.field);
            let comment = row.sentence(self.dictionary.text(reason.code), reason);
            let code = self.dictionary.code(reason.code, reason.field);
            self.log.empty(
                "PR",
                &[
                    Attribute("OSHIB", code),
                    Attribute("IM_POL", name),
                    Attribute("BAS_EL", parent),
                    Attribute("N_REC", number),
                    Attribute("COMMENT", &comment),
                ],
            );
        }
    }
}

impl FamilyWriter for ListAnswer<'_> {
    fn add_row(&mut self, row: &AnsweredRow<'_, '_>) {
        let number = row.number();
        self.add_to_log(row, &number);
        if row.request.is_none() {
            // The break of a document is no record to reply to.
            return;
        }
        if self.insurer.is_empty() {
            row.field(Field::Insurer).clone_into(&mut self.insurer);
        }
        let reply = match row.outcome.verdict {
            Verdict::Taken => "AA",
            Verdict::Faulty => "AE",
            Verdict::Refused => "AR",
        };
        let reasons = row.outcome.reasons.iter().map(|reason| row.sentence(self.dictionary.text(reason.code), reason));
        let comment = reasons.collect::<Vec<_>>().join("; ");
        let person = row.person();
        self.replies.empty(
            "REP",
            &[
                Attribute("N_REC", &number),
                Attribute("ID", &person),
                Attribute("CODE_ERP", reply),
                Attribute("COMMENT", &comment),
            ],
        );
        self.records += 1;
        self.not_taken += u64::from(row.outcome.verdict != Verdict::Taken);
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        let [reply, log] = ['p', 'f'].map(|letter| list_name(letter, &self.stem));
        let (named, point) = list_sender(&self.stem);
        let insurer = if named.is_empty() { &self.insurer } else { named };
        let (records, not_taken) = (self.records.to_string(), self.not_taken.to_string());
        let mut replies = XmlText::document();
        let head = [
            Attribute("VERS", VERSION),
            Attribute("FILENAME", &reply),
            Attribute("SMOCOD", insurer),
            Attribute("PRZCOD", point),
            Attribute("NRECORDS", &records),
            Attribute("NERR", &not_taken),
        ];
        replies.open("REPLIST", &head);
        replies.append(&self.replies);
        replies.close("REPLIST");
        let mut protocol = XmlText::document();
        protocol.open("FLK_P", &[Attribute("VERS", VERSION), Attribute("FNAME", &log), Attribute("FNAME_I", &self.stem)]);
        protocol.append(&self.log);
        protocol.close("FLK_P");
        let file = |name, document: XmlText| AnswerFile { name, ending: "xml", content: document.into_bytes() };
        vec![file(reply, replies), file(log, protocol)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::written;
    use super::*;
    use sverka_intake::AnswerFamily;

    #[test]
    fn replies_and_log_line_by_line() {
        let dictionary = Dictionary::built_in(AnswerFamily::Oplist).expect("a dictionary");
        let files = written(Box::new(ListAnswer::new(&dictionary, "i34001_002_02261")));
        let replies = r#"<?xml version="1.0" encoding="windows-1251"?>
<REPLIST VERS="2.1" FILENAME="p34001_002_02261" SMOCOD="34001" PRZCOD="002" NRECORDS="4" NERR="2">
<REP N_REC="71" ID="7" CODE_ERP="AA" COMMENT=""/>
<REP N_REC="a;b" ID="8" CODE_ERP="AA" COMMENT=""/>
<REP N_REC="3" ID="9" CODE_ERP="AR" COMMENT="право замены в этом году использовано [CHANGE_LIMIT]: 340002, 2026-02-01"/>
<REP N_REC="4" ID="" CODE_ERP="AE" COMMENT="не заполнено обязательное поле [FIELD_REQUIRED]; пол не 1 и не 2 [SEX_INVALID]"/>
</REPLIST>
"#;
        let log = r#"<?xml version="1.0" encoding="windows-1251"?>
<FLK_P VERS="2.1" FNAME="f34001_002_02261" FNAME_I="i34001_002_02261">
<PR OSHIB="rt47" IM_POL="SS" BAS_EL="PERSON" N_REC="71" COMMENT="неверный СНИЛС; считается незаполненным [SNILS_INVALID]"/>
<PR OSHIB="rt58" IM_POL="" BAS_EL="" N_REC="a;b" COMMENT="сменена по желанию [CHANGE_AT_WILL]: 340002, 2026-02-01"/>
<PR OSHIB="804" IM_POL="" BAS_EL="" N_REC="3" COMMENT="право замены в этом году использовано [CHANGE_LIMIT]: 340002, 2026-02-01"/>
<PR OSHIB="902" IM_POL="" BAS_EL="" N_REC="4" COMMENT="не заполнено обязательное поле [FIELD_REQUIRED]"/>
<PR OSHIB="904" IM_POL="W" BAS_EL="PERSON" N_REC="4" COMMENT="пол не 1 и не 2 [SEX_INVALID]"/>
</FLK_P>
"#;
        let expected = [("p34001_002_02261.xml", replies), ("f34001_002_02261.xml", log)];
        assert_eq!(files, expected.map(|(name, content)| (name.to_owned(), content.to_owned())));
    }

    #[test]
    fn the_insurer_of_a_request_without_one_in_its_name_is_that_of_its_rows() {
        let dictionary = Dictionary::built_in(AnswerFamily::Oplist).expect("a dictionary");
        let files = written(Box::new(ListAnswer::new(&dictionary, "list")));
        assert!(files[0].1.contains("FILENAME=\"plist\" SMOCOD=\"34001\" PRZCOD=\"\""), "{}", files[0].1);
    }
}
