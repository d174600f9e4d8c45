//! Faults of layouts.

use sverka_formats::Encoding;
use sverka_formats::xml::ShapeFault;
use sverka_model::{Field, Table};

/// Why a layout cannot be used, and where the fault is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct LayoutError {
    /// The file as the job names it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub fault: LayoutFault,
}

/// A fault of a layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutFault {
    /// TOML that does not fit.
    #[error("{problem}")]
    Toml {
        /// What the reader said.
        problem: String,
    },
    /// An encoding that is not read.
    #[error(
        "encoding `{encoding}` is unknown; known are {}. Without `encoding` it is detected for each source",
        known_encodings()
    )]
    Encoding {
        /// Its name.
        encoding: String,
    },
    /// A delimiter or quote that cannot be one.
    #[error("`{key}` is {value:?}; expected one ASCII character, no letter, digit, blank or line break{or}")]
    Byte {
        /// `delimiter` or `quote`.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What else may stand there.
        or: &'static str,
    },
    /// One character for two purposes.
    #[error("`delimiter` and `quote` are the same character; choose another, or `quote = \"\"` for none")]
    SameByte,
    /// A name that is no canonical field.
    #[error("unknown field `{field}`; fields of this table: {expected}")]
    FieldUnknown {
        /// The name.
        field: String,
        /// The fields that the table has.
        expected: String,
    },
    /// A field that the other table has.
    #[error("field `{field}` does not belong to the table `{table}`; remove it or skip its column")]
    FieldElsewhere {
        /// The field.
        field: Field,
        /// The layout's table.
        table: Table,
    },
    /// A field or a column that stands twice.
    #[error("{what} `{name}` stands already in line {first_line}; keep one")]
    Twice {
        /// `field` or `column`.
        what: &'static str,
        /// Its name.
        name: String,
        /// Where it stands first.
        first_line: u64,
    },
    /// Neither a field nor skipped, or both.
    #[error("an entry of [[fields]] has either `field` or `skip = true`")]
    FieldOrSkip,
    /// A skipped column that a header cannot be searched for.
    #[error("a skipped column of a layout with header needs its name; add `column`")]
    SkipWithoutColumn,
    /// Required fields that no column gives.
    #[error("required fields of the table `{table}` are missing: {fields}; add them to [[fields]]")]
    FieldsMissing {
        /// The layout's table.
        table: Table,
        /// Their names.
        fields: String,
    },
    /// A column that is none of the layout's.
    #[error("column `{column}` is not listed in {list}; add it there")]
    ColumnUnknown {
        /// Its name.
        column: String,
        /// Where columns are listed.
        list: &'static str,
    },
    /// A key that another one asks for, or forbids.
    #[error("{problem}")]
    Keys {
        /// What does not go together, and what to do.
        problem: &'static str,
    },
    /// A pattern of file names that is none.
    #[error("`{pattern}` is no pattern of file names: {cause}")]
    FileName {
        /// What stands there.
        pattern: String,
        /// What is wrong with it.
        cause: &'static str,
    },
    /// XML paths that cannot be together.
    #[error("[xml]: {fault}")]
    Shape {
        /// What is wrong with them.
        fault: ShapeFault,
    },
    /// A map of a field that has no codes, or no column.
    #[error("[maps.{field}] cannot be used: {why}")]
    Map {
        /// The name of the map.
        field: String,
        /// Why not.
        why: &'static str,
    },
    /// A map to something that is no value of the field.
    #[error("[maps.{field}] gives `{value}`; expected {expected}")]
    MapValue {
        /// The field.
        field: Field,
        /// What stands there.
        value: String,
        /// What may stand there.
        expected: &'static str,
    },
}

fn known_encodings() -> String {
    Encoding::ALL.map(|encoding| format!("`{}`", encoding.name())).join(", ")
}
