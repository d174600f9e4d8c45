//! One column of a batch to a column chunk: which encoding, which pages, which statistics.

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
use super::chunk::{ChunkWriter, Compressors, Dictionary, Effort};
use super::delta::push_deltas;
use super::dictionary::{NumberTable, Numbered, number_texts};
use super::hybrid::push_numbers;
use super::prefixes::{most_shared, push_differences};
use super::slots::{Slots, push_bits};
use super::statistics::{least_and_greatest, text_statistics};

/// Values of a data page have about so many bytes before compression.
const PAGE_BYTES: usize = 1 << 20;

/// What a thread keeps from one column to the next.
pub(super) struct Workspace {
    compressors: Compressors,
    table: NumberTable,
    page: Vec<u8>,
}

impl Workspace {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { compressors: Compressors::new()?, table: NumberTable::default(), page: Vec::new() })
    }
}

/// Values that are not null, ready to be written as pages.
enum Values<'v> {
    /// Numbers in the dictionary, which is a page of its own.
    Numbers {
        numbers: Vec<u32>,
        width: usize,
    },
    Int32(Cow<'v, [i32]>),
    Int64(Cow<'v, [i64]>),
    /// Numbers whose differences are no shorter.
    Plain64(Cow<'v, [i64]>),
    /// Texts one after the other, with their lengths; each may leave out up to `shared` bytes with which the one
    /// before begins, too.
    Texts {
        lengths: Vec<i32>,
        bytes: Cow<'v, [u8]>,
        shared: usize,
        effort: Effort,
    },
    Bits(BooleanBuffer),
    /// Numbers of `length` bytes, the highest first.
    Fixed {
        bytes: Vec<u8>,
        length: usize,
    },
}

/// A column whose values are ready.
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

/// Appends a column to a row group; `by_dictionary` is the description's wish.
pub(super) fn push_column(
    column: &ArrayRef,
    description: &ColumnDescPtr,
    by_dictionary: bool,
    workspace: &mut Workspace,
    out: &mut Vec<u8>,
) -> Result<ColumnChunkMetaData, ParquetError> {
    let optional = description.self_type().is_optional();
    let (slots, elements) = Slots::of(column, optional);
    if slots.null_count() > 0 && !optional {
        return Err(ParquetError::General(format!("nulls in the required column {}", description.path())));
    }
    let Encoded { values, dictionary, statistics } = values(&elements, &slots, description, by_dictionary, &mut workspace.table)?;
    let mut chunk = ChunkWriter::new(out, &mut workspace.compressors, values.encoding(), dictionary);
    let mut pages = PageCursor::default();
    for rows in page_rows(slots.rows(), values.bytes()) {
        let page = &mut workspace.page;
        page.clear();
        let levels = slots.push_levels(&rows, page);
        let effort = values.push(pages.next(slots.count_present(&rows)), &mut pages, page);
        chunk.push_data(page, levels, effort)?;
    }
    chunk.finish(description.clone(), statistics)
}

/// Cuts rows into pages of the same size, at whole words of validity bits.
fn page_rows(rows: usize, bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let pages = bytes.div_ceil(PAGE_BYTES).max(1);
    let step = rows.div_ceil(pages).next_multiple_of(64).max(1);
    (0..rows).step_by(step).map(move |from| from..rows.min(from + step))
}

/// Where the next page begins.
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
    fn texts(lengths: Vec<i32>, bytes: Cow<'v, [u8]>, effort: Effort) -> Self {
        let shared = most_shared(&lengths, &bytes);
        Self::Texts { lengths, bytes, shared, effort }
    }

    fn encoding(&self) -> Encoding {
        match self {
            Self::Numbers { .. } => Encoding::RLE_DICTIONARY,
            Self::Int32(_) | Self::Int64(_) => Encoding::DELTA_BINARY_PACKED,
            Self::Texts { shared: 0, .. } => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Self::Texts { .. } => Encoding::DELTA_BYTE_ARRAY,
            Self::Plain64(_) | Self::Bits(_) | Self::Fixed { .. } => Encoding::PLAIN,
        }
    }

    /// About how many bytes the pages have before compression.
    fn bytes(&self) -> usize {
        match self {
            Self::Numbers { numbers, width, .. } => numbers.len() * width / 8,
            Self::Int32(values) => values.len() * size_of::<i32>(),
            Self::Int64(values) | Self::Plain64(values) => values.len() * size_of::<i64>(),
            Self::Texts { bytes, .. } => bytes.len(),
            Self::Bits(bits) => bits.len() / 8,
            Self::Fixed { bytes, .. } => bytes.len(),
        }
    }

    /// Appends some values to a page; says how the page is best compressed.
    fn push(&self, range: Range<usize>, cursor: &mut PageCursor, page: &mut Vec<u8>) -> Effort {
        match self {
            Self::Numbers { numbers, width, .. } => {
                page.push(*width as u8);
                push_numbers(&numbers[range], *width, page);
                Effort::Frequencies
            }
            Self::Int32(values) => {
                push_deltas(&values[range], page);
                Effort::Frequencies
            }
            Self::Int64(values) => {
                push_deltas(&values[range], page);
                Effort::Frequencies
            }
            Self::Plain64(values) => {
                let from = page.len();
                page.resize(from + range.len() * size_of::<i64>(), 0);
                let places = page[from..].chunks_exact_mut(size_of::<i64>());
                places.zip(&values[range]).for_each(|(place, value)| place.copy_from_slice(&value.to_le_bytes()));
                Effort::Frequencies
            }
            Self::Texts { lengths, bytes, shared, effort } => {
                let lengths = &lengths[range];
                let end = cursor.byte + lengths.iter().map(|&length| length as usize).sum::<usize>();
                let bytes = &bytes[cursor.byte..end];
                cursor.byte = end;
                match *shared {
                    0 => {
                        push_deltas(lengths, page);
                        page.extend_from_slice(bytes);
                    }
                    most => push_differences(lengths, bytes, most, page),
                }
                *effort
            }
            Self::Bits(bits) => {
                push_bits(&bits.slice(range.start, range.len()), page);
                Effort::Repeats
            }
            Self::Fixed { bytes, length } => {
                page.extend_from_slice(&bytes[range.start * length..range.end * length]);
                Effort::Repeats
            }
        }
    }
}

fn values<'v>(
    elements: &'v ArrayRef,
    slots: &Slots,
    description: &ColumnDescPtr,
    by_dictionary: bool,
    table: &mut NumberTable,
) -> Result<Encoded<'v>, ParquetError> {
    let nulls = Some(slots.null_count() as u64);
    Ok(match elements.data_type() {
        DataType::Int32 => int32(slots.present(elements.as_primitive::<Int32Type>().values()), nulls, by_dictionary, table),
        DataType::Date32 => int32(slots.present(elements.as_primitive::<Date32Type>().values()), nulls, by_dictionary, table),
        DataType::Int64 => int64(slots.present(elements.as_primitive::<Int64Type>().values()), nulls),
        DataType::Boolean => {
            let bits = slots.present_bits(elements.as_boolean().values());
            let set = bits.count_set_bits();
            let (least, greatest) = ((!bits.is_empty()).then_some(set == bits.len()), (!bits.is_empty()).then_some(set > 0));
            Encoded::new(Values::Bits(bits), Statistics::boolean(least, greatest, None, nulls, false))
        }
        DataType::Utf8 => texts(elements.as_string(), slots, by_dictionary),
        DataType::Binary => bytes(elements.as_binary(), slots),
        DataType::Dictionary(_, _) => words(elements, slots, by_dictionary, table)?,
        DataType::Decimal128(_, _) => decimals(elements.as_primitive::<Decimal128Type>(), slots, description),
        other => return Err(ParquetError::NYI(format!("columns of {other}"))),
    })
}

fn int32<'v>(present: Cow<'v, [i32]>, nulls: Option<u64>, by_dictionary: bool, table: &mut NumberTable) -> Encoded<'v> {
    let range = least_and_greatest(&present);
    let statistics = Statistics::int32(range.map(|range| range.0), range.map(|range| range.1), None, nulls, false);
    let numbered = range.filter(|_| by_dictionary).and_then(|(least, greatest)| number_int32(&present, least, greatest, table));
    match numbered {
        Some((values, dictionary)) => Encoded { values, dictionary: Some(dictionary), statistics },
        None => Encoded::new(Values::Int32(present), statistics),
    }
}

/// A dictionary of numbers that lie in a narrow range, when it makes the column smaller.
fn number_int32(present: &[i32], least: i32, greatest: i32, table: &mut NumberTable) -> Option<(Values<'static>, Dictionary)> {
    const WIDEST: u32 = 1 << 17;
    let span = greatest.abs_diff(least).checked_add(1).filter(|&span| span <= WIDEST)?;
    let found = table.number(present.iter().map(|&value| value.abs_diff(least)), span as usize)?;
    let width = width_of(found.values.len() as u64 - 1);
    let bits = present.len() * width + found.values.len() * 32;
    let page = found.values.iter().flat_map(|&value| (least + value as i32).to_le_bytes()).collect();
    let dictionary = Dictionary { page, values: found.values.len() };
    // Differences need a bit more than the range does.
    (bits < present.len() * (width_of(span.into()) + 1))
        .then_some((Values::Numbers { numbers: found.numbers, width }, dictionary))
}

fn int64(present: Cow<'_, [i64]>, nulls: Option<u64>) -> Encoded<'_> {
    /// Numbers that are spread over so many bits and do not rise are as short as their differences.
    const SPREAD_BITS: usize = 62;
    let sorted = present.is_sorted();
    let range = if sorted { present.first().copied().zip(present.last().copied()) } else { least_and_greatest(&present) };
    let spread = range.is_some_and(|(least, greatest)| width_of(greatest.wrapping_sub(least) as u64) >= SPREAD_BITS);
    let values = if spread && !sorted { Values::Plain64(present) } else { Values::Int64(present) };
    Encoded::new(values, Statistics::int64(range.map(|range| range.0), range.map(|range| range.1), None, nulls, false))
}

/// Words of the run: their numbers are known, their texts are looked at once.
fn words(
    elements: &ArrayRef,
    slots: &Slots,
    by_dictionary: bool,
    table: &mut NumberTable,
) -> Result<Encoded<'static>, ParquetError> {
    let array = elements.as_dictionary_opt::<UInt32Type>().and_then(|array| array.downcast_dict::<StringArray>());
    let Some(array) = array else {
        return Err(ParquetError::NYI(format!("dictionaries of the type {}", elements.data_type())));
    };
    let (keys, words) = (array.keys(), array.values());
    let present = slots.present(keys.values());
    let numbers = by_dictionary.then(|| table.number(present.iter().copied(), words.len())).flatten();
    Ok(match numbers {
        Some(found) => numbered(found, |&word| words.value(word as usize).as_bytes(), slots),
        None => {
            let texts = || present.iter().map(|&word| words.value(word as usize).as_bytes());
            let lengths: Vec<i32> = texts().map(|text| text.len() as i32).collect();
            let mut bytes = Vec::with_capacity(lengths.iter().map(|&length| length as usize).sum());
            texts().for_each(|text| bytes.extend_from_slice(text));
            let statistics = text_statistics(&lengths, &bytes, slots.null_count());
            Encoded::new(Values::texts(lengths, Cow::Owned(bytes), effort_for_texts(by_dictionary)), statistics)
        }
    })
}

fn numbered<'t, V>(found: Numbered<V>, text: impl Fn(&V) -> &'t [u8], slots: &Slots) -> Encoded<'static> {
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
    let statistics = text_statistics(&lengths, &texts, slots.null_count());
    let dictionary = Dictionary { page, values: found.values.len() };
    let width = width_of(found.values.len().saturating_sub(1) as u64);
    Encoded { values: Values::Numbers { numbers: found.numbers, width }, dictionary: Some(dictionary), statistics }
}

fn texts<'v>(texts: &'v StringArray, slots: &Slots, by_dictionary: bool) -> Encoded<'v> {
    if by_dictionary && let Some(found) = number_texts(texts) {
        return numbered(found, |&row| texts.value(row).as_bytes(), slots);
    }
    plain(texts.value_offsets(), texts.value_data(), slots, effort_for_texts(by_dictionary))
}

/// Texts that were expected to repeat themselves, and texts that were not.
fn effort_for_texts(by_dictionary: bool) -> Effort {
    if by_dictionary { Effort::Repeats } else { Effort::Frequencies }
}

fn bytes<'v>(bytes: &'v BinaryArray, slots: &Slots) -> Encoded<'v> {
    plain(bytes.value_offsets(), bytes.value_data(), slots, Effort::Repeats)
}

fn plain<'v>(offsets: &[i32], data: &'v [u8], slots: &Slots, effort: Effort) -> Encoded<'v> {
    let all: Vec<i32> = offsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let lengths = slots.present(&all).into_owned();
    let between = &data[offsets[0] as usize..offsets[offsets.len() - 1] as usize];
    let total: usize = lengths.iter().map(|&length| length as usize).sum();
    let bytes = if total == between.len() {
        Cow::Borrowed(between)
    } else {
        // Something stands behind nulls.
        let starts = slots.present(&offsets[..all.len()]);
        let texts = starts.iter().zip(&lengths).map(|(&start, &length)| &data[start as usize..(start + length) as usize]);
        Cow::Owned(texts.fold(Vec::with_capacity(total), |mut bytes, text| {
            bytes.extend_from_slice(text);
            bytes
        }))
    };
    let statistics = text_statistics(&lengths, &bytes, slots.null_count());
    Encoded::new(Values::texts(lengths, bytes, effort), statistics)
}

/// Decimals in the narrowest type that the format prescribes for their precision.
fn decimals(decimals: &Decimal128Array, slots: &Slots, description: &ColumnDescPtr) -> Encoded<'static> {
    let present = slots.present(decimals.values());
    let nulls = Some(slots.null_count() as u64);
    match description.physical_type() {
        Type::INT32 => int32(present.iter().map(|&value| value as i32).collect(), nulls, false, &mut NumberTable::default()),
        Type::INT64 => int64(present.iter().map(|&value| value as i64).collect(), nulls),
        _ => {
            let length = usize::try_from(description.type_length()).unwrap_or_default();
            let fixed = |value: i128| value.to_be_bytes()[size_of::<i128>() - length..].to_vec();
            let range = least_and_greatest(&present).map(|(least, greatest)| [fixed(least).into(), fixed(greatest).into()]);
            let (least, greatest) = range.map_or((None, None), |[least, greatest]| (Some(least), Some(greatest)));
            let bytes = present.iter().flat_map(|&value| fixed(value)).collect();
            Encoded::new(Values::Fixed { bytes, length }, Statistics::fixed_len_byte_array(least, greatest, None, nulls, false))
        }
    }
}
