//! Pages of one column chunk: headers, compression, sizes.

use std::io;

use parquet::basic::{Compression, Encoding, PageType, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, ParamSwitch, compress_bound};

use super::bits::{push_varint, zigzag};

/// How pages are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Looks for repeated texts.
    Repeats,
    /// Makes bytes as short as their frequencies allow, for digits and packed numbers, in which repeats are chance.
    Frequencies,
}

/// Compressors of one thread. Both write what every reader of Zstandard reads.
pub(super) struct Compressors {
    repeats: Compressor<'static>,
    frequencies: Compressor<'static>,
    compressed: Vec<u8>,
}

impl Compressors {
    pub fn new() -> io::Result<Self> {
        const LEVEL: i32 = 1;
        let mut frequencies = Compressor::new(LEVEL)?;
        // Next to no repeats are found in the smallest table of places, and the search for them goes in long steps. Zstandard would take long
        // steps for a wish to be done with compression altogether.
        frequencies.set_parameter(CParameter::HashLog(6))?;
        frequencies.set_parameter(CParameter::MinMatch(7))?;
        frequencies.set_parameter(CParameter::TargetLength(1 << 10))?;
        frequencies.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
        Ok(Self { repeats: Compressor::new(LEVEL)?, frequencies, compressed: Vec::new() })
    }

    /// How many bytes a page has at its beginning, and how many of them compression saves.
    fn savings(&mut self, page: &[u8], effort: Effort) -> io::Result<[usize; 2]> {
        const SAMPLE_BYTES: usize = 16 << 10;
        let sample = &page[..page.len().min(SAMPLE_BYTES)];
        Ok([sample.len(), sample.len().saturating_sub(self.compress(sample, effort)?.len())])
    }

    fn compress(&mut self, page: &[u8], effort: Effort) -> io::Result<&[u8]> {
        self.compressed.clear();
        self.compressed.reserve(compress_bound(page.len()));
        let compressor = match effort {
            Effort::Repeats => &mut self.repeats,
            Effort::Frequencies => &mut self.frequencies,
        };
        compressor.compress_to_buffer(page, &mut self.compressed)?;
        Ok(&self.compressed)
    }
}

/// Compression must save one byte of so many.
const LEAST_SAVED: usize = 16;

/// A column chunk that is being appended to a row group.
pub(super) struct ChunkWriter<'o> {
    out: &'o mut Vec<u8>,
    compressors: &'o mut Compressors,
    start: usize,
    dictionary: Option<Dictionary>,
    /// Where the data pages begin, once the first has come.
    data_from: Option<usize>,
    encoding: Encoding,
    compressed: bool,
    values: usize,
    pages: i32,
    uncompressed: usize,
}

/// The page of a dictionary.
pub(super) struct Dictionary {
    /// The values in `PLAIN` encoding.
    pub page: Vec<u8>,
    /// How many there are.
    pub values: usize,
}

impl<'o> ChunkWriter<'o> {
    /// A chunk at the end of `out` whose data pages have the `encoding`.
    pub fn new(
        out: &'o mut Vec<u8>,
        compressors: &'o mut Compressors,
        encoding: Encoding,
        dictionary: Option<Dictionary>,
    ) -> Self {
        let start = out.len();
        let (data_from, compressed) = (None, true);
        Self { out, compressors, start, dictionary, data_from, encoding, compressed, values: 0, pages: 0, uncompressed: 0 }
    }

    /// Appends a data page of so many values, nulls included. The dictionary goes before the first.
    pub fn push_data(&mut self, page: &[u8], values: usize, effort: Effort) -> Result<(), ParquetError> {
        if self.data_from.is_none() {
            self.begin(page, effort)?;
            self.data_from = Some(self.out.len());
        }
        self.values += values;
        self.pages += 1;
        self.push_page(page, PageType::DATA_PAGE, self.encoding, values, effort)
    }

    /// Decides whether the chunk is compressed, which holds for all its pages, and writes the dictionary.
    fn begin(&mut self, page: &[u8], effort: Effort) -> Result<(), ParquetError> {
        let dictionary = self.dictionary.take();
        let of_dictionary = dictionary.as_ref().map_or(&[][..], |dictionary| &dictionary.page);
        let [known, known_saved] = self.compressors.savings(of_dictionary, Effort::Repeats).map_err(failed)?;
        let [sample, saved] = self.compressors.savings(page, effort).map_err(failed)?;
        self.compressed = saved + known_saved > (sample + known) / LEAST_SAVED;
        if let Some(Dictionary { page, values }) = &dictionary {
            self.push_page(page, PageType::DICTIONARY_PAGE, Encoding::PLAIN, *values, Effort::Repeats)?;
        }
        self.dictionary = dictionary;
        Ok(())
    }

    fn push_page(
        &mut self,
        page: &[u8],
        kind: PageType,
        encoding: Encoding,
        values: usize,
        effort: Effort,
    ) -> Result<(), ParquetError> {
        let header_from = self.out.len();
        let stored = if self.compressed { self.compressors.compress(page, effort).map_err(failed)? } else { page };
        push_header(kind, encoding, values, [page.len(), stored.len()], self.out)?;
        self.uncompressed += self.out.len() - header_from + page.len();
        self.out.extend_from_slice(stored);
        Ok(())
    }

    /// What the footer says of the chunk; offsets are those in the row group.
    pub fn finish(self, column: ColumnDescPtr, statistics: Statistics) -> Result<ColumnChunkMetaData, ParquetError> {
        let pages = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
        let mut encodings = vec![Encoding::RLE, self.encoding];
        let mut page_stats = vec![pages(PageType::DATA_PAGE, self.encoding, self.pages)];
        if self.dictionary.is_some() {
            encodings.insert(0, Encoding::PLAIN);
            page_stats.insert(0, pages(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1));
        }
        let compression = if self.compressed { Compression::ZSTD(ZstdLevel::default()) } else { Compression::UNCOMPRESSED };
        ColumnChunkMetaData::builder(column)
            .set_encodings(encodings)
            .set_compression(compression)
            .set_num_values(self.values as i64)
            .set_total_uncompressed_size(self.uncompressed as i64)
            .set_total_compressed_size((self.out.len() - self.start) as i64)
            .set_dictionary_page_offset(self.dictionary.as_ref().map(|_| self.start as i64))
            .set_data_page_offset(self.data_from.unwrap_or(self.out.len()) as i64)
            .set_statistics(statistics)
            .set_page_encoding_stats(page_stats)
            .build()
    }
}

fn failed(error: io::Error) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// Appends the `PageHeader` of the format in Thrift's compact protocol.
fn push_header(
    kind: PageType,
    encoding: Encoding,
    values: usize,
    [uncompressed, compressed]: [usize; 2],
    out: &mut Vec<u8>,
) -> Result<(), ParquetError> {
    /// An integer in the next field, a structure in the field after the next or the fourth next, `false` in the next.
    const INTEGER: u8 = 0x15;
    const DATA_PAGE_HEADER: u8 = 0x2C;
    const DICTIONARY_PAGE_HEADER: u8 = 0x4C;
    const FALSE: u8 = 0x12;
    const STOP: u8 = 0;
    let integer = |number: i32, out: &mut Vec<u8>| {
        out.push(INTEGER);
        push_varint(zigzag(number.into()), out);
    };
    let size = |bytes: usize| {
        i32::try_from(bytes)
            .map_err(|_| ParquetError::General(format!("a page of {bytes} bytes is larger than the format allows")))
    };
    integer(kind as i32, out);
    integer(size(uncompressed)?, out);
    integer(size(compressed)?, out);
    if kind == PageType::DICTIONARY_PAGE {
        out.push(DICTIONARY_PAGE_HEADER);
        integer(size(values)?, out);
        integer(encoding as i32, out);
        out.push(FALSE);
    } else {
        out.push(DATA_PAGE_HEADER);
        integer(size(values)?, out);
        for encoding in [encoding, Encoding::RLE, Encoding::RLE] {
            integer(encoding as i32, out);
        }
    }
    out.extend_from_slice(&[STOP, STOP]);
    Ok(())
}
