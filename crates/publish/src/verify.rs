//! Comparison of a published run with its manifest: names, sizes, hashes, and the id that follows from its inputs.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use rayon::prelude::*;

use super::disk::{look_at, uninterrupted};
use super::{Manifest, Output, PublishError, SummaryFiles};

/// Files of a run that are no outputs. The summary holds times and a judgement, so it has no hash.
const BESIDE_TABLES: [&str; 3] = [Manifest::FILE_NAME, SummaryFiles::TEXT, SummaryFiles::JSON];

/// Difference between a run and its manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Name of the file in the folder of the run.
    pub file: String,
    /// Kind of the difference.
    pub kind: DifferenceKind,
}

/// Kind of difference between a file of a run and the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// The manifest names the file, and it is absent.
    Missing,
    /// The file has another size.
    Size {
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes of the file.
        found: u64,
    },
    /// The file has the right size and another content.
    Content,
    /// The manifest does not name the file.
    Unnamed,
    /// The manifest belongs to another run than the name of the folder.
    OtherRun,
    /// The run id does not follow from the inputs in the manifest: the manifest was changed.
    OtherInputs,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, kind } = self;
        match kind {
            DifferenceKind::Missing => write!(out, "{file} is missing"),
            DifferenceKind::Size { expected, found } => write!(out, "{file} has {found} bytes instead of {expected}"),
            DifferenceKind::Content => write!(out, "{file} has another content than was published"),
            DifferenceKind::Unnamed => write!(out, "{file} is not named by the manifest"),
            DifferenceKind::OtherRun => write!(out, "{file} is of another run than its folder"),
            DifferenceKind::OtherInputs => {
                write!(out, "{file} was changed: the run's id does not follow from the inputs that it names")
            }
        }
    }
}

/// Differences between the run in `dir` and its manifest, sorted by file; empty when the run is unchanged. `go_on` gets the number of bytes that were read,
/// and returns whether to read on; the result is incomplete when it returns `false`.
///
/// # Errors
/// When something cannot be examined or read. That is not the same as a difference.
pub fn differences(
    dir: &Path,
    manifest: &Manifest,
    go_on: &(dyn Fn(u64) -> bool + Sync),
) -> Result<Vec<Difference>, PublishError> {
    let difference = |file: &str, kind| Difference { file: file.to_owned(), kind };
    let outputs = manifest.outputs.par_iter().map(|output| {
        let kind = difference_of(&dir.join(&output.file), output, go_on)?;
        Ok(kind.map(|kind| difference(&output.file, kind)))
    });
    let mut found: Vec<Difference> = outputs.filter_map(Result::transpose).collect::<Result<_, PublishError>>()?;
    let named: BTreeSet<&str> = manifest.outputs.iter().map(|output| output.file.as_str()).chain(BESIDE_TABLES).collect();
    for entry in uninterrupted(|| fs::read_dir(dir)).map_err(PublishError::io("read", dir))? {
        let name = entry.map_err(PublishError::io("read", dir))?.file_name();
        let name = name.to_string_lossy();
        if !named.contains(&*name) {
            found.push(difference(&name, DifferenceKind::Unnamed));
        }
    }
    if dir.file_name().is_none_or(|name| name.to_str() != Some(&manifest.run_id)) {
        found.push(difference(Manifest::FILE_NAME, DifferenceKind::OtherRun));
    }
    if manifest.id_of_inputs() != manifest.run_id {
        found.push(difference(Manifest::FILE_NAME, DifferenceKind::OtherInputs));
    }
    found.sort();
    Ok(found)
}

fn difference_of(
    path: &Path,
    output: &Output,
    go_on: &(dyn Fn(u64) -> bool + Sync),
) -> Result<Option<DifferenceKind>, PublishError> {
    let Some(found) = look_at(path)? else { return Ok(Some(DifferenceKind::Missing)) };
    if !found.is_file() || found.len() != output.bytes {
        return Ok(Some(DifferenceKind::Size { expected: output.bytes, found: found.len() }));
    }
    let hash = hash_of(path, go_on)?;
    Ok(hash.filter(|hash| *hash != output.blake3).map(|_| DifferenceKind::Content))
}

/// BLAKE3 of a file; `None` when `go_on` ended the reading.
fn hash_of(path: &Path, go_on: &(dyn Fn(u64) -> bool + Sync)) -> Result<Option<String>, PublishError> {
    const BUFFER_BYTES: usize = 1 << 20;
    let mut file = uninterrupted(|| File::open(path)).map_err(PublishError::io("read", path))?;
    let (mut hasher, mut buffer) = (blake3::Hasher::new(), vec![0; BUFFER_BYTES]);
    loop {
        let bytes = uninterrupted(|| file.read(&mut buffer)).map_err(PublishError::io("read", path))?;
        if bytes == 0 {
            return Ok(Some(hasher.finalize().to_hex().to_string()));
        }
        hasher.update(&buffer[..bytes]);
        if !go_on(bytes as u64) {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::manifest;
    use super::super::{OutputTable, write_table};
    use super::*;

    /// Folder of a run with two tables, and its manifest.
    fn run() -> (tempfile::TempDir, std::path::PathBuf, Manifest) {
        let out = tempfile::tempdir().expect("folder");
        let tables = [OutputTable::Persons, OutputTable::Findings];
        let written = |dir: &Path| tables.map(|table| write_table(dir, table, []).expect("a table"));
        let draft = manifest("", &written(out.path()));
        let run_id = draft.id_of_inputs();
        let dir = out.path().join(&run_id);
        fs::create_dir(&dir).expect("folder");
        written(&dir);
        let manifest = Manifest { run_id, ..draft };
        manifest.write(&dir).expect("a manifest");
        (out, dir, manifest)
    }

    fn found(dir: &Path, manifest: &Manifest) -> Vec<String> {
        let found = differences(dir, manifest, &|_| true).expect("readable");
        found.iter().map(Difference::to_string).collect()
    }

    #[test]
    fn a_run_as_it_was_published_differs_in_nothing() {
        let (_out, dir, manifest) = run();
        assert_eq!(found(&dir, &manifest), [""; 0]);
    }

    #[test]
    fn one_byte_is_enough() {
        let (_out, dir, manifest) = run();
        let path = dir.join("persons.parquet");
        let content = fs::read(&path).expect("a table");
        for at in [0, content.len() / 2, content.len() - 1] {
            let mut spoiled = content.clone();
            spoiled[at] ^= 1;
            fs::write(&path, spoiled).expect("written");
            assert_eq!(found(&dir, &manifest), ["persons.parquet has another content than was published"]);
        }
    }

    #[test]
    fn tables_that_are_gone_cut_or_strange_are_named() {
        let (_out, dir, manifest) = run();
        fs::remove_file(dir.join("findings.parquet")).expect("removed");
        let bytes = manifest.outputs[0].bytes;
        File::options().write(true).open(dir.join("persons.parquet")).and_then(|file| file.set_len(bytes - 1)).expect("cut");
        fs::write(dir.join("more.parquet"), "").expect("written");
        let size = format!("persons.parquet has {} bytes instead of {bytes}", bytes - 1);
        let expected = ["findings.parquet is missing", "more.parquet is not named by the manifest", &size];
        assert_eq!(found(&dir, &manifest), expected);
    }

    #[test]
    fn a_manifest_of_other_inputs_or_another_run_is_noticed() {
        let (_out, dir, manifest) = run();
        let mut changed = manifest.clone();
        changed.inputs[0].blake3 = "11".repeat(32);
        assert_eq!(
            found(&dir, &changed),
            ["manifest.json was changed: the run's id does not follow from the inputs that it names"]
        );
        let moved = dir.with_file_name("2026-11-01-00");
        fs::rename(&dir, &moved).expect("moved");
        assert_eq!(found(&moved, &manifest), ["manifest.json is of another run than its folder"]);
    }
}
