//! Errors of making forms.

use std::io;
use std::path::PathBuf;

use crate::corrections::CorrectionsError;
use crate::diff::DiffError;
use crate::published::PublishedError;
use crate::table_reader::ReadError;
use sverka_publish::{PublishError, is_exhausted};
use sverka_text::{is_meant, nearest};

/// Reasons why forms cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The manifest of the run cannot be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// The manifest gives no day.
    #[error("the manifest of the run has no as-of date; run the job again with this version")]
    NoDay,
    /// A table of the run cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no such form.
    #[error("there is no form `{name}`{}; the forms are: {}", is_meant(&nearest(name, names.clone())), names.join(", "))]
    Unknown {
        /// Name that was asked for.
        name: String,
        /// Names of all forms.
        names: Vec<&'static str>,
    },
    /// The run has no such insurer or clinic.
    #[error("the run knows no {kind} `{code}`; look for its code in the table `{kind}s` of the run")]
    CodeUnknown {
        /// `insurer` or `clinic`.
        kind: &'static str,
        /// Code that was asked for.
        code: String,
    },
    /// The form is not about organisations of the kind.
    #[error("the form `{form}` is not made by {kind}, so --{kind} cannot narrow it; ask for it without")]
    NotNarrowed {
        /// The form.
        form: &'static str,
        /// `insurer` or `clinic`.
        kind: &'static str,
    },
    /// The run was published without a table.
    #[error(
        "the form `{form}` needs the table `{table}`, which the run was published without; add it to `tables` of the job and run it again"
    )]
    NoTable {
        /// The form.
        form: &'static str,
        /// The table.
        table: &'static str,
    },
    /// A table of another version of the program.
    #[error("the table `{table}` of the run has no column `{column}` as this version of sverka writes it; run the job again")]
    ColumnMissing {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The tariff of the run has no set of bands for the form.
    #[error(
        "the form `{form}` needs a set of age-sex bands named `{set}`, which the tariff of the run has not; add it as [[band_sets]] and run the job again"
    )]
    NoBandSet {
        /// The form.
        form: &'static str,
        /// Name of the set.
        set: &'static str,
    },
    /// The tariff of the run pays nothing that the form shows.
    #[error(
        "the form `{form}` shows money that the tariff of the run does not pay; add {what} to the tariff and run the job again"
    )]
    NoMoney {
        /// The form.
        form: &'static str,
        /// Part of the tariff.
        what: &'static str,
    },
    /// A form about two runs without the former one.
    #[error("the form `{form}` is about two runs; name the former one with --before RUN")]
    NoFormerRun {
        /// The form.
        form: &'static str,
    },
    /// A form about a closed month, of a run whose month is not closed.
    #[error(
        "the form `{form}` is about a closed month, and none that is counted on {as_of} is closed beside the run; close it with sverka close, or name \
         a run of its day with --run"
    )]
    NotClosed {
        /// The form.
        form: &'static str,
        /// As-of date of the run.
        as_of: String,
    },
    /// The run says nothing else than what is paid and booked.
    #[error("the form `{form}` has nothing to correct: for {month} the run says what is paid and booked")]
    NothingToCorrect {
        /// The form.
        form: &'static str,
        /// The month.
        month: String,
    },
    /// The corrections of a month cannot be read.
    #[error(transparent)]
    Corrections(#[from] CorrectionsError),
    /// The runs cannot be compared.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// No form has anything to show.
    #[error("none of the forms has anything to show for these organisations in the run {run_id}")]
    Nothing {
        /// The run.
        run_id: String,
    },
    /// A library that writes a format refuses a form.
    #[error("defect of sverka: a form cannot be written: {0}")]
    Writer(String),
    /// A file cannot be written.
    #[error("cannot write `{}`: {cause}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        cause: io::Error,
    },
    /// The folder of the forms cannot be made or put in its place.
    #[error("{0}")]
    Folder(#[source] PublishError),
    /// Another process writes forms into the folder.
    #[error("somebody else is writing forms into `{}`; wait until that ends, or choose another folder", .folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds something else than forms.
    #[error("`{}` holds something else than forms; choose an empty or a new folder with --to", .folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
}

impl FormsError {
    pub(super) fn writer(error: impl std::fmt::Display) -> Self {
        Self::Writer(error.to_string())
    }

    /// Whether the form cannot be made from this run, though others can.
    pub(super) fn is_about_form(&self) -> bool {
        matches!(
            self,
            Self::NoTable { .. }
                | Self::NoBandSet { .. }
                | Self::NoMoney { .. }
                | Self::NotNarrowed { .. }
                | Self::NoFormerRun { .. }
                | Self::NotClosed { .. }
                | Self::NothingToCorrect { .. }
        )
    }

    /// Whether a resource of the machine is exhausted or another process is at work, so that the same command may succeed later.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        match self {
            Self::Io { cause, .. } => is_exhausted(cause),
            Self::Manifest(error) | Self::Folder(error) => error.is_exhausted(),
            Self::Diff(error) => error.is_exhausted(),
            Self::Busy { .. } => true,
            _ => false,
        }
    }
}
