//! Corpora: kept inputs, and the results that they must give.

use std::path::PathBuf;

use super::Target;

/// Folder of a corpus.
pub fn folder(corpus: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus")).join(corpus)
}

/// Kept input.
pub struct KeptInput {
    /// Name of the file.
    pub name: String,
    /// Content of the file.
    pub bytes: Vec<u8>,
}

/// Kept inputs of a target, in the order of names. Files that explain inputs are left out.
pub fn inputs<T: Target>() -> Vec<KeptInput> {
    let folder = folder(T::CORPUS);
    let entries = std::fs::read_dir(&folder).expect("the corpus");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
    let explains = |name: &str| [".txt", ".md", ".py"].iter().any(|ending| name.ends_with(ending));
    names.retain(|name| T::ENDING.map_or(!explains(name), |ending| name.ends_with(ending)));
    names.sort();
    let read = |name: String| KeptInput { bytes: std::fs::read(folder.join(&name)).expect("an input"), name };
    names.into_iter().map(read).collect()
}

/// Variable of the environment that makes [`replay`] write the expectations. A reviewer looks at them before they are committed.
const BLESS: &str = "SVERKA_BLESS";

/// Reads all kept inputs, and compares the lines of `describe` for each with `expected.txt` of the corpus, which must hold all inputs.
pub fn replay<T: Target>(target: &mut T, describe: impl Fn(&mut T, &[u8]) -> Vec<String>) {
    let mut found = String::new();
    for KeptInput { name, bytes: input } in inputs::<T>() {
        target.read(&input);
        found += &format!("{name}\n");
        describe(target, &input).iter().for_each(|line| found += &format!("    {line}\n"));
    }
    let path = folder(T::CORPUS).join("expected.txt");
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&path, &found).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} should be, if this is right:\n{found}", path.display());
}
