//! Paths of answer files: names that every file system can hold, and a path of its own for each answer.
//!
//! Names of sources come from senders. A name that is too long, or that some file system cannot hold, is changed and ends in a hash of the original
//! name, so that two names stay two. An answer whose path is taken, or whose folder is the file of another answer, moves to a folder of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most bytes of a name in the usual file systems.
const NAME_BYTES_MAX: usize = 255;
/// Most bytes of the folders of an answer. A path may have 4096 bytes, with the folder of answers.
const FOLDERS_BYTES_MAX: usize = 1024;
/// Hexadecimal digits of the hash behind a changed name.
const HASH_DIGITS: usize = 8;
/// Ending of packed answers.
pub(super) const ENDING: &str = ".zip";

/// Names that Windows takes for a device, with any ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// File name of an answer, without ending, that every file system can hold. A name that all can hold is kept.
pub(super) fn file_name(name: &str) -> String {
    storable(name, NAME_BYTES_MAX - ENDING.len())
}

/// Files of an answer that needs a folder.
pub(super) struct AnswerFiles<'a> {
    /// Name of the source.
    pub source: &'a str,
    /// Folders of the source, without `..`.
    pub folders: Vec<&'a str>,
    /// Names of the files, without ending.
    pub files: Vec<String>,
}

/// Folders of answers.
///
/// The first choice is the folder of the source. If its files are taken there, or something else is in the way, the
/// second choice is a folder with the name of the source in it, and the last one a folder with a hash as its name.
pub(super) fn folders(answers: &[AnswerFiles<'_>], reserved: ReservedNames<'_>) -> Vec<PathBuf> {
    let keys = |names: &[&str]| names.iter().map(|name| key(Path::new(name))).collect();
    let mut taken = TakenPaths { files: keys(reserved.files), folders: keys(reserved.folders) };
    answers.iter().map(|answer| folder_of(answer, &mut taken)).collect()
}

/// Names in the folder of answers that no answer may take.
#[derive(Clone, Copy)]
pub(super) struct ReservedNames<'r> {
    pub files: &'r [&'r str],
    pub folders: &'r [&'r str],
}

fn folder_of(answer: &AnswerFiles<'_>, taken: &mut TakenPaths) -> PathBuf {
    let own = answer.source.rsplit('/').next().unwrap_or_default();
    let folder: PathBuf = answer.folders.iter().map(|name| storable(name, NAME_BYTES_MAX)).collect();
    let hashes = (0_u32..).map(|attempt| PathBuf::from(format!("_{}", hash(&format!("{attempt}/{}", answer.source)))));
    let candidates = [folder.clone(), folder.join(storable(own, NAME_BYTES_MAX))];
    let short = candidates.into_iter().filter(|folder| folder.as_os_str().len() <= FOLDERS_BYTES_MAX);
    let files: Vec<String> = answer.files.iter().map(|name| file_name(name) + ENDING).collect();
    let mut free = short.chain(hashes).filter(|folder| taken.take(folder, &files));
    free.next().expect("invariant: some hash is free")
}

/// Paths that are taken, as [`key`] compares them.
struct TakenPaths {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl TakenPaths {
    /// Takes the paths of files in a folder when all are free; returns whether they were.
    fn take(&mut self, folder: &Path, files: &[String]) -> bool {
        let folders: Vec<String> = folder.ancestors().filter(|above| !above.as_os_str().is_empty()).map(key).collect();
        let files: Vec<String> = files.iter().map(|file| key(&folder.join(file))).collect();
        let is_free = folders.iter().all(|folder| !self.files.contains(folder))
            && files.iter().all(|file| !self.files.contains(file) && !self.folders.contains(file));
        if is_free {
            self.folders.extend(folders);
            self.files.extend(files);
        }
        is_free
    }
}

/// Path as it is compared by file systems that ignore case and treat a letter with a combining mark as one letter.
fn key(path: &Path) -> String {
    let combining = |letter: &char| ('\u{300}'..='\u{36F}').contains(letter);
    let plain = |letter| match letter {
        'й' => 'и',
        'ё' => 'е',
        other => other,
    };
    path.to_string_lossy().to_lowercase().chars().filter(|letter| !combining(letter)).map(plain).collect()
}

/// Name of at most `bytes_max` bytes that every file system can hold; unchanged when it already is one.
fn storable(name: &str, bytes_max: usize) -> String {
    let mut plain: String = name.chars().map(|letter| if is_awkward(letter) { '_' } else { letter }).collect();
    if plain.is_empty() || plain.starts_with(['.', ' ']) || is_device(&plain) {
        plain.insert(0, '_');
    }
    if plain.ends_with(['.', ' ']) {
        plain.push('_');
    }
    if plain == name && plain.len() <= bytes_max {
        return plain;
    }
    let suffix = format!("_{}", hash(name));
    plain.truncate(prefix_bytes(&plain, bytes_max - suffix.len()));
    plain + &suffix
}

/// Bytes of the longest prefix of a text that has at most `bytes_max` bytes and ends behind a whole letter.
fn prefix_bytes(text: &str, bytes_max: usize) -> usize {
    (0..=bytes_max.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..HASH_DIGITS].to_owned()
}

/// Whether some file system cannot hold a character, or the character is invisible or changes the direction of a line.
fn is_awkward(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: ReservedNames<'_> = ReservedNames { files: &[], folders: &[] };

    fn answer<'a>(source: &'a str, files: &[&str]) -> AnswerFiles<'a> {
        let folders = source.rsplit_once('/').map_or_else(Vec::new, |(folders, _)| folders.split('/').collect());
        AnswerFiles { source, folders, files: files.iter().map(|&file| file.to_owned()).collect() }
    }

    fn placed(answers: &[AnswerFiles<'_>]) -> Vec<String> {
        folders(answers, NOTHING).iter().map(|folder| folder.to_str().expect("UTF-8").to_owned()).collect()
    }

    #[test]
    fn a_name_that_file_systems_hold_is_kept() {
        for name in ["E2980101", "Прил. 1", "a~b#c", "console", "ё".repeat(125).as_str()] {
            assert_eq!(file_name(name), name);
        }
    }

    #[test]
    fn other_names_are_changed_and_stay_apart() {
        let long = ["ё".repeat(300), "ё".repeat(301), "a".repeat(252)];
        let odd =
            ["..", ".hidden", "a.", "a ", " a", "CON", "nul.x", "COM1 .y", "a/b", "a\\b", "a:b", "a*b", "a\u{202E}b", "a\0b", ""];
        let mut seen = BTreeSet::new();
        for name in long.iter().map(String::as_str).chain(odd) {
            let stored = file_name(name);
            assert!(stored.len() + ENDING.len() <= NAME_BYTES_MAX && stored != name, "{stored:?}");
            assert!(
                !stored.contains(is_awkward) && !is_device(&stored) && !stored.starts_with('.') && !stored.ends_with(['.', ' ']),
                "{stored:?}"
            );
            assert!(seen.insert(stored), "{name:?}");
        }
    }

    #[test]
    fn an_answer_stands_in_the_folder_of_its_source() {
        assert_eq!(placed(&[answer("in/a.zip/MO2x.csv", &["E2x"]), answer("MO2x.csv", &["E2x"])]), ["in/a.zip", ""]);
    }

    #[test]
    fn answers_of_one_name_have_folders_of_their_own_also_where_case_does_not_count() {
        let answers = [answer("MO2x.csv", &["E2x"]), answer("MO2x.dbf", &["E2x"]), answer("mo2X.txt", &["E2X"])];
        assert_eq!(placed(&answers), ["", "MO2x.dbf", "mo2X.txt"]);
        assert_eq!(placed(&[answer("й.csv", &["й"]), answer("и\u{306}.csv", &["и\u{306}"])]), ["", "и\u{306}.csv"]);
    }

    #[test]
    fn the_file_of_an_answer_and_the_folder_of_another_do_not_meet() {
        let (file, folder) = (|| answer("MO2x.csv", &["E2x"]), || answer("E2x.zip/MO2y.csv", &["E2y"]));
        assert_eq!(placed(&[folder(), file()]), ["E2x.zip", "MO2x.csv"]);
        let moved = placed(&[file(), folder()]);
        assert!(moved[0].is_empty() && moved[1].starts_with('_') && !moved[1].contains('/'), "{moved:?}");
    }

    #[test]
    fn names_of_others_are_not_taken() {
        let reserved = ReservedNames { files: &["answers.json"], folders: &["notices.zip"] };
        let answers = [answer("answers.json/a.csv", &["a"]), answer("notices.csv", &["notices"])];
        let found = folders(&answers, reserved);
        assert!(found[0].to_str().is_some_and(|name| name.starts_with('_')) && found[1] == Path::new("notices.csv"), "{found:?}");
    }

    #[test]
    fn folders_without_end_are_one_folder() {
        let source = format!("{}a.csv", "folder/".repeat(300));
        let found = placed(&[answer(&source, &["a"])]);
        assert!(found[0].len() < 20 && found[0].starts_with('_'), "{found:?}");
    }
}
