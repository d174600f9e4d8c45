//! Tables of a run and their Arrow schemas, from `schemas/outputs/`.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};

use super::PublishError;
use super::description::TableDescription;

macro_rules! tables {
    ($($variant:ident $name:literal)*) => {
        /// Table that a run publishes; `schemas/outputs/` has its description.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OutputTable {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl OutputTable {
            /// Every table, in the order in which documentation lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Name in SQL; the file is `<name>.parquet`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        static SPECS: LazyLock<Vec<TableSpec>> = LazyLock::new(|| {
            vec![$(TableSpec::parse($name, include_str!(concat!("../../../schemas/outputs/", $name, ".toml"))),)*]
        });
    };
}

tables! {
    Persons "persons"
    InsuranceStays "insurance_stays"
    AttachmentStays "attachment_stays"
    Decisions "decisions"
    Findings "findings"
    Quarantine "quarantine"
    Duplicates "duplicates"
    Numbers "numbers"
    Headcount "headcount"
    FundingClinic "funding_clinic"
    FundingInsurerClinic "funding_insurer_clinic"
    FundingBands "funding_bands"
    Norms "norms"
    NormFactors "norm_factors"
    FundingPoints "funding_points"
    FundingResults "funding_results"
    ToPay "to_pay"
    FundingInsurer "funding_insurer"
    MoneyChecks "money_checks"
    Unattached "unattached"
    MustChoose "must_choose"
    AttachedUninsured "attached_uninsured"
    Links "links"
    PersonIds "person_ids"
    PersonEvents "person_events"
    Quality "quality"
    MissingSenders "missing_senders"
    Overrides "overrides"
    Insurers "insurers"
    Clinics "clinics"
}

impl OutputTable {
    /// Description of the table, parsed once.
    ///
    /// # Panics
    /// When a built-in description is malformed.
    #[must_use]
    pub fn spec(self) -> &'static TableSpec {
        &SPECS[self as usize]
    }

    /// The table of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|table| table.name() == name)
    }

    /// Name of the file in the folder of a run.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}.parquet", self.name())
    }
}

/// Some of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSet(u32);

impl TableSet {
    /// Every table.
    pub const ALL: Self = Self((1 << OutputTable::ALL.len()) - 1);

    /// Whether the set has a table.
    #[must_use]
    #[inline]
    pub fn contains(self, table: OutputTable) -> bool {
        self.0 >> table as u32 & 1 == 1
    }

    /// The tables, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = OutputTable> {
        OutputTable::ALL.iter().copied().filter(move |&table| self.contains(table))
    }
}

impl FromIterator<OutputTable> for TableSet {
    fn from_iter<I: IntoIterator<Item = OutputTable>>(tables: I) -> Self {
        Self(tables.into_iter().fold(0, |set, table| set | 1 << table as u32))
    }
}

/// Description of a table.
#[derive(Debug)]
pub struct TableSpec {
    /// Name in SQL.
    pub name: &'static str,
    /// Meaning of one row.
    pub description: String,
    /// Columns in order; the metadata of each field has its `description`.
    pub schema: SchemaRef,
    /// Sort key, as positions in the schema: ascending, null before every value, strings by their bytes: the order of Rust's `Option` and `str`.
    pub sorted_by: Vec<usize>,
    /// Whether each column is encoded by dictionary.
    pub(super) dictionary: Vec<bool>,
}

impl TableSpec {
    /// Table of a built-in description.
    ///
    /// # Panics
    /// When the description is malformed, or describes another table.
    #[must_use]
    pub fn parse(name: &'static str, text: &str) -> Self {
        let parsed = TableDescription::parse(text).and_then(|description| Ok((description.schema()?, description)));
        let (schema, description) = parsed.unwrap_or_else(|error| panic!("the description of the table {name}: {error}"));
        assert_eq!(description.table, name, "the description of the table {name} is of another table");
        Self {
            name,
            sorted_by: description.sorted_by.iter().filter_map(|key| schema.index_of(key).ok()).collect(),
            dictionary: description.columns.iter().map(super::description::ColumnDescription::uses_dictionary).collect(),
            description: description.description,
            schema: Arc::new(schema),
        }
    }

    /// Batch of this table from its columns, in the order of the schema.
    ///
    /// A column of texts may also be a `DictionaryArray<UInt32Type>`: keys into a `StringArray` that all row groups
    /// share and that holds no text twice. The same holds for the elements of a list of texts, see
    /// [`Self::dictionary_element`]. The keys do not show in the file; encoding is cheaper if the description asks for
    /// a dictionary.
    ///
    /// # Errors
    /// [`PublishError::Shape`] when number, type, length or nullability of the columns differ from the description.
    pub fn batch(&self, columns: Vec<ArrayRef>) -> Result<RecordBatch, PublishError> {
        let fields = self.schema.fields().iter().zip(&columns).map(|(field, column)| match dictionary_form(field.data_type()) {
            Some(form) if form == *column.data_type() => Arc::new(field.as_ref().clone().with_data_type(form)),
            _ => Arc::clone(field),
        });
        let mut fields: Vec<FieldRef> = fields.collect();
        // Fields without a column make the batch fail.
        fields.extend_from_slice(&self.schema.fields()[fields.len()..]);
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|error| PublishError::Shape { table: self.name, detail: error.to_string() })
    }

    /// Element field of a list column, for `ListBuilder::with_field`.
    ///
    /// # Panics
    /// When the table has no list column of this name.
    #[must_use]
    pub fn element(&self, column: &str) -> FieldRef {
        match self.schema.field_with_name(column).map(arrow::datatypes::Field::data_type) {
            Ok(DataType::List(element)) => Arc::clone(element),
            _ => panic!("table {} has no list column {column}", self.name),
        }
    }

    /// Element field of a list column of texts with dictionary keys as elements.
    ///
    /// # Panics
    /// When the table has no list column of this name.
    #[must_use]
    pub fn dictionary_element(&self, column: &str) -> FieldRef {
        Arc::new(self.element(column).as_ref().clone().with_data_type(text_dictionary()))
    }
}

/// Type of columns with keys into a dictionary of texts.
fn text_dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
}

/// Dictionary form of a type of texts or lists of texts; `None` for other types.
fn dictionary_form(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::Utf8 => Some(text_dictionary()),
        DataType::List(element) if *element.data_type() == DataType::Utf8 => {
            Some(DataType::List(Arc::new(element.as_ref().clone().with_data_type(text_dictionary()))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_is_well_formed() {
        for &table in OutputTable::ALL {
            let spec = table.spec();
            assert_eq!(spec.name, table.name());
            assert!(!spec.sorted_by.is_empty(), "{} has no key", spec.name);
            assert!(spec.schema.fields().iter().all(|field| field.metadata()["description"].ends_with('.')), "{}", spec.name);
        }
    }

    #[test]
    fn unattached_persons_look_as_in_persons() {
        let persons = &OutputTable::Persons.spec().schema;
        for field in OutputTable::Unattached.spec().schema.fields() {
            assert_eq!(persons.field_with_name(field.name()).ok(), Some(field.as_ref()));
        }
    }

    #[test]
    fn a_missing_value_in_a_required_column_is_refused() {
        let columns: Vec<ArrayRef> = OutputTable::Headcount
            .spec()
            .schema
            .fields()
            .iter()
            .map(|field| arrow::array::new_null_array(field.data_type(), 1))
            .collect();
        let error = OutputTable::Headcount.spec().batch(columns).expect_err("nulls in the key");
        assert!(matches!(&error, PublishError::Shape { table: "headcount", detail } if detail.contains("insurer")), "{error}");
    }
}
