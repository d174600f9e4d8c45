//! Faults of layouts.

use sverka_formats::Encoding;
use sverka_formats::xml::ShapeFault;
use sverka_model::{Field, Table};

/// The reason why a layout cannot be used, and the place of the fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct LayoutError {
    /// Name of the file in the job.
    pub file: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// The fault, with what to do.
    pub fault: LayoutFault,
}

/// A fault of a layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutFault {
    /// TOML that does not fit a layout.
    #[error("{problem}")]
    Toml {
        /// The message of the reader.
        problem: String,
    },
    /// An encoding that is not read.
    #[error(
        "encoding `{encoding}` is unknown; known are {}. Without `encoding` it is detected for each source",
        known_encodings()
    )]
    Encoding {
        /// Name of the encoding.
        encoding: String,
    },
    /// A delimiter or quote that cannot be one.
    #[error("`{key}` is {value:?}; expected one ASCII character, no letter, digit, blank or line break{or}")]
    Byte {
        /// `delimiter` or `quote`.
        key: &'static str,
        /// The value of the key.
        value: String,
        /// Other values that the key may have.
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
        /// Name of the field or column.
        name: String,
        /// Line of its first occurrence.
        first_line: u64,
    },
    /// A column that is neither a field nor skipped, or both.
    #[error("an entry of [[fields]] has either `field` or `skip = true`")]
    FieldOrSkip,
    /// A skipped column without a name, which a header cannot be searched for.
    #[error("a skipped column of a layout with header needs its name; add `column`")]
    SkipWithoutColumn,
    /// Required fields that no column gives.
    #[error("required fields of the table `{table}` are missing: {fields}; add them to [[fields]]")]
    FieldsMissing {
        /// The layout's table.
        table: Table,
        /// Names of the fields.
        fields: String,
    },
    /// A column that is none of the layout's.
    #[error("column `{column}` is not listed in {list}; add it there")]
    ColumnUnknown {
        /// Name of the column.
        column: String,
        /// Name of the list of columns.
        list: &'static str,
    },
    /// A key that another key asks for, or forbids.
    #[error("{problem}")]
    Keys {
        /// The contradiction, and what to do.
        problem: &'static str,
    },
    /// An invalid pattern of file names.
    #[error("`{pattern}` is no pattern of file names: {cause}")]
    FileName {
        /// The pattern.
        pattern: String,
        /// The fault of the pattern.
        cause: &'static str,
    },
    /// XML paths that cannot be together.
    #[error("[xml]: {fault}")]
    Shape {
        /// The fault of the paths.
        fault: ShapeFault,
    },
    /// A map of a field without codes, or without a column.
    #[error("[maps.{field}] cannot be used: {why}")]
    Map {
        /// The name of the map.
        field: String,
        /// The reason why the field can have no map.
        why: &'static str,
    },
    /// A map to a value that the field cannot have.
    #[error("[maps.{field}] gives `{value}`; expected {expected}")]
    MapValue {
        /// The field.
        field: Field,
        /// The value in the map.
        value: String,
        /// Values that the field may have.
        expected: &'static str,
    },
}

fn known_encodings() -> String {
    Encoding::ALL.map(|encoding| format!("`{}`", encoding.name())).join(", ")
}
