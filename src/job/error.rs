//! Errors of jobs, with the place and with what to do about them.

use std::path::PathBuf;

use crate::job::overrides::OverridesError;
use sverka_formats::SourceError;
use sverka_formats::container::ContainerError;
use sverka_intake::{Layout, LayoutError};
use sverka_model::{Latitude, Table};
use sverka_publish::OutputTable;
use sverka_reference::ReferenceError;
use sverka_text::{is_meant, nearest};

use super::find::FindError;
use super::selection::SelectionError;

/// Error of a job that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The job file cannot be read.
    #[error("{}: cannot be read ({cause}); check its path and rights", file.display())]
    Io {
        /// File.
        file: PathBuf,
        /// Error of the operating system.
        cause: std::io::Error,
    },
    /// Fault in the job file.
    #[error("{}:{line}: {problem}", file.display())]
    Setting {
        /// Job file.
        file: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Fault, and what to do about it.
        problem: JobProblem,
    },
    /// Fault in a reference table or the tariff.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// Fault in an overrides file.
    #[error(transparent)]
    Overrides(#[from] OverridesError),
    /// Fault in a layout.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Fault in a job file.
#[derive(Debug, thiserror::Error)]
pub enum JobProblem {
    /// TOML that does not have the form of a job.
    #[error("{problem}")]
    Toml {
        /// Message of the TOML reader.
        problem: String,
    },
    /// The file is not text.
    #[error("the file is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// A missing required key.
    #[error("`{key}` is missing; add it, such as `{example}`")]
    Missing {
        /// Name of the key.
        key: &'static str,
        /// Example.
        example: &'static str,
    },
    /// A missing as-of date, in the job and in the command line.
    #[error("`as_of` is missing; add it, such as `as_of = 2026-11-01`, or give the day with --as-of")]
    NoDay,
    /// A text that must not be empty.
    #[error("`{key}` is empty; fill it in")]
    Empty {
        /// Key.
        key: &'static str,
    },
    /// A value that is no date.
    #[error("`{key}`: {problem}")]
    NotDate {
        /// Key.
        key: &'static str,
        /// Fault.
        problem: String,
    },
    /// `source_date = "name"` for a file whose name has no date.
    #[error("`source_date = \"name\"`, but the name of {source_name} has no date YYYYMMDD; rename the file or give its date")]
    NoDateInName {
        /// Name of the source.
        source_name: String,
    },
    /// A file that the job names cannot be read.
    #[error("{name} cannot be read ({cause}); check its path (relative to the job file) and rights")]
    Unreadable {
        /// Name of the file in the job.
        name: String,
        /// Error of the operating system.
        cause: std::io::Error,
    },
    /// A text file that is not UTF-8.
    #[error("{name}:{line}: the file is not UTF-8; save it as UTF-8")]
    FileNotUtf8 {
        /// Name of the file in the job.
        name: String,
        /// Line of the first byte that is no text.
        line: u64,
    },
    /// A malformed pattern.
    #[error("`{pattern}` is no pattern ({cause}); `*`, `?`, `[…]` and `**` are special")]
    Pattern {
        /// Pattern.
        pattern: String,
        /// Fault.
        cause: &'static str,
    },
    /// A pattern that matches no file.
    #[error(
        "`{pattern}` matches no file; run again when the files have come, else correct the pattern (relative to the job file) or remove it"
    )]
    NoMatch {
        /// Pattern.
        pattern: String,
    },
    /// A pattern that matches nothing but files that may still be written.
    #[error("`{pattern}` matches no file that is complete: {name} {why}; run again later")]
    NoneTaken {
        /// Pattern.
        pattern: String,
        /// Name of the first file.
        name: String,
        /// Reason for not taking it, as the end of a sentence.
        why: String,
    },
    /// Sources that count cannot be told.
    #[error(transparent)]
    Selection(Box<SelectionError>),
    /// An expected sender that is in no reference table.
    #[error("`senders` has {code}, which is neither insurer nor clinic of the reference tables{nearest}")]
    SenderUnknown {
        /// Code.
        code: String,
        /// Question whether another code is meant, or nothing.
        nearest: String,
    },
    /// A folder in place of a pattern of files.
    #[error("`{pattern}` is a folder, and `files` names files; write `{}/*.csv`, or `{0}/**/*` for all files below it", pattern.trim_end_matches('/'))]
    Folder {
        /// Pattern.
        pattern: String,
    },
    /// A pattern that reaches into the output folder.
    #[error(
        "`{pattern}` would match what the job itself writes into {}, and the next run would read it; narrow the pattern, or put \
         `output` elsewhere",
        output.display()
    )]
    OwnResults {
        /// Pattern.
        pattern: String,
        /// Output folder.
        output: PathBuf,
    },
    /// An unreadable archive, whose members are unknown.
    #[error("{name}: {cause}. Correct the file, or ask its sender for it again")]
    Archive {
        /// Name of the source.
        name: String,
        /// Fault.
        cause: ContainerError,
    },
    /// An archive without files.
    #[error("{name}: the archive has no files in it; have it sent again")]
    NoMembers {
        /// Name of the source.
        name: String,
    },
    /// An empty list of patterns.
    #[error("`files` names no file; add a pattern such as \"{example}\"")]
    NoFiles {
        /// Example.
        example: &'static str,
    },
    /// A file that two patterns match.
    #[error("{name} is already a source (as {first_name}, line {first_line}); keep one pattern for it")]
    MatchedTwice {
        /// Name of the source.
        name: String,
        /// Name of the file at its first match.
        first_name: String,
        /// Line of the pattern that matched it first.
        first_line: u64,
    },
    /// Two files whose names read the same.
    #[error("two sources have the name {name}; rename one of them")]
    NameTwice {
        /// Name.
        name: String,
    },
    /// A source or folder that cannot be examined.
    #[error("{name} cannot be looked at ({cause}), and no source is left out; {}", advice(cause))]
    Look {
        /// File or folder.
        name: String,
        /// Error of the operating system.
        cause: std::io::Error,
    },
    /// A source that cannot be opened.
    #[error("{cause}")]
    Source {
        /// Source and cause.
        cause: SourceError,
    },
    /// A source that was removed or renamed while the job was loaded.
    #[error("{name} was there and is gone: somebody removed or renamed it; run again when all sources are in place")]
    Gone {
        /// File or folder.
        name: String,
    },
    /// A source that is neither file nor folder.
    #[error("{name} is {kind}, not a file; move it away, or narrow the pattern")]
    NoFile {
        /// Name of the source.
        name: String,
        /// Kind.
        kind: &'static str,
    },
    /// A layout that is neither built in nor a file.
    #[error(
        "there is no built-in layout `{name}`{}; use one of {}, or the path of a .toml file",
        is_meant(&nearest(name, Layout::built_in_names())),
        layouts()
    )]
    LayoutUnknown {
        /// Name.
        name: String,
    },
    /// A file whose name fits no layout.
    #[error("the name of {name} fits no layout; name one with `layout`, or list a layout with `file_names` for it in `layouts`")]
    NoLayout {
        /// Name of the source.
        name: String,
    },
    /// A layout of the other table.
    #[error("layout `{name}` is one of {found}, not of {expected}; use another layout or list the files under [[{found_key}]]")]
    LayoutTable {
        /// Layout.
        name: String,
        /// Table or tables of the layout.
        found: &'static str,
        /// The required table.
        expected: Table,
        /// The key of the job for layouts of this table.
        found_key: &'static str,
    },
    /// No table to write.
    #[error("`tables` names no table; name some, or leave it out for all")]
    NoTables,
    /// A table that does not exist.
    #[error("there is no table `{name}`{}; the tables are {}", is_meant(&nearest(name, table_names())), tables())]
    TableUnknown {
        /// Name.
        name: String,
    },
    /// A category that does not exist.
    #[error("`{key}` has {value}; categories are 0 to 14")]
    Category {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: i64,
    },
    /// A number that a setting cannot have.
    #[error("`{key}` is {value}; expected {expected}")]
    OutOfRange {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: i64,
        /// Allowed values.
        expected: &'static str,
    },
    /// A repeated value in a list.
    #[error("`{key}` {value} stands twice; keep one of the entries")]
    Twice {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
    },
    /// A deadline that is no day of the year.
    #[error("`{key}` is `{value}`; expected month and day, such as \"11-01\"")]
    Deadline {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
    },
    /// A period that is neither a month nor days.
    #[error("`applications_period` is {value}; expected \"calendar_month\" or a number of days from 1")]
    Period {
        /// Value in the file.
        value: String,
    },
    /// A rule that does not exist.
    #[error("there is no rule `{name}`{}; `sverka rules` lists them all", is_meant(nearest))]
    RuleUnknown {
        /// Name.
        name: String,
        /// Rules that may be meant.
        nearest: Vec<&'static str>,
    },
    /// A rule that a job can neither switch off nor change.
    #[error("{code} is as it is: {why} Remove the line")]
    RuleFixed {
        /// Code of the rule.
        code: &'static str,
        /// Reason.
        why: &'static str,
    },
    /// A word that is no severity, or a severity that the rule cannot have.
    #[error("{code} is `{value}`; expected {}{}", words(*latitude), not_more(*latitude))]
    SeverityWord {
        /// Code of the rule.
        code: &'static str,
        /// Value in the file.
        value: String,
        /// Allowed values.
        latitude: Latitude,
    },
    /// A link or decision under an entry of sources.
    #[error("{code} concerns records of several sources, so it is on or off for all of them; move the line to [rules.severity]")]
    RuleOfAllSources {
        /// Code of the rule.
        code: &'static str,
    },
    /// A threshold that is neither number nor share.
    #[error("`{key}` is `{value}`; expected a number, or a share of the rows from \"0%\" to \"100%\", such as \"0.5%\"")]
    Threshold {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
    },
    /// A limit of moved heads that is no share.
    #[error("`heads_moved` is `{value}`; expected a share of the earlier heads, such as \"10%\"")]
    HeadsMoved {
        /// Value in the file.
        value: String,
    },
    /// An earlier run that cannot be compared with.
    #[error("`earlier_run` is `{run}`: {problem}")]
    EarlierRun {
        /// Id of the run.
        run: String,
        /// Sentence with the reason.
        problem: String,
    },
    /// A packet that cannot be written as the job says.
    #[error("`packets.{packet}`: {problem}")]
    Packet {
        /// Name of the packet.
        packet: &'static str,
        /// Sentence with the reason.
        problem: String,
    },
    /// A growth that is no share.
    #[error(
        "`growth` is `{value}`; expected a share of the former run's figure, such as \"200%\" for not more than twice as many"
    )]
    Growth {
        /// Value in the file.
        value: String,
    },
    /// A number for a threshold that can only be a share.
    #[error("`{key}` is no share of the rows; write it as such, for example \"50%\"")]
    NotShare {
        /// Key.
        key: &'static str,
    },
    /// A threshold that lets everything pass.
    #[error("the threshold has no limit; add `most`, such as \"1%\", or `growth`, such as \"200%\", or both")]
    NoLimit,
    /// A threshold on volumes that lets everything pass.
    #[error("the threshold has no limit; add `shrink`, such as \"10%\", or `grow`, such as \"50%\", or both")]
    NoChange,
    /// A limit of a change that is neither a number nor a share.
    #[error(
        "`{key}` is `{value}`; expected how much less or more than in the run before passes: a number, a share such as \"10%\", or \"off\""
    )]
    Change {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
    },
    /// A volume that is not counted in this scope.
    #[error("`{measure}` is not counted of each {of}; leave `of` out, or judge another measure")]
    NotCounted {
        /// Volume.
        measure: &'static str,
        /// Scope.
        of: &'static str,
    },
    /// `item` of a measure without items.
    #[error("`{measure}` has no `item`; leave it out, or use `measure = \"finding\"` with a code")]
    NoItem {
        /// Measure.
        measure: String,
    },
    /// `missing` without a field.
    #[error("`missing` needs the field that is missing; add it, such as `item = \"snils\"`")]
    MissingWhat,
    /// `name` in a threshold of the whole run.
    #[error("`name` says whose figures are judged, but `of` is \"run\"; set it to \"source\", \"insurer\" or \"clinic\"")]
    NameOfRun,
    /// A value of another kind than expected.
    #[error("`{key}` is {value}; expected {expected}")]
    WrongValue {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
        /// Allowed values.
        expected: &'static str,
    },
    /// An unknown key of a table.
    #[error("unknown field `{name}`, expected one of {possible}")]
    UnknownKey {
        /// Key with its table.
        name: String,
        /// Known keys.
        possible: String,
    },
    /// Rights of outputs in two keys.
    #[error("`readable_by` and the rights in `[output]` say the same thing; keep one of them")]
    RightsTwice,
    /// An unknown word.
    #[error("`{key}` is `{value}`; possible are {possible}")]
    NoSuchWord {
        /// Key.
        key: &'static str,
        /// Value in the file.
        value: String,
        /// Allowed values.
        possible: String,
    },
}

impl From<FindError> for JobProblem {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Look { name, cause } => Self::Look { name, cause },
            FindError::Gone { name } => Self::Gone { name },
            FindError::Kind { name, kind } => Self::NoFile { name, kind },
        }
    }
}

/// Advice on a file that cannot be examined.
fn advice(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            "mount or restore what it leads to, remove it, or narrow the pattern"
        }
        std::io::ErrorKind::PermissionDenied => "give this user the right to read it and its folder, or narrow the pattern",
        _ => "look at the disk or share that it lies on, and run again",
    }
}

fn words(latitude: Latitude) -> String {
    latitude.words().iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

fn not_more(latitude: Latitude) -> &'static str {
    match latitude {
        Latitude::OffOrWarning => ": it is found when the row has been accepted",
        Latitude::Switch => ": it is no finding of a row",
        Latitude::Fixed | Latitude::Severity => "",
    }
}

fn tables() -> String {
    table_names().collect::<Vec<_>>().join(", ")
}

fn table_names() -> impl Iterator<Item = &'static str> {
    OutputTable::ALL.iter().map(|table| table.name())
}

fn layouts() -> String {
    Layout::built_in_names().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
