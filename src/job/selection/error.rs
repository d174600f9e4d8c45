//! Errors of the selection of sources.

use crate::job::senders::SenderFault;
use sverka_intake::HeaderError;
use sverka_model::Date;

/// Reason why the sources that count cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// A snapshot without a sender.
    #[error(
        "{name}: it is a snapshot, and its sender is unknown: {why}; say where the code stands in the name (`[sender]` in its layout), or \
         list the file with content = \"changes\""
    )]
    NoSender {
        /// Name of the source.
        name: String,
        /// Reason, without values of people.
        why: String,
    },
    /// A snapshot whose sender cannot be looked up because it cannot be read.
    #[error("{name}: {cause}. Have it sent again, or take it out of the job")]
    Unreadable {
        /// Name of the source.
        name: String,
        /// Fault of the source.
        cause: HeaderError,
    },
    /// Two snapshots of one sender and date with different bytes.
    #[error(
        "{} and {} are snapshots of one sender, {}, and differ; remove one of them, or set same_date = \"last_name\" to read the one whose \
         name sorts last",
        names[0], names[1], of_day(*day)
    )]
    SameDate {
        /// Names of the sources.
        names: [String; 2],
        /// Date of both; `None` for sources without a date.
        day: Option<Date>,
    },
    /// A day by which nothing was known.
    #[error("no source is dated {day} or earlier, so nothing was known by then; choose a later `known_by`")]
    NothingKnown {
        /// The day.
        day: Date,
    },
    /// `same_date` of an entry without snapshots.
    #[error("`same_date` is about snapshots; add content = \"snapshot\", or remove it")]
    SameDateOfChanges,
}

impl SelectionError {
    /// Error of a snapshot whose sender is unknown.
    pub(super) fn from_fault(name: &str, fault: SenderFault) -> Self {
        let name = name.to_owned();
        match fault {
            SenderFault::Unreadable(cause) => Self::Unreadable { name, cause },
            SenderFault::Nobody => {
                Self::NoSender { name, why: "no row names an insurer or clinic of the reference tables".to_owned() }
            }
            SenderFault::Several([first, second]) => Self::NoSender { name, why: format!("its rows name {first} and {second}") },
        }
    }
}

fn of_day(day: Option<Date>) -> String {
    day.map_or_else(|| "both without a date".to_owned(), |day| format!("both of {day}"))
}
