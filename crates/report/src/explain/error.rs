//! Errors of explaining.

use crate::published::PublishedError;
use crate::table_reader::ReadError;
use sverka_publish::PublishError;
use sverka_rules::{Language, Text};

/// Reasons why a question cannot be answered. No message repeats the question, which may hold a personal number.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The run has no manifest that can be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// A table is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run has no such table.
    #[error(
        "the run {run} has no table `{table}`, which this question needs; add it to `tables` of the job and run it again, or ask by the person's number"
    )]
    NoTable {
        /// The run.
        run: String,
        /// The table.
        table: &'static str,
    },
    /// The run read no such source.
    #[error("the run {run} read no source of that name; its sources are named {sources}")]
    NoSource {
        /// The run.
        run: String,
        /// Names of sources that it did read, the most similar first.
        sources: String,
    },
    /// Nobody has the name and birth date of the question.
    #[error(
        "the run {run} knows nobody of this surname and birth date; check both, or ask by a number or by --record SOURCE:LINE (the run holds the names of \
         those in its register, of those whose insurer left, and of those who are attached without insurance)"
    )]
    NobodyNamed {
        /// The run.
        run: String,
    },
    /// No record of the id is left.
    #[error(
        "the run {run} has no record of this person any more; none has been there since the run {since}, and the id is given to nobody else"
    )]
    Gone {
        /// The run.
        run: String,
        /// Earliest run without a record, among those that are still there.
        since: String,
    },
    /// Nobody has the number of the question.
    #[error("the run {run} knows nobody by this {}; check it, or ask by another number or by --record SOURCE:LINE", by.en)]
    Nobody {
        /// The run.
        run: String,
        /// Kind of question.
        by: Text,
    },
    /// Nobody has this number, which looks like a mistyped ENP.
    #[error(
        "the run {run} knows nobody by this number; it has 16 digits as an ENP does, but {}: it is mistyped, so compare it with the policy",
        fault.en
    )]
    NotAnEnp {
        /// The run.
        run: String,
        /// Fault of the number as an ENP.
        fault: Text,
    },
}

impl ExplainError {
    /// Message in a language. Messages about a run as a whole are in English only.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::Run(_) | Self::Manifest(_) | Self::Read(_) => self.to_string(),
            Self::NoTable { run, table } => format!(
                "в запуске {run} нет таблицы `{table}`, без которой на этот вопрос не ответить; добавьте её в `tables` задания и повторите запуск или \
                спросите по номеру лица"
            ),
            Self::NoSource { run, sources } => {
                format!("запуск {run} не читал файла с таким именем; имена его файлов: {sources}")
            }
            Self::NobodyNamed { run } => format!(
                "в запуске {run} нет никого с такими фамилией и датой рождения; проверьте их или спросите по номеру либо по записи (--record \
                ИСТОЧНИК:СТРОКА). В запуске есть имена тех, кто в регистре, чья страховая организация прекратила работу и кто прикреплён без страхования"
            ),
            Self::Gone { run, since } => format!(
                "в запуске {run} больше нет записей этого лица; их нет начиная с запуска {since}, и номер никому другому не даётся"
            ),
            Self::Nobody { run, by } => format!(
                "запуск {run} не знает никого по такому вопросу: {}; проверьте его или спросите по другому номеру либо по записи (--record \
                ИСТОЧНИК:СТРОКА)",
                by.ru
            ),
            Self::NotAnEnp { run, fault } => format!(
                "запуск {run} не знает никого с таким номером; в нём 16 цифр, как в ЕНП, но {}: номер набран с ошибкой, сверьте его с полисом",
                fault.ru
            ),
        }
    }
}
