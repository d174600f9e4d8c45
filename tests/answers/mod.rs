//! Answers to the senders of the sample region in the forms of the exchange: every row is answered, in its place.

mod files;
mod names;
mod senders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sverka::answers::{AnswerOptions, JobRequestReader, answer};
use sverka::job::{Job, Source};
use sverka_model::Table;
use sverka_report::answers::{AnswerError, AnswerFamily, AnswersIndex, Dictionaries};
use tempfile::TempDir;

use crate::published::{Execution, fast_folder, load, run_loaded};
use crate::samples;

/// A published run of the sample region.
struct Answering {
    dir: TempDir,
    job: Job,
}

impl Answering {
    fn new() -> Self {
        let dir = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
        let job = load(&samples::folder().join("job.toml"), &dir.path().join("out"));
        run_loaded(&job, Execution::default()).unwrap_or_else(|error| panic!("{error}"));
        Self { dir, job }
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("answers")
    }

    fn answer(&self, family: &dyn Fn(&Source) -> AnswerFamily) -> Result<AnswersIndex, AnswerError> {
        let dictionaries = Dictionaries::built_in();
        let out = self.out();
        let options = AnswerOptions { run: None, out: Some(&out), family, dictionaries: &dictionaries };
        answer(&self.job, &JobRequestReader::new(&self.job), &options)
    }
}

/// The family of a source: lists for registers, attachment CSV for attachments.
fn exchanged(source: &Source) -> AnswerFamily {
    if source.layout.gives(Table::Register) { AnswerFamily::Oplist } else { AnswerFamily::Mo }
}

/// Every file below a folder, by its path within the folder.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let name = entry.strip_prefix(folder).expect("below it").to_str().expect("a name of ours").to_owned();
                found.insert(name, std::fs::read(&entry).expect("a file"));
            }
        }
    }
    found
}

/// Name and content of the only member of an archive.
pub fn unzipped(bytes: &[u8]) -> (String, Vec<u8>) {
    let archive = rawzip::ZipArchive::from_slice(bytes).expect("an archive");
    let mut entries = archive.entries();
    let record = entries.next_entry().expect("a directory").expect("a member");
    let name = std::str::from_utf8(record.file_path().as_ref()).expect("a name").to_owned();
    let entry = archive.get_entry(record.wayfinder()).expect("its place");
    let mut content = Vec::new();
    let mut reader = entry.verifying_reader(flate2::read::DeflateDecoder::new(entry.data()));
    std::io::Read::read_to_end(&mut reader, &mut content).expect("whole, with the right checksum");
    assert!(entries.next_entry().expect("a directory").is_none(), "one member");
    (name, content)
}

/// The rows of a file of the attachment CSV family in the way of its readers: split on `;`, quotes stripped. Letters that are not ASCII become `ж`.
fn cells(content: &[u8]) -> Vec<Vec<String>> {
    let text: String = content.iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { 'ж' }).collect();
    let cells = |line: &str| line.split(';').map(|cell| cell.trim_matches('"').to_owned()).collect();
    text.split_terminator("\r\n").map(cells).collect()
}
