//! A copy of the sample region that a test may change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Ended, sverka};
use crate::samples;

/// A job and its files in a folder of their own.
pub struct Project {
    dir: TempDir,
}

impl Project {
    /// A copy of the sample region: registers, attachments, reference tables and job, without a published run.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        for file in ["job.toml", "overrides.toml"] {
            fs::copy(samples::folder().join(file), dir.path().join(file)).expect("job");
        }
        for folder in ["registers", "attachments", "reference"] {
            fs::create_dir(dir.path().join(folder)).expect("folder");
            for file in fs::read_dir(samples::folder().join(folder)).expect("samples") {
                let file = file.expect("file");
                fs::copy(file.path(), dir.path().join(folder).join(file.file_name())).expect("copy");
            }
        }
        Self { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The path of a file as an argument.
    pub fn argument(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("written");
    }

    /// Replaces a text that is in a file once.
    pub fn replace(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(name)).expect("text");
        assert_eq!(text.matches(old).count(), 1, "{old} in {name}");
        self.write(name, text.replace(old, new));
    }

    /// The number, from 1, of the first line with this text.
    pub fn line(&self, name: &str, text: &str) -> usize {
        let content = fs::read_to_string(self.path(name)).expect("text");
        1 + content.lines().position(|line| line.contains(text)).expect("the text is in the file")
    }

    /// `sverka run` on the job.
    pub fn run(&self, more: &[&str]) -> Ended {
        sverka(&[&["run", &self.argument("job.toml")], more].concat())
    }

    /// Every file and link below the folder with its content, `out` included.
    pub fn content(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        content_of(self.dir.path())
    }
}

/// Every file, link and folder below a folder, by its path within the folder.
pub(super) fn content_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut content = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("folder") {
            let path = entry.expect("entry").path();
            let name = path.strip_prefix(folder).expect("below").to_owned();
            if path.is_symlink() {
                content.insert(name, fs::read_link(&path).expect("link").into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                content.insert(name, Vec::new());
                folders.push(path);
            } else {
                content.insert(name, fs::read(&path).expect("file"));
            }
        }
    }
    content
}

/// View of an output folder by its readers: the names in `runs`, and the target of `current`.
pub(super) fn visible_runs(out: &Path) -> (Vec<String>, Option<PathBuf>) {
    let runs = fs::read_dir(out.join("runs")).into_iter().flatten();
    let names = runs.map(|run| run.expect("run").file_name().into_string().expect("UTF-8")).collect();
    (names, fs::read_link(out.join("current")).ok())
}
