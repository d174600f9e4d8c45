//! The account of a folder of answers: which request got which files. No personal data.

use std::path::PathBuf;

use serde::Serialize;

use crate::intake::AnswerFamily;

/// What was answered, as `answers.json` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswersTold {
    /// The run.
    pub run_id: String,
    /// Its as-of date, ISO.
    pub as_of: String,
    /// For each request, in the order of the job.
    pub answers: Vec<SourceAnswer>,
    /// For each clinic that lost a person, in the order of codes.
    pub notices: Vec<NoticeTold>,
    /// For each clinic that still has people attached who are dead or not insured, in the order of codes.
    pub lists: Vec<ListTold>,
    /// Where the answers are.
    #[serde(skip)]
    pub folder: PathBuf,
    /// What failed once the answers stood in their place.
    #[serde(skip)]
    pub shortfall: Option<String>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceAnswer {
    /// The request's name in the job.
    pub source: String,
    /// The form of the answer.
    pub family: AnswerFamily,
    /// Rows of the request; the sum of the next three.
    pub rows: u64,
    /// Rows that count.
    pub taken: u64,
    /// Rows with an error.
    pub faulty: u64,
    /// Rows that something else is against.
    pub refused: u64,
    /// Files below the folder of answers: the request's folder and name, changed where no file system could hold them or another answer has
    /// that place.
    pub files: Vec<String>,
    /// Why there are none: the file system took no file of such a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<String>,
}

/// A notice of detachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeTold {
    /// The clinic that lost the persons.
    pub clinic: String,
    /// How many.
    pub persons: u64,
    /// The file below the folder of answers.
    pub file: String,
}

/// A list of people whom a clinic still has attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListTold {
    /// The clinic.
    pub clinic: String,
    /// Why they stand there: `dead` or `not_insured`.
    pub cause: &'static str,
    /// Attachment records in the list.
    pub records: u64,
    /// The file below the folder of answers.
    pub file: String,
}

impl AnswersTold {
    /// What is missing though the answers stand, a sentence each: senders that could not be answered, and what failed afterwards.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let unanswered = |answer: &SourceAnswer| {
            let cause = answer.unanswered.as_ref()?;
            Some(format!(
                "`{}` is not answered: its answer cannot be written ({cause}); give its file a shorter name",
                answer.source
            ))
        };
        self.answers.iter().filter_map(unanswered).chain(self.shortfall.clone()).collect()
    }

    /// The account as it is written.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("invariant: an account is plain data");
        text.push(b'\n');
        text
    }
}
