//! Pages of one column chunk: headers, compression, sizes.
//!
//! ```text
//! column chunk     [ dictionary page ] [ data page ] [ data page ] …
//! page             header | body, compressed with Zstandard or as it is
//! header           Thrift compact: kind, sizes of the body before and after compression, values, encodings
//! data page body   repetition levels | definition levels | values
//! ```
//!
//! A chunk is compressed as a whole or not at all: the first 16 KiB of its dictionary and of its first data page
//! decide. So a reader never unpacks a chunk that hardly got smaller.

use std::io;

use parquet::basic::{Compression, Encoding, PageType, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, ParamSwitch, compress_bound};

use super::bits::{push_varint, zigzag};

/// Mode of compression for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CompressionMode {
    /// Search for repeated byte sequences, and entropy coding. For texts.
    Matches,
    /// Entropy coding, with next to no search for matches. For digits and packed numbers: matches in them are chance,
    /// and the search costs most of the time.
    EntropyOnly,
}

/// Compressors of one thread. Both write standard Zstandard frames.
pub(super) struct Compressors {
    matches: Compressor<'static>,
    entropy_only: Compressor<'static>,
    compressed: Vec<u8>,
}

impl Compressors {
    pub fn new() -> io::Result<Self> {
        const LEVEL: i32 = 1;
        let mut entropy_only = Compressor::new(LEVEL)?;
        // The smallest hash table finds next to no matches, and the target length lets the search advance in long
        // steps. Zstandard takes long steps for a request to skip entropy coding as well, so the last parameter asks
        // for entropy coding explicitly.
        entropy_only.set_parameter(CParameter::HashLog(6))?;
        entropy_only.set_parameter(CParameter::MinMatch(7))?;
        entropy_only.set_parameter(CParameter::TargetLength(1 << 10))?;
        entropy_only.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
        Ok(Self { matches: Compressor::new(LEVEL)?, entropy_only, compressed: Vec::new() })
    }

    /// Bytes that compression saves on the first bytes of a page.
    fn savings(&mut self, page: &[u8], mode: CompressionMode) -> io::Result<Savings> {
        const SAMPLE_BYTES: usize = 16 << 10;
        let sample = &page[..page.len().min(SAMPLE_BYTES)];
        Ok(Savings { sampled: sample.len(), saved: sample.len().saturating_sub(self.compress(sample, mode)?.len()) })
    }

    fn compress(&mut self, page: &[u8], mode: CompressionMode) -> io::Result<&[u8]> {
        self.compressed.clear();
        self.compressed.reserve(compress_bound(page.len()));
        let compressor = match mode {
            CompressionMode::Matches => &mut self.matches,
            CompressionMode::EntropyOnly => &mut self.entropy_only,
        };
        compressor.compress_to_buffer(page, &mut self.compressed)?;
        Ok(&self.compressed)
    }
}

/// Bytes saved by compression of a sample.
struct Savings {
    sampled: usize,
    saved: usize,
}

/// Least share of saved bytes: a chunk is compressed if that saves more than one byte in this number.
const LEAST_SAVED: usize = 16;

/// Column chunk under construction, appended to the bytes of a row group.
pub(super) struct ChunkWriter<'o> {
    out: &'o mut Vec<u8>,
    compressors: &'o mut Compressors,
    start: usize,
    dictionary: Option<Dictionary>,
    /// Start of the data pages, once the first was pushed.
    data_from: Option<usize>,
    encoding: Encoding,
    compressed: bool,
    values: usize,
    pages: i32,
    uncompressed: usize,
}

/// Dictionary page of a chunk.
pub(super) struct Dictionary {
    /// Values in `PLAIN` encoding.
    pub page: Vec<u8>,
    /// Number of values.
    pub values: usize,
}

impl<'o> ChunkWriter<'o> {
    /// An empty chunk at the end of `out`. Its data pages will have the `encoding`.
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

    /// Appends a data page with this number of values, nulls included. The dictionary page goes before the first data page.
    pub fn push_data(&mut self, page: &[u8], values: usize, mode: CompressionMode) -> Result<(), ParquetError> {
        if self.data_from.is_none() {
            self.begin(page, mode)?;
            self.data_from = Some(self.out.len());
        }
        self.values += values;
        self.pages += 1;
        self.push_page(page, PageType::DATA_PAGE, self.encoding, values, mode)
    }

    /// Decides whether the pages of the chunk are compressed, and writes the dictionary page.
    fn begin(&mut self, page: &[u8], mode: CompressionMode) -> Result<(), ParquetError> {
        let dictionary = self.dictionary.take();
        let dictionary_page = dictionary.as_ref().map_or(&[][..], |dictionary| &dictionary.page);
        let first = self.compressors.savings(dictionary_page, CompressionMode::Matches).map_err(failed)?;
        let data = self.compressors.savings(page, mode).map_err(failed)?;
        self.compressed = first.saved + data.saved > (first.sampled + data.sampled) / LEAST_SAVED;
        if let Some(Dictionary { page, values }) = &dictionary {
            self.push_page(page, PageType::DICTIONARY_PAGE, Encoding::PLAIN, *values, CompressionMode::Matches)?;
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
        mode: CompressionMode,
    ) -> Result<(), ParquetError> {
        let header_from = self.out.len();
        let stored = if self.compressed { self.compressors.compress(page, mode).map_err(failed)? } else { page };
        let sizes = PageSizes { uncompressed: page.len(), compressed: stored.len() };
        push_header(kind, encoding, values, sizes, self.out)?;
        self.uncompressed += self.out.len() - header_from + page.len();
        self.out.extend_from_slice(stored);
        Ok(())
    }

    /// Metadata of the chunk for the footer; offsets count from the start of the row group.
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

/// Bytes of a page body.
struct PageSizes {
    uncompressed: usize,
    compressed: usize,
}

/// Appends the `PageHeader` of the format in Thrift's compact protocol.
fn push_header(
    kind: PageType,
    encoding: Encoding,
    values: usize,
    sizes: PageSizes,
    out: &mut Vec<u8>,
) -> Result<(), ParquetError> {
    /// Field headers: the upper half is the distance to the last field number, the lower half the type (1 true, 2 false, 5 i32, 12 struct).
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
    integer(size(sizes.uncompressed)?, out);
    integer(size(sizes.compressed)?, out);
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
