//! Faults of an overrides file, with the line and with what to do about them. No message quotes personal data.

/// Error of an overrides file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct OverridesError {
    /// Name of the file in the job.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Fault, and what to do about it.
    pub fault: OverridesFault,
}

/// Fault of an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverridesFault {
    /// TOML that does not have the form of overrides.
    #[error("{problem}")]
    Toml {
        /// Message of the TOML reader.
        problem: String,
    },
    /// A missing key that every entry of the kind needs.
    #[error("[[{kind}]] has no `{key}`; add it, such as `{example}`")]
    Missing {
        /// Kind of the entry.
        kind: &'static str,
        /// Key.
        key: &'static str,
        /// Example.
        example: &'static str,
    },
    /// A text that must not be empty.
    #[error("`{key}` is empty; fill it in")]
    Empty {
        /// Key.
        key: &'static str,
    },
    /// A key of another kind of entry.
    #[error("`{key}` means nothing in [[{kind}]]; remove it, or use the kind of entry that it belongs to")]
    OtherKind {
        /// Kind of the entry.
        kind: &'static str,
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
    /// An end that is not after its start.
    #[error("`{key}` is not after `{start}`; it is the first day on which the decision no longer holds")]
    Reversed {
        /// Key of the end.
        key: &'static str,
        /// Key of the start.
        start: &'static str,
    },
    /// A code that the reference table does not have.
    #[error("`{code}` is not in the table of {table}; check the code, or add it to the table")]
    CodeUnknown {
        /// Code.
        code: String,
        /// Table.
        table: &'static str,
    },
    /// A profile that does not exist.
    #[error("`profile` is {value}; profiles are 1 to 5")]
    Profile {
        /// Value in the file.
        value: i64,
    },
    /// A selector that is no table or list of tables.
    #[error("`{key}` must be one selector such as {{ enp = \"…\" }}, or a list of such")]
    SelectorShape {
        /// Key of the entry.
        key: &'static str,
    },
    /// A key that no selector has.
    #[error("`{key}` selects nothing; use {known}")]
    SelectorKey {
        /// Key.
        key: String,
        /// Allowed keys.
        known: &'static str,
    },
    /// A value that cannot select anything. It may be personal data, so it is not shown.
    #[error("`{key}` must be {expected}")]
    SelectorValue {
        /// Key.
        key: &'static str,
        /// Expected value.
        expected: &'static str,
    },
    /// A selector that would name all persons of a name or birth date, or all rows of a source.
    #[error(
        "a selector names records by `enp`, `snils`, `policy`, `document`, or by `source` with `record_id` or `line`; add one of them"
    )]
    SelectorVague,
}
