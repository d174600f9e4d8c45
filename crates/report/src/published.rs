//! Folders of published runs: `DIR/current` is the current run, `DIR/runs/ID` is the run of an id.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sverka_publish::{Manifest, PublishError};

/// Most runs that an error message lists.
const RUNS_LISTED_MAX: usize = 10;

/// Reasons why a published run cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    /// The folder holds no run.
    #[error("no published run in `{}`; run the job first (sverka run JOB.toml), or name another folder of runs with --output", .output.display())]
    NoRun {
        /// The folder that was searched.
        output: PathBuf,
    },
    /// The link to the current run leads to a run that is not there.
    #[error(
        "`{}` leads to a run that is not there{}; {}", .output.join("current").display(),
        .target.as_ref().map(|target| format!(" (`{}`)", target.display())).unwrap_or_default(),
        advice(.latest)
    )]
    CurrentGone {
        /// The folder that was searched.
        output: PathBuf,
        /// Target of the link, when `current` is one.
        target: Option<PathBuf>,
        /// Names of the latest runs, newest first.
        latest: Vec<String>,
    },
    /// The folder holds runs, but none is the current one.
    #[error("`{}` holds runs, but none is the current one; {}", .output.display(), advice(.latest))]
    NoneCurrent {
        /// The folder that was searched.
        output: PathBuf,
        /// Names of the latest runs, newest first.
        latest: Vec<String>,
    },
    /// The folder holds runs, but not the one that was asked for.
    #[error("no run `{run}` in `{}`; the latest runs are: {}", .output.display(), .latest.join(", "))]
    RunUnknown {
        /// The folder that was searched.
        output: PathBuf,
        /// Id that was asked for.
        run: String,
        /// Names of the latest runs, newest first.
        latest: Vec<String>,
    },
    /// The folder holds several runs of a day.
    #[error("`{}` holds several runs of {day}: {}; name one with --run", .output.display(), .runs.join(", "))]
    SeveralRuns {
        /// The folder that was searched.
        output: PathBuf,
        /// The as-of date that was asked for.
        day: String,
        /// Names of the runs of that day.
        runs: Vec<String>,
    },
    /// The user may not read the folder of the run.
    #[error("`{}` may not be read by this user: {error}; who runs the job can let others read (`readable_by` in the job)", .folder.display())]
    Forbidden {
        /// The folder.
        folder: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
    /// A folder cannot be listed.
    #[error("cannot list `{}`: {error}", .folder.display())]
    List {
        /// The folder.
        folder: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
}

/// Advice for a folder without a current run.
fn advice(latest: &[String]) -> String {
    if latest.is_empty() {
        return "run the job again".to_owned();
    }
    format!("name a run with --run, or run the job again; the latest runs are: {}", latest.join(", "))
}

/// Table of a published run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedTable {
    /// Name in SQL.
    pub name: String,
    /// Parquet files, in key order.
    pub files: Vec<PathBuf>,
}

/// Folder of the current run of `output`, or of the run with this id.
///
/// # Errors
/// When there is no such run.
pub fn locate_run(output: &Path, run: Option<&str>) -> Result<PathBuf, PublishedError> {
    let runs = output.join("runs");
    let folder = match run {
        None => output.join("current"),
        // An id is one name, never a way out of the folder of runs.
        Some(id) if !id.is_empty() && Path::new(id).file_name() == Some(id.as_ref()) => runs.join(id),
        Some(_) => PathBuf::new(),
    };
    if !folder.as_os_str().is_empty() && folder.is_dir() {
        // `current` is followed once: a run published meanwhile must not mix its tables with those of this one.
        return Ok(folder.canonicalize().unwrap_or(folder));
    }
    if let Err(error) = fs::metadata(&folder)
        && error.kind() == io::ErrorKind::PermissionDenied
    {
        return Err(PublishedError::Forbidden { folder, error });
    }
    let latest = latest_runs(&runs);
    match run {
        // The metadata are those of the link, not of its target.
        None if fs::symlink_metadata(&folder).is_ok() => {
            Err(PublishedError::CurrentGone { output: output.into(), target: fs::read_link(&folder).ok(), latest })
        }
        None if !latest.is_empty() => Err(PublishedError::NoneCurrent { output: output.into(), latest }),
        Some(id) if !latest.is_empty() => Err(PublishedError::RunUnknown { output: output.into(), run: id.into(), latest }),
        _ => Err(PublishedError::NoRun { output: output.into() }),
    }
}

/// Folder of the run of `output` with this as-of date, ISO; the current run if the day has several.
///
/// # Errors
/// When there is no such run, or there are several and none of them is the current one.
pub fn locate_run_of_day(output: &Path, day: &str) -> Result<PathBuf, PublishedError> {
    let of_day = |name: &str| name.strip_prefix(day).is_some_and(|rest| rest.starts_with('-'));
    let current = locate_run(output, None);
    if let Ok(current) = current
        && current.file_name().and_then(|name| name.to_str()).is_some_and(of_day)
    {
        return Ok(current);
    }
    let mut runs: Vec<String> = run_names(&output.join("runs")).into_iter().filter(|name| of_day(name)).collect();
    runs.sort();
    match runs.as_slice() {
        [run] => locate_run(output, Some(run)),
        [] => locate_run(output, Some(day)),
        _ => Err(PublishedError::SeveralRuns { output: output.into(), day: day.to_owned(), runs }),
    }
}

/// Folders of all published runs, by name; empty if none can be listed.
#[must_use]
pub fn list_runs(output: &Path) -> Vec<PathBuf> {
    let runs = output.join("runs");
    let runs = runs.canonicalize().unwrap_or(runs);
    let mut names = run_names(&runs);
    names.sort();
    names.into_iter().map(|name| runs.join(name)).filter(|folder| folder.is_dir()).collect()
}

/// Folder of the run before another one: the run that was current when that one was published, else the last of the runs of `output` that began before
/// it; `None` without one.
///
/// # Errors
/// When the manifest of the run cannot be read.
pub fn locate_former_run(output: &Path, run: &Path) -> Result<Option<PathBuf>, PublishError> {
    let runs = output.join("runs");
    let manifest = Manifest::read(run)?;
    let former = manifest.quality.and_then(|quality| quality.former_run).map(|former| runs.join(former));
    if let Some(former) = former.filter(|former| former.is_dir()) {
        return Ok(Some(former));
    }
    let earlier = run_names(&runs).into_iter().filter_map(|name| Manifest::read(&runs.join(name)).ok());
    let earlier = earlier.filter(|other| other.run_id != manifest.run_id && other.started_at < manifest.started_at);
    Ok(earlier.max_by(|a, b| a.started_at.cmp(&b.started_at)).map(|former| runs.join(former.run_id)))
}

/// Names of all published runs, in any order; empty if none can be listed.
fn run_names(runs: &Path) -> Vec<String> {
    let names = fs::read_dir(runs).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| !name.starts_with('.')).collect()
}

/// Tables in the folder of a run, sorted by name: each `NAME.parquet`, and each folder `NAME` with Parquet files.
///
/// # Errors
/// When the folder cannot be listed.
pub fn list_tables(run: &Path) -> Result<Vec<PublishedTable>, PublishedError> {
    let mut tables = Vec::new();
    for path in entries(run)? {
        let files = if path.is_dir() {
            entries(&path)?.into_iter().filter(|file| is_parquet(file)).collect()
        } else if is_parquet(&path) {
            vec![path.clone()]
        } else {
            continue;
        };
        let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
        if let (Some(name), false) = (name.and_then(|name| name.to_str()), files.is_empty()) {
            tables.push(PublishedTable { name: name.to_owned(), files });
        }
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "parquet")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, PublishedError> {
    let list = || fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = list().map_err(|error| PublishedError::List { folder: folder.into(), error })?;
    paths.sort();
    Ok(paths)
}

/// Names of the latest runs, newest first. Empty when the folder cannot be listed: the names are for a message about
/// another error.
fn latest_runs(runs: &Path) -> Vec<String> {
    let mut found: Vec<(SystemTime, String)> = fs::read_dir(runs)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let written = entry.metadata().ok().filter(fs::Metadata::is_dir)?.modified().ok()?;
            let name = entry.file_name().into_string().ok()?;
            // Names with a leading dot are runs that are still being written.
            (!name.starts_with('.')).then_some((written, name))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, name)| name).take(RUNS_LISTED_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output_with(runs: &[&str]) -> tempfile::TempDir {
        let output = tempfile::tempdir().expect("a temporary folder");
        for run in runs {
            fs::create_dir_all(output.path().join("runs").join(run)).expect("a run");
        }
        output
    }

    #[test]
    fn an_unknown_run_lists_those_that_exist() {
        let output = output_with(&["2026-10-01-aa", "2026-11-01-bb", ".unfinished"]);
        let message = locate_run(output.path(), Some("cc")).expect_err("no such run").to_string();
        assert!(message.contains("no run `cc`"), "{message}");
        assert!(message.contains("2026-10-01-aa") && message.contains("2026-11-01-bb"), "{message}");
        assert!(!message.contains("unfinished"), "{message}");
    }

    #[test]
    fn the_message_for_an_empty_folder_says_what_to_do() {
        let output = output_with(&[]);
        for run in [None, Some("cc")] {
            let message = locate_run(output.path(), run).expect_err("no run").to_string();
            assert!(message.contains("no published run") && message.contains("sverka run"), "{message}");
        }
    }

    #[test]
    fn a_folder_of_runs_without_a_current_one_lists_them() {
        let output = output_with(&["aa"]);
        let message = locate_run(output.path(), None).expect_err("none is current").to_string();
        assert!(message.contains("none is the current one") && message.contains("--run") && message.contains("aa"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_run_that_is_gone_has_a_message_of_its_own() {
        let output = output_with(&["aa"]);
        std::os::unix::fs::symlink("runs/bb", output.path().join("current")).expect("a link");
        let message = locate_run(output.path(), None).expect_err("the run is gone").to_string();
        for word in ["not there", "runs/bb", "--run", "aa"] {
            assert!(message.contains(word), "{word}: {message}");
        }
        assert!(!message.contains("no published run"), "{message}");
    }

    #[test]
    fn a_run_id_does_not_lead_out_of_the_folder() {
        let output = output_with(&["aa"]);
        for id in ["../..", "..", "", "aa/.", "/"] {
            assert!(locate_run(output.path(), Some(id)).is_err(), "{id}");
        }
        let real = output.path().join("runs/aa").canonicalize().expect("a folder");
        assert_eq!(locate_run(output.path(), Some("aa")).expect("the run"), real);
    }

    #[test]
    fn a_table_is_a_file_or_a_folder_of_files() {
        let output = output_with(&["aa/persons"]);
        let run = output.path().join("runs/aa");
        for file in ["findings.parquet", "persons/1.parquet", "persons/0.parquet", "manifest.json"] {
            fs::write(run.join(file), b"").expect("a file");
        }
        let tables = list_tables(&run).expect("a list");
        let expected = [
            PublishedTable { name: "findings".into(), files: vec![run.join("findings.parquet")] },
            PublishedTable { name: "persons".into(), files: vec![run.join("persons/0.parquet"), run.join("persons/1.parquet")] },
        ];
        assert_eq!(tables, expected);
    }

    #[cfg(unix)]
    #[test]
    fn current_is_followed_once() {
        let output = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(output.path().join("runs/aa")).expect("a run");
        std::os::unix::fs::symlink("runs/aa", output.path().join("current")).expect("a link");
        let run = locate_run(output.path(), None).expect("the current run");
        assert!(run.ends_with("runs/aa"), "{}", run.display());
    }
}
