//! Writer of an answer under a name that the user gave. A file is written as a whole or not at all.
//!
//! A file is written beside its target and renamed. A rename would destroy a device, a pipe, a socket or a link of that name. So links are followed to
//! their targets, only a regular file or nothing is replaced, and everything else is opened and written to.
//! Owner and group may read a written file, under any umask.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempPath;

use sverka_publish::Readers;

/// Destination to which an answer was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// New file of the given name, which replaced a former one.
    File,
    /// New file that a link of the given name leads to.
    LinkTarget {
        /// File that the link leads to.
        target: PathBuf,
    },
    /// Device, pipe, socket or open descriptor of the given name.
    Stream,
}

/// Writes an answer under a name.
///
/// # Errors
/// When `write` fails or the system refuses to write. A former file is still there then.
pub fn write_to<E: From<io::Error>>(name: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), E>) -> Result<Destination, E> {
    match target(name)? {
        Target::Stream => {
            let mut out = BufWriter::new(OpenOptions::new().append(true).open(name)?);
            write(&mut out)?;
            out.flush()?;
            Ok(Destination::Stream)
        }
        Target::File { file, is_linked } => {
            replace(&file, write)?;
            Ok(if is_linked { Destination::LinkTarget { target: file } } else { Destination::File })
        }
    }
}

/// File that an answer under a name would create or replace; `None` for a stream.
///
/// # Errors
/// When nothing can be written under the name.
pub fn target_file(name: &Path) -> io::Result<Option<PathBuf>> {
    Ok(match target(name)? {
        Target::File { file, .. } => Some(file),
        Target::Stream => None,
    })
}

/// Target of a name.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// Regular file, or nothing yet.
    File { file: PathBuf, is_linked: bool },
    /// Anything else that can be written to.
    Stream,
}

/// Most links that are followed: the limit of Linux.
const LINKS_MAX: usize = 40;

/// Target of a name, with links followed one by one.
fn target(name: &Path) -> io::Result<Target> {
    let mut file = name.to_owned();
    for links in 0..LINKS_MAX {
        // `/dev/stdout` and `/dev/fd/1` lead into `/proc`. They are open already, and a file behind them is not ours to replace.
        if folder_of(&file).canonicalize().is_ok_and(|folder| folder.starts_with("/proc")) {
            return Ok(Target::Stream);
        }
        match fs::symlink_metadata(&file) {
            Ok(found) if found.is_symlink() => file = folder_of(&file).join(fs::read_link(&file)?),
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => return Ok(Target::Stream),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(Target::File { file, is_linked: links > 0 }),
        }
    }
    Err(io::Error::other("the link leads to itself"))
}

fn folder_of(file: &Path) -> PathBuf {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn replace<E: From<io::Error>>(file: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), E>) -> Result<(), E> {
    // The file is opened here: an error of `tempfile_in` would name the temporary file, which the user does not know.
    let open = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let (part, path) = tempfile::Builder::new().prefix(".sverka-").suffix(".part").make_in(folder_of(file), open)?.into_parts();
    let path = Unfinished::new(path);
    let mut out = BufWriter::new(part);
    write(&mut out)?;
    out.flush()?;
    Readers::default().give(out.get_ref())?;
    out.get_ref().sync_all()?;
    Ok(path.finish(file)?)
}

/// Temporary files beside their targets, for code that ends the process at once.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes temporary files, before the process ends without unwinding.
pub fn remove_unfinished() {
    // The lock is held only to add or remove a name, so this does not wait.
    for path in UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).drain(..) {
        // A file that cannot be removed was renamed a moment ago.
        let _ = fs::remove_file(path);
    }
}

/// Temporary file that is removed unless it is finished.
struct Unfinished(TempPath);

impl Unfinished {
    fn new(path: TempPath) -> Self {
        UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(path.to_path_buf());
        Self(path)
    }

    fn finish(self, file: &Path) -> io::Result<()> {
        let Self(path) = self;
        let part = path.to_path_buf();
        let ended = path.persist(file).map_err(|failed| failed.error);
        UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).retain(|other| *other != part);
        ended
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    use super::*;

    /// Lock of each test that leaves a file unfinished for a while: one of the tests removes all unfinished files.
    static UNFINISHED_IN_TESTS: Mutex<()> = Mutex::new(());

    fn alone() -> std::sync::MutexGuard<'static, ()> {
        UNFINISHED_IN_TESTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn written(name: &Path, bytes: &[u8]) -> Destination {
        write_to::<io::Error>(name, |out| out.write_all(bytes)).expect("written")
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_new_or_replaced() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.csv");
        for bytes in [&b"first"[..], b"second", b""] {
            assert_eq!(written(&file, bytes), Destination::File);
            assert_eq!(fs::read(&file).expect("the file"), bytes);
            let mode = fs::metadata(&file).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, Readers::Group.file_mode());
        }
        assert_eq!(names_in(folder.path()), ["a.csv"]);
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_beside_it() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.csv");
        fs::write(&file, "old").expect("a file");
        let failed = write_to::<io::Error>(&file, |out| {
            out.write_all(b"new")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(failed.expect_err("full").kind(), io::ErrorKind::StorageFull);
        assert_eq!((fs::read(&file).expect("the file"), names_in(folder.path())), (b"old".to_vec(), vec!["a.csv".to_owned()]));
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = folder.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("a folder");
        for former in [Some("old"), None] {
            let (target, link) = (elsewhere.join("b.csv"), folder.path().join("a.csv"));
            match former {
                Some(former) => fs::write(&target, former).expect("a file"),
                None => fs::remove_file(&target).expect("removed"),
            }
            let _ = fs::remove_file(&link);
            symlink("second.csv", &link).expect("a link");
            let _ = fs::remove_file(folder.path().join("second.csv"));
            symlink("elsewhere/b.csv", folder.path().join("second.csv")).expect("a link");
            assert_eq!(written(&link, b"new"), Destination::LinkTarget { target: folder.path().join("elsewhere/b.csv") });
            assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
            assert_eq!(fs::read(&target).expect("the file"), b"new");
        }
        assert_eq!(names_in(folder.path()), ["a.csv", "elsewhere", "second.csv"]);
    }

    #[test]
    fn a_device_stays_a_device() {
        let _alone = alone();
        let link = tempfile::tempdir().expect("a folder").keep().join("to_a_device");
        symlink("/dev/null", &link).expect("a link");
        for name in [Path::new("/dev/null"), &link] {
            assert_eq!(written(name, b"gone"), Destination::Stream);
            assert!(fs::metadata("/dev/null").expect("the device").file_type().is_char_device());
        }
        fs::remove_dir_all(link.parent().expect("the folder")).expect("removed");
    }

    #[test]
    fn a_pipe_gets_the_answer() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts");
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).expect("what comes")
        });
        assert_eq!(written(&pipe, b"an answer"), Destination::Stream);
        assert_eq!(reader.join().expect("read"), b"an answer");
        assert!(fs::symlink_metadata(&pipe).expect("the pipe").file_type().is_fifo());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_that_is_open_already_is_appended_to() {
        use std::os::fd::AsRawFd as _;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("log");
        fs::write(&file, "before\n").expect("a file");
        let open = OpenOptions::new().append(true).open(&file).expect("open");
        let descriptor = PathBuf::from(format!("/dev/fd/{}", open.as_raw_fd()));
        assert_eq!(written(&descriptor, b"after\n"), Destination::Stream);
        assert_eq!(
            (fs::read(&file).expect("the file"), names_in(folder.path())),
            (b"before\nafter\n".to_vec(), vec!["log".to_owned()])
        );
    }

    #[test]
    fn an_error_names_no_file_that_the_user_does_not_know() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let failed = write_to::<io::Error>(&folder.path().join("absent/a.csv"), |out| out.write_all(b"x"));
        let failed = failed.expect_err("no such folder");
        assert!(failed.kind() == io::ErrorKind::NotFound && !failed.to_string().contains(".part"), "{failed}");
    }

    #[test]
    fn a_folder_and_a_link_to_itself_are_refused() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        symlink("link", &link).expect("a link");
        for name in [folder.path(), &link] {
            assert!(write_to::<io::Error>(name, |out| out.write_all(b"x")).is_err(), "{}", name.display());
        }
        assert_eq!(names_in(folder.path()), ["link"]);
    }

    #[test]
    fn a_half_written_file_can_be_removed_from_elsewhere() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("a folder");
        let failed = write_to::<io::Error>(&folder.path().join("a.csv"), |out| {
            out.write_all(b"half")?;
            out.flush()?;
            assert_eq!(names_in(folder.path()).len(), 1);
            remove_unfinished();
            assert_eq!(names_in(folder.path()), Vec::<String>::new());
            Ok(())
        });
        assert_eq!(failed.expect_err("nothing to rename").kind(), io::ErrorKind::NotFound);
    }
}
