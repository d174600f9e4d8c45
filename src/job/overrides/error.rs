//! What can be wrong with a file of overrides, with the line and what to do about it. Nothing that names a person is quoted.

/// A file of overrides that cannot be used: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct OverridesError {
    /// The file as the job names it.
    pub file: String,
    /// Line in it, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub fault: OverridesFault,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverridesFault {
    /// TOML that does not fit overrides.
    #[error("{problem}")]
    Toml {
        /// What the reader said.
        problem: String,
    },
    /// A key that every entry of the kind needs.
    #[error("[[{kind}]] has no `{key}`; add it, such as `{example}`")]
    Missing {
        /// The kind of entry.
        kind: &'static str,
        /// The key.
        key: &'static str,
        /// How it may look.
        example: &'static str,
    },
    /// A text that must not be empty.
    #[error("`{key}` is empty; fill it in")]
    Empty {
        /// The key.
        key: &'static str,
    },
    /// A key that entries of other kinds have.
    #[error("`{key}` means nothing in [[{kind}]]; remove it, or use the kind of entry that it belongs to")]
    OtherKind {
        /// The kind of entry.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A value that is no date.
    #[error("`{key}`: {problem}")]
    NotDate {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// An end that is not after its start.
    #[error("`{key}` is not after `{start}`; it is the first day on which the decision no longer holds")]
    Reversed {
        /// The key of the end.
        key: &'static str,
        /// The key of the start.
        start: &'static str,
    },
    /// A code that the reference table does not have.
    #[error("`{code}` is not in the table of {table}; check the code, or add it to the table")]
    CodeUnknown {
        /// The code.
        code: String,
        /// The table.
        table: &'static str,
    },
    /// A profile that does not exist.
    #[error("`profile` is {value}; profiles are 1 to 5")]
    Profile {
        /// What stands there.
        value: i64,
    },
    /// A selector of another shape.
    #[error("`{key}` must be one selector such as {{ enp = \"…\" }}, or a list of such")]
    SelectorShape {
        /// The key of the entry.
        key: &'static str,
    },
    /// A key that no selector has.
    #[error("`{key}` selects nothing; use {known}")]
    SelectorKey {
        /// The key.
        key: String,
        /// What may be used.
        known: &'static str,
    },
    /// A value that cannot select anything. The value may be a person's, so it is not shown.
    #[error("`{key}` must be {expected}")]
    SelectorValue {
        /// The key.
        key: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// A selector that would name everybody of a name or a birth date, or everything of a source.
    #[error(
        "a selector names records by `enp`, `snils`, `policy`, `document`, or by `source` with `record_id` or `line`; add one of them"
    )]
    SelectorVague,
}
