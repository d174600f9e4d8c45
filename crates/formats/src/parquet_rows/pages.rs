//! The pages of a column of a row group, unpacked one at a time.
//!
//! The parquet crate has a reader of pages, too. It allocates what a head claims, up to 2 GiB, and unpacks gzip without any bound. So pages are
//! looked at and unpacked here, within [`limits`](super::limits), and the crate is given pages that are not packed.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;

use super::ParquetFault;
use super::delta::DeltaList;
use super::limits::{GroupAccount, PAGE_BYTES, REPEATING_VALUES};
use super::page_head::{DataV2, PageContent, PageHead};

/// The sizes that the heads of a column's pages claim together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageSizes {
    /// Unpacked bytes of the largest dictionary and of the largest page of data: a reader holds one of each.
    pub held_bytes: u64,
    /// Unpacked bytes of the largest page whose values repeat parts of each other.
    pub repeating_bytes: usize,
}

/// Looks at the heads of all pages of a column; nothing is unpacked.
pub(super) fn look_at_pages(packed: &[u8], column: &str, account: &mut GroupAccount) -> Result<PageSizes, ParquetFault> {
    let (mut at, mut dictionary_bytes, mut data_bytes, mut repeating_bytes) = (0, 0, 0, 0);
    while at < packed.len() {
        let (head, body) = page_at(packed, at).ok_or_else(|| ParquetFault::PageHead { column: column.to_owned() })?;
        if head.unpacked_bytes > PAGE_BYTES {
            return Err(ParquetFault::PageTooLarge { column: column.to_owned(), claimed_bytes: head.unpacked_bytes });
        }
        let page_bytes = head.unpacked_bytes.max(head.packed_bytes);
        account.add(page_bytes as u64)?;
        let largest =
            if matches!(head.content, PageContent::Dictionary { .. }) { &mut dictionary_bytes } else { &mut data_bytes };
        *largest = page_bytes.max(*largest);
        if head.data_encoding() == Some(Encoding::DELTA_BYTE_ARRAY) {
            repeating_bytes = head.unpacked_bytes.max(repeating_bytes);
        }
        at = body + head.packed_bytes;
    }
    Ok(PageSizes { held_bytes: (dictionary_bytes + data_bytes) as u64, repeating_bytes })
}

/// The head of the page at `at`, and the start of the page's bytes; `None` when the page does not lie within the column.
fn page_at(packed: &[u8], at: usize) -> Option<(PageHead, usize)> {
    let head = PageHead::read(&packed[at..])?;
    let body = at + head.head_bytes;
    (head.packed_bytes <= packed.len() - body).then_some((head, body))
}

/// A column that is read page by page.
pub(super) struct Pages {
    packed: Bytes,
    at: usize,
    codec: Compression,
    physical: Type,
    /// Whether values may be missing. Pages then say which are.
    has_levels: bool,
}

impl Pages {
    /// The pages of a column with these packed bytes.
    pub fn new(packed: Bytes, chunk: &ColumnChunkMetaData) -> Self {
        let has_levels = chunk.column_descr().max_def_level() > 0;
        Self { packed, at: 0, codec: chunk.compression(), physical: chunk.column_type(), has_levels }
    }

    /// The next page with values or a dictionary, without moving behind it.
    fn peek(&mut self) -> Result<Option<(PageHead, usize)>, ParquetError> {
        while self.at < self.packed.len() {
            let found = page_at(&self.packed, self.at).ok_or_else(|| wrong("the head of a page cannot be read"))?;
            if found.0.content != PageContent::Index {
                return Ok(Some(found));
            }
            self.at = found.1 + found.0.packed_bytes;
        }
        Ok(None)
    }

    fn read(&mut self, head: PageHead, body: usize) -> Result<Page, ParquetError> {
        let packed = self.packed.slice(body..body + head.packed_bytes);
        self.at = body + head.packed_bytes;
        match head.content {
            PageContent::Dictionary { values, encoding, is_sorted } => {
                let buf = self.unpack(packed, 0, head.unpacked_bytes)?;
                if values as usize > buf.len() / least_value_bytes(self.physical) {
                    return Err(wrong("a dictionary claims more values than it has bytes"));
                }
                Ok(Page::DictionaryPage { buf, num_values: values, encoding, is_sorted })
            }
            PageContent::Data { values, encoding, definitions, repetitions } => {
                let buf = self.unpack(packed, 0, head.unpacked_bytes)?;
                let levels_bytes = if self.has_levels { levels_bytes_of(&buf, definitions, values) } else { 0 };
                check_counts(&buf, levels_bytes, encoding, values)?;
                Ok(Page::DataPage {
                    buf,
                    num_values: values,
                    encoding,
                    def_level_encoding: definitions,
                    rep_level_encoding: repetitions,
                    statistics: None,
                })
            }
            PageContent::DataV2(page) => self.read_v2(packed, page, head.unpacked_bytes),
            PageContent::Index => Err(wrong("an index where a page should be")),
        }
    }

    fn read_v2(&self, packed: Bytes, page: DataV2, unpacked_bytes: usize) -> Result<Page, ParquetError> {
        let levels_bytes = page.definition_bytes as usize + page.repetition_bytes as usize;
        let buf = if page.is_packed { self.unpack(packed, levels_bytes, unpacked_bytes)? } else { packed };
        check_counts(&buf, levels_bytes, page.encoding, page.values)?;
        Ok(Page::DataPageV2 {
            buf,
            num_values: page.values,
            encoding: page.encoding,
            num_nulls: page.nulls,
            num_rows: page.rows,
            def_levels_byte_len: page.definition_bytes,
            rep_levels_byte_len: page.repetition_bytes,
            is_compressed: false,
            statistics: None,
        })
    }

    /// Unpacks a page; its first bytes, the levels, are not packed. The size must be exactly the one that its head claims, which is within the limits.
    fn unpack(&self, packed: Bytes, levels_bytes: usize, unpacked_bytes: usize) -> Result<Bytes, ParquetError> {
        if self.codec == Compression::UNCOMPRESSED {
            return Ok(packed);
        }
        if levels_bytes > packed.len().min(unpacked_bytes) || unpacked_bytes > PAGE_BYTES {
            return Err(wrong("the head of a page contradicts itself"));
        }
        let (levels, packed) = packed.split_at(levels_bytes);
        let mut unpacked = vec![0; unpacked_bytes];
        unpacked[..levels_bytes].copy_from_slice(levels);
        // A page of missing values only has nothing packed.
        if unpacked_bytes > levels_bytes {
            unpack_exactly(self.codec, packed, &mut unpacked[levels_bytes..])?;
        }
        Ok(unpacked.into())
    }
}

/// Unpacks into `to`, which must become exactly full.
fn unpack_exactly(codec: Compression, packed: &[u8], to: &mut [u8]) -> Result<(), ParquetError> {
    let other_size = || wrong("a page unpacks to another size than its head claims");
    let given = match codec {
        Compression::SNAPPY => {
            snap::raw::Decoder::new().decompress(packed, to).map_err(|_| wrong("a page cannot be unpacked"))?
        }
        Compression::ZSTD(_) => zstd::bulk::decompress_to_buffer(packed, to).map_err(|_| wrong("a page cannot be unpacked"))?,
        Compression::GZIP(_) => {
            let mut reader = MultiGzDecoder::new(packed);
            reader.read_exact(to).map_err(|_| wrong("a page cannot be unpacked"))?;
            if reader.read(&mut [0]).map_err(|_| wrong("a page cannot be unpacked"))? > 0 {
                return Err(other_size());
            }
            to.len()
        }
        _ => return Err(wrong("a page is packed in a way that is not read")),
    };
    if given == to.len() { Ok(()) } else { Err(other_size()) }
}

/// Least bytes of a value in a dictionary.
fn least_value_bytes(physical: Type) -> usize {
    match physical {
        Type::BOOLEAN | Type::FIXED_LEN_BYTE_ARRAY => 1,
        Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
    }
}

/// Bytes of the levels at the start of a page of the first form: their length and the levels, or a bit for each value
/// in very old files.
fn levels_bytes_of(page: &[u8], encoding: Encoding, values: u32) -> usize {
    match encoding {
        Encoding::RLE => page.first_chunk().map_or(0, |length| (u32::from_le_bytes(*length) as usize).saturating_add(4)),
        _ => values.div_ceil(8) as usize,
    }
}

/// Checks that a page in one of the delta encodings claims no more values than its head: the crate allocates for as many as it claims.
fn check_counts(page: &[u8], levels_bytes: usize, encoding: Encoding, values: u32) -> Result<(), ParquetError> {
    let lists_of_lengths = match encoding {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => return Ok(()),
    };
    if values > REPEATING_VALUES {
        return Err(wrong("a page has too many values"));
    }
    let mut rest = page.get(levels_bytes..).unwrap_or_default();
    for _ in 0..lists_of_lengths {
        let list = DeltaList::read(rest).filter(|list| list.count <= u64::from(values));
        let list = list.ok_or_else(|| wrong("a page claims more values than it has"))?;
        rest = &rest[list.bytes..];
    }
    Ok(())
}

fn wrong(why: &str) -> ParquetError {
    ParquetError::General(why.to_owned())
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        self.peek()?.map(|(head, body)| self.read(head, body)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        Ok(self.peek()?.map(|(head, _)| match head.content {
            PageContent::Data { values, .. } => {
                PageMetadata { num_rows: None, num_levels: Some(values as usize), is_dict: false }
            }
            PageContent::DataV2(page) => {
                PageMetadata { num_rows: Some(page.rows as usize), num_levels: Some(page.values as usize), is_dict: false }
            }
            PageContent::Dictionary { .. } | PageContent::Index => {
                PageMetadata { num_rows: None, num_levels: None, is_dict: true }
            }
        }))
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        if let Some((head, body)) = self.peek()? {
            self.at = body + head.packed_bytes;
        }
        Ok(())
    }
}

impl Iterator for Pages {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

/// The one column of this kind in a row group.
pub(super) struct OneColumn(pub Option<Pages>);

impl Iterator for OneColumn {
    type Item = Result<Box<dyn PageReader>, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(|pages| Ok(Box::new(pages) as Box<dyn PageReader>))
    }
}

impl PageIterator for OneColumn {}
