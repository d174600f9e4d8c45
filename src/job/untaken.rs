//! Files that may still be written: too young, or with the name of an unfinished transfer.

use std::fmt;
use std::time::Duration;

use super::find::FoundFile;
use sverka_formats::file_age;

/// Matched file that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UntakenFile {
    /// Name in the job.
    pub name: String,
    /// Reason for not taking it.
    pub reason: UntakenReason,
}

/// Reason for not taking a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UntakenReason {
    /// A change more recent than the job allows.
    Young {
        /// Least age of sources.
        settle: Duration,
    },
    /// The name of an unfinished transfer.
    Unfinished,
}

impl fmt::Display for UntakenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Young { settle } => write!(f, "changed less than {} s ago (`settle`)", settle.as_secs()),
            Self::Unfinished => f.write_str("has the name of an unfinished transfer"),
        }
    }
}

/// Endings of files that another program has not finished.
const UNFINISHED: [&str; 3] = [".part", ".tmp", ".filepart"];

/// Splits matched files into those that may still be written and those that are taken. A file that the job names itself counts as finished,
/// whatever its name.
pub(super) fn split(found: Vec<FoundFile>, is_named: bool, settle: Option<Duration>) -> (Vec<UntakenFile>, Vec<FoundFile>) {
    let (mut untaken, mut taken) = (Vec::new(), Vec::new());
    for file in found {
        let reason = if !is_named && is_unfinished(&file.name) {
            Some(UntakenReason::Unfinished)
        } else {
            settle.filter(|&least| is_young(&file, least)).map(|settle| UntakenReason::Young { settle })
        };
        match reason {
            Some(reason) => untaken.push(UntakenFile { name: file.name, reason }),
            None => taken.push(file),
        }
    }
    (untaken, taken)
}

fn is_unfinished(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    let has_ending = |ending: &str| {
        let from = name.len().saturating_sub(ending.len());
        name.get(from..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    name.starts_with('.') || UNFINISHED.iter().any(|ending| has_ending(ending))
}

/// Whether a file is younger than the least age. A file that cannot be looked at is not: opening it gives the error.
fn is_young(file: &FoundFile, least: Duration) -> bool {
    file_age(&file.path).is_ok_and(|age| age.is_none_or(|age| age < least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_unfinished_transfers_are_told() {
        for name in ["in/a.csv.part", "a.TMP", "in/a.zip.filepart", "in/.a.csv"] {
            assert!(is_unfinished(name), "{name}");
        }
        for name in ["in.part/a.csv", "a.partial.csv", "part", "tmp/a", ".in/a.csv", "я.csv"] {
            assert!(!is_unfinished(name), "{name}");
        }
    }
}
