//! One column of a batch as a column chunk: choice of the encoding, cut into pages, statistics.
//!
//! ```text
//! integers                          DELTA_BINARY_PACKED
//! 32-bit integers of few values     RLE_DICTIONARY, if the description asks for it and it is smaller
//! 64-bit hashes, unsorted           PLAIN: differences would be as long as the numbers
//! texts of few values               RLE_DICTIONARY
//! texts with common prefixes        DELTA_BYTE_ARRAY
//! other texts, binary               DELTA_LENGTH_BYTE_ARRAY
//! booleans, wide decimals           PLAIN
//! ```

use std::borrow::Cow;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, Decimal128Array, StringArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, UInt32Type};
use parquet::basic::{Encoding, Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use super::bits::width_of;
use super::chunk::{ChunkWriter, CompressionMode, Compressors, Dictionary};
use super::delta::push_deltas;
use super::dictionary::{DictionaryIndices, IndexTable, index_texts};
use super::front_coding::{max_prefix, push_front_coded};
use super::hybrid::push_hybrid;
use super::levels::{Levels, SplitColumn, push_bits};
use super::statistics::{MinMax, min_and_max, text_statistics};

/// Target for the bytes of values in a data page, before compression.
const PAGE_BYTES: usize = 1 << 20;

/// Buffers of one thread, reused for column after column.
pub(super) struct EncoderBuffers {
    compressors: Compressors,
    table: IndexTable,
    /// Body of the current page.
    page: Vec<u8>,
}

impl EncoderBuffers {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { compressors: Compressors::new()?, table: IndexTable::default(), page: Vec::new() })
    }
}

/// Values that are not null, ready to be cut into pages.
enum Values<'v> {
    /// Indices into the dictionary page, `width` bits each.
    Indices {
        indices: Vec<u32>,
        width: usize,
    },
    Int32(Cow<'v, [i32]>),
    Int64(Cow<'v, [i64]>),
    /// Integers whose differences are as long as the integers.
    Plain64(Cow<'v, [i64]>),
    /// Texts one after another, with their lengths. Each text leaves out up to `prefix` bytes if the text before begins
    /// with them.
    Texts {
        lengths: Vec<i32>,
        bytes: Cow<'v, [u8]>,
        prefix: usize,
        mode: CompressionMode,
    },
    Bits(BooleanBuffer),
    /// Integers of `length` bytes, big-endian.
    Fixed {
        bytes: Vec<u8>,
        length: usize,
    },
}

/// Column with its values, dictionary and statistics.
struct Encoded<'v> {
    values: Values<'v>,
    dictionary: Option<Dictionary>,
    statistics: Statistics,
}

impl<'v> Encoded<'v> {
    fn new(values: Values<'v>, statistics: Statistics) -> Self {
        Self { values, dictionary: None, statistics }
    }
}

/// Appends a column to a row group; `by_dictionary` says whether the description asks for a dictionary.
pub(super) fn push_column(
    column: &ArrayRef,
    description: &ColumnDescPtr,
    by_dictionary: bool,
    buffers: &mut EncoderBuffers,
    out: &mut Vec<u8>,
) -> Result<ColumnChunkMetaData, ParquetError> {
    let optional = description.self_type().is_optional();
    let SplitColumn { levels, elements } = Levels::split(column, optional);
    if levels.null_count() > 0 && !optional {
        return Err(ParquetError::General(format!("nulls in the required column {}", description.path())));
    }
    let Encoded { values, dictionary, statistics } = values(&elements, &levels, description, by_dictionary, &mut buffers.table)?;
    let mut chunk = ChunkWriter::new(out, &mut buffers.compressors, values.encoding(), dictionary);
    let mut pages = PageCursor::default();
    for rows in page_rows(levels.rows(), values.bytes()) {
        let page = &mut buffers.page;
        page.clear();
        let level_count = levels.push_levels(&rows, page);
        let mode = values.push(pages.next(levels.count_present(&rows)), &mut pages, page);
        chunk.push_data(page, level_count, mode)?;
    }
    chunk.finish(description.clone(), statistics)
}

/// Cuts rows into pages of the same number of rows, a multiple of 64, so that validity bits are cut at whole words.
fn page_rows(rows: usize, bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let pages = bytes.div_ceil(PAGE_BYTES).max(1);
    let step = rows.div_ceil(pages).next_multiple_of(64).max(1);
    (0..rows).step_by(step).map(move |from| from..rows.min(from + step))
}

/// Start of the next page in the values, and in the bytes of texts.
#[derive(Default)]
struct PageCursor {
    value: usize,
    byte: usize,
}

impl PageCursor {
    fn next(&mut self, values: usize) -> Range<usize> {
        let from = self.value;
        self.value += values;
        from..self.value
    }
}

impl<'v> Values<'v> {
    fn texts(lengths: Vec<i32>, bytes: Cow<'v, [u8]>, mode: CompressionMode) -> Self {
        let prefix = max_prefix(&lengths, &bytes);
        Self::Texts { lengths, bytes, prefix, mode }
    }

    fn encoding(&self) -> Encoding {
        match self {
            Self::Indices { .. } => Encoding::RLE_DICTIONARY,
            Self::Int32(_) | Self::Int64(_) => Encoding::DELTA_BINARY_PACKED,
            Self::Texts { prefix: 0, .. } => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Self::Texts { .. } => Encoding::DELTA_BYTE_ARRAY,
            Self::Plain64(_) | Self::Bits(_) | Self::Fixed { .. } => Encoding::PLAIN,
        }
    }

    /// Estimate of the bytes of all pages before compression.
    fn bytes(&self) -> usize {
        match self {
            Self::Indices { indices, width, .. } => indices.len() * width / 8,
            Self::Int32(values) => values.len() * size_of::<i32>(),
            Self::Int64(values) | Self::Plain64(values) => values.len() * size_of::<i64>(),
            Self::Texts { bytes, .. } => bytes.len(),
            Self::Bits(bits) => bits.len() / 8,
            Self::Fixed { bytes, .. } => bytes.len(),
        }
    }

    /// Appends a range of values to a page. Returns the best mode of compression for the page.
    fn push(&self, range: Range<usize>, cursor: &mut PageCursor, page: &mut Vec<u8>) -> CompressionMode {
        match self {
            Self::Indices { indices, width, .. } => {
                page.push(*width as u8);
                push_hybrid(&indices[range], *width, page);
                CompressionMode::EntropyOnly
            }
            Self::Int32(values) => {
                push_deltas(&values[range], page);
                CompressionMode::EntropyOnly
            }
            Self::Int64(values) => {
                push_deltas(&values[range], page);
                CompressionMode::EntropyOnly
            }
            Self::Plain64(values) => {
                let from = page.len();
                page.resize(from + range.len() * size_of::<i64>(), 0);
                let places = page[from..].chunks_exact_mut(size_of::<i64>());
                places.zip(&values[range]).for_each(|(place, value)| place.copy_from_slice(&value.to_le_bytes()));
                CompressionMode::EntropyOnly
            }
            Self::Texts { lengths, bytes, prefix, mode } => {
                let lengths = &lengths[range];
                let end = cursor.byte + lengths.iter().map(|&length| length as usize).sum::<usize>();
                let bytes = &bytes[cursor.byte..end];
                cursor.byte = end;
                match *prefix {
                    0 => {
                        push_deltas(lengths, page);
                        page.extend_from_slice(bytes);
                    }
                    prefix => push_front_coded(lengths, bytes, prefix, page),
                }
                *mode
            }
            Self::Bits(bits) => {
                push_bits(&bits.slice(range.start, range.len()), page);
                CompressionMode::Matches
            }
            Self::Fixed { bytes, length } => {
                page.extend_from_slice(&bytes[range.start * length..range.end * length]);
                CompressionMode::Matches
            }
        }
    }
}

/// Values of a column that are not null, in the encoding that suits its type.
fn values<'v>(
    elements: &'v ArrayRef,
    levels: &Levels,
    description: &ColumnDescPtr,
    by_dictionary: bool,
    table: &mut IndexTable,
) -> Result<Encoded<'v>, ParquetError> {
    let nulls = Some(levels.null_count() as u64);
    Ok(match elements.data_type() {
        DataType::Int32 => int32(levels.present(elements.as_primitive::<Int32Type>().values()), nulls, by_dictionary, table),
        DataType::Date32 => int32(levels.present(elements.as_primitive::<Date32Type>().values()), nulls, by_dictionary, table),
        DataType::Int64 => int64(levels.present(elements.as_primitive::<Int64Type>().values()), nulls),
        DataType::Boolean => {
            let bits = levels.present_bits(elements.as_boolean().values());
            let set = bits.count_set_bits();
            let (min, max) = ((!bits.is_empty()).then_some(set == bits.len()), (!bits.is_empty()).then_some(set > 0));
            Encoded::new(Values::Bits(bits), Statistics::boolean(min, max, None, nulls, false))
        }
        DataType::Utf8 => texts(elements.as_string(), levels, by_dictionary),
        DataType::Binary => bytes(elements.as_binary(), levels),
        DataType::Dictionary(_, _) => dictionary_texts(elements, levels, by_dictionary, table)?,
        DataType::Decimal128(_, _) => decimals(elements.as_primitive::<Decimal128Type>(), levels, description),
        other => return Err(ParquetError::NYI(format!("columns of {other}"))),
    })
}

fn int32<'v>(present: Cow<'v, [i32]>, nulls: Option<u64>, by_dictionary: bool, table: &mut IndexTable) -> Encoded<'v> {
    let range = min_and_max(&present);
    let statistics = Statistics::int32(range.map(|range| range.min), range.map(|range| range.max), None, nulls, false);
    let indexed = range.filter(|_| by_dictionary).and_then(|range| index_int32(&present, range, table));
    match indexed {
        Some(IndexedColumn { values, dictionary }) => Encoded { values, dictionary: Some(dictionary), statistics },
        None => Encoded::new(Values::Int32(present), statistics),
    }
}

/// Column as indices and a dictionary page.
struct IndexedColumn {
    values: Values<'static>,
    dictionary: Dictionary,
}

/// Integers of a narrow range as a dictionary, if that makes the column smaller.
fn index_int32(present: &[i32], range: MinMax<i32>, table: &mut IndexTable) -> Option<IndexedColumn> {
    const WIDEST: u32 = 1 << 17;
    let MinMax { min, max } = range;
    let span = max.abs_diff(min).checked_add(1).filter(|&span| span <= WIDEST)?;
    let found = table.index(present.iter().map(|&value| value.abs_diff(min)), span as usize)?;
    let width = width_of(found.values.len() as u64 - 1);
    let bits = present.len() * width + found.values.len() * 32;
    let page = found.values.iter().flat_map(|&value| (min + value as i32).to_le_bytes()).collect();
    let dictionary = Dictionary { page, values: found.values.len() };
    // Differences have a sign, so they need one bit more than the range.
    (bits < present.len() * (width_of(span.into()) + 1))
        .then_some(IndexedColumn { values: Values::Indices { indices: found.indices, width }, dictionary })
}

fn int64(present: Cow<'_, [i64]>, nulls: Option<u64>) -> Encoded<'_> {
    /// Width of the range from which unsorted integers have differences as long as themselves.
    const SPREAD_BITS: usize = 62;
    let sorted = present.is_sorted();
    let range = if sorted {
        present.first().copied().zip(present.last().copied()).map(|(min, max)| MinMax { min, max })
    } else {
        min_and_max(&present)
    };
    let spread = range.is_some_and(|MinMax { min, max }| width_of(max.wrapping_sub(min) as u64) >= SPREAD_BITS);
    let values = if spread && !sorted { Values::Plain64(present) } else { Values::Int64(present) };
    Encoded::new(values, Statistics::int64(range.map(|range| range.min), range.map(|range| range.max), None, nulls, false))
}

/// Texts that come as keys into the dictionary of the run. The keys are indexed without hashing the texts.
fn dictionary_texts(
    elements: &ArrayRef,
    levels: &Levels,
    by_dictionary: bool,
    table: &mut IndexTable,
) -> Result<Encoded<'static>, ParquetError> {
    let array = elements.as_dictionary_opt::<UInt32Type>().and_then(|array| array.downcast_dict::<StringArray>());
    let Some(array) = array else {
        return Err(ParquetError::NYI(format!("dictionaries of the type {}", elements.data_type())));
    };
    let (keys, dictionary) = (array.keys(), array.values());
    let present = levels.present(keys.values());
    let indexed = by_dictionary.then(|| table.index(present.iter().copied(), dictionary.len())).flatten();
    Ok(match indexed {
        Some(found) => indexed_texts(found, |&key| dictionary.value(key as usize).as_bytes(), levels),
        None => {
            let texts = || present.iter().map(|&key| dictionary.value(key as usize).as_bytes());
            let lengths: Vec<i32> = texts().map(|text| text.len() as i32).collect();
            let mut bytes = Vec::with_capacity(lengths.iter().map(|&length| length as usize).sum());
            texts().for_each(|text| bytes.extend_from_slice(text));
            let statistics = text_statistics(&lengths, &bytes, levels.null_count());
            Encoded::new(Values::texts(lengths, Cow::Owned(bytes), mode_for_texts(by_dictionary)), statistics)
        }
    })
}

/// Column of texts as indices and a dictionary page; `text` gives the text of a dictionary value.
fn indexed_texts<'t, V>(found: DictionaryIndices<V>, text: impl Fn(&V) -> &'t [u8], levels: &Levels) -> Encoded<'static> {
    let mut page = Vec::new();
    let mut lengths = Vec::with_capacity(found.values.len());
    let mut texts = Vec::new();
    for value in &found.values {
        let text = text(value);
        page.extend_from_slice(&(text.len() as u32).to_le_bytes());
        page.extend_from_slice(text);
        lengths.push(text.len() as i32);
        texts.extend_from_slice(text);
    }
    let statistics = text_statistics(&lengths, &texts, levels.null_count());
    let dictionary = Dictionary { page, values: found.values.len() };
    let width = width_of(found.values.len().saturating_sub(1) as u64);
    Encoded { values: Values::Indices { indices: found.indices, width }, dictionary: Some(dictionary), statistics }
}

/// Column of texts.
fn texts<'v>(texts: &'v StringArray, levels: &Levels, by_dictionary: bool) -> Encoded<'v> {
    if by_dictionary && let Some(found) = index_texts(texts) {
        return indexed_texts(found, |&row| texts.value(row).as_bytes(), levels);
    }
    plain(texts.value_offsets(), texts.value_data(), levels, mode_for_texts(by_dictionary))
}

/// Mode of compression for texts. A description that asks for a dictionary expects repeated texts.
fn mode_for_texts(by_dictionary: bool) -> CompressionMode {
    if by_dictionary { CompressionMode::Matches } else { CompressionMode::EntropyOnly }
}

/// Column of binary values.
fn bytes<'v>(bytes: &'v BinaryArray, levels: &Levels) -> Encoded<'v> {
    plain(bytes.value_offsets(), bytes.value_data(), levels, CompressionMode::Matches)
}

/// Values of variable length without a dictionary.
fn plain<'v>(offsets: &[i32], data: &'v [u8], levels: &Levels, mode: CompressionMode) -> Encoded<'v> {
    let all: Vec<i32> = offsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let lengths = levels.present(&all).into_owned();
    let between = &data[offsets[0] as usize..offsets[offsets.len() - 1] as usize];
    let total: usize = lengths.iter().map(|&length| length as usize).sum();
    let bytes = if total == between.len() {
        Cow::Borrowed(between)
    } else {
        // Null rows may have bytes as well; they are left out.
        let starts = levels.present(&offsets[..all.len()]);
        let texts = starts.iter().zip(&lengths).map(|(&start, &length)| &data[start as usize..(start + length) as usize]);
        Cow::Owned(texts.fold(Vec::with_capacity(total), |mut bytes, text| {
            bytes.extend_from_slice(text);
            bytes
        }))
    };
    let statistics = text_statistics(&lengths, &bytes, levels.null_count());
    Encoded::new(Values::texts(lengths, bytes, mode), statistics)
}

/// Decimals, in the narrowest physical type that the format prescribes for their precision.
fn decimals(decimals: &Decimal128Array, levels: &Levels, description: &ColumnDescPtr) -> Encoded<'static> {
    let present = levels.present(decimals.values());
    let nulls = Some(levels.null_count() as u64);
    match description.physical_type() {
        Type::INT32 => int32(present.iter().map(|&value| value as i32).collect(), nulls, false, &mut IndexTable::default()),
        Type::INT64 => int64(present.iter().map(|&value| value as i64).collect(), nulls),
        _ => {
            let length = usize::try_from(description.type_length()).unwrap_or_default();
            let fixed = |value: i128| value.to_be_bytes()[size_of::<i128>() - length..].to_vec();
            let range = min_and_max(&present);
            let (min, max) = (range.map(|range| fixed(range.min).into()), range.map(|range| fixed(range.max).into()));
            let bytes = present.iter().flat_map(|&value| fixed(value)).collect();
            Encoded::new(Values::Fixed { bytes, length }, Statistics::fixed_len_byte_array(min, max, None, nulls, false))
        }
    }
}
