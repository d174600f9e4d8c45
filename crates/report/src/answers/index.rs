//! Index of a folder of answers: the files of each request. It holds no personal data.

use std::path::PathBuf;

use serde::Serialize;

use sverka_intake::AnswerFamily;

/// Index of a folder of answers, as in `answers.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswersIndex {
    /// Id of the run.
    pub run_id: String,
    /// As-of date of the run, ISO.
    pub as_of: String,
    /// Answers to requests, in the order of the job.
    pub answers: Vec<SourceAnswer>,
    /// Notices to clinics that lost a person, in the order of codes.
    pub notices: Vec<NoticeFile>,
    /// Lists to clinics with attached people who are dead or not insured, in the order of codes.
    pub lists: Vec<ListFile>,
    /// Folder of the answers.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Failure after the answers were put in their place.
    #[serde(skip)]
    pub shortfall: Option<String>,
}

/// Answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceAnswer {
    /// Name of the source in the job.
    pub source: String,
    /// Form of the answer.
    pub family: AnswerFamily,
    /// Rows of the request; the sum of the taken, faulty and refused rows.
    pub rows: u64,
    /// Rows that count.
    pub taken: u64,
    /// Rows with an error.
    pub faulty: u64,
    /// Rows in order that another record, the law or a death is against.
    pub refused: u64,
    /// Files below the folder of answers. They have the folder and the name of the request, changed if some file system
    /// cannot hold them or if another answer has that path.
    pub files: Vec<String>,
    /// The reason why there are no files: the error of a file system that takes no file of such a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<String>,
}

/// Notice of detachment to a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeFile {
    /// Clinic that lost the persons.
    pub clinic: String,
    /// Persons of the notice.
    pub persons: u64,
    /// File below the folder of answers.
    pub file: String,
}

/// List of people whom a clinic still has attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListFile {
    /// Clinic.
    pub clinic: String,
    /// Cause of the list: `dead` or `not_insured`.
    pub cause: &'static str,
    /// Attachment records of the list.
    pub records: u64,
    /// File below the folder of answers.
    pub file: String,
}

impl AnswersIndex {
    /// Sentences about everything that is missing though the folder is published: senders without an answer, and the
    /// failure afterwards.
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

    /// Content of `answers.json`.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("invariant: an index is plain data");
        text.push(b'\n');
        text
    }
}
