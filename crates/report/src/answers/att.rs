//! Answers to attachment XML (Vologda): the log of findings `F…`. Values are elements.

use super::answered_row::AnsweredRow;
use super::dictionary::Dictionary;
use super::family_writer::{AnswerFile, FamilyWriter};
use super::row_outcome::Verdict;
use super::windows_1251::XmlText;
use sverka_model::Date;

/// Name of the answer to a request.
pub(super) fn name(stem: &str) -> String {
    format!("F{stem}")
}

/// Writer of `F…`.
pub(super) struct AttAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    as_of: Date,
    records: u64,
    not_taken: u64,
    remarks: u64,
    errors: XmlText,
}

impl<'d> AttAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str, as_of: Date) -> Self {
        Self { dictionary, stem: stem.to_owned(), as_of, records: 0, not_taken: 0, remarks: 0, errors: XmlText::default() }
    }

    /// Result for the whole file: 0 no remarks, 1 remarks only, 2 some records not taken, 3 no record taken.
    fn result(&self) -> &'static str {
        match (self.not_taken, self.remarks) {
            (0, 0) => "0",
            (0, _) => "1",
            (not_taken, _) if not_taken < self.records => "2",
            _ => "3",
        }
    }
}

impl FamilyWriter for AttAnswer<'_> {
    fn add_row(&mut self, row: &AnsweredRow<'_, '_>) {
        let number = row.number();
        for reason in row.outcome.reported(self.dictionary) {
            let (tag, _) = self.dictionary.element(reason.field);
            self.errors.open("ERROR", &[]);
            self.errors.element("CODE", self.dictionary.code(reason.code, reason.field));
            self.errors.element("MESSAGE", &row.sentence(self.dictionary.text(reason.code), reason));
            self.errors.element("TAG", tag);
            self.errors.element("N_ZAP", &number);
            self.errors.close("ERROR");
            self.remarks += 1;
        }
        self.records += 1;
        self.not_taken += u64::from(row.outcome.verdict != Verdict::Taken);
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        let name = name(&self.stem);
        let mut document = XmlText::document();
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

#[cfg(test)]
mod tests {
    use super::super::sample::written;
    use super::*;
    use sverka_intake::AnswerFamily;

    #[test]
    fn the_log_line_by_line() {
        let dictionary = Dictionary::built_in(AnswerFamily::Att).expect("a dictionary");
        let as_of = "2026-11-01".parse().expect("a date");
        let files = written(Box::new(AttAnswer::new(&dictionary, "ATM350001T35351_2611001", as_of)));
        let error = |code: &str, message: &str, tag: &str, number: &str| {
            format!(
                "<ERROR>\n<CODE>{code}</CODE>\n<MESSAGE>{message}</MESSAGE>\n<TAG>{tag}</TAG>\n<N_ZAP>{number}</N_ZAP>\n</ERROR>\n"
            )
        };
        let errors = [
            error("804", "неверный СНИЛС; считается незаполненным [SNILS_INVALID]", "SNILS", "71"),
            error("804", "сменена по желанию [CHANGE_AT_WILL]: 340002, 2026-02-01", "", "a;b"),
            error("804", "право замены в этом году использовано [CHANGE_LIMIT]: 340002, 2026-02-01", "", "3"),
            error("902", "не заполнено обязательное поле [FIELD_REQUIRED]", "DATE_ATTACH_B", "4"),
            error("904", "пол не 1 и не 2 [SEX_INVALID]", "W", "4"),
        ];
        let head = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<FLK_P>\n<ZGLV>\n<FDATE>2026-11-01</FDATE>\n\
                    <FNAME>FATM350001T35351_2611001</FNAME>\n<FNAME_I>ATM350001T35351_2611001</FNAME_I>\n<FLK_RES>2</FLK_RES>\n</ZGLV>\n";
        let expected = format!("{head}{}</FLK_P>\n", errors.concat());
        assert_eq!(files, [("FATM350001T35351_2611001.xml".to_owned(), expected)]);
    }

    #[test]
    fn the_result_is_about_the_whole_file() {
        let dictionary = Dictionary::built_in(AnswerFamily::Att).expect("a dictionary");
        let result = |records, not_taken, remarks| {
            let mut answer = AttAnswer::new(&dictionary, "x", Date::EARLIEST);
            (answer.records, answer.not_taken, answer.remarks) = (records, not_taken, remarks);
            answer.result()
        };
        assert_eq!([result(5, 0, 0), result(5, 0, 1), result(5, 4, 4), result(5, 5, 9)], ["0", "1", "2", "3"]);
    }
}
