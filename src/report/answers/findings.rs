//! The answer for sources without a family: one line for each thing found, in UTF-8, our own codes.

use super::dictionary::Told;
use super::fact::{DECISION, DUPLICATE, FINDING, Fact};
use super::row::{AnswerFile, AnswerWriter, Answered};
use crate::intake::Field;

const HEADER: &str = "row;line;record_id;enp;field;code;severity;message\n";
/// What a row that repeats another one is told.
const DUPLICATE_MESSAGE: &str = "the row equals another one, which was kept";

/// The name of the answer to a request.
pub(super) fn name(stem: &str) -> String {
    format!("{stem}_findings")
}

pub(super) struct FindingsAnswer {
    stem: String,
    table: String,
}

impl FindingsAnswer {
    pub(super) fn new(stem: &str) -> Self {
        Self { stem: stem.to_owned(), table: HEADER.to_owned() }
    }

    fn told(fact: &Fact) -> Option<(&'static str, &'static str, &'static str)> {
        let rule = || fact.code().rule();
        match fact.kind {
            FINDING => Some((rule().name, fact.severity().name(), rule().message.en)),
            DUPLICATE => Some((Told::Duplicate.name(), "duplicate", DUPLICATE_MESSAGE)),
            DECISION => Some((rule().name, fact.outcome()?.name(), rule().message.en)),
            _ => None,
        }
    }
}

impl AnswerWriter for FindingsAnswer {
    fn row(&mut self, row: &Answered<'_, '_>) {
        for fact in row.fate.facts() {
            let Some((code, severity, message)) = Self::told(fact) else { continue };
            let (ordinal, line) = (row.ordinal.to_string(), row.line.to_string());
            let field = if fact.kind == FINDING { fact.field().map_or("", Field::name) } else { "" };
            let [record_id, enp] = [Field::RecordId, Field::Enp].map(|name| quoted(row.field(name)));
            let cells = [&ordinal, &line, &*record_id, &*enp, field, code, severity, &*quoted(message)];
            self.table.push_str(&cells.join(";"));
            self.table.push('\n');
        }
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        vec![AnswerFile { name: name(&self.stem), ending: "csv", content: self.table.into_bytes() }]
    }
}

/// A value as RFC 4180 wants it.
fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains([';', '"', '\n', '\r']) { format!("\"{}\"", value.replace('"', "\"\"")).into() } else { value.into() }
}

#[cfg(test)]
mod tests {
    use super::super::sample::rows;
    use super::*;

    #[test]
    fn the_table_line_by_line() {
        let mut answer = Box::new(FindingsAnswer::new("list"));
        rows(|row| answer.row(row));
        let [AnswerFile { name, content, .. }] = &answer.finish()[..] else { panic!("one file") };
        let expected = "\
row;line;record_id;enp;field;code;severity;message
1;2;71;;snils;SNILS_INVALID;warning;\"the SNILS is not 11 digits with a right control number; treated as absent\"
2;3;\"a;b\";;;CHANGE_AT_WILL;superseded;changed at will
3;4;;;;CHANGE_LIMIT;refused;the right to change was used up
4;5;;3456510894000018;attached_from;FIELD_REQUIRED;error;a required field is empty
4;5;;3456510894000018;sex;SEX_INVALID;error;sex is not 1 or 2
";
        assert_eq!((name.as_str(), str::from_utf8(content)), ("list_findings", Ok(expected)));
    }
}
