//! Answers of the attachment CSV family: `E2…`, one row for each row of the request, and the format log `LO2…`.

use super::dictionary::Dictionary;
use super::family::mo_name;
use super::fate::{Reason, Verdict};
use super::page::{Cells, compact};
use super::row::{AnswerFile, AnswerWriter, Answered};

/// Status of a row in `E2…`.
const ATTACHED: &str = "1";
const REFUSED: &str = "2";
/// The one cell of a format log without errors: a Latin letter.
const CLEAN: &[u8] = b"N\r\n";

/// Names of the files of an answer.
pub(super) fn names(stem: &str) -> Vec<String> {
    ["E", "LO"].map(|prefix| mo_name(prefix, stem)).to_vec()
}

pub(super) struct MoAnswer<'d> {
    dictionary: &'d Dictionary,
    stem: String,
    results: Cells,
    log: Cells,
}

impl<'d> MoAnswer<'d> {
    pub(super) fn new(dictionary: &'d Dictionary, stem: &str) -> Self {
        Self { dictionary, stem: stem.to_owned(), results: Cells::default(), log: Cells::default() }
    }

    fn codes<'r>(&self, told: impl Iterator<Item = &'r Reason>) -> String {
        let mut codes: Vec<&str> = Vec::new();
        for reason in told {
            let code = self.dictionary.code(reason.told, reason.field);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.join(",")
    }
}

impl AnswerWriter for MoAnswer<'_> {
    fn row(&mut self, row: &Answered<'_, '_>) {
        if row.request.is_none() {
            // The reader counts rows, and this is none of the request's.
            return;
        }
        let fate = row.fate;
        let number = row.number_in_cell();
        let enp = row.enp();
        let (clinic, since) =
            fate.clinic_now().map_or(("", String::new()), |(clinic, since)| (row.organisation(clinic), compact(since)));
        let taken = fate.verdict == Verdict::Taken;
        let accepted = fate.attached_from().filter(|_| taken).map_or_else(String::new, compact);
        let status = if taken { ATTACHED } else { REFUSED };
        let codes = self.codes(fate.told(self.dictionary));
        self.results.row(&[&number, &row.person(), &enp, clinic, &since, &accepted, status, &codes]);
        let of_form = fate.reasons.iter().chain(&fate.remarks).filter(|reason| self.dictionary.is_format(reason.told));
        let codes = self.codes(of_form);
        if !codes.is_empty() {
            self.log.row(&[&number, &enp, &codes]);
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
    use crate::intake::AnswerFamily;

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
