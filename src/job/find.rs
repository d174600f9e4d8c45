//! The files that a pattern matches. A file or folder that cannot be looked at is an error with its name, never a file less.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use sverka_formats::{DecodedName, possible_names};

/// As shells match: `*` leaves hidden files alone.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// A pattern of files, with the folder that it begins in.
#[derive(Debug)]
pub(super) struct FilePattern {
    /// The part without special characters, as written: the beginning of every name.
    prefix: String,
    folder: PathBuf,
    parts: Vec<Part>,
}

/// A part of a pattern between two `/`.
#[derive(Debug)]
enum Part {
    Literal(String),
    Wild(Pattern),
    /// `**`: any folders, also none.
    Folders,
}

/// A file that a pattern matches.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FoundFile {
    /// The file's name as the job gives it, with `/` between folders.
    pub name: String,
    pub path: PathBuf,
    /// Whether a part of the name on the disk is no readable text, so that the name is another.
    pub is_renamed: bool,
}

/// Why the files of a pattern cannot be told.
#[derive(Debug)]
pub(super) enum FindError {
    /// A file or folder cannot be looked at.
    Look { name: String, cause: io::Error },
    /// A file or folder that its folder listed is gone.
    Gone { name: String },
    /// Something that is neither file nor folder.
    Kind { name: String, kind: &'static str },
}

impl FilePattern {
    /// A pattern as a job writes it; `folder_of` gives the folder of its literal part.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn new(written: &str, folder_of: impl Fn(&str) -> PathBuf) -> Result<Self, &'static str> {
        let special = written.find(SPECIAL).unwrap_or(written.len());
        let (prefix, rest) = written.split_at(written[..special].rfind('/').map_or(0, |slash| slash + 1));
        let parts = rest.split('/').filter(|part| !part.is_empty()).map(part).collect::<Result<_, _>>()?;
        // Without a slash at its end, behind which a link could not be told from nothing.
        let folder: PathBuf = folder_of(prefix).components().collect();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        Ok(Self { prefix: prefix.to_owned(), folder, parts })
    }

    /// The files that it matches, sorted by path.
    ///
    /// # Errors
    /// When something that could be such a file cannot be looked at, or is no file.
    pub fn files(&self) -> Result<Vec<FoundFile>, FindError> {
        let folder = Folder { path: &self.folder, name: &self.prefix, is_renamed: false };
        let Some(metadata) = look(folder.path, folder.shown(), Listed::No)?.filter(Metadata::is_dir) else {
            return Ok(Vec::new());
        };
        let mut search = Search { found: BTreeMap::new(), within: vec![identity(&metadata)] };
        search.folder(folder, &self.parts)?;
        Ok(search.found.into_values().collect())
    }

    /// The folder of its literal part.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it would match a file of this path below its folder, whether or not there is one.
    pub fn would_match(&self, below: &Path, reach: Reach) -> bool {
        let names: Vec<OsString> = below.iter().map(ToOwned::to_owned).collect();
        matches(&self.parts, &names, reach)
    }
}

const SPECIAL: [char; 3] = ['*', '?', '['];

fn part(written: &str) -> Result<Part, &'static str> {
    match written {
        "**" => Ok(Part::Folders),
        _ if written.contains(SPECIAL) => Pattern::new(written).map(Part::Wild).map_err(|error| error.msg),
        _ => Ok(Part::Literal(written.to_owned())),
    }
}

/// Which files are meant by a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The file of that path.
    ThisFile,
    /// Files of any names in that folder and below.
    AnythingBelow,
}

fn matches(parts: &[Part], names: &[OsString], reach: Reach) -> bool {
    match (parts, names) {
        ([], []) => reach == Reach::ThisFile,
        ([_, ..], []) if reach == Reach::AnythingBelow => true,
        ([Part::Folders, rest @ ..], _) => {
            let goes_down = |(first, others): (&OsString, &[OsString])| !is_hidden(first) && matches(parts, others, reach);
            matches(rest, names, reach) || names.split_first().is_some_and(goes_down)
        }
        ([part, rest @ ..], [first, others @ ..]) => part.fits(first) && matches(rest, others, reach),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

impl Part {
    /// Whether one name fits.
    fn fits(&self, name: &OsStr) -> bool {
        match self {
            Self::Literal(literal) => name.to_str() == Some(literal),
            Self::Wild(pattern) => possible_names(name).iter().any(|reading| pattern.matches_with(&reading.text, MATCHING)),
            Self::Folders => true,
        }
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a path was seen in the list of its folder: then it is there, and must be something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
}

/// A folder that is searched.
#[derive(Clone, Copy)]
struct Folder<'s> {
    path: &'s Path,
    /// The beginning of the names of what is in it, with `/` at its end unless it is empty.
    name: &'s str,
    is_renamed: bool,
}

impl<'s> Folder<'s> {
    /// The folder's name for people.
    fn shown(self) -> &'s str {
        if self.name.is_empty() { "the folder of the job" } else { self.name }
    }
}

struct Search {
    /// By path, since several ways through a pattern may lead to a file.
    found: BTreeMap<PathBuf, FoundFile>,
    /// Device and number of the folders on the way down: a link upwards would lead round in circles.
    within: Vec<(u64, u64)>,
}

impl Search {
    /// Looks for what the parts match below a folder.
    fn folder(&mut self, folder: Folder<'_>, parts: &[Part]) -> Result<(), FindError> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        match part {
            Part::Literal(literal) => {
                let reading = DecodedName { text: literal.clone(), guessed: None };
                self.entry(folder, (literal.as_ref(), &reading), rest, Listed::No)
            }
            Part::Wild(pattern) => {
                for name in list(folder)? {
                    let reading = possible_names(&name).into_iter().find(|reading| pattern.matches_with(&reading.text, MATCHING));
                    if let Some(reading) = reading {
                        self.entry(folder, (&name, &reading), rest, Listed::Yes)?;
                    }
                }
                Ok(())
            }
            Part::Folders => {
                self.folder(folder, rest)?;
                for name in list(folder)?.into_iter().filter(|name| !is_hidden(name)) {
                    let reading = possible_names(&name).swap_remove(0);
                    self.entry(folder, (&name, &reading), parts, Listed::Yes)?;
                }
                Ok(())
            }
        }
    }

    /// Takes what has a name in a folder: as a file when no part is left, as a folder to search otherwise.
    fn entry(
        &mut self,
        folder: Folder<'_>,
        (name, reading): (&OsStr, &DecodedName),
        rest: &[Part],
        listed: Listed,
    ) -> Result<(), FindError> {
        let path = folder.path.join(name);
        let full_name = format!("{}{}", folder.name, reading.text);
        let is_renamed = folder.is_renamed || reading.is_altered(name);
        let Some(metadata) = look(&path, &full_name, listed)? else { return Ok(()) };
        if metadata.is_dir() {
            let identity = identity(&metadata);
            if rest.is_empty() || self.within.contains(&identity) {
                return Ok(());
            }
            self.within.push(identity);
            let below = Folder { path: &path, name: &format!("{full_name}/"), is_renamed };
            self.folder(below, rest)?;
            self.within.pop();
            return Ok(());
        }
        // `**` asks of everything whether it is a folder; the part behind it says whether it is a source.
        if rest.is_empty() {
            if let Some(kind) = irregular(&metadata) {
                return Err(FindError::Kind { name: full_name, kind });
            }
            self.found.insert(path.clone(), FoundFile { name: full_name, path, is_renamed });
        }
        Ok(())
    }
}

/// Device and number of a folder.
fn identity(folder: &Metadata) -> (u64, u64) {
    (folder.dev(), folder.ino())
}

/// What is at a path, links followed; `None` when nothing is and nothing was seen there.
fn look(path: &Path, name: &str, listed: Listed) -> Result<Option<Metadata>, FindError> {
    let cause = match fs::metadata(path) {
        Ok(metadata) => return Ok(Some(metadata)),
        Err(cause) => cause,
    };
    let is_nothing = |cause: &io::Error| matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    if is_nothing(&cause) {
        match fs::symlink_metadata(path) {
            Ok(_) => {
                let to = fs::read_link(path).unwrap_or_default();
                let to = to.display().to_string();
                let cause = io::Error::new(cause.kind(), format!("a link to `{}`, which is not there", to.escape_debug()));
                return Err(FindError::Look { name: name.to_owned(), cause });
            }
            Err(cause) if is_nothing(&cause) && listed == Listed::No => return Ok(None),
            Err(cause) if is_nothing(&cause) => return Err(FindError::Gone { name: name.to_owned() }),
            Err(_) => {}
        }
    }
    Err(FindError::Look { name: name.to_owned(), cause })
}

/// The names in a folder, sorted.
fn list(folder: Folder<'_>) -> Result<Vec<OsString>, FindError> {
    let unreadable = |cause| FindError::Look { name: folder.shown().to_owned(), cause };
    let entries = fs::read_dir(folder.path).map_err(unreadable)?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    names.sort_unstable();
    Ok(names)
}

/// What something is that is neither file nor folder.
fn irregular(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_file() => None,
        () if kind.is_fifo() => Some("a named pipe"),
        () if kind.is_socket() => Some("a socket"),
        () if kind.is_block_device() || kind.is_char_device() => Some("a device"),
        () => Some("no regular file"),
    }
}

#[cfg(test)]
mod tests;
