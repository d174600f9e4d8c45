//! Parquet files: as many rows as the directory says, and the rows of documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};

use super::document::ScratchFile;
use crate::layout::Layout;
use sverka_formats::parquet_rows::{ParquetRows, ParquetValues};
use sverka_fuzzing::{Target, fuzz, kind};

/// Reader of Parquet files under test.
struct Files {
    scratch: ScratchFile,
    layouts: Vec<Arc<Layout>>,
}

/// Layout for the columns of the files of the corpus.
const LAYOUT: &str = r#"
name = "fuzz"
table = "attachments"
dates = "YYYY-MM-DD"
header = true
other_columns = "skip"
columns = ["enp", "surname", "birth_date", "sex"]
fields = [ { field = "clinic", column = "enp" }, { field = "enp" }, { field = "surname" }, { field = "given_name", column = "surname" },
           { field = "birth_date" }, { field = "attached_from", column = "birth_date" }, { field = "sex" } ]
"#;

impl Target for Files {
    const CORPUS: &'static str = "parquet";
    const ENDING: Option<&'static str> = Some("parquet");
    const PIECES: &'static [&'static [u8]] = &[
        b"\0",
        b"\xFF",
        b"\xFF\xFF\xFF\xFF\x0F",
        b"\x80\x80\x80\x80\x08",
        b"\x7F",
        b"\x15",
        b"\x19",
        b"PAR1",
        b"\x15\x02",
        b"\x1C",
    ];

    /// Files of binary columns, in all encodings and packings. No byte of them may become a text unchecked.
    fn seeds(&self) -> Vec<Vec<u8>> {
        let encodings = [None, Some(Encoding::PLAIN), Some(Encoding::DELTA_LENGTH_BYTE_ARRAY), Some(Encoding::DELTA_BYTE_ARRAY)];
        let packings = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::ZSTD(ZstdLevel::default()),
        ];
        let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
        let all = encodings.iter().flat_map(|encoding| packings.map(|packing| (*encoding, packing)));
        all.flat_map(|(encoding, packing)| versions.map(|version| binary_columns(encoding, packing, version))).collect()
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        self.scratch.read(input, &self.layouts, &mut behaviours);
        let file = match ParquetRows::open(input) {
            Ok(file) => file,
            Err(fault) => {
                behaviours.insert(kind(&fault));
                return behaviours;
            }
        };
        let wanted: Vec<usize> = (0..file.columns().len()).filter(|column| file.check(&[*column]).is_ok()).collect();
        for group in 0..file.groups().min(20) {
            let (mut given, mut bytes) = (0, 0);
            let ended = file.rows(group, &wanted, &mut |_: u64, values: ParquetValues<'_>| {
                given += 1;
                bytes +=
                    (0..wanted.len()).map(|place| values.text(place).map_or(values.bytes(place).len(), str::len)).sum::<usize>();
            });
            assert!(ended.is_err() || given == file.group_rows(group), "the rows that the directory says");
            behaviours
                .insert(ended.map_or_else(|fault| kind(&fault), |()| format!("{} rows of {} bytes", given.min(2), bytes.min(1))));
        }
        behaviours
    }
}

/// A file of binary columns with UTF-8, a code page, half letters and empty values.
fn binary_columns(encoding: Option<Encoding>, packing: Compression, version: WriterVersion) -> Vec<u8> {
    const SURNAMES: [Option<&[u8]>; 6] = [
        Some(b"\xD0\x9B\xD0\x98"),
        Some(b"\xCB\xC8\xCF\xCE\xC2\xC0"),
        Some(b"\xD0"),
        Some(b"\x90 and more than a view"),
        None,
        Some(b""),
    ];
    let column = |values: [Option<&'static [u8]>; 6]| -> ArrayRef { Arc::new(BinaryArray::from(values.to_vec())) };
    let columns = [
        ("enp", column([Some(b"9856510894000011"); 6])),
        ("surname", column(SURNAMES)),
        ("birth_date", column([Some(b"1984-03-05"); 6])),
        ("sex", column([Some(b"2"), Some(b"1"), None, Some(b"\xFF"), Some(b"1"), Some(b"2")])),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let properties = WriterProperties::builder().set_compression(packing).set_writer_version(version);
    let properties = match encoding {
        None => properties,
        Some(encoding) => properties.set_dictionary_enabled(false).set_encoding(encoding),
    };
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    bytes
}

#[test]
fn changed_files_end() {
    let layout = Arc::new(Layout::parse(LAYOUT, "fuzz.toml").expect("a layout"));
    fuzz(&mut Files { scratch: ScratchFile::new(), layouts: vec![layout] });
}
