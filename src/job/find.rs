//! Files that match a pattern. A file or folder that cannot be examined is an error with its name; it is never left out.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use sverka_formats::{DecodedName, possible_names};

/// Rules of matching, the same as in shells: `*` does not match hidden files.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Pattern of files, with the folder in which it starts.
#[derive(Debug)]
pub(super) struct FilePattern {
    /// Part without special characters, as written: the start of every name.
    prefix: String,
    folder: PathBuf,
    parts: Vec<Part>,
}

/// Part of a pattern between two `/`.
#[derive(Debug)]
enum Part {
    Literal(String),
    Wild(Pattern),
    /// `**`: any number of folders, zero included.
    Folders,
}

/// File that a pattern matches.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FoundFile {
    /// Name in the job, with `/` between folders.
    pub name: String,
    pub path: PathBuf,
    /// Whether the name differs from the name on the disk, which is no readable text.
    pub is_renamed: bool,
}

/// Error while searching the files of a pattern.
#[derive(Debug)]
pub(super) enum FindError {
    /// A file or folder cannot be examined.
    Look { name: String, cause: io::Error },
    /// A file or folder that its folder listed is gone.
    Gone { name: String },
    /// A name of something that is neither file nor folder.
    Kind { name: String, kind: &'static str },
}

impl FilePattern {
    /// Pattern of a job; `folder_of` gives the folder of its literal part.
    ///
    /// # Errors
    /// When the pattern is malformed.
    pub fn new(written: &str, folder_of: impl Fn(&str) -> PathBuf) -> Result<Self, &'static str> {
        let special = written.find(SPECIAL).unwrap_or(written.len());
        let (prefix, rest) = written.split_at(written[..special].rfind('/').map_or(0, |slash| slash + 1));
        let parts = rest.split('/').filter(|part| !part.is_empty()).map(part).collect::<Result<_, _>>()?;
        // The path has no trailing slash: with one, a link to nothing looks like an absent folder.
        let folder: PathBuf = folder_of(prefix).components().collect();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        Ok(Self { prefix: prefix.to_owned(), folder, parts })
    }

    /// Files that match, sorted by path.
    ///
    /// # Errors
    /// When a possible match cannot be examined, or is no file.
    pub fn files(&self) -> Result<Vec<FoundFile>, FindError> {
        let folder = Folder { path: &self.folder, name: &self.prefix, is_renamed: false };
        let Some(metadata) = look(folder.path, folder.shown(), Listed::No)?.filter(Metadata::is_dir) else {
            return Ok(Vec::new());
        };
        let mut search = Search { found: BTreeMap::new(), within: vec![identity(&metadata)] };
        search.folder(folder, &self.parts)?;
        Ok(search.found.into_values().collect())
    }

    /// Whether the pattern names its files literally, so that no file comes by chance.
    pub fn names_files(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Literal(_)) | None)
    }

    /// Folder of the literal part.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the pattern would match a file with this path below its folder. The file need not exist.
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

/// Files that a path stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The file with the path.
    ThisFile,
    /// All files in the folder with the path, and below.
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
    /// Whether a name matches.
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

/// Whether a name was listed in its folder. A listed name must exist.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
}

/// Folder under search.
#[derive(Clone, Copy)]
struct Folder<'s> {
    path: &'s Path,
    /// Prefix for the names of its content: empty, or with `/` at the end.
    name: &'s str,
    is_renamed: bool,
}

impl<'s> Folder<'s> {
    /// Name for messages.
    fn shown(self) -> &'s str {
        if self.name.is_empty() { "the folder of the job" } else { self.name }
    }
}

/// Name of an entry of a folder.
#[derive(Clone, Copy)]
struct EntryName<'n> {
    on_disk: &'n OsStr,
    reading: &'n DecodedName,
}

struct Search {
    /// Found files by path: a pattern may reach a file in several ways.
    found: BTreeMap<PathBuf, FoundFile>,
    /// Identities of the folders on the way down: a link to one of them would lead into a loop.
    within: Vec<FolderId>,
}

impl Search {
    /// Searches a folder for matches of the parts.
    fn folder(&mut self, folder: Folder<'_>, parts: &[Part]) -> Result<(), FindError> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        match part {
            Part::Literal(literal) => {
                let reading = DecodedName { text: literal.clone(), guessed: None };
                self.entry(folder, EntryName { on_disk: literal.as_ref(), reading: &reading }, rest, Listed::No)
            }
            Part::Wild(pattern) => {
                for name in list(folder)? {
                    let reading = possible_names(&name).into_iter().find(|reading| pattern.matches_with(&reading.text, MATCHING));
                    if let Some(reading) = reading {
                        self.entry(folder, EntryName { on_disk: &name, reading: &reading }, rest, Listed::Yes)?;
                    }
                }
                Ok(())
            }
            Part::Folders => {
                self.folder(folder, rest)?;
                for name in list(folder)?.into_iter().filter(|name| !is_hidden(name)) {
                    let reading = possible_names(&name).swap_remove(0);
                    self.entry(folder, EntryName { on_disk: &name, reading: &reading }, parts, Listed::Yes)?;
                }
                Ok(())
            }
        }
    }

    /// Takes an entry of a folder: as a file when no part is left, otherwise as a folder to search.
    fn entry(&mut self, folder: Folder<'_>, name: EntryName<'_>, rest: &[Part], listed: Listed) -> Result<(), FindError> {
        let EntryName { on_disk, reading } = name;
        let path = folder.path.join(on_disk);
        let full_name = format!("{}{}", folder.name, reading.text);
        let is_renamed = folder.is_renamed || reading.is_altered(on_disk);
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
        // `**` reaches every entry; only entries that match all parts may be sources.
        if rest.is_empty() {
            if let Some(kind) = irregular(&metadata) {
                return Err(FindError::Kind { name: full_name, kind });
            }
            self.found.insert(path.clone(), FoundFile { name: full_name, path, is_renamed });
        }
        Ok(())
    }
}

/// Identity of a folder on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FolderId {
    device: u64,
    inode: u64,
}

fn identity(folder: &Metadata) -> FolderId {
    FolderId { device: folder.dev(), inode: folder.ino() }
}

/// Metadata of a path, links followed; `None` when there is nothing and the name was not listed.
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

/// Sorted names in a folder.
fn list(folder: Folder<'_>) -> Result<Vec<OsString>, FindError> {
    let unreadable = |cause| FindError::Look { name: folder.shown().to_owned(), cause };
    let entries = fs::read_dir(folder.path).map_err(unreadable)?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    names.sort_unstable();
    Ok(names)
}

/// Kind of something that is neither file nor folder; `None` for a file.
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
