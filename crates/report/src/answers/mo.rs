//! Answers to attachment CSV: `E2…` with one row for each row of the request, and the format log `LO2…`.

use super::answered_row::AnsweredRow;
use super::dictionary::Dictionary;
use super::family_writer::{AnswerFile, FamilyWriter};
use super::request_name::mo_name;
use super::row_outcome::{Reason, Verdict};
use super::windows_1251::{CsvRows, yyyymmdd};

/// Status of a taken row in `E2…`.
const ATTACHED: &str = "1";
/// Status of any other row in `E2…`.
const REFUSED: &str = "2";
/// Content of a format log without errors: the Latin letter `N`.
const CLEAN: &[u8] = b"N\r\n";

/// Names of the files of an answer.
pub(super) fn names(stem: &str) -> Vec<String> {
    ["E", "LO"].map(|prefix| mo_name(prefix, stem)).to_vec()
}

/// Writer of `E2…` and `LO2…`.
pub(super) struct MoAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    results: CsvRows,
    log: CsvRows,
}

impl<'d> MoAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str) -> Self {
        Self { dictionary, stem: stem.to_owned(), results: CsvRows::default(), log: CsvRows::default() }
    }

    /// Codes of the family for reasons, each once.
    fn codes<'r>(&self, reasons: impl Iterator<Item = &'r Reason>) -> String {
        let mut codes: Vec<&str> = Vec::new();
        for reason in reasons {
            let code = self.dictionary.code(reason.code, reason.field);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.join(",")
    }
}

impl FamilyWriter for MoAnswer<'_> {
    fn add_row(&mut self, row: &AnsweredRow<'_, '_>) {
        if row.request.is_none() {
            // The receiver counts rows, and the break of a document is no row of the request.
            return;
        }
        let outcome = row.outcome;
        let number = row.number_in_cell();
        let enp = row.enp();
        let clinic_now = outcome.clinic_now();
        let clinic = clinic_now.map_or("", |(clinic, _)| row.organisation(clinic));
        let clinic_from = clinic_now.map_or_else(String::new, |(_, from)| yyyymmdd(from));
        let taken = outcome.verdict == Verdict::Taken;
        let accepted = outcome.attached_from().filter(|_| taken).map_or_else(String::new, yyyymmdd);
        let status = if taken { ATTACHED } else { REFUSED };
        let codes = self.codes(outcome.reported(self.dictionary));
        self.results.add_row(&[&number, &row.person(), &enp, clinic, &clinic_from, &accepted, status, &codes]);
        let format_errors =
            outcome.reasons.iter().chain(&outcome.remarks).filter(|reason| self.dictionary.is_format(reason.code));
        let codes = self.codes(format_errors);
        if !codes.is_empty() {
            self.log.add_row(&[&number, &enp, &codes]);
        }
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        let log = if self.log.is_empty() { CLEAN.to_vec() } else { self.log.into_bytes() };
        let contents = [self.results.into_bytes(), log];
        names(&self.stem).into_iter().zip(contents).map(|(name, content)| AnswerFile { name, ending: "csv", content }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::written;
    use super::*;
    use sverka_intake::AnswerFamily;

    #[test]
    fn results_and_log_line_by_line() {
        let dictionary = Dictionary::built_in(AnswerFamily::Mo).expect("a dictionary");
        let files = written(Box::new(MoAnswer::new(&dictionary, "MO234000120260201")));
        let results = "\
\"71\";\"7\";\"3456510844000019\";\"340002\";\"20260201\";\"20260201\";\"1\";\"12\"\r
\"2\";\"8\";\"3456510844000019\";\"340002\";\"20260201\";\"20200506\";\"1\";\"600\"\r
\"3\";\"9\";\"3456510844000019\";\"340002\";\"20260201\";;\"2\";\"702\"\r
\"4\";;\"3456510894000018\";;;;\"2\";\"245,803\"\r
";
        let log = "\"71\";\"3456510844000019\";\"12\"\r\n\"4\";\"3456510894000018\";\"245,803\"\r\n";
        let expected = [("E234000120260201.csv", results), ("LO234000120260201.csv", log)];
        assert_eq!(files, expected.map(|(name, content)| (name.to_owned(), content.to_owned())));
    }

    #[test]
    fn a_clean_log_is_one_letter() {
        let dictionary = Dictionary::built_in(AnswerFamily::Mo).expect("a dictionary");
        let files = Box::new(MoAnswer::new(&dictionary, "MO2x")).finish();
        assert_eq!(files[1].content, b"N\r\n");
    }
}
