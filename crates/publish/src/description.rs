//! Description of a table, read from its TOML file, and the Arrow schema that follows from it.
//!
//! Types are known here, tables are not: [`super::table`] has the list of files.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema};

/// Metadata key for the description of a column.
const DESCRIPTION: &str = "description";

/// Metadata key that marks columns with personal data; other columns do not have it.
const PERSONAL: &str = "personal";

/// Content of `schemas/outputs/<table>.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableDescription {
    pub table: String,
    pub description: String,
    pub sorted_by: Vec<String>,
    pub columns: Vec<ColumnDescription>,
}

/// One `[[columns]]` of a description.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnDescription {
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default)]
    pub nullable: bool,
    /// Whether the column holds personal data: more about a person than the person id.
    #[serde(default)]
    pub personal: bool,
    pub description: String,
    /// Whether the column is encoded by dictionary. If absent, strings are, and other types are not.
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

    /// Arrow schema; the metadata of each field has the description of its column.
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

/// Arrow type for the name of a type in a description. A `?` after the element type of a list allows null elements.
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

/// Element field of a list, with the name that the Parquet format prescribes; the builders of Arrow use another name.
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
    fn sorting_by_an_unknown_column_is_refused() {
        let text =
            "table = 't'\ndescription = 'd'\nsorted_by = ['x']\n[[columns]]\nname = 'a'\ntype = 'int32'\ndescription = 'd'\n";
        assert_eq!(TableDescription::parse(text).err(), Some("sorted_by names x, which is no column".to_owned()));
    }
}
