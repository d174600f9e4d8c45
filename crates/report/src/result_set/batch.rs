//! A result set of rows in memory.

use std::io::{self, Write};

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{ResultSet, WriteError, write_text_table};
use crate::text_table::{Column, render};

/// Rows in memory. Columns are texts, whole numbers, decimals, dates, or yes and no.
#[derive(Clone, Debug)]
pub struct BatchResult(RecordBatch);

impl BatchResult {
    /// The rows of a batch.
    #[must_use]
    pub fn new(batch: RecordBatch) -> Self {
        Self(batch)
    }

    /// Writes a list for people, for a terminal of `width` columns. `headings` are the names of the columns, each with
    /// its heading. Texts of the last column are wrapped at words.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_list(&self, out: &mut dyn Write, headings: &[(&str, &str)], width: Option<usize>) -> io::Result<()> {
        let found = headings.iter().filter_map(|&(name, heading)| Some((self.0.schema().index_of(name).ok()?, heading)));
        let (chosen, headings): (Vec<usize>, Vec<&str>) = found.unzip();
        let batch = self.0.project(&chosen).map_err(io::Error::other)?;
        let mut columns: Vec<Column> = headings.iter().zip(batch.columns()).map(|(name, array)| column(name, array)).collect();
        if let Some(last) = columns.last_mut() {
            last.wraps = true;
        }
        out.write_all(render(&columns, &cell_texts(&batch)?, width).as_bytes())
    }
}

impl ResultSet for BatchResult {
    type Error = WriteError;

    fn write_table(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), WriteError> {
        Ok(self.table_to(out, rows_max, width)?)
    }

    fn write_csv(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        Ok(self.csv_to(out)?)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        Ok(self.json_to(out)?)
    }

    fn write_parquet(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        Ok(self.parquet_to(out)?)
    }
}

impl BatchResult {
    fn table_to(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> io::Result<()> {
        let shown = self.0.slice(0, rows_max.unwrap_or(usize::MAX).min(self.0.num_rows()));
        let schema = shown.schema();
        let names = schema.fields().iter().map(|field| field.name().as_str());
        let columns: Vec<Column> = names.zip(shown.columns()).map(|(name, array)| column(name, array)).collect();
        write_text_table(out, &columns, &cell_texts(&shown)?, self.0.num_rows(), width)
    }

    fn csv_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> = self.0.schema().fields().iter().map(|field| csv_cell(field.name())).collect();
        writeln!(out, "{}", names.join(","))?;
        let formatters = formatters(&self.0)?;
        let (mut line, mut cell) = (String::new(), String::new());
        for row in 0..self.0.num_rows() {
            line.clear();
            for (index, (formatter, array)) in formatters.iter().zip(self.0.columns()).enumerate() {
                if index > 0 {
                    line.push(',');
                }
                if array.is_null(row) {
                    continue;
                }
                cell.clear();
                formatter.value(row).write(&mut cell).map_err(io::Error::other)?;
                // Only texts can hold commas, quotes and ends of lines, or be empty.
                if array.data_type() == &DataType::Utf8 { line.push_str(&csv_cell(&cell)) } else { line.push_str(&cell) }
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn json_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let schema = self.0.schema();
        let names = schema.fields().iter().map(|field| serde_json::to_string(field.name()));
        let names: Vec<String> = names.collect::<Result<_, _>>()?;
        let formatters = formatters(&self.0)?;
        let mut cell = String::new();
        out.write_all(b"[")?;
        for row in 0..self.0.num_rows() {
            out.write_all(if row == 0 { b"{" } else { b",{" })?;
            for (index, (formatter, array)) in formatters.iter().zip(self.0.columns()).enumerate() {
                write!(out, "{}{}:", if index == 0 { "" } else { "," }, names[index])?;
                if array.is_null(row) {
                    out.write_all(b"null")?;
                    continue;
                }
                cell.clear();
                formatter.value(row).write(&mut cell).map_err(io::Error::other)?;
                match array.data_type() {
                    DataType::Int32 | DataType::Int64 | DataType::UInt32 | DataType::Boolean => out.write_all(cell.as_bytes())?,
                    // Decimals are texts, too: as numbers they would lose digits in most readers.
                    _ => serde_json::to_writer(&mut *out, &cell)?,
                }
            }
            out.write_all(b"}")?;
        }
        writeln!(out, "]")
    }

    fn parquet_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        // The writer wants an output that can be sent to other threads, so the file is collected in memory; it is small
        // compared with the rows.
        let mut writer = ArrowWriter::try_new(Vec::new(), self.0.schema(), Some(properties)).map_err(io::Error::other)?;
        writer.write(&self.0).map_err(io::Error::other)?;
        out.write_all(&writer.into_inner().map_err(io::Error::other)?)
    }
}

fn column(name: &str, array: &dyn Array) -> Column {
    let right = array.data_type().is_numeric();
    Column { name: name.to_owned(), right, wraps: false }
}

fn formatters(batch: &RecordBatch) -> io::Result<Vec<ArrayFormatter<'_>>> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new();
    let formatters = batch.columns().iter().map(|array| ArrayFormatter::try_new(array.as_ref(), &OPTIONS));
    formatters.collect::<Result<_, _>>().map_err(io::Error::other)
}

/// The cells of every row as text; an absent value is an empty text.
fn cell_texts(batch: &RecordBatch) -> io::Result<Vec<Vec<String>>> {
    let formatters = formatters(batch)?;
    let cell = |formatter: &ArrayFormatter<'_>, row| formatter.value(row).try_to_string().map_err(io::Error::other);
    (0..batch.num_rows()).map(|row| formatters.iter().map(|formatter| cell(formatter, row)).collect()).collect()
}

/// A text as a cell of CSV. The empty text is in quotes: it differs from an absent value.
fn csv_cell(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    fn rows() -> BatchResult {
        let amounts = Decimal128Array::from(vec![Some(-5), None]).with_precision_and_scale(18, 2).expect("a scale");
        let columns: [(&str, ArrayRef); 5] = [
            ("person_id", Arc::new(Int64Array::from(vec![Some(7), None]))),
            ("sur,name", Arc::new(StringArray::from(vec!["a \"b\"\n", ""]))),
            ("birth_date", Arc::new(Date32Array::from(vec![Some(20_758), None]))),
            ("survives", Arc::new(BooleanArray::from(vec![Some(true), None]))),
            ("roubles", Arc::new(amounts)),
        ];
        let columns = columns.into_iter().map(|(name, values)| (name, values, true));
        BatchResult::new(RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length"))
    }

    fn written<E: std::fmt::Debug>(write: impl Fn(&mut dyn Write) -> Result<(), E>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn csv_distinguishes_the_empty_text_from_no_value() {
        let expected =
            "person_id,\"sur,name\",birth_date,survives,roubles\n7,\"a \"\"b\"\"\n\",2026-11-01,true,-0.05\n,\"\",,,\n";
        assert_eq!(written(|out| rows().write_csv(out)), expected);
    }

    #[test]
    fn json_is_one_array_with_decimals_as_texts() {
        let expected = "[{\"person_id\":7,\"sur,name\":\"a \\\"b\\\"\\n\",\"birth_date\":\"2026-11-01\",\"survives\":true,\"roubles\":\"-0.05\"},\
                        {\"person_id\":null,\"sur,name\":\"\",\"birth_date\":null,\"survives\":null,\"roubles\":null}]\n";
        assert_eq!(written(|out| rows().write_json(out)), expected);
        let none = BatchResult::new(rows().0.slice(0, 0));
        assert_eq!(written(|out| none.write_json(out)), "[]\n");
    }

    #[test]
    fn a_text_table_stops_at_its_limit_and_counts_all_rows() {
        let table = written(|out| rows().write_table(out, Some(1), None));
        assert!(table.contains("        7  a \\\"b\\\"\\n") || table.contains("        7  a \"b\"\\n"), "{table}");
        assert!(table.contains("2026-11-01  true        -0.05\n"), "{table}");
        assert!(table.ends_with("1 of 2 rows; --limit 0 shows all\n"), "{table}");
        assert!(written(|out| rows().write_table(out, None, None)).ends_with("2 rows\n"));
    }

    #[test]
    fn a_list_shows_the_chosen_columns_under_their_headings() {
        let list = written(|out| rows().write_list(out, &[("roubles", "money"), ("absent", "x"), ("survives", "is")], None));
        assert_eq!(list, "money  is\n─────  ────\n-0.05  true\n\n");
    }

    #[test]
    fn parquet_holds_the_same_rows() {
        let mut file = Vec::new();
        rows().write_parquet(&mut file).expect("written");
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(file)).expect("Parquet").build().expect("rows");
        let read: Vec<RecordBatch> = reader.collect::<Result<_, _>>().expect("rows");
        assert_eq!(read, [rows().0]);
    }
}
