//! The corpora: inputs that are kept, and what must come out of them.

use std::path::PathBuf;

use super::Target;

/// The folder of a corpus.
pub fn folder(corpus: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus")).join(corpus)
}

/// The kept inputs of a target in the order of their names; what explains them is none.
pub fn inputs<T: Target>() -> Vec<(String, Vec<u8>)> {
    let folder = folder(T::CORPUS);
    let entries = std::fs::read_dir(&folder).expect("the corpus");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
    let explains = |name: &str| [".txt", ".md", ".py"].iter().any(|ending| name.ends_with(ending));
    names.retain(|name| T::ENDING.map_or(!explains(name), |ending| name.ends_with(ending)));
    names.sort();
    names.into_iter().map(|name| std::fs::read(folder.join(&name)).map(|bytes| (name, bytes)).expect("an input")).collect()
}

/// Set to write the expectations anew, to be looked at before they are kept.
const BLESS: &str = "SVERKA_BLESS";

/// Reads all kept inputs, and compares what `told` gives for each with `expected.txt` beside them, which must have them all.
pub fn replay<T: Target>(target: &mut T, told: impl Fn(&mut T, &[u8]) -> Vec<String>) {
    let mut found = String::new();
    for (name, input) in inputs::<T>() {
        target.read(&input);
        found += &format!("{name}\n");
        told(target, &input).iter().for_each(|line| found += &format!("    {line}\n"));
    }
    let path = folder(T::CORPUS).join("expected.txt");
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&path, &found).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} should be, if this is right:\n{found}", path.display());
}
