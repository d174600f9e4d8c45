//! The folder of answers, and runs that cannot be answered.

use std::fs;
use std::process::Command;

use sverka::answers::{AnswerOptions, JobRequestReader, answer};
use sverka_report::answers::{AnswerError, AnswersIndex, Dictionaries, RequestError, RequestReader, RequestRow};

use super::{Answering, cells, exchanged, files, unzipped};
use crate::samples;

/// Runs the program, and fails unless it exits with this code. Returns standard output and standard error.
fn sverka(arguments: &[&str], code: i32) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sverka")).args(arguments).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{stdout}{stderr}");
    (stdout, stderr)
}

#[test]
fn a_second_call_gives_the_same_bytes() {
    let answering = Answering::new();
    answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let first = files(&answering.out());
    answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    assert!(first == files(&answering.out()), "answers differ");
    assert!(first.contains_key("answers.json"), "{:?}", first.keys());
}

#[test]
fn answers_stand_in_the_output_folder_of_the_run() {
    let out = tempfile::tempdir().expect("temporary folder");
    let job = samples::folder().join("job.toml");
    let (job, output) = (job.to_str().expect("UTF-8"), out.path().to_str().expect("UTF-8"));
    sverka(&["run", job, "--output", output, "--quiet"], 0);
    let (stdout, _) = sverka(&["answers", job, "--output", output], 0);
    assert!(stdout.contains("Sources answered   11"), "{stdout}");
    let current = fs::read_link(out.path().join("current")).expect("a run");
    let folder = out.path().join("answers").join(current.file_name().expect("its id"));
    assert!(folder.join("attachments/980101_20261031_findings.zip").is_file(), "{}", folder.display());
    sverka(&["answers", job, "--output", output, "--run", "2026-11-01-00"], 2);
}

#[test]
fn a_request_that_changed_since_the_run_is_not_answered() {
    let project = tempfile::tempdir().expect("temporary folder");
    for folder in ["registers", "attachments", "reference"] {
        fs::create_dir(project.path().join(folder)).expect("a folder");
        for file in fs::read_dir(samples::folder().join(folder)).expect("samples").map(|file| file.expect("a file")) {
            fs::copy(file.path(), project.path().join(folder).join(file.file_name())).expect("a copy");
        }
    }
    for file in ["job.toml", "overrides.toml"] {
        fs::copy(samples::folder().join(file), project.path().join(file)).expect("a copy");
    }
    let job = project.path().join("job.toml");
    let job = job.to_str().expect("UTF-8");
    sverka(&["run", job, "--quiet"], 0);
    let request = project.path().join("attachments/980101_20261031.csv");
    let mut content = fs::read(&request).expect("a request");
    content.extend_from_slice(b"\r\n");
    fs::write(&request, content).expect("a changed request");
    let (_, stderr) = sverka(&["answers", job], 3);
    assert!(stderr.contains("`attachments/980101_20261031.csv` has changed since the run"), "{stderr}");
    let answers = project.path().join("out/answers");
    assert!(!answers.exists() || fs::read_dir(answers).expect("a folder").next().is_none(), "nothing was written");
    fs::remove_file(&request).expect("a removed request");
    let (_, stderr) = sverka(&["answers", job], 8);
    assert!(stderr.contains("which is not there any more; put the file back"), "{stderr}");
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let answering = Answering::new();
    fs::create_dir(answering.out()).expect("a folder");
    fs::write(answering.out().join("letter.txt"), b"mine").expect("a file");
    assert!(matches!(answering.answer(&exchanged), Err(AnswerError::Occupied { .. })));
    assert_eq!(files(&answering.out()).len(), 1);
}

#[test]
fn a_table_that_was_not_written_is_named() {
    let answering = Answering::new();
    fs::remove_file(answering.job.output.join("current/decisions.parquet")).expect("a table");
    let error = answering.answer(&exchanged).expect_err("no decisions");
    assert!(matches!(error, AnswerError::NoTable { table: "decisions", .. }), "{error}");
    assert!(!answering.out().exists(), "nothing is left");
}

/// Reader that reports rows on other lines than they are on.
struct WrongLines<'j> {
    requests: JobRequestReader<'j>,
    /// Reported line of a row by its true line; `None` for a row that is left out.
    line: fn(u64) -> Option<u64>,
}

impl RequestReader for WrongLines<'_> {
    fn content_hash(&self, source: &str) -> Result<String, RequestError> {
        self.requests.content_hash(source)
    }

    fn visit_rows(&self, source: &str, visit: &mut dyn FnMut(&RequestRow<'_>)) -> Result<(), RequestError> {
        self.requests.visit_rows(source, &mut |row| {
            if let Some(line) = (self.line)(row.line) {
                visit(&RequestRow { line, field: row.field, shape: row.shape, date: row.date });
            }
        })
    }
}

fn answer_with_wrong_lines(answering: &Answering, line: fn(u64) -> Option<u64>) -> Result<AnswersIndex, AnswerError> {
    let dictionaries = Dictionaries::built_in();
    let out = answering.out();
    let options = AnswerOptions { run: None, out: Some(&out), family: &exchanged, dictionaries: &dictionaries };
    answer(&answering.job, &WrongLines { requests: JobRequestReader::new(&answering.job), line }, &options)
}

#[test]
fn rows_that_a_reader_leaves_out_are_no_rows_of_the_answer() {
    let answering = Answering::new();
    let index = answer_with_wrong_lines(&answering, |line| (line < 30).then_some(line)).unwrap_or_else(|error| panic!("{error}"));
    let source = index.answers.iter().find(|answer| answer.source == "attachments/980102_20261031.csv").expect("a source");
    let (_, results) = unzipped(&files(&answering.out())[&source.files[0]]);
    assert_eq!((source.rows, cells(&results).len()), (38, 28));
}

#[test]
fn rows_on_other_lines_than_in_the_run_are_not_answered() {
    let answering = Answering::new();
    let error = answer_with_wrong_lines(&answering, |line| Some(line + 1)).expect_err("other lines");
    assert!(matches!(error, AnswerError::Rows { .. }), "{error}");
    assert!(!answering.out().exists(), "nothing is left");
}
