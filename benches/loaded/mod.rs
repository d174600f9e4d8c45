//! Tables of a finished run in memory, in the shape in which the engine gives them to the writer.

#![allow(dead_code, reason = "each bench uses a part of this module")]

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, ListArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema, UInt32Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sverka_publish::OutputTable;

/// Columns of texts that differ from row to row, which the engine does not intern.
const NOT_INTERNED: [&str; 7] = ["enp", "snils", "policy_number", "doc_number", "number", "record_id", "record_ids"];

/// Table with a batch for each row group of its file.
pub struct LoadedTable {
    pub table: OutputTable,
    pub row_groups: Vec<RecordBatch>,
}

impl LoadedTable {
    /// Reads a table of a run, with plain texts.
    pub fn read(run: &Path, table: OutputTable) -> Self {
        let path = run.join(table.file_name());
        let open = || File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let groups = ParquetRecordBatchReaderBuilder::try_new(open()).expect("a Parquet file").metadata().num_row_groups();
        let row_groups = (0..groups).map(|group| {
            let reader = ParquetRecordBatchReaderBuilder::try_new(open()).expect("a Parquet file");
            let batches = reader.with_row_groups(vec![group]).with_batch_size(1 << 20).build().expect("a reader");
            let batches: Vec<_> = batches.map(|batch| batch.expect("a readable batch")).collect();
            concat_batches(&table.spec().schema, &batches).expect("batches of one table")
        });
        Self { table, row_groups: row_groups.collect() }
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.row_groups.iter().map(|batch| batch.num_rows() as u64).sum()
    }

    /// The same rows with interned texts in the columns that the engine interns.
    #[must_use]
    pub fn with_interned_texts(mut self) -> Self {
        let mut interner = TextInterner::default();
        let spec = self.table.spec();
        let columns: Vec<usize> =
            (0..spec.schema.fields().len()).filter(|&column| is_interned(spec.schema.field(column))).collect();
        let mut keys: Vec<Vec<UInt32Array>> = Vec::new();
        for batch in &self.row_groups {
            keys.push(columns.iter().map(|&column| interner.intern_all(texts(batch.column(column)))).collect());
        }
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values(&interner.texts));
        for (batch, keys) in self.row_groups.iter_mut().zip(keys) {
            let mut arrays = batch.columns().to_vec();
            for (&column, keys) in columns.iter().zip(keys) {
                let interned: ArrayRef = Arc::new(DictionaryArray::<UInt32Type>::new(keys, Arc::clone(&texts)));
                arrays[column] = match arrays[column].as_list_opt::<i32>() {
                    None => interned,
                    Some(list) => {
                        let DataType::List(element) = list.data_type() else { unreachable!("a list") };
                        let element = element.as_ref().clone().with_data_type(interned.data_type().clone());
                        Arc::new(ListArray::new(Arc::new(element), list.offsets().clone(), interned, list.nulls().cloned()))
                    }
                };
            }
            *batch = with_columns(batch, arrays);
        }
        self
    }
}

/// Batch of other columns with the names of this batch.
pub fn with_columns(batch: &RecordBatch, columns: Vec<ArrayRef>) -> RecordBatch {
    let schema = batch.schema();
    let fields = schema.fields().iter().zip(&columns);
    let fields: Vec<Field> =
        fields.map(|(field, column)| field.as_ref().clone().with_data_type(column.data_type().clone())).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length")
}

/// Whether the engine interns the texts of a column.
fn is_interned(field: &Field) -> bool {
    let text = match field.data_type() {
        DataType::Utf8 => true,
        DataType::List(element) => *element.data_type() == DataType::Utf8,
        _ => false,
    };
    text && !NOT_INTERNED.contains(&field.name().as_str())
}

/// Texts of a column of texts or of lists of texts.
fn texts(column: &ArrayRef) -> &StringArray {
    match column.as_list_opt::<i32>() {
        Some(list) => list.values().as_string(),
        None => column.as_string(),
    }
}

/// Texts with their ids, in the order of first occurrence.
#[derive(Default)]
struct TextInterner {
    ids: HashMap<String, u32>,
    texts: Vec<String>,
}

impl TextInterner {
    fn intern_all(&mut self, texts: &StringArray) -> UInt32Array {
        texts.iter().map(|text| text.map(|text| self.intern(text))).collect()
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.ids.insert(text.to_owned(), id);
        id
    }
}
