//! A table's description as its TOML file has it, and the Arrow schema that follows from it.
//!
//! Knows types, not tables: which files there are is the business of [`super::table`].

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema};

/// The key of a field's metadata that holds the column's description.
const DESCRIPTION: &str = "description";

/// The key of a field's metadata that marks personal data; other columns do not have it.
const PERSONAL: &str = "personal";

/// `schemas/outputs/<table>.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableDescription {
    pub table: String,
    pub description: String,
    pub sorted_by: Vec<String>,
    pub columns: Vec<ColumnDescription>,
}

/// One `[[columns]]` of it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnDescription {
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default)]
    pub nullable: bool,
    /// Whether values say something of a person that a person's number alone does not.
    #[serde(default)]
    pub personal: bool,
    pub description: String,
    /// Whether to encode by dictionary; when not given, strings are and the rest is not.
    pub dictionary: Option<bool>,
}

impl TableDescription {
    /// Reads and checks a description.
    pub fn parse(text: &str) -> Result<Self, String> {
        let description: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        description.check()?;
        Ok(description)
    }

    fn check(&self) -> Result<(), String> {
        let mut seen = std::collections::BTreeSet::new();
        for column in &self.columns {
            if !seen.insert(column.name.as_str()) {
                return Err(format!("column {} twice", column.name));
            }
            if column.description.trim().is_empty() {
                return Err(format!("column {} has no description", column.name));
            }
        }
        match self.sorted_by.iter().find(|key| !seen.contains(key.as_str())) {
            Some(key) => Err(format!("sorted_by names {key}, which is no column")),
            None => Ok(()),
        }
    }

    /// The Arrow schema, with every column's description in its field's metadata.
    pub fn schema(&self) -> Result<Schema, String> {
        let fields = self.columns.iter().map(ColumnDescription::field).collect::<Result<Vec<_>, _>>()?;
        Ok(Schema::new(fields))
    }
}

impl ColumnDescription {
    fn field(&self) -> Result<Field, String> {
        let data_type =
            data_type(&self.type_name).ok_or_else(|| format!("column {}: unknown type {}", self.name, self.type_name))?;
        let mut metadata = HashMap::from([(DESCRIPTION.to_owned(), self.description.clone())]);
        if self.personal {
            metadata.insert(PERSONAL.to_owned(), "yes".to_owned());
        }
        Ok(Field::new(&self.name, data_type, self.nullable).with_metadata(metadata))
    }

    /// Whether the column is encoded by dictionary.
    pub fn uses_dictionary(&self) -> bool {
        self.dictionary.unwrap_or_else(|| self.type_name.contains("string"))
    }
}

/// The Arrow type that a description's word stands for; a `?` after a list's element type lets elements be null.
fn data_type(name: &str) -> Option<DataType> {
    Some(match name {
        "int32" => DataType::Int32,
        "int64" => DataType::Int64,
        "bool" => DataType::Boolean,
        "date" => DataType::Date32,
        "string" => DataType::Utf8,
        "binary" => DataType::Binary,
        _ => {
            if let Some(arguments) = between(name, "decimal(", ")") {
                let (precision, scale) = arguments.split_once(',')?;
                decimal(precision.trim().parse().ok()?, scale.trim().parse().ok()?)?
            } else {
                DataType::List(element(between(name, "list<", ">")?)?)
            }
        }
    })
}

fn decimal(precision: u8, scale: i8) -> Option<DataType> {
    let possible = (1..=38).contains(&precision) && scale >= 0 && scale.unsigned_abs() <= precision;
    possible.then_some(DataType::Decimal128(precision, scale))
}

/// Under the name that the Parquet format prescribes; the builders of Arrow have another default.
fn element(name: &str) -> Option<FieldRef> {
    let (name, nullable) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    Some(Arc::new(Field::new("element", data_type(name)?, nullable)))
}

fn between<'text>(text: &'text str, start: &str, end: &str) -> Option<&'text str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_words_give_arrow_types() {
        assert_eq!(data_type("decimal(18,2)"), Some(DataType::Decimal128(18, 2)));
        assert_eq!(data_type("decimal(38, 18)"), Some(DataType::Decimal128(38, 18)));
        assert_eq!(data_type("list<int64>"), Some(DataType::List(Arc::new(Field::new("element", DataType::Int64, false)))));
        assert_eq!(data_type("list<string?>"), Some(DataType::List(Arc::new(Field::new("element", DataType::Utf8, true)))));
        for wrong in ["text", "decimal(39,2)", "decimal(2,3)", "decimal(18)", "list<>", "list<int64"] {
            assert_eq!(data_type(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_that_is_no_column_is_refused() {
        let text =
            "table = 't'\ndescription = 'd'\nsorted_by = ['x']\n[[columns]]\nname = 'a'\ntype = 'int32'\ndescription = 'd'\n";
        assert_eq!(TableDescription::parse(text).err(), Some("sorted_by names x, which is no column".to_owned()));
    }
}
